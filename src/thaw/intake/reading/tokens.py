"""Cuts a page into words with their places, and says which lines are headings, forms or print to be passed over."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from .gazetteers import folded, words
from .misread import figures_repaired

_WORD = re.compile(
    r"(?:[^\W\d_]\.){2,}|[^\W\d_](?:[^\W\d_]|['’-](?=[^\W\d_]))*|\d+(?:[.,:/-]\d+)*(?:[^\W\d_]+)?",
)
_DAY_NEXT = re.compile(
    r"\s+(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|E[SD]T|C[SD]T|M[SD]T|P[SD]T)"
)
_POSSESSIVE = re.compile(r"['’](?:s|S)$")
_ABBREVIATIONS = words("words", "abbreviations")


class Token(NamedTuple):
    """One word: as written, its core without a possessive, that core folded, its place, and what stands before it.

    end      after the core, without possessive; `full_end` after the word and the point of a short form
    gap      the letters between the word before and this one
    capital  begins with a capital letter; in a line of capitals only, see `Page.caps`
    """

    core: str
    low: str
    start: int
    end: int
    full_end: int
    gap: str
    capital: bool
    possessive: bool


@dataclass(frozen=True)
class Page:
    """A text with its boilerplate blanked out, its words, and which words stand in lines of capitals."""

    text: str
    tokens: tuple[Token, ...]
    caps: tuple[bool, ...]
    headline: tuple[bool, ...]
    starts: tuple[int, ...]

    @classmethod
    def of(cls, text: str, running: frozenset[str] = frozenset()) -> Page:
        """Cut a text into words; `running` are lines of head and foot that are passed over."""
        plain = figures_repaired(without_boilerplate(text, running))
        tokens = tuple(_tokens(plain))
        lines = list(_lines(plain))
        caps, headline, at = [], [], 0
        for token in tokens:
            while token.start >= lines[at][1]:
                at += 1
            # "REPORTING DEPUTY: T. R. Lizana": a cell in small letters, in a line that is mostly capitals.
            caps.append(lines[at][2] and not _small_cell(plain, token.start, lines[at][0], lines[at][1]))
            headline.append(lines[at][3])
        return cls(plain, tokens, tuple(caps), tuple(headline), tuple(token.start for token in tokens))


def _small_cell(text: str, at: int, first: int, last: int) -> bool:
    """Whether the cell of a line in which a place lies, between wide gaps or behind a colon, is in small letters."""
    line = text[first:last]
    if line.isupper():
        return False
    start = max((m.end() for m in _CELL_EDGE.finditer(line, 0, at - first)), default=0)
    edge = _CELL_EDGE.search(line, at - first)
    cell = line[start : edge.start() if edge else len(line)]
    return sum(map(str.islower, cell)) > sum(map(str.isupper, cell))


_CELL_EDGE = re.compile(r"[ \t]{2,}|:[ \t]*|\t")


def without_boilerplate(text: str, running: frozenset[str] = frozenset()) -> str:
    """The text with print that names nobody blanked out, letter by letter; places stay the same."""
    kept = []
    for line in text.splitlines(keepends=True):
        printed = _is_boilerplate(line.strip("\r\n\f")) or (running and same_line(line) in running)
        kept.append(re.sub(r"[^\n\r]", " ", line) if printed else line)
    return "".join(kept)


_EDGE_LINES = 3
_LEAST_PAGES = 3
_SHARE = 0.6


def same_line(line: str) -> str:
    """A line as it is compared with others: figures are one figure, so that "Page 3 of 12" is "Page 4 of 12"."""
    return re.sub(r"\d+", "0", re.sub(r"\s+", " ", line.strip().lower()))


def running_lines(texts: Sequence[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Lines that stand among the first or last three of most pages of a document: for its first page, for the others.

    A line needs three pages at least, and three in five of those with words. On the first page a line with figures (a
    case number, a date) is read, since it says something of the file; after it every such line is print.
    """
    pages = [[line for line in text.splitlines() if line.strip()] for text in texts if text.strip()]
    found: Counter[str] = Counter()
    figures: set[str] = set()
    for lines in pages:
        edge = [*lines[:_EDGE_LINES], *lines[-_EDGE_LINES:]]
        found.update({same_line(line) for line in edge if sum(map(str.isalpha, line)) >= 2})
        figures |= {same_line(line) for line in edge if re.search(r"\d", line)}
    needed = max(_LEAST_PAGES, _SHARE * len(pages))
    running = frozenset(line for line, count in found.items() if count >= needed)
    return running - figures, running


def sentences(text: str, start: int = 0) -> list[tuple[int, int]]:
    """Places of the sentences of a text; a blank line ends one, a point after a short form or an initial does not."""
    found, at = [], 0
    for match in re.finditer(r"[.!?]+[\"'”’)\]]*(?=\s|$)|\n[ \t]*\n|\f|:[ \t]*\n", text):
        if match.group()[0] == "." and not _ends_sentence(text, match.start(), match.end()):
            continue
        if text[at : match.end()].strip():
            found.append((start + at, start + match.end()))
        at = match.end()
    if text[at:].strip():
        found.append((start + at, start + len(text)))
    return [_stripped(text, a - start, b - start, start) for a, b in found]


def _stripped(text: str, first: int, last: int, start: int) -> tuple[int, int]:
    while first < last and text[first].isspace():
        first += 1
    while last > first and text[last - 1].isspace():
        last -= 1
    return start + first, start + last


def _ends_sentence(text: str, point: int, end: int) -> bool:
    word = re.search(r"(\S+)$", text[max(0, point - 20) : point])
    before = word.group(1).lstrip("\"'“‘(") if word else ""
    after = text[end : end + 3].lstrip()[:1]
    if after.islower():
        return False
    if len(before) == 1 and before.isalpha() and before.isupper():
        # "J. Smith" goes on; "plan B. Then" is too rare to matter.
        return "\n\n" in text[end : end + 3]
    if before.lower() in ("a.m", "p.m") and _DAY_NEXT.match(text, end):
        return False  # "at 7:30 a.m. Saturday"
    return before.lower() not in _ABBREVIATIONS or before.lower() in ("etc", "inc", "co", "jr", "sr", "a.m", "p.m")


def _tokens(text: str) -> Iterator[Token]:
    last, made = 0, tuple.__new__
    for found in _WORD.finditer(text):
        start, word = found.start(), found.group()
        full_end = end = found.end()
        core, possessive = word, False
        marked = "'" in word or "’" in word
        if marked and (owner := _POSSESSIVE.search(word)):
            core, possessive = word[: owner.start()], True
            end = start + len(core)
        elif word.endswith((".",)):
            core = word
        elif text[end : end + 1] in "'’" and word[-1:] in "sS" and text[end + 1 : end + 2].isspace():
            possessive = True
        low = (core.lower() if core.isascii() else folded(core)).rstrip(".")
        if (
            text[end : end + 1] == "."
            and not possessive
            and (low in _ABBREVIATIONS or (len(core) == 1 and core.isupper()))
        ):
            full_end = end + 1
        # Three times as quick as by name, and a page has hundreds.
        yield made(Token, (core, low, start, end, full_end, text[last:start], core[0].isupper(), possessive))
        last = full_end


def _lines(text: str) -> Iterator[tuple[int, int, bool, bool]]:
    """Start, end, whether in capitals, whether a heading in which most words have capitals."""
    at = 0
    lines = text.splitlines(keepends=True) or [""]
    for i, line in enumerate(lines):
        letters, upper = sum(map(str.isalpha, line)), sum(map(str.isupper, line))
        caps = letters >= 4 and upper >= 0.8 * letters
        # A heading has three words with capitals at least.
        head = (
            not caps
            and upper >= 3
            and _is_heading(line)
            and not _goes_on(line, lines[i + 1] if i + 1 < len(lines) else "")
        )
        yield at, at + len(line), caps, head
        at += len(line)
    yield at, len(text) + 1, False, False


def _goes_on(line: str, after: str) -> bool:
    """Whether a line is part of a sentence or a table: small letters follow, a sentence ends in it, or it has cells."""
    return after.lstrip()[:1].islower() or bool(_IN_SENTENCES.search(line.strip()))


_IN_SENTENCES = re.compile(r"[a-z\d)]{2}[.;] +[A-Z]|\S {3,}\S")


def _is_heading(line: str) -> bool:
    found = re.findall(r"[^\W\d_][\w'’-]*", line)
    if (
        not 4 <= len(found) <= 18
        or (len(found) < 7 and "," in line)
        or line.rstrip().endswith((".", "?", "!", '"', "”", ":"))
    ):
        return False
    small = words("words", "function")
    big = [w for w in found if w.lower() not in small]
    return len(big) >= 3 and sum(w[0].isupper() for w in big) >= 0.85 * len(big)


def _is_boilerplate(line: str) -> bool:
    return bool(line.strip()) and _matches_print(line)


@lru_cache(maxsize=4096)  # the forms of one office stand on page after page
def _matches_print(line: str) -> bool:
    return any(rule.fullmatch(line) for rule in _boilerplate())


@cache
def _boilerplate() -> tuple[re.Pattern[str], ...]:
    from thaw.data import read_toml

    return tuple(re.compile(rule) for rule in read_toml("reading/boilerplate.toml")["lines"])
