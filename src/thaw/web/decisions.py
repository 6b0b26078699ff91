"""What people decided in the whole book, newest first: who, what, on which case, why, and the entry."""

from __future__ import annotations

from thaw.casework.decided import decisions

from .screen import Look, Page, Screen

_MOST = 200


def decisions_screen(look: Look) -> Page:
    """Decisions of everybody, or of one person."""
    who = look.asked("by")[:100]
    found = decisions(look.session, person=who, limit=_MOST, purpose=look.purpose)
    return Page("decisions.html", {"decisions": found, "who": who, "most": _MOST})


SCREENS: tuple[tuple[str, str, Screen], ...] = (("GET", "/decisions", decisions_screen),)
