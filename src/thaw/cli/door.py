"""What every command uses: the options before it, the book it opens, how it prints and how it ends."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from thaw.errors import AccessDenied

from .output import print_json, say, tell

if TYPE_CHECKING:
    from thaw.casework import Session

Paths = Annotated[list[Path], typer.Argument(metavar="FILE...", show_default=False)]
Top = Annotated[int, typer.Option("--top", min=1, max=1000, help="How many to list.")]
Where = Annotated[
    list[str] | None, typer.Option("--where", metavar="FIELD=VALUE", help="Only cases that meet this; may be repeated.")
]


class Ended(Exception):
    """The command has printed its document and ends with this exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Options:
    """What stood before the command."""

    book: Path
    as_json: bool
    person: str
    purpose: str


def options(
    context: typer.Context,
    book: Annotated[Path, typer.Option(envvar="THAW_BOOK", metavar="DIR", help="Folder of the casebook.")] = Path(
        "casebook"
    ),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")] = False,
    person: Annotated[
        str, typer.Option("--as", envvar="THAW_AS", metavar="PERSON", help="Who is at work, for the ledger.")
    ] = "",
    purpose: Annotated[str, typer.Option("--purpose", metavar="TEXT", help="Why you look, for the ledger.")] = "",
) -> None:
    """Options that stand before the command."""
    context.obj = Options(book, as_json, person or _login(), purpose or "not stated")


@contextmanager
def book_session(context: typer.Context, *, repair: bool = False) -> Iterator[Session]:
    """The book of `--book`, opened for the person of `--as` and closed at the end."""
    from thaw.casework import open_book, session
    from thaw.casework.refusals import note_refusal

    chosen: Options = context.obj
    book = open_book(chosen.book, repair=repair)
    at_work = session(book, chosen.person)
    try:
        yield at_work
    except AccessDenied as refusal:
        note_refusal(at_work, refusal, f"the command {context.info_name}", chosen.purpose)
        raise
    finally:
        book.close()
        if book.receipts is not None and book.receipts.problem:
            tell(book.receipts.problem)


def emit(context: typer.Context, document: Any, words: str) -> None:
    """Print the document under `--json`, else the words for people."""
    if context.obj.as_json:
        print_json(document)
    else:
        say(words)


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid-{os.getuid()}"
