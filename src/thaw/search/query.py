"""What a search asks for, as values: words, patterns, phrases, conditions, and how they are joined.

`str()` of a query gives a text that reads back to the same query; `in_words` says what was understood.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from thaw.record import PartialDate

# Kinds of text that a word can be kept to, with their names for people.
KINDS = {
    "page": "pages of documents",
    "record": "records and statements",
    "name": "names and aliases",
    "title": "titles and file names",
    "decision": "decisions and notes",
}
# Words that stand on every page; between other words they ask for nothing.
SMALL_WORDS = frozenset(
    {"a", "an", "and", "as", "at", "be", "by", "for", "from", "in", "is", "it", "of", "on", "or", "that", "the", "this"}
    | {"to", "was", "with"}
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word, folded. Other spellings count too, unless it is `exact`; `edits` is what `~1` asked for.

    at  0-based character of the search where it stands, for messages only
    """

    text: str
    exact: bool = False
    edits: int | None = None
    at: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f'"{self.text}"' if self.exact else self.text + (f"~{self.edits}" if self.edits is not None else "")

    def in_words(self) -> str:
        """Such as: the word "canal"."""
        if self.edits is not None:
            return f'words that differ from "{self.text}" in at most {self.edits} letter{"s" * (self.edits != 1)}'
        return f'exactly "{self.text}"' if self.exact else f'the word "{self.text}"'


@dataclass(frozen=True, slots=True)
class Pattern:
    """A word with wildcards: `*` for any letters, `?` for one."""

    text: str
    at: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return self.text

    def in_words(self) -> str:
        """Such as: words like "7ab*"."""
        return f'words like "{self.text}"'


@dataclass(frozen=True, slots=True)
class Regex:
    """A regular expression that a whole word must fit; see `automaton.regex` for what it may hold."""

    text: str
    at: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"/{self.text}/"

    def in_words(self) -> str:
        """Such as: words of the form /h[o0]l/."""
        return f"words of the form /{self.text}/"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand side by side in this order; with `within`, anywhere that near to each other.

    joined  typed without blanks (O'Brien, 310-555-12??): found run together too
    """

    parts: tuple[Word | Pattern, ...]
    within: int | None = None
    joined: bool = False
    at: int = field(default=0, compare=False)

    def __str__(self) -> str:
        if self.joined:
            return "-".join(part.text for part in self.parts)
        return f'"{self._plain()}"' + (f"~{self.within}" if self.within is not None else "")

    def in_words(self) -> str:
        """Such as: the phrase "red canal"."""
        if self.within is not None:
            listed = ", ".join(f'"{part.text}"' for part in self.parts)
            return f"{listed} within {self.within} words of each other"
        return f'"{"-".join(p.text for p in self.parts)}"' if self.joined else f'the phrase "{self._plain()}"'

    def _plain(self) -> str:
        return " ".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Kept:
    """A part that counts only in one kind of text: `name:holloway`."""

    kind: str
    part: Node

    def __str__(self) -> str:
        inner = str(self.part)
        return f"{self.kind}:{inner}" if not isinstance(self.part, All | Any | Kept) else f"{self.kind}:({inner})"

    def in_words(self) -> str:
        """Such as: the word "holloway" in names and aliases."""
        return f"{_bracketed(self.part)} in {KINDS[self.kind]}"


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on where a text stands: `type:pdf`, `date:[1983 TO 1985]`, `quality:>=0.8`, `near:40.77,-111.93~50`.

    low, high  both included; None is open. Dates are days, quality is 0 to 1
    text       what other fields must be, with wildcards
    """

    name: str
    text: str | None = None
    low: date | float | None = None
    high: date | float | None = None

    def __str__(self) -> str:
        if self.text is not None:
            plain = self.text and not any(c in self.text for c in ' "()') and self.text[0] not in "[<>="
            return f"{self.name}:{self.text}" if plain else f'{self.name}:"{self.text}"'
        low, high = map(_bound, (self.low, self.high))
        return f"{self.name}:[{low} TO {high}]"

    def in_words(self) -> str:
        """Such as: date 1983 to 1985; date from 3 July 1984; quality to 0.6."""
        if self.text is not None:
            return f'{self.name} "{self.text}"'
        if isinstance(self.low, date) and isinstance(self.high, date):
            return f"{self.name} {_span_words(self.low, self.high)}"
        low, high = (_span_words(end, end) if isinstance(end, date) else end for end in (self.low, self.high))
        return (
            f"{self.name}" + (f" from {low}" if low is not None else "") + (f" to {high}" if high is not None else "")
        )


def _span_words(first: date, last: date) -> str:
    return PartialDate(first, last, "interval").in_words()


@dataclass(frozen=True, slots=True)
class Not:
    """What must not be there."""

    part: Node

    def __str__(self) -> str:
        return f"-({self.part})" if isinstance(self.part, All | Any | Not) else f"-{self.part}"

    def in_words(self) -> str:
        """Such as: without the word "boat"."""
        return f"without {_bracketed(self.part)}"


@dataclass(frozen=True, slots=True)
class All:
    """Parts that must all be met."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " ".join(f"({part})" if isinstance(part, All | Any) else str(part) for part in self.parts)

    def in_words(self) -> str:
        """The parts with "and" between them."""
        wanted = [part for part in self.parts if not isinstance(part, Not)]
        return " and ".join(map(_bracketed, [*wanted, *(part for part in self.parts if isinstance(part, Not))]))


@dataclass(frozen=True, slots=True)
class Any:
    """Parts of which one must be met."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " OR ".join(f"({part})" if isinstance(part, All | Any) else str(part) for part in self.parts)

    def in_words(self) -> str:
        """The parts with "or" between them."""
        return " or ".join(_bracketed(part) for part in self.parts)


Node = Word | Pattern | Regex | Phrase | Kept | Condition | Not | All | Any


@dataclass(frozen=True, slots=True)
class Query:
    """A search that was understood."""

    root: Node

    def __str__(self) -> str:
        return str(self.root)

    def in_words(self) -> str:
        """How the search was understood, for the reader to check."""
        small = [str(word) for word in small_words(self.root)]
        left_out = f" (not asked for, since every page has it: {', '.join(small)})" if small else ""
        return "texts with " + self.root.in_words() + left_out


def small_words(node: Node) -> list[Word]:
    """The words that ask for nothing, because others beside them do."""
    if not isinstance(node, All):
        return []
    small = [p for p in node.parts if isinstance(p, Word) and p.text in SMALL_WORDS and not p.exact and p.edits is None]
    others = [part for part in node.parts if part not in small and not isinstance(part, Not | Condition)]
    return small if others else []


def leaves(node: Node) -> list[Word | Pattern | Regex | Phrase]:
    """Everything that a text may be found by, in the order of typing; what must not be there is left out."""
    match node:
        case Word() | Pattern() | Regex() | Phrase():
            return [node]
        case Kept(part=part):
            return leaves(part)
        case All(parts=parts) | Any(parts=parts):
            return [leaf for part in parts for leaf in leaves(part)]
    return []


def _bound(value: date | float | None) -> str:
    if value is None:
        return "*"
    return str(value) if isinstance(value, date) else f"{value:.6f}".rstrip("0").rstrip(".")


def _bracketed(node: Node) -> str:
    return f"({node.in_words()})" if isinstance(node, All | Any) else node.in_words()
