# ruff: noqa: E501 (tables read better with a row on a line)
"""The attacks of the suite: what is done, by what it must be found, and with whose help.

Each is also made by somebody who holds the log key and signs everything anew afterwards. "book" is `verify --all` on the
book and the public key alone; "witness" adds a checkpoint that a witness signed in the middle of the log; "receipt" adds
receipts that readers kept of later entries.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.forge import (
    KEY,
    NOON,
    ORIGIN,
    WITNESS,
    Clock,
    Do,
    Forge,
    Scene,
    change,
    check,
    look,
    make_scene,
    projections,
    sign_again,
)
from thaw.errors import TamperError
from thaw.ledger import Checkpoint, Leaf, SigningKey, sign_checkpoint
from thaw.store import DATABASE, Draft, Store, verify_book

HELPERS = ("book", "witness", "receipt")
EARLY, MIDDLE, AFTER = 12, 25, 40
"""Entries: long before the witnessed checkpoint, shortly before it, and after it (but under receipts)."""
ANY_SIGNED_EARLY = frozenset({"witness-root", "witness-beyond-tree", "receipt-mismatch"})


@dataclass(frozen=True)
class Attack:
    """One attack.

    kinds        one of these findings must be there; all findings of the first kind named
    by           the helper with which it is first found
    keyed_kinds  the same when everything was signed anew with the log key; None: it is the same attack
    mended       signing anew puts back what was changed: nothing is left to be found
    """

    name: str
    do: Do
    kinds: frozenset[str]
    by: str = "book"
    keyed: Do | None = None
    keyed_kinds: frozenset[str] | None = None
    keyed_by: str = "witness"
    mended: bool = False


def forged(edit: Callable[[Forge, bool], None], sign: bool) -> Do:
    """The attack that changes the rows in memory and writes them back."""

    def do(folder: Path, scene: Scene) -> None:
        forge = Forge.load(folder)
        edit(forge, sign)
        forge.write(sign=KEY if sign else None)

    return do


def rewrite(name: str, edit: Callable[[Forge, bool], None], kinds: str, *, keyed_by: str = "witness") -> Attack:
    """An attack on entries or contents; with the key all is signed anew."""
    return Attack(name, forged(edit, False), frozenset(kinds.split()), keyed=forged(edit, True),
                  keyed_kinds=ANY_SIGNED_EARLY, keyed_by=keyed_by)  # fmt: skip


def sql(name: str, statement: str, kinds: str, *, mended: bool = False) -> Attack:
    """An attack on what is derived, which the key does not help."""
    return Attack(name, lambda folder, scene: change(folder, statement), frozenset(kinds.split()), mended=mended)


def _edit_actor(forge: Forge, sign: bool, seq: int = EARLY) -> None:
    forge.set_leaf(seq, actor="a_somebody")


def _edit_content(forge: Forge, sign: bool, seq: int = EARLY) -> None:
    body = forge.payloads[seq][1] or b""
    forge.set_body(seq, body.replace(b"invented", b"INVENTED"), recommit=sign)


def _swap(forge: Forge, sign: bool) -> None:
    forge.leaves[EARLY], forge.leaves[EARLY + 1] = forge.leaves[EARLY + 1], forge.leaves[EARLY]
    rows = forge.payloads
    rows[EARLY], rows[EARLY + 1] = rows[EARLY + 1], rows[EARLY]
    if sign:
        forge.renumber(EARLY)
        for seq, at in zip(
            (EARLY, EARLY + 1), sorted(Leaf.from_bytes(forge.leaves[i]).at for i in (EARLY, EARLY + 1)), strict=True
        ):
            forge.set_leaf(seq, at=at)


def _drop(forge: Forge, sign: bool, seq: int = EARLY) -> None:
    forge.drop(seq)


def _cut(forge: Forge, sign: bool, left: int = MIDDLE - 5) -> None:
    del forge.leaves[left:]
    forge.payloads = {seq: row_ for seq, row_ in forge.payloads.items() if seq < left}


def _regrow(forge: Forge, sign: bool) -> None:
    count = len(forge.leaves)
    _cut(forge, sign)
    while len(forge.leaves) < count:
        seq = len(forge.leaves)
        forge.insert(seq, look(seq + 500), Leaf.from_bytes(forge.leaves[-1]).at)


def _insert(forge: Forge, sign: bool) -> None:
    forge.insert(EARLY, look(777), Leaf.from_bytes(forge.leaves[EARLY]).at)


def _twin(forge: Forge, sign: bool) -> None:
    forge.leaves[EARLY] = json.dumps(json.loads(forge.leaves[EARLY]), sort_keys=True).encode()


def _double_name(forge: Forge, sign: bool) -> None:
    forge.leaves[EARLY] = forge.leaves[EARLY].replace(b'"auth":', b'"actor":"a_x","auth":')


def _huge(forge: Forge, sign: bool) -> None:
    forge.leaves[EARLY] = forge.leaves[EARLY].replace(b'"seq":', b'"seq":99999999999999999')


def _surrogate(forge: Forge, sign: bool) -> None:
    forge.leaves[EARLY] = forge.leaves[EARLY].replace(b'"actor":"a_', b'"actor":"\\ud800a_')


def _kind(forge: Forge, sign: bool) -> None:
    forge.leaves[EARLY] = forge.leaves[EARLY].replace(b'"kind":"', b'"kind":"gossip.')


def _blank(forge: Forge, sign: bool) -> None:
    forge.payloads[EARLY] = (None, None, None)


def _self_seal(forge: Forge, sign: bool) -> None:
    forge.payloads[EARLY] = (None, None, MIDDLE)


def _half(forge: Forge, sign: bool) -> None:
    forge.payloads[EARLY] = (None, forge.payloads[EARLY][1], MIDDLE)


def _back_in_time(forge: Forge, sign: bool) -> None:
    forge.insert(len(forge.leaves), look(778), "2020-01-01T00:00:00.000Z")


def _double(forge: Forge, sign: bool) -> None:
    forge.leaves.append(forge.leaves[EARLY])
    forge.payloads[len(forge.leaves) - 1] = forge.payloads[EARLY]


REWRITES = (
    rewrite("edit an entry", _edit_actor, "tile-mismatch"),
    rewrite("edit the newest witnessed entry", lambda f, s: _edit_actor(f, s, MIDDLE), "tile-mismatch"),
    rewrite("edit an entry after the last witnessed size", lambda f, s: _edit_actor(f, s, AFTER), "tile-mismatch",
            keyed_by="receipt"),
    rewrite("edit a content", _edit_content, "commitment-mismatch"),
    rewrite("edit a content after the last witnessed size", lambda f, s: _edit_content(f, s, AFTER),
            "commitment-mismatch", keyed_by="receipt"),
    rewrite("delete and renumber", _drop, "tile-mismatch"),
    rewrite("drop one row of the access log", lambda f, s: _drop(f, s, 10), "tile-mismatch"),
    rewrite("reorder two entries", _swap, "leaf-out-of-order tile-mismatch"),
    rewrite("cut off the tail", _cut, "checkpoint-beyond-tree"),
    rewrite("cut off the tail behind the last witness (of the peer)", lambda f, s: _cut(f, s, 33),
            "checkpoint-beyond-tree", keyed_by="receipt"),
    rewrite("cut off and regrow another history (fork)", _regrow, "tile-mismatch"),
    rewrite("insert a backdated entry in the middle", _insert, "tile-mismatch"),
)  # fmt: skip

BROKEN = (
    # What breaks a rule of the entries stays broken, however often it is signed anew.
    *(
        Attack(name, forged(edit, False), frozenset(kinds.split()), keyed=forged(edit, True),
               keyed_kinds=frozenset(kinds.split()), keyed_by="book")
        for name, edit, kinds in (
            ("another spelling of the same entry", _twin, "leaf-not-canonical"),
            ("a name twice in an entry", _double_name, "leaf-not-canonical"),
            ("a number too big to be exact", _huge, "leaf-invalid leaf-not-canonical"),
            ("half of a character", _surrogate, "leaf-not-canonical leaf-invalid"),
            ("a kind that is not in the list", _kind, "leaf-invalid"),
            ("a content is gone", _blank, "payload-missing"),
            ("a content is gone, sealed by no order", _self_seal, "seal-unbacked"),
            ("half of a content is gone", _half, "payload-half-gone seal-unbacked"),
            ("an entry with the clock set back", _back_in_time, "time-backwards"),
            ("the same entry twice", _double, "leaf-out-of-order"),
        )
    ),
)  # fmt: skip


def _seal_beside_the_order(folder: Path, scene: Scene) -> None:
    """Destroy an entry that the order does not list."""
    with closing(Store.open(folder, KEY, projections(), Clock(NOON + timedelta(hours=1)))) as store:
        order = store.append(Draft("seal.order", "a_x", {"number": "1", "entries": [MIDDLE]})).result[0]
        store.destroy([EARLY], Draft("seal.destroy", "a_x", {"order": order, "entries": [{"seq": EARLY, "scope": {}}]}))


def _seal_without_order(folder: Path, scene: Scene) -> None:
    """Destroy under an order that is none."""
    with closing(Store.open(folder, KEY, projections(), Clock(NOON + timedelta(hours=1)))) as store:
        store.destroy([EARLY], Draft("seal.destroy", "a_x", {"order": 3, "entries": [{"seq": EARLY, "scope": {}}]}))


def _slip_in_a_key(folder: Path, scene: Scene) -> None:
    """A change of key that the old key never signed, and all after it signed by the new one."""
    thief = SigningKey(ORIGIN, b"t" * 32)
    forge = Forge.load(folder)
    note = sign_checkpoint(Checkpoint(ORIGIN, len(forge.leaves), b"r" * 32, ("thaw.local/key-change/v1", KEY.verifier.vkey,
                                                                             thief.verifier.vkey)), thief)  # fmt: skip
    forge.insert(len(forge.leaves), Draft("key.rotate", "a_x", {"note": note}), Leaf.from_bytes(forge.leaves[-1]).at)
    forge.write(sign=None)
    change(
        folder,
        "INSERT OR REPLACE INTO meta VALUES ('keys', CAST(? AS BLOB))",
        parameters=[f"[{len(forge.leaves) - 1}]"],
    )


def _stolen_key(folder: Path, scene: Scene) -> None:
    """The key was replaced; the thief of the old one signs a checkpoint with it."""
    new = SigningKey(ORIGIN, b"n" * 32)
    with closing(Store.open(folder, KEY, projections(), Clock(NOON + timedelta(hours=1)))) as store:
        store.change_key(new, "key.rotate", lambda note: Draft("key.rotate", "a_x", {"note": note}))
        head = Checkpoint.parse(store.append(look(1)).note.partition("\n\n")[0] + "\n")
    change(folder, f"UPDATE checkpoint SET note = ? WHERE size = {head.size}", parameters=[sign_checkpoint(head, KEY)])


def _forge_checkpoint(folder: Path, scene: Scene) -> None:
    head = Checkpoint.parse(scene.newest.partition("\n\n")[0] + "\n")
    forged_note = sign_checkpoint(head, SigningKey(ORIGIN, b"f" * 32))
    change(folder, f"UPDATE checkpoint SET note = ? WHERE size = {head.size}", parameters=[forged_note])


def _restamp(folder: Path, scene: Scene) -> None:
    """What the peer offers its administrator as a function: hash everything anew, with a key of one's own."""
    forge = Forge.load(folder)
    _edit_actor(forge, True)
    forge.write(sign=SigningKey(ORIGIN, b"p" * 32))


def _roll_back(folder: Path, scene: Scene) -> None:
    shutil.rmtree(folder)
    shutil.copytree(scene.backup, folder)


def _clean_cut(folder: Path, scene: Scene) -> None:
    """With tiles and the checkpoints of then, which the log itself signed: no key is needed."""
    forge = Forge.load(folder)
    _cut(forge, True, max(size for size in forge.sizes if size < MIDDLE))
    forge.write(sign=KEY)


def _slow_clock(folder: Path, scene: Scene) -> None:
    """A machine whose clock was set back for a whole day of work."""
    with closing(Store.open(folder, KEY, projections(), Clock(NOON + timedelta(minutes=2)))) as store:
        for i in range(5):
            store.append(look(i))
        note = store.newest_note()
    at = int((NOON + timedelta(days=2)).timestamp())
    cosigned = note + WITNESS.cosign(note, at)
    with closing(Store.open(folder, KEY, projections(), Clock(NOON + timedelta(minutes=3)))) as store:
        store.append(
            Draft("witness.cosign", "a_x", {"witness": "W1", "size": store.size(), "at": at, "note": cosigned})
        )
        store.append(look(9))


def _swap_file(folder: Path, scene: Scene) -> None:
    (folder / "blobs" / scene.document[:2] / scene.document).write_bytes(b"other words")


def _drop_file(folder: Path, scene: Scene) -> None:
    (folder / "blobs" / scene.document[:2] / scene.document).unlink()


def _hide_in_an_index(folder: Path, scene: Scene) -> None:
    import apsw

    with closing(apsw.Connection(str(folder / DATABASE))) as db:
        db.execute("PRAGMA writable_schema=ON")
        db.execute("UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'texts_1') "
                   "WHERE name = 'cases_0'")  # fmt: skip


OTHERS = (
    Attack("edit an entry and the row made from it", lambda f, s: (
        forged(_edit_actor, False)(f, s), change(f, "UPDATE cases SET title = 'x' WHERE case_id = 'c_1'"))[0],
        frozenset({"tile-mismatch"}), keyed=forged(_edit_actor, True), keyed_kinds=ANY_SIGNED_EARLY, keyed_by="witness"),
    Attack("delete the row of an entry", lambda f, s: change(f, f"DELETE FROM entry WHERE seq = {EARLY}"),
           frozenset({"leaf-missing"})),
    Attack("destroy beside the order", _seal_beside_the_order, frozenset({"seal-not-covering"})),
    Attack("destroy without an order", _seal_without_order, frozenset({"seal-not-covering"})),
    Attack("slip in a key", _slip_in_a_key, frozenset({"key-change", "checkpoint-missing"})),
    Attack("sign with a stolen key after it was replaced", _stolen_key, frozenset({"checkpoint-signature"})),
    Attack("forge a checkpoint without the key", _forge_checkpoint, frozenset({"checkpoint-signature"}), mended=True),
    Attack("re-stamp everything (of the peer)", _restamp, frozenset({"checkpoint-signature"}),
           keyed=forged(_edit_actor, True), keyed_kinds=ANY_SIGNED_EARLY, keyed_by="witness"),
    Attack("roll the book back to a backup", _roll_back, frozenset({"witness-beyond-tree"}), by="witness"),
    Attack("cut off the tail cleanly", _clean_cut, frozenset({"witness-beyond-tree"}), by="witness"),
    Attack("set the clock back for a whole period", _slow_clock, frozenset({"witness-time"}), by="witness"),
    Attack("swap a stored document", _swap_file, frozenset({"blob-mismatch"})),
    Attack("delete a stored document", _drop_file, frozenset({"blob-missing"})),
    Attack("hide a row in an index alone", _hide_in_an_index, frozenset({"database-damaged"})),
    sql("edit a hash of the tree", "UPDATE tile SET hashes = CAST(zeroblob(32) || substr(hashes, 33) AS BLOB) WHERE level = 0",
        "tile-mismatch", mended=True),
    sql("change a salt", f"UPDATE payload SET salt = zeroblob(32) WHERE seq = {EARLY}", "commitment-mismatch"),
    sql("add a content", "INSERT INTO payload (seq, salt, body) VALUES (900, zeroblob(32), x'7b7d')", "payload-stray"),
    sql("throw away the newest checkpoint", "DELETE FROM checkpoint WHERE size = (SELECT max(size) FROM checkpoint)",
        "checkpoint-missing", mended=True),
    sql("edit a row of a table", "UPDATE cases SET weapon = '11' WHERE case_id = 'c_1'", "projection-mismatch"),
    sql("hide a row of a table", "DELETE FROM cases WHERE case_id = 'c_1'", "projection-mismatch"),
    sql("add a row to a table", "INSERT INTO source_keys (source_key, case_id) VALUES ('planted', 'c_1')",
        "projection-mismatch"),
    sql("take a word out of the index", "INSERT INTO texts_words (texts_words, rowid, body) SELECT 'delete', id, body FROM "
        "texts LIMIT 1", "projection-mismatch"),
    sql("set the version of a table", "UPDATE projection SET version = 0 WHERE name = 'casebook'", "projection-mismatch"),
    sql("another secret", "UPDATE meta SET value = zeroblob(32) WHERE name = 'secret'", "book-facts"),
    sql("a fact more", "INSERT INTO meta VALUES ('planted', x'00')", "book-facts"),
    sql("a view in the place of a table", "ALTER TABLE cases RENAME TO cases_x; CREATE VIEW cases AS SELECT * FROM cases_x",
        "schema-changed"),
    sql("a trigger that changes new rows", "CREATE TRIGGER zz AFTER INSERT ON cases BEGIN UPDATE cases SET weapon = '11'; END",
        "schema-changed"),
)  # fmt: skip

ATTACKS: tuple[Attack, ...] = (*REWRITES, *BROKEN, *OTHERS)


@dataclass(frozen=True)
class Outcome:
    """What came of one attack: by whom it was found first, and as what."""

    name: str
    keyed: bool
    want_by: str
    found_by: str | None
    named: bool
    kinds: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Found by the stated helper and named rightly."""
        return self.named and self.found_by == self.want_by


def run_attacks() -> Iterator[Outcome]:
    """Every attack, without and with the log key, each on its own copy of an honest book."""
    with tempfile.TemporaryDirectory() as scratch:
        scene = make_scene(Path(scratch) / "scene")
        for attack in ATTACKS:
            for keyed in (False, True):
                folder = Path(scratch) / "attacked"
                shutil.rmtree(folder, ignore_errors=True)
                shutil.copytree(scene.folder, folder)
                yield _try(attack, keyed, folder, scene)


def _try(attack: Attack, keyed: bool, folder: Path, scene: Scene) -> Outcome:
    kinds, by = attack.kinds, attack.by
    if keyed and attack.keyed is not None:
        attack.keyed(folder, scene)
        kinds, by = attack.keyed_kinds or kinds, attack.keyed_by
    else:
        attack.do(folder, scene)
        if keyed:
            sign_again(folder)
            if attack.mended:
                found = check(scene, folder, "receipt")
                good = found.status == "ok"
                return Outcome(attack.name, keyed, "nobody", "nobody" if good else None, good, ())
    for helper in HELPERS:
        found = check(scene, folder, helper)
        if found.status == "tampered":
            got = tuple(dict.fromkeys(one.kind for one in found.findings))
            return Outcome(attack.name, keyed, by, helper, bool(kinds & set(got)), got)
    return Outcome(attack.name, keyed, by, None, False, ())


def swallowed_write() -> bool:
    """Failed write, succeeding action (of the peer): a trigger swallows the entry of a look; nothing may be shown."""
    with tempfile.TemporaryDirectory() as scratch:
        scene = make_scene(Path(scratch) / "scene")
        with closing(Store.open(scene.folder, KEY, projections(), Clock(NOON + timedelta(hours=1)))) as store:
            change(scene.folder, "CREATE TRIGGER zz BEFORE INSERT ON entry BEGIN SELECT RAISE(IGNORE); END")
            try:
                store.append(look(1))
            except TamperError:
                return store.size() == len(Forge.load(scene.folder).leaves)
    return False


def outside_attacks() -> Iterator[Outcome]:
    """Attacks on what others hold: the book itself is honest, and is checked with what they were given."""
    with tempfile.TemporaryDirectory() as scratch:
        scene = make_scene(Path(scratch) / "scene")
        size = Checkpoint.parse(scene.witnessed.partition("\n\n")[0] + "\n").size
        split = sign_checkpoint(Checkpoint(ORIGIN, size, b"s" * 32), KEY)
        stranger = SigningKey("invented.example/stranger", b"s" * 32)
        other = sign_checkpoint(Checkpoint(stranger.name, size, b"s" * 32), stranger)
        false = scene.newest + WITNESS.cosign(scene.witnessed, scene.witnessed_at)
        colluding = scene.newest + WITNESS.cosign(scene.newest, scene.witnessed_at + 60)
        more = SigningKey("witness.invented.example/w2", b"2" * 32, True).verifier
        late = scene.witnessed_at + 3 * 86_400
        receipt = scene.receipts[0]
        both = {"W1": WITNESS.verifier, "W2": more}
        tries: list[tuple[str, str, dict[str, Any]]] = [
            ("a split view: another tree of the same size", "witness-root", {"outside": [split]}),
            ("a checkpoint of another log", "witness-signature", {"outside": [other]}),
            ("a false signature of a witness", "witness-signature", {"outside": [false]}),
            ("a freeze: an old state is served for days", "witness-stale",
             {"outside": [scene.witnessed], "enough": lambda signed: "W1" in signed, "now": late}),
            ("one of two witnesses colludes", "witness-quorum",
             {"outside": [colluding], "witnesses": both, "enough": lambda signed: len(signed) > 1}),
            ("a receipt for another entry", "receipt-mismatch", {"receipts": [replace(receipt, seq=receipt.seq - 1)]}),
        ]  # fmt: skip
        for name, kind, given in tries:
            chosen = {"witnesses": {"W1": WITNESS.verifier}, **given}
            found = verify_book(scene.folder, verifier=KEY.verifier, projections=projections(), **chosen)
            kinds = tuple(one.kind for one in found.findings)
            yield Outcome(name, False, "outside", "outside" if found.status != "ok" else None, kind in kinds, kinds)


__all__ = ["ATTACKS", "Attack", "Outcome", "outside_attacks", "run_attacks", "swallowed_write"]
