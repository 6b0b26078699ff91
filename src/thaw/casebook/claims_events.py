"""When and where things happened or will happen: dates and places laid to the event that their sentence speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from thaw.data import read_toml
from thaw.intake import Mention
from thaw.record import PartialDate

from .claims_account import Account, Saying, plain
from .claims_cues import Cue, cues_in
from .claims_days import is_misread, is_of_print, standing_of
from .claims_entities import Main, entity_of
from .claims_people import People
from .claims_subjects import CLAUSE, together

_LABELS = {
    "release_person": "release",
    "landfall": "strike",
    "departure_trip": "departure",
    "strike": "walkout",
    "festival": "event",
    "collapse": "wreck",
    "court": "court appearance",
    "run_down": "collision",
    "jury_selection": "jury selection",
    "opening_statements": "opening statements",
    "closing_arguments": "closing arguments",
    "missing_report": "missing report",
    "preliminary": "court appearance (preliminary hearing)",
    "death": "death",
    "killing": "death (killing)",
}
# What one person goes through several times: two dates are two such events.
_RECURRING = frozenset(["court", "interview", "questioning", "announcement", "statement", "testimony", "hearing"])
_FAR = 110


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
    yield from _places(account, people, main)


def _in_head(account: Account, m: Mention) -> bool:
    """A date in a dateline or heading belongs to the paper, not to the event."""
    line_start = account.text.rfind("\n", 0, m.start) + 1
    line_end = account.text.find("\n", m.end)
    line = account.text[line_start : line_end if line_end >= 0 else len(account.text)]
    own = account.date is not None and m.date is not None and m.date == account.date
    dateline = re.match(r"\s*(?:--|—|–|-)\s", account.text[m.end : m.end + 6]) and line_start + 60 > m.start
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
    best = min(((gap, i) for i, c in enumerate(cues) if (gap := _gap(account, m, c)) < _FAR), default=None)
    if best is None:
        return None
    cue = cues[best[1]]
    cue = _what_is_held(account.text, cue, cues)
    if is_misread(account, m, cue):
        return None
    entity = entity_of(account, cue, sentence, people, main)
    if entity is None and of_person(cue.event):
        # "A ticket seller was shot and a worker wounded late Thursday": the day is of both verbs.
        for other in cues:
            between = account.text[min(other.end, m.end) : max(other.start, m.start)]
            if (
                other is cue
                or other.event != cue.event
                or len(between) > _FAR
                or account.inside(other.end, m.start, "date")
            ):
                continue
            if (named := entity_of(account, other, sentence, people, main)) is not None:
                return other, named, sentence
    return cue, entity, sentence


_IS_HELD = re.compile(
    r"(?:\s+(?:in|of|for)\s[^,.;]{1,60}?)?,?\s+(?:(?:will|is|was|were|are|be|been|to|expected|scheduled|set|being|has|have|had|would)\s+)*"
)
_HELD_ON = frozenset(
    ["held", "hold", "begin", "begins", "began", "start", "starts", "started", "resume", "resumes", "resumed"]
)
_OPENS_A_TRIAL = frozenset(["jury_selection", "opening_statements", "closing_arguments", "testimony"])


def _what_is_held(text: str, cue: Cue, cues: list[Cue]) -> Cue:
    """Of "a memorial service for her will be held" the service: the noun that "held" and "begins" are said of."""
    word = text[cue.start : cue.end].lower()
    if word not in _HELD_ON or cue.form == "noun":
        return cue
    for other in reversed(cues):
        fits = word in ("held", "hold") or other.event in _OPENS_A_TRIAL
        if other.form == "noun" and other.end <= cue.start and fits and other.event != "festival":
            return replace(other, form=cue.form) if _IS_HELD.fullmatch(text[other.end : cue.start]) else cue
    return cue


def _in_a_name(text: str, cue: Cue, names: list[Mention]) -> bool:
    """ "The Tideline Film Festival": a noun that is part of a name names no event of its own."""
    if any(n.start <= cue.start and cue.end <= n.end for n in names):
        return True
    capital = text[cue.start].isupper() and re.search(r"\b[A-Z][a-z]+\s+$", text[max(0, cue.start - 24) : cue.start])
    return cue.form == "noun" and bool(capital)


def _gap(account: Account, m: Mention, cue: Cue) -> float:
    first, last = (cue.end, m.start) if cue.end <= m.start else (m.end, cue.start)
    if last - first >= (3 * _FAR if cue.start > m.start and _heads_sentence(account, m) else _FAR):
        return float(last - first)  # what follows only adds
    between = account.text[first:last]
    if m.date is not None and m.date.precision == "year" and between == " " and cue.form == "noun":
        return -1.0  # "the 1987 killing": the year is the noun's own
    if cue.event == "charge" and re.match(r"\s+(?:with|of)\s+\w+ing\s", between):
        return _FAR + 0.0  # "charged with strangling Poole on Friday": the day is that of the deed
    heads = cue.start > m.start and _heads_sentence(account, m)
    gap = float(len(between)) + 60 * len(CLAUSE.findall(between))
    if heads:
        gap /= 3  # "On April 9, 1982, officers came to the house, where she was found"
    if cue.start > m.start and re.fullmatch(r"\s*,\s+", between) and _in_aside(account, m):
        gap += _FAR  # "Ann Poole, who came here in 1951, died Wednesday"
    # A second date between them claims the word first.
    gap += 80 * sum(1 for d in account.inside(first, last, "date")) if m.kind == "date" else 0
    if cue.event == "testimony" and re.search(r"\bthat\b", between):
        gap += _FAR  # "testified that on the night of March 3 he saw": the day is that of what he saw
    gap += 25 if cue.form == "noun" and not re.fullmatch(r"\s+of\s+[^,.;]{1,30}\s", between) else 0
    gap += 12 if cue.start > m.start else 0
    if cue.start > m.start and re.match(r"\s*,\s+(?:and\s+)?$", between) and cue.form != "noun":
        gap += 40  # "was taken in Wednesday, charged with": the day is that of the verb before it
    if cue.form == "noun" and cue.end <= m.start and _object_of(account.text, cue, between):
        gap += _FAR  # "wanted in the slaying of a clerk was held Friday": the day is that of the verb
    speech = re.search(
        r"\b(?:(?:said|announced|says)\s+(?:\w+\s+)?|told\s+(?:[\w'’]+\s+){0,4})(?:on\s+)?$",
        account.text[max(0, m.start - 40) : m.start],
    )
    after_speech = re.search(r"\b(?:said|announced|says|told \w+)\s*$", account.text[max(0, m.start - 14) : m.start])
    if (speech or after_speech) and cue.event != "announcement":
        gap += _FAR
    return gap


def _in_aside(account: Account, m: Mention) -> bool:
    """Whether a day ends a clause that is put in: ", who came here in 1951,"."""
    return bool(
        re.search(
            r",\s+(?:who|which|where)\s[^,;]*$",
            account.text[max(account.sentence_of(m.start)[0], m.start - 200) : m.start],
        )
    )


def _heads_sentence(account: Account, m: Mention) -> bool:
    """Whether a day opens its sentence: what the sentence tells happened on it."""
    start = account.sentence_of(m.start)[0]
    return bool(
        re.fullmatch(
            r"\W*(?:(?:On|In|Early|Late|Shortly|It was|By|At|before|after|on|in)\s+)*", account.text[start : m.start]
        )
    )


_FROM = re.compile(r"\b(?:from|into|since|after|before|about|over)\s+(?:the|a|an|his|her|its)\s+(?:\w+\s+)?$", re.I)
_PREPOSITION = re.compile(
    r"\b(?:in|of|for|with|to|from|into|since|after|before|about|over|on)\s+(?:(?:the|a|an|his|her|its)\s+)?(?:[\w-]+\s+)?$",
    re.I,
)


def _object_of(text: str, cue: Cue, between: str) -> bool:
    """Whether a noun hangs on a preposition, and the verb of its sentence stands between it and the day."""
    left = text[max(0, cue.start - 30) : cue.start]
    if _PREPOSITION.search(left) and re.search(r"\b(?:was|were|is|are|has|had|have|will|would)\b", between):
        return True
    return bool(_FROM.search(left)) and not re.search(r"\bon\s+$", between)


def of_person(event: str) -> bool:
    """Whether an event befalls one person: two of them that nobody names are two."""
    sort = read_toml("reading/events.toml")["events"].get(event, {}).get("of", "thing")
    return event == "verdict" or sort == "person"


def label_of(event: str, entity: str | None) -> str:
    """How an event is called: "premiere of the salt road"."""
    name = _LABELS.get(event, event)
    return f"{name} of {entity}" if entity else name


def _date_saying(account: Account, m: Mention, cue: Cue, entity: str | None, sentence: tuple[int, int]) -> Saying:
    event = _merged(cue.event, account, sentence)
    word = account.text[cue.start : cue.end].lower()
    if event == "release" and _STATEMENT.search(account.text, sentence[0], cue.start):
        event = "statement"
    standing, flags = standing_of(account, m, cue, sentence)
    value: Any = _value(m)
    more: dict[str, Any] = {"interval": m.date.to_json() if m.date else None, "words": m.text}
    more |= {"entity": entity, "event": event}
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
_FATAL = re.compile(r"\w+\s+(?:to\s+death|dead|and\s+killed|fatally)\b", re.I)


def _merged(event: str, account: Account, sentence: tuple[int, int]) -> str:
    if event == "opening" and account.inside(*sentence, "title"):
        return "premiere"
    return event


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


def _places(account: Account, people: People, main: Main) -> Iterator[Saying]:
    """Places that stand in a sentence with an event, after a word of place."""
    for m in account.mentions:
        if m.kind != "place" or m.rule == "place.dateline":
            continue
        if not re.search(
            r"\b(?:at|in|near|on|inside|outside|from|behind|to|beside|by|along|off|under|below|above)\s+(?:the\s+)?$",
            account.text[max(0, m.start - 14) : m.start],
        ):
            continue
        sentence = account.sentence_of(m.start)
        cues = [c for c in cues_in(account.text, *sentence) if not (c.start < m.end and m.start < c.end)]
        # "Two terms in Moundridge for burglary": where he sat, not where it was.
        cues = [c for c in cues if c.form != "noun" or account.text[max(c.start - 4, 0) : c.start] != "for "]
        gaps = [(g, i) for i, c in enumerate(cues) if (g := _gap(account, m, c)) < 90]
        if not gaps:
            continue
        cue = cues[min(gaps)[1]]
        entity = entity_of(account, cue, sentence, people, main)
        entity = None if entity == plain(m.normal) else entity
        event = _merged(cue.event, account, sentence)
        size = "venue" if m.rule in ("place.head", "place.address", "place.block", "place.crossing") else "area"
        more = {"entity": entity, "event": event}
        yield Saying(
            account,
            sentence,
            "place",
            label_of(event, entity),
            label_of(event, entity),
            m.normal,
            plain(m.normal),
            ("place", event, size),
            None,
            (),
            more,
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
