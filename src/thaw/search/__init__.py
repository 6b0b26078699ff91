"""Word search over pages and records; what a reader may not see does not exist."""

from __future__ import annotations

from .find import Answer, Found, find_texts
from .projection import Words
from .query import Query, parse_query

__all__ = ["Answer", "Found", "Query", "Words", "find_texts", "parse_query"]
