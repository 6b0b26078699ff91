"""The roles of profiles in a file: which may meet in one calculation, and which must not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from thaw.errors import AccessDenied, InputError

# Whether a profile given in this role may stand beside relatives.
_ROLES = {
    "relative": True, "reference": True, "remains": True, "unidentified": True,
    "belongings": True, "scene": False, "crime scene": False, "trace": False,
    "suspect": False,
}  # fmt: skip


def check_roles(roles: Any, where: str) -> None:
    """Raises AccessDenied for roles that must not meet in one calculation, or that are not known.

    roles  by person; InputError for another form, since a role that is not read protects nobody
    """
    if not isinstance(roles, Mapping):
        raise InputError(
            where=f"{where}, roles",
            got="roles of another form",
            want='a role for each person, such as {"mother": "relative"}',
            fix="Correct the file.",
        )
    for who, role in roles.items():
        kind = _ROLES.get(str(role).strip().lower())
        if kind is None:
            raise AccessDenied(
                where=f"{where}, {who}",
                got=f"the role {role!r}",
                want="relative, remains or belongings",
                fix="Say what the profile was given for.",
            )
        if not kind:
            raise AccessDenied(
                where=f"{where}, {who}",
                got="a profile of a crime scene",
                want="relatives, remains and belongings only",
                fix="Relatives gave their profiles to name the missing; traces of crimes are not compared with them.",
            )
