"""PDF files page by page: the text layer with a box round every word, and whether a picture fills the page.

Boxes lie on the page as it is seen, turned and cropped as the page says.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .legible import is_garbage
from .limits import PAGES, refuse
from .pages import Box, Page, Read, Total, Word

# A stamp or a page number over a scan is a text layer too: with fewer words than this a picture is read all the same.
_FEW_WORDS = 40
_PICTURE_SHARE = 0.5  # of the page, covered by one picture
_HYPHEN = 2  # what the engine says for a hyphen at the end of a line, where it joins the halves of the word
_HYPHEN_IN_TEXT = 0xFFFE  # the same in a text that is asked for in one piece
_SHOWN_PIXELS = 40_000_000


def read_pdf(path: Path, first: int, *, boxes: bool = True) -> Iterator[Read]:
    """The pages of a PDF from number `first` on. Raises InputError when it is damaged, locked or too long.

    boxes  False gives the text alone, without its words: three times as fast
    """
    with _opened(path) as pdf:
        count = len(pdf)
        if count > PAGES:
            raise refuse(f"{count:,} pages", f"at most {PAGES:,}", "Split the file and add the parts.")
        yield Total(count)
        for number in range(first, count + 1):
            yield _page(pdf, number, boxes)


def pdf_picture(path: Path, number: int, dpi: float) -> tuple[Any, float]:
    """Page `number` as a gray picture, and its dots an inch: at most `dpi`, fewer for a page of posters' size."""
    with _opened(path) as pdf, _damage(number):
        page = pdf[number - 1]
        width, height = page.get_size()
        dpi = min(dpi, (_SHOWN_PIXELS * 72 * 72 / max(width * height, 1)) ** 0.5)
        bitmap = page.render(scale=dpi / 72, grayscale=True, may_draw_forms=True)
        picture = bitmap.to_pil().convert("L")
        page.close()
        return picture, dpi


def pdf_engine() -> str:
    """Name and version of what reads PDF files."""
    import pypdfium2  # type: ignore[import-untyped]

    return f"pypdfium2 {pypdfium2.version.PYPDFIUM_INFO}"


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        got = "a PDF that is locked with a password" if locked else f"a damaged PDF ({error})"
        raise refuse(got, "a PDF that opens", "Get an unlocked or whole copy.") from None
    try:
        yield pdf
    finally:
        pdf.close()


@contextmanager
def _damage(number: int) -> Iterator[None]:
    import pypdfium2

    try:
        yield
    except pypdfium2.PdfiumError as error:
        got = f"a damaged page {number} ({error})"
        raise refuse(got, "a PDF that opens", "Get an unlocked or whole copy.") from None


def _page(pdf: Any, number: int, boxes: bool) -> Page:
    with _damage(number):
        page = pdf[number - 1]
        text_page = page.get_textpage()
        try:
            width, height = page.get_size()
            text, places = _letters(text_page) if boxes else (_text(text_page), [])
            few = text.count(" ") + text.count("\n") < _FEW_WORDS
            kind = _what_fills(page, width * height) if few else ""
            if not text.strip():
                blank = kind == ""
                return Page(number, "" if blank else None, (), width, height, picture=not blank)
            words = tuple(_words(page, text_page, text, places)) if boxes else ()
            # Letters that a bad OCR, or a font without names for its signs, left: the page itself is read as well.
            unread = kind == "picture" or (not few and is_garbage(text.split()))
            return Page(number, text, words, width, height, picture=unread)
        finally:
            text_page.close()
            page.close()


def _letters(text_page: Any) -> tuple[str, list[int]]:
    """The text of a page, and for each of its letters the number under which the engine knows it."""
    codes = _codes(text_page)
    out: list[str] = []
    places: list[int] = []
    for i, code in enumerate(codes):
        if code in (_HYPHEN, _HYPHEN_IN_TEXT):
            out += ("-", "\n")
            places += (i, i)
        elif code > 31:
            # Half a sign of the old two-part writing cannot be kept as text.
            out.append(chr(code) if code < 0xD800 or 0xDFFF < code < 0x110000 else "\ufffd")
            places.append(i)
        elif code == 10 or code == 9:
            out.append("\n" if code == 10 else "\t")
            places.append(i)
    return "".join(out), places


def _text(text_page: Any) -> str:
    """The same text without the places of its letters."""
    import re

    whole = text_page.get_text_range().replace("\ufffe", "-\n").replace("\x02", "-\n").replace("\r", "")
    if whole.isascii() and whole.replace("\n", "").replace("\t", "").isprintable():
        return str(whole)
    return re.sub("[\ud800-\udfff]", "\ufffd", re.sub("[\x00-\x08\x0b-\x1f]", "", whole))


def _codes(text_page: Any) -> list[int]:
    """The letters of a page in the engine's numbering: in one piece where the counts agree, else one by one."""
    from pypdfium2 import raw

    count = text_page.count_chars()
    whole = text_page.get_text_range()
    if len(whole) == count:
        return list(map(ord, whole))
    handle, letter_at = text_page.raw, raw.FPDFText_GetUnicode
    return [letter_at(handle, i) for i in range(count)]


def _words(page: Any, text_page: Any, text: str, places: list[int]) -> Iterator[Word]:
    """Words with the box round their letters."""
    import re
    from ctypes import byref, c_double

    from pypdfium2 import raw

    seen = _seen_places(page)
    handle, box_of = text_page.raw, raw.FPDFText_GetCharBox
    left, right, bottom, top = c_double(), c_double(), c_double(), c_double()
    into = byref(left), byref(right), byref(bottom), byref(top)
    around = byref(left), byref(top), byref(right), byref(bottom)
    for found in re.finditer(r"\S+", text):
        first, last = places[found.start()], places[found.end() - 1]
        # One box asked for once, where the word is in one piece: five times quicker than letter by letter. A hyphen at
        # the end of a line belongs to no piece.
        if (
            text[found.end() - 1] != "-"
            and raw.FPDFText_CountRects(handle, first, last - first + 1) == 1
            and raw.FPDFText_GetRect(handle, 0, *around)
        ):
            box = seen(left.value, bottom.value, right.value, top.value) if right.value > left.value else None
            yield Word(found.start(), found.end(), box)
            continue
        x0 = y0 = float("inf")
        x1 = y1 = float("-inf")
        for i in places[found.start() : found.end()]:
            if box_of(handle, i, *into) and right.value > left.value:
                x0, x1 = min(x0, left.value), max(x1, right.value)
                y0, y1 = min(y0, bottom.value), max(y1, top.value)
        yield Word(found.start(), found.end(), seen(x0, y0, x1, y1) if x1 > x0 else None)


def _seen_places(page: Any) -> Any:
    """A function that takes a box of the page's own coordinates to the page that is seen: one asking for all words."""
    from ctypes import c_int

    from pypdfium2 import raw

    width, height = page.get_size()
    # The engine answers in whole pixels, so it is asked for a picture of 100 pixels a point.
    size = (round(width * 100), round(height * 100))

    def asked(x: float, y: float) -> tuple[float, float]:
        across, down = c_int(), c_int()
        raw.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, across, down)
        return across.value * width / size[0], down.value * height / size[1]

    # Far apart, so that the rounding to pixels does not tell.
    (zero_x, zero_y), (right_x, right_y), (up_x, up_y) = asked(0, 0), asked(1000, 0), asked(0, 1000)
    ax, ay = (right_x - zero_x) / 1000, (right_y - zero_y) / 1000
    bx, by = (up_x - zero_x) / 1000, (up_y - zero_y) / 1000

    def seen(x0: float, y0: float, x1: float, y1: float) -> Box:
        left, right = zero_x + ax * x0 + bx * y0, zero_x + ax * x1 + bx * y1
        top, bottom = zero_y + ay * x0 + by * y0, zero_y + ay * x1 + by * y1
        return (
            round(max(min(left, right), 0), 1),
            round(max(min(top, bottom), 0), 1),
            round(min(max(left, right), width), 1),
            round(min(max(top, bottom), height), 1),
        )

    return seen


def _what_fills(page: Any, area: float) -> str:
    """`picture` when one picture covers most of the page, `drawing` when something else is on it, else ""."""
    from pypdfium2 import raw

    found = ""
    for i, shape in enumerate(page.get_objects(max_depth=3)):
        if shape.type == raw.FPDF_PAGEOBJ_IMAGE:
            x0, y0, x1, y1 = shape.get_bounds()
            if (x1 - x0) * (y1 - y0) >= _PICTURE_SHARE * area:
                return "picture"
        if shape.type != raw.FPDF_PAGEOBJ_TEXT:
            found = "drawing"
        if i > 2_000:
            break
    return found
