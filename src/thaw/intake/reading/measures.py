"""Numbers with a meaning of their own: times of day, ages, heights, weights, money."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .anchors import anchors_of, heads_of, matches_at
from .date_words import NUMBERS
from .mention import Mention

_WORD_NUMBER = (
    r"(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-(?:one|two|three|four|five|six|seven|"
    r"eight|nine))?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    r"sixteen|seventeen|eighteen|nineteen)"
)
_TIME = re.compile(
    r"(?<![\d:/.$-])(?:(?P<mil>(?:[01]\d|2[0-4])[0-5]\d)\s*(?:hrs?\b\.?|hours\b|h\b)"
    r"|(?P<h>1[0-2]|0?[1-9])(?::(?P<m>[0-5]\d))?\s*(?P<ap>[ap]\.?\s?m\b\.?)|(?P<h2>[01]?\d|"
    r"2[0-3]):(?P<m2>[0-5]\d)(?![\d:])(?:\s*(?:hrs?\b\.?|hours\b))?"
    r"|(?P<word>\b(?:noon|midnight))\b)",
    re.IGNORECASE,
)
_AGE = re.compile(
    rf"(?P<a>\d{{1,3}})\s*-?\s*(?:to\s*(?P<a2>\d{{1,3}})\s*-?\s*)?(?:years?|yrs?|"
    rf"y/?o)\b\.?(?:[\s-]*(?:old|of age))?(?P<mark>)"
    rf"|(?P<w>{_WORD_NUMBER})[\s-]years?[\s-]old|(?<=, )now\s+(?P<e>\d{{1,2}})(?=[,.;])|"
    rf"\b(?:makes\s+(?:him|her)|died\s+at(?:\s+age)?)\s+(?P<f>[1-9]\d|1[01]\d)(?=[,.;)]|\s*$)|\b(?:aged?|age\s*:|"
    rf"AGE)\s*:?\s*(?P<b>\d{{1,3}})(?:\s*(?:-|to)\s*(?P<b2>\d{{1,3}}))?\b"
    r"|(?P<who>(?:(?:he|she|who)(?:\s+(?:is|was|turned|turns|would have been)|['’]s)|(?:is|was|turns|turned))\s+"
    r"(?:now\s+|only\s+)?)(?P<d>[1-9]\d|10\d)"
    r"(?=[,.;)]|\s+(?:at the time|when|and)\b|\s*$)"
    rf"|(?<=[a-z.)”\"],)\s(?P<c>\d{{1,2}}|1[01]\d)(?=,(?!\d)|\.(?:\s|$)|\)|;|\s+of\s+[A-Z])"
    rf"|\b(?P<low>early|mid|late)[\s-](?P<decade>teens|twenties|thirties|forties|fifties|sixties|"
    rf"seventies|eighties|[2-8]0['’]?s)\b",
    re.IGNORECASE,
)
_AGE_HEADS = heads_of(
    [
        *NUMBERS,
        "he",
        "she",
        "who",
        "is",
        "was",
        "turns",
        "turned",
        "age",
        "aged",
        "now",
        "makes",
        "died",
        "early",
        "mid",
        "late",
    ]
)
_NAME_BEFORE = re.compile(r"(?:^|[^\w])(?!(?:The|This|That|It|There|He|She|What|Which)\b)[A-Z][\w'’-]*[a-zà-ÿ]\s$")
_AGE_SURE = re.compile(r"old|of age|y/?o", re.IGNORECASE)
_HEIGHT = re.compile(
    r"(?<![\d'])(?P<f>[3-7])\s*(?:['’′]|ft\.?|feet|foot|-foot)\s*[,-]?\s*(?:(?P<i>1[01]|\d)(?:\s?1/2|"
    r"½)?\s*(?:[\"”″]|''|’’|in\.?\b|inch(?:es)?\b)?)?(?=[\s,.;/)]|$)"
    r"|(?<![\d/-])(?P<f2>[4-6])-(?P<i2>0\d|1[01]|\d)(?=[,/\s]+(?:\d{2,3}\s*(?:lbs?|pounds)|\d{3}\b))|"
    r"\bHGT?:?\s*(?P<f3>[4-7])(?P<i3>\d\d)\b",
)
_WEIGHT = re.compile(
    r"(?<![\d$.,/])(?P<w>\d{2,3})(?:\s*(?:-|to)\s*(?P<w2>\d{2,3}))?\s*(?:lbs?\b\.?|pounds?\b|#)|"
    r"\bW[GT]{1,2}:?\s*(?P<x>\d{2,3})\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"(?:US|C|A)?\$\s?(?P<n>\d[\d,]*(?:\.\d+)?)(?:[\s-]*(?P<scale>thousand|million|billion|trillion|[kmb]\b|bn\b))?"
    rf"|(?<![\d,.])(?P<n2>\d[\d,]*(?:\.\d+)?|{_WORD_NUMBER})(?:[\s-](?P<scale2>hundred|thousand|million|"
    rf"billion))?[\s-](?P<unit>dollars?|cents?|euros?|pounds sterling)\b"
    r"|(?P<sign>[€£])\s?(?P<n3>\d[\d,]*(?:\.\d+)?)(?:[\s-]*(?P<scale3>thousand|million|billion))?",
    re.IGNORECASE,
)
_MONEY_SIGN = re.compile(r"[$€£]|[Dd]ollar|DOLLAR|[Cc]ents?\b|CENT|[Ee]uro|EURO|sterling|STERLING")
_SCALES = {
    "hundred": 100,
    "thousand": 1000,
    "k": 1000,
    "million": 10**6,
    "m": 10**6,
    "billion": 10**9,
    "b": 10**9,
    "bn": 10**9,
    "trillion": 10**12,
}
_INCH_CM = 2.54
_TENS = {
    "teens": 10,
    "twenties": 20,
    "thirties": 30,
    "forties": 40,
    "fifties": 50,
    "sixties": 60,
    "seventies": 70,
    "eighties": 80,
}


def number_of(words: str) -> int | None:
    """The number that figures or English words up to ninety-nine stand for."""
    plain = words.lower().replace(",", "")
    if plain.isdigit():
        return int(plain)
    if plain in NUMBERS:
        return NUMBERS[plain]
    tens, _, ones = plain.partition("-")
    return NUMBERS[tens] + NUMBERS[ones] if tens in NUMBERS and ones in NUMBERS else None


def find_times(text: str) -> Iterator[Mention]:
    """Times of day; normal form HH:MM of 24 hours."""
    anchors = anchors_of(text)
    for m in matches_at(_TIME, text, anchors.at(("noo", "mid"), figures=True)):
        if m["word"]:
            normal = "12:00" if m["word"].lower() == "noon" else "00:00"
        elif m["mil"]:
            normal = f"{m['mil'][:2]}:{m['mil'][2:]}"
        elif m["ap"]:
            hour = int(m["h"]) % 12 + (12 if m["ap"].lower().startswith("p") else 0)
            normal = f"{hour:02}:{m['m'] or '00'}"
        else:
            normal = f"{int(m['h2']):02}:{m['m2']}"
        yield _mention("time", "time", text, m, normal)


def find_ages(text: str) -> Iterator[Mention]:
    """Ages of persons in years; normal form a number or `low-high`."""
    anchors = anchors_of(text)
    # An age behind a comma begins with the blank before its figures.
    blanks = [at - 1 for at in anchors.figures if at and text[at - 1].isspace()]
    places = sorted([*anchors.at(_AGE_HEADS, figures=True), *blanks])
    for m in matches_at(_AGE, text, places):
        start, end = m.span()
        if m["decade"]:
            word = m["decade"].lower().replace("’", "'").rstrip("s").rstrip("'")
            tens = _TENS.get(m["decade"].lower(), int(word) if word.isdigit() else 0)
            low, high = {"early": (0, 3), "mid": (4, 6), "late": (7, 9)}[m["low"].lower()]
            yield _mention("age", "age.decade", text, m, f"{tens + low}-{tens + high}", "likely")
            continue
        if m["d"]:
            start, normal = m.start("d"), m["d"]
            who = re.split(r"[\s'’]", m["who"])[0].lower()
            if who not in ("he", "she", "who"):
                if not _NAME_BEFORE.search(text, max(0, m.start() - 24), m.start()):
                    continue  # "the bid was 42": only of a name
                yield Mention("age", m["d"], normal, start, end, "age.is", "likely", detail=(("number", normal),))
                continue
            detail = (("number", normal), ("who", who))
            yield Mention("age", text[start:end], normal, start, end, "age.pronoun", "likely", detail=detail)
            continue
        first = m["a"] or m["w"] or m["b"] or m["c"] or m["e"] or m["f"]
        second = m["a2"] or m["b2"]
        low_age = number_of(first)
        if m["a"] and not _AGE_SURE.search(m.group()):
            continue  # "12 years" is a time
        if low_age is None or low_age > 115 or text[start - 1 : start].isdigit():
            continue
        start = m.start("f") if m["f"] else start
        words = text[start:end]
        start += len(words) - len(words.lstrip())
        normal = f"{low_age}-{second}" if second else str(low_age)
        certainty = "likely" if m["c"] else "certain"
        rule = "age.comma" if m["c"] else "age"
        yield Mention("age", text[start:end], normal, start, end, rule, certainty, detail=(("number", normal),))


def find_heights(text: str) -> Iterator[Mention]:
    """Heights; normal form in whole centimeters, `detail` has feet and inches."""
    for m in matches_at(_HEIGHT, text, anchors_of(text).at(("hgt",), figures=True)):
        feet = int(m["f"] or m["f2"] or m["f3"])
        inches = int(m["i"] or m["i2"] or m["i3"] or 0)
        if inches > 11 or (m["f"] and not m["i"] and not re.search(r"tall|heigh", text[m.end() : m.end() + 8], re.I)):
            continue
        cm = round((feet * 12 + inches) * _INCH_CM)
        yield _mention("height", "height", text, m, f"{cm} cm", detail=(("feet", str(feet)), ("inches", str(inches))))


def find_weights(text: str) -> Iterator[Mention]:
    """Weights of persons in pounds; normal form `160 lb` or `150-160 lb`."""
    for m in matches_at(_WEIGHT, text, anchors_of(text).at(("wt", "wgt", "wtt", "wgg"), figures=True)):
        first = m["w"] or m["x"]
        if int(first) < 20:
            continue
        normal = f"{first}-{m['w2']} lb" if m["w2"] else f"{first} lb"
        yield _mention("weight", "weight", text, m, normal)


_SIGNS_OF_MONEY = re.compile(r"(?:US|[CA])?\$|[€£]", re.IGNORECASE)
_WORDS_OF_MONEY = re.compile(r"dollar|cent|euro|sterling", re.IGNORECASE)


def _money_places(text: str) -> list[int]:
    """Where a sum can begin: at a sign, and where the text names a currency, at figures and words of numbers."""
    places = {m.start() for m in _SIGNS_OF_MONEY.finditer(text)}
    if _WORDS_OF_MONEY.search(text):
        places.update(anchors_of(text).at(heads_of(NUMBERS), figures=True))
    return sorted(places)


def find_money(text: str) -> Iterator[Mention]:
    """Sums of money; normal form currency and amount, such as `USD 2500000`."""
    if not _MONEY_SIGN.search(text):
        return
    for m in matches_at(_MONEY, text, _money_places(text)):
        figure = m["n"] or m["n2"] or m["n3"]
        scale = (m["scale"] or m["scale2"] or m["scale3"] or "").lower()
        plain = figure.replace(",", "")
        value = float(plain) if re.fullmatch(r"\d+(?:\.\d+)?", plain) else float(number_of(figure) or 0)
        value *= _SCALES.get(scale, 1)
        unit = (m["unit"] or "").lower()
        if unit.startswith("cent"):
            value /= 100
        currency = {"€": "EUR", "£": "GBP"}.get(
            m["sign"] or "", "EUR" if unit.startswith("euro") else "GBP" if unit.startswith("pound") else "USD"
        )
        amount = f"{value:.2f}".rstrip("0").rstrip(".")
        end = m.end() if text[m.end() - 1] != "," else m.end() - 1
        yield Mention("money", text[m.start() : end], f"{currency} {amount}", m.start(), end, "money")


def _mention(
    kind: str,
    rule: str,
    text: str,
    m: re.Match[str],
    normal: str,
    certainty: str = "certain",
    detail: tuple[tuple[str, str], ...] = (),
) -> Mention:
    return Mention(kind, text[m.start() : m.end()], normal, m.start(), m.end(), rule, certainty, detail=detail)
