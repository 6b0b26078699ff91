"""Known series: which cases are by one offender, as people decided, and the pairs that a model can learn from.

Cases that share an offender through others are one component: no pair inside a component counts as unlinked, since two
offenders who worked together may have done more together than is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from thaw.errors import InputError
from thaw.linkage.profiles import Profiles

Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Labels:
    """Series by name, each the row numbers of its cases; `component` of each labelled row.

    A series of one case teaches nothing about what offenders repeat, but is known to be apart from the others.
    """

    series: Mapping[str, tuple[int, ...]]
    component: Mapping[int, int]

    @staticmethod
    def of(profiles: Profiles, members: Iterable[tuple[str, str]], apart: Iterable[tuple[str, str]] = ()) -> Labels:
        """From (series, case id) pairs and pairs of case ids that were decided not to be by one offender.

        Cases that are not among the profiles are left out. Raises InputError where one series holds two cases that
        were decided to be apart.
        """
        held: dict[str, set[int]] = {}
        for name, case_id in members:
            row = profiles.ids.find(case_id)
            if row >= 0:
                held.setdefault(name, set()).add(row)
        for one, other in apart:
            both = {profiles.ids.find(one), profiles.ids.find(other)}
            for name in sorted(held):
                if -1 not in both and both <= held[name]:
                    raise InputError(
                        where=f"series {name}",
                        got=f"{one} and {other}, which were decided to be by different offenders",
                        want="labels that do not contradict each other",
                        fix="Take one of them back: the link (`thaw link ... --decision undecided`) or the label.",
                    )
        series = {name: tuple(sorted(rows)) for name, rows in sorted(held.items())}
        return Labels(series, _components(series.values()))

    @property
    def components(self) -> tuple[int, ...]:
        """Numbers of the components that hold a linked pair."""
        return tuple(sorted({self.component[rows[0]] for rows in self.series.values() if len(rows) > 1}))

    def linked(self) -> tuple[Rows, Rows]:
        """Pairs of rows that share a series, each once, the lower row first."""
        pairs = sorted({pair for rows in self.series.values() for pair in combinations(rows, 2)})
        return _columns(pairs)

    def unlinked(self, most: int, seed: int = 1852) -> tuple[Rows, Rows]:
        """Pairs of labelled rows of different components: all, or `most` of them drawn with a fixed seed."""
        rows = np.array(sorted(self.component), dtype=np.intp)
        of = np.array([self.component[int(row)] for row in rows], dtype=np.intp)
        if rows.size * (rows.size - 1) // 2 <= most:
            first, second = np.triu_indices(rows.size, 1)
        else:
            draw = np.random.Generator(np.random.PCG64(seed))
            first = draw.integers(0, rows.size, most)
            second = (first + draw.integers(1, rows.size, most)) % rows.size
        good = of[first] != of[second]
        return rows[first[good]], rows[second[good]]

    def without(self, component: int) -> Labels:
        """The labels without one component."""
        series = {name: rows for name, rows in self.series.items() if self.component[rows[0]] != component}
        return Labels(series, {row: of for row, of in self.component.items() if of != component})


def _components(groups: Iterable[tuple[int, ...]]) -> dict[int, int]:
    """Number of the component of each row: its lowest row."""
    parent: dict[int, int] = {}

    def root(row: int) -> int:
        parent.setdefault(row, row)
        while parent[row] != row:
            parent[row] = parent[parent[row]]
            row = parent[row]
        return row

    for rows in groups:
        for row in rows:
            ends = sorted((root(rows[0]), root(row)))
            parent[ends[1]] = ends[0]
    return {row: root(row) for row in sorted(parent)}


def _columns(pairs: list[tuple[int, int]]) -> tuple[Rows, Rows]:
    array = np.array(pairs, dtype=np.intp).reshape(len(pairs), 2)
    return array[:, 0], array[:, 1]
