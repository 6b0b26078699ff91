"""Programs that read for us are bounded by processor time; the wall bounds only what waits for ever."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from papers import picture
from thaw.errors import InputError
from thaw.intake.documents import bounded
from thaw.intake.documents.bounded import TookTooLong, cpu_seconds_of, run_bounded
from thaw.intake.ocr import engine, ocr_engine


def test_a_program_that_works_on_is_ended_by_its_processor_time() -> None:
    with pytest.raises(TookTooLong):
        run_bounded([sys.executable, "-c", "while True: pass"], cpu_seconds=1)


def test_a_program_that_only_waits_uses_no_time_and_is_let_end() -> None:
    code = "import time, sys; time.sleep(1.3); sys.stdout.buffer.write(sys.stdin.buffer.read())"
    assert run_bounded([sys.executable, "-c", code], cpu_seconds=1, given=b"good page").stdout == b"good page"


def test_a_program_that_waits_for_ever_is_ended_by_the_wall() -> None:
    with pytest.raises(TookTooLong):
        run_bounded([sys.executable, "-c", "import time; time.sleep(60)"], cpu_seconds=5, wall_seconds=0.3)


def test_a_program_below_another_is_bounded_too() -> None:
    inner = f"exec {sys.executable} -c 'while True: pass'"
    with pytest.raises(TookTooLong):
        run_bounded(["/bin/sh", "-c", f"{inner} & wait $!"], cpu_seconds=1)


def test_the_time_of_a_session_counts_its_children() -> None:
    code = (
        "import subprocess, sys, time\n"
        "subprocess.run([sys.executable, '-c', 'import time\\nwhile time.process_time() < 0.4: pass'])\n"
        "print(flush=True); time.sleep(30)"
    )
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, start_new_session=True)
    try:
        assert child.stdout is not None
        child.stdout.readline()
        used = cpu_seconds_of(child.pid)
        assert used is not None
        # The system counts in hundredths of a second and may leave the last ones of each process away.
        assert 0.35 <= used < 5
    finally:
        child.kill()
        child.wait()
        child.stdout.close() if child.stdout else None


def test_where_the_system_does_not_say_nothing_is_known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bounded, "_PROCESSES", tmp_path / "none")
    assert cpu_seconds_of(os.getpid()) is None


@pytest.mark.skipif(ocr_engine() is None, reason="Tesseract is not installed")
def test_a_page_on_which_ocr_works_too_long_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    slow = tmp_path / "tesseract"
    slow.write_text("#!/bin/sh\nwhile :; do :; done\n")
    slow.chmod(0o755)
    monkeypatch.setattr(engine.shutil, "which", lambda name: str(slow))
    monkeypatch.setattr(engine, "_CPU_SECONDS", 1)
    with pytest.raises(InputError) as caught:
        engine.read_letters(picture("A quiet page."), 300)
    assert caught.value.got == "a page on which OCR works for more than 1 seconds of processor time"
    assert caught.value.fix == "Transcribe it by hand."
