"""Groups of cases that may be one series: all pairs scored, then average linkage; a lead for people to judge."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from thaw.casebook import conditions, list_cases
from thaw.linkage import discover
from thaw.store import Where

from .book import Session
from .matcher import matcher_for, prior_of


def groups(session: Session, *, where: Sequence[str] = (), top: int = 10, purpose: str = "") -> list[dict[str, Any]]:
    """Groups whose pairs speak for one offender at even odds and more, best first; the answer of `thaw groups`.

    where  `FIELD=VALUE` conditions that every case of a group must meet; background rates stay those of all cases
    """
    among = conditions(where)
    view = session.look(purpose, kind="access.list", detail={"command": "groups", "where": list(where)})
    matcher = matcher_for(session, view)
    chosen = np.ones(len(matcher.profiles), dtype=np.bool_)
    if among:
        chosen[:] = False
        view.in_chunks(
            "cases",
            ["case_id"],
            lambda some: chosen.put([r for f in some if (r := matcher.row_of(f[0])) >= 0], True),
            among,
        )
    threads = os.cpu_count() or 1
    found = discover(matcher.background, prior_of(session), among=chosen, threads=threads)[:top]
    ids = sorted({matcher.case_ids[row] for group in found for row in (*group.core, *group.fringe)})
    listed = {case["case_id"]: case for case in list_cases(view, [Where("case_id", "in", ids)])} if ids else {}
    document = [
        {
            "rank": rank,
            "log10_odds": group.log10_odds,
            "core": [listed[matcher.case_ids[row]] for row in group.core],
            "fringe": [listed[matcher.case_ids[row]] for row in group.fringe],
            "model": matcher.background.preset.model_id,
            "inputs": matcher.background.digest,
        }
        for rank, group in enumerate(found, start=1)
    ]
    if ids:
        detail = {"scope": {"case": ids}, "command": "groups", "model": matcher.background.preset.model_id}
        digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
        view.record_result("series.propose", detail | {"inputs": matcher.background.digest}, ids, len(found), digest)
    return document
