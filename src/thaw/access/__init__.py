"""The only way to case content: `view(...)` commits the access entry first, then hands out what may be seen."""

from __future__ import annotations

from .view import Actor, View, refuse, resume, sees_less, view
from .visibility import visible_to

__all__ = ["Actor", "View", "refuse", "resume", "sees_less", "view", "visible_to"]
