"""Commands that take in documents and read them."""

from __future__ import annotations

from typing import Annotated

import typer

from .door import Ended, Paths, book_session, emit

commands = typer.Typer()


@commands.command()
def add(
    context: typer.Context,
    files: Paths,
    case: Annotated[str | None, typer.Option(metavar="ID", help="Case they belong to.")] = None,
    new_case: Annotated[str | None, typer.Option(metavar="TITLE", help="Make a case for them.")] = None,
    box: Annotated[str | None, typer.Option(metavar="LABEL", help="Label of the box they came in.")] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Read them now; else `work` or `serve` does.")] = False,
) -> None:
    """Take in documents (text, PDF with a text layer): bytes first, then the entry, then reading."""
    from thaw.casework.documents import add_documents
    from thaw.errors import InputError

    from . import show

    if case is not None and new_case is not None:
        raise InputError(where="add", got="--case and --new-case", want="one of them", fix="Leave one out.")
    with book_session(context) as session, show.progress("Taking in") as progress:
        document = add_documents(
            session, files, case_id=case, new_title=new_case, box=box, wait=wait, progress=progress
        )
    emit(context, document, show.added(document))
    if any(file["state"] == "failed" for file in document["files"]):
        raise Ended(3)


@commands.command()
def work(context: typer.Context) -> None:
    """Read the documents that wait to be read."""
    from thaw.casework.documents import read_waiting

    from . import show

    with book_session(context) as session, show.progress("Reading") as progress:
        document = read_waiting(session, progress)
    emit(context, document, show.worked(document))
    if document["failed"]:
        raise Ended(3)
