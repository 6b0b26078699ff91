"""Factories for tests: small files of every format that is read, all invented."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"x" * 100
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le")


def picture(*lines: str, size: tuple[int, int] = (1000, 600), dots: int = 40) -> Image.Image:
    """A white page with dark lines of letters `dots` high."""
    made = Image.new("L", size, 255)
    draw, font = ImageDraw.Draw(made), ImageFont.load_default(dots)
    for number, line in enumerate(lines):
        draw.text((60, 60 + number * 2 * dots), line, font=font, fill=10)
    return made


def png(*lines: str, **more: Any) -> bytes:
    """The same as a PNG file of 200 dots an inch."""
    return saved(picture(*lines, **more), "PNG", dpi=(200, 200))


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    """A picture as the bytes of a file."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def scanned_pdf(*pages: Image.Image) -> bytes:
    """A PDF whose pages are pictures and nothing else."""
    return saved(pages[0], "PDF", resolution=200, save_all=True, append_images=list(pages[1:]))


def zipped(members: Mapping[str, bytes], *, packed: bool = True) -> bytes:
    """A ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def locked_zip() -> bytes:
    """A ZIP archive whose member says that it is encrypted."""
    data = bytearray(zipped({"a.txt": b"words"}, packed=False))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    return bytes(data)


def docx(*paragraphs: str, table: Sequence[Sequence[str]] = (), header: str = "", image: bytes = b"") -> bytes:
    """A Word file; a paragraph of a form feed is a page break."""
    import docx as library

    document = library.Document()
    for text in paragraphs:
        if text == "\f":
            document.add_page_break()
        else:
            document.add_paragraph(text)
    if table:
        rows = document.add_table(len(table), len(table[0]))
        for y, row in enumerate(table):
            for x, cell in enumerate(row):
                rows.cell(y, x).text = cell
    if header:
        document.sections[0].header.paragraphs[0].text = header
    if image:
        document.add_picture(io.BytesIO(image), width=914_400)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def xlsx(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """An Excel file."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def mail(body: str, *, html: str = "", attached: Mapping[str, bytes] | None = None, **headers: str) -> bytes:
    """An e-mail with its attachments."""
    message = EmailMessage()
    given = {"From": "Ines Invented <ines@example.org>", "To": "unit@example.org", "Subject": "Invented", **headers}
    for name, value in given.items():
        message[name.replace("_", "-")] = value
    message["Message-ID"] = "<1@example.org>"
    message.set_content(body)
    if html:
        message.add_alternative(html, subtype="html")
    for name, data in (attached or {}).items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def file(path: Path, content: bytes | str) -> Path:
    """Write a file."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def typed(lines: Sequence[str], font: Path, dots: int = 50) -> Image.Image:
    """A letter page at 300 dots an inch in a font of equal widths."""
    page = Image.new("L", (2550, 3300), 255)
    draw, face = ImageDraw.Draw(page), ImageFont.truetype(str(font), dots)
    for number, line in enumerate(lines):
        draw.text((250, 300 + number * 2 * dots), line, font=face, fill=20)
    return page


def layered_pdf(*pages: tuple[str, Image.Image | None, int]) -> bytes:
    """A PDF of pages with a text layer, a picture that fills the page or none, and by how many degrees it is turned.

    The letters of a page with a picture are not seen, as an OCR program leaves them.
    """
    import zlib

    from books import pdf_of

    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for text, image, turn in pages:
        content, more = "", ""
        if image is not None:
            data = zlib.compress(image.convert("L").tobytes()).decode("latin-1")
            facts = f"/Width {image.width} /Height {image.height} /ColorSpace /DeviceGray /BitsPerComponent 8"
            head = f"<< /Type /XObject /Subtype /Image {facts} /Filter /FlateDecode /Length {len(data)} >>"
            objects.append(f"{head}\nstream\n{data}\nendstream")
            content, more = "q 612 0 0 792 0 0 cm /I1 Do Q ", f"/XObject << /I1 {len(objects)} 0 R >>"
        if text:
            lines = " ".join(f"({line}) Tj 0 -14 Td" for line in text.splitlines())
            content += f"BT {3 if image else 0} Tr /F1 10 Tf 40 760 Td {lines} ET"
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
        resources = f"/Resources << /Font << /F1 3 0 R >> {more} >> /Rotate {turn}"
        box = f"/MediaBox [0 0 612 792] /Contents {len(objects)} 0 R"
        objects.append(f"<< /Type /Page /Parent 2 0 R {box} {resources} >>")
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    return pdf_of(objects)
