"""Commands that ask which cases look alike."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .door import Top, Where, book_session, emit

commands = typer.Typer()


@commands.command()
def similar(
    context: typer.Context,
    case_id: Annotated[str | None, typer.Argument(metavar="CASE_ID")] = None,
    incident: Annotated[
        Path | None, typer.Option(metavar="FILE.json", help="An incident that is not in the book.")
    ] = None,
    top: Top = 10,
    where: Where = None,
) -> None:
    """List the cases that look most like one, with what speaks for and against each."""
    from thaw.casework.similar import similar as find
    from thaw.errors import InputError

    from . import show

    if (case_id is None) == (incident is None):
        got = "neither a case nor an incident" if case_id is None else "a case and an incident"
        raise InputError(where="similar", got=got, want="CASE_ID or --incident FILE.json", fix="Give one of them.")
    with book_session(context) as session:
        found = find(session, case_id, incident=incident, top=top, where=where or [], purpose=context.obj.purpose)
    emit(context, found, show.similar(found))
