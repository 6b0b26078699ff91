"""Files that mean harm, and old Word files: a reject or a bounded read, with the words that a person sees."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from books import new_book, text_pdf, thaw
from papers import docx
from thaw.casework.documents import add_documents
from thaw.intake.documents import Page, Remark, media_type, read_document

EDGE = 65_536
NAMES = [
    "a\nb.txt",
    "🔪 note 🩸.txt",
    "..\\evil.txt",
    "-rf.txt",
    "a\u202egnp.txt",
    " .txt",
    "x" * 200 + ".txt",
    "tab\t.txt",
]


def read(path: Path, content: bytes | str) -> list[Any]:
    """What the reader of a file says of it."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    data = path.read_bytes()
    (path.parent / "parts").mkdir(exist_ok=True)
    return list(read_document(path, media_type(data[:EDGE], data[-EDGE:], path.name), 1, path.parent / "parts"))


def pages_of(path: Path, content: bytes | str) -> list[Page]:
    return [one for one in read(path, content) if isinstance(one, Page)]


def with_macro(content: bytes) -> bytes:
    """A Word file with a macro, as Word writes it."""
    made = io.BytesIO()
    plain, macro = b"wordprocessingml.document.main+xml", b"ms-word.document.macroEnabled.main+xml"
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            data = data.replace(b"vnd.openxmlformats-officedocument." + plain, b"vnd." + macro)
            target.writestr(name, data)
        target.writestr("word/vbaProject.bin", b"\xd0\xcf\x11\xe0 AutoOpen" * 100)
    return made.getvalue()


def test_a_word_file_with_macros_is_read_without_them_and_says_so(tmp_path: Path) -> None:
    content = with_macro(docx("Quiet words of a letter"))
    (page,) = pages_of(tmp_path / "a.docm", content)
    assert "Quiet words of a letter" in (page.text or "")
    assert [one.words for one in read(tmp_path / "b.docm", content) if isinstance(one, Remark)] == ["macros left out"]


def test_a_web_page_nested_fifty_thousand_deep_is_read(tmp_path: Path) -> None:
    markup = "<body onload=alert(1)><script>evil()</script>Hello there" + "<div>" * 50_000 + "deep</body>"
    (page,) = pages_of(tmp_path / "a.html", markup)
    assert (page.text or "").split() == ["Hello", "there", "deep"]


def test_a_pdf_that_calls_itself_a_photograph_is_read_as_what_it_is(tmp_path: Path) -> None:
    (page,) = pages_of(tmp_path / "photo.jpg", text_pdf("words of a file"))
    assert (page.text or "").split() == ["words", "of", "a", "file"]


def test_files_with_strange_names_are_taken_in_and_listed_each_on_one_line(tmp_path: Path) -> None:
    work = new_book(tmp_path / "book")
    paths = []
    for number, name in enumerate(NAMES):
        paths.append(tmp_path / name)
        paths[-1].write_text(f"A woman was seen. {number}", encoding="utf-8")
    found = add_documents(work, paths, new_title="Invented", wait=True)["files"]
    work.book.close()
    assert [(file["file"], file["state"]) for file in found] == [(name, "read") for name in NAMES]
    lines = thaw("documents", book=tmp_path / "book").out.splitlines()
    assert len(lines) == len(NAMES) + 1
    assert lines[0].endswith("a\ufffdb.txt: read, 1 page")
    assert not any(mark in line for line in lines for mark in ("\u202e", "\t"))


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed (libreoffice-writer-nogui)")
def test_an_old_word_file_is_read_through_libreoffice(tmp_path: Path) -> None:
    source = tmp_path / "letter.docx"
    source.write_bytes(docx("Detective Ada Poole interviewed Bea Stone."))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", "--headless", profile, "--convert-to", "doc", "--outdir", str(tmp_path / "old"), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=110)
    content = (tmp_path / "old" / "letter.doc").read_bytes()
    assert content.startswith(b"\xd0\xcf\x11\xe0")
    page = pages_of(tmp_path / "letter.doc", content)[0]
    assert "Detective Ada Poole interviewed Bea Stone." in " ".join((page.text or "").split())
    assert all(word.box is not None for word in page.words), "as printed, each word has its place"


def test_the_box_of_a_word_is_that_round_its_letters(tmp_path: Path) -> None:
    import pypdfium2
    from pypdfium2 import raw

    path = tmp_path / "a.pdf"
    (page,) = pages_of(path, text_pdf("A woman in a well-known red coat was seen there."))
    pdf = pypdfium2.PdfDocument(path)
    letters = pdf[0].get_textpage()
    height = pdf[0].get_height()
    boxes = [letters.get_charbox(i) for i in range(letters.count_chars()) if raw.FPDFText_GetUnicode(letters, i) > 32]
    assert len(page.words) == 10
    at = 0
    for word in page.words:
        mine = boxes[at : at + word.end - word.start]
        at += word.end - word.start
        want = (min(b[0] for b in mine), height - max(b[3] for b in mine), max(b[2] for b in mine))
        assert word.box is not None
        assert word.box[:3] == pytest.approx(want, abs=0.11)
