"""Guesses a first import specification from the columns of a table and its first rows. A person corrects it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from thaw.data import places

from .rows import Reject
from .tables import header_of, read_table

_SAMPLE = 500
_FORMATS = ("%Y%m%d", "%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%Y-%m-%d %H:%M:%S", "%d.%m.%Y", "%Y-%m-%dT%H:%M:%S")
_UNKNOWN = ("unknown", "unk", "n/a", "na", "u", "not stated")
# What a column may be called -> the field it becomes; the first that fits wins, and a field is given once.
_NAMES: tuple[tuple[str, str], ...] = (
    (r"(victim|vic)?_?(first_?name|first|fname)", "victim.first_name"),
    (r"(victim|vic)?_?(last_?name|last|lname|surname)", "victim.last_name"),
    (r"(victim|vic)_?name|name_of_victim", "victim.name"),
    (r"(victim|vic)?_?age(_years)?", "victim.age"),
    (r"(victim|vic)?_?(sex|gender)", "victim.sex"),
    (r"(victim|vic)?_?race.*", "victim.race"),
    (r"(victim|vic)?_?(ethnicity|hispanic)", "victim.ethnicity"),
    (r"(offender|suspect|off)_?age", "offender.age"),
    (r"(offender|suspect|off)_?(sex|gender)", "offender.sex"),
    (r".*(disposition|case_status|outcome).*", "disposition"),
    (r".*(narrative|description|synopsis|summary).*", "narrative"),
    (r".*(agency|department).*", "agency_name"),
    (r".*(case|incident)_?(number|no|num).*", "incident_number"),
    (r".*(weapon|method|means).*", "other"),
)
_PLACE = (
    (r"(city|town|municipality)(_name)?", "city"),
    (r"state(_name|_abbr)?", "state"),
    (r"(county_?)?fips(_county|_code)?", "county_fips"),
    (r"county(_name)?", "county"),
    (r"lat(itude)?", "lat"),
    (r"(lon|lng|long)(gitude)?", "lon"),
)


def guess_spec(path: Path) -> tuple[str, list[str]]:
    """A first specification as TOML, and the columns that nothing was made of.

    Raises InputError as `header_of` does for a file that is no table.
    """
    columns = header_of(path).columns
    rows = []
    for row in read_table(path):
        if not isinstance(row, Reject):
            rows.append([cell.strip() for cell in row.cells])
        if len(rows) >= _SAMPLE:
            break
    samples = {name: [row[i] for row in rows if row[i]] for i, name in enumerate(columns)}
    name = re.sub(r"[^A-Za-z0-9]+", "-", path.stem).strip("-")[:40] or "table"
    lines = [
        "# A first guess. Read it, correct it, and try it with: thaw import FILE --spec THIS --dry-run",
        f"name = {json.dumps(name)}",
        f"recorded_by = {json.dumps(path.stem)}",
        'entity = "case"',
    ]
    used: set[str] = set()
    key = _key(columns, samples, len(rows))
    if key is not None:
        lines.append(f"key = {json.dumps(key)}")
        used.add(key)
    lines.append(f"columns = {json.dumps(list(columns))}")
    for part in (_date_field(columns, samples, used), _place_field(columns, samples, used)):
        lines += part
    lines += _other_fields(columns, samples, used)
    return "\n".join(lines) + "\n", [column for column in columns if column not in used]


def _key(columns: Sequence[str], samples: dict[str, list[str]], rows: int) -> str | None:
    """The first column whose cells are all there and all different, one that is called so before others."""
    alone = [c for c in columns if rows and len(samples[c]) == rows == len(set(samples[c]))]
    named = [c for c in alone if re.search(r"(^|_)(id|uid|key|number|no)$", _plain(c))]
    return next(iter(named or [c for c in alone if not re.search("lat|lon|date|name|address", _plain(c))]), None)


def _date_field(columns: Sequence[str], samples: dict[str, list[str]], used: set[str]) -> list[str]:
    found: list[tuple[int, str, list[str]]] = []
    for column in columns:
        cells = samples[column]
        formats = [f for f in _FORMATS if cells and 10 * sum(_reads(cell, f) for cell in cells) >= 9 * len(cells)]
        if formats and column not in used:
            likely = 0 if re.search(r"(occur|incident|offen[cs]e|death|date)", _plain(column)) else 1
            found.append((likely, column, formats))
    if not found:
        return []
    _, column, formats = min(found, key=lambda one: one[0])
    used.add(column)
    return ["", "[fields.date]", f"column = {json.dumps(column)}", f"formats = {json.dumps(formats[:1])}"]


def _reads(cell: str, wanted: str) -> bool:
    if wanted == "%Y%m%d" and not re.fullmatch(r"[0-9]{8}", cell):
        return False
    try:
        return datetime.strptime(cell, wanted).year >= 1800
    except ValueError:
        return False


def _place_field(columns: Sequence[str], samples: dict[str, list[str]], used: set[str]) -> list[str]:
    found: dict[str, str] = {}
    for pattern, part in _PLACE:
        for column in columns:
            if column in used or part in found or not re.fullmatch(pattern, _plain(column)):
                continue
            known = [places.state(cell) for cell in samples[column][:50]]
            if part == "state" and 2 * sum(state is not None for state in known) < len(known):
                continue
            found[part] = column
            used.add(column)
    if ("lat" in found) != ("lon" in found):
        for part in ("lat", "lon"):
            used.discard(found.pop(part, ""))
    return (
        ["", "[fields.place]", *(f"{part} = {json.dumps(column)}" for part, column in found.items())] if found else []
    )


def _other_fields(columns: Sequence[str], samples: dict[str, list[str]], used: set[str]) -> list[str]:
    lines: list[str] = []
    given: set[str] = set()
    for pattern, field in _NAMES:
        for column in columns:
            if column in used or (field in given and field != "other") or not re.fullmatch(pattern, _plain(column)):
                continue
            if field == "other" and field in given:
                continue
            used.add(column)
            given.add(field)
            quoted = f'"{field}"' if "." in field else field
            lines += ["", f"[fields.{quoted}]", f"column = {json.dumps(column)}"]
            lines += _codes(field, samples[column])
    return lines


def _codes(field: str, cells: Sequence[str]) -> list[str]:
    """What the words of a coded column may mean, and which say that nothing is known."""
    words = sorted(set(cells))
    unknown = [word for word in words if word.casefold() in _UNKNOWN]
    lines = [f"unknown = {json.dumps(unknown)}"] if unknown else []
    letters = {"sex": "MF", "race": "WBIAPO", "ethnicity": "HN"}.get(field.rpartition(".")[2])
    if letters and len(words) <= 40:
        pairs = {word: word[0].upper() for word in words if word not in unknown and word[:1].upper() in letters}
        inner = ", ".join(f"{json.dumps(word)} = {json.dumps(code)}" for word, code in pairs.items() if len(word) > 1)
        lines += [f"codes = {{ {inner} }}"] if inner else []
        # "Hispanic" in a column of races is no race but an ethnicity.
        hispanic = [word for word in words if field.endswith("race") and word.casefold().startswith("hispanic")]
        apart = ", ".join(f'{json.dumps(word)} = {{ ethnicity = "H" }}' for word in hispanic)
        lines += [f"apart = {{ {apart} }}"] if apart else []
    return lines


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")
