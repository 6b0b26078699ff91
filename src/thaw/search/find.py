"""Searches all texts of a book through an engine: the total, the best hits with the reason of each, a digest of all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np

from .directory import Ids, Mask
from .engine import Engine
from .evaluate import Evaluation, Scores
from .lexicon import WHY
from .matching import Bound
from .query import Any, Condition, Query, Word
from .snippet import Match, excerpt
from .tokens import tokens

# So many of the best are compared by how near to each other the parts of the search stand in them.
_COMPARED = 100
_TERMS_OF_A_PAGE = 12
_TERMS_TRIED = 60


@dataclass(frozen=True, slots=True)
class Found:
    """One hit: a page of a document, or words about a case; `score` is higher for better.

    kind     page, record, name, title or decision
    ref      the document, case, person or entry that the text belongs to
    version  which text layer of the page it is
    marks    where the found words stand in `snippet`: first and one past the last character of each
    why      for each part of the search that was found: as typed, what stands there, and the reason
    """

    id: int
    kind: str
    ref: str
    page: int | None
    document: str | None
    case_id: str | None
    source: str
    version: str | None
    snippet: str
    marks: tuple[tuple[int, int], ...]
    matches: tuple[Match, ...]
    score: float

    @property
    def why(self) -> str:
        """The reasons in words."""
        odd = [f'"{m.found}" for "{m.typed}": {WHY[m.why]}' for m in self.matches if m.why not in ("exact", "pattern")]
        return "; ".join(odd) or "all words as typed"

    @property
    def key(self) -> str:
        """The name of the hit in the ledger: what it is of, and the page."""
        return f"{self.ref}/{self.page or 0}"


@dataclass(frozen=True, slots=True)
class Answer:
    """All that a search found: how many texts, the best hits, and SHA-256 over the full result."""

    total: int
    hits: tuple[Found, ...]
    digest: str


class Result:
    """The full result of one query: every text that meets it, in order of score, with nothing read of it yet."""

    def __init__(
        self, engine: Engine, ids: Ids, scores: Scores, bound: list[Bound], excluded: Collection[int] = ()
    ) -> None:
        self._engine = engine
        self._bound = bound
        if excluded:
            keep = ~np.isin(engine.directory.unit[ids], list(excluded))
            ids, scores = ids[keep], scores[keep]
        units = engine.directory.unit[ids]
        self._one_each = bool((units == ids).all())
        self.total = len(ids) if self._one_each else len(np.unique(units))
        self.ids, self._scores = ids, scores
        self.digest = hashlib.sha256(ids.astype("<i8").tobytes()).hexdigest()

    def best(self, limit: int, skip: int = 0) -> tuple[Found, ...]:
        """The next `limit` hits from place `skip` on, best first; ties by id. Of several versions the best counts."""
        order = self._order(max(skip + limit, _COMPARED if len(self._bound) > 1 else 0))
        scores = self._scores[order].copy()
        chosen = self.ids[order].tolist()
        if len(self._bound) > 1:
            near = chosen[:_COMPARED]
            bodies = self._engine.bodies(near)
            scores[: len(near)] *= [_nearness(bodies.get(i, ""), self._bound) for i in near]
            # Only among themselves: what comes behind them stays behind them.
            again = np.lexsort((self.ids[order[: len(near)]], -scores[: len(near)]))
            chosen[: len(near)] = [near[k] for k in again]
            scores[: len(near)] = scores[: len(near)][again]
        chosen, scores = chosen[skip : skip + limit], scores[skip : skip + limit]
        bodies = self._engine.bodies(chosen)
        return tuple(
            self._found(i, bodies[i], float(score)) for i, score in zip(chosen, scores, strict=True) if i in bodies
        )

    def later_than(self, entry: int) -> Result:
        """The same result with only those texts that entries after this one wrote."""
        new = self._engine.directory.entry[self.ids] > entry
        return Result(self._engine, self.ids[new], self._scores[new], self._bound)

    def by_case(self) -> dict[str | None, int]:
        """How many pages and records of each case were found; None for those of no case."""
        return self.by_value("case_id")

    def by_value(self, column: str) -> dict[str | None, int]:
        """How many of the pages and records that were found have each value of a column of texts."""
        directory = self._engine.directory
        units = np.unique(directory.unit[self.ids])
        numbers, counts = np.unique(directory.numbers(column)[units], return_counts=True)
        names = directory.values(column)
        return {names[number]: int(count) for number, count in zip(numbers.tolist(), counts.tolist(), strict=True)}

    def by_quality(self, least: Sequence[float]) -> list[int]:
        """How many pages were found in readings of each band of certainty; `least` begins each band, rising.

        A page that two machines read may stand in two bands; what no machine had to read stands in none.
        """
        directory = self._engine.directory
        quality, units = directory.quality[self.ids], directory.unit[self.ids]
        known = ~np.isnan(quality)
        bands = np.searchsorted(np.asarray(least, quality.dtype), quality[known], side="right") - 1
        return [len(np.unique(units[known][bands == band])) for band in range(len(least))]

    def pages(self, most: int) -> list[tuple[str, int]]:
        """Document and number of each page that was found; none when that are more than `most`."""
        directory = self._engine.directory
        units = np.unique(directory.unit[self.ids[directory.where("kind", ["page"])[self.ids]]])
        if len(units) > most:
            return []
        names, numbers = directory.values("document_id"), directory.numbers("document_id")
        return [(str(names[numbers[unit]]), int(directory.page[unit])) for unit in units.tolist()]

    def units(self) -> list[int]:
        """Numbers of the pages and records that were found, best first."""
        order = self._order(len(self.ids))
        units: list[int] = self._engine.directory.unit[self.ids[order]].tolist()
        return units

    def _order(self, count: int) -> Ids:
        wanted = count if self._one_each else 4 * count
        places = np.arange(len(self.ids))
        if wanted < len(places):
            # All that score as much as the last one wanted must take part, or ties would be cut at random.
            least = np.partition(self._scores, len(places) - wanted)[len(places) - wanted]
            places = np.flatnonzero(self._scores >= least)
        places = places[np.lexsort((self.ids[places], -self._scores[places]))]
        if not self._one_each:
            units = self._engine.directory.unit[self.ids[places]]
            first = np.sort(np.unique(units, return_index=True)[1])
            if len(first) < min(count, self.total) and len(places) < len(self.ids):
                return self._order(count * 4)[:count]
            places = places[first]
        return places[:count].astype(np.int64)

    def _found(self, i: int, body: str, score: float) -> Found:
        directory = self._engine.directory
        value = {
            name: directory.values(name)[directory.numbers(name)[i]]
            for name in ("kind", "ref", "document_id", "case_id", "source", "version")
        }
        piece = excerpt(body, self._bound)
        page = int(directory.page[i])
        return Found(
            id=i,
            kind=value["kind"] or "",
            ref=value["ref"] or "",
            page=page if value["kind"] == "page" or (value["kind"] == "decision" and page) else None,
            document=value["document_id"],
            case_id=value["case_id"],
            source=value["source"] or "",
            version=value["version"] or None,
            snippet=piece.text,
            marks=piece.marks,
            matches=piece.matches,
            score=round(score, 4),
        )


def find_texts(
    engine: Engine,
    query: Query,
    conditions: Callable[[Condition], Mask],
    *,
    case_id: str | None = None,
    excluded: Collection[int] = (),
) -> Result:
    """All visible texts that meet a query.

    case_id   only texts of this case, such as the one that is open
    excluded  units that a person marked as not relevant
    Raises InputError for a pattern that too many words fit, and for a case that is not there.
    """
    evaluation = Evaluation(engine, conditions, [])
    hits = evaluation.run(query.root)
    if case_id is not None:
        hits = hits.kept(engine.directory.where("case_id", [case_id])[hits.ids])
    return Result(engine, hits.ids, hits.scores, evaluation.bound, excluded)


def _nearness(body: str, parts: list[Bound]) -> float:
    """2 for parts of a search that stand side by side, near 1 for those that stand far apart, by the closest pair."""
    words = tokens(body)
    gap, last, before = len(words) + 1, -1, -1
    for i, part in sorted((i, k) for k, one in enumerate(parts) for i in one.starts(words)):
        if part != before and before >= 0:
            gap = min(gap, max(i - last - 1, 0))
        last, before = i, part
    return 1 + 1 / (1 + gap)


def query_like(engine: Engine, body: str) -> Query | None:
    """A search for what is special about a text: its words that are rarest among all texts; None for an empty one."""
    words = tokens(body)
    counts: dict[str, int] = {}
    for word in words:
        if len(word) > 2:
            counts[word] = counts.get(word, 0) + 1
    likely = sorted(counts, key=lambda word: (-counts[word], -len(word), word))[:_TERMS_TRIED]
    total = max(1, int(engine.directory.there().sum()))
    worth = {}
    for word in likely:
        texts = len(np.unique(engine.places(word)))
        if 1 < texts <= total / 2 or total < 10:
            worth[word] = counts[word] * np.log(1 + total / max(texts, 1))
    chosen = sorted(worth, key=lambda word: (-worth[word], word))[:_TERMS_OF_A_PAGE]
    parts = tuple(Word(word, exact=True) for word in chosen)
    return None if not parts else Query(parts[0] if len(parts) == 1 else Any(parts))
