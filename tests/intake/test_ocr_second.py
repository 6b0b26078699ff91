"""A second reader of scans: what it reads otherwise marks the page; where it is absent or fails, nothing changes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.make_typewriter_pages import DPI, pages
from thaw.intake.ocr import ocr_engine, second
from thaw.intake.ocr.page import read_page

NEEDS_OCR = pytest.mark.skipif(ocr_engine() is None, reason="Tesseract is not installed")
TEXT = "the detective interviewed the witness at the residence on Tuesday morning"


@pytest.fixture(autouse=True)
def afresh() -> Iterator[None]:
    second.second_python.cache_clear()
    yield
    second.second_python.cache_clear()


def fake(folder: Path, answer: str, *, code: int = 0) -> Path:
    """A program in the place of a Python with rapidocr: it reads the picture and prints the answer."""
    path = folder / "reader"
    path.write_text(f"#!/bin/sh\ncat > /dev/null\ncat <<'END'\n{answer}\nEND\nexit {code}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_texts_that_differ_by_blanks_and_case_are_the_same() -> None:
    assert second.share_apart("The Detective said", "THEDETECTIVE said.") == 0
    assert second.share_apart("abcdefgh", "") == 1
    assert second.share_apart("", "") == 0


def test_one_letter_in_twelve_costs_the_runs_that_it_stands_in() -> None:
    # "abcdefghijkl" has 9 runs of four; a changed f breaks cdef, defg, efgh and fghi: 5 of 9 stay.
    assert second.share_apart("abcdefghijkl", "abcdeXghijkl") == pytest.approx(1 - 2 * 5 / 18)


def test_a_page_that_the_second_reader_reads_otherwise_is_marked() -> None:
    other = ("rapidocr 3.10.0", "zzzz qqqq kkkk vvvv jjjj xxxx zqzq kvkv jxjx qzqz")
    assert second.marked(TEXT, other) == "rapidocr 3.10.0 reads 100% of the letters otherwise"
    assert second.marked(TEXT, ("rapidocr 3.10.0", TEXT.upper())) is None
    assert second.marked("short", ("rapidocr 3.10.0", "other")) is None
    assert second.marked(TEXT, None) is None


@NEEDS_OCR
def test_a_reading_says_how_far_two_readers_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = json.dumps({"engine": "fake 1", "lines": [["nothing of all that stands here " * 9, 0.97]]})
    monkeypatch.setenv("THAW_SECOND_READER", str(fake(tmp_path, answer)))
    text, picture = next(iter(pages("clean", 1)))
    found = read_page(picture, DPI)
    assert found["second"][0] == "fake 1"
    assert found["second"][1] < 0.2
    assert found["alarm"].startswith("fake 1 reads ")
    assert found["alarm"].endswith("% of the letters otherwise")
    assert second.share_apart(found["page"]["text"], text) < 0.05, "the first reading stays the text"


@NEEDS_OCR
@pytest.mark.parametrize(("answer", "code"), [("no JSON", 0), ("{}", 1)])
def test_a_second_reader_that_fails_takes_nothing_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    monkeypatch.setenv("THAW_SECOND_READER", str(fake(tmp_path, answer, code=code)))
    found = read_page(next(iter(pages("clean", 1)))[1], DPI)
    assert (found["second"], found["alarm"]) == (None, None)


def test_it_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THAW_SECOND_READER", "no")
    assert second.second_python() is None


@pytest.mark.slow
@pytest.mark.skipif(second.second_python() is None, reason="rapidocr is not installed (optional: thaw[ocr2])")
def test_rapidocr_reads_a_clean_page_much_as_it_stands() -> None:
    text, picture = next(iter(pages("clean", 1)))
    found = second.second_text(picture)
    assert found is not None
    assert found[0].startswith("rapidocr ")
    assert second.share_apart(found[1], text) < 0.3
