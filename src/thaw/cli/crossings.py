"""The command that shows what two cases share."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from .door import Top, book_session, emit

commands = typer.Typer()


@commands.command()
def crossings(
    context: typer.Context,
    case: Annotated[str | None, typer.Option(metavar="ID", help="Only what this case shares.")] = None,
    top: Top = 50,
    everything: Annotated[bool, typer.Option("--all", help="Ordinary and dismissed ones too.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Raise an alert for each that is new.")] = False,
    dismiss: Annotated[str | None, typer.Option(metavar="CROSSING", help="Dismiss this one.")] = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why it is dismissed.")] = "",
) -> None:
    """Show telephones, plates, numbers, addresses, vehicles and names that stand in two cases, side by side."""
    from thaw.casework.crossings import dismiss_crossing, list_crossings, watch_crossings

    with book_session(context) as session:
        if dismiss is not None:
            done = dismiss_crossing(session, dismiss, reason=reason)
            emit(context, done, f"{done['kind']} {done['value']} is dismissed for {len(done['cases'])} cases.")
        elif watch:
            found = watch_crossings(session)
            lines = [f"{len(found['raised'])} alerts raised"]
            lines += [f"    alert {a['alert']}: {a['kind']} {a['value']}" for a in found["raised"]]
            emit(context, found, "\n".join(lines))
        else:
            shown = list_crossings(session, case_id=case, purpose=context.obj.purpose, top=top, everything=everything)
            emit(context, shown, _words(shown))


def _words(found: dict[str, Any]) -> str:
    lines = [
        f"{found['cases_compared']:,} cases compared, {found['total']:,} crossings, {len(found['crossings'])} shown"
    ]
    for one in found["crossings"]:
        also = f" (also {', '.join(one['forms'][1:])})" if one["forms"][1:] else ""
        lines += ["", f"{one['kind']} {one['value']}{also}: {one['how_ordinary']}  [{one['crossing']}]"]
        lines += [f"    dismissed: {one['dismissed']}"] if one["dismissed"] else []
        for place in one["places"][:10]:
            page = f", page {place['page']}" if place["page"] else ""
            lines.append(f"    {place['case_title'] or place['case_id']}  ({place['source']}{page})")
            sentence = place["sentence"].replace("\n", " ")
            lines.append(f"        {sentence}")
    return "\n".join(lines)
