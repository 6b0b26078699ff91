"""Fields of a case: the predicates of the vocabulary that stand in columns, and the conditions that `--where` means.

Predicates of a case stand bare (`weapon`), those of its people behind their role (`victim.sex`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from thaw.errors import InputError
from thaw.record import PartialDate, PerSaying, Predicate, codes_of, predicates
from thaw.store import Where

from .place_fields import PLACE_PARTS, place_condition

ROLES = ("victim", "offender")
_PARTS: Mapping[str, Mapping[str, str]] = {
    "text": {"": "text"},
    "code": {"": "text"},
    "tristate": {"": "text"},
    "reference": {"": "text"},
    "quantity": {"_low": "real", "_high": "real"},
    "date": {"_from": "text", "_to": "text", "_precision": "text"},
    "place": {f"_{part}": kind for part, kind in PLACE_PARTS.items()},
}
_POLARITY = {"asserted": "yes", "denied": "no", "unknown": None}


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name for people, the role it belongs to, its predicate, and the columns that hold it."""

    name: str
    role: str
    predicate: Predicate
    columns: Mapping[str, str]

    @property
    def stem(self) -> str:
        """First part of the names of its columns."""
        return self.name.replace(".", "_")


@cache
def case_fields() -> Mapping[str, Field]:
    """All fields of a case by name, in the order of the vocabulary."""
    found: dict[str, Field] = {}
    for role, entity in (("case", "case"), *((role, "person") for role in ROLES)):
        for predicate in predicates(entity).values():
            if predicate.field:
                name = predicate.name if role == "case" else f"{role}.{predicate.name}"
                found[name] = Field(name, role, predicate, columns_of(name, predicate))
    return found


def columns_of(name: str, predicate: Predicate) -> dict[str, str]:
    """The columns of a field with this name: column -> its kind."""
    stem = name.replace(".", "_")
    return {f"{stem}{part}": kind for part, kind in _PARTS[predicate.type].items()}


@cache
def column_values(role: str) -> PerSaying[dict[str, Any]]:
    """The function that gives, for a packed saying about this role, what its columns hold; unknown is None."""
    fields = {field.predicate.name: field for field in case_fields().values() if field.role == role}

    @PerSaying
    def values(packed: dict[str, Any]) -> dict[str, Any]:
        field = fields.get(packed["p"])
        return values_of(field, packed) if field else {}

    return values


def values_of(field: Field, packed: Mapping[str, Any]) -> dict[str, Any]:
    """What the columns of a field hold for a packed saying; unknown is None."""
    stem = field.stem
    if field.predicate.type == "tristate":
        return {stem: _POLARITY[packed.get("n", "asserted")]}
    value = packed.get("v")
    if value is None:
        return dict.fromkeys(field.columns)
    match field.predicate.type:
        case "code":
            return {stem: value["code"]}
        case "text":
            return {stem: value["text"]}
        case "quantity":
            return {f"{stem}_low": value["low"], f"{stem}_high": value["high"]}
        case "date":
            date = value["date"]
            return {f"{stem}_from": date["from"], f"{stem}_to": date["to"], f"{stem}_precision": date["precision"]}
        case "place":
            return {f"{stem}_{part}": value["place"].get(part) for part in PLACE_PARTS}
    return {stem: value["ref"]}


def conditions(texts: Sequence[str]) -> list[Where]:
    """The conditions that `FIELD=VALUE` texts mean, all to be met.

    A value may be a code or its label (its beginning will do while no other label begins so), several with commas,
    `unknown`, or a range `1985..1989` for numbers, dates and years. Vague dates and ages meet a range when they
    overlap it. Raises InputError naming field and value.
    """
    return [where for text in texts for where in _condition(text)]


def _condition(text: str) -> list[Where]:
    fields = case_fields()
    shortened = {name.removeprefix("victim."): field for name, field in fields.items() if field.role == "victim"}
    return condition_on(text, fields, ("source_key", "case_id", "incident_id", "title"), shortened)


def condition_on(
    text: str, fields: Mapping[str, Field], own: Sequence[str], shortened: Mapping[str, Field] | None = None
) -> list[Where]:
    """The conditions that one `FIELD=VALUE` means on a table with these fields and these columns of its own.

    shortened  further names of fields, which the message for an unknown name does not list
    """
    name, found, value = text.partition("=")
    name, value = name.strip(), value.strip()
    if not found or not value:
        raise InputError(
            where="--where", got=repr(text), want="FIELD=VALUE, such as weapon=80", fix="Put an equals sign between."
        )
    if name == "year":
        return _overlap("date_from", "date_to", _days(value, name))
    if name.startswith("place.") and name[6:] in PLACE_PARTS:
        return place_condition("place", name[6:], value)
    if name in own:
        return [Where(name, "same", value)]
    field = fields.get(name) or (shortened or {}).get(name)
    if field is None:
        known = sorted([*fields, "year", *(f"place.{part}" for part in PLACE_PARTS), "source_key"])
        raise InputError(
            where="--where", got=repr(name), want="one of " + ", ".join(known), fix="Use one of these fields."
        )
    return _CONDITIONS[field.predicate.type](field, value)


def _code(field: Field, value: str) -> list[Where]:
    if value.lower() == "unknown":
        return [Where(field.stem, "unknown")]
    codes = codes_of(field.predicate.list or "")
    chosen = []
    for part in value.split(","):
        wanted = part.strip().lower()
        match = [code for code, label in codes.items() if wanted in (code.lower(), label.lower())]
        if not match:
            # The beginning of a label is enough while only one label begins so: "strangulation", not "other".
            begun = [code for code, label in codes.items() if label.lower().startswith(wanted)]
            match = begun if len(begun) == 1 and wanted else []
        if not match:
            shown = ", ".join(f"{code} ({label})" for code, label in codes.items())
            raise InputError(
                where=f"--where {field.name}",
                got=repr(part.strip()),
                want=f"one of {shown}, or unknown",
                fix="Use a code or its label.",
            )
        chosen += match
    return [Where(field.stem, "in", chosen)]


def _tristate(field: Field, value: str) -> list[Where]:
    answer = value.lower()
    if answer not in ("yes", "no", "unknown"):
        raise InputError(
            where=f"--where {field.name}", got=repr(value), want="yes, no or unknown", fix="Use one of these."
        )
    return [Where(field.stem, "unknown")] if answer == "unknown" else [Where(field.stem, "=", answer)]


def _quantity(field: Field, value: str) -> list[Where]:
    low, high = f"{field.stem}_low", f"{field.stem}_high"
    if value.lower() == "unknown":
        return [Where(low, "unknown")]
    first, dots, last = value.partition("..")
    try:
        span = float(first), float(last if dots else first)
        if not span[0] <= span[1]:
            raise ValueError(value)
        return _overlap(low, high, span)
    except ValueError:
        raise InputError(
            where=f"--where {field.name}",
            got=repr(value),
            want=f"a number of {field.predicate.unit} or a range such as 20..30",
            fix="Write digits.",
        ) from None


def _date(field: Field, value: str) -> list[Where]:
    if value.lower() == "unknown":
        return [Where(f"{field.stem}_from", "unknown")]
    return _overlap(f"{field.stem}_from", f"{field.stem}_to", _days(value, field.name))


def _text(field: Field, value: str) -> list[Where]:
    return [Where(field.stem, "unknown")] if value.lower() == "unknown" else [Where(field.stem, "same", value)]


def _place(field: Field, value: str) -> list[Where]:
    return [Where(f"{field.stem}_name", "unknown" if value.lower() == "unknown" else "same", value)]


def _overlap(low: str, high: str, span: tuple[Any, Any]) -> list[Where]:
    return [Where(low, "<=", span[1]), Where(high, ">=", span[0])]


def _days(value: str, name: str) -> tuple[str, str]:
    try:
        date = PartialDate.parse(value)
    except InputError as error:
        raise InputError(where=f"--where {name}", got=error.got, want=error.want, fix=error.fix) from None
    return date.first.isoformat(), date.last.isoformat()


_CONDITIONS: Mapping[str, Callable[[Field, str], list[Where]]] = {
    "code": _code,
    "tristate": _tristate,
    "quantity": _quantity,
    "date": _date,
    "text": _text,
    "place": _place,
    "reference": _text,
}
