"""Import specifications: a TOML file that says what the columns of a table mean, saved once and used again.

Checked whole before a row is read, so that a slip in it is one message and not a thousand rejects.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from thaw.data import data_path
from thaw.record import Predicate, codes_of, predicates

from .spec_options import FIX, check_options, check_place, refuse

_SPECS = "formats/specs"
_TOP = (*("name", "recorded_by", "entity", "key", "columns", "kind", "header_row", "sheet", "decimal", "fields"),)
_FIELD = ("column", "formats", "codes", "unknown", "unit", "apart", "otherwise")
_PLACE = ("name", "city", "county", "state", "state_fips", "county_fips", "lat", "lon", "point", "precision_km", "role")
_ROLES = {"case": ("case", "victim", "offender"), "person": ("person",)}


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field: whose it is, its predicate, the columns it is made from, and how to read them."""

    role: str
    predicate: Predicate
    columns: tuple[str, ...]
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ImportSpec:
    """A specification; `text` is the TOML as it was read, kept with the import.

    header_row  physical line of the header (row of a sheet); None where it is to be found
    sheet       name of the sheet of a workbook; None for the first
    decimal     the mark before tenths, a dot or a comma
    """

    name: str
    recorded_by: str
    entity: str
    kind: str | None
    key: tuple[str, ...]
    columns: tuple[str, ...]
    fields: tuple[FieldSpec, ...]
    text: str
    header_row: int | None = None
    sheet: str | None = None
    decimal: str = "."

    def fits(self, columns: Sequence[str]) -> bool:
        """True when a table has every column that the specification names."""
        return bool(self.columns) and set(self.columns) <= set(columns)


def known_specs() -> dict[str, ImportSpec]:
    """The specifications that come with the program, by name."""
    paths = sorted(data_path(_SPECS).glob("*.toml"))
    return {path.stem: read_spec(path) for path in paths}


def find_spec(name: str) -> ImportSpec:
    """The specification in a file, or one of the program's own by name. Raises InputError when there is none."""
    if re.fullmatch(r"[a-z0-9-]+", name) and not Path(name).exists():
        known = known_specs()
        if name in known:
            return known[name]
        raise refuse("--spec", repr(name), "a TOML file, or one of " + ", ".join(known), "Make one with --guess.")
    return read_spec(Path(name))


def read_spec(path: Path) -> ImportSpec:
    """The specification in a TOML file. Raises InputError naming the part that is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except OSError as error:
        raise refuse(str(path), error.strerror or "an error", "an import specification", "Check the name.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise refuse(
            str(path), f"a file that is no TOML ({error})", "an import specification", "Mend the line."
        ) from None
    return spec_of(table, text, where=str(path))


def spec_of(table: Mapping[str, Any], text: str, *, where: str) -> ImportSpec:
    """The specification of a TOML table; `where` names it in messages."""
    for key in table:
        if key not in _TOP:
            raise refuse(f"{where}, {key}", "a key that specifications do not have", "one of " + ", ".join(_TOP), FIX)
    name = table.get("name", "")
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z0-9-]{1,40}", name):
        raise refuse(f"{where}, name", repr(name), "1 to 40 letters (A to Z), digits and dashes", FIX)
    entity = table.get("entity", "case")
    if entity not in _ROLES:
        raise refuse(f"{where}, entity", repr(entity), "case or person", FIX)
    kind = table.get("kind")
    if entity == "person" and kind not in codes_of("person.kind"):
        raise refuse(f"{where}, kind", repr(kind), "missing, unidentified or unclaimed", FIX)
    fields = table.get("fields", {})
    if not isinstance(fields, dict) or not fields:
        raise refuse(f"{where}, fields", "no fields", "at least one field with its column", FIX)
    return ImportSpec(
        name,
        str(table.get("recorded_by", name)),
        entity,
        kind,
        _names(table.get("key", []), f"{where}, key"),
        _list(table.get("columns", []), f"{where}, columns"),
        tuple(_field(entity, field, options, f"{where}, {field}") for field, options in fields.items()),
        text,
        *_shape(table, where),
    )


def _shape(table: Mapping[str, Any], where: str) -> tuple[int | None, str | None, str]:
    """Where the header stands, which sheet is read, and the decimal mark."""
    row, sheet, decimal = table.get("header_row"), table.get("sheet"), table.get("decimal", ".")
    if row is not None and (type(row) is not int or row < 1):
        raise refuse(f"{where}, header_row", repr(row), "the number of the line with the names of the columns", FIX)
    if sheet is not None and not isinstance(sheet, str):
        raise refuse(f"{where}, sheet", repr(sheet), "the name of a sheet", FIX)
    if decimal not in (".", ","):
        raise refuse(f"{where}, decimal", repr(decimal), "a dot or a comma", FIX)
    return row, sheet, decimal


def _field(entity: str, name: str, options: Any, where: str) -> FieldSpec:
    role, dot, rest = name.partition(".")
    if not dot or role not in (*_ROLES[entity], "behaviours") or role == "behaviours":
        role, rest = entity, name
    if role not in _ROLES[entity]:
        raise refuse(where, repr(role), "one of " + ", ".join(_ROLES[entity]), FIX)
    known = predicates("case" if role == "case" else "person")
    if rest not in known:
        raise refuse(
            where, repr(rest), "one of " + ", ".join(known), "Use a predicate of docs/reference/vocabulary.md."
        )
    if not isinstance(options, dict):
        raise refuse(where, repr(options), "a table with at least a column", FIX)
    predicate = known[rest]
    able = _PLACE if predicate.type == "place" else _FIELD
    for option in options:
        if option not in able:
            raise refuse(
                f"{where}, {option}", "an option that this field does not have", "one of " + ", ".join(able), FIX
            )
    if predicate.type == "place":
        check_place(options, where)
        texts = {option: value for option, value in options.items() if option not in ("precision_km", "role")}
        return FieldSpec(role, predicate, _names(list(texts.values()), where), dict(options))
    columns = _names(options.get("column", []), f"{where}, column")
    if not columns:
        raise refuse(where, "no column", "the name of a column, or several", FIX)
    check_options(predicate, options, where, siblings=known)
    return FieldSpec(role, predicate, columns, dict(options))


def _names(value: Any, where: str) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise refuse(where, repr(value), "the name of a column, or a list of them", FIX)
    return tuple(names)


def _list(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise refuse(where, repr(value), "a list of names of columns")
    return _names(value, where)
