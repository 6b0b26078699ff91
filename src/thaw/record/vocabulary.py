"""The closed vocabulary: one TOML per entity in `data/vocabulary`, readable by a detective.

A predicate has a label, a type and, for codes, the list its values come from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from thaw.data import read_json, read_toml
from thaw.errors import InputError

TYPES = ("text", "code", "quantity", "date", "place", "reference", "tristate")
ENTITIES = ("case", "person")


@dataclass(frozen=True, slots=True)
class Predicate:
    """One thing that can be said of an entity.

    type    text, code, quantity, date, place, reference or tristate (yes, no, unknown)
    list    for codes: the list, such as `shr.weapon`
    unit    for quantities
    field   True when `thaw cases --where` and the linkage can use it: the casebook keeps it in a column
    several True when more than one may hold at once: what one source says side by side is no conflict
    listed  True when `thaw persons --where` can use it
    """

    name: str
    label: str
    type: str
    help: str
    list: str | None = None
    unit: str | None = None
    field: bool = False
    several: bool = False
    listed: bool = False


@cache
def predicates(entity: str) -> Mapping[str, Predicate]:
    """The predicates of one entity by name, in the order of the file. Raises InputError for another entity."""
    if entity not in ENTITIES:
        raise InputError(
            where="vocabulary", got=repr(entity), want="one of " + ", ".join(ENTITIES), fix="Use one of these."
        )
    table = read_toml(f"vocabulary/{entity}.toml")
    return {name: Predicate(name=name, **parts) for name, parts in table.items()}


@cache
def codes_of(list_name: str) -> Mapping[str, str]:
    """Codes and labels of a list such as `shr.weapon` (file `codes/shr.json`, list `weapon`)."""
    file, _, name = list_name.partition(".")
    lists = read_json(f"codes/{file}.json")["lists"]
    return {code: entry["label"] for code, entry in lists[name].items()}
