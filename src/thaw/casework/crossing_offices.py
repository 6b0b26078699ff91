"""Names of agencies and places in records: San Carlos Apache is an office; no Carlos Apache stands in two cases."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from thaw.access import View

_FIELDS = ("agency_name", "place_name", "place_2_name", "place_3_name")


@dataclass
class Offices:
    """What the fields of agency and place say, by case; read once, and only when a record seems to name somebody."""

    view: View
    _by_case: dict[str, list[re.Pattern[str]]] | None = field(default=None)

    def hold(self, case_id: str, body: str, start: int, end: int) -> bool:
        """Whether the words of `body` from `start` to `end` are in whole or part those of an office of this case."""
        if self._by_case is None:
            self._by_case = self._read()
        return any(
            found.start() < end and start < found.end()
            for pattern in self._by_case.get(case_id, ())
            for found in pattern.finditer(body)
        )

    def _read(self) -> dict[str, list[re.Pattern[str]]]:
        patterns: dict[str, re.Pattern[str]] = {}
        found: dict[str, list[re.Pattern[str]]] = {}
        for case_id, *names in self.view.select("cases", ["case_id", *_FIELDS]):
            for name in filter(None, names):
                if name not in patterns:
                    patterns[name] = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
                found.setdefault(case_id, []).append(patterns[name])
        return found
