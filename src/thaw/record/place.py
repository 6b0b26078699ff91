"""A place as far as it is known: an area or a point with a precision, and its role in the case."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from thaw.errors import InputError

ROLES = ("encounter", "offense", "recovery", "residence", "report")


@dataclass(frozen=True, slots=True)
class Place:
    """Any part may be unknown (None).

    name          as people call it ("Salt Lake, UT")
    state         two-letter postal code
    county_fips   five digits
    lat, lon      degrees, WGS 84, -90..90 and -180..180; both or neither
    precision_km  radius around the point in which the true place lies, > 0
    role          encounter, offense, recovery, residence or report
    """

    name: str | None = None
    state: str | None = None
    county_fips: str | None = None
    lat: float | None = None
    lon: float | None = None
    precision_km: float | None = None
    role: str | None = None

    def __post_init__(self) -> None:
        if (self.lat is None) != (self.lon is None):
            raise _bad("lat and lon", "only one of them", "both or neither", "Add the other or leave both out.")
        if self.lat is not None and not -90 <= self.lat <= 90:
            raise _bad("lat", repr(self.lat), "degrees from -90 to 90", "Correct the latitude.")
        if self.lon is not None and not -180 <= self.lon <= 180:
            raise _bad("lon", repr(self.lon), "degrees from -180 to 180", "Correct the longitude.")
        if self.precision_km is not None and not self.precision_km > 0:
            raise _bad("precision_km", repr(self.precision_km), "a number above 0", "Give the radius in kilometers.")
        fips = self.county_fips
        if fips is not None and not (len(fips) == 5 and fips.isascii() and fips.isdigit()):
            raise _bad("county_fips", repr(fips), "five digits such as 49035", "Look the county up in its FIPS list.")
        if self.role is not None and self.role not in ROLES:
            raise _bad("role", repr(self.role), "one of " + ", ".join(ROLES), "Use one of these or leave it out.")

    @classmethod
    def from_json(cls, data: Any) -> Place:
        """Read an object with any of the fields above. Raises InputError for other keys or wrong types."""
        if not isinstance(data, dict):
            raise InputError(where="place", got=repr(data), want="an object with place fields", fix="Use { }.")
        known = {f.name for f in fields(cls)}
        for key, value in data.items():
            if key not in known:
                raise _bad(repr(key), "a field that places do not have", ", ".join(sorted(known)), "Rename it.")
            number = key in ("lat", "lon", "precision_km")
            good = isinstance(value, (int, float)) and not isinstance(value, bool) if number else isinstance(value, str)
            if value is not None and not good:
                raise _bad(key, repr(value), "a number" if number else "a text", "Correct the value.")
        return cls(**data)

    def to_json(self) -> dict[str, Any]:
        """The known parts only; an absent key is unknown."""
        return {name: v for name in _FIELDS if (v := getattr(self, name)) is not None}

    def in_words(self) -> str:
        """How a reader sees it."""
        if self.name:
            return self.name
        if self.county_fips:
            return f"county {self.county_fips}"
        if self.lat is not None and self.lon is not None:
            return f"{self.lat:.4f}, {self.lon:.4f}"
        return self.state or "unknown"


_FIELDS = tuple(field.name for field in fields(Place))


def _bad(field: str, got: str, want: str, fix: str) -> InputError:
    return InputError(where=f"place, {field}", got=got, want=want, fix=fix)
