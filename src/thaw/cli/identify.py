"""Commands that look for the name of an unidentified person."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from .door import Top, Where, book_session, emit

commands = typer.Typer()
ruling = typer.Typer(help="Keep and take back what experts rule out.", no_args_is_help=True)
commands.add_typer(ruling, name="ruling")
_Person = Annotated[str, typer.Argument(metavar="PERSON_ID", show_default=False)]


@commands.command()
def identify(
    context: typer.Context,
    person: _Person,
    top: Top = 10,
    in_list: Annotated[
        float | None, typer.Option("--in-list", metavar="CHANCE", help="Prior chance that the person is in the book.")
    ] = None,
    lane: Annotated[
        int | None,
        typer.Option(
            metavar="NUMBER", help="Go on in the exception lane to so many for a field (else 250, for the place 2500)."
        ),
    ] = None,
) -> None:
    """List the missing persons who may be an unidentified one (or the bodies for a missing one), and why."""
    from thaw.casework.identify import identify as find

    with book_session(context) as session:
        found = find(session, person, top=top, in_list=in_list, lane=lane, purpose=context.obj.purpose)
    emit(context, found, _words(found))


@commands.command()
def together(
    context: typer.Context,
    bodies: Annotated[list[str] | None, typer.Argument(metavar="UNIDENTIFIED...", show_default=False)] = None,
    where: Where = None,
    least: Annotated[float, typer.Option(metavar="CHANCE", help="Leave out who is less likely for a body.")] = 0.01,
    in_list: Annotated[
        float | None, typer.Option("--in-list", metavar="CHANCE", help="Prior chance that each is in the book.")
    ] = None,
) -> None:
    """Name several bodies at once: a missing person is one of them at most."""
    from thaw.casework.identify import identify_together as find

    purpose = context.obj.purpose
    with book_session(context) as session:
        found = find(session, bodies or [], where=where or [], least=least, in_list=in_list, purpose=purpose)
    emit(context, found, _together_words(found))


@ruling.command("add")
def add_ruling(
    context: typer.Context,
    unidentified: Annotated[str, typer.Argument(metavar="UNIDENTIFIED", show_default=False)],
    missing: Annotated[str, typer.Argument(metavar="MISSING", show_default=False)],
    method: Annotated[str, typer.Option("--by", metavar="METHOD", help="dna, fingerprints or dental.")],
    expert: Annotated[str, typer.Option(metavar="NAME", help="Who says so.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Report, number, date.")],
) -> None:
    """Keep an expert's statement that two records are not one person. Nothing else rules anybody out."""
    from thaw.casework.identify import rule_out as keep

    with book_session(context) as session:
        made = keep(
            session, unidentified, missing, by=method, expert=expert, reason=reason, purpose=context.obj.purpose
        )
    emit(
        context,
        made,
        f"Ruled out, entry {made['entry']}. To take it back: `thaw ruling undo {made['entry']} --reason TEXT`",
    )


@ruling.command("name")
def name_body(
    context: typer.Context,
    unidentified: Annotated[str, typer.Argument(metavar="UNIDENTIFIED", show_default=False)],
    missing: Annotated[str, typer.Argument(metavar="MISSING", show_default=False)],
    authority: Annotated[str, typer.Option(metavar="NAME", help="The medical examiner or coroner.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="On what, report, date.")],
) -> None:
    """Keep who a body is, as the responsible authority decided; its case is compared anew."""
    from thaw.casework.naming import decide_name as keep

    from .linkage import show_alerts

    with book_session(context) as session:
        made = keep(session, unidentified, missing, authority=authority, reason=reason, purpose=context.obj.purpose)
    words = f"Identified, entry {made['entry']}. To take it back: `thaw ruling undo {made['entry']} --reason TEXT`"
    emit(context, made, words + (f"\n{show_alerts(made['alerts'])}" if made["alerts"] else ""))


@ruling.command("undo")
def undo_ruling(
    context: typer.Context,
    entry: Annotated[int, typer.Argument(metavar="ENTRY", show_default=False)],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why it does not hold any more.")],
) -> None:
    """Take a ruling or a name back: the pair is open again, and both entries stay."""
    from thaw.casework.identify import undo_ruling as undo

    with book_session(context) as session:
        made = undo(session, entry, reason=reason, purpose=context.obj.purpose)
    emit(context, made, f"The pair is open again, entry {made['entry']}.")


_STATES = {
    "contradiction": "  (a field speaks against)",
    "identified": "  (identified by the authority)",
    "named elsewhere": "  (another identification stands)",
}


def _words(found: Any) -> str:
    subject = found["person"]
    lines = [
        f"{_who(subject)}: {found['searched']:,} persons searched.",
        f"None of these: {_chance(found['none_of_these'])}. A lead for the medical examiner, not an identification.",
        "",
    ]
    for one in found["candidates"]:
        lines.append(
            f"{one['rank']:>3}. {_who(one)}  [{one['source_key'] or one['person_id']}]  probability "
            f"{_chance(one['posterior'])}, support {_times(one['log10_support'])}" + _STATES.get(one["state"], "")
        )
        if one["dna_log10_lr"] is not None:
            lines.append(
                f"     DNA:     {_times(one['dna_log10_lr'])} (kinship, last run); with the fields together "
                f"{_times(one['log10_combined'])}"
            )
        for words, parts in (
            ("for", [p for p in one["parts"] if p["log10_bf"] > 0.05]),
            ("against", [p for p in reversed(one["parts"]) if p["log10_bf"] < -0.05]),
        ):
            if parts:
                lines.append(f"     {words + ':':<9}" + "; ".join(_part(part) for part in parts))
        if one["missing"]:
            lines.append(f"     not known on both sides: {', '.join(one['missing'])}")
    lines += _lanes(found)
    lines += [
        "",
        f"Ruled out by experts: {found['ruled_out']}. With a field that speaks strongly against, still in the list: "
        f"{found['contradiction_only']:,}.",
    ]
    return "\n".join(lines)


_SHOWN = 5  # of a lane, in words; JSON has all of it


def _lanes(found: Any) -> list[str]:
    if not found["lanes"]:
        return []
    lines = ["", "High if one recorded field were wrong, or two:"]
    for lane in found["lanes"]:
        rows = [one for one in found["exception_lane"] if one["without"] == lane["without"]]
        shown = ", ".join(f"{one['source_key'] or one['person_id']} (rank {one['rank']})" for one in rows[:_SHOWN])
        more = "" if lane["covers"] is None else _more(lane, len(rows) - _SHOWN)
        lines.append(f"     without {lane['without'].replace(', ', ' and ')}: {shown}{more}")
    promise = "Chance: that the list or this lane holds the name, if the field is wrong and the person is in the book."
    return [*lines, f"     {promise} All of a lane with --json."]


def _more(lane: Any, number: int) -> str:
    """How the lane goes on, and what all of it promises."""
    told = f"; {number:,} more" if number > 0 else ""
    cut = f", 0.98 would take {lane['wanted']:,}: --lane NUMBER" if lane["wanted"] > lane["shown"] else ""
    return f"{told}; chance {min(lane['covers'], 0.99):.2f}{'+' if lane['covers'] > 0.99 else ''}{cut}"


def _together_words(found: Any) -> str:
    lines = [
        f"{len(found['bodies']):,} bodies, {found['searched']:,} persons searched, {found['ways']:,} ways to name "
        f"them. The likeliest of all has probability {_chance(found['probability'])}.",
        "Leads for the medical examiner, not identifications.",
    ]
    for body in found["bodies"]:
        parts = ", parts only" if body["only_parts"] else ""
        lines += ["", f"{_who(body['person'])}  [{body['person']['source_key']}]{parts}"]
        lines += [
            f"     {_chance(one['posterior'])} (alone {_chance(one['alone'])})  {_who(one)}  [{one['source_key']}]"
            + ("  *" if one["person_id"] == body["best"] else "")
            for one in body["candidates"]
        ]
        lines.append(f"     none of these: {_chance(body['none_of_these'])} (alone {_chance(body['none_alone'])})")
    return "\n".join([*lines, "", "* in the likeliest way to name them all"])


def _who(person: Any) -> str:
    place = (person["place"] or {}).get("name") or (person["place"] or {}).get("state") or "place unknown"
    day = person["date"]["from"] if person["date"] else "date unknown"
    verb = {"missing": "last seen", "unidentified": "found"}[person["kind"]]
    return f"{person['name'] or person['kind'].capitalize()}, {verb} {day}, {place}"


def _part(part: Any) -> str:
    return f"{part['feature']} {_times(part['log10_bf'])} ({_cut(part['ours'])} here, {_cut(part['theirs'])} there)"


def _cut(words: str | None) -> str:
    plain = words or "?"
    return plain if len(plain) <= 60 else plain[:57] + "..."


def _times(log10: float) -> str:
    factor = 10 ** abs(log10)
    number = f"{factor:,.0f}" if factor >= 10 else f"{factor:.1f}"
    return f"{number} times {'more' if log10 >= 0 else 'less'} likely"


def _chance(probability: float) -> str:
    if probability >= 0.01:
        return f"{probability:.2f}"
    return f"1 in {1 / probability:,.0f}" if probability > 1e-12 else "below 1 in a million million"
