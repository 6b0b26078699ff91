"""Conditions of a search, as masks over the texts: case, document, section, type, dates, place, role, quality."""

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
            case Condition(name="written" | "filed" as name, low=low, high=high):
                first, last = ("written_from", "written_to") if name == "written" else ("filed", "filed")
                where = [Where(first, "<=", str(high))] if high is not None else []
                return self._of_pages([*where, Where(last, ">=", str(low))] if low is not None else where)
            case Condition(name="section", text=str(text)):
                return self._like("section", text) | self._of_section(text)
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

    def _of_section(self, text: str) -> Mask:
        """Pages of sections whose name or kind, or a word of it, is that, as the program or a person divided them."""
        fits = wildcard(" ".join(_folded(text).split()))
        found = np.zeros(self._directory.size, np.bool_)
        for column in ("section", "kind"):
            known = {value for (value,) in self._view.select("pages", [column], [Where(column, "known")])}
            names = {value: folded(value.replace("_", " ")).split() for value in known}
            # `section:statement` means a witness statement too.
            named = sorted(value for value, words in names.items() if any(map(fits, (" ".join(words), *words))))
            if named:
                found = found | self._of_pages([Where(column, "in", named)])
        return found

    def _of_pages(self, where: list[Where]) -> Mask:
        """The texts of these pages, in whatever reading."""
        directory = self._directory
        number = {name: place for place, name in enumerate(directory.values("document_id"))}
        pages = self._view.select("pages", ["document_id", "page"], where)
        wanted = np.array([number[name] << 20 | page for name, page in pages if name in number], dtype=np.int64)
        here = directory.numbers("document_id").astype(np.int64) << 20 | directory.page
        return np.isin(here, wanted) & directory.where("kind", ["page"])

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
