"""A table of figures with the bar beside each, written as Markdown."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

_FOLDER = Path(__file__).resolve().parents[1] / "docs" / "benchmarks"


@dataclass
class Report:
    """Title, words, tables; `missed` counts the bars that were not met."""

    title: str
    method: str
    parts: list[str] = field(default_factory=list)
    missed: int = 0

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Add a table."""
        lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
        lines += ["| " + " | ".join(row) + " |" for row in rows]
        self.parts.append("\n".join(lines))

    def words(self, text: str) -> None:
        """Add a paragraph."""
        self.parts.append(text)

    def judge(self, value: float, bar: float, *, at_most: bool) -> str:
        """ "met" or "missed", and count it."""
        good = value <= bar if at_most else value >= bar
        self.missed += not good
        return "met" if good else "**missed**"

    def text(self) -> str:
        """The whole page."""
        head = [f"# {self.title}", self.method, f"Measured {date.today().isoformat()} on {machine()}."]
        return "\n\n".join([*head, *self.parts]) + "\n"

    def write(self, name: str) -> None:
        """Write docs/benchmarks/NAME.md."""
        _FOLDER.mkdir(parents=True, exist_ok=True)
        (_FOLDER / f"{name}.md").write_text(self.text(), encoding="utf-8")


def machine() -> str:
    """Cores, memory, system and Python of this machine, without its name."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    return (
        f"{len(os.sched_getaffinity(0))} cores, {memory:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}, load {load:.1f} at the end"
    )
