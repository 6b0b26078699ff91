"""Where things happened: places, and houses with a name, laid to the event that their sentence speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from thaw.intake import Mention

from .claims_account import Account, Saying, plain
from .claims_cues import cues_in
from .claims_distance import gap_to, what_is_held
from .claims_entities import Main, entity_of, label_of, merged
from .claims_people import People

_AT = re.compile(
    r"\b(?:at|in|near|on|inside|outside|from|behind|to|beside|by|along|off|under|below|above)\s+(?:the\s+)?$"
)
# Houses that the reading takes for organisations, and that things happen in.
_HOUSES = re.compile(
    r"\b(?:Hospital|Church|School|Cemetery|Hotel|Motel|Inn|Cafe|Café|Tavern|Bar|Grill|Diner|Restaurant|Theater|Theatre|Center|Centre|"
    r"Clinic|Temple|Synagogue|Chapel|Cathedral|College|University|Courthouse|Prison|Library|Museum|Hall|Store|Home|Lounge|Club|"
    r"Market|Penitentiary|Infirmary|Arena|Stadium|Park|Parish)$"
)
_IN_THE_HOUSE = re.compile(
    r"\b(?:at|in|inside|outside|near|behind|through)\s+(?:the\s+)?(?P<more>(?:[A-Z][\w'’.-]*\s+){0,4})$"
)
_TIME_OF = re.compile(
    r"\b(?:day|night|time|morning|date|anniversary|news|details|told|story)\s+(?:of|about)\s+(?:the|his|her|an?)\s+$"
)
# After these somebody is elsewhere: "born in Bergen, Thorvaldsen came to Oregon".
_GONE = re.compile(r"\b(?:came|moved|went|drove|returned|settled|lived|fled|grew|emigrated|traveled|worked|studied)\b")


def _as_place(account: Account, m: Mention) -> Mention | None:
    """A place that stands after a word of place; a house with a name in whole ("First Lutheran Church")."""
    if m.kind == "place":
        return m if m.rule != "place.dateline" and _AT.search(account.text[max(0, m.start - 14) : m.start]) else None
    found = _IN_THE_HOUSE.search(account.text[max(0, m.start - 60) : m.start]) if m.kind == "organisation" else None
    if found is None or not _HOUSES.search(m.normal):
        return None
    name = " ".join(f"{found['more']}{m.normal}".split())
    return replace(m, start=m.start - len(found["more"]), normal=name, rule="place.head")


def place_sayings(account: Account, people: People, main: Main) -> Iterator[Saying]:
    """Places that stand in a sentence with an event, after a word of place."""
    for told in account.mentions:
        m = _as_place(account, told)
        if m is None:
            continue
        sentence = account.sentence_of(m.start)
        cues = [c for c in cues_in(account.text, *sentence) if not (c.start < m.end and m.start < c.end)]
        # "Two terms in Moundridge for burglary": where he sat, not where it was.
        cues = [c for c in cues if c.form != "noun" or account.text[max(c.start - 4, 0) : c.start] != "for "]
        cues = [c for c in cues if c.form != "noun" or not _TIME_OF.search(account.text, max(c.start - 30, 0), c.start)]
        if re.search(r"\bfrom\s+(?:the\s+)?$", account.text[max(0, m.start - 12) : m.start]):
            cues = [c for c in cues if c.end <= m.start]  # "a roofer from Peru, was arrested": not there
        cues = [c for c in cues if c.end > m.start or not _GONE.search(account.text[c.end : m.start])]
        gaps = [(g, i) for i, c in enumerate(cues) if (g := gap_to(account, m, c)) < 90]
        if not gaps:
            continue
        cue = what_is_held(account.text, cues[min(gaps)[1]], cues)
        entity = entity_of(account, cue, sentence, people, main)
        entity = None if entity == plain(m.normal) else entity
        event = merged(cue.event, account, sentence)
        size = "venue" if m.rule in ("place.head", "place.address", "place.block", "place.crossing") else "area"
        more = {"entity": entity, "event": event}
        yield Saying(
            account,
            sentence,
            "place",
            label_of(event, entity),
            label_of(event, entity),
            m.normal,
            plain(m.normal),
            ("place", event, size),
            None,
            (),
            more,
        )
