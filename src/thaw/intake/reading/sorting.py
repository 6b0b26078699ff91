"""The work on one text while its capitals are sorted: what is found so far, and what is still open."""

from __future__ import annotations

from dataclasses import dataclass, field

from .mention import Mention
from .persons import Person
from .roster import Roster
from .runs import Run
from .tokens import Page


@dataclass
class Sorting:
    """The work on one text: what has been found so far, and what is still open."""

    page: Page
    roster: Roster
    persons: list[Person] = field(default_factory=list)
    others: list[Mention] = field(default_factory=list)
    open_runs: list[tuple[Run, str | None]] = field(default_factory=list)
    singles: list[tuple[Run, str | None]] = field(default_factory=list)

    def holds(self, start: int, end: int) -> bool:
        """Whether something found already stands there."""
        return any(p.start < end and start < p.end for p in self.persons) or any(
            m.start < end and start < m.end for m in self.others
        )
