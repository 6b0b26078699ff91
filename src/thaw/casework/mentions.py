"""Promotes mentions to named persons and things, renames, merges, splits, withdraws: one entry each, all reversible."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from thaw.access import View
from thaw.casebook import accounts, list_documents
from thaw.errors import InputError
from thaw.intake import reading
from thaw.record import new_ids
from thaw.store import Where

from .book import Session
from .claims import document_texts
from .text_layers import layer_texts

_COLUMNS = (
    "mention_id",
    "seq",
    "kind",
    "text",
    "name",
    "page",
    "start",
    "stop",
    "rule",
    "state",
    "document_id",
    "case_id",
)


def promote(
    session: Session,
    document: str,
    page: int,
    start: int,
    end: int,
    *,
    name: str | None = None,
    kind: str | None = None,
    reason: str = "",
) -> dict[str, Any]:
    """Make the mention at a place of a page a named person or thing; returns `mention_id` and `name`.

    start, end  places in the page's own text; those of a mention that the reading finds, unless `kind` is given
    name        how it is called from now on; the mention's normal form when absent
    kind        what the words name where the reading found nothing: one of `KINDS`
    Raises InputError for a document, page or place without a mention, and for an unknown kind.
    """
    view = session.look("promote a mention", detail={"command": "promote", "document": document, "page": page})
    row, text = _page_text(view, document, page)
    mention = _stored(view, document, page, start, end) or _found_now(view, document, page, start, end)
    if mention is None and kind is not None:
        mention = _by_hand(text, start, end, kind)
    if mention is None:
        raise InputError(
            where=f"document {document[:12]}, page {page}",
            got=f"letters {start} to {end}, where no mention stands",
            want="the place of a mention",
            fix="Take start and end from the list of mentions of that page.",
        )
    (mention_id,) = new_ids("m", 1)
    scope = {"document": document} | ({"case": row["case_id"]} if row["case_id"] else {})
    chosen = (name or mention["normal"]).strip()
    payload = {"scope": scope, "mention_id": mention_id, "reason": reason, "name": chosen}
    payload["mention"] = mention | {"page": page, "start": start, "end": end}
    session.book.store.append(session.draft("mention.promote", payload, obj=mention_id))
    return {"mention_id": mention_id, "name": chosen}


def _stored(view: View, document: str, page: int, start: int, end: int) -> dict[str, Any] | None:
    """The stored proposal at this place."""
    names = ("seq", "n", "kind", "text", "normal", "rule", "certainty")
    spot = {"document_id": document, "page": page, "start": start, "end": end}
    where = [Where(column, "=", value) for column, value in spot.items()]
    for row in view.select("mentions", names, where, limit=1):
        return dict(zip(names, row, strict=True))
    return None


def _found_now(view: View, document: str, page: int, start: int, end: int) -> dict[str, Any] | None:
    """What the reading of the whole document finds at this place, where no run of it is stored."""
    _, account, offset = _page(view, document, page)
    for m in account.mentions:
        if (m.start - offset, m.end - offset) == (start, end):
            return {name: getattr(m, name) for name in ("kind", "text", "normal", "rule", "certainty")}
    return None


def _by_hand(text: str, start: int, end: int, kind: str) -> dict[str, Any]:
    """What a person marked, and the reading did not."""
    words = text[start:end] if 0 <= start < end else ""
    if kind not in reading.KINDS or not words.strip():
        got = repr(kind[:40]) if words.strip() else "no words"
        want = "words of the page, and one of " + ", ".join(reading.KINDS)
        raise InputError(where="promote", got=got, want=want, fix="Choose it again.")
    return {"kind": kind, "text": words, "normal": " ".join(words.split()), "rule": "person", "certainty": "certain"}


def _page_text(view: View, document: str, page: int) -> tuple[dict[str, Any], str]:
    """The register row of a document, and the best text of one page."""
    found = list_documents(view, [Where("document_id", "=", document)])
    where = [Where("document_id", "=", document), Where("page", "=", page)]
    row = view.select("pages", ["layer"], where, limit=1) if found else []
    if not row:
        raise InputError(
            where="document",
            got=f"{document[:16]!r}, page {page}",
            want="a document of this book and one of its pages",
            fix="Look for it with `thaw search`.",
        )
    texts = layer_texts(view, row[0][0], document) if row[0][0] else {}
    return found[0], texts.get(page, "")


def rename(session: Session, mention_id: str, name: str, *, reason: str) -> None:
    """Give a promoted mention another name; the one before stays in the ledger. Also takes a withdrawal back.

    Raises InputError for a mention that is not there, an empty name or no reason.
    """
    row = _promoted(session, mention_id, "rename a mention", reason)
    if not name.strip():
        raise InputError(where="rename", got="an empty name", want="a name", fix="Say what it is called.")
    promotion = _last_promotion(session, mention_id)
    payload = {key: promotion.payload[key] for key in ("scope", "mention_id", "mention")}
    payload |= {"name": name.strip(), "reason": reason}
    session.book.store.append(session.draft("mention.promote", payload, obj=mention_id, prev=row["seq"]))


def withdraw(session: Session, mention_id: str, *, reason: str) -> None:
    """Take a promotion back: the mention is a proposal again, the promotion stays readable in the ledger.

    Raises InputError for a mention that is not there or no reason.
    """
    row = _promoted(session, mention_id, "withdraw a mention", reason)
    known = _last_promotion(session, mention_id).payload["mention"]
    payload = {"scope": _scope(row), "mention_id": mention_id, "mention": known, "reason": reason}
    session.book.store.append(session.draft("mention.reject", payload, obj=mention_id, prev=row["seq"]))


def merge(session: Session, one: str, other: str, *, reason: str) -> None:
    """Say that two promoted mentions are one person or thing; nothing is overwritten, `split` takes it back.

    Raises InputError for mentions that are not there, one mention twice, or no reason.
    """
    _pair(session, "person.join", one, other, reason)


def split(session: Session, one: str, other: str, *, reason: str) -> None:
    """Say that two promoted mentions are not one after all; `merge` takes it back.

    Raises InputError as `merge`.
    """
    _pair(session, "person.part", one, other, reason)


def undo(session: Session, mention_id: str, *, reason: str) -> dict[str, Any]:
    """Take the last step on a mention back: promotion, new name, withdrawal, merge or split; returns what it was.

    Nothing is removed: the step back is an entry too, and can be taken back in turn.
    Raises InputError for a mention that is not there or no reason.
    """
    row = _promoted(session, mention_id, "undo a mention", reason)
    steps = _steps(session.look("undo a mention", detail={"command": "undo", "mention": mention_id}), mention_id)
    last = steps[0]
    undone = {"mention_id": mention_id, "undone": last.leaf.kind, "name": row["name"]}
    if last.leaf.kind in ("person.join", "person.part"):
        one, other = last.payload["mentions"]
        (split if last.leaf.kind == "person.join" else merge)(session, one, other, reason=reason)
        return undone
    before = next((step.payload["name"] for step in steps[1:] if step.leaf.kind == "mention.promote"), None)
    if last.leaf.kind == "mention.reject" or before is not None:
        assert before is not None
        rename(session, mention_id, before, reason=reason)
        return undone | {"name": before}
    withdraw(session, mention_id, reason=reason)
    return undone


def _steps(view: View, mention_id: str) -> list[Any]:
    """What was done with a mention, the newest first."""
    own = view.log([Where("obj", "=", mention_id)], limit=1_000)
    pairs = view.log([Where("kind", "in", ["person.join", "person.part"])], limit=100_000)
    told = {e.leaf.seq: e for e in (*own, *pairs) if e.payload and mention_id in _about(e.payload)}
    return [told[seq] for seq in sorted(told, reverse=True)]


def _about(payload: Mapping[str, Any]) -> list[str]:
    return [*payload.get("mentions", []), *([payload["mention_id"]] if "mention_id" in payload else [])]


def promoted(session: Session, case_id: str | None = None, *, purpose: str = "") -> list[dict[str, Any]]:
    """The promoted mentions, those that were merged in one group: `[{"name","mentions":[...]}]`, by first promotion."""
    view = session.look(purpose, detail={"command": "promoted"}, about=case_id)
    where = [Where("state", "=", "promoted")] + ([Where("case_id", "=", view.about)] if view.about else [])
    rows = [dict(zip(_COLUMNS, row, strict=True)) for row in view.select("promoted", _COLUMNS, where, order=["seq"])]
    ids = {row["mention_id"] for row in rows}
    group = {mention_id: mention_id for mention_id in ids}
    for one, other in view.select("same_mention", ["one", "other"], [Where("status", "=", "one")], order=["seq"]):
        if one in ids and other in ids:
            kept, gone = group[one], group[other]
            group = {m: kept if g == gone else g for m, g in group.items()}
    listed: dict[str, dict[str, Any]] = {}
    for row in rows:
        entry = listed.setdefault(group[row["mention_id"]], {"name": row["name"], "mentions": []})
        entry["mentions"].append(row)
    return list(listed.values())


def _pair(session: Session, kind: str, one: str, other: str, reason: str) -> None:
    if one == other:
        raise InputError(where="merge or split", got="one mention twice", want="two mentions", fix="Name two.")
    rows = [_promoted(session, mention_id, "merge or split mentions", reason) for mention_id in (one, other)]
    cases = sorted({row["case_id"] for row in rows if row["case_id"]})
    scope: dict[str, Any] = {"document": rows[0]["document_id"]}
    if cases:
        scope["case"] = cases
    payload = {"scope": scope, "mentions": sorted([one, other]), "reason": reason}
    session.book.store.append(session.draft(kind, payload, obj=one))


def _promoted(session: Session, mention_id: str, what: str, reason: str) -> dict[str, Any]:
    if not reason.strip():
        raise InputError(where=what, got="no reason", want="why", fix="Say it in a few words.")
    view = session.look(what, detail={"command": what, "mention": mention_id})
    found = view.select("promoted", _COLUMNS, [Where("mention_id", "=", mention_id)])
    if not found:
        raise InputError(
            where=what, got=repr(mention_id), want="a promoted mention of this book", fix="Promote the mention first."
        )
    return dict(zip(_COLUMNS, found[0], strict=True))


def _last_promotion(session: Session, mention_id: str) -> Any:
    view = session.look("rename a mention", detail={"mention": mention_id})
    return view.log([Where("kind", "=", "mention.promote"), Where("obj", "=", mention_id)], limit=1)[0]


def _scope(row: dict[str, Any]) -> dict[str, Any]:
    return {"document": row["document_id"]} | ({"case": row["case_id"]} if row["case_id"] else {})


def _page(view: View, document: str, page: int) -> tuple[dict[str, Any], accounts.Account, int]:
    """The register row of a document, its text as an account, and where the page begins in that text."""
    found = list_documents(view, [Where("document_id", "=", document)])
    texts = document_texts(view, document) if found else []
    if not 1 <= page <= len(texts):
        raise InputError(
            where="document",
            got=f"{document[:16]!r}, page {page}",
            want="a document of this book and one of its pages",
            fix="Look for it with `thaw search`.",
        )
    account = accounts.Account.read(document, "\f".join(texts), name=found[0]["file"])
    return found[0], account, sum(len(text) + 1 for text in texts[: page - 1])
