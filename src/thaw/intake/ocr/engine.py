"""Tesseract as a program: a gray picture in, words with boxes and confidence out. Optional: without it, pages wait."""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..documents.bounded import TookTooLong, run_bounded
from ..documents.limits import refuse

_CPU_SECONDS = 150  # processor time for one reading of a page; the densest of our pages takes 20
LANGUAGE = "eng"
PREPARATION = "thaw preparation 1"  # raise it when preparation or judgment change what is read


@dataclass(frozen=True, slots=True)
class Seen:
    """One word in a picture: line it stands in, box in pixels (left, top, right, bottom), confidence 0 to 1."""

    text: str
    line: tuple[int, int, int]
    box: tuple[float, float, float, float]
    confidence: float


@cache
def ocr_engine() -> str | None:
    """Name and version of the engine that reads letters here, or None where none is installed."""
    program = shutil.which("tesseract")
    if program is None:
        return None
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    languages = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False)
    if done.returncode or LANGUAGE not in languages.stdout.split():
        return None
    return " ".join(done.stdout.split()[:2])


def ocr_name() -> str:
    """What stands as the engine of a text read here: the engine with its version, and that of the preparation."""
    return f"{ocr_engine()}, {PREPARATION}"


def read_letters(picture: Any, dpi: float, *, layout: int = 3) -> list[Seen]:
    """The words in a gray picture, in reading order.

    dpi     dots an inch, which the engine takes for its idea of how large letters are
    layout  page segmentation mode: 3 finds columns and blocks, 6 takes the page for one block, 4 for one column
    Raises InputError when the engine fails or needs too much processor time.
    """
    program = shutil.which("tesseract")
    if program is None:
        raise refuse("a picture of a page, and no Tesseract", "Tesseract", "Install tesseract-ocr.")
    data = io.BytesIO()
    picture.save(data, "PPM")
    command = [program, "stdin", "stdout", "-l", LANGUAGE, "--psm", str(layout), "--dpi", str(round(dpi))]
    command += ["-c", "tessedit_do_invert=0", "tsv"]
    try:
        done = run_bounded(command, given=data.getvalue(), cpu_seconds=_CPU_SECONDS)
    except TookTooLong:
        got = f"a page on which OCR works for more than {_CPU_SECONDS} seconds of processor time"
        raise refuse(got, "a page of text", "Transcribe it by hand.") from None
    if done.returncode:
        words = done.stderr.decode("utf-8", "replace").strip().splitlines()
        got = f"a page on which OCR fails ({words[-1] if words else done.returncode})"
        raise refuse(got, "a page of text", "Scan it again, or transcribe it by hand.")
    return _words(done.stdout.decode("utf-8", "replace"))


def angle_of(picture: Any, dpi: float) -> tuple[int, float]:
    """By how many degrees (0, 90, 180, 270) a page must be turned clockwise to stand upright, and how sure that is."""
    program = shutil.which("tesseract")
    if program is None:
        return 0, 0.0
    data = io.BytesIO()
    picture.save(data, "PPM")
    command = [program, "stdin", "stdout", "--psm", "0", "-l", "osd", "--dpi", str(round(dpi))]
    try:
        done = run_bounded(command, given=data.getvalue(), cpu_seconds=_CPU_SECONDS)
    except TookTooLong:
        return 0, 0.0
    facts = dict(line.split(": ", 1) for line in done.stdout.decode("utf-8", "replace").splitlines() if ": " in line)
    try:
        return int(facts["Rotate"]), float(facts["Orientation confidence"])
    except (KeyError, ValueError):
        return 0, 0.0  # too few letters to tell


def _words(table: str) -> list[Seen]:
    found = []
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) < 12 or cells[0] != "5" or not cells[11].strip():
            continue
        left, top, width, height = map(int, cells[6:10])
        line = (int(cells[2]), int(cells[3]), int(cells[4]))
        box = (left, top, left + width, top + height)
        found.append(Seen(cells[11].strip(), line, box, max(float(cells[10]), 0) / 100))
    return found
