"""Whether the words round a date look ahead or back: the nearest sign counts."""

from __future__ import annotations

import re
from functools import lru_cache

_AHEAD = re.compile(
    r"\b(?:will|shall|won't|'ll|plans?|planned to|planning|hopes?|upcoming|(?:is|are|be|been|was|"
    r"were) (?:set|scheduled|expected|slated"
    r"|due|planned|to (?=[a-z]+\b(?<!ed)))|expected|scheduled|slated|until|next|tentatively"
    r"|tomorrow|(?:can|could|shall|may) (?:we|you|i)\b(?!\s+\w*ed\b)|let['’]s|see you|"
    r"are you free|(?:he|she|they|we|i)(?:['’]ll| am|['’]m) (?:in|at|off|on|away|out|back)\b"
    r"|premieres|debuts|opens|arrives|returns|begins|starts|airs|streams|bows|launches|kicks off|goes on|"
    r"takes place|hits|runs through|continues"
    r"|closes|ends|departs|sails|reopens|faces|to (?:be|begin|start|open|premiere|debut|air|return|"
    r"perform|play|appear|go|close|launch|release|stream))\b",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"\b(?:was|were|had|did|has|have|ago|since|(?<!to )last|yesterday|[a-z]{2,}ed|began|came|saw|heard|told|said|"
    r"went|got|made|took|ran|struck|hit|shot|died|found"
    r"|left|sang|won|lost|wrote|held|stood|broke|fell|sank|swept|killed|born|sold|drew|gave|built|met|"
    r"put|became|knew|spoke|"
    r"drove|rose|stole|fled|blew|led|felt|kept|set|cut|sent|spent|brought|bought|caught|taught|thought)\b",
    re.IGNORECASE,
)
_SPEECH = re.compile(r"\b(?:said|told|says|announced|added|confirmed|according|reported|wrote|stated)\b", re.IGNORECASE)

_WOULD = re.compile(r"\bwould\s+(?!have\b|not\s+have\b)(?:not\s+)?(?:be\s+[a-z]+(?:ed|en|t|ld)?|[a-z]+)\b")

_SAID_ON = re.compile(rf"{_SPEECH.pattern}(?:\s+\w+)?(?:\s+on)?\s+(?:late |early )?$", re.IGNORECASE)

# "Did not hear about it until Tuesday" looks back.
_NOT = re.compile(r"\b(?:did not|didn['’]t|had not|hadn['’]t|never|was not|wasn['’]t|not)\b", re.IGNORECASE)
_PASSIVE_AHEAD = re.compile(r"\b(?:will|shall|would|to|may|must|can)\s+(?:not\s+|now\s+|also\s+)?be\s+$", re.IGNORECASE)


def tense_at(text: str, start: int, end: int) -> str | None:
    """`ahead`, `back`, or None when nothing tells. `text` is a sentence; start and end are the place of the date.

    Verbs of saying do not count: "said the show will open Friday" looks ahead.
    """
    if _SAID_ON.search(text, max(0, start - 60), start):
        return "back"  # "announced on Thursday that it will open": the saying is past
    best: tuple[int, str] | None = None
    for first, last, name in _signs(text):
        if first >= start and last <= end:
            continue
        gap = start - last if last <= start else 2 * (first - end) + 12
        if first >= end and "," in text[end:first]:
            gap += 30  # "ended its run on Thursday, will return": the clause of the day is over
        if best is None or gap < best[0] or (gap == best[0] and name == "ahead"):
            best = (gap, name)
    return best[1] if best else None


@lru_cache(maxsize=64)  # asked for every date of a sentence, and a page without full stops is one sentence
def _signs(text: str) -> tuple[tuple[int, int, str], ...]:
    """Place and direction of every word of a sentence that looks ahead or back."""
    spoken = [m.span() for m in _SPEECH.finditer(text)]
    found = [
        (*m.span(), "ahead")
        for m in _AHEAD.finditer(text)
        if not (m[0].lower() == "until" and _NOT.search(text, max(0, m.start() - 48), m.start()))
    ]
    if spoken:
        # "Rand said he would be arraigned Monday"
        found += [(*m.span(), "ahead") for m in _WOULD.finditer(text, spoken[0][1])]
    for m in _BACK.finditer(text):
        if _PASSIVE_AHEAD.search(text, max(0, m.start() - 40), m.start()):
            continue  # "will be held Tuesday"
        if not any(a <= m.start() < b for a, b in spoken):
            found.append((*m.span(), "back"))
    return tuple(found)
