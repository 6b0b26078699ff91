"""Events that the papers of a case give a date: sentences with their days and hours, and times of no day."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from thaw.casebook import accounts
from thaw.casebook.hours import Hours, has_time_column, hours_of

# The words with which reports say it; the sentence must also hold the date.
_SEEN = re.compile(r"\b(?:last (?:seen|saw|heard|spoke)|seen alive|last known to be alive)\b", re.IGNORECASE)
_QUOTE = 220
_UNDATED = 200
Account = accounts.Account


def events_of_papers(told: Sequence[Account]) -> dict[str, Any]:
    """What papers give a date, in the order of the days on which they were written.

    events   as `timelines.case_timeline` describes them
    undated  times of day of sentences without a date, at most 200; `undated_left_out` counts the others
    papers   document and short name of each paper
    """
    events: list[dict[str, Any]] = []
    undated: list[dict[str, Any]] = []
    for account in sorted(told, key=lambda a: (a.date.first.isoformat() if a.date else "9999", a.name)):
        found, without = events_of(account)
        events += found
        undated += without
    return {
        "events": events,
        "undated": undated[:_UNDATED],
        "undated_left_out": max(0, len(undated) - _UNDATED),
        "papers": [{"document": a.document, "file": short_name(a.name)} for a in told],
    }


def events_of(account: Account) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Dates named in one paper with their sentences; times of day of sentences without a date are undated."""
    lane, events, undated, seen = short_name(account.name), [], [], set()
    column = has_time_column(account)
    if account.date is not None:
        events.append(dated_event(lane, "Written", account.date.to_json(), "paper", "", account.document, 1))
    for m in account.mentions:
        if m.kind not in ("date", "time"):
            continue
        sentence = account.sentence_of(m.start)
        quote = account.quote(sentence)[:_QUOTE]
        page = account.page_of(m.start)
        if m.kind == "date" and m.date is not None and m.role != "document":
            key = (m.date, m.start if column else sentence)
            if key not in seen and not (m.date == account.date and _HEAD.search(quote)):
                seen.add(key)
                kind = "seen" if _SEEN.search(quote) else "event"
                made = dated_event(
                    lane, _around(account, m, column=column), m.date.to_json(), kind, quote, account.document, page
                )
                events += [made | _at(one) for one in hours_of(account, m, column=column)] or [made]
        elif m.kind == "time" and not account.inside(*sentence, "date"):
            undated.append({"label": quote, "file": lane, "document": account.document, "page": page, "time": m.text})
    return events, undated


def _at(one: Hours) -> dict[str, Any]:
    return {
        "first": one.first.isoformat(),
        "last": one.last.isoformat(),
        "begin": one.begin,
        "end": one.end,
    }


_TRAILING = re.compile(
    r"(?:^|\s+)(?:(?:on|of|at|in|by|the|since|until|till|from|about|around|dated?|for|night|evening|morning|afternoon|day"
    r"|or about|between)\W*)+$",
    re.IGNORECASE,
)
_LINE, _CLAUSE = 12, 60  # letters before a date that are no clause by themselves, and those that are shown of one
# A head that says when a page was written: that stands there as the paper's own date.
_HEAD = re.compile(r"\bdate (?:of (?:this )?report|prepared|typed|written)\b|\breported by\b", re.IGNORECASE)


def _around(account: Account, m: Any, *, column: bool = False) -> str:
    """The words round a date without the date itself: what the label of the picture holds.

    A sentence may begin with the head of a page; then only the line of the date counts. column: a time behind the date
    is drawn and not said.
    """
    start, end = account.sentence_of(m.start)
    line = account.text.rfind("\n", start, m.start) + 1
    whole = re.sub(r"\s+", " ", account.text[start : m.start]).strip(" .,:;-")
    before = re.sub(r"\s+", " ", account.text[max(start, line) : m.start]).strip(" .,:;-")
    if not column and len(_TRAILING.sub("", before)) < _LINE <= len(whole):
        before = re.split(r"[.:;] ", whole)[-1][-_CLAUSE:].partition(" ")[2] if len(whole) > _CLAUSE else whole
    after = re.sub(r"\s+", " ", account.text[m.end : end]).strip(" .,:;-")
    if column:
        after = re.sub(r"^\d{4}\s+", "", after)
    both = " ".join(part for part in (_TRAILING.sub("", before), after) if part)
    return (both if len(both) > 3 else account.quote((start, end)))[:80]


def dated_event(
    lane: str,
    label: str,
    interval: Mapping[str, Any],
    kind: str,
    note: str = "",
    document: str | None = None,
    page: int | None = None,
) -> dict[str, Any]:
    """An event as timelines draw it, `interval` a date as JSON; without hours."""
    return {
        "lane": lane,
        "label": label,
        "first": interval["from"],
        "last": interval["to"],
        "kind": kind,
        "note": note,
        "document": document,
        "page": page,
        "case_id": None,
        "begin": None,
        "end": None,
    }


def short_name(file: str) -> str:
    """The name of a file without the archives that it came in, and without its ending."""
    name = file.rpartition(" > ")[2]
    return re.sub(r"\.\w{1,5}$", "", name) or name
