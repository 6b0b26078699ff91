"""Who gets in: a one-time token opens one session, and every request passes the guard before any screen.

The guard refuses foreign Host headers (DNS rebinding), requests without the session, and posts that come from another
site; and it puts the headers on every answer. Loopback is open to every account of the machine, so the token matters.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from thaw.casework.held import Waiting

NOT_STATED = "not stated"
_RECEIPTS = 200
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; script-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; connect-src 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
Refusal = Callable[[Scope, str], ASGIApp]


@dataclass
class Visit:
    """One open browser session: the purpose that its looks carry, and the forms it has sent (once -> case).

    told      what was done last, to be said once on the next screen
    open      looks that stay open between requests, by screen
    waiting   looks whose screens are still being made, by address
    receipts  the newest of what was done in it, for the browser to keep
    """

    purpose: str = NOT_STATED
    sent: dict[str, str] = field(default_factory=dict)
    sending: threading.Lock = field(default_factory=threading.Lock)
    told: str = ""
    open: dict[str, Any] = field(default_factory=dict)
    waiting: Waiting = field(default_factory=Waiting)
    receipts: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=_RECEIPTS))
    # Results of kinship, held while the visit lasts: profiles of relatives do not go into the book.
    kept: dict[str, Any] = field(default_factory=dict)


class Door:
    """Holds the digest of the one-time token and, once it was used, of the session cookie; never the values."""

    def __init__(self, token: str, port: int) -> None:
        self._token: bytes | None = _digest(token)
        self._visits: dict[bytes, Visit] = {}
        self._lock = threading.Lock()
        # Browsers share cookies between the ports of a host: the name keeps two workbenches apart.
        self.cookie_name = f"thaw_{port}"

    def open(self, token: str) -> str | None:
        """The Set-Cookie header of a new session (256 random bits) for the right token, once; None otherwise."""
        with self._lock:
            if self._token is None or not hmac.compare_digest(self._token, _digest(token)):
                return None
            self._token = None
            value = secrets.token_urlsafe(32)
            self._visits[_digest(value)] = Visit()
        return f"{self.cookie_name}={value}; Path=/; HttpOnly; SameSite=Strict"

    def visit(self, headers: Headers) -> Visit | None:
        """The session that the cookie of a request belongs to, or None."""
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(self.cookie_name)
        except CookieError:
            return None
        return self._visits.get(_digest(cookie.value)) if cookie else None


class Guard:
    """ASGI middleware around all screens. `refuse` makes the page for a reason: host, session or site."""

    def __init__(self, app: ASGIApp, *, door: Door, port: int, refuse: Refusal) -> None:
        self._app = app
        self._door = door
        self._hosts = (f"127.0.0.1:{port}", f"localhost:{port}")
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through or answer it with a refusal."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        visit = scope["thaw.visit"] = self._door.visit(headers)
        reason = self._objection(scope, headers, visit)
        chosen = self._refuse(scope, reason) if reason else self._app
        await chosen(scope, receive, _with_headers(send))

    def _objection(self, scope: Scope, headers: Headers, visit: Visit | None) -> str | None:
        host = headers.get("host", "")
        if host not in self._hosts:
            return "host"
        if visit is None and not scope["path"].startswith(("/open/", "/static/")):
            return "session"
        if scope["method"] not in ("GET", "HEAD") and not _from_own_page(headers, host):
            return "site"
        return None


def _from_own_page(headers: Headers, host: str) -> bool:
    """Whether a post comes from a page of this workbench, by what the browser says and a page cannot forge.

    Sec-Fetch-Site decides where it is sent, since Referrer-Policy no-referrer makes Origin `null`.
    """
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin" and origin in (None, "null", f"http://{host}")
    return origin == f"http://{host}"


def _with_headers(send: Send) -> Callable[[Message], Awaitable[None]]:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(HEADERS)
            headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return sending


def _digest(value: str) -> bytes:
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).digest()
