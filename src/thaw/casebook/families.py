"""Families that miss somebody, the profiles their members gave, and what kinship said of whom, made from the entries.

A profile that was withdrawn keeps its row with its state and without its genotypes: from that entry on no search can
read them here, and the ratios of its family leave the table until somebody searches again. The entry's own payload
goes by a seal order.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from thaw.access import View
from thaw.store import Entry, Rows, Table, Where

_PAIR = ("unidentified", "missing")


class Families:
    """Projection `families`: tables dna_families, dna_profiles and dna_results."""

    name = "families"
    version = 2
    tables = (
        Table(
            "dna_families",
            {"family_id": "text", "label": "text", "missing": "text", "individuals": "text", "person_id": "text"},
            key=("family_id",),
        ),
        Table(
            "dna_profiles",
            {
                "profile_id": "text",
                "family_id": "text",
                "person": "text",
                "purpose": "text",
                "consent": "text",
                "state": "text",
                "loci": "integer",
                "genotypes": "text",
                "entry": "integer",
            },
            key=("profile_id",),
            indexes=(("family_id",),),
        ),
        Table(
            "dna_results",
            {
                "unidentified": "text",
                "missing": "text",
                "log10_lr": "real",
                "loci": "integer",
                "family_id": "text",
                "seq": "integer",
            },
            key=_PAIR,
            indexes=(("missing",), ("family_id",)),
        ),
    )

    def apply(self, entry: Entry, rows: Rows) -> None:
        """Take in a profile, take its genotypes out, or keep what a run said of a pair."""
        said = entry.payload
        if entry.leaf.kind == "identify.kinship" and said is not None:
            _keep_results(said, entry.leaf.seq, rows)
        if entry.leaf.kind != "lab.profile" or said is None or said.get("database") != "families":
            return
        if said["action"] == "withdraw":
            held = rows.get("dna_profiles", (said["profile"],))
            if held is not None:
                rows.put("dna_profiles", held | {"state": "withdrawn", "genotypes": "{}"})
                for pair in list(rows.scan("dna_results", _PAIR, {"family_id": held["family_id"]})):
                    rows.remove("dna_results", list(pair))
            return
        scope = {"case_id": said.get("scope", {}).get("case")}
        family = said["family"]
        row = {"family_id": family["id"], "label": family["label"], "missing": family["missing"]}
        row |= {"person_id": family.get("person")}
        rows.put("dna_families", row | {"individuals": json.dumps(family["individuals"])} | scope)
        rows.put(
            "dna_profiles",
            {
                "profile_id": said["profile"],
                "family_id": family["id"],
                "person": said["person"],
                "purpose": said["purpose"],
                "consent": said["consent"],
                "state": "held",
                "loci": len(said["genotypes"]),
                "genotypes": json.dumps(said["genotypes"]),
                "entry": entry.leaf.seq,
            }
            | scope,
        )


def _keep_results(said: Mapping[str, Any], seq: int, rows: Rows) -> None:
    """One row per pair, with the ratio of the last run about it."""
    for one in said.get("pairs", ()):
        row = {name: one[name] for name in (*_PAIR, "log10_lr", "loci", "family_id", "case_id")}
        rows.put("dna_results", row | {"seq": seq})


def dna_of(view: View, person_id: str) -> dict[str, float]:
    """log10 likelihood ratio by the id of the other person, as last computed; -inf where the model excludes."""
    return {
        other: -math.inf if value is None else value
        for mine, theirs in (_PAIR, _PAIR[::-1])
        for other, value in view.select("dna_results", [theirs, "log10_lr"], [Where(mine, "=", person_id)])
    }
