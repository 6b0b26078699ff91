"""Numbers in the columns of tables: what stands under TAG, CARD, CASE NO, TICKET, and where the page says it again."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .columns import cells_below, heads_of_tables
from .gazetteers import table, words

_OF_CARS = re.compile(r"(?i:\b(?:vehicles?|makes?|cars?|autos?|owners?|model|plates?|licen[sc]es?)\b)")
_CELL = re.compile(r"#?(?P<value>(?=[A-Z]{0,4}-?\d)[A-Z]{0,4}-?\d[\dA-Z]*(?:[-/.][\dA-Z]+){0,3})")
_NO_NUMBER = re.compile(
    r"\d{1,2}[-/.]\d{1,2}(?:[-/.]\d{2,4})?|\d{1,2}[./]\d{2}|(?:19|20)\d\d|\d{1,2}:\d\d|\d{1,3}|[A-Z]{1,2}|\d{1,2}[A-Z]{1,3}\d{2,4}"
)
# "87-3": a year that no month is, and the item; "C-3": an item of the coroner's.
_YEAR_AND_ITEM = re.compile(r"(?:3[2-9]|[4-9]\d)-\d{1,3}")
_ITEM = re.compile(r"[A-Z]{1,3}-\d{1,3}")
_WRITTEN = re.compile(r"(?<![\w$/.,:#-])[A-Z]{0,4}-?\d[\dA-Z]*(?:[-/][\dA-Z]+){0,3}(?![\w/-]|[.,:]\d)")


def numbers_in_columns(text: str) -> Iterator[tuple[int, int, str]]:
    """Place and role of what fills the cells under heads of numbers, in tables that are not of vehicles.

    Numbers of one to three figures are left to the rules for items; days and hours are none.
    """
    labels = table("numbers", "labels")
    heads, beside = words("numbers", "column_heads"), words("numbers", "column_words")
    for at, head in heads_of_tables(text):
        said = re.findall(r"[a-z]+", head.lower())
        if not any(word in heads for word in said) or not all(word in heads or word in beside for word in said):
            continue
        if "tag" in said and _OF_CARS.search(_line(text, at)):
            continue
        role = next((str(labels[word]) for word in reversed(said) if word in labels), "number")
        for start, stop in cells_below(text, at):
            found = _CELL.fullmatch(text, start, stop) if "item" not in said and "items" not in said else None
            if found and not _NO_NUMBER.fullmatch(found["value"]):
                yield *found.span("value"), role
            elif _YEAR_AND_ITEM.fullmatch(text, start, stop) or _ITEM.fullmatch(text, start, stop):
                yield start, stop, role


def _line(text: str, at: int) -> str:
    return text[text.rfind("\n", 0, at) + 1 : (text + "\n").find("\n", at)]


def said_again(text: str, known: set[str]) -> Iterator[tuple[int, int]]:
    """Where a number with a mark or letter in it, or of five figures and more, stands again without its label."""
    known = {
        one for one in known if not re.fullmatch(r"\d{1,3}-\d{1,3}", one) or _YEAR_AND_ITEM.fullmatch(one)
    }  # a range of items
    marks = {one for one in known if _ITEM.fullmatch(one)}
    known = marks | {one for one in known if sum(map(str.isdigit, one)) >= (3 if re.search(r"[A-Z-]", one) else 5)}
    for m in _WRITTEN.finditer(text) if known else ():
        if m.group() in known:
            yield m.span()
