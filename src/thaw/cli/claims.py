"""Commands that lay accounts side by side, and that say what a file lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from .door import book_session, emit

commands = typer.Typer()
_QUOTES = 3


@commands.command()
def claims(
    context: typer.Context,
    subject: Annotated[str | None, typer.Argument(metavar="SUBJECT", help="Only what is said of this.")] = None,
    case: Annotated[str | None, typer.Option(metavar="ID", help="Only the documents of this case.")] = None,
    conflicts: Annotated[bool, typer.Option("--conflicts", help="Only what accounts contradict.")] = False,
) -> None:
    """Show what documents say of one thing: who says it, independent sources, and what disagrees."""
    from thaw.casework.claims import claims as find

    from . import show

    with book_session(context) as session, show.progress("Reading") as progress:
        found = find(
            session,
            subject,
            case_id=case,
            conflicts_only=conflicts,
            purpose=context.obj.purpose,
            progress=progress,
        )
    emit(context, found, in_words(found))


@commands.command()
def gaps(context: typer.Context, case_id: Annotated[str, typer.Argument(metavar="CASE_ID")]) -> None:
    """Show what should be in the file of a case and is not there."""
    from thaw.casework.gaps import gaps as find

    from . import show

    with book_session(context) as session, show.progress("Reading") as progress:
        found = find(session, case_id, purpose=context.obj.purpose, progress=progress)
    emit(context, found, gaps_in_words(found))


def in_words(found: Sequence[Mapping[str, Any]]) -> str:
    """One paragraph per claim: value, sources, quotes, and the values that contradict it."""
    if not found:
        return "No account says anything of that."
    by_id = {claim["claim_id"]: claim for claim in found}
    lines = []
    for claim in found:
        standing = f" ({claim['standing']})" if claim["standing"] else ""
        sources = claim["independent_sources"]
        lines.append(f"{claim['kind']}: {claim['subject']}: {value_in_words(claim)}{standing}")
        documents = len(claim["documents"])
        dates = f", {claim['first']} to {claim['last']}" if claim["first"] != claim["last"] else ""
        dates = dates or (f", {claim['first']}" if claim["first"] else ", undated")
        lines.append(f"    {_many(documents, 'document')}, {_many(sources, 'independent source')}{dates}")
        for quote in claim["quotes"][:_QUOTES]:
            lines.append(f"    {quote['document'][:12]} page {quote['page']}: {quote['text']}")
        for other in claim["conflicts_with"]:
            if other in by_id:
                lines.append(f"    against it: {value_in_words(by_id[other])}")
        for left in claim["not_named_here"]:
            lines.append(
                f"    not named in {', '.join(d[:12] for d in left['documents'])}: {', '.join(left['members'])}"
            )
        lines += [f"    look: {flag}" for flag in claim["flags"]]
    return "\n".join(lines)


def value_in_words(claim: Mapping[str, Any]) -> str:
    """The value of a claim as a reader sees it."""
    value = claim["value"]
    if value is None:
        return "undated"
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, dict):
        return f"{value['number']:,} {value['noun']}"
    return str(value)


def gaps_in_words(found: Sequence[Mapping[str, Any]]) -> str:
    """One line per gap, with the words that raised it."""
    if not found:
        return "Nothing is missing as far as the papers themselves tell."
    lines = []
    for gap in found:
        where = f" ({gap['document'][:12]}, page {gap['page']})" if gap["document"] and gap["page"] else ""
        lines.append(f"{gap['kind'].replace('_', ' ')}: {gap['what']}{where}")
        if gap["quote"]:
            lines.append(f"    {gap['quote']}")
    return "\n".join(lines)


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
