"""The server: where it listens, what it announces, how it ends. It runs as its users run it, in its own process."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from books import new_book
from thaw.errors import InputError
from thaw.web import serve_book

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_one_address_and_ends_cleanly(tmp_path: Path, ending: signal.Signals) -> None:
    new_book(tmp_path / "book").book.close()
    code = "import sys; from thaw.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "--book", str(tmp_path / "book"), "serve"]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as served:
        assert served.stdout is not None
        address = served.stdout.readline().strip()
        base, _, token = address.partition("/open/")
        assert base.startswith("http://127.0.0.1:")
        assert len(token) == 43
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(f"{base}/", timeout=10)
        served.send_signal(ending)
        out, err = served.communicate(timeout=20)
    assert (served.returncode, out, err) == (0, "", "")


def test_a_taken_port_says_what_to_do(tmp_path: Path) -> None:
    work = new_book(tmp_path / "book")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(InputError) as caught:
            serve_book(work, port=port, announce=print)
    assert str(caught.value) == (
        f"port {port}: got Address already in use, want a port of this machine that no other program uses. "
        "Leave --port out, then a free one is taken."
    )
    work.book.close()
