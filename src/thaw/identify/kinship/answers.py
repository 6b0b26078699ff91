"""`kinship_lr`: from a case as JSON has it to the answer as JSON has it, for notebooks and for the command alike."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from .case import Answer, Case, check_convention, evaluate, sensitivity, usual_convention
from .case_file import read_cases
from .form import reading
from .lineage import compare_lineages
from .victims import Joint, Victims, joint_assignment


def kinship_lr(document: Any, *, pruning: str | None = None, sensitive: bool = False) -> list[dict[str, Any]]:
    """Likelihood ratios of every case of a parsed document, such as `json.load` of a file gives.

    pruning    "none" (every untyped person stays, as in pedprobr) or "familias" (they are taken out as Familias does);
               None is "none", but "familias" for a case whose `produced_by` says Familias, where that matters
    sensitive  also with each relative left out, and with each one not related
    Returns one object per case: id, LR_total, log10LR_total, LR_per_marker, convention, warnings, and more.
    Raises InputError, naming the case, for what cannot be read or computed.
    """
    if pruning is not None:
        check_convention(pruning)
    return [answer_of(case, pruning, sensitive) for case in read_cases(document)]


def answer_of(case: Case | Victims, pruning: str | None = None, sensitive: bool = False) -> dict[str, Any]:
    """The JSON object of one case that was read."""
    if isinstance(case, Victims):
        pruning = pruning or "none"
        return _victims(case, joint_assignment(case, pruning=pruning), pruning)
    warnings = list(case.warnings)
    if pruning is None:
        pruning = usual_convention(case)
        if pruning != "none":
            warnings.append(
                "The case comes from Familias, so untyped persons are taken out as Familias does; see convention."
            )
    answer = evaluate(case, pruning)
    warnings += _zeros(answer)
    found: dict[str, Any] = {
        "id": case.id,
        "LR_total": dict(answer.total),
        "log10LR_total": _numbers(answer.log10_total),
        "LR_per_marker": [dict(r) for r in answer.ratios],
        "convention": pruning,
        "warnings": warnings,
        "markers": [o.locus.name for o in case.observed],
        "likelihood_per_marker": [dict(x) for x in answer.likelihoods],
        "reference": case.reference,
        "theta": case.theta,
        "population": case.population,
        "mutation": sorted({o.locus.model for o in case.observed}),
        "LR_ignoring_linkage": None if answer.unlinked is None else dict(answer.unlinked),
        "lineage": _lineages(case),
        "without": [],
    }
    if sensitive:
        found["without"] = [
            {
                "person": w.who,
                "left_out": _numbers(w.left_out),
                "not_related": _numbers(w.not_related),
                "support_not_related": _numbers(w.support_no_relative),
            }
            for w in sensitivity(case, pruning)
        ]
    return found


def _lineages(case: Case) -> list[dict[str, Any]]:
    with reading(f"{case.id}, lineage"):
        return compare_lineages(case)


def _numbers(values: Mapping[str, float | None]) -> dict[str, float | None]:
    """JSON has no infinity: the logarithm of 0 is null, and the ratio beside it says 0."""
    return {name: None if v is None or math.isinf(v) else v for name, v in values.items()}


def _zeros(answer: Answer) -> list[str]:
    made = []
    for part, found in zip(answer.case.observed, answer.likelihoods, strict=True):
        gone = [name for name, value in found.items() if value == 0]
        if answer.case.reference in gone:
            made.append(
                f"{part.locus.name} cannot be as it is under {answer.case.reference}: no ratio exists. "
                "Check the profiles, or allow mutation."
            )
        elif gone:
            made.append(
                f"{part.locus.name} cannot be as it is under {', '.join(gone)}: the model allows no such mutation."
            )
    return made


def _victims(case: Victims, joint: Joint, pruning: str) -> dict[str, Any]:
    missing = list(case.missing)
    return {
        "id": case.id,
        "LR_total": {},
        "log10LR_total": {},
        "LR_per_marker": [],
        "convention": pruning,
        "warnings": [*case.warnings, *joint.warnings]
        + [f"{' and '.join(t)} cannot be told apart: their rows are alike by necessity." for t in joint.twins],
        "LRmatrix": {
            "victims": list(joint.ratios),
            "missing": missing,
            "values": [list(_numbers({m: row[m] for m in missing}).values()) for row in joint.ratios.values()],
        },
        "joint_top5": [
            {
                **{v: m or "*" for v, m in a.named.items()},
                "loglik": a.log_likelihood,
                "LR": _power(a.log10_ratio),
                "log10LR": a.log10_ratio,
                "posterior": a.posterior,
            }
            for a in joint.best
        ],
        "joint_assignments": joint.count,
        "undisputed": [{"victim": v, "missing": m, "log10LR": x} for v, m, x in joint.undisputed],
        "posterior": {v: {m or "*": p for m, p in row.items()} for v, row in joint.posterior.items()},
        "alike": [list(t) for t in joint.twins],
    }


def _power(log10: float) -> float | None:
    return 10.0**log10 if log10 < 308 else None
