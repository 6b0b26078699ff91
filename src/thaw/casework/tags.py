"""Tags of people on cases and pages: a word to find them by. Each is a note with a mark, so it is taken back as one."""

from __future__ import annotations

import unicodedata
from typing import Any

from thaw.access import View
from thaw.casebook import list_documents
from thaw.errors import InputError
from thaw.store import Where

from .book import Session
from .notes import TAG, add_notes, notes_of, notes_told
from .pages import page_scopes
from .searching import case_titles

LONGEST = 40
_MOST = 100_000


def tag_case(session: Session, case_id: str, tag: str, *, purpose: str = "") -> dict[str, Any]:
    """Put a tag on a case (id or source key); its entry, that of the standing one where it has it already.

    Raises InputError for no case, and for a tag that is no word or a few.
    """
    word = _word(tag)
    view = session.look(purpose, detail={"command": "tag"}, about=case_id)
    here = [note for note in notes_of(view, case_id=view.about) if note["document"] is None]
    return _put(session, here, [{"case": view.about}], word)


def tag_page(session: Session, document: str, number: int, tag: str, *, case_id: str | None = None) -> dict[str, Any]:
    """Put a tag on a page of a document, as `tag_case` does on a case: an entry for each case in whose files it lies.

    case_id  only for this one: whoever sees the page in the files of another case does not see the tag
    """
    word = _word(tag)
    scopes = page_scopes(session, document, number, "tag", only=case_id)
    first = scopes[0].get("case")
    view = session.look("tag", detail={"command": "tag", "document": document}, find=lambda _: first)
    here = [note for note in notes_of(view, document=document) if note["page"] == number]
    return _put(session, here, scopes, word, page=number)


def tags(session: Session, *, purpose: str = "") -> list[dict[str, Any]]:
    """Every standing tag, by the alphabet: tag, and the cases and pages that bear it.

    cases  case_id, title, invented and entry of each
    pages  document, file, page and entry of each; a page in the files of two cases stands once
    """
    view = session.look(purpose, kind="access.list", detail={"command": "tags"})
    standing = _standing(view)
    titles = case_titles(view, sorted({one["case_id"] for one in standing if one["case_id"]}))
    papers = sorted({one["document"] for one in standing if one["document"]})
    files = {row["document_id"]: row["file"] for row in list_documents(view, [Where("document_id", "in", papers)])}
    found: dict[str, dict[str, Any]] = {}
    for one in sorted(standing, key=lambda one: one["entry"]):
        group = found.setdefault(one["text"].casefold(), {"tag": one["text"], "cases": [], "pages": []})
        if one["document"]:
            if any((page["document"], page["page"]) == (one["document"], one["page"]) for page in group["pages"]):
                continue
            group["pages"].append({name: one[name] for name in ("document", "page", "entry")} | {
                "file": files.get(one["document"], "")})  # fmt: skip
        elif one["case_id"] in titles:
            title, invented = titles[one["case_id"]]
            group["cases"].append({"case_id": one["case_id"], "title": title, "invented": invented,
                                   "entry": one["entry"]})  # fmt: skip
    return [found[name] for name in sorted(found)]


def _standing(view: View) -> list[dict[str, Any]]:
    entries = view.log([Where("kind", "in", ["note.add", "note.withdraw"])], limit=_MOST)
    told = notes_told(entries)
    return [note for note in told if note["mark"] == TAG and not note["gone"]]


def _put(
    session: Session, here: list[dict[str, Any]], scopes: list[dict[str, Any]], word: str, **more: Any
) -> dict[str, Any]:
    """Put a tag on where it does not stand yet, all at once; the entry of the first place."""
    standing = {
        note["case_id"]: note["entry"]
        for note in here
        if note["mark"] == TAG and not note["gone"] and note["text"].casefold() == word.casefold()
    }
    new = [scope for scope in scopes if scope.get("case") not in standing]
    made = add_notes(session, new, word, mark=TAG, **more) if new else []
    entries = standing | {one["scope"].get("case"): one["entry"] for one in made}
    return {"entry": entries[scopes[0].get("case")], "scope": scopes[0]}


def _word(text: str) -> str:
    # Marks that cannot be seen would make two tags of one, or turn what stands beside them round.
    seen = "".join(c for c in unicodedata.normalize("NFC", text) if c.isprintable() or c.isspace())
    word = " ".join(seen.replace("#", " ").split())
    if not word or len(word) > LONGEST:
        raise InputError(
            where="tag",
            got=f"{len(word)} characters" if word else "nothing",
            want=f"a word or a few, {LONGEST} characters at most",
            fix="Write it shorter; what is longer is a note.",
        )
    return word
