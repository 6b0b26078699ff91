"""Questions about the papers of long cases, answered by a process of its own whose memory goes back when it ends.

The papers of a case of thousands of pages hold a hundred thousand mentions. Compared in the workbench itself they leave
130 MB behind: what is freed lies in pieces, and stays. The other process takes up the look that was committed here, so
nothing is read that no entry speaks of, and it commits nothing. Order and answer are JSON on standard input and output.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import thaw
from thaw.access import View, resume
from thaw.errors import AccessDenied, InputError, TamperError, ThawError
from thaw.store import Where

from .book import Session, open_book, session, utc_now

Answer = Callable[[Session, Sequence[View], Mapping[str, Any]], Any]

LONG_PAGES = 300
_START = "from thaw.casework.papers_apart import main; main()"
_ERRORS: Mapping[str, type[ThawError]] = {
    "InputError": InputError,
    "TamperError": TamperError,
    "AccessDenied": AccessDenied,
}
# Screens go first: whoever waits for a comparison knows that it takes a while.
_NICE = 5
# One after the other: each may take 300 MB while it runs.
_one = threading.Lock()


def questions() -> dict[str, Answer]:
    """What can be asked, by name: the other process does nothing else."""
    from .charts import answer_chart
    from .compared import answer_parts
    from .timelines import answer_versions

    return {"parts": answer_parts, "versions": answer_versions, "chart": answer_chart}


def is_long(view: View) -> bool:
    """Whether the case of a look has so many pages that its papers are better compared apart."""
    pages = view.select("documents", ["pages", "document_id"], [Where("case_id", "=", view.about)])
    return sum(number or 0 for number, _ in pages) >= LONG_PAGES


def ask(at_work: Session, views: Sequence[View], question: str, asked: Mapping[str, Any]) -> Any:
    """The answer to one of `questions`, by another process that takes up these looks.

    Raises what the other process met, in the same words, and ThawError when it ended without an answer.
    """
    order = {
        "folder": str(at_work.book.folder.absolute()),
        "person": at_work.actor.name,
        "looks": [view.seq for view in views],
        "question": question,
        "asked": dict(asked),
    }
    home = str(Path(thaw.__file__).parents[1])
    with _one:
        try:
            done = subprocess.run(
                [sys.executable, "-sP", "-c", _START],
                input=json.dumps(order).encode(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=os.environ | {"PYTHONPATH": home},
                check=False,
            )
        except OSError as error:
            raise _ended(error.strerror or "it could not be started") from None
    if done.returncode != 0:
        raise _ended(f"signal {-done.returncode}" if done.returncode < 0 else f"code {done.returncode}")
    answer = json.loads(done.stdout)
    if "error" in answer:
        raise _ERRORS.get(answer.pop("error"), ThawError)(**answer)
    return answer["answer"]


def _ended(how: str) -> ThawError:
    return ThawError(
        where="papers of this case",
        got=f"a comparison that ended before it was done ({how})",
        want="a process of its own with some 500 MB of memory",
        fix="Close other programs and look again. Nothing is lost: papers and entries are as they were.",
    )


def main() -> None:
    """The other process: one order from standard input, the answer or the error to standard output."""
    order = json.loads(sys.stdin.buffer.read())
    os.nice(_NICE)
    try:
        answer = {"answer": _answered(order)}
    except ThawError as error:
        # Caught: it is raised again where the question was asked, in the same words.
        answer = {"error": type(error).__name__, **error.to_json()}
    sys.stdout.buffer.write(json.dumps(answer).encode())


def _answered(order: Mapping[str, Any]) -> Any:
    book = open_book(Path(order["folder"]), utc_now)
    try:
        at_work = session(book, order["person"])
        views = [resume(book.store, at_work.actor, seq, book.clock) for seq in order["looks"]]
        return questions()[order["question"]](at_work, views, order["asked"])
    finally:
        # The store alone: receipts are kept by the process that commits.
        book.store.close()
