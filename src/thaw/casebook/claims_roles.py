"""Who is what to whom: parts in a work, makers of a work, relatives, arrests, ranks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from thaw.intake import Mention, reading

from .claims_account import Account, Saying
from .claims_alike import agree
from .claims_cast import cast_lines
from .claims_credits import credit_sayings
from .claims_cues import cues_in
from .claims_kin import befell, plural_kin, relative, relative_of_role, survivor
from .claims_makers import MAKER, described, made_by_pronoun, makers, say, work_near
from .claims_offices import apposed_offices, bylines, office_saying
from .claims_parts import part_sayings
from .claims_people import People
from .claims_pronouns import attributed, meant
from .claims_subjects import done_to, person_of, titled_only

_DONE_BY = (
    "arrested apprehended captured detained killed shot stabbed strangled murdered defended represented "
    "prosecuted interviewed questioned identified hired sentenced married "
    "rescued found discovered attacked robbed charged convicted played portrayed voiced replaced "
    "fired cleared succeeded trained raised adopted joined nabbed seized caught collared"
)
_DONE = (
    _DONE_BY.replace(" ", "|") + r"|taken\s+into\s+custody|picked\s+up|handcuffed|put\s+(?:the\s+)?(?:hand)?cuffs\s+on"
)
_SAME_DEED = {
    "portrayed": "played",
    "voiced": "played",
    "apprehended": "arrested",
    "captured": "arrested",
    "detained": "arrested",
    "taken into custody": "arrested",
    "picked up": "arrested",
    "nabbed": "arrested",
    "seized": "arrested",
    "collared": "arrested",
    "caught": "arrested",
}
_BY = re.compile(
    rf"\b(?P<verb>{_DONE})\s+(?:[^;]{{0,110}}?[\s,])?by\s+(?P<who>(?:[\w'’.-]+,?\s+){{0,6}})$",
    re.I,
)
_BY_A = re.compile(
    r"(?:an?|the|his|her|their|another)\s+(?:[\w'’-]+\s+){0,3}[\w'’-]+,\s+"
)  # "by a picker, Tomas Ibarra"
_DID = re.compile(
    r"^(?:\s+of\s+(?:the\s+)?(?:[\w'’-]+\s+){0,4}?[\w'’-]+(?=\s))?"
    r"(?:,\s*(?:\d{1,3}|[^,.;]{3,40}),)?,?\s*(?:(?:who|later|also|then|once|had|has|the \w+ who|a \w+ who)\s+)*"
    rf"(?P<verb>{_DONE})\s+(?!by\b)(?:(?:the|a|an|his|her)\s+[^,.;]{{3,40}},\s+|(?:(?:[\w'’.-]+)\s+){{0,2}})$",
    re.I,
)
_COURTESIES = frozenset(
    ["mr", "mrs", "ms", "miss", "mx", "sir", "dame", "lord", "lady", "hon", "honorable", "father", "sister", "brother"]
)


_NO_ROLE = re.compile(r"(?:as|stood|sat|stands|sits|stayed|waited|walked|looked|spoke)\s")  # "stood beside his lawyer"


def role_sayings(account: Account, people: People) -> Iterator[Saying]:
    """What an account says that persons are or have done to each other."""
    found = [s for s in _role_sayings(account, people) if not _NO_ROLE.match(str(s.value))]
    parts = {str(s.value).removeprefix("played by "): s.subject for s in found if str(s.value).startswith("played by ")}
    shown = {s.subject: s.shown for s in found}
    for s in found:
        if s.group and s.group[0] == "kin" and s.group[2] in parts and s.subject in parts.values():
            # "Farrow plays Josiah Vane. Imogen Sayle is his daughter, Clara": of the part, not of the actor.
            whose = shown[parts[s.group[2]]]
            value = f"{str(s.value).partition(' of ')[0]} of {whose}"
            s = replace(s, value=value, key=reading.folded(value), group=("kin", s.group[1], whose))
        yield s


def _role_sayings(account: Account, people: People) -> Iterator[Saying]:
    yield from cast_lines(account, people)
    yield from described(account, people)
    yield from made_by_pronoun(account, people)
    yield from bylines(account, people)
    yield from credit_sayings(account, people)
    for sentence in account.sentences:
        persons = account.inside(*sentence, "person")
        yield from plural_kin(account, sentence, persons, people)
        yield from _done_by(account, sentence, persons, people)
        yield from _by_agency(account, sentence, people)
        yield from _pairs(account, sentence, persons, people)
        yield from part_sayings(account, sentence, persons, people)
        yield from _deeds_on_pronouns(account, sentence, persons, people)
        yield from _deeds_of_pronouns(account, sentence, persons, people)
        for m in persons:
            yield from _own(account, sentence, m, people)
            yield from makers(account, sentence, m, people)


def _done_by(account: Account, sentence: tuple[int, int], persons: list[Mention], people: People) -> Iterator[Saying]:
    """ "Poole was arrested Tuesday at a motel in Quincy, Ill., by State Police Sgt. Ray Montoya"."""
    for doer in persons:
        lead = account.text[sentence[0] : doer.start].replace("\n", " ")
        found = _last(_BY, lead)
        if found is None:
            continue
        verb = sentence[0] + found.start("verb")
        between = account.inside(verb, doer.start, "person")
        if between and re.fullmatch(r"\s+and\s+(?:[\w'’.-]+\s+){0,3}", account.text[between[-1].end : doer.start]):
            # "by Sgt. A and Det. B": the second of two
            lead = account.text[sentence[0] : between[-1].start].replace("\n", " ")
            found = _last(_BY, lead)
            if found is None or len(between) > 1:
                continue
        elif between:
            continue
        if not titled_only(found["who"]) and not _BY_A.fullmatch(found["who"]):
            continue
        whom = done_to(account, sentence, verb, doer)
        if whom is not None and people.key(whom.normal) != people.key(doer.normal):
            yield from _deed(account, sentence, people.key(whom.normal), found["verb"], people.key(doer.normal))


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The match that begins last of those that reach the end of a text."""
    best, at = None, 0
    while (found := pattern.search(text, at)) is not None:
        best, at = found, found.start() + 1
    return best


def _pairs(account: Account, sentence: tuple[int, int], persons: list[Mention], people: People) -> Iterator[Saying]:
    for i, one in enumerate(persons):
        for other in persons[i + 1 : i + 3]:
            between = account.text[one.end : other.start]
            a, b = people.key(one.normal), people.key(other.normal)
            if a == b or len(between) > 110 or re.search(r"[.;]\s", re.sub(r"\b[A-Z][a-z]{0,4}\.\s", "", between)):
                continue
            # "Strand married Moss" is what they are to each other, not what was done to her.
            if (found := _DID.match(between)) and found["verb"].lower() != "married":
                yield from _deed(account, sentence, b, found["verb"], a)


_AGENCY = re.compile(
    r"\b(?:arrested|apprehended|captured|detained|taken\s+into\s+custody|picked\s+up)\s+(?:[^;]{0,90}?[\s,])?by\s+"
    r"(?P<who>(?:(?:two|three|four|the|local|plainclothes|undercover|state|county|city|federal)\s+)*"
    r"(?:[\w'’.-]+\s+){0,4}?(?:detectives|deputies|officers|police|troopers|agents|marshals|investigators|Police|Department|FBI|"
    r"Patrol)(?:\s+and\s+(?:[\w'’.-]+\s+){0,4}?(?:detectives|deputies|officers|police|troopers|agents|marshals|Police|FBI|Patrol))?)"
    r"(?=\s*[.,;]|\s+(?:who|at|in|on|after|from|as|when|early|late|with)\b)"
)


def _by_agency(account: Account, sentence: tuple[int, int], people: People) -> Iterator[Saying]:
    """ "Pruitt was taken into custody at a motel by sheriff's detectives": an arrest by those who have no name."""
    found = _AGENCY.search(account.text, *sentence)
    if found is None or account.inside(found.start("who"), found.end("who") + 2, "person"):
        return
    cue = next((c for c in cues_in(account.text, *sentence) if c.event == "arrest" and c.start == found.start()), None)
    whom = person_of(account, cue, sentence, people) if cue else None
    if whom is not None:
        agency = " ".join(found["who"].split())
        yield say(account, sentence, whom, f"arrested by {agency}", None)


_MADE_THE_ARREST = re.compile(r",?\s+(?:who\s+)?made\s+the\s+arrest\b")
_HELPED = re.compile(r",?\s+(?:who\s+)?made\s+the\s+arrest\s+(?:along\s+|together\s+)?with\s+")
_DID_HIM = re.compile(rf"^,?\s+(?:(?:who|later|also|then)\s+)*(?P<verb>{_DONE})\s+(?P<whom>him|her|them)\b", re.I)


def _deeds_on_pronouns(
    account: Account, sentence: tuple[int, int], persons: list[Mention], people: People
) -> Iterator[Saying]:
    """ "Adeyemi arrested him outside his garage": whom the words before speak of."""
    for m in persons:
        if _MADE_THE_ARREST.match(account.text, m.end):
            held = _held(account, m, people)
            if held is not None:
                helped = _HELPED.match(account.text, m.end)
                beside = account.inside(helped.end(), sentence[1], "person")[:1] if helped else []
                for one in [m, *(p for p in beside if helped and p.start - helped.end() < 24)]:
                    if people.key(one.normal) != held:
                        yield from _deed(account, sentence, held, "arrested", people.key(one.normal))
        found = _DID_HIM.match(account.text[m.end : m.end + 60])
        if found is None:
            continue
        if "cuff" in found["verb"].lower():
            whom = _held(account, m, people)
        else:
            told = meant(account, m.start, found["whom"], other_than=m.normal)
            whom = people.key(told.normal) if told else None
        if whom is not None:
            yield from _deed(account, sentence, whom, found["verb"], people.key(m.normal))


def _held(account: Account, officer: Mention, people: People) -> str | None:
    """Whom an officer arrested who "made the arrest": the only one whose arrest or charge the account tells."""
    held = befell(account, people)[0] - {people.key(officer.normal)}
    if held:
        return next(iter(held)) if len(held) == 1 else None
    told = meant(account, officer.start, other_than=officer.normal)
    return people.key(told.normal) if told and not attributed(account, told) else None


_SHE_DID = re.compile(
    r"\b(?P<who>He|She|he|she)\s+(?:(?:later|also|then|once|had|finally|eventually)\s+)*"
    rf"(?P<verb>{_DONE})\s+(?!by\b)(?:(?:the|a|an|his|her)\s+[^,.;]{{3,40}},\s+|(?:[\w'’.-]+\s+){{0,2}})$"
)


def _deeds_of_pronouns(
    account: Account, sentence: tuple[int, int], persons: list[Mention], people: People
) -> Iterator[Saying]:
    """ "She caught Raymond Stokes in 2011": who did it is whom the words before speak of."""
    for m in persons:
        found = _SHE_DID.search(account.text[max(sentence[0], m.start - 90) : m.start].replace("\n", " "))
        place = m.start - len(account.text[max(sentence[0], m.start - 90) : m.start]) + found.start() if found else 0
        if found is None or account.inside(place, m.start, "person"):
            continue
        doer = meant(account, place, found["who"].lower(), other_than=m.normal)
        if doer is not None and found["verb"].lower() == "married":
            kin = "husband" if found["who"].lower() == "he" else "wife"
            whose, person = people.key(m.normal), people.key(doer.normal)
            yield say(account, sentence, person, f"{kin} of {whose}", ("kin", person, whose))
        elif doer is not None:
            yield from _deed(account, sentence, people.key(m.normal), found["verb"], people.key(doer.normal))


def _deed(account: Account, sentence: tuple[int, int], person: str, verb: str, by: str) -> Iterator[Saying]:
    word = re.sub(r"\s+", " ", verb.lower())
    word = "arrested" if word.endswith(("cuffs on", "handcuffed")) else _SAME_DEED.get(word, word)
    yield say(account, sentence, person, f"{word} by {by}", (f"{word} by", person))


def _own(account: Account, sentence: tuple[int, int], m: Mention, people: People) -> Iterator[Saying]:
    """The role that the reading found at the name itself."""
    if m.role is None or m.role in _COURTESIES:
        yield from survivor(account, sentence, m, people)
        yield from relative_of_role(account, sentence, m, people)
        yield from apposed_offices(account, sentence, m, people)
        return
    if _OF_HIS.match(account.text, m.end) and _NOT_HIS.search(account.text, sentence[0], m.start):
        return  # "Lind's sheriff, Hale's brother-in-law": the office is not Hale's
    person = people.key(m.normal)
    if m.role.partition(" of ")[0] in reading.words("roles", "kin") and " of " in m.role:
        yield from relative(account, sentence, m, people)
        return
    if _is_of_another(account, sentence, m):
        return  # "Through a spokesman, Poole declined"; "under the name of Ray Poole, the sheriff said"
    if m.role in reading.words("given_names", "male") and account.text[
        max(m.start - 12, 0) : m.start
    ].rstrip().endswith(m.role.capitalize()):
        return  # "Dean Orcutt": a given name that is an office too
    maker = re.fullmatch(MAKER, m.role.split()[-1])
    if (
        maker
        and (of := _AT_A_FIRM.match(account.text, m.end, sentence[1]))
        and of["role"].lower() == m.role.split()[-1]
    ):
        yield say(account, sentence, person, " ".join(of["whole"].lower().split()), None)
        return
    if maker and m.role.split()[-1].removeprefix("co-") in (
        "creator",
        "director",
        "producer",
        "writer",
        "founder",
        "author",
        "showrunner",
        "composer",
        "star",
    ):
        work = work_near(account, sentence, m)
        if work is None and m.role.split()[-1] == "director":
            yield office_saying(account, sentence, m, people)  # "the county's emergency director"
            return
        value = f"{m.role} of {work}" if work else m.role
        yield say(account, sentence, person, value, ("maker", person, m.role.split()[-1].removeprefix("co-")))
        return
    yield office_saying(account, sentence, m, people)
    yield from apposed_offices(account, sentence, m, people)


def _is_of_another(account: Account, sentence: tuple[int, int], m: Mention) -> bool:
    """Whether the word for a role beside a name is of who speaks for him, or of who says the sentence."""
    says = _SAYS_IT.match(account.text, m.end)
    if says and (m.role or "").split()[-1] in says.group().lower().split():
        return True
    through = _THROUGH.search(account.text, max(m.start - 60, sentence[0]), m.start)
    # "Through his lawyer, Paul Denby, Poole declined": Denby is the lawyer.
    return bool(through) and account.text[m.end : m.end + 1] != ","


_THROUGH = re.compile(r"\b(?:[Tt]hrough|[Vv]ia)\s+(?:an?|the|his|her)\s+(?:[\w'’-]+\s+){1,4}?[\w-]+,\s+$")
_SAYS_IT = re.compile(r",\s+(?:an?|the)\s+(?:[\w'’-]+\s+){1,3}(?:said|says|told|testified|added|reported)\b")
# "Priya Nand, Director of Communications": of no work.
_AT_A_FIRM = re.compile(
    r",\s+(?:the\s+|an?\s+)?(?P<whole>(?:[\w-]+\s+){0,2}?(?P<role>[Dd]irector|[Pp]roducer|[Ff]ounder)\s+of\s+"
    r"(?!the\s+(?:show|film|series|play|movie)\b)[\w-]+(?:[ ][A-Z][\w-]+)*)"
)
_OF_HIS = re.compile(r"['’]s\s")
_NOT_HIS = re.compile(r"[\w]['’]s\s+(?:[\w-]+\s+){0,2}[\w-]+,\s+$")
_SAME_KIN = {"widow": "wife", "widower": "husband", "mom": "mother", "dad": "father", "fiancee": "fiance"}


def roles_conflict(one: Saying, other: Saying) -> bool:
    """Whether two roles of one person in one group exclude each other."""
    assert one.group is not None
    sort = one.group[0]
    a, b = one.key, other.key
    if sort == "kin":
        one_kin, other_kin = a.partition(" of ")[0], b.partition(" of ")[0]
        same = _SAME_KIN.get(one_kin, one_kin) == _SAME_KIN.get(other_kin, other_kin)
        return not same and not agree(one_kin, other_kin)
    if sort == "maker":
        return a.startswith("co-") != b.startswith("co-")
    if sort == "rank":
        return _head_of(a) != _head_of(b) and _close(one, other)
    return a != b


def _head_of(office: str) -> str:
    """The word for an office without whose or where it is: "chief" of "police chief of Harlan"."""
    return re.split(r"\s(?:of|for|at|with|in)\s", office)[0].split()[-1]


def _close(one: Saying, other: Saying) -> bool:
    """Accounts of one year: later ones may tell of a promotion."""
    first, second = one.account.date, other.account.date
    return first is None or second is None or abs((first.first - second.first).days) < 366
