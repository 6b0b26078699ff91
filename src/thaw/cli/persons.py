"""Commands that list and show persons of registers."""

from __future__ import annotations

from typing import Annotated

import typer

from .door import Where, book_session, emit

commands = typer.Typer()


@commands.command()
def persons(context: typer.Context, where: Where = None) -> None:
    """List missing, unidentified and unclaimed persons; fields are those of docs/reference/vocabulary.md."""
    from thaw.casework.persons import persons as find

    from .show_persons import listed

    with book_session(context) as session:
        found = find(session, where or [], purpose=context.obj.purpose)
    emit(context, found, listed(found))


@commands.command()
def person(context: typer.Context, person_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Show one person of a register: what is said, by whom, and what disagrees."""
    from thaw.casework.persons import person as find

    from .show_persons import shown

    with book_session(context) as session:
        found = find(session, person_id, purpose=context.obj.purpose)
    emit(context, found, shown(found))
