"""Makes src/thaw/data/reading/surnames.toml from the list of surnames of the United States Census of 1990.

    python scripts/make_surnames.py dist.all.last

`dist.all.last` is a file of the Census Bureau, a work of the United States government: name, percent, sum, rank.
The most frequent 8,000 are kept but for words that are common words, places, heads of organisations or makes of cars;
of the next 22,000 no ordinary word and no given name either.
"""

from __future__ import annotations

import re
import sys
import textwrap
from pathlib import Path

from thaw.data import read_text
from thaw.intake.reading.gazetteers import given_names, no_names, words
from thaw.intake.reading.places import known_places

KEPT, MORE = 8_000, 30_000
TARGET = Path(__file__).resolve().parents[1] / "src/thaw/data/reading/surnames.toml"


def main(path: str) -> None:
    """Write the list, and the rarer names below it; what else stands in the file was made by hand."""
    listed = [line.split()[0].lower() for line in Path(path).read_text("ascii").splitlines()[:MORE]]
    closed = no_names() | known_places() | words("organizations", "heads") | words("things", "makes")
    closed |= (
        words("titles", "ranks") | words("roles", "kin") | words("roles", "case_roles") | words("things", "colors")
    )
    ordinary = frozenset(read_text("search/ordinary_words.txt").split()) | given_names()
    names = sorted(name for name in listed[:KEPT] if len(name) > 2 and name not in closed)
    rare = sorted(name for name in listed[KEPT:] if len(name) > 2 and name not in closed | ordinary)
    text = TARGET.read_text("utf-8")
    for key, chosen in (("names", names), ("rare", rare)):
        block = f'{key} = """\n{textwrap.fill(" ".join(chosen), 230)}\n"""'
        text = re.sub(rf'(?m)^{key} = """\n[^"]*"""', lambda _, block=block: block, text)
    TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
