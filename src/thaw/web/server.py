"""Runs the workbench on this machine until Ctrl-C: one socket on 127.0.0.1, one process, no other address."""

from __future__ import annotations

import secrets
import signal
import socket
import sys
import threading
from collections.abc import Callable

import uvicorn

from thaw.casework import Session
from thaw.errors import InputError

from .app import make_app
from .background import Background
from .memory import one_arena

_SWITCH_SECONDS = 0.0005


def serve_book(session: Session, *, port: int, announce: Callable[[str], None]) -> None:
    """Serve the workbench of one book and return after Ctrl-C (or SIGTERM).

    port      on 127.0.0.1; 0 takes a free one
    announce  gets the address with the one-time token once the socket listens
    Raises InputError when the port is taken.
    """
    one_arena()
    token = secrets.token_urlsafe(32)
    background = Background(session)
    with _listen(port) as listening:
        bound = int(listening.getsockname()[1])
        app = make_app(session, token, port=bound, background=background)
        # No access log: it would hold the token. No server header: nobody needs to know.
        config = uvicorn.Config(
            app, log_config=None, access_log=False, server_header=False, lifespan="on", timeout_graceful_shutdown=2
        )
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, signal.default_int_handler)
        # A thread that compares thousands of pages must not hold a screen up at each of its questions to the database.
        sys.setswitchinterval(_SWITCH_SECONDS)
        announce(f"http://127.0.0.1:{bound}/open/{token}")
        background.start()
        try:
            uvicorn.Server(config).run(sockets=[listening])
        except KeyboardInterrupt:
            # uvicorn has shut down in order and hands on the signal; to the caller this is the usual end.
            return
        finally:
            background.stop()


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
        listening.listen(64)
    except OSError as error:
        listening.close()
        raise InputError(
            where=f"port {port}",
            got=error.strerror or "an error",
            want="a port of this machine that no other program uses",
            fix="Leave --port out, then a free one is taken.",
        ) from None
    return listening
