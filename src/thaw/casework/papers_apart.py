"""Questions about the papers of long cases, answered by a process of its own whose memory goes back when it ends.

The papers of a case of thousands of pages hold a hundred thousand mentions. Compared in the workbench itself they leave
130 MB behind: what is freed lies in pieces, and stays. The other process takes up the look that was committed here, so
nothing is read that no entry speaks of, and it commits nothing. Order and answer are JSON on standard input and output.

It sees what the look saw and no more: what is hidden goes along with the order, and the answer is held against it, and
against what may be seen by then, before anybody gets it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import thaw
from thaw.access import View, sees_less
from thaw.errors import AccessDenied, InputError, TamperError, ThawError
from thaw.store import Visible, Where

from .book import Session

LONG_PAGES = 300
# Two thousand pages take some 30 seconds (decision 0014). The wall is for a process that waits for ever.
CPU_SECONDS, WALL_SECONDS = 1200, 3600.0
_START = "from thaw.casework.papers_answers import main; main()"
ERRORS: Mapping[str, type[ThawError]] = {
    "InputError": InputError,
    "TamperError": TamperError,
    "AccessDenied": AccessDenied,
    "ThawError": ThawError,
}
_PARTS = {"where", "got", "want", "fix"}
_LINE = 200  # letters of the last line of what went wrong
_NOTHING_LOST = "Nothing is lost: papers and entries are as they were."
# One after the other: each may take 300 MB while it runs.
_one = threading.Lock()


def is_long(view: View) -> bool:
    """Whether the case of a look has so many pages that its papers are better compared apart."""
    pages = view.select("documents", ["pages", "document_id"], [Where("case_id", "=", view.about)])
    return sum(number or 0 for number, _ in pages) >= LONG_PAGES


def ask(at_work: Session, views: Sequence[View], question: str, asked: Mapping[str, Any]) -> Any:
    """The answer to one of `papers_answers.QUESTIONS`, by another process that takes up these looks.

    Raises what the other process met, in the same words, and ThawError when it ended without an answer: whether time or
    memory ran out, it was ended from outside, or it failed, is told for what it is.
    """
    order = {
        "folder": str(at_work.book.folder.absolute()),
        "person": at_work.actor.name,
        # The other process has no clock of its own: who may see what is asked for the moment of the question.
        "at": at_work.book.clock().isoformat(),
        "looks": [{"entry": view.seq, "hidden": _packed(view.visible)} for view in views],
        "question": question,
        "asked": dict(asked),
        "cpu_seconds": CPU_SECONDS,
    }
    with _one:
        done = _run(json.dumps(order).encode())
    answer = _read(done)
    for view in views:
        _hold_against(answer, view, at_work)
    return answer


def _run(order: bytes) -> subprocess.CompletedProcess[bytes]:
    home = str(Path(thaw.__file__).parents[1])
    try:
        return subprocess.run(
            [sys.executable, "-sP", "-c", _START],
            input=order,
            capture_output=True,
            env=os.environ | {"PYTHONPATH": home},
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _too_long(f"was not done after {_minutes(WALL_SECONDS)}") from None
    except MemoryError:
        raise _no_memory() from None
    except OSError as error:
        raise ThawError(
            where="papers of this case",
            got=f"no process for the comparison ({error.strerror or 'it could not be started'})",
            want="a machine that can start one more program",
            fix=f"Close other programs and look again. {_NOTHING_LOST}",
        ) from None


def _read(done: subprocess.CompletedProcess[bytes]) -> Any:
    """The answer in what the other process wrote; raises what it met, or how it ended."""
    if done.returncode == -signal.SIGXCPU:
        raise _too_long(f"had worked for {_minutes(CPU_SECONDS)} and was not done")
    if done.returncode < 0:
        raise _ended_from_outside(-done.returncode)
    if done.returncode > 0:
        lines = done.stderr.decode("utf-8", "replace").split("\n")
        raise _failed(next((line.strip() for line in reversed(lines) if line.strip()), "no word of what went wrong"))
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise _failed(f"{len(done.stdout):,} bytes that are no answer") from None
    if isinstance(answer, dict) and "answer" in answer:
        return answer["answer"]
    if answer == {"ended": "memory"}:
        raise _no_memory()
    if isinstance(answer, dict) and answer.get("error") in ERRORS and answer.keys() == {"error", *_PARTS}:
        raise ERRORS[answer.pop("error")](**answer)
    raise _failed("an answer of an unknown form")


def _hold_against(answer: Any, view: View, at_work: Session) -> None:
    """Refuse an answer that says more than this look may see, or than may be seen by now: minutes have passed."""
    if sees_less(view, at_work.book.clock):
        raise ThawError(
            where="papers of this case",
            got="a comparison that began before something was hidden from you",
            want="one of what you may see now",
            fix="Look again from the start.",
        )
    hidden = view.visible.hidden_cases | view.visible.hidden_documents
    if hidden and any(text in hidden for text in _strings(answer)):
        raise ThawError(
            where="papers of this case",
            got="an answer that does not fit the look it was made for",
            want="an answer within what you may see",
            fix="Nothing of it is shown. Tell whoever keeps Thaw on this machine.",
        )


def _strings(value: Any) -> Iterator[str]:
    """Every text in a JSON value, names of members too."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, Mapping):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list | tuple):
            waiting += one


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:g} {'minute' if seconds == 60 else 'minutes'}"


def _too_long(how: str) -> ThawError:
    return ThawError(
        where="papers of this case",
        got=f"a comparison that {how}",
        want="papers that can be compared in that time",
        fix=f"Search and the reader work without it; look again when the machine has less to do. {_NOTHING_LOST}",
    )


def _no_memory() -> ThawError:
    return ThawError(
        where="papers of this case",
        got="a comparison for which memory ran out",
        want="some 500 MB of free memory",
        fix=f"Close other programs and look again. {_NOTHING_LOST}",
    )


def _ended_from_outside(number: int) -> ThawError:
    name = signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"
    often = ", as systems do when memory runs out" if number == signal.SIGKILL else ""
    return ThawError(
        where="papers of this case",
        got=f"a comparison that was ended from outside ({name}{often})",
        want="a comparison that is left to its end",
        fix=f"Close other programs if memory is short, and look again. {_NOTHING_LOST}",
    )


def _failed(line: str) -> ThawError:
    return ThawError(
        where="papers of this case",
        got=f"a comparison that failed ({line[:_LINE]})",
        want="an answer",
        fix=f"Look again; if it fails once more, tell whoever keeps Thaw on this machine. {_NOTHING_LOST}",
    )


def _packed(visible: Visible) -> dict[str, list[str]]:
    return {"cases": sorted(visible.hidden_cases), "documents": sorted(visible.hidden_documents)}
