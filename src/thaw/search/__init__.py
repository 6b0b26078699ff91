"""Word search over pages, records, names and decisions; what a reader may not see does not exist."""

from __future__ import annotations

from .conditions import Conditions
from .crossings import LEAST_WEIGHT, Crossing, Spot, crossings
from .engine import BookEngine, Engine
from .find import Found, Result, find_texts, query_like
from .naming import name_query
from .parse import parse_query
from .projection import Words
from .query import Condition, Query
from .tokens import tokens
from .values import ValueReader, name_value, read_values

__all__ = [
    "LEAST_WEIGHT",
    "BookEngine",
    "Condition",
    "Conditions",
    "Crossing",
    "Engine",
    "Found",
    "Query",
    "Result",
    "Spot",
    "ValueReader",
    "Words",
    "crossings",
    "find_texts",
    "name_query",
    "name_value",
    "parse_query",
    "query_like",
    "read_values",
    "tokens",
]
