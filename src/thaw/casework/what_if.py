"""What if a value of a case were another one: which values can be tried, and the case as it would then be compared.

Nothing of it is stored. A value that no case could have is refused in the words of the form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from thaw.errors import InputError
from thaw.record import PartialDate, codes_of, predicates

from .matcher import Matcher, query_of
from .similar import feature_label

OLDEST = 120  # years of age
_FIRST_YEAR = 1900  # days are counted from there
_MOST_CODES = 60
_NO_PLACE = dict.fromkeys([f"{name}{n}" for name in ("lat", "lon", "spread_km") for n in ("", "_2", "_3")])
_PLAIN: Mapping[str, Mapping[str, None]] = {
    "place": _NO_PLACE,
    "time": {"date_from": None, "date_to": None},
    "victim_age": {"age_low": None, "age_high": None},
}
_LISTS = {"victim_sex": "shr.sex", "location_type": "nibrs.location_type"}


def without(query: Any, feature: str) -> Any:
    """The query as if one of its features were not known."""
    if feature in _PLAIN:
        return replace(query, **_PLAIN[feature])
    return replace(query, categorical={**query.categorical, feature: None})


def instead_of(matcher: Matcher, row: Mapping[str, Any], instead: Mapping[str, str], today: date) -> Any:
    """The query of a row of `cases` with other values in it.

    instead  by feature: a code that occurs in the book, a date in words for `time`, years such as 24 or 24-30 for
             `victim_age`; an empty text is "not known"
    Raises InputError for a feature or code that does not exist, a date that is none or is still to come, and an age
    that nobody has.
    """
    row = dict(row)
    for feature, value in instead.items():
        if value and feature == "time":
            when = _date(value, today)
            row |= {"date_from": when.first.isoformat(), "date_to": when.last.isoformat()}
        elif value and feature == "victim_age":
            row["victim_age_low"], row["victim_age_high"] = _age(value)
    query = query_of(row)
    for feature, value in instead.items():
        if not value:
            if feature not in matcher.background.preset.names():
                raise _no_feature(feature)
            query = without(query, feature)
        elif feature not in ("time", "victim_age"):
            column = matcher.profiles.categorical.get(feature)
            if column is None or value not in column.levels:
                raise _no_feature(f"{feature}={value}")
            query = replace(query, categorical={**query.categorical, feature: value})
    return query


def _date(text: str, today: date) -> PartialDate:
    wanted = f"a date from {_FIRST_YEAR} until today, such as 1984-07, July 1984 or 1984-07-03"
    try:
        when = PartialDate.parse(text)
    except InputError:
        when = None
    if when is None or when.first.year < _FIRST_YEAR or when.first > today:
        raise InputError(where="what if, date", got=repr(text[:40]), want=wanted, fix="Correct it.")
    return when


def _age(text: str) -> tuple[float, float]:
    found = re.fullmatch(r"(\d{1,3})(?:\s*(?:-|–|to)\s*(\d{1,3}))?", text.strip())
    low, high = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if not low <= high <= OLDEST:
        raise InputError(
            where="what if, age",
            got=repr(text[:40]),
            want=f"years from 0 to {OLDEST}, such as 24 or 24-30",
            fix="Correct it.",
        )
    return float(low), float(high)


def _no_feature(got: str) -> InputError:
    return InputError(
        where="what if",
        got=repr(got[:60]),
        want="a feature of the comparison and one of its codes",
        fix="Choose both from the lists.",
    )


def choices(matcher: Matcher, query: Any) -> Iterator[dict[str, Any]]:
    """Features of which another code can be tried, with the codes that occur in this book and are not those of now."""
    for name in matcher.background.preset.names():
        column = matcher.profiles.categorical.get(name)
        if column is not None and 1 < len(column.levels) <= _MOST_CODES:
            now = query.categorical.get(name)
            codes = [(code, code_words(name, code)) for code in column.levels if code != now]
            yield {"feature": name, "label": feature_label(name), "now": now, "codes": codes}


def told(instead: Mapping[str, str]) -> list[dict[str, str]]:
    """The changes in words, in the order in which they were asked for."""
    return [
        {
            "feature": name,
            "label": feature_label(name),
            "value": value,
            "words": _lower_first(code_words(name, value)) if value else "not known",
        }
        for name, value in instead.items()
    ]


def _lower_first(text: str) -> str:
    """For the middle of a sentence; dates stay as they were typed."""
    return text if text[1:2].isupper() or re.match(r"[A-Z][a-z]+ \d", text) else text[:1].lower() + text[1:]


def code_words(feature: str, code: str) -> str:
    """What a code of a feature means; the code itself where no list has it."""
    known = predicates("case")
    listed = known.get(feature) or known.get(f"mo.{feature}")
    name = _LISTS.get(feature) or (listed.list if listed else None)
    return str(codes_of(name).get(code, code)) if name else code
