"""Families that miss somebody and the profiles their members gave, as tables made from the entries.

A profile that was withdrawn keeps its row with its state and without its genotypes: from that entry on no search can
read them here. The entry's own payload goes by a seal order.
"""

from __future__ import annotations

import json

from thaw.store import Entry, Rows, Table


class Families:
    """Projection `families`: tables dna_families and dna_profiles, from entries `lab.profile`."""

    name = "families"
    version = 1
    tables = (
        Table(
            "dna_families",
            {"family_id": "text", "label": "text", "missing": "text", "individuals": "text"},
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
    )

    def apply(self, entry: Entry, rows: Rows) -> None:
        """Take in a profile, or take its genotypes out."""
        said = entry.payload
        if entry.leaf.kind != "lab.profile" or said is None or said.get("database") != "families":
            return
        if said["action"] == "withdraw":
            held = rows.get("dna_profiles", (said["profile"],))
            if held is not None:
                rows.put("dna_profiles", held | {"state": "withdrawn", "genotypes": "{}"})
            return
        scope = {"case_id": said.get("scope", {}).get("case")}
        family = said["family"]
        row = {"family_id": family["id"], "label": family["label"], "missing": family["missing"]}
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
