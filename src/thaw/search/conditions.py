"""Conditions of a search, as masks over the texts: case, document, type, dates, place, role, quality, source."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt
from typing import Any

import numpy as np

from thaw.access import View
from thaw.casebook import find_case, no_such_case
from thaw.data import places
from thaw.store import Where

from .automaton import wildcard
from .directory import Directory, Mask
from .query import Condition
from .tokens import folded

_EARTH_KM = 6371.0
_TYPES = {
    "txt": "text/plain",
    "text": "text/plain",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "word": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "mail": "message/rfc822",
    "image": "image/*",
}


class Conditions:
    """Tells which texts meet a condition, within what a view sees."""

    def __init__(self, view: View, directory: Directory) -> None:
        self._view = view
        self._directory = directory

    def __call__(self, condition: Condition) -> Mask:
        """Raises InputError, in the same words, for a case that does not exist and for one that is hidden."""
        match condition:
            case Condition(name="date", low=low, high=high):
                where = [Where("date_from", "<=", str(high))] if high is not None else []
                where += [Where("date_to", ">=", str(low))] if low is not None else []
                return self._of_cases(where)
            case Condition(name="quality", low=low, high=high):
                least, most = (
                    float(bound) if isinstance(bound, float) else end for bound, end in ((low, 0.0), (high, 1.0))
                )
                with np.errstate(invalid="ignore"):
                    return (self._directory.quality >= least) & (self._directory.quality <= most)
            case Condition(name="case", text=str(text)):
                case_id = find_case(self._view, text)
                if case_id is None:
                    raise no_such_case(text)
                return self._directory.where("case_id", [case_id])
            case Condition(name="near", text=str(text)):
                return self._near(text)
            case Condition(name="document", text=str(text)):
                known = self._directory.values("document_id")
                return self._directory.where("document_id", [d for d in known if d and d.startswith(text.lower())])
        return self._like(condition.name, condition.text or "")

    def _like(self, name: str, text: str) -> Mask:
        column = {"box": "box_id"}.get(name, name)
        if name == "type":
            text = _TYPES.get(text.lower(), text)
        fits = wildcard(" ".join(_folded(text).split()))
        known = self._directory.values(column)
        ends = [(value, value.rsplit("/", 1)[-1] if name == "type" else value) for value in known if value]
        chosen = [value for value, end in ends if any(fits(" ".join(folded(v).split())) for v in (value, end))]
        return self._directory.where(column, chosen)

    def _near(self, text: str) -> Mask:
        point, _, km = text.partition("~")
        lat, lon = map(float, point.split(","))
        columns = ["place_lat", "place_lon", "place_precision_km", "place_county_fips", "place_state", "case_id"]
        found = self._view.select("cases", columns)
        close = []
        for *place, case_id in found:
            spot = _spot(*place)
            # A vague place is an area: it counts when it may lie within the radius.
            if spot and _km_apart(lat, lon, spot[0], spot[1]) - spot[2] <= float(km):
                close.append(case_id)
        return self._directory.where("case_id", close)

    def _of_cases(self, where: list[Where]) -> Mask:
        return self._directory.where("case_id", [row[0] for row in self._view.select("cases", ["case_id"], where)])


def _folded(text: str) -> str:
    return "".join(letter if letter in "*?" else folded(letter) for letter in text)


def _spot(lat: Any, lon: Any, radius: Any, fips: str | None, state: str | None) -> tuple[float, float, float] | None:
    if lat is not None:
        return float(lat), float(lon), float(radius or 0.0)
    area = (places.county(fips) if fips else None) or (places.state(state) if state else None)
    return (area.lat, area.lon, area.radius_km) if area else None


def _km_apart(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Great-circle distance (haversine)."""
    a, b = radians(lat), radians(other_lat)
    half = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(other_lon - lon) / 2) ** 2
    return 2 * _EARTH_KM * asin(min(1.0, sqrt(half)))
