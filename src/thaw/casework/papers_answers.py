"""The process that answers questions about the papers of long cases: the other end of `papers_apart`.

One order on standard input, one answer or error on standard output, as JSON; it commits nothing.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from thaw.access import View, resume
from thaw.errors import ThawError
from thaw.store import Visible

from .book import Session, open_book, session
from .charts import answer_chart
from .compared import answer_parts
from .papers_apart import ERRORS
from .timelines import answer_versions

# What can be asked, by name: this process does nothing else.
QUESTIONS: Mapping[str, Callable[[Session, Sequence[View], Mapping[str, Any]], Any]] = {
    "parts": answer_parts,
    "versions": answer_versions,
    "chart": answer_chart,
}
# Screens go first: whoever waits for a comparison knows that it takes a while.
_NICE = 5


def main() -> None:
    """One order from standard input, the answer or the error to standard output."""
    order = json.loads(sys.stdin.buffer.read())
    # What anything prints on the way goes where errors go: standard output is for the answer alone.
    answers = os.dup(1)
    os.dup2(2, 1)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    most = order["cpu_seconds"] if hard == resource.RLIM_INFINITY else min(order["cpu_seconds"], hard)
    resource.setrlimit(resource.RLIMIT_CPU, (most, hard))
    os.nice(_NICE)
    try:
        answer = {"answer": _answered(order)}
        text = json.dumps(answer)
    except ThawError as error:
        # Caught: it is raised again where the question was asked, in the same words.
        name = next(sort.__name__ for sort in type(error).__mro__ if sort.__name__ in ERRORS)
        text = json.dumps({"error": name, **error.to_json()})
    except MemoryError:  # Caught: said where the question was asked
        text = json.dumps({"ended": "memory"})
    with open(answers, "wb") as out:
        out.write(text.encode())


def _answered(order: Mapping[str, Any]) -> Any:
    at = datetime.fromisoformat(order["at"])
    book = open_book(Path(order["folder"]), lambda: at)
    try:
        at_work = session(book, order["person"])
        views = [
            resume(book.store, at_work.actor, look["entry"], book.clock, within=_unpacked(look["hidden"]))
            for look in order["looks"]
        ]
        return QUESTIONS[order["question"]](at_work, views, order["asked"])
    finally:
        # The store alone: receipts are kept by the process that commits.
        book.store.close()


def _unpacked(hidden: Mapping[str, Sequence[str]]) -> Visible:
    return Visible(frozenset(hidden["cases"]), frozenset(hidden["documents"]))
