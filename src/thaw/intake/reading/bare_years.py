"""When four figures alone are a year: the words round them say so."""

from __future__ import annotations

import re

_HOUR = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d$")
_YEAR_BEFORE = re.compile(
    r"(?:\b(?:in|since|during|of|by|until|till|from|year|circa|before|after|and|to|or|the|early|late|mid|"
    r"through|between|for|class of|around|about|than|summer|winter|spring|fall"
    r"|dob|d\.o\.b\.|yob|deceased|dec\.|abt|approx|arrest|arrests|conviction|robbery|burglary|assault|larceny|theft|rape|dui|dwi|arson|forgery|prior|divorced|"
    r"married|died|paroled|autumn|a|his|her|its|their|that|this|born|[bd]\.)\s+|[(–—-]\s*|,\s+)$",
    re.IGNORECASE,
)
_NOT_A_YEAR = re.compile(
    r"\s+(?:[NSEW]\.?\s+)?(?:[A-Z][\w'.]*\s+){0,2}(?:St|Street|Ave|Avenue|Rd|Road|Blvd|Boulevard|Dr|"
    r"Drive|Ln|Lane|Ct|Court|Way|Place|Pl|Highway|Hwy)\b|\s+(?:people|dollars|pounds|miles|feet|copies|"
    r"seats|employees|block|hours|hrs|residents|homes|customers|acres|guests|students|tickets|workers|"
    r"volunteers|members)\b"
)


_OWNED, _MODEL = re.compile(r"\b(?:an?|his|her|their|my|our)\s+$", re.IGNORECASE), re.compile(r" [A-Z][a-z]{2,}\b")


def is_a_year(text: str, match: re.Match[str]) -> bool:
    """A bare number is a year when the words round it say so."""
    if match.groupdict().get("part"):
        return True
    start = match.start("y")
    if _NOT_A_YEAR.match(text, match.end()):
        return False
    before = text[max(0, start - 16) : start]
    if match["y"] < "1900" and before.endswith(", ") and re.match(r" [A-Z]", text[match.end() : match.end() + 2]):
        return False  # "Gilbert Luna, 1811 Rio Linda"
    if (
        _HOUR.match(match["y"])
        and re.match(r" {2,}", text[match.end() : match.end() + 2])
        and re.search(r"\n {4,}$", before)
    ):
        return False  # "2005        barmaid": the hour of a row
    if _OWNED.search(before) and _MODEL.match(text, match.end()):
        return False  # "her 1962 Comet"
    if re.search(r"[A-Z\d]{2},\s+$", before) and re.match(r" [A-Z]", text[match.end() : match.end() + 2]):
        return False  # "KB 9917, 1976 IHC Scout": the year of a model
    if _OF_A_CASE.match(text, match.end()) and re.search(r"[A-Za-z]\s+$", before):
        return True
    if _TOLD_OF.search(before) and not _HOUR.match(match["y"]) and _ENDS.match(text, match.end()):
        return True
    return bool(_YEAR_BEFORE.search(before)) or not before.strip(" \n(\"'“")


# "Convicted 1984,", "LAST TETANUS: 1976", "quit drinking 1974": behind what was done, or a label, and before a stop.
_TOLD_OF = re.compile(r"[a-z]{3}(?:ed|ing)\s+$|(?:[a-z]{4}|[A-Z]{4}):[ \t]+$")
# "The 1966 case", "all 1966 property": what a file is about has its year before it.
_OF_A_CASE = re.compile(
    r"\s+(?i:deaths?|cases?|killings?|murders?|slayings?|homicides?|property|files?|investigation|reports?|crimes?|"
    r"disappearance|shooting|stabbing|trial|conviction|statements?|interviews?|autopsy|evidence|scene|victim|reviews?)\b"
)
_ENDS = re.compile(r"[.,;)]?(?:\s|$)(?!\s*\d)(?![ ][A-Za-z]+\b(?<![.,;)]))|[.,;)]")


_SHORT_BEFORE = re.compile(
    r"\b(?:in|been|was|say|maybe|or|and|since|of|by|until|till|from|during|circa|before|after|around|about|back in|"
    r"spring|summer|"
    r"autumn|fall|winter|early|mid|late|priors?|arr\.?|arrested|conv\.?|convicted|paroled|abt\.?)\s+$",
    re.IGNORECASE,
)


def is_a_short_year(text: str, match: re.Match[str]) -> bool:
    """ "Since '79" and "late '79" are years; "a '66 Ford" and "in '66 Fords" speak of a model."""
    if re.match(r"\s+[A-Z][a-z]+", text[match.end() : match.end() + 20]):
        return False
    return bool(match.group("part")) or bool(_SHORT_BEFORE.search(text[max(0, match.start() - 12) : match.start()]))


_MOST_YEARS = 60


def follows(first: str, last: str) -> int:
    """The last year of "1982-83" or "1979-1981"; 0 when it is none: it lies before the first, or too far after it."""
    year = int(first)
    end = int(last) if len(last) == 4 else year - year % 100 + int(last)
    return end if year < end <= year + _MOST_YEARS else 0
