"""Programs that read for us, bounded by processor time: a loaded machine takes nothing from a good page.

Time on the wall says how busy the machine is; time on the processor says how hard the page is. The wall bounds only
what waits for ever.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

WALL_SECONDS = 3600.0  # nothing that still works takes an hour for one page
_GRACE_SECONDS = 5  # between the signal that a program may answer and the one that it cannot
_PROCESSES = Path("/proc")


class TookTooLong(Exception):
    """A program used more processor time than it may, or waited longer than anybody waits for a page."""


def run_bounded(
    command: Sequence[str],
    *,
    cpu_seconds: int,
    given: bytes = b"",
    settings: Mapping[str, str] | None = None,
    wall_seconds: float = WALL_SECONDS,
    first: Callable[[], None] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run a program to its end; what it says and its exit status come back.

    given        bytes on its standard input
    cpu_seconds  processor time that each of its processes may use
    first        what the new process does before it becomes the program, such as setting more limits
    Raises TookTooLong; OSError where the program cannot be started.
    """

    def begin() -> None:
        # A hard limit that is lower already, of whoever started this process, stays.
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        most = cpu_seconds + _GRACE_SECONDS
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(resource.RLIMIT_CPU, (min(cpu_seconds, most), most))
        if first is not None:
            first()

    try:
        done = subprocess.run(
            command,
            input=given,
            env=settings,
            capture_output=True,
            timeout=wall_seconds,
            check=False,
            preexec_fn=begin,
        )
    except subprocess.TimeoutExpired as error:
        raise TookTooLong from error
    # A shell or a wrapper between us tells the signal of what it ran as 128 and its number.
    if done.returncode in (-signal.SIGXCPU, 128 + signal.SIGXCPU):
        raise TookTooLong
    return done


def cpu_seconds_of(session: int) -> float | None:
    """Processor time of every process of a session so far, those that ended and were waited for included.

    session  the id of the process that leads it
    Returns None where the system does not say (no /proc): there only the wall is left.
    """
    ticks, seen = 0, False
    try:
        folders = [entry for entry in os.listdir(_PROCESSES) if entry.isdigit()]
    except OSError:
        return None
    for entry in folders:
        try:
            stat = (_PROCESSES / entry / "stat").read_text()
        except OSError:
            continue  # it ended while we looked
        # After the name in brackets, which may hold anything: state, parent, group, session, ...
        fields = stat.rpartition(")")[2].split()
        if int(fields[3]) == session:
            seen = True
            ticks += sum(int(field) for field in fields[11:15])
    return ticks / os.sysconf("SC_CLK_TCK") if seen else None
