"""The shapes of plates, and the states that stand before them."""

from __future__ import annotations

import re
from functools import cache

from .anchors import heads_of
from .gazetteers import any_of, phrases, table, words

_X, _L, _SEP = "[0-9?*_]", "[A-Z?*]", "[ ·-]?"

# In the order of trying; the longest that fits counts. Loose ones need a label.
_SHAPES = tuple(
    re.compile(shape + r"(?![\w?*])(?!-\w)")
    for shape in (
        rf"{_L}{{1,4}}{_SEP}{_X}{{2,5}}[A-Z]?",  # ABC 123, AB-1234, KB9917, ABC12D
        rf"{_X}{{2,4}}{_SEP}{_L}{{2,3}}",  # 123 ABC, 491-KVB
        rf"{_X}{{1,3}}{_L}{{1,3}}{_SEP}{_X}{{2,5}}",  # 7ABC123, 1A2407, 2C 41207
        rf"{_X}{{1,2}}-{_L}{{1,2}}-?{_X}{{2,5}}",  # 12-A-345, 3-B407
        rf"{_L}{{1,3}}{_X}{{1,3}}{_SEP}{_L}{{1,3}}{_X}{{0,4}}",  # BC1 D234, A12-BCD
        rf"{_X}{{1,3}}{_SEP}{_L}{{1,3}}{_SEP}{_X}{{1,4}}{_L}?",  # 1-AB-2, 4A1 2BC
        rf"{_X}{{1,2}}-{_X}{{3,6}}[A-Z]",  # 3-48812P
        rf"[A-Z]{{2}} [A-Z] {_X}{{1,4}}",  # JO P 441
        rf"[A-Z]{{1,2}}{_SEP}{_X}{{1,3}}-{_X}{{2,6}}",  # T44-019, G13-20881, H 27-106
        rf"{_X}{{1,3}}{_L}{{1,2}}{_SEP}{_X}{{1,2}}{_L}{{1,3}}",  # 88Y 2KM
        rf"{_L}{{2,3}}{_X} ?{_X}{{2}}{_L}",  # JW4 71K
        rf"{_X}{_L}{{2}} ?{_X}{{2}}{_L}",  # 8TK 15B
        rf"{_L}{{3}} ?{_X}{{2}}{_L}",  # QXB 71T
        rf"{_L} ?{_X}{{4,5}} ?{_L}",  # A 4172 K, C08133X
    )
)

_LOOSE = tuple(
    re.compile(shape + r"(?![\w?*])(?!-\w)")
    for shape in (
        rf"{_X}{{1,2}}-{_X}{{1,6}}[A-Z]?",  # 3-48812P: the county's number first
        rf"{_L}{{1,4}}{_SEP}{_X}{{1,5}}[A-Z]?",
        rf"{_X}{{1,4}}{_SEP}{_L}{{1,3}}",
        rf"{_X}{{3}}[ -]{_X}{{3}}",  # 408-611
        rf"(?:{_L}{_X}{{1,6}}|{_X}{{2,7}})",
        r"[A-Z]{3}(?=[\s,.;)\"”'])",
    )
)

SPELLED = re.compile(r"(?<![\w-])[A-Z](?:-[A-Z0-9]){1,6}(?![\w-])")

ROAD = re.compile(r"(?:I|US|SR|CR|RT|RTE|HWY|FM|M)[ -]?\d{1,4}$")

_MEASURES = frozenset(["BLN", "LBS", "MPH", "HRS", "YRS", "CAL"])
MONTHS = frozenset(["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"])


def whole_plate(text: str, at: int, state: re.Match[str]) -> bool:
    """Whether two letters that name a state are the plate's own: nothing that is a plate by itself follows."""
    return (
        len(state.group().strip(" /.,()-")) == 2
        and shape_end(text, state.end(), loose=False) is None
        and (shape_end(text, at, loose=False) is not None)
    )


def shape_end(text: str, at: int, *, loose: bool) -> int | None:
    """Where the longest shape that begins here ends, or None."""
    if spelled := SPELLED.match(text, at):
        return spelled.end() if loose else None
    ends = [m.end() for shape in _SHAPES if (m := shape.match(text, at)) and is_plate(m.group())]
    if not ends and loose:
        ends = [m.end() for shape in _LOOSE if (m := shape.match(text, at)) and is_plate(m.group(), pieces=True)]
    return max(ends, default=None)


def is_plate(written: str, *, pieces: bool = False) -> bool:
    """Whether letters and figures of that shape can be a plate and are no month, color, year or word."""
    plain = re.sub(r"[^A-Z0-9?*_]", "", written)
    letters = re.findall(r"[A-Z]+", written)
    if len(letters) == 1 and letters[0] == plain and plain.lower() in any_of("things.makes", "things.colors"):
        return False  # "the tag of the GMC"
    # "448 LBS" weighs; "LBS 448" may be a plate.
    weighs = not (letters[:1] and letters[0] in _MEASURES and re.fullmatch(r"[A-Z]{3}[ -]\d{3,4}", written))
    if weighs and any(word in not_plates() or word in MONTHS for word in letters):
        return False
    if not 2 <= len(plain) <= 8:
        return False
    if not re.search(r"[A-Z0-9]", plain):
        return False  # the empty line of a form
    if re.match(r"(?:19|20)\d\d(?:$|[ -][A-Z])", written) or ROAD.fullmatch(written):
        return False
    if re.fullmatch(r"[A-Z]{2} \d{5}", written) and written[:2] in table("places", "usps"):
        return False  # a state and its postal code
    # "512 ND": the state stands after its plate; "4D", "2DR" are doors.
    if re.fullmatch(r"[\d?*_]+ [A-Z]{2}", written) and letters[-1] in table("places", "usps"):
        return False
    if re.fullmatch(r"\d ?D|\d ?DR", written):
        return False
    return pieces or bool(re.search(r"[\d?*_]", plain))


@cache
def not_plates() -> frozenset[str]:
    """Words of capitals that are no plates."""
    return words("vehicles", "not_plates")


@cache
def state_heads() -> tuple[str, ...]:
    """First letters of every form of a state."""
    return heads_of([*state_names(), *short_states(), *state_codes(), "n", "s", "w"])


@cache
def state_names() -> tuple[str, ...]:
    """States and provinces written out."""
    more = (*phrases("places", "more_states"), *phrases("vehicles", "provinces"))
    return (*table("places", "state_forms").values(), *more)


@cache
def short_states() -> tuple[str, ...]:
    """Short forms of states with a point."""
    return (*table("places", "state_forms"), *words("vehicles", "short_states"))


@cache
def state_codes() -> tuple[str, ...]:
    """Codes of states and provinces, of two letters."""
    return (*table("places", "usps"), *words("vehicles", "province_codes"))


@cache
def state_rule() -> re.Pattern[str]:
    """A state or province before a plate, with the blank or stroke after it."""
    names, short, codes = state_names(), short_states(), state_codes()
    long = "|".join(re.escape(n) for n in sorted({*names, *(n.upper() for n in names)}, key=len, reverse=True))
    forms = "|".join(re.escape(n) for n in sorted({*short, *(n.upper() for n in short)}, key=len, reverse=True))
    # On a teletype a state has no point: "MICH 4417 FT", "WISC H 27-106".
    upper = "|".join(sorted({n.upper() for n in short if len(n) > 2 and n.isalpha()}, key=len, reverse=True))
    titled = "|".join(sorted({n for n in short if len(n) > 2 and n.isalpha()}, key=len, reverse=True))
    return re.compile(
        rf"(?<![\w-])\(?(?:{long}|(?:{upper})(?= [A-Z0-9]{{1,4}}[ -]?[A-Z0-9])|"
        # "van, Wis B42-619": without its point only before a plate.
        rf"(?:{titled})(?= (?=[A-Z0-9 -]*\d)[A-Z][A-Z0-9]{{0,3}}[ -]\d)|"
        rf"(?:[NSW]\. ?)?(?:{forms})\.|"
        rf"(?:N\.? ?Mex|[NS]\.? ?Dak|[NS]\.? ?Car|W\.? ?Va)\b|(?:{'|'.join(codes)}))\)?(?:\s*[/:-]\s*|\.?,?\s+)"
    )


def state_before(text: str, start: int) -> str | None:
    """The state right before a label, or None: "Wisconsin truck plate", a word between."""
    before = text[max(0, start - 40) : start]
    found = [m for m in state_rule().finditer(before + " ") if re.fullmatch(r"(?:[a-z]+\s+)?", before[m.end() :])]
    return found[-1].group().strip(" /.,()-") if found else None
