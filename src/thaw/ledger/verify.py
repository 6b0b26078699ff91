"""Reads a whole log once, from the first entry to the last, computes everything anew and says what does not fit.

In come four streams of stored rows (entries, contents, tiles, checkpoints), each in its order, and the public key;
out comes a `Verification`. Memory does not grow with the log but for 32 bytes per 256 entries and 8 per sealed one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from thaw.errors import InputError
from thaw.ledger.canonical import MAX_INT, parse_canonical
from thaw.ledger.findings import FindingList, Verification
from thaw.ledger.hashing import leaf_hash
from thaw.ledger.keys import key_spans
from thaw.ledger.kinds import kind_bytes
from thaw.ledger.leaf import FORM, MAX_BYTES, Leaf, NewerVersion, is_day
from thaw.ledger.note import Verifier
from thaw.ledger.payload_check import PayloadCheck, PayloadRow
from thaw.ledger.tree_check import CheckpointCheck, TileRow, TreeCheck


def verify_log(
    *,
    leaves: Iterable[tuple[int, bytes]],
    payloads: Iterable[PayloadRow],
    tiles: Iterable[TileRow],
    checkpoints: Iterable[tuple[int, str]],
    verifier: Verifier,
    later_keys: Sequence[tuple[int, Verifier]] = (),
    seal_covers: Callable[[int, int], bool] | None = None,
) -> Verification:
    """Checks a whole log.

    leaves       (seq, bytes of the entry) by seq
    payloads     (seq, salt, content, seq of the seal entry or None) by seq; salt and content None when destroyed
    tiles        (level, index, hashes) by level and index
    checkpoints  (tree size, signed note) by size
    verifier     the log's first public key; its name is the log's origin
    later_keys   (seq of the entry that brought it, public key), in order: from the tree of that entry on, checkpoints
                 must be signed by that key. Whether each change is vouched for is for the caller to say
    seal_covers  asked as (seal seq, seq) whether the seal entry lists that entry; left out, only the kind of the seal
                 entry is checked
    Says nothing about a log that was cut off or rolled back together with its tiles and checkpoints, or rewritten by
    whoever holds the key: only checkpoints and receipts kept outside show that.
    """
    findings = FindingList()
    tree = TreeCheck(tiles, findings)
    contents = PayloadCheck(payloads, seal_covers, findings)
    keys = key_spans(verifier, later_keys)
    heads = CheckpointCheck(checkpoints, keys, findings)
    entry = _LeafCheck(findings)
    heads.passing(tree.tree)
    for seq, data in leaves:
        if seq < tree.size:
            findings.add("leaf-duplicate", seq, f"Entry {seq} is stored twice or after a later one.")
            continue
        if seq > tree.size and not _fill_gap(seq, tree, heads, findings):
            continue
        kind, committed = entry.read(seq, data)
        tree.append(leaf_hash(data))
        contents.check(seq, kind, committed)
        if tree.size >= heads.next_size:
            heads.passing(tree.tree)
    heads.finish(tree.size)
    tree.finish()
    contents.finish()
    return Verification.of(tree.size, tree.tree.root().hex(), findings.all())


def _fill_gap(seq: int, tree: TreeCheck, heads: CheckpointCheck, findings: FindingList) -> bool:
    """Reports missing entries and lets the stored hashes stand in for them, so that the rest can still be checked."""
    first = tree.size
    while tree.size < seq and tree.append_stored():
        heads.passing(tree.tree)
    if tree.size == seq:
        findings.add("leaf-missing", first, f"Entries {first} to {seq - 1} are missing.")
        return True
    findings.add(
        "leaf-missing",
        tree.size,
        f"Entries {tree.size} to {seq - 1} are missing, and so are their hashes: entry {seq} cannot be placed.",
    )
    return False


class _LeafCheck:
    """Form, kind, number and time of each entry."""

    def __init__(self, findings: FindingList) -> None:
        self._findings = findings
        self._kinds = kind_bytes()
        self._day = b""
        self._at = b""

    def read(self, seq: int, data: bytes) -> tuple[bytes, str | None]:
        """Kind and commitment of the entry; b"" and None where they cannot be told."""
        match = FORM.fullmatch(data) if len(data) <= MAX_BYTES else None
        if match is None:
            return self._unusual(seq, data)
        _, at, _, committed, kind, _, prev, number, sig = match.groups()
        inner = int(number)
        if (
            kind not in self._kinds
            or inner > MAX_INT
            or (prev != b"null" and int(prev) >= inner)
            or (at[:10] != self._day and not self._is_new_day(at[:10]))
        ):
            return self._unusual(seq, data)
        if inner != seq:
            self._findings.add("leaf-out-of-order", seq, f"Entry {seq} calls itself entry {inner}.")
        if at < self._at:
            self._findings.add("time-backwards", seq, f"Entry {seq} is dated before an earlier entry.")
        else:
            self._at = at
        if sig is not None:
            self._findings.add("leaf-sig-unchecked", seq, f"Entry {seq} carries a signature; it was not checked.")
        return kind, committed.decode()

    def _is_new_day(self, day: bytes) -> bool:
        if not is_day(day.decode()):
            return False
        self._day = day
        return True

    def _unusual(self, seq: int, data: bytes) -> tuple[bytes, None]:
        """An entry that is not a good one of version 1: newer, or wrong."""
        kind, detail = _problem(seq, data)
        self._findings.add(kind, seq, detail)
        if kind == "leaf-newer" and parse_canonical(data).get("seq") != seq:
            self._findings.add("leaf-out-of-order", seq, f"Entry {seq} calls itself another entry.")
        return b"", None


def _problem(seq: int, data: bytes) -> tuple[str, str]:
    """Kind and words of the finding about an entry that `FORM` or its rules refused."""
    # Where the strict reading below finds nothing wrong, the two readings differ, and that is a finding too.
    problem = "leaf-invalid", f"Entry {seq} breaks a rule."
    try:
        parse_canonical(data)
    except InputError as error:
        return "leaf-not-canonical", str(error)
    try:
        Leaf.from_bytes(data)
    except NewerVersion:
        problem = "leaf-newer", f"Entry {seq} was written by a newer Thaw."
    except InputError as error:
        problem = "leaf-invalid", str(error)
    return problem
