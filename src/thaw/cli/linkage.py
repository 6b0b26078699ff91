"""Commands that ask which cases look alike."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from .door import Top, Where, book_session, emit

commands = typer.Typer()


@commands.command()
def similar(
    context: typer.Context,
    case_id: Annotated[str | None, typer.Argument(metavar="CASE_ID")] = None,
    incident: Annotated[
        Path | None, typer.Option(metavar="FILE.json", help="An incident that is not in the book.")
    ] = None,
    top: Top = 10,
    where: Where = None,
) -> None:
    """List the cases that look most like one, with what speaks for and against each."""
    from thaw.casework.similar import similar as find
    from thaw.errors import InputError

    from . import show

    if (case_id is None) == (incident is None):
        got = "neither a case nor an incident" if case_id is None else "a case and an incident"
        raise InputError(where="similar", got=got, want="CASE_ID or --incident FILE.json", fix="Give one of them.")
    with book_session(context) as session:
        found = find(session, case_id, incident=incident, top=top, where=where or [], purpose=context.obj.purpose)
    emit(context, found, show.similar(found))


@commands.command()
def link(
    context: typer.Context,
    one: Annotated[str, typer.Argument(metavar="CASE")],
    other: Annotated[str, typer.Argument(metavar="CASE")],
    decision: Annotated[str, typer.Option(metavar="WHAT", help="accept, reject or undecided.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why, for the ledger.")],
    fact: Annotated[
        str | None,
        typer.Option(metavar="FACT", help="The hard fact behind it, such as dna_match or offender_in_prison."),
    ] = None,
) -> None:
    """Record whether two cases are by one offender."""
    from thaw.casework.decisions import link as decide

    with book_session(context) as session:
        made = decide(session, one, other, decision=decision, reason=reason, fact=fact, purpose=context.obj.purpose)
    certain = f" ({fact.replace('_', ' ')}: certain, no longer ranked)" if fact else ""
    gone = made["sets_aside"]
    warned = f" This sets aside what stood before: {gone.replace('_', ' ')}. Is that meant?" if gone else ""
    emit(context, made, f"Recorded: {decision}{certain}.{warned}")


@commands.command()
def label(
    context: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE.csv", show_default=False)]
) -> None:
    """Take in known series from a CSV with the columns series and case."""
    from thaw.casework.labels import label as take

    with book_session(context) as session:
        made = take(session, file, purpose=context.obj.purpose)
    words = (
        f"{made['read']} lines: {made['added']} added, {made['already_held']} held already, {made['removed']} removed."
    )
    learned = made["series_of_two_or_more"]
    emit(context, made, f"{words} {made['series']} series, {learned} of two cases or more. {_learning(learned)}")


def _learning(series: int) -> str:
    if series >= 10:
        return "Weights and probabilities now rest on them."
    if series >= 3:
        return f"Curves now move with them; {10 - series} more, and probabilities can be measured."
    return f"{3 - series} more, and the curves will move with them."


@commands.command()
def groups(context: typer.Context, top: Top = 10, where: Where = None) -> None:
    """Look among all pairs of cases for groups that may be one series."""
    from thaw.casework.groups import groups as find

    with book_session(context) as session:
        found = find(session, where=where or [], top=top, purpose=context.obj.purpose)
    emit(context, found, show_groups(found))


def show_groups(found: list[dict[str, Any]]) -> str:
    """One paragraph per group: the cases of its core, then those that only fit on the whole."""
    if not found:
        return (
            "No cases are so alike that even odds speak for one offender. That is usual: see docs/methods/linkage.md."
        )
    lines = []
    for group in found:
        lines.append(f"{group['rank']}. {len(group['core']) + len(group['fringe'])} cases")
        for part, words in (("core", ""), ("fringe", "  (fits on the whole only)")):
            lines += [f"    {case['title']}  [{case['source_key'] or case['case_id']}]{words}" for case in group[part]]
    return "\n".join(lines)


@commands.command()
def code(
    context: typer.Context,
    case_id: Annotated[str, typer.Argument(metavar="CASE")],
    file: Annotated[Path, typer.Argument(metavar="FILE.json", show_default=False)],
    coder: Annotated[str, typer.Option(metavar="PERSON", help="Who read the file, if not the person at work.")] = "",
) -> None:
    """Record what one person says of the behaviors of a case; a second one shows how far both agree."""
    from thaw.casework.coding import code as record

    with book_session(context) as session:
        made = record(session, case_id, file, coder=coder, purpose=context.obj.purpose)
    lines = [f"{made['coded']} behaviors recorded as said by {made['coder']}."]
    lines += [f"  {one['field']}: {one['pairs']} coded twice, {one['agreed']:.0%} agree" for one in made["agreement"]]
    emit(context, made, "\n".join(lines))


alert_commands = typer.Typer(invoke_without_command=True)
commands.add_typer(alert_commands, name="alerts")


@alert_commands.callback()
def alerts(
    context: typer.Context,
    state: Annotated[str, typer.Option(metavar="STATE", help="open, dismissed, accepted, rejected or all.")] = "open",
) -> None:
    """List pairs of cases that looked alike when one of them was saved, and names that moved in the list of a body."""
    if context.invoked_subcommand is not None:
        return
    from thaw.casework.alerts import alerts as find

    with book_session(context) as session:
        found = find(session, state=state, purpose=context.obj.purpose)
    emit(context, found, show_alerts(found))


@alert_commands.command()
def dismiss(
    context: typer.Context,
    alert_id: Annotated[str, typer.Argument(metavar="ID")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why, for the ledger.")],
) -> None:
    """Set an alert aside; it comes back only on new facts."""
    from thaw.casework.alerts import dismiss as set_aside

    with book_session(context) as session:
        made = set_aside(session, alert_id, reason=reason, purpose=context.obj.purpose)
    emit(context, made, "Set aside. It comes back only when something new is known of one of the two cases.")


_WAYS = {
    "in": "came into the ten likeliest names of a body",
    "out": "left the ten likeliest names of a body",
    "new": "is new, and likelier than not the name of a body",
}


def _moved(alert: dict[str, Any]) -> list[str]:
    moved, (body, missing) = alert["moved"], alert["persons"]
    why = f"after an edit of {', '.join(moved['changed'])}" if moved["changed"] else f"after an {moved['cause']}"
    why = "after a ruling" if moved["cause"] == "ruling" else why
    ranks = f"rank {moved['rank_before'] or 'below ten'}, now {moved['rank_after'] or 'below ten'}"
    lines = [f"{alert['alert_id']}  {alert['state']}  a missing person {_WAYS[moved['way']]}, {why} ({ranks})"]
    lines += [f"    {one['name'] or one['kind'].capitalize()}  [{one['source_key']}]" for one in (missing, body)]
    return lines + ([f"    reason: {alert['reason']}"] if alert["reason"] else [])


def show_alerts(found: list[dict[str, Any]]) -> str:
    """One paragraph per alert: the two cases, and how much more likely they look alike under one offender."""
    if not found:
        return "No alerts."
    lines = []
    for alert in found:
        if alert["about"] == "identification":
            lines += _moved(alert)
            continue
        times = 10 ** alert["log10_bf"]
        lines.append(f"{alert['alert_id']}  {alert['state']}  {times:,.0f} times more likely if one offender did both")
        lines += [f"    {case['title']}  [{case['source_key'] or case['case_id']}]" for case in alert["cases"]]
        if alert["reason"]:
            lines.append(f"    reason: {alert['reason']}")
    return "\n".join(lines)
