"""A text file as UTF-8 bytes with line feeds, whatever it was saved in: UTF-16 and UTF-32, lines of old Macintoshes.

Everything behind this module sees one form; the digest of an import is of the file as it lies on the disk.
"""

from __future__ import annotations

import codecs
import io
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

HEAD = 65_536
_BLOCK = 262_144
# UTF-32 first: its mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Of text in Western letters every second byte of UTF-16 is zero; of other files hardly any two in four are so neat.
_ZEROS, _OTHERS = 0.7, 0.02


@dataclass(frozen=True, slots=True)
class TextForm:
    """How a text was saved.

    encoding  utf-8 (of which single lines may be none), or utf-16 or utf-32 with its order of bytes
    mark      bytes of the mark in front, which is no text; that of UTF-8 stays, lines are freed of it later
    returns   True where lines end with a carriage return alone
    """

    encoding: str = "utf-8"
    mark: int = 0
    returns: bool = False

    @property
    def notes(self) -> list[str]:
        """What of it is worth a word in the report."""
        name = self.encoding.upper()
        found = [f"text is {name}, {'by its mark' if self.mark else 'by its zero bytes, it has no mark'}"]
        found = found if self.encoding != "utf-8" else []
        return found + (["lines end with a carriage return alone"] if self.returns else [])


def text_form(head: bytes) -> TextForm:
    """The form of a text from its first bytes; UTF-8 with line feeds where nothing speaks for another."""
    mark, encoding = next(((len(mark), name) for mark, name in _MARKS if head.startswith(mark)), (0, ""))
    encoding = encoding or _without_mark(head)
    text = head[mark:]
    if encoding != "utf-8":
        text = text.decode(encoding, "replace").encode("utf-8", "replace")
    return TextForm(encoding, mark, b"\r" in text and b"\n" not in text)


def form_of_file(path: Path) -> TextForm:
    """The form of the text in a file."""
    with path.open("rb") as stream:
        return text_form(stream.read(HEAD))


def open_text(path: Path) -> BinaryIO:
    """The text of a file as UTF-8 bytes whose lines end with a line feed. What is no text comes as it is.

    Bytes that are none in UTF-16 or UTF-32 become U+FFFD.
    """
    stream = path.open("rb")
    form = text_form(stream.read(HEAD))
    stream.seek(form.mark)
    if form.encoding == "utf-8" and not form.returns:
        return stream
    return io.BufferedReader(_Recoded(stream, form), _BLOCK)


def _without_mark(head: bytes) -> str:
    pairs = min(len(head), 4_096) // 2
    if pairs < 2:
        return "utf-8"
    first, second = (head[at : 2 * pairs : 2].count(0) / pairs for at in (0, 1))
    if second >= _ZEROS and first <= _OTHERS:
        return "utf-16-le"
    if first >= _ZEROS and second <= _OTHERS:
        return "utf-16-be"
    return "utf-8"


class _Recoded(io.RawIOBase):
    """A stream in UTF-8 made from one in another encoding, block by block."""

    def __init__(self, stream: BinaryIO, form: TextForm) -> None:
        self._stream, self._form = stream, form
        self._decoder = codecs.getincrementaldecoder(form.encoding)("replace") if form.encoding != "utf-8" else None
        self._waiting = b""
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._waiting and not self._ended:
            block = self._stream.read(_BLOCK)
            self._ended = not block
            if self._decoder is not None:
                block = self._decoder.decode(block, final=self._ended).encode("utf-8", "replace")
            self._waiting = block.replace(b"\r", b"\n") if self._form.returns else block
        part, self._waiting = self._waiting[: len(buffer)], self._waiting[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)

    def close(self) -> None:
        self._stream.close()
        super().close()
