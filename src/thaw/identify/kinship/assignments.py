"""All ways to give each of some victims one missing person or none, nobody twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from thaw.errors import InputError

MAX_ASSIGNMENTS = 200_000


def assignments(choices: Mapping[str, Sequence[str]], where: str) -> list[dict[str, str]]:
    """Every assignment, as the victims that are named and their names.

    choices  who each victim may be
    Raises InputError beyond MAX_ASSIGNMENTS.
    """
    made: list[dict[str, str]] = [{}]
    for victim, may in choices.items():
        made = [
            one if m is None else {**one, victim: m}
            for one in made
            for m in (*may, None)
            if m is None or m not in one.values()
        ]
        if len(made) > MAX_ASSIGNMENTS:
            raise InputError(
                where=where,
                got=f"more than {MAX_ASSIGNMENTS:,} assignments",
                want="a smaller set",
                fix="Settle what is beyond doubt first, and leave these victims and persons out.",
            )
    return made
