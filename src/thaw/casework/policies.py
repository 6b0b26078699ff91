"""The policy of a book: which keys sign it, which witnesses are asked, how many must have signed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from thaw.errors import InputError
from thaw.outside import Policy
from thaw.store import Store

from .book import Book, Session


def read_policy(path: Path) -> tuple[Policy, str]:
    """The policy in a file, and its text. Raises InputError naming file and line."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            where=str(path),
            got=getattr(error, "strerror", None) or "a file that is no text",
            want="a policy file",
            fix="Check the name.",
        ) from None
    try:
        return Policy.parse(text), text
    except InputError as error:
        raise InputError(where=f"{path}, {error.where}", got=error.got, want=error.want, fix=error.fix) from None


def policy_file(book: Book) -> Path | None:
    """Where the policy of the book lies, as `log.policy` in casebook.toml says; None when there is none."""
    name = str(book.settings["log.policy"])
    return book.folder / name if name else None


def policy_text(book: Book) -> str:
    """The text of the book's policy; without one, a policy that names the log's key and asks for no witness."""
    path = policy_file(book)
    return read_policy(path)[1] if path else bare_policy(book.store)


def bare_policy(store: Store) -> str:
    """A policy that names the key of the log and asks for no witness."""
    return f"# The log of this casebook. Name witnesses below, and a quorum.\nlog {store.verifier.vkey}\nquorum none\n"


def note_policy(session: Session, text: str) -> None:
    """Write an entry when the policy is another than the last one that an entry names."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    book = session.book
    if book.cache.get("policy") == digest:
        return
    with session.look("to see which policy was in force", kind="access.list").snapshot() as taken:
        last = [entry.payload for entry in taken.entries(taken.of_kinds(["config.policy"])[-1:])]
    if not last or last[0] is None or last[0].get("sha256") != digest:
        book.store.append(session.draft("config.policy", {"sha256": digest, "text": text}))
    book.cache["policy"] = digest
