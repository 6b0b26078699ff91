"""Whether two records are of one person: a probability, and what speaks for and against it, part by part.

The model of Fellegi and Sunter (1969): each field adds log2(m / u), m being how often records of one person are that
alike, u how often records of two people are. Both are found from the records alone (Winkler 1988: expectation and
maximization), so nothing has to be labelled. An equal value counts by how common it is. Records are compared, never
merged: what comes out is a proposal, and a person decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .person_levels import Column, Ids, Levels, levels
from .person_pairs import candidate_pairs

Floats = NDArray[np.float64]
_COUNT = 5
_ROUNDS = 60
_RANDOM_PAIRS = 400_000
# As if each level had been seen so often before: keeps a level that never occurs from deciding alone.
_PRIOR_COUNT = 0.5
_TINY = 1e-12
# With fewer candidate pairs than this nothing can be learned. The figures that then stand in were set by hand after
# what is learned from large sets: two people agree on a name in one of some hundreds, on a birth date in one of
# thousands.
_LEAST_TO_LEARN = 2_000
_USUAL_M = np.array([0.0, 0.85, 0.08, 0.03, 0.04])
_USUAL_U = {
    "name": np.array([0.0, 0.004, 0.004, 0.012, 0.98]),
    "date": np.array([0.0, 0.0002, 0.0018, 0.02, 0.978]),
    "words": np.array([0.0, 0.002, 0.001, 0.007, 0.99]),
    "number": np.array([0.0, 0.0005, 0.0005, 0.0, 0.999]),
    "code": np.array([0.0, 0.3, 0.0, 0.0, 0.7]),
}


@dataclass(frozen=True, slots=True)
class Model:
    """What was learned: for each field the chance of each level among one person's records (m) and among others' (u).

    kinds  by field: a key of `person_levels.LEVELS`
    prior  probability that two random records are of one person
    learned  false where there were too few pairs to learn from, and usual figures were taken
    """

    kinds: Mapping[str, str]
    m: Mapping[str, Floats]
    u: Mapping[str, Floats]
    prior: float
    learned: bool


@dataclass(frozen=True, slots=True)
class Proposals:
    """Pairs of records with their probability, 0 to 1, and for each field its part in bits (log2)."""

    one: Ids
    other: Ids
    probability: Floats
    bits: Mapping[str, Floats]
    prior_bits: float


def propose(
    fields: Mapping[str, tuple[str, Sequence[str | None]]],
    keys: Sequence[Sequence[str | None]],
    *,
    left: Sequence[bool] | None = None,
    seed: int = 1,
) -> tuple[Model, Proposals]:
    """Compare records and return every candidate pair.

    fields  by name: the kind of comparison (name, date, words, number, code) and a value per record
    keys    values per record; pairs are compared when one key agrees
    left    which records belong to the first of two sets without doubles; None for one set
    The same input and seed give the same answer. Order of records does not matter but for ties of random pairs.
    """
    columns = {name: Column.of(values) for name, (_, values) in fields.items()}
    kinds = {name: kind for name, (kind, _) in fields.items()}
    sides = None if left is None else np.array(left, np.int64)
    one, other = candidate_pairs([Column.of(key) for key in keys], sides)
    seen = {name: levels(kinds[name], column, one, other) for name, column in columns.items()}
    model = _learn(kinds, columns, seen, sides, seed)
    bits = {name: _bits(model, name, columns[name], seen[name], one) for name in kinds}
    prior_bits = float(np.log2(model.prior / (1 - model.prior)))
    total = np.sum(list(bits.values()), axis=0) + prior_bits if len(one) else np.zeros(0)
    return model, Proposals(one, other, 1 / (1 + np.exp2(-np.clip(total, -500, 500))), bits, prior_bits)


def _learn(
    kinds: Mapping[str, str], columns: Mapping[str, Column], seen: Mapping[str, Levels], left: Ids | None, seed: int
) -> Model:
    size = len(next(iter(columns.values())).numbers)
    whole = size * (size - 1) / 2 if left is None else float(left.sum()) * float((1 - left).sum())
    # The same pattern of levels comes up many times: each is counted once.
    patterns, counts = _patterns(seen)
    m = dict.fromkeys(kinds, _USUAL_M)
    prior = min(0.5, max(size, 1) / max(whole, 1.0) / 10)
    if counts.sum() < _LEAST_TO_LEARN:
        return Model(kinds, m, {name: _USUAL_U[kind] for name, kind in kinds.items()}, prior, False)
    draw = np.random.default_rng(seed)
    one, other = draw.integers(0, size, (2, _RANDOM_PAIRS))
    apart = (one != other) if left is None else (left[one] != left[other])
    one, other = one[apart], other[apart]
    u = {name: _frequencies(levels(kinds[name], columns[name], one, other), None) for name in kinds}
    for _ in range(_ROUNDS):
        odds = np.full(len(counts), np.log(prior / (1 - prior)))
        for i, name in enumerate(kinds):
            ratio = np.log(np.maximum(m[name], _TINY) / np.maximum(u[name], _TINY))
            ratio[0] = 0.0
            odds += ratio[patterns[:, i]]
        posterior = 1 / (1 + np.exp(-np.clip(odds, -500, 500)))
        weight = posterior * counts
        new = {name: _frequencies(patterns[:, i], weight) for i, name in enumerate(kinds)}
        moved = max((float(np.abs(new[name] - m[name]).max()) for name in kinds), default=0.0)
        m = new
        prior = float(np.clip(weight.sum() / max(whole, 1.0), 1e-12, 0.5))
        if moved < 1e-5:
            break
    return Model(kinds, m, u, prior, True)


def _bits(model: Model, name: str, column: Column, seen: Levels, one: Ids) -> Floats:
    """The part of one field for each pair; an equal value counts by its own share, not by that of an average one."""
    m, u = np.maximum(model.m[name], _TINY), np.maximum(model.u[name], _TINY)
    part = np.log2(m / u)
    part[0] = 0.0
    found: Floats = part[seen]
    equal = seen == 1
    if model.learned and equal.any() and model.kinds[name] in ("name", "words", "date", "number"):
        shares = column.shares()[column.numbers[one[equal]]]
        found[equal] = np.log2(m[1] / np.maximum(shares, u[1] / 50))
    return found


def _patterns(seen: Mapping[str, Levels]) -> tuple[NDArray[np.int64], Floats]:
    code = np.zeros(len(next(iter(seen.values()))), np.int64)
    for column in seen.values():
        code = code * _COUNT + column
    patterns, counts = np.unique(code, return_counts=True)
    digits = np.stack([patterns // _COUNT**k % _COUNT for k in range(len(seen) - 1, -1, -1)], axis=1)
    return digits, counts.astype(np.float64)


def _frequencies(found: NDArray[np.int64] | Levels, weight: Floats | None) -> Floats:
    """Share of each level among pairs where the field is known on both sides; place 0 stays 0."""
    counts = np.bincount(found, weights=weight, minlength=_COUNT).astype(np.float64)
    counts[0] = 0.0
    counts[1:] += _PRIOR_COUNT
    shares: Floats = counts / counts.sum()
    return shares
