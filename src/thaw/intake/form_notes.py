"""What of the form of a file a person should know: its encoding, lines above the header, columns named twice."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from .look import Header, look_at
from .text_stream import form_of_file

_SHOWN = 3
_LONGEST = 80


def notes_on_form(path: Path, header: Header) -> list[str]:
    """Sentences on how a file was saved, whatever its format; none for the usual."""
    found = form_of_file(path).notes if look_at(path).kind in ("text", "json") else []
    if header.above:
        told = "; ".join(repr(_cut(line)) for line in header.above[:_SHOWN]) + (
            "; ..." if header.above[_SHOWN:] else ""
        )
        many = f"{len(header.above)} lines" if len(header.above) > 1 else "1 line"
        found.append(f"{many} above the header, which is line {header.line}, no rows: {told}")
    if header.sheets:
        found.append("sheets that are not read: " + ", ".join(header.sheets))
    for name, times in Counter(header.columns).items():
        if times > 1 and name:
            found.append(f"column {name!r} stands {times} times: the first is read, the others stay in the raw row")
    nameless = [str(i) for i, name in enumerate(header.columns, start=1) if not name]
    if nameless:
        found.append("columns without a name: " + ", ".join(nameless[:10]) + (", ..." if nameless[10:] else ""))
    return found


def _cut(line: str) -> str:
    return line if len(line) <= _LONGEST else line[: _LONGEST - 3] + "..."
