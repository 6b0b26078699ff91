"""Commands about mentions: what the reading proposes, and what a person makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from .door import book_session, emit

commands = typer.Typer()
named = typer.Typer(
    help="Persons and things that papers name: promoted, renamed, merged, split, taken back.", no_args_is_help=True
)
commands.add_typer(named, name="named")

Mention = Annotated[str, typer.Argument(metavar="MENTION", help="Id of a promoted mention (m_...).")]
Reason = Annotated[str, typer.Option(metavar="TEXT", help="Why; it goes into the log.")]


@named.command("list")
def list_named(
    context: typer.Context,
    case: Annotated[str | None, typer.Option(metavar="ID", help="Only the papers of this case.")] = None,
) -> None:
    """List the mentions that persons promoted, those held for one together."""
    from thaw.casework.mentions import promoted

    with book_session(context) as session:
        found = promoted(session, case, purpose=context.obj.purpose)
    emit(context, found, _words(found))


@named.command("promote")
def promote(
    context: typer.Context,
    document: Annotated[str, typer.Argument(metavar="DOCUMENT", help="SHA-256 of a document.")],
    page: Annotated[int, typer.Argument(metavar="PAGE")],
    start: Annotated[int, typer.Argument(metavar="START", help="First letter in the text of the page, from 0.")],
    end: Annotated[int, typer.Argument(metavar="END", help="The letter after the last.")],
    name: Annotated[str | None, typer.Option(metavar="TEXT", help="How it is called from now on.")] = None,
    kind: Annotated[str | None, typer.Option(metavar="KIND", help="What the words name, if nothing was found.")] = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; it goes into the log.")] = "",
) -> None:
    """Make the mention at a place of a page a named person or thing."""
    from thaw.casework.mentions import promote as make

    with book_session(context) as session:
        done = make(session, document, page, start, end, name=name, kind=kind, reason=reason)
    emit(context, done, f"Named: {done['name']}  [{done['mention_id']}]")


@named.command("rename")
def rename(
    context: typer.Context, mention: Mention, name: Annotated[str, typer.Argument(metavar="NAME")], reason: Reason
) -> None:
    """Give a promoted mention another name; also takes a withdrawal back."""
    from thaw.casework.mentions import rename as call

    with book_session(context) as session:
        call(session, mention, name, reason=reason)
    emit(context, {"mention_id": mention, "name": name.strip()}, f"Named: {name.strip()}")


@named.command("merge")
def merge(context: typer.Context, one: Mention, other: Mention, reason: Reason) -> None:
    """Say that two promoted mentions are one person or thing."""
    from thaw.casework.mentions import merge as join

    with book_session(context) as session:
        join(session, one, other, reason=reason)
    emit(context, {"mentions": [one, other], "status": "one"}, "Recorded: the two are one.")


@named.command("split")
def split(context: typer.Context, one: Mention, other: Mention, reason: Reason) -> None:
    """Say that two promoted mentions are not one after all."""
    from thaw.casework.mentions import split as part

    with book_session(context) as session:
        part(session, one, other, reason=reason)
    emit(context, {"mentions": [one, other], "status": "apart"}, "Recorded: the two are not one.")


@named.command("withdraw")
def withdraw(context: typer.Context, mention: Mention, reason: Reason) -> None:
    """Say that a promoted mention names nobody and nothing; it counts no longer."""
    from thaw.casework.mentions import withdraw as take

    with book_session(context) as session:
        take(session, mention, reason=reason)
    emit(context, {"mention_id": mention, "state": "withdrawn"}, "Withdrawn; the log keeps what was said.")


@named.command("undo")
def undo(context: typer.Context, mention: Mention, reason: Reason) -> None:
    """Take the last step on a mention back, whatever it was."""
    from thaw.casework.mentions import undo as back

    with book_session(context) as session:
        done = back(session, mention, reason=reason)
    emit(context, done, f"Taken back: {done['undone']}.")


def _words(found: Sequence[dict[str, Any]]) -> str:
    if not found:
        return "Nobody promoted a mention yet."
    lines = []
    for group in found:
        lines.append(group["name"])
        for one in group["mentions"]:
            place = f"{one['document_id'][:12]} page {one['page']}"
            lines.append(f"    {one['kind']}: {one['text']} as {one['name']} ({place}) [{one['mention_id']}]")
    return "\n".join(lines)
