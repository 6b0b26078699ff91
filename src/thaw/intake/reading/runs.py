"""Runs of words with capitals: what may be a name of a person, an organisation, a place or a work."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache

from .gazetteers import any_of, folded, given_names, no_names, words
from .places import known_places
from .tokens import Page, Token

_OPENS = frozenset(blank + mark for mark in "\"“‘'(" for blank in ("", " "))
_CLOSES = frozenset(mark + " " for mark in "\"”’')")
_LINE_END = re.compile(r"[ \t]*\r?\n[ \t]*")
_WRAP = 45
_LABEL_NEXT = re.compile(r"[A-Z][A-Za-z]*(?: [A-Za-z]+){0,2}[ \t]*:(?!\d)")
_BREAK = re.compile(r"[.?!:;]|\n\s*\n|[\"“]\s*$|\f")
_DEGREES = frozenset(["m.d", "md", "ph.d", "phd", "d.o", "d.d.s", "esq", "r.n", "rn", "j.d", "l.c.s.w"])


@dataclass
class Run:
    """Words `first` to `last` of a page, both included.

    nickname  place in the run of a word between quotes or brackets: Robert "Bobby" Hale
    """

    page: Page
    first: int
    last: int
    nickname: int | None = None
    kind: str | None = None
    notes: list[str] = field(default_factory=list)

    # Made at once: a run is asked for them again and again, and a property that keeps its value is slow to ask.
    tokens: tuple[Token, ...] = field(init=False, repr=False, compare=False)
    lows: list[str] = field(init=False, repr=False, compare=False)
    start: int = field(init=False, repr=False, compare=False)
    end: int = field(init=False, repr=False, compare=False)
    text: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Words, folded words, first letter, the letter after the last with a point that belongs to it, as written."""
        self.tokens = self.page.tokens[self.first : self.last + 1]
        self.lows = [token.low for token in self.tokens]
        last = self.tokens[-1]
        self.start = self.tokens[0].start
        pointed = last.low in words("titles", "suffixes") or (len(last.low) == 1 and len(self.tokens) == 1)
        self.end = last.full_end if pointed else last.end
        self.text = self.page.text[self.start : self.end]

    def before(self, back: int = 1) -> Token | None:
        """A word before the run."""
        return self.page.tokens[self.first - back] if self.first >= back else None

    def after(self, on: int = 1) -> Token | None:
        """A word after the run."""
        return self.page.tokens[self.last + on] if self.last + on < len(self.page.tokens) else None

    @property
    def gap_before(self) -> str:
        """Letters between the word before and the run."""
        return self.tokens[0].gap

    @property
    def gap_after(self) -> str:
        """Letters between the run and the word after."""
        found = self.after()
        return found.gap if found else "\n\n"

    @property
    def begins_sentence(self) -> bool:
        """Whether the first word has its capital for being first."""
        gap = self.gap_before
        return (
            self.first == 0
            or (gap != " " and bool(_BREAK.search(gap)))
            or ("\n" in gap and not wraps(self.page, self.tokens[0]))
        )

    def cut(self, first: int, last: int) -> Run:
        """A part of the run, by places within it."""
        nick = self.nickname - first if self.nickname is not None and first <= self.nickname <= last else None
        return Run(self.page, self.first + first, self.first + last, nick)


def wraps(page: Page, token: Token) -> bool:
    """Whether the line before a word is full, so that a name may go on over its end."""
    line_end = page.text.rfind("\n", 0, token.start)
    line_start = page.text.rfind("\n", 0, line_end) + 1
    indent = len(page.text[line_start:line_end]) - len(page.text[line_start:line_end].lstrip())
    return line_end - line_start - indent >= _WRAP and "\n" not in token.gap.replace("\n", "", 1)


def runs_of(page: Page, taken: Iterable[tuple[int, int]]) -> list[Run]:
    """The runs outside the places that are taken, in order; lines of capitals only are left to `capitals`."""
    blocked = _blocked(page, taken)
    found: list[Run] = []
    i, count = 0, len(page.tokens)
    while i < count:
        if not _begins(page, i, blocked):
            i += 1
            continue
        run = _grow(page, i, blocked)
        found.append(run)
        i = run.last + 1
    return found


def _begins(page: Page, i: int, blocked: list[bool]) -> bool:
    token = page.tokens[i]
    if token.low in _DEGREES and not _initials_before(page, i):
        return False
    return token.capital and not blocked[i] and not page.caps[i] and token.core[0].isalpha()


def _initials_before(page: Page, i: int) -> bool:
    """ "J.D. Starnes", "R.N. Poe": letters that are a degree elsewhere, before a name and behind no comma."""
    after = page.tokens[i + 1] if i + 1 < len(page.tokens) else None
    pointed = page.tokens[i].core.isupper() and "." in page.tokens[i].core
    named = after is not None and after.gap.strip(".") == " " and after.capital and after.low not in no_names()
    return pointed and named and not page.tokens[i].gap.startswith(",")


def _grow(page: Page, first: int, blocked: list[bool]) -> Run:
    last, nickname, count = first, None, len(page.tokens)
    while last + 1 < count:
        step = _step(page, first, last, blocked)
        if step is None:
            break
        width, is_nick = step
        if is_nick:
            nickname = last + 1 - first
        last += width
    return Run(page, first, last, nickname)


def _step(page: Page, first: int, last: int, blocked: list[bool]) -> tuple[int, bool] | None:
    """How many more words belong to the run, and whether the next is a nickname; None when it ends."""
    token, tokens = page.tokens[last], page.tokens
    if last > first and token.low in _DEGREES:
        return None
    if last + 1 >= len(tokens) or blocked[last + 1]:
        return None
    after = tokens[last + 1]
    gap = after.gap
    if "\n" in gap and is_given(tokens[first].low) and after.low in no_names() and not may_be_given(after.low):
        return None  # "Teresa Ybarra-Cole", and the next line begins "Date & hour"
    if "\n" in gap and is_given(after.low) and any(is_given(t.low) for t in tokens[first:last]):
        return None  # a whole name ends its line, and another begins the next
    if after.low in ("p.s", "n.b"):
        return None
    if "\n" in gap and after.core.isupper() and len(after.core) > 2 and not token.core.isupper():
        return None  # the next line begins with a label in capitals
    if "\n" in gap and _LABEL_NEXT.match(page.text, after.start):
        return None  # 'vic. Constance Vanterpool', and the next line begins "Kept by:"
    if "\n" in gap and after.low in words("titles", "ranks") and token.low not in words("titles", "ranks"):
        return None  # the next line begins with a rank
    if token.possessive and not _owned_head(page, last):
        return None
    ranked = last + 2 < len(tokens) and gap == ", " and tokens[last + 2].low in words("titles", "ranks")
    if ranked and after.low == "sr":
        return None  # "Sgt. Truett, Sr. Cpl. Ables"
    if after.low in words("titles", "suffixes") and gap in (" ", ", ") and after.low not in ("i",) and after.capital:
        return 1, False
    if gap in _OPENS:
        closed = last + 2 < len(tokens) and tokens[last + 2].gap in _CLOSES
        if after.capital and closed and tokens[last + 2].capital and not blocked[last + 2] and tokens[first].capital:
            return 2, True
        return None
    if gap == " & " and token.low in words("titles", "ranks"):
        return None  # "Mr. & Mrs. Stearns"
    if not _joins(page, after):
        return (
            (2, False)
            if gap == " & " and after.capital and not blocked[last + 1] and _org_like(tokens[last + 2 : last + 3])
            else (1, False)
            if gap == " & " and after.capital
            else None
        )
    if after.capital and not page.caps[last + 1] and after.core[0].isalpha():
        return 1, False
    return _connector(page, first, last, blocked)


def _connector(page: Page, first: int, last: int, blocked: list[bool]) -> tuple[int, bool] | None:
    """Small words inside a name: "de la", "of the" after University."""
    tokens, low = page.tokens, page.tokens[last + 1].low
    ahead = list(tokens[last + 2 : last + 5])
    if low in words("titles", "particles") and low != "st":
        width = 2
        if ahead and ahead[0].low in ("la", "los", "las", "der", "den") and not ahead[0].capital and len(ahead) > 1:
            ahead, width = ahead[1:], 3
        if (
            ahead
            and ahead[0].capital
            and ahead[0].gap == " "
            and not blocked[last + width]
            and ahead[0].core[0].isalpha()
        ):
            return width, False
    if low == "for" and ahead and is_given(ahead[0].low):
        return None  # "Services for Harold E. Dietz"
    if low in ("of", "for") and _heads_before(tokens[first : last + 1]):
        skip = 1 if ahead and ahead[0].low == "the" else 0
        if len(ahead) > skip and ahead[skip].capital and not blocked[last + 2 + skip] and ahead[skip].gap == " ":
            return 2 + skip, False
    if (
        low == "and"
        and len(ahead) > 0
        and ahead[0].capital
        and ahead[0].gap == " "
        and any(t.low == "of" or t.low == "for" for t in tokens[first:last])
        and not blocked[last + 2]
    ):
        tail = list(tokens[last + 2 : last + 4])
        if tail and tail[-1].low in (
            "services",
            "safety",
            "rescue",
            "sciences",
            "recreation",
            "history",
            "art",
            "science",
            "investigations",
            "housing",
            "arts",
            "technology",
        ):
            return 2, False
    return None


def _joins(page: Page, after: Token) -> bool:
    if after.gap == " ":
        return True
    if "\n" not in after.gap or not _LINE_END.fullmatch(after.gap):
        return False
    if after.gap.endswith("  "):  # "to Inv. Necaise", and the next row of the table begins "Exhibit A-6"
        line = page.text[page.text.rfind("\n", 0, after.start - len(after.gap)) + 1 : after.start - len(after.gap)]
        if "   " in line.strip():
            return False
    return wraps(page, after)


def _owned_head(page: Page, last: int) -> bool:
    """Whether a possessive goes on into a name: "Sheriff's Office", "St. Mary's Hospital"."""
    if page.tokens[last].low in words("organizations", "heads"):
        return False
    ahead = page.tokens[last + 1 : last + 4]
    for i, token in enumerate(ahead):
        if not token.capital or token.gap != " ":
            return False
        if token.low in words("organizations", "heads") or (token.low in words("places", "suffixes") and i <= 1):
            return True
    return False


def _org_like(tokens: tuple[Token, ...]) -> bool:
    return bool(tokens) and tokens[0].capital and tokens[0].gap == " "


@cache
def _before_of() -> frozenset[str]:
    return (
        words("organizations", "before_of")
        | words("organizations", "heads")
        | {"gulf", "isle", "bay", "statue", "duke", "knights", "museum"}
    )


def _heads_before(tokens: tuple[Token, ...]) -> bool:
    return tokens[-1].low in _before_of() and tokens[-1].capital


def _blocked(page: Page, taken: Iterable[tuple[int, int]]) -> list[bool]:
    blocked = [False] * len(page.tokens)
    for i in taken_tokens(page, taken):
        blocked[i] = True
    return blocked


def taken_tokens(page: Page, spans: Iterable[tuple[int, int]]) -> Iterator[int]:
    """Places among the words of a page of those that stand in some spans of its text."""
    tokens, starts = page.tokens, page.starts
    count = len(tokens)
    for start, end in spans:
        i = max(bisect_right(starts, start) - 1, 0)
        while i < count and tokens[i].start < end:
            if tokens[i].end > start:
                yield i
            i += 1


@lru_cache(maxsize=1 << 15)
def is_given(low: str) -> bool:
    """A given name that is no common word as well; "Mary-Jane" is one when its first half is."""
    return (low in given_names() or low.partition("-")[0] in given_names()) and low not in words(
        "given_names", "ambiguous"
    )


@lru_cache(maxsize=1 << 15)
def may_be_given(low: str) -> bool:
    """A given name, or a word that can be one."""
    return low in given_names() or low.partition("-")[0] in given_names() or low in words("given_names", "ambiguous")


@lru_cache(maxsize=1 << 15)
def is_surname(low: str) -> bool:
    """A surname of the United States and no common word; a double name by its last half."""
    listed = any_of("surnames.names", "surnames.rare")
    return low in listed or low.rpartition("-")[2] in listed


def is_frequent_surname(low: str) -> bool:
    """One of the 8,000 most frequent: a sign by itself, where a rarer one may be the name of a place."""
    return low in words("surnames", "names") or low.rpartition("-")[2] in words("surnames", "names")


@lru_cache(maxsize=1 << 15)
def is_known_place(text: str) -> bool:
    """Whether a name is in the gazetteer of places."""
    return folded(text).replace(".", "") in known_places()


def alone_in_cell(run: Run) -> bool:
    """Whether a word stands by itself in a column of a table: wide gaps or the line's end on both sides."""
    left, right = run.gap_before, run.gap_after if run.after() is not None else "\n"
    return bool(re.search(r"(?: {3,}|\t|\|)\s*$", left)) and bool(re.match(r"[ \t]*(?:\n| {3,}|\t|\|)", right))
