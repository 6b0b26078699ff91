"""Commands that list, show and enter cases."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .door import Where, book_session, emit
from .linkage import show_alerts
from .output import tell

commands = typer.Typer()


@commands.command()
def cases(
    context: typer.Context,
    where: Where = None,
    count: Annotated[bool, typer.Option("--count", help="Only how many.")] = False,
) -> None:
    """List or count cases; fields and values are those of docs/reference/vocabulary.md."""
    from thaw.casework.cases import case_count, nothing_found_hint
    from thaw.casework.cases import cases as find

    from . import show

    with book_session(context) as session:
        if count:
            number = case_count(session, where or [], purpose=context.obj.purpose)
            emit(context, {"count": number}, str(number))
        else:
            found = find(session, where or [], purpose=context.obj.purpose)
            number = len(found)
            emit(context, found, show.cases(found))
    hint = None if number else nothing_found_hint(where or [])
    if hint:
        tell(hint)


@commands.command()
def case(context: typer.Context, case_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Show one case: its statements, who says so, and what disagrees."""
    from thaw.casework.cases import case as find

    from . import show

    with book_session(context) as session:
        found = find(session, case_id, purpose=context.obj.purpose)
    emit(context, found, show.case(found))


@commands.command()
def new(context: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE.json")]) -> None:
    """Enter a new incident from a file."""
    from thaw.casework.cases import new_case

    with book_session(context) as session:
        made = new_case(session, file)
    words = f"Made case {made['case_id']}. Next: `thaw similar {made['case_id']}`"
    emit(context, made, words + (f"\n{show_alerts(made['alerts'])}" if made["alerts"] else ""))
