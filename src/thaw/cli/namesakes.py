"""Commands about records of one person."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from .door import Top, book_session, emit

commands = typer.Typer()
same = typer.Typer(help="Records that may be of one person: proposed, decided, taken back.", no_args_is_help=True)
commands.add_typer(same, name="namesakes")

One = Annotated[str, typer.Argument(metavar="PERSON")]
Other = Annotated[str, typer.Argument(metavar="PERSON")]
Reason = Annotated[str, typer.Option(metavar="TEXT", help="Why; it goes into the log.")]


@same.command("list")
def persons(context: typer.Context, top: Top = 50) -> None:
    """List pairs of person records that may be one person, with what speaks for and against."""
    from thaw.casework.same_persons import proposed_persons

    with book_session(context) as session:
        found = proposed_persons(session, purpose=context.obj.purpose, top=top)
    emit(context, found, _words(found))


@same.command("decide")
def decide(
    context: typer.Context,
    one: One,
    other: Other,
    decision: Annotated[str, typer.Option(metavar="accept|reject|undecided", help="What you decided.")],
    reason: Reason,
) -> None:
    """Record that two persons are one, or are not; both records stay."""
    from thaw.casework.same_persons import decide_same_person

    with book_session(context) as session:
        done = decide_same_person(session, one, other, decision=decision, reason=reason)
    emit(context, done, f"Recorded: {done['decision']}.")


@same.command("undo")
def undo(context: typer.Context, one: One, other: Other, reason: Reason) -> None:
    """Take a decision on two persons back."""
    from thaw.casework.same_persons import undo_same_person

    with book_session(context) as session:
        done = undo_same_person(session, one, other, reason=reason)
    emit(context, done, "Taken back: the two stand alone again.")


def _words(found: dict[str, Any]) -> str:
    lines = [f"{found['persons']:,} persons compared, {found['total']:,} pairs may be one person"]
    for pair in found["proposals"]:
        one, other = pair["one"], pair["other"]
        decided = f"  ({pair['decision']}: {pair['reason']})" if pair["decision"] else ""
        lines += ["", f"{pair['probability']:.0%}  {one['name']} = {other['name']}{decided}"]
        for person in (one, other):
            about = person["case_title"] or person["case_id"] or "no case"
            lines.append(f"    {person['role']} in {about}  [{person['person_id']}]")
        told = [f"{p['field']} {p['bits']:+.1f}" for p in pair["parts"] if p["bits"]]
        lines.append(f"    bits: {', '.join(told)}")
    return "\n".join(lines)
