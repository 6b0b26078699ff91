"""Series: how well a case fits a known one, and groups of cases that may be one.

A case against a series is a sequential copy model: its value is copied from one of the members, each as likely as the
others, or drawn anew, so that what most members share counts for more; how steady this offender is, the members have
shown among themselves. Groups are found by average linkage on posterior log odds, never closed by single links.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thaw.errors import InputError
from thaw.linkage.all_pairs import nearest
from thaw.linkage.background import Background
from thaw.linkage.commonness import pair_log10_bf, pair_parts
from thaw.linkage.preset import Prior
from thaw.linkage.ranking import posterior
from thaw.linkage.scoring import Scores

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]
_NEIGHBOURS = 20
_HALF = 0.3  # log10 of 2
MOST_TOGETHER = 600  # cases that are compared all with all to form groups: 180,000 pairs


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a case fits a known series: log10 of the predictive Bayes factor over "none of them"."""

    name: str
    members: tuple[int, ...]
    log10_bf: float
    posterior: float
    best_member: int


@dataclass(frozen=True, slots=True)
class Group:
    """Cases that may be one series.

    core    cases of which every two speak for one offender; fringe = cases that only fit on the whole
    log10_odds  mean posterior log10 odds of the pairs of the group
    """

    core: tuple[int, ...]
    fringe: tuple[int, ...]
    log10_odds: float


def fit_series(scores: Scores, series: Mapping[str, Sequence[int]], prior: Prior) -> list[Fit]:
    """Known series by how well the query fits them, best first; a series without members other than the query is none.

    series  row numbers of the members, by name. Raises InputError for a row that is not among the cases scored.
    """
    count = scores.total.size
    own = scores.coded.profiles.ids.find(scores.query.id)
    prior_log10 = prior.log10_odds(max(2, count))
    fits = []
    for name in sorted(series):
        members = tuple(sorted({int(row) for row in series[name]} - {own}))
        if any(not 0 <= row < count for row in members):
            raise InputError(
                where=f"series {name}", got="a case that is not there", want="rows of the cases", fix="Leave it out."
            )
        if not members:
            continue
        log10_bf, best = _predictive(scores, members)
        fits.append(Fit(name, members, log10_bf, posterior(log10_bf, prior_log10), best))
    return sorted(fits, key=lambda fit: (-fit.log10_bf, fit.name))


def _predictive(scores: Scores, members: tuple[int, ...]) -> tuple[float, int]:
    """log10 predictive Bayes factor, and the member that is most alike."""
    background = scores.background
    rows = np.array(members, dtype=np.intp)
    factors, known = np.zeros((rows.size, len(scores.rows))), np.zeros((rows.size, len(scores.rows)), dtype=np.bool_)
    for place, (name, by_level) in enumerate(scores.rows.items()):
        codes = scores.coded.codes[name][rows]
        factors[:, place], known[:, place] = 10 ** by_level[codes], codes >= 0
    total = np.log10(np.maximum(factors, 1e-300)).sum(axis=1)
    counted = known.sum(axis=0)
    mean = np.where(counted > 0, np.where(known, factors, 0.0).sum(axis=0) / np.maximum(counted, 1), 1.0)
    shares = _shown_steadiness(background, rows)
    degrees = np.array(background.preset.steadiness.degrees)
    by_degree = np.prod(1 + degrees[:, None] * (mean[None, :] - 1), axis=1)
    return float(np.log10(shares @ by_degree)), int(rows[int(np.argmax(total))])


def against_all(background: Background, members: Sequence[int]) -> Floats:
    """log10 predictive Bayes factor of every case of the background with a series: which others belong to it.

    members  row numbers; their own factors are among the result. Never NaN
    """
    rows = np.array(sorted(set(members)), dtype=np.intp)
    degrees = np.array(background.preset.steadiness.degrees)
    by_degree = np.ones((degrees.size, len(background.coded.profiles)))
    for name, rate in background.rates.items():
        codes = background.coded.codes[name]
        known = [int(codes[row]) for row in rows if codes[row] >= 0]
        if known:
            factors = np.mean([10 ** rate.log10_bf(rate.comparison.level(code)) for code in known], axis=0)
            by_degree *= 1 + degrees[:, None] * (np.append(factors, 1.0)[codes][None, :] - 1)
    return np.asarray(np.log10(_shown_steadiness(background, rows) @ by_degree))


def _shown_steadiness(background: Background, rows: Rows) -> Floats:
    """Shares of the kinds of offenders once these cases are taken for one's: each new member against those before."""
    steadiness = background.preset.steadiness
    log_shares = np.log(np.array(steadiness.shares))
    degrees = np.array(steadiness.degrees)
    for place in range(1, rows.size):
        before = rows[:place]
        parts = pair_parts(background, before, np.full(place, rows[place], dtype=np.intp))
        mean = np.mean(10**parts, axis=0)
        log_shares += np.log(1 + degrees[:, None] * (mean[None, :] - 1)).sum(axis=1)
    shares = np.exp(log_shares - log_shares.max())
    return np.asarray(shares / shares.sum())


def discover(
    background: Background, prior: Prior, *, among: NDArray[np.bool_] | None = None, threads: int = 1
) -> list[Group]:
    """Groups among all cases (or those of a mask) whose pairs speak for one offender at even odds and more; best first.

    All pairs are scored first; groups lie among cases that lead to each other through pairs at half of the odds needed
    and better. Where more than 600 hang together, only the pairs that speak most for one offender are followed.
    """
    least = -prior.log10_odds(max(2, len(background.coded.profiles)))
    found = nearest(background, top=_NEIGHBOURS, threads=threads)
    rows = np.where((found.rows >= 0) & _both(found.rows, among), found.rows, -1)
    groups: list[Group] = []
    bar, waiting = least - _HALF, candidates(rows, found.log10_bf, least - _HALF)
    while waiting:
        groups += [g for some in waiting if len(some) <= MOST_TOGETHER for g in find_groups(background, some, prior)]
        crowd = {row for some in waiting if len(some) > MOST_TOGETHER for row in some}
        bar += 2 * _HALF
        inside = np.isin(np.arange(rows.shape[0]), sorted(crowd))
        rows = np.where(_both(rows, inside), rows, -1)
        waiting = candidates(rows, found.log10_bf, bar) if crowd else []
    return sorted(groups, key=lambda group: (-group.log10_odds, group.core))


def _both(rows: NDArray[np.int32], among: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
    """True where the case and its neighbour are both among the chosen."""
    if among is None:
        return np.ones(rows.shape, dtype=np.bool_)
    return np.asarray(among[:, None] & among[np.maximum(rows, 0)])


def find_groups(
    background: Background, rows: Sequence[int], prior: Prior, *, threshold_log10_odds: float = 0.0
) -> list[Group]:
    """Groups among these cases whose mean posterior log10 odds per pair reach the threshold; best first.

    rows  at most 600 of the background's cases, such as those that all pairs found near each other
    Raises InputError for more.
    """
    chosen = np.array(sorted(set(rows)), dtype=np.intp)
    if chosen.size > MOST_TOGETHER:
        raise InputError(
            where="groups of cases",
            got=f"{chosen.size} cases",
            want=f"at most {MOST_TOGETHER}",
            fix="Choose a county, a decade or a kind of victim.",
        )
    if chosen.size < 2:
        return []
    odds = _odds(background, chosen, prior.log10_odds(max(2, len(background.coded.profiles))))
    groups = [_with_core(chosen, odds, members) for members in average_linkage(odds, threshold_log10_odds)]
    return sorted(groups, key=lambda group: (-group.log10_odds, group.core))


def candidates(neighbours: NDArray[np.int32], log10_bf: Floats, least_log10_bf: float) -> list[list[int]]:
    """Cases that lead to each other through pairs of at least this factor: where groups can lie, not yet groups."""
    first = np.repeat(np.arange(neighbours.shape[0]), neighbours.shape[1])
    second, good = neighbours.ravel(), (log10_bf.ravel() >= least_log10_bf) & (neighbours.ravel() >= 0)
    parent = np.arange(neighbours.shape[0])

    def root(row: int) -> int:
        while parent[row] != row:
            parent[row] = parent[parent[row]]
            row = int(parent[row])
        return row

    for one, two in zip(first[good].tolist(), second[good].tolist(), strict=True):
        ends = sorted((root(one), root(two)))
        parent[ends[1]] = ends[0]
    together: dict[int, list[int]] = {}
    for row in sorted({*first[good].tolist(), *second[good].tolist()}):
        together.setdefault(root(row), []).append(row)
    return sorted(together.values(), key=lambda rows: (-len(rows), rows))


def average_linkage(odds: Floats, threshold: float) -> list[tuple[int, ...]]:
    """Clusters of two and more from an (n, n) matrix of log odds: the two with the highest mean are joined while it is
    at least the threshold. Equal means are joined in the order of their lowest members.
    """
    mean = np.array(odds, dtype=np.float64)
    np.fill_diagonal(mean, -np.inf)
    size = np.ones(mean.shape[0])
    members: list[tuple[int, ...]] = [(place,) for place in range(mean.shape[0])]
    while mean.size:
        one, two = divmod(int(np.argmax(mean)), mean.shape[0])
        if not mean[one, two] >= threshold:
            break
        joined = (size[one] * mean[one] + size[two] * mean[two]) / (size[one] + size[two])
        mean[one], mean[:, one] = joined, joined
        mean[one, one] = -np.inf
        mean[two], mean[:, two] = -np.inf, -np.inf
        size[one] += size[two]
        members[one], members[two] = (*members[one], *members[two]), ()
    return [tuple(sorted(group)) for group in members if len(group) > 1]


def _odds(background: Background, rows: Rows, prior_log10: float) -> Floats:
    first, second = np.triu_indices(rows.size, 1)
    found = np.full((rows.size, rows.size), -np.inf)
    incident = background.coded.profiles.incident[rows]
    pairs = pair_log10_bf(background, rows[first], rows[second]) + prior_log10
    # Victims of one incident are certain, not alike: they neither make a group nor break one.
    pairs = np.where((incident[first] >= 0) & (incident[first] == incident[second]), 0.0, pairs)
    found[first, second] = found[second, first] = pairs
    return found


def _with_core(rows: Rows, odds: Floats, members: tuple[int, ...]) -> Group:
    inside = odds[np.ix_(members, members)]
    mean = float(np.mean(inside[np.triu_indices(len(members), 1)]))
    np.fill_diagonal(inside, 0.0)
    # The case with the best mean first, then each that speaks for one offender with all those taken.
    order = sorted(range(len(members)), key=lambda place: (-inside[place].sum(), place))
    core: list[int] = []
    for place in order:
        if all(inside[place, other] > 0 for other in core):
            core.append(place)
    if len(core) < 2:
        core = []
    taken = {members[place] for place in core}
    return Group(
        tuple(int(rows[m]) for m in members if m in taken),
        tuple(int(rows[m]) for m in members if m not in taken),
        mean,
    )
