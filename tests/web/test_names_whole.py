"""No column of who did it is so narrow that a name is broken inside a word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import thaw.web

WEB = Path(thaw.web.__file__).parent


@pytest.mark.parametrize("path", sorted((WEB / "templates").glob("*.html")), ids=lambda path: path.stem)
def test_a_column_of_names_of_those_who_did_it_has_its_class(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    for classes in re.findall(r"<td([^>]*)>\{\{ \w+\.by\b", source):
        assert re.search(r'class="[^"]*\bby\b', classes), path.name


def test_the_class_breaks_names_between_their_parts() -> None:
    css = (WEB / "static" / "thaw.css").read_text(encoding="utf-8")
    assert re.search(r"^\.by \{ overflow-wrap: break-word; min-width: 5rem; \}$", css, re.M)
    # What comes later wins over the rule for all cells.
    assert css.index("\n.by {") > css.index("th, td {")
