"""The missing people of one list, ready to be compared, and the supports that a comparison gives."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from thaw.errors import InputError

from .columns import Columns, columns_of, joined
from .likelihood import BLOCKS, Block, has
from .model import Floats, Model, load_model
from .person import FIELDS, PersonRecord
from .population import RECORDS, reference_records
from .words import WordIndex, words_of

LN10 = float(np.log(10.0))
_SAMPLE = 200  # records that tell what is common when one missing person meets all the unidentified
_ROWS = 256  # unidentified worked on at once in that direction: 256 x 500 numbers a field


@dataclass(frozen=True)
class Gallery:
    """n missing people and, behind them, the packaged population with a small weight (see `Gallery.of`).

    position  place in `records` by id"""

    records: tuple[PersonRecord, ...]
    model: Model
    columns: Columns
    weights: Floats
    marks: WordIndex
    clothing: WordIndex
    position: Mapping[str, int]

    @staticmethod
    def of(records: Sequence[PersonRecord], model: Model | None = None) -> Gallery:
        """Lay the list out once; then each comparison is a few passes over arrays.

        Raises InputError when two records have one id.
        """
        model = model or load_model()
        position = {record.id: i for i, record in enumerate(records)}
        if len(position) < len(records):
            twice = next(record.id for i, record in enumerate(records) if position[record.id] != i)
            raise InputError(
                where="list of missing persons",
                got=f"two records with the id {twice}",
                want="one record for each id",
                fix="Leave one of them out.",
            )
        reference = float(model["prior"]["reference_weight"]) / RECORDS
        return Gallery(
            records=tuple(records),
            model=model,
            columns=joined(columns_of(records, model), columns_of(reference_records(), model)),
            weights=np.concatenate([np.ones(len(records)), np.full(RECORDS, reference)]),
            marks=WordIndex.of([words_of(r.marks) for r in records]),
            clothing=WordIndex.of([words_of(r.clothing) for r in records]),
            position=position,
        )

    def __len__(self) -> int:
        return len(self.records)

    def digest(self, person: PersonRecord) -> str:
        """SHA-256 over the person, the list in order and the model: the same digest, the same answer."""
        head = "\n".join((self.model.id, person.line(), ""))
        return hashlib.sha256(head.encode("utf-8", "surrogatepass") + self._told).hexdigest()

    @cached_property
    def _told(self) -> bytes:
        return "\n".join(record.line() for record in self.records).encode("utf-8", "surrogatepass")

    def supports(self, person: PersonRecord) -> Floats:
        """log10 support of each field for each of the missing, shape (len(FIELDS), n), capped; 0 where not known."""
        model, size = self.model, len(self)
        found = np.zeros((len(FIELDS), size))
        ratios = _ratios(columns_of([person], model).upright(), self.columns, self.weights, model)
        for name, ratio in ratios.items():
            found[FIELDS.index(name)] = np.log10(ratio[0, :size])
        for name, index, texts in (("marks", self.marks, person.marks), ("clothing", self.clothing, person.clothing)):
            plain = index.support(words_of(texts), model[name])
            found[FIELDS.index(name)] = np.log10(voided(10**plain, name, model))
        return capped(found, model)

    def undated(self, person: PersonRecord) -> Floats:
        """Give the log10 support of age and death together if the date is not believed, shape (n,).

        Both are judged by the time between last seen and found: with a wrong date they would be wrong with it.
        """
        bare = columns_of([replace(person, date=None)], self.model).upright()
        ratios = _ratios(bare, self.columns, self.weights, self.model, BLOCKS[:1])
        total = np.zeros(len(self))
        for ratio in ratios.values():
            total += capped(np.log10(ratio[0, : len(self)]), self.model)
        return total

    def supports_of_one(self, missing: PersonRecord, people: Sequence[PersonRecord]) -> Floats:
        """The other way round: support of each field for one missing person by each of the unidentified.

        Shape (len(FIELDS), len(people)). What is common is told by a sample of the list, so that one new record
        meets thousands of bodies in under a second; figures differ a little from those of `supports`.
        """
        model = self.model
        step = max(len(self) // _SAMPLE, 1)
        rows = np.concatenate([np.arange(0, len(self), step), np.arange(len(self), len(self.weights))])
        columns = joined(self.columns.rows(rows), columns_of([missing], model))
        weights = np.append(np.where(rows < len(self), step, 1.0) * self.weights[rows], 0.0)
        found = np.zeros((len(FIELDS), len(people)))
        bodies = columns_of(people, model)
        for start in range(0, len(people), _ROWS):
            part = slice(start, start + _ROWS)
            for name, ratio in _ratios(bodies.rows(part).upright(), columns, weights, model).items():
                found[FIELDS.index(name), part] = np.log10(ratio[:, -1])
        for name, index in (("marks", self.marks), ("clothing", self.clothing)):
            own = words_of(getattr(missing, name))
            for i, person in enumerate(people):
                shared = own & words_of(getattr(person, name)) if own else frozenset()
                found[FIELDS.index(name), i] = index.support_of(shared, model[name])
            found[FIELDS.index(name)] = np.log10(voided(10 ** found[FIELDS.index(name)], name, model))
        return capped(found, model)


def capped(found: Floats, model: Model) -> Floats:
    """No field may carry more than the caps of the model."""
    caps = model["caps"]
    return np.clip(found, caps["field_low"], caps["field_high"])


def voided(ratio: Floats, name: str, model: Model) -> Floats:
    """The ratio of a field that with a small chance is not of this person at all, and then says nothing."""
    chance = float(model["void"][name])
    return (1 - chance) * ratio + chance


def _ratios(
    people: Columns, columns: Columns, weights: Floats, model: Model, blocks: Sequence[Block] = BLOCKS
) -> dict[str, Floats]:
    """P(field | this record) over its mean in the list, by field: shape (bodies, records); 1 where not known.

    Within a block the mean is taken under what the fields before said already, so that nothing counts twice.
    """
    ratios = {}
    for block in blocks:
        belief = np.broadcast_to(weights, (len(people), len(weights)))
        for name, likelihood in block:
            if not has(people, name):
                continue
            value, known = likelihood(people, columns, model)
            known = np.broadcast_to(known, belief.shape)
            if not known.any():
                continue
            held = np.where(known, belief, 0.0)
            total = held.sum(axis=1)
            mean = (held * np.where(known, value, 0.0)).sum(axis=1) / np.where(total > 0, total, 1.0)
            usable = known & (mean > 0)[:, None]
            ratio = np.where(usable, value / np.where(mean > 0, mean, 1.0)[:, None], 1.0)
            ratio = voided(ratio, name, model)
            ratios[name] = ratio
            belief = belief * ratio
    return ratios
