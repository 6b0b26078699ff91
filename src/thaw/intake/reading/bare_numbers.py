"""Numbers of records without a label of their own: after "No." or #, of a case number's shape, or known already."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from .anchors import anchors_of, heads_of, matches_at
from .gazetteers import table, words

_VALUE = r"(?=[A-Z/-]{0,6}\d)[A-Z]{0,4}[-/]?\d[\dA-Z]*(?:[-/][\dA-Z]+)*"
_HASH = re.compile(rf"(?<!#)#\s?({_VALUE})(?!\w)")
_NO = re.compile(
    r"(?<![\w.'’-])(?:N[Oo]s?\.|NOS?\b|Nos?\b(?= ?[:#\d])|Nr\.?|NRS?\.?|"
    r"no\.(?= ?[A-Z]{0,3}-?\d)|[Nn]umbers?|NUMBERS?)\s?[:#]?[ \t]*"
    rf"(?P<value>[A-Z]{{1,2}}\s\d{{3,7}}|{_VALUE})(?![\w/]|-\w)"
)
_NO_HEADS = heads_of(["no", "nos", "nr", "number"])
# Shapes that are a case number's wherever they stand: "DR 84-112 417", "74-0822-3", "L-74-1190", "81-CR-1109".
_SHAPE = re.compile(
    r"(?<![\w/.$-])(\d{2}-\d{2,3}[ -]\d{3,4}|\d{2}-\d{5,7}|\d{2}-\d{3,5}-\d{1,3}|[A-Z]{1,3}\d{2}-\d{3,6}|"
    # The FBI laboratory's of old: "PC-B4471 LJ", "D-491022 AV".
    r"PC-[A-Z]?\d{4,5} [A-Z]{2}|D-\d{6} [A-Z]{2}|"
    r"[A-Z]{1,4}-\d{2}-\d{2,6}|[A-Z]{2,4}-\d{2,4}-\d{2,6}|\d{2}-[A-Z]{1,3}-\d{2,6}|(?:19|20)\d\d-\d{5,7})(?![\w/]|-\d)"
)
_SHORT = re.compile(r"(?<![\w/.$-])\d{2}-\d{3,5}(?![\w/]|-\d)")
_LINKED = re.compile(r"\d[ -]\d|[A-Z]-\d|\d-[A-Z]")
# What makes a short one a case's: a word of records before it on its line.
_OF_RECORDS = re.compile(
    r"\b(?:cases?|files?|reports?|subject|subj|re|ref|reference|our|your|lab|laboratory|labs|incident|complaint|docket|"
    r"cf|see|under|homicides?|numbers?|nos?|dr|cr|offense)\b[^\n]{0,40}$",
    re.I,
)
_OF_CARS = re.compile(
    r"\b(?:plates?|lic|licen[sc]es?|tags?|regist\w+|reg|dmv|bearing|displaying|vehicle|car|truck|pickup|sedan|coupe|wagon|"
    r"r/o)\b(?:(?! - )[^\n]){0,40}$",
    re.I,
)
_NO_NUMBER = re.compile(
    r"\b(?:wit(?:ness)?|susp(?:ect)?|vict(?:im)?|v|s|apt|apartment|suite|ste|room|rm|juror|car|floor|step|unit|space|spc|lot|trailer|"
    r"defendant|subject)\.?\s*#\s?$|\d+\s+(?:[NSEW]\.?\s+)?(?:[A-Z][a-z]+\.?\s+){1,3}#\s?$",
    re.I,
)
_CHOSE = re.compile(r"\b(?:chose|picked|selected|identified|pointed (?:to|at))\s+(?:out\s+)?#\s?$", re.I)
_BADGE = re.compile(r"[A-Z][a-z]+,?\s*#$|[A-Z]{3,},?\s*#$")
_PHONE = re.compile(r"\b(?:phone|tel|call|fax)\b[^\n]{0,15}$", re.I)
_WORD = re.compile(r"([A-Za-z][A-Za-z'’.-]*?)['’.,:]*(?:s['’])?[\s,]*$")
# How far before the page's own day the year of a case number may lie; cold files go back so far.
_OLDEST = 45


@dataclass(frozen=True, slots=True)
class Bare:
    """A number that was found: its place, rule and role."""

    start: int
    end: int
    rule: str
    role: str


def find_bare(text: str, taken: list[tuple[int, int]], today: date | None) -> Iterator[Bare]:
    """The numbers of a text outside the places that are taken, which grow as they are found."""
    for find in (_after_no, _after_hash, _of_shape, _of_bureaus):
        for bare in find(text):
            if not any(a < bare.end and bare.start < b for a, b in taken):
                taken.append((bare.start, bare.end))
                yield bare
    for bare in _short(text, taken, today):
        taken.append((bare.start, bare.end))
        yield bare


def _after_no(text: str) -> Iterator[Bare]:
    """ "To State Laboratory, No. 74-3316", "work order number 4471": after any word but those of places."""
    for m in matches_at(_NO, text, anchors_of(text).at(_NO_HEADS)):
        start, end = m.span("value")
        value, word = m["value"], _word_before(text, m.start())
        figures = sum(c.isdigit() for c in value)
        spelled = m.group()[0] in "Nn" and m.group()[1:2] in "uU"
        linked = "-" in value or "/" in value
        if word in _not_numbered() or figures < (4 if spelled and not linked else 3) or value[:1] == "/":
            continue
        if _PHONE.search(text, max(0, start - 30), start):
            continue
        yield Bare(start, end, "number.bare", str(table("numbers", "labels").get(word, "number")))


def _after_hash(text: str) -> Iterator[Bare]:
    """What stands after a bare # and counts nothing; after a name it is a badge's."""
    for m in _HASH.finditer(text) if "#" in text else ():
        start, end = m.span(1)
        badge = text[start - 1] == "#" and _BADGE.search(text, max(0, start - 20), start)
        heads_row = not text[text.rfind("\n", 0, start) + 1 : start].strip(" \t#")
        chosen = _CHOSE.search(text, max(0, start - 24), start)
        if not badge and len(m[1]) < 2 and not (heads_row or chosen):
            continue
        if _NO_NUMBER.search(text, max(0, start - 40), start) and not chosen:
            continue  # "WIT #2", "4407 Wabash #12"
        if not _PHONE.search(text, max(0, start - 25), start):
            yield Bare(start, end, "number.bare", "badge" if badge else "number")


def _of_shape(text: str) -> Iterator[Bare]:
    for m in _SHAPE.finditer(text) if _LINKED.search(text) else ():
        if not _PHONE.search(text, max(0, m.start() - 25), m.start()):
            yield Bare(*m.span(1), "number.bare", "case")


# "LA 164-497": the office, the class and the serial of a file of the FBI.
_BUREAU = re.compile(r"\b(?:FBI|SAC|ASAC|Bufile|BUFILE|[Aa]irtel|AIRTEL)\b")
_OFFICE_FILE = re.compile(r"(?<![\w/.$-])[A-Z]{2} \d{1,3}[A-Z]?-\d{1,6}(?![\w/]|-\d)")


def _of_bureaus(text: str) -> Iterator[Bare]:
    for m in _OFFICE_FILE.finditer(text) if _BUREAU.search(text) else ():
        yield Bare(*m.span(), "number.bare", "case")


def _short(text: str, taken: list[tuple[int, int]], today: date | None) -> Iterator[Bare]:
    """ "86-2217": after a word of records on its line, known from another place, or led by a year that has been."""
    found = list(matches_at(_SHORT, text, anchors_of(text).at((), figures="marked")))
    if not found:
        return
    known = {text[start:end] for start, end in taken}
    for m in found:
        cars = _OF_CARS.search(text, max(0, m.start() - 60), m.start())
        if not cars and _OF_RECORDS.search(text, max(text.rfind("\n", 0, m.start()), m.start() - 60), m.start()):
            known.add(m.group())
    for m in found:
        dated = today is not None and _is_dated(m.group(), today)
        if m.group() not in known and not (dated and not _OF_CARS.search(text, max(0, m.start() - 60), m.start())):
            continue
        if not any(a < m.end() and m.start() < b for a, b in taken):
            yield Bare(m.start(), m.end(), "number.again", "case")


def _is_dated(value: str, today: date) -> bool:
    """Whether "74-3316" begins with a year that has been by then, and is no part of it."""
    year, _, serial = value.partition("-")
    back = (today.year - int(year)) % 100
    return back <= _OLDEST and len(serial) >= 4 and not serial.startswith(("19", "20"))


def _word_before(text: str, start: int) -> str:
    found = _WORD.search(text, max(0, start - 24), start)
    word = found[1].lower() if found else ""
    return word[:-2] if word.endswith(("'s", "’s")) else word


@cache
def _not_numbered() -> frozenset[str]:
    return words("numbers", "not_records")
