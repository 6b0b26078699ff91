"""Runs one command and turns every ending into an exit code and a message that says what to do now."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any

from thaw.errors import AccessDenied, InputError, TamperError, ThawError

from .app import app
from .door import Ended
from .output import print_json, tell

_INTERRUPTED = 130  # how typer reports Ctrl-C when it does not end the process itself


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `thaw ARGUMENTS`; returns the exit code.

    0 ok, 1 integrity failure, 2 usage or input, 3 interrupted or incomplete, 4 not allowed, 70 an unexpected error.
    """
    given = _json_first(list(sys.argv[1:] if arguments is None else arguments))
    as_json = given[:1] == ["--json"]
    try:
        return _run(given)
    except Ended as ended:
        return ended.code
    except KeyboardInterrupt:
        return _fail(
            _error("the command", "an interruption", "to run to its end", "Give the same command again."), 3, as_json
        )
    except ThawError as error:
        return _fail(error, _code(error), as_json)
    except UnicodeEncodeError:
        got, fix = "a text that is no UTF-8", "Type it anew."
        return _fail(_error("command line", got, "letters that can be kept", fix), 2, as_json)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO)
        fix = "Free some space and give the same command again." if full else "Check the name and the rights on it."
        where = os.fsdecode(error.filename) if isinstance(error.filename, (str, bytes)) else "the file system"
        want = "a file or folder that can be used"
        return _fail(_error(where, error.strerror or str(error), want, fix), 3 if full else 2, as_json)
    except Exception as error:
        if os.environ.get("THAW_DEBUG"):
            traceback.print_exc()
        got = f"an unexpected error ({type(error).__name__}: {error})"
        fix = "Please report it with the command that you gave; THAW_DEBUG=1 shows where it happened."
        return _fail(_error("thaw", got, "to finish", fix), 70, as_json)


def _json_first(given: list[str]) -> list[str]:
    """`--json` may stand anywhere before `--`: whoever adds it to a line that worked should not have to know where."""
    end = given.index("--") if "--" in given else len(given)
    if "--json" not in given[:end]:
        return given
    return ["--json", *(word for word in given[:end] if word != "--json"), *given[end:]]


def _run(given: list[str]) -> int:
    import typer.exceptions
    import typer.main

    try:
        result: Any = typer.main.get_command(app).main(given or ["--help"], prog_name="thaw", standalone_mode=False)
    except typer.exceptions.Abort:
        raise KeyboardInterrupt from None
    except typer.exceptions.TyperException as usage:
        context = getattr(usage, "ctx", None)
        command = context.command_path if context else "thaw"
        message = usage.format_message().rstrip(".")
        raise InputError(
            where="command line",
            got=f"a command that cannot be read: {message}",
            want="a command as in --help",
            fix=f"See `{command} --help`; --book, --as and --purpose stand before the command.",
        ) from None
    except SystemExit as left:
        # Typer leaves with 1 when a shell is unknown or the reader of the help text went away; here 1 means an
        # integrity failure.
        gone = isinstance(left.__context__, BrokenPipeError)
        if gone:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0 if gone or not left.code else 2
    if result == _INTERRUPTED:
        raise KeyboardInterrupt
    return result if isinstance(result, int) else 0


def _code(error: ThawError) -> int:
    if isinstance(error, TamperError):
        return 1
    if isinstance(error, AccessDenied):
        return 4
    return 2 if isinstance(error, InputError) else 3


def _fail(error: ThawError, code: int, as_json: bool) -> int:
    if as_json:
        print_json({"error": error.to_json()})
    tell(f"thaw: {error}")
    return code


def _error(where: str, got: str, want: str, fix: str) -> ThawError:
    return ThawError(where=where, got=got, want=want, fix=fix)
