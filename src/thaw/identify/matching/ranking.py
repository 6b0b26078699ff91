"""From supports to an answer: the candidates, "none of these", and the lane for those whom one wrong field hides."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from thaw.errors import InputError

from .columns import Ints
from .gallery import LN10, Gallery
from .model import Floats, Model
from .person import FIELDS, PersonRecord

LANE = 5  # at least, beside a list of ten; beside a longer one half as many as it has, up to LANE_LEAST
LANE_LEAST = 25
LANE_COVERS = 0.98  # of the probability without the field: the lane goes on until then
# As many as somebody can still page through; of the place, which tells most people apart, as many as it takes in most
# cases: docs/decisions/0013-exception-lane.md.
LANE_MOST, LANE_MOST_OF = 250, {"place": 2_500}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One missing person as the name of a body.

    rank        from 1, by support with DNA
    index       place in the gallery
    posterior   probability among all of the list and "none of these", 0..1
    log10_support  sum of the fields, DNA apart; parts  its share by field, only those known on both sides
    dna_log10_lr   what kinship says, None when nothing was computed
    state       open, contradiction (a field speaks strongly against), or ruled_out (an expert's statement)
    """

    rank: int
    index: int
    id: str
    posterior: float
    log10_support: float
    parts: Mapping[str, float]
    dna_log10_lr: float | None
    state: str


@dataclass(frozen=True, slots=True)
class Overlooked:
    """Somebody not in the list who would stand high if one recorded field were wrong, or two.

    rank     with these fields left out
    without  the field, or two of them with a comma between
    """

    without: str
    index: int
    id: str
    rank: int


@dataclass(frozen=True, slots=True)
class Lane:
    """With fields left out, the best of those who do not stand in the list, best first.

    without  the field, or two of them with a comma between
    ids, indices, ranks  one of each for everybody shown; ranks with these fields left out
    covers   probability that list and lane hold the person, if the person is among those searched and what the body's
             record says in these fields is worthless: 0..1
    wanted   how many the lane would have to show so that this is LANE_COVERS
    Both are None for two fields, of which only some are looked for.
    """

    without: str
    ids: tuple[str, ...]
    indices: tuple[int, ...]
    ranks: tuple[int, ...]
    covers: float | None
    wanted: int | None


@dataclass(frozen=True, slots=True)
class Matches:
    """Answer for one body. `none_of_these` and the posteriors of all of the list add up to 1.

    lanes  one for each field left out, then one for every two that show somebody else
    """

    searched: int
    candidates: tuple[Candidate, ...]
    none_of_these: float
    lanes: tuple[Lane, ...]
    ruled_out: int
    contradiction_only: int
    model: str

    @property
    def lane(self) -> tuple[Overlooked, ...]:
        """Everybody of all lanes, one after the other."""
        return tuple(
            Overlooked(one.without, *row)
            for one in self.lanes
            for row in zip(one.indices, one.ids, one.ranks, strict=True)
        )


def match(
    person: PersonRecord,
    gallery: Gallery,
    *,
    top: int = 10,
    ruled_out: Collection[str] = (),
    dna: Mapping[str, float] | None = None,
    in_list: float | None = None,
    lane: int | None = None,
    lane_most: int | None = None,
    beside: int | None = None,
) -> Matches:
    """Rank the missing of `gallery` as the name of `person`.

    ruled_out  ids that an expert's statement excludes: never in the list, always counted
    dna        log10 likelihood ratio of kinship by id, as far as computed
    in_list    prior chance that the person stands in the list, 0..1 without the ends; default that of the model
    lane       how many of those not listed are shown for each field left out; None: at least half of `top` (5 to 25),
               and on until the lane covers LANE_COVERS, or has `lane_most` (LANE_MOST, of some LANE_MOST_OF)
    beside     the lanes are those beside a list of so many; default `top`
    Raises InputError for a prior that is no chance.
    """
    supports, left_out = (gallery.supports(person), None) if lane == 0 else gallery.compared(person)
    return rank(
        supports,
        gallery.position,
        gallery.model,
        top=top,
        ruled_out=ruled_out,
        dna=dna,
        in_list=in_list,
        lane=lane,
        lane_most=lane_most,
        beside=beside,
        left_out=left_out,
    )


def rank(
    supports: Floats,
    position: Mapping[str, int],
    model: Model,
    *,
    top: int = 10,
    ruled_out: Collection[str] = (),
    dna: Mapping[str, float] | None = None,
    in_list: float | None = None,
    lane: int | None = None,
    lane_most: int | None = None,
    beside: int | None = None,
    left_out: Mapping[tuple[str, ...], Floats] | None = None,
) -> Matches:
    """As `match`, for supports of shape (fields, people) that are there already; `position` is the place of each id.

    left_out  by fields what all others say if nobody had recorded those, shape (people,) each; None: each field in
              turn, the others as they are
    """
    size, caps, ids = len(position), model["caps"], list(position)
    beside = top if beside is None else beside
    least = min(max(LANE, beside // 2), LANE_LEAST) if lane is None else lane
    most = _longest(least, lane, lane_most)
    out, lr = np.zeros(size, dtype=np.bool_), np.full(size, np.nan)
    out[[position[one] for one in ruled_out if one in position]] = True
    for one, log10_lr in (dna or {}).items():
        if one in position:
            # A ratio of 0 hangs on a model; only an expert's statement rules out.
            lr[position[one]] = max(log10_lr, caps["total_low"])
    plain = np.maximum(supports.sum(axis=0), caps["total_low"])
    score = np.where(out, -np.inf, plain + np.nan_to_num(lr))
    posterior, none = _posterior(score, _prior(size, model, in_list))
    contradicted = (supports <= caps["contradiction"]).any(axis=0)
    order = _best(score, top)
    candidates = tuple(
        Candidate(
            rank=place,
            index=int(i),
            id=ids[i],
            posterior=float(posterior[i]),
            log10_support=float(plain[i]),
            parts={name: float(supports[f, i]) for f, name in enumerate(FIELDS) if supports[f, i] != 0},
            dna_log10_lr=None if np.isnan(lr[i]) else float(lr[i]),
            state="contradiction" if contradicted[i] else "open",
        )
        for place, i in enumerate(order, start=1)
    )
    return Matches(
        searched=size,
        candidates=candidates,
        none_of_these=none,
        lanes=tuple(
            _lanes(supports, left_out, np.where(out, -np.inf, np.nan_to_num(lr)), ids, order[:beside], least, most)
        ),
        ruled_out=int(out.sum()),
        contradiction_only=int((contradicted & ~out).sum()),
        model=model.id,
    )


def _longest(least: int, lane: int | None, lane_most: int | None) -> Callable[[str], int]:
    """The longest that the lane of a field may be: exactly `lane`, or at most `lane_most`, or what is usual for it."""

    def longest(field: str) -> int:
        if lane is not None:
            return lane
        return max(least, LANE_MOST_OF.get(field, LANE_MOST) if lane_most is None else lane_most)

    return longest


def _lanes(
    supports: Floats,
    left_out: Mapping[tuple[str, ...], Floats] | None,
    apart: Floats,
    ids: Sequence[str],
    shown: Ints,
    least: int,
    most: Callable[[str], int],
) -> Iterator[Lane]:
    """With each field left out in turn, the best of those who do not stand in the list already.

    apart  what counts beside the fields: DNA, and -inf for who is ruled out
    """
    if not least:
        return
    # Not the score of the list: its floor would hide what is below it.
    total = supports.sum(axis=0)
    if left_out is None:
        left_out = {(name,): total - supports[f] for f, name in enumerate(FIELDS) if supports[f].any()}
    listed = np.zeros(len(total), dtype=np.bool_)
    listed[shown] = True
    told = listed.copy()
    for names, plain in left_out.items():
        without = plain + apart
        covers, wanted = None, None
        if len(names) == 1:
            order = _best(np.where(listed, -np.inf, without), most(names[0]))
            covers, wanted = _covered(without, shown, order, least)
            order = order[: max(wanted, least)]
        else:
            # A wider net without a promise: of two fields the best whom no single one shows at first sight.
            order = _best(np.where(told, -np.inf, without), least)
        if len(order):
            told[order[:least]] = True
            places = order.tolist()  # plain numbers: indexing by those of numpy is slow
            named = tuple([ids[i] for i in places])
            yield Lane(", ".join(names), named, tuple(places), _ranks(without, order), covers, wanted)


def _ranks(without: Floats, order: Ints) -> tuple[int, ...]:
    """From 1: how many of all stand before each."""
    if len(order) <= LANE:
        return tuple(int(np.count_nonzero(without > without[i])) + 1 for i in order)
    whole = np.sort(without)
    return tuple((len(whole) - np.searchsorted(whole, without[order], side="right") + 1).tolist())


def _covered(without: Floats, shown: Ints, order: Ints, least: int) -> tuple[float, int]:
    """What the list and those of `order` that are shown hold of the probability; how many it takes for LANE_COVERS."""
    highest = float(without.max())
    if not np.isfinite(highest):
        return 0.0, 0
    weight = np.exp((without - highest) * LN10)
    total = float(weight.sum())
    held = float(weight[shown].sum()) + np.concatenate([[0.0], np.cumsum(weight[order])])
    wanted = int(np.searchsorted(held, LANE_COVERS * total))
    if wanted <= len(order):
        return min(float(held[max(wanted, min(least, len(order)))]) / total, 1.0), wanted
    # Longer than the lane may be: how long, is told all the same.
    rest = weight.copy()
    rest[shown] = 0.0
    longer = np.cumsum(np.sort(rest)[::-1])
    wanted = int(np.searchsorted(longer, LANE_COVERS * total - held[0])) + 1
    return float(held[-1]) / total, min(wanted, len(rest) - len(shown))


def _best(score: Floats, top: int) -> Ints:
    """Indices of the highest, best first; equal ones in the order of the list; those ruled out never."""
    if top < len(score):
        bar = np.partition(score, len(score) - top)[len(score) - top]
        near = np.flatnonzero(score >= bar)
    else:
        near = np.arange(len(score))
    order = near[np.lexsort((near, -score[near]))][:top]
    chosen: Ints = order[np.isfinite(score[order])]
    return chosen


def _prior(size: int, model: Model, in_list: float | None) -> float:
    table = model["prior"]
    if in_list is None:
        return float(table["in_list"]) * min(1.0, size / float(table["full_list"]))
    if not 0 < in_list < 1:
        raise InputError(
            where="prior of an identification",
            got=f"{in_list:g}",
            want="a chance between 0 and 1",
            fix="Three in ten is 0.3.",
        )
    return in_list


def _posterior(score: Floats, in_list: float) -> tuple[Floats, float]:
    """Each of the list and none of them: softmax over log10 support, the prior shared out evenly."""
    if not np.isfinite(score).any():
        return np.zeros(len(score)), 1.0
    logits = score * LN10 + np.log(in_list / len(score))
    none = float(np.log1p(-in_list))
    highest = max(float(logits.max()), none)
    odds = np.exp(logits - highest)
    total = float(odds.sum()) + np.exp(none - highest)
    return odds / total, float(np.exp(none - highest) / total)
