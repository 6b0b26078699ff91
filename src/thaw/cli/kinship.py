"""Commands on DNA: likelihood ratios of kinship."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .door import Top, book_session, emit

if TYPE_CHECKING:
    from thaw.casework import Session

commands = typer.Typer()


@commands.command()
def kinship(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)],
    pruning: Annotated[
        str | None,
        typer.Option(
            metavar="none|familias", help="What happens to untyped persons; none if not said.", show_default=False
        ),
    ] = None,
    frequencies: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Own allele frequencies.", show_default=False)
    ] = None,
    profiles: Annotated[Path | None, typer.Option(metavar="FILE.csv", help="Own profiles.", show_default=False)] = None,
    sensitivity: Annotated[
        bool, typer.Option("--sensitivity", help="Also with each relative left out, and not related.")
    ] = False,
    sheet: Annotated[
        Path | None, typer.Option(metavar="OUT.pdf", help="Write the sheet of the case.", show_default=False)
    ] = None,
    unidentified: Annotated[
        str | None, typer.Option(metavar="ID", help="The body that the case is about.", show_default=False)
    ] = None,
    missing: Annotated[
        str | None, typer.Option(metavar="ID", help="The missing person that it is about.", show_default=False)
    ] = None,
    hypothesis: Annotated[
        str | None, typer.Option(metavar="NAME", help="Says that they are one person.", show_default=False)
    ] = None,
) -> None:
    """Compute likelihood ratios of kinship from STR profiles (JSON, or a .fam file of Familias).

    Needs no casebook; in one, the run is an entry, and with --unidentified and --missing its ratio stands in `thaw
    identify`.
    """
    from thaw.casework.kinship import About, Inputs
    from thaw.casework.kinship import kinship as compute
    from thaw.errors import InputError

    if (unidentified is None) != (missing is None):
        raise InputError(
            where="kinship", got="one person", want="--unidentified and --missing", fix="Give both, or neither."
        )
    about = None if unidentified is None or missing is None else About(unidentified, missing, hypothesis)
    inputs = Inputs(file, frequencies, profiles)
    chosen: dict[str, Any] = {"pruning": pruning, "sensitive": sensitivity, "sheet": sheet, "about": about}
    with _perhaps(context) as session:
        found = compute(inputs, session=session, person=context.obj.person, purpose=context.obj.purpose, **chosen)
    emit(context, found, in_words(found))


@commands.command()
def relatives(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)],
    simulations: Annotated[int, typer.Option(min=100, max=100_000, help="How many cases to simulate.")] = 1000,
) -> None:
    """Say which relative to sample next: how often each one's profile would decide, by simulation.

    Needs no casebook; in one, the run is an entry.
    """
    from thaw.casework.kinship import Inputs
    from thaw.casework.kinship import relatives as compute

    with _perhaps(context) as session:
        found = compute(Inputs(file), simulations=simulations, session=session, purpose=context.obj.purpose)
    emit(context, found, "\n\n".join(map(_worth, found)))


@commands.command()
def families(
    context: typer.Context,
    add: Annotated[Path | None, typer.Option(metavar="FILE.json", help="Take in a family.", show_default=False)] = None,
    case: Annotated[str | None, typer.Option(metavar="ID", help="The case of the missing person.")] = None,
    missing: Annotated[
        str | None, typer.Option(metavar="ID", help="With --add: the missing person in a register.")
    ] = None,
    withdraw: Annotated[str | None, typer.Option(metavar="PROFILE_ID", help="Take a profile back.")] = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why it is taken back.")] = "",
    search: Annotated[
        Path | None, typer.Option(metavar="FILE.json", help="Search remains among families.", show_default=False)
    ] = None,
    unidentified: Annotated[
        str | None, typer.Option(metavar="ID", help="With --search: the body in a register.")
    ] = None,
    population: Annotated[str, typer.Option(help="Allele frequencies of the search.")] = "nist1036/Caucasian",
    theta: Annotated[float, typer.Option(min=0, max=0.5, help="How alike founders are (FST).")] = 0.0,
    top: Top = 10,
) -> None:
    """List families of the missing; take in or take back relatives' profiles; search remains among them."""
    from thaw.casework import families as work
    from thaw.errors import InputError

    purpose = context.obj.purpose
    if sum(x is not None for x in (add, withdraw, search)) > 1:
        raise InputError(
            where="families",
            got="several things at once",
            want="--add, --withdraw or --search",
            fix="Give one of them.",
        )
    if withdraw is not None and not reason.strip():
        raise InputError(where="--reason", got="no reason", want="why the profile is taken back", fix="Give one.")
    with book_session(context) as session:
        if add is not None:
            found = work.add_family(session, add, case_id=case, missing=missing, purpose=purpose)
        elif withdraw is not None:
            found = work.withdraw_profile(session, withdraw, reason=reason, purpose=purpose)
        elif search is not None:
            asked: dict[str, Any] = {"population": population, "theta": theta, "top": top, "unidentified": unidentified}
            found = work.search_families(session, search, purpose=purpose, **asked)
        else:
            found = work.families(session, purpose=purpose)
    emit(context, found, _listed(found))


def _listed(found: Mapping[str, Any]) -> str:
    if found["searched"] is not None:
        lines = [f"{found['searched']} families searched; support, no identification"]
        lines += [
            f"  {row['rank']}. {row['label']}: {_ratio(row['log10_lr'])}, {row['loci']} loci"
            for row in found["results"]
        ]
        return "\n".join([*lines, *(f"  Note: {w}" for w in found["warnings"])])
    lines = []
    for family in found["families"]:
        lines.append(f"{family['label']}: {family['missing']} is missing")
        lines += [f"  {p['profile_id']}  {p['person']}, {p['state']}: {p['purpose']}" for p in family["profiles"]]
    return "\n".join(lines) or "No families."


@contextmanager
def _perhaps(context: typer.Context) -> Iterator[Session | None]:
    """The book of `--book` if there is one."""
    if not (context.obj.book / "casebook.toml").exists():
        yield None
        return
    with book_session(context) as session:
        yield session


def _worth(one: Mapping[str, Any]) -> str:
    lines = [f"{one['id']}: what a sample would be worth for {one['missing']} ({one['simulations']} simulated cases)"]
    for row in [*([one["so_far"]] if one["so_far"] else []), *one["candidates"]]:
        name = f"{row['person']}, {row['relation']}" if row["person"] else row["relation"]
        shares = [
            f"{share:.0%} above 10^{t:g}" for t, share in zip(one["thresholds_log10"], row["decides"], strict=True)
        ]
        lines.append(f"  {name}: decides {', '.join(shares)}")
    return "\n".join([*lines, *(f"  Note: {w}" for w in one["warnings"])])


def in_words(found: Sequence[Mapping[str, Any]]) -> str:
    """The answers as a person reads them: what is how many times more probable, under which assumptions."""
    return "\n\n".join(_victims(one) if "LRmatrix" in one else _case(one) for one in found)


def _case(one: Mapping[str, Any]) -> str:
    lines = [f"{one['id']}: {len(one['markers'])} loci, theta {one['theta']:g}, convention {one['convention']}"]
    for name, value in one["log10LR_total"].items():
        if name != one["reference"]:
            ratio = "no ratio exists" if one["LR_total"][name] is None and value is None else _ratio(value)
            lines.append(f"  {name} against {one['reference']}: {ratio}")
    for part in one["without"]:
        for name, value in part["left_out"].items():
            if name != one["reference"]:
                lines.append(f"    without {part['person']}: {name} {_ratio(value)}")
    for line in one["lineage"]:
        lines.append(
            f"  {line['kind']} of {' and '.join(line['persons'])}: {line['result']} (shown apart, not in the ratio)"
        )
    return "\n".join([*lines, *(f"  Note: {w}" for w in one["warnings"])])


def _ratio(log10: float | None) -> str:
    if log10 is None:
        return "0: not possible under the model"
    if abs(log10) < 6:
        return f"{10**log10:,.4g} times as probable (log10 {log10:.3f})"
    return f"log10 {log10:.3f} times as probable"


def _victims(one: Mapping[str, Any]) -> str:
    lines = [f"{one['id']}: {one['joint_assignments']} assignments compared, convention {one['convention']}"]
    for row in one["joint_top5"]:
        named = [f"{v} is {row[v]}" for v in one["LRmatrix"]["victims"] if row[v] != "*"]
        lines.append(f"  {row['posterior']:.4f}  {', '.join(named) or 'nobody named'}")
    return "\n".join([*lines, *(f"  Note: {w}" for w in one["warnings"])])
