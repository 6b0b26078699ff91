"""What the browser keeps of the book, and shows again: a receipt of every commit that was made for it.

The newest signed note lies in a cookie: it goes with every request, whatever port the workbench is on, and is checked
before a screen is made. The receipts lie in the browser's own storage (static/receipts.js), which presents them here
and fetches the new ones. When the book does not hold what the browser kept, the workbench goes red and writes nothing.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, unquote

from thaw.casework import Session
from thaw.casework.presented import MOST, Contradiction, Kept, book_mark, check_presented, place_mark
from thaw.ledger import Receipt

from .guard import Visit
from .screen import Download, Look, Screen

_A_YEAR = 400 * 24 * 3600  # browsers keep no cookie longer
_is_kept = re.compile(r"(-1|[0-9]{1,15})\.([A-Za-z0-9_-]{1,3000})").fullmatch


def cookie_name(session: Session) -> str:
    """The cookie in which a browser keeps the newest note of this copy of this book."""
    return f"thaw_kept_{book_mark(session.book)}"


def check_cookie(session: Session, value: str) -> None:
    """Raise Contradiction when the book does not hold the note in this cookie; one that holds none says nothing."""
    kept = _from_cookie(value)
    if kept is not None:
        check_presented(session.book.store, [kept])


def other_log(headers: Mapping[str, str], session: Session) -> str:
    """The log that this browser knows in this book's folder, when it has never seen the one that lies there now; or "".

    A demo holds no records of anybody and may be made anew at any time.
    """
    found = re.search(rf"(?:^|;\s*){_place_cookie(session)}=([^;\s]*)", headers.get("cookie", ""))
    if found is None or session.book.store.kind == "demo" or cookie_value(headers, session):
        return ""
    known = re.sub(r"[^A-Za-z0-9./_-]", "?", unquote(found[1])[:200])
    return "" if known == session.book.store.origin else known


def check_log(session: Session, known: str) -> None:
    """Raise Contradiction when this browser knows another log in the folder of the book (`other_log`)."""
    if known:
        raise Contradiction(
            0,
            f"a receipt of the log {known}, while the log {session.book.store.origin} lies in its folder: another book "
            "was put in its place (if that was meant, remove the cookies of this page)",
        )


def _place_cookie(session: Session) -> str:
    return f"thaw_at_{place_mark(session.book)}"


def hand_over(look: Look, receipts: Sequence[Receipt]) -> None:
    """Keep receipts for the browser of this visit until it says that it has them."""
    since = look.session.book.store.given_up_at
    look.visit.receipts.extend({**receipt.to_json(), "since": since} for receipt in receipts)


def cookies(session: Session, visit: Visit, port: int | None) -> Iterator[str]:
    """Set-Cookie headers: which book is open at this port, which log lies there, the newest note of this visit."""
    yield f"thaw_book_{port}={book_mark(session.book)}; Path=/; SameSite=Strict"
    place = f"{_place_cookie(session)}={quote(session.book.store.origin, safe='')}"
    yield f"{place}; Path=/; Max-Age={_A_YEAR}; HttpOnly; SameSite=Strict"
    kept = list(visit.receipts)  # a copy, for another screen of this visit may add to it meanwhile
    if not kept:
        return
    newest = max(kept, key=lambda receipt: int(receipt["tree_size"]))
    note = base64.urlsafe_b64encode(str(newest["checkpoint"]).encode()).decode().rstrip("=")
    value = f"{newest['since']}.{note}"
    yield f"{cookie_name(session)}={value}; Path=/; Max-Age={_A_YEAR}; HttpOnly; SameSite=Strict"


def present(look: Look) -> Download:
    """What the browser holds, checked; the answer gives it the receipts that it lacks, and nothing of any case.

    In the form: held (receipts) and have (numbers of the entries of all that it holds), as JSON. Keys of the answer:
    give (receipts), drop (numbers of entries whose receipts a restore gave up in the open), since (its entry).
    """
    store, have = look.session.book.store, _listed(look.typed("have"))
    receipts = [kept for kept in map(Kept.of_receipt, _listed(look.typed("held"))) if kept is not None]
    dropped = check_presented(store, receipts)
    give = [one for one in list(look.visit.receipts) if one["seq"] not in have]
    answer = {"give": give, "drop": [kept.seq for kept in dropped], "since": store.given_up_at}
    return Download(json.dumps(answer).encode(), "application/json")


def _listed(text: str) -> list[Any]:
    """The last receipts of what a browser sent, which may be anything."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return []
    return found[-MOST:] if isinstance(found, list) else []


def _from_cookie(value: str) -> Kept | None:
    parts = _is_kept(value)
    if parts is None:
        return None
    try:
        note = base64.urlsafe_b64decode(parts[2] + "=" * (-len(parts[2]) % 4)).decode()
    except (binascii.Error, ValueError):
        return None
    return Kept(note, since=int(parts[1]))


def cookie_value(headers: Mapping[str, str], session: Session) -> str:
    """The value of this book's cookie in the headers of a request; "" when there is none."""
    found = re.search(rf"(?:^|;\s*){cookie_name(session)}=([^;\s]*)", headers.get("cookie", ""))
    return found[1] if found else ""


SCREENS: tuple[tuple[str, str, Screen], ...] = (("POST", "/receipts", present),)
