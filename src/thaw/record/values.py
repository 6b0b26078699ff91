"""The typed values of a statement, and their JSON form inside a payload.

A payload names the type by one key: `{"code":"80","list":"shr.weapon"}`, `{"low":24,"high":24,"unit":"years"}`,
`{"text":"..."}`, `{"date":{...}}`, `{"place":{...}}`, `{"ref":"p_..."}`. Unknown is no value (None), never "UNK" or 99.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from thaw.errors import InputError

from .partial_date import PartialDate
from .place import Place


@dataclass(frozen=True, slots=True)
class Text:
    """Free words."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """A value of a closed list; `list` names it, such as `shr.weapon`."""

    code: str
    list: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number or a range with its unit; `low` <= `high`, both included."""

    low: float
    high: float
    unit: str

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise InputError(
                where=f"quantity in {self.unit}",
                got=f"{self.low} to {self.high}",
                want="two numbers, the smaller first",
                fix="Swap them or correct one.",
            )


@dataclass(frozen=True, slots=True)
class Reference:
    """Another entity, by its id."""

    id: str


Value = Text | Code | Quantity | PartialDate | Place | Reference


def value_to_json(value: Value) -> dict[str, Any]:
    """The tagged JSON form of a value."""
    # No `match`: it takes twice as long, and this runs for every cell of a register that no other row has.
    if isinstance(value, Text):
        return {"text": value.text}
    if isinstance(value, Code):
        return {"code": value.code, "list": value.list}
    if isinstance(value, Quantity):
        return {"low": value.low, "high": value.high, "unit": value.unit}
    if isinstance(value, PartialDate):
        return {"date": value.to_json()}
    if isinstance(value, Place):
        return {"place": value.to_json()}
    return {"ref": value.id}


def value_from_json(data: Any) -> Value:
    """The value behind a tagged JSON form. Raises InputError for any other form."""
    match data:
        case {"text": str(text)}:
            return Text(text)
        case {"code": str(code), "list": str(list_name)}:
            return Code(code, list_name)
        case {"low": int() | float() as low, "high": int() | float() as high, "unit": str(unit)}:
            return Quantity(low, high, unit)
        case {"date": dict() as parts}:
            return PartialDate.from_json(parts)
        case {"place": dict() as parts}:
            return Place.from_json(parts)
        case {"ref": str(target)}:
            return Reference(target)
    raise InputError(
        where="value of a statement",
        got=repr(data)[:80],
        want="an object with text, code and list, low/high/unit, date, place or ref",
        fix="The payload was written by another version; use that version to read it.",
    )
