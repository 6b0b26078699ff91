"""Words and names that the search knows: ordinary English words, nicknames, how common names are, letter rules."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from typing import Any

from thaw.data import data_path, read_toml

__all__ = ["given_names", "nicknames", "ordinary_words", "spelling", "surnames", "value_words"]


@cache
def ordinary_words() -> frozenset[str]:
    """Common English words in lower case, three letters or more: one of them is no misreading of another."""
    return frozenset(data_path("search/ordinary_words.txt").read_text(encoding="utf-8").split())


@cache
def nicknames() -> Mapping[str, frozenset[str]]:
    """Given name -> names that stand for the same person's name: its nicknames, and names of which it is one."""
    found: dict[str, set[str]] = {}
    for row in _rows("nicknames"):
        for short in row["nicknames"].split():
            found.setdefault(row["name"], set()).add(short)
            found.setdefault(short, set()).add(row["name"])
    return {name: frozenset(others) for name, others in found.items()}


@cache
def surnames() -> Mapping[str, float]:
    """Share of people, 0 to 1, who bear a surname; names outside the list are rarer than its last one."""
    return {row["name"]: float(row["percent"]) / 100 for row in _rows("surnames")}


@cache
def given_names() -> Mapping[str, float]:
    """Share of people, 0 to 1, who bear a given name."""
    return {row["name"]: float(row["percent"]) / 100 for row in _rows("given_names")}


def spelling() -> Mapping[str, Any]:
    """Letters that readers confuse, how letters sound, and letters of other scripts; see `search/spelling.toml`."""
    return read_toml("search/spelling.toml")


def value_words() -> Mapping[str, Any]:
    """Words by which telephone numbers, plates, addresses and vehicles are known; see `search/values.toml`."""
    return read_toml("search/values.toml")


def _rows(name: str) -> list[dict[str, str]]:
    with data_path(f"search/{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
