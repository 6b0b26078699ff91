"""A stray carriage return ends a line of a NIBRS file, also behind a quote: fixed places know no cells."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from nibrs_lines import arrest, zero
from thaw.intake import reader_for


def test_a_quote_holds_no_lines_together_in_a_file_of_fixed_places(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    first, second = zero(), arrest()
    spoilt = first[:20] + '"' + first[21:]
    path.write_text(f"{spoilt}\r{second}\n")
    items = list(reader_for(path, "nibrs").read(path, date(2026, 11, 20)))
    assert sum(len(getattr(item, "lines", ())) or 1 for item in items) == 2
