"""Readers: bytes in, rows, rejects, pages and sayings out. One file per format."""

from __future__ import annotations

from .detect import READERS, reader_for
from .documents import Page, Word, document_type, read_pages, reader_name
from .incident_file import incident_said, read_incident
from .projection import Imports
from .rows import Packed, Reject, RowReader, SourceRow
from .tables import Header, header_of

__all__ = [
    "READERS",
    "Header",
    "Imports",
    "Packed",
    "Page",
    "Reject",
    "RowReader",
    "SourceRow",
    "Word",
    "document_type",
    "header_of",
    "incident_said",
    "read_incident",
    "read_pages",
    "reader_for",
    "reader_name",
]
