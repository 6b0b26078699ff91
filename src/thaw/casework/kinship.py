"""`thaw kinship` and `thaw relatives`: read files of cases, Familias projects, own tables; write the sheet.

In a book the look is committed before anything is computed, and the run after it with a digest of its result. Without a
book nothing is kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from thaw import __version__
from thaw.access import View
from thaw.errors import InputError
from thaw.identify import (
    case_words,
    kinship_lr,
    read_fam,
    read_frequencies,
    read_profiles,
    relatives_worth,
    with_tables,
)

from .book import Session, name_of, scope_of, utc_now
from .person_records import person_of_kind


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files of one run: the cases, and own tables beside them."""

    file: Path
    frequencies: Path | None = None
    profiles: Path | None = None

    def read(self) -> tuple[Any, list[dict[str, str]]]:
        """The document with the tables put in, and name and SHA-256 of each file.

        Raises InputError for a file that cannot be read.
        """
        given = [path for path in (self.file, self.frequencies, self.profiles) if path is not None]
        raw = {path: _bytes(path) for path in given}
        document = _document(self.file, _text(raw[self.file]))
        if len(given) > 1:
            document = with_tables(
                document,
                None
                if self.frequencies is None
                else read_frequencies(_text(raw[self.frequencies]), name_of(self.frequencies)),
                None if self.profiles is None else read_profiles(_text(raw[self.profiles]), name_of(self.profiles)),
            )
        return document, [{"file": name_of(p), "sha256": hashlib.sha256(raw[p]).hexdigest()} for p in given]


@dataclass(frozen=True, slots=True)
class About:
    """Whom a case of kinship is about: ids or source keys of a body and of a missing person, and which hypothesis.

    hypothesis  that says they are one person; it may be left out where there is one besides the reference
    """

    unidentified: str
    missing: str
    hypothesis: str | None = None

    def persons(self, view: View) -> tuple[dict[str, Any], dict[str, Any]]:
        """Both, as far as this reader sees them. Raises InputError for other kinds, or persons who are not there."""
        return person_of_kind(view, self.unidentified, "unidentified"), person_of_kind(view, self.missing, "missing")

    def result(
        self, pair: tuple[Mapping[str, Any], Mapping[str, Any]], found: Sequence[Mapping[str, Any]]
    ) -> dict[str, Any]:
        """What the run says of the two, for its entry. Raises InputError where no single ratio is meant."""
        body, missing = pair
        names = [n for one in found for n in one.get("log10LR_total", ()) if n != one["reference"]]
        if len(found) != 1 or "log10LR_total" not in found[0]:
            got, want = f"{len(found)} cases or a set of victims", "a file with one case of hypotheses"
            raise InputError(where="kinship, --unidentified", got=got, want=want, fix="Split the file.")
        name = self.hypothesis or (names[0] if len(names) == 1 else "")
        if name not in names:
            got = repr(self.hypothesis) if self.hypothesis else f"{len(names)} hypotheses"
            want = "the one that says they are one person: " + ", ".join(names)
            raise InputError(where="kinship, --hypothesis", got=got, want=want, fix="Name it with --hypothesis.")
        (one,) = found
        ratio, exists = one["log10LR_total"][name], one["LR_total"][name] is not None
        if ratio is None and not exists:
            return {}
        told = pair_result(body, missing["person_id"], ratio, len(one["markers"]))
        return {"pairs": [told], **scope_of([body["case_id"], missing["case_id"]])}


def pair_result(
    body: Mapping[str, Any], missing: str, log10_lr: float | None, loci: int, *, family: str | None = None
) -> dict[str, Any]:
    """One pair as the entry of a run keeps it; `log10_lr` None is a ratio of 0."""
    pair = {"unidentified": body["person_id"], "missing": missing, "case_id": body["case_id"]}
    return pair | {"log10_lr": log10_lr, "loci": loci, "family_id": family}


def kinship(
    inputs: Inputs,
    *,
    pruning: str | None = None,
    sensitive: bool = False,
    sheet: Path | None = None,
    session: Session | None = None,
    person: str = "",
    purpose: str = "not stated",
    about: About | None = None,
) -> list[dict[str, Any]]:
    """Likelihood ratios of every case of a file; the answer of `thaw kinship`.

    about    the persons of registers that the file is about: the ratio then stands in `thaw identify`
    sheet    a new PDF file for the sheets: one case only
    session  a person at work in a book
    person   who is at work, for the sheet, where there is no session
    Raises InputError for a file that cannot be read, naming the case and the key, a sheet that exists, or persons for
    a file of several cases or hypotheses.
    """
    document, files = inputs.read()
    if about is not None and session is None:
        raise InputError(
            where="kinship, --unidentified", got="no casebook", want="a book that holds the two", fix="Use --book DIR."
        )
    detail = {"command": "kinship", "inputs": files, "pruning": pruning, "software": __version__}
    view = None if session is None else session.look(purpose, detail=detail)
    pair = None if about is None or view is None else about.persons(view)
    if sheet is not None and sheet.exists():
        raise InputError(where=str(sheet), got="a file that exists", want="a new name for the sheet", fix="Choose one.")
    found = kinship_lr(document, pruning=pruning, sensitive=sensitive or sheet is not None)
    if view is not None:
        conventions = sorted({one["convention"] for one in found})
        said = {} if about is None or pair is None else about.result(pair, found)
        _record(view, "identify.kinship", {**detail, "conventions": conventions, **said}, found)
    if sheet is not None:
        at = utc_now() if session is None else session.book.clock()
        made = _sheet(document, found, files, at, person if session is None else session.actor.name, purpose)
        if session is not None:
            digest = hashlib.sha256(made).hexdigest()
            payload = {"command": "kinship", "file": name_of(sheet), "sha256": digest, "inputs": files}
            session.book.store.append(session.draft("report.make", {**payload, "purpose": purpose}))
        sheet.write_bytes(made)
    return found


def relatives(
    inputs: Inputs, *, simulations: int = 1000, session: Session | None = None, purpose: str = "not stated"
) -> list[dict[str, Any]]:
    """Which relative to sample next, by simulation; the answer of `thaw relatives`."""
    document, files = inputs.read()
    detail = {"command": "relatives", "inputs": files, "simulations": simulations, "software": __version__}
    view = None if session is None else session.look(purpose, detail=detail)
    found = relatives_worth(document, simulations=simulations)
    if view is not None:
        _record(view, "identify.kinship", detail, found)
    return found


def _record(view: View, kind: str, detail: Mapping[str, Any], found: Sequence[Mapping[str, Any]]) -> None:
    digest = hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()
    view.record_result(kind, detail, [one["id"] for one in found], len(found), digest)


def _sheet(
    document: Any,
    found: Sequence[Mapping[str, Any]],
    files: Sequence[Mapping[str, str]],
    at: datetime,
    by: str,
    why: str,
) -> bytes:
    from thaw.report import lr_sheet

    words = case_words(document)
    if len(found) != 1 or len(words) != 1:
        raise InputError(
            where="--sheet", got=f"{len(found)} cases", want="a file with one case of hypotheses", fix="Split the file."
        )
    facts = {
        **words[0],
        "invented": bool(isinstance(document, Mapping) and document.get("invented")),
        "inputs": files,
        "software": __version__,
        "at": at.date().isoformat(),
        "by": by or "not stated",
        "purpose": why,
    }
    return lr_sheet(found[0], facts | _next(document))


def _next(document: Any) -> dict[str, Any]:
    """What the relatives who could still be sampled are worth, where the case says who is missing."""
    try:
        (worth,) = relatives_worth(document, simulations=400)
    except InputError:
        if any(item.get("candidates") for item in (document if isinstance(document, list) else [document])):
            raise  # somebody asked for it
        return {"next": []}
    rows = [worth["so_far"], *worth["candidates"]] if worth["so_far"] else worth["candidates"]
    return {"next": rows if worth["candidates"] else [], "thresholds_log10": worth["thresholds_log10"]}


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        got = (error.strerror or "an error").lower()
        raise InputError(where=str(path), got=got, want="a file that can be read", fix="Check the path.") from None


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _document(path: Path, text: str) -> Any:
    if path.suffix.lower() == ".fam":
        return read_fam(text, name_of(path))
    return _parsed(path, text)


def read_json(path: Path) -> Any:
    """A JSON file. Raises InputError when it cannot be read or is none."""
    return _parsed(path, _text(_bytes(path)))


def _parsed(path: Path, text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise InputError(
            where=name_of(path), got="JSON nested too deep", want="a file of cases", fix="Check the file."
        ) from None
    except ValueError as error:
        got = f"text that is no JSON ({error})"
        raise InputError(
            where=name_of(path), got=got, want="a JSON file or a .fam file", fix="Check the file."
        ) from None
