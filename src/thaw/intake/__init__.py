"""Readers: bytes in, rows, rejects, pages, mentions and sayings out. One file per format."""

from __future__ import annotations

from .detect import FORMATS, READERS, reader_for
from .digests import file_digest
from .documents import ReadingProcess, has_pictures, media_type
from .incident_file import incident_said, read_incident
from .look import Header
from .ocr import ocr_engine, ocr_name
from .projection import Imports
from .reading import Mention, read_mentions
from .rows import Packed, Reject, RowReader, SourceRow
from .sections import propose_sections

__all__ = [
    "FORMATS",
    "READERS",
    "Header",
    "Imports",
    "Mention",
    "Packed",
    "ReadingProcess",
    "Reject",
    "RowReader",
    "SourceRow",
    "file_digest",
    "has_pictures",
    "incident_said",
    "media_type",
    "ocr_engine",
    "ocr_name",
    "propose_sections",
    "read_incident",
    "read_mentions",
    "reader_for",
]
