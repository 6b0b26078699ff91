"""Disaster victims: how well each victim fits each missing person, and all of them at once.

Families with missing members give reference profiles (ante mortem), victims theirs (post mortem). An assignment names
each victim as one missing person or as none of them; its likelihood is that of every family with the assigned profiles
put into the places of the missing, times that of the rest as unrelated. As in dvir (Vigeland and Egeland 2021, Sci Rep
11:13661): pairs far ahead of all their rivals are settled first, one round after the other; the prior over what is left
is flat; in the joint step a family whose references fit without mutation is taken without it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from thaw.errors import InputError

from .assignments import MAX_ASSIGNMENTS, assignments
from .locus import Seen, join_unseen
from .network import Observed, likelihood
from .pedigree import Pedigree, Person, make_pedigree, prune_as_familias

UNDISPUTED = 1e4  # how far a pair must be ahead of its rivals to be settled first (dvir's default)
Filled = tuple[tuple[str, str], ...]  # missing person and victim, sorted


@dataclass(frozen=True)
class Victims:
    """Families, the missing persons in them, the victims, and everybody's profiles per locus."""

    id: str
    families: tuple[Pedigree, ...]
    missing: tuple[str, ...]
    victims: tuple[Person, ...]
    observed: tuple[Observed, ...]
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        known = [p for f in self.families for p in f.people]
        typed = {w for o in self.observed for w in o.seen}
        for who in self.missing:
            if who not in known:
                got = f"the missing {who!r}, who is in no family"
                raise InputError(where=self.id, got=got, want="a member of a family", fix="Add them.")
        for who in sorted({p for p in known if known.count(p) > 1} & (set(self.missing) | typed)):
            raise InputError(
                where=self.id, got=f"{who!r} in two families", want="one family", fix="Rename one of them."
            )
        for who in [v.id for v in self.victims]:
            if who in known:
                got = f"{who!r} as a victim and in a family"
                raise InputError(where=self.id, got=got, want="a name each", fix="Rename the victim.")


@dataclass(frozen=True)
class Assignment:
    """Each victim with the missing person it is taken for, or None; natural log likelihood, ratio, posterior."""

    named: Mapping[str, str | None]
    log_likelihood: float
    log10_ratio: float
    posterior: float


@dataclass(frozen=True)
class Joint:
    """The answer for a set of victims.

    ratios      per victim and missing person, each pair for itself; None where the sexes differ
    undisputed  victim, missing person and log10 ratio of the pairs that were settled first
    best        assignments by falling posterior
    count       assignments that were compared
    posterior   per victim: the probability of each missing person and of None
    twins       groups of missing persons that no profile can tell apart here
    """

    ratios: Mapping[str, Mapping[str, float | None]]
    undisputed: tuple[tuple[str, str, float], ...]
    best: tuple[Assignment, ...]
    count: int
    posterior: Mapping[str, Mapping[str | None, float]]
    twins: tuple[tuple[str, ...], ...]
    warnings: tuple[str, ...] = ()


def joint_assignment(data: Victims, *, pruning: str = "none", top: int = 5) -> Joint:
    """Compares every assignment of victims to missing persons that no single comparison excludes.

    Raises InputError when a family contradicts itself, and beyond MAX_ASSIGNMENTS.
    """
    stated = _Scorer(data, pruning, ())
    mutates = any(o.locus.mutates for o in data.observed)
    numbers = range(len(data.families)) if mutates else ()
    plain = {n for n in numbers if _Scorer(data, pruning, {n}).family(n, ()) > -math.inf}
    for n in range(len(data.families)):
        if stated.family(n, ()) == -math.inf:
            raise InputError(
                where=f"{data.id}, {data.families[n].name}",
                got="profiles that cannot be those of these relatives",
                want="a family without a contradiction, or a mutation model",
                fix="Check the relations, or allow mutation.",
            )
    pairs = _Round(data, stated, {}).pairs()
    scorer = _Scorer(data, pruning, plain) if plain else stated
    warnings: tuple[str, ...] = ()
    if plain:
        warnings = (
            "In the joint step, families whose references fit without mutation are taken without it, as dvir does; "
            "the ratios of single pairs allow it.",
        )
    settled, undisputed = _settled_first(data, scorer)
    return _joint(data, scorer, settled, undisputed, pairs, top, warnings)


@dataclass
class _Scorer:
    """Natural log likelihood of a family with some of its missing filled in; each answer is computed once."""

    data: Victims
    pruning: str
    without_mutation: Iterable[int]
    known: dict[tuple[int, Filled], float] = field(default_factory=dict)
    alone: dict[str, float] = field(default_factory=dict)

    def family(self, number: int, filled: Filled) -> float:
        """One family with these victims in the places of these missing persons."""
        self.prepare(number, [filled])
        return self.known[number, filled]

    def prepare(self, number: int, wanted: Sequence[Filled]) -> None:
        """Many such questions at once; far quicker than one after the other."""
        new = [f for f in dict.fromkeys(wanted) if (number, f) not in self.known]
        if not new:
            return
        total = np.zeros(len(new))
        for part in self.data.observed:
            total += self._locus(number, part, new)
        self.known.update(((number, f), float(t)) for f, t in zip(new, total, strict=True))

    def _locus(
        self, number: int, part: Observed, wanted: Sequence[Filled]
    ) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        family = self.data.families[number]
        shapes: dict[tuple[str, ...], list[int]] = {}
        for i, filled in enumerate(wanted):
            typed = tuple(m for m, v in filled if v in part.seen and part.seen[v].alleles is not None)
            odd = tuple(f"{m}={v}" for m, v in filled if v in part.seen and part.seen[v].alleles is None)
            shapes.setdefault(typed + odd, []).append(i)
        result = np.zeros(len(wanted))
        for places in shapes.values():
            cases = [dict(wanted[i]) for i in places]
            seen = {w: s for w, s in part.seen.items() if w in family.people and w not in cases[0]}
            for m, v in cases[0].items():
                if v not in part.seen:
                    continue
                mine = [part.seen[case[m]] for case in cases]
                seen[m] = mine[0] if mine[0].alleles is None else _stacked(mine)
            if seen:
                shape = family if self.pruning == "none" else prune_as_familias(family, self._typed(family, cases[0]))
                locus = part.locus
                if number in self.without_mutation and locus.mutates:
                    still = np.eye(len(locus.alleles))
                    locus = replace(locus, female=still, male=still)
                chance = likelihood(shape, [Observed(*join_unseen(locus, seen))])
                with np.errstate(divide="ignore"):
                    result[places] = np.log(chance)
        return result

    def _typed(self, family: Pedigree, filled: Mapping[str, str]) -> set[str]:
        return ({w for o in self.data.observed for w in o.seen} & set(family.people)) | set(filled)

    def unrelated(self, victim: Person) -> float:
        """The victim's profile as that of somebody unrelated."""
        if victim.id not in self.alone:
            single = make_pedigree([victim], victim.id)
            chances = [
                float(likelihood(single, [Observed(*join_unseen(o.locus, {victim.id: o.seen[victim.id]}))]))
                for o in self.data.observed
                if victim.id in o.seen
            ]
            self.alone[victim.id] = math.fsum(map(math.log, chances))
        return self.alone[victim.id]


def _stacked(seen: Sequence[Seen]) -> Seen:
    found = [s.alleles for s in seen if s.alleles is not None]
    return Seen(found[0] if len(found) == 1 else np.stack(found))


@dataclass
class _Round:
    """Single comparisons, given the pairs that are settled (victim by missing person)."""

    data: Victims
    scorer: _Scorer
    settled: Mapping[str, str]

    def home(self, missing: str) -> int:
        return next(n for n, f in enumerate(self.data.families) if missing in f.people)

    def filled(self, number: int, more: Mapping[str, str]) -> Filled:
        both = {**self.settled, **more}
        return tuple(sorted((m, v) for m, v in both.items() if self.home(m) == number))

    def victims(self) -> list[Person]:
        return [v for v in self.data.victims if v.id not in self.settled.values()]

    def missing(self) -> list[str]:
        return [m for m in self.data.missing if m not in self.settled]

    def pairs(self) -> dict[str, dict[str, float]]:
        """Natural log ratio of each open victim with each open missing person of the same or unknown sex."""
        found: dict[str, dict[str, float]] = {v.id: {} for v in self.victims()}
        sexes = {p.id: p.sex for f in self.data.families for p in f.people.values()}
        for n in range(len(self.data.families)):
            mine = [
                (m, v)
                for m in self.missing()
                if self.home(m) == n
                for v in self.victims()
                if "U" in (v.sex, sexes[m]) or v.sex == sexes[m]
            ]
            self.scorer.prepare(n, [self.filled(n, {m: v.id}) for m, v in mine])
            nobody = self.scorer.family(n, self.filled(n, {})) if mine else 0.0
            for m, v in mine:
                found[v.id][m] = self.scorer.family(n, self.filled(n, {m: v.id})) - nobody - self.scorer.unrelated(v)
        return {v: {m: row[m] for m in self.missing() if m in row} for v, row in found.items()}


def _settled_first(data: Victims, scorer: _Scorer) -> tuple[dict[str, str], list[tuple[str, str, float]]]:
    settled: dict[str, str] = {}
    undisputed: list[tuple[str, str, float]] = []
    while True:
        pairs = _Round(data, scorer, settled).pairs()
        new = [
            (v, m, value)
            for v, row in pairs.items()
            for m, value in row.items()
            if value > math.log(UNDISPUTED) and all(x <= value - math.log(UNDISPUTED) for x in _rivals(pairs, v, m))
        ]
        if not new:
            return settled, undisputed
        settled |= {m: v for v, m, _ in new}
        undisputed += new


def _rivals(pairs: Mapping[str, Mapping[str, float]], victim: str, missing: str) -> list[float]:
    row = [x for m, x in pairs[victim].items() if m != missing]
    return row + [r[missing] for v, r in pairs.items() if v != victim and missing in r]


def _joint(
    data: Victims,
    scorer: _Scorer,
    settled: Mapping[str, str],
    undisputed: Sequence[tuple[str, str, float]],
    pairs: Mapping[str, Mapping[str, float]],
    top: int,
    warnings: tuple[str, ...],
) -> Joint:
    now = _Round(data, scorer, settled)
    open_pairs = now.pairs()
    choices = {v.id: [m for m, x in open_pairs[v.id].items() if x > -math.inf] for v in now.victims()}
    every = assignments(choices, data.id)
    gains = _gains(every, now)
    kept = [i for i, gain in enumerate(gains) if gain > -math.inf]
    most = max(gains[i] for i in kept)
    weights = {i: math.exp(gains[i] - most) for i in kept}
    whole = math.fsum(weights.values())
    base = math.fsum(scorer.family(n, now.filled(n, {})) for n in range(len(data.families)))
    base += math.fsum(scorer.unrelated(v) for v in now.victims())
    before = math.fsum(value for _, _, value in undisputed)
    fixed = {v: m for m, v in settled.items()}
    posterior: dict[str, dict[str | None, float]] = {
        v.id: dict.fromkeys((*data.missing, None), 0.0) for v in data.victims
    }
    for i in kept:
        for v in posterior:
            posterior[v][fixed.get(v) or every[i].get(v)] += weights[i] / whole
    named = [{v.id: fixed.get(v.id) or one.get(v.id) for v in data.victims} for one in every]
    order = sorted(kept, key=lambda i: (-round(gains[i], 9), [(m is None, m or "") for m in named[i].values()]))
    best = tuple(
        Assignment(named[i], base + gains[i], (before + gains[i]) / math.log(10), weights[i] / whole)
        for i in order[:top]
    )
    ratios = {
        v.id: {m: _plain(pairs[v.id][m]) if m in pairs[v.id] else None for m in data.missing} for v in data.victims
    }
    settled_in = tuple((v, m, value / math.log(10)) for v, m, value in undisputed)
    return Joint(ratios, settled_in, best, len(every), posterior, _alike(data, settled), warnings)


def _plain(log: float) -> float:
    return math.exp(log) if log < 700 else math.inf


def _gains(every: Sequence[Mapping[str, str]], now: _Round) -> list[float]:
    """Natural log likelihood of each assignment over that of naming nobody further."""
    people = {v.id: v for v in now.victims()}
    split = [_by_family(one, now) for one in every]
    for n in {n for parts in split for n in parts}:
        now.scorer.prepare(n, [now.filled(n, parts[n]) for parts in split if n in parts])
    nobody = [now.scorer.family(n, now.filled(n, {})) for n in range(len(now.data.families))]
    gains = []
    for one, parts in zip(every, split, strict=True):
        gain = sum(now.scorer.family(n, now.filled(n, more)) - nobody[n] for n, more in parts.items())
        gains.append(gain - math.fsum(now.scorer.unrelated(people[v]) for v in one))
    return gains


def _by_family(named: Mapping[str, str], now: _Round) -> dict[int, dict[str, str]]:
    parts: dict[int, dict[str, str]] = {}
    for victim, m in named.items():
        parts.setdefault(now.home(m), {})[m] = victim
    return parts


def _alike(data: Victims, settled: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    """Missing persons of one sex with the same parents, no child and no profile: nothing can tell them apart."""
    groups: dict[tuple[int, str | None, str | None, str], list[str]] = {}
    typed = {w for o in data.observed for w in o.seen}
    for n, family in enumerate(data.families):
        for m in data.missing:
            p = family.people.get(m)
            if p and not p.is_founder and not family.children(m) and m not in typed and m not in settled:
                groups.setdefault((n, p.father, p.mother, p.sex), []).append(m)
    return tuple(tuple(g) for g in groups.values() if len(g) > 1)


__all__ = ["MAX_ASSIGNMENTS", "Assignment", "Joint", "Victims", "joint_assignment"]
