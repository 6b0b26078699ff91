"""Days with a name in the American calendar, as they were kept in a given year."""

from __future__ import annotations

from datetime import date, timedelta

HOLIDAY = (
    r"(?:(?:Christmas|Xmas|X-mas)(?: Eve| Day)?|Thanksgiving(?: Day)?|Halloween(?: [Nn]ight)?|"
    r"New Year['’]s(?: (?:Eve|Day))?|"
    r"Labor Day|Memorial Day|Decoration Day|Independence Day|the Fourth of July|"
    r"the Fourth(?=[.,;:)]|$|\s(?:and|at|we|he|she|I|when|but|was|weekend)\b)|the 4th of July|Valentine['’]s Day|"
    r"Veterans Day|Columbus Day|Presidents['’]? Day|Washington['’]s Birthday|Lincoln['’]s Birthday|"
    r"St\. Patrick['’]s Day|Martin Luther King(?:,? Jr\.?)? Day|"
    r"Election Day|Flag Day|Groundhog Day|April Fools?['’]?s? Day|Boxing Day|"
    r"Mother['’]s Day|Father['’]s Day|Easter(?: (?:Sunday|Monday))?|Good Friday|Palm Sunday|Ash Wednesday|"
    r"Mardi Gras|Juneteenth)"
)
HEADS = (
    "christmas xmas thanksgiving halloween new labor memorial decoration independence the valentine veterans columbus "
    "presidents washington lincoln st martin election flag groundhog april boxing mother father easter good palm "
    "ash mardi juneteenth"
)
_FIXED = {
    "christmas": (12, 25), "christmas day": (12, 25), "christmas eve": (12, 24), "new year's eve": (12, 31),
    "new year's day": (1, 1), "new year's": (1, 1), "halloween": (10, 31), "halloween night": (10, 31),
    "independence day": (7, 4), "the fourth": (7, 4),
    "the fourth of july": (7, 4), "the 4th of july": (7, 4), "fourth of july": (7, 4),
    "valentine's day": (2, 14), "st. patrick's day": (3, 17), "flag day": (6, 14), "groundhog day": (2, 2),
    "april fools day": (4, 1), "april fool's day": (4, 1), "april fools' day": (4, 1), "boxing day": (12, 26),
    "lincoln's birthday": (2, 12), "juneteenth": (6, 19),
}  # fmt: skip
_FROM_EASTER = {
    "easter": 0, "easter sunday": 0, "easter monday": 1, "good friday": -2, "palm sunday": -7, "ash wednesday": -46,
    "mardi gras": -47,
}  # fmt: skip
# Month, weekday (Monday is 0) and which one of the month; -1 is the last.
_WEEKDAYS = {
    "labor day": (9, 0, 1), "mother's day": (5, 6, 2), "father's day": (6, 6, 3),
    "martin luther king day": (1, 0, 3), "martin luther king jr day": (1, 0, 3),
}  # fmt: skip
_MONDAYS = 1971  # Uniform Monday Holiday Act, Public Law 90-363, in force on 1 January 1971
_VETERANS_BACK = 1978  # Public Law 94-97 put Veterans Day back on 11 November


def holiday(name: str, year: int) -> date | None:
    """The day of an American holiday in a year (1600 and later), in small letters; None for a name that is not known.

    Memorial Day, Columbus Day, Washington's Birthday and Veterans Day moved in 1971, the last one back in 1978
    (5 U.S.C. 6103). Thanksgiving is the fourth Thursday of November since 1942 (55 Stat. 862), the last before.
    """
    name = (
        name.replace("x-mas", "xmas")
        .replace("xmas", "christmas")
        .replace("’", "'")
        .replace(".", "" if name.startswith("martin") else ".")
        .replace(",", "")
    )
    if name in _FIXED:
        return date(year, *_FIXED[name])
    if name in _FROM_EASTER:
        return easter(year) + timedelta(_FROM_EASTER[name])
    if name in _WEEKDAYS:
        month, weekday, which = _WEEKDAYS[name]
        return nth_weekday(year, month, weekday, which)
    return _moved(name, year)


def _moved(name: str, year: int) -> date | None:
    if name in ("thanksgiving", "thanksgiving day"):
        return nth_weekday(year, 11, 3, 4 if year >= 1942 else -1)
    if name in ("memorial day", "decoration day"):
        return nth_weekday(year, 5, 0, -1) if year >= _MONDAYS else date(year, 5, 30)
    if name == "columbus day":
        return nth_weekday(year, 10, 0, 2) if year >= _MONDAYS else date(year, 10, 12)
    if name.startswith(("presidents", "washington")):
        return nth_weekday(year, 2, 0, 3) if year >= _MONDAYS else date(year, 2, 22)
    if name == "veterans day":
        return nth_weekday(year, 10, 0, 4) if _MONDAYS <= year < _VETERANS_BACK else date(year, 11, 11)
    if name == "election day":
        return nth_weekday(year, 11, 0, 1) + timedelta(1)  # the Tuesday after the first Monday: 2 U.S.C. 7
    return None


def nth_weekday(year: int, month: int, weekday: int, which: int) -> date:
    """The first (1), second ... or last (-1) such weekday of a month; Monday is 0."""
    if which < 0:
        after = date(year + month // 12, month % 12 + 1, 1)
        return after - timedelta((after.weekday() - weekday - 1) % 7 + 1)
    first = date(year, month, 1)
    return first + timedelta((weekday - first.weekday()) % 7 + 7 * (which - 1))


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar; J.-M. Oudin's rule (1940), as printed in the Explanatory Supplement."""
    century, golden = year // 100, year % 19
    moon = (century - century // 4 - (century - (century - 17) // 25) // 3 + 19 * golden + 15) % 30
    moon -= (moon // 28) * (1 - (moon // 28) * (29 // (moon + 1)) * ((21 - golden) // 11))
    sunday = moon - (year + year // 4 + moon + 2 - century + century // 4) % 7
    month = 3 + (sunday + 40) // 44
    return date(year, month, sunday + 28 - 31 * (month // 4))
