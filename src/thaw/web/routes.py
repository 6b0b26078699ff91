"""All screens by address. A module of screens brings its own tuple `SCREENS`; here they are put together.

To add screens: write a module with `SCREENS`, name it in `_MODULES`, and add its line to `navigation`. Its templates
lie in `templates`, its style sheets and scripts in `static` (served under /static/NAME without more ado); a template
takes them in through the blocks `styles` and `scripts` of base.html.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from . import (
    alike,
    boards,
    case_list,
    cases,
    charts,
    claims,
    deciding,
    decisions,
    desk,
    figures,
    finding,
    identification,
    incident,
    kinship,
    ledger,
    maps,
    notes,
    paperwork,
    reader,
    receipts,
    stating,
    suspected,
    timelines,
    tray,
)
from .screen import Screen

# The only addresses that take files; all others read plain forms of bounded length.
TAKE_FILES = frozenset({"/tray/add", "/search/batch"})
_MODULES: tuple[ModuleType, ...] = (
    desk,
    alike,
    case_list,
    cases,
    stating,
    notes,
    reader,
    paperwork,
    finding,
    tray,
    deciding,
    decisions,
    incident,
    ledger,
    receipts,
    figures,
    boards,
    suspected,
    identification,
    kinship,
    claims,
    timelines,
    charts,
    maps,
)


def screens() -> Iterator[tuple[str, str, Screen]]:
    """Method, address and function of every screen; more particular addresses stand before general ones."""
    for module in _MODULES:
        yield from module.SCREENS
