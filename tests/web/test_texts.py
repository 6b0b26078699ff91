"""The catalogue of words: every name has words, all words are used, and no template has words beside it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from thaw.web.texts import catalogue, text

ROOT = Path(__file__).parents[2]
WEB = ROOT / "src" / "thaw" / "web"
sys.path.insert(0, str(ROOT / "scripts"))
from gather_texts import gather, literals  # noqa: E402


def used() -> set[str]:
    """Every name that a template or a screen says."""
    templates = "".join(path.read_text(encoding="utf-8") for path in (WEB / "templates").glob("*.html"))
    screens = "".join(path.read_text(encoding="utf-8") for path in WEB.glob("*.py"))
    found = set(re.findall(r'\bt\("([\w.]+)"', templates)) | set(re.findall(r'\btext\("([\w.]+)"', screens))
    return found | {f"said.{name}" for name in re.findall(r'\.done\(\s*"(\w+)"', screens)}


def test_every_name_has_words_and_all_words_are_used() -> None:
    known = {f"{table}.{key}" for table, words in catalogue().items() for key in words}
    assert used() - known == set()
    assert known - used() == set()


def test_templates_of_the_catalogue_hold_no_words_of_their_own() -> None:
    for stem in catalogue().keys() - {"said"}:
        source = (WEB / "templates" / f"{stem}.html").read_text(encoding="utf-8")
        assert [source[start:end] for start, end in literals(source)] == [], stem


def test_values_are_filled_in_and_a_missing_name_is_an_error() -> None:
    assert text("said.queued_again", count=3) == "3 queued again."
    with pytest.raises(KeyError):
        text("said.no_such_words")


def test_gathering_finds_words_and_spoken_labels_and_leaves_commands() -> None:
    table: dict[str, str] = {}
    source = (
        '<p aria-label="Small words" class="loud words">Go {% if a > b %}on{% endif %} with <code>thaw add</code>.</p>'
    )
    made = gather(source, table, "x")
    assert table == {"small_words": "Small words", "go": "Go", "on": "on", "with": "with"}
    assert made == (
        '<p aria-label="{{ t("x.small_words") }}" class="loud words">{{ t("x.go") }} {% if a > b %}{{ t("x.on") }}'
        '{% endif %} {{ t("x.with") }} <code>thaw add</code>.</p>'
    )
    assert gather(made, dict(table), "x") == made
