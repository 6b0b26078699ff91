"""The record: what one source said about one thing, in typed values that keep the words they came from."""

from __future__ import annotations

from .identity import new_ids
from .partial_date import PartialDate
from .place import Place
from .statement import Citation, PerSaying, Said, Source, Statement, pack_said, unpack_said
from .values import Code, Quantity, Reference, Text, Value, value_from_json, value_to_json
from .vocabulary import Predicate, codes_of, predicates

__all__ = [
    "Citation",
    "Code",
    "PartialDate",
    "PerSaying",
    "Place",
    "Predicate",
    "Quantity",
    "Reference",
    "Said",
    "Source",
    "Statement",
    "Text",
    "Value",
    "codes_of",
    "new_ids",
    "pack_said",
    "predicates",
    "unpack_said",
    "value_from_json",
    "value_to_json",
]
