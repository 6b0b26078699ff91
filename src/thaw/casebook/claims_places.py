"""Where things happened: places, and houses with a name, laid to the event that their sentence speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from thaw.data import read_toml
from thaw.intake import Mention

from .claims_account import Account, Saying, plain
from .claims_cues import IDLE, Cue, cues_in
from .claims_deeds import deeds_in, is_deed
from .claims_distance import gap_to, what_is_held
from .claims_doubt import is_doubted
from .claims_entities import Main, entity_of, is_others, label_of, merged
from .claims_people import People
from .claims_subjects import together

_AT = re.compile(
    r"\b(?:at|in|near|on|inside|outside|from|behind|to|beside|by|along|off|under|below|above)\s+(?:the\s+)?$", re.I
)
# Houses that the reading takes for organisations, and that things happen in.
_HOUSES = re.compile(
    r"\b(?:Hospital|Church|School|Cemetery|Hotel|Motel|Inn|Cafe|Café|Tavern|Bar|Grill|Diner|Restaurant|Theater|Theatre|Center|Centre|"
    r"Clinic|Temple|Synagogue|Chapel|Cathedral|College|University|Courthouse|Prison|Library|Museum|Hall|Store|Home|Lounge|Club|"
    r"Market|Penitentiary|Infirmary|Arena|Stadium|Park|Parish|House|Auditorium|Stage|Court|Jail)$"
)
_IN_THE_HOUSE = re.compile(
    r"\b(?:at|in|At|In|inside|outside|near|behind|of)\s+(?:the\s+)?(?P<more>(?:[A-Z][\w'’.-]*\s+){0,4})$"
)
_COURTS = frozenset(
    ["lawsuit", "plea", "verdict", "sentence", "hearing", "trial", "court", "arraignment", "ruling", "testimony"]
)
# Spots with a name whose last word is small: "the Cold Spring shelter".
_SPOT = re.compile(
    r"\b(?:at|in|near|inside|outside|behind|beside|below|above|from|to|off|under)\s+the\s+"
    r"(?P<name>(?:[A-Z][\w'’-]+\s+){1,3}(?:shelter|hotel|motel|church|bridge|trailhead|campground|cabin|quarry|mill|farm|ranch|dam|pier|landing|cemetery|tavern|diner|jail|"
    r"prison|courthouse|store|station|park|plant|factory|warehouse|theater|theatre|stadium|arena|school|orchard|hospital|"
    r"library|club|lodge|restaurant|marina|depot|airport|fairgrounds|armory|museum|mine|reservoir|garage))\b(?!\s+[A-Z])"
)
_STATE = re.compile(r",\s+(?P<state>[A-Z][\w.]*(?:\s+[A-Z][\w.]*)?)")
# "Reached at her home in Yakima", "who lives in Linden": where somebody is or lives.
_AT_HOME = re.compile(
    r"\b(?:(?:reached|said|says|spoke|speaking|interviewed|interview|visited)\b[^.;]{0,40}\b(?:home|house|apartment|office)\s+"
    r"(?:in|at|on|near)|telephone\s+from|phone\s+from|from\s+(?:his|her)|lives?\s+(?:\w+\s+)?(?:in|at|on|near)|"
    r"living\s+in|residents?\s+of|who\s+lived\s+(?:in|at|on)|based\s+in)\s+(?:the\s+)?$",
    re.I,
)
# Only after these verbs does "from" say where it was.
_TAKEN_FROM = re.compile(
    r"\b(?:disappeared|vanished|missing|kidnapped|abducted|taken|stolen|escaped|released|pulled|fished|recovered|fled|buried|"
    r"freed|dragged|snatched|walked\s+away|broadcast|live|paroled)\s+(?:\w+\s+){0,2}from\s+(?:the\s+)?$"
)
# "Testified that", "told the court that": what stands on the other side of it is another matter.
_BREAK = re.compile(
    r"\b(?:that|who|which|whose|where|when|because|while|until|"
    r"(?:after|before)\s+(?:he|she|it|they|the(?!\s+(?:audience|crowd|court))|his|her|[A-Z]|[a-z]+ing\b))\b"
    r"|;|,\s+(?:and|but)\s|\bsaid\b|\btold\b"
)
_BEGINS = re.compile(r"\s+(?:an?|its|their|his|her)\s")  # "begin a tour to 14 cities"
_TIME_OF = re.compile(
    r"\b(?:day|night|time|morning|date|anniversary|news|details|told|story)\s+(?:of|about)\s+(?:the|his|her|an?)\s+$"
)
_BEGINS = re.compile(r"\s+(?:an?|its|their|his|her)\s")  # "begin a tour to 14 cities"
_TIME_OF = re.compile(
    r"\b(?:day|night|time|morning|date|anniversary|news|details|told|story)\s+(?:of|about)\s+(?:the|his|her|an?)\s+$"
)
_TOWN = re.compile(r"(?:,|\s+in)\s+$")
_VENUES = frozenset(["place.head", "place.address", "place.block", "place.crossing"])
# After these somebody is elsewhere: "born in Bergen, Thorvaldsen came to Oregon".
_GONE = re.compile(
    r"\b(?:came|moved|went|drove|returned|settled|lives?|lived|living|resides?|resided|fled|grew|emigrated|traveled|worked|"
    r"studied)\b"
)
_TRAVELS = frozenset(
    ["arrival", "departure", "departure_trip", "return", "announcement", "identification", "retirement"]
)
# Roads and rivers run past many spots: two of them, or one and a spot, exclude nothing.
_LINES = re.compile(
    r"\b(?:Trail|Road|Rd|Street|St|Avenue|Ave|Highway|Hwy|Route|River|Creek|Lane|Drive|Boulevard|Railroad|Canal|Pike|Turnpike)\.?$"
)
_KEPT = re.compile(
    r"\b(?:is|was|remains)\s+(?:now\s+|still\s+)?in\s+(?:the\s+)?(?P<name>(?:[a-z]+\s+){0,2}"
    r"(?:prison|penitentiary|jail|reformatory)\s+(?:at|in)\s+[A-Z]\w+(?:\s+[A-Z]\w+)?)"
)
_NEAR = 90


_NUMBERED = re.compile(r"\b(?:Road|Rd|Route|Rte|Highway|Hwy)\.?$")
_NUMBER = re.compile(r"\s+(\d{1,4})\b(?!\s*(?:[ap]\.?m\b|miles?|feet|yards?|people|men|persons))")  # "Township Road 61"
_MODIFIES = re.compile(
    r"\s+(?:[a-z]+\s+)?(?:fire|blaze|death|killing|slaying|murder|case|crash|robbery|shooting|stabbing|strangling|abduction|wreck)s?\b"
)
_PART_OF = re.compile(r"\b(?:wings|stage|steps|back|front|basement)\s+of\s")


def _as_place(account: Account, m: Mention) -> Mention | None:
    """A place that stands after a word of place; a house with a name in whole ("First Lutheran Church")."""
    before = account.text[max(0, m.start - 60) : m.start]
    if m.kind == "place" and _MODIFIES.match(account.text, m.end):
        return None  # "orders trial in Port Ansel fire deaths": of the deaths
    if m.kind == "place":
        if m.rule == "place.dateline" or not _AT.search(before[-14:]):
            return None
        if re.search(r"\bfrom\s+(?:the\s+)?$", before, re.I) and not _TAKEN_FROM.search(before):
            return None
        return None if _AT_HOME.search(before) or re.search(r"\bto\s+(?:the\s+)?$", before) else m
    found = _IN_THE_HOUSE.search(before) if m.kind == "organisation" else None
    if found is None or not _HOUSES.search(m.normal):
        return None
    if re.match(r"of\s", found.group(), re.I) and not re.search(
        r"\b(?:wings|stage|steps|back|front|basement)\s+of\s", before
    ):
        return None
    name = " ".join(f"{found['more']}{m.normal}".split())
    return replace(m, start=m.start - len(found["more"]), normal=name, rule="place.head")


def _places(account: Account) -> Iterator[Mention]:
    """The places of an account that stand after a word of place, and its spots with a name, in order."""
    found = [m for told in account.mentions if (m := _as_place(account, told)) is not None]
    for spot in _SPOT.finditer(account.text):
        start, end = spot.span("name")
        found = [m for m in found if m.end <= start or end <= m.start]
        name = " ".join(spot["name"].split())
        found.append(Mention("place", spot["name"], name, start, end, "place.head", "likely"))
    yield from sorted(found, key=lambda m: m.start)


def _with_state(account: Account, m: Mention) -> tuple[str, str]:
    """ "Deer Fork, Ohio" and the state alone: a town with its state where the text gives it."""
    after = _STATE.match(account.text, m.end)
    if m.kind != "place" or after is None or m.rule in ("place.address", "place.block", "place.crossing"):
        return m.normal, ""
    state, forms = after["state"], _states()
    found = forms.get(state) or forms.get(state.removesuffix(".")) or forms.get(state.split()[0].removesuffix("."))
    if found is None or found == plain(m.normal):
        return m.normal, ""
    words = state if state in forms or state.removesuffix(".") in forms else state.split()[0]
    full = words.removesuffix(".") in set(read_toml("reading/places.toml")["state_forms"].values()) | {"Ohio", "Iowa"}
    return f"{m.normal}, {words.removesuffix('.') if full or len(words) > 6 else words}", found


@cache
def _states() -> dict[str, str]:
    """The forms of the states' names, each with one form that they share: "N.C." and "North Carolina" with "nc"."""
    places = read_toml("reading/places.toml")
    found = {short: str(name) for short, name in places["state_forms"].items()}
    found |= {name: name for name in [*found.values(), *str(places["more_states"]).split("\n")] if name}
    return {
        form: "".join(word[0] for word in name.split()).lower() if " " in name else plain(name)
        for form, name in found.items()
    }


def with_states(sayings: list[Saying]) -> list[Saying]:
    """A town without its state is the town with it that other sayings of that event name, if they name only one."""
    towns: dict[tuple[str, str], set[str]] = {}
    for s in sayings:
        if s.kind == "place" and s.more.get("state"):
            towns.setdefault((s.subject, s.key), set()).add(s.more["state"])
    found = []
    for s in sayings:
        states = towns.get((s.subject, s.key), set()) if s.kind == "place" else set()
        if s.kind == "place" and len(states) > 1 and s.more.get("state"):
            s = replace(s, key=f"{s.key} {s.more['state']}")
        elif len(states) == 1 and not s.more.get("state"):
            same = (o for o in sayings if o.kind == "place" and (o.subject, o.key) == (s.subject, s.key))
            s = replace(s, value=next(o.value for o in same if o.more.get("state")))
        found.append(s)
    return found


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
    for m in _places(account):
        sentence = account.sentence_of(m.start)
        cue = None if _is_headline(account.text[slice(*sentence)]) else _cue_of(account, m, sentence)
        if cue is None or is_doubted(account.text, sentence, cue, m.start):
            continue
        entity = entity_of(account, cue, sentence, people, main)
        entity = None if entity == plain(m.normal) else entity
        for one in together(account, cue, sentence, people) or (entity,):
            yield _saying(account, m, cue, one, sentence)
    for kept in _KEPT.finditer(account.text):
        start, end = kept.span("name")
        sentence = account.sentence_of(start)
        cue = Cue("detention", kept.start() + len(kept.group().split()[0]) + 1, end, "past")
        if (whose := entity_of(account, cue, sentence, people, main)) is not None:
            m = Mention("place", kept["name"], " ".join(kept["name"].split()), start, end, "place.head", "likely")
            yield _saying(account, m, cue, whose, sentence)


def _is_headline(words: str) -> bool:
    """Whether nearly every longer word is capitalized: a heading, whose places are no names."""
    long = re.findall(r"[A-Za-z]{4,}", words)
    return len(long) > 2 and sum(w[0].isupper() for w in long) >= 0.85 * len(long) and "." not in words


def _cue_of(account: Account, m: Mention, sentence: tuple[int, int]) -> Cue | None:
    """The event that a place is told of: the nearest one that no other clause stands between."""
    text = account.text
    cues = [c for c in cues_in(text, *sentence) if not (c.start < m.end and m.start < c.end)]
    # "Two terms in Moundridge for burglary": where he sat, not where it was.
    cues = [c for c in cues if c.form != "noun" or text[max(c.start - 4, 0) : c.start] != "for "]
    cues = [c for c in cues if c.form != "noun" or not _TIME_OF.search(text, max(c.start - 30, 0), c.start)]
    cues = [c for c in cues if c.event not in ("start", "end") or not _BEGINS.match(text, c.end)]
    cues = [c for c in cues if c.end > m.start or not _GONE.search(text[c.end : m.start])]
    cues += [c for c in deeds_in(account, sentence) if not is_deed(c) and not (c.start < m.end and m.start < c.end)]
    lay = re.compile(r"\b(?:bodies|body)\s+lay\b").search(text, *sentence)
    cues += [Cue("discovery", lay.end() - 3, lay.end(), "past")] if lay else []
    gaps = [(g, i) for i, c in enumerate(cues) if (g := _gap(account, m, c, sentence)) < _NEAR]
    if not gaps:
        return None
    said = cues[min(gaps)[1]]
    cue = what_is_held(text, said, cues)
    if cue.event == IDLE or cue.event in _TRAVELS or (cue.event == "festival" and cue.form != "noun" and cue is said):
        return None
    if m.normal.endswith("Court") and cue.event not in _COURTS:
        return None
    return cue


_OPENS = re.compile(r"\W*(?:[A-Z]{2}[^.;]*?(?:--|—|–)\s+)?(?:(?:On|In|At|Near|Outside|Inside)\b[^.;]{0,60})?")


def _gap(account: Account, m: Mention, cue: Cue, sentence: tuple[int, int]) -> float:
    """How far a place stands from an event's word; a place before the word must open its clause."""
    gap = gap_to(account, m, cue)
    text = account.text
    if cue.end <= m.start:
        between = text[cue.end : m.start]
        gap -= 25 if cue.form == "noun" and re.match(r"\s+(?:of|in|at|on|near)\b", between) else 0
        if text[cue.start : cue.end].endswith("ing") and cue.event == "death":
            gap -= 25  # "pleaded guilty to killing two hikers on the trail"
        gap += (
            _NEAR
            if _BREAK.search(re.sub(r"\s+(?:where|when)\s+(?:he|she|it|they)\s+(?:was|were)\s+$", " ", between))
            else 0
        )
        return gap
    between = text[m.end : cue.start]
    opens = re.fullmatch(
        r"\W*(?:(?:[A-Z]{2}[^.;]*?(?:--|—|–)\s+)?(?:(?:On|In|At|Near|Outside|Inside)\b[^.;]{0,60})?)",
        text[sentence[0] : m.start],
    )
    if opens and not _BREAK.search(between):
        return gap / 2
    return gap + _NEAR if "," in between or _BREAK.search(between) else gap + 20


def _saying(account: Account, m: Mention, cue: Cue, entity: str | None, sentence: tuple[int, int]) -> Saying:
    event, entity = merged(account, cue, sentence, entity)
    if event == "festival" and cue.form == "noun":
        event = account.text[cue.start : cue.end].lower().replace("\n", " ")
    size = "venue" if m.rule in ("place.head", "place.address", "place.block", "place.crossing") else "area"
    if re.search(r"\b(?:County|Township|State|Province)$", m.normal):
        size = "area"
    name, state = _with_state(account, m)
    number = _NUMBER.match(account.text, m.end) if _NUMBERED.search(m.normal) else None
    name = f"{name} {number[1]}" if number and name == m.normal else name
    if m.rule in _VENUES:
        town = next((p for p in account.inside(m.end, m.end + 60, "place") if p.rule not in _VENUES), None)
        if town is not None and _TOWN.fullmatch(account.text, m.end, town.start) and town.normal not in name:
            name = f"{name}, {town.normal}"
    label = label_of(event, entity)
    more = {"entity": entity, "event": event, "state": state, "own": is_others(account, cue, sentence)}
    group = None if _LINES.search(m.normal) or event == "detention" else ("place", event, size)
    return Saying(
        account,
        sentence,
        "place",
        label,
        label,
        name,
        plain(f"{m.normal} {number[1]}" if number else m.normal),
        group,
        None,
        (),
        more,
    )
