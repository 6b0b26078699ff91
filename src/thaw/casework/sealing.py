"""Sealing by destruction under an order: first what it would touch, then the order, then, after a time, the deed.

What goes: content and salt of each entry that the order lists, every table row and word made from them, files that no
other entry names. What stays: the entries themselves, the tree, every proof, and the entry that says under which order.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from hashlib import file_digest
from pathlib import Path
from typing import Any

import thaw
from thaw.errors import AccessDenied, InputError
from thaw.store import DATABASE, Entry, Snapshot

from .book import Session

NEVER = ("book.", "key.", "seal.", "config.", "witness.", "hold.")
"""Kinds that are never destroyed: without them the book could not be checked any more."""
_LEFT = ("access.export", "bundle.make", "backup.make", "disclosure.make", "access.print")
_PLACED = ("document.add", "document.assign")
_SHORTEST = 6
_CHUNK = 1 << 22


def dry_run(
    session: Session,
    *,
    case_id: str | None = None,
    entries: Sequence[int] = (),
    looks_too: bool = False,
    purpose: str = "",
) -> dict[str, Any]:
    """What an order over one case, or over these entries, would destroy; itself an entry.

    looks_too  also the records of looks and searches on the case: they hold the words that were searched for
    Keys entries (numbers), kinds (counts), files, other_cases (cases that lose something too), cap and within_cap.
    """
    view = session.look(purpose or "dry run of a seal", kind="access.list", detail={"command": "seal"}, about=case_id)
    with view.snapshot() as taken:
        touched = _touched(taken, view.about, entries, looks_too)
        files = sorted(_only_here(taken, touched))
    kinds: dict[str, int] = {}
    for entry in touched:
        kinds[entry.leaf.kind] = kinds.get(entry.leaf.kind, 0) + 1
    other = sorted({case for entry in touched for case in _cases(entry)} - {view.about or ""})
    cap = int(session.book.settings["seal.cap"])
    seqs = [entry.leaf.seq for entry in touched]
    counted = {"entries": len(seqs), "kinds": kinds, "files": len(files), "other_cases": len(other)}
    scope = {"scope": {"case": view.about}} if view.about else {}
    session.book.store.append(session.draft("seal.dry_run", {**counted, **scope, "looks_too": looks_too}))
    listed = [{"kind": kind, "count": count} for kind, count in sorted(kinds.items())]
    found = {"case_id": view.about, "entries": seqs, "kinds": listed, "files": files, "other_cases": other}
    return {**found, "cap": cap, "within_cap": len(seqs) <= cap}


def order(
    session: Session,
    *,
    number: str,
    approved_by: Sequence[str],
    case_id: str | None = None,
    entries: Sequence[int] = (),
    looks_too: bool = False,
    document: Path | None = None,
) -> dict[str, Any]:
    """Enter an order to destroy; nothing is destroyed yet.

    number       of the court's or the authority's order
    approved_by  at least two names; until there is sign-in they are asserted, like every name
    document     the order itself, whose SHA-256 is kept
    Raises InputError without a number, two names or an entry to destroy, or with more entries than the cap.
    """
    names = list(dict.fromkeys(name.strip() for name in approved_by if name.strip()))
    if not number.strip() or len(names) < 2:
        raise InputError(
            where="seal order",
            got=f"{len(names)} approvals" if number.strip() else "no number",
            want="the number of the order and the names of two people who approve",
            fix="Use --number NUMBER --approved-by NAME --approved-by NAME.",
        )
    found = dry_run(session, case_id=case_id, entries=entries, looks_too=looks_too, purpose=f"seal order {number}")
    if not found["entries"] or not found["within_cap"]:
        return _refuse(session, found)
    hours = float(session.book.settings["seal.cooling_off_hours"])
    not_before = (session.book.clock() + timedelta(hours=hours)).isoformat(timespec="seconds")
    payload: dict[str, Any] = {"number": number, "approved_by": names, "entries": found["entries"]}
    # The settings lie in a file that anybody with the disk can edit: the log says which were in force.
    payload |= {"cooling_off_minutes": round(hours * 60), "cap": found["cap"]}
    payload |= {"not_before": not_before, "order_sha256": _digest(document) if document else None}
    payload |= {"scope": {"case": found["case_id"]}} if found["case_id"] else {}
    seq = session.book.store.append(session.draft("seal.order", payload)).result[0]
    return {
        "order": seq,
        "number": number,
        "entries": found["entries"],
        "files": found["files"],
        "not_before": not_before,
    }


def destroy(session: Session, order_seq: int) -> dict[str, Any]:
    """Destroy what an order lists, and look for what is left of it; keys entry, destroyed, files, left, proven, copies.

    left    places where something destroyed can still be found; [] is the proof that it is gone
    proven  False when the whole place could not be searched because others were reading
    copies  exports, bundles and backups that left the book before: no program here reaches them
    Raises InputError when there is no such order or it was carried out, AccessDenied before its time or under a hold.
    """
    store = session.book.store
    view = session.look(f"seal order {order_seq}", kind="access.list", detail={"command": "seal destroy"})
    with view.snapshot() as taken:
        ordered = _order(taken, order_seq)
        payload = ordered.payload or {}
        _check_time(session, order_seq, payload)
        _check_hold(session, taken, payload)
        doomed = [entry for entry in taken.entries(payload["entries"]) if entry.payload is not None]
        if not doomed:
            raise _wrong(f"order {order_seq}, which was carried out", "an order that was not carried out yet")
        files = _only_here(taken, doomed)
        words = _only_their_words(taken, doomed)
        salts = [salt for _, salt, _, _ in taken.payloads([e.leaf.seq for e in doomed]) if salt is not None]
        copies = [
            {"entry": e.leaf.seq, "kind": e.leaf.kind, "at": e.leaf.at} for e in taken.entries(taken.of_kinds(_LEFT))
        ]
    listed = [
        {"seq": e.leaf.seq, "scope": dict((e.payload or {}).get("scope", {}))}
        | ({"held": e.payload["held"]} if e.payload and e.payload.get("held") else {})
        for e in doomed
    ]
    draft = session.draft("seal.destroy", {"order": order_seq, "number": payload["number"], "entries": listed})
    done = store.destroy([e.leaf.seq for e in doomed], draft)
    session.book.cache.clear()
    for digest in files:
        store.blobs.path(digest).unlink(missing_ok=True)
    proven = store.scrub()
    left = sorted(set(_search(session.book.folder, [*words, *salts])))
    return {"entry": done.first_seq, "destroyed": [e.leaf.seq for e in doomed], "files": sorted(files), "left": left,
            "proven": proven and not left, "searched_for": len(words) + len(salts), "copies": copies}  # fmt: skip


def hold(session: Session, case_id: str, *, reason: str, lift: bool = False) -> dict[str, Any]:
    """Set or lift the bar against destroying anything of a case. Raises InputError without a reason."""
    if not reason.strip():
        raise InputError(where="hold", got="no reason", want="why, for the log", fix="Use --reason TEXT.")
    view = session.look(reason, about=case_id)
    kind = "hold.lift" if lift else "hold.set"
    seq = session.book.store.append(session.draft(kind, {"reason": reason, "scope": {"case": view.about}})).result[0]
    return {"entry": seq, "case_id": view.about, "held": not lift}


def _touched(taken: Snapshot, case_id: str | None, seqs: Sequence[int], looks_too: bool) -> list[Entry]:
    chosen = sorted({*seqs, *(taken.of_case(case_id) if case_id else ())})
    kept = NEVER if looks_too else (*NEVER, "access.")
    found = [e for e in taken.entries(chosen) if e.payload is not None and not e.leaf.kind.startswith(kept)]
    gone = {e.leaf.seq for e in found}
    # What was read of a document that another case holds too belongs to that case as well.
    shared = {document for document in filter(None, map(_document, found)) if _stays(taken, document, gone)}
    return [e for e in found if _document(e) not in shared or e.leaf.kind in _PLACED]


def _stays(taken: Snapshot, document: str, gone: set[int]) -> bool:
    others = [seq for seq in taken.of_document(document) if seq not in gone]
    return any(e.leaf.kind in _PLACED and e.payload is not None for e in taken.entries(others))


def _document(entry: Entry) -> str | None:
    document = ((entry.payload or {}).get("scope") or {}).get("document")
    return document if isinstance(document, str) else None


def _cases(entry: Entry) -> list[str]:
    case = ((entry.payload or {}).get("scope") or {}).get("case")
    return list(case) if isinstance(case, list) else [case] if case else []


def _only_here(taken: Snapshot, doomed: Sequence[Entry]) -> set[str]:
    """Files that these entries name and no other."""
    gone = {entry.leaf.seq for entry in doomed}
    named = {digest for entry in doomed for digest in (entry.payload or {}).get("blobs", [])}
    if not named:
        return named
    for seq, _, body, _ in taken.payloads():
        if seq not in gone and body is not None and b'"blobs"' in body:
            named -= set(json.loads(body).get("blobs", []))
    return named


def _only_their_words(taken: Snapshot, doomed: Sequence[Entry]) -> list[bytes]:
    """Texts of at least six letters that only the doomed contents hold: what must not be found anywhere afterwards."""
    texts = {text for entry in doomed for text in _texts(entry.payload) if len(text) >= _SHORTEST}
    # Ids stay on purpose: the order names entries and scopes by them, and they say nothing.
    ids = {i for entry in doomed for i in (entry.leaf.obj, entry.leaf.actor, *_cases(entry)) if i}
    ids |= {
        text for entry in doomed for text in _texts([(entry.payload or {}).get(k) for k in ("scope", "held", "by")])
    }
    words = {text.encode("utf-8", "surrogatepass") for text in texts - ids}
    gone = {entry.leaf.seq for entry in doomed}
    for seq, _, body, _ in taken.payloads():
        if seq not in gone and body is not None:
            words = {word for word in words if word not in body}
    own = _words_of_the_program()
    return sorted((word for word in words if word not in own), key=len, reverse=True)


def _words_of_the_program() -> bytes:
    """All that Thaw is written in: `person` stands in every database as the name of a table, whoever was destroyed."""
    folder = Path(thaw.__file__).parent
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.suffix in (".py", ".sql"))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _search(folder: Path, needles: Sequence[bytes]) -> Iterator[str]:
    """Files of the book that still hold one of the needles: database, WAL, blobs, derived files."""
    if not needles:
        return
    longest = max(len(needle) for needle in needles)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if path.suffix in (".zip", ".part") or path.name == f"{DATABASE}-shm":
            continue
        for pattern in (
            re.compile(b"|".join(map(re.escape, needles[at : at + 500]))) for at in range(0, len(needles), 500)
        ):
            before = b""
            with path.open("rb") as file:
                while chunk := file.read(_CHUNK):
                    if pattern.search(before + chunk):
                        yield path.relative_to(folder).as_posix()
                        break
                    before = chunk[-longest:]


def _order(taken: Snapshot, seq: int) -> Entry:
    for entry in taken.entries([seq]):
        if entry.leaf.kind == "seal.order" and entry.payload is not None:
            return entry
    raise _wrong(f"entry {seq}", "the number of an entry that holds an order to destroy")


def _check_time(session: Session, seq: int, payload: Any) -> None:
    now = session.book.clock().isoformat(timespec="seconds")
    if now < str(payload["not_before"]):
        refusal = AccessDenied(
            where=f"seal order {seq}",
            got=f"a wish to destroy at {now}",
            want=f"a time after {payload['not_before']}",
            fix="Wait. Until then the order can be stopped with `thaw seal hold`.",
        )
        session.book.store.append(session.draft("seal.refuse", {"order": seq, "reason": refusal.want}))
        refusal.noted = True
        raise refusal


def _check_hold(session: Session, taken: Snapshot, payload: Any) -> None:
    cases = {case for entry in taken.entries(payload["entries"]) for case in _cases(entry)}
    held: set[str] = set()
    for entry in taken.entries(taken.of_kinds(["hold.set", "hold.lift"])):
        for case in _cases(entry):
            (held.add if entry.leaf.kind == "hold.set" else held.discard)(case)
    for case in sorted(cases & held):
        refusal = AccessDenied(
            where=f"case {case}",
            got="an order to destroy",
            want="a case that nobody holds",
            fix="Ask who set the hold; `thaw seal hold --lift` ends it.",
        )
        session.book.store.append(session.draft("seal.refuse", {"reason": refusal.want, "scope": {"case": case}}))
        refusal.noted = True
        raise refusal


def _refuse(session: Session, found: dict[str, Any]) -> dict[str, Any]:
    count, cap = len(found["entries"]), found["cap"]
    problem = InputError(
        where="seal order",
        got=f"{count} entries to destroy" if count else "nothing to destroy",
        want=f"1 to {cap} entries",
        fix="Look at `thaw seal dry-run`; the cap is `cap` below [seal] in casebook.toml.",
    )
    session.book.store.append(session.draft("seal.refuse", {"entries": count, "reason": problem.want}))
    raise problem


def _digest(document: Path) -> str:
    try:
        with document.open("rb") as stream:
            return file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise InputError(
            where=str(document), got=error.strerror or "an error", want="the order as a file", fix="Check the name."
        ) from None


def _wrong(got: str, want: str) -> InputError:
    return InputError(where="seal", got=got, want=want, fix="`thaw log` shows the numbers of entries.")
