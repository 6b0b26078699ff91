"""Commands that search pages and records."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from .door import Top, book_session, emit

commands = typer.Typer()


@commands.command()
def search(
    context: typer.Context,
    query: Annotated[str, typer.Argument(metavar="QUERY")],
    purpose: Annotated[str | None, typer.Option(metavar="TEXT", help="Why you search; it goes into the log.")] = None,
    top: Top = 20,
    case: Annotated[str | None, typer.Option(metavar="ID", help="Only in this case.")] = None,
) -> None:
    """Search words, "phrases", name~1, 7AB*, date:[1983 TO 1985] and more in pages, records, names and decisions."""
    from thaw.casework.searching import search as find

    from . import show

    stated = "" if context.obj.purpose == "not stated" else context.obj.purpose
    why = purpose or stated
    if not why and sys.stdin.isatty() and not context.obj.as_json:
        why = typer.prompt("Why do you search? (for the log)", err=True)
    with book_session(context) as session:
        found = find(session, query, purpose=why, top=top, case_id=case)
    emit(context, found, show.search(found))
