"""The door itself: exit codes, one JSON document, messages on stderr, no traceback, quick help, completion."""

from __future__ import annotations

import importlib
import json
import os
import pty
import re
import shlex
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from books import (
    Clock,
    csv_file,
    line,
    line_file,
    rows,
    text_pdf,
    thaw,
)
from cli.answers import fails
from thaw.casework import init_book
from thaw.data import data_path
from thaw.errors import AccessDenied
from thaw.store import Store

# The face of the room gives the function of the same name, so the module is found by its path.
MAIN = importlib.import_module("thaw.cli.main")
SOURCE = str(Path(__file__).parents[2] / "src")
THAW = [sys.executable, "-c", "import sys; from thaw.cli import main; sys.exit(main())"]
INCIDENT = data_path("sample/invented_incident.json")


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


def test_a_demo_that_is_stopped_says_so_and_the_next_one_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_demo(tmp_path, monkeypatch)
    monkeypatch.setattr("thaw.casework.import_run._BATCH", 4)
    commit, seen = Store.commit, []

    def stopped(store: Store, plan: Any) -> Any:
        seen.append(plan)
        if len(seen) == 4:
            raise KeyboardInterrupt
        return commit(store, plan)

    monkeypatch.setattr(Store, "commit", stopped)
    found = thaw("demo", book=tmp_path / "demo", as_json=True)
    assert (found.code, found.err) == (3, "thaw: interrupted; give the same command again to finish\n")
    assert [found.document[name] for name in ("records", "stored", "similar", "verify", "case_file")] == [
        4, 4, None, None, None,
    ]  # fmt: skip
    monkeypatch.setattr(Store, "commit", commit)
    again = thaw("demo", "--no-serve", book=tmp_path / "demo")
    assert again.code == 0
    assert "9 homicide records" in again.out
    assert "4 held from before, 5 stored, 0 rejected" in again.out


def test_every_command_that_the_demo_names_works_as_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_demo(tmp_path, monkeypatch)
    monkeypatch.chdir(tmp_path)
    told = thaw("demo", "--no-serve").out
    named = re.findall("`thaw ([^`]+)`", told)
    assert [shlex.split(command)[2:4] for command in named] == [
        ["verify", "--all"], ["work"], ["cases", "--where"], ["log"],
    ]  # fmt: skip
    assert [thaw(*shlex.split(command)).code for command in named] == [0, 0, 0, 0]


def test_a_line_feed_in_a_purpose_makes_no_further_line_in_the_log(book: Path) -> None:
    forged = "x)\n       1  2026-01-01 00:00:00  access.list          nobody"
    thaw("--purpose", forged, "--as", "A\nB", "cases", "--count", book=book)
    lines = thaw("log", book=book).out.splitlines()
    assert lines[1].endswith(" A B  cases --count  (purpose: x) 1 2026-01-01 00:00:00 access.list nobody)")
    assert thaw("log", book=book, as_json=True).document[2]["purpose"] == forged
    thaw("--purpose", "y" * 300, "cases", "--count", book=book)
    assert thaw("log", book=book).out.splitlines()[1].endswith(f"(purpose: {'y' * 199}…)")


def test_a_place_without_a_case_is_looked_up_on_the_map(book: Path) -> None:
    for extra in ([], ["--count"]):
        found = thaw("cases", "--where", "place=Saltlake, UT", *extra, book=book)
        assert (found.code, found.err) == (
            0, "No place is called 'Saltlake, UT' here. Counties with such a name: Salt Lake, UT (49035).\n"
        )  # fmt: skip
    assert thaw("cases", "--where", "place=Salt Lake, UT", book=book).err == ""


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
        "Make one with `thaw --book DIR init`.",
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


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["rejects", "settle"],
            "rejects: got settle, want nothing, or resolve and the id of a reject. "
            "Use `thaw rejects resolve 123 --reason TEXT`.",
        ),
        (
            ["same", "shr-map:1"],
            "same: got 1 cases, want none or two. Use `thaw same CASE CASE --decision accept --reason TEXT`.",
        ),
    ],
)
def test_what_is_given_in_part_is_exit_2(book: Path, arguments: list[str], message: str) -> None:
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
