"""Numbers of records: cases, laboratories, courts, items and exhibits, badges, registered mail; by their label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from .anchors import anchors_of, heads_of, matches_at
from .bare_numbers import find_bare
from .columns import cells_under
from .gazetteers import table, words
from .mention import Mention
from .number_columns import numbers_in_columns, said_again
from .piece_marks import piece_marks
from .plate_shapes import state_before
from .tokens import Page, Token

_VALUE = (
    r"(?:\d{2}-\d{2,3} \d{3}(?!\d)|[A-Z]{1,3} \d{1,3}-\d{2,6}(?: \d{3}(?!\d))?|"
    r"(?=[A-Z]{0,5}[-/ ]?\d|\d|[A-Z]-\d)[A-Z]{0,5}[-/]?\d[\dA-Z]*(?:[-/]\s?[\dA-Z]+|\.\d+)*(?:\([a-z]\))?"
    r"|[A-Z]{2,4}-[A-Z]{1,3}-\d{2,6}(?![\w-]))"
)
_NO = r"(?:\s*(?:numbers?|nos?\b\.?|nrs?\b\.?|num\b\.?|#s?|№))"
_LETTER = r"[A-Z](?![\w'’-]|\.\w)"
_SERIES = re.compile(
    rf"(?:\s*(?:,|and|&|through|thru|to|,\s*and)|"
    rf"[^.;\n]{{0,24}}?\b(?:except|but not|less|save)(?: for)?)"
    rf"\s*(?:(?:items?|exhibits?|specimens?)\s+)?(?:#|nos?\.?\s*)?({_VALUE}|"
    rf"[A-Z])(?![\w/'’]|-\w)"
)
_MAIL = re.compile(
    (
        r"\b(?:registered|certified|(?:reg|cert)\.?(?=\s+mail))(?:\s+mail)?(?:\s*(?:no\.?|number|#|"
        r"receipt))*\s*:?\s*([A-Z]{1,2}[\s-]?\d{3}[ -]\d{3}(?:[ -]\d{3})?|[A-Z]{0,2}\d{6,9})(?![\w-])"
    ),
    re.I,
)
_ITEM_HEAD = re.compile(
    r"^[ \t]*(?:items?|exhibits?|exh?\.?|tag|entry|lead|tip|call|photo|no\.|nr\.?|#)(?:\(s\))?"
    r"(?:\s*(?:nos?\.?|#|numbers?))?(?:[ \t]{2,}|\t|[ \t]*\|).*$",
    re.I | re.M,
)
_ITEM_ROW = re.compile(r"^[ \t]*#?(\d{1,4}[A-Z]?)(?:[.)])?(?=[ \t]{2,}|\t|[ \t]*\||, ?\d)", re.M)
_ITEM_MORE = re.compile(r", ?(?:and |& ?)?#?(\d{1,4}[A-Z]?)(?=[ \t]{2,}|\t|[ \t]*\||, ?\d)")
# "Dep. A. McIlvaine, No. 41": the number of the one who signs.
_SWORN = re.compile(
    r"(?i:\b(?:officer|ofc|ptl|patrolman|dep|deputy|det|detective|sgt|sergeant|lt|lieutenant|cpl|capt|captain|tpr|trooper|agent|insp|investigator|examiner|coroner)\b)[.:]?\s+"
    r"(?:[A-Z][\w.'’-]*,?\s+){1,4}(?:No\.?|Nr\.?|ID)\s*:?\s*(\d{1,6})(?![\w/]|-\d)"
)
# "Dep. R. Fontaine (44), Ptl. T. J. Oakes (59)"
# "REPORT BY: R. HARGIS 318/ T. MEEKS 402"
_SIGNED_BY = re.compile(
    r"^[ \t]*(?:(?:report|reported|reporting|prepared|submitted|approved|typed|taken|seized|"
    r"collected)[ \t]+(?:by|officers?)|"
    r"officers?|by|"
    r"r/o|investigators?|detectives?|approved|supervisor)[ \t]*:",
    re.I | re.M,
)
_NAME_NUMBER = re.compile(
    r"\b(?!(?:AGE|BOX|RT|RTE|RR|APT|ROOM|RM|UNIT|LOT|BEAT|DIST|HWY|CAR|PAGE|Age|Box|Rt|Apt|Room|Unit|Beat|Car|Page)\b)"
    r"[A-Z][A-Za-z'’-]+,?\s(?:[A-Z]\.?\s)?#?(\d{2,5})(?=\s*(?:[/&;,]|$)|\s{2,})",
    re.M,
)
_BRACKETED = re.compile(r"\(#?(\d{1,5})\)")
_SWORN_BEFORE = re.compile(
    r"\b(?:Officers?|Ofcr?s?|Ptl(?:mn?)?|Patrolman|Deputy|Deps?|Dets?|Detective|Sgt|Sergeant|Lt|Cpl|Capt|Tpr|Trooper|Agent|Insp|OFFICER|OFC|"
    r"PTL|DEP|DET|SGT|LT|TPR|P\.?C|D\.?C|W\.?P\.?C|D\.?S|D\.?I)\.?\s(?:[A-Z][\w.'’-]*\s){1,3}$"
)
_RANGE = re.compile(r"(\d{1,3})\s?[-–]\s?(\d{1,3})")
_OF_A_PLATE = re.compile(r"\bplate\b[^.\n]*$")
_SWORN_HEADS = heads_of(
    [
        *("officer", "ofc", "ptl", "patrolman", "dep", "det", "sgt", "sergeant", "lt", "lieutenant", "cpl", "cap"),
        *("tpr", "trooper", "agent", "insp", "inv", "examiner", "coroner"),
    ]
)
_NO_FIGURE = re.compile(r"(?:No|Nr|ID)\.?\s*:?\s*\d")
_PLATE_TAG = re.compile(
    r"(?i:\b(?:temp(?:orary)?|paper|dealer|drive-out|licen[sc]e|vehicle|car|truck|van|pickup|registered|plates?|stolen)\b)"
    r"|[Tt]ags?\b\W*(?i:numbers?|no\.?|#)?\W*(?:[A-Z]{2,3}-?\d{3,4}|\d{3}-?[A-Z]{3}|\d{1,2}-?[A-Z]{1,2}-?\d{2,5})\b"
)
_VEHICLE_TAG = re.compile(
    r"\b(?:driving|drove|driven|drives|car|sedan|truck|pickup|van|wagon|coupe|bearing|displaying|4D|2D|4DR|2DR|camaro|"
    r"mustang|chev\w*|ford|dodge|pontiac|buick|olds\w*|plymouth|toyota|honda|datsun|nissan)\b[^\n]*$",
    re.I,
)
_GROUPS = re.compile(r"(?:[ -]\d{3}){1,3}(?![\d-])")
_HEADS_OF_TABLES = ("item", "exh", "tag", "no. ", "no.\t", "lead", "tip", "#  ", "#\t", "call ", "photo ")
_DRIVERS = re.compile(r"driver|operator|\bDL\b|\bOL\b", re.I)
_UNITS_AFTER = re.compile(
    r"\s*(?:photo(?:graph)?s|pages|prints|shots|rounds|bullets|cartridges|casings|pieces|persons|witnesses|"
    r"copies|years?|pounds?|lbs|feet|hours|hrs|miles|days|percent|%|million|people|of\s+\d)\b",
    re.I,
)


def find_numbers(page: Page, today: date | None = None) -> Iterator[Mention]:
    """Numbers with a label in front; normal form letters and digits with single hyphens, role what the label says.

    today  the last day on which the page can have been written: a number that begins with a year before it is a case's
    """
    text, taken = page.text, list[tuple[int, int]]()
    low = text.lower()
    for mail in _MAIL.finditer(text) if " mail" in low or "egistered" in low or "ertified" in low else ():
        yield number_at(text, *mail.span(1), "number.mail", "mail")
        taken.append(mail.span(1))
    for start, end in _table_items(text) if any(word in low for word in _HEADS_OF_TABLES) else ():
        yield number_at(text, start, end, "number.item_table", "item")
        taken.append((start, end))
    listed = {text[start:end] for start, end in taken}
    for start, end in _moved(text, listed):
        yield number_at(text, start, end, "number.item_moved", "item", "likely")
        taken.append((start, end))
    yield from _labelled(page, taken)
    for sworn in _BRACKETED.finditer(text):
        if not _SWORN_BEFORE.search(text, max(0, sworn.start() - 48), sworn.start()):
            continue
        if not any(a < sworn.end(1) and sworn.start(1) < b for a, b in taken):
            yield number_at(text, *sworn.span(1), "number.badge", "badge", "likely")
            taken.append(sworn.span(1))
    for signed in _SIGNED_BY.finditer(text):
        for sworn in _NAME_NUMBER.finditer(text, signed.end(), (text + "\n").find("\n", signed.end())):
            if not any(a < sworn.end(1) and sworn.start(1) < b for a, b in taken):
                yield number_at(text, *sworn.span(1), "number.badge", "badge", "likely")
                taken.append(sworn.span(1))
    for sworn in matches_at(_SWORN, text, anchors_of(text).at(_SWORN_HEADS)) if _NO_FIGURE.search(text) else ():
        if not any(a < sworn.end(1) and sworn.start(1) < b for a, b in taken):
            yield number_at(text, *sworn.span(1), "number.badge", "badge", "likely")
            taken.append(sworn.span(1))
    for start, end in _serials(text) if _SERIAL_SIGN.search(text) else ():
        if not any(a < end and start < b for a, b in taken):
            yield number_at(text, start, end, "number.serial", "serial", "likely")
            taken.append((start, end))
    for start, end, role in numbers_in_columns(text):
        if not any(a < end and start < b for a, b in taken):
            yield number_at(text, start, end, "number.column", role, "likely")
            taken.append((start, end))
    for start, end in (*_badges(text), *piece_marks(text)):
        if not any(a < end and start < b for a, b in taken):
            badge = text[start].isdigit()
            rule, role = ("number.badge", "badge") if badge else ("number.specimen", "item")
            yield number_at(text, start, end, rule, role, "likely")
            taken.append((start, end))
    for start, end in said_again(text, {text[a:b] for a, b in taken}):
        if not any(a < end and start < b for a, b in taken):
            yield number_at(text, start, end, "number.again", "number", "likely")
            taken.append((start, end))
    for bare in find_bare(text, taken, today):
        yield number_at(text, bare.start, bare.end, bare.rule, bare.role, "likely")


_MANY_ITEMS = frozenset(["items", "exhibits", "tapes", "tips", "leads", "photos"])


def _labelled(page: Page, taken: list[tuple[int, int]]) -> Iterator[Mention]:
    """Numbers right behind a label, and those of its series; the places that they take are added to `taken`."""
    text = page.text
    labels = table("numbers", "labels")
    for token in page.tokens:
        m = _AFTER_LABEL.match(text, token.end) if token.low in labels else None
        if m is None:
            continue
        written, at = token.core, token.start
        if at and text[at - 1] in "-/" and text[at - 2 : at - 1].isalnum():
            continue  # "02-SW-031"
        label, role = token.low, labels[token.low]
        if _of_a_car_or_caller(text, label, role, at, m.end()):
            continue
        if role == "inmate" and label != "inmate" and not written.isupper():
            continue  # "ask Doc"
        if label == "box" and not m["no"]:
            continue  # of a farm, or of a post office
        if label in ("ex", "neg", "exs", "ev") and not (token.full_end > token.end or token.capital):
            continue  # "his ex", "neg."
        value, sure = m["value"], bool(m["no"]) or (written.isupper() and label != "box")
        if role == "message" and not m["no"] and _NEXT_COLUMN.match(text, token.end):
            continue  # "DMV teletype        KC-2091 comes back": the next column of a log
        if role == "receipt" and _OF_A_PLATE.search(text, max(0, at - 40), at):
            continue  # "wrote part of the plate on a bar slip: 27-1"
        end = m.end("value")
        start, value = _own_letters(token, m)
        if _BLANK_LINE.search(text, token.end, start) or _OF_A_LENGTH.fullmatch(value):
            continue  # "RADIO LOG", and below it an hour; "10-YEAR"
        if "\n" in text[token.end : start] and (_ADDRESS.match(text, start) or _NEXT_HOUR.match(text, start)):
            continue  # "COAST LABORATORY", below it "1180 Depot Street"; "Neg.", and the next row begins with its hour
        # Not from the end of a group: early versions of Python 3.11 misplace those of the groups above.
        if _NEXT_BOX.match(text, token.end + len(text[token.end : start].rstrip())):
            continue  # "BADGE     20. SUPERVISOR": the number of the next box of the form
        if role == "fbi" and value.isdigit() and (more := _GROUPS.match(text, end)):
            end = more.end()  # "CII 3 118 442"
        sure = sure or (label == "tag" and token.capital and not text[text.rfind("\n", 0, at) + 1 : at].strip())
        sure = sure or (token.capital and label in words("numbers", "capital_labels") and len(value) <= 4)
        if not _accepted(role, label, value, sure, text, end) or any(a < end and start < b for a, b in taken):
            continue
        taken.append((start, end))
        pair = _RANGE.fullmatch(value) if label in _MANY_ITEMS else None
        if pair and int(pair[1]) < int(pair[2]):  # "Items 27-31"
            yield number_at(text, start, start + pair.end(1), f"number.{role}", role)
            yield number_at(text, start + pair.start(2), end, f"number.{role}", role)
            continue
        yield number_at(text, start, end, f"number.{role}", role)
        plural = label.endswith("s") or role == "item"
        while plural and (more := _SERIES.match(text, end)) and not _UNITS_AFTER.match(text, more.end()):
            if len(more.group(1)) > 12 or _is_word(text, more.start(1)):
                break
            yield number_at(text, more.start(1), more.end(1), f"number.{role}", role)
            taken.append(more.span(1))
            end = more.end()
        for place in _of_the_same_shape(text, value, end):
            yield number_at(text, *place, f"number.{role}", role)
            taken.append(place)


def _of_a_car_or_caller(text: str, label: str, role: str, at: int, end: int) -> bool:
    """Whether a label is of a plate (see `plates`) or of a telephone's display: "tag" and "license" may be either."""
    if role == "badge":
        return bool(_CALLER.search(text, max(0, at - 8), at))  # "Caller ID 337-22"
    if role == "license":
        return not _DRIVERS.search(text, max(0, at - 24), at)
    if label not in ("tag", "tags"):
        return False
    before = _VEHICLE_TAG.search(text[max(0, at - 60) : at]) or state_before(text, at)
    return bool(before or _PLATE_TAG.search(text[max(0, at - 24) : end + 24].partition("\n")[0]))


def _own_letters(token: Token, m: re.Match[str]) -> tuple[int, str]:
    """Where a number begins, and the number: "CR-83-117" has letters of its own, which are its label too."""
    glued = m["value"][0] == "-" and m.start("value") == token.end and token.core.isupper() and len(token.core) < 5
    return (token.start, token.core + m["value"]) if glued else (m.start("value"), m["value"])


def _of_the_same_shape(text: str, value: str, end: int) -> Iterator[tuple[int, int]]:
    """ "Coroner's: 77-41 and 77-42": numbers that go on in the shape of the first."""
    while "-" in value and (more := _SERIES.match(text, end)) and shape_of(more.group(1)) == shape_of(value):
        yield more.span(1)
        end = more.end()


_CALLER = re.compile(r"(?i:caller\s)$")
_NEXT_COLUMN = re.compile(r"[ \t]{3}")


def shape_of(written: str) -> str:
    """The shape of a number: A for letters, 9 for figures, its marks as they are."""
    return re.sub(r"\d", "9", re.sub(r"[A-Za-z]", "A", written))


_MOVED = re.compile(
    r"\b(?:released|submitted|sent|forwarded|returned|transferred|booked|destroyed|signed out)\b[^.:\n]{0,40}:\s*"
    r"(?P<items>#?\d{1,3}[A-Z]?(?:(?:,|,?\s+and|\s*&)\s*#?\d{1,3}[A-Z]?)*)(?![\w/:-])",
    re.I,
)


def _serials(text: str) -> Iterator[tuple[int, int]]:
    """What stands in a table's column headed SERIAL, as far as the rows go."""
    for head in _SERIAL_HEAD.finditer(text):
        line = text.rfind("\n", 0, head.start()) + 1
        column, empty = head.start("col") - line, 0
        if not text[line : head.start()].strip():
            continue
        at = text.find("\n", head.end()) + 1 or len(text)
        while at < len(text) and empty < 2:
            stop = text.find("\n", at)
            stop = len(text) if stop < 0 else stop
            empty = 0 if text[at:stop].strip() else empty + 1
            for word in _SERIAL.finditer(text, at, stop):
                if abs(word.start() - at - column) <= 3:
                    yield word.span()
            at = stop + 1


_SERIAL_HEAD = re.compile(
    r"(?<=[ \t]{2})(?P<col>serial|ser\.? ?no|s/n|bkg\.?(?: no)?|booking(?: no)?|"
    r"(?:case|lab|badge|warrant|tag|dr|file|inv|report) (?:no|#)|badge|"
    r"(?:pawn )?ticket|tkt|receipt|invoice|permit|voucher)\b",
    re.I,
)
_SERIAL_SIGN = re.compile(
    r"(?:  |\t)(?:[Ss]er|SER|S/N|BKG|Bkg|BOOK|Book|CASE|Case|LAB|Lab|BADGE|Badge|WARR|Warr|"
    r"TAG|Tag|DR|FILE|File|INV|REP|Rec|TICK|Tick|TKT|Tkt|PAWN|Pawn|Inv|VOU|Vou|PERM|Perm)"
)
_SERIAL = re.compile(r"(?<=\s)[A-Z]{0,4}-?\d[\dA-Z-]{3,16}(?=\s|$)(?! [A-Z][a-z])")


_BADGE_HEAD = re.compile(
    r"(?<=[ \t]{2})(?:BADGE|Badge|SHIELD|Shield|STAR|Star|ID|I\.D\.)(?: (?:NO|No|#)\.?)?(?=[ \t]{2}|[ \t]*\n)"
)
_BADGE_CELL = re.compile(r"#?(\d{2,5})(?![\w./:-])")


def _badges(text: str) -> Iterator[tuple[int, int]]:
    """Figures under BADGE at the foot of a form, beside the names of those who sign."""
    for start, end in cells_under(text, _BADGE_HEAD) if _BADGE_HEAD.search(text) else ():
        if found := _BADGE_CELL.fullmatch(text, start, end):
            yield found.span(1)


def _moved(text: str, listed: set[str]) -> Iterator[tuple[int, int]]:
    """ "Released to lab: 13, 14": numbers of items that the page's own table lists."""
    for moved in _MOVED.finditer(text) if listed else ():
        for number in re.finditer(r"\d{1,3}[A-Z]?", moved["items"]):
            if number.group() in listed:
                yield moved.start("items") + number.start(), moved.start("items") + number.end()


_COLUMN = 4
_ITEMS_BELOW = re.compile(
    r"^[ \t]*(?:items?|exhibits?|evidence|property|specimens?|articles)[ \t]+(?:examined|submitted|received|recovered|"
    r"seized|collected|returned|listed|released|held|taken|retained)[ \t]*:?[ \t]*$",
    re.I | re.M,
)


def _table_items(text: str) -> Iterator[tuple[int, int]]:
    """Numbers that begin the rows of a table whose first column is headed ITEM, as far as the rows go."""
    for head in (*_ITEM_HEAD.finditer(text), *_ITEMS_BELOW.finditer(text)):
        empty, at = 0, head.end() + 1
        column = len(head.group()) - len(head.group().lstrip())
        while at < len(text) and empty < 2:
            stop = text.find("\n", at)
            stop = len(text) if stop < 0 else stop
            row = _ITEM_ROW.match(text, at, stop)
            # What stands under a later column is no number of the first: an hour under its day.
            if row and row.start(1) - at <= column + _COLUMN:
                yield row.span(1)
                end = row.end(1)
                while more := _ITEM_MORE.match(text, end, stop):
                    yield more.span(1)
                    end = more.end(1)
            empty = 0 if text[at:stop].strip() else empty + 1
            at = stop + 1


# What follows a label: words of it, "no.", and the value.
_AFTER_LABEL = re.compile(
    # Nothing is given back once taken (the sign +): wide gaps of a table would be tried in every way.
    r"(?P<own>(?:['’]s)?+)\.?+(?P<mid>(?:\s++(?:mail|number|file|case|report|exam(?:ination)?|but|except|save|our|your|my|msg|message|"
    r"evidence|item|tag|receipt|slip)\b)?+)(?P<no>(?:,?\s*+(?:numbers?\b|nos?\b\.?|nrs?\b\.?|num\b\.?|#s?|№))?+)"
    r"\s*+(?:(?:is|was|of|under|as|reads?|reading)\s++)?+[:#.]*+\s*+"
    rf"(?P<value>{_VALUE}|{_LETTER})(?![\w/]|-\w|:\d)",
    re.IGNORECASE,
)


_ADDRESS = re.compile(
    r"\d+ (?:[NSEW]\.? )?(?:[A-Z][\w'’.-]* ){1,3}"
    r"(?:St|Street|Ave|Avenue|Rd|Road|Blvd|Drive|Dr|Lane|Ln|Hwy|Highway|Way|Pl|Place)\b",
    re.I,
)
_BLANK_LINE, _OF_A_LENGTH = re.compile(r"\n[ \t]*\n"), re.compile(r"\d{1,3}-[A-Za-z]{3,}")
_NEXT_HOUR = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d[ \t]+[A-Z\d]")
_NEXT_BOX = re.compile(r"[.:]?(?:[ \t]{2,}|[ \t]*\n\s*)\d{1,2}[.)]\s+[A-Z]")
_HALF_PLATE = re.compile(r"[ -]?[A-Z]{2,3}\b")
_LETTERED = frozenset(["exhibit", "exhibits", "item", "items", "ex", "exs", "exh", "envelope", "bag"])


def _accepted(role: str, label: str, value: str, sure: bool, text: str, end: int) -> bool:
    if re.fullmatch(r"[A-Za-z]", value):
        return role == "item" and label in _LETTERED and value.isupper() and (label not in ("bag", "envelope") or sure)
    if not any(c.isdigit() for c in value) or value[:1].islower():
        return False
    if _UNITS_AFTER.match(text, end) or (re.match(r"(?:1[89]|20)\d\d$", value) and not sure and role != "badge"):
        return False
    if role in ("item",):
        long = len(value) >= 4 or (label == "tag" and len(value) == 3 and not _HALF_PLATE.match(text, end))
        return (
            sure
            or long
            or label in ("item", "items", "exhibit", "exhibits", "ex", "ev", "evid")
            or "-" in value
            or value[:1].isalpha()
        )
    if role == "badge":
        return True
    return sure or bool(re.search(r"[-/]", value)) or len(re.sub(r"\D", "", value)) >= 4


def _is_word(text: str, start: int) -> bool:
    """A single capital that begins a sentence ("I", "A") is no exhibit."""
    return bool(re.match(r"(?:I|A)\s+[a-z]", text[start : start + 4]))


def number_at(text: str, start: int, end: int, rule: str, role: str, certainty: str = "certain") -> Mention:
    """The mention of a number that stands at a place, without the marks that only end it."""
    written = text[start:end].rstrip("-/.")
    normal = re.sub(r"[\s]+", "-", written.upper()).replace("/", "-")
    return Mention("number", written, re.sub(r"-+", "-", normal), start, start + len(written), rule, certainty, role)
