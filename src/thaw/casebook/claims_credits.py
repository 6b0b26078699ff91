"""Credits of a work: "Songs ..... Ruth Bell", "Director: Tomasz Wieland", "additional material by Anselm Pike"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .claims_account import Account, Saying
from .claims_makers import made, row_after, work_near
from .claims_people import People

_ROLES = {
    **dict.fromkeys(["director", "directed by"], "director"),
    **dict.fromkeys(["producer", "produced by"], "producer"),
    **dict.fromkeys(["executive producer"], "executive producer"),
    **dict.fromkeys(["writer", "written by", "screenplay", "script", "teleplay", "story"], "writer"),
    **dict.fromkeys(["creator", "created by"], "creator"),
    "additional material": "author of additional material",
    "songs": "songwriter",
    "music": "composer",
    "score": "composer",
    "lyrics": "lyricist",
    "libretto": "librettist",
    "choreography": "choreographer",
    "cinematography": "cinematographer",
    "photography": "cinematographer",
    "scenery": "designer of scenery",
    "sets": "designer of sets",
    "set design": "designer of sets",
    "costumes": "designer of costumes",
    "lighting": "designer of lighting",
    "sound": "designer of sound",
}
_LABELS = "|".join(sorted(_ROLES, key=len, reverse=True)).replace(" ", r"[ ]")
_LINE = re.compile(
    rf"^[ \t]*(?P<label>{_LABELS})[ \t]*(?:\.{{2,}}|:|…|\t)[ \t.]*(?P<names>[A-Z][^\n]{{2,70}})$", re.I | re.M
)
_THINGS = "|".join(k for k in _ROLES if not k.endswith(" by") and _ROLES[k] != k)
_BY = re.compile(
    rf"\b(?P<label>{_THINGS})\s+(?:(?:is|are|was|were)\s+)?by\s+$".replace(
        "additional material", r"additional\s+material"
    ),
    re.I,
)
_PLAY_BY = re.compile(r"\b(?:play|musical|drama|comedy|film|series|opera|show),?\s+by\s+$", re.I)


def credit_sayings(account: Account, people: People) -> Iterator[Saying]:
    """Who did what for a work, from lines of credits and from "by" behind what was made."""
    if not account.titles:
        return
    for line in _LINE.finditer(account.text):
        label, start = line["label"].lower(), line.start("names")
        for m in account.inside(start, line.end() + 40, "person"):
            if m.start >= line.end() or (
                m.start - start > 3 and not account.text[start : m.start].rstrip().endswith(("and", ",", "&"))
            ):
                break
            sentence = account.sentence_of(m.start)
            yield from made(account, sentence, people.key(m.normal), _ROLES[label], work_near(account, sentence, m))
    for m in account.mentions:
        if m.kind != "person":
            continue
        sentence = account.sentence_of(m.start)
        lead = account.text[max(sentence[0], m.start - 50) : m.start].replace("\n", " ")
        found = _BY.search(lead)
        if found is None and not _PLAY_BY.search(lead):
            continue
        role = _ROLES[" ".join(found["label"].lower().split())] if found else "writer"
        for one in [m, *row_after(account, m, sentence)]:
            yield from made(account, sentence, people.key(one.normal), role, work_near(account, sentence, m))
