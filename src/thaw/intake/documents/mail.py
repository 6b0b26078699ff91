"""E-mails and mailboxes: headers and words as pages, attachments and attached messages as parts."""

from __future__ import annotations

import email
import mailbox
import re
from collections.abc import Iterator
from email import policy
from email.header import decode_header
from email.message import Message
from pathlib import Path
from typing import Any

from .hypertext import seen_text
from .limits import PART_BYTES, PARTS, TEXT_BYTES, refuse
from .pages import Page, Part, Read, Remark, paged
from .plain import decode

# How it travelled and how it was checked tells an expert something and everybody else nothing; the bytes are kept.
_TRAVEL = re.compile(
    r"(received|return-path|delivered-to|dkim-|arc-|authentication-results|content-|mime-version|x-|list-|feedback-id"
    r"|received-spf|precedence|thread-index|references|in-reply-to|user-agent|autocrypt)",
    re.I,
)
_ENDINGS = {"text/plain": ".txt", "text/html": ".html", "message/rfc822": ".eml", "text/calendar": ".ics"}


def read_message(path: Path, folder: Path) -> Iterator[Read]:
    """The pages of one e-mail; attachments are parts."""
    if path.stat().st_size > PART_BYTES:
        raise refuse("an e-mail of more than 1 GB", "an e-mail", "Save its attachments and add those.")
    with path.open("rb") as stream:
        message = email.message_from_binary_file(stream, policy=policy.compat32)
    yield from _message(message, folder, 1, 0)


def read_mailbox(path: Path, folder: Path) -> Iterator[Read]:
    """The messages of an MBOX file one after the other, each on pages of its own."""
    number, parts = 1, 0
    box = mailbox.mbox(path, create=False)
    try:
        for key in box.iterkeys():
            message = email.message_from_bytes(box.get_bytes(key), policy=policy.compat32)
            for found in _message(message, folder, number, parts):
                if isinstance(found, Page):
                    number = found.number + 1
                parts += isinstance(found, Part)
                yield found
            if parts > PARTS:
                raise refuse(f"a mailbox with more than {PARTS:,} attachments", "fewer", "Split the mailbox.")
    finally:
        box.close()
    if number == 1:
        raise refuse("a mailbox without a message", "a mailbox that holds messages", "Export it again.")


def _message(message: Message, folder: Path, first: int, parts: int) -> Iterator[Read]:
    leaves = list(_leaves(message))
    body = next((leaf for leaf in leaves if _is_text(leaf, "text/plain")), None)
    body = body or next((leaf for leaf in leaves if _is_text(leaf, "text/html")), None)
    head = "".join(f"{name}: {_words(value)}\n" for name, value in message.items() if not _TRAVEL.match(name))
    text, unseen = _body(body)
    if unseen:
        yield Remark(f"scripts and hidden code left out ({unseen})")
    yield from paged(f"{head}\n{text}".replace("\r\n", "\n").replace("\f", "\n"), first)
    for leaf in leaves:
        alternative = body is not None and leaf.get_content_type() == "text/html" and _is_text(leaf, "text/html")
        if leaf is body:
            continue
        if alternative and body is not None and body.get_content_type() == "text/plain":
            yield Remark("the same message in HTML left out")
            continue
        parts += 1
        yield _part(leaf, folder / f"part-{parts}", parts)


def _leaves(message: Message) -> Iterator[Message]:
    """Parts that hold something, from the first to the last; an attached message is one of them."""
    waiting: list[Any] = [message]
    count = 0
    while waiting:
        at = waiting.pop()
        count += 1
        if count > PARTS:
            raise refuse(f"an e-mail of more than {PARTS:,} parts", "an e-mail", "Save its attachments and add those.")
        if at.is_multipart() and at.get_content_type() != "message/rfc822":
            waiting.extend(reversed(at.get_payload()))
        else:
            yield at


def _is_text(leaf: Message, kind: str) -> bool:
    return leaf.get_content_type() == kind and leaf.get_content_disposition() != "attachment"


def _body(leaf: Message | None) -> tuple[str, int]:
    if leaf is None:
        return "", 0
    data = leaf.get_payload(decode=True)
    data = (data if isinstance(data, bytes) else b"")[:TEXT_BYTES]
    try:
        text = data.decode(leaf.get_content_charset() or "utf-8")
    except (LookupError, UnicodeDecodeError):
        text = decode(data)[0]
    return seen_text(text) if leaf.get_content_type() == "text/html" else (text, 0)


def _part(leaf: Message, target: Path, number: int) -> Part:
    kind = leaf.get_content_type()
    name = _words(leaf.get_filename() or "") or f"part {number}{_ENDINGS.get(kind, '')}"
    inner: Any = leaf.get_payload()
    if kind == "message/rfc822" and isinstance(inner, list) and inner:
        data: Any = inner[0].as_bytes()
    else:
        data = leaf.get_payload(decode=True)
    if not isinstance(data, bytes):
        return Part(name, None, "got an attachment that cannot be unpacked, want one that opens. Save it by hand.")
    target.write_bytes(data)
    return Part(name, target)


def _words(value: object) -> str:
    """A header in words; what was written wrongly stays as it was written."""
    text = str(value)
    try:
        pieces = decode_header(text)
        text = "".join(p if isinstance(p, str) else _piece(p, charset) for p, charset in pieces)
    except (ValueError, LookupError):
        pass
    return " ".join(text.split())


def _piece(data: bytes, charset: str | None) -> str:
    try:
        return data.decode(charset or "ascii")
    except (LookupError, UnicodeDecodeError):
        return decode(data)[0]
