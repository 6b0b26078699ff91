"""Y-STR and mtDNA: whether two profiles can be of one paternal or maternal line. Shown apart, never multiplied in.

A Y haplotype goes from father to son, mtDNA from mother to child, both whole: all of a line share them, so they say
"consistent" or "not", and no more than how common the haplotype is. Neither rules out by itself: differences come by
mutation, and a line may not be what the family thinks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from thaw.errors import InputError

from .case import Case
from .pedigree import Pedigree

# SWGDAM 2024, Interpretation guidelines for mitochondrial DNA analysis, 4.1 and 4.2: two or more differences exclude,
# one is inconclusive. For Y-STR no such rule is general; the same words are used with the number of loci beside them.
_INCONCLUSIVE = 1


def compare_lineages(case: Case) -> list[dict[str, Any]]:
    """What the Y and mtDNA profiles of a case say per pair of persons who share a line under some hypothesis.

    Returns per pair: kind, persons, compared, differences, result ("consistent", "cannot say", "not consistent"),
    expected (per hypothesis whether they share the line), frequency_at_most.
    Raises InputError for a block of another form.
    """
    found = []
    for block in case.lineage:
        kind = str(block.get("kind") or "").upper().replace("-STR", "").replace("DNA", "")
        profiles = block.get("profiles")
        if kind not in ("Y", "MT") or not isinstance(profiles, Mapping):
            raise InputError(
                where=f"{case.id}, lineage",
                got=repr(block.get("kind")),
                want="kind Y or mt, and profiles by person",
                fix="See the manual.",
            )
        people = list(profiles)
        for i, first in enumerate(people):
            for second in people[i + 1 :]:
                found.append(_compared(case, kind, first, second, profiles, block))
    return found


def _compared(
    case: Case, kind: str, first: str, second: str, profiles: Mapping[str, Any], block: Mapping[str, Any]
) -> dict[str, Any]:
    compared: int | None
    if kind == "Y":
        compared, differences = _loci(profiles[first], profiles[second])
    else:
        compared, differences = _sites(profiles[first], profiles[second])
    result = (
        "consistent" if not differences else "cannot say" if len(differences) <= _INCONCLUSIVE else "not consistent"
    )
    return {
        "kind": "Y-STR" if kind == "Y" else "mtDNA",
        "persons": [first, second],
        "compared": compared,
        "differences": differences,
        "result": result if compared != 0 else "cannot say",
        "expected": {
            h.name: _line(h, first, kind) is not None and _line(h, first, kind) == _line(h, second, kind)
            for h in case.hypotheses
        },
        "frequency_at_most": _upper(block.get("database")),
    }


def _loci(a: Mapping[str, Any], b: Mapping[str, Any]) -> tuple[int, list[str]]:
    both = [locus for locus in a if locus in b]
    return len(both), [locus for locus in both if _plain(a[locus]) != _plain(b[locus])]


def _plain(value: Any) -> list[str]:
    parts = value if isinstance(value, list) else str(value).replace("/", ",").split(",")
    return sorted(str(p).strip() for p in parts)


def _sites(a: Any, b: Any) -> tuple[int | None, list[str]]:
    """Differences between two lists of differences from the reference sequence; insertions at 309 and 315 do not count.

    Counts of C in the stretch around 309 vary within a person (SWGDAM 2024, 3.3).
    """
    one, two = (
        {s for s in (x if isinstance(x, list) else str(x).split()) if not str(s).startswith(("309.", "315.", "16193."))}
        for x in (a, b)
    )
    return None, sorted(one ^ two)


def _line(pedigree: Pedigree, who: str, kind: str) -> str | None:
    """The oldest known ancestor of the paternal or maternal line."""
    who = pedigree.same.get(who, who)
    if who not in pedigree.people or (kind == "Y" and pedigree.people[who].sex == "F"):
        return None
    while True:
        person = pedigree.people[who]
        parent = person.father if kind == "Y" else person.mother
        if parent is None:
            return who
        who = parent


def _upper(database: Any) -> float | None:
    """95 % upper bound of the frequency of a haplotype seen `seen` times among `size` (0 times: 1 - 0.05^(1/size))."""
    if not isinstance(database, Mapping) or not database.get("size"):
        return None
    size, seen = int(database["size"]), int(database.get("seen") or 0)
    if seen == 0:
        return float(1 - 0.05 ** (1 / size))
    return _clopper_pearson(seen, size)


def _clopper_pearson(seen: int, size: int) -> float:
    """The share at which `seen` or fewer of `size` has the probability 0.05, by bisection."""
    from math import exp, lgamma, log, log1p

    def at_most(p: float) -> float:
        return sum(
            exp(lgamma(size + 1) - lgamma(k + 1) - lgamma(size - k + 1) + k * log(p) + (size - k) * log1p(-p))
            for k in range(seen + 1)
        )

    low, high = seen / size, 1.0
    for _ in range(80):
        middle = (low + high) / 2
        if middle >= 1 or at_most(middle) < 0.05:
            high = middle
        else:
            low = middle
    return high
