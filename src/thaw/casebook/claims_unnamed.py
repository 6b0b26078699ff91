"""Who is meant where a sentence names nobody: "A former foreman was arrested Friday", and his name comes later.

Whom a later sentence says the same of is meant first; else the first person named soon after who is no official, is
not only quoted, is not of another age, and is not told to be the other one of the matter: the dead, where a man was
arrested.
"""

from __future__ import annotations

import re
from functools import lru_cache

from thaw.intake import Mention, reading

from .claims_account import Account
from .claims_cues import cues_in
from .claims_pronouns import attributed, meant, official

_UNNAMED = re.compile(
    r"(?:^|[.;,_—–)-]\s|\bthat\s|\bsaid\s)\s*[\"“]?(?P<np>(?:An?|The|One|another|[Aa]n?|the|[A-Z]\w+['’]s)\s+"
    r"(?:[\w'’.-]+[ -]+){0,9}?"
    r"(?P<noun>[\w-]+))(?P<more>(?:,\s+(?:now\s+|then\s+)?\d{1,3},)?(?:\s+(?:who|from|of|in|at|on|wanted|accused|suspected|charged)\b[^.;]{0,80})?)\s*,?\s*"
    r"(?:(?:was|were|is|are|has|had|will|who|been|be|later|also|to|being)\s+)*$"
)
# "arrested a 24-year-old landscaper"
UNNAMED_OBJECT = re.compile(
    r"\s+(?P<np>an?\s+(?:[a-z\d][\w'’-]*\s+){0,5}?(?:[a-z][\w-]*))"
    r"(?=\s+(?:[A-Z]|(?:on|in|at|after|from|late|early|who|for|of)\b)|\s*[,.])"
)
_YEARS = re.compile(r"\b(\d{1,3})-year-old\b")
_NEXT = 5  # sentences after an unnamed one in which its person may be named


def unnamed_person(account: Account, start: int, end: int, event: str = "") -> tuple[Mention | None, str] | None:
    """Of "A 34-year-old clerk was ...": who is meant (or None) and the words; None when the subject is no such phrase.

    start, end  the sentence from its first letter to the verb
    event       what the verb says that befell
    """
    text = account.text[start:end]
    found = _UNNAMED.search(text)
    if found is None or not is_person_phrase(found["np"]):
        return None
    if any(p.start >= start + found.start("np") for p in account.inside(start, end, "person")):
        return None
    place = start + found.start("np")
    named = account.inside(start, place, "person")
    if named and _APPOSED.fullmatch(account.text[named[-1].end : place]):
        return named[-1], found["np"]  # "Ann Poole, 31, a teacher, was found"
    if found["np"].lower().startswith("the "):
        return meant(account, place), found["np"]  # "the 70-year-old banjo player": who was named before
    return lede_person(account, place, found["np"], event), found["np"]


_APPOSED = re.compile(r",\s*(?:(?:now\s+)?\d{1,3},\s*)?(?:of\s+[^,.;]{2,40},\s*)?")


# Events that are told of one and the same person, and whose opposite is told of the other.
_TAKEN = frozenset(["arrest", "charge", "detention", "arraignment", "court", "plea", "trial", "verdict", "sentence"])
_HARMED = frozenset(["death", "shooting", "discovery", "disappearance", "autopsy", "burial", "funeral"])
_ASKED = frozenset(["questioning", "interview", "clearing", "polygraph"])
_FAR_NEXT = 14  # sentences after an unnamed one in which the same may be told of a name
_TO_THE_VERB = re.compile(
    r"(?:,?\s+(?:age\s+)?\d{1,3},?)?(?:,?\s+of\s+[^,.;]{2,40},?)?(?:,\s+[^.;]{2,70},)?"
    r"(?:,?\s+(?:who|was|were|is|has|had|been|being|later|also|died|then|will|be|to))*\s*"
)
_IDENTIFIED = re.compile(r"\b(?:identified|named)\s+(?:\w+ly\s+)?as\s+(?:[A-Z][\w.]*\s+)?$")


@lru_cache(maxsize=512)
def lede_person(account: Account, place: int, words: str, event: str = "") -> Mention | None:
    """The person whom an unnamed phrase stands for, or None; `event` is what the sentence says befell."""
    age = _YEARS.search(words)
    here = account.sentence_of(place)
    for p in account.inside(place, here[1], "person"):
        if _IDENTIFIED.search(account.text[max(p.start - 40, 0) : p.start]):
            return p  # "A woman whose body was found in 1980 has been identified as Ellen Strand"
    mine, other = _families(event)
    if mine and (same := _said_of(account, here[1], mine)) is not None:
        return same
    if event in _ASKED:
        return None
    told = {p.normal for p in account.inside(*here, "person")}  # to whom he did it
    ends = [end for start, end in account.sentences if start >= place][:_NEXT]
    for p in account.mentions:
        if p.kind != "person" or p.start < here[1] or not ends or p.end > ends[-1] or p.normal in told:
            continue
        if official(p) or attributed(account, p) or p.rule == "person.label":
            continue
        own = re.match(r",\s+(\d{1,3})\b", account.text[p.end : p.end + 8])
        if age and own and own[1] != age[1]:
            continue
        if other and _is_told(account, p, other):
            continue  # the dead man of an account of an arrest
        return p
    return None


def _families(event: str) -> tuple[frozenset[str], frozenset[str]]:
    """Events like this one, and those that befall the other of the matter."""
    if event in _TAKEN:
        return _TAKEN, _HARMED
    if event in _HARMED:
        return _HARMED, _TAKEN
    return (_ASKED, _HARMED) if event in _ASKED else (frozenset(), frozenset())


def _said_of(account: Account, place: int, events: frozenset[str]) -> Mention | None:
    """The first person after a place whom a sentence makes the subject of such an event."""
    for start, end in [s for s in account.sentences if s[0] >= place][:_FAR_NEXT]:
        for p in account.inside(start, end, "person"):
            if not official(p) and _is_subject(account, p, end, events):
                return p
    return None


def _is_told(account: Account, p: Mention, events: frozenset[str]) -> bool:
    """Whether any sentence makes this person the subject of such an event."""
    return any(
        _is_subject(account, m, account.sentence_of(m.start)[1], events)
        for m in account.mentions
        if m.kind == "person" and m.normal == p.normal
    )


def _is_subject(account: Account, p: Mention, end: int, events: frozenset[str]) -> bool:
    """Whether a name stands right before the verb of such an event, with an aside at most between them."""
    return any(
        c.form == "past"
        and c.event in events
        and c.start >= p.end
        and _TO_THE_VERB.fullmatch(account.text, p.end, c.start)
        for c in cues_in(account.text, account.sentence_of(p.start)[0], end)
    )


def is_person_phrase(words: str) -> bool:
    """Whether a phrase with "a" or "the" is of a person: its last word is one for people, or it tells an age."""
    noun = words.split()[-1].lower().split("-")[-1]
    known = (
        noun in reading.words("roles", "people")
        or noun in reading.words("roles", "occupations")
        or noun in reading.words("roles", "kin")
    )
    return known or bool(_YEARS.search(words))
