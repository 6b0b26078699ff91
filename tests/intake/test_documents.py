"""Documents: pages, words and boxes of texts and PDFs made here; everything else is refused in exact words."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from books import locked_pdf, text_pdf
from thaw.errors import InputError
from thaw.intake import document_type, read_pages, reader_name
from thaw.intake.documents import Page


def pages_of(path: Path, content: bytes) -> list[Page]:
    path.write_bytes(content)
    return list(read_pages(path, document_type(path)))


def words_of(page: Page) -> list[str]:
    assert page.text is not None
    return [page.text[word.start : word.end] for word in page.words]


def refused(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        list(read_pages(path, document_type(path)))
    return str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        "Café on Invented Street\n".encode(),
        "Café on Invented Street\n".encode("latin-1"),
        b"\xef\xbb\xbf" + "Café on Invented Street\n".encode(),
        "Café on Invented Street\n".encode("utf-16"),
    ],
)
def test_a_text_is_read_in_the_usual_encodings(tmp_path: Path, content: bytes) -> None:
    (page,) = pages_of(tmp_path / "a.txt", content)
    assert page.text == "Café on Invented Street\n"
    assert words_of(page) == ["Café", "on", "Invented", "Street"]
    assert all(word.box is None for word in page.words)


def test_form_feeds_divide_a_text_into_pages(tmp_path: Path) -> None:
    pages = pages_of(tmp_path / "a.txt", b"one\ftwo\f\fthree" + b"\n" * 100)
    assert [(page.number, page.text) for page in pages[:3]] == [(1, "one"), (2, "two"), (3, "")]
    assert len(pages) == 4


def test_a_text_without_form_feeds_has_pages_of_sixty_lines_and_loses_nothing(tmp_path: Path) -> None:
    text = "".join(f"line {i}\r\n" for i in range(125))
    pages = pages_of(tmp_path / "a.txt", text.encode())
    assert [len((page.text or "").splitlines()) for page in pages] == [60, 60, 5]
    assert "".join(page.text or "" for page in pages) == text


def test_the_words_of_a_pdf_have_boxes_on_the_page(tmp_path: Path) -> None:
    (page,) = pages_of(tmp_path / "a.pdf", text_pdf("Red car\nseen twice"))
    assert (page.text, page.width, page.height) == ("Red car\nseen twice", 612.0, 792.0)
    assert words_of(page) == ["Red", "car", "seen", "twice"]
    # The first line stands 700 points above the lower edge, in letters of 24 points: its foot is 92 from the top.
    left, top, right, bottom = page.words[0].box or (0, 0, 0, 0)
    assert (round(left), round(bottom)) == (74, 92)
    assert 72 < left < right < 130
    assert 700 - 792 + 792 - 24 > top > 68


@pytest.mark.parametrize(
    ("box", "extra", "size"),
    [
        ("0 0 612 792", "/Rotate 90", (792, 612)),
        ("0 0 612 792", "/Rotate 180", (612, 792)),
        ("0 0 612 792", "/Rotate 270", (792, 612)),
        ("50 600 400 792", "", (350, 192)),
        ("0 0 612 792", "/CropBox [60 640 300 760]", (240, 120)),
    ],
)
def test_boxes_lie_on_the_page_as_it_is_seen_turned_or_cropped(
    tmp_path: Path, box: str, extra: str, size: tuple[int, int]
) -> None:
    (page,) = pages_of(tmp_path / "a.pdf", text_pdf("Red car\nseen twice", box=box, extra=extra))
    assert (page.width, page.height) == size
    assert sorted(words_of(page)) == ["Red", "car", "seen", "twice"]
    for word in page.words:
        left, top, right, bottom = word.box or (0, 0, 0, 0)
        assert 0 <= left < right <= size[0]
        assert 0 <= top < bottom <= size[1]


def test_a_page_that_is_turned_has_its_words_in_turned_boxes(tmp_path: Path) -> None:
    (page,) = pages_of(tmp_path / "a.pdf", text_pdf("Red", extra="/Rotate 90"))
    # Turned clockwise, what stood 72 from the left stands 72 from the top, and reads downwards.
    left, top, right, bottom = page.words[0].box or (0, 0, 0, 0)
    assert (round(top), round(792 - right - 74.8)) == (74, 0)
    assert bottom - top > right - left


def test_a_page_without_text_layer_says_so(tmp_path: Path) -> None:
    first, second = pages_of(tmp_path / "a.pdf", text_pdf("Red car", ""))
    assert first.text == "Red car"
    assert (second.text, second.words) == (None, ())


def test_the_reader_names_its_engine() -> None:
    assert reader_name("text/plain") == "text 1"
    assert reader_name("application/pdf").startswith("pypdfium2 ")


def test_a_locked_pdf_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(locked_pdf())
    assert refused(path) == (
        f"{path}: got a PDF that is locked with a password, want a PDF that opens. Get an unlocked or whole copy."
    )


def test_a_damaged_pdf_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.4\nthe rest was lost")
    message = refused(path)
    assert message.startswith(f"{path}: got a damaged PDF (")
    assert message.endswith("), want a PDF that opens. Get an unlocked or whole copy.")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"")
    assert refused(path) == f"{path}: got an empty file, want a document. Scan or copy it again."


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path) == f"{tmp_path}: got a folder, want a file. Name the files in it one by one."


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    assert refused(path) == f"{path}: got a pipe or device, want a file. Save it to a file first."


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "no.txt"
    assert refused(path) == f"{path}: got No such file or directory, want a file that can be read. Check the name."


def test_a_binary_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
    assert refused(path) == (
        f"{path}: got a binary file, want a text file or a PDF. Print it to PDF with a text layer and add that."
    )
