"""Vehicles: year, color, make, model and body in a row."""

from __future__ import annotations

import re
from functools import cache

from .gazetteers import words
from .mention import Mention
from .tokens import Page


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
    while (sort := _sort(page, i)) and (i == first or _BETWEEN.fullmatch(page.tokens[i].gap)):
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


_BETWEEN = re.compile(r"[\s,/]{1,3}|\s*-\s*|\s*/\s*")
_YEAR = re.compile(r"19[2-9]\d|20[0-3]\d")
_STREETS = re.compile(r"\s+(?:St|Street|Ave|Avenue|Rd|Road|Blvd|Dr|Drive|Ln|Lane|Ct|Court|Way|Place|Pl|Highway|Hwy)\b")


def _is_make(page: Page, i: int) -> bool:
    """Whether a make with its capital stands there, and no street of that name: "66 Lincoln Ave"."""
    if i >= len(page.tokens) or page.tokens[i].gap != " " or not page.tokens[i].capital:
        return False
    token = page.tokens[i]
    return token.low in words("things", "makes") and not _STREETS.match(page.text, token.end)


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
    if low[0] > "9":
        return None
    if len(low) == 2 and low.isdigit() and (token.gap[-1:] in "'’" or (low >= "30" and _is_make(page, i + 1))):
        return 1, "year"  # "73 Chrysler", with no mark before its year
    if len(low) == 4 and _YEAR.fullmatch(low):
        return 1, "year"
    return None
