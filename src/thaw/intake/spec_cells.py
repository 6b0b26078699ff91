"""How cells of a table are read as its specification says: dates, numbers, codes, yes and no."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from thaw.errors import InputError
from thaw.record import PartialDate, Quantity, codes_of

from .import_spec import FieldSpec
from .person_cells import age_of, height_of, weight_of
from .rows import BadCell, Implausible
from .spec_options import UNITS

YES = {"yes": "asserted", "true": "asserted", "1": "asserted", "y": "asserted", "t": "asserted"}
NO = {"no": "denied", "false": "denied", "0": "denied", "n": "denied", "f": "denied"}
_OLDEST = 99  # "65+" has no end of its own; the FBI's code 99 stands for 99 and above
_FIRST_SHEET_DAY = date(1899, 12, 30)  # day 0 of spreadsheets; right from 1 March 1900 on, which is day 61
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_COUNTED = ("excel", "unix", "unix-ms")
_DAY, _MONTH = re.compile("%[dejxcD]"), re.compile("%[mbBjxcD]")
_ISO_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ][0-9:.]+(?:Z| ?UTC|[+-][0-9]{2}(?::?[0-9]{2})?)?")
_WRITTEN: Mapping[str, Callable[[str, str], Quantity | None]] = {"height": height_of, "weight": weight_of}
_NUMBER = re.compile(r"([0-9]+(?:\.[0-9]+)?)(?:\s*(?:-|\u2013|to)\s*([0-9]+(?:\.[0-9]+)?))?")
_OPEN = re.compile(r"([0-9]{1,2}|1[0-2][0-9])\s*(?:\+|and (?:over|older|above)|or (?:over|older|above)|plus)")
_UNDER = re.compile(r"(?:<|under|less than)\s*(1|one)(?: year)?")
_DECADE = re.compile(r"([1-9]0)'?s")


def date_of(column: str, cell: str, formats: Sequence[str], today: date) -> PartialDate:
    """The date of a cell in one of these formats (as `strptime` has them, or excel, unix, unix-ms), as precise as they.

    Without a format, and in the format `words`: ISO dates, with or without a time, and plain words. Of a year with two
    digits the last one that is not in the future. Raises BadCell.
    """
    for wanted in formats or ("words",):
        found = _in_words(cell) if wanted == "words" else _in_format(cell, wanted, today)
        if found is not None and found.first <= today and found.first.year >= 1800:
            return found
    want = "a date as " + (" or ".join(formats) if formats else "1984-07-03, 1984-07 or 1984") + ", not in the future"
    raise BadCell(column, repr(cell), want)


def _in_words(cell: str) -> PartialDate | None:
    timed = _ISO_TIME.fullmatch(cell)
    try:
        return PartialDate.parse(timed[1] if timed else cell)
    except InputError:
        return None


def _in_format(cell: str, wanted: str, today: date) -> PartialDate | None:
    if wanted in _COUNTED:
        return _counted(cell, wanted)
    # Without this "2015111" would pass for a day: digits must be as many as the format has.
    if wanted == "%Y%m%d" and not re.fullmatch(r"[0-9]{8}", cell):
        return None
    try:
        day = datetime.strptime(cell, wanted).date()
        if "%y" in wanted and day > today:
            day = day.replace(year=day.year - 100)
    except ValueError:
        return None
    words = cell if "%y" in wanted else None
    if _DAY.search(wanted):
        return PartialDate(day, day, "day", words)
    if _MONTH.search(wanted):
        return PartialDate.of_month(day.year, day.month, words)
    return PartialDate.of_year(day.year, words)


def _counted(cell: str, wanted: str) -> PartialDate | None:
    """A date as a count: days of a spreadsheet, seconds or thousandths of a second since 1970."""
    if not re.fullmatch(r"-?[0-9]{1,14}(?:\.[0-9]+)?", cell):
        return None
    number = float(cell)
    try:
        if wanted == "excel":
            day = _FIRST_SHEET_DAY + timedelta(int(number)) if number >= 61 else None
        else:
            day = (
                datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=number / (1000 if "ms" in wanted else 1))
            ).date()
    except OverflowError:
        return None
    return None if day is None else PartialDate(day, day, "day", cell)


def date_of_parts(columns: Sequence[str], cells: Sequence[str], unknown: frozenset[str], today: date) -> PartialDate:
    """A date whose year, month and day stand in columns of their own; a month or day that is not known is left open."""
    year, month, day = (*cells, "", "")[:3]
    known = [part for part in (month, day) if part and part.casefold() not in unknown and part.strip("0")]
    if not re.fullmatch(r"(?:18|19|20)[0-9]{2}(?:\.0)?", year):
        raise BadCell(columns[0], repr(year), f"a year from 1800 to {today.year}")
    numbers = [int(year[:4])]
    if len(known) and known[0] == month:
        name = next((i for i, one in enumerate(_MONTHS, 1) if month.casefold() in (one, one[:3])), None)
        numbers.append(name if name is not None else _whole(columns[1], month, 12))
        if len(known) == 2:
            numbers.append(_whole(columns[2], day, 31))
    try:
        if len(numbers) == 3:
            whole = date(numbers[0], numbers[1], numbers[2])
            found = PartialDate(whole, whole, "day")
        else:
            year_only = len(numbers) == 1
            found = PartialDate.of_year(numbers[0]) if year_only else PartialDate.of_month(numbers[0], numbers[1])
    except ValueError:
        raise BadCell(columns[-1], repr("-".join(cells)), "a day that the calendar has") from None
    if found.first > today:
        raise BadCell(columns[0], repr("-".join(filter(None, cells))), "a date that is not in the future")
    return found


def _whole(column: str, cell: str, most: int) -> int:
    found = re.fullmatch(r"([0-9]{1,2})(?:\.0)?", cell)
    if not found or not 1 <= int(found[1]) <= most:
        raise BadCell(column, repr(cell), f"a number from 1 to {most}" + (", or a month's name" if most == 12 else ""))
    return int(found[1])


def quantity_of(field: FieldSpec, cell: str, decimal: str = ".") -> Quantity:
    """A number or a range in the unit of the predicate.

    Ages may be as people write them (46 Years, 18 months, 65+), heights and weights with their units (5'10", 150 lbs).

    decimal  the mark before tenths, a dot or a comma
    Raises BadCell.
    """
    unit = field.predicate.unit or ""
    given = str(field.options.get("unit", unit))
    column = field.columns[0]
    want = f"a number of {given}, or a range such as 20-30"
    found = _NUMBER.fullmatch(cell.replace(",", ".") if decimal == "," else cell)
    if found is None and unit == given == "years":
        return _age(column, cell, want)
    written = _WRITTEN.get(field.predicate.name)
    if found is None and written is not None:
        return _with_units(written, column, cell, f"{want}, or a size with its unit such as 178 cm or 150 lbs")
    if found is None:
        raise BadCell(column, repr(cell), want)
    factor = UNITS[given] / UNITS[unit]
    low, high = sorted(round(float(part) * factor, 3) for part in (found[1], found[2] or found[1]))
    if unit == "years" and high > 130:
        raise BadCell(column, repr(cell), "an age of at most 130 years")
    return Quantity(int(low) if low == int(low) else low, int(high) if high == int(high) else high, unit)


def _age(column: str, cell: str, want: str) -> Quantity:
    words = cell.casefold()
    if found := _OPEN.fullmatch(words):
        return Quantity(int(found[1]), max(int(found[1]), _OLDEST), "years")
    if _UNDER.fullmatch(words):
        return Quantity(0, 0, "years")
    if found := _DECADE.fullmatch(words):
        return Quantity(int(found[1]), int(found[1]) + 9, "years")
    try:
        age = age_of(column, cell)
    except Implausible:
        raise BadCell(column, repr(cell), "an age of at most 130 years") from None
    except BadCell:
        age = None
    if age is None:
        raise BadCell(column, repr(cell), want)
    return age


def _with_units(read: Callable[[str, str], Quantity | None], column: str, cell: str, want: str) -> Quantity:
    """A size whose units stand in the cell: 5'10", 5 ft 10 in, 178 cm, 150 lbs, 68 kg."""
    try:
        size = read(column, cell)
    except BadCell:
        size = None
    if size is None:
        raise BadCell(column, repr(cell), want)
    return size


class CodeReader:
    """The codes of a field by the words of its table; codes and labels of the list are known anyhow."""

    def __init__(self, field: FieldSpec) -> None:
        known = codes_of(field.predicate.list or "")
        mapped: Mapping[str, str] = field.options.get("codes", {})
        self._column = field.columns[0]
        # The FBI's letters of 1976-79 mean something else in any other table: N was Black, C Chinese.
        self._bare = {code for code, label in known.items() if "(code of " not in label}
        self._known, self._mapped = known, mapped
        self._folded = {label.casefold(): code for code, label in known.items()}
        self._folded |= {word.casefold(): code for word, code in mapped.items()}

    def code(self, cell: str) -> str:
        """The code of a cell; capitals matter for the codes of the list only. Raises BadCell."""
        code = self._mapped.get(cell) or (cell if cell in self._bare else self._folded.get(cell.casefold()))
        if code is None:
            want = "one of " + ", ".join([*self._mapped, *self._known])
            raise BadCell(self._column, repr(cell), want)
        return code
