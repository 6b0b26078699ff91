"""The compiled pass in a process of its own gives what it gives here."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from books import csv_file, imported, new_book
from casework.test_links import table
from thaw.casework import apart
from thaw.casework.apart import run_apart
from thaw.casework.matcher import matcher_for
from thaw.linkage.all_pairs import nearest, plan_for, run


def _background(folder: Path) -> Any:
    work = new_book(folder / "book")
    imported(work, csv_file(folder / "a.csv", table()))
    return matcher_for(work, work.look("test")).background


def test_another_process_finds_the_same(tmp_path: Path) -> None:
    background = _background(tmp_path)
    plan = plan_for(background)
    rows = np.arange(0, 200, 3)
    here, there = run(plan, rows, 5, 1), run_apart(plan, rows, 5, 2)
    np.testing.assert_array_equal(there[0], here[0])
    np.testing.assert_array_equal(there[1], here[1])
    assert (here[0] >= 0).all()
    one, other = nearest(background, top=3), nearest(background, top=3, scored=run_apart)
    np.testing.assert_array_equal(one.rows, other.rows)
    np.testing.assert_array_equal(one.log10_bf, other.log10_bf)


@pytest.mark.parametrize("problem", [OSError("no room"), subprocess.CalledProcessError(-9, "python")])
def test_without_another_process_it_is_done_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    plan = plan_for(_background(tmp_path))

    def refuse(*_: Any, **__: Any) -> None:
        raise problem

    monkeypatch.setattr(apart.subprocess, "run", refuse)
    found, _ = run_apart(plan, np.arange(4), 2, 1)
    np.testing.assert_array_equal(found, run(plan, np.arange(4), 2, 1)[0])
