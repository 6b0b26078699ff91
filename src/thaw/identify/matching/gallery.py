"""The missing people of one list, ready to be compared, and the supports that a comparison gives."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from thaw.errors import InputError

from .columns import Columns, columns_of, joined
from .likelihood import BLOCKS, Block, Known, has
from .model import Floats, Model, load_model
from .person import FIELDS, PersonRecord
from .population import RECORDS, reference_records
from .words import WordIndex, words_of

LN10 = float(np.log(10.0))
# By these people filter, and two of them were wrong of one body (NIJ Journal 264): they are also left out in twos.
PAIRED = ("sex", "age", "ancestry", "date", "place")
_NAMES = (*(tuple(name for name, _ in block) for block in BLOCKS), ("marks",), ("clothing",))
_SAMPLE = 200  # records that tell what is common when one missing person meets all the unidentified
_THIN = 8  # of the packaged population then one in so many
_ROWS = 256  # unidentified worked on at once in that direction: 256 x 250 numbers a field


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
        return self._supports(person, self._values(person))

    def compared(self, person: PersonRecord) -> tuple[Floats, Mapping[tuple[str, ...], Floats]]:
        """As `supports`, and by fields left out the sum of all others as if nobody had recorded those, shape (n,).

        Left out are each field in turn and every two of PAIRED, as far as they say anything. A field that hangs
        together with others told what to expect of them, so those are judged anew without it.
        """
        values = self._values(person)
        found = self._supports(person, values)
        telling = [name for f, name in enumerate(FIELDS) if found[f].any()]
        pairs = itertools.combinations([name for name in PAIRED if name in telling], 2)
        total = found.sum(axis=0)
        # Age and death are judged by the time between last seen and found: a wrong date makes them wrong too.
        bare = replace(columns_of([person], self.model), day=np.full(1, np.nan), day_half=np.full(1, np.nan)).upright()
        undated = _values(bare, self.columns, self.model, BLOCKS[:1])[0] if "date" in telling else []
        known: dict[tuple[str, ...], Floats] = {}

        def part(gone: tuple[str, ...]) -> Floats:
            """What is to be added to the total when these fields of one block are gone."""
            if gone not in known:
                known[gone] = self._change(values, undated, found, gone)
            return known[gone]

        without = {}
        for left_out in [*((name,) for name in telling), *pairs]:
            groups = [tuple(name for name in left_out if name in block) for block in _NAMES]
            without[left_out] = sum((part(gone) for gone in groups if gone), start=total)
        return found, without

    def _change(
        self, values: Sequence[Sequence[_Value]], undated: Sequence[_Value], found: Floats, gone: Sequence[str]
    ) -> Floats:
        """What leaving these fields of one block out adds to the sum of all fields, shape (n,)."""
        change: Floats = -found[[FIELDS.index(name) for name in gone]].sum(axis=0)
        block = next((b for b in values if any(v.name in gone for v in b)), ())
        first = next((i for i, v in enumerate(block) if v.name in gone), 0)
        rest = [v for v in block if v.name not in gone]
        if all(v.name in gone for v in block[first:]):
            return change  # nothing was judged in the light of them
        change -= found[[FIELDS.index(v.name) for v in rest]].sum(axis=0)
        if "date" in gone:
            rest = [v for v in undated if v.name not in gone]
        for ratio in _ratios([rest], self.weights, self.model).values():
            change += capped(np.log10(ratio[0, : len(self)]), self.model)
        return change

    def _values(self, person: PersonRecord) -> list[list[_Value]]:
        return _values(columns_of([person], self.model).upright(), self.columns, self.model)

    def _supports(self, person: PersonRecord, values: Sequence[Sequence[_Value]]) -> Floats:
        model, size = self.model, len(self)
        found = np.zeros((len(FIELDS), size))
        for name, ratio in _ratios(values, self.weights, model).items():
            found[FIELDS.index(name)] = np.log10(ratio[0, :size])
        for name, index, texts in (("marks", self.marks, person.marks), ("clothing", self.clothing, person.clothing)):
            plain = index.support(words_of(texts), model[name])
            found[FIELDS.index(name)] = np.log10(voided(np.exp(plain * LN10), name, model))
        return capped(found, model)

    def supports_of_one(self, missing: PersonRecord, people: Sequence[PersonRecord]) -> Floats:
        """The other way round: support of each field for one missing person by each of the unidentified.

        Shape (len(FIELDS), len(people)). What is common is told by a sample of the list, so that one new record
        meets thousands of bodies in under a second; figures differ a little from those of `supports`.
        """
        model = self.model
        step = max(len(self) // _SAMPLE, 1)
        # Beside a long list the packaged population weighs next to nothing, and an eighth of it stands for all.
        thin = _THIN if step > 1 else 1
        rows = np.concatenate([np.arange(0, len(self), step), np.arange(len(self), len(self.weights), thin)])
        columns = joined(self.columns.rows(rows), columns_of([missing], model))
        weights = np.append(np.where(rows < len(self), step, thin) * self.weights[rows], 0.0)
        found = np.zeros((len(FIELDS), len(people)))
        bodies = columns_of(people, model)
        for start in range(0, len(people), _ROWS):
            part = slice(start, start + _ROWS)
            values = _values(bodies.rows(part).upright(), columns, model)
            for name, ratio in _ratios(values, weights, model).items():
                found[FIELDS.index(name), part] = np.log10(ratio[:, -1])
        for name, index in (("marks", self.marks), ("clothing", self.clothing)):
            plain = index.supports_of(words_of(getattr(missing, name)), [getattr(p, name) for p in people], model[name])
            found[FIELDS.index(name)] = np.log10(voided(10**plain, name, model))
        return capped(found, model)


def capped(found: Floats, model: Model) -> Floats:
    """No field may carry more than the caps of the model."""
    caps = model["caps"]
    return np.clip(found, caps["field_low"], caps["field_high"])


def voided(ratio: Floats, name: str, model: Model) -> Floats:
    """The ratio of a field that with a small chance is not of this person at all, and then says nothing."""
    chance = float(model["void"][name])
    return (1 - chance) * ratio + chance


@dataclass(frozen=True, slots=True)
class _Value:
    """P(one field | each record), shape (bodies, records), and where both sides know it."""

    name: str
    value: Floats
    known: Known


def _values(people: Columns, columns: Columns, model: Model, blocks: Sequence[Block] = BLOCKS) -> list[list[_Value]]:
    """What each field says, block by block; fields that no body knows are left out."""
    shape = (len(people), len(columns))
    found = []
    for block in blocks:
        made = []
        for name, likelihood in block:
            if has(people, name):
                value, known = likelihood(people, columns, model)
                made.append(_Value(name, value, np.broadcast_to(known, shape)))
        found.append(made)
    return found


def _ratios(values: Sequence[Sequence[_Value]], weights: Floats, model: Model) -> dict[str, Floats]:
    """P(field | this record) over its mean in the list, by field: shape (bodies, records); 1 where not known.

    Within a block the mean is taken under what the fields before said already, so that nothing counts twice.
    """
    ratios = {}
    for block in values:
        belief: Floats | None = None
        for one in block:
            if not one.known.any():
                continue
            if belief is None:
                belief = np.broadcast_to(weights, one.known.shape)
            held = np.where(one.known, belief, 0.0)
            total = held.sum(axis=1)
            mean = (held * np.where(one.known, one.value, 0.0)).sum(axis=1) / np.where(total > 0, total, 1.0)
            usable = one.known & (mean > 0)[:, None]
            ratio = np.where(usable, one.value / np.where(mean > 0, mean, 1.0)[:, None], 1.0)
            ratio = voided(ratio, one.name, model)
            ratios[one.name] = ratio
            belief = belief * ratio
    return ratios
