"""Commands that read and check the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .door import Ended, book_session, emit

commands = typer.Typer()


@commands.command()
def log(
    context: typer.Context,
    case: Annotated[str | None, typer.Option(metavar="ID", help="Only entries on this case.")] = None,
    actor: Annotated[str | None, typer.Option(metavar="PERSON", help="Only entries by this person.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="At most this many, newest first.")] = 100,
) -> None:
    """List ledger entries: who did what when, looks included."""
    from thaw.casework.ledger import log as find

    from . import show

    with book_session(context) as session:
        found = find(session, case_id=case, person=actor, limit=limit, purpose=context.obj.purpose)
    emit(context, found, show.log(found))


@commands.command()
def checkpoint(
    context: typer.Context,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Also write it to this new file.")] = None,
) -> None:
    """Print the newest signed checkpoint. Keep it outside: it shows later whether history was changed."""
    from thaw.casework.ledger import checkpoint as find

    with book_session(context) as session:
        found = find(session, out)
    emit(context, found, found["note"].rstrip("\n"))


@commands.command()
def verify(
    context: typer.Context,
    everything: Annotated[
        bool, typer.Option("--all", help="Also rebuild and compare all tables, and hash all files.")
    ] = False,
    against: Annotated[
        list[Path] | None, typer.Option(metavar="CHECKPOINT", help="A checkpoint kept elsewhere; may be repeated.")
    ] = None,
    public_key: Annotated[
        str, typer.Option("--public-key", metavar="VKEY", help="The log's public key as you noted it elsewhere.")
    ] = "",
    policy: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Keys of log and witnesses, from somebody else than the book.")
    ] = None,
    bundle: Annotated[Path | None, typer.Option(metavar="ZIP", help="Check this bundle instead of the book.")] = None,
) -> None:
    """Check that nothing was changed outside the ledger. Needs no log key and writes nothing."""
    from thaw.casework import utc_now
    from thaw.casework.ledger import verify as check

    from . import show

    if bundle is not None:
        _verify_bundle(context, bundle, policy, against or [])
        return

    with show.progress("Verifying") as progress:
        verdict = check(
            context.obj.book,
            everything=everything,
            against=against or [],
            public_key=public_key,
            policy=policy,
            now=utc_now(),
            own_receipts=True,
            progress=progress,
        )
    emit(context, verdict, f"{show.verdict(verdict)}\nChecked against the public key {verdict['public_key']}.")
    if verdict["status"] != "ok":
        raise Ended(1 if verdict["status"] == "tampered" else 3)


def _verify_bundle(context: typer.Context, bundle: Path, policy: Path | None, against: list[Path]) -> None:
    from thaw.casework.bundle_check import check_bundle

    from . import show

    verdict = check_bundle(bundle, policy, against)
    words = show.verdict(verdict)
    if verdict["keys_from"] == "the bundle itself":
        words += "\nThe keys came out of the bundle itself. Get the policy from somebody else and use --policy FILE."
    emit(context, verdict, words)
    if verdict["status"] != "ok":
        raise Ended(1 if verdict["status"] == "tampered" else 3)
