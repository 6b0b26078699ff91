"""Commands that ask where unsolved killings pile up, and when that could first have been seen."""

from __future__ import annotations

from typing import Annotated

import typer

from .door import Top, Where, book_session, emit

commands = typer.Typer()
First = Annotated[int | None, typer.Option("--from", min=1000, max=2999, metavar="YEAR", help="First year.")]
Last = Annotated[int | None, typer.Option("--to", min=1000, max=2999, metavar="YEAR", help="Last year.")]
Level = Annotated[float, typer.Option(help="Share of false ones among the alarms that you accept.")]
Seed = Annotated[int, typer.Option(help="Seed of the shuffles; the same seed gives the same answer.")]
Runs = Annotated[int, typer.Option("--permutations", metavar="N", help="Shuffles under each null.")]
MenShot = Annotated[bool, typer.Option("--men-shot", help="Scan men killed with firearms too.")]


@commands.command()
def series(
    context: typer.Context,
    first: First = None,
    last: Last = None,
    where: Where = None,
    top: Top = 10,
    only_map: Annotated[
        bool, typer.Option("--map", help="Only the cells of the Murder Accountability Project's rule.")
    ] = False,
    men_shot: MenShot = False,
    level: Level = 0.1,
    seed: Seed = 1,
    permutations: Runs = 999,
) -> None:
    """List places, times and methods where unsolved killings pile up, and how many such chance alone would show."""
    from thaw.casework.series import series as find
    from thaw.linkage import ScanSettings

    from . import show_series

    settings = ScanSettings(level=level, runs=permutations, seed=seed, men_shot=men_shot)
    with book_session(context) as session:
        found = find(
            session,
            first=first,
            last=last,
            where=where or [],
            top=top,
            only_map=only_map,
            settings=settings,
            purpose=context.obj.purpose,
        )
    emit(context, found, show_series.series(found))
