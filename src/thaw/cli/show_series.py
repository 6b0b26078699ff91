"""Words for people of `thaw series` and `thaw replay`."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

Document = Mapping[str, Any]
_CAUTION = (
    "These are places to look, not series. Most victims of a suspicious cell are not of one series, and a series may "
    "show in none. Unsolved means: no offender known when the agency reported."
)


def series(found: Sequence[Document]) -> str:
    """One paragraph per find: alarms, then what is only worth knowing."""
    if not found:
        return "Nothing piles up: no cases with a place and a word on the offender, or none that stand out."
    lines: list[str] = []
    alarms = [find for find in found if find["alarm"]]
    others = [find for find in found if not find["alarm"]]
    level = found[0]["level"]
    if alarms:
        lines += [f"ALARMS: at most about {level:.0%} of them are expected to be false.", *map(_find, alarms), ""]
    else:
        lines += [f"No alarm at the level of {level:.0%} false ones.", ""]
    if others:
        lines += ["WORTH KNOWING, but chance or habit may explain them.", *map(_find, others), ""]
    return "\n".join([*lines, textwrap.fill(_CAUTION, 100)])


def _find(find: Document) -> str:
    when = "no date" if find["from"] is None else f"{find['from'][:7]} to {find['to'][:7]}"
    head = f"{find['rank']:>4}  {find['place']}, {when}: {find['victims']}, {find['method']}"
    body = f"{find['found_by']}, q {find['q_value']:.2g}. {find['why']}"
    keys = find["source_keys"] or find["cases"]
    first = ", ".join(keys[:6]) + (f" and {len(keys) - 6} more" if len(keys) > 6 else "")
    indent = " " * 6
    wrap = textwrap.TextWrapper(100, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
    return "\n".join([head, *wrap.wrap(body), *wrap.wrap(first)])
