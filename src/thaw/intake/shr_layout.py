"""The record layouts of the Supplementary Homicide Report: positions of fields, and which layout a line has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from thaw.data import read_toml
from thaw.data.ucr import ucr_state

_FILE = "formats/shr_layouts.toml"
_MASTERS = ("1962-1975", "1976-1979", "1980-2012")
SUBMISSION = "submission"
_RECORD_TYPES = ("00", "13", "14", "16")


@dataclass(frozen=True, slots=True)
class Blocks:
    """Where the victims or the offenders stand: slices of the first and of those after it, and parts of one."""

    slices: tuple[slice, ...]
    parts: Mapping[str, slice]
    width: int

    def filled(self, line: str) -> Iterator[tuple[int, str]]:
        """Number and text of the first block, which may be blank, and of those after it that are not."""
        first, *more = self.slices
        yield 1, line[first]
        # Most reports name one victim and one offender: one look at the rest of the line instead of ten.
        if more and line[more[0].start : more[-1].stop].strip():
            yield from ((i, line[at]) for i, at in enumerate(more, start=2) if line[at].strip())


@dataclass(frozen=True, slots=True)
class Layout:
    """One layout.

    fields   name -> slice of the record
    kept     names of the fields that are kept as they stand in one statement
    victims, offenders  blocks; None in the records of 1962 to 1975, which hold one of each in fields
    """

    name: str
    length: int
    years: tuple[int, int]
    fields: Mapping[str, slice]
    kept: tuple[str, ...]
    victims: Blocks | None
    offenders: Blocks | None


@cache
def layouts() -> Mapping[str, Layout]:
    """The layouts by name: 1962-1975, 1976-1979, 1980-2012 (later years too) and submission."""
    return {name: _layout(name, table) for name, table in read_toml(_FILE).items() if isinstance(table, dict)}


def _layout(name: str, table: Mapping[str, object]) -> Layout:
    def slices(key: str) -> dict[str, slice]:
        found = table.get(key, {})
        assert isinstance(found, dict)
        return {field: slice(first - 1, last) for field, (first, last) in found.items()}

    fields = slices("fields")
    typed = table["typed"]
    years, length = table["years"], table["length"]
    assert isinstance(typed, list)
    assert isinstance(years, list)
    assert isinstance(length, int)
    return Layout(
        name,
        length,
        (years[0], years[1]),
        fields,
        tuple(field for field in fields if field not in typed and (field != "identifier" or name == SUBMISSION)),
        _blocks(table.get("victims"), slices("victim")),
        _blocks(table.get("offenders"), slices("offender")),
    )


def _blocks(table: object, parts: Mapping[str, slice]) -> Blocks | None:
    if not isinstance(table, list):
        return None
    first, second, width, more = table
    starts = [first, *(second + width * i for i in range(more))]
    return Blocks(tuple(slice(start - 1, start - 1 + width) for start in starts), parts, width)


def layout_of(lines: Sequence[str]) -> Layout | None:
    """The layout that most of these lines have; None when fewer than half look like one of them.

    Trailing blanks may have been cut off, so that a line is as long as its layout or shorter.
    """
    lines = [line for line in lines if line.strip()]
    fits = {name: [looks_like(line, layout) for line in lines] for name, layout in layouts().items()}
    name = max(fits, key=lambda name: sum(fits[name]))
    return layouts()[name] if 2 * sum(map(any, zip(*fits.values(), strict=True))) > len(lines) else None


@cache
def layout_of_length(length: int) -> Layout | None:
    """The layout with records of exactly this length."""
    return next((layout for layout in layouts().values() if layout.length == length), None)


def looks_like(line: str, layout: Layout) -> bool:
    """True when agency, month and year stand where the layout has them; trailing blanks may be cut off."""
    if not layout.length // 4 < len(line) <= layout.length:
        return False

    def at(name: str) -> str:
        return line[layout.fields[name]]

    if not re.fullmatch(r"[A-Z]{2}[A-Z0-9]{5}", at("agency")):
        return False
    if layout.name == SUBMISSION:
        return at("record_type") in _RECORD_TYPES and at("month").isdigit() and at("year").isdigit()
    if at("identifier") != "6" or ucr_state(at("state")) is None:
        return False
    return at("month").isdigit() and at("year").isdigit() and _year_fits(at("year"), layout)


def _year_fits(digits: str, layout: Layout) -> bool:
    return layout.name != "1976-1979" or digits in ("76", "77", "78", "79")
