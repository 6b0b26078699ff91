"""Days in rows ("Premiere ..... 24 September 2021") and in listings ('"NIGHT SKIES" (Monday, Channel 6)')."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from thaw.intake import Mention
from thaw.record import PartialDate

from .claims_account import Account, plain
from .claims_cues import Cue, cues_in

_LABEL = re.compile(r"[ \t]*(?P<label>[A-Z][^\n.:|\t]{1,40}?)[ \t]*(?:\.{3,}|\t+|[ ]{3,}|\|)[ \t]*$")
_LISTED = re.compile(r"[ \t]*[\"“](?P<title>[^\"”\n]{2,60}?),?[\"”]\s+\($")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SEASON = re.compile(r"\b(?:season|series)\s+(\d+)\b", re.I)


def row_of(account: Account, m: Mention) -> tuple[int, int, str] | None:
    """The label of the row that a day stands in alone: its place and words; None outside rows."""
    start = account.text.rfind("\n", 0, m.start) + 1
    found = _LABEL.match(account.text, start, m.start)
    return (found.start("label"), found.end("label"), found["label"]) if found else None


def cue_of_row(account: Account, row: tuple[int, int, str]) -> tuple[Cue, str | None] | None:
    """The event that a row's label names, and the season that it names beside it."""
    cues = cues_in(account.text, row[0], row[1])
    season = _SEASON.search(row[2])
    cues = tuple(c for c in cues if (c.form != "plan" or c.start == row[0]) and c.event != "festival")
    return (cues[0], f"season {season[1]}" if season else None) if cues else None


def listed_title(account: Account, m: Mention) -> str | None:
    """The title before a day in brackets at the head of a line of a listing."""
    start = account.text.rfind("\n", 0, m.start) + 1
    found = _LISTED.match(account.text, start, m.start)
    return found["title"] if found else None


def titles_listed(account: Account) -> list[tuple[int, str]]:
    """Where the parts of a listing begin, with their titles; nothing for an account without two of them."""
    found = [(m.start, title) for m in account.mentions if m.kind == "date" and (title := listed_title(account, m))]
    return found if len(found) > 1 else []


def coming(account: Account, m: Mention) -> Mention:
    """A weekday of a listing: the first such day from the day of the paper on."""
    word = m.text.lower()
    if account.date is None or account.date.precision != "day" or word not in _WEEKDAYS:
        return m
    ahead = (_WEEKDAYS.index(word) - account.date.first.weekday()) % 7
    exact = account.date.first + timedelta(ahead)
    day = PartialDate(exact, exact, "day")
    return replace(m, date=day, normal=day.first.isoformat())


def work_listed(account: Account, place: int, listed: list[tuple[int, str]]) -> str | None:
    """The work of a listing whose part a place lies in."""
    before = [title for start, title in listed if start < place]
    return plain(before[-1]) if before else None
