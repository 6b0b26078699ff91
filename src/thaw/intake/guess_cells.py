"""What the cells of a column look like: in which notations its dates are, what its words may mean as codes."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import cache

from thaw.data import read_toml

from .person_cells import age_of
from .rows import BadCell
from .spec_cells import date_of
from .spec_place import POINT, WKT

_GUESS = "formats/guess.toml"
_DISTINCT = 1_500
_MOST_WORDS = 200
_DATES, _WORDS = 0.9, 0.5
_MOST_FORMATS = 6
# A guess asks only for the form: whether a day lies in the future is asked when rows are read.
_END_OF_TIME = date(2200, 1, 1)


def date_formats(cells: Sequence[str], *, named: bool) -> list[str] | None:
    """The notations, most common first, by which at least nine of ten cells are dates; None when there are none.

    named  the column is called a date, so that a count of days or seconds may be one
    """
    guess = read_toml(_GUESS)
    unknown = frozenset(guess["unknown"])
    counted = Counter(cell for cell in cells if cell.casefold() not in unknown)
    told = dict(counted.most_common(_DISTINCT))
    total = sum(told.values())
    if not told:
        return None
    able = [*guess["dates"], *(guess["counted"] if named else [])]
    read_by = {wanted: {cell for cell in told if _reads(cell, wanted)} for wanted in able}
    chosen: list[str] = []
    left = set(told)
    while left and len(chosen) < _MOST_FORMATS:
        # Of two notations that read as many, the one that stands first in the list.
        wanted = max(able, key=lambda one: (sum(told[cell] for cell in read_by[one] & left), -able.index(one)))
        if not read_by[wanted] & left:
            break
        chosen.append(wanted)
        left -= read_by[wanted]
    covered = total - sum(told[cell] for cell in left)
    return chosen if chosen and covered >= _DATES * total else None


def _reads(cell: str, wanted: str) -> bool:
    if wanted == "words" and not re.search("[0-9]{4}", cell):
        return False
    # A number of five digits is a day of this or the last century as spreadsheets count; of nine or ten, seconds.
    lengths = {"excel": (5, 5), "unix": (9, 10), "unix-ms": (12, 13)}.get(wanted)
    if lengths and not lengths[0] <= len(cell.partition(".")[0]) <= lengths[1]:
        return False
    try:
        date_of("", cell, [wanted], _END_OF_TIME)
    except BadCell:
        return False
    return True


def unknown_words(cells: Sequence[str]) -> list[str]:
    """The words among the cells that say "not known", as they are spelled."""
    known = frozenset(read_toml(_GUESS)["unknown"])
    return sorted({cell for cell in cells if cell.casefold() in known})


def code_lines(kind: str, cells: Sequence[str]) -> list[str] | None:
    """The lines of a coded field: what its words mean and which say that nothing is known.

    None when they are no words of this kind: most cells have no code, or nearly every cell is another.
    """
    meaning = _meanings(kind)
    counted = Counter(cells)
    unknown = unknown_words(cells)
    told = {word: number for word, number in counted.items() if word not in unknown}
    found = {word: code for word in told if (code := meaning.get(" ".join(word.casefold().split())))}
    covered = sum(told[word] for word in found)
    hispanic = [
        word for word in told if kind == "race" and re.match(r"(h|hisp|hispanic.*|latin[oax])$", word.casefold())
    ]
    covered += sum(told[word] for word in hispanic if word not in found)
    if told and (covered < _WORDS * sum(told.values()) or len(told) > _MOST_WORDS):
        return None
    lines = [f"unknown = {json.dumps(unknown)}"] if unknown else []
    inner = ", ".join(
        f"{json.dumps(word)} = {json.dumps(code)}" for word, code in sorted(found.items()) if word != code
    )
    lines += [f"codes = {{ {inner} }}"] if inner else []
    # "Hispanic" in a column of races is no race but an ethnicity.
    apart = ", ".join(f'{json.dumps(word)} = {{ ethnicity = "H" }}' for word in sorted(hispanic))
    lines += [f"apart = {{ {apart} }}"] if apart else []
    open_words = sorted(set(told) - set(found) - set(hispanic))
    if open_words or kind in ("race", "weapon"):
        lines.append('otherwise = "keep"')
    if open_words:
        lines.append("# Words without a code, kept as text: " + json.dumps(open_words[:20], ensure_ascii=True)[1:-1])
    return lines


@cache
def _meanings(kind: str) -> dict[str, str]:
    words: dict[str, list[str]] = read_toml(_GUESS)["words"][kind]
    return {word: code for code, listed in words.items() for word in listed}


def reads_as_age(cell: str) -> bool:
    """True for a cell that is an age."""
    try:
        return age_of("", cell) is not None
    except BadCell:
        return False


def is_point(cell: str) -> bool:
    """True for latitude and longitude in one cell."""
    return bool(POINT.fullmatch(cell) or WKT.fullmatch(cell))
