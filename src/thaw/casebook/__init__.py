"""Folds statements into cases and their people: preferred values, sources, conflicts, same-case."""

from __future__ import annotations

from . import accounts
from .cases import co_victims, find_case, list_cases, no_such_case, read_case, same_as, unfolded
from .documents import list_documents
from .fields import case_fields, conditions
from .fold import CaseView, Folded, Sourced
from .incidents import list_incidents
from .persons import person, persons
from .projection import Casebook, case_columns
from .title import case_title

__all__ = [
    "CaseView",
    "Casebook",
    "Folded",
    "Sourced",
    "accounts",
    "case_columns",
    "case_fields",
    "case_title",
    "co_victims",
    "conditions",
    "find_case",
    "list_cases",
    "list_documents",
    "list_incidents",
    "no_such_case",
    "person",
    "persons",
    "read_case",
    "same_as",
    "unfolded",
]
