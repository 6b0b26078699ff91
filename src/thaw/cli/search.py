"""Commands that search pages, records, names and decisions, and what is done with what was found."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from .door import Top, book_session, emit

commands = typer.Typer()
saved = typer.Typer(help="Searches kept by name; new material that fits one raises an alert.", no_args_is_help=True)
commands.add_typer(saved, name="saved")

Purpose = Annotated[str | None, typer.Option(metavar="TEXT", help="Why you search; it goes into the log.")]
Case = Annotated[str | None, typer.Option(metavar="ID", help="Only in this case.")]
Query = Annotated[str, typer.Argument(metavar="QUERY")]


@commands.command()
def search(
    context: typer.Context,
    query: Query,
    purpose: Purpose = None,
    top: Top = 20,
    case: Case = None,
    skip: Annotated[int, typer.Option(min=0, help="Leave out so many of the best.")] = 0,
    unread: Annotated[bool, typer.Option("--unread", help="Leave out what you marked as not relevant.")] = False,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the full result to this new file.")] = None,
) -> None:
    """Search words, "phrases", name~1, 7AB*, date:[1983 TO 1985] and more in pages, records, names and decisions."""
    from thaw.casework.search_files import export
    from thaw.casework.searching import search as find

    from . import show, show_search

    why = _purpose(context, purpose, case)
    with book_session(context) as session:
        if csv is not None:
            done = export(session, query, csv, purpose=why, case_id=case)
            emit(context, done, show_search.exported(done))
            return
        found = find(session, query, purpose=why, top=top, skip=skip, case_id=case, unread=unread)
    emit(context, found, show.search(found))


@commands.command()
def alike(
    context: typer.Context,
    document: Annotated[str, typer.Argument(metavar="DOCUMENT")],
    page: Annotated[int, typer.Argument(metavar="PAGE", min=1)],
    purpose: Purpose = None,
    top: Top = 20,
) -> None:
    """Find pages and records with the rare words of one page."""
    from thaw.casework.searching import more_like

    from . import show

    with book_session(context) as session:
        found = more_like(session, document, page, purpose=_purpose(context, purpose), top=top)
    emit(context, found, show.search(found))


@commands.command()
def mentions(
    context: typer.Context,
    person: Annotated[str, typer.Argument(metavar="PERSON")],
    purpose: Purpose = None,
    top: Top = 50,
) -> None:
    """Find every mention of a person, by id or name, under all names that the book has for them."""
    from thaw.casework.searching import mentions_of

    from . import show

    with book_session(context) as session:
        found = mentions_of(session, person, purpose=_purpose(context, purpose), top=top)
    emit(context, found, show.search(found))


@commands.command()
def mark(
    context: typer.Context,
    query: Query,
    hit: Annotated[str, typer.Argument(metavar="REF/PAGE")],
    relevant: Annotated[bool, typer.Option("--relevant", help="Take the mark back.")] = False,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why.")] = "",
    purpose: Purpose = None,
) -> None:
    """Mark a hit of a search as read and not relevant; what is left is counted."""
    from thaw.casework.searching import mark_hit

    from . import show_search

    with book_session(context) as session:
        why = _purpose(context, purpose)
        done = mark_hit(session, query, hit, relevant=relevant, purpose=why, reason=reason)
    emit(context, done, show_search.marked(done))


@commands.command()
def batch(
    context: typer.Context,
    names: Annotated[Path, typer.Argument(metavar="NAMES.csv")],
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the matrix of names by cases here.")] = None,
    purpose: Purpose = None,
) -> None:
    """Search every name of a CSV file; shows how often each stands in which case."""
    from thaw.casework.search_files import batch as find

    from . import show_search

    with book_session(context) as session:
        found = find(session, names, purpose=_purpose(context, purpose), out=out)
    emit(context, found, show_search.batch(found))


@saved.command("add")
def saved_add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME")],
    query: Query,
    purpose: Purpose = None,
) -> None:
    """Keep a search by name."""
    from thaw.casework.saved_searches import save_search

    with book_session(context) as session:
        done = save_search(session, name, query, purpose=_purpose(context, purpose))
    emit(context, done, f"Kept as {done['name']}: {done['query_in_words']}")


@saved.command("list")
def saved_list(context: typer.Context) -> None:
    """List saved searches and their open alerts."""
    from thaw.casework.saved_searches import saved_searches

    from . import show_search

    with book_session(context) as session:
        found = saved_searches(session, purpose=context.obj.purpose)
    emit(context, found, show_search.saved(found))


@saved.command("remove")
def saved_remove(context: typer.Context, name: Annotated[str, typer.Argument(metavar="NAME")]) -> None:
    """End a saved search; its alerts stay."""
    from thaw.casework.saved_searches import remove_search

    with book_session(context) as session:
        done = remove_search(session, name)
    emit(context, done, f"{done['name']} is no longer kept.")


@saved.command("run")
def saved_run(context: typer.Context) -> None:
    """Hold every saved search against the material that came since, and raise alerts."""
    from thaw.casework.saved_searches import check_saved

    from . import show_search

    with book_session(context) as session:
        found = check_saved(session)
    emit(context, found, show_search.raised(found))


@saved.command("dismiss")
def saved_dismiss(
    context: typer.Context,
    alert: Annotated[int, typer.Argument(metavar="ALERT")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; it goes into the log.")],
) -> None:
    """Dismiss an alert, with a reason."""
    from thaw.casework.saved_searches import dismiss_alert

    with book_session(context) as session:
        done = dismiss_alert(session, alert, reason=reason)
    emit(context, done, f"Alert {done['alert']} is dismissed.")


def _purpose(context: typer.Context, purpose: str | None, case: str | None = None) -> str:
    stated = "" if context.obj.purpose == "not stated" else context.obj.purpose
    why = purpose or stated
    if not why and sys.stdin.isatty() and not context.obj.as_json:
        why = typer.prompt("Why do you search? (for the log)", default=f"case {case}" if case else None, err=True)
    return why or ""
