"""A witness: a small program on somebody else's machine that signs checkpoints and remembers what it signed.

It holds no casebook. Its folder holds a key, the policy that names the logs it trusts, and one small file for each log.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from thaw.errors import InputError
from thaw.ledger import SigningKey
from thaw.outside import Answer, Seen, answer, origin_of

from .book import Clock, read_key
from .policies import read_policy

KEY, POLICY, STATE = "witness.key", "policy.txt", "seen"
_MOST_BYTES = 100_000


class WitnessFolder:
    """Key, trusted logs, and what was signed last for each."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder = folder
        self.key = read_key(folder / KEY)
        self._clock = clock
        self._lock = threading.Lock()

    @classmethod
    def make(cls, folder: Path, name: str, clock: Clock) -> WitnessFolder:
        """A new witness with a new key; the folder must be new or empty, else InputError."""
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise InputError(
                where=str(folder),
                got="a folder that holds files",
                want="a new or empty folder",
                fix="Name another one.",
            )
        key = SigningKey.generate(name, witness=True)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(folder / KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(key.to_text())
        words = "# Logs that this witness trusts: `log PUBLIC-KEY`, a line each.\nquorum none\n"
        (folder / POLICY).write_text(words, encoding="utf-8")
        (folder / STATE).mkdir()
        return cls(folder, clock)

    def answer(self, request: str) -> Answer:
        """Check a request against what was signed last, and store what is signed now before it is told.

        Nobody else, in this process or another, can do the same between the reading and the storing: a witness that
        signed two histories would be worth nothing.
        """
        # Read anew each time: a log whose key was replaced is added by hand, and the witness goes on.
        logs = read_policy(self.folder / POLICY)[0].logs
        with self._alone():
            path = self._path(origin_of(request))
            given = answer(request, logs, _read(path), self.key, int(self._clock().timestamp()))
            if given.seen is not None:
                self._store(self._path(given.origin), given)
        return given

    def seen(self) -> list[dict[str, Any]]:
        """What was signed last for each log: origin, size, root in hexadecimal digits, note."""
        files = sorted((self.folder / STATE).glob("*.json"))
        return [json.loads(path.read_text(encoding="utf-8")) for path in files]

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._lock, (self.folder / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _path(self, origin: str) -> Path:
        return self.folder / STATE / (hashlib.sha256(origin.encode("utf-8", "surrogatepass")).hexdigest() + ".json")

    def _store(self, path: Path, given: Answer) -> None:
        assert given.seen is not None
        kept = {"origin": given.origin, "size": given.seen.size, "root": given.seen.root.hex(), "note": given.note}
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix="writing-")
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump(kept, out)
            out.flush()
            os.fsync(out.fileno())
        os.replace(temporary, path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def answer_file(witness: WitnessFolder, request: Path, out: Path) -> dict[str, Any]:
    """Answer a request that came as a file; the answer is written to a new file, to be carried back.

    It holds the signed checkpoint, or a line `refused STATUS` and the reason. Raises InputError for an unreadable file.
    """
    try:
        text = request.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "a file that is no text"
        raise InputError(
            where=str(request), got=reason, want="a request from `thaw witness request`", fix="Check the name."
        ) from None
    if out.exists():
        raise InputError(where=str(out), got="a file that exists", want="a new file", fix="Name another file.")
    given = witness.answer(text)
    out.write_text(given.note if given.status == 200 else f"refused {given.status}\n{given.body}", encoding="utf-8")
    size = given.seen.size if given.seen else None
    return {"status": given.status, "origin": given.origin or None, "size": size, "file": str(out)}


def serve_witness(
    witness: WitnessFolder,
    host: str,
    port: int,
    ready: Callable[[str], None],
    running: Callable[[Any], None] | None = None,
) -> None:
    """Answer `POST /add-checkpoint` until stopped; `ready` is told the address once it listens."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version, sys_version = "thaw-witness", ""

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if self.path != "/add-checkpoint":
                self._reply(Answer(404, "There is only /add-checkpoint here.\n"))
            elif not length.isdigit() or int(length) > _MOST_BYTES:
                self.close_connection = True
                self._reply(Answer(400, "A request has a length, and at most 100,000 bytes.\n"))
            else:
                self._reply(witness.answer(self.rfile.read(int(length)).decode("utf-8", "surrogateescape")))

        def _reply(self, given: Answer) -> None:
            body = given.body.encode("utf-8", "replace")
            self.send_response(given.status)
            self.send_header("Content-Type", given.content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            return

    with ThreadingHTTPServer((host, port), Handler) as server:
        server.daemon_threads = True
        if running is not None:
            running(server)
        ready(f"http://{host}:{server.server_address[1]}")
        server.serve_forever(poll_interval=0.2)


def _read(path: Path) -> Seen | None:
    """What was signed last. A file that cannot be read stops the witness: it must never forget."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return Seen(int(kept["size"]), bytes.fromhex(kept["root"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        raise InputError(
            where=str(path),
            got="a file that cannot be read",
            want="what this witness signed last",
            fix="Put it back from a copy; a witness that has forgotten must be retired and replaced by a new key.",
        ) from None
