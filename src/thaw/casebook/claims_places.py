"""Where things happened: places, and houses with a name, laid to the event that their sentence speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from thaw.data import read_toml
from thaw.intake import Mention

from .claims_account import Account, Saying, plain
from .claims_cues import cues_in
from .claims_distance import gap_to, what_is_held
from .claims_entities import Main, entity_of, is_others, label_of, merged
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
_BEGINS = re.compile(r"\s+(?:an?|its|their|his|her)\s")  # "begin a tour to 14 cities"
_TIME_OF = re.compile(
    r"\b(?:day|night|time|morning|date|anniversary|news|details|told|story)\s+(?:of|about)\s+(?:the|his|her|an?)\s+$"
)
# After these somebody is elsewhere: "born in Bergen, Thorvaldsen came to Oregon".
_GONE = re.compile(
    r"\b(?:came|moved|went|drove|returned|settled|lives?|lived|living|resides?|resided|fled|grew|emigrated|traveled|worked|studied)\b"
)


@cache
def _state() -> re.Pattern[str]:
    """A state behind a comma, in whole or as newspapers shorten it, with its point."""
    listed = read_toml("reading/places.toml")
    short = sorted((re.escape(f) for f in listed["state_forms"]), key=len, reverse=True)
    whole = {*listed["state_forms"].values(), *map(str.strip, listed["more_states"].strip().split("\n"))}
    names = "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in sorted(whole, key=len, reverse=True))
    return re.compile(rf",\s+(?P<state>(?:{names})\b|(?:{'|'.join(short)})\b\.?|[NSRW]\.\s?(?:[A-Z]|Va|Mex|Dak|Car)\.)")


_TOWN = re.compile(r"(?:,|\s+in)\s+$")


def _whole(account: Account, m: Mention) -> str:
    """A place as its words have it: a town with its state, a house with its town."""
    name = m.normal
    if m.rule in _VENUES:
        town = next((p for p in account.inside(m.end, m.end + 60, "place") if p.rule not in _VENUES), None)
        if town is not None and _TOWN.fullmatch(account.text, m.end, town.start) and town.normal not in name:
            return f"{name}, {town.normal}"
        return name
    state = _state().match(account.text, m.end)
    return f"{name}, {' '.join(state['state'].split())}" if state and "," not in name else name


_VENUES = frozenset(["place.head", "place.address", "place.block", "place.crossing"])


def _as_place(account: Account, m: Mention) -> Mention | None:
    """A place that stands after a word of place; a house with a name in whole ("First Lutheran Church")."""
    if m.kind == "place":
        return m if m.rule != "place.dateline" and _AT.search(account.text[max(0, m.start - 14) : m.start]) else None
    found = _IN_THE_HOUSE.search(account.text[max(0, m.start - 60) : m.start]) if m.kind == "organisation" else None
    if found is None or not _HOUSES.search(m.normal):
        return None
    name = " ".join(f"{found['more']}{m.normal}".split())
    return replace(m, start=m.start - len(found["more"]), normal=name, rule="place.head")


_AT_THE_SCENE = re.compile(r"\bat\s+the\s+scene\b", re.I)


def _at_the_scene(account: Account, people: People, main: Main) -> Iterator[Saying]:
    """ "Brandvold died at the scene": where it was done, which another account may put in a hospital."""
    for found in _AT_THE_SCENE.finditer(account.text):
        sentence = account.sentence_of(found.start())
        died = [c for c in cues_in(account.text, *sentence) if c.event == "death" and c.form != "noun"]
        near = [c for c in died if 0 <= found.start() - c.end < 40]
        entity = entity_of(account, near[-1], sentence, people, main) if near else None
        if entity is not None:
            label = label_of("death", entity)
            more = {"entity": entity, "event": "death"}
            group = ("place", "death", "venue")
            yield Saying(
                account, sentence, "place", label, label, "at the scene", "at the scene", group, None, (), more
            )


def place_sayings(account: Account, people: People, main: Main) -> Iterator[Saying]:
    """Places that stand in a sentence with an event, after a word of place."""
    yield from _at_the_scene(account, people, main)
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
        cues = [c for c in cues if c.event not in ("start", "end") or not _BEGINS.match(account.text, c.end)]
        gaps = [(g, i) for i, c in enumerate(cues) if (g := gap_to(account, m, c)) < 90]
        if not gaps:
            continue
        cue = what_is_held(account.text, cues[min(gaps)[1]], cues)
        entity = entity_of(account, cue, sentence, people, main)
        entity = None if entity == plain(m.normal) else entity
        event, entity = merged(account, cue, sentence, entity)
        size = "venue" if m.rule in _VENUES else "area"
        more = {"entity": entity, "event": event, "own": is_others(account, cue, sentence)}
        yield Saying(
            account,
            sentence,
            "place",
            label_of(event, entity),
            label_of(event, entity),
            _whole(account, m),
            plain(m.normal),
            ("place", event, size),
            None,
            (),
            more,
        )
