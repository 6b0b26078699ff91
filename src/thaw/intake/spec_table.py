"""Reads any table, CSV or Parquet, as an import specification says; format `csv`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from operator import itemgetter
from pathlib import Path

from thaw.errors import InputError
from thaw.record import Code, Said, Text, pack_said, predicates

from .import_spec import FieldSpec, ImportSpec
from .look import Header, Look
from .rows import BadCell, Packed, Reject, SourceRow
from .spec_cells import NO, YES, CodeReader, date_of, date_of_parts, quantity_of
from .spec_place import place_maker
from .tables import Cells, header_of, read_table, text_of

_KEPT = 12_000


class SpecTable:
    """Reader of format `csv` with one specification; its name is the name of the data set."""

    name = "csv"
    version = 1
    unit = "rows"

    def __init__(self, spec: ImportSpec) -> None:
        self.spec = spec
        self.recorded_by = spec.recorded_by

    def fits(self, look: Look) -> bool:
        """True when the table has every column that the specification names."""
        return look.kind in ("text", "sheet", "parquet") and self.spec.fits(self.header(look.path).columns)

    def header(self, path: Path) -> Header:
        """The columns of the table."""
        return header_of(path, self.spec.header_row, self.spec.sheet)

    def key_column(self, columns: Sequence[str]) -> str | None:
        """The first column of the key."""
        return self.spec.key[0] if self.spec.key else None

    def notes(self, path: Path) -> list[str]:
        """Columns that the specification does not name: they stay in the raw row."""
        named = {name for field in self.spec.fields for name in field.columns} | {*self.spec.key, *self.spec.columns}
        return [
            f"column {name!r} is not in the specification"
            for name in self.header(path).columns
            if name and name not in named
        ]

    def is_whole(self, path: Path) -> bool:
        """Always: a table is an issue."""
        return True

    def read(self, path: Path, today: date) -> Iterator[SourceRow | Reject]:
        """Every row in order; a cell that cannot be read makes the row a reject that names its column.

        Raises InputError when the table lacks a column that the specification names.
        """
        columns = self.header(path).columns
        wanted = {name for field in self.spec.fields for name in field.columns} | set(self.spec.key)
        absent = sorted(wanted - set(columns))
        if absent:
            raise InputError(
                where=str(path),
                got="a table without " + ", ".join(absent),
                want=f"the columns that the specification {self.spec.name} names",
                fix="Correct the specification, or make a new one with --guess.",
            )
        parser = _Parser(self.spec, columns, today)
        for cells in read_table(path, self.spec.header_row, self.spec.sheet):
            yield cells if isinstance(cells, Reject) else parser.parse(cells)


class _Parser:
    def __init__(self, spec: ImportSpec, columns: Sequence[str], today: date) -> None:
        self._spec, self._columns, self._today = spec, columns, today
        self._text = text_of(columns)
        at = {name: i for i, name in reversed(list(enumerate(columns)))}
        self._key = [at[name] for name in spec.key]
        # Each field with the places of its cells and what was made of the same cells before.
        self._fields = [
            (field.role, itemgetter(*[at[name] for name in field.columns]), _maker(field, spec, today), _Known())
            for field in spec.fields
        ]
        self._kind = pack_said(Said("kind", Code(spec.kind, "person.kind"))) if spec.kind else None

    def parse(self, row: Cells) -> SourceRow | Reject:
        cells = [cell.strip() for cell in row.cells]
        key = "/".join([cells[i] for i in self._key])
        key_or_none = key if key.strip("/") else None
        said: dict[str, list[Packed]] = (
            {"person": [self._kind]} if self._kind else {"case": [], "victim": [], "offender": []}
        )
        doubts: tuple[str, ...] = ()
        text = self._text(row.cells)
        for number, (role, take, make, known) in enumerate(self._fields):
            taken = take(cells)
            made = known.get(taken)
            if made is None:
                if len(known) >= _KEPT:
                    known.clear()
                try:
                    made = known[taken] = _made(make, (taken,) if isinstance(taken, str) else taken)
                except BadCell as bad:
                    column = bad.field if bad.field in self._columns else self._spec.fields[number].columns[0]
                    raw = row.raw if isinstance(row.raw, str) else text
                    return Reject(row.row, row.line, column, bad.got, bad.want, raw, key_or_none)
            said[role] += made[0]
            if made[1]:
                doubts += made[1]
        return SourceRow(row.row, row.line, key_or_none, row.raw, text, None, said, None, doubts=doubts)


_Make = Callable[[Sequence[str], list[str]], Iterator[Said | Packed]]
# What was made of a cell, or of several cells that belong together.
_Known = dict[str | tuple[str, ...], tuple[tuple[Packed, ...], tuple[str, ...]]]


def _made(make: _Make, cells: Sequence[str]) -> tuple[tuple[Packed, ...], tuple[str, ...]]:
    doubts: list[str] = []
    return tuple([pack_said(one) if isinstance(one, Said) else one for one in make(cells, doubts)]), tuple(doubts)


def _maker(field: FieldSpec, spec: ImportSpec, today: date) -> _Make:
    """The function that reads the cells of a field."""
    kind, name, columns = field.predicate.type, field.predicate.name, field.columns
    if kind == "place":
        return place_maker(field)
    unknown = frozenset(word.casefold() for word in field.options.get("unknown", ()))
    read = _reader(field, spec, today)
    in_parts = kind == "date" and len(columns) > 1 and not field.options.get("formats")

    def make(cells: Sequence[str], doubts: list[str]) -> Iterator[Said | Packed]:
        told = [cell for cell in cells if cell and cell.casefold() not in unknown]
        if not told:
            if any(cells):
                yield Said(name, None, " ".join(filter(None, cells)), "unknown")
        elif in_parts:
            yield Said(name, date_of_parts(columns, cells, unknown, today))
        elif kind == "text" and field.predicate.several and len(columns) > 1:
            pairs = zip(columns, cells, strict=True)
            yield from (Said(name, Text(f"{column}: {cell}")) for column, cell in pairs if cell in told)
        elif kind == "text":
            # Packed at once: words are what differs in every row.
            yield {"p": name, "v": {"text": " ".join(told)}}
        else:
            yield from read(" ".join(told) if kind == "date" else told[0], doubts)

    return make


def _reader(field: FieldSpec, spec: ImportSpec, today: date) -> Callable[[str, list[str]], Iterator[Said]]:
    """The function that reads a cell of a field that is neither a place nor words."""
    name, column = field.predicate.name, field.columns[0]
    match field.predicate.type:
        case "date":
            formats = field.options.get("formats", ())
            return lambda cell, doubts: iter([Said(name, date_of(column, cell, formats, today))])
        case "quantity":
            return lambda cell, doubts: iter(
                [Said(name, quantity_of(field, cell, spec.decimal), None if cell.isdigit() else cell)]
            )
        case "code":
            return _code_reader(field)
        case "tristate":
            return lambda cell, doubts: iter([_answer(name, column, cell)])
    return lambda cell, doubts: iter([Said(name, Text(cell))])


def _code_reader(field: FieldSpec) -> Callable[[str, list[str]], Iterator[Said]]:
    name, list_name = field.predicate.name, field.predicate.list or ""
    codes = CodeReader(field)
    keeps = field.options.get("otherwise") == "keep"
    apart = {word.casefold(): elsewhere for word, elsewhere in field.options.get("apart", {}).items()}
    siblings = predicates("case" if field.role == "case" else "person")

    def read(cell: str, doubts: list[str]) -> Iterator[Said]:
        elsewhere = apart.get(cell.casefold())
        if elsewhere is not None:
            # A word that says something else than its column: "Hispanic" in a column of races.
            yield Said(name, None, cell, "unknown")
            for other, code in elsewhere.items():
                yield Said(other, Code(code, siblings[other].list or ""), cell)
            return
        try:
            code = codes.code(cell)
        except BadCell:
            if not keeps:
                raise
            doubts.append(f"{field.columns[0]}: words that have no code, kept as text")
            yield Said("other", Text(f"{field.columns[0]}: {cell}"))
            return
        if code == "U":
            yield Said(name, None, cell, "unknown")
        else:
            yield Said(name, Code(code, list_name), cell if cell != code else None)

    return read


def _answer(name: str, column: str, cell: str) -> Said:
    polarity = {**YES, **NO}.get(cell.casefold())
    if polarity is None:
        raise BadCell(column, repr(cell), "yes or no")
    return Said(name, None, None, polarity)
