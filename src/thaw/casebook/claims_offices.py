"""What somebody is and to whom: offices and callings with their other end ("attorney for Rusk", "former sheriff")."""

from __future__ import annotations

import re
from collections.abc import Iterator

from thaw.intake import Mention, reading

from .claims_account import Account, Saying
from .claims_makers import MAKER, RANKS, all_roles, say
from .claims_people import People
from .claims_pronouns import meant
from .claims_subjects import titled_only

_PAST = re.compile(
    r"\b(?P<past>[Ff]ormer|[Rr]etired|[Ee]x-|[Tt]hen-|(?<=[.,;] )[Tt]hen)[\s-]*(?P<title>(?:[\w.'’-]+\s+){1,6})$"
)
_RETIRED = re.compile(r"\s*\((?:ret|retired)\.?\)")
# Words with capitals that belong to an office and stand before the word for it.
_BEFORE_OFFICE = re.compile(
    r"\b(?P<office>(?:(?:Assistant|Deputy|Associate|Chief|Senior|Prosecuting|District|State['’]s|County|City|U\.S\.|"
    r"Commonwealth['’]s|Circuit|Superior|Court|Municipal|Probate|Magistrate|Police|Fire|Defense|Public|Special|Common|Pleas)\s+)+"
    r"(?P<head>Attorney|Prosecutor|Judge|Justice|Defender|Examiner|Coroner|Agent|Chief|Sheriff|Commissioner|Counsel|Clerk))\s+$"
)
_LAWYERS = frozenset(
    ["attorney", "lawyer", "solicitor", "barrister", "counsel", "spokesman", "spokeswoman", "spokesperson"]
)
_STAFF = frozenset(["staff", "theater", "motel", "night", "crime", "city", "sports", "booking", "front-desk"])
_IN_FULL = {
    **{"lt": "lieutenant", "sgt": "sergeant", "det": "detective", "ofc": "officer", "capt": "captain", "dep": "deputy"},
    **{
        "cpl": "corporal",
        "insp": "inspector",
        "tpr": "trooper",
        "asst": "assistant",
        "mgr": "manager",
        "pros": "prosecutor",
    },
    **{"atty": "attorney", "supt": "superintendent", "cmdr": "commander", "ptl": "patrolman", "ptlm": "patrolman"},
}
_IN_A_CASE = frozenset(["accused", "suspect", "defendant", "victim", "witness"])
_WHOSE = re.compile(
    r"(?:(?P<name>[A-Z][\w'’.-]*?(?:\s+[A-Z][\w'’-]*?){0,2})['’]s?|(?P<pronoun>[Hh]is|[Hh]er))\s+"
    r"(?:(?:court-appointed|defense|longtime|former|lead|court)\s+){0,2}(?P<role>[a-z][\w-]+)(?:,\s+|\s+)$"
)
_WHOSE_AFTER = re.compile(
    r",\s+(?:\d{1,3},\s+)?(?:(?P<name>[A-Z][\w'’.-]*?(?:\s+[A-Z][\w'’-]*?){0,2})['’]s?|(?P<pronoun>his|her))\s+"
    r"(?:(?:court-appointed|defense|longtime|former|lead|court)\s+){0,2}(?P<role>[a-z][\w-]+)\b(?=\s*[,.;]|\s+(?:said|and)\b)"
)
# ", an attorney for Rusk", ", a Beaudry County deputy", ", chief of the Harlan police", ", who was the coroner then"
_APPOSED = re.compile(
    r",\s+(?:\d{1,3},\s+)?(?:who\s+(?:is|was)\s+)?(?:(?:then|now)\s+)?(?:(?:an?|the|one\s+of\s+the)\s+)?"
    r"(?P<np>(?!(?:is|was|are|were|has|had|and|or)\b)(?:[A-Za-z][\w'’.-]*\s+){0,5}?(?P<head>[a-z][\w-]+))"
    r"(?P<end>\s+(?P<link>of|for|at|with|in)\s+(?P<whom>(?:the\s+)?(?:[A-Za-z][\w'’.&-]*\s+){0,4}?[\w'’.&-]+))?"
    r"(?=\s*[,.;)—–]|\s+(?:who|and|said|in|at|on|when|then|now|during|since|from)\b|\s*$)"
)
_BECAME = re.compile(
    r"(?:,\s+who)?\s+(?:(?:later|then|also|eventually)\s+)?(?:(?:was|were|is|has\s+been|had\s+been)\s+"
    r"(?:elected|appointed|named|hired\s+as|promoted\s+to|sworn\s+in\s+(?:\w+\s+)?as|chosen\s+as|re-?elected)|became|took\s+over\s+as)\s+"
    r"(?:as\s+)?(?:the\s+|an?\s+|[A-Z][\w-]+['’]s\s+)?"
    r"(?P<role>(?:[a-z][\w-]*\s+){0,3}?(?P<head>[a-z][\w-]+))(?=\s*[,.;]|\s+(?:in|of|on|at|for|by|last|this|after|four|two|three)\b)"
)
_IS_NOW = re.compile(
    r"(?:,\s+who)?\s+(?:is|was)\s+(?:now\s+|then\s+)?(?:the\s+|an?\s+)?(?P<role>(?:[a-z][\w-]*\s+){0,2}?(?P<head>[a-z][\w-]+))"
    r"\s+(?:now|then|at\s+the\s+time|there|here|when)\b"
)
# "has named Donna Kessler its booking agent"
_NAMED = re.compile(r"\b(?:named|appointed|elected|hired|chose|promoted|made)\s+(?:[A-Z][a-z]+\.\s+)?$", re.I)
_ITS_ROLE = re.compile(
    r"\s+(?:(?:as|to\s+be)\s+)?(?:its|the|his|her|their|an?)\s+(?P<role>(?:[a-z][\w-]*\s+){0,3}?(?P<head>[a-z][\w-]+))(?=\s*[,.;]|\s+(?:in|of|on|at|for|after|to)\b)"
)
_BYLINE = re.compile(
    r"^[ \t]*[Bb](?:y|Y)\s+(?P<name>[^\n,]{4,40}?)(?:,\s*|[ \t]*\n[ \t]*)(?P<role>(?:[A-Z][\w’'-]*\s+){0,4}"
    r"(?:Writer|Editor|Reporter|Correspondent|Critic|Columnist|Staff))[ \t]*$",
    re.M,
)


def office(account: Account, sentence: tuple[int, int], m: Mention) -> tuple[str, bool]:
    """The whole office of one who has a role, "former" included, and whether it is one of the past."""
    assert m.role is not None
    role = " ".join(_IN_FULL.get(word, word) for word in m.role.split())
    lead = account.text[max(sentence[0], m.start - 80) : m.start].replace("\n", " ")
    if (
        low := re.search(rf"(?P<words>(?:[a-z][\w-]*\s+){{1,2}}){re.escape(role.split()[0])}(?:\s+[\w-]+)*\s+$", lead)
    ) and all(w in _STAFF or w in reading.words("roles", "occupation_before") for w in low["words"].split()):
        role = f"{_with_blanks(low['words'])} {role}"  # "staff writer Ellen Mabry"
    full = _BEFORE_OFFICE.search(lead)
    if full and full["head"].lower() == role.split()[-1] and len(full["office"].split()) > len(role.split()):
        role = _with_blanks(full["office"].lower())
    past = bool(re.search(r"\b(?:former|retired|then|ex)\b", role))
    found = _PAST.search(lead)
    if not past and ((found and titled_only(found["title"])) or _RETIRED.match(account.text, m.end)):
        role, past = f"former {role}", True
    return role, past


def office_saying(account: Account, sentence: tuple[int, int], m: Mention, people: People) -> Saying:
    """The role that stands with a name, with whose it is where the sentence says so."""
    role, past = office(account, sentence, m)
    person = people.key(m.normal)
    rank = role.split()[-1] if role.split()[-1] in RANKS else None
    whom = _whom(account, sentence, m, role, people)
    if whom and whom != person:
        role = f"{role} of {whom}"
    elif not whom and (where := _where(account, sentence, m, role)):
        role = f"{role} {where}"
    return say(account, sentence, person, role, ("rank", person) if rank and not past else None)


def _whom(account: Account, sentence: tuple[int, int], m: Mention, role: str, people: People) -> str | None:
    """Whose attorney, boss or neighbor: "Rusk's lawyer, Paul Denby", "Paul Denby, an attorney for Rusk"."""
    head = role.split()[-1]
    lead = account.text[max(sentence[0], m.start - 80) : m.start].replace("\n", " ")
    for found, place in (
        (_WHOSE.search(lead), m.start - len(lead)),
        (_WHOSE_AFTER.match(account.text, m.end, sentence[1]), 0),
    ):
        if found and found["role"] == head:
            if found["name"]:
                return _named(account, found["name"], place + found.start("name"), people)
            if (
                told := meant(account, place + found.start("pronoun"), found["pronoun"], other_than=m.normal)
            ) is not None:
                return people.key(told.normal)
    if head in _IN_A_CASE:
        return None  # "Rusk, accused of strangling Strand"
    after = _APPOSED.match(account.text, m.end, min(sentence[1], m.end + 140))
    if after and after["head"] == head and after["whom"]:
        place = after.start("whom")
        for p in account.inside(place, min(sentence[1], after.end() + 20), "person")[:1]:
            if p.start - place < 14 and not re.search(r"[,;]", account.text[place : p.start]):
                return people.key(p.normal)
    return None


def _where(account: Account, sentence: tuple[int, int], m: Mention, role: str) -> str:
    """ "of the Growers Association" behind ", president"; "" where nothing with a capital follows."""
    found = _AT_WHAT.match(account.text, m.end, min(sentence[1], m.end + 160))
    if found is None or found["head"].lower() != role.split()[-1]:
        return ""
    return f"{found['link']} {_with_blanks(found['whom']).rstrip('.')}"


_AT_WHAT = re.compile(
    r",\s+(?:\d{1,3},\s+)?(?:an?\s+|the\s+)?(?:[\w'’-]+\s+){0,3}?(?P<head>[\w-]+)\s+(?P<link>of|for|at|with)\s+"
    r"(?P<whom>(?:the\s+)?[A-Z][\w'’&-]*(?:\s+(?:of\s+)?[A-Z][\w'’&-]*)*)"
)


def _named(account: Account, words: str, place: int, people: People) -> str | None:
    """The person whose name stands at a place."""
    end = place + len(words)
    here = [p for p in account.inside(place, end + 2, "person") if p.start < end]
    return people.key(here[-1].normal) if here else None


def apposed_offices(account: Account, sentence: tuple[int, int], m: Mention, people: People) -> Iterator[Saying]:
    """ "Luis Carranza, a Beaudry County deputy", "was elected sheriff", "is chief now", where no role stands yet."""
    person = people.key(m.normal)
    stop = min(sentence[1], m.end + 140)
    for rule in (_BECAME, _IS_NOW):
        found = rule.match(account.text, m.end, stop)
        if found and found["head"] in all_roles() and not re.fullmatch(MAKER, found["head"]):
            role = _with_blanks(found["role"])
            yield say(account, sentence, person, role, ("rank", person) if found["head"] in RANKS else None)
            return
    made = _ITS_ROLE.match(account.text, m.end, stop)
    if made and made["head"] in all_roles() and _NAMED.search(account.text, max(sentence[0], m.start - 24), m.start):
        yield say(account, sentence, person, _with_blanks(made["role"]), None)
        return
    found = _APPOSED.match(account.text, m.end, stop) if m.role is None else None
    if found is None or found["head"] not in all_roles() or re.fullmatch(MAKER, found["head"]):
        return
    if account.inside(found.start("np"), found.end("head"), "person"):
        return  # "Ann Poole, Rusk's lawyer"
    role = _with_blanks(found["np"]).lower()
    past = bool(re.search(r"\b(?:former|retired|then|ex)\b", account.text[m.end : found.end("np")]))
    if past and not re.match(r"former|retired|ex", role):
        role = f"former {role}"
    whom = _whom(account, sentence, m, role, people)
    if whom and whom != person:
        role = f"{role} of {whom}"
    elif (
        found["head"] not in _IN_A_CASE
        and found["link"] in ("of", "for", "at", "with")
        and re.search(r"[A-Z]|\bpolice\b", found["whom"])
    ):
        role = f"{role} {found['link']} {_with_blanks(found['whom']).rstrip('.')}"
    yield say(account, sentence, person, role, ("rank", person) if found["head"] in RANKS and not past else None)


def bylines(account: Account, people: People) -> Iterator[Saying]:
    """ "By Meredith Aoki / Courier Staff Writer" and "by Lyle Fenstermacher, Editor"."""
    for found in _BYLINE.finditer(account.text[:1500]):
        here = account.inside(found.start("name"), found.end("name") + 1, "person")
        if len(here) == 1 and here[0].role is None:
            role = _with_blanks(found["role"].lower())
            yield say(account, account.sentence_of(found.start("name")), people.key(here[0].normal), role, None)


def _with_blanks(words: str) -> str:
    return " ".join(words.split())
