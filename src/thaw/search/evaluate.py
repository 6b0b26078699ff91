"""Which texts meet a query, and how well: sets and scores as arrays over all texts, the same on every engine.

The score is BM25 with k1 = 1.2 and b = 0.75 (Robertson and Zaragoza 2009), summed over the parts of the query, times
the weight of the kind of text. How rare a part is, how many texts there are and how long they are on average is counted
over what the reader may see, and over nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .directory import Ids, Mask
from .engine import Engine
from .matching import Bound, bind, bind_as_typed
from .query import SMALL_WORDS, All, Any, Condition, Kept, Node, Not, Pattern, Phrase, Regex, Word, small_words

K1, B = 1.2, 0.75
KIND_WEIGHTS = {"name": 3.0, "title": 2.0, "record": 1.5, "decision": 1.0, "page": 1.0}
_OR_AT_ONCE = 200
Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Hits:
    """Texts by id, each once, in order, with their scores."""

    ids: Ids
    scores: Scores

    def kept(self, chosen: Mask) -> Hits:
        """Those of which the mask, as long as this, says yes."""
        return Hits(self.ids[chosen], self.scores[chosen])


@dataclass
class Evaluation:
    """A query on its way through an engine; `bound` holds the parts that texts may be found by, in order."""

    engine: Engine
    conditions: Callable[[Condition], Mask]
    bound: list[Bound]

    def run(self, node: Node) -> Hits:
        """The texts that meet this. Raises InputError for a pattern that too many words fit."""
        directory = self.engine.directory
        hits = self._node(node, found=True)
        factor = np.array([KIND_WEIGHTS.get(kind or "", 1.0) for kind in directory.values("kind")], np.float32)
        return Hits(hits.ids, hits.scores * factor[directory.numbers("kind")[hits.ids]])

    def _node(self, node: Node, *, found: bool) -> Hits:
        match node:
            case Word() | Pattern() | Regex() | Phrase():
                return self._leaf(node, found=found)
            case Condition():
                ids = np.flatnonzero(self.conditions(node) & self.engine.directory.there())
                return Hits(ids, np.zeros(len(ids), np.float32))
            case Kept(kind=kind, part=part):
                hits = self._node(part, found=found)
                return hits.kept(self.engine.directory.where("kind", [kind])[hits.ids])
            case Any(parts=parts):
                return _either([self._node(part, found=found) for part in parts])
            case All():
                return self._all(node, found=found)
        raise AssertionError(f"a query that asks for nothing: {node}")

    def _all(self, node: All, *, found: bool) -> Hits:
        skipped = small_words(node)
        asked: list[Node] = [
            part for part in node.parts if part not in skipped and not isinstance(part, Not | Condition)
        ]
        limits: list[Node] = [part for part in node.parts if isinstance(part, Condition)]
        hits = self._node(asked[0] if asked else limits.pop(0), found=found)
        for part in asked[1:]:
            hits = _both(hits, self._node(part, found=found))
        for limit in (part for part in limits if isinstance(part, Condition)):
            hits = hits.kept(self.conditions(limit)[hits.ids])
        for part in node.parts:
            if isinstance(part, Not):
                hits = hits.kept(~self._is_met(part.part, hits.ids))
        return hits

    def _is_met(self, node: Node, ids: Ids) -> Mask:
        if isinstance(node, Condition):
            return self.conditions(node)[ids]
        return _among(ids, self._node(node, found=False).ids)

    def _leaf(self, part: Word | Pattern | Regex | Phrase, *, found: bool) -> Hits:
        bound = bind(part, self.engine.lexicon) if _needs_words(part) else bind_as_typed(part)
        if found:
            self.bound.append(bound)
        if isinstance(part, Phrase):
            pieces = list(self._rows(bound))
        elif isinstance(part, Word) and part.text in SMALL_WORDS:
            pieces = [(self.engine.side_by_side([(part.text,)]), 1.0)]
        elif bound.start is not None:
            pieces = [(self.engine.beginning(bound.start), 1.0)]
        else:
            pieces = list(self._words(bound))
        ids, times, best = _counted(pieces)
        return Hits(ids, self._bm25(ids, times) * best)

    def _words(self, bound: Bound) -> Iterator[tuple[Ids, float]]:
        patterns = [form.words for form in bound.forms if form.why == "pattern"]
        for start in range(0, len(patterns), _OR_AT_ONCE):
            yield self.engine.side_by_side(patterns[start : start + _OR_AT_ONCE]), 1.0
        for form in bound.forms:
            if form.why == "exact":
                yield self.engine.places(form.words[0]), form.weight
        # Other forms are many and rare: one question for all that count the same, each text once.
        others = [form for form in bound.forms if form.why not in ("exact", "pattern")]
        for weight in sorted({form.weight for form in others}, reverse=True):
            rows = [form.words for form in others if form.weight == weight]
            yield self.engine.side_by_side(rows), weight

    def _rows(self, bound: Bound) -> Iterator[tuple[Ids, float]]:
        for weight in sorted({form.weight for form in bound.forms}, reverse=True):
            rows = [form.words for form in bound.forms if form.weight == weight]
            for start in range(0, len(rows), _OR_AT_ONCE):
                yield self.engine.side_by_side(rows[start : start + _OR_AT_ONCE], bound.within), weight

    def _bm25(self, ids: Ids, times: Scores) -> Scores:
        directory = self.engine.directory
        rarity = np.float32(np.log(1 + (directory.count - len(ids) + 0.5) / (len(ids) + 0.5)))
        length = directory.relative_length[ids]
        scores: Scores = (rarity * times * (K1 + 1) / (times + K1 * (1 - B + B * length))).astype(np.float32)
        return scores


def _counted(pieces: list[tuple[Ids, float]]) -> tuple[Ids, Scores, Scores]:
    """Texts, how many places each has, and the best weight among those; places come in the order of texts."""
    pieces = [(places, weight) for places, weight in pieces if len(places)]
    if not pieces:
        return np.zeros(0, np.int64), np.zeros(0, np.float32), np.zeros(0, np.float32)
    counted = [(*_runs(places), weight) for places, weight in pieces]
    if len(counted) == 1:
        ids, counts, weight = counted[0]
        return ids, counts.astype(np.float32), np.full(len(ids), weight, np.float32)
    every = np.concatenate([ids for ids, _, _ in counted])
    order = np.argsort(every, kind="stable")
    every = every[order]
    times = np.concatenate([counts for _, counts, _ in counted])[order]
    weights = np.concatenate([np.full(len(ids), weight, np.float32) for ids, _, weight in counted])[order]
    starts = np.flatnonzero(np.concatenate([[True], every[1:] != every[:-1]]))
    return every[starts], np.add.reduceat(times, starts).astype(np.float32), np.maximum.reduceat(weights, starts)


def _runs(places: Ids) -> tuple[Ids, NDArray[np.int64]]:
    starts = np.flatnonzero(np.concatenate([[True], places[1:] != places[:-1]]))
    return places[starts], np.diff(np.append(starts, len(places)))


def _either(parts: list[Hits]) -> Hits:
    every = np.concatenate([part.ids for part in parts])
    if not len(every):
        return Hits(every, np.zeros(0, np.float32))
    order = np.argsort(every, kind="stable")
    every, scores = every[order], np.concatenate([part.scores for part in parts])[order]
    starts = np.flatnonzero(np.concatenate([[True], every[1:] != every[:-1]]))
    return Hits(every[starts], np.add.reduceat(scores, starts))


def _both(one: Hits, other: Hits) -> Hits:
    few, many = (one, other) if len(one.ids) <= len(other.ids) else (other, one)
    if not len(few.ids):
        return few
    places = np.minimum(np.searchsorted(many.ids, few.ids), len(many.ids) - 1)
    there = many.ids[places] == few.ids
    return Hits(few.ids[there], few.scores[there] + many.scores[places[there]])


def _among(ids: Ids, others: Ids) -> Mask:
    if not len(others):
        return np.zeros(len(ids), np.bool_)
    places = np.minimum(np.searchsorted(others, ids), len(others) - 1)
    return np.asarray(others[places] == ids)


def _needs_words(part: Word | Pattern | Regex | Phrase) -> bool:
    """Whether the vocabulary is needed: what is taken as it stands is found without reading it."""
    if isinstance(part, Word):
        return not part.exact
    return not isinstance(part, Phrase) or part.joined or any(isinstance(p, Pattern) for p in part.parts)
