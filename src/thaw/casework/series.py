"""`thaw series`: places, times and methods where unsolved killings pile up, beside the cells that others look at."""

from __future__ import annotations

import hashlib
import json
from calendar import monthrange
from collections.abc import Sequence
from typing import Any

import numpy as np

from thaw.access import View
from thaw.data import places
from thaw.linkage import ScanSettings, map_cells, scan_cases
from thaw.linkage.map_cell import MapCell
from thaw.linkage.scan import Cluster, Scan
from thaw.record import codes_of

from .book import Session
from .counting import Counted, counted, neighbours_of

MODEL = "thaw-scan/1"
SEX = {"F": "women", "M": "men", None: "victims of unknown sex"}
_MAP = "MAP cell"
_LARGE = 4


def series(
    session: Session,
    *,
    first: int | None = None,
    last: int | None = None,
    where: Sequence[str] = (),
    top: int = 10,
    only_map: bool = False,
    settings: ScanSettings | None = None,
    purpose: str = "",
) -> list[dict[str, Any]]:
    """Clusters of unsolved killings, the answer of `thaw series`: alarms first, then in turn large incidents, MAP's
    cells, slow burns and weaker finds, each with its q-value.

    first, last  years; with them, or with `where`, only such cases may stand in a cluster, while what is expected comes
                 from all cases
    only_map     MAP's own rule and order and nothing else
    Raises InputError for a wrong condition or setting.
    """
    chosen = settings or ScanSettings()
    detail = {"command": "series", "top": top, "where": list(where), "from": first, "to": last}
    view = session.look(purpose, detail=detail)
    held, scan = scanned(session, view, where=where, first=first, last=last, settings=chosen)
    found = listed(held, scan, only_map=only_map)[:top]
    return shown(view, held, scan, found)


def scanned(
    session: Session,
    view: View,
    *,
    where: Sequence[str] = (),
    first: int | None = None,
    last: int | None = None,
    settings: ScanSettings,
) -> tuple[Counted, Scan]:
    """The cases and their scan: from memory while the casebook has not changed, since a scan takes seconds."""
    key = _scan_key(view, where, first, last, settings)
    kept = session.book.cache.get("scan")
    if kept is None or kept[0] != key:
        held = counted(view, where, first, last)
        scan = scan_cases(held.cases, neighbours_of(held.cases), settings, held.chosen)
        kept = session.book.cache["scan"] = (key, held, scan)
    return kept[1], kept[2]


def is_scanned(session: Session, view: View, settings: ScanSettings | None = None) -> bool:
    """Whether a scan of all cases stands in memory for what this view sees."""
    kept = session.book.cache.get("scan")
    return kept is not None and kept[0] == _scan_key(view, (), None, None, settings or ScanSettings())


def _scan_key(
    view: View, where: Sequence[str], first: int | None, last: int | None, settings: ScanSettings
) -> tuple[Any, ...]:
    return view.changed_seq("casebook"), view.visible, tuple(where), first, last, repr(settings)


def listed(held: Counted, scan: Scan, *, only_map: bool = False) -> list[dict[str, Any]]:
    """All finds as the contract has them, ranked."""
    allowed = {name for name, good in zip(held.cases.ids, held.chosen, strict=True) if good}
    cells = [_of_cell(held, scan, cell) for cell in map_cells(held.every).cells if _inside(held, cell, allowed)]
    if only_map:
        ranked = cells
    else:
        found = [_of_cluster(held, scan, cluster) for cluster in scan.clusters]
        slow = [_of_cluster(held, scan, cluster) for cluster in scan.slow]
        large = [_of_incident(held, scan, rows) for rows in _large_incidents(held)]
        ranked = [*found[: scan.alarms], *_in_turn(large, cells, slow, found[scan.alarms :])]
    return [{"rank": rank, **find} for rank, find in enumerate(ranked, 1)]


def shown(view: View, held: Counted, scan: Scan, found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Record what is about to be shown: it stands in the log of each case."""
    ids = list(dict.fromkeys(case_id for find in found for case_id in find["cases"]))
    digest = hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()
    detail = {
        "scope": {"case": ids},
        "command": "series",
        "model": MODEL,
        "inputs": scan.inputs,
        "seed": scan.settings.seed,
        "permutations": scan.settings.runs,
        "level": scan.settings.level,
        "alarms": scan.alarms,
    }
    view.record_result("link.run", detail, ids, scan.cases, digest)
    return list(found)


def _in_turn(*lists: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first of each list, then the second of each, and so on."""
    longest = max((len(one) for one in lists), default=0)
    return [one[i] for i in range(longest) for one in lists if i < len(one)]


def _inside(held: Counted, cell: MapCell, allowed: set[str]) -> bool:
    """Whether all cases of a cell may be looked at: a cell cut to some years would be another rule than MAP's."""
    rows = [held.every.ids[row] for row in cell.rows]
    return all(name in allowed or held.rows["homicide_type"][held.row_of[name]] == "B" for name in rows)


def _of_cluster(held: Counted, scan: Scan, cluster: Cluster) -> dict[str, Any]:
    names = [held.cases.ids[row] for row in cluster.rows]
    alarm = cluster.q_value <= scan.settings.level and "slow" not in cluster.found_by
    why = _why(cluster.unsolved, cluster.total, cluster.expected, cluster.found_by)
    return {
        "place": place_in_words(held, cluster.areas, names),
        "from": first_day(cluster.begin),
        "to": last_day(cluster.end),
        "victims": SEX[cluster.sex],
        "method": method_in_words(cluster.method),
        **_ids(held, names),
        "total": cluster.total,
        "unsolved": cluster.unsolved,
        "expected_unsolved": round(cluster.expected, 3),
        "q_value": cluster.q_value,
        "found_by": cluster.found_by,
        "why": why + _chance(cluster.q_value, cluster.expected_alarms, alarm, cluster.found_by),
        "alarm": alarm,
        **_origin(scan, list(cluster.areas)),
    }


def _of_cell(held: Counted, scan: Scan, cell: MapCell) -> dict[str, Any]:
    order = sorted(cell.rows.tolist(), key=lambda row: (held.every.unsolved[row] != 1, held.every.month[row], row))
    names = [held.every.ids[row] for row in order]
    at = {name: row for row, name in enumerate(held.cases.ids)}
    rows = np.array([at[name] for name in names if name in at], dtype=np.int64)
    months = held.every.month[cell.rows]
    dated = months[months >= 0]
    q_value, expected = scan.q_value(rows), scan.expected(rows)
    solved = cell.total - cell.unsolved
    why = (
        f"{solved} of {cell.total} had a known offender when reported, a third or less: the rule of the Murder "
        f"Accountability Project. From these agencies' own record {expected:.1f} unsolved were to be expected"
    )
    return {
        "place": place_in_words(held, (cell.area,), names),
        "from": first_day(int(dated.min())) if dated.size else None,
        "to": last_day(int(dated.max())) if dated.size else None,
        "victims": SEX[cell.sex],
        "method": method_in_words(cell.method),
        **_ids(held, names),
        "total": cell.total,
        "unsolved": cell.unsolved,
        "expected_unsolved": round(expected, 3),
        "q_value": q_value,
        "found_by": _MAP,
        "why": why + (". The rule knows no chance: see the q-value." if q_value > scan.settings.level else "."),
        "alarm": False,
        **_origin(scan, [cell.area]),
    }


def _large_incidents(held: Counted) -> list[list[int]]:
    """Rows of the incidents with four unsolved victims or more, the largest first.

    The scan counts an incident once and cannot see them. Four: mass murder as the FBI defines it (Serial Murder:
    Multi-Disciplinary Perspectives for Investigators, 2008; general knowledge, not verified).
    """
    own = np.flatnonzero(held.chosen & (held.cases.unsolved == 1))
    numbers, at, count = np.unique(held.cases.incident[own], return_inverse=True, return_counts=True)
    large = sorted(np.flatnonzero(count >= _LARGE), key=lambda i: (-count[i], numbers[i]))
    return [own[at == i].tolist() for i in large]


def _of_incident(held: Counted, scan: Scan, rows: list[int]) -> dict[str, Any]:
    names = [held.cases.ids[row] for row in rows]
    months = [int(held.cases.month[row]) for row in rows if held.cases.month[row] >= 0]
    sexes = sorted({SEX[held.cases.sex.name(int(held.cases.sex.codes[row]))] for row in rows}, reverse=True)
    methods = sorted({held.cases.method.name(int(held.cases.method.codes[row])) or "unknown" for row in rows})
    areas = sorted({name for row in rows if (name := held.cases.area.name(int(held.cases.area.codes[row])))})
    return {
        "place": place_in_words(held, areas, names) if areas else "no place",
        "from": first_day(min(months)) if months else None,
        "to": last_day(max(months)) if months else None,
        "victims": " and ".join(sexes),
        "method": ", ".join(map(method_in_words, methods)),
        **_ids(held, names),
        "total": len(rows),
        "unsolved": len(rows),
        "expected_unsolved": None,
        "q_value": None,
        "found_by": "one incident",
        "why": f"{len(rows)} victims of one incident, none with a known offender when reported. The scan counts an "
        "incident once, so it stands here and has no q-value.",
        "alarm": False,
        **_origin(scan, areas),
    }


def _why(unsolved: int, total: int, expected: float, found_by: str) -> str:
    own = f"{unsolved} unsolved of {total}; {expected:.1f} unsolved expected"
    if found_by == "slow burn":
        return f"{own} from how often such methods are solved, and how this agency did in those decades"
    if found_by == "low clearance":
        return f"{own} from the same agencies' clearance of the same methods in the same decade"
    if found_by == "burst":
        return f"{own} in so short a time from the same agencies' record of the same methods over the years"
    return f"{own} from the same agencies' own record; too many for the time, and too few of them solved"


def _chance(q_value: float, expected: float, alarm: bool, found_by: str) -> str:
    if found_by == "slow burn":
        return ". Methods differ in how they are solved and agencies in how they code them, so this raises no alarm."
    often = f"shuffled records show {expected:.2g} as strong" if expected >= 0.01 else "shuffled records hardly ever do"
    false = f"of the finds that are as strong or stronger {_about(q_value)} are expected to be false"
    return f". By chance: {often}; {false}{'' if alarm else ', so it raises no alarm'}."


def _about(share: float) -> str:
    """A share in words; what is small is never called none."""
    if share < 0.0005:
        return "fewer than 0.1%"
    return f"about {share:.1%}" if share < 0.095 else f"about {share:.0%}"


def _ids(held: Counted, names: Sequence[str]) -> dict[str, Any]:
    rows = [held.row_of[name] for name in names]
    keys = [held.rows["source_key"][row] for row in rows]
    return {"cases": [held.rows["case_id"][row] for row in rows], "source_keys": [key for key in keys if key]}


def _origin(scan: Scan, areas: list[str]) -> dict[str, Any]:
    settings = scan.settings
    return {
        "counties": areas,
        "model": MODEL,
        "inputs": scan.inputs,
        "seed": settings.seed,
        "permutations": settings.runs,
        "level": settings.level,
    }


def place_in_words(held: Counted, areas: Sequence[str], names: Sequence[str]) -> str:
    """The county with most unsolved cases by name, and how many more have cases."""
    first = places.county(areas[0])
    if first is not None:
        name = f"{first.name}, {first.state}"
    else:
        said = (held.rows["place_name"][held.row_of[n]] for n in names if _code(held, n) == areas[0])
        name = next((text for text in said if text), areas[0])
    more = len(areas) - 1
    return name if not more else f"{name} and {more} neighboring {'county' if more == 1 else 'counties'}"


def _code(held: Counted, name: str) -> str | None:
    code = held.rows["place_county_fips"][held.row_of[name]]
    return None if code is None else str(code)


def first_day(month: int | None) -> str | None:
    """First day of a month (counted from January of year 0), as ISO."""
    return None if month is None else f"{month // 12:04}-{month % 12 + 1:02}-01"


def last_day(month: int | None) -> str | None:
    """Last day of a month, as ISO."""
    if month is None:
        return None
    year, number = divmod(month, 12)
    return f"{year:04}-{number + 1:02}-{monthrange(year, number + 1)[1]:02}"


def method_in_words(method: str) -> str:
    """A method or class of methods as a reader sees it."""
    label = codes_of("shr.weapon").get(method)
    return f"{label} ({method})" if label else "method not recorded" if method == "unknown" else method
