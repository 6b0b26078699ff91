"""The people of one document: full names, surnames, ranks with surnames and given names of one person are joined.

Across documents nothing is joined here: two papers may speak of two Mary Hales.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from .classify import is_suffix
from .gazetteers import folded, nicknames, words
from .persons import name_parts

_FEMALE, _MALE = frozenset({"mrs", "ms", "miss", "sister", "dame", "lady"}), frozenset({"mr", "sir", "brother", "lord"})


class Roster:
    """The fullest names of a document; each name is one person."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names: list[str] = []
        self._alias: dict[str, str] = {}
        self._of: tuple[str, ...] = ()
        self._first_last: tuple[set[str], set[str]] = (set(), set())
        for name in names:
            self.add(name)

    @property
    def names(self) -> tuple[str, ...]:
        """The fullest names known now."""
        return tuple(self._names)

    def add(self, name: str) -> str:
        """Take in a full name; returns the fullest form of that person known now."""
        for i, known in enumerate(self._names):
            if same_person(known, name):
                if _fuller(name, known):
                    self._names[i] = name
                return self._names[i]
        self._names.append(name)
        return name

    def call(self, alias: str, name: str) -> None:
        """Note that a person is also known by another name."""
        self._alias[folded(alias)] = name

    def fullest(self, name: str) -> str:
        """The fullest form of a full name."""
        seen = {folded(name)}
        # Two aliases of each other would lead round for ever.
        while (known := self._alias.get(folded(name))) is not None and folded(known) not in seen:
            name = known
            seen.add(folded(name))
        if name in self._names:
            return name
        begins = [known for known in self._names if folded(known).startswith(f"{folded(name)} ")]
        if len(begins) == 1:
            return begins[0]  # "Jose Angel" of Jose Angel Anda Rios
        return next((known for known in self._names if same_person(known, name)), name)

    def by_surname(self, surname: str, title: str | None = None) -> list[str]:
        """The persons with that surname, by the title's sex when it tells one of several."""
        plain = folded(surname)
        found = [n for n in self._names if name_parts(n)[-1:] == [plain] and len(name_parts(n)) > 1]
        if len(found) > 1 and title:
            first = title.split()[0]
            wanted = "female" if first in _FEMALE else "male" if first in _MALE else None
            if wanted:
                fit = [n for n in found if name_parts(n)[0] in words("given_names", wanted)]
                found = fit or found
        return found

    def by_given(self, given: str) -> list[str]:
        """The persons with that given name or one that it is short for."""
        return [
            n
            for n in self._names
            if len(name_parts(n)) > 1 and _given_agree(name_parts(n)[0], folded(given)) and len(name_parts(n)[0]) > 1
        ]

    def by_alias(self, alias: str) -> str | None:
        """The person who is also known by that name."""
        return self._alias.get(folded(alias))

    @property
    def surnames(self) -> set[str]:
        """Folded surnames of all persons with more than one name; not to be changed."""
        return self._ends()[1]

    @property
    def givens(self) -> set[str]:
        """Folded given names of all persons with more than one name; not to be changed."""
        return self._ends()[0]

    def _ends(self) -> tuple[set[str], set[str]]:
        names = tuple(self._names)
        if self._of != names:
            split = [parts for n in names if len(parts := name_parts(n)) > 1]
            self._of, self._first_last = names, ({p[0] for p in split}, {p[-1] for p in split})
        return self._first_last


@lru_cache(maxsize=1 << 14)
def same_person(one: str, other: str) -> bool:
    """Whether two full names of one document are one person: same surname, given names or initials that agree.

    "Robert J. Hale" is "R. Hale", "Bob Hale" and "Robert Hale"; not "Robert K. Hale" and not "Robert Hale Jr." beside
    "Robert Hale Sr.".
    """
    a, b = name_parts(one), name_parts(other)
    if len(a) < 2 or len(b) < 2 or a[-1] != b[-1]:
        return False
    suffix_a, suffix_b = _suffix(one), _suffix(other)
    if suffix_a and suffix_b and suffix_a != suffix_b:
        return False
    if not _given_agree(a[0], b[0]):
        return False
    middle_a, middle_b = a[1:-1], b[1:-1]
    return all(x == y or x[:1] == y or y[:1] == x for x, y in zip(middle_a, middle_b, strict=False))


def fuller_of(one: str, other: str) -> str:
    """The one of two names of a person that says more."""
    return other if _fuller(other, one) else one


def _fuller(new: str, known: str) -> bool:
    a, b = name_parts(new), name_parts(known)
    spelled = sum(len(p) > 1 for p in a), sum(len(p) > 1 for p in b)
    formal = a[0] not in nicknames() and b[0] in nicknames() and a[0] != b[0] and len(a[0]) > 1
    return (spelled[0], len(a), bool(_suffix(new)), formal) > (
        spelled[1],
        len(b),
        bool(_suffix(known)),
        not formal and a[0] != b[0] and len(b[0]) > 1,
    )


def _given_agree(one: str, other: str) -> bool:
    if one == other:
        return True
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    short = nicknames()
    return (
        one in short.get(other, ())
        or other in short.get(one, ())
        or bool(short.get(one, frozenset()) & short.get(other, frozenset()) and one in short and other in short)
    )


@lru_cache(maxsize=4096)
def _suffix(name: str) -> str | None:
    last = folded(name.split()[-1]).strip(".,") if name.split() else ""
    return last if is_suffix(last) else None
