"""Guesses a first import specification from the columns of a table and its rows. A person corrects it.

By what it goes stands in data/formats/guess.toml.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from thaw.data import places, read_toml

from .guess_cells import code_lines, date_formats, is_point, reads_as_age, unknown_words
from .guess_persons import columns_named, is_of_missing_persons, of_persons
from .rows import Reject
from .tables import header_of, read_table

_GUESS = "formats/guess.toml"
_SAMPLE = 20_000
_NO_KEY = re.compile("lat|lon|date|day|time|name|address|age|narrative|description|point|geom")
_KEY = re.compile(r"(^|_)(id|uid|key|number|no|num|nr|case|file)$")
_OF_CASE = re.compile(r"uid|case|incident|homicide|file|dr_no|report")
# What a column of dates is of, by its name: the day of the killing first. The last are of something else.
_DAYS = (r"occ(ur|_|$)|incident|offen[cs]e|death|killed|homicide|murder|injury", r"^date$|^day$|date", r"report|found")
_OTHER_DAYS = re.compile(r"birth|dob|born|modif|updat|creat|arrest|clos|clear|sentenc|entered|export|load|charge")


def guess_spec(path: Path) -> tuple[str, list[str]]:
    """A first specification as TOML, and the columns that nothing was made of.

    Raises InputError as `header_of` does for a file that is no table.
    """
    header = header_of(path)
    rows = []
    for row in read_table(path):
        if not isinstance(row, Reject):
            rows.append([cell.strip() for cell in row.cells])
        if len(rows) >= _SAMPLE:
            break
    # Of columns with one name the first is read, and those without a name cannot be named.
    samples = {
        name: [row[i] for row in rows if row[i]] for i, name in reversed(list(enumerate(header.columns))) if name
    }
    columns = [name for name in dict.fromkeys(header.columns) if name]
    name = re.sub(r"[^A-Za-z0-9]+", "-", path.stem).strip("-")[:40].strip("-") or "table"
    lines = [
        "# A first guess. Read it, correct it, and try it with: thaw import FILE --spec THIS --dry-run",
        f"name = {json.dumps(name)}",
        f"recorded_by = {json.dumps(path.stem)}",
    ]
    guess = _Guess(columns, samples, len(rows))
    persons = is_of_missing_persons(guess.plain_names())
    lines += ['entity = "person"', 'kind = "missing"'] if persons else ['entity = "case"']
    if header.above:
        lines.append(f"header_row = {header.line}")
    if any(_decimal_commas(cells) for cells in samples.values()):
        lines.append('decimal = ","')
    key = guess.key()
    lines += [f"key = {json.dumps(key)}"] if key is not None else []
    lines.append(f"columns = {json.dumps(columns)}")
    made = [line for part in (guess.date, guess.place, guess.others) for line in part()]
    if persons:
        made = list(of_persons(made))
        guess.used &= {key, *columns_named(made)}
    lines += made or ["", "# No column was recognised. Name them so:", "# [fields.date]", '# column = "..."']
    return "\n".join(lines) + "\n", [column for column in columns if column not in guess.used]


def _decimal_commas(cells: Sequence[str]) -> bool:
    return bool(cells) and all(re.fullmatch(r"-?[0-9]+(?:,[0-9]+)?", cell) for cell in cells) and "," in "".join(cells)


class _Guess:
    """The table as it is sampled; `used` holds the columns that something was made of."""

    def __init__(self, columns: Sequence[str], samples: dict[str, list[str]], rows: int) -> None:
        self.columns, self.samples, self.rows = columns, samples, rows
        self.used: set[str] = set()
        self._plain = {column: re.sub(r"[^a-z0-9]+", "_", column.casefold()).strip("_") for column in columns}

    def plain_names(self) -> list[str]:
        """The names of the columns in small letters, with underscores."""
        return list(self._plain.values())

    def key(self) -> str | None:
        """The column whose cells are all there and all different: one that names a case, else one that is called so."""
        alone = [
            c for c in self.columns if self.rows and len(self.samples[c]) == self.rows == len(set(self.samples[c]))
        ]
        named = [c for c in alone if _KEY.search(self._plain[c])]
        of_case = [c for c in named if _OF_CASE.search(self._plain[c])]
        other = [c for c in alone if not _NO_KEY.search(self._plain[c])]
        found = next(iter(of_case or named or other), None)
        if found is not None:
            self.used.add(found)
        return found

    def date(self) -> list[str]:
        """The column of the day on which it happened, with its notations; else those of year, month and day."""
        found: list[tuple[int, int, str, list[str]]] = []
        for at, column in enumerate(self.columns):
            plain, cells = self._plain[column], self.samples[column]
            if column in self.used or _OTHER_DAYS.search(plain):
                continue
            called = next((i for i, words in enumerate(_DAYS) if re.search(words, plain)), len(_DAYS))
            formats = date_formats(cells, named=called < len(_DAYS))
            # A column of years is no date by itself where another one is.
            bare = all(re.fullmatch(r"[0-9]{4}", cell) for cell in cells[:50])
            if formats is not None and not (bare and called == len(_DAYS)):
                found.append((called + 10 * bare, at, column, formats))
        best = min(found, default=None)
        if best is not None and best[0] < 10:
            return self._dated(best[2], best[3])
        return self._year_month_day() or (self._dated(best[2], best[3]) if best else [])

    def _dated(self, column: str, formats: list[str]) -> list[str]:
        self.used.add(column)
        lines = ["", "[fields.date]", f"column = {json.dumps(column)}"]
        swapped = {wanted.replace("%d", "%%").replace("%m", "%d").replace("%%", "%m") for wanted in formats}
        if any("%d" in wanted and wanted in swapped for wanted in formats):
            lines.append("# Some cells put the day first and others the month: check which.")
        return lines + ([f"formats = {json.dumps(formats)}"] if formats != ["words"] else []) + self._unknown(column)

    def _year_month_day(self) -> list[str]:
        parts = []
        for word, most in (("year", 2100), ("month", 12), ("day", 31)):
            like = re.compile(rf"(.*_)?{word}(_.*)?|{word[:2]}r?" if word == "year" else rf"(.*_)?{word}|{word[:2]}")
            for column in self.columns:
                cells = self.samples[column]
                told = column not in self.used and like.fullmatch(self._plain[column]) and cells
                if told and (word == "month" or all(c.isdigit() and int(c) <= most for c in cells[:200])):
                    parts.append(column)
                    break
            else:
                break
        self.used.update(parts)
        return ["", "[fields.date]", f"column = {json.dumps(parts)}"] if parts else []

    def place(self) -> list[str]:
        """The columns of a place."""
        found: dict[str, str] = {}
        for one in read_toml(_GUESS)["places"]:
            part = one["part"]
            for column in self.columns:
                taken = column in self.used or part in found or not re.fullmatch(one["like"], self._plain[column])
                if not taken and self._is_part(part, self.samples[column][:200]):
                    # States as numbers are FIPS codes in most tables.
                    digits = part == "state" and all(cell.isdigit() for cell in self.samples[column][:200])
                    found["state_fips" if digits else part] = column
        if ("lat" in found) != ("lon" in found):
            found = {part: column for part, column in found.items() if part not in ("lat", "lon")}
        if "lat" in found:
            found.pop("point", None)
        self.used.update(found.values())
        lines = [f"{part} = {json.dumps(column)}" for part, column in found.items()]
        return ["", "[fields.place]", *lines] if found else []

    def _is_part(self, part: str, cells: Sequence[str]) -> bool:
        if not cells:
            return part not in ("point", "state")
        if part == "state":
            good = sum(places.state(cell.zfill(2) if cell.isdigit() else cell) is not None for cell in cells)
            return 2 * good >= len(cells)
        if part == "point":
            return 10 * sum(map(is_point, cells)) >= 9 * len(cells)
        if part in ("lat", "lon"):
            numbers = [cell.replace(",", ".") for cell in cells]
            return 10 * sum(_is_degrees(cell) for cell in numbers) >= 9 * len(cells)
        return True

    def others(self) -> list[str]:
        """Every other column whose name tells what it is."""
        return [line for lines in self._others() for line in lines]

    def _others(self) -> Iterator[list[str]]:
        guess = read_toml(_GUESS)
        given: set[str] = set()
        for one in guess["names"]:
            field, like = one["field"], one["like"]
            for short, pattern in guess["parts"].items():
                like = like.replace(short, pattern)
            for column in self.columns:
                if column in self.used or field in given or not re.fullmatch(like, self._plain[column]):
                    continue
                more = self._more(field, column)
                if more is None:
                    continue
                self.used.add(column)
                given.add(field)
                name = f'"{field}"' if "." in field else field
                yield ["", f"[fields.{name}]", f"column = {json.dumps(column)}", *more]

    def _more(self, field: str, column: str) -> list[str] | None:
        """The further lines of a field; None where the cells are not what the name says."""
        cells = self.samples[column]
        kind = field.rpartition(".")[2]
        if kind == "other":
            return self._unknown(column)
        if kind in ("sex", "race", "ethnicity", "weapon"):
            return code_lines(kind, cells)
        if kind == "age":
            return self._unknown(column) if not cells or any(map(reads_as_age, cells[:200])) else None
        if kind == "born":
            formats = date_formats(cells, named=True)
            return None if formats is None else [f"formats = {json.dumps(formats)}", *self._unknown(column)]
        return self._unknown(column)

    def _unknown(self, column: str) -> list[str]:
        words = unknown_words(self.samples[column])
        return [f"unknown = {json.dumps(words)}"] if words else []


def _is_degrees(cell: str) -> bool:
    return re.fullmatch(r"-?[0-9]{1,3}(?:\.[0-9]+)?", cell) is not None
