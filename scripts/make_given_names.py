"""Adds the given names of the United States Census of 1990 to src/thaw/data/reading/given_names.toml.

    python scripts/make_given_names.py dist.male.first dist.female.first

Both are files of the Census Bureau, a work of the United States government: name, percent, sum, rank. What is an
ordinary word, a place, a month or one of the frequent surnames is left out;
what the lists have already stays where it is.
"""

from __future__ import annotations

import re
import sys
import textwrap
from pathlib import Path

from thaw.data import read_text
from thaw.intake.reading.gazetteers import any_of, given_names, no_names, words
from thaw.intake.reading.places import known_places

TARGET = Path(__file__).resolve().parents[1] / "src/thaw/data/reading/given_names.toml"
# Names of countries, months and states, and words of other tongues that are parts of surnames.
_NOT = frozenset(
    ["september", "october", "november", "december", "burma", "dakota", "carolina", "von", "buena", "krishna", "del"]
)


def main(male: str, female: str) -> None:
    """Write the lists with what they lack."""
    closed = no_names() | known_places() | words("given_names", "ambiguous") | words("surnames", "names") | _NOT
    closed |= frozenset(read_text("search/ordinary_words.txt").split()) | any_of("titles.ranks", "titles.particles")
    closed |= given_names()
    text = TARGET.read_text("utf-8")
    for key, path in (("male", male), ("female", female)):
        listed = (line.split()[0].lower() for line in Path(path).read_text("ascii").splitlines())
        new = sorted({name for name in listed if len(name) > 2 and name not in closed})
        more = textwrap.fill(" ".join(new), 230)
        text = re.sub(
            rf'(?m)^({key} = """\n[^"]*)"""', lambda m, more=more: f'{m[1]}{more}\n"""' if more else m[0], text
        )
    TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:3])
