"""Values that can stand in two cases: telephone, plate, number, e-mail, address, vehicle, name. Text in, values out.

A value has a normal form that is the same however it is written. What reads them is a `ValueReader`, so that another
reader of mentions can take the place of this one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from thaw.data.search import given_names, nicknames, ordinary_words, surnames, value_words

KINDS = ("phone", "plate", "number", "email", "address", "vehicle", "name")
_DIGITS = str.maketrans("OoQlIiSsBZz", "00011155822")
_PLATE = str.maketrans("OQISBZ", "001582")
_D = "[0-9OolI]"
_PHONE = re.compile(
    rf"(?<![\w-])(?:\+?1[-. ]?)?(?:\(\s?({_D}{{3}})\s?\)[-. ]?|({_D}{{3}})[-. /]|)({_D}{{3}})[-. ]({_D}{{4}})(?![\w-])"
)
_WHOLE_PHONE = re.compile(r"(?<!\w)1?([2-9]\d{2}[2-9]\d{6})(?!\w)")
_EMAIL = re.compile(r"(?<![\w.])[A-Za-z0-9][\w.+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{2,63}){1,4}(?![\w])")
_SAID_PLATE = re.compile(
    r"\b(?:plates?|licen[cs]e|lic|tags?|registration)\b[ .:#]{0,3}"
    r"(?:(?:plates?|no|number|num|tag|of|was|is|reading)\b[ .:#]{0,3}){0,3}"
    r"(?:[A-Z][a-z]+ |[A-Z]{2} )?([0-9A-Z]{1,4}[- ]?[0-9A-Z]{2,5})\b",
    re.IGNORECASE,
)
_BARE_PLATE = re.compile(r"\b(\d[A-Z]{3}\d{3}|[A-Z]{3}-\d{3,4})\b")
_SSN = re.compile(r"(?<![\w-])(\d{3}-\d{2}-\d{4})(?![\w-])")
_VIN = re.compile(r"\b(?=[A-HJ-NPR-Z0-9]*\d)([A-HJ-NPR-Z0-9]{17})\b")
_ADDRESS = re.compile(
    r"\b(\d{1,6})\s+((?:[NSEW]\.?\s+|North |South |East |West )?(?:[A-Z0-9][\w']*\s+){1,3})([A-Za-z]{2,9})\b\.?"
)
_YEAR = r"(?:(?P<year>(?:19)?[3-9]\d|20[0-2]\d)\s+)?"
_NAME = r"[A-Z][a-z]+(?:['-][A-Z][a-z]+)?|O'[A-Z][a-z]+|Mc[A-Z][a-z]+|Mac[A-Z][a-z]+"
_FIRST_LAST = re.compile(rf"\b({_NAME})(?:\s+(?:[A-Z]\.?|[A-Z][a-z]+))??\s+({_NAME})\b")
_CAPITALS = re.compile(r"\b([A-Z]{2,})(?:\s+[A-Z]\.?)?\s+([A-Z0-9][A-Z0-9'-]{2,})\b")
_LAST_FIRST = re.compile(rf"\b({_NAME}|[A-Z0-9][A-Z0-9'-]{{2,}}),\s+({_NAME}|[A-Z]{{2,}})\b")


@dataclass(frozen=True, slots=True)
class Value:
    """One value in a text: its kind, its normal form, and where it stands, first and one past the last character."""

    kind: str
    normal: str
    start: int
    end: int


ValueReader = Callable[[str], Iterable[Value]]


def read_values(text: str) -> Iterator[Value]:
    """All values of a text that a fixed form or a word beside them gives away; none is guessed."""
    if any(letter.isdigit() for letter in text):
        yield from _phones(text)
        yield from _plates(text)
        yield from _numbers(text)
        yield from _addresses(text)
    if "@" in text:
        yield from (Value("email", found.group().lower(), *found.span()) for found in _EMAIL.finditer(text))
    yield from _vehicles(text)
    yield from _names(text)


def name_value(name: str) -> Value | None:
    """The value of what is known to be a person's name, such as `HOLLOWAY, Terrence J.`; None without two parts."""
    last, comma, first = name.partition(",")
    parts = (f"{first} {last}" if comma else name).lower().replace(".", " ").split()
    words = [part for part in parts if len(part) > 1 and part not in ("jr", "sr", "ii", "iii", "mr", "mrs", "ms", "dr")]
    return Value("name", f"{words[0]} {words[-1]}", 0, len(name)) if len(words) > 1 else None


def _phones(text: str) -> Iterator[Value]:
    for found in _PHONE.finditer(text):
        area = found.group(1) or found.group(2) or ""
        digits = (area + found.group(3) + found.group(4)).translate(_DIGITS)
        if sum(letter.isdigit() for letter in found.group()) >= 4 and digits[-7] not in "01":
            yield Value("phone", digits, *found.span())
    for found in _WHOLE_PHONE.finditer(text):
        yield Value("phone", found.group(1), *found.span())


def _plates(text: str) -> Iterator[Value]:
    taken = set()
    for pattern in (_SAID_PLATE, _BARE_PLATE):
        for found in pattern.finditer(text):
            if found.start(1) in taken:
                continue
            taken.add(found.start(1))
            raw = re.sub(r"[- ]", "", found.group(1)).upper()
            if 4 <= len(raw) <= 8 and any(c.isdigit() for c in raw) and any(c.isalpha() for c in raw):
                yield Value("plate", raw.translate(_PLATE), found.start(1), found.end(1))


def _numbers(text: str) -> Iterator[Value]:
    for pattern, name in ((_SSN, "ssn"), (_VIN, "vin")):
        yield from (Value("number", f"{name} {found.group(1)}", *found.span(1)) for found in pattern.finditer(text))
    for found in _said_number().finditer(text):
        raw = re.sub(r"[- ]", "", found.group(2)).upper()
        if sum(letter.isdigit() for letter in raw) >= 3:
            yield Value("number", f"{found.group(1).lower()} {raw}", *found.span(2))


def _addresses(text: str) -> Iterator[Value]:
    streets = value_words()["streets"]
    for found in _ADDRESS.finditer(text):
        words = found.group(2).split()
        for i, word in enumerate([*words, found.group(3)]):
            suffix = streets.get(word.lower().rstrip("."))
            if suffix and i:
                name = " ".join(w.lower().rstrip(".") for w in words[:i])
                end = text.index(word, found.start(2)) + len(word)
                yield Value("address", f"{found.group(1)} {name} {suffix}", found.start(), end)
                break


def _vehicles(text: str) -> Iterator[Value]:
    words = value_words()
    for found in _vehicle().finditer(text):
        color, make = found.group("color").lower(), found.group("make").lower()
        year = found.group("year") or ""
        year = f"19{year}" if len(year) == 2 else year
        parts = [year, words["same_color"].get(color, color), words["same_make"].get(make, make)]
        model = found.group("model") or ""
        # In capitals throughout, any word may stand behind the make.
        parts += [model.lower()] if model and not (model.isupper() and _ordinary(model.lower())) else []
        yield Value("vehicle", " ".join(part for part in parts if part), *found.span())


def _names(text: str) -> Iterator[Value]:
    seen = set()
    for pattern, last_first in ((_LAST_FIRST, True), (_FIRST_LAST, False), (_CAPITALS, False)):
        place = 0
        while found := pattern.search(text, place):
            first, last = (found.group(2), found.group(1)) if last_first else found.groups()
            first, last = first.lower(), last.lower()
            good = first in _given() and _may_be_surname(last) and not _office().match(text, found.end())
            # A word that is no given name may stand before one: "Witness Terrence Holloway".
            place = found.end() if good else found.end(1)
            if good and found.start() not in seen:
                seen.add(found.start())
                yield Value("name", f"{first} {last}", *found.span())


def _may_be_surname(word: str) -> bool:
    if word in _not_names() or len(word) < 3:
        return False
    return word in surnames() or not _ordinary(word)


def _ordinary(word: str) -> bool:
    return word in ordinary_words()


@cache
def _given() -> frozenset[str]:
    return frozenset(given_names()) | {name for name in nicknames() if len(name) > 2 and name not in ordinary_words()}


@cache
def _not_names() -> frozenset[str]:
    return frozenset(value_words()["not_names"])


@cache
def _office() -> re.Pattern[str]:
    """What makes the words before it an office's name: " Police" and " POLICE", but not the label "Police:"."""
    words = value_words()["offices"]
    return re.compile(f" (?:{'|'.join([*map(str.capitalize, words), *map(str.upper, words)])})\\b(?! ?:)")


@cache
def _said_number() -> re.Pattern[str]:
    kinds = "|".join(value_words()["numbers"])
    return re.compile(
        rf"\b({kinds})\b[ .:#]{{0,3}}(?:(?:number|no|num)\b[ .:#]{{0,3}})?([A-Z0-9][A-Z0-9-]{{3,19}})\b", re.IGNORECASE
    )


@cache
def _vehicle() -> re.Pattern[str]:
    words = value_words()
    colors, makes = "|".join(words["colors"]), "|".join(words["makes"])
    rest = r"(?:\s+(?P<model>[A-Z][a-z]+|[A-Z]?-?\d{2,4}|[A-Z]{3,})\b)?"
    first = rf"\b{_YEAR}(?i:(?P<color>{colors}))(?:\s+or\s+\w+)?\s+"
    return re.compile(rf"{first}(?:(?:19)?[3-9]\d\s+)?(?i:(?P<make>{makes}))\b{rest}")
