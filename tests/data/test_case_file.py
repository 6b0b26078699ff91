"""The invented case file: as the script makes it, marked on every page, read and sorted as its answer sheet says."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from books import new_book
from scripts.make_case_file import MARK, papers, sheet_of, unmarked
from thaw.casework.demo import CASE_PAGES
from thaw.casework.documents import add_documents, document_page
from thaw.data import data_path, read_json
from thaw.intake.ocr import ocr_engine

ARCHIVE = data_path("sample/invented_case_file.zip")
ANSWERS = read_json("sample/invented_case_file.json")["pages"]


def test_the_answer_sheet_is_what_the_script_writes_today() -> None:
    assert list(sheet_of(papers())) == ANSWERS
    assert len(ANSWERS) == CASE_PAGES


def test_telephone_numbers_are_those_kept_for_fiction() -> None:
    numbers = [words for page in ANSWERS for kind, words in page["named"] if kind == "phone"]
    assert len(numbers) > 20
    assert all(number[4:].startswith("555-01") for number in numbers)


def test_the_archive_holds_what_the_sheet_says_and_is_small() -> None:
    with zipfile.ZipFile(io.BytesIO(ARCHIVE.read_bytes())) as archive:
        assert sorted(archive.namelist()) == sorted({page["file"] for page in ANSWERS})
    assert ARCHIVE.stat().st_size < 1 << 20


def test_marks_of_the_answer_sheet_are_taken_out() -> None:
    assert unmarked("Call <person:Ann Hollis> at <phone:213-555-0101>.") == (
        "Call Ann Hollis at 213-555-0101.", [["person", "Ann Hollis"], ["phone", "213-555-0101"]],
    )  # fmt: skip


@pytest.mark.slow
def test_every_page_is_read_marked_and_sorted_as_the_sheet_says(tmp_path: Path) -> None:
    if ocr_engine() is None:
        pytest.skip("Tesseract is not installed")
    work = new_book(tmp_path / "book")
    found = add_documents(work, [ARCHIVE], wait=True)["files"]
    assert Counter(one["state"] for one in found) == {"read": 32}  # 30 files, the archive, the table in the e-mail
    digests = {one["file"].removeprefix(f"{ARCHIVE.name} > "): one["sha256"] for one in found}
    right = 0
    for page in ANSWERS:
        shown = document_page(work, digests[page["file"]], page["page"])
        text = shown["page"]["text"]
        letters = "".join(text.split()).lower()
        assert "".join(MARK.split()).lower()[:20] in letters, page
        missing = [words for _, words in page["named"] if "".join(words.split()).lower() not in letters]
        assert len(missing) <= 0.2 * len(page["named"]) + 1, (page["file"], page["page"], missing)
        right += shown["about_page"]["section"] == page["section"]
    assert right >= 0.9 * len(ANSWERS)
    work.book.close()
