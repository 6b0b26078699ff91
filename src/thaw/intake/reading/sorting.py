"""The work on one text while its capitals are sorted: what is found so far, and what is still open."""

from __future__ import annotations

from dataclasses import dataclass, field

from .mention import Mention
from .persons import Person
from .roster import Roster
from .runs import Run
from .spaces import Spaces
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
    _seen: tuple[int, int] = (0, 0)
    _spaces: Spaces = field(init=False)

    def __post_init__(self) -> None:
        """Begin with a text in which nothing is taken."""
        self._spaces = Spaces(len(self.page.text))

    def holds(self, start: int, end: int) -> bool:
        """Whether something found already stands there."""
        persons, others = self._seen
        for person in self.persons[persons:]:
            self._spaces.take(person.start, person.end)
        for other in self.others[others:]:
            self._spaces.take(other.start, other.end)
        self._seen = len(self.persons), len(self.others)
        return self._spaces.holds(start, end)

    def give_back(self, other: Mention) -> None:
        """Take out something that was found, so that its place is free again."""
        self.others.remove(other)
        self._spaces, self._seen = Spaces(len(self.page.text)), (0, 0)
