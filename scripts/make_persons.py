"""Makes the invented persons of the demo: three bodies without a name, fourteen missing, in the form of the NamUs API.

    python scripts/make_persons.py

Nobody in them exists. One body belongs to a missing man as recorded; one to a woman whose sex was recorded wrongly, so
that only the exception lane shows her; the third to nobody of the list. Same bytes on every run.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from typing import Any

_OUT = Path(__file__).parents[1] / "src" / "thaw" / "data" / "sample"
# (town, county, state, lat, lon): real places, so that the map has them; the persons are not.
_PLACES = (
    ("Ogden", "Weber", "Utah", 41.22, -111.97),
    ("Provo", "Utah", "Utah", 40.23, -111.66),
    ("Elko", "Elko", "Nevada", 40.83, -115.76),
    ("Reno", "Washoe", "Nevada", 39.53, -119.81),
    ("Boise", "Ada", "Idaho", 43.62, -116.20),
    ("Pueblo", "Pueblo", "Colorado", 38.25, -104.61),
    ("Flagstaff", "Coconino", "Arizona", 35.20, -111.65),
)
_FIRST = {
    "Male": ["Edwin", "Harlan", "Otis", "Rufus", "Silas", "Virgil"],
    "Female": ["Alma", "Cora", "Della", "Hattie"],
}
_LAST = ["Inventedson", "Nobody", "Fictley", "Makeworth", "Imagine", "Untrue"]


def place(spot: tuple[str, str, str, float, float]) -> dict[str, Any]:
    """Address and public point."""
    city, county, state, lat, lon = spot
    address = {"city": city, "county": {"displayName": county}, "state": {"name": state}}
    return {"address": address, "publicGeolocation": {"coordinates": {"lat": lat, "lon": lon}}}


def described(sex: str, low: int, high: int, hair: str, eyes: str, race: str = "White / Caucasian") -> dict[str, Any]:
    """What is said of the body; heights in inches, as the register has them."""
    return {
        "subjectDescription": {
            "sex": {"name": sex}, "heightFrom": low, "heightTo": high, "primaryEthnicity": {"name": race},
        },
        "physicalDescription": {"hairColor": {"name": hair}, "leftEyeColor": {"name": eyes}},
    }  # fmt: skip


def marks(*found: tuple[str, str]) -> dict[str, Any]:
    """Scars, tattoos and what else was noted."""
    return {"physicalFeatureDescriptions": [{"physicalFeature": {"name": n}, "description": d} for n, d in found]}


def missing(number: int, name: tuple[str, str], age: int, day: str, spot: int, more: dict[str, Any]) -> dict[str, Any]:
    """One missing person."""
    return {
        "idFormatted": f"MP9{number:05}", "invented": True,
        "subjectIdentification": {
            "firstName": name[0], "lastName": name[1], "computedMissingMinAge": age, "computedMissingMaxAge": age,
        },
        "sighting": {"date": day, **place(_PLACES[spot])},
        "circumstances": {"circumstancesOfDisappearance": "Invented. Nobody of this name exists."},
    } | more  # fmt: skip


def body(number: int, ages: tuple[int, int], day: str, spot: int, remains: str, more: dict[str, Any]) -> dict[str, Any]:
    """One body without a name."""
    made: dict[str, Any] = {
        "idFormatted": f"UP9{number:05}", "invented": True,
        "circumstances": {
            "dateFound": day, "circumstancesOfRecovery": "Invented. This body was never found.", **place(_PLACES[spot]),
        },
        "detailsOfRecovery": {"conditionOfRemains": {"name": remains}},
    } | more  # fmt: skip
    made["subjectDescription"] |= {"estimatedAgeFrom": ages[0], "estimatedAgeTo": ages[1]}
    return made


def people() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The missing and the unidentified."""
    chance = random.Random(5)
    anchor = marks(("Tattoo", "an anchor on the left forearm"), ("Scar", "on the right knee"))
    lost = [
        missing(1, ("Rufus", "Inventedson"), 34, "1987-09-12", 2, described("Male", 70, 71, "Brown", "Blue") | anchor),
        missing(2, ("Cora", "Nobody"), 27, "1991-05-02", 1,
                described("Female", 65, 65, "Red/Auburn", "Green") | marks(("Scar", "surgical scar on the abdomen"))),
    ]  # fmt: skip
    for number in range(3, 15):
        sex = chance.choice(["Male", "Male", "Female"])
        low = chance.randint(66, 73) if sex == "Male" else chance.randint(60, 67)
        hair, eyes = chance.choice(["Brown", "Black", "Sandy", "Brown"]), chance.choice(["Brown", "Blue", "Hazel"])
        day = f"{chance.randint(1979, 2004)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        name = (chance.choice(_FIRST[sex]), chance.choice(_LAST))
        spot = chance.randrange(len(_PLACES))
        lost.append(missing(number, name, chance.randint(19, 58), day, spot, described(sex, low, low + 1, hair, eyes)))
    found = [
        body(1, (30, 40), "1988-06-20", 2, "Not recognizable - Partial remains with soft tissues",
             described("Male", 69, 72, "Brown", "Blue") | marks(("Tattoo", "anchor, left forearm"))),
        body(2, (20, 35), "1992-04-18", 1, "Not recognizable - Near complete or complete skeleton",
             described("Male", 64, 66, "Red/Auburn", "Green") | marks(("Scar", "surgical scar, abdomen"))),
        body(3, (50, 70), "2009-10-03", 5, "Not recognizable - Decomposing/putrefaction",
             described("Male", 66, 69, "Gray or Partially Gray", "Brown", "Hispanic / Latino")),
    ]  # fmt: skip
    return lost, found


def main() -> int:
    """Write both files."""
    lost, found = people()
    for name, some in (("invented_missing.json", lost), ("invented_unidentified.json", found)):
        (_OUT / name).write_text(json.dumps(some, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
