"""docs/reference/json.md names every key that a command prints, and none that it does not print."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from books import Ran, csv_file, missing_file, row, rows, thaw
from nibrs_lines import admin, offense, victim
from scripts.make_reference import command_names

TOP = Path(__file__).resolve().parents[1]
TEXT = (TOP / "docs" / "reference" / "json.md").read_text("utf-8")
ROWS = dict(re.findall(r"^\| `([\w ]+)` \| (.*) \|$", TEXT, re.MULTILINE))
SHARED = set(re.findall(r'"(\w+)"', TEXT.partition("## Parts that several")[2]))


def _keys(document: Any) -> Iterator[str]:
    parts = document if isinstance(document, list) else document.values() if isinstance(document, dict) else ()
    if isinstance(document, dict):
        yield from document
    for part in parts:
        yield from _keys(part)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """What every command that ends prints on a small invented book, by command."""
    folder = tmp_path_factory.mktemp("json")
    found: dict[str, list[Any]] = {}

    def run(command: str, *arguments: str | Path, book: Path = folder / "book") -> Any:
        ran: Ran = thaw(command, *arguments, book=book, as_json=True)
        found.setdefault(command, []).append(json.loads(ran.out))
        return found[command][-1]

    run("init")
    run("import", csv_file(folder / "register.csv", [*rows(12), row(99, year="19x4")]))
    run("import", missing_file(folder / "missing.csv"))
    run("import", csv_file(folder / "again.csv", rows(2)), "--dry-run")
    run("person", run("persons")[0]["person_id"])
    (folder / "nibrs.txt").write_text("\n".join([admin(), offense("120"), victim(codes="120")]))
    run("import", folder / "nibrs.txt")
    run("incidents")
    run("rejects", "resolve", str(run("rejects")[0]["id"]), "--reason", "to test")
    case_id = run("cases")[0]["case_id"]
    run("cases", "--count")
    for name, words in (("note.txt", "A blue car was seen.\n"), ("later.txt", "A red car was seen.\n")):
        (folder / name).write_text(words, encoding="utf-8")
    run("add", folder / "note.txt", "--case", case_id, "--wait")
    run("add", folder / "later.txt")
    run("work")
    run("case", case_id)
    incident = {"title": "Invented", "invented": True, "date": "1985-07", "place": {"county_fips": "49035"}}
    (folder / "incident.json").write_text(json.dumps(incident), encoding="utf-8")
    run("new", folder / "incident.json")
    run("similar", case_id)
    run("search", "blue car", "--purpose", "to test")
    run("log")
    run("checkpoint")
    run("verify")
    run("backup", folder / "backup")
    run("restore", folder / "backup", book=folder / "restored")
    run("rebuild")
    return found


def test_every_command_has_a_row():
    assert sorted(ROWS) == sorted(command_names())


@pytest.mark.parametrize("command", sorted(set(ROWS) - {"serve", "demo"}))  # these two have tests of their own
def test_the_row_of_a_command_names_the_keys_that_it_prints(command: str, printed: dict[str, list[Any]]):
    said = set(re.findall(r'"(\w+)"', ROWS[command]))
    keys = set(_keys(printed[command]))
    assert keys - said - SHARED == set(), "printed, but not in docs/reference/json.md"
    finding = {"kind", "seq", "detail"} if command == "verify" else set()
    assert said - keys == finding, "in docs/reference/json.md, but not printed"


def test_a_failing_command_prints_the_four_parts_of_its_error(tmp_path: Path):
    ran = thaw("cases", book=tmp_path / "nothing", as_json=True)
    assert {key: sorted(parts) for key, parts in json.loads(ran.out).items()} == {
        "error": ["fix", "got", "want", "where"]
    }
