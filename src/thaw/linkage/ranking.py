"""From scores to an honest list: the best cases with reasons, and how many of them are expected to be true.

In: `Scores`, a mask of the cases that may be ranked, a `Prior`. Out: `Ranking`. Ties fall by id, so the list does not
depend on the order of the input. A rank is a lead for people to judge, never a finding.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thaw.errors import InputError
from thaw.linkage.calibration import Calibration
from thaw.linkage.preset import Prior
from thaw.linkage.profiles import Floats, input_digest
from thaw.linkage.rates import Rates
from thaw.linkage.scoring import Scores

COVER = 0.90
_CANDIDATES = 5
_LEAST_CANDIDATES = 200
_SAMPLED = 64
# Smaller factors are rounding: a county that all cases share must not stand as -5e-17 against a link.
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Part:
    """What one feature says about a pair.

    ours, theirs  the query's value and the other's, as a code or an interval in text
    how_common    share of the background with our value; for age, place and time at least as near as theirs
    in_words      the same share as a person would say it
    separation    expected distance in `unit` (years, km, days), None for codes
    """

    feature: str
    log10_bf: float
    ours: str
    theirs: str
    how_common: float
    in_words: str
    separation: float | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class Match:
    """One case of the list, at row `index` of the profiles scored.

    log10_bf  adds up from the parts; `calibrated_log10_bf` is what such factors turned out to be worth, if labels say

    parts     features known on both sides, strongest for it first; `against` = those below 0, strongest first
    missing   features unknown on either side; `ask_next` = the one expected to say most, None if none can say anything
    """

    rank: int
    index: int
    id: str
    log10_bf: float
    posterior: float
    parts: tuple[Part, ...]
    missing: tuple[str, ...]
    ask_next: str | None
    calibrated_log10_bf: float | None = None

    @property
    def against(self) -> tuple[Part, ...]:
        """What speaks against one offender, strongest first."""
        return tuple(sorted((part for part in self.parts if part.log10_bf < 0), key=lambda part: part.log10_bf))


@dataclass(frozen=True, slots=True)
class Ranking:
    """The list and what it is worth.

    expected_true, expected_false  add up to the length of the list
    expected_true_interval         5 % and 95 % points of the number of true ones, if the posteriors hold
    searched                       cases that could have been ranked; model, inputs: to compute the same list again
    """

    results: tuple[Match, ...]
    searched: int
    prior_log10_odds: float
    expected_true: float
    expected_false: float
    expected_true_interval: tuple[int, int]
    calibration: str
    model: str
    inputs: str


def rank(
    scores: Scores,
    eligible: NDArray[np.bool_] | None = None,
    *,
    top: int = 10,
    prior: Prior | None = None,
    calibration: Calibration | None = None,
) -> Ranking:
    """The `top` eligible cases by log10 Bayes factor, equal ones by id; the query itself is never among them.

    eligible  mask of N cases (all if None): leave out co-victims and what must not be linked
    prior     of the unit; the preset's if None
    calibration  learned from labels with the preset of these scores; without it factors are taken as they are
    Raises InputError for a mask of another length or top < 0.
    """
    mask = _mask(scores, eligible, top)
    searched = int(mask.sum())
    believed = scores.background.preset.prior if prior is None else prior
    prior_log10 = believed.log10_odds(max(2, searched + 1))
    chosen, factors = _best(scores, mask, top)
    alike = _alike(scores)
    matches = tuple(
        _match(scores, place, row, factor, prior_log10, alike)
        for place, (row, factor) in enumerate(zip(chosen, factors, strict=True), start=1)
    )
    if calibration is not None:
        matches = tuple(_calibrated(match, calibration, prior_log10) for match in matches)
    posteriors = [match.posterior for match in matches]
    return Ranking(
        results=matches,
        searched=searched,
        prior_log10_odds=prior_log10,
        expected_true=float(sum(posteriors)),
        expected_false=float(sum(1.0 - posterior for posterior in posteriors)),
        expected_true_interval=_interval(matches, calibration, prior_log10),
        calibration=scores.background.preset.calibration,
        model=scores.background.preset.model_id,
        inputs=_inputs(scores, mask, top, believed),
    )


def _alike(scores: Scores) -> dict[str, Floats]:
    """Alikeness of the query's values to every level of the background, which the scores hold for their own cases."""
    if scores.coded is scores.background.coded:
        return dict(scores.alike)
    return {
        name: rate.comparison.alike(scores.values[name])
        for name, rate in scores.background.rates.items()
        if rate.comparison.unit is not None and rate.known and name in scores.values
    }


def _calibrated(match: Match, calibration: Calibration, prior_log10: float) -> Match:
    measured = float(calibration.log10_bf(match.log10_bf))
    return replace(match, calibrated_log10_bf=measured, posterior=posterior(measured, prior_log10))


def _interval(matches: tuple[Match, ...], calibration: Calibration | None, prior_log10: float) -> tuple[int, int]:
    """Scatter by chance, and with a calibration also how far other series would have moved it."""
    if calibration is None or not matches:
        return true_count_interval([match.posterior for match in matches])
    drawn = calibration.log10_bf_draws(np.array([match.log10_bf for match in matches]))
    ends = [true_count_interval([posterior(one, prior_log10) for one in draw]) for draw in drawn.tolist()]
    low, high = np.array(ends).T
    return int(np.quantile(low, 0.05, method="lower")), int(np.quantile(high, 0.95, method="higher"))


def posterior(log10_bf: float, prior_log10_odds: float) -> float:
    """Probability from prior odds times Bayes factor, both in log10; between 0 and 1."""
    log10_odds = log10_bf + prior_log10_odds
    if log10_odds > 0:
        return float(1.0 / (1.0 + 10.0**-log10_odds))
    return float(10.0**log10_odds / (1.0 + 10.0**log10_odds))


def true_count_interval(posteriors: list[float], cover: float = COVER) -> tuple[int, int]:
    """Central interval of a sum of independent yes/no events with these probabilities (Poisson binomial, exact).

    The smallest counts whose cumulative probability reaches (1-cover)/2 and (1+cover)/2; (0, 0) for no events.
    """
    chance = np.array([1.0])
    for probability in posteriors:
        chance = np.append(chance * (1.0 - probability), 0.0) + np.append(0.0, chance * probability)
    reached = np.cumsum(chance) + 1e-12
    low, high = (int(np.searchsorted(reached, point)) for point in ((1 - cover) / 2, (1 + cover) / 2))
    return low, min(high, len(posteriors))


def share_in_words(share: float) -> str:
    """A share of cases as a person would say it: "3 in 100 cases", "1 in 2,300 cases"."""
    if share <= 0:
        return "no case known"
    if share >= 0.995:
        return "nearly all cases"
    if share >= 0.0095:
        return f"{round(share * 100)} in 100 cases"
    many = 1 / share
    digits = len(str(int(many))) - 2
    return f"1 in {round(many / 10**digits) * 10**digits:,} cases"


def _mask(scores: Scores, eligible: NDArray[np.bool_] | None, top: int) -> NDArray[np.bool_]:
    count = scores.total.size
    if top < 0:
        raise InputError(where="length of the list", got=str(top), want="0 or more", fix="Ten is usual.")
    mask = np.ones(count, dtype=np.bool_) if eligible is None else np.array(eligible, dtype=np.bool_)
    if mask.shape != (count,):
        raise InputError(
            where="cases that may be ranked",
            got=f"a mask of shape {mask.shape}",
            want=f"{count} values, one per case",
            fix="Build it from the same cases.",
        )
    own = scores.coded.profiles.ids.find(scores.query.id)
    if own >= 0:
        mask[own] = False
    return mask


def _best(scores: Scores, mask: NDArray[np.bool_], top: int) -> tuple[list[int], list[float]]:
    """The rows of the list and their log10 Bayes factors.

    Candidates are taken by the sum of their parts, which is quick for a million cases, and put in order by the
    factor that averages over how steady offenders are. Both orders are nearly the same: some hundreds hold the list.
    """
    candidates = _by_sum(scores, mask, max(_CANDIDATES * top, _LEAST_CANDIDATES) if top else 0)
    factors = scores.log10_bf(np.array(candidates, dtype=np.intp)).tolist()
    ids = scores.coded.profiles.ids
    order = sorted(range(len(candidates)), key=lambda place: (-factors[place], ids[candidates[place]]))[:top]
    return [candidates[place] for place in order], [factors[place] for place in order]


def _by_sum(scores: Scores, mask: NDArray[np.bool_], count: int) -> list[int]:
    rows = np.flatnonzero(mask) if not mask.all() else np.arange(mask.size)
    if rows.size == 0 or count == 0:
        return []
    totals = scores.total[rows]
    rows, totals = _upper(rows, totals, count)
    bar = float(np.partition(totals, max(rows.size - count, 0))[max(rows.size - count, 0)])
    above = rows[totals > bar]
    # A hundred thousand equal cases may stand at the bar: pick by id without sorting them all.
    level = rows[totals == bar]
    wanted = min(count, rows.size) - above.size
    if wanted < level.size:
        place = scores.coded.profiles.ids.place[level]
        level = level[np.argpartition(place, wanted - 1)[:wanted]] if wanted else level[:0]
    return [*above.tolist(), *level.tolist()]


def _upper(rows: NDArray[np.intp], totals: Floats, count: int) -> tuple[NDArray[np.intp], Floats]:
    """The rows at or above a bar that at least `count` of them reach: ordering a million for ten takes too long."""
    sampled = totals[::_SAMPLED]
    place = sampled.size - 1 - 4 * (count // _SAMPLED + 1)
    if place < 1:
        return rows, totals
    high = totals >= np.partition(sampled, place)[place]
    return (rows[high], totals[high]) if int(high.sum()) >= count else (rows, totals)


def _match(
    scores: Scores, place: int, row: int, log10_bf: float, prior_log10: float, alike: Mapping[str, Floats]
) -> Match:
    factors = scores.parts_of(row)
    bars = scores.background.preset.steadiness.bars(list(factors.values()))
    parts = [
        _part(scores, name, row, bar, alike.get(name)) for name, bar in zip(factors, map(_plain, bars), strict=True)
    ]
    missing = tuple(name for name in scores.features if name not in factors)
    return Match(
        rank=place,
        index=row,
        id=scores.coded.profiles.ids[row],
        log10_bf=_plain(log10_bf),
        posterior=posterior(log10_bf, prior_log10),
        parts=tuple(sorted(parts, key=lambda part: -part.log10_bf)),
        missing=missing,
        ask_next=_ask_next(scores, missing, row),
    )


def _plain(log10_bf: float) -> float:
    return 0.0 if abs(log10_bf) < _ROUNDING else log10_bf


def _part(scores: Scores, name: str, row: int, factor: float, alike: Floats | None) -> Part:
    rate, ours, theirs = scores.background.rates[name], scores.values[name], _theirs(scores, name, row)
    share = rate.share_at_least_as_alike(ours, theirs, alike)
    return Part(
        feature=name,
        log10_bf=factor,
        ours=rate.comparison.label(ours),
        theirs=rate.comparison.label(theirs),
        how_common=share,
        in_words=share_in_words(share),
        separation=rate.comparison.separation(ours, theirs),
        unit=rate.comparison.unit,
    )


def _theirs(scores: Scores, name: str, row: int) -> Any:
    code = int(scores.coded.codes[name][row])
    return None if code < 0 else scores.coded.comparisons[name].level(code)


def _ask_next(scores: Scores, missing: tuple[str, ...], row: int) -> str | None:
    """The missing feature with the largest expected log10 Bayes factor, were both cases one offender's.

    None where no missing feature can say anything: a feature that no case of the book has tells no case from another.
    """

    def gain(name: str) -> float:
        rate: Rates = scores.background.rates[name]
        known = scores.values.get(name)
        return rate.expected_gain(_theirs(scores, name, row) if known is None else known)

    best = max(missing, key=gain, default=None)
    return best if best is not None and gain(best) > _ROUNDING else None


def _inputs(scores: Scores, mask: NDArray[np.bool_], top: int, prior: Prior) -> str:
    profiles = scores.coded.profiles
    background = scores.background
    own = profiles is background.coded.profiles
    cases = background.digest if own else f"{background.digest}\0{profiles.digest()}"
    left_out = "\0".join(sorted(profiles.ids[int(row)] for row in np.flatnonzero(~mask)))
    words = (input_digest(cases, scores.query), left_out, str(top), repr(prior.serial_share), repr(prior.series_length))
    return hashlib.sha256("\0".join(words).encode()).hexdigest()
