"""Commands that open the workbench."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .door import Ended, Options, book_session, emit
from .output import say, tell

commands = typer.Typer()


@commands.command()
def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on this machine; 0 takes a free one.")] = 0,
) -> None:
    """Open the workbench for the browser on this machine. Prints one line with the address to open."""
    from thaw.casework.book import program
    from thaw.casework.nightly import Keeper
    from thaw.web import serve_book

    with book_session(context) as session:
        keeper = Keeper(program(session.book))
        keeper.start()
        try:
            serve_book(session, port=port, announce=lambda url: emit(context, {"url": url}, url))
        finally:
            keeper.stop()


@commands.command()
def demo(
    context: typer.Context,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="End after the answer.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the workbench; 0 takes a free one.")] = 0,
) -> None:
    """The main job on the bundled FBI records: an invented new killing, and the old cases that look like it."""
    from thaw.casework import utc_now
    from thaw.casework.demo import open_demo, run_demo

    from . import show

    chosen: Options = context.obj
    folder = chosen.book if chosen.book != Path("casebook") else Path("demo-casebook")
    session = open_demo(folder, utc_now, chosen.person)
    try:
        with show.progress("Reading the sample") as progress:
            document = run_demo(session, progress)
        if document["problem"]:
            emit(context, document, show.demo_records(document))
            tell(f"thaw: {document['problem']}")
            raise Ended(3)
        emit(context, document, show.demo(document))
        if document["verify"]["status"] != "ok":
            raise Ended(1)
        if not no_serve:
            from thaw.web import serve_book

            # Stdout already holds the one JSON document.
            serve_book(session, port=port, announce=tell if chosen.as_json else say)
    finally:
        session.book.close()
