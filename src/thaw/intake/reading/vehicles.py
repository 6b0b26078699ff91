"""Vehicles and licence plates: year, color, make, model and body in a row; plates by label or by vehicle."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from .gazetteers import table, words
from .mention import Mention
from .tokens import Page

_PLATE = (
    r"(?:\d{1,2}[A-Z]{1,2} \d{2,5}|"
    r"(?=[A-Z0-9?*_-]{2,9}(?![A-Z0-9?*_-]))(?=[A-Z?*_-]*\d)[A-Z0-9?*_]{1,7}(?:-[A-Z0-9?*_]{1,5})?|"
    r"[A-Z]{1,4} [0-9?*]{2,4}(?:[A-Z]{0,3})|\d{1,4} [A-Z]{2,3}|[A-Z]{3}(?=[\s,.;)\"]))"
)
_LABEL = (
    r"(?:licen[sc]e(?:\s+plates?)?|lic|plates?|tags?|registration|reg|LIC|LP|L/P)\s*(?:numbers?|nos?\.?|#)?\.?\s*"
    r"(?:is|was|of|bearing|reading|read|beginning(?: with)?|starting(?: with)?|ending(?: in)?|containing|"
    r"possibly|partial|poss\.?|:|#|[,(])?\s*"
    r"(?:numbers?|nos?\.?|#|with|in|letters|the (?:letters|numbers))?\s*[:#]?\s*[\"“'(]?"
)
_STATE = r"(?P<state>(?:[A-Z][a-z]+(?: [A-Z][a-z]+)?|[A-Z]{2}|[A-Z][a-z]+\.)\s+)?"
_LABELLED = re.compile(
    rf"\b(?P<lead>{_STATE}(?i:{_LABEL})(?:(?:[A-Z][a-z]+|[A-Z]{{2}})\s+)?)(?P<plate>{_PLATE})(?![A-Za-z0-9-])"
)
_BARE = re.compile(r"(?<![\w-])(?:\d[A-Z]{3}\d{3}|[A-Z]{3}[ -]\d{3,4}|\d{3}[ -][A-Z]{3})(?![\w-])")
_FRAGMENT = re.compile(
    r"\b(?:plates?|licen[sc]e)\b[^.\n]{0,60}?\b(?:began|begins|beginning|started|starting|ended|ending|"
    r"ends|contained|containing|(?:first|last) (?:part|half|(?:two|three|four) (?:letters|digits|numbers|"
    r"characters)))\b[^.\n]{0,12}?"
    r"(?:with|in|were|was|are)?\s*(?:the\s+)?(?:letters?|numbers?|digits?|"
    r"characters?)?\s*[\"“']?(?P<plate>[A-Z0-9](?:[A-Z0-9]|[ -](?=[A-Z0-9]\b)){1,5})\b[\"”']?"
)
_NOT_LETTERS = frozenset(
    [
        "BRO",
        "BLU",
        "BLK",
        "GRN",
        "BLN",
        "HAZ",
        "GRY",
        "BRN",
        "RED",
        "WHI",
        "WHT",
        "DOB",
        "VIN",
        "THE",
        "AND",
        "FOR",
        "WAS",
    ]
)
_MONTHS = frozenset(["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"])


def find_plates(text: str, vehicles: list[Mention]) -> Iterator[Mention]:
    """Licence plates; normal form letters and digits, `?` for an unread one."""
    taken: list[tuple[int, int]] = []
    for rule, pattern in (("label", _LABELLED), ("fragment", _FRAGMENT)):
        for m in pattern.finditer(text):
            start, end = m.span("plate")
            if any(a < end and start < b for a, b in taken) or not _is_plate(m["plate"], rule):
                continue
            taken.append((start, end))
            state = (m.groupdict().get("state") or "").strip()
            yield _plate(text, start, end, rule, state)
    for m in _BARE.finditer(text):
        start, end = m.span()
        near = any(v.end <= start and start - v.end < 60 for v in vehicles) or re.search(
            r"\b(?:plates?|licen[sc]e|registered|DMV|R/O|vehicle|car|bearing|displaying)\b",
            text[max(0, start - 80) : end + 60],
            re.I,
        )
        month = {m.group()[:3], m.group()[-3:]} & (_MONTHS | _NOT_LETTERS)
        if near and not month and not any(a < end and start < b for a, b in taken):
            yield _plate(text, start, end, "bare", "")


def find_vehicles(page: Page) -> list[Mention]:
    """Vehicles; normal form year, color, make, model and body as far as they are given."""
    found, skip = [], -1
    first = _first_words()
    for i, token in enumerate(page.tokens):
        if i <= skip or not (token.low in first or token.low[0].isdigit()) or _sort(page, i) is None:
            continue
        made = _vehicle(page, i)
        if made is not None:
            mention, skip = made
            found.append(mention)
    return found


def _vehicle(page: Page, first: int) -> tuple[Mention, int] | None:
    parts: dict[str, list[str]] = {}
    i = last = first
    while (sort := _sort(page, i)) and (i == first or re.fullmatch(r"[\s,/]{1,3}|\s*-\s*|\s*/\s*", page.tokens[i].gap)):
        width, name = sort
        if name in ("year", "make", "model") and name in parts:
            break
        parts.setdefault(name, []).extend(t.low for t in page.tokens[i : i + width])
        last = i + width - 1
        i += width
        if (
            name == "color"
            and i < len(page.tokens)
            and page.tokens[i].low in ("over", "and", "on")
            and (_sort(page, i + 1) or (0, ""))[1] == "color"
        ):
            i += 1
    make, body = parts.get("make"), parts.get("body")
    more = [name for name in ("year", "color", "model", "body") if name in parts]
    plural_or_worn = (
        body and body[-1] in ("car", "auto", "truck", "bus", "boat", "cab") and not {"color", "year"} & set(more)
    )
    if (
        not (make and more)
        and not (body and {"color", "year"} & set(more))
        and not (parts.get("model") and {"year", "color"} & set(more))
    ):
        return None
    if plural_or_worn and not make:
        return None
    start, end = page.tokens[first].start, page.tokens[last].end
    if (
        make
        and not page.tokens[first].core[0].isupper()
        and page.text[start:end] == page.text[start:end].lower()
        and not body
    ):
        return None
    year = parts.get("year", [""])[0]
    if len(year) == 2:
        year = f"19{year}" if int(year) > 30 else f"20{year}"
    normal = " ".join(filter(None, [year, *(" ".join(parts.get(p, ())) for p in ("color", "make", "model", "body"))]))
    detail = tuple((name, " ".join(values)) for name, values in parts.items())
    return Mention(
        "vehicle", page.text[start:end], normal, start, end, "vehicle", "certain" if make else "likely", detail=detail
    ), last


@cache
def _first_words() -> frozenset[str]:
    """The words that can begin a vehicle: those of the lists, and the first halves of their pairs."""
    listed: frozenset[str] = frozenset().union(
        *(words("things", key) for key in ("makes", "models", "bodies", "colors"))
    )
    return listed | {word.partition("-")[0] for word in listed}


def _sort(page: Page, i: int) -> tuple[int, str] | None:
    """How many words from here on are one part of a vehicle, and which part."""
    if i >= len(page.tokens):
        return None
    token = page.tokens[i]
    low = token.low
    pair = (
        f"{low}-{page.tokens[i + 1].low}" if i + 1 < len(page.tokens) and page.tokens[i + 1].gap in (" ", "-") else ""
    )
    for name, key in (("make", "makes"), ("model", "models"), ("body", "bodies"), ("color", "colors")):
        if pair and pair in words("things", key):
            return 2, name
        if low in words("things", key):
            return 1, name
    if re.fullmatch(r"19[2-9]\d|20[0-3]\d", low) or (re.fullmatch(r"\d\d", low) and token.gap[-1:] in "'’"):
        return 1, "year"
    return None


def _is_plate(words_: str, rule: str) -> bool:
    plain = re.sub(r"[^A-Z0-9?*_]", "", words_)
    if plain in _MONTHS or (plain.isdigit() and len(plain) < 2) or re.fullmatch(r"19\d\d|20\d\d", plain):
        return False
    if plain in _NOT_LETTERS:
        return False
    letters = rule == "fragment" or bool(re.search(r"\d", plain)) or len(plain) == 3
    return len(plain) >= 2 and letters


def _plate(text: str, start: int, end: int, rule: str, state: str) -> Mention:
    written = text[start:end]
    normal = re.sub(r"[*_]", "?", re.sub(r"[^A-Z0-9?*_]", "", written))
    partial = "?" in normal or rule == "fragment" or len(normal) < 5
    detail = (("state", state),) if state and _is_state(state) else ()
    return Mention(
        "plate", written, normal, start, end, f"plate.{rule}", "possible" if partial else "certain", detail=detail
    )


def _is_state(word: str) -> bool:
    forms = table("places", "state_forms")
    return word.rstrip(".") in forms or word in forms.values() or (len(word) == 2 and word.isupper())
