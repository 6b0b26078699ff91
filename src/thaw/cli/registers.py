"""Commands that import registers and list what was set aside."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .door import Ended, Paths, Where, book_session, emit
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
    spec: Annotated[
        str | None,
        typer.Option("--spec", metavar="TOML", help="What the columns of a table mean: a file, or wapo, cities."),
    ] = None,
    guess: Annotated[
        bool,
        typer.Option("--guess", help="Write a first specification to --spec, or to NAME.toml here; reads no row in."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Count what would happen and show ten records; writes no row.")
    ] = False,
) -> None:
    """Import registers: each row is stored, already held, superseding, sealed, or a reject that you can see."""
    from thaw.casework.importing import guess_specs, import_files

    from . import show

    if guess:
        guessed = guess_specs(files, Path(spec) if spec else None)
        emit(context, guessed, show.guessed(guessed))
        return
    with book_session(context) as session, show.progress("Importing") as progress:
        document = import_files(
            session, files, format_name=format_name, data_set=data_set, spec=spec, dry_run=dry_run, progress=progress
        )
    emit(context, document, show.imports(document, dry_run=dry_run))
    problems = [file["problem"] for file in document["files"] if file["problem"]]
    for problem in problems:
        tell(f"thaw: {problem}")
    if problems:
        raise Ended(3)


@commands.command()
def rejects(
    context: typer.Context,
    action: Annotated[str | None, typer.Argument(metavar="[resolve", show_default=False)] = None,
    reject: Annotated[int | None, typer.Argument(metavar="ID]", show_default=False)] = None,
    reason: Annotated[str, typer.Option("--reason", help="With resolve: what became of the row.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Settled ones too.")] = False,
) -> None:
    """List the rows that were set aside, each with its reason and its words; `resolve ID` settles one.

    A row that comes in later under the same key settles its reject by itself.
    """
    from thaw.casework.ledger import rejects as find
    from thaw.casework.ledger import resolve_reject
    from thaw.errors import InputError

    from . import show

    if action not in (None, "resolve") or (action is not None and reject is None):
        raise InputError(
            where="rejects",
            got=" ".join(filter(None, (action, str(reject) if reject is not None else ""))),
            want="nothing, or resolve and the id of a reject",
            fix="Use `thaw rejects resolve 123 --reason TEXT`.",
        )
    with book_session(context) as session:
        if reject is not None:
            found = [resolve_reject(session, reject, reason=reason, purpose=context.obj.purpose)]
        else:
            found = find(session, purpose=context.obj.purpose, everything=everything)
    emit(context, found, show.rejects(found))


@commands.command()
def same(
    context: typer.Context,
    pair: Annotated[list[str] | None, typer.Argument(metavar="[CASE CASE]", show_default=False)] = None,
    decision: Annotated[
        str, typer.Option("--decision", metavar="accept|reject|undo", help="Of the two cases named.")
    ] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why they are, or are not, one killing.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Decided ones too.")] = False,
) -> None:
    """List pairs of cases that may be one killing, from two sources; with two cases, decide on them.

    Nothing is folded before a person accepts; a decision can be undone, and both records stay.
    """
    from thaw.casework.same_case import decide, same_cases
    from thaw.errors import InputError

    from .show_persons import same_listed

    if pair and len(pair) != 2:
        raise InputError(
            where="same",
            got=f"{len(pair)} cases",
            want="none or two",
            fix="Use `thaw same CASE CASE --decision accept --reason TEXT`.",
        )
    with book_session(context) as session:
        if pair:
            found = decide(session, pair[0], pair[1], decision=decision, reason=reason)
        else:
            found = same_cases(session, purpose=context.obj.purpose, everything=everything)
    emit(context, found, same_listed(found))


@commands.command()
def incidents(
    context: typer.Context,
    where: Where = None,
    near: Annotated[
        str | None, typer.Option(metavar="CASE", help="Only those of this case's state and weeks, its agency's first.")
    ] = None,
    days: Annotated[int, typer.Option(metavar="N", min=0, help="With --near: at most so many days apart.")] = 31,
) -> None:
    """List incidents that are no killing, such as NIBRS reports them; fields: offense, date, place, agency, ...

    `thaw similar INCIDENT` ranks the cases that look like one; `thaw search` finds them by their words.
    """
    from thaw.casework.persons import incidents as find

    from .show_persons import incidents_listed

    with book_session(context) as session:
        found = find(session, where or [], near=near, days=days, purpose=context.obj.purpose)
    emit(context, found, incidents_listed(found))
