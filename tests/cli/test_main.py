"""The door itself: exit codes, one JSON document, messages on stderr, no traceback, quick help, completion."""

from __future__ import annotations

import importlib
import json
import os
import pty
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import typer.main

from books import (
    Clock,
    Ran,
    bodies_file,
    csv_file,
    imported,
    line,
    line_file,
    missing_file,
    new_book,
    rows,
    text_pdf,
    thaw,
)
from scripts.make_reference import command_names
from thaw.casework import init_book, open_book, session
from thaw.casework.cases import create_case
from thaw.cli import app
from thaw.data import data_path
from thaw.errors import AccessDenied

# The face of the room gives the function of the same name, so the module is found by its path.
MAIN = importlib.import_module("thaw.cli.main")
COMMANDS = sorted(command_names())
SOURCE = str(Path(__file__).parents[2] / "src")
THAW = [sys.executable, "-c", "import sys; from thaw.cli import main; sys.exit(main())"]
INCIDENT = data_path("sample/invented_incident.json")
FAMILY = data_path("sample/invented_family.json")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    work = new_book(tmp_path / "book")
    imported(work, csv_file(tmp_path / "a.csv", rows(4)))
    work.book.close()
    return tmp_path / "book"


def run(*arguments: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run the command as a process of its own."""
    environment = {**os.environ, "PYTHONPATH": SOURCE, **more.pop("env", {})}
    return subprocess.run(
        [*THAW, *map(str, arguments)],
        text=True,
        timeout=60,
        env=environment,
        capture_output="stdout" not in more,
        **more,
    )


def fails(found: Ran, code: int, message: str) -> None:
    """The same four parts as one JSON document on stdout and as a sentence on stderr."""
    assert found.code == code
    error = found.document["error"]
    assert set(error) == {"where", "got", "want", "fix"}
    assert f"{error['where']}: got {error['got']}, want {error['want']}. {error['fix']}" == message
    assert found.err == f"thaw: {message}\n"


SEE = "want a command as in --help. See `{}`; --book, --as and --purpose stand before the command."
USAGE = [
    (["nosuch"], "No such command 'nosuch'", "thaw --help"),
    ([], "Missing command", "thaw --help"),
    (["case"], "Missing argument 'ID'", "thaw case --help"),
    (["cases", "--csv"], "No such option: --csv", "thaw cases --help"),
    (["cases", "more"], "Got unexpected extra argument(s) (more)", "thaw cases --help"),
    (
        ["similar", "x", "--top", "0"],
        "Invalid value for '--top': Input should be greater than or equal to 1",
        "thaw similar --help",
    ),
    (
        ["similar", "x", "--top", "ten"],
        "Invalid value for '--top': Input should be a valid integer",
        "thaw similar --help",
    ),
    (["import"], "Missing argument 'FILE...'", "thaw import --help"),
]


@pytest.mark.parametrize(("arguments", "message", "command"), USAGE)
def test_a_command_that_cannot_be_read_is_exit_2_with_advice(arguments: list[str], message: str, command: str) -> None:
    found = thaw(*arguments, as_json=True)
    assert found.code == 2
    assert found.document["error"]["where"] == "command line"
    assert found.document["error"]["got"].startswith(f"a command that cannot be read: {message}")
    assert found.err.endswith(SEE.format(command) + "\n")


def test_without_arguments_the_help_is_printed() -> None:
    found = run()
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.startswith("Usage: thaw [OPTIONS] COMMAND [ARGS]...")


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
    more |= {"label": ["x.csv"], "code": ["x", "x.json"]}
    more |= {"alerts dismiss": ["x", "--reason", "r"], "alike": ["x", "1"], "batch": ["x.csv"], "gaps": ["x"]}
    more |= {"mark": ["x", "1/1"], "mentions": ["x"], "saved add": ["x", "y"], "saved remove": ["x"]}
    more |= {"page": ["x", "1"], "section": ["x", "1", "11"], "transcribe": ["x", "1", "x.txt"]}
    more |= {"saved dismiss": ["1", "--reason", "r"], "namesakes undo": ["x", "y", "--reason", "r"]}
    more |= {"namesakes decide": ["x", "y", "--decision", "accept", "--reason", "r"]}
    more |= {"link": ["x", "y", "--decision", "accept", "--reason", "r"]}
    # The last two work without a book too.
    more |= {"export": ["x.zip"], "seal order": ["--number", "1", "--approved-by", "A"], "seal destroy": ["1"]}
    more |= {"seal hold": ["x", "--reason", "r"], "witness request": ["W", "--out", "x"], "witness take": ["W", "x"]}
    more |= {f"key {verb}": ["--key", tmp_path / "new.key", "--reason", "r"] for verb in ("rotate", "lost")}
    elsewhere = {"witness init", "witness serve", "witness answer"}
    for command in set(COMMANDS) - {"init", "demo", "restore", "kinship", "relatives"} - elsewhere:
        found = thaw(*command.split(), *more.get(command, []), book=tmp_path / "none", as_json=True)
        message = f"{tmp_path / 'none'}: got no casebook.toml, want a casebook. Make one with: thaw --book DIR init"
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
        "kinship": ["kinship", FAMILY],
        "families": ["families"],
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


def test_the_demo_prints_the_document_of_the_contract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_demo(tmp_path, monkeypatch)
    found = thaw("demo", "--no-serve", book=tmp_path / "demo", as_json=True)
    assert (found.code, found.err) == (0, "")
    assert set(found.document) >= {
        "records", "stored", "rejected", "already_held", "import_seconds", "similar", "similar_seconds", "verify",
    }  # fmt: skip
    assert [found.document[name] for name in ("records", "stored", "rejected", "already_held")] == [9, 9, 0, 0]
    again = thaw("demo", "--no-serve", book=tmp_path / "demo", as_json=True).document
    assert [again[name] for name in ("records", "stored", "rejected", "already_held")] == [9, 0, 0, 9]


def test_a_demo_that_serves_keeps_stdout_to_its_one_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_demo(tmp_path, monkeypatch)
    monkeypatch.setattr("thaw.web.serve_book", lambda session, port, announce: announce("http://127.0.0.1:1/open/x"))
    found = thaw("demo", book=tmp_path / "demo", as_json=True)
    assert found.document["records"] == 9
    assert found.err == "http://127.0.0.1:1/open/x\n"
    spoken = thaw("demo", book=tmp_path / "demo")
    assert spoken.out.endswith("http://127.0.0.1:1/open/x\n")


def small_demo(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    register = csv_file(folder / "sample.csv", rows(9))
    monkeypatch.setattr(
        "thaw.casework.demo.data_path", lambda name: register if name.endswith(".parquet") else data_path(name)
    )


def test_a_demo_book_takes_no_other_import(tmp_path: Path) -> None:
    init_book(tmp_path / "demo", None, Clock(), "Invented", kind="demo")
    found = thaw("import", csv_file(tmp_path / "a.csv", rows(1)), book=tmp_path / "demo", as_json=True)
    fails(
        found,
        2,
        f"{tmp_path / 'demo'}: got a demo book, want a book of your own, so that invented and real cases never mix. "
        "Make one with: thaw --book DIR init",
    )


def test_rejects_alone_are_exit_0(book: Path, tmp_path: Path) -> None:
    found = thaw("import", line_file(tmp_path / "b.csv", "cut off"), book=book, as_json=True)
    assert (found.code, found.document["files"][0]["rejected"]) == (0, 1)


def test_a_file_that_fails_is_exit_3_with_the_usual_document(book: Path, tmp_path: Path) -> None:
    found = thaw("add", tmp_path / "none.txt", book=book, as_json=True)
    assert (found.code, found.document["files"][0]["state"]) == (3, "failed")
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4 lost")
    thaw("add", tmp_path / "a.pdf", book=book)
    found = thaw("work", book=book, as_json=True)
    assert (found.code, found.document["failed"]) == (3, 1)


def test_an_import_with_a_problem_is_exit_3_and_says_it_on_stderr(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(self: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr("thaw.casework.import_run.ImportRun._rows", stop)
    found = thaw("import", csv_file(tmp_path / "b.csv", rows(5)), book=book, as_json=True)
    assert found.code == 3
    assert found.document["files"][0]["problem"] == "interrupted; give the same command again to finish"
    assert found.err == "thaw: interrupted; give the same command again to finish\n"


def test_ctrl_c_is_exit_3(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*arguments: Any, **more: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr("thaw.casework.cases.cases", stop)
    message = "the command: got an interruption, want to run to its end. Give the same command again."
    fails(thaw("cases", book=book, as_json=True), 3, message)


def test_a_denial_is_exit_4(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(*arguments: Any, **more: Any) -> Any:
        raise AccessDenied(where="case", got="no grant", want="a grant for it", fix="Ask the chief.")

    monkeypatch.setattr("thaw.casework.cases.cases", deny)
    fails(thaw("cases", book=book, as_json=True), 4, "case: got no grant, want a grant for it. Ask the chief.")


def test_an_unexpected_error_is_exit_70_without_traceback(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*arguments: Any, **more: Any) -> Any:
        raise ZeroDivisionError("invented")

    monkeypatch.setattr("thaw.casework.cases.cases", stumble)
    fails(
        thaw("cases", book=book, as_json=True),
        70,
        "thaw: got an unexpected error (ZeroDivisionError: invented), want to finish. Please report it with the "
        "command that you gave; THAW_DEBUG=1 shows where it happened.",
    )
    monkeypatch.setenv("THAW_DEBUG", "1")
    assert "Traceback" in thaw("cases", book=book).err


def test_a_tampered_ledger_is_exit_1_and_names_the_entry(book: Path) -> None:
    change_payload(book, seq=2)
    found = thaw("verify", book=book, as_json=True)
    assert (found.code, found.document["status"]) == (1, "tampered")
    assert 2 in [finding["seq"] for finding in found.document["findings"]]


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (PermissionError(13, "Permission denied", "/x"), 2, "/x: got Permission denied, want a file or folder that can "
         "be used. Check the name and the rights on it."),
        (OSError(28, "No space left on device"), 3, "the file system: got No space left on device, want a file or "
         "folder that can be used. Free some space and give the same command again."),
    ],
)  # fmt: skip
def test_an_error_of_the_file_system_is_told_as_what_it_is(
    book: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, code: int, message: str
) -> None:
    def fail(*arguments: Any, **more: Any) -> Any:
        raise error

    monkeypatch.setattr("thaw.casework.cases.cases", fail)
    fails(thaw("cases", book=book, as_json=True), code, message)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["similar"],
            "similar: got neither a case nor an incident, want CASE_ID or --incident FILE.json. Give one of them.",
        ),
        (
            ["similar", "shr-map:1", "--incident", str(INCIDENT)],
            "similar: got a case and an incident, want CASE_ID or --incident FILE.json. Give one of them.",
        ),
        (
            ["add", "x.txt", "--case", "shr-map:1", "--new-case", "x"],
            "add: got --case and --new-case, want one of them. Leave one out.",
        ),
        (["search", "handgun"], "search: got no purpose, want why you search, for the log. Use --purpose TEXT."),
    ],
)
def test_arguments_that_do_not_go_together_are_exit_2(book: Path, arguments: list[str], message: str) -> None:
    fails(thaw(*arguments, book=book, as_json=True), 2, message)


def test_init_warns_of_a_key_inside_the_book_on_stderr(tmp_path: Path) -> None:
    found = thaw("init", "--key", tmp_path / "book" / "k", book=tmp_path / "book", as_json=True)
    assert found.code == 0
    assert set(found.document) == {"book", "origin", "public_key"}
    assert found.err == (
        "Warning: the log key lies inside the book. Whoever copies the book can forge it; move the key elsewhere.\n"
    )


def test_a_purpose_may_stand_before_or_after_the_word_search(book: Path) -> None:
    assert thaw("--purpose", "test", "search", "handgun", book=book).code == 0
    assert thaw("search", "--purpose", "test", "handgun", book=book).code == 0


def test_the_book_may_be_named_in_the_environment(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THAW_BOOK", str(book))
    assert thaw("cases", "--count", as_json=True).document == {"count": 4}


def test_without_a_name_the_book_is_casebook_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("THAW_BOOK", raising=False)
    assert thaw("init").code == 0
    assert {path.name for path in tmp_path.iterdir()} == {"casebook", "casebook.key"}


def test_records_cannot_steer_the_terminal(book: Path, tmp_path: Path) -> None:
    path = tmp_path / "new.json"
    path.write_text(json.dumps({"date": "2018", "title": "Invented\x1b[2J\u202e\ttitle"}))
    made = thaw("new", path, book=book, as_json=True).document["case_id"]
    shown = thaw("case", made, book=book).out
    assert shown.splitlines()[0] == "Invented\ufffd[2J\ufffd title"
    assert thaw("case", made, book=book, as_json=True).document["title"] == "Invented\x1b[2J\u202e\ttitle"


def test_a_name_that_is_no_utf_8_does_no_harm(book: Path, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "b.csv", rows(5)).rename(tmp_path / "b\udce9.csv")
    found = run("--book", book, "--json", "import", path)
    assert (found.returncode, json.loads(found.stdout)["files"][0]["file"]) == (0, "b\ufffd.csv")
    found = run("--book", book, "--json", "case", "\udce9")
    assert (found.returncode, json.loads(found.stdout)["error"]["got"]) == (2, "a text that is no UTF-8")


def test_json_is_json_on_a_terminal_that_knows_no_unicode(book: Path, tmp_path: Path) -> None:
    path = tmp_path / "new.json"
    path.write_text(json.dumps({"date": "2018", "title": "Inventé"}))
    thaw("new", path, book=book)
    plain = {"PYTHONIOENCODING": "ascii"}
    found = run("--book", book, "--json", "cases", env=plain)
    assert "Inventé" in [case["title"] for case in json.loads(found.stdout)]
    assert "Invent\\xe9" in run("--book", book, "cases", env=plain).stdout


@pytest.mark.parametrize("arguments", [["cases"], ["--json", "cases"], ["--help"], ["verify"]])
def test_a_reader_that_goes_away_is_no_failure(book: Path, arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    found = run("--book", book, *arguments, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert (found.returncode, found.stderr) == (0, "")


def test_a_verdict_keeps_its_exit_code_when_nobody_reads_it(book: Path) -> None:
    change_payload(book, seq=2)
    reading, writing = os.pipe()
    os.close(reading)
    found = run("--book", book, "verify", stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert (found.returncode, found.stderr) == (1, "")


def change_payload(book: Path, *, seq: int) -> None:
    with closing(sqlite3.connect(book / "casebook.db")) as db, db:
        db.execute("UPDATE payload SET body = CAST('{}' AS BLOB) WHERE seq = ?", (seq,))


def test_a_full_device_for_the_answer_is_said(book: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this machine has no device that is always full")
    with open("/dev/full", "w") as full:
        found = run("--book", book, "cases", stdout=full, stderr=subprocess.PIPE)
    assert found.returncode == 3
    assert found.stderr == (
        "thaw: standard output: got No space left on device, want a place that takes the answer. "
        "Make room and give the same command again.\n"
    )


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


def test_help_loads_nothing_heavy() -> None:
    heavy = "numpy duckdb starlette uvicorn cryptography pypdfium2 apsw rich PIL jinja2 thaw.casework"
    code = (
        "import sys; from thaw.cli import main; code = main(['--help']); "
        f"sys.exit(code or ' '.join(n for n in '{heavy}'.split() if n in sys.modules) or 0)"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": SOURCE}, capture_output=True, text=True
    )
    assert (found.returncode, found.stderr) == (0, "")
    assert "similar" in found.stdout


def test_a_completion_script_is_printed() -> None:
    found = run("--show-completion", "bash", env={"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"})
    assert found.returncode == 0, found.stderr
    assert "_THAW_COMPLETE" in found.stdout


def test_the_shell_is_told_the_commands(book: Path) -> None:
    asked = {"_THAW_COMPLETE": "complete_bash", "COMP_WORDS": "thaw si", "COMP_CWORD": "1"}
    assert run(env=asked).stdout.split() == ["similar"]


def test_on_a_terminal_a_search_asks_for_its_purpose(book: Path) -> None:
    master, slave = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": SOURCE}
    command = [*THAW, "--book", str(book), "search", "handgun"]
    process = subprocess.Popen(
        command, stdin=slave, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    os.write(master, b"an invented purpose\n")
    out, err = process.communicate(timeout=60)
    os.close(master)
    os.close(slave)
    assert (process.returncode, "Why do you search? (for the log)" in err) == (0, True)
    assert "texts with the word" in out
    purposes = [entry["purpose"] for entry in thaw("log", book=book, as_json=True).document]
    assert purposes.count("an invented purpose") == 2


def test_a_command_of_a_pdf_to_an_answer(book: Path, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(text_pdf("A red car"))
    assert thaw("add", tmp_path / "a.pdf", "--case", "shr-map:1", "--wait", book=book).code == 0
    found = thaw("search", '"red car"', "--purpose", "test", book=book, as_json=True).document
    assert found["hits"][0]["page"] == 1


def test_the_factory_writes_the_line_it_says() -> None:
    assert line().startswith("1,INV001,1985,7,49035,")


def test_an_import_names_its_data_set_in_json_and_in_words(book: Path, tmp_path: Path) -> None:
    register = csv_file(tmp_path / "b.csv", rows(4, year=1999, state_abbr="AZ", fip="4013", cnty_name="Maricopa, AZ"))
    found = thaw("import", "--data-set", "arizona", "--dry-run", register, book=book, as_json=True)
    (file,) = found.document["files"]
    assert (file["data_set"], file["stored"]) == ("arizona", 4)
    spoken = thaw("import", "--data-set", "arizona", "--dry-run", register, book=book)
    first, second, *preview, last = spoken.out.splitlines()
    assert (first, second) == ("b.csv (shr-map/arizona): 4 rows read", "          4  stored as new cases")
    for n, (one, month) in enumerate(zip(preview, ("February", "March", "April", "May"), strict=True), start=1):
        assert one.startswith(f"  row {n}, shr-map/arizona:{n}: date {month} 1999; place Maricopa, AZ; weapon ")
    assert last == "No row was written: this was a dry run."
    fails(
        thaw("import", "--data-set", "no way", register, book=book, as_json=True),
        2,
        "--data-set: got 'no way', want 1 to 40 letters (A to Z), digits and dashes. Use a name such as utah-1976.",
    )


def test_a_header_cell_that_is_too_long_is_exit_2(book: Path, tmp_path: Path) -> None:
    path = tmp_path / "b.csv"
    path.write_text("year,month,vic_sex,weapon,state," + "x" * 131_073 + "\n")
    fails(
        thaw("import", path, book=book, as_json=True),
        2,
        f"{path} line 1: got a header that is no CSV (field larger than field limit (131072)), want the names of the "
        "columns. Mend the first line; documents are taken in with `thaw add`.",
    )
