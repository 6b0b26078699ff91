#!/usr/bin/env python3
# Long: one file on purpose, so that it can be read from top to bottom and carried on paper.
# ruff: noqa
# mypy: ignore-errors
"""Checks a bundle that was exported from a Thaw casebook. Needs Python 3.8 or later and nothing else.

    python3 verify.py BUNDLE.zip --policy POLICY.txt

POLICY.txt names the public keys that you trust; get it from somebody else than whoever gave you the bundle. Without it
the copy inside the bundle is used: the result then shows only that the bundle fits itself, and says so.

What is checked: the ZIP does no harm; the checkpoint ("so many entries, this root") is signed by the log's key (Ed25519,
RFC 8032), and each later key was vouched for; each entry is in the tree of that checkpoint (SHA-256, RFC 9162), in
canonical form, in its place, not dated backwards; each content is what its entry committed to, or a seal order names it;
each file is one that an entry names; older checkpoints, and those given with --against, were signed over the same
entries; as many witnesses signed as the policy asks for.

Exit status: 0 all of this holds; 1 something was changed; 2 the bundle, the policy or the command cannot be read;
3 nothing was found changed, but not all could be checked.
"""

# fmt: off
import argparse, base64, binascii, hashlib, json, re, sys, time, zipfile

MAX_MEMBERS, MAX_MEMBER_BYTES, MAX_TOTAL_BYTES, MAX_RATIO = 3_000_000, 1 << 30, 1 << 36, 200
MAX_LISTED, TILE = 100, 256
EMPTY_ROOT = hashlib.sha256(b"").digest()
ID = r"[A-Za-z0-9][A-Za-z0-9._:@/+-]{0,127}"
ENTRY = re.compile((
        r'\{"actor":"(' + ID + r')","at":"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z)",'
        r'"auth":"(?:asserted|password|webauthn)","c":"([0-9a-f]{64})","kind":"([a-z0-9_.]+)","obj":(?:null|"' + ID + r'"),'
        r'"prev":(null|0|[1-9][0-9]{0,15}),"seq":(0|[1-9][0-9]{0,15}),(?:"sig":"[A-Za-z0-9_=.-]+",)?"v":1\}'
).encode())
NAME = re.compile(
    r"(checkpoint|checkpoints/[0-9]+-[0-9]+|tile/[0-9]+/(x[0-9]{3}/)*[0-9]{3}(\.p/[0-9]+)?"
    r"|tile/entries/(x[0-9]{3}/)*[0-9]{3}(\.p/[0-9]+)?|payloads/[0-9]+\.txt|proofs/[0-9]+\.tlog-proof"
    r"|entries/[0-9]+\.json|blobs/[0-9a-f]{64}|policy\.txt|verify\.py|HOWTO\.txt|BUNDLE\.json)\Z"
)

class Unreadable(Exception):
    """The bundle, the policy or the command cannot be read: exit status 2."""
class Wrong(Exception):
    """A signature or a proof does not hold."""

# ---- Ed25519, checking only (RFC 8032, section 5.1.7). Slow and plain; nothing secret is handled here.
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)
def point_from(data):
    """The point of the curve that 32 bytes stand for, as (X, Y, Z, T), or None."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P: return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if x * x % P != x2: x = x * ROOT_OF_MINUS_1 % P
    if x * x % P != x2 or (x == 0 and sign): return None
    if x & 1 != sign: x = P - x
    return x, y, 1, x * y % P
BASE = point_from(bytes([0x58]) + bytes([0x66]) * 31)
def add(p, q):
    """Sum of two points, in extended coordinates."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P
def times(number, point):
    """`number` times a point."""
    result = (0, 1, 1, 0)
    while number:
        if number & 1: result = add(result, point)
        point, number = add(point, point), number >> 1
    return result
def ed25519_holds(public_key, message, signature):
    """Whether 64 bytes are the signature of the holder of 32 bytes of public key over the message."""
    if len(public_key) != 32 or len(signature) != 64: return False
    key, r = point_from(public_key), point_from(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or r is None or s >= L: return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public_key + message).digest(), "little") % L
    (x, y, z, _), (u, v, w, _) = times(s, BASE), add(r, times(h, key))
    return (x * w - u * z) % P == 0 and (y * w - v * z) % P == 0

# ---- Keys, signed notes and checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-policy)
def from_base64(text):
    """The bytes of standard base64 in its one form, or None."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode() == text else None

class Key:
    """A public key, from `NAME+KEYID+BASE64`: type 1 signs checkpoints of a log, type 4 is a witness's."""
    def __init__(self, vkey):
        parts = vkey.split("+", 2)
        data = from_base64(parts[-1])
        if len(parts) != 3 or data is None or len(data) != 33 or data[0] not in (1, 4):
            raise Unreadable("%r is no public key NAME+KEYID+BASE64." % vkey[:80])
        self.vkey, self.name, self.type, self.bytes = vkey, parts[0], data[0], data[1:]
        self.id = hashlib.sha256(self.name.encode() + b"\n" + data).digest()[:4]
        if self.id.hex() != parts[1]:
            raise Unreadable("The key id in %r is not that of the key." % vkey[:80])
    def signed(self, note):
        """When this key signed a note (0 for a log's key); None when it did not. Wrong for a false signature."""
        text, lines = split_note(note)
        when = None
        for name, value in lines:
            if name != self.name or value[:4] != self.id: continue
            message, signature, at = text.encode(), value[4:], 0
            if self.type == 4:
                at, signature = int.from_bytes(signature[:8], "big"), signature[8:]
                message = b"cosignature/v1\ntime %d\n" % at + message
            if not ed25519_holds(self.bytes, message, signature):
                raise Wrong("a false signature in the name of %s" % self.name)
            when = at if when is None else max(when, at)
        return when
def split_note(note):
    """Text and signatures (name, bytes) of a signed note."""
    text, blank, below = note.rpartition("\n\n")
    lines = below[:-1].split("\n")
    if not blank or not below.endswith("\n") or len(lines) > 100:
        raise Wrong("a text that is no signed note")
    found = []
    for line in lines:
        name, _, value = line[2:].partition(" ")
        data = from_base64(value)
        if not line.startswith("\u2014 ") or not name or data is None or len(data) < 5:
            raise Wrong("a signature line that cannot be read")
        found.append((name, data))
    return text + "\n", found

class Head:
    """A checkpoint: origin, number of entries, root, further lines."""
    def __init__(self, note):
        lines = split_note(note)[0].split("\n")
        root = from_base64(lines[2]) if len(lines) > 3 else None
        if root is None or len(root) != 32 or not re.match(r"(0|[1-9][0-9]{0,15})\Z", lines[1]):
            raise Wrong("a text that is no checkpoint")
        self.note, self.origin, self.size, self.root, self.more = note, lines[0], int(lines[1]), root, lines[3:-1]

class Policy:
    """Logs, witnesses, groups and quorum of a policy file."""
    def __init__(self, text):
        self.logs, self.witnesses, self.groups, self.quorum = [], {}, {}, None
        counted = []
        for line in text.split("\n"):
            words = line.split()
            if not words or words[0].startswith("#"): continue
            if words[0] == "log" and 2 <= len(words) <= 3:
                self.logs.append(self.key(words[1], 1, self.logs))
            elif words[0] == "witness" and 3 <= len(words) <= 4 and self.is_new(words[1]):
                self.witnesses[words[1]] = self.key(words[2], 4, self.witnesses.values())
            elif words[0] == "group" and len(words) >= 4 and self.is_new(words[1]):
                members = words[3:]
                needed = {"any": "1", "all": str(len(members))}.get(words[2], words[2])
                if not re.match(r"[1-9][0-9]{0,5}\Z", needed) or int(needed) > len(members) or any(map(self.is_new, members)):
                    raise Unreadable("The policy has a group that cannot be read: %r." % line[:80])
                counted += members
                if len(set(counted)) != len(counted):
                    raise Unreadable("The policy counts a witness or a group twice: %r." % line[:80])
                self.groups[words[1]] = (int(needed), members)
            elif words[0] == "quorum" and len(words) == 2 and self.quorum is None:
                if words[1] != "none" and self.is_new(words[1]):
                    raise Unreadable("The quorum of the policy names nobody: %r." % line[:80])
                self.quorum = words[1]
            else:
                raise Unreadable("The policy has a line that cannot be read: %r." % line[:80])
        if self.quorum is None:
            raise Unreadable("The policy has no quorum line.")
    def key(self, vkey, type, others):
        """A key of this type that stands in no other line: one witness under two names would count as two."""
        key = Key(vkey)
        if key.type != type or key.bytes in [other.bytes for other in others]:
            raise Unreadable("The policy has a key that is of the wrong sort or stands there twice: %r." % vkey[:80])
        return key
    def is_new(self, name): return name not in self.witnesses and name not in self.groups
    def enough(self, signed, name=None):
        """Whether these witnesses are as many as the policy asks for."""
        name = name or self.quorum
        if name in self.groups:
            needed, members = self.groups[name]
            return sum(self.enough(signed, member) for member in members) >= needed
        return name == "none" or name in signed

# ---- The tree (RFC 9162, sections 2.1.1 and 2.1.3.2)
def leaf_hash(data): return hashlib.sha256(b"\x00" + data).digest()
def node_hash(left, right): return hashlib.sha256(b"\x01" + left + right).digest()
def add_leaf(peaks, digest):
    """Adds a leaf to a list of (height, hash of a full subtree), largest first."""
    height = 0
    while peaks and peaks[-1][0] == height:
        digest, height = node_hash(peaks.pop()[1], digest), height + 1
    peaks.append((height, digest))
def root_of(peaks):
    root = None
    for _, digest in reversed(peaks):
        root = digest if root is None else node_hash(digest, root)
    return root or EMPTY_ROOT
def root_by_proof(digest, index, size, proof):
    """The root that an inclusion proof leads to."""
    if not 0 <= index < size: raise Wrong("a place outside the tree")
    fn, sn = index, size - 1
    for step in proof:
        if sn == 0: raise Wrong("a proof that is too long")
        if fn & 1 or fn == sn:
            digest = node_hash(step, digest)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            digest = node_hash(digest, step)
        fn, sn = fn >> 1, sn >> 1
    if sn: raise Wrong("a proof that is too short")
    return digest

# ---- The bundle
class Bundle:
    """The members of the ZIP, read one at a time; nothing is written to disk."""
    def __init__(self, path):
        try:
            self.zip = zipfile.ZipFile(path)
            infos = self.zip.infolist()
        except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError) as error:
            raise Unreadable("%s is no ZIP that can be read: %s" % (path, error))
        self.infos, self.seen, total = {}, set(), 0
        if len(infos) > MAX_MEMBERS:
            raise Unreadable("The bundle has %d members." % len(infos))
        for info in infos:
            if not NAME.match(info.filename):
                raise Unreadable("The bundle holds %r, which no bundle of Thaw does." % info.filename[:80])
            if info.filename in self.infos:
                raise Unreadable("The bundle holds %r twice." % info.filename)
            total += info.file_size
            if info.file_size > MAX_MEMBER_BYTES or total > MAX_TOTAL_BYTES or info.flag_bits & 1:
                raise Unreadable("The bundle holds %r of %d bytes or more." % (info.filename, info.file_size))
            if info.file_size > 1_000_000 and info.file_size > MAX_RATIO * max(1, info.compress_size):
                raise Unreadable("%r unpacks to %d bytes: a ZIP bomb." % (info.filename, info.file_size))
            self.infos[info.filename] = info
    def names(self, start): return sorted(name for name in self.infos if name.startswith(start))
    def read(self, name):
        if name not in self.infos: raise Unreadable("The bundle has no %s." % name)
        self.seen.add(name)
        try:
            with self.zip.open(self.infos[name]) as stream:
                data = stream.read(self.infos[name].file_size + 1)
        except Exception as error:
            raise Unreadable("%s in the bundle cannot be read: %s" % (name, error))
        if len(data) != self.infos[name].file_size:
            raise Unreadable("%s in the bundle is not as long as the ZIP says." % name)
        return data
    def text(self, name): return decoded(self.read(name), name)
def decoded(data, what):
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Unreadable("%s is no text." % what)
def strict_json(data, what):
    """JSON without names that stand twice and without halves of characters."""
    def pairs(found):
        if len(dict(found)) != len(found):
            raise ValueError("a name stands twice")
        return dict(found)

    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=pairs)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise Unreadable("%s is no proper JSON: %s" % (what, error))
    return value
def path_of(kind, number, width):
    parts = ["%03d" % (number % 1000)]
    while number >= 1000:
        number //= 1000
        parts.append("x%03d" % (number % 1000))
    return "tile/%s/%s%s" % (kind, "/".join(reversed(parts)), "" if width == TILE else ".p/%d" % width)

class Check:
    """One run: what was found, and what was looked at."""
    def __init__(self, bundle, policy, against, given):
        self.bundle, self.policy, self.against, self.given = bundle, policy, against, given
        self.findings, self.count, self.entries, self.contents, self.files, self.sealed = [], {}, 0, 0, 0, {}
        self.orders, self.head, self.at, self.blobs, self.missing_files = {}, None, b"", {}, 0
        self.chain, self.signed, self.incomplete = [], {}, 0
    def find(self, kind, seq, detail, incomplete=False):
        """Takes up one finding; of each kind the first hundred are listed."""
        self.count[kind] = self.count.get(kind, 0) + 1
        self.incomplete += incomplete
        if self.count[kind] <= MAX_LISTED:
            self.findings.append({"kind": kind, "seq": seq, "detail": detail})
    def run(self):
        facts = strict_json(self.bundle.read("BUNDLE.json"), "BUNDLE.json")
        if not isinstance(facts, dict) or facts.get("form") != 1 or facts.get("holds") not in ("all", "case"):
            raise Unreadable("BUNDLE.json is of a form that this program does not know.")
        try:
            self.head = Head(self.bundle.text("checkpoint"))
        except Wrong as wrong:
            raise Unreadable("The checkpoint of the bundle is %s." % wrong)
        self.keys = [key for key in self.policy.logs if key.name == self.head.origin]
        if not self.keys:
            raise Unreadable("The bundle is of the log %s, which the policy does not name: a bundle of another log, or "
                             "a policy that was swapped." % self.head.origin)
        older = self.older_heads()
        self.whole = facts["holds"] == "all"
        if self.whole:
            self.check_all(older)
        else:
            self.check_some()
        self.check_keys()
        for name, head in older:
            if not self.signed_by_log(head):
                self.find("witness-signature", None, "%s is not signed by the log's key." % name)
        self.check_seals()
        self.check_files()
        self.check_witnesses(older)
        for name in sorted(set(self.bundle.infos) - self.bundle.seen - {"verify.py", "HOWTO.txt", "policy.txt"}):
            self.find("bundle-foreign", None, "The bundle holds %s, which belongs to nothing in it." % name)
        return self
    def older_heads(self):
        """Older checkpoints of the bundle and those kept elsewhere: (what it is called, head)."""
        heads = []
        notes = [(name, self.bundle.text(name)) for name in self.bundle.names("checkpoints/")]
        for name, note in notes + self.against:
            try:
                head = Head(note)
            except Wrong as wrong:
                self.find("checkpoint-malformed", None, "%s is %s." % (name, wrong))
                continue
            if head.origin != self.head.origin:
                self.find("witness-signature", None, "%s is of another log, %s." % (name, head.origin))
            elif head.size > self.head.size and (name, note) in self.against:
                text = "%s covers %d entries, the bundle %d: the newest were cut off, or the bundle is older."
                self.find("witness-beyond-tree", self.head.size, text % (name, head.size, self.head.size))
            else:
                heads.append((name, head))
        return heads
    def signed_by_log(self, head):
        """Whether the key that was in force for a checkpoint's size signed it."""
        keys = [key for start, key, _ in self.chain if start <= head.size][-1:] or self.keys
        try:
            return any([key.signed(head.note) is not None for key in keys])
        except Wrong:
            return False
    def take_key(self, seq, kind, payload):
        """Notes which key signs from this entry on; the key before it must have signed the change."""
        try:
            if kind == "book.create":
                self.chain = [(0, Key(payload["public_key"]), True)]
                return
            head = Head(payload["note"])
            before, new = self.chain[-1][1], Key(head.more[2])
            good = head.size == seq and head.origin == self.head.origin and new.signed(head.note) is not None
            if kind == "key.rotate":
                good = good and head.more[1] == before.vkey and before.signed(head.note) is not None
            if good:
                self.chain.append((seq + 1, new, kind == "key.rotate"))
        except (Wrong, Unreadable, AttributeError, IndexError, TypeError, KeyError):
            good = False
        if not good: self.find("key-change", seq, "The change of key in entry %d is not signed as it must be." % seq)
    def check_keys(self):
        """The checkpoint's signature, and that its key is one that the policy names or that such a key vouched for."""
        trusted = {key.vkey for key in self.keys}
        known = [place for place, (_, key, _) in enumerate(self.chain) if key.vkey in trusted]
        if not self.signed_by_log(self.head) or (self.chain and not known):
            text = "The checkpoint is not signed by the key of %s that the policy names."
            self.find("checkpoint-signature", None, text % self.head.origin)
        for start, key, vouched in self.chain[known[0] + 1 :] if known else []:
            if not vouched and key.vkey not in trusted:
                text = "From entry %d on the log is signed by a key that the old one did not vouch for: %s"
                self.find("key-unvouched", start - 1, text % (start - 1, key.vkey), incomplete=True)
    def check_witnesses(self, older):
        newest = {}
        for name, head in [("checkpoint", self.head)] + older:
            for witness, key in self.policy.witnesses.items():
                try:
                    at = key.signed(head.note)
                except Wrong: continue
                if at is not None:
                    newest[witness] = max(newest.get(witness, (0, 0)), (head.size, at))
        self.signed = newest
        if not self.policy.enough(newest):
            text = "Of the witnesses of the policy, %d signed a state of this log in the bundle; it asks for more."
            self.find("witness-quorum", None, text % len(newest), incomplete=True)
    def check_all(self, older):
        """Every entry of the log, from the first to the last."""
        waiting = sorted(older, key=lambda pair: pair[1].size)
        peaks, size, levels = [], self.head.size, [bytearray()]
        for number in range((size + TILE - 1) // TILE):
            width = min(TILE, size - number * TILE)
            data = self.bundle.read(path_of("entries", number, width))
            stored = self.bundle.read(path_of("0", number, width))
            contents = self.contents_of(number)
            at = 0
            for place in range(width):
                seq = number * TILE + place
                end = at + 2 + int.from_bytes(data[at : at + 2], "big")
                if end > len(data) or at + 2 > len(data):
                    raise Unreadable("Entry %d in the bundle is cut off." % seq)
                entry, at = data[at + 2 : end], end
                digest = leaf_hash(entry)
                levels[0] += digest
                if digest != stored[place * 32 : place * 32 + 32]:
                    self.find("tile-mismatch", seq, "Entry %d does not fit its hash in the tree: it was changed." % seq)
                self.check_entry(seq, entry, contents.pop(seq, None))
                add_leaf(peaks, digest)
                while waiting and waiting[0][1].size <= seq + 1:
                    name, head = waiting.pop(0)
                    if head.root != (root_of(peaks) if head.size else EMPTY_ROOT):
                        self.find("witness-root", None, "%s was signed over other entries than these." % name)
            if at != len(data) or len(stored) != width * 32:
                self.find("bundle-foreign", None, "Tile %d of the bundle holds more than its entries." % number)
            for seq in contents:
                self.find("payload-stray", seq, "There is content for entry %d, which is not there." % seq)
        if root_of(peaks) != self.head.root:
            self.find("checkpoint-root", None, "The entries do not give the root that was signed.")
        level = 1
        while size >> (8 * level):
            below, here = levels[-1], bytearray()
            for start in range(0, len(below) // (32 * TILE) * 32 * TILE, 32 * TILE):
                hashes = []
                for at in range(start, start + 32 * TILE, 32):
                    add_leaf(hashes, bytes(below[at : at + 32]))
                here += hashes[0][1]
            for start in range(0, len(here), 32 * TILE):
                want, number = bytes(here[start : start + 32 * TILE]), start // (32 * TILE)
                if self.bundle.read(path_of(str(level), number, len(want) // 32)) != want:
                    self.find("tile-mismatch", None, "Tile %d of level %d is not that of its entries." % (number, level))
            levels, level = levels + [here], level + 1
    def check_some(self):
        """The entries of one case, each with its own proof."""
        contents = {}
        for name in self.bundle.names("payloads/"):
            contents.update(self.contents_of(int(name[9:-4])))
        seqs = sorted(int(name[7:-11]) for name in self.bundle.names("proofs/"))
        for seq in seqs:
            entry = self.bundle.read("entries/%d.json" % seq)
            lines = self.bundle.text("proofs/%d.tlog-proof" % seq).split("\n")
            try:
                end = lines.index("")
                proof = [from_base64(line) for line in lines[2:end]]
                if lines[0] != "c2sp.org/tlog-proof@v1" or lines[1] != "index %d" % seq or None in proof:
                    raise Wrong("a file that is no proof of this entry")
                if "\n".join(lines[end + 1 :]) != self.head.note:
                    raise Wrong("a proof under another checkpoint")
                if root_by_proof(leaf_hash(entry), seq, self.head.size, proof) != self.head.root:
                    raise Wrong("a proof that does not lead to the root that was signed")
            except (Wrong, ValueError, IndexError) as wrong:
                self.find("bundle-foreign", seq, "Entry %d: %s; it was changed." % (seq, wrong))
            self.check_entry(seq, entry, contents.pop(seq, None))
        for seq in contents:
            self.find("payload-stray", seq, "There is content for entry %d, which is not there." % seq)
        for name in self.bundle.names("entries/"):
            if int(name[8:-5]) not in set(seqs):
                self.find("bundle-foreign", int(name[8:-5]), "Entry %s has no proof." % name[8:-5])
    def contents_of(self, number):
        """seq -> (salt, content), or (None, number of the seal order), from a file of lines."""
        name, found = "payloads/%d.txt" % number, {}
        if name not in self.bundle.infos:
            return found
        for line in self.bundle.read(name).split(b"\n")[:-1]:
            words = line.split(b" ", 2)
            try:
                seq = int(words[0])
                value = (None, int(words[2])) if words[1] == b"sealed" else (bytes.fromhex(words[1].decode()), words[2])
            except (ValueError, IndexError):
                raise Unreadable("%s holds a line that cannot be read." % name)
            if seq in found: self.find("payload-duplicate", seq, "The content of entry %d is there twice." % seq)
            found[seq] = value
        return found
    def check_entry(self, seq, entry, content):
        self.entries += 1
        match = ENTRY.fullmatch(entry)
        if match is None:
            kind, committed = self.unusual(seq, entry), None
        else:
            _, at, committed, kind, prev, number = match.groups()
            if int(number) != seq or (prev != b"null" and int(prev) >= seq):
                self.find("leaf-out-of-order", seq, "Entry %d calls itself entry %d." % (seq, int(number)))
            if at < self.at:
                self.find("time-backwards", seq, "Entry %d is dated before an earlier entry." % seq)
            self.at = max(at, self.at)
        if content is None:
            self.find("payload-missing", seq, "The content of entry %d is gone, and no seal says why." % seq)
        elif content[0] is None:
            self.sealed[seq] = content[1]
        else:
            self.check_content(seq, kind, committed, content)
    def check_content(self, seq, kind, committed, content):
        self.contents += 1
        salt, data = content
        if committed not in (None, hashlib.sha256(b"\x02" + salt + data).hexdigest().encode()) or len(salt) != 32:
            self.find("commitment-mismatch", seq, "The content of entry %d was changed." % seq)
            return
        if b'"blobs"' in data or kind in (b"book.create", b"seal.order", b"seal.destroy", b"key.rotate", b"key.lost"):
            payload = strict_json(data, "the content of entry %d" % seq)
            if kind in (b"book.create", b"key.rotate", b"key.lost"):
                self.take_key(seq, kind.decode(), payload)
            payload = payload if isinstance(payload, dict) else {}
            entries, blobs = [value if isinstance(value, list) else [] for value in map(payload.get, ("entries", "blobs"))]
            if kind in (b"seal.order", b"seal.destroy"):
                listed = [one.get("seq") if isinstance(one, dict) else one for one in entries]
                self.orders[seq] = {one for one in listed if type(one) is int}
            order = str(payload.get("order"))
            order = int(order) if re.match(r"[0-9]{1,16}\Z", order) else -1
            if kind == b"seal.destroy" and (self.whole or order in self.orders):
                # A destruction is worth no more than the earlier order that it names.
                self.orders[seq] &= self.orders.get(order, set())
            for digest in blobs:
                self.blobs.setdefault(str(digest), seq)
    def unusual(self, seq, entry):
        """An entry that is not of version 1 as this program knows it."""
        try:
            value = strict_json(entry, "entry %d" % seq)
            text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")
        except (Unreadable, ValueError):
            text = None
        if text != entry:
            self.find("leaf-not-canonical", seq, "The bytes of entry %d are not the canonical form." % seq)
        elif isinstance(value, dict) and type(value.get("v")) is int and value["v"] > 1:
            self.find("leaf-newer", seq, "Entry %d was written by a newer Thaw." % seq, incomplete=True)
        else:
            self.find("leaf-invalid", seq, "Entry %d breaks a rule of its version." % seq)
        return b""
    def check_seals(self):
        for seq, order in self.sealed.items():
            if order <= seq or (order not in self.orders and not ("proofs/%d.tlog-proof" % seq) in self.bundle.infos):
                self.find("seal-unbacked", seq, "Entry %d is marked as sealed by entry %d, no later order." % (seq, order))
            elif order in self.orders and seq not in self.orders[order]:
                self.find("seal-not-covering", seq, "The seal order, entry %d, does not list entry %d." % (order, seq))
            elif order not in self.orders:
                self.find("not-checked", seq, "The order that sealed entry %d is not here." % seq, incomplete=True)
    def check_files(self):
        for name in self.bundle.names("blobs/"):
            self.files += 1
            if name[6:] not in self.blobs:
                self.find("blob-stray", None, "The file %s is named by no entry here." % name[6:18], incomplete=True)
            if hashlib.sha256(self.bundle.read(name)).hexdigest() != name[6:]:
                self.find("blob-mismatch", self.blobs.get(name[6:]), "The file %s has other bytes." % name[6:18])
        for digest, seq in self.blobs.items():
            self.missing_files += not ("blobs/%s" % digest) in self.bundle.infos
    def report(self):
        kinds = {found["kind"] for found in self.findings}
        status = "ok" if not kinds else "incomplete" if sum(self.count.values()) == self.incomplete else "tampered"
        return {
            "status": status, "origin": self.head.origin, "entries": self.head.size, "root": self.head.root.hex(),
            "entries_checked": self.entries, "contents_checked": self.contents, "sealed": len(self.sealed),
            "files_checked": self.files, "files_not_here": self.missing_files, "whole_log": self.whole,
            "keys_from": "the policy given" if self.given else "the bundle itself",
            "witnesses": {name: {"size": size, "at": at} for name, (size, at) in sorted(self.signed.items())},
            "findings": self.findings,
        }
def words(report):
    """The report for people."""
    verdict = {
        "ok": "NOTHING WAS CHANGED, as far as this bundle and these keys can show.\n",
        "tampered": "SOMETHING WAS CHANGED. Keep this bundle as it is and compare it with copies in other hands.\n",
        "incomplete": "Nothing was found changed, but NOT ALL COULD BE CHECKED.\n",
    }[report["status"]]
    lines = [verdict]
    if report["keys_from"] == "the bundle itself":
        lines.append("WARNING: the keys came out of the bundle itself. Whoever made all of it could have put any keys "
                     "there.\nGet the policy from somebody else and run this again with --policy FILE.\n")
    for found in report["findings"]:
        where = "" if found["seq"] is None else "entry %d: " % found["seq"]
        lines.append("- %s%s (%s)" % (where, found["detail"], found["kind"]))
    text = "Checked: %d entries, %d contents, %d files; %d contents sealed by order; %d files not in this bundle."
    counts = ("entries_checked", "contents_checked", "files_checked", "sealed", "files_not_here")
    lines.append("Log %s, %d entries, root %s." % (report["origin"], report["entries"], report["root"]))
    lines.append(text % tuple(report[name] for name in counts))
    if not report["whole_log"]:
        lines.append("This bundle holds one case. It cannot show that no entry of that case was left out of it.")
    for name, seen in report["witnesses"].items():
        at = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(seen["at"]))
        lines.append("Witness %s has signed the first %d entries at %s." % (name, seen["size"], at))
    if not report["witnesses"]:
        lines.append("No witness has signed. A log without witnesses can be rewritten by whoever holds its key.")
    return "\n".join([*lines, "What no program can show: that what was entered was true, and what never was entered."])

def main(arguments=None):
    parser = argparse.ArgumentParser(description="Check a bundle exported from a Thaw casebook.")
    parser.add_argument("bundle")
    parser.add_argument("--policy", help="file with the keys you trust, from somebody else than the bundle")
    parser.add_argument("--against", action="append", default=[], help="a checkpoint that was kept elsewhere")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    chosen = parser.parse_args(arguments)
    try:
        bundle = Bundle(chosen.bundle)
        inside = bundle.text("policy.txt")
        against = [(path, decoded(open(path, "rb").read(), path)) for path in chosen.against]
        text = decoded(open(chosen.policy, "rb").read(), chosen.policy) if chosen.policy else inside
        report = Check(bundle, Policy(text), against, bool(chosen.policy)).run().report()
    except (Unreadable, OSError) as error:
        print(json.dumps({"error": str(error)}) if chosen.json else "This cannot be read: %s" % error)
        return 2
    print(json.dumps(report) if chosen.json else words(report))
    return {"ok": 0, "tampered": 1, "incomplete": 3}[report["status"]]
if __name__ == "__main__":
    sys.exit(main())
