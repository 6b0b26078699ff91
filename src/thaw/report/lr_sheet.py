"""The sheet of a likelihood ratio as PDF: loci, hypotheses in words, population, assumptions, inputs, next test.

Typst sets it, with the fonts that it carries; texts go in as data, so nothing in a name or a note is taken as
markup. The same input gives the same bytes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from thaw.data import read_text


def lr_sheet(answer: Mapping[str, Any], facts: Mapping[str, Any]) -> bytes:
    """One case on paper, as PDF bytes.

    answer  an element of what `kinship_lr` returns (no set of disaster victims)
    facts   title, invented (true where nobody in it exists; may be absent), hypotheses (name -> lines in words), typed
            (person -> number of loci), inputs (file, sha256), software, at (the day, in words), by, purpose, next (rows
            of `relatives_worth`, or empty), thresholds_log10
    """
    content = {
        "id": answer["id"],
        "title": str(facts.get("title") or ""),
        "invented": "INVENTED: nobody on this sheet exists." if facts.get("invented") else "",
        "hypotheses": [
            {"name": name, "lines": list(lines), "reference": name == answer["reference"]}
            for name, lines in facts["hypotheses"].items()
        ],
        "totals": [
            {"name": name, "text": total_words(answer, name)}
            for name in answer["LR_total"]
            if name != answer["reference"]
        ],
        "names": [name for name in answer["LR_total"] if name != answer["reference"]],
        "rows": [
            [locus, *(_short(ratio.get(name)) for name in answer["LR_total"] if name != answer["reference"])]
            for locus, ratio in zip(answer["markers"], answer["LR_per_marker"], strict=True)
        ],
        "typed": [f"{who}: {count} loci" for who, count in facts["typed"].items()],
        "assumptions": _assumptions(answer),
        "warnings": list(answer["warnings"]),
        "without": [_without(w, answer["reference"]) for w in answer["without"]],
        "lineage": [_lineage(x) for x in answer["lineage"]],
        "next": [_next(row, facts.get("thresholds_log10") or ()) for row in facts.get("next") or ()],
        "inputs": [f"{x['file']}  SHA-256 {x['sha256']}" for x in facts["inputs"]],
        "made": f"Thaw {facts['software']}, {facts['at']}, by {facts['by']}. Purpose: {facts['purpose']}.",
    }
    data = json.dumps(content, ensure_ascii=False, sort_keys=True)
    template = read_text("report/lr_sheet.typ").encode()
    import typst  # its library takes 7 MB, and most who open a workbench print nothing

    return typst.compile(template, format="pdf", ignore_system_fonts=True, sys_inputs={"data": data})


def total_words(answer: Mapping[str, Any], name: str) -> str:
    """What the profiles say of one hypothesis against the reference, in a sentence."""
    log10 = answer["log10LR_total"][name]
    against = answer["reference"]
    if log10 is None:
        if answer["LR_total"][name] == 0:
            return f"The profiles are not possible under {name}, as it is modeled here; they are under {against}."
        return f"No ratio exists: the profiles are not possible under {against}."
    if log10 >= 0:
        return (
            f"The profiles are {_times(log10)} times as probable under {name} as under {against} (log10 {log10:.3f})."
        )
    return f"The profiles are {_times(-log10)} times as probable under {against} as under {name} (log10 {log10:.3f})."


def _times(log10: float) -> str:
    if log10 < 6:
        return f"{10**log10:,.4g}"
    return f"{10 ** (log10 - math.floor(log10)):.2f} x 10^{math.floor(log10)}"


def _short(value: float | None) -> str:
    return "none" if value is None else f"{value:.4g}"


def _assumptions(answer: Mapping[str, Any]) -> list[str]:
    return [
        f"Allele frequencies: {answer['population'] or 'as given in the file'}.",
        f"Theta (FST): {answer['theta']:g}.",
        f"Mutation: {'; '.join(answer['mutation'])}.",
        f"Untyped persons: convention {answer['convention']}.",
        "Loci are independent but for those named as linked; profiles are as typed but for a drop-out named here.",
    ]


def _without(row: Mapping[str, Any], reference: str) -> list[str]:
    def logs(values: Mapping[str, float | None]) -> str:
        return ", ".join(f"{name}: {_log(x)}" for name, x in values.items() if name != reference)

    return [str(row["person"]), logs(row["left_out"]), logs(row["not_related"])]


def _log(value: float | None) -> str:
    return "none" if value is None else f"{value:.3f}"


def _lineage(row: Mapping[str, Any]) -> str:
    differences = f"; differences: {', '.join(row['differences'])}" if row["differences"] else ""
    return f"{row['kind']} of {' and '.join(row['persons'])}: {row['result']}{differences}. Not part of the ratio."


def _next(row: Mapping[str, Any], thresholds: Sequence[float]) -> list[str]:
    share = ", ".join(f"{x:.0%} above 10^{t:g}" for t, x in zip(thresholds, row["decides"], strict=False))
    cost = "" if row.get("cost") is None else f"{row['cost']:g}"
    return [str(row["person"] or "as it is"), str(row["relation"]), share, cost]
