"""A second reader for pictures of pages, where one is installed: what it reads otherwise marks the page for a person.

Its own scores warn of nothing (whole lines were mangled at 0.97), so only the two texts are compared. Its text is kept
beside the first and replaces none.
"""

from __future__ import annotations

import importlib.util
import io
import json
import os
import re
import resource
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ..documents.bounded import TookTooLong, run_bounded
from ..documents.limits import SECOND_READER_BYTES

_PROGRAM = Path(__file__).with_name("second_program.py")
_CPU_SECONDS = 180
_MEMORY = SECOND_READER_BYTES
_APART = 0.25  # share of what only one of the two read, from which a page is marked
_LEAST = 30  # runs of letters; on fewer a share says nothing


@cache
def second_python() -> str | None:
    """The Python that has rapidocr: named in THAW_SECOND_READER, or this one; None where there is none.

    THAW_SECOND_READER=no switches the second reader off where it is installed.
    """
    named = os.environ.get("THAW_SECOND_READER")
    if named is not None:
        return None if named in ("", "no") else named
    return sys.executable if importlib.util.find_spec("rapidocr") else None


Line = tuple[str, tuple[float, float, float, float] | None]


def second_text(picture: Any) -> tuple[str, str] | None:
    """Name of the second reader and the text it reads; None where there is none or where it fails."""
    found = second_lines(picture)
    return (found[0], "\n".join(text for text, _ in found[1])) if found else None


def second_lines(picture: Any) -> tuple[str, list[Line]] | None:
    """Name of the second reader and the lines it reads, each with its box in pixels; None as in `second_text`."""
    python = second_python()
    if python is None:
        return None
    data = io.BytesIO()
    picture.save(data, "PPM")
    try:
        done = run_bounded([python, str(_PROGRAM)], given=data.getvalue(), cpu_seconds=_CPU_SECONDS, first=_bounded)
        answer = json.loads(done.stdout) if done.returncode == 0 else None
        if answer is None:
            return None
        return answer["engine"], [(line[0], tuple(line[2]) if len(line) > 2 else None) for line in answer["lines"]]
    except (subprocess.SubprocessError, TookTooLong, ValueError, KeyError, OSError):
        return None  # an aid that fails takes nothing away: the page keeps its first reading


def placed(lines: Sequence[Line], dpi: float) -> tuple[str, list[list[Any]]]:
    """The text of some lines, and its words as a layer has them: start, end, box in points, no confidence.

    A line has one box; each word is given the part of it that its letters take up.
    """
    text, words = "", []
    for line, box in lines:
        text += "\n" if text else ""
        for found in re.finditer(r"\S+", line):
            part = None
            if box is not None:
                across = (box[2] - box[0]) / max(len(line), 1)
                left, right = box[0] + across * found.start(), box[0] + across * found.end()
                part = [round(value * 72 / dpi, 1) for value in (left, box[1], right, box[3])]
            words.append([len(text) + found.start(), len(text) + found.end(), part, None])
        text += line
    return text, words


def share_apart(one: str, other: str) -> float:
    """Share of the letters, in runs of four without case and marks, that only one of two texts has; 0 to 1."""
    a, b = Counter(_runs(one)), Counter(_runs(other))
    every = a.total() + b.total()
    return 1 - 2 * (a & b).total() / every if every else 0.0


def marked(first: str, second: tuple[str, str] | None) -> str | None:
    """Why a page is marked after a second reading, or None."""
    if second is None or max(len(_runs(first)), len(_runs(second[1]))) < _LEAST:
        return None
    apart = share_apart(first, second[1])
    return f"{second[0]} reads {apart:.0%} of the letters otherwise" if apart > _APART else None


def _runs(text: str) -> list[str]:
    # Second readers run words together; letters in runs of four say the same without their borders.
    letters = re.sub(r"[\W_]+", "", text.casefold())
    return [letters[i : i + 4] for i in range(0, max(len(letters) - 3, 0))]


def _bounded() -> None:
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    most = _MEMORY if hard == resource.RLIM_INFINITY else min(_MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
