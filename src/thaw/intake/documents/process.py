"""Reading in a process of its own: foreign files meet their readers there, with limits of memory and time."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import thaw
from thaw.errors import InputError

from .bounded import WALL_SECONDS, cpu_seconds_of
from .limits import refuse

CPU_SECONDS = 600.0  # processor time for one page: two readings of a picture, and a second reader
STILL_SECONDS = 180.0  # without any work at all
_STILL_CPU = 0.02  # what a process that only waits may use meanwhile
_LOOK_SECONDS = 5.0
_START = "from thaw.intake.documents.worker import main; main()"
_KEPT_SETTINGS = ("PATH", "LANG", "TMPDIR", "TESSDATA_PREFIX", "LD_LIBRARY_PATH", "THAW_SECOND_READER")


class ReadingStopped(Exception):
    """Whoever owns the process closed it while it was reading: the file is not to blame."""


class ReadingProcess:
    """One process that reads files one after the other; it is started when needed and anew after a crash.

    For each answer it has processor time, not time on the wall: a machine that is busy takes nothing from a good page.
    One that does no work at all, or that takes longer than anybody waits, is ended too.

    For use in one thread. Close it, or use it in a `with`. `crashed` says whether the last file ended the process.
    """

    def __init__(
        self,
        cpu_seconds: float = CPU_SECONDS,
        still_seconds: float = STILL_SECONDS,
        wall_seconds: float = WALL_SECONDS,
    ) -> None:
        self._cpu_seconds, self._still_seconds, self._wall_seconds = cpu_seconds, still_seconds, wall_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._rest = b""
        self.crashed = False
        self._closed = False

    def __enter__(self) -> ReadingProcess:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the process, also in the middle of a file; whoever waits for it meets `ReadingStopped`."""
        self._closed = True
        if self._process is not None:
            self._kill()

    def read(self, path: Path, kind: str, *, first: int = 1, folder: Path) -> Iterator[dict[str, Any]]:
        """What the reader of this type says of a file, one answer a line: engine, total, page, part, remark.

        Raises InputError for what cannot be read, also when its reader crashed, was silent for too long or asked for
        more memory or processor time than it may have.
        """
        order = {"do": "read", "path": _named(path), "type": kind, "first": first, "folder": _named(folder)}
        return self._ask(order)

    def look(self, path: Path, kind: str, page: int) -> str:
        """The digest of one page's picture, by which a page that was read before is known again."""
        return str(self._only({"do": "look", "path": _named(path), "type": kind, "page": page})["picture"])

    def recognize(self, path: Path, kind: str, page: int) -> dict[str, Any]:
        """The letters of one page's picture; see `thaw.intake.ocr`."""
        return self._only({"do": "recognize", "path": _named(path), "type": kind, "page": page})

    def picture(self, path: Path, kind: str, page: int, dpi: float, to: Path) -> dict[str, Any]:
        """Write the picture of one page to a PNG file; its width, height and dots an inch."""
        order = {"do": "picture", "path": _named(path), "type": kind, "page": page, "dpi": dpi, "to": _named(to)}
        return self._only(order)

    def _only(self, order: Mapping[str, Any]) -> dict[str, Any]:
        (answer,) = list(self._ask(order))
        return answer

    def _ask(self, order: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        process = self._started()
        self.crashed = False
        if self._closed:
            raise ReadingStopped
        assert process.stdin is not None
        done = False
        try:
            process.stdin.write(json.dumps(order).encode() + b"\n")
            process.stdin.flush()
            while True:
                answer = json.loads(self._line())
                if "end" in answer:
                    done = True
                    return
                if "problem" in answer and len(answer) == 1:
                    done = True
                    raise refuse(*answer["problem"])
                yield answer
        except (BrokenPipeError, ValueError) as error:
            # A pipe that broke or was closed under us: the process is gone.
            raise self._crash() from error
        finally:
            if not done:
                # Whoever stopped listening, or a crash: what would still come belongs to no order.
                self._kill()

    def _line(self) -> bytes:
        process = self._process
        if process is None or process.stdout is None:
            raise ReadingStopped
        watch = _Watch(process.pid, self._cpu_seconds, self._still_seconds, self._wall_seconds)
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            pieces = [self._rest]
            while b"\n" not in pieces[-1]:
                if not selector.select(min(_LOOK_SECONDS, self._still_seconds / 3)):
                    if (why := watch.over()) is not None:
                        self.crashed = True
                        raise refuse(why, "a file that opens", "Print it to a new PDF, or split it.")
                    continue
                piece = os.read(process.stdout.fileno(), 1 << 16)
                if not piece:
                    raise self._crash()
                pieces.append(piece)
        line, _, self._rest = b"".join(pieces).partition(b"\n")
        return line

    def _crash(self) -> InputError:
        if self._closed:
            raise ReadingStopped
        self.crashed = True
        code = self._process.wait(timeout=10) if self._process else 1
        why = signal.Signals(-code).name if code < 0 else f"exit {code}"
        return refuse(f"a file that crashed its reader ({why})", "a whole document", "Print it to a new PDF.")

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._rest = b""
            settings = {name: os.environ[name] for name in _KEPT_SETTINGS if name in os.environ}
            settings |= {"PYTHONPATH": str(Path(thaw.__file__).parents[1]), "PYTHONDONTWRITEBYTECODE": "1"}
            # One thread each: the queue runs as many processes as there are cores.
            settings |= {"OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
            self._process = subprocess.Popen(
                [sys.executable, "-s", "-c", _START],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=settings,
                cwd=tempfile.gettempdir(),
                start_new_session=True,
            )
        return self._process

    def _kill(self) -> None:
        process, self._process = self._process, None
        self._rest = b""
        if process is None:
            return
        with suppress(ProcessLookupError):
            # The group: a program that the reader started goes with it.
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()


class _Watch:
    """What a process has used since it was last heard of, and when that is too much."""

    def __init__(self, session: int, cpu_seconds: float, still_seconds: float, wall_seconds: float) -> None:
        self._session, self._cpu, self._still, self._wall = session, cpu_seconds, still_seconds, wall_seconds
        self._began = self._worked = time.monotonic()
        self._first = self._last = cpu_seconds_of(session)

    def over(self) -> str | None:
        """What is too much, in words, or None."""
        now, used = time.monotonic(), cpu_seconds_of(self._session)
        if now - self._began > self._wall:
            return f"a file whose reader gave no page for {self._wall:g} seconds"
        if used is None or self._first is None or self._last is None:
            return None  # nothing is known of it here: only the wall is left
        if used - self._first > self._cpu:
            return f"a file on one page of which its reader works for more than {self._cpu:g} seconds of processor time"
        if abs(used - self._last) > _STILL_CPU:
            self._last, self._worked = used, now
        if now - self._worked > self._still:
            return f"a file whose reader did nothing for {self._still:g} seconds"
        return None


def _named(path: Path) -> str:
    # The process works in another folder, and most books are named as seen from here: `casebook`.
    return str(path.absolute())
