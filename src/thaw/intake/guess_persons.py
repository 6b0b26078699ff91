"""The first guess at a table of missing persons: a person who is missed is no homicide, and must not become a case."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence

_MISSING = re.compile(r"(^|_)(missing|dlc)(_|$)|last_(seen|contact|known)")
_OF_A_KILLING = re.compile(r"weapon|offen[cs]e|homicide|murder|kill|suspect|death|victim")
_HEAD = re.compile(r'\[fields\."?([a-z_.]+)"?\]')
# What a guess makes of a case -> what it is of a person; what is not here is left out.
_FIELDS = {
    "date": "last_seen", "place": "last_seen_place", "narrative": "circumstances", "agency_name": "agency",
    "incident_number": "agency_number", "other": "other",
}  # fmt: skip


def is_of_missing_persons(columns: Sequence[str]) -> bool:
    """True when the names of the columns (small letters and underscores) speak of missing persons and of no killing."""
    return any(map(_MISSING.search, columns)) and not any(map(_OF_A_KILLING.search, columns))


def of_persons(lines: Sequence[str]) -> Iterator[str]:
    """The lines of the fields of a case as those of a person, without the fields that persons do not have."""
    kept = True
    for line in lines:
        head = _HEAD.fullmatch(line)
        if head:
            role, dot, rest = head[1].partition(".")
            name = rest if role == "victim" and dot else _FIELDS.get(head[1])
            kept = name is not None
            line = f"[fields.{name}]"
        if kept:
            yield line


def columns_named(lines: Sequence[str]) -> set[str]:
    """The columns that these fields are made of, and other texts of their options."""
    found: set[str] = set()
    for options in tomllib.loads("\n".join(lines)).get("fields", {}).values():
        for value in options.values():
            found |= {value} if isinstance(value, str) else set(value) if isinstance(value, list) else set()
    return found
