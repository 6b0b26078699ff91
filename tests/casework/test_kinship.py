"""`thaw kinship` and `thaw relatives` with and without a book: files, sheet, entries."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from books import new_book, thaw
from thaw.casework.kinship import Inputs, kinship, relatives
from thaw.data import data_path
from thaw.errors import InputError

FAMILY = data_path("sample/invented_family.json")


def test_a_run_in_a_book_is_an_entry_with_its_inputs_and_a_digest(tmp_path: Path):
    work = new_book(tmp_path / "book")
    found = kinship(Inputs(FAMILY), session=work, purpose="to test")
    (entry,) = [e for e in work.look("test").log([], limit=9) if e.leaf.kind == "identify.kinship"]
    assert entry.payload is not None
    assert entry.payload["inputs"] == [
        {"file": "invented_family.json", "sha256": hashlib.sha256(FAMILY.read_bytes()).hexdigest()}
    ]
    assert (entry.payload["purpose"], entry.payload["conventions"]) == ("to test", ["none"])
    assert entry.payload["shown"] == ["Invented family"]
    assert entry.payload["digest"] == hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()
    relatives(Inputs(FAMILY), simulations=100, session=work)
    assert sum(e.leaf.kind == "identify.kinship" for e in work.look("test").log([], limit=9)) == 2
    work.book.close()


def test_a_sheet_is_an_entry_and_overwrites_nothing(tmp_path: Path):
    work = new_book(tmp_path / "book")
    out = tmp_path / "sheet.pdf"
    kinship(Inputs(FAMILY), session=work, sheet=out)
    (entry,) = [e for e in work.look("test").log([], limit=9) if e.leaf.kind == "report.make"]
    assert entry.payload is not None
    assert entry.payload["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    with pytest.raises(InputError) as caught:
        kinship(Inputs(FAMILY), session=work, sheet=out)
    assert str(caught.value) == f"{out}: got a file that exists, want a new name for the sheet. Choose one."
    work.book.close()


def test_the_command_needs_no_book_and_says_the_result_in_words(tmp_path: Path):
    ran = thaw("kinship", FAMILY, "--sensitivity", book=tmp_path / "none")
    assert (ran.code, ran.err) == (0, "")
    assert "missing son against unrelated: log10 9.579 times as probable" in ran.out
    assert "without brother: missing son 2.496e+05 times as probable (log10 5.397)" in ran.out
    ran = thaw("relatives", FAMILY, "--simulations", "100", book=tmp_path / "none")
    assert "father, parent: decides 100% above 10^2" in ran.out


def test_own_tables_come_as_csv(tmp_path: Path):
    people = [{"id": "F", "sex": "M"}, {"id": "C", "father": "F", "sex": "M"}]
    (tmp_path / "case.json").write_text(json.dumps({"id": "own", "individuals": people}))
    (tmp_path / "freqs.csv").write_text("locus,allele,frequency\nD1,12,0.2\nD1,13,0.3\nD1,14,0.5\n")
    (tmp_path / "people.csv").write_text("sample,D1_1,D1_2\nF,12,13\nC,12,14\n")
    tables = ["--frequencies", tmp_path / "freqs.csv", "--profiles", tmp_path / "people.csv"]
    ran = thaw("kinship", tmp_path / "case.json", *tables, book=tmp_path / "none", as_json=True)
    assert json.loads(ran.out)[0]["LR_total"] == {"H1": pytest.approx(1.25), "unrelated": 1.0}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "{",
            "got text that is no JSON (Expecting property name enclosed in double quotes: line 1 column 2 (char 1)), "
            "want a JSON file or a .fam file",
        ),
        ("[" * 100_000, "got JSON nested too deep, want a file of cases"),
        (
            "",
            "got text that is no JSON (Expecting value: line 1 column 1 (char 0)), want a JSON file or a .fam file",
        ),
    ],
)
def test_a_file_that_is_no_json_is_exit_2(tmp_path: Path, text: str, message: str):
    (tmp_path / "case.json").write_text(text)
    ran: Any = thaw("kinship", tmp_path / "case.json", book=tmp_path / "none", as_json=True)
    assert ran.code == 2
    assert ran.err == f"thaw: case.json: {message}. Check the file.\n"


def test_a_file_that_is_not_there_is_exit_2(tmp_path: Path):
    ran = thaw("kinship", tmp_path / "no.json", book=tmp_path / "none", as_json=True)
    assert ran.code == 2
    assert ran.err == (
        f"thaw: {tmp_path / 'no.json'}: got no such file or directory, want a file that can be read. Check the path.\n"
    )


def test_a_sheet_is_of_one_case(tmp_path: Path):
    (tmp_path / "two.json").write_text(json.dumps([json.loads(FAMILY.read_text())] * 2))
    with pytest.raises(InputError) as caught:
        kinship(Inputs(tmp_path / "two.json"), sheet=tmp_path / "s.pdf")
    assert str(caught.value) == "--sheet: got 2 cases, want a file with one case of hypotheses. Split the file."
    assert not (tmp_path / "s.pdf").exists()
