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
from .spaces import Spaces
from .things import find_counts, find_things
from .tokens import Page
from .vague_dates import find_vague_dates
from .vehicles import find_vehicles
from .works import find_works

_SURE_PLATES = frozenset(
    [
        "plate.label",
        "plate.column",
        "plate.begun",
        "plate.fragment",
        "plate.again",
        "plate.state",
        "plate.county",
        "plate.company",
    ]
)
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
    found = _Found(len(page.text))
    found.add(find_phones(page.text))
    found.add(replace(m, role="document") if own and m.start == own.start else m for m in find_dates(clock))
    numbers = list(find_numbers(page, clock.today))
    vehicles = found.add_over_years(find_vehicles(page))
    found.drop([m for m in found.kept if m.rule == "date.year" and _model_year(page.text, m, vehicles)])
    plates = list(find_plates(page.text, vehicles))
    # A number that its label makes one stands; a bare one gives way to a plate with its label.
    sure = Spaces(len(page.text), ((m.start, m.end) for m in plates if m.rule in _SURE_PLATES))
    found.add(m for m in numbers if m.rule not in _WEAK_NUMBERS or not sure.holds(m.start, m.end))
    found.add(plates)
    found.add_over_years(find_addresses(page.text))
    for find in (find_times, find_heights, find_weights, find_money, find_ages):
        found.add(find(page.text))
    found.add(find_vague_dates(clock, found.kept))
    linked, taken_in = find_linked_dates(clock, found.kept)
    found.drop(taken_in)
    found.add(linked)
    closed = [(m.start, m.end) for m in found.kept]
    works = [w for w in find_works(page, closed) if found.is_free(w)]
    names = find_names(page, closed, works, reading.names)
    found.add(works)
    found.add(names)
    found.add(find_things(page.text))
    others = _Found(len(page.text))
    others.add(m for m in found.kept if m.kind not in ("weapon", "injury"))
    # "Two handguns": a count may hold a weapon or an injury, and both stay.
    counts = [m for m in find_counts(page.text, [(m.start, m.end) for m in others.kept]) if others.is_free(m)]
    every = (_as_written(text, m) for m in [*found.kept, *counts])
    return tuple(sorted(every, key=lambda m: (m.start, m.end)))


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


class _Found:
    """What is found so far, and the letters that it takes up."""

    def __init__(self, length: int) -> None:
        self.kept: list[Mention] = []
        self._length, self._spaces = length, Spaces(length)

    def is_free(self, mention: Mention) -> bool:
        """Whether nothing found stands where this one stands."""
        return not self._spaces.holds(mention.start, mention.end)

    def add(self, more: Iterable[Mention]) -> None:
        """Keep those that stand free of what is kept."""
        for mention in more:
            if self.is_free(mention):
                self.kept.append(mention)
                self._spaces.take(mention.start, mention.end)

    def add_over_years(self, more: Iterable[Mention]) -> list[Mention]:
        """Keep those that stand free of all but bare years, which give way to them; returns those kept."""
        new: list[Mention] = []
        for mention in more:
            over = [] if self.is_free(mention) else [m for m in self.kept if _meet(m, mention)]
            if all(m.rule == "date.year" for m in over):
                self.drop(over)
                self.add([mention])
                new.append(mention)
        return new

    def drop(self, gone: Iterable[Mention]) -> None:
        """Take some out again."""
        places = {(m.start, m.end, m.rule) for m in gone}
        if places:
            self.kept = [m for m in self.kept if (m.start, m.end, m.rule) not in places]
            self._spaces = Spaces(self._length, ((m.start, m.end) for m in self.kept))


def _meet(one: Mention, other: Mention) -> bool:
    return one.start < other.end and other.start < one.end
