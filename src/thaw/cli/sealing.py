"""Commands that destroy under an order, and that replace the log's key."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .door import Ended, book_session, emit

commands = typer.Typer()
seal = typer.Typer(help="Destroy contents under an order; the entries and all proofs stay.", no_args_is_help=True)
key = typer.Typer(help="Replace the log's key.", no_args_is_help=True)
commands.add_typer(seal, name="seal")
commands.add_typer(key, name="key")

Case = Annotated[str | None, typer.Option("--case", metavar="ID", help="All entries on this case.")]
Entries = Annotated[list[int] | None, typer.Option("--entry", metavar="N", help="This entry; may be repeated.")]
Looks = Annotated[bool, typer.Option("--looks-too", help="Also the records of looks and searches on the case.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, for the log.")]
KeyFile = Annotated[Path, typer.Option("--key", metavar="FILE", help="Where the new key goes; must not exist.")]


@seal.command("dry-run")
def dry_run(context: typer.Context, case: Case = None, entry: Entries = None, looks_too: Looks = False) -> None:
    """Count what an order would destroy; nothing is destroyed."""
    from thaw.casework.sealing import dry_run as count

    with book_session(context) as session:
        found = count(session, case_id=case, entries=entry or [], looks_too=looks_too, purpose=context.obj.purpose)
    kinds = ", ".join(f"{one['count']} {one['kind']}" for one in found["kinds"]) or "nothing"
    words = f"Would destroy {len(found['entries'])} contents ({kinds}) and {len(found['files'])} files."
    if found["other_cases"]:
        words += f"\n{len(found['other_cases'])} other cases lose something too: {', '.join(found['other_cases'][:5])}"
    if not found["within_cap"]:
        words += f"\nThat is more than the cap of {found['cap']}: an order would be refused."
    emit(context, found, words)


@seal.command("order")
def order(
    context: typer.Context,
    number: Annotated[str, typer.Option("--number", metavar="NUMBER", help="Number of the order.")],
    approved_by: Annotated[list[str], typer.Option("--approved-by", metavar="NAME", help="Two people at least.")],
    case: Case = None,
    entry: Entries = None,
    looks_too: Looks = False,
    document: Annotated[Path | None, typer.Option(metavar="FILE", help="The order itself; its hash is kept.")] = None,
) -> None:
    """Enter an order to destroy; nothing is destroyed before its time."""
    from thaw.casework.sealing import order as enter

    with book_session(context) as session:
        made = enter(
            session, number=number, approved_by=approved_by, case_id=case, entries=entry or [], looks_too=looks_too,
            document=document,
        )  # fmt: skip
    words = f"Entry {made['order']} orders the destruction of {len(made['entries'])} contents, not before "
    emit(context, made, f"{words}{made['not_before']}.\nThen: `thaw seal destroy {made['order']}`")


@seal.command("destroy")
def destroy(context: typer.Context, order_entry: Annotated[int, typer.Argument(metavar="ENTRY")]) -> None:
    """Destroy what the order in this entry lists, and search the book for what is left of it."""
    from thaw.casework.sealing import destroy as carry_out

    with book_session(context) as session:
        made = carry_out(session, order_entry)
    words = (
        f"Destroyed {len(made['destroyed'])} contents and {len(made['files'])} files; entry {made['entry']} says so."
    )
    words += (
        "\nNothing of it is left in the book." if made["proven"] else "\nIt could not be shown that nothing is left"
    )
    words += "" if made["proven"] else f": {', '.join(made['left']) or 'others were reading; give the command again'}."
    if made["copies"]:
        words += f"\n{len(made['copies'])} exports and backups left the book before; destroy those by hand."
    emit(context, made, words)
    if not made["proven"]:
        raise Ended(3)


@seal.command("hold")
def hold(
    context: typer.Context,
    case: Annotated[str, typer.Argument(metavar="CASE")],
    reason: Reason,
    lift: Annotated[bool, typer.Option("--lift", help="End the hold.")] = False,
) -> None:
    """Keep a case from being destroyed, or end that."""
    from thaw.casework.sealing import hold as put

    with book_session(context) as session:
        made = put(session, case, reason=reason, lift=lift)
    emit(context, made, f"Case {made['case_id']} is {'held' if made['held'] else 'no longer held'}.")


@key.command("rotate")
def rotate(
    context: typer.Context,
    key_file: KeyFile,
    reason: Reason,
    stolen: Annotated[bool, typer.Option("--stolen", help="The old key is in wrong hands.")] = False,
) -> None:
    """Replace the log's key; the old one vouches for the new one."""
    from thaw.casework.log_key import rotate as change

    with book_session(context) as session:
        made = change(session, key_file, reason=reason, stolen=stolen)
    emit(context, made, _told(made) + "\nTell the witnesses, who trust only keys that are named to them.")


@key.command("lost")
def lost(context: typer.Context, key_file: KeyFile, reason: Reason) -> None:
    """Go on with a new key when the old one is gone. Nobody vouches for it but people."""
    from thaw.casework import utc_now
    from thaw.casework.log_key import replace_lost

    made = replace_lost(context.obj.book, key_file, utc_now, context.obj.person, reason=reason)
    emit(context, made, _told(made) + "\nNobody vouches for this key: tell it to all who check, in person.")


def _told(made: dict[str, object]) -> str:
    return (
        f"From entry {made['entry']} on the log is signed by:\n  {made['public_key']}\nThe key lies in {made['key']}."
    )
