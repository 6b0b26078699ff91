"""A list of the cast with a part and its actor in each line: "Nora Bell - Greta Lind"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from thaw.intake import Mention, reading

from .claims_account import Account, Saying
from .claims_people import People

_HEAD = re.compile(r"^[^\n]{0,80}\b(?:cast|starring|players|dramatis personae)\b[^\n]{0,80}$", re.I | re.M)
_LEADERS = re.compile(r"[ \t]*(?P<part>[A-Z][\w'’. -]{1,40}?)[ \t]*(?:\.{3,}|…|-{2,}|\t+| {3,})[ \t.]*$")
_ROW = re.compile(
    r"[ \t]*(?P<part>[A-Z][\w'’. -]{1,40}?)[ \t]*(?:\.{3,}|…)[ \t.]*"
    r"(?P<actor>[A-Z][\w'’.-]+(?:[ ][A-Z][\w'’.-]+){1,3})[ \t]*$"
)
_BETWEEN = re.compile(r"[ \t]*(?:-{1,2}|–|—|:|\.{2,}|…|\t|\bas\b|\bplayed by\b)[ \t.]*")


def cast_lines(account: Account, people: People) -> Iterator[Saying]:
    """The parts and actors of lists under a line that says "cast": part first, or actor first before "as"."""
    for head in _HEAD.finditer(account.text):
        at, missed = head.end() + 1, 0
        while at < len(account.text) and missed < 2:
            stop = account.text.find("\n", at)
            stop = len(account.text) if stop < 0 else stop
            pairs = _pairs(account, at, stop)
            missed = 0 if pairs else missed + 1
            for pair in pairs:
                part, actor = (people.key(m.normal) for m in pair)
                value = f"played by {actor}"
                place = account.sentence_of(at)
                key = reading.folded(part)
                yield Saying(account, place, "role", key, part, value, reading.folded(value), ("played by", part))
            at = stop + 1


_AFTER_HIM = re.compile(r"\s*(?:\([^)]{0,30}\))?,?\s*(?:and\s+|then\s+|later\s+)?")


def _pairs(account: Account, start: int, stop: int) -> list[tuple[Mention, Mention]]:
    """The part and its actor; actors one after another ("A (to Feb. 2005), B (after)") each with the part."""
    persons = account.inside(start, stop, "person")
    led = len(persons) > 1 and _DOTS.fullmatch(account.text, persons[0].end, persons[1].start)
    if len(persons) > 2 and led:
        actors = persons[1:]
        gaps = (account.text[a.end : b.start] for a, b in pairwise(actors))
        return [(persons[0], one) for one in actors] if all(_AFTER_HIM.fullmatch(gap) for gap in gaps) else []
    pair = _pair(account, start, stop)
    return [pair] if pair else []


_DOTS = re.compile(r"[ \t]*(?:\.{2,}|…|\t|:)[ \t.]*")


def _pair(account: Account, start: int, stop: int) -> tuple[Mention, Mention] | None:
    persons = account.inside(start, stop, "person")
    if not persons and (row := _ROW.match(account.text, start, stop)):
        made = Mention("person", row["actor"], row["actor"], row.start("actor"), row.end("actor"), "person.cast")
        return replace(made, normal=row["part"].strip(), text=row["part"]), made
    if len(persons) == 1 and (part := _LEADERS.match(account.text, start, persons[0].start)):
        # "Widow Crane ......... Jelena Vukovic": a part that is no name of a person.
        return replace(persons[0], normal=part["part"].strip(), text=part["part"]), persons[0]
    if len(persons) != 2:
        return None
    one, other = persons
    between = account.text[one.end : other.start]
    if not _BETWEEN.fullmatch(between):
        return None
    return (other, one) if between.strip() == "as" else (one, other)
