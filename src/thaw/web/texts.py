"""Every word of the workbench stands in one catalogue, texts.toml; templates and screens name what they say."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_CATALOGUE = Path(__file__).parent / "texts.toml"


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """The words by table (a template, or `said`) and name."""
    return tomllib.loads(_CATALOGUE.read_text(encoding="utf-8"))


def text(name: str, /, **values: Any) -> str:
    """The words of a name such as `desk.search`, {names} in them filled in. KeyError for a name that is not there."""
    table, _, key = name.partition(".")
    words = catalogue()[table][key]
    return words.format(**values) if values else words
