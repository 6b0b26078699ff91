"""A person as a comparison sees one: what is known, in fixed units, and None where nothing is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from thaw.errors import InputError
from thaw.record import PartialDate

SEXES = ("F", "M")
REMAINS = ("unknown", "fleshed", "decomposed", "skeletal")
FIELDS = (
    "date", "age", "death", "sex", "stature", "weight", "ancestry", "hair", "eyes", "place", "marks", "clothing",
    "dental",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Area:
    """A circle in which a place lies: centre in degrees (WGS 84), radius in km (0 is a point)."""

    lat: float
    lon: float
    radius_km: float = 0.0

    def __post_init__(self) -> None:
        if not (-90 <= self.lat <= 90 and -180 <= self.lon <= 180 and 0 <= self.radius_km < 30_000):
            raise InputError(
                where="place of a person",
                got=f"{self.lat}, {self.lon}, radius {self.radius_km} km",
                want="degrees from -90 to 90 and -180 to 180, and a radius from 0",
                fix="Correct the place or leave it out.",
            )


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """One record of a register; a field that is None or empty is not known and never speaks for or against.

    id        any text, unique in its list
    sex       F or M
    age       years, lowest and highest: of the missing when last seen, of the unidentified at death
    date      of the missing: last seen; of the unidentified: found
    death     the unidentified only: when death is thought to have come
    stature   cm, lowest and highest; weight  kg, lowest and highest
    ancestry, hair, eyes  labels of data/identification/matching.toml; `eyes` may hold both eyes
    places    where last seen, or found; the first two count
    remains   the unidentified only: one of REMAINS
    marks, clothing  descriptions as recorded
    dental    32 letters (codes of the preset, `-` unknown), tooth 1 to 32 of the universal numbering
    """

    id: str
    sex: str | None = None
    age: tuple[float, float] | None = None
    date: PartialDate | None = None
    death: PartialDate | None = None
    stature: tuple[float, float] | None = None
    weight: tuple[float, float] | None = None
    ancestry: frozenset[str] = frozenset()
    hair: str | None = None
    eyes: frozenset[str] = frozenset()
    places: tuple[Area, ...] = ()
    remains: str = "unknown"
    marks: tuple[str, ...] = ()
    clothing: tuple[str, ...] = ()
    dental: str | None = None

    def __post_init__(self) -> None:
        _one_of(self.id, "sex", self.sex, (*SEXES, None))
        _one_of(self.id, "remains", self.remains, REMAINS)
        _range(self.id, "age", self.age, "years", 0, 125)
        _range(self.id, "stature", self.stature, "cm", 10, 260)
        _range(self.id, "weight", self.weight, "kg", 0.2, 450)
        if self.dental is not None and len(self.dental) != 32:
            raise InputError(
                where=f"person {self.id}, dental",
                got=f"{len(self.dental)} letters",
                want="32 letters, one for each tooth",
                fix="Write - for a tooth that nobody charted.",
            )

    def line(self) -> str:
        """Every field in one text, sets in order: equal records give equal lines, in every run."""
        values = (getattr(self, f.name) for f in fields(self))
        return repr([sorted(value) if isinstance(value, frozenset) else value for value in values])


def _one_of(person: str, field: str, got: str | None, allowed: Iterable[str | None]) -> None:
    if got not in allowed:
        raise InputError(
            where=f"person {person}, {field}",
            got=repr(got),
            want="one of " + ", ".join(str(name) for name in allowed if name),
            fix="Leave the field out when it is not known.",
        )


def _range(person: str, field: str, got: tuple[float, float] | None, unit: str, low: float, high: float) -> None:
    if got is not None and not low <= got[0] <= got[1] <= high:
        raise InputError(
            where=f"person {person}, {field}",
            got=f"{got[0]:g} to {got[1]:g} {unit}",
            want=f"lowest and highest between {low:g} and {high:g} {unit}",
            fix="Correct the field or leave it out.",
        )
