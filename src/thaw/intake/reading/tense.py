"""Whether the words round a date look ahead or back: the nearest sign counts."""

from __future__ import annotations

import re

_AHEAD = re.compile(
    r"\b(?:will|shall|won't|'ll|plans?|planned to|planning|hopes?|upcoming|(?:is|are|be|been|was|"
    r"were) (?:set|scheduled|expected|slated"
    r"|due|planned|to (?=[a-z]+\b(?<!ed)))|expected|scheduled|slated|until|next|tentatively"
    r"|premieres|debuts|opens|arrives|returns|begins|starts|airs|streams|bows|launches|kicks off|goes on|"
    r"takes place|hits|runs through|continues"
    r"|closes|ends|departs|sails|reopens|faces|to (?:be|begin|start|open|premiere|debut|air|return|"
    r"perform|play|appear|go|close|launch|release|stream))\b",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"\b(?:was|were|had|did|has|have|ago|since|last|yesterday|[a-z]{2,}ed|began|came|saw|heard|told|said|"
    r"went|got|made|took|ran|struck|hit|shot|died|found"
    r"|left|sang|won|lost|wrote|held|stood|broke|fell|sank|swept|killed|born|sold|drew|gave|built|met|"
    r"put|became|knew|spoke|"
    r"drove|rose|stole|fled|blew|led|felt|kept|set|cut|sent|spent|brought|bought|caught|taught|thought)\b",
    re.IGNORECASE,
)
_SPEECH = re.compile(r"\b(?:said|told|says|announced|added|confirmed|according|reported|wrote|stated)\b", re.IGNORECASE)


_PASSIVE_AHEAD = re.compile(r"\b(?:will|shall|would|to|may|must|can)\s+(?:not\s+|now\s+|also\s+)?be\s+$", re.IGNORECASE)


def tense_at(text: str, start: int, end: int) -> str | None:
    """`ahead`, `back`, or None when nothing tells. `text` is a sentence; start and end are the place of the date.

    Verbs of saying do not count: "said the show will open Friday" looks ahead.
    """
    if re.search(rf"{_SPEECH.pattern}(?:\s+\w+)?(?:\s+on)?\s+(?:late |early )?$", text[:start], re.IGNORECASE):
        return "back"  # "announced on Thursday that it will open": the saying is past
    best: tuple[int, str] | None = None
    spoken = [m.span() for m in _SPEECH.finditer(text)]
    for pattern, name in ((_AHEAD, "ahead"), (_BACK, "back")):
        for found in pattern.finditer(text):
            if found.start() >= start and found.end() <= end:
                continue
            if name == "back" and _PASSIVE_AHEAD.search(text, 0, found.start()):
                continue  # "will be held Tuesday"
            if name == "back" and any(a <= found.start() < b for a, b in spoken):
                continue
            gap = start - found.end() if found.end() <= start else 2 * (found.start() - end) + 12
            if best is None or gap < best[0] or (gap == best[0] and name == "ahead"):
                best = (gap, name)
    return best[1] if best else None
