"""What a second reader reads of a scan stands beside the first text: kept, shown, found, never shown first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from books import csv_file, imported, new_book, rows
from papers import file, png
from thaw.casework.documents import add_documents, document_page
from thaw.casework.ledger import verify
from thaw.casework.searching import search
from thaw.intake import ocr_engine
from thaw.intake.ocr import second

NEEDS_OCR = pytest.mark.skipif(ocr_engine() is None, reason="Tesseract is not installed")


@pytest.fixture(autouse=True)
def afresh() -> Iterator[None]:
    second.second_python.cache_clear()
    yield
    second.second_python.cache_clear()


def test_a_line_s_box_is_shared_out_among_its_words() -> None:
    # Ten letters over 100 dots: "red" takes the first 30, "canal" the last 50; at 72 dots an inch a dot is a point.
    text, words = second.placed([("red  canal", (10.0, 20.0, 110.0, 40.0)), ("end", None)], 72)
    assert text == "red  canal\nend"
    assert words == [
        [0, 3, [10.0, 20.0, 40.0, 40.0], None],
        [5, 10, [60.0, 20.0, 110.0, 40.0], None],
        [11, 14, None, None],
    ]


@NEEDS_OCR
def test_the_second_text_stands_beside_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        ["The witness saw a zebracar", 0.9, [60, 60, 700, 100]],
        ["near the canal at night", 0.9, [60, 160, 600, 200]],
    ]
    reader = tmp_path / "reader"
    answer = json.dumps({"engine": "fake 1", "lines": lines})
    reader.write_text(f"#!/bin/sh\ncat > /dev/null\ncat <<'END'\n{answer}\nEND\n", encoding="utf-8")
    reader.chmod(0o755)
    monkeypatch.setenv("THAW_SECOND_READER", str(reader))
    work: Any = new_book(tmp_path / "book")
    imported(work, csv_file(tmp_path / "cases.csv", rows(2)))
    path = file(tmp_path / "scan.png", png("The witness saw a red car", "near the canal at night"))
    (one,) = add_documents(work, [path], wait=True)["files"]
    page = document_page(work, one["sha256"], 1)
    shown = [(text["reader"], text["best"]) for text in page["texts"]]
    assert shown == [("text", False), ("ocr", True), ("second", False)][-len(shown) :]
    assert page["texts"][-1]["engine"] == "fake 1"
    assert page["texts"][-1]["text"] == "The witness saw a zebracar\nnear the canal at night"
    assert "red car" in page["page"]["text"]
    assert search(work, "zebracar", purpose="test")["total"] == 1
    assert (one["state"], one["ocr_pages"]) == ("read", 1)
    assert verify(work.book.folder, everything=True)["status"] == "ok"
    work.book.close()
