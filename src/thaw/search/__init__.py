"""Word search over pages, records, names and decisions; what a reader may not see does not exist."""

from __future__ import annotations

from .conditions import Conditions
from .engine import BookEngine, Engine
from .find import Found, Result, find_texts, query_like
from .naming import name_query
from .parse import parse_query
from .projection import Words
from .query import Condition, Query
from .tokens import tokens

__all__ = [
    "BookEngine",
    "Condition",
    "Conditions",
    "Engine",
    "Found",
    "Query",
    "Result",
    "Words",
    "find_texts",
    "name_query",
    "parse_query",
    "query_like",
    "tokens",
]
