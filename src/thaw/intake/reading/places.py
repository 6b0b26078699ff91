"""Addresses, crossings and blocks by their form (parts named by usaddress), and the tests for names of places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from .anchors import anchors_of, heads_of, matches_at
from .gazetteers import folded, phrases, table, words
from .mention import Mention

_TYPE = (
    r"(?:Street|St|Avenue|Ave|Av|Road|Rd|Boulevard|Blvd|Drive|Dr|Lane|Ln|Court|Ct|Place|Pl|Way|Terrace|Ter|"
    r"Circle|Cir|Parkway|Pkwy|Highway|Hwy|Freeway|Fwy|Trail|Plaza|Alley|Row|Square)"
)
_NAME = (
    r"(?:[NSEW]\.?\s+|North\s+|South\s+|East\s+|West\s+)?(?:(?:[A-Z][\w'’.-]*|\d+(?:st|nd|rd|th|ST|ND|RD|TH))\s+){1,4}?"
)
_UNIT = r"(?:,?\s+(?:Apt|Apartment|Unit|Suite|Ste|Rm|Room|No)\b\.?\s*#?\s*[\w-]+|,?\s*#\s*[\w-]+)?"
_TAIL = (
    r"(?:,\s+(?:[A-Z][a-z]+|[A-Z]{3,})(?:\s(?:[A-Z][a-z]+|[A-Z]{3,})){0,2}(?=,|"
    r"\s+[A-Z]{2}\b))?(?:,?\s+(?:[A-Z]{2}|[A-Z][a-z]{2,4}\.)(?![A-Za-z]))?(?:\s+\d{5}(?:-\d{4})?)?"
)
# A line may end after the number, but not before a line of capitals: "PAGE 14" and then "DATE  DR NO".
_ADDRESS = re.compile(
    rf"(?<![\w$#/.-])\d{{1,5}}(?:-\d{{1,4}})?(?:\s1/2)?(?:[ \t]+|[ \t]*\n[ \t]*(?![A-Z]{{2,}}\b)){_NAME}"
    rf"(?i:{_TYPE})\b\.?{_UNIT}{_TAIL}"
)
# "1182 W. Anaheim": a number and a side of the town name a street without its sort.
_DIRECTED = re.compile(
    r"(?<![\w$#/.-])\d{2,5}[ \t]+[NSEW]\.?[ \t]+[A-Z][a-z]{2,}(?:[ \t][A-Z][a-z]{2,})?"
    r"(?=[,.;)]|[ \t]+(?:and|on|in|at|where|to|with|from|for|near)\b|\s*(?:\n|$)|[ \t]{2,})"
)
_BLOCK = re.compile(
    rf"(?:the\s+)?(?P<n>\d{{2,5}})[\s-]*(?:hundred\s+)?block\s+(?:of\s+)?{_NAME}(?i:{_TYPE})?\b\.?", re.IGNORECASE
)
_ROUTE = re.compile(
    r"\b(?:Interstate|I-|U\.?S\.?\s+(?:Highway|Route)|State\s+(?:Route|Highway)|Route|Highway|Hwy\.?|SR)[\s-]?\d{1,4}\b"
)
_CROSSING = re.compile(
    rf"\b(?P<a>(?:\d+(?:st|nd|rd|th)|[A-Z][a-z]+)(?:\s+{_TYPE})?\.?)\s+(?:and|&|at)\s+(?P<b>(?:\d+(?:st|"
    rf"nd|rd|th)|[A-Z][a-z]+)(?:\s+{_TYPE}s?))\b\.?|"
    rf"\b(?:corner|intersection) of\s+(?P<c>(?:\d+(?:st|nd|rd|th)|"
    rf"[A-Z][\w']+)(?:\s+{_TYPE})?\.?\s+(?:and|&)\s+(?:\d+(?:st|nd|rd|th)|"
    rf"[A-Z][\w']+)(?:\s+{_TYPE}s?)?)\b"
)


_ROUTE_HEADS = heads_of(["interstate", "i", "us", "u", "state", "route", "highway", "hwy", "sr"])


def find_addresses(text: str) -> Iterator[Mention]:
    """Street addresses, blocks, numbered routes and crossings; normal form by the parts of the address."""
    taken: list[tuple[int, int]] = []
    for rule, pattern in (
        ("address", _ADDRESS),
        ("directed", _DIRECTED),
        ("block", _BLOCK),
        ("route", _ROUTE),
        ("crossing", _CROSSING),
    ):
        if rule == "address":
            found = matches_at(_ADDRESS, text, anchors_of(text).figures)
        elif rule == "directed":
            found = matches_at(_DIRECTED, text, anchors_of(text).figures)
        elif rule == "route":
            found = matches_at(_ROUTE, text, anchors_of(text).at(_ROUTE_HEADS))
        elif rule == "block" and "lock" not in text and "LOCK" not in text:
            continue
        else:
            found = pattern.finditer(text)
        for m in found:
            start, end = m.span("c") if rule == "crossing" and m["c"] else m.span()
            if any(a < end and start < b for a, b in taken) or "\n\n" in m.group():
                continue
            taken.append((start, end))
            written = text[start:end].rstrip(" ,")
            normal = _address(written) if rule == "address" else _plain(written)
            yield Mention(
                "place",
                written,
                normal,
                start,
                start + len(written),
                f"place.{rule}",
                "certain" if rule != "crossing" else "likely",
            )


def _address(written: str) -> str:
    import usaddress  # type: ignore[import-untyped]

    try:
        parts, kind = usaddress.tag(written.replace("\n", " "))
    except usaddress.RepeatedLabelError:
        return _plain(written)
    if kind != "Street Address":
        return _plain(written)
    street = [v for k, v in parts.items() if k.startswith(("AddressNumber", "StreetName"))]
    more = [v for k, v in parts.items() if not k.startswith(("AddressNumber", "StreetName"))]
    return ", ".join(filter(None, [_plain(" ".join(street)), *map(_plain, more)]))


def _plain(written: str) -> str:
    return re.sub(r"\s+", " ", written.replace(".", "")).strip(" ,")


@cache
def states() -> frozenset[str]:
    """Folded names and newspaper forms of the states, points left out."""
    forms = table("places", "state_forms")
    return frozenset(folded(n).replace(".", "") for n in (*forms, *forms.values(), *phrases("places", "more_states")))


@cache
def known_places() -> frozenset[str]:
    """Folded names of cities, states, countries and regions of the gazetteer, points left out."""
    listed = (*phrases("places", "cities"), *phrases("places", "regions"), *table("places", "state_forms").values())
    return states() | frozenset(folded(name).replace(".", "") for name in listed)


def is_place_name(lows: list[str], *, given_first: bool, at_place: bool) -> bool:
    """Whether the words of a run are a place by their first or last word.

    given_first  the first word is a given name: "Anita Hill" is a person unless "on" or "at" stands before
    """
    name = " ".join(lows).replace(".", "")
    if name in known_places():
        return True
    if len(lows) < 2:
        return False
    if lows[-1] in words("places", "suffixes"):
        initial = len(lows) == 3 and len(lows[1]) == 1
        return (
            not given_first
            or at_place
            or (len(lows) > 2 and not initial)
            or lows[-1] not in words("places", "surnames_too")
        )
    return lows[0] in words("places", "prefixes") and not given_first
