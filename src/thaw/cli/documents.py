"""Commands that take in documents, read them, and show what was read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .door import Ended, Paths, book_session, emit

commands = typer.Typer()
Document = Annotated[str, typer.Argument(metavar="DOCUMENT", help="Its SHA-256, as `thaw documents` lists it.")]
Number = Annotated[int, typer.Argument(metavar="PAGE", min=1)]


@commands.command()
def add(
    context: typer.Context,
    files: Paths,
    case: Annotated[str | None, typer.Option(metavar="ID", help="Case they belong to.")] = None,
    new_case: Annotated[str | None, typer.Option(metavar="TITLE", help="Make a case for them.")] = None,
    box: Annotated[str | None, typer.Option(metavar="LABEL", help="Label of the box they came in.")] = None,
    box_pages: Annotated[
        int | None, typer.Option(metavar="N", min=0, help="How many pages the box should hold.")
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Read them now; else `work` or `serve` does.")] = False,
) -> None:
    """Take in documents, also whole folders: PDF, scans, Word, tables, mail, web pages, texts, ZIP of these."""
    from thaw.casework.documents import add_documents
    from thaw.errors import InputError

    from . import show, show_documents

    if case is not None and new_case is not None:
        raise InputError(where="add", got="--case and --new-case", want="one of them", fix="Leave one out.")
    with book_session(context) as session, show.progress("Taking in and reading:") as progress:
        document = add_documents(
            session, files, case_id=case, new_title=new_case, box=box, box_pages=box_pages, wait=wait, progress=progress
        )
    emit(context, document, show_documents.added(document))
    unread = ("failed", "waiting") if wait else ("failed",)
    if any(file["state"] in unread for file in document["files"]):
        raise Ended(3)


@commands.command()
def work(
    context: typer.Context,
    pause: Annotated[bool, typer.Option("--pause", help="Stop reading, here and in `serve`.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on after a pause.")] = False,
    first: Annotated[
        list[str] | None, typer.Option("--first", metavar="DOCUMENT", help="Read this one first; may be repeated.")
    ] = None,
    workers: Annotated[int | None, typer.Option(metavar="N", min=1, help="Side by side; default: all cores.")] = None,
) -> None:
    """Read what waits: files, the letters of scans, alerts on imports. May be stopped and goes on where it was."""
    from thaw.casework.documents import ask_first, read_waiting, set_paused
    from thaw.casework.import_alerts import finish_alerts
    from thaw.casework.saved_searches import check_saved

    from . import show, show_documents

    with book_session(context) as session, show.progress("Reading:") as progress:
        if pause or resume:
            set_paused(session, pause)
        if first:
            ask_first(session, first)
        document = read_waiting(session, progress, workers=workers)
        document |= {"alerts": check_saved(session)["raised"]}
        finish_alerts(session, progress)
    emit(context, document, show_documents.worked(document))
    if document["failed"]:
        raise Ended(3)


@commands.command()
def retry(
    context: typer.Context,
    documents: Annotated[list[str] | None, typer.Argument(metavar="[DOCUMENT...]", show_default=False)] = None,
) -> None:
    """Queue again what could not be read: the documents named, or all. `work` or `serve` reads them."""
    from thaw.casework.documents import retry as queue

    with book_session(context) as session:
        document = queue(session, documents or [])
    count = len(document["queued"])
    emit(context, document, f"{count:,} queued again; `thaw work` reads {'it' if count == 1 else 'them'}.")


@commands.command()
def documents(
    context: typer.Context,
    state: Annotated[
        str | None, typer.Option(metavar="STATE", help="Only those that are queued, waiting, read or failed.")
    ] = None,
    case: Annotated[str | None, typer.Option(metavar="ID", help="Only those of this case.")] = None,
) -> None:
    """List documents, how far they were read, and why not further."""
    from thaw.casework.documents import document_list

    from . import show_documents

    with book_session(context) as session:
        found = document_list(session, state=state, case_id=case)
    emit(context, found, show_documents.documents(found))


@commands.command()
def page(context: typer.Context, document: Document, number: Number) -> None:
    """Show one page: its words, who or what read them, what the page is, and pages that say the same."""
    from thaw.casework.documents import document_page

    from . import show_documents

    with book_session(context) as session:
        found = document_page(session, document, number, purpose=context.obj.purpose)
    emit(context, found, show_documents.page(found))


@commands.command()
def transcribe(
    context: typer.Context,
    document: Document,
    number: Number,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A text file with what the page says.")],
    blank: Annotated[bool, typer.Option("--blank", help="Nothing stands on the page; FILE is empty.")] = False,
) -> None:
    """Keep what a person reads on a page; it is shown and searched before what machines read, which stays."""
    from thaw.casework.pages import transcribe_file

    with book_session(context) as session:
        kept = transcribe_file(session, document, number, file, blank=blank)
    emit(context, kept, f"Kept as entry {kept['entry']}; {kept['words']:,} words.")


@commands.command()
def section(
    context: typer.Context,
    document: Document,
    number: Number,
    section: Annotated[str, typer.Argument(metavar="SECTION", help="Two figures, 01 to 26, or - for none.")],
    kind: Annotated[str | None, typer.Option(metavar="WORDS", help="What sort of document it is.")] = None,
    written: Annotated[str | None, typer.Option(metavar="DATE", help="When it was written: 1984-03-12.")] = None,
    filed: Annotated[str | None, typer.Option(metavar="DATE", help="When it was filed.")] = None,
    author: Annotated[str | None, typer.Option(metavar="WORDS", help="Who wrote it.")] = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why, for the ledger.")] = "",
) -> None:
    """Say which section of the murder book a page belongs to; the proposal of the program stays in the ledger."""
    from thaw.casework.pages import set_section

    said = {"kind": kind, "written": written, "filed": filed, "author": author}
    with book_session(context) as session:
        kept = set_section(session, document, number, section, reason=reason, **said)
    emit(context, kept, f"Kept as entry {kept['entry']}.")
