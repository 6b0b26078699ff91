"""When and where things happened or will happen: dates and places laid to the event that their sentence speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from thaw.intake import Mention
from thaw.record import PartialDate

from .claims_account import Account, Saying, plain
from .claims_cues import IDLE, Cue, cues_in
from .claims_days import as_meant, is_misread, is_of_print, standing_of
from .claims_deeds import deed_name, deeds_in, doers, is_deed
from .claims_distance import FAR, gap_to, what_is_held
from .claims_doubt import is_doubted, was_only_planned
from .claims_entities import Main, entity_of, is_others, label_of, merged, of_person
from .claims_people import People
from .claims_places import place_sayings
from .claims_pronouns import meant
from .claims_rows import coming, cue_of_row, listed_title, row_of, titles_listed, work_listed
from .claims_subjects import together

# What one person goes through several times: two dates are two such events.
_RECURRING = frozenset(
    [
        *("court", "interview", "questioning", "announcement", "statement", "testimony", "hearing"),
        *("extradition_hearing", "return", "sighting", "ruling"),
    ]
)


def event_sayings(account: Account, people: People) -> Iterator[Saying]:
    """Dates and places of events in one account."""
    main = Main(account, people)
    listed = titles_listed(account)
    for m in account.mentions:
        if m.kind != "date" or m.role == "document":
            continue
        if listed and (title := listed_title(account, m)):
            cue = Cue("broadcast", m.start, m.end, "plan")
            yield _date_saying(account, coming(account, m), cue, plain(title), account.sentence_of(m.start))
        elif _in_head(account, m):
            continue
        elif m.role == "birth":
            yield from _birth(account, m, people)
        elif (row := row_of(account, m)) is not None:
            yield from _of_row(account, m, row, main)
        elif (found := _event_of(account, m, people, main)) is not None:
            cue, entity, sentence = found
            if listed and main.titles and entity == plain(main.titles):
                entity = work_listed(account, m.start, listed) or entity
            for one in together(account, cue, sentence, people) or (entity,):
                yield _date_saying(account, as_meant(account, m, cue), cue, one, sentence)
    yield from place_sayings(account, people, main)


def _of_row(account: Account, m: Mention, row: tuple[int, int, str], main: Main) -> Iterator[Saying]:
    """ "Premiere ..... 24 September 2021": the day of the event that the row's label names."""
    found = cue_of_row(account, row)
    if found is not None:
        cue, season = found
        whose = plain(main.titles) if main.titles else None
        whose = f"{whose or ''} {season}".strip() if season else whose
        yield _date_saying(account, m, cue, whose, (row[0], m.end))


def _in_head(account: Account, m: Mention) -> bool:
    """A date in a dateline or heading belongs to the paper, not to the event."""
    line_start = account.text.rfind("\n", 0, m.start) + 1
    line_end = account.text.find("\n", m.end)
    line = account.text[line_start : line_end if line_end >= 0 else len(account.text)]
    own = account.date is not None and m.date is not None and m.date == account.date
    dateline = (
        re.match(r"\s*(?:\([A-Z]{2,6}\)\s*)?(?:--|—|–|-)\s", account.text[m.end : m.end + 16])
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
        for c in _cues(account, sentence)
        if not (c.start < m.end and m.start < c.end) and not _in_a_name(account.text, c, names)
    ]
    cue = _cue_of(account, m, cues, sentence)
    if cue is None:
        return None
    if is_deed(cue):
        done = doers(account, cue, sentence, people)
        return cue, (done[0] if len(done) == 1 else None), sentence
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


def _cue_of(account: Account, m: Mention, cues: list[Cue], sentence: tuple[int, int]) -> Cue | None:
    """The event word that a day belongs to, None where it is of none of them or of no event."""
    owned = re.match(r"['’]s?\s+(?:[\w-]+\s+){0,2}", account.text[m.end : m.end + 40])
    if owned and not any(m.end < c.start <= m.end + owned.end() for c in cues):
        return None  # "a story on Wednesday's front page"
    if is_of_print(account.text, sentence, m) or _REACHED.search(account.text, max(sentence[0], m.start - 40), m.start):
        return None  # "a story Thursday about the arrest", "published every Thursday since 1884"
    best = min(((gap, i) for i, c in enumerate(cues) if (gap := gap_to(account, m, c)) < FAR), default=None)
    if best is None or cues[best[1]].event == IDLE:
        return None
    said = cues[best[1]]
    if said.event == "announcement" and said.form == "past":
        # "On Nov. 9 the network announced that it had been renewed": the renewal is that announcement.
        renewed = [c for c in cues if c.event == "renewal" and 0 < c.start - said.end < 60 and c.form == "past"]
        said = renewed[0] if renewed else said
    cue = what_is_held(account.text, said, cues)
    if _has_its_own(account, m, said, best[0], sentence) or (cue.event == "festival" and cue.form != "noun"):
        return None  # of "held" alone nobody says what
    if (
        _is_of_no_event(account, m, cue, sentence)
        or is_misread(account, m, cue)
        or _is_of_a_doer(account, cue, sentence)
    ):
        return None
    return None if is_doubted(account.text, sentence, cue, m.start) else cue


_REACHED = re.compile(r"\b(?:reached|contacted)\s+(?:by|at|in)\s+(?:[\w-]+\s+){1,3}(?:on\s+)?$", re.I)


def _has_its_own(account: Account, m: Mention, cue: Cue, gap: float, sentence: tuple[int, int]) -> bool:
    """Whether another day stands nearer after the word: "came west in 1936 and was graduated ... in 1944"."""
    if m.end > cue.start or gap < 0:
        return False
    if not account.text[sentence[0] : m.start].strip(' \n"“On'):
        return False
    others = [d for d in account.inside(cue.end, sentence[1], "date") if d.date is not None and d.role != "birth"]
    return any(gap_to(account, d, cue) < gap for d in others)


def _cues(account: Account, sentence: tuple[int, int]) -> list[Cue]:
    """The event words of a sentence and the deeds of verbs that name no event of their own."""
    told = list(cues_in(account.text, *sentence))
    for deed in deeds_in(account, sentence):
        over = [c for c in told if c.start < deed.end and deed.start < c.end and c.form != "noun"]
        if all(c.event in ("release", "end", "start") for c in over):  # "two warrants were issued"
            told = [*(c for c in told if c not in over), deed]
    return told


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


def _is_of_no_event(account: Account, m: Mention, cue: Cue, sentence: tuple[int, int]) -> bool:
    """Whether a day is that of a plan given up in a year that cannot be, or a span at whose end it was."""
    given_up = _GIVEN_UP.search(account.text, max(sentence[0], cue.start - 50), cue.start) and not _YEAR.search(m.text)
    if given_up and account.date and m.date and m.date.first > account.date.last:
        return True  # "It was supposed to open on Oct. 24", written in January: the year is that of no coming October
    # "Drove a truck from 1976 until the spring of 1979, when Ford fired him": at the end of it.
    span = re.search(r"\b(?:until|till|to|through)\b", m.text) and cue.start > m.end
    return bool(span and re.match(r",?\s+when\b", account.text[m.end : m.end + 8]))


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
    given_up = _GIVEN_UP.search(account.text, max(sentence[0], cue.start - 50), cue.start) and cue.form != "noun"
    if is_deed(cue):
        since = re.search(r"\bsince\s+$", account.text[max(sentence[0], m.start - 10) : m.start])
        event = f"start of {deed_name(cue)}" if since else deed_name(cue)
    else:
        event, entity = merged(account, cue, sentence, entity)
        if event == "festival" and cue.form == "noun":
            event = account.text[cue.start : cue.end].lower().replace("\n", " ")
        event = f"planned {event}" if given_up else event
    word = account.text[cue.start : cue.end].lower()
    if event == "release" and _STATEMENT.search(account.text, sentence[0], cue.start):
        event = "statement"
    standing, flags = standing_of(account, m, cue, sentence)
    if given_up:
        standing = "report"
    elif standing == "report" and was_only_planned(account.text, sentence, cue, m.start):
        standing = "forecast"
    value: Any = _value(m)
    more: dict[str, Any] = {"interval": m.date.to_json() if m.date else None, "words": m.text}
    more |= {"entity": entity, "event": event, "own": is_others(account, cue, sentence)}
    more |= {"deed": is_deed(cue)}
    more |= {"violent": bool(_VIOLENT.search(word)), "fatal": bool(_FATAL.match(account.text, cue.start))}
    if weekday := m.part("weekday"):
        more["weekday"] = weekday
        if weekday != "agrees":
            flags = (*flags, f"the day was a {weekday}")
    return Saying(
        account,
        sentence,
        "date",
        f"{event} by {entity}" if is_deed(cue) and entity else label_of(event, entity),
        f"{event} by {entity}" if is_deed(cue) and entity else label_of(event, entity),
        value,
        m.normal,
        None if event in _RECURRING or is_deed(cue) else ("date", event),
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
        after = account.inside(m.end, sentence[1], "person")
        pronoun = re.match(r"[^.;]{0,40}?,\s+(he|she)\b", account.text[m.end : m.end + 60])
        who = meant(account, m.start, pronoun[1]) if pronoun else None
        before = [who] if who else [] if pronoun else after[:1] or before
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
