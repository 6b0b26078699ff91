"""Readers of documents: one file per format, each in a process of its own. Boxes are in points from the top left."""

from __future__ import annotations

from .dispatch import has_pictures, read_document, reader_name
from .kinds import media_type
from .pages import Page, Part, Remark, Total, Word
from .process import ReadingProcess

__all__ = [
    "Page",
    "Part",
    "ReadingProcess",
    "Remark",
    "Total",
    "Word",
    "has_pictures",
    "media_type",
    "read_document",
    "reader_name",
]
