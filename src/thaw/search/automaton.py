"""Matches words against wildcards and regular expressions in time that grows with the length of the word only.

Python's own `re` can need ages for a pattern such as (a+)+b. Here a pattern becomes a set of states that are followed
side by side, and every step that was taken once is kept; nothing is ever tried again.
"""

from __future__ import annotations

from collections.abc import Callable

from .tokens import folded

_MOST_STATES = 2_000
_MOST_KEPT = 20_000
_MOST_REPEATS = 50
_Test = Callable[[str], bool]


class PatternFault(ValueError):
    """A pattern that cannot be read; `place` is its 0-based character, `want` what should stand there."""

    def __init__(self, place: int, want: str) -> None:
        super().__init__(place, want)
        self.place = place
        self.want = want


class Automaton:
    """A pattern over whole words, made by `wildcard` or `regex`; call it with a word."""

    def __init__(self) -> None:
        self._tests: list[_Test | None] = []
        self._ways: list[list[int]] = []
        self._start, self._end = self._state(), self._state()
        self._steps: dict[tuple[frozenset[int], str], frozenset[int]] = {}
        self._first: frozenset[int] | None = None

    def __call__(self, word: str) -> bool:
        """Whether the whole word fits the pattern."""
        if self._first is None:
            self._first = self._spread({self._start})
        here = self._first
        for letter in word:
            there = self._steps.get((here, letter))
            if there is None:
                if len(self._steps) >= _MOST_KEPT:
                    self._steps.clear()
                there = self._steps[here, letter] = self._step(here, letter)
            if not there:
                return False
            here = there
        return self._end in here

    def _step(self, here: frozenset[int], letter: str) -> frozenset[int]:
        reached = set()
        for state in here:
            test = self._tests[state]
            if test is not None and test(letter):
                reached.update(self._ways[state])
        return self._spread(reached)

    def _spread(self, states: set[int]) -> frozenset[int]:
        """These states and all that are reached from them without a letter."""
        found, waiting = set(states), list(states)
        while waiting:
            state = waiting.pop()
            if self._tests[state] is None:
                new = [way for way in self._ways[state] if way not in found]
                found.update(new)
                waiting += new
        return frozenset(found)

    def _state(self, test: _Test | None = None) -> int:
        if len(self._tests) >= _MOST_STATES:
            raise PatternFault(0, f"a pattern of at most {_MOST_STATES} steps")
        self._tests.append(test)
        self._ways.append([])
        return len(self._tests) - 1

    def _letter(self, test: _Test) -> tuple[int, int]:
        first, last = self._state(test), self._state()
        self._ways[first].append(last)
        return first, last

    def _close(self, part: tuple[int, int]) -> Automaton:
        self._ways[self._start].append(part[0])
        self._ways[part[1]].append(self._end)
        return self


def wildcard(pattern: str) -> Automaton:
    """`*` stands for any letters or none, `?` for one; the rest is folded as words are."""
    made = Automaton()
    here = made._state()
    first = here
    for letter in pattern:
        if letter == "*":
            loop = made._state(_any)
            made._ways[here].append(loop)
            made._ways[loop].append(here)
            continue
        fits = _any if letter == "?" else _same(folded(letter))
        part = made._letter(fits)
        made._ways[here].append(part[0])
        here = part[1]
    return made._close((first, here))


def regex(pattern: str) -> Automaton:
    """A regular expression over one whole word: letters, . [a-z] [^a] ( ) | * + ? {2,5} and a backslash before a sign.

    Raises PatternFault naming the character.
    """
    reader = _Reader(pattern)
    part = reader.either()
    if reader.place < len(pattern):
        raise PatternFault(reader.place, "a bracket that was opened before")
    return reader.made._close(part)


class _Reader:
    """Reads a regular expression from left to right and builds its automaton."""

    def __init__(self, pattern: str) -> None:
        self.made = Automaton()
        self.pattern = pattern
        self.place = 0
        self.depth = 0

    def either(self) -> tuple[int, int]:
        parts = [self.row()]
        while self._take("|"):
            parts.append(self.row())
        first, last = self.made._state(), self.made._state()
        for part in parts:
            self.made._ways[first].append(part[0])
            self.made._ways[part[1]].append(last)
        return first, last

    def row(self) -> tuple[int, int]:
        first = here = self.made._state()
        while self.place < len(self.pattern) and self.pattern[self.place] not in "|)":
            part = self._repeated()
            self.made._ways[here].append(part[0])
            here = part[1]
        return first, here

    def _repeated(self) -> tuple[int, int]:
        start = self.place
        part = self._one()
        end = self.place
        if self.place >= len(self.pattern) or self.pattern[self.place] not in "*+?{":
            return part
        sign = self.pattern[self.place]
        self.place += 1
        low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(sign) or self._counts()
        if self.place < len(self.pattern) and self.pattern[self.place] in "*+?{":
            raise PatternFault(self.place, "one sign of repetition, not two")
        return self._times(part, start, end, low, high)

    def _times(self, part: tuple[int, int], start: int, end: int, low: int, high: int | None) -> tuple[int, int]:
        ways = self.made._ways
        first = here = self.made._state()
        after = self.place
        for i in range(max(low, high or 0, 1)):
            if i:
                self.place = start
                part = self._one()
                assert self.place == end
            ways[here].append(part[0])
            if i >= low:
                ways[here].append(part[1])
            if high is None and i == max(low, 1) - 1:
                ways[part[1]].append(part[0])
            here = part[1]
        self.place = after
        last = self.made._state()
        ways[here].append(last)
        if high == 0:
            ways[first] = [last]
        return first, last

    def _counts(self) -> tuple[int, int | None]:
        start = self.place
        end = self.pattern.find("}", start)
        low, comma, high = self.pattern[start : max(end, start)].partition(",")
        numbers = [n for n in (low, high) if n]
        if end < 0 or not low or not all(n.isascii() and n.isdigit() and len(n) < 4 for n in numbers):
            raise PatternFault(start, "a count such as {2} or {2,5}")
        least = int(low)
        most = int(high) if high else None if comma else least
        if max(least, most or 0) > _MOST_REPEATS or (most is not None and most < least):
            raise PatternFault(start, f"a count from small to large, at most {_MOST_REPEATS}")
        self.place = end + 1
        return least, most

    def _one(self) -> tuple[int, int]:
        letter = self.pattern[self.place]
        self.place += 1
        if letter == "(":
            self.depth += 1
            if self.depth > 20:
                raise PatternFault(self.place - 1, "at most 20 brackets inside each other")
            opened = self.place - 1
            part = self.either()
            if not self._take(")"):
                raise PatternFault(opened, "a closing bracket for this one")
            self.depth -= 1
            return part
        if letter == ".":
            return self.made._letter(_any)
        if letter == "[":
            return self.made._letter(self._group())
        if letter in "*+?{":
            raise PatternFault(self.place - 1, "a letter before this sign")
        if letter == "\\":
            letter = self._escaped()
        return self.made._letter(_same(folded(letter)))

    def _escaped(self) -> str:
        if self.place >= len(self.pattern) or self.pattern[self.place].isalnum():
            raise PatternFault(self.place - 1, "a sign such as . or * behind the backslash; for digits write [0-9]")
        self.place += 1
        return self.pattern[self.place - 1]

    def _group(self) -> _Test:
        opened = self.place - 1
        end = self.pattern.find("]", self.place + 1)
        if end < 0:
            raise PatternFault(opened, "a closing bracket for this one")
        inside = self.pattern[self.place : end]
        self.place = end + 1
        negative = inside.startswith("^")
        raw = inside.removeprefix("^").lower()
        ranges: list[tuple[str, str]] = []
        i = 0
        while i < len(raw):
            last = raw[i + 2] if raw[i + 1 : i + 2] == "-" and i + 2 < len(raw) else raw[i]
            if last < raw[i]:
                raise PatternFault(opened, "letters of a range in their order")
            ranges.append((raw[i], last))
            i += 3 if last != raw[i] or raw[i + 1 : i + 2] == "-" else 1
        return lambda letter: any(low <= letter <= high for low, high in ranges) is not negative

    def _take(self, letter: str) -> bool:
        if self.pattern[self.place : self.place + 1] != letter:
            return False
        self.place += 1
        return True


def _any(_: str) -> bool:
    return True


def _same(wanted: str) -> _Test:
    return lambda letter: letter == wanted
