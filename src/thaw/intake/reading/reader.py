"""Runs the rules of every kind over a text in a fixed order; what one has taken is closed to those after it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from .dates import Clock, find_dates
from .document_date import document_date
from .linked_dates import find_linked_dates
from .measures import find_ages, find_heights, find_money, find_times, find_weights
from .mention import Mention, Reading
from .names import find_names
from .phones import find_phones
from .places import find_addresses
from .plates import find_plates
from .record_numbers import find_numbers
from .things import find_counts, find_things
from .tokens import Page
from .vague_dates import find_vague_dates
from .vehicles import find_vehicles
from .works import find_works

_SURE_PLATES = frozenset(["plate.label", "plate.fragment", "plate.again", "plate.state"])
_WEAK_NUMBERS = frozenset(["number.bare", "number.again", "number.coroner", "number.license"])


def read_mentions(text: str, reading: Reading | None = None) -> tuple[Mention, ...]:
    """The mentions of a text in the order of their places; none inside another of the same kind.

    text     one page, or a whole document with form feeds between its pages: names join within what is given
    reading  what is known before; without a document date it is looked for in the text's own head
    """
    reading = reading or Reading()
    page = Page.of(text, reading.running_lines)
    own = document_date(page.text, reading)
    if reading.document_date is None and own is not None:
        reading = replace(reading, document_date=own.date)
    clock = Clock(page.text, reading)
    found: list[Mention] = []
    _add(found, find_phones(page.text))
    dates = [m for m in find_dates(clock) if not _overlaps(found, m)]
    found += [replace(m, role="document") if own and m.start == own.start else m for m in dates]
    numbers = list(find_numbers(page))
    vehicles = [m for m in find_vehicles(page) if not _overlaps(found, m, but="date.year")]
    found = [m for m in found if m.rule != "date.year" or not _overlaps(vehicles, m)] + vehicles
    found = [m for m in found if m.rule != "date.year" or not _model_year(page.text, m, vehicles)]
    plates = list(find_plates(page.text, vehicles))
    # A number that its label makes one stands; a bare one gives way to a plate with its label.
    sure = [m for m in plates if m.rule in _SURE_PLATES]
    _add(found, [m for m in numbers if m.rule not in _WEAK_NUMBERS or not _overlaps(sure, m)])
    _add(found, plates)
    _add(found, find_addresses(page.text), over="date.year")
    for find in (find_times, find_heights, find_weights, find_money, find_ages):
        _add(found, find(page.text))
    _add(found, find_vague_dates(clock, found))
    linked, taken_in = find_linked_dates(clock, found)
    found = [m for m in found if m not in taken_in] + linked
    closed = [(m.start, m.end) for m in found]
    works = [w for w in find_works(page, closed) if not _overlaps(found, w)]
    names = find_names(page, closed, works, reading.names)
    _add(found, works)
    _add(found, names)
    _add(found, find_things(page.text))
    others = [m for m in found if m.kind not in ("weapon", "injury")]
    # "Two handguns": a count may hold a weapon or an injury, and both stay.
    found += [m for m in find_counts(page.text, [(m.start, m.end) for m in others]) if not _overlaps(others, m)]
    return tuple(sorted((_as_written(text, m) for m in found), key=lambda m: (m.start, m.end)))


def _as_written(text: str, mention: Mention) -> Mention:
    """With the words of the paper: figures are read out of "8-l9-74", which then is no longer certain."""
    written = text[mention.start : mention.end]
    if written == mention.text:
        return mention
    sure = "likely" if mention.certainty == "certain" else mention.certainty
    return replace(mention, text=written, certainty=sure)


def _model_year(text: str, year: Mention, vehicles: list[Mention]) -> bool:
    """ "A Plymouth, 1970 to 1973": years of a model, not dates."""
    ends = [v for v in vehicles if v.end <= year.start and year.start - v.end < 24]
    return any(
        re.fullmatch(r"[\s,(]*(?:(?:19|20)\d\d\s*)?(?:to|or|-|–|and|through)?\s*", text[v.end : year.start])
        for v in ends
    )


def _add(found: list[Mention], more: Iterable[Mention], over: str | None = None) -> None:
    """Keep those that stand free of what is kept; with `over`, kept mentions of that rule give way."""
    for mention in more:
        if over is not None:
            found[:] = [m for m in found if m.rule != over or m.end <= mention.start or mention.end <= m.start]
        if not _overlaps(found, mention):
            found.append(mention)


def _overlaps(found: Iterable[Mention], mention: Mention, but: str | None = None) -> bool:
    return any(m.start < mention.end and mention.start < m.end for m in found if m.rule != but)
