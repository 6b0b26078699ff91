"""The options of one field of an import specification, checked before a row is read.

A slip in a specification must be one message that names it, not an unexpected error or a thousand rejects.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from thaw.errors import InputError
from thaw.record import Place, Predicate, codes_of

UNITS = {"years": 1.0, "months": 1 / 12, "cm": 1.0, "in": 2.54, "m": 100.0, "kg": 1.0, "lb": 0.45359237, "days": 1.0}
NOT_STRPTIME = ("words", "excel", "unix", "unix-ms")
FIX = "See docs/reference/formats.md."
_UNIT_OF = {"years": ("years", "months"), "cm": ("cm", "in", "m"), "kg": ("kg", "lb"), "days": ("days",)}
# Those of datetime.strptime in Python 3.11; %% is a percent sign.
_DIRECTIVES = frozenset("aAbBcdfGHIjmMpSuUVwWxXyYzZ%")
_CELLS = "a table of words of the column and what they mean"


def refuse(where: str, got: str, want: str, fix: str = FIX) -> InputError:
    """The error of a specification; `where` names the file and the part."""
    return InputError(where=where, got=got, want=want, fix=fix)


def check_options(
    predicate: Predicate, options: Mapping[str, Any], where: str, *, siblings: Mapping[str, Predicate]
) -> None:
    """Check the options of a field that is no place. Raises InputError naming the one that is wrong.

    siblings  the predicates of the same entity, by name: a word may belong to another of them (`apart`)
    """
    for option in ("formats", "unknown"):
        value = options.get(option, [])
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise refuse(f"{where}, {option}", repr(value), "a list of texts")
    for wanted in options.get("formats", []):
        _check_format(wanted, f"{where}, formats")
    _check_codes(predicate, options.get("codes", {}), f"{where}, codes")
    _check_apart(siblings, options.get("apart", {}), f"{where}, apart")
    unit, able = options.get("unit"), _UNIT_OF.get(predicate.unit or "", ())
    if unit is not None and unit not in able:
        raise refuse(f"{where}, unit", repr(unit), ", ".join(able) or "no unit", "Leave it out, or use one of these.")
    if options.get("otherwise", "reject") not in ("reject", "keep"):
        raise refuse(f"{where}, otherwise", repr(options["otherwise"]), "reject or keep")


def check_place(options: Mapping[str, Any], where: str) -> None:
    """Check the options of a place: each a column, but for the precision and the role. Raises InputError."""
    for option, value in options.items():
        if option == "precision_km":
            if type(value) not in (int, float) or not 0 < value <= 20_000:
                raise refuse(f"{where}, precision_km", repr(value), "kilometers above 0, at most 20,000")
        elif option == "role":
            _check_role(value, f"{where}, role")
        elif not isinstance(value, str):
            raise refuse(f"{where}, {option}", repr(value), "the name of a column")


def _check_role(role: Any, where: str) -> None:
    try:
        Place(name="any", role=role)
    except InputError as error:
        raise refuse(where, repr(role), error.want) from None


def _check_format(wanted: str, where: str) -> None:
    if wanted in NOT_STRPTIME:
        return
    found = re.findall(r"%(.?)", wanted, re.DOTALL)
    if not found or not set(found) <= _DIRECTIVES:
        want = "a format of strptime such as %m/%d/%Y, or one of " + ", ".join(NOT_STRPTIME)
        raise refuse(where, repr(wanted), want)


def _check_codes(predicate: Predicate, codes: Any, where: str) -> None:
    if not isinstance(codes, dict):
        raise refuse(where, repr(codes), _CELLS + ', such as { rope = "80" }')
    if predicate.type != "code":
        return
    able = codes_of(predicate.list or "")
    for word, code in codes.items():
        if code not in able:
            raise refuse(f"{where}, {word}", repr(code), "one of " + ", ".join(able), "Use a code of the list.")


def _check_apart(known: Mapping[str, Predicate], apart: Any, where: str) -> None:
    """Each word of the column that belongs to other predicates of the same entity, with the codes that it means."""
    if not isinstance(apart, dict):
        raise refuse(where, repr(apart), _CELLS + ', such as { Hispanic = { ethnicity = "H" } }')
    for word, meant in apart.items():
        if not isinstance(meant, dict):
            raise refuse(f"{where}, {word}", repr(meant), 'what it means, such as { ethnicity = "H" }')
        for name, code in meant.items():
            if name not in known or known[name].type != "code":
                able = ", ".join(one.name for one in known.values() if one.type == "code")
                raise refuse(f"{where}, {word}, {name}", repr(name), "one of " + able)
            able_codes = codes_of(known[name].list or "")
            if code not in able_codes:
                want = "one of " + ", ".join(able_codes)
                raise refuse(f"{where}, {word}, {name}", repr(code), want, "Use a code of the list.")
