"""Puts the screens together: addresses, the guard, one request after another, and a page for every ending."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import shutil
import traceback
from collections.abc import AsyncIterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from thaw.casework import Session, program
from thaw.casework.receipts import collected
from thaw.casework.refusals import Knocks, note_refusal
from thaw.errors import AccessDenied, InputError, TamperError, ThawError
from thaw.store import Unfinished

from . import receipts
from .background import Background
from .guard import NOT_STATED, Door, Guard
from .ledger import WHEN_RED
from .navigation import rail
from .render import environment, static_file
from .routes import TAKE_FILES, screens
from .screen import Download, Look, Page, Redirect, Screen
from .uploads import TooMuch, receive, scratch
from .wording import at_the_form

_LARGEST_FORM = 1_000_000
_NOT_THERE = ("case", "document")


class _PageNumber(IntegerConvertor):
    """Nine digits at most: a longer number is no page of ours, and Python refuses to read one of thousands."""

    regex = "[0-9]{1,9}"


def make_app(session: Session, token: str, *, port: int, background: Background | None = None) -> Starlette:
    """The workbench of one open book as an ASGI app.

    token  opens one session, once
    port   that it is served on: requests for another host or port are refused
    """
    bench = background or Background(session)
    door = Door(token, port)
    knocks = Knocks(program(session.book))
    # Few threads on purpose: each keeps its own database connection and cache.
    pool = ThreadPoolExecutor(3, thread_name_prefix="screen")

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        knocks.end()
        pool.shutdown(cancel_futures=True)

    answer = partial(_answer, session, bench, pool)
    register_url_convertor("page", _PageNumber())
    routes = [Route(path, partial(answer, screen), methods=[method]) for method, path, screen in screens()]
    routes += [
        Route("/open/{token}", partial(_open, door, pool, knocks), methods=["GET"]),
        Route("/static/{name}", _static, methods=["GET"]),
    ]
    return Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[Middleware(Guard, door=door, port=port, refuse=partial(_refusal, pool, knocks))],
        exception_handlers={404: partial(_no_such_page, session, bench), 405: partial(_no_such_page, session, bench)},
    )


async def _answer(
    session: Session, bench: Background, pool: ThreadPoolExecutor, screen: Screen, request: Request
) -> Response:
    if request.url.path in TAKE_FILES and request.headers.get("content-type", "").startswith("multipart/"):
        return await _with_files(session, bench, pool, screen, request)
    form = await _form(request) if request.method == "POST" else {}
    if form is None:
        return _plain("form_too_long.html", 413, got=None)
    return await _in_pool(pool, screen, _look(session, bench, request, form), request)


async def _with_files(
    session: Session, bench: Background, pool: ThreadPoolExecutor, screen: Screen, request: Request
) -> Response:
    """A form with files: they lie in a folder of their own while the screen works, and are gone afterwards."""
    folder = scratch(session.book.folder)
    try:
        sent = await receive(request.stream(), request.headers["content-type"], folder)
        if sent is None:
            return _plain("form_too_long.html", 400, got="a form that cannot be read")
        look = replace(_look(session, bench, request, sent.form), files=sent.files)
        return await _in_pool(pool, screen, look, request)
    except TooMuch as error:
        return _plain("form_too_long.html", 413, got=str(error))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _look(session: Session, bench: Background, request: Request, form: Mapping[str, Sequence[str]]) -> Look:
    return Look(
        session=session,
        visit=request.scope["thaw.visit"],
        background=bench,
        path=request.url.path,
        params=request.path_params,
        query={name: request.query_params.getlist(name) for name in request.query_params},
        form=form,
        is_part=request.headers.get("hx-request") == "true" and request.headers.get("hx-boosted") != "true",
        method=request.method,
    )


async def _in_pool(pool: ThreadPoolExecutor, screen: Screen, look: Look, request: Request) -> Response:
    """The screen's page, and what the browser is to keep of the book as it now is."""
    kept = receipts.cookie_value(request.headers, look.session), receipts.other_log(request.headers, look.session)
    made = await asyncio.get_running_loop().run_in_executor(pool, _run, screen, look, kept)
    answer = RedirectResponse(made.to, status_code=303) if isinstance(made, Redirect) else made
    # A book that contradicts what the browser keeps must not give it something newer to keep.
    if look.background.light.state != "tampered":
        for cookie in receipts.cookies(look.session, look.visit, request.url.port):
            answer.headers.append("Set-Cookie", cookie)
    return answer


def _run(screen: Screen, look: Look, kept: tuple[str, str]) -> Response | Redirect:
    """What a screen makes; the receipts of what it committed are put aside for the browser."""
    with collected() as made_now:
        made = _made(screen, look, kept)
    receipts.hand_over(look, made_now)
    return made


def _made(screen: Screen, look: Look, kept: tuple[str, str]) -> Response | Redirect:
    """The one place where the workbench turns an error into a page."""
    try:
        if look.background.light.state == "tampered" and screen not in WHEN_RED:
            return _render(look, Page("red.html", {}, 500))
        receipts.check_log(look.session, kept[1])
        receipts.check_cookie(look.session, kept[0])
        made = _screened(screen, look)
        if isinstance(made, Download):
            return _download(made)
        return made if isinstance(made, Redirect) else _render(look, made)
    except TamperError as error:
        look.background.turn_red(error)
        return _render(look, Page("red.html", {}, 500))
    except ThawError as error:
        if isinstance(error, AccessDenied):
            note_refusal(look.session, error, f"the screen {look.path}", look.purpose)
        return _render(look, _failure(error))
    except Exception:
        if os.environ.get("THAW_DEBUG"):
            traceback.print_exc()
        return _plain("unexpected.html", 500)


def _screened(screen: Screen, look: Look) -> Page | Redirect | Download:
    """What a screen makes; while it waits for what is being made, all who ask for it again are one look."""
    if look.method != "GET":
        return screen(look)
    # A piece of a page and the page are two screens at one address.
    waiting, at = look.visit.waiting, ("part " if look.is_part else "page ") + look.address
    held = waiting.session(look.session, at)
    try:
        made = screen(replace(look, session=held))
    except ThawError:
        waiting.end(at)
        raise
    if isinstance(made, Page) and made.passing:
        waiting.keep(held, at)
    else:
        waiting.end(at)
    return made


def _failure(error: ThawError) -> Page:
    match error:
        case InputError() if error.where in _NOT_THERE:
            return Page("not_there.html", {"error": error}, 404)
        case InputError():
            return Page("failure.html", {"error": at_the_form(error), "heading": "That cannot be used as it is"}, 400)
        case AccessDenied():
            return Page("failure.html", {"error": error, "heading": "Not allowed"}, 403)
        case Unfinished():
            return Page(
                "failure.html", {"error": error, "heading": "Nothing is shown, since nothing can be noted"}, 503
            )
    return Page("failure.html", {"error": error, "heading": "That did not work"}, 500)


def _render(look: Look, page: Page) -> Response:
    told = "" if look.is_part or page.passing else look.visit.told
    if told:
        look.visit.told = ""
    context = {
        "told": told,
        "book": look.session.book.folder.name,
        "is_demo": look.session.book.store.kind == "demo",
        "person": look.session.actor.name,
        "purpose": look.visit.purpose if look.visit.purpose != NOT_STATED else "",
        "light": look.background.light,
        "newer": _newer(look),
        "here": look.path,
        "rail": rail(look.path),
        "back": look.address,
    }
    if taken := context.keys() & page.context.keys():  # a screen's own value would stand in the frame around it
        raise ValueError(f"{page.template} gives {', '.join(sorted(taken))}, which the frame of all screens gives")
    html = environment().get_template(page.template).render(context | dict(page.context))
    return HTMLResponse(html, page.status)


def _newer(look: Look) -> int:
    """Entries that were written since the ledger was found whole."""
    light = look.background.light
    return max(look.session.book.store.size() - light.entries, 0) if light.state == "ok" else 0


def _download(made: Download) -> Response:
    headers = {"Cache-Control": made.cache}
    if made.file is not None:
        # Names of files come from strangers: letters, digits and a few signs are enough to find a download again.
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", made.file).strip("-.") or "download"
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    if made.path is not None:
        return FileResponse(made.path, media_type=made.media_type, headers=headers)
    return Response(made.body, media_type=made.media_type, headers=headers)


def _plain(template: str, status: int, **values: Any) -> Response:
    return HTMLResponse(environment().get_template(template).render(values), status)


def _refusal(pool: ThreadPoolExecutor, knocks: Knocks, scope: Scope, reason: str) -> ASGIApp:
    """The page that the guard answers with: wrong host, no session, or a post from another site."""
    page = _plain("refused.html", {"host": 421, "session": 403, "site": 403}[reason], reason=reason)

    async def refused(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.get_running_loop().run_in_executor(pool, knocks.note, reason)
        await page(scope, receive, send)

    return refused


async def _open(door: Door, pool: ThreadPoolExecutor, knocks: Knocks, request: Request) -> Response:
    # A program that only looks whether the page is there must not use the token up.
    cookie = door.open(request.path_params["token"]) if request.method == "GET" else None
    if cookie is None:
        if request.method == "GET":
            await asyncio.get_running_loop().run_in_executor(pool, knocks.note, "token")
        return _plain("refused.html", 403, reason="session" if request.scope["thaw.visit"] is None else "open")
    answer = RedirectResponse("/", status_code=303)
    answer.headers["Set-Cookie"] = cookie
    return answer


async def _static(request: Request) -> Response:
    found = static_file(request.path_params["name"])
    if found is None:
        return _plain("refused.html", 404, reason="static")
    # Kept by the browser, and asked about each time: a new release is never shown with an old script.
    headers = {"Cache-Control": "no-cache", "ETag": f'"{hashlib.sha256(found[0]).hexdigest()[:32]}"'}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(found[0], media_type=found[1], headers=headers)


async def _no_such_page(session: Session, bench: Background, request: Request, error: Exception) -> Response:
    visit = request.scope["thaw.visit"]
    if visit is None:
        return _plain("refused.html", 403, reason="session")
    look = Look(session, visit, bench, request.url.path, {}, {}, {})
    return _render(look, Page("no_page.html", {}, 404))


async def _form(request: Request) -> dict[str, list[str]] | None:
    """The fields of a plain form; None when it is larger than any form of ours."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_FORM:
            return None
    try:
        return parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=500)
    except ValueError:
        return None
