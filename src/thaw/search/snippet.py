"""The piece of a text around what was found, where the found words stand in it, and why they were found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .matching import Bound, weight_of
from .tokens import placed_tokens

_WORDS = 24
_LEAD = 4
_MOST_LENGTH = 400


@dataclass(frozen=True, slots=True)
class Match:
    """What was typed, the words that stand there, and why they count: a key of `lexicon.WHY`."""

    typed: str
    found: str
    why: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of a text that begins at `start`; `marks`: first and one past the last character of each found word."""

    text: str
    marks: tuple[tuple[int, int], ...]
    matches: tuple[Match, ...]
    start: int


def excerpt(body: str, parts: Sequence[Bound]) -> Excerpt:
    """About 24 words with as many different parts of the search as stand near each other; all of a short text."""
    tokens = placed_tokens(body)
    places = sorted((first, last, why, i) for i, part in enumerate(parts) for first, last, why in part.found_in(tokens))
    matches = _best_matches(body, tokens, places, parts)
    if not tokens:
        return Excerpt(body[:_MOST_LENGTH], (), matches, 0)
    first = _window(places, len(tokens))
    last = min(len(tokens), first + _WORDS)
    start = 0 if first == 0 else tokens[first][1]
    end = len(body) if last == len(tokens) else tokens[last - 1][2]
    end = min(end, start + _MOST_LENGTH)
    before, after = "…" if start else "", "…" if end < len(body) else ""
    shift = len(before) - start
    spans = [(tokens[a][1], tokens[b - 1][2]) for a, b, _, _ in places if first <= a and b <= last]
    marks = sorted({(a + shift, b + shift) for a, b in spans if b <= end})
    return Excerpt(f"{before}{body[start:end]}{after}", tuple(_apart(marks)), matches, start)


def _window(places: Sequence[tuple[int, int, str, int]], count: int) -> int:
    """First token of the window with the most different parts, then the best reasons; the earliest of equals."""
    if count <= _WORDS or not places:
        return 0
    best = (0, 0.0, 0)
    chosen, left = 0, 0
    for right in range(len(places)):
        while places[right][1] - places[left][0] > _WORDS - _LEAD:
            left += 1
            if left > right:
                break
        inside = places[left : right + 1]
        if not inside:
            continue
        worth = (len({p[3] for p in inside}), max(weight_of(p[2]) for p in inside), len(inside))
        if worth > best:
            best, chosen = worth, places[left][0]
    return max(0, min(chosen - _LEAD, count - _WORDS))


def _best_matches(
    body: str,
    tokens: Sequence[tuple[str, int, int]],
    places: Sequence[tuple[int, int, str, int]],
    parts: Sequence[Bound],
) -> tuple[Match, ...]:
    """For each part that was found its best reason, with the words as they stand in the text."""
    best: dict[int, tuple[float, Match]] = {}
    for first, last, why, i in places:
        weight = weight_of(why)
        if i not in best or weight > best[i][0]:
            best[i] = (weight, Match(parts[i].typed, body[tokens[first][1] : tokens[last - 1][2]], why))
    return tuple(best[i][1] for i in sorted(best))


def _apart(marks: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Marks that touch no other: of two that overlap the first stays, made longer."""
    found: list[tuple[int, int]] = []
    for start, end in marks:
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
