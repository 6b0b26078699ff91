"""Readers: bytes in, rows, rejects, pages and sayings out. One file per format."""

from __future__ import annotations

from . import reading
from .detect import READERS, reader_for
from .digests import file_digest
from .documents import Page, Word, document_type, read_pages, reader_name
from .incident_file import incident_said, read_incident
from .look import Header
from .projection import Imports
from .reading import Mention, read_mentions
from .rows import Reject, RowReader, SourceRow
from .spec_guess import guess_spec
from .spec_table import SpecTable

__all__ = [
    "READERS",
    "Header",
    "Imports",
    "Mention",
    "Page",
    "Reject",
    "RowReader",
    "SourceRow",
    "SpecTable",
    "Word",
    "document_type",
    "file_digest",
    "guess_spec",
    "incident_said",
    "read_incident",
    "read_mentions",
    "read_pages",
    "reader_for",
    "reader_name",
    "reading",
]
