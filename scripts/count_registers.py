"""Counts what the readers make of each register of a folder of files; the table of docs/reference/formats.md.

python scripts/count_registers.py DATA_FOLDER          writes the table into the page
tests/intake/test_register_counts.py                    compares the page with the files, where they are
"""

from __future__ import annotations

import gzip
import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path

from thaw.intake import Reject, reader_for

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "formats.md"
START, END = "<!-- counts: made by scripts/count_registers.py -->", "<!-- end of counts -->"
FOLDERS = ("shr", "nibrs", "namus", "cities", "wapo")
_REGISTERS = (".parquet", ".csv", ".csv.gz", ".txt.gz", ".xml", ".json")
_TODAY = date(2026, 11, 21)


def table(data: Path) -> str:
    """The table for every register under the folders of `data`, as Markdown between its marks."""
    head = "| file | format | unit | read | rejected | cases | persons | other incidents | rows with a doubt |"
    lines = [START, head, "|" + "---|" * 9]
    with tempfile.TemporaryDirectory() as scratch:
        for folder in FOLDERS:
            for path in sorted((data / folder).iterdir()):
                if path.name.endswith(_REGISTERS):
                    lines.append(_row(folder, path, Path(scratch)))
    return "\n".join([*lines, END])


def _row(folder: str, path: Path, scratch: Path) -> str:
    plain = path
    if path.suffix == ".gz":
        plain = scratch / path.stem
        with gzip.open(path) as packed, plain.open("wb") as out:
            shutil.copyfileobj(packed, out)
    reader = reader_for(plain)
    counts = dict.fromkeys(("read", "rejected", "cases", "persons", "incidents", "doubts"), 0)
    for item in reader.read(plain, _TODAY):
        if isinstance(item, Reject):
            counts["read"] += 1
            counts["rejected"] += 1
            continue
        counts["read"] += len(item.lines) or 1
        counts["doubts"] += bool(item.doubts)
        for part in (item, *item.more):
            counts["cases"] += "case" in part.said
            counts["persons"] += "person" in part.said
            counts["incidents"] += "incident" in part.said
    cells = [f"{number:,}" for number in counts.values()]
    return f"| {folder}/{path.name} | {reader.name} | {reader.unit} | " + " | ".join(cells) + " |"


def main(data: Path) -> None:
    """Write the table into the page."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    PAGE.write_text(before + table(data) + rest.partition(END)[2], encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
