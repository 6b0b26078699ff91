"""Licence plates: after their label, after their state, beside a vehicle, or in pieces that a witness remembers.

The shapes are those of the states of the USA and the provinces of Canada since the fifties: letters and figures in two
or three groups, a county's number in front, figures only, and words that an owner chose. A shape alone is never enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from .anchors import anchors_of, heads_of, matches_at
from .gazetteers import words
from .mention import Mention
from .plate_company import in_company
from .plate_pieces import PLATE_WORDS, begun, behind, in_columns, noted
from .plate_shapes import ROAD, is_plate, shape_end, state_before, state_codes, state_heads, state_rule, whole_plate

_PERSONAL = re.compile(r"(?=[A-Z0-9-]{2,8}(?![\w-]))[A-Z][A-Z0-9]{0,7}(?:-[A-Z0-9]{1,5})?(?![\w-])")
_LABEL = re.compile(
    r"(?<![\w-])(?:"
    r"(?P<own>(?:personali[sz]ed|vanity)(?:\s+(?:plates?|tags?|licen[sc]e))*)"
    r"|index(?:\s+(?:number|mark|no\.?))?|number\s+plates?|VRN|VRM"
    r"|(?:temp(?:orary|\.)?|paper|dealer['’]?s?|drive-out)\s+(?:(?:operating\s+)?permits?|tags?|plates?|registration)"
    r"|(?P<part>partials?)|(?:[lI1]i[ce]en[sc]e|lic|plates?|tags?|registration|registered|reg|LP|L/P|R/P)"
    r"(?:[\s-]+(?:plates?|tags?))?|(?P<bears>bearing|bore|displaying|displayed|wearing))(?![a-z])\.?",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"(?:[\s:#,(/\"“']|(?:numbers?|nos?|num|is|was|of|under|bearing|reading|reads?|with|beginning|starting|begins|"
    r"down|it|her|his|starts|ending|ends|in|containing|"
    r"possibly|poss|partial|partially|maybe|as|like|being|the|letters|digits|figures|number|plate|plates|State)\b\.?){0,9}",
    re.IGNORECASE,
)
_FRAGMENT = re.compile(
    r"(?i:\b(?:plates?|licen[sc]e|lic|tags?|partial)\b(?:(?!\n\s*\n)[\s\S]){0,110}?\b(?:began|begins|beginning|started|starting|starts|ended|"
    r"ending|ends|contained|containing|"
    r"(?:first|last)\s+(?:part|half|(?:two|three|four|2|3|4)(?:\s+(?:letters|digits|numbers|"
    r"characters))?))\b[^.\n]{0,12}?"
    r"(?:with|in|were|was|are)?\s*(?:the\s+)?(?:letters?|numbers?|digits?|"
    r"characters?)?\s*)[\"“']?(?P<plate>[A-Z0-9](?:[A-Z0-9]|[ -](?=[A-Z0-9]\b)){1,6})\b[\"”']?"
    r"|(?i:\b(?:first|last)\s+(?:two|three|four|2|3|4)\s+(?:letters\s+|digits\s+|numbers\s+|characters\s+|figures\s+)?(?:of|on|"
    r"in)\s+(?:the\s+|her\s+|his\s+|its\s+)?"
    r"(?:plates?|licen[sc]e|tags?)\s+(?:were|was|are|is|being|as)\s+)[\"“']?(?P<plate2>[A-Z0-9](?:[A-Z0-9]|"
    r"[ -](?=[A-Z0-9]\b)){1,6})\b"
    r"|(?i:\b(?:plates?|licen[sc]e|tags?)\s(?:w/|with|had)\s(?:an?\s|the\s(?:letters?|numbers?|figures?|digits?)\s)?)[\"“]"
    r"(?P<plate3>[A-Z0-9][A-Z0-9 -]{0,6})[\"”]"
)
_SAID = re.compile(r"(?:[Pp]late|PLATE|[Ll]ic(?:en[sc]e)?|LIC(?:ENSE)?|[Tt]ag|TAG|[Pp]artial)s?\b")
_NEAR = re.compile(
    r"\b(?:plates?|licen[sc]e|lic|registered|registration|DMV|NCIC|R/?O|vehicle|car|truck|pickup|van|bearing|"
    r"displaying|VIN|"
    r"driver|driven|drove|drives|driving|BOLO|jeep|sedan|coupe|wagon|motorcycle|traffic stop)\b",
    re.I,
)


def find_plates(text: str, vehicles: list[Mention]) -> Iterator[Mention]:
    """Licence plates; normal form letters and digits, `?` for an unread one, `detail` the state where one is named."""
    taken: list[tuple[int, int]] = []

    def free(start: int, end: int) -> bool:
        return not any(a < end and start < b for a, b in taken)

    spoken = bool(PLATE_WORDS.search(text))
    for rule, found in (
        ("fragment", _fragments(text) if spoken else ()),
        ("column", in_columns(text)),
        ("label", (*_labelled(text, vehicles), *_named_after(text))),
        ("begun", begun(text, vehicles)),
        ("state", _after_state(text, vehicles)),
    ):
        for start, end, state in found:
            if free(start, end):
                taken.append((start, end))
                yield _plate(text, start, end, rule, state)
    for start, end in (*_alternatives(text, taken), *_said_again(text, taken)):
        if free(start, end):
            taken.append((start, end))
            yield _plate(text, start, end, "again", "")
    for start, end in (
        *noted(text),
        *_before_state(text, taken),
        *_county_numbers(text, vehicles),
        *behind(text, vehicles),
        *_of_one_county(text, taken),
    ):
        if free(start, end):
            taken.append((start, end))
            yield _plate(text, start, end, "county", "")
    for start, end in in_company(text, taken, of_cars=bool(vehicles or taken)):
        if free(start, end):
            taken.append((start, end))
            yield _plate(text, start, end, "company", "")
    lines = {text.rfind("\n", 0, start) for start, _ in taken}
    for start, end in _bare(text):
        sure = text.rfind("\n", 0, start) in lines or _beside(text, start, end, vehicles)
        if sure and free(start, end):
            taken.append((start, end))
            yield _plate(text, start, end, "bare", "")


def _fragments(text: str) -> Iterator[tuple[int, int, str]]:
    for m in _FRAGMENT.finditer(text) if _SAID.search(text) else ():
        name = "plate" if m["plate"] else "plate2" if m["plate2"] else "plate3"
        if is_plate(m[name], pieces=True):
            start, end = m.span(name)
            yield start, max(end, shape_end(text, start, loose=True) or end), ""


def _labelled(text: str, vehicles: list[Mention]) -> Iterator[tuple[int, int, str]]:
    """After a label, and words, a state or marks between: "Minnesota plate DKR 4?8", "LIC ND/ABR512"."""
    places = anchors_of(text).at(_LABEL_HEADS)
    if _MISREAD_LABEL in text:
        places = sorted([*places, *(m.start() for m in re.finditer(_MISREAD_LABEL, text))])
    for m in matches_at(_LABEL, text, places):
        at, state = _past(text, m.end())
        own = bool(m["own"])
        if m["bears"] and not (shape_end(text, at, loose=False) or _of_figures(text, at)):
            continue
        driven = any(-60 < v.end - m.start() <= 0 for v in vehicles)
        if m["part"] and not (driven or _CAR.search(text, max(0, m.start() - 60), m.start())):
            continue  # a print
        if m["part"] and not (_MIXED.match(text, at) and "\n" not in text[m.end() : at]):
            continue
        if m["bears"] and not driven and not _CAR.search(text, max(0, m.start() - 80), m.start()):
            continue  # an envelope bearing a number
        end = shape_end(text, at, loose=True)
        if own and (found := _PERSONAL.match(text, at)) and (end is None or found.end() > end):
            end = found.end()
        if end is None and (told := _TOLD.match(text, m.end())):
            at, end = told.end(), shape_end(text, told.end(), loose=False)
            county = _COUNTY_PIECE.match(text, at) if end is None else None
            end = county.end() if county else end
        road = _LIKE_A_ROAD.match(text, at) if end is None and not text[m.end() : at].strip() else None
        if road and _PLATE_WORD.search(text, max(0, at - 12), at):
            end = road.end()
        told_by_state = state_before(text, m.start()) if end is None or not re.search("[A-Z]", text[at:end]) else None
        if told_by_state:
            end = _of_figures(text, at) or end  # "DE REG 214 880"
        if end is None or re.search(r"\n\s*\n", text[m.end() : at]):
            continue
        if m.group().lower() in ("registered", "registration", "reg", "reg.") and not (
            told_by_state or re.search(r"[A-Z]", text[at:end])
        ):
            continue  # registered mail, and the registration of a voter
        if m.group().lower().startswith("tag") and re.fullmatch(r"\d{1,3}", text[at:end]):
            continue  # of evidence
        if m.group().lower().startswith("tag") and _OF_EVIDENCE.search(text, max(0, m.start() - 12), m.start()):
            continue
        if not state:
            before = state_before(text, m.start())
            state = before or ""
        yield at, end, state


_MIXED = re.compile(r"(?=[A-Z0-9 ?-]{0,7}[A-Z?])(?=[A-Z0-9 ?-]{0,7}\d)")  # letters and figures
_LABEL_HEADS = heads_of(
    [
        *(
            "personalized",
            "vanity",
            "index",
            "number",
            "vrn",
            "vrm",
            "temp",
            "paper",
            "dealer",
            "drive",
            "license",
            "partial",
        ),
        *(
            "licence",
            "iicense",
            "plate",
            "tag",
            "registration",
            "lp",
            "l",
            "r",
            "bearing",
            "bore",
            "displaying",
            "wearing",
        ),
    ]
)
_MISREAD_LABEL = "1icen"  # "1icense", as bad print is read
_COUNTY_PIECE = re.compile(r"\d{1,2}-\d{1,5}(?![\w/-]|:\d)")
_OF_EVIDENCE = re.compile(r"\b(?:property|evidence|evid|item|toe|price|name|dog)\s*$", re.I)


def _named_after(text: str) -> Iterator[tuple[int, int, str]]:
    """ "It carried 26-1107 plates": the label after its plate."""
    for m in _LABEL_AFTER.finditer(text) if PLATE_WORDS.search(text) else ():
        end = shape_end(text, m.start(), loose=False) or _of_figures(text, m.start())
        if end == m.end():
            yield m.start(), m.end(), ""


_LABEL_AFTER = re.compile(
    r"(?<![\w$#/.-])(?=[A-Z]{0,3}[ -]?\d)[A-Z0-9]{1,4}(?:[ -][A-Z0-9]{1,6}){0,2}"
    r"(?=\s+(?:licen[sc]e\s+)?(?:plates?|tags?)\b)"
)
_CAR = re.compile(
    r"\b(?:vehicle|car|auto(?:mobile)?|truck|pickup|van|jeep|sedan|coupe|wagon|convertible|motorcycle|cab|trailer|bus|"
    r"camper|machine)\b",
    re.I,
)
# "The Arizona plate because it had my birthday: 1H 0412".
_TOLD = re.compile(r"[^.:;\n]{1,60}:\s*[\"“]?")
# A state's plate of figures alone, on a page that speaks of plates above: "NH 318 559", "Wyo. 8-1402".
_FIGURES = re.compile(r"\d{1,2}-\d{3,6}(?![\w-])|\d{3}[ -]\d{3}(?![\w-])|\d{5,6}(?![\w-])")
_PARTIAL = re.compile(r"[\"“]?(?P<plate>[A-Z0-9]{1,4}(?:[ -][A-Z0-9]{1,4})?)[\"”]?\s*\((?:partial|part\.?)\)")
_LABELLED_ABOVE = re.compile(r"(?i:\b(?:plates?|lic(?:en[sc]es?)?|tags?|registrations?|DMV)\b)")
_OR = re.compile(
    r"[\"”]?(?:\s*\([^)\n]{1,24}\))?,?\s*(?:(?:or|maybe|perhaps|possibly|poss\.?|and|and/or|through|thru|to|not|try|see|&|/)\s*"
    r"(?:possibly|maybe|even|also)?|,)\s*[\"“]?",
    re.I,
)


def _of_figures(text: str, at: int) -> int | None:
    found = _FIGURES.match(text, at)
    return found.end() if found else None


def _alternatives(text: str, taken: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """ "2K 18847, maybe 2K 18841", "XR-8814 through XR-8819": after a plate another of its shape."""
    for start, end in list(taken):
        at, shape = end, _signature(text[start:end])
        while (link := _OR.match(text, at)) and (found := _END.match(text, link.end())):
            piece = len(shape) < 4 and text[start - 1] in '"“' and text[found.start() - 1] in '"“'
            if _signature(found.group()) != shape or (len(shape) < 4 and not piece):
                break
            yield found.span()
            at = found.end()


def _said_again(text: str, taken: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """A plate of the page said again without its label, and one that differs from it by a sign or two."""
    known = {text[a:b] for a, b in taken}
    shapes = {_signature(written) for written in known if len(_bare_signs(written)) >= 5}
    if not shapes:
        return
    plain = {_bare_signs(written) for written in known}
    for m in _END.finditer(text):
        if len(m.group()) < 5 or _signature(m.group()) not in shapes:
            continue
        signs = _bare_signs(m.group())
        if any(_close(signs, one) for one in plain):
            yield m.span()


# "8TK 15B TX     GHN 771 MS     2B 61804 AL": plates with their state behind them, in a row.
_STATE_CODE = re.compile(r"[A-Z]{2}(?=\s\(|[.,;)]|[ \t]{2}|[ \t]*(?:\n|$))")
_PLATE_BEFORE = re.compile(r"(?<![\w$#/.-])(?P<plate>(?=[A-Z0-9 -]*\d)[A-Z0-9]{1,4}(?:[ -][A-Z0-9]{1,6}){1,2}) $")


def _before_state(text: str, taken: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Plates right before the code of their state, where the page has plates or the row two of them."""
    places = [m.start() for m in matches_at(_STATE_CODE, text, anchors_of(text).at(_code_heads()))]
    behind = [_PLATE_BEFORE.search(text, max(0, at - 16), at) for at in places if text[at - 1 : at] == " "]
    found = [m for m in behind if m and is_plate(m["plate"])]
    lines = [text.rfind("\n", 0, m.start()) for m in found]
    for m, line in zip(found, lines, strict=True):
        long = len(re.sub(r"[^A-Z0-9]", "", m["plate"])) >= 5
        if long and (taken or lines.count(line) > 1):
            yield m.span("plate")


@cache
def _code_heads() -> tuple[str, ...]:
    return heads_of(state_codes())


_CAR_OR_PLATE = re.compile(
    r"\b(?i:plates?|tags?|licen[sc]e|lic|truck|car|pickup|sedan|wagon|van|auto|coupe|vehicle)\b\.?"
    r"(?:,? on [A-Z][\w'’]* \w+)?,? "
    r"$"
)
_COUNTY_SHAPE = re.compile(r"(?<![\w$#/.-])(?P<county>\d{1,2})-\d{3,5}(?![\w/]|-\d)")


def _of_one_county(text: str, taken: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """ "The truck, 82-1746": a county's number behind a word of cars; and others of that county and length."""
    shapes = list(matches_at(_COUNTY_SHAPE, text, anchors_of(text).at((), figures="marked")))
    found = [m.span() for m in shapes if _CAR_OR_PLATE.search(text, max(0, m.start() - 40), m.start())]
    known = {text[a:b] for a, b in (*taken, *found) if _COUNTY_SHAPE.fullmatch(text, a, b)}
    alike = {(written.partition("-")[0], len(written)) for written in known}
    yield from found
    for m in shapes if alike else ():
        if (m["county"], len(m.group())) in alike:
            yield m.span()


_END = re.compile(r"(?<![\w$#/.-])[A-Z0-9]{1,4}(?:[ -][A-Z0-9]{1,6}){0,2}(?![\w/-])")


def _close(one: str, other: str) -> bool:
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) <= 2


def _bare_signs(written: str) -> str:
    return re.sub(r"[^A-Z0-9?]", "", re.sub(r"[*_]", "?", written))


def _signature(written: str) -> str:
    """The shape of a plate: A for letters, 9 for figures, its gaps as they are: "999 AAA"."""
    return written.translate(_SHAPE)


_SHAPE = str.maketrans(dict.fromkeys("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "A") | dict.fromkeys("0123456789?*", "9"))


def _past(text: str, at: int) -> tuple[int, str]:
    """The place after filling words and a state, and the state."""
    state = ""
    for _ in range(3):
        filler = _FILLER.match(text, at)
        at = filler.end() if filler else at
        found = state_rule().match(text, at)
        # "OR 123" after a label is a state; "ORB 123" is a plate, and "MA 4412" may be one.
        if found is None or (not state and whole_plate(text, at, found)):
            break
        state, at = found.group().strip(" /.,()-"), found.end()
    return at, state


def _after_state(text: str, vehicles: list[Mention]) -> Iterator[tuple[int, int, str]]:
    """ "ND ABR 512 - 1979 Chevrolet", "SD 1A2407:" where the page speaks of vehicles."""
    if not (vehicles or _NEAR.search(text)):
        return
    places = anchors_of(text).at(state_heads())
    for m in matches_at(state_rule(), text, places):
        end = shape_end(text, m.end(), loose=False) or _of_figures(text, m.end())
        if end is None and (partial := _PARTIAL.match(text, m.end())):
            yield m.end(), partial.end("plate"), m.group().strip(" /.,()-")
            continue
        figures = end is not None and not re.search(r"[A-Z]", text[m.end() : end])
        # "ME-91-0077" is no plate of Maine.
        county = figures and "-" in text[m.end() : end] and not (text[m.end() - 1] == "-" and text[m.start()].isupper())
        if (
            end is None
            or ROAD.match(text[m.end() : end])
            or (figures and not county and not _LABELLED_ABOVE.search(text, 0, m.start()))
        ):
            continue
        head = text[text.rfind("\n", 0, m.start()) + 1 : m.start()].strip(" \t-*•>.)0123456789")
        spoken = _LABELLED_ABOVE.search(text, max(0, m.start() - 160), m.start())
        if figures and _short_code(m) and not (spoken or _beside(text, m.start(), end, vehicles)):
            continue  # "LA 164-497", the file of an office
        above = county and _LABELLED_ABOVE.search(text, 0, m.start())
        mixed = not figures and _LABELLED_ABOVE.search(text, max(0, m.start() - 60), m.start())
        if mixed or not head or (spoken and figures) or above or county or _beside(text, m.start(), end, vehicles):
            yield m.end(), end, m.group().strip(" /.,()-")


def _short_code(m: re.Match[str]) -> bool:
    """Whether a state stands as its two letters only."""
    return len(m.group().strip(" /.,()-:")) == 2


def _bare(text: str) -> Iterator[tuple[int, int]]:
    for m in re.finditer(r"(?<![\w?$#/.-])(?=[A-Z0-9]{1,3}[ -]?[A-Z0-9]{2,4})[A-Z0-9]", text):
        end = shape_end(text, m.start(), loose=False)
        if end is None:
            continue
        if any(word.lower() in words("words", "function") for word in re.findall(r"[A-Z]{2,}", text[m.start() : end])):
            continue  # "CLOSER THAN 10 FT"
        plain = re.sub(r"[^A-Z0-9]", "", text[m.start() : end])
        # Fewer than five say too little without a label.
        if 5 <= len(plain) <= 7 and re.search(r"[A-Z]{2}", plain) and re.search(r"\d{2}", plain):
            yield m.start(), end


_FIGURE_LETTER = re.compile(r"(?<!\w)\d[A-Z]{1,2}-\d{3}")
_COUNTY = re.compile(r"(?<![\w$#/.-])(?:\d{1,2}-\d{3,5}|[A-Z]{1,2}\d{1,2}-\d{2,4}|\d[A-Z]{1,2}-\d{3,4})(?![\w/]|-\d)")
_TO_A_COUNTY = re.compile(r"[\s,;(]*(?:(?!\b(?:case|lab|file|no|item|phone|tel)\b)[^.:\n]){0,36}$", re.I)


def _county_numbers(text: str, vehicles: list[Mention]) -> Iterator[tuple[int, int]]:
    """ "1966 Ford F-100, white over green, 12-7714": a county's number right behind a vehicle."""
    if not vehicles:
        return
    marked = anchors_of(text).at((), figures="marked") + [m.start() for m in _FIGURE_LETTER.finditer(text)]
    # The letters of "E55-219" stand before its figures.
    led = [at - back for at in marked for back in (1, 2) if at >= back and text[at - back : at].isalpha()]
    places = sorted({*marked, *led})
    for m in matches_at(_COUNTY, text, places):
        behind = [v for v in vehicles if 0 <= m.start() - v.end < 40]
        if any(_TO_A_COUNTY.fullmatch(text[v.end : m.start()]) for v in behind):
            yield m.span()


def _beside(text: str, start: int, end: int, vehicles: list[Mention]) -> bool:
    if any((v.end <= start and start - v.end < 60) or (v.start >= end and v.start - end < 8) for v in vehicles):
        return True
    return bool(_NEAR.search(text[max(0, start - 80) : end + 60]))


# "RT 7718" right after "plate": letters that name a road elsewhere.
_LIKE_A_ROAD = re.compile(r"(?:RT|RTE|CR|FM|SR|M)[ -]?\d{3,4}(?![\w-])")
_PLATE_WORD = re.compile(r"(?i:plates?|lic(?:ense)?\.?)\s*$")


_WHOLE_SHAPE = re.compile(r"[A-Z]{3}[ -]?\d{3,4}|\d{3}[ -]?[A-Z]{3}|\d[A-Z]{3}\d{3}")
_ASKS = re.compile(
    r"\b(?:[Ww]ho|[Ww]hat|[Ww]here|[Ww]hich|[Ww]hose|[Ii]s|[Aa]re|[Ww]as|[Ww]ere|[Dd]id|[Dd]o|[Dd]oes|[Cc]ould|[Cc]an|[Hh]as|[Hh]ave|"
    r"[Ww]ould|[Ii]sn't|[Ww]asn't)\s(?:(?!\.\s)[^?!\n])*$"
)


def _plate(text: str, start: int, end: int, rule: str, state: str) -> Mention:
    doubted = _WHOLE_SHAPE.fullmatch(text[start : end - 1]) and text[end : end + 1] in ("", " ", "\n", ")")
    if text[end - 1] == "?" and (doubted or _ASKS.search(text, max(0, start - 80), start)):
        end -= 1  # "is he the one with plate 12-7714?"
    written = text[start:end]
    normal = re.sub(r"[*_]", "?", re.sub(r"[^A-Z0-9?*_]", "", written))
    partial = "?" in normal or rule == "fragment" or len(normal) < 5
    detail = (("state", state),) if state else ()
    certainty = "possible" if partial else "likely" if rule == "bare" else "certain"
    return Mention("plate", written, normal, start, end, f"plate.{rule}", certainty, detail=detail)
