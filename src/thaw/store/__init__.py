"""The book on disk: the only room with SQL, a cursor or a blob. Casework opens it, access reads it."""

from __future__ import annotations

from .backup import copy_book
from .blobs import Blobs
from .check import newest_checkpoint, verify_book
from .connection import Unfinished
from .entry_index import EntryIndex
from .projection import Entry, Projection, Rows
from .reader import Matches, Reader
from .snapshot import Snapshot
from .store import DATABASE, Store
from .table import Table, Where
from .transaction import Draft, Transaction
from .visible import Visible
from .writer import Committed

__all__ = [
    "DATABASE",
    "Blobs",
    "Committed",
    "Draft",
    "Entry",
    "EntryIndex",
    "Matches",
    "Projection",
    "Reader",
    "Rows",
    "Snapshot",
    "Store",
    "Table",
    "Transaction",
    "Unfinished",
    "Visible",
    "Where",
    "copy_book",
    "newest_checkpoint",
    "verify_book",
]
