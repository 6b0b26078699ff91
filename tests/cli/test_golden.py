"""What the commands print for people, word for word, on a small invented book. `./run golden` rewrites the files.

Ids, times, digests and folders are replaced by what they stand for, since they differ in every run.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from books import csv_file, imported, line, line_file, new_book, row, rows, text_pdf, thaw
from thaw.casework.documents import add_documents
from thaw.casework.same_case_decision import decide_same_case
from thaw.data import data_path

Golden = Callable[[str, str], None]
INCIDENT = str(data_path("sample/invented_incident.json"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book of 16 invented cases: co-victims, a changed row, a missing one, a same-case decision, documents."""
    folder = tmp_path_factory.mktemp("golden")
    work = new_book(folder / "book")
    table = [*rows(12), row(13, incident_num=4, month=5, vic_age=33), row(14), row(15, vic_sex="Male", off_sex="Male")]
    imported(work, csv_file(folder / "1985.csv", table))
    imported(work, csv_file(folder / "1986.csv", [{**table[0], "vic_age": "91"}, *table[1:-1], row(16)]))
    (folder / "tip.txt").write_text("A red car stood by the canal.")
    (folder / "scan.pdf").write_bytes(text_pdf("Typed page", ""))
    add_documents(work, [folder / "tip.txt", folder / "scan.pdf"], case_id="shr-map:1", wait=True, workers=1)
    decide_same_case(work, "shr-map:2", "shr-map:14", same=True, reason="invented")
    imported(work, line_file(folder / "bad.csv", line(17, month=13), "cut off", line(18, weapon_code="banana")))
    work.book.close()
    return folder


CALLS: list[tuple[str, list[str]]] = [
    ("cases", ["cases", "--where", "weapon=80"]),
    ("cases_count", ["cases", "--count"]),
    ("cases_none", ["cases", "--where", "weapon=13"]),
    ("case_changed", ["case", "shr-map:1"]),
    ("case_co_victim", ["case", "shr-map:13"]),
    ("case_same_as", ["case", "shr-map:14"]),
    ("case_missing", ["case", "shr-map:15"]),
    ("similar", ["similar", "shr-map:4", "--top", "2"]),
    ("similar_incident", ["similar", "--incident", INCIDENT, "--top", "2"]),
    ("series", ["series", "--permutations", "99"]),
    ("replay", ["replay", "--permutations", "19"]),
    ("rejects", ["rejects"]),
    ("search", ["search", "canal", "--purpose", "test"]),
    ("search_nothing", ["search", "submarine", "--purpose", "test"]),
    ("log_case", ["log", "--case", "shr-map:1"]),
    ("verify", ["verify", "--all"]),
    ("work", ["work"]),
    ("import_again", ["import", "{folder}/1986.csv"]),
    ("import_dry", ["import", "--dry-run", "{folder}/1985.csv", "{folder}/bad.csv"]),
    ("add", ["add", "{folder}/tip.txt", "{folder}/none.txt"]),
    ("new", ["new", INCIDENT]),
    ("rebuild", ["rebuild"]),
    ("backup", ["backup", "{folder}/copy"]),
]


def test_the_commands_print_these_words(folder: Path, golden: Golden, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    for name, call in CALLS:
        found = thaw(*(part.replace("{folder}", str(folder)) for part in call), book=folder / "book")
        shown = ["thaw " + " ".join(Path(part).name if "/" in part else part for part in call)]
        shown += [found.out.rstrip("\n"), *([f"(stderr) {found.err.rstrip()}"] if found.err else [])]
        golden(f"{name}.txt", stable("\n".join([*shown, f"(exit {found.code})"]), folder) + "\n")


def stable(text: str, folder: Path) -> str:
    text = text.replace(str(folder), "FOLDER")
    for pattern, word in (
        (r"\b[cpi]_[a-z2-7]{16}\b", "ID"),
        (r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+Z)?", "TIME"),
        (r"\b[0-9a-f]{12,64}\b", "DIGEST"),
        (r"\+[0-9a-f]{8}\+[A-Za-z0-9+/=]{44}", "+KEY"),
        (r"entry \d+", "entry N"),
        (r"[\d,]+ entries", "N entries"),
        (r"(?m)^ *\d+  (TIME|\w+\.csv line)", r"N  \1"),
    ):
        text = re.sub(pattern, word, text)
    return text
