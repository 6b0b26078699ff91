"""A second reader for pictures of pages, where one is installed: what it reads otherwise marks the page for a person.

Its own scores warn of nothing (whole lines were mangled at 0.97), so only the two texts are compared; its text
replaces none.
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
from functools import cache
from pathlib import Path
from typing import Any

_PROGRAM = Path(__file__).with_name("second_program.py")
_SECONDS = 180
_MEMORY = 6 << 30  # addresses, of which about 1 GB is used
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


def second_text(picture: Any) -> tuple[str, str] | None:
    """Name of the second reader and the text it reads; None where there is none or where it fails."""
    python = second_python()
    if python is None:
        return None
    data = io.BytesIO()
    picture.save(data, "PPM")
    try:
        done = subprocess.run(
            [python, str(_PROGRAM)],
            input=data.getvalue(),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            preexec_fn=_bounded,
        )
        answer = json.loads(done.stdout) if done.returncode == 0 else None
    except (subprocess.TimeoutExpired, ValueError, OSError):
        return None  # an aid that fails takes nothing away: the page keeps its first reading
    return (answer["engine"], "\n".join(text for text, _ in answer["lines"])) if answer else None


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
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
