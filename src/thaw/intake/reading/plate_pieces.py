"""Plates in the columns of tables, right behind a vehicle, and in the pieces that a witness has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from .anchors import anchors_of, heads_of, matches_at
from .columns import cells_under
from .gazetteers import any_of
from .mention import Mention
from .plate_shapes import is_plate, not_plates, shape_end, state_heads, state_rule, whole_plate

PLATE_WORDS = re.compile(r"(?i:\b(?:plates?|licen[sc]e|lic|tags?)\b)")
# A column of plates, and what stands in it: "49T3382", "4417 B", "WBX 03?", with or without a state in front.
_PLATE_HEAD = re.compile(
    r"(?<![\w/.-])(?:PLATE|Plate|TAG|Tag|LIC(?:ENSE)?|Lic(?:ense)?|REG|Reg)S?s?\b\.?"
    r"(?:[ /](?:NO|No|NUMBER|Number|PLATE|Plate|TAG|Tag|#)\b\.?|[ ]?#)?(?:[ /](?:ST|St|STATE|State)\b)?"
    r"(?=[ \t]{2}|[ \t]*\n)"
)

_PLATE_CELL = re.compile(
    r"(?=[^\s]*(?: [^\s]*)?\d|[A-Z]{3,7}(?:  |$))[A-Z0-9?*_]{1,4}(?:[ -]?[A-Z0-9?*_]{1,6}){0,2}(?![\w/.:?*-])"
)

_CARS_ABOVE = re.compile(r"(?i:\b(?:vehicles?|makes?|cars?|autos?|owners?|year|yr|model|colou?r|state|st)\b)")


def in_columns(text: str) -> Iterator[tuple[int, int, str]]:
    """What stands under the head of a column of plates, in a table of vehicles."""
    heads = [
        m for m in (_PLATE_HEAD.finditer(text) if "  " in text else ()) if _CARS_ABOVE.search(_line_of(text, m.start()))
    ]
    for start, stop in cells_under(text, _PLATE_HEAD) if heads else ():
        state = state_rule().match(text, start, stop)
        at = state.end() if state and not whole_plate(text, start, state) else start
        found = _PLATE_CELL.match(text, at, stop)
        end = shape_end(text, at, loose=True) or (found.end() if found else None)
        if end is None or end > stop or (found and found.end() > end):
            end = found.end() if found else None
        long = sum(c.isalnum() or c in "?*_" for c in text[at : end or at]) > 2
        if end is not None and text[at:end].isalpha() and text[text.rfind("\n", 0, start) + 1 : start].strip() == "":
            continue  # "NNNN", "TPR": a line of words below the table
        if end is not None and long and is_plate(text[at:end], pieces=True):
            yield at, end, state.group().strip(" /.,()-") if state and at > start else ""


def _line_of(text: str, at: int) -> str:
    return text[text.rfind("\n", 0, at) + 1 : (text + "\n").find("\n", at)]


# "Louisiana plate. Wrote 417 B 88 on his hand", "put down 1746 on his pad": what somebody noted, near a word of plates.
_NOTED = re.compile(
    r"\b(?i:wrote|writes|noted|jotted|scratched|put|copied|took|got|gave|read|remembers?|recalls?|thinks?|saw|"
    r"caught|made out)\b"
    r"(?: (?:it |her |him |them |me |the |down |as |out |only |part |of ){1,4}| )[\"“]?"
    r"(?P<plate>(?=[A-Z0-9 -]*\d)[A-Z0-9]{1,4}(?:[ -][A-Z0-9]{1,4}){0,2})[\"”]?"
    r"(?=[.,;)]| (?:on|in|and|but|maybe|from|off|then|for) |\s?\n)"
)


_NOTED_HEADS = heads_of(
    [
        "wrote",
        "writes",
        "noted",
        "jotted",
        "scratched",
        "put",
        "copied",
        "took",
        "got",
        "gave",
        "read",
        "remember",
        "recall",
        "think",
        "saw",
        "caught",
        "made",
    ]
)


def noted(text: str) -> Iterator[tuple[int, int]]:
    """Plates that somebody wrote down or remembers, two sentences at most behind a word of plates."""
    places = anchors_of(text).at(_NOTED_HEADS) if PLATE_WORDS.search(text) else []
    for m in matches_at(_NOTED, text, places):
        plain = re.sub(r"[^A-Z0-9]", "", m["plate"])
        mixed = any(map(str.isalpha, plain)) and any(map(str.isdigit, plain))
        down = " down " in m.group() or m.group().lower().startswith(("wrote", "copied", "jotted", "noted"))
        near = PLATE_WORDS.search(text, max(0, m.start() - 90), m.start())
        told = mixed or (down and len(plain) <= 6)
        if near and told and len(plain) >= 3 and is_plate(m["plate"], pieces=True):
            yield m.span("plate")


# "Ohio KL- only", "K-L something", "first part 3B-19": what a witness has of a plate.
_DASHED = re.compile(r"[A-Z0-9]{2,4}-(?=[\s,.;)]|\?+)")

_OPEN_END, _PARTS = re.compile(r"[A-Z0-9]-[\s,.;)?]"), re.compile(r" (?:part|half|portion|end|bit|PART|HALF)\b")
_SOMETHING = re.compile(
    r"(?<![\w-])[\"“]?(?P<plate>[A-Z0-9](?:-?[A-Z0-9]){1,4})[\"”]?,?"
    r"(?:-| ?(?:and )?(?:something|blank|dash something))(?![\w-])"
)

_FIRST_PART = re.compile(
    r"\b(?i:first|last|front|back)\s(?i:part|half|portion|end|bit)\s(?:(?i:is|was|being|of it)\s)?[\"“]?"
    r"(?P<plate>[A-Z0-9]{1,4}(?:[ -][A-Z0-9]{1,4})?)(?![\w-])"
)


def begun(text: str, vehicles: list[Mention]) -> Iterator[tuple[int, int, str]]:
    """Pieces of plates, where the page speaks of plates or vehicles right before them."""
    if _OPEN_END.search(text) and (vehicles or PLATE_WORDS.search(text)):
        for m in matches_at(state_rule(), text, anchors_of(text).at(state_heads())):
            piece = _DASHED.match(text, m.end())
            if piece and not any(w in not_plates() for w in re.findall("[A-Z]+", piece.group())):
                yield m.end(), piece.end() - 1, m.group().strip(" /.,()-")
    for m in _SOMETHING.finditer(text) if "something" in text or "blank" in text else ():
        spoken = PLATE_WORDS.search(text, max(0, m.start() - 140), m.start())
        if spoken and (re.search(r"\d|-", m["plate"]) or m["plate"].isupper()) and m["plate"] not in not_plates():
            yield *m.span("plate"), ""
    for m in _FIRST_PART.finditer(text) if _PARTS.search(text) else ():
        near = any(0 <= m.start() - v.end < 60 for v in vehicles) or PLATE_WORDS.search(
            text, max(0, m.start() - 80), m.start()
        )
        if near and re.search(r"\d", m["plate"]):
            yield *m.span("plate"), ""


# "Honda motorcycle, 4417 B (Dunphy, guard)": figures and a letter or two right behind a vehicle.
_BEHIND = re.compile(
    r",?\s(?P<plate>\d{2,5}[ -][A-Z]{1,3}|[A-Z]{1,3}[ -]\d{2,5}|\d{1,3}[A-Z]{1,2}\d{2,5})(?=\s?[(,.;)]|\s?\n)"
)
# "Ford PU 38 AB 117     6-2", in the cell of a table: a make, perhaps its body, and a plate that fills the cell.
_IN_A_CELL = re.compile(
    r"\b(?P<make>[A-Z][A-Za-z]{2,9})\.?(?: (?:PU|P/U|pu|van|Van|truck|wagon|sedan|cpe|cvt|4D|2D|4dr|2dr|conv|SW|sw))? "
    r"(?P<plate>(?=[A-Z0-9 -]*\d)(?=[A-Z0-9 -]*[A-Z])[A-Z0-9]{1,4}(?:[ -]?[A-Z0-9]{1,6}){0,2})"
    r"(?=[ \t]{2}|[ \t]*\n|[ \t]*$)",
    re.MULTILINE,
)


@cache
def _make_heads() -> tuple[str, ...]:
    return heads_of(any_of("things.makes", "things.models"))


def behind(text: str, vehicles: list[Mention]) -> Iterator[tuple[int, int]]:
    """A plate after the comma that ends a vehicle, or in one cell with it: "Honda motorcycle, 4417 B"."""
    places = anchors_of(text).at(_make_heads()) if "  " in text else []
    for m in matches_at(_IN_A_CELL, text, places):
        plain = re.sub(r"[^A-Z0-9]", "", m["plate"])
        made = m["make"].lower() in any_of("things.makes", "things.models")
        if made and len(plain) >= 4 and sum(map(str.isdigit, plain)) >= 2 and is_plate(m["plate"], pieces=True):
            yield m.span("plate")
    for vehicle in vehicles:
        after = _BEHIND.match(text, vehicle.end)
        plain = re.sub(r"[^A-Z0-9]", "", after["plate"]) if after else ""
        if after and len(plain) >= 4 and after.group()[0] == "," and is_plate(after["plate"]):
            yield after.span("plate")
