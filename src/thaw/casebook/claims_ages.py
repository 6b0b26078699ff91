"""How old persons are said to be: beside the name, before it, or of whom the sentence before spoke."""

from __future__ import annotations

import re
from collections.abc import Iterator

from thaw.intake import Mention

from .claims_account import Account, Saying
from .claims_makers import RANKS
from .claims_people import People
from .claims_pronouns import meant, official
from .claims_unnamed import lede_person

# Ages that the reading leaves to whoever knows the name beside them.
_AFTER = re.compile(r"(?:,\s+(?:then|now|just|only)\s+(?P<n>\d{1,2})(?=[,.;)]|\s+and\b)|\s+\((?P<b>\d{1,2})\))")
_AT = re.compile(r"(?:^|[.;]\s+|[\"“])At\s+(?:age\s+)?(?P<n>\d{1,2}),\s+$")
_TURNED = re.compile(
    r"\s+(?:(?:had\s+)?(?:just\s+)?turned|turns|would\s+be|would\s+have\s+been)\s+(?P<n>\d{1,2})(?=[.,;]|\s+(?:on|in|last|this|today|the|now|when)\b)"
)


def age_sayings(account: Account, people: People) -> Iterator[Saying]:
    """The ages of one account, each of the person whom its words join to it."""
    read = [m for m in account.mentions if m.kind == "age"]
    for m in read:
        sentence = account.sentence_of(m.start)
        if (owner := _owner_of_age(account, m, sentence)) is not None:
            yield _age(account, int(m.normal.partition("-")[0]), m.normal, m.start, people.key(owner.normal))
    taken = {place for m in account.mentions if m.kind in ("age", "count", "date") for place in range(m.start, m.end)}
    for p in account.mentions:
        if p.kind != "person":
            continue
        sentence = account.sentence_of(p.start)
        for found in (
            _AFTER.match(account.text, p.end),
            _TURNED.match(account.text, p.end),
            _AT.search(account.text, max(sentence[0] - 1, 0), p.start),
        ):
            if found is None:
                continue
            name = "n" if found["n"] else "b"
            number = int(found[name])
            if found.start(name) not in taken and (name == "n" or _is_age_in_brackets(account, p, number)):
                yield _age(account, number, str(number), found.start(name), people.key(p.normal))


def _is_age_in_brackets(account: Account, p: Mention, number: int) -> bool:
    """ "Dale Rusk (34)": a number behind a full name; not "Ptl. D. Mikulecky (67)", which is that of a badge."""
    lead = account.text[max(p.start - 8, 0) : p.start]
    if "." in p.text or p.part("title") or re.search(r"[#@.]\s*$", lead) or p.role in RANKS:
        return False
    return " " in p.text and 10 <= number <= 99


def _owner_of_age(account: Account, m: Mention, sentence: tuple[int, int]) -> Mention | None:
    persons = account.inside(*sentence, "person")
    before = [p for p in persons if p.end <= m.start]
    after = [p for p in persons if p.start >= m.end]
    text = account.text
    if (who := m.part("who")) is not None:
        return before[-1] if who == "who" and before else meant(account, m.start, who) if who != "who" else None
    if before and re.fullmatch(
        r"[,\s(]*(?:(?:an?|the|age|aged|was|is|who (?:was|is)|now|then|only|died at(?: age)?)\s+)*[\s(]*",
        text[before[-1].end : m.start],
    ):
        return before[-1]
    if after and re.fullmatch(r"[\s,]*(?:[\w'’-]+,?\s+){0,4}", text[m.end : after[0].start]) and "old" in m.text:
        return after[0]
    if (
        before
        and len(text[before[-1].end : m.start]) < 40
        and re.search(r",\s*(?:who\s+)?(?:was|is|turned|died at|aged)\s*$", text[before[-1].end : m.start])
    ):
        return before[-1]
    lead = text[max(sentence[0], m.start - 60) : m.start]
    if re.search(r"\bmakes (?:him|her) $", lead):
        told = [p for p in before if not official(p)]
        return told[-1] if told else meant(account, m.start)
    if m.text.startswith("aged") and lead.endswith(", ") and (he := re.match(r"(He|She)\s", text[slice(*sentence)])):
        return meant(account, sentence[0], he[1].lower())  # "He died in January, aged 62"
    if "old" in m.text and re.search(r"\bthe\s+$", lead, re.I):
        # "The 70-year-old banjo player": the person named last.
        told = [p for p in account.mentions if p.kind == "person" and p.end <= m.start]
        return told[-1] if told else None
    if "old" in m.text and re.search(r"(?:^|[.,;—–-]\s|\bthat\s|\bof\s)\W*an?\s+$", lead, re.I):
        return lede_person(account, m.start, f"{m.part('number')}-year-old")
    if re.fullmatch(r"\W*The\s+(?:[\w-]+\s+){0,2}[\w-]+,\s+(?:now\s+|then\s+|aged?\s+)?", lead):
        return meant(account, sentence[0])  # "The composer, now 44, ..."
    return None


_OF_THEN = re.compile(r"\bthen,?\s+$|\bwould\s+(?:be|have\s+been)\s+$")
_AT_THE_TIME = re.compile(
    r"\s+(?:years\s+old\s+)?(?:when|at\s+the\s+time|then|that\s+(?:year|summer|spring|fall|winter))\b"
)
_AT_DEATH = re.compile(
    r"\b(?:died|dead|killed|murdered|slain|death)\b[^.;]{0,60}\b(?:at|aged|age)(?:\s+age)?\s+$", re.I
)


def _age(account: Account, number: int, words: str, place: int, person: str) -> Saying:
    """An age; of another time ("then 19") it contradicts none, at death only another at death."""
    before, after = account.text[max(place - 90, 0) : place], account.text[place : place + 60]
    word = re.match(r"aged?\s+", after)
    lead = before + (word.group() if word else "")
    past = _OF_THEN.search(before) or _AT_THE_TIME.match(after.lstrip("aged ").lstrip("0123456789"))
    group = None if past else ("age at death", person) if _AT_DEATH.search(lead) else ("age", person)
    value = {"number": number, "noun": "years old"}
    sentence = account.sentence_of(place)
    key = f"{words} years old"
    return Saying(account, sentence, "count", person.lower(), f"age of {person}", value, key, group)
