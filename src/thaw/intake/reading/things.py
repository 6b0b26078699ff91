"""Weapons and injuries by their gazetteers, and counts of things with their noun."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from .anchors import anchors_of, heads_of, matches_at
from .columns import cells_under
from .date_words import NUMBERS
from .gazetteers import PhraseScanner, phrases, same_length_folded, words
from .measures import number_of
from .mention import Mention
from .spaces import Spaces

_CALIBER = re.compile(
    r"(?:\.\d{2,3}|\d{1,2}\s?mm|9mm|\d\d)[\s-]?(?:cal(?:iber|ibre|\.)?)?[\s-]*(?:(?:magnum|special|"
    r"automatic|auto|ACP|blue steel|snub-?nosed?|Smith (?:&|and) Wesson|S&W|Colt|Ruger|Beretta|Glock|"
    r"Browning|Remington|Winchester|Walther)[\s-]*){0,3}"
    r"(?P<noun>handguns?|pistols?|revolvers?|rifles?|carbines?|(?:shell |cartridge )?casings?|bullets?|"
    r"slugs?|projectiles?|cartridges?|rounds?|automatics?|derringers?)\b"
    r"|\.\d{2,3}[\s-]?cal(?:iber|ibre|\.)?|\b(?:12|16|20|\.410)[\s-](?:gauge|ga\.?)(?:\s+(?:pump\s+)?shotguns?)?",
    re.IGNORECASE,
)
_NUMBER = (
    r"(?P<n>\d{1,3}(?:,\d{3})+|\d+|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-(?:one|"
    r"two|three|four|five|six|seven|eight|nine))?"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    r"seventeen|eighteen|nineteen|a(?=\s+(?:hundred|thousand|million|billion|dozen)\b))"
    r"(?:\s+(?P<scale>hundred|thousand|million|billion|dozen)(?:\s+(?:and\s+)?(?P<rest>(?:twenty|thirty|forty|fifty|sixty|seventy|"
    r"eighty|ninety)(?:-(?:one|two|three|four|five|six|seven|eight|nine))?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|"
    r"twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)\b)?)?"
)
_COUNT = re.compile(
    rf"(?<![\w$#.,/:'’-])(?:(?P<about>(?:about|around|some|nearly|almost|roughly|approximately|more than|"
    rf"over|at least|an estimated|up to|as many as|fewer than|less than)\s+))?{_NUMBER}"
    r"(?:\s\(\d{1,3}\))?(?:-|[ \t]+|[ \t]*\n[ \t]*)"
    r"(?:(?:\.\d{2,3}|\d{1,2}[ -]?mm)(?:[ -]?cal(?:iber|ibre|\.)?)?[ -]+)?(?=(?P<noun>[a-z]))",
    re.IGNORECASE,
)
_COMPOUND = re.compile(rf"(?<![\w$#.,/:'’-]){_NUMBER}-(?P<noun>[a-z]{{3,}})\b(?!-)", re.IGNORECASE)
_ABOUT = "about around some nearly almost roughly approximately more over at an up as fewer less"
_COUNT_HEADS = heads_of([*_ABOUT.split(), *NUMBERS])
_IRREGULAR = {
    "people": "person",
    "men": "man",
    "women": "woman",
    "children": "child",
    "knives": "knife",
    "lives": "life",
    "wives": "wife",
    "bodies": "body",
    "series": "series",
    "feet": "foot",
    "deer": "deer",
    "crew": "crew",
    "dead": "dead",
    "police": "police",
    "personnel": "personnel",
    "calories": "calorie",
    "movies": "movie",
    "zombies": "zombie",
    "buses": "bus",
    "witnesses": "witness",
    "knots": "knot",
    "loci": "locus",
    "teeth": "tooth",
    "stimuli": "stimulus",
}
_NO_NOUN = frozenset(["also", "now", "still", "then", "ones", "includes", "were", "was", "is", "has"])
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "dozen": 12}


@cache
def _scanner() -> PhraseScanner:
    keys = ("weapon_firearm", "weapon_other", "injury")
    return PhraseScanner({key: phrases("things", key) for key in keys})


def find_things(text: str) -> Iterator[Mention]:
    """Weapons and injuries; normal form the entry of the gazetteer, with the caliber when there is one."""
    taken: list[tuple[int, int]] = []
    for m in _CALIBER.finditer(text):
        before = text[m.start() - 1 : m.start()]
        if (
            before.isalnum()
            or before in tuple("$.-/")
            or not re.search(r"\.\d|mm|cal|ga|gauge|magnum|S&W|special|auto", m.group(), re.I)
        ):
            continue
        taken.append(m.span())
        normal = re.sub(r"\s+", " ", m.group().lower().replace("-", " ")).strip()
        yield Mention("weapon", m.group(), normal, m.start(), m.end(), "weapon.caliber")
    for start, end, name, phrase in _scanner().find(same_length_folded(text)):
        if any(a < end and start < b for a, b in taken):
            continue
        kind = "injury" if name == "injury" else "weapon"
        # A belt, a scarf or a pillow is a weapon only where somebody used it so; a person decides.
        certainty = "certain" if name == "weapon_firearm" else "likely" if kind == "injury" else "possible"
        yield Mention(kind, text[start:end], phrase, start, end, f"gazetteer.{name}", certainty)


def find_counts(text: str, taken: list[tuple[int, int]]) -> Iterator[Mention]:
    """Counts with their noun; normal form `3 shots`, `detail` number, noun, and `about` when the words say so."""
    spaces = Spaces(len(text), taken)
    for found in (*_of_them(text), *_in_columns(text)):
        if not spaces.holds(found.start, found.end):
            spaces.take(found.start, found.end)
            yield found
    for pattern in (_COMPOUND, _COUNT):
        for m in matches_at(pattern, text, anchors_of(text).at(_COUNT_HEADS, figures=True)):
            start = m.start("n")
            if spaces.holds(start, m.end("n")):
                continue
            count = _count(m, text)
            if count is not None:
                spaces.take(count.start, count.end)
                yield count


# "551-PRY", "667-TIPS": not so many of anything.
_PLATE_OR_PHONE = re.compile(r"\d{3}-[A-Z]{3,4}(?![\w-])")


def _count(m: re.Match[str], text: str) -> Mention | None:
    number = number_of(m["n"])
    if number is None or _hour_of_a_log(m, text):
        return None
    if _PLATE_OR_PHONE.match(text, m.start("n")):
        return None
    if m["n"].isdigit() and _NUMBERED.search(text, max(0, m.start() - 12), m.start()):
        return None
    if "\n" in text[m.end("n") : m.start("noun")] and _LABEL_NEXT.match(text, m.start("noun")):
        return None  # the next line begins with a label
    if m["scale"]:
        number = number * _SCALES[m["scale"].lower()] + (number_of(m["rest"]) or 0 if m["rest"] else 0)
    if m["n"].lower() == "one" and m.re is not _COMPOUND:
        return _one(m, text)
    if m.re is _COMPOUND:
        noun, end = m["noun"].lower(), m.end("noun")
        if (
            noun in words("numbers", "not_counted")
            or noun in _SCALES
            or noun in NUMBERS
            or noun in words("numbers", "compounds")
            or noun in ("year", "day", "hour", "minute", "time", "piece", "fold", "old")
        ):
            return None
        noun = plural(noun)
    else:
        found = _noun(m, number, text)
        if found is None:
            return None
        noun, end = found
    start = m.start()
    about = (m.groupdict().get("about") or "").strip().lower()
    detail = (("number", str(number)), ("noun", noun)) + ((("about", about),) if about else ())
    return Mention("count", text[start:end], f"{number} {noun}", start, end, "count", "likely", detail=detail)


def _one(m: re.Match[str], text: str) -> Mention | None:
    """ "One bullet", "ONE EXPENDED CASING", "one (1) cartridge case"; "one man" and "one day" count nothing."""
    written = "(" in text[m.start("n") : m.start("noun")]
    for word in re.finditer(r"[A-Za-z][A-Za-z’'-]*", text[m.start("noun") : m.start("noun") + 48]):
        if text[m.start("noun") : m.start("noun") + word.start()].count("\n") or word.start() > 36:
            return None
        low = word.group().lower()
        if low in words("numbers", "not_counted") or low in _NO_NOUN:
            return None
        if low in words("numbers", "counted_singly"):
            end = m.start("noun") + word.end()
            after = re.match(r"\s(casing|case|shell|print|wound|hole)s?\b", text[end : end + 10], re.IGNORECASE)
            end, low = (end + after.end(), after[1].lower()) if after else (end, low)
            noun = plural(low)
            detail = (("number", "1"), ("noun", noun))
            return Mention(
                "count", text[m.start() : end], f"1 {low}", m.start(), end, "count.one", "likely", detail=detail
            )
        if not written and low not in words("numbers", "adjectives") and not low.endswith(("ed", "al", "er")):
            return None
    return None


_OF_THEM = re.compile(
    r"(?<=\bwere )(?P<n>two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\s+of\s+"
    r"(?P<noun>them|us|the\s+(?:men|women|boys|girls|shots|bullets|suspects|robbers|witnesses|gunmen|children))\b",
    re.IGNORECASE,
)


def _of_them(text: str) -> Iterator[Mention]:
    """ "There were three of them", "two of the men": the noun is the one that the words give."""
    for m in (
        matches_at(_OF_THEM, text, anchors_of(text).at(_COUNT_HEADS)) if " of the" in text or " of us" in text else ()
    ):
        number = number_of(m["n"])
        if number is None:
            continue
        noun = m["noun"].lower().split()[-1]
        words_ = f"of {noun}" if noun in ("them", "us") else noun
        detail = (("number", str(number)), ("noun", noun))
        yield Mention("count", m.group(), f"{number} {words_}", *m.span(), "count.of_them", "likely", detail=detail)


# The heads of a column of quantities, and what stands in it: "2    CASINGS, .32 AUTO", "3 CIGARETTE BUTTS".
_QUANTITY = re.compile(r"(?<![\w])(?:QTY|QUAN(?:TITY)?|QNTY|AMT|Qty|Quan(?:tity)?|Amt)\b\.?")
_ROW = re.compile(
    r"(?P<n>\d{1,3})(?:[ \t]+(?:ea|EA|each|EACH|pcs?|PCS?)\.?)?[ \t]{1,8}"
    r"(?P<noun>[A-Za-z][A-Za-z'’-]+(?: [A-Za-z][A-Za-z'’-]+){0,4})"
)


def _in_columns(text: str) -> Iterator[Mention]:
    """Rows of a table with a column of quantities: the figure there, and the thing in the next column."""
    for start, _ in cells_under(text, _QUANTITY) if _QUANTITY.search(text) else ():
        m = _ROW.match(text, start)
        if m is None or int(m["n"]) < 2:
            continue  # of one thing the row only says that it is there
        words_ = m["noun"].split()
        lows = [word.lower() for word in words_]
        # The first plural names the things; without one the last of the first two words ("cigarette butt").
        last = next((i for i, low in enumerate(lows) if plural(low) == low), min(1, len(lows) - 1))
        end = m.start("noun") + len(" ".join(words_[: last + 1]))
        low = lows[last]
        noun = plural(low) if len(low) > 2 else low
        detail = (("number", m["n"]), ("noun", noun))
        yield Mention("count", text[start:end], f"{m['n']} {noun}", start, end, "count.column", "likely", detail=detail)


# "CODE 3 MEDICS", "Unit 4 officers": the number belongs to the word before it.
_LABEL_NEXT = re.compile(r"[A-Z][A-Za-z ]{2,20}:")
_NUMBERED = re.compile(
    r"\b(?:code|car|unit|beat|item|no|room|apt|engine|station|channel|box|page|exhibit|route|rt|hwy|highway|level|group|type|class|grade|phase|"
    r"step|section|district|precinct|sector|bus|track|gate|pier|lot|bay|wing|ward|cell|row|day|night|part)\.?\s$",
    re.IGNORECASE,
)
_AFTER_A_DAY = re.compile(r"\d[/-]\d{1,2}(?:[/-]\d{2,4})?[ \t]+$")


def _hour_of_a_log(m: re.Match[str], text: str) -> bool:
    """ "07/04/97 2253  Units 12 and 17": four figures after a day, or with blanks behind them at the head of a line."""
    if not re.fullmatch(r"(?:[01]\d|2[0-3])[0-5]\d", m["n"]):
        return False
    heads = not text[text.rfind("\n", 0, m.start("n")) + 1 : m.start("n")].strip()
    apart = re.match(r"[ \t]{2}|\t", text[m.end("n") : m.end("n") + 2])
    return bool(heads and apart) or bool(_AFTER_A_DAY.search(text, max(0, m.start("n") - 16), m.start("n")))


def _noun(m: re.Match[str], number: int, text: str) -> tuple[str, int] | None:
    """The counted noun: the first plural after the number, past adjectives."""
    at = m.start("noun")
    last = 0
    for word in re.finditer(r"[A-Za-z][A-Za-z’'-]*", text[at : at + 64]):
        if text[at + last : at + word.start()].strip():
            return None  # "1 envelope, 22 photographs"
        last = word.end()
        low = word.group().lower().replace("’", "'")
        gap = text[at + word.start() - 1 : at + word.start()] if word.start() else " "
        if word.start() and not gap.isspace():
            return None
        if low in words("numbers", "not_counted") or low in _SCALES or low in _NO_NOUN or word.start() > 40:
            return None
        capitals = text[at : at + (1 if word.start() else 2)].isupper()
        if capitals and "  " in text[m.end("n") : at]:
            return None  # "YR 74  MAKE Olds": the next field of a form
        end = at + word.end()
        owner = low.endswith(("'s", "s'"))
        if owner and low not in ("banker's", "men's", "women's", "lady's", "ladies'", "boys'", "girls'", "driver's"):
            return None
        if owner:
            continue
        if (
            low in _IRREGULAR
            or low.endswith(("men", "children", "people"))
            or (low.endswith("s") and not low.endswith(("ss", "us", "is")) and len(low) > 3)
        ):
            return low, end
        if (
            low not in words("numbers", "adjectives")
            and not low.endswith(("ed", "ing", "al", "ic", "ive", "ous", "er", "-old"))
            and word.start() > 24
        ):
            return None
    return None


def plural(noun: str) -> str:
    """The plural of a noun that stands in the singular."""
    if noun in _IRREGULAR or noun.endswith("s"):
        return noun
    for many, one in _IRREGULAR.items():
        if one == noun:
            return many
    if re.search(r"(?:x|ch|sh)$", noun):
        return noun + "es"
    return noun[:-1] + "ies" if re.search(r"[^aeiou]y$", noun) else noun + "s"
