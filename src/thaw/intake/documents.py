"""Reads documents into pages of text with word boxes: plain text, and PDF with a text layer.

Boxes are left, top, right, bottom in points (1/72 inch) from the top left corner. A page without a text layer is
reported as such, not as an empty page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from thaw.errors import InputError

_LINES_A_PAGE = 60
_MAX_PAGES = 20_000


@dataclass(frozen=True, slots=True)
class Word:
    """One word on a page: where its letters stand in the page's text, and its box if the format has places."""

    start: int
    end: int
    box: tuple[float, float, float, float] | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page: text as read, its words, size in points; `text` is None when the page has no text layer."""

    number: int
    text: str | None
    words: tuple[Word, ...]
    width: float | None
    height: float | None


def document_type(path: Path) -> str:
    """Media type by the first bytes: application/pdf or text/plain.

    Raises InputError for a folder, a missing or empty file, and for types that are not read yet.
    """
    if path.is_dir():
        raise _bad(path, "a folder", "a file", "Name the files in it one by one.")
    if path.exists() and not path.is_file():
        raise _bad(path, "a pipe or device", "a file", "Save it to a file first.")
    try:
        with path.open("rb") as stream:
            head = stream.read(65_536)
    except OSError as error:
        raise _bad(path, error.strerror or "an error", "a file that can be read", "Check the name.") from None
    if not head.strip():
        raise _bad(path, "an empty file", "a document", "Scan or copy it again.")
    if b"%PDF-" in head[:1024]:
        return "application/pdf"
    if b"\x00" in head and head[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise _bad(path, "a binary file", "a text file or a PDF", "Print it to PDF with a text layer and add that.")
    return "text/plain"


def read_pages(path: Path, media_type: str) -> Iterator[Page]:
    """The pages of a document in order. Raises InputError when a PDF is damaged, locked or too long."""
    return _read_pdf(path) if media_type == "application/pdf" else _read_text(path)


def reader_name(media_type: str) -> str:
    """Which engine and version read a document of this type."""
    if media_type != "application/pdf":
        return "text 1"
    import pypdfium2  # type: ignore[import-untyped]

    return f"pypdfium2 {pypdfium2.version.PYPDFIUM_INFO}"


def _read_text(path: Path) -> Iterator[Page]:
    data = path.read_bytes()
    text = _decode(data)
    parts = text.split("\f") if "\f" in text else list(_chunks(text))
    for number, part in enumerate(parts, start=1):
        yield Page(number, part, tuple(_words(part)), None, None)


def _decode(data: bytes) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _chunks(text: str) -> Iterator[str]:
    """A text without form feeds is cut into pages of 60 lines, so that a citation can name a page."""
    lines = text.splitlines(keepends=True)
    for start in range(0, max(len(lines), 1), _LINES_A_PAGE):
        yield "".join(lines[start : start + _LINES_A_PAGE])


def _words(text: str) -> Iterator[Word]:
    for found in re.finditer(r"\S+", text):
        yield Word(found.start(), found.end(), None)


def _read_pdf(path: Path) -> Iterator[Page]:
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        got = "a PDF that is locked with a password" if locked else f"a damaged PDF ({error})"
        raise _bad(path, got, "a PDF that opens", "Get an unlocked or whole copy.") from None
    try:
        if len(pdf) > _MAX_PAGES:
            raise _bad(path, f"{len(pdf)} pages", f"at most {_MAX_PAGES}", "Split the file and add the parts.")
        for number in range(1, len(pdf) + 1):
            try:
                page = pdf[number - 1]
                text_page = page.get_textpage()
                found = _pdf_page(number, page, text_page)
                text_page.close()
                page.close()
            except pypdfium2.PdfiumError as error:
                got = f"a damaged page {number} ({error})"
                raise _bad(path, got, "a PDF that opens", "Get an unlocked or whole copy.") from None
            yield found
    finally:
        pdf.close()


def _pdf_page(number: int, page: Any, text_page: Any) -> Page:
    width, height = page.get_size()
    text = text_page.get_text_range().replace("\r\n", "\n").replace("\x00", "")
    if not text.strip():
        return Page(number, None, (), width, height)
    return Page(number, text, tuple(_pdf_words(page, text_page, text)), width, height)


def _pdf_words(page: Any, text_page: Any, text: str) -> Iterator[Word]:
    """Words with the box round their letters, found by counting the letters that the page itself counts."""
    raw = text_page.get_text_range()
    place, at = [], 0
    for letter in raw:
        if letter == "\r" or letter == "\x00":
            at += 1
            continue
        place.append(at)
        at += 1
    total = text_page.count_chars()
    for found in re.finditer(r"\S+", text):
        boxes = [
            text_page.get_charbox(place[i])
            for i in range(found.start(), found.end())
            if i < len(place) and place[i] < total
        ]
        if boxes:
            left, bottom = min(b[0] for b in boxes), min(b[1] for b in boxes)
            right, top = max(b[2] for b in boxes), max(b[3] for b in boxes)
            yield Word(found.start(), found.end(), _seen_box(page, left, bottom, right, top))
        else:
            yield Word(found.start(), found.end(), None)


def _seen_box(page: Any, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
    """A box of the page's own coordinates as it lies on the page that is seen, turned and cropped as the page says."""
    from ctypes import c_int

    from pypdfium2 import raw

    width, height = page.get_size()
    # The engine answers in whole pixels, so it is asked for a picture of 100 pixels a point.
    size = (round(width * 100), round(height * 100))
    points = []
    for x, y in ((left, top), (right, bottom)):
        at = c_int(), c_int()
        raw.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, *at)
        points.append((at[0].value * width / size[0], at[1].value * height / size[1]))
    (x0, y0), (x1, y1) = points
    return round(min(x0, x1), 1), round(min(y0, y1), 1), round(max(x0, x1), 1), round(max(y0, y1), 1)


def _bad(path: Path, got: str, want: str, fix: str) -> InputError:
    return InputError(where=str(path), got=got, want=want, fix=fix)
