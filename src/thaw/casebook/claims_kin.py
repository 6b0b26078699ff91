"""Whose relative somebody is: "her husband, the late Harold Ford", "the prisoner's wife", "survived by two sons"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from weakref import WeakKeyDictionary

from thaw.intake import Mention, reading

from .claims_account import Account, Saying, plain
from .claims_cues import cues_in
from .claims_makers import row_after, say
from .claims_people import People
from .claims_pronouns import attributed, fits, meant
from .claims_subjects import person_of

_HELD = frozenset(["suspect", "defendant", "accused", "prisoner", "arrested", "inmate"])
_DEAD = frozenset(["victim", "decedent", "deceased", "dead", "slain", "murdered", "murder"])


def relative(account: Account, sentence: tuple[int, int], m: Mention, people: People) -> Iterator[Saying]:
    """The relative that the reading found at the name itself: "wife of him", "sister of Ann Poole"."""
    assert m.role is not None
    kin, _, owner = m.role.partition(" of ")
    if _BESIDES.search(account.text, max(sentence[0], m.start - 50), m.start) and _GOES_ON.match(account.text, m.end):
        return  # "Besides his wife, Brandvold leaves a son": he is not his wife
    person, whose = people.key(m.normal), _owner(account, m, owner, people)
    word = _once(account, m, kin)
    if whose is not None and whose != person:
        yield say(account, sentence, person, f"{word} of {whose}", ("kin", person, whose))
    mate = _spouse_before(account, m, sentence) if owner == "them" else _other_parent(account, m, sentence, kin)
    if mate is not None and people.key(mate.normal) not in (person, whose):
        other = people.key(mate.normal)
        yield say(account, sentence, person, f"{kin} of {other}", ("kin", person, other))


def _other_parent(account: Account, m: Mention, sentence: tuple[int, int], kin: str) -> Mention | None:
    """ "Alden Ford is the son of Rosalind and Harold Ford": the second of the two."""
    of = re.compile(rf"[^.;]{{0,30}}\b{re.escape(kin)}\s+of\s+(?:the\s+late\s+)?").match(
        account.text, m.end, sentence[1]
    )
    parents = account.inside(of.end(), sentence[1], "person")[:2] if of else []
    if of is None or len(parents) < 2 or parents[0].start > of.end() + 6:
        return None
    return parents[1] if re.fullmatch(r"\s+and\s+", account.text[parents[0].end : parents[1].start]) else None


def _of_the_couple(account: Account, sentence: tuple[int, int], m: Mention, people: People) -> Iterator[Saying]:
    """ "The couple's daughter, Janice": of the wife or husband who was told of last, and of whose that was."""
    found = _COUPLES.search(account.text, max(sentence[0], m.start - 50), m.start)
    if found is None or (kin := found["kin"].lower()) not in reading.words("roles", "kin"):
        return
    before = [p for p in account.mentions if p.kind == "person" and p.end <= m.start]
    mate = next((p for p in reversed(before) if (p.role or "").startswith(("husband of", "wife of"))), None)
    if mate is None:
        return
    other = _owner(account, mate, str(mate.role).partition(" of ")[2], people)
    person = people.key(m.normal)
    for whose in (people.key(mate.normal), other):
        if whose is not None and whose != person:
            yield say(account, sentence, person, f"{kin} of {whose}", ("kin", person, whose))


_COUPLES = re.compile(r"\b[Tt]he\s+couple['’]s\s+(?:[\w-]+\s+)?(?P<kin>[\w-]+),?\s+$")


_GOES_ON = re.compile(r"\s+(?:leaves|left|is|was|has|had|will|would|did|does|\w+ed)\b")
_BESIDES = re.compile(
    r"\b(?:besides|beside|in\s+addition\s+to|along\s+with|like|unlike|with|after|without)\s+(?:his|her|their)\s+(?:[\w-]+\s+)?[\w-]+,\s+$",
    re.I,
)


def _once(account: Account, m: Mention, kin: str) -> str:
    """ "former wife" where the words say so."""
    around = account.text[max(m.start - 50, 0) : m.end + 50].replace("\n", " ")
    return f"former {kin}" if re.search(rf"\b(?:former|ex-|first|second)\s*{re.escape(kin)}\b", around) else kin


_LATE = re.compile(
    r"\b(?P<owner>[Hh]is|[Hh]er|[Tt]heir|[A-Z][\w'’-]*(?:\s+[A-Z][\w'’-]*){0,2}['’]s?)\s+(?:[\w-]+\s+)?(?P<kin>[\w-]+),\s+"
    r"(?:the\s+late|the\s+former|now|then)\s+$"
)
_THE_ONE = (
    r"(?P<owner>(?:dead|slain|murdered|arrested|accused|missing)\s+(?:[a-z]+)|victim|suspect|defendant|accused|"
    r"prisoner)"
)
_OF_THE_ONE = re.compile(
    rf"^,\s+(?:\d{{1,3}},\s+)?(?:the\s+{_THE_ONE}['’]s\s+(?P<kin>[\w-]+(?:\s+[\w-]+)?)\b|"
    rf"(?:an?|the)\s+(?P<kin2>[\w-]+)\s+of\s+the\s+{_THE_ONE.replace('owner', 'owner2')}\b)"
)
_MARRIED = re.compile(
    r"^(?:,\s+who)?\s+(?:(?:is|was|had\s+been|has\s+been)\s+married\s+to|married|wed)\s+(?:[A-Z][a-z]+\.\s+)?$"
)


def relative_of_role(account: Account, sentence: tuple[int, int], m: Mention, people: People) -> Iterator[Saying]:
    """ "The prisoner's wife", "her husband, the late Harold Ford", "was married to": what the reading left open."""
    person, known = people.key(m.normal), reading.words("roles", "kin")
    lead = account.text[max(sentence[0], m.start - 80) : m.start].replace("\n", " ")
    if (found := _LATE.search(lead)) and found["kin"].lower() in known:
        word = found["owner"].lower()
        owner = {"his": "him", "her": "her", "their": "them"}.get(word, re.sub(r"['’]s?$", "", found["owner"]))
        whose, kin = _owner(account, m, owner, people), found["kin"].lower()
    elif (after := _OF_THE_ONE.match(account.text[m.end : m.end + 80].replace("\n", " "))) is not None:
        kin = next((w for w in (after["kin"] or after["kin2"]).lower().split() if w in known), "")
        whose = _the_one(account, after["owner"] or after["owner2"], people) or _of_one_surname(account, m, people)
    else:
        yield from _married(account, sentence, m, people)
        yield from _was_relative(account, sentence, m, people)
        yield from _of_the_couple(account, sentence, m, people)
        yield from _described(account, sentence, m, people)
        yield from _parents(account, sentence, m, people)
        yield from _widow(account, sentence, m, people)
        return
    if kin in known and whose not in (None, person):
        yield say(account, sentence, person, f"{kin} of {whose}", ("kin", person, str(whose)))


_WAS_HIS = re.compile(
    r"^(?:,\s+who)?\s+(?:is|was)\s+(?:the\s+)?(?P<owner>[A-Z][\w'’-]*?(?:\s+[A-Z][\w'’-]*?){0,2})['’]s?\s+(?:[\w-]+\s+)?"
    r"(?P<kin>[\w-]+)\b(?!['’])"
)


def _was_relative(account: Account, sentence: tuple[int, int], m: Mention, people: People) -> Iterator[Saying]:
    """ "Rusk was Strand's boyfriend at the time"."""
    found = _WAS_HIS.match(account.text[m.end : min(sentence[1], m.end + 70)])
    words = re.findall(r"[\w-]+", found.group()[found.end("owner") - found.start() :]) if found else []
    kin = next((w for w in words if w in reading.words("roles", "kin")), None)
    post = next((w for w in words if w in reading.words("roles", "occupations")), None)
    if found is None or (kin or post) is None:
        return
    inside = account.inside(m.end, m.end + found.end("owner") + 2, "person")
    person = people.key(m.normal)
    if inside and people.key(inside[-1].normal) != person:
        whose = people.key(inside[-1].normal)
        group = ("kin", person, whose) if kin else None
        yield say(account, sentence, person, f"{kin or post} of {whose}", group)  # "Pruitt was Brandvold's foreman"


_DESCRIBED = re.compile(
    r"(?:,\s+\d{1,3})?,\s+(?:whom|who)\s+(?:[A-Z]\w+|he|she|police|they|the\s+\w+)\s+(?:described|identified)\s+as\s+"
    r"(?P<owner>[A-Z][\w'’-]*?)['’]s\s+(?P<kin>[\w-]+)"
)


def _described(account: Account, sentence: tuple[int, int], m: Mention, people: People) -> Iterator[Saying]:
    """ "Dean Orcutt, 29, whom the sheriff described as Pruitt's cousin"."""
    found = _DESCRIBED.match(account.text, m.end, sentence[1])
    if found is None or found["kin"] not in reading.words("roles", "kin"):
        return
    inside = account.inside(found.start("owner"), found.end("owner") + 2, "person")
    if inside and people.key(inside[-1].normal) != people.key(m.normal):
        person, whose = people.key(m.normal), people.key(inside[-1].normal)
        yield say(account, sentence, person, f"{found['kin']} of {whose}", ("kin", person, whose))


# "was born Dec. 2, 1926, at Vang, N.D., to Nils and Inga Brandvold"
_BORN_TO = re.compile(r"\bborn\b[^;]{0,90}?[\s,]to\s+(?:(?:the\s+late|Mr\.\s+and\s+Mrs\.)\s+)?$", re.I)


def _parents(account: Account, sentence: tuple[int, int], m: Mention, people: People) -> Iterator[Saying]:
    """Father and mother of one who was born to them, by their given names."""
    lead = account.text[max(sentence[0], m.start - 140) : m.start].replace("\n", " ")
    born = _BORN_TO.search(lead)
    if born is None:
        return
    place = m.start - len(lead) + born.start()
    before = account.inside(sentence[0], place, "person")
    told = before[-1] if before else meant(account, place, other_than=m.normal)
    for one in [m, *row_after(account, m, sentence)][:2] if told else ():
        given = reading.folded(one.normal).split()[0]
        male, female = (given in reading.words("given_names", sex) for sex in ("male", "female"))
        kin = "parent" if male == female else "father" if male else "mother"
        person, whose = people.key(one.normal), people.key(told.normal if told else "")
        if person != whose:
            yield say(account, sentence, person, f"{kin} of {whose}", ("kin", person, whose))


_BARE_KIN = re.compile(r"\b(?P<kin>widow|widower)\s+$")
_BARE_AFTER = re.compile(r",\s+the\s+(?P<kin>widow|widower)\b")


def _widow(account: Account, sentence: tuple[int, int], m: Mention, people: People) -> Iterator[Saying]:
    """ "Grieving widow Helen Farrow": of the dead man who has her surname."""
    found = _BARE_KIN.search(account.text, max(sentence[0], m.start - 12), m.start) or _BARE_AFTER.match(
        account.text, m.end
    )
    whose = _of_one_surname(account, m, people) if found else None
    if found and whose:
        person = people.key(m.normal)
        yield say(account, sentence, person, f"{found['kin']} of {whose}", ("kin", person, whose))


def _married(account: Account, sentence: tuple[int, int], m: Mention, people: People) -> Iterator[Saying]:
    """ "Walt Strand married Ellen Moss in 1983": her husband; a spouse where the given name tells nothing."""
    for other in account.inside(m.end, sentence[1], "person")[:1]:
        if not _MARRIED.match(account.text[m.end : other.start]) or people.key(other.normal) == people.key(m.normal):
            continue
        given = reading.folded(m.normal).split()[0]
        male, female = (given in reading.words("given_names", sex) for sex in ("male", "female"))
        kin = "spouse" if male == female else "husband" if male else "wife"
        person, whose = people.key(m.normal), people.key(other.normal)
        yield say(account, sentence, person, f"{kin} of {whose}", ("kin", person, whose))


def _the_one(account: Account, words: str, people: People) -> str | None:
    """The only one whom "the prisoner" or "the slain woman" can mean in an account."""
    first = words.lower().removeprefix("the ").split()[0]
    taken, dead = befell(account, people)
    fit = taken if first in _HELD else dead if first in _DEAD else frozenset()
    return next(iter(fit)) if len(fit) == 1 else None


def _of_one_surname(account: Account, m: Mention, people: People) -> str | None:
    """The only other person of an account who has the same surname: whose wife Loretta Stubblefield is."""
    mine, surname = people.key(m.normal), reading.folded(m.normal).split()[-1]
    same = {
        people.key(p.normal)
        for p in account.mentions
        if p.kind == "person" and " " in p.normal and reading.folded(p.normal).split()[-1] == surname
    }
    same.discard(mine)
    return next(iter(same)) if len(same) == 1 and " " in m.normal else None


_KIN_OF_SEVERAL = re.compile(
    r"\b(?P<owner>his|her|their|[A-Z][\w'’-]*(?:\s+[A-Z][\w'’-]*){0,2}['’]s?)\s+(?:[\w-]+\s+)?"
    r"(?P<kin>sisters|brothers|sons|daughters|parents|cousins|nieces|nephews|uncles|aunts|grandsons|granddaughters)(?:,?|\s+(?:are|were))\s+$",
    re.I,
)


_CHILDREN_OF = re.compile(
    rf"\b(?P<kin>children|sisters|brothers|sons|daughters|parents)\s+of\s+the\s+{_THE_ONE},\s+$", re.I
)


def plural_kin(account: Account, sentence: tuple[int, int], persons: list[Mention], people: People) -> Iterator[Saying]:
    """ "Castellanos's sisters, Beatriz and Inez": each of them."""
    for m in persons:
        lead = account.text[max(sentence[0], m.start - 70) : m.start]
        if of := _CHILDREN_OF.search(lead):
            # "two children of the dead woman, Alden and Janice"
            kin = "child" if of["kin"].lower() == "children" else of["kin"].lower().removesuffix("s")
            one_parent = _the_one(account, of["owner"], people)
            for one in [m, *row_after(account, m, sentence)] if one_parent else ():
                person = people.key(one.normal)
                yield say(account, sentence, person, f"{kin} of {one_parent}", ("kin", person, str(one_parent)))
            continue
        found = _KIN_OF_SEVERAL.search(lead)
        if found is None:
            continue
        word = found["owner"].lower()
        owner = {"his": "him", "her": "her", "their": "them"}.get(word, re.sub(r"['’]s?$", "", found["owner"]))
        whose = _owner(account, m, owner, people)
        kin = found["kin"].lower().removesuffix("s")
        if whose is None:
            continue
        for one in [m, *row_after(account, m, sentence)]:
            person = people.key(one.normal)
            if person != whose:
                yield say(account, sentence, person, f"{kin} of {whose}", ("kin", person, whose))


# The rank or unit of a soldier may stand between: "a son, Army Spec. 4 Gary Renfrow".
_SURVIVOR = re.compile(
    r"\b(?:an?|one)\s+(?:[\w-]+\s+)?(?P<kin>[\w-]+),\s+(?:(?:[A-Z][\w.]*|\d(?:st|nd|rd|th)?)\s+){0,4}$"
)


_SURVIVED = re.compile(
    r"\bsurvived\s+by\b|\bpreceded\s+in\s+death\s+by\b|\bpredeceased\s+by\b|\bsurvivors\b|\bleaves\b", re.I
)


def survivor(account: Account, sentence: tuple[int, int], m: Mention, people: People) -> Iterator[Saying]:
    """ "He is survived by ... a sister, Ifeoma Eze": a relative of the one who died."""
    survived = _SURVIVED.search(account.text[slice(*sentence)])
    lead = account.text[max(sentence[0], m.start - 50) : m.start]
    kin = _SURVIVOR.search(lead) or _SURVIVORS.search(lead)
    if not survived or not kin or kin["kin"].lower().removesuffix("s") not in reading.words("roles", "kin"):
        return
    whose = _who_died(account, sentence[0] + survived.start(), people)
    dead = None if whose else meant(account, sentence[0] + survived.start(), "", other_than=m.normal)
    whose = people.key(dead.normal) if dead else whose
    if whose is not None:
        word = kin["kin"].lower().removesuffix("s")
        for one in [m, *(row_after(account, m, sentence) if kin.re is _SURVIVORS else ())]:
            person = people.key(one.normal)
            yield say(account, sentence, person, f"{word} of {whose}", ("kin", person, whose))


# "Two daughters, Kirsten, 9, and Annika, 6"
_SURVIVORS = re.compile(r"\b(?:two|three|four|five|six|\d|his|her|the)\s+(?:[\w-]+\s+)?(?P<kin>[\w-]+s)(?:,|:)\s+$")


_ONLY_THEY = re.compile(r"[\s,\d]*(?:and|,)\s+their\s+[\w\s-]*,?\s*")
_COUPLE = re.compile(r"\b(?P<owner>[Hh]er|[Hh]is)\s+(?:late\s+|former\s+)?(?:husband|wife)\b")


def _spouse_before(account: Account, m: Mention, sentence: tuple[int, int]) -> Mention | None:
    """ "Her husband, Virgil, and their son Gary": "their" is of both, of him who is named and of her who is not."""
    found = next(iter(list(_COUPLE.finditer(account.text, sentence[0], m.start))[-1:]), None)
    if found is None:
        return None
    inside = account.inside(found.end(), m.start, "person")
    # With somebody else named between, "their" is of the others: "his wife, Ann Lee, knew Bob and Carol and their son".
    if len(inside) > 1 or not _ONLY_THEY.fullmatch(account.text[inside[0].end if inside else found.end() : m.start]):
        return None
    return meant(account, found.start(), found["owner"].lower(), other_than=inside[0].normal if inside else m.normal)


def _owner(account: Account, m: Mention, owner: str, people: People) -> str | None:
    """Whose relative: a name as a person, "her" as the person named last before; None where nobody can be meant."""
    if owner in ("him", "her", "them"):
        start = account.sentence_of(m.start)[0]
        survived = _SURVIVED.search(account.text, start, m.start)
        if survived and (died := _who_died(account, survived.start(), people)):
            return died
        if beside := _BESIDE.search(account.text, start, m.start):
            # "Strand's mother, Doris Strand, 81, and her sister, Kay Bloom"
            for p in account.inside(start, beside.end("owner") + 2, "person"):
                if p.start <= beside.start("owner") < p.end + 2:
                    return people.key(p.normal)
            return beside["owner"]
        # "He is survived by a sister, Ida; and his wife, Ann": whom they survive.
        told = meant(account, survived.start() if survived else m.start, owner, other_than=m.normal)
        if (
            told
            and (speaker := _spoke_last(account, m, owner))
            and people.key(speaker.normal) != people.key(told.normal)
        ):
            # "..." says Ida Poole, the victim's mother. Her husband, Karl": of Ida Poole, or nobody knows
            same = reading.folded(people.key(m.normal)).split()[-1] == reading.folded(speaker.normal).split()[-1]
            return people.key(speaker.normal) if same else None
        acts = _AS_HIS.search(account.text, max(m.start - 60, 0), m.start)
        if (
            told
            and acts
            and re.match(r"\s+(?:(?:stars?|starred|appears?)\s+)?as\s", account.text[told.end : told.end + 16])
        ):
            return None  # "Tom Pike as the Captain, Rosa Lind as his wife, Ellen": not the actor's
        return people.key(told.normal) if told else _named_after(account, m, owner, people)
    if owner in ("victim", "the victim", "decedent", "deceased"):
        victims = {p.normal for p in account.mentions if p.kind == "person" and p.role == "victim"}
        if not victims:
            victims = set(befell(account, people)[1])
        return people.key(victims.pop()) if len(victims) == 1 else "the victim"
    if owner.removeprefix("the ") in _HELD:
        return _the_one(account, owner, people) or owner
    # Written as in the sentence ("Kessler's sister"): the mention that stands there says who it is.
    whose = plain(owner)
    near = [
        p
        for p in account.mentions
        if p.kind == "person"
        and p.normal != m.normal
        and (_ends_with(whose, plain(p.text)) or _ends_with(plain(p.text), whose))
    ]
    near.sort(key=lambda p: abs(p.start - m.start))
    return people.key(near[0].normal) if near else owner


def _spoke_last(account: Account, m: Mention, owner: str) -> Mention | None:
    """Who is quoted right before a sentence that begins with "Her husband", in the same paragraph."""
    start = account.sentence_of(m.start)[0]
    before = account.sentence_of(max(start - 2, 0))
    if before[0] >= start or not re.match(r"\W*(?:His|Her)\s", account.text[start : start + 8]):
        return None
    if re.search(r"\n\s*\n", account.text[before[1] : start + 1]):
        return None
    told = account.inside(*before, "person")
    return told[-1] if told and attributed(account, told[-1]) and fits(told[-1], owner) else None


_AS_HIS = re.compile(r"\bas\s+(?:his|her|their)\s+(?:[\w-]+\s+)?[\w-]+,?\s+$")
_BESIDE = re.compile(
    r"\b(?P<owner>[A-Z][\w'’-]*?)['’]s\s+(?:[\w-]+\s+)?[a-z][\w-]+,\s+[^,.;]{3,40},\s+(?:\d{1,3},\s+)?and\s+"
    r"(?:his|her)\s+(?:[\w-]+\s+)?[\w-]+,?\s+$"
)


def _named_after(account: Account, m: Mention, owner: str, people: People) -> str | None:
    """ "His sons, Ty and Ben, stood behind Walt Strand": the only one named after them in the sentence who fits."""
    sentence = account.sentence_of(m.start)
    if not re.match(r"\W*(?:His|Her|Their)\s", account.text[slice(*sentence)]):
        return None
    row = {p.normal for p in (m, *row_after(account, m, sentence))}
    after = {p.normal for p in account.inside(m.end, sentence[1], "person") if p.normal not in row and fits(p, owner)}
    return people.key(after.pop()) if len(after) == 1 else None


_NOTICE = re.compile(r"(?:,\s+(?:age\s+)?\d{1,3},)(?:\s+(?:formerly\s+)?of\s[^.;]{2,50}?,)?\s+(?:died|passed\s+away)\b")


def _of_the_notice(account: Account, place: int, people: People) -> str | None:
    """The dead of an obituary: whom the last paragraph before a place begins with, "Ann Poole, 70, of Elm, died"."""
    for p in reversed([p for p in account.mentions if p.kind == "person" and p.end <= place]):
        begins = not account.text[account.text.rfind("\n", 0, p.start) + 1 : p.start].strip()
        if begins and _NOTICE.match(account.text, p.end):
            return people.key(p.normal)
    return None


def _who_died(account: Account, place: int, people: People) -> str | None:
    """Whose death an account told last before a place, relatives of others left out: whom "survived by" is about."""
    if (notice := _of_the_notice(account, place, people)) is not None:
        return notice
    kin = {people.key(m.normal) for m in account.mentions if m.kind == "person" and " of " in (m.role or "")}
    for sentence in reversed([s for s in account.sentences if s[0] <= place]):
        for cue in cues_in(account.text, *sentence):
            if cue.event == "death" and cue.form == "past" and cue.start < place:
                died = person_of(account, cue, sentence, people)
                if died is not None and died not in kin:
                    return died
    return None


_VIOLENT = re.compile(r"kill|slay|slain|murder|homicide|shot|stabb|strangl|bludgeon|beaten", re.I)


_TAKEN = frozenset(["arrest", "charge", "arraignment", "detention", "plea", "preliminary", "sentence"])
_MADE_AN_ARREST = re.compile(r"\b(?:made|makes?|making)\s+(?:the|an|this)\s+$")
_told: WeakKeyDictionary[Account, tuple[People, frozenset[str], frozenset[str]]] = WeakKeyDictionary()


def befell(account: Account, people: People) -> tuple[frozenset[str], frozenset[str]]:
    """Those whom an account says were taken or charged, and those whose death by violence it tells; found once."""
    known = _told.get(account)
    if known is None or known[0] is not people:
        text, taken, dead = account.text, set(), set()
        for s in account.sentences:
            for cue in cues_in(text, *s):
                if cue.event in _TAKEN and not _MADE_AN_ARREST.search(text, max(cue.start - 14, 0), cue.start):
                    taken.add(person_of(account, cue, s, people))
                elif cue.event in ("death", "shooting") and not text[cue.start : cue.end].isupper():
                    # Headings name in short.
                    dead |= {person_of(account, cue, s, people)} if _VIOLENT.search(text, *s) else set()
        known = _told[account] = (people, frozenset(filter(None, taken)), frozenset(filter(None, dead)))
    return known[1], known[2]


def _ends_with(one: str, other: str) -> bool:
    """Whether the words of a name end with another's: "mrs renfrow" and "renfrow"."""
    return f" {one}".endswith(f" {other}")
