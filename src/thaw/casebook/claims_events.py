"""When and where things happened or will happen: dates and places laid to the event that their sentence speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from thaw.intake import Mention
from thaw.record import PartialDate

from .claims_account import Account, Saying
from .claims_cues import Cue, cues_in
from .claims_days import is_misread, is_of_print, standing_of
from .claims_distance import FAR, gap_to, what_is_held
from .claims_entities import Main, entity_of, is_others, label_of, merged, of_person
from .claims_people import People
from .claims_places import place_sayings
from .claims_subjects import together

# What one person goes through several times: two dates are two such events.
_RECURRING = frozenset(["court", "interview", "questioning", "announcement", "statement", "testimony", "hearing"])


def event_sayings(account: Account, people: People) -> Iterator[Saying]:
    """Dates and places of events in one account."""
    main = Main(account, people)
    for m in account.mentions:
        if m.kind == "date" and m.role != "document" and not _in_head(account, m):
            if m.role == "birth":
                yield from _birth(account, m, people)
            elif (found := _event_of(account, m, people, main)) is not None:
                cue, entity, sentence = found
                for one in together(account, cue, sentence, people) or (entity,):
                    yield _date_saying(account, m, cue, one, sentence)
    yield from place_sayings(account, people, main)


def _in_head(account: Account, m: Mention) -> bool:
    """A date in a dateline or heading belongs to the paper, not to the event."""
    line_start = account.text.rfind("\n", 0, m.start) + 1
    line_end = account.text.find("\n", m.end)
    line = account.text[line_start : line_end if line_end >= 0 else len(account.text)]
    own = account.date is not None and m.date is not None and m.date == account.date
    dateline = (
        re.match(r"\s*(?:\([A-Z]{2,6}\)\s*)?(?:--|—|–|-)\s", account.text[m.end : m.end + 14])
        and line_start + 60 > m.start
    )
    return own and (
        bool(dateline)
        or (m.start < 300 and len(line) < 90 and not re.search(r"[a-z]{3,}\s+[a-z]{3,}\s+[a-z]{2,}", line))
    )


def _event_of(
    account: Account, m: Mention, people: People, main: Main
) -> tuple[Cue, str | None, tuple[int, int]] | None:
    sentence = account.sentence_of(m.start)
    names = account.inside(*sentence, "title", "organisation", "place")
    cues = [
        c
        for c in cues_in(account.text, *sentence)
        if not (c.start < m.end and m.start < c.end) and not _in_a_name(account.text, c, names)
    ]
    owned = re.match(r"['’]s?\s+(?:[\w-]+\s+){0,2}", account.text[m.end : m.end + 40])
    if owned and not any(m.end < c.start <= m.end + owned.end() for c in cues):
        return None  # "a story on Wednesday's front page"
    if is_of_print(account.text, sentence, m):
        return None  # "a story Thursday about the arrest", "published every Thursday since 1884"
    best = min(((gap, i) for i, c in enumerate(cues) if (gap := gap_to(account, m, c)) < FAR), default=None)
    if best is None:
        return None
    cue = cues[best[1]]
    cue = what_is_held(account.text, cue, cues)
    given_up = _GIVEN_UP.search(account.text, max(sentence[0], cue.start - 50), cue.start) and not _YEAR.search(m.text)
    if given_up and account.date and m.date and m.date.first > account.date.last:
        return None  # "It was supposed to open on Oct. 24", written in January: the year is that of no coming October
    if (
        re.search(r"\b(?:until|till|to|through)\b", m.text)
        and re.match(r",?\s+when\b", account.text[m.end : m.end + 8])
        and cue.start > m.end
    ):
        return None  # "drove a truck from 1976 until the spring of 1979, when Ford fired him": at the end of it
    if is_misread(account, m, cue) or _is_of_a_doer(account, cue, sentence):
        return None
    entity = entity_of(account, cue, sentence, people, main)
    if entity is None and of_person(cue.event):
        # "A ticket seller was shot and a worker wounded late Thursday": the day is of both verbs.
        for other in cues:
            between = account.text[min(other.end, m.end) : max(other.start, m.start)]
            if (
                other is cue
                or other.event != cue.event
                or len(between) > FAR
                or account.inside(other.end, m.start, "date")
            ):
                continue
            if (named := entity_of(account, other, sentence, people, main)) is not None:
                return other, named, sentence
    return cue, entity, sentence


_YEAR = re.compile(r"\d{4}|['’]\d\d")
_DOER_OF = frozenset(["start", "end", "opening", "closing", "building", "launch"])


def _is_of_a_doer(account: Account, cue: Cue, sentence: tuple[int, int]) -> bool:
    """ "Farrow began acting in 1966": what somebody began is no beginning of the matter."""
    if cue.event not in _DOER_OF or cue.form == "noun":
        return False
    before = account.inside(max(sentence[0], cue.start - 60), cue.start, "person")
    named = bool(before) and re.fullmatch(
        r"\s+(?:(?:has|had|also|then|later|first)\s+)*", account.text[before[-1].end : cue.start]
    )
    return bool(named) or bool(_HE_DOES.search(account.text, max(sentence[0], cue.start - 16), cue.start))


_HE_DOES = re.compile(r"\b(?:[Hh]e|[Ss]he|I|[Ww]e|[Tt]hey|who)\s+(?:(?:has|had|also|then|later|first)\s+)*$")


def _in_a_name(text: str, cue: Cue, names: list[Mention]) -> bool:
    """ "The Tideline Film Festival": a noun that is part of a name names no event of its own."""
    if any(n.start <= cue.start and cue.end <= n.end for n in names):
        return True
    capital = text[cue.start].isupper() and re.search(r"\b[A-Z][a-z]+\s+$", text[max(0, cue.start - 24) : cue.start])
    return cue.form != "past" and bool(capital)


# "It was supposed to open on Oct. 24": a day that nothing came of, told as a report of the plan.
_GIVEN_UP = re.compile(
    r"\b(?:was|were|had\s+been)\s+(?:(?:first|originally|initially|once|at\s+first)\s+)?"
    r"(?:supposed|going|scheduled|slated|due|expected|planned|meant)\s+(?:(?:first|originally)\s+)?to\s+(?:\w+\s+)?$",
    re.I,
)


def _date_saying(account: Account, m: Mention, cue: Cue, entity: str | None, sentence: tuple[int, int]) -> Saying:
    event, entity = merged(account, cue, sentence, entity)
    given_up = _GIVEN_UP.search(account.text, max(sentence[0], cue.start - 50), cue.start) and cue.form != "noun"
    event = f"planned {event}" if given_up else event
    word = account.text[cue.start : cue.end].lower()
    if event == "release" and _STATEMENT.search(account.text, sentence[0], cue.start):
        event = "statement"
    standing, flags = standing_of(account, m, cue, sentence)
    standing = "report" if given_up else standing
    value: Any = _value(m)
    more: dict[str, Any] = {"interval": m.date.to_json() if m.date else None, "words": m.text}
    more |= {"entity": entity, "event": event, "own": is_others(account, cue, sentence)}
    more |= {"violent": bool(_VIOLENT.search(word)), "fatal": bool(_FATAL.match(account.text, cue.start))}
    if weekday := m.part("weekday"):
        more["weekday"] = weekday
        if weekday != "agrees":
            flags = (*flags, f"the day was a {weekday}")
    return Saying(
        account,
        sentence,
        "date",
        label_of(event, entity),
        label_of(event, entity),
        value,
        m.normal,
        None if event in _RECURRING else ("date", event),
        standing,
        flags,
        more,
    )


_STATEMENT = re.compile(r"\b(?:statement|release|bulletin)\b[^.;]{0,30}$", re.I)
_VIOLENT = re.compile(r"kill|slay|slain|murder|homicide|strangl|bludgeon|poison")
_FATAL = re.compile(
    r"(?:shot|stabbed|beaten|strangled|gunned|struck|knifed|bludgeoned|hacked|choked|run|burned)\b[^.;]{0,16}?"
    r"\b(?:to\s+death|dead|and\s+killed|fatally)\b|fatally\b",
    re.I,
)


def _value(m: Mention) -> str | None:
    """The ISO form of a date; None for words that nothing dates."""
    return m.normal if m.date is not None or m.normal.startswith("--") else None


def _birth(account: Account, m: Mention, people: People) -> Iterator[Saying]:
    sentence = account.sentence_of(m.start)
    before = [p for p in account.mentions if p.kind == "person" and p.end <= m.start and m.start - p.end < 120]
    if re.match(r"\W*Born\b", account.text[slice(*sentence)]):
        # "Born in Macon on March 8, 1964, Mr. Grant began": who comes after.
        before = account.inside(m.end, sentence[1], "person")[:1] or before
    if before:
        person = people.key(before[-1].normal)
        yield Saying(
            account,
            sentence,
            "date",
            label_of("birth", person),
            label_of("birth", person),
            _value(m),
            m.normal,
            ("date", "birth"),
            "report",
            (),
            {"interval": m.date.to_json() if m.date else None, "words": m.text, "entity": person, "event": "birth"},
        )


_YEARS_AGO = re.compile(r"\byears?\s+(?:ago|earlier|back)$", re.I)


def dates_conflict(one: Saying, other: Saying) -> bool:
    """Whether two dates of one event exclude each other; a vague date agrees with every day in it."""
    a, b = one.more.get("interval"), other.more.get("interval")
    if a and b:
        x, y = PartialDate.from_json(a), PartialDate.from_json(b)
        # "31 years ago" is said of thirty-one years and a half as well.
        spare = timedelta(366 if any(_YEARS_AGO.search(s.more.get("words", "")) for s in (one, other)) else 0)
        return x.last + spare < y.first or y.last + spare < x.first
    days = [s.value for s in (one, other)]
    if any(d is None for d in days):
        return False
    short = [str(d)[-5:] for d in days if len(str(d)) in (7, 10)]
    return len(short) == 2 and short[0] != short[1] and all(str(d).startswith("--") or len(str(d)) == 10 for d in days)
