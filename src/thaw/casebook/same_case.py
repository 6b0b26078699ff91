"""Which cases of two sources may be one killing: a probability with its parts. Nothing is folded by it; people decide.

Records are compared within a state and within some weeks. Each feature gives log10 of a Bayes factor: how much more
probable what both say is if they are one killing, over two killings taken at random from the same state and weeks. How
often records of one killing differ is first ours (`SAME`) and then learned from the records themselves, in `pairs`,
which also weighs all pairs together, since a killing stands in a register once.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

import numpy as np
from rapidfuzz.distance import JaroWinkler

from thaw.data import places
from thaw.record import PartialDate

from .one_to_one import Feature, learned, marginals
from .same_case_block import FEATURES, SAME, WINDOW_DAYS, Block, CaseRecord

__all__ = ["WINDOW_DAYS", "Candidate", "CaseRecord", "Part", "SameCase"]

_NAMES_APART = (0.0005, 0.01)
_LEADING = 20
# Pairs below this probability by themselves are left out of the weighing of all.
_LOG_LEAST = -4.0
_TURNS = 8
# Of how many pairs our own shares count when those of the records are learned; and of how many records the guess that
# the other register holds half of them.
_PAIRS_KNOWN, _RECORDS_KNOWN, _HELD = 300.0, 50.0, 0.5
_MOST_ODDS = 1e9
_SLICE = 5_000
# A hundredth above what is wanted, 95 in 100: shares that were learned are a little too sure of themselves (measured).
_A_FEW, _EXPECTED = 20, 0.96


@dataclass(frozen=True, slots=True)
class Part:
    """What one feature says: log10 of its Bayes factor, and how it stands in both."""

    feature: str
    log10_bf: float
    level: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Another record that may be the same killing: probability 0 to 1 after all others were weighed against it."""

    one: str
    other: str
    probability: float
    parts: tuple[Part, ...]


class SameCase:
    """Records by state and day, ready to be compared; `names` gives the victim's name of a case, or None."""

    def __init__(self, records: Iterable[CaseRecord], names: Mapping[str, str] | None = None) -> None:
        by_state: dict[str, list[CaseRecord]] = {}
        for record in records:
            by_state.setdefault(record.state, []).append(record)
        self._blocks = {state: Block(found) for state, found in by_state.items()}
        self.names = dict(names or {})

    def candidates(self, record: CaseRecord, *, share: float = _HELD, top: int = 5) -> list[Candidate]:
        """The records of other realms that may be this killing, most probable first; this record by itself.

        share  prior probability that another source holds this killing at all, 0 < share < 1
        The probabilities of all records and of "none of them" add up to 1.
        """
        block = self._blocks.get(record.state)
        near = block.near(record) if block is not None else np.zeros(0, dtype=int)
        if block is None or not len(near):
            return []
        scores = block.compare(record, near).score()
        total = scores.sum(axis=0)
        leading = [int(i) for i in np.argsort(-total, kind="stable")[: max(top * 4, _LEADING)]]
        named = {i: self._name(record, block.records[near[i]]) for i in leading}
        for i, part in named.items():
            total[i] += part.log10_bf if part else 0.0
        # One of n records, or none of them.
        odds = share / (1 - share) / len(near) * np.power(10.0, np.minimum(total, 300))
        posterior = odds / (1 + odds.sum())
        best = sorted(leading, key=lambda i: (-posterior[i], block.records[near[i]].case_id))[:top]
        return [
            Candidate(
                record.case_id,
                block.records[near[i]].case_id,
                float(posterior[i]),
                self._parts(record, block.records[near[i]], scores[:, i], named[i]),
            )
            for i in best
        ]

    def proposals(self, fresh: Collection[str] | None = None) -> list[Candidate]:
        """The pairs that are worth a person's look, the most probable first: those of `pairs`, and not too many.

        fresh  ids of the cases of which one must be among the two; all when None
        A few are given as they are. Of more than 20 only so many that 96 in 100 are expected to be true: a list in
        which every tenth is wrong is no longer read.
        """
        found = [p for p in self.pairs() if fresh is None or p.one in fresh or p.other in fresh]
        expected = 0.0
        for count, pair in enumerate(found, start=1):
            expected += pair.probability
            if count > _A_FEW and expected / count < _EXPECTED:
                return found[: count - 1]
        return found

    def pairs(self, *, least: float = 0.5) -> list[Candidate]:
        """All pairs that are one killing with at least this probability, all pairs weighed together.

        Of the pairs of a record with one register only the most probable is given. In no particular order of records;
        the most probable pair first.
        """
        found = [
            pair
            for whole in self._blocks.values()
            for block, own in _slices(whole)
            for pair in self._of_block(block, least)
            if pair.one in own
        ]
        return sorted(found, key=lambda pair: (-pair.probability, pair.one, pair.other))

    def _of_block(self, block: Block, least: float) -> Iterator[Candidate]:
        weighed = _Weighed(list(self._rows(block)), block)
        probability = weighed.probabilities()
        best: dict[int, float] = {}
        for record, p in zip([*weighed.ours.tolist(), *weighed.theirs.tolist()], [*probability] * 2, strict=True):
            best[record] = max(best.get(record, 0.0), p)
        for k in np.flatnonzero(probability >= least).tolist():
            p = float(probability[k])
            if p < best[int(weighed.ours[k])] or p < best[int(weighed.theirs[k])]:
                continue
            one, other = block.records[weighed.one[k]], block.records[weighed.other[k]]
            scores = block.compare(one, weighed.other[k : k + 1]).score()[:, 0]
            yield Candidate(one.case_id, other.case_id, p, self._parts(one, other, scores, self._name(one, other)))

    def _rows(self, block: Block) -> Iterator[_Row]:
        """Each record with the later ones of the block that may be the same killing."""
        for i, record in enumerate(block.records):
            near = block.near_all(record)
            held = np.bincount(block.realm[near])
            near = near[(near > i) & (block.realm[near] != block.realm[i])]
            if not len(near):
                continue
            compared = block.compare(record, near)
            total = compared.score().sum(axis=0)
            many = held[block.realm[near]]
            fixed = compared.place + self._names_of(record, block, near, total)
            extra = fixed - compared.place
            kept = np.flatnonzero(total + extra - np.log10(many) > _LOG_LEAST)
            if len(kept):
                features = {
                    name: Feature(f.levels[kept], f.apart[kept], f.shares) for name, f in compared.features.items()
                }
                shares = _HELD * many[kept] / held.max(), np.full(len(kept), _HELD * held[block.realm[i]] / held.max())
                yield _Row(i, near[kept], features, fixed[kept] - np.log10(many[kept]), shares)

    def _names_of(self, record: CaseRecord, block: Block, near: np.ndarray, total: np.ndarray) -> np.ndarray:
        """log10 of the Bayes factor of the name, of those that lead without it; names are dear to compare."""
        result = np.zeros(len(near))
        if self.names.get(record.case_id):
            for k in np.argsort(-total, kind="stable")[: 2 * _LEADING].tolist():
                part = self._name(record, block.records[near[k]])
                result[k] = part.log10_bf if part else 0.0
        return result

    def _parts(self, one: CaseRecord, other: CaseRecord, scores: np.ndarray, named: Part | None) -> tuple[Part, ...]:
        parts = [
            Part(feature, round(float(score), 3), _level(feature, one, other))
            for feature, score in zip(FEATURES, scores, strict=True)
            if score
        ]
        return (*parts, *([named] if named else []))

    def _name(self, one: CaseRecord, other: CaseRecord) -> Part | None:
        ours, theirs = self.names.get(one.case_id), self.names.get(other.case_id)
        if not ours or not theirs:
            return None
        likeness = max(JaroWinkler.similarity(a, b) for a in _orders(ours) for b in _orders(theirs))
        level = 0 if likeness >= 0.95 else 1 if likeness >= 0.85 else 2
        words = ("the same name", "a like name", "another name")[level]
        same = (*SAME["name"], 1 - sum(SAME["name"]))
        apart = (*_NAMES_APART, 1 - sum(_NAMES_APART))
        return Part("name", round(math.log10(same[level] / apart[level]), 3), words)


@dataclass(frozen=True, slots=True)
class _Row:
    """A record of the block and those it may be one with.

    fixed   log10 of what is not learned
    shares  what may be thought beforehand of the share of its killings that the other register holds, and the other way
            round: half of what that register has of the killings of these weeks, by the register that has most
    """

    one: int
    others: np.ndarray
    features: Mapping[str, Feature]
    fixed: np.ndarray
    shares: tuple[np.ndarray, np.ndarray]


class _Weighed:
    """The pairs of a block, weighed together; what registers get wrong and how much they share is learned by turns."""

    def __init__(self, rows: Sequence[_Row], block: Block) -> None:
        self.one = np.concatenate([np.full(len(row.others), row.one) for row in rows] or [np.zeros(0, dtype=int)])
        self.other = np.concatenate([row.others for row in rows] or [np.zeros(0, dtype=int)])
        self._fixed = np.concatenate([row.fixed for row in rows] or [np.zeros(0)])
        self._features = {
            name: Feature(
                np.concatenate([row.features[name].levels for row in rows]),
                np.concatenate([row.features[name].apart for row in rows]),
                SAME[name],
            )
            for name in (rows[0].features if rows else ())
        }
        _, realm = np.unique(block.realm, return_inverse=True)
        count = int(realm.max()) + 1 if len(realm) else 1
        # A record may stand for one killing of each other register: each such pairing is a side of its own.
        low, high = np.minimum(realm[self.one], realm[self.other]), np.maximum(realm[self.one], realm[self.other])
        swapped = realm[self.one] > realm[self.other]
        first = np.where(swapped, self.other, self.one)
        second = np.where(swapped, self.one, self.other)
        _, self.ours = np.unique(first * count + high, return_inverse=True)
        _, theirs = np.unique(second * count + low, return_inverse=True)
        self.theirs = theirs + (int(self.ours.max()) + 1 if len(self.ours) else 0)
        _, self._registers = np.unique(low * count + high, return_inverse=True)
        # How many records each register has that could be in the other.
        sizes = {int(r): int((realm == r).sum()) for r in np.unique(realm)}
        firsts = [int(np.flatnonzero(self._registers == g)[0]) for g in range(self._groups)]
        self._sizes = [np.array([sizes[int(side[k])] for k in firsts]) for side in (low, high)]
        # Of the first register the share that the second holds, then the other way round.
        mine, others = (np.concatenate([row.shares[n] for row in rows] or [np.zeros(0)]) for n in (0, 1))
        self._before = [self._mean(np.where(swapped, *both)) for both in ((others, mine), (mine, others))]

    def _mean(self, values: np.ndarray) -> np.ndarray:
        """Mean by pair of registers."""
        return np.asarray(np.bincount(self._registers, values) / np.bincount(self._registers))

    @property
    def _groups(self) -> int:
        return int(self._registers.max()) + 1 if len(self._registers) else 0

    def probabilities(self) -> np.ndarray:
        """Probability of each pair."""
        if not len(self.one):
            return np.zeros(0)
        shares = {name: feature.shares for name, feature in self._features.items()}
        held = self._before
        theirs = self.theirs - self.theirs.min()
        for _ in range(_TURNS):
            score = self._fixed.copy()
            for name, feature in self._features.items():
                score += feature.log_ratio(shares[name])
            prior = held[0] / (1 - held[0]) / (1 - held[1])
            odds = np.minimum(prior[self._registers] * np.power(10.0, np.minimum(score, 30)), _MOST_ODDS)
            found = marginals(self.ours, theirs, odds)
            shares = {name: learned(feature, found, _PAIRS_KNOWN) for name, feature in self._features.items()}
            matched = np.bincount(self._registers, found, minlength=self._groups)
            held = [
                np.minimum((matched + _RECORDS_KNOWN * before) / (size + _RECORDS_KNOWN), 0.95)
                for size, before in zip(self._sizes, self._before, strict=True)
            ]
        return found


def _slices(block: Block) -> Iterator[tuple[Block, Set[str]]]:
    """The block in slices of some years, each with those of its neighbours that a record of it may be one with.

    A large state has a hundred thousand killings and millions of pairs. Ids of the records that the slice is for are
    given beside it; a pair belongs to the slice of the earlier one.
    """
    if len(block.records) <= _SLICE:
        yield block, {record.case_id for record in block.records}
        return
    for start in range(0, len(block.records), _SLICE):
        own = block.records[start : start + _SLICE]
        first = own[0].first - 2 * WINDOW_DAYS
        last = max(record.last for record in own) + 2 * WINDOW_DAYS
        near = np.flatnonzero((block.last >= first) & (block.first <= last))
        yield Block([block.records[int(i)] for i in near]), {record.case_id for record in own}


def _level(feature: str, one: CaseRecord, other: CaseRecord) -> str:
    """How a feature stands in both, in words."""
    match feature:
        case "date":
            return f"{_days(one)} and {_days(other)}"
        case "place":
            return f"{_where(one)} and {_where(other)}"
        case "sex":
            return f"{one.sex} and {other.sex}"
        case "age":
            return f"{_age(one)} and {_age(other)}"
    return f"{one.weapon} and {other.weapon}"


def _days(record: CaseRecord) -> str:
    first, last = (date.fromordinal(day) for day in (record.first, record.last))
    return PartialDate(first, last, "interval").in_words()


def _where(record: CaseRecord) -> str:
    county = places.county(record.county) if record.county else None
    named = [record.town, f"{county.name} ({record.county})" if county else record.county]
    if any(named):
        return ", ".join(filter(None, named))
    return f"{record.lat:.3f}, {record.lon:.3f}" if record.lat is not None else record.state


def _age(record: CaseRecord) -> str:
    return f"{record.age_low:g}" if record.age_low == record.age_high else f"{record.age_low:g} to {record.age_high:g}"


def _orders(name: str) -> tuple[str, str]:
    words = " ".join(name.casefold().replace(",", " ").split()).split(" ")
    return " ".join(words), " ".join([*words[1:], words[0]])
