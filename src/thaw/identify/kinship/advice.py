"""`relatives_worth`: which relative to sample next, from a case as JSON has it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from thaw.errors import InputError

from .case import Case
from .case_file import ONE_HYPOTHESIS, read_cases
from .form import reading
from .network import Observed
from .pedigree import Pedigree
from .power import THRESHOLDS, Exceedance, exceedance, rank
from .relation import relation


def relatives_worth(document: Any, *, simulations: int = 1000, seed: int = 1) -> list[dict[str, Any]]:
    """For each case: what each relative who could be sampled is worth, best first.

    The case needs `poi` (the missing person's place in the first hypothesis, or the remains standing in it) and loci.
    `candidates` names the relatives who could be asked, or gives them as `{"person", "cost"}`; without it they are the
    untyped blood relatives. `costs` may give a price for each.
    Returns objects with id, missing, thresholds, simulations, typed, so_far, candidates.
    Raises InputError for a case without a missing person.
    """
    return [_worth(case, simulations, seed) for case in read_cases(document) if isinstance(case, Case)]


def _worth(case: Case, simulations: int, seed: int) -> dict[str, Any]:
    pedigree = case.hypotheses[0]
    missing = case.poi
    if missing is None or missing not in pedigree.people:
        raise InputError(
            where=f"{case.id}, poi",
            got=repr(missing),
            want=f"the missing person's id in {pedigree.name}",
            fix="Name the missing person.",
        )
    # What is known of the remains themselves must not tell what a relative would add on average.
    typed = [Observed(o.locus, {w: s for w, s in o.seen.items() if w != missing}) for o in case.observed]
    names = list(dict.fromkeys(w for o in typed for w in o.seen))
    asked = case.request.get("candidates")
    with reading(f"{case.id}, candidates"):
        given = [c if isinstance(c, Mapping) else {"person": c} for c in asked or ()]
        candidates = [str(c["person"]) for c in given] or _relatives(pedigree, missing, names)
        thresholds = tuple(float(t) for t in case.request.get("thresholds") or THRESHOLDS)
        costs = {str(k): float(v) for k, v in (case.request.get("costs") or {}).items()}
        costs |= {str(c["person"]): float(c["cost"]) for c in given if c.get("cost") is not None}
        if not all(c > 0 for c in costs.values()):
            raise ValueError("a cost must be above 0")
    found = [
        exceedance(pedigree, missing, typed, c, theta=case.theta, simulations=simulations, seed=seed)
        for c in candidates
    ]
    so_far = None
    if names:
        so_far = exceedance(pedigree, missing, typed, None, theta=case.theta, simulations=simulations, seed=seed)
    middle = thresholds[len(thresholds) // 2]
    return {
        "id": case.id,
        "missing": missing,
        "thresholds_log10": list(thresholds),
        "simulations": simulations,
        "loci": len(typed),
        "typed": names,
        "so_far": None if so_far is None else _told(so_far, thresholds, costs),
        "candidates": [_told(e, thresholds, costs) for e in rank(found, middle, costs)],
        "warnings": [w for w in case.warnings if w != ONE_HYPOTHESIS],
    }


def _relatives(pedigree: Pedigree, missing: str, typed: Sequence[str]) -> list[str]:
    return [
        who
        for who in pedigree.people
        if who != missing and who not in typed and relation(pedigree, who, missing) != "no blood relative"
    ]


def _told(found: Exceedance, thresholds: Sequence[float], costs: Mapping[str, float]) -> dict[str, Any]:
    low, middle, high = (None if math.isinf(x) else x for x in found.quantiles())
    return {
        "person": found.person or None,
        "relation": found.relation,
        "decides": [found.reached(t) for t in thresholds],
        "misleads": [found.misleading(t) for t in thresholds],
        "median_log10_lr": middle,
        "interval_log10_lr": [low, high],
        "cost": costs.get(found.person),
    }
