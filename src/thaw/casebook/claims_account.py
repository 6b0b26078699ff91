"""What goes into a comparison of accounts and what each account says: values without a book behind them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from thaw.intake import Mention, reading
from thaw.record import PartialDate


@dataclass(frozen=True, eq=False)
class Account:
    """One document that tells something: an article, a report, a letter.

    document  SHA-256 of its bytes
    text      its pages with form feeds between them
    mentions  what `read_mentions` found in that text
    date      the day or days on which it was written, or None
    name      its file name, for people
    """

    document: str
    text: str
    mentions: tuple[Mention, ...]
    date: PartialDate | None
    name: str = ""

    @classmethod
    def read(cls, document: str, text: str, *, date: PartialDate | None = None, name: str = "") -> Account:
        """An account read from its text; without a date it is looked for in the text's own head."""
        mentions = _cut_at_leaders(text, reading.read_mentions(text, reading.Reading(document_date=date)))
        own = next((m.date for m in mentions if m.role == "document"), None)
        return cls(document, text, mentions, date or own, name)

    @classmethod
    def of_mentions(cls, document: str, text: str, mentions: Sequence[Mention], *, name: str = "") -> Account:
        """An account from mentions that are known page by page: names of one person join over all pages.

        The document's own day is that of its first page; a day at the head of a later page is a day that it tells.
        """
        first = text.find("\f")
        own = next((m.date for m in mentions if m.role == "document" and (first < 0 or m.start < first)), None)
        return cls(document, text, _cut_at_leaders(text, _joined(mentions, first)), own, name)

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """Places of the sentences, in order."""
        return reading.sentences(self.text)

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _ in self.sentences]

    def sentence_of(self, place: int) -> tuple[int, int]:
        """The sentence that a place lies in."""
        at = max(bisect_right(self._starts, place) - 1, 0)
        return self.sentences[at]

    @cached_property
    def titles(self) -> tuple[Mention, ...]:
        """Titles of works, in order."""
        return tuple(m for m in self.mentions if m.kind == "title")

    @cached_property
    def _order(self) -> tuple[list[int], list[int]]:
        """Where mentions begin, in order, and the place of each in `mentions`: long papers have tens of thousands."""
        places = sorted(range(len(self.mentions)), key=lambda i: self.mentions[i].start)
        return [self.mentions[i].start for i in places], places

    def inside(self, start: int, end: int, *kinds: str) -> list[Mention]:
        """Mentions of these kinds that stand in a part of the text."""
        first, after = bisect_left(self._order[0], start), bisect_right(self._order[0], end)
        found = [self.mentions[i] for i in sorted(self._order[1][first:after])]
        return [m for m in found if m.end <= end and (not kinds or m.kind in kinds)]

    def page_of(self, place: int) -> int:
        """Number of the page of a place; the first is 1."""
        return bisect_left(self._page_ends, place) + 1

    @cached_property
    def _page_ends(self) -> list[int]:
        return [found.start() for found in re.finditer("\f", self.text)]

    def quote(self, sentence: tuple[int, int]) -> str:
        """The words of a sentence with single blanks."""
        known = self._quotes.get(sentence)
        if known is None:
            known = self._quotes[sentence] = re.sub(r"\s+", " ", self.text[slice(*sentence)]).strip()
        return known

    @cached_property
    def _quotes(self) -> dict[tuple[int, int], str]:
        """Sentences as they were asked for: what many claims rest on is asked for again and again."""
        return {}


@dataclass(frozen=True)
class Saying:
    """What one account says in one sentence, before it is compared.

    subject   whom or what it is about, as a key that accounts share; `shown` is the same for people
    value     what is said, as it goes out; `key` the same, comparable
    group     sayings with the same group can contradict each other; None for those that never do
    standing  `forecast`, `report`, or None where that does not apply
    """

    account: Account
    sentence: tuple[int, int]
    kind: str
    subject: str
    shown: str
    value: Any
    key: str
    group: tuple[str, ...] | None = None
    standing: str | None = None
    flags: tuple[str, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)


# Rules after which a single word is a surname, and those after which it is a given name.
_SURNAME = frozenset(
    ["person.surname", "person.title_surname", "person.capitals_title", "person.label", "person.capitals"]
)


_LEADERS = re.compile(r"[ \t]*(?:\.{2,}|…)")


def _cut_at_leaders(text: str, mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """Names without the first word of a next line of credits: "Ruth Bell / Scenery ........ Lars Engebret"."""
    if "...." not in text:
        return mentions
    found = []
    for m in mentions:
        if m.kind == "person" and "\n" in m.text and _LEADERS.match(text, m.end):
            kept = m.text[: m.text.rindex("\n")].rstrip()
            lost = len(m.text[m.text.rindex("\n") :].split())
            words = m.normal.split()
            if len(words) > lost:
                m = replace(m, text=kept, end=m.start + len(kept), normal=" ".join(words[:-lost]))
        found.append(m)
    return tuple(found)


def _joined(mentions: Sequence[Mention], first_page: int) -> tuple[Mention, ...]:
    roster = reading.Roster(m.normal for m in mentions if m.kind == "person" and " " in m.normal)
    found = []
    for m in mentions:
        if m.kind == "person":
            name = _in_full(m, roster)
            m = replace(m, normal=name)
        elif m.role == "document" and 0 <= first_page < m.start:
            m = replace(m, role=None)
        found.append(m)
    return tuple(sorted(found, key=lambda m: (m.start, m.end)))


def _in_full(m: Mention, roster: reading.Roster) -> str:
    if " " in m.normal:
        return roster.fullest(m.normal)
    full: list[str] = []
    if m.rule in _SURNAME:
        full = roster.by_surname(m.normal, m.part("title"))
    elif m.rule == "person.given_name":
        full = roster.by_given(m.normal)
    return full[0] if len(full) == 1 else m.normal


def plain(text: str) -> str:
    """Folded, without quotes, points and a leading article: how names of things are compared."""
    found = re.sub(r"[^\w\s&-]", "", reading.folded(text))
    return re.sub(r"^(?:the|a|an)\s+", "", re.sub(r"\s+", " ", found).strip())
