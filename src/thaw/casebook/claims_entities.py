"""Whose an event is: the work, the thing or the person that a sentence, or else the whole account, joins to it."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property

from thaw.data import read_toml
from thaw.intake import Mention, reading

from .claims_account import Account, plain
from .claims_cues import Cue, cues_in
from .claims_people import People
from .claims_pronouns import attributed
from .claims_subjects import person_of, relative_before
from .claims_works import leans, main_work, season_of

_NAMED_EVENT = re.compile(
    r"\b(?P<sort>Hurricane|Tropical Storm|Typhoon|Cyclone|Operation|Storm|Flight|Apollo)\s+(?P<name>[A-Z][\w-]+|\d+)"
)

# Events that one person goes through: "the verdict" of an account that names one accused is hers.
_FAMILIES = (
    frozenset(
        [
            "arrest",
            "charge",
            "arraignment",
            "detention",
            "preliminary",
            "court",
            "plea",
            "trial",
            "verdict",
            "sentence",
            "release_person",
            "execution",
            "extradition",
            "hearing",
            "jury_selection",
            "opening_statements",
            "closing_arguments",
            "extradition_hearing",
            "extradition_waiver",
            "parole_eligibility",
            "return",
        ]
    ),
    frozenset(
        [
            *("death", "shooting", "disappearance", "discovery", "autopsy", "burial", "inquest"),
            *("funeral", "memorial", "visitation", "service"),
        ]
    ),
)


_OBSEQUIES = frozenset(["burial", "funeral", "service", "memorial", "visitation"])
_HEAD = 250  # letters
_TOLD_OFTEN = 2  # events told of one who died, from which "the death" and "the funeral" are taken for his


class Main:
    """The work, the person and the named event that an account is mainly about."""

    def __init__(self, account: Account, people: People) -> None:
        self._account, self._people = account, people
        self.titles = main_work(account)
        named = _NAMED_EVENT.search(account.text)
        self.named_event = f"{named['sort']} {named['name']}" if named else None

    @cached_property
    def _told(self) -> list[Counter[str]]:
        """For each family of events, how often the account tells them of whom."""
        found = [Counter[str]() for _ in _FAMILIES]
        for sentence in self._account.sentences:
            for cue in cues_in(self._account.text, *sentence):
                for family, count in zip(_FAMILIES, found, strict=True):
                    if cue.event in family and (whose := person_of(self._account, cue, sentence, self._people)):
                        count[whose] += 1
        return found

    def of_family(self, event: str) -> str | None:
        """The person of whom the account tells most events of that family; None when two are told of as often."""
        for family, count in zip(_FAMILIES, self._told, strict=True):
            best = count.most_common(2)
            often = 1 if "verdict" in family else _TOLD_OFTEN
            sure = bool(best) and best[0][1] >= often and (len(best) == 1 or best[0][1] > best[1][1])
            if event in family and sure:
                return best[0][0]
            if (
                event in _OBSEQUIES & family
                and len(best) == 2
                and best[0][1] >= often
                and best[0][1] == best[1][1]
                and count.total() == best[0][1] + best[1][1]
            ):
                # Two are told of as often: the one whom the account's head names.
                head = {self._people.key(p.normal) for p in self._account.inside(0, _HEAD, "person")}
                named = [name for name, _ in best if name in head]
                return named[0] if len(named) == 1 else None
        return None


def entity_of(account: Account, cue: Cue, sentence: tuple[int, int], people: People, main: Main) -> str | None:
    """Whose event it is: the work, the thing or the person that the sentence joins to the word; None when unsaid."""
    sort = (
        "person"  # "Gus Tell was elected sheriff in 1982"
        if cue.event == "verdict" or (cue.event == "election" and cue.form == "past")
        else read_toml("reading/events.toml")["events"].get(cue.event, {}).get("of", "thing")
    )
    start, end = sentence
    words = account.text[start:end]
    titles = [t for t in account.inside(start, end, "title") if not leans(account, t)]
    if other := _ANOTHER.search(account.text, start, cue.end):
        return f"an earlier {other['n'].lower()}"
    if cue.event == "fire" or sort == "case":
        return None  # accounts of one case tell of one fire unless they name another
    if cue.event in (
        "premiere",
        "opening",
        "release",
        "broadcast",
        "filming",
        "renewal",
        "closing",
        "end",
        "start",
    ) or cue.event in ("performance", "previews", "postponement"):
        later = season_of(account, sentence, cue.start, cue.end)
        if titles and (sort == "work" or _near(titles, cue) < 90):
            return _of_season(_nearest(titles, cue).normal, later)
        stands = read_toml("reading/events.toml")["stands_for"]["work"].replace(" ", "|")
        if main.titles and re.search(
            rf"\b(?:the|its|new|this|it|a)\s+(?:\w+\s+)?(?:{stands})\b|^\W*(?:It|All)\b|\bit (?:will|is|was)\b",
            words,
            re.I,
        ):
            return _of_season(main.titles, later)
        if sort == "work":
            return _of_season(main.titles, later) if main.titles else None
    if cue.event == "discovery" and (found_thing := _thing_found(account, cue, sentence)):
        return found_thing
    if sort == "person" and (kin := relative_before(account, cue, sentence)):
        return f"a {kin}"
    if sort == "person":
        return person_of(account, cue, sentence, people) or (main.of_family(cue.event) if _the(account, cue) else None)
    if named := _NAMED_EVENT.search(words):
        return plain(f"{named['sort']} {named['name']}")
    if cue.event in _OF_A_THING:
        return _thing_of(account, cue, sentence, main, titles)
    things = [t for t in account.inside(start, end, "organisation", "title") if not attributed(account, t)]
    return plain(_nearest(things, cue).normal) if things and _near(things, cue) < 60 else None


_OF_A_THING = frozenset(
    ["landfall", "collapse", "festival", "robbery", "end", "start", "opening", "reopening", "closing", "demolition"]
)
_END_TO = re.compile(r"\s+to\s+(?:the|his|her|its|their|a|an)\s+(?P<n>[a-z][\w-]*)")
_AT_IT = re.compile(r"\b(?:at|in|inside|near|outside|behind)\s+(?:the\s+)?$")
_TRIAL = re.compile(r"\btrial\b")


def _thing_of(account: Account, cue: Cue, sentence: tuple[int, int], main: Main, titles: list[Mention]) -> str | None:
    """The storm, the house, the store or the firm whose event it is."""
    start, end = sentence
    stands = read_toml("reading/events.toml")["stands_for"]["thing"].replace(" ", "|")
    it = rf"\b(?:the|it)\s*(?:{stands})?\b"
    if main.named_event and cue.event == "landfall" and re.search(it, account.text[start:end], re.I):
        return plain(main.named_event)
    if cue.event == "robbery" and titles:
        return plain(_nearest(titles, cue).normal)
    if cue.event == "end" and cue.form == "noun" and (of := _END_TO.match(account.text, cue.end, end)):
        return plain(of["n"])  # "since Friday, an end to the case"
    if cue.event in ("opening", "closing") and _TRIAL.search(account.text, start, cue.start):
        return "trial"  # "the trial of Dale Rusk opened in Harlan County Superior Court"
    if cue.event in ("start", "end", "opening", "closing"):
        thing = re.search(
            rf"\b(?:the|its|his|her)\s+(?P<n>(?:\w+\s+)?(?:{stands}|sentencing|season|tour|series))\b",
            account.text[max(start, cue.start - 60) : cue.start],
            re.I,
        )
        if thing:
            return plain(thing["n"])
    known = ("place.gazetteer", "place.dateline", "place.after_in", "place.dateline_again")
    things = [
        t
        for t in account.inside(start, end, "organisation", "place")
        if not attributed(account, t) and t.rule not in known
    ]
    if cue.event == "festival":
        # "First staged here in 1952, it runs at the Grange Hall": the house is where, not what.
        things = [t for t in things if not _AT_IT.search(account.text, max(t.start - 14, 0), t.start)]
    if cue.event in ("start", "end"):
        things = [t for t in things if t.kind == "organisation"]  # "calls started ... she moved to Elm St."
    return plain(_nearest(things, cue).normal) if things else None


def _of_season(title: str, later: str | None) -> str:
    """A work, and its season where the sentence speaks of a later one: its premiere is another event."""
    return f"{plain(title)} {later}" if later else plain(title)


_SUBJECT = re.compile(
    r"(?:^|[.;,]\s|\band\s)\s*(?:an?|the|his|her|two|three|several)\s+(?:[\w'’-]+\s+){0,4}?(?P<noun>[\w-]+)\s+"
    r"(?:was|were|is|has been|had been|have been)\s+(?:\w+ly\s+|later\s+|also\s+)?$",
    re.I,
)


_CAR_WITH_PLATE = re.compile(
    r"(?:^|[.;,]\s|\b(?:and|said|that)\s)\W*(?:an?|the|his|her|their|[A-Z][\w-]+['’]s?)\s+(?:[\w'’-]+\s+){0,4}?[\w'’-]+,\s+"
    r"(?:[\w.]+\s+){0,2}(?:license|licence|plate|plates|tag|tags|registration)\b[^,;]{1,30},\s+(?:was|had\s+been|has\s+been|is)\s+"
    r"(?:\w+ly\s+|later\s+|also\s+)?$",
    re.I,
)


def _thing_found(account: Account, cue: Cue, sentence: tuple[int, int]) -> str | None:
    """ "A bloodstained jacket was found": what was found where it is no body and no person."""
    if _CAR_WITH_PLATE.search(account.text[max(sentence[0], cue.start - 120) : cue.start]):
        return "car"  # "Her tan Plymouth, Ohio license KDW 417, was found"
    found = _SUBJECT.search(account.text[max(sentence[0], cue.start - 90) : cue.start])
    if found is None or account.inside(max(sentence[0], cue.start - 90) + found.start(), cue.start, "person"):
        return None
    noun = found["noun"].lower()
    known = noun.split("-")[-1] in reading.words("roles", "occupations") | reading.words("roles", "kin")
    return None if noun in reading.words("roles", "bodies") or known else noun


def _the(account: Account, cue: Cue) -> bool:
    """Whether the words leave open whose it is: "the verdict", "funeral services", "sentencing"; not "a killing of"."""
    left = account.text[max(0, cue.start - 24) : cue.start]
    if cue.event == "visitation" and re.search(r"\bfamily\s+(?:\w+\s+)?$", left):
        return True  # "the family will receive friends"
    if cue.form == "noun" and cue.event in (
        *(
            "charge",
            "arraignment",
            "preliminary",
            "court",
            "trial",
            "sentence",
            "plea",
            "burial",
            "inquest",
            "funeral",
            "memorial",
            "visitation",
            "hearing",
            "extradition",
            "jury_selection",
            "opening_statements",
            "closing_arguments",
            "extradition_hearing",
            "visitation",
        ),
    ):
        return True  # "an arraignment is set for Friday": of whom the account tells
    return cue.form == "noun" and not re.search(r"\b(?:an?|another|two|three|other|earlier)\s+(?:\w+\s+)?$", left, re.I)


_ANOTHER = re.compile(
    r"\b(?:last|previous|earlier|another|other|similar)\s+(?:such\s+)?(?:\w+\s+)?(?P<n>storm|hurricane|fire|flood|trial|concert|show|film|robbery|accident|crash|killing|murder|tornado|quake|earthquake)s?\b",
    re.I,
)


def _nearest(mentions: list[Mention], cue: Cue) -> Mention:
    return min(mentions, key=lambda m: cue.start - m.end if m.end <= cue.start else 8 + m.start - cue.end)


def _near(mentions: list[Mention], cue: Cue) -> int:
    m = _nearest(mentions, cue)
    return cue.start - m.end if m.end <= cue.start else m.start - cue.end


_LABELS = {
    "release_person": "release",
    "landfall": "strike",
    "departure_trip": "departure",
    "strike": "walkout",
    "festival": "event",
    "collapse": "wreck",
    "court": "court appearance",
    "run_down": "collision",
    "fall": "collapse",
    "funeral": "funeral (burial)",
    "memorial": "memorial service",
    "wedding": "wedding (marriage)",
    "firing": "firing (dismissal)",
    "charge": "charges",
    "ticket_sale": "ticket sale",
    "last_performance": "last performance",
    "jury_selection": "jury selection",
    "opening_statements": "opening statements",
    "closing_arguments": "closing arguments",
    "missing_report": "missing report",
    "preliminary": "court appearance (preliminary hearing)",
    "death": "death",
    "killing": "death (killing)",
    "extradition_hearing": "extradition hearing",
    "extradition_waiver": "extradition waived",
    "parole_eligibility": "parole eligibility",
}


_SEVERAL = re.compile(
    r"\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|the|many|some|several)\s+(?:[\w-]+\s+){0,2}"
    r"(?!(?:was|is|has|his|hers|this|does)\b)\w+s\s+(?:who\s+)?(?:(?:were|have|had|are|will|be|been)\s+)*$",
    re.I,
)


def is_others(account: Account, cue: Cue, sentence: tuple[int, int]) -> bool:
    """Whether a verb has several people without a name before it: "12 miners who died" are not the one who is named."""
    return cue.form != "noun" and bool(_SEVERAL.search(account.text, max(sentence[0], cue.start - 60), cue.start))


def of_person(event: str) -> bool:
    """Whether an event befalls one person: two of them that nobody names are two."""
    sort = read_toml("reading/events.toml")["events"].get(event, {}).get("of", "thing")
    return event == "verdict" or sort == "person"


def of_work(event: str) -> bool:
    """Whether an event is one of works: a premiere, a renewal."""
    return bool(read_toml("reading/events.toml")["events"].get(event, {}).get("of") == "work")


def label_of(event: str, entity: str | None) -> str:
    """How an event is called: "premiere of the salt road"."""
    name = _LABELS.get(event, event)
    return f"{name} of {entity}" if entity else name


def merged(account: Account, cue: Cue, sentence: tuple[int, int], entity: str | None) -> tuple[str, str | None]:
    """The event as it is compared, and whose it is: the opening of a work is its premiere."""
    if cue.event != "opening":
        return cue.event, entity
    work = main_work(account)
    if entity is None and work is not None and _IT.search(account.text, max(sentence[0], cue.start - 60), cue.start):
        entity = plain(work)  # "It was first going to open in Duluth"
    of_work = work is not None and entity == plain(work)
    return ("premiere" if of_work or account.inside(*sentence, "title") else "opening"), entity


_IT = re.compile(r"\bIt\s+(?:[a-z]+\s+){0,5}$")
