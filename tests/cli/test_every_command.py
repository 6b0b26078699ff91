"""What holds for every command: help in a line, one JSON document, a plain word where there is no book."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer.main

from books import (
    bodies_file,
    csv_file,
    missing_file,
    rows,
    thaw,
)
from cli.answers import fails
from scripts.make_reference import command_names
from thaw.casework import open_book, session
from thaw.casework.cases import create_case
from thaw.cli import app
from thaw.data import data_path

# The face of the room gives the function of the same name, so the module is found by its path.

COMMANDS = sorted(command_names())
INCIDENT = data_path("sample/invented_incident.json")
FAMILY = data_path("sample/invented_family.json")


def named_twice(book: Path) -> list[str]:
    """Two invented victims whose names differ in a letter; their ids."""
    work = session(open_book(book), "Invented")
    for name in ("Quillon Farthingale", "Quilon Farthingale"):
        create_case(work, {"case": [], "victim": [{"p": "name", "v": {"text": name}}]}, file=None)
    work.book.close()
    found = thaw("namesakes", "list", book=book, as_json=True).document["proposals"]
    (ids,) = ([p[s]["person_id"] for s in ("one", "other")] for p in found if "Farthingale" in p["one"]["name"])
    return ids


def test_a_missing_book_is_exit_2_for_every_command_that_needs_one(tmp_path: Path) -> None:
    more = {"import": ["x.csv"], "add": ["x"], "case": ["x"], "person": ["x"], "new": [INCIDENT], "similar": ["x"]}
    more |= {"search": ["x", "--purpose", "p"], "backup": ["x"], "identify": ["x"]}
    more |= {"ruling add": ["x", "y", "--by", "dna", "--expert", "e", "--reason", "r"]}
    more |= {"ruling undo": ["1", "--reason", "r"]}
    more |= {"ruling name": ["x", "y", "--authority", "a", "--reason", "r"]}
    more |= {"label": ["x.csv"], "code": ["x", "x.json"]}
    more |= {"alerts dismiss": ["x", "--reason", "r"], "alike": ["x", "1"], "batch": ["x.csv"], "gaps": ["x"]}
    more |= {"mark": ["x", "1/1"], "mentions": ["x"], "saved add": ["x", "y"], "saved remove": ["x"]}
    more |= {"page": ["x", "1"], "section": ["x", "1", "11"], "transcribe": ["x", "1", "x.txt"]}
    more |= {"saved dismiss": ["1", "--reason", "r"], "namesakes undo": ["x", "y", "--reason", "r"]}
    more |= {"namesakes decide": ["x", "y", "--decision", "accept", "--reason", "r"]}
    more |= {f"named {verb}": ["m_x", "m_y", "--reason", "r"] for verb in ("rename", "merge", "split")}
    more |= {f"named {verb}": ["m_x", "--reason", "r"] for verb in ("withdraw", "undo")}
    more |= {"named promote": ["x", "1", "0", "1"]}
    more |= {"link": ["x", "y", "--decision", "accept", "--reason", "r"]}
    # The last two work without a book too.
    more |= {"export": ["x.zip"], "seal order": ["--number", "1", "--approved-by", "A"], "seal destroy": ["1"]}
    more |= {"seal hold": ["x", "--reason", "r"], "witness request": ["W", "--out", "x"], "witness take": ["W", "x"]}
    more |= {f"key {verb}": ["--key", tmp_path / "new.key", "--reason", "r"] for verb in ("rotate", "lost")}
    elsewhere = {"witness init", "witness serve", "witness answer"}
    for command in set(COMMANDS) - {"init", "demo", "restore", "kinship", "relatives"} - elsewhere:
        found = thaw(*command.split(), *more.get(command, []), book=tmp_path / "none", as_json=True)
        message = f"{tmp_path / 'none'}: got no casebook.toml, want a casebook. Make one with `thaw --book DIR init`."
        fails(found, 2, message)


NEEDS_MORE = (
    *("alerts dismiss", "seal order", "seal destroy"),
    *(f"witness {verb}" for verb in ("answer", "request", "send", "serve", "status", "take")),
)


def every_call(book: Path, folder: Path) -> dict[str, list[str | Path]]:
    """One good call of every command."""
    (folder / "tip.txt").write_text("A red car.")
    (folder / "known.csv").write_text("series,case\nCanal,shr-map:1\n")
    (folder / "coded.json").write_text('{"bound": "yes"}')
    register = csv_file(folder / "b.csv", rows(5))
    thaw("import", missing_file(folder / "missing.csv"), book=book)
    thaw("import", bodies_file(folder / "bodies.csv"), book=book)
    expert = ["--by", "dna", "--expert", "Invented Lab", "--reason", "report 12"]
    pair = ["namus-unidentified:UP7", "namus-missing:MP101"]
    ruled = thaw("ruling", "add", *pair, *expert, book=book, as_json=True).document
    why = ["--purpose", "test"]
    (folder / "names.csv").write_text("name\nExample\n")
    (folder / "first.txt").write_text("A green van.")
    page = thaw("add", folder / "first.txt", "--wait", book=book, as_json=True).document["files"][0]["sha256"]
    hit = thaw("search", "green van", *why, book=book, as_json=True).document["hits"][0]["ref"]
    thaw("saved", "add", "vans", "van", *why, book=book)
    (folder / "second.txt").write_text("Another van.")
    thaw("add", folder / "second.txt", "--wait", book=book)
    one_person = named_twice(book)
    marked = ["--kind", "vehicle"]
    van, color = (
        thaw("named", "promote", page, "1", *place, *marked, book=book, as_json=True).document["mention_id"]
        for place in (("8", "11"), ("2", "7"))
    )
    raised = thaw("saved", "run", book=book, as_json=True).document["raised"][0]["alert"]
    return {
        "init": ["init"], "import": ["import", register], "rejects": ["rejects"], "add": ["add", folder / "tip.txt"],
        "work": ["work"], "documents": ["documents"], "page": ["page", page, "1"], "retry": ["retry"],
        "transcribe": ["transcribe", page, "1", folder / "tip.txt"], "section": ["section", page, "1", "20"],
        "cases": ["cases"], "case": ["case", "shr-map:1"], "new": ["new", INCIDENT],
        "similar": ["similar", "shr-map:1"], "series": ["series"], "replay": ["replay"],
        "search": ["search", "handgun", "--purpose", "test"], "log": ["log"],
        "alerts": ["alerts"],
        "alike": ["alike", page, "1", *why], "batch": ["batch", folder / "names.csv", *why],
        "claims": ["claims"], "crossings": ["crossings"], "gaps": ["gaps", "shr-map:1"],
        "mark": ["mark", "green van", f"{hit}/1", *why], "mentions": ["mentions", "van", *why],
        "saved add": ["saved", "add", "cars", "car", *why], "saved list": ["saved", "list"],
        "saved run": ["saved", "run"], "saved dismiss": ["saved", "dismiss", str(raised), "--reason", "test"],
        "saved remove": ["saved", "remove", "vans"], "namesakes list": ["namesakes", "list"],
        "namesakes decide": ["namesakes", "decide", *one_person, "--decision", "accept", "--reason", "test"],
        "namesakes undo": ["namesakes", "undo", *one_person, "--reason", "test"],
        "named list": ["named", "list"], "named promote": ["named", "promote", page, "1", "2", "11", *marked],
        "named rename": ["named", "rename", van, "the van", "--reason", "test"],
        "named merge": ["named", "merge", van, color, "--reason", "test"],
        "named split": ["named", "split", van, color, "--reason", "test"],
        "named withdraw": ["named", "withdraw", color, "--reason", "test"],
        "named undo": ["named", "undo", color, "--reason", "test"],
        "link": ["link", "shr-map:1", "shr-map:2", "--decision", "accept", "--reason", "invented"],
        "groups": ["groups"],
        "label": ["label", folder / "known.csv"],
        "code": ["code", "shr-map:1", folder / "coded.json"],
        "checkpoint": ["checkpoint", "--out", folder / "head.txt"], "verify": ["verify", "--all"],
        "backup": ["backup", folder / "copy"], "restore": ["restore", folder / "copy"], "rebuild": ["rebuild"],
        "serve": ["serve"], "demo": ["demo", "--no-serve"], "persons": ["persons"],
        "incidents": ["incidents"],
        "same": ["same"],
        "person": ["person", "namus-missing:MP101"], "identify": ["identify", pair[0]],
        "ruling undo": ["ruling", "undo", str(ruled["entry"]), "--reason", "mixed up"],
        "ruling add": ["ruling", "add", *pair, *expert],
        "ruling name": ["ruling", "name", *pair, "--authority", "Invented Examiner", "--reason", "report 12"],
        "kinship": ["kinship", FAMILY],
        "families": ["families"], "together": ["together", pair[0]],
        "relatives": ["relatives", FAMILY, "--simulations", "100"],
        "export": ["export", folder / "bundle.zip"], "certify": ["certify"],
        "nightly": ["nightly"], "policy": ["policy"],
        "witness init": ["witness", "init", "w1", "--state", folder / "w"],
        "seal dry-run": ["seal", "dry-run", "--case", "shr-map:1"],
        "seal hold": ["seal", "hold", "shr-map:1", "--reason", "test"],
        "key rotate": ["key", "rotate", "--key", folder / "new.key", "--reason", "test"],
        "key lost": ["key", "lost", "--key", folder / "newer.key", "--reason", "test"],
    }  # fmt: skip


def test_every_command_prints_one_json_document_and_nothing_else(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("thaw.web.serve_book", lambda session, port, announce: announce("http://127.0.0.1:1/open/x"))
    calls = every_call(book, tmp_path)
    # Five cases give no alert that could be dismissed, and witnesses and orders need more than one call:
    # tests/test_json_reference.py runs those.
    asked = [f"witness {verb}" for verb in ("serve", "answer", "send", "request", "take", "status")]
    assert sorted([*calls, "alerts dismiss", *asked, "seal order", "seal destroy"]) == COMMANDS
    calls.pop("demo")
    for command, arguments in calls.items():
        place = tmp_path / command if command in ("init", "restore") else book
        found = thaw(*arguments, book=place, as_json=True)
        assert (command, found.code, found.err) == (command, 0, "")
        json.loads(found.out)
        assert found.out.count("\n") == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_one_line_that_says_what_it_does(command: str) -> None:
    known: Any = typer.main.get_command(app)
    for word in command.split():
        known = known.commands[word]
    assert known.help
    assert known.help.split("\n")[0].endswith((".", "page."))
    for parameter in known.params:
        assert parameter.param_type_name == "argument" or getattr(parameter, "help", None), parameter.name
    assert thaw(*command.split(), "--help").code == 0
