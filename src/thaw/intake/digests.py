"""SHA-256 of a file, and how its text is read."""

from __future__ import annotations

import codecs
import hashlib
from pathlib import Path

_BLOCK = 1_048_576


def file_digest(path: Path) -> tuple[str, str | None]:
    """SHA-256 as hexadecimal, and the encoding of the text: `utf-8`, `utf-8, windows-1252` where lines are no UTF-8.

    The encoding of a Parquet file is None: its text is its own writer's.
    """
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")()
    encoding: str | None = "utf-8"
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            if block[:4] == b"PAR1" and stream.tell() == len(block):
                encoding = None
            digest.update(block)
            if encoding == "utf-8":
                try:
                    decoder.decode(block)
                except UnicodeDecodeError:
                    encoding = "utf-8, windows-1252"
    try:
        decoder.decode(b"", final=encoding == "utf-8")
    except UnicodeDecodeError:
        encoding = "utf-8, windows-1252"
    return digest.hexdigest(), encoding
