"""Kinship on a screen: a case file that a person hands in, computed, drawn and printed, and not kept in the book.

The profiles of relatives stay out of the ledger: what stands there is the digest of the file and of the result.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from thaw import __version__
from thaw.errors import InputError
from thaw.identify import case_words, kinship_lr, read_fam, relatives_worth
from thaw.report import lr_sheet
from thaw.store import Where

from .book import Session, name_of, scope_of
from .kinship import About
from .person_records import listed_person

_SIMULATIONS = 400
_LARGEST = 2_000_000
_KEPT = "kinship keep"
_LOOKED_THROUGH = 2_000


def kinship_of_file(
    session: Session, raw: bytes, file: str, *, about: About | None = None, purpose: str = ""
) -> dict[str, Any]:
    """Likelihood ratios of the one case in a file (JSON of cases or Familias project), with its pedigree in parts.

    about  the body and the missing person of registers that the file is about: the ratio then stands beside their pair
    Returns answer (as `thaw kinship`), words, pedigrees by hypothesis, typed, sought, worth (as `thaw relatives`, or
    None where nobody is named as missing), inputs and persons. Raises InputError for a file that cannot be read or that
    holds more than one case, and for persons or a hypothesis that are none.
    """
    name = name_of(Path(file or "file"))
    inputs = [{"file": name, "sha256": hashlib.sha256(raw).hexdigest()}]
    detail = {"command": "kinship", "inputs": inputs, "pruning": None, "software": __version__}
    view = session.look(purpose, detail=detail)
    pair = about.persons(view) if about is not None else None
    document = _document(raw, name)
    found = kinship_lr(document, sensitive=True)
    words = case_words(document)
    if len(found) != 1 or len(words) != 1:
        raise InputError(
            where=name, got=f"{len(found)} cases", want="a file with one case of hypotheses", fix="Split the file."
        )
    digest = hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()
    kept = {**detail, "conventions": sorted({one["convention"] for one in found})}
    if about is not None and pair is not None:
        kept |= about.result(pair, found)
    view.record_result("identify.kinship", kept, [one["id"] for one in found], len(found), digest)
    return {
        "answer": found[0],
        "words": words[0],
        "pedigrees": _pedigrees(document),
        "sought": _sought(document),
        "worth": _worth(document),
        "inputs": inputs,
        "invented": bool(isinstance(document, Mapping) and document.get("invented")),
        "persons": [listed_person(one) for one in pair] if pair is not None else [],
    }


def keep_kinship(session: Session, found: Mapping[str, Any], *, purpose: str = "") -> int:
    """Keep a result in the book, so that it outlives the visit; returns its entry.

    What the screen shows goes in: ratios, loci, pedigrees, words. A profile is in none of it.
    """
    result = json.dumps(dict(found), ensure_ascii=False, sort_keys=True)
    payload = {"command": _KEPT, "name": found["words"]["title"] or found["words"]["id"], "result": result}
    payload |= {"sha256": hashlib.sha256(result.encode()).hexdigest(), "inputs": list(found["inputs"])}
    scope = scope_of(one["case_id"] for one in found["persons"])
    return session.book.store.append(
        session.draft("report.make", {**payload, **scope, "file": None, "purpose": purpose})
    ).result[0]


def kept_kinships(session: Session, *, purpose: str = "") -> list[dict[str, Any]]:
    """The kept results that this person may see, newest first: entry, name, by and at."""
    view = session.look(purpose, kind="access.list", detail={"command": "kinship kept"})
    return [
        {"entry": entry.leaf.seq, "at": entry.leaf.at, **{name: (entry.payload or {})[name] for name in ("name", "by")}}
        for entry in view.log([Where("kind", "=", "report.make")], limit=_LOOKED_THROUGH)
        if (entry.payload or {}).get("command") == _KEPT
    ]


def kept_kinship(session: Session, entry: int, *, purpose: str = "") -> dict[str, Any] | None:
    """A kept result; None where there is none on this entry, or none that this person may see."""
    view = session.look(purpose, detail={"command": "kinship kept", "entry": entry})
    for one in view.log([Where("kind", "=", "report.make"), Where("seq", "=", entry)], limit=1):
        payload = one.payload or {}
        if payload.get("command") == _KEPT:
            found: dict[str, Any] = json.loads(payload["result"])
            return found
    return None


def kinship_sheet(session: Session, found: Mapping[str, Any], *, purpose: str = "") -> bytes:
    """The sheet as PDF, its entry with the digest committed before it is handed out."""
    worth = found["worth"]
    rows = [*([worth["so_far"]] if worth["so_far"] else []), *worth["candidates"]] if worth else []
    facts = {
        **found["words"],
        "invented": found["invented"],
        "inputs": found["inputs"],
        "software": __version__,
        "at": session.book.clock().date().isoformat(),
        "by": session.actor.name,
        "purpose": purpose,
        "next": rows if worth and worth["candidates"] else [],
        "thresholds_log10": worth["thresholds_log10"] if worth else [],
    }
    made = lr_sheet(found["answer"], facts)
    payload = {"command": "kinship", "file": "kinship.pdf", "sha256": hashlib.sha256(made).hexdigest()}
    session.book.store.append(
        session.draft("report.make", payload | {"inputs": list(found["inputs"]), "purpose": purpose})
    )
    return made


def _document(raw: bytes, name: str) -> Any:
    if len(raw) > _LARGEST:
        raise InputError(where=name, got=f"{len(raw):,} bytes", want="at most 2,000,000", fix="Split the file.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    if name.lower().endswith(".fam"):
        return read_fam(text, name)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        got = "JSON nested too deep" if isinstance(error, RecursionError) else f"text that is no JSON ({error})"
        raise InputError(where=name, got=got, want="a JSON file or a .fam file", fix="Check the file.") from None


def _case(document: Any) -> Mapping[str, Any]:
    """The one case of a document of the usual form; empty for other forms, which then have no drawing."""
    cases = document if isinstance(document, list) else document.get("cases") if isinstance(document, Mapping) else None
    one = cases[0] if isinstance(cases, list) and len(cases) == 1 else document
    return one if isinstance(one, Mapping) else {}


def _pedigrees(document: Any) -> list[dict[str, Any]]:
    found = []
    for hypothesis in _case(document).get("hypotheses") or []:
        if isinstance(hypothesis, Mapping) and isinstance(hypothesis.get("individuals"), list):
            people = [
                {name: str(one.get(name) or "0") for name in ("id", "father", "mother", "sex")}
                for one in hypothesis["individuals"]
                if isinstance(one, Mapping) and one.get("id")
            ]
            found.append({"name": str(hypothesis.get("name") or ""), "people": people})
    return found


def _sought(document: Any) -> str | None:
    poi = _case(document).get("poi")
    return None if poi is None else str(poi)


def _worth(document: Any) -> dict[str, Any] | None:
    try:
        (found,) = relatives_worth(document, simulations=_SIMULATIONS)
    except InputError:
        return None
    return found
