"""The locks pin what pyproject.toml asks for, with hashes and no address, under permissive licences."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))
ASKED = {
    "requirements.lock": PROJECT["project"]["dependencies"],
    "requirements-dev.lock": PROJECT["dependency-groups"]["dev"],
}


def _pins(lock: str) -> dict[str, str]:
    """Each package's name with the rest of its block: version and hashes."""
    text = re.sub(r"^ *#.*\n", "", (TOP / lock).read_text("utf-8"), flags=re.MULTILINE)
    return {block.partition("==")[0]: block.partition("==")[2] for block in re.split(r"\n(?=\S)", text)}


def _name(requirement: str) -> str:
    return re.split(r"[^\w-]", requirement)[0]


@pytest.mark.parametrize("lock", sorted(ASKED))
def test_a_lock_pins_every_package_that_is_asked_for(lock: str):
    assert {_name(requirement) for requirement in ASKED[lock]} - set(_pins(lock)) == set()


@pytest.mark.parametrize("lock", sorted(ASKED))
def test_every_pin_has_a_hash_and_no_address(lock: str):
    assert [name for name, rest in _pins(lock).items() if "--hash=sha256:" not in rest] == []
    assert re.search(r"https?://|--index|--find-links", (TOP / lock).read_text("utf-8")) is None


def test_both_locks_agree_on_the_packages_that_they_share():
    run, dev = (_pins(lock) for lock in sorted(ASKED, reverse=True))
    assert {name for name in run.keys() & dev.keys() if run[name].split()[0] != dev[name].split()[0]} == set()


def _licence(name: str) -> str:
    """What the package says of its licence; "" where it is not installed on this platform."""
    try:
        said = metadata(name)
    except PackageNotFoundError:
        return ""
    classifiers = [line for line in said.get_all("Classifier") or [] if line.startswith("License")]
    return " ".join([said.get("License-Expression") or (said.get("License") or "")[:100], *classifiers])


def _is_copyleft(licence: str) -> bool:
    return re.search(r"\b(A?GPL|GNU (Affero )?General)", licence) is not None


def test_nothing_in_the_locks_is_under_gpl_or_agpl():
    found = {name: _licence(name) for lock in ASKED for name in _pins(lock)}
    assert {name: licence for name, licence in found.items() if _is_copyleft(licence)} == {}
    assert sum(map(bool, found.values())) > 40, "the environment of ./run knows these licences"


@pytest.mark.parametrize(
    "licence", ["AGPL-3.0-or-later", "License :: OSI Approved :: GNU General Public License (GPL)"]
)
def test_a_copyleft_licence_would_be_found(licence: str):
    assert _is_copyleft(licence)
