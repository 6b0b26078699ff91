"""Several bodies at once: one missing person is one body at most, so what is likely for one is less likely for another.

Each body brings the probabilities of its own list. All ways to name the bodies are weighed by their product, those that
name one person twice are left out, and the rest adds up to 1. Bodies that share no candidate leave each other alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod

from thaw.errors import InputError

MAX_WAYS = 200_000


@dataclass(frozen=True, slots=True)
class Together:
    """The answer for several bodies.

    joint     by body, the probability of each person of its list; what is left up to 1 is "none of these"
    best      by body, the person of the likeliest way to name them all, None for nobody; its probability
    probability  of `best`
    ways      how many ways to name them were compared
    """

    joint: Mapping[str, Mapping[str, float]]
    best: Mapping[str, str | None]
    probability: float
    ways: int


def together(chances: Mapping[str, Mapping[str, float]], parts: Collection[str] = ()) -> Together:
    """Weigh all ways to name these bodies.

    chances  by body, the probability of each person alone; what is left up to 1 is nobody of them
    parts    bodies of which only parts were found: two of them may be one person
    Raises InputError where too many bodies share too many candidates.
    """
    joint: dict[str, Mapping[str, float]] = {}
    best: dict[str, str | None] = {}
    probability, ways = 1.0, 0
    for group in _groups(chances):
        mine, first, share, number = _weighed({body: chances[body] for body in group}, set(parts))
        joint |= mine
        best |= first
        probability *= share
        ways += number
    return Together({b: joint[b] for b in chances}, {b: best[b] for b in chances}, probability, ways)


def _groups(chances: Mapping[str, Mapping[str, float]]) -> list[list[str]]:
    """Bodies that share candidates, directly or by way of others."""
    home: dict[str, list[str]] = {}
    whose: dict[str, str] = {}
    for body, row in chances.items():
        home[body] = [body]
        for person in row:
            other = whose.setdefault(person, body)
            if home[other] is not home[body]:
                merged = home[other] + home[body]
                home.update(dict.fromkeys(merged, merged))
    seen: dict[int, list[str]] = {id(group): group for group in home.values()}
    return list(seen.values())


def _weighed(
    chances: Mapping[str, Mapping[str, float]], parts: Collection[str]
) -> tuple[dict[str, dict[str, float]], dict[str, str | None], float, int]:
    bodies = list(chances)
    odds = [{None: max(1.0 - sum(chances[body].values()), 0.0), **chances[body]} for body in bodies]
    total, number, most = 0.0, 0, -1.0
    sums = {body: dict.fromkeys(row, 0.0) for body, row in chances.items()}
    best: tuple[str | None, ...] = ()
    for way in _ways(bodies, chances, parts, ()):
        number += 1
        if number > MAX_WAYS:
            raise InputError(
                where="bodies taken together",
                got=f"more than {MAX_WAYS:,} ways to name {len(bodies)} bodies that share candidates",
                want="fewer bodies, or fewer candidates of each",
                fix="Take fewer of them, or raise --least.",
            )
        weight = prod(row[one] for row, one in zip(odds, way, strict=True))
        total += weight
        if weight > most:
            most, best = weight, way
        for body, one in zip(bodies, way, strict=True):
            if one is not None:
                sums[body][one] += weight
    if total <= 0:  # every body surely the same person: nothing tells them apart
        return {b: dict(row) for b, row in chances.items()}, dict.fromkeys(bodies), 0.0, number
    shares = {body: {one: weight / total for one, weight in row.items()} for body, row in sums.items()}
    return shares, dict(zip(bodies, best, strict=True)), most / total, number


def _ways(
    bodies: Sequence[str],
    chances: Mapping[str, Mapping[str, float]],
    parts: Collection[str],
    so_far: tuple[str | None, ...],
) -> Iterator[tuple[str | None, ...]]:
    """All ways to name the bodies in their order; a person twice only where every one of the bodies is a part."""
    if len(so_far) == len(bodies):
        yield so_far
        return
    body = bodies[len(so_far)]
    for one in (None, *chances[body]):
        others = [b for b, named in zip(bodies, so_far, strict=False) if named == one] if one is not None else []
        if not others or (body in parts and all(b in parts for b in others)):
            yield from _ways(bodies, chances, parts, (*so_far, one))
