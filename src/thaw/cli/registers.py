"""Commands that import registers and list what was set aside."""

from __future__ import annotations

from typing import Annotated

import typer

from .door import Ended, Paths, book_session, emit
from .output import tell

commands = typer.Typer()


@commands.command("import")
def import_command(
    context: typer.Context,
    files: Paths,
    format_name: Annotated[str | None, typer.Option("--format", help="Format, if it is not found by itself.")] = None,
    data_set: Annotated[
        str | None, typer.Option("--data-set", metavar="NAME", help="Data set they are of, whose keys are its own.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count what would happen; writes no row.")] = False,
) -> None:
    """Import registers: each row is stored, already held, superseding, sealed, or a reject that you can see."""
    from thaw.casework.importing import import_files

    from . import show

    with book_session(context) as session, show.progress("Importing") as progress:
        document = import_files(
            session, files, format_name=format_name, data_set=data_set, dry_run=dry_run, progress=progress
        )
    emit(context, document, show.imports(document, dry_run=dry_run))
    problems = [file["problem"] for file in document["files"] if file["problem"]]
    for problem in problems:
        tell(f"thaw: {problem}")
    if problems:
        raise Ended(3)


@commands.command()
def rejects(context: typer.Context) -> None:
    """List the rows that were set aside, each with its reason and its words."""
    from thaw.casework.ledger import rejects as find

    from . import show

    with book_session(context) as session:
        found = find(session, purpose=context.obj.purpose)
    emit(context, found, show.rejects(found))
