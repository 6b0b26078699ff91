"""Plates known by their company: the shape of others of the page, the rows beside them, the car in front of them.

Nothing labels them. What does is looked for here after all that has a label was found, and only on pages that speak of
vehicles or plates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from .columns import cells_under
from .gazetteers import any_of, words
from .plate_shapes import is_plate, shape_end, state_rule, whole_plate

# Shapes that one sign of each sort would not tell from a road, a room or an item: at least so many letters and figures.
_SIGNS = 5
_TOKEN = re.compile(
    r"(?<![\w$#/.-])(?=[A-Z0-9 -]{0,8}\d)(?=[A-Z0-9 -]{0,8}[A-Z])[A-Z0-9]{1,4}(?:[ -][A-Z0-9]{1,6}){0,2}(?![\w/-]|\.\d)"
)
# A word in front that makes it another number: "case B51-006", "room A12-4".
_LABELLED = re.compile(
    r"\b(?i:case|file|no|nos|number|item|exh(?:ibit)?|lab|report|room|rm|apt|unit|box|badge|route|rte|hwy|road|invoice|serial|ser|"
    r"model|roll|tip|lead|warrant|phone|tel|ext|ref|control|ticket|permit|receipt|zip|envelope|locker|bag|docket)s?\b\.?"
    r"[ :#]{0,3}$|#\s?$"
)
_VEHICLE_NOUN = re.compile(
    r"\b(?i:car|truck|pickup|pick-up|van|wrecker|jeep|sedan|coupe|wagon|convertible|hardtop|motorcycle|motorbike|cab|taxi|trailer|"
    r"camper|bus|auto|automobile|vehicle|cruiser|hearse|flatbed|stake|dump|tractor|scooter|moped|machine|limousine)s?\b"
)
_CAR_HEAD = re.compile(
    r"(?<![\w/.-])(?i:vehicles?|autos?|automobiles?|cars?|veh|auto/plate|car/plate)\b\.?(?=[ \t]{2}|[ \t]*\n)"
)
# Letters that name a road elsewhere: "a motorcycle, M-3308".
_MOTORCYCLE = re.compile(r"(?i:motor(?:cycle|bike)|cycle plates?),?\s(?P<plate>[A-Z]{1,2}-?\d{3,5})(?![\w/-]|\.\d)")
_BETWEEN = re.compile(r"[\s,:;(=-]{1,4}(?:[a-z]{1,6}\.?\s)?[\"“(]?")


def in_company(text: str, taken: list[tuple[int, int]], *, of_cars: bool) -> Iterator[tuple[int, int]]:
    """Places of plates that others of the page, their row or the vehicle in front of them make likely.

    of_cars  whether the page names vehicles or has plates; a table of cars needs neither
    """
    yield from _in_cars_column(text)
    yield from _in_licence_column(text)
    low = text.lower()
    for m in _MOTORCYCLE.finditer(text) if "cycle" in low or "motorbike" in low else ():
        yield m.span("plate")
    tokens = _tokens(text)
    partly = any(word in low for word in ("partial", "beginning", "starting", "ending"))
    if not (tokens or partly) or not (of_cars or _VEHICLE_NOUN.search(text)):
        return
    yield from _before_a_state(text, tokens)
    yield from _of_known_shape(text, taken, tokens)
    yield from _behind_a_car(text, tokens)
    yield from _before_a_car(text, tokens)
    for m in _REST.finditer(text) if "rest" in low or "bal" in low or "remainder" in low else ():
        yield m.span("plate")
    if partly:
        yield from _partial(text)
    yield from _in_a_block(text, taken)


# "Md. HK 4, rest not seen"; and the car behind its plate: "CRD 518  bl Pinto".
_REST = re.compile(
    r"(?<![\w-])(?P<plate>[A-Z]{1,3}[ -]?\d{1,3}|\d{1,3}[ -]?[A-Z]{1,3})"
    r"(?=[,;(]? ?\(?(?i:rest|balance|remainder|bal)\b)"
)
_CAR_NEXT = re.compile(r"[ \t]{1,4}(?:\(?[A-Za-z]{2,6}\.?[ \t]){0,2}(?P<word>[A-Za-z][\w-]+)")


def _before_a_car(text: str, tokens: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for start, end in tokens:
        after = _CAR_NEXT.match(text, end)
        made = after is not None and after["word"].lower() in any_of("things.makes", "things.models")
        if made and shape_end(text, start, loose=False) == end and _signs(text[start:end]) >= _SIGNS:
            yield start, end


# "MASS COMMERCIAL PARTIAL B48", "registrations beginning B48", "see partial RJ 44".
_PART = re.compile(
    r"\b(?:(?i:partials?(?:\s(?:plates?|tags?|lic(?:ense)?|reg(?:istration)?))?)"
    r"|(?i:(?:plates?|tags?|registrations?)\s(?:beginning|starting|ending))(?:\s(?:with|in))?)"
    r"(?:,?\s(?:of|is|was)|[,:])?\s[\"“(]?"
    r"(?P<plate>(?=[A-Z0-9 -]{0,5}\d)[A-Z0-9]{2,4}(?:[ -][A-Z0-9]{1,4})?)(?=-?(?:[\"”)\s,.;]|$))"
)


def _partial(text: str) -> Iterator[tuple[int, int]]:
    """What a witness has of a plate, called partial."""
    for m in _PART.finditer(text):
        if is_plate(m["plate"], pieces=True):
            yield m.span("plate")


def _of_known_shape(
    text: str, taken: list[tuple[int, int]], tokens: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Tokens of the very shape of a plate of this page: "B48-104" names what "B51-006" is."""
    shapes = {_signature(text[a:b]) for a, b in taken if _mixed(text[a:b]) and _signs(text[a:b]) >= _SIGNS}
    for start, end in tokens if shapes else ():
        if _signature(text[start:end]) in shapes:
            yield start, end


def _behind_a_car(text: str, tokens: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """ "wrecker B51-006", "a motorcycle, M-3308", "Yel Datsun 551-PRY": right behind a word of vehicles or a make."""
    for start, end in tokens:
        line = text[max(0, start - 40) : start]
        gap = re.search(r"(?: [a-z]{2,8})? \($|[\s,:;(=\"“-]+$", line)
        if gap is None or not (gap.group().endswith(" (") or _BETWEEN.fullmatch(gap.group())):
            continue
        word = re.search(r"[A-Za-z][\w'-]*\.?$", line[: gap.start()])
        if word is None:
            continue
        made = word.group().strip(".").lower() in any_of("things.makes", "things.models")
        noun = _VEHICLE_NOUN.fullmatch(word.group().strip("."))
        whole = shape_end(text, start, loose=False) == end
        signs = _signs(text[start:end])
        if (made or noun) and whole and signs >= _SIGNS:
            yield start, end


def _in_cars_column(text: str) -> Iterator[tuple[int, int]]:
    """What has the shape of a plate and fills a cell under the head of a column of cars."""
    for start, stop in cells_under(text, _CAR_HEAD) if "  " in text else ():
        if (
            shape_end(text, start, loose=False) == stop
            and _mixed(text[start:stop])
            and _signs(text[start:stop]) >= _SIGNS
        ):
            yield start, stop


# The head of a column of plates that names no vehicle beside it: the register of a camp, a motel, a lot.
_LICENCE_HEAD = re.compile(
    r"(?<![\w/.'’-])(?i:(?:(?:auto|car|vehicle|veh|make)(?: |\s?[/&]\s?))?"
    r"(?:licen[sc]e|lic\.?|plate|registration|reg\.?)s?(?: (?:plate|no|number|tag)s?\b\.?)?)"
    r"(?=[ \t]{2}|[ \t]*\n)"
)


def _in_licence_column(text: str) -> Iterator[tuple[int, int]]:
    """The plates under such a head, with or without their state, where two cells have the shape of one."""
    found = []
    for start, stop in cells_under(text, _LICENCE_HEAD) if "  " in text else ():
        state = state_rule().match(text, start, stop)
        at = state.end() if state and not whole_plate(text, start, state) else start
        if shape_end(text, at, loose=state is not None) == stop and is_plate(text[at:stop]):
            found.append((at, stop))
    if sum(_mixed(text[a:b]) for a, b in found) > 1:
        yield from found


def _before_a_state(text: str, tokens: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """ "10-28 on KC-2091 Colo., yellow Datsun": the state behind its plate, written out or cut short."""
    for start, end in tokens:
        if text[end : end + 1] != " " or _signs(text[start:end]) < _SIGNS:
            continue
        state = state_rule().match(text, end + 1)
        if state and len(state.group().strip(" /.,()-:")) > 2 and shape_end(text, start, loose=False) == end:
            yield start, end


_ROW_HEAD = re.compile(r"(?P<plate>(?=[A-Z0-9 -]{0,6}\d)[A-Z0-9]{1,4}(?:[ -][A-Z0-9]{1,6}){1,2})(?=[ \t]{2})")


def _in_a_block(text: str, taken: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """What begins its line where plates begin the line above and the line below, or the two above."""
    begins = {}
    for start, end in taken:
        line = text.rfind("\n", 0, start) + 1
        if not text[line:start].strip():
            begins[line] = (start - line, end)
    lines = [m.start() for m in re.finditer(r"(?m)^", text)] if len(begins) > 1 else []
    for i, line in enumerate(lines):
        if line in begins:
            continue
        near = [begins[other] for other in (*lines[max(0, i - 2) : i], *lines[i + 1 : i + 2]) if other in begins]
        blank = len(text[line:]) - len(text[line:].lstrip(" \t"))
        if len(near) < 2 or not all(abs(column - blank) <= 1 for column, _ in near):
            continue
        found = _ROW_HEAD.match(text, line + blank)
        if found and is_plate(found["plate"]):
            begins[line] = (blank, found.end())
            yield found.span("plate")


@lru_cache(maxsize=4)
def _tokens(text: str) -> tuple[tuple[int, int], ...]:
    """Places of what may be a plate by its signs; kept, since several rules ask for them one after the other."""
    found = []
    for m in _TOKEN.finditer(text):
        start, end = m.span()
        if not is_plate(m.group()) or _LABELLED.search(text, max(0, start - 14), start):
            continue
        if not any(word.lower() in words("words", "function") for word in re.findall(r"[A-Z]{2,}", m.group())):
            found.append((start, end))
    return tuple(found)


def _mixed(written: str) -> bool:
    return any(c.isdigit() for c in written) and any(c.isalpha() for c in written)


def _signs(written: str) -> int:
    return sum(c.isalnum() for c in written)


def _signature(written: str) -> str:
    """The shape: A for letters, 9 for figures, its gaps as they are."""
    return re.sub(r"[0-9?*]", "9", re.sub(r"[A-Z]", "A", written))
