"""The compiled pass over all pairs in a process of its own, whose memory goes back when it ends.

The compiler and its tables take 100 MB, and what is loaded once stays: a workbench that is open all day would hold it
for a pass of seconds after each import. Arrays go over and come back as npz without objects, so nothing is run.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import thaw
from thaw.linkage.all_pairs import Floats, Plan, Rows, run

_START = "from thaw.casework.apart import main; main()"


def run_apart(plan: Plan, rows: Rows, keep: int, threads: int) -> tuple[NDArray[np.int32], Floats]:
    """The same as `thaw.linkage.all_pairs.run`, in another process; in this one where no other can be had."""
    asked = {f"argument_{i}": np.asarray(value) for i, value in enumerate(plan.arguments)}
    order = _packed(order=plan.order, rows=rows, keep=np.asarray(keep), threads=np.asarray(threads), **asked)
    home = str(Path(thaw.__file__).parents[1])
    try:
        done = subprocess.run(
            [sys.executable, "-s", "-c", _START],
            input=order,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": home},
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):  # Caught: too little memory for a second process
        return run(plan, rows, keep, threads)
    answer = _unpacked(done.stdout)
    return answer["found"], answer["score"]


def main() -> None:
    """The other process: one plan from standard input, the answer to standard output."""
    asked = _unpacked(sys.stdin.buffer.read())
    count = sum(name.startswith("argument_") for name in asked)
    # A number stays a number for the compiler, or it would make the loop anew for arrays without a length.
    values = [asked[f"argument_{i}"] for i in range(count)]
    plan = Plan(asked["order"], tuple(value if value.ndim else value.item() for value in values))
    found, score = run(plan, asked["rows"], int(asked["keep"]), int(asked["threads"]))
    sys.stdout.buffer.write(_packed(found=found, score=score))


def _packed(**arrays: NDArray[Any]) -> bytes:
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()


def _unpacked(data: bytes) -> dict[str, NDArray[Any]]:
    with np.load(io.BytesIO(data), allow_pickle=False) as found:
        return dict(found)
