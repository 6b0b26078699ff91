"""Old office files (DOC, XLS, RTF, ODT and the like) through LibreOffice, which turns them into PDF; optional."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from .bounded import TookTooLong, run_bounded
from .limits import OFFICE_BYTES, refuse
from .pages import Read
from .pdf import read_pdf

_CPU_SECONDS = 120
_WORDS = {
    "application/msword": ("an old Word file", ".doc"),
    "application/vnd.ms-excel": ("an old Excel file", ".xls"),
    "application/vnd.ms-powerpoint": ("an old PowerPoint file", ".ppt"),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ("a PowerPoint file", ".pptx"),
    "application/rtf": ("a rich text file", ".rtf"),
    "application/vnd.oasis.opendocument.text": ("an OpenDocument text", ".odt"),
    "application/vnd.oasis.opendocument.spreadsheet": ("an OpenDocument table", ".ods"),
    "application/vnd.oasis.opendocument.presentation": ("an OpenDocument presentation", ".odp"),
}
OFFICE_TYPES = frozenset(_WORDS)


def read_office(path: Path, kind: str, first: int, folder: Path) -> Iterator[Read]:
    """The pages of an old office file as LibreOffice prints them.

    Raises InputError where LibreOffice is not installed or cannot open the file.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    name, ending = _WORDS[kind]
    if program is None:
        raise refuse(
            f"{name} ({ending}), and LibreOffice is not installed",
            "LibreOffice, or another form of the file",
            "Install libreoffice-writer-nogui and give `thaw retry`, or save it as PDF and add that.",
        )
    home = folder / "office"
    home.mkdir(exist_ok=True)
    source = home / f"file{ending}"
    shutil.copyfile(path, source)
    command = [program, "--headless", "--norestore", "--convert-to", "pdf", "--outdir", str(home), str(source)]
    command[1:1] = [f"-env:UserInstallation={home.as_uri()}/profile"]
    settings = {"HOME": str(home), "PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"}
    try:
        done = run_bounded([*_alone(), *command], settings=settings, cpu_seconds=_CPU_SECONDS, first=_more_memory)
        made = home / "file.pdf"
        if not made.exists():
            words = done.stderr.decode("utf-8", "replace").strip().splitlines()
            got = f"{name} that LibreOffice does not open ({words[-1] if words else 'no reason given'})"
            raise refuse(got, "a file that opens", "Save it as PDF and add that.")
        yield from read_pdf(made, first)
    except TookTooLong:
        got = f"{name} on which LibreOffice works for more than {_CPU_SECONDS} seconds of processor time"
        raise refuse(got, "a file that opens", "Save it as PDF and add that.") from None
    finally:
        shutil.rmtree(home, ignore_errors=True)


def office_engine() -> str:
    """What reads old office files."""
    return "libreoffice to PDF"


def _more_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (OFFICE_BYTES, OFFICE_BYTES))


@cache
def _alone() -> tuple[str, ...]:
    """What takes the network away from a program, where this system lets us: a hostile file may ask for addresses."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return ()
    command = (unshare, "--user", "--map-root-user", "--net")
    tried = subprocess.run([*command, "true"], capture_output=True, check=False)
    return command if tried.returncode == 0 else ()
