"""Writes to stdout and stderr: one JSON document or words for people, and what to do when nobody takes them.

Records hold whatever their makers typed; nothing in them may steer the reader's terminal.
"""

from __future__ import annotations

import json
import os
import re
import sys
from typing import Any, TextIO

from thaw.errors import ThawError

# Control characters but the line feed, and the marks that turn the direction of writing round.
_STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def say(words: str) -> None:
    """Print words for people on stdout; commands in them are given as they are typed here."""
    _write(sys.stdout, clean(_as_typed(words)))


def tell(words: str) -> None:
    """Print a message on stderr; commands in it are given as they are typed here."""
    _write(sys.stderr, clean(_as_typed(words)))


def print_json(document: Any) -> None:
    """Print one JSON document on stdout, as UTF-8 where stdout takes it, else with escapes."""
    unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    text = json.dumps(document, ensure_ascii=not unicode)
    # A lone surrogate (from a file name that is no UTF-8) is written as the escape that JSON has for it.
    _write(sys.stdout, text.encode("utf-8", "backslashreplace").decode("utf-8"))


def clean(words: str) -> str:
    """The words with tabs as blanks and other steering characters as U+FFFD."""
    return _STEERING.sub("\ufffd", words.replace("\t", " "))


def _as_typed(words: str) -> str:
    """From a checkout one types `./run thaw verify`: ./run tells how it was called."""
    called = os.environ.get("THAW_CALLED_AS")
    return words.replace("`thaw ", f"`{called} ") if called else words


def _write(stream: TextIO, text: str) -> None:
    encoding = stream.encoding or "utf-8"
    try:
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
        stream.flush()
    except OSError as error:
        # What is left in the buffer must not fail once more when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if isinstance(error, BrokenPipeError):
            return  # the reader of our output went away (`thaw log | head`): nothing is wrong
        raise ThawError(
            where="standard output",
            got=error.strerror or str(error),
            want="a place that takes the answer",
            fix="Make room and give the same command again.",
        ) from None
