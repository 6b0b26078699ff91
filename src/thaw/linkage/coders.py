"""Two people code the same case: how far they agree, field by field, and what that takes from a field's weight.

In: what coders said, in pairs of the same field of the same case. Out: kappa per field and the reliability that stands
in for the preset's own. A repeated behavior shows as repeated only when both records have it right, and two coders
agree beyond chance about as often as both are right, so kappa takes the place of the squared reliability.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

# Double codings that the preset's own reliability counts for: elicited, no source.
_PRIOR_PAIRS = 20.0


@dataclass(frozen=True, slots=True)
class Agreement:
    """One field coded twice: pairs, share that agree, kappa (None where chance alone would agree always).

    right_twice  probability that two records both have the value right, the preset's own drawn to kappa
    """

    field: str
    pairs: int
    agreed: float
    kappa: float | None
    right_twice: float


def agreement(pairs: Iterable[tuple[str, str, str]], reliability: float) -> dict[str, Agreement]:
    """Agreement by field from (field, first coder's value, second coder's value); "unknown" is a value of a coder too.

    reliability  of the preset, for fields that nobody coded twice yet
    """
    by_field: dict[str, list[tuple[str, str]]] = {}
    for field, one, two in pairs:
        by_field.setdefault(field, []).append((one, two))
    return {field: _agreed(field, found, reliability) for field, found in sorted(by_field.items())}


def _agreed(field: str, found: list[tuple[str, str]], reliability: float) -> Agreement:
    count = len(found)
    share = sum(one == two for one, two in found) / count
    # Both coders' values together give the chance of agreeing, so that nobody's order matters (Scott's pi).
    values = Counter(value for pair in found for value in pair)
    chance = sum((number / (2 * count)) ** 2 for number in values.values())
    kappa = None if chance == 1 else (share - chance) / (1 - chance)
    known = share if kappa is None else max(kappa, 0.0)
    # A field in which all coders always say the same tells little: it has shown agreement, not skill.
    weight = 0.0 if kappa is None else float(count)
    right = (_PRIOR_PAIRS * reliability**2 + weight * known) / (_PRIOR_PAIRS + weight)
    return Agreement(field, count, share, kappa, right)
