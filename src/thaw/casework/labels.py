"""Known series: read from a CSV, kept as entries, and handed to the model that learns from them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from thaw.access import View
from thaw.casebook import find_case
from thaw.errors import InputError

from .book import Session, name_of
from .decisions import decided_pairs

# What the columns may be called, lower case: the series, the case, and whether it belongs to it.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "series": ("series", "offender", "offenderid", "offender_id"),
    "case": ("case", "case_id", "source_key", "crime", "crimeid", "crime_id"),
    "belongs": ("belongs", "member", "linked"),
}
_ANSWERS = {
    "": True,
    "yes": True,
    "y": True,
    "1": True,
    "true": True,
    "no": False,
    "n": False,
    "0": False,
    "false": False,
}


def label(session: Session, path: Path, *, purpose: str = "") -> dict[str, Any]:
    """Take in known series from a CSV with the columns `series` and `case`; the answer of `thaw label`.

    A third column `belongs` (yes or no) may take a case out again. The whole file is refused, nothing kept, when a case
    is not there or the labels contradict themselves or what was decided. A case may be in several series: offenders who
    worked together. Raises InputError naming the line.
    """
    lines = _lines(path)
    view = session.look(purpose, detail={"command": "label", "file": name_of(path)})
    said: dict[tuple[str, str], tuple[bool, int]] = {}
    for number, series, case, belongs in lines:
        case_id = find_case(view, case)
        if case_id is None:
            fix = "Use the id or source key of a case in this book."
            raise InputError(where=f"{path}, line {number}", got=repr(case), want="a case of this book", fix=fix)
        before = said.setdefault((series, case_id), (belongs, number))
        if before[0] != belongs:
            raise InputError(
                where=f"{path}, line {number}",
                got=f"{case} both in and not in series {series} (line {before[1]})",
                want="labels that do not contradict each other",
                fix="Correct one of the lines; nothing of the file was kept.",
            )
    held = set(_held(view))
    new = [key for key, (belongs, _) in said.items() if belongs and key not in held]
    gone = [key for key, (belongs, _) in said.items() if not belongs and key in held]
    after = (held | set(new)) - set(gone)
    _check(view, after, path)
    known = {series for series, _ in held}
    drafts = [
        session.draft("series.create", {"series": series, "file": name_of(path)})
        for series in dict.fromkeys(series for series, _ in new)
        if series not in known
    ]
    for kind, pairs in (("series.add", new), ("series.remove", gone)):
        for series, case_id in pairs:
            payload = {"series": series, "scope": {"case": case_id}, "file": name_of(path)}
            drafts.append(session.draft(kind, payload, obj=case_id))
    if drafts:
        session.book.store.append(*drafts)
    counts = [len({case for name, case in after if name == series}) for series in {name for name, _ in after}]
    return {
        "file": name_of(path),
        "read": len(lines),
        "added": len(new),
        "already_held": sum(belongs and key in held for key, (belongs, _) in said.items()),
        "removed": len(gone),
        "series": len(counts),
        "series_of_two_or_more": sum(count > 1 for count in counts),
    }


def known_series(view: View) -> dict[str, list[str]]:
    """Visible cases of each known series, by name."""
    found: dict[str, list[str]] = {}
    for series, case_id in sorted(_held(view)):
        found.setdefault(series, []).append(case_id)
    return found


def learning_material(view: View) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(series, case id) pairs of known series and accepted links, and pairs that were decided to be apart.

    A link accepted on a hard fact counts too; one that was accepted because two cases look alike would teach the model
    what it said itself, so only links by a fact and labelled series are learned from.
    """
    members = list(_held(view))
    apart = []
    for (one, other), row in decided_pairs(view).items():
        if row["decision"] == "accept" and row["fact"]:
            members += [(f"{one}+{other}", one), (f"{one}+{other}", other)]
        elif row["decision"] == "reject":
            apart.append((one, other))
    return members, apart


def _held(view: View) -> list[tuple[str, str]]:
    return [(series, case_id) for series, case_id in view.select("series_cases", ["series", "case_id"])]


def _check(view: View, members: set[tuple[str, str]], path: Path) -> None:
    in_series: dict[str, set[str]] = {}
    for series, case_id in members:
        in_series.setdefault(case_id, set()).add(series)
    for (one, other), row in decided_pairs(view).items():
        both = sorted(in_series.get(one, set()) & in_series.get(other, set()))
        if both and row["decision"] == "reject":
            raise InputError(
                where=f"{path}, series {both[0]}",
                got=f"{one} and {other}, which were decided to be by different offenders",
                want="labels that do not contradict what was decided",
                fix="Take the decision back (`thaw link ... --decision undecided`) or correct the file.",
            )


def _lines(path: Path) -> list[tuple[int, str, str, bool]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        got = getattr(error, "strerror", None) or "a file that is no UTF-8 text"
        raise InputError(where=str(path), got=got, want="a CSV of known series", fix="Check the name.") from None
    reader = csv.DictReader(io.StringIO(text), strict=True)
    try:
        columns = _columns(path, reader.fieldnames or [])
        return list(_read(path, reader, columns))
    except csv.Error as error:
        raise InputError(
            where=str(path), got=f"a file that is no CSV ({error})", want="a CSV of known series", fix="Mend the line."
        ) from None


def _columns(path: Path, names: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        for column, known in _NAMES.items():
            if name.strip().lower() in known:
                found.setdefault(column, name)
    if "series" not in found or "case" not in found:
        raise InputError(
            where=f"{path}, line 1",
            got="the columns " + ", ".join(map(repr, names)) if names else "no line",
            want="columns named series and case",
            fix="Name them in the first line.",
        )
    return found


def _read(path: Path, reader: Any, columns: Mapping[str, str]) -> Iterator[tuple[int, str, str, bool]]:
    for row in reader:
        series, case = ((row[columns[name]] or "").strip() for name in ("series", "case"))
        answer = (row[columns["belongs"]] or "").strip().lower() if "belongs" in columns else ""
        if not series or not case or answer not in _ANSWERS:
            raise InputError(
                where=f"{path}, line {reader.line_num}",
                got=f"series {series!r}, case {case!r}" + (f", belongs {answer!r}" if answer else ""),
                want="a series and a case, and yes or no where there is a column for it",
                fix="Correct the line.",
            )
        yield reader.line_num, series, case, _ANSWERS[answer]
