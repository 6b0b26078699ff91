"""Packaged data: code lists, vocabularies, places, presets, the sample; each file carries its source and date.

`data_path` gives the file, `read_text` its text, `read_toml` and `read_json` its parsed content, read once and kept.
"""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["data_names", "data_path", "read_json", "read_text", "read_toml"]

_ROOT = Path(__file__).parent


def data_path(name: str) -> Path:
    """Path of the packaged file `name` (with `/` between folders)."""
    return _ROOT / name


def data_names(folder: str) -> list[str]:
    """Names without suffix of the TOML files in a packaged folder, sorted."""
    return sorted(file.stem for file in data_path(folder).glob("*.toml"))


def read_text(name: str) -> str:
    """Content of a packaged text file, in UTF-8."""
    return data_path(name).read_text(encoding="utf-8")


@cache
def read_toml(name: str) -> dict[str, Any]:
    """Content of a packaged TOML file; callers must not change it."""
    return tomllib.loads(data_path(name).read_text(encoding="utf-8"))


@cache
def read_json(name: str) -> dict[str, Any]:
    """Content of a packaged JSON file; callers must not change it."""
    result: dict[str, Any] = json.loads(data_path(name).read_text(encoding="utf-8"))
    return result
