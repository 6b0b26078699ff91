"""How much a reader may take before a file counts as not readable. Old paper fits many times; bombs do not."""

from __future__ import annotations

from thaw.errors import InputError

MEMORY_BYTES = 1 << 30  # of the process that reads
OFFICE_BYTES = 4 << 30  # of LibreOffice, which reserves more than it uses
SECOND_READER_BYTES = 6 << 30  # of a second reader of scans, which uses about 1 GB of them
PAGES = 50_000
PICTURE_PIXELS = 200_000_000  # decoded at once; a letter page at 1,200 dpi has 135 million
PICTURE_PIXELS_SHRUNK = 4_000_000_000  # JPEG can be decoded at an eighth of its width and height
PART_BYTES = 1 << 30
ALL_PARTS_BYTES = 4 << 30  # of one archive
PARTS = 20_000  # of one archive or mailbox
DEPTH = 4  # archives in archives
XML_BYTES = 256 << 20  # of one part of an office file, unpacked
CELLS = 5_000_000
TEXT_BYTES = 256 << 20


def refuse(got: str, want: str, fix: str) -> InputError:
    """An error of a reader; whoever asked puts the name of the file in its place."""
    return InputError(where="file", got=got, want=want, fix=fix)
