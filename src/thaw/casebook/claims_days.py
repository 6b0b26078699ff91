"""What a day in a sentence says of an event: forecast or report; days of the print, and years that cannot be meant."""

from __future__ import annotations

import re
from dataclasses import replace

from thaw.intake import Mention, reading
from thaw.record import PartialDate

from .claims_account import Account
from .claims_cues import Cue
from .claims_doubt import was_only_planned

_STORY = re.compile(
    r"\b(?:story|stories|article|column|report|photograph|photo|caption|headline|editorial|obituary|item|broadcast)\s+"
    r"(?:[^.;]{0,60}\s)?(?:about|on|of)\s+the\s+[^.;]{0,60}$",
    re.I,
)
_EVERY = re.compile(r"\bevery\s(?:[^.;]{0,60}\bsince\s+)?$", re.I)


_PRINTED = re.compile(
    r"\b(?:article|story|column|caption|headline|editorial|obituary|photograph|listing)s?\s+(?:(?:published|printed|that\s+(?:ran|appeared))\s+)?"
    r"(?:(?:on|in)\s+)?$",
    re.I,
)


def is_of_print(text: str, sentence: tuple[int, int], m: Mention) -> bool:
    """Whether a day is that of a printed story about an event, or the year from which something is done every week."""
    if _EVERY.search(text[max(sentence[0], m.start - 90) : m.start]):
        return True
    if _PRINTED.search(text[max(sentence[0], m.start - 60) : m.start]):
        return True
    about = re.match(r"[^.;]{0,30}?\b(?:about|on)\s+the\s", text[m.end : min(sentence[1], m.end + 60)])
    story = _STORY.search(text[max(sentence[0], m.start - 200) : m.start] + ("" if about is None else about.group()))
    return bool(story) and (
        about is not None or text[max(m.start - 8, 0) : m.start].rstrip().endswith((",", ", in", ", on"))
    )


_VAGUE = re.compile(r"(?:that|this|the)\s+(?:spring|summer|fall|autumn|winter|week|month|year)\b", re.I)


_TO = re.compile(r"\b(?:to|would|could|might|did|not)\s+$")
_NOT_AHEAD = 60  # days; a past tense about a nearer day to come is flagged, since copy is written ahead of its day


_SAME_DAY = re.compile(r"\bsame\s+(?:day|night|evening|morning|afternoon)\b", re.I)


def is_misread(account: Account, m: Mention, cue: Cue) -> bool:
    """Whether the year that was taken for a day cannot be: "was questioned that fall" is no day to come."""
    if _SAME_DAY.search(m.text):
        told = [d for d in account.inside(0, m.start, "date") if d.role not in ("document", "birth")]
        if (told and told[-1].normal != m.normal) or (m.date is not None and m.date == account.date):
            return True  # "the same day" is the day that was told last
    if account.date is None or m.date is None or re.search(r"\d{4}|['’]\d\d", m.text):
        return False
    if _in_a_look_back(account, m, cue) or _ends_a_headline(account, m, cue):
        return True
    before = account.text[max(cue.start - 16, 0) : cue.start]
    if cue.form == "past" and _VAGUE.match(m.text) and m.date.first > account.date.last:
        return True
    if cue.form == "plan" and "weekday" in m.rule and m.date.last < account.date.first and not _TO.search(before):
        return True  # "The players open their season Friday": the day to come, which was taken for the one gone by
    ahead = re.search(
        r"\b(?:will|would|to|be|is|are|being)\s+(?:\w+\s+)?$", account.text[max(cue.start - 20, 0) : cue.start]
    )
    if cue.form == "past" and not ahead and (m.date.first - account.date.last).days > _NOT_AHEAD:
        return True  # "on October 9 they told everybody it was postponed", written in June: not the coming October
    planned = cue.form != "past" and re.search(
        r"\b(?:set|scheduled|slated|due|postponed)\b[^.;]{0,60}\b(?:for|until|on)\s+$",
        account.text[max(m.start - 90, 0) : m.start],
    )
    return bool(planned) and (account.date.first - m.date.last).days > 366


_YEARS_ON = re.compile(
    r"\b(?:\w+|\d+)\s+years?\s+(?:ago|later|after|on\b(?=[,.\n]))|\b(?:anniversary|look(?:ing)?\s+back|decades?\s+(?:ago|later|after))\b",
    re.I,
)
_HEAD = 450  # letters
_BY_MONTH = re.compile(
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+)?(?:in\s+)?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
)


def _in_a_look_back(account: Account, m: Mention, cue: Cue) -> bool:
    """ "Ten years ago ..." above "the arrest, Oct. 29": a day without its year, which is not this year's."""
    if account.date is None or m.date is None or cue.form == "plan" or not _BY_MONTH.match(m.text):
        return False
    if not _YEARS_ON.search(account.text[:_HEAD]) or _year_told(account, m) is not None:
        return False
    if re.search(
        r"\b(?:will|shall|scheduled|planned|(?:is|are)\s+to)\b", account.text[slice(*account.sentence_of(m.start))]
    ):
        return False
    return m.date.first.year >= account.date.first.year


def _ends_a_headline(account: Account, m: Mention, cue: Cue) -> bool:
    """ "Poole held in slaying; hearing Monday": of whom, and whether it was or will be, a headline leaves open."""
    text = account.text
    line = text[text.rfind("\n", 0, cue.start) + 1 : cue.start]
    ends = re.match(r"[ \t]*(?:\n|$)", text[m.end :][:40])
    alone = cue.form == "noun" and re.fullmatch(r"[ \t]+", text[cue.end : m.start])
    return bool(alone and ends) and "weekday" in m.rule and line.rstrip().endswith(";")


_PLANNED = 90  # the same for a plan that came to nothing
_NO_YEAR = 21  # days by which a day without its year may lie ahead of a past tense


def as_meant(account: Account, m: Mention, cue: Cue) -> Mention:
    """A day without its year in a past tense, weeks after the paper itself: that day of the year before.

    "Was arrested Nov. 19" in a paper of September. Nearer days are left as they stand, and are flagged.
    """
    if cue.event == "announcement" and m.text.lower() == "today" and account.date and account.date.precision == "day":
        return replace(m, date=account.date, normal=account.date.first.isoformat())  # "Chief Reed announced today"
    if (near := _year_told(account, m)) is not None:
        return near
    planned = was_only_planned(account.text, account.sentence_of(m.start), cue, m.start)
    if (cue.form != "past" and not planned) or account.date is None or m.date is None or m.date.precision != "day":
        return m
    if re.search(r"\d{4}|['’]\d\d|/", m.text) or (m.date.first - account.date.last).days <= (
        _PLANNED if planned else _NO_YEAR
    ):
        return m
    if not planned and re.search(
        r"\b(?:will|to|would|be)\s+(?:\w+\s+){0,2}$", account.text[max(0, cue.start - 30) : cue.start]
    ):
        return m
    return _in_year(m, m.date.first.year - 1) or m


def _in_year(m: Mention, year: int) -> Mention | None:
    if m.date is None:
        return None
    try:
        day = m.date.first.replace(year=year)
    except ValueError:  # Caught: the 29th of February, which other years have not.
        return None
    return replace(m, date=PartialDate(day, day, "day"), normal=day.isoformat())


def _year_told(account: Account, m: Mention) -> Mention | None:
    """A day without its year, weeks from a day of its own sentence that has one: of that year."""
    if m.date is None or m.date.precision != "day" or re.search(r"\d{4}|['’]\d\d|/|day\b", m.text):
        return None
    for other in account.inside(account.sentence_of(m.start)[0], m.start, "date"):
        if other.date is None or other.date.precision != "day" or not re.search(r"\d{4}", other.text):
            continue
        moved = _in_year(m, other.date.first.year)
        if (
            moved is not None
            and moved.date is not None
            and abs((moved.date.first - other.date.first).days) <= _NEAR_DAYS
        ):
            return moved
    return None


_NEAR_DAYS = 45


def standing_of(
    account: Account, m: Mention, cue: Cue, sentence: tuple[int, int]
) -> tuple[str | None, tuple[str, ...]]:
    """Forecast or report, by the document's date and by tense; a past tense about a later date is flagged."""
    start, end = sentence
    tense = reading.tense_at(account.text[start:end], m.start - start, m.end - start)
    if cue.form == "plan" and tense is None:
        tense = "ahead"
    if account.date is None or m.date is None:
        return {"ahead": "forecast", "back": "report"}.get(tense or ""), ()
    if m.date.first > account.date.last:
        past = (
            cue.form == "past"
            and tense == "back"
            and not re.search(
                r"\b(?:will|be|to be|is|are|being|set|scheduled|expected)\s+(?:\w+\s+)?$",
                account.text[max(start, cue.start - 24) : cue.start],
                re.I,
            )
        )
        flag = f"past tense about {m.normal}, after the document's own date {account.date.last.isoformat()}"
        return "forecast", ((flag,) if past else ())
    if m.date.last < account.date.first:
        return "report", ()
    if cue.form == "past" and not re.search(
        r"\b(?:will|to|would|be)\s+(?:\w+\s+)?$", account.text[max(start, cue.start - 20) : cue.start]
    ):
        return "report", ()
    return ("forecast" if tense == "ahead" else "report"), ()
