"""What goes on while the workbench is open: reading queued documents, making ready, and checking the ledger."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from thaw.casework import Session, program
from thaw.casework.alerts import alert_on_missed, alert_on_save
from thaw.casework.crossings import list_crossings
from thaw.casework.desk import WaitingDocuments, WarmMatcher
from thaw.casework.finds import make_replay, make_scan
from thaw.casework.ledger import verify
from thaw.casework.pages import Pictures
from thaw.casework.presented import Contradiction
from thaw.casework.watching import Watch
from thaw.errors import TamperError, ThawError

from .memory import FreeMemory

_POLL_SECONDS = 15.0
# Whoever opens the workbench will search soon: the first round makes that ready.
_FIRST_WATCH_SECONDS, _WATCH_SECONDS = 0.5, 5.0


class _Stopped(Exception):
    """The workbench is closing."""


@dataclass(frozen=True, slots=True)
class Light:
    """The state of the ledger as it was last checked.

    state    unknown (not checked yet), ok, incomplete or tampered
    at       when, in UTC
    found    what was found, each with kind, seq (entry, or None) and detail
    problem  why it could not be checked
    """

    state: str = "unknown"
    at: datetime | None = None
    entries: int = 0
    root: str = ""
    found: tuple[Mapping[str, Any], ...] = ()
    problem: str | None = None
    checking: bool = False


class Background:
    """Threads beside the screens; `start` and `stop` frame the life of the workbench. Tests may do without."""

    def __init__(self, session: Session) -> None:
        self._session = program(session.book)
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._threads: list[threading.Thread] = []
        self._one_check = threading.Lock()
        self.light = Light()
        self._problems: dict[str, str] = {}
        self._contradicted: Mapping[str, Any] | None = None
        # Two rankings at once would load everything twice.
        self.comparing = threading.Lock()
        self._warm = WarmMatcher(self._session)
        self.loaded = (0, 0)
        self._works: dict[str, str] = {}
        self.pictures = Pictures()
        self.reading_values = False
        self.started = False
        self._busy: dict[Hashable, threading.Thread] = {}
        self._failed: dict[Hashable, ThawError] = {}
        self._one_start = threading.Lock()
        self._one_list = threading.Lock()

    @property
    def problem(self) -> str | None:
        """What keeps something from being done in the background, in words; None when nothing does."""
        return next(iter(list(self._problems.values())), None)

    def start(self) -> None:
        """Begin to read what waits, to tell of what is new, to make the comparison ready, and to check the ledger."""
        self.reading_values = self.started = True
        # Said at once, since the check begins after the comparison: a page that knows of none would never ask again.
        self.light = Light(checking=True)
        self._run(self._read_documents)
        self._run(self._watch)
        self._run(self._begin)

    def stop(self) -> None:
        """Ask all threads to end, and wait a few seconds for them."""
        self._stop.set()
        self._wake.set()
        for thread in self._threads:
            thread.join(timeout=5)
        self.pictures.close()

    def read_soon(self) -> None:
        """Read what was just taken in without waiting for the next round."""
        self._wake.set()

    def soon(self, key: Hashable, work: Callable[[], object], *, wait: float = 0.25) -> bool:
        """Do something that may take long in a thread of its own, once for each key; whether it is done by now.

        wait  seconds to wait for it, so that what is quick is answered at once
        Raises what the work met, to the first who asks after it; the next one begins it anew.
        """
        with self._one_start:
            thread = self._busy.get(key)
            if thread is not None and not thread.is_alive():
                # It ended since somebody asked last, and what it made is there no more or was made of an older state.
                del self._busy[key]
                if (error := self._failed.pop(key, None)) is not None:
                    raise error
                thread = None
            if thread is None:
                thread = self._busy[key] = self._run(partial(self._quietly, key, work))
        thread.join(wait)
        if thread.is_alive():
            return False
        self._busy.pop(key, None)
        if (error := self._failed.pop(key, None)) is not None:
            raise error
        return True

    def _quietly(self, key: Hashable, work: Callable[[], object]) -> None:
        try:
            work()
        except TamperError as error:
            self.turn_red(error)
        except ThawError as error:
            self._failed[key] = error

    def check_ledger_soon(self) -> None:
        """Check the ledger in a thread of its own, unless a check is running."""
        if not self.light.checking:
            # At once, so that the page that comes next says so.
            self.light = replace(self.light, checking=True)
            self._run(self.check_ledger)

    def can_compare(self, *, wait: float = 0.8) -> bool:
        """Whether a ranking can be made at once; if not, `loaded` says how many cases of how many are.

        wait  seconds to wait for it, so that what is quick is answered at once
        """
        if not self.started:
            return True
        if not self._warm.is_warm() and not self.soon("comparison", self.make_ready, wait=wait):
            return False
        free = self.comparing.acquire(timeout=wait)
        if free:
            self.comparing.release()
        return free

    def compare_saved(self, session: Session, case_id: str) -> None:
        """Tell of what looks like a case that was just saved, in a thread of its own: whoever saved it goes on."""
        if not self.started:
            alert_on_save(session, [case_id])
        else:
            self._run(partial(self._compare_saved, session, case_id))

    def _compare_saved(self, session: Session, case_id: str) -> None:
        # Loaded first, which takes longest: a case counts as compared from the look on that `alert_on_save` commits.
        self.make_ready()
        self._tell(partial(alert_on_save, session, [case_id]))

    def make_ready(self) -> None:
        """Load what a ranking needs; a failure is not shown here, since the ranking itself will say it."""
        try:
            with self.comparing:
                self._warm.load(self._loading)
        except TamperError as error:
            self.turn_red(error)
        except ThawError:
            return

    def _loading(self, what: str, done: int, total: int) -> None:
        self.loaded = (done, total)

    def scan_soon(self, session: Session) -> None:
        """Scan for suspected series what this person sees, in a thread of its own, unless that is going on."""
        self._work_soon("scan", partial(make_scan, session))

    def replay_soon(self, session: Session) -> None:
        """Replay the records month by month, in a thread of its own, unless that is going on."""
        self._work_soon("replay", partial(make_replay, session))

    def works(self, name: str) -> str:
        """What a work in the background is at: `running`, words of what went wrong, or nothing."""
        return self._works.get(name, "")

    def _work_soon(self, name: str, work: Callable[[], object]) -> None:
        with self._one_start:  # two who press at once begin it once
            if self._works.get(name) == "running":
                return
            self._works[name] = "running"
        self._run(partial(self._work, name, work))

    def _work(self, name: str, work: Callable[[], object]) -> None:
        told = ""
        try:
            work()
        except TamperError as error:
            self.turn_red(error)
        except ThawError as error:
            told = str(error)
        except Exception as error:  # a work that failed must not be shown as going on for ever
            told = f"It could not be finished ({type(error).__name__})."
        finally:
            self._works[name] = told

    def check_ledger(self) -> None:
        """Verify the whole log and set the light."""
        with self._one_check:
            before = self.light
            self.light = Light(before.state, before.at, before.entries, before.root, before.found, checking=True)
            try:
                verdict = verify(self._session.book.folder, progress=self._go_on)
            except _Stopped:
                return
            except ThawError as error:
                self.light = Light(problem=str(error))
                return
            found = tuple(verdict["findings"])
            if self._contradicted is not None:
                verdict["status"], found = "tampered", (self._contradicted, *found)
            now = self._session.book.clock()
            self.light = Light(verdict["status"], now, verdict["entries"], verdict["root"], found)

    def turn_red(self, error: TamperError) -> None:
        """A read has met something that is not what was committed: the workbench stops showing content."""
        entry = re.fullmatch(r"entry (\d+)", error.where)
        seq = error.seq if isinstance(error, Contradiction) else int(entry[1]) if entry else None
        finding: Mapping[str, Any] = {"kind": error.where, "seq": seq, "detail": f"Got {error.got}, want {error.want}."}
        if isinstance(error, Contradiction):
            # A book that went back may well be whole in itself: no check of it alone makes the light green again.
            self._session.book.store.stop_writing(error)
            self._contradicted = self._contradicted or finding
        # What was stopped by a contradiction fails in other places too: the first word on it stays.
        finding = self._contradicted or finding
        self.light = Light("tampered", self._session.book.clock(), found=(finding,))

    def read_values(self) -> None:
        """Read the telephones, plates, names of all texts once, so that crossings are answered at once afterwards."""
        self.reading_values = True
        try:
            list_crossings(self._session, top=1, purpose="make ready for crossings")
        except TamperError as error:
            self.turn_red(error)
        except ThawError as error:
            self._problems["values"] = str(error)
        finally:
            self.reading_values = False

    def _begin(self) -> None:
        try:
            self.make_ready()
            self._tell(partial(alert_on_missed, self._session))
        finally:  # whatever keeps the comparison from being made ready, the ledger is checked
            self.check_ledger()
        self.read_values()

    def _tell(self, of_alerts: Callable[[], object]) -> None:
        try:
            with self.comparing:
                of_alerts()
            self._problems.pop("alerts", None)
        except TamperError as error:
            self.turn_red(error)
        except ThawError as error:
            self._problems["alerts"] = str(error)
        except Exception:
            if not self._stop.is_set():
                raise
            return  # Caught: the workbench is closing; the comparison is made when it opens again

    def _read_documents(self) -> None:
        waiting = WaitingDocuments(self._session)
        while not self._stop.is_set():
            try:
                waiting.read()
                self._problems.pop("documents", None)
            except TamperError as error:
                self.turn_red(error)
                return
            except ThawError as error:
                self._problems["documents"] = str(error)
            except Exception as error:  # a reader of one file may fail in any way; the workbench goes on and says so
                told = f"A waiting document could not be read ({type(error).__name__}). Try `thaw work`."
                self._problems["documents"] = told
            self._wake.wait(_POLL_SECONDS)
            self._wake.clear()

    def _watch(self) -> None:
        watch, memory, wait = Watch(self._session), FreeMemory(), _FIRST_WATCH_SECONDS
        while not self._stop.wait(wait):
            wait = _WATCH_SECONDS
            try:
                watch.turn()
                memory.hand_back()
                self._problems.pop("watch", None)
            except TamperError as error:
                self.turn_red(error)
                return
            except ThawError as error:  # the next round tries again
                self._problems["watch"] = str(error)
            except Exception:
                if not self._stop.is_set():
                    raise
                return  # Caught: the workbench is closing, and the book was closed under a long piece of work

    def _go_on(self, what: str, done: int, total: int) -> None:
        if self._stop.is_set():
            raise _Stopped

    def _run(self, work: Callable[[], object]) -> threading.Thread:
        thread = threading.Thread(target=work, daemon=True)
        with self._one_list:
            self._threads = [t for t in self._threads if t.is_alive()] + [thread]
            thread.start()
        return thread
