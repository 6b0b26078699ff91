"""Imports by other processes: killed in the middle, two at once, beside a reader, on a disk that fills up."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from books import csv_file, new_book, row, rows
from thaw.casework import open_book, session
from thaw.casework.cases import case_count, cases
from thaw.casework.ledger import verify

COMMAND = [sys.executable, "-c", "import sys; from thaw.cli import main; sys.exit(main())"]


def start(book: Path, *arguments: str | Path) -> subprocess.Popen[str]:
    source = str(Path(__file__).parents[2] / "src")
    return subprocess.Popen(
        [*COMMAND, "--book", str(book), "--json", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": source},
    )


def finish(process: subprocess.Popen[str]) -> dict[str, int]:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return dict(json.loads(out)["files"][0])


def wait_for_rows(book: Path, at_least: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        opened = open_book(book)
        size = opened.store.size()
        opened.close()
        if size >= at_least:
            return
        time.sleep(0.01)
    raise AssertionError("the import did not get that far")


def total(book: Path) -> int:
    opened = open_book(book)
    try:
        return case_count(session(opened, "Invented"))
    finally:
        opened.close()


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_an_import_stopped_in_the_middle_is_finished_by_a_rerun(tmp_path: Path, how: signal.Signals) -> None:
    book, path = tmp_path / "book", csv_file(tmp_path / "a.csv", rows(20_000))
    new_book(book).book.close()
    process = start(book, "import", path)
    wait_for_rows(book, 2_000)
    process.send_signal(how)
    out, _ = process.communicate(timeout=60)
    if how == signal.SIGINT:
        (stopped,) = json.loads(out)["files"]
        assert process.returncode == 3
        assert stopped["problem"] == "interrupted; give the same command again to finish"
        assert stopped["read"] == stopped["stored"]
    assert 0 < total(book) < 20_000
    assert verify(book)["status"] == "ok"
    found = finish(start(book, "import", path))
    assert found["stored"] + found["already_held"] == 20_000
    assert found["missing_since"] == []
    assert total(book) == 20_000
    assert verify(book, everything=True)["status"] == "ok"


@pytest.mark.slow
def test_two_processes_import_two_files_into_one_book(tmp_path: Path) -> None:
    book = tmp_path / "book"
    new_book(book).book.close()
    one = csv_file(tmp_path / "a.csv", rows(3_000))
    # The second file holds half of the rows of the first, and shares their incidents.
    other = csv_file(tmp_path / "b.csv", [*rows(1_500), *(row(i, incident_num=i - 5_000) for i in range(5_001, 6_501))])
    both = [start(book, "import", one), start(book, "import", other)]
    found = [finish(process) for process in both]
    assert sum(f["stored"] for f in found) == 4_500
    assert sum(f["already_held"] for f in found) == 1_500
    assert total(book) == 4_500
    assert verify(book, everything=True)["status"] == "ok"


@pytest.mark.slow
def test_reading_goes_on_while_another_process_imports(tmp_path: Path) -> None:
    book = tmp_path / "book"
    work = new_book(book)
    process = start(book, "import", csv_file(tmp_path / "a.csv", rows(5_000)))
    seen = []
    while process.poll() is None:
        seen.append(len(cases(work)))
    finish(process)
    seen.append(len(cases(work)))
    work.book.close()
    assert seen == sorted(seen)
    assert seen[-1] == 5_000
    assert all(number % 1_000 == 0 for number in seen)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    options = ["-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)]
    if mount is None or subprocess.run([mount, *options], capture_output=True).returncode:
        pytest.skip("a small disk can be mounted by root only")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.mark.slow
def test_an_import_that_fills_the_disk_ends_with_3_and_says_so(tmp_path: Path, small_disk: Path) -> None:
    book = small_disk / "book"
    new_book(book).book.close()
    process = start(book, "import", csv_file(tmp_path / "a.csv", rows(5_000)))
    out, err = process.communicate(timeout=60)
    assert process.returncode == 3, err
    (found,) = json.loads(out)["files"]
    assert found["problem"].startswith(f"{book / 'casebook.db'}: got a ")
    assert "Traceback" not in err
    assert verify(book)["status"] == "ok"


@pytest.mark.slow
def test_a_document_that_does_not_fit_on_the_disk_is_reported(tmp_path: Path, small_disk: Path) -> None:
    book, scan = small_disk / "book", tmp_path / "a.txt"
    new_book(book).book.close()
    scan.write_text("invented " * 500_000)
    process = start(book, "add", scan)
    out, _ = process.communicate(timeout=60)
    (found,) = json.loads(out)["files"]
    assert (process.returncode, found["state"]) == (3, "failed")
    assert "got a full disk, want room for the next entries" in found["problem"]
    assert not list((book / "blobs").glob("incoming-*"))
    assert verify(book, everything=True)["status"] == "ok"
