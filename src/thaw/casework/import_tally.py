"""What became of the rows of one file: counts, what was new in its form, why rows were set aside, a preview."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from thaw.intake import Reject, SourceRow
from thaw.record import unpack_said

from .said_words import value_in_words

COUNTS = ("read", "stored", "rejected", "already_held", "superseded", "sealed")
_PREVIEWED = 10
_REASONS = 1_000


@dataclass
class Tally:
    """What became of the rows of one file; `problem` says why it ended early, if it did."""

    file: str
    format: str
    unit: str
    data_set: str | None = None
    sha256: str | None = None
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    missing: list[str] = field(default_factory=list)
    cases: int = 0
    persons: int = 0
    above_header: int = 0
    proposed: int = 0
    seconds: float = 0.0
    problem: str | None = None
    notes: list[str] = field(default_factory=list)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    preview: list[dict[str, Any]] = field(default_factory=list)
    doubts: Counter[str] = field(default_factory=Counter)

    def refused(self, reject: Reject) -> None:
        """Count a reject by its reason; past a thousand reasons the rest is counted as one."""
        reason = (reject.field, reject.want)
        known = reason in self.reasons or len(self.reasons) < _REASONS
        self.reasons[reason if known else ("other", "see the rejects")] += 1

    def show(self, source_key: str, row: SourceRow) -> None:
        """Keep one of the first ten records as a reader will see it."""
        if len(self.preview) < _PREVIEWED:
            said = {role: _in_words(sayings) for role, sayings in row.said.items()}
            self.preview.append({"source_key": source_key, "row": row.row, "said": said})

    def to_json(self) -> dict[str, Any]:
        """One element of `files` in the command line contract."""
        head = {"file": self.file, "format": self.format, "data_set": self.data_set}
        head |= {"sha256": self.sha256, "unit": self.unit}
        tail = {"missing_since": self.missing, "cases": self.cases, "persons": self.persons}
        tail |= {"alerts": 0, "alerts_held_back": 0, "alerts_waiting": 0}
        tail |= {"above_header": self.above_header}
        tail |= {"same_case_proposed": self.proposed, "seconds": round(self.seconds, 3), "problem": self.problem}
        reasons = [{"field": f, "want": want, "rows": n} for (f, want), n in self.reasons.most_common()]
        notes = [*self.notes, *(f"{doubt} ({n:,} rows)" for doubt, n in self.doubts.most_common(100))]
        return head | self.counts | tail | {"notes": notes, "reasons": reasons, "preview": self.preview}


def _in_words(sayings: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    found = []
    for packed in sayings:
        said = unpack_said(dict(packed))
        found.append({"predicate": said.predicate, "value": value_in_words(said.value, said.polarity)})
    return found
