"""What a reading gives: mentions, each with its place in the text, its normal form and the rule that found it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from thaw.record import PartialDate

KINDS = (
    *("person", "organisation", "title", "place", "date", "time", "age", "height", "weight", "phone", "plate"),
    *("vehicle", "number", "weapon", "injury", "money", "count"),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known before a text is read.

    document_date  the day or days on which the document was written; None when nobody knows. It is then looked for in
                   the text's own head, and a text without one keeps its vague dates undated
    names          full names that the same document gives on earlier pages
    running_lines  lines that stand at the head or foot of page after page (`running_lines`): nothing is found in them
    century_from   the first year that a two-digit year can mean when the document has no date: 30 makes 29 to 2029
    """

    document_date: PartialDate | None = None
    names: tuple[str, ...] = ()
    century_from: int = 1930
    running_lines: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Mention:
    """Something that a text names: a proposal until a person promotes it.

    kind       one of `KINDS`
    text       the words as they stand, `text[start:end]` of what was read
    normal     the same for everything that means the same: digits of a phone, ISO days, the fullest name
    start      first letter, counted from 0; `end` is the letter after the last
    rule       the rule or gazetteer that found it, such as `person.last_first` or `gazetteer.weapon_firearm`
    certainty  `certain` (the form leaves no other reading), `likely`, or `possible`
    role       what the text says that it is: `sister of the victim`, `detective`, `birth`, `document`; or None
    date       of dates and ages: the days meant; None when the text has no date to count from
    detail     further parts as pairs of name and value, such as `("number", "3")` and `("noun", "shots")`
    """

    kind: str
    text: str
    normal: str
    start: int
    end: int
    rule: str
    certainty: str = "certain"
    role: str | None = None
    date: PartialDate | None = None
    detail: tuple[tuple[str, str], ...] = ()

    def part(self, name: str) -> str | None:
        """A further part by name, or None."""
        return dict(self.detail).get(name)

    def moved(self, by: int) -> Mention:
        """The same mention in a text that has `by` more letters before it."""
        return replace(self, start=self.start + by, end=self.end + by)
