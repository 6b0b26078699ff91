"""Proposes for each page what it is: section of the murder book, sort of document, dates, author. A person corrects.

Pure: texts in, proposals out, each with the words that speak for it. The cues are data, see data/reading/sections.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from thaw.data import read_toml

_TITLE_LINES = 12
_TITLE, _CAPITALS, _BODY = 2.0, 1.0, 0.6
_ENOUGH = 1.0
_MONTHS = {"janfebmaraprmayjunjulaugsepoctnovdec"[3 * n : 3 * n + 3]: n + 1 for n in range(12)}
# Two figures of a year: files of living units begin in the thirties (no source; a person corrects the rest).
_CENTURY_TURNS = 30
_DAY = (
    r"(?P<iso>\d{4}-\d\d-\d\d)|(?P<m>\d{1,2})[/-](?P<d>\d{1,2})[/-](?P<y>\d{4}|\d\d)\b"
    r"|(?P<d2>\d{1,2})[ -]?(?P<n2>[a-z]{3,9})\.?,?[ -](?P<y2>\d{4}|\d\d)\b"
    r"|(?P<n3>[a-z]{3,9})\.? (?P<d3>\d{1,2}),? (?P<y3>\d{4})\b"
)
_WRITTEN = re.compile(
    r"\b(?:date(?: and time)?(?: (?:of|this|typed|written|dictated|prepared|completed))*"
    r"(?: report| interview| statement| letter| autopsy| examination)?|report date|dated|typed|dictated|prepared"
    r"|written|sent)[^\w\n]{1,6}"
    rf"(?:on )?(?:\w{{3,9}}, )?(?:{_DAY})",
    re.I,
)
_FILED = re.compile(
    rf"\b(?:filed|date filed|received|date received|rec'?d|approved|entered|stamped)[^\w\n]{{1,6}}(?:on )?(?:{_DAY})",
    re.I,
)
_AUTHOR = re.compile(
    r"^\W*(?:reporting (?:officer|detective|party)|reported by|report(?:ed)? by|prepared by|submitted by|written by"
    r"|author|investigating officer|investigators?|detectives?|examiner|pathologist|criminalist|interviewed by"
    r"|interviewer|by|from)(?:\(s\))?\s*(?::|\.{2,}|\s-)\s*(?P<who>\S[^\n\t]{2,60})",
    re.I | re.M,
)
_BYLINE = re.compile(r"^\s*[Bb][Yy] (?P<who>[A-Z][\w.'-]+(?: [A-Z][\w.'-]+){1,3})\s*$", re.M)
_CONTINUED = re.compile(
    r"\bpage\s+(?P<page>\d{1,3})\s*(?:of|/)\s*\d{1,3}\b|\bcont(?:inued|'d|\.)\b|^\s*-\s*(?P<alone>\d{1,3})\s*-\s*$",
    re.I | re.M,
)


@dataclass(frozen=True, slots=True)
class PageSection:
    """What a page seems to be.

    section       two figures of codes/murder_book.json, or None where nothing speaks for one
    written_from  ISO day on which it says it was written, None when it says none; `filed` likewise
    certainty     0 to 1: how far the best kind is ahead, not a probability
    why           the words on the page that speak for it, or that it continues the page before
    """

    page: int
    section: str | None
    kind: str | None
    written: str | None
    filed: str | None
    author: str | None
    certainty: float
    why: str


def propose_sections(pages: Sequence[tuple[int, str | None]]) -> list[PageSection]:
    """What each page of one document seems to be; a page without a heading of its own goes with the page before.

    pages  number and text of each, in order; a text of None is a page that nobody could read
    """
    found: list[PageSection] = []
    for number, text in pages:
        one = _propose(number, text or "")
        before = found[-1] if found else None
        if before is not None and before.section is not None and _goes_on(one, text or ""):
            one = PageSection(
                number, before.section, before.kind, one.written or before.written, one.filed or before.filed,
                one.author or before.author, round(before.certainty * 0.9, 2), f"goes on from page {before.page}",
            )  # fmt: skip
        found.append(one)
    return found


def _goes_on(page: PageSection, text: str) -> bool:
    if page.section is None:
        return True
    continued = _CONTINUED.search("\n".join([*text.splitlines()[:4], *text.splitlines()[-3:]]))
    later = continued is not None and (continued["page"] or continued["alone"] or "2") != "1"
    return later and page.certainty < 0.5


def _propose(number: int, text: str) -> PageSection:
    scores = sorted(_scored(text), key=lambda one: -one[0])
    best = scores[0] if scores and scores[0][0] >= _ENOUGH else None
    second = scores[1][0] if len(scores) > 1 else 0.0
    author = _AUTHOR.search(text) or _BYLINE.search("\n".join(text.splitlines()[:_TITLE_LINES]))
    return PageSection(
        number,
        best[2] if best else None,
        best[1] if best else None,
        _first_day(_WRITTEN, text),
        _first_day(_FILED, text),
        " ".join(author["who"].split()).rstrip(" ,;") if author else None,
        round(min((best[0] - second) / best[0] * min(best[0] / 3, 1), 1.0), 2) if best else 0.0,
        best[3] if best else "no heading that is known",
    )


def _scored(text: str) -> Iterator[tuple[float, str, str, str]]:
    """Worth, kind, section and the words for it, of each kind for which something speaks."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    top = lines[:_TITLE_LINES]
    for kind, section, titles, bodies in _kinds():
        worth, why = 0.0, ""
        for place, line in enumerate(top):
            found = next((m for cue in titles if (m := cue.search(line))), None)
            # A heading is short: the same words in the middle of a sentence speak of a document and are none.
            if found and len(found[0]) * 3 >= len(line):
                gain = _TITLE + (_CAPITALS if line == line.upper() else 0.0) - 0.1 * place
                if gain > worth:
                    worth, why = gain, found[0].strip()
        for cue in bodies:
            found = cue.search(text)
            if found:
                worth += _BODY
                why = why or " ".join(found[0].split())
        if worth:
            yield worth, kind, section, why


@cache
def _kinds() -> list[tuple[str, str, list[re.Pattern[str]], list[re.Pattern[str]]]]:
    def compiled(cues: list[str]) -> list[re.Pattern[str]]:
        return [re.compile(cue, re.I | re.M) for cue in cues]

    kinds = read_toml("reading/sections.toml")["kinds"]
    return [(k["kind"], k["section"], compiled(k["title"]), compiled(k["body"])) for k in kinds]


def _first_day(pattern: re.Pattern[str], text: str) -> str | None:
    for found in pattern.finditer(text):
        day = _day(found)
        if day is not None:
            return day
    return None


def _day(found: re.Match[str]) -> str | None:
    """The day that was found, in ISO form; American order of figures. None for a day that no calendar has."""
    if found["iso"]:
        year, month, day = map(int, found["iso"].split("-"))
    elif found["m"]:
        year, month, day = _year(found["y"]), int(found["m"]), int(found["d"])
    else:
        name = found["n2"] or found["n3"]
        month = _MONTHS.get(name[:3].lower(), 0)
        year, day = _year(found["y2"] or found["y3"]), int(found["d2"] or found["d3"])
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _year(figures: str) -> int:
    year = int(figures)
    if len(figures) == 4:
        return year
    return year + (1900 if year >= _CENTURY_TURNS else 2000)
