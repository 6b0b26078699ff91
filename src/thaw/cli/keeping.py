"""Commands that make, copy and restore books."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .door import Options, book_session, emit
from .output import tell

commands = typer.Typer()


@commands.command()
def init(
    context: typer.Context,
    key: Annotated[Path | None, typer.Option(metavar="FILE", help="Where the log key goes; must not exist.")] = None,
) -> None:
    """Make a new casebook and its log key."""
    from thaw.casework import init_book, key_lies_inside, utc_now

    chosen: Options = context.obj
    made = init_book(chosen.book, key, utc_now, chosen.person)
    if key_lies_inside(chosen.book):
        tell("Warning: the log key lies inside the book. Whoever copies the book can forge it; move the key elsewhere.")
    emit(context, made, f"Made {made['book']}.\nNote this public key outside this machine:\n  {made['public_key']}")


@commands.command()
def backup(context: typer.Context, folder: Annotated[Path, typer.Argument(metavar="DIR")]) -> None:
    """Copy the book to a new folder while others work, and check the copy. The log key is not copied."""
    from thaw.casework.keeping import backup as copy

    from . import show

    with book_session(context) as session, show.progress("Copying") as progress:
        made = copy(session, folder, progress)
    emit(
        context,
        made,
        f"Copied {made['entries']} entries to {made['backup']}; entries, tables and files of the copy verify.",
    )


@commands.command()
def restore(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR")],
    against: Annotated[
        list[Path] | None, typer.Option(metavar="CHECKPOINT", help="A checkpoint or receipt kept elsewhere.")
    ] = None,
    accept_loss: Annotated[
        str, typer.Option("--accept-loss", metavar="REASON", help="Give up newer entries that were seen, and say why.")
    ] = "",
) -> None:
    """Copy a backup to the folder of --book, which must not hold a book, after checking it."""
    from thaw.casework.keeping import restore as copy

    from . import show

    with show.progress("Restoring") as progress:
        made = copy(
            folder, context.obj.book, progress, against=against or [], accept_loss=accept_loss,
            person=context.obj.person,
        )  # fmt: skip
    words = f"Restored {made['entries']} entries to {made['book']}; entries, tables and files verify."
    if not made["log_key_there"]:
        words += (
            f"\nPut the log key at {made['log_key']}, or name its place in casebook.toml: nothing opens without it."
        )
    emit(context, made, words)


@commands.command()
def rebuild(context: typer.Context) -> None:
    """Make all tables anew from the ledger; the answers stay the same."""
    from thaw.casework.keeping import rebuild as make

    with book_session(context, repair=True) as session:
        made = make(session)
    emit(context, made, f"Made {', '.join(made['rebuilt'])} anew from {made['entries']} entries.")
