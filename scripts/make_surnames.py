"""Makes src/thaw/data/reading/surnames.toml from the list of surnames of the United States Census of 1990.

    python scripts/make_surnames.py dist.all.last

`dist.all.last` is a file of the Census Bureau, a work of the United States government: name, percent, sum, rank.
The most frequent 8,000 are kept but for words that are common words, places, heads of organisations or makes of cars.
"""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

from thaw.intake.reading.gazetteers import no_names, words
from thaw.intake.reading.places import known_places

KEPT = 8000
TARGET = Path(__file__).resolve().parents[1] / "src/thaw/data/reading/surnames.toml"


def main(path: str) -> None:
    """Write the list."""
    lines = Path(path).read_text("ascii").splitlines()[:KEPT]
    closed = no_names() | known_places() | words("organizations", "heads") | words("things", "makes")
    closed |= (
        words("titles", "ranks") | words("roles", "kin") | words("roles", "case_roles") | words("things", "colors")
    )
    names = sorted(name for line in lines if len(name := line.split()[0].lower()) > 2 and name not in closed)
    head = (
        "# Surnames that are frequent in the United States: one sign among others, never enough.\n"
        'source = "United States Census Bureau, Frequently Occurring Surnames from Census 1990 (dist.all.last), a '
        'work of the United States government; the 8,000 most frequent without common words and places"\n'
        'date = "1990-04-01"\n\nnames = """\n'
    )
    TARGET.write_text(head + textwrap.fill(" ".join(names), 230) + '\n"""\n', encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
