"""SHA-256 of a file, and how its text is read."""

from __future__ import annotations

import codecs
import hashlib
from pathlib import Path

from .text_stream import HEAD, text_form

_BLOCK = 1_048_576


def file_digest(path: Path) -> tuple[str, str | None]:
    """SHA-256 as hexadecimal, and the encoding of the text: `utf-8`, `utf-8, windows-1252` where lines are no UTF-8.

    UTF-16 and UTF-32 by their names. The encoding of a Parquet file and of a workbook is None: their text is their own
    writer's.
    """
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")()
    encoding: str | None = "utf-8"
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            if stream.tell() == len(block):
                form = text_form(block[:HEAD]).encoding
                encoding = None if block[:4] in (b"PAR1", b"PK\x03\x04") else form
            digest.update(block)
            if encoding == "utf-8":
                try:
                    decoder.decode(block)
                except UnicodeDecodeError:
                    encoding = "utf-8, windows-1252"
    if encoding == "utf-8":
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            encoding = "utf-8, windows-1252"
    return digest.hexdigest(), encoding
