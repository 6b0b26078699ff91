"""Files that a browser sends: written to a scratch folder as they arrive, never into memory, within their bounds."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from io import BufferedWriter
from pathlib import Path
from typing import Any

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

MOST_FILES = 2_000
MOST_BYTES = 4 * 1024**3
_MOST_FIELD = 100_000
_MOST_FIELDS = 200
_KEEP_FREE = 512 * 1024**2
_LONGEST_NAME = 500


class TooMuch(Exception):
    """More than a drop may hold; the words say what."""


@dataclass
class Sent:
    """What a form with files held: its fields, and the files in the order in which they came, each with its name."""

    form: dict[str, list[str]] = field(default_factory=dict)
    files: list[tuple[Path, str]] = field(default_factory=list)


async def receive(chunks: AsyncIterator[bytes], content_type: str, folder: Path) -> Sent | None:
    """Take a multipart form apart; its files lie in `folder` under numbers, since their names come from strangers.

    Returns None for what is no such form. Raises TooMuch over MOST_FILES, MOST_BYTES, or when the disk gets full.
    """
    kind, options = parse_options_header(content_type)
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        return None
    taken = _Taken(folder)
    try:
        parser = MultipartParser(boundary, taken.callbacks())
        total = 0
        async for chunk in chunks:
            total += len(chunk)
            if total > MOST_BYTES:
                raise TooMuch(f"more than {MOST_BYTES // 1024**3} GB")
            if shutil.disk_usage(folder).free < _KEEP_FREE:
                raise TooMuch("more than this disk has room for")
            parser.write(chunk)
        parser.finalize()
    except FormParserError:
        return None
    finally:
        taken.close()
    return taken.sent


def scratch(book: Path) -> Path:
    """A new folder inside the book for one drop: where the book may lie, its papers may pass."""
    derived = book / "derived"
    derived.mkdir(exist_ok=True)
    return Path(tempfile.mkdtemp(dir=derived, prefix="dropped-"))


def scratch_file(book: Path, name: str) -> Path:
    """A name for a file that does not exist yet, in a scratch folder of its own; who asked removes both."""
    return scratch(book) / name


class _Taken:
    """Callbacks of the parser: one part after the other."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.sent = Sent()
        self._header: tuple[bytearray, bytearray] = (bytearray(), bytearray())
        self._headers: dict[bytes, bytes] = {}
        self._out: BufferedWriter | None = None
        self._name = ""
        self._text = bytearray()
        self._fields = 0

    def callbacks(self) -> Any:
        """What the parser calls, by its names."""
        return {
            "on_part_begin": self._begin,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_finished,
        }

    def close(self) -> None:
        if self._out is not None:
            self._out.close()
            self._out = None

    def _begin(self) -> None:
        self._headers, self._name, self._text = {}, "", bytearray()

    def _header_end(self) -> None:
        name, value = (bytes(part) for part in self._header)
        self._headers[name.lower()] = value
        self._header = (bytearray(), bytearray())

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" not in options:
            self._fields += 1
            if self._fields > _MOST_FIELDS:
                raise TooMuch(f"more than {_MOST_FIELDS} fields")
            return
        if len(self.sent.files) >= MOST_FILES:
            raise TooMuch(f"more than {MOST_FILES:,} files")
        name = _clean(options[b"filename"].decode("utf-8", "replace"))
        path = self._folder / str(len(self.sent.files))
        self._out = path.open("xb")
        self.sent.files.append((path, name))

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._out is not None:
            self._out.write(data[start:end])
            return
        self._text += data[start:end]
        if len(self._text) > _MOST_FIELD:
            raise TooMuch("a field that is too long")

    def _end(self) -> None:
        if self._out is None:
            self.sent.form.setdefault(self._name, []).append(self._text.decode("utf-8", "replace"))
            return
        self.close()
        path, name = self.sent.files[-1]
        # A file field in which nothing was chosen is sent as a part without name and content.
        if not name and not path.stat().st_size:
            path.unlink()
            self.sent.files.pop()


def _clean(name: str) -> str:
    """The name to show: separators of folders as /, no signs that are invisible, bounded. It never becomes a path."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    shown = "".join(letter if letter.isprintable() else "\ufffd" for letter in "/".join(parts))
    return shown[-_LONGEST_NAME:]
