"""The application: one function per command and per screen; opens books, wires the rooms, writes entries."""

from __future__ import annotations

from .book import Book, Session, init_book, key_lies_inside, open_book, program, session, utc_now
from .settings import SETTINGS

__all__ = ["SETTINGS", "Book", "Session", "init_book", "key_lies_inside", "open_book", "program", "session", "utc_now"]
