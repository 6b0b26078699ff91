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


@commands.command()
def replay(
    context: typer.Context,
    where: Where = None,
    first: First = None,
    last: Last = None,
    top: Annotated[
        int, typer.Option("--top", min=1, max=1000, help="How many finds of `thaw series` to ask about.")
    ] = 20,
    men_shot: MenShot = False,
    per_year: Annotated[float, typer.Option(help="False alarms a year that you accept.")] = 1.0,
    seed: Seed = 1,
    permutations: Annotated[int, typer.Option(metavar="N", help="Shuffled histories.")] = 99,
) -> None:
    """Feed the records month by month: when each find would first have raised an alarm, and how many there were."""
    from thaw.casework.replay import replay as find
    from thaw.linkage.replay import ReplaySettings

    from . import show_series

    settings = ReplaySettings(per_year=per_year, runs=permutations, seed=seed, men_shot=men_shot)
    with book_session(context) as session:
        found = find(
            session,
            where=where or [],
            first=first,
            last=last,
            top=top,
            settings=settings,
            purpose=context.obj.purpose,
        )
    emit(context, found, show_series.replay(found))
