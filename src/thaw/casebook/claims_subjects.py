"""Whose event it is, and whom a deed was done to: the person whom the words of a sentence join to its verb or noun.

A sentence that begins "A 34-year-old clerk was found" names nobody; who is meant is the first person whom the sentences
after it name and who is no official and no speaker. All of this is for the comparison only.
"""

from __future__ import annotations

import re
from typing import Literal

from thaw.data import read_toml
from thaw.intake import Mention, reading

from .claims_account import Account
from .claims_cues import Cue
from .claims_people import People
from .claims_pronouns import attributed, meant, oblique, official
from .claims_unnamed import UNNAMED_OBJECT, is_person_phrase, lede_person, unnamed_person

CLAUSE = re.compile(
    r",\s+(?:and|but|who|whose|which|where|while|when|after|before)\s|;|\s(?:who|whose|which)\s"
    r"|\s(?:and|but)\s(?=(?:\w+\s)?(?:was|is|will|were|has|had)\b)"
)
PASSIVE = re.compile(
    r"\b(?:was|were|been|being|is|are|be|got|(?:was|were|been)\s+\w+\s+and)\s+(?:not\s+)?(?:\w+ly\s+|later\s+|also\s+|then\s+|first\s+|"
    r"being\s+)?$|,\s*$|\bman\s+$",
    re.I,
)
# Events that befall the one who is named before the verb, in the active voice too.
OWN = frozenset(str(read_toml("reading/events.toml")["befalls"]["events"]).split())
_INTRANSITIVE = frozenset(
    v.replace("-", " ") for v in str(read_toml("reading/events.toml")["befalls"]["verbs"]).split()
)
_OF_ANOTHER = re.compile(r"\s+of\s+(?:(?:an?|the|his|her|their|two|three)\s+)?[a-z]")
_IN_THE = re.compile(r"\b(?:in|for|over|about|to|with)\s+(?:the|a|an)?\s*(?:\w+-degree\s+|(?:19|20)\d\d\s+)?$")


def person_of(account: Account, cue: Cue, sentence: tuple[int, int], people: People) -> str | None:
    """The name that stands for the person of an event, or None when the sentence leaves it open."""
    found = _noun_owner(account, cue, sentence) if cue.form == "noun" else None
    if cue.form == "noun" and found is None and _elsewhere(account, cue):
        return None  # "arrested in the 1987 killing of a night nurse"
    if found is None and cue.form == "noun" and cue.event in _OF_THE_DEAD:
        return None  # "she learned of the death": not hers
    if found is None and _I.search(account.text[max(sentence[0], cue.start - 24) : cue.start]):
        return None  # "I retire June 28": who speaks is not said here
    if cue.event == "discovery" and found is None and (of := _of_bodies(account, cue, sentence)) is not None:
        return people.key(of.normal) if of else None
    if found is None and cue.form == "noun" and cue.event not in _GOES_THROUGH:
        return None  # "the family was told of the arrest": not theirs
    found = found or _verb_subject(account, cue, sentence)
    if (
        found is not None
        and cue.event in _BEFORE_A_JUDGE
        and official(found)
        and not _is_passive(account, cue, sentence)
    ):
        return None  # "Judge Hale adjourned the case until June"
    return people.key(found.normal) if found else None


# Nouns that belong to the one who is named before them: "Rusk goes on trial", "Capolla faces sentencing".
_GOES_THROUGH = frozenset(
    [
        *("trial", "court", "preliminary", "arraignment", "sentence", "plea", "hearing", "charge", "verdict"),
        *(
            "extradition",
            "extradition_hearing",
            "parole_eligibility",
            "service",
            "jury_selection",
            "concert",
            "graduation",
            "defense",
            "retirement",
            "departure",
        ),
    ]
)
_OF_THE_DEAD = frozenset(["death", "shooting", "disappearance", "wedding", "birth"])
_I = re.compile(r"\b(?:I|we|We)\s+(?:\w+\s+)?$")
_BEFORE_A_JUDGE = frozenset(["court", "preliminary", "arraignment", "trial", "plea", "verdict", "sentence"])


def _is_passive(account: Account, cue: Cue, sentence: tuple[int, int]) -> bool:
    return bool(PASSIVE.search(account.text[max(sentence[0], cue.start - 20) : cue.start]))


def _elsewhere(account: Account, cue: Cue) -> bool:
    left = account.text[max(0, cue.start - 20) : cue.start]
    return bool(_OF_ANOTHER.match(account.text, cue.end) or _IN_THE.search(left))


def _noun_owner(account: Account, cue: Cue, sentence: tuple[int, int]) -> Mention | None:
    text = account.text
    if cue.event == "birth" and re.search(r"\bdate\s+of\s+$", text[max(0, cue.start - 12) : cue.start]):
        # "asked the prisoner his full name (Leon Kowal) and his date of birth": whose name was told last.
        told = [p for p in account.inside(sentence[0], cue.start, "person") if not official(p)]
        return told[-1] if told else meant(account, cue.start)
    for p in account.inside(*sentence, "person"):
        if p.end <= cue.start and re.match(r"['’]s?\s+(?:\w+\s+){0,3}$", text[p.end : cue.start]):
            return p
        if p.start >= cue.end and re.match(
            r"(?:\s+(?:\w+\s+){0,2}of\s+|,\s+that\s+of\s+)(?:[\w'’-]+\s+){0,4}$", text[cue.end : p.start]
        ):
            return p
        if (
            cue.event in ("service", "burial", "funeral")
            and p.start >= cue.end
            and text[cue.start : cue.end].endswith("for")
            and re.fullmatch(r"\s+(?:[\w'’.-]+\s+){0,2}", text[cue.end : p.start])
        ):
            return p  # "a service for Rita Vega"
        if (
            cue.event in ("burial", "funeral", "memorial", "visitation")
            and p.start >= cue.end
            and re.fullmatch(r"\s+for\s+(?:[\w'’.-]+\s+){0,2}", text[cue.end : p.start])
        ):
            return p  # "a memorial service for Rita Vega"
        if (
            cue.event == "plea"
            and p.start >= cue.end
            and re.search(r"\b(?:from|by)\s+(?:[\w'’.-]+\s+){0,2}$", text[cue.end : p.start])
        ):
            return p  # "accepted a guilty plea on Tuesday from Leon Kowal"
        if text[cue.start : cue.end].endswith("ing") and re.fullmatch(
            r"\s+(?:(?!and\b|or\b|in\b|of\b|at\b|by\b)[a-z][\w-]*\s+){0,3}(?:(?:Mr|Mrs|Ms|Miss|Dr|Officer|Deputy)\.?\s+)?",
            text[cue.end : p.start],
        ):
            return p  # "accused of killing Rita Vega"
    if whose := re.search(r"\b(his|her)\s+(?:\w+\s+){0,2}$", text[max(sentence[0], cue.start - 24) : cue.start], re.I):
        return meant(account, cue.start, whose[1])
    return None


# "Bakke, 58, arrested the man" has an object; "Stokes, 60, arrested in 2011" has none.
_OBJECT = re.compile(
    r"\s+(?:the|a|an|his|her|their|him|them|two|three|[A-Z]\w+)\b(?<!Monday|Friday|Sunday)(?<!Tuesday)(?<!Thursday|Saturday)"
    r"(?<!Wednesday)"
)


_RELATIVE = re.compile(
    r"(?:^|[.,;:“\"]\s*|\b(?:and|but|that|when|after|before|until)\s+)\W*(?:my|his|her|their|our|[A-Z]\w+['’]s)\s+(?:[\w-]+\s+)?(?P<kin>[\w-]+)\s+"
    r"(?:(?:was|were|is|had|has|been|later|also|both)\s+)*$",
    re.I,
)


def relative_before(account: Account, cue: Cue, sentence: tuple[int, int]) -> str | None:
    """The word for a relative without a name whom an event befalls ("My mother died"), or None."""
    found = _RELATIVE.search(account.text[max(sentence[0], cue.start - 60) : cue.start])
    kin = found["kin"].lower().removesuffix("s") if found else ""
    return kin if kin in reading.words("roles", "kin") else None


def _is_object(between: str) -> bool:
    """Whether a name right after a verb, or after "the so-called Lantern Killer," is its object."""
    if re.fullmatch(r"\s+(?:the|a|an|his|her)\s+[^,.;]{3,40},\s+", between):
        return True
    return len(between) < 40 and not re.search(r"[,;]|\b(?:in|on|at|for|and)\s", between)


_SEVERAL = re.compile(
    r"\b(?:[Tt]he|[Tt]wo|[Tt]hree|[Bb]oth|[Tt]hese|[Tt]hose)\s+(?:\w+\s+){0,2}\w+s\s+(?:were|had|have|are|will)\s+"
)


def _matched_to(account: Account, cue: Cue, after: list[Mention], passive: bool) -> Mention | None:
    """ "A profile from the glove was matched to Stubblefield": nobody else in the sentence."""
    text = account.text
    to = [p for p in after if re.fullmatch(r"\s+(?:[\w-]+\s+){0,3}?to\s+(?:[\w.]+\s+){0,2}", text[cue.end : p.start])]
    return to[0] if to else next((p for p in after if not passive and _is_object(text[cue.end : p.start])), None)


def _verb_subject(account: Account, cue: Cue, sentence: tuple[int, int]) -> Mention | None:
    text = account.text
    persons = account.inside(*sentence, "person")
    before = [p for p in persons if p.end <= cue.start and not _in_headline(text, p, cue) and not _speaks(text, p)]
    after = [p for p in persons if p.start >= cue.end]
    left = text[max(sentence[0], cue.start - 20) : cue.start]
    right = text[cue.end : cue.end + 60]
    word = text[cue.start : cue.end].lower()
    passive = bool(PASSIVE.search(left)) and not (left.rstrip().endswith(",") and _OBJECT.match(right))
    done_to = cue.event not in OWN or cue.event in ("death", "firing", "exhumation", "clearing")
    active = cue.form != "noun" and not passive and word not in _INTRANSITIVE and done_to and word != "guilty"
    if cue.event == "match":
        return _matched_to(account, cue, after, passive)
    if cue.event == "missing_report" and (whom := re.search(r"\b(her|him)\b", word)):
        # "Her husband, Roy Poole, reported her missing": not he.
        return meant(account, sentence[0] + 1, whom[1], other_than=before[-1].normal if before else None)
    if (
        active
        and re.match(r"\s+them\b", right)
        and not (cue.event == "discovery" and _DEAD.search(text, cue.end, cue.end + 200))
    ):
        return None  # several, and who they are is told elsewhere
    if active and (him := re.match(r"\s+(him|her|them)\b", right)):
        return meant(account, cue.start, him[1], other_than=before[-1].normal if before else None)
    if word == "last saw":
        near = [p for p in after if p.start - cue.end < 40 and _is_object(text[cue.end : p.start])]
        return near[0] if near else None  # "she last saw the victim on Wednesday": not her
    after = [p for p in after if not re.search(r"\bby\s+(?:[\w.]+\s+){0,2}$", text[cue.end : p.start])]
    if passive and cue.event not in OWN and re.match(r"\s+by\s", right) and before:
        return before[-1]
    if active:
        if (whom := UNNAMED_OBJECT.match(text, cue.end)) and is_person_phrase(whom["np"]):
            return lede_person(account, cue.end, whom["np"], cue.event)  # "arrested a 24-year-old landscaper Tuesday"
        near = [p for p in after if p.start - cue.end < 60 and _is_object(text[cue.end : p.start])]
        return near[0] if near else None
    if _WHO_UNNAMED.search(text[max(sentence[0], cue.start - 90) : cue.start]):
        return None  # "the brother of a radio engineer who vanished": who that is, is told elsewhere
    unnamed = unnamed_person(account, sentence[0], cue.start, cue.event)
    if unnamed is not None:
        # "Sheriff Poole said the woman was found": who speaks is not the one who was found.
        return None if unnamed[0] is not None and _said_by(account, sentence, unnamed[0]) else unnamed[0]
    if _man_who(account, cue, sentence):
        return lede_person(account, sentence[0], text[sentence[0] : cue.start].strip(), cue.event)
    if relative_before(account, cue, sentence):
        return None  # "My mother died in 2004": nobody says who that is
    if after and not before and cue.form == "past" and not text[sentence[0] : cue.start].strip(' \n"“'):
        if own := re.search(r",\s+(he|she)\b", text[cue.end : after[0].start]):
            return meant(account, cue.start, own[1])  # "Born in Macon, she was the daughter of Ida Grant"
        return after[0]  # "Born in Macon, Mr. Grant began"
    if before and not _speaker_only(account, cue, before):
        return _subject_before(account, cue, sentence, before)
    if not before and _is_of_a_thing(account, cue, sentence):
        return None
    if pronoun := re.search(r"\b(?:he|she|him|her|his|who)\b", text[slice(*sentence)], re.I):
        return meant(account, cue.start, pronoun.group().lower())
    if _SEVERAL.search(text, sentence[0], cue.start):
        return None  # "The brothers were arrested after a third, Dan Moss, told of it"
    close = [p for p in after if not official(p)]
    return close[0] if close and cue.event in ("sentence", "arrest", "charge", "verdict") else None


_NOUN_SUBJECT = re.compile(
    r"\b(?:the|an?|two|three|four|his|her|their|its|several|both)\s+(?:[a-z][\w-]*\s+){0,3}?[a-z][\w-]+\s+"
    r"(?:(?:was|were|had|has|have|been|would|will|be|is|are|being)\s+)*(?:\w+ly\s+)?$"
)


def _is_of_a_thing(account: Account, cue: Cue, sentence: tuple[int, int]) -> bool:
    """ "He said the dog died": what a verb is said of is no person and no body."""
    thing = _NOUN_SUBJECT.search(account.text[max(sentence[0], cue.start - 80) : cue.start])
    return bool(thing) and cue.form != "noun" and not re.search(rf"\b{_BODY}\b", thing.group() if thing else "", re.I)


def _speaker_only(account: Account, cue: Cue, before: list[Mention]) -> bool:
    """Whether "Mabry said the bodies were found" names nobody but who speaks: what was found is not he."""
    return all(attributed(account, p) for p in before) and (
        cue.form == "noun" or bool(_NOUN_SUBJECT.search(account.text[max(before[-1].end, cue.start - 80) : cue.start]))
    )


def _said_by(account: Account, sentence: tuple[int, int], told: Mention) -> bool:
    """Whether a person stands in a sentence only as the one who says it."""
    here = [p for p in account.inside(*sentence, "person") if p.normal == told.normal]
    return bool(here) and all(attributed(account, p) for p in here)


_A_MAN_WHO = re.compile(
    r"\W*(?:[A-Z][A-Z. ]+(?:,\s[^-–—\n]{2,20})?\s*(?:--|—|–)\s*)?"
    r"(?:An?|The)\s+(?:[\w-]+\s+){0,3}?(?:\d{1,3}-year-old\s+)?(?P<noun>[\w-]+)\s+"
    r"who\s[^,;.]*$"
)


def _man_who(account: Account, cue: Cue, sentence: tuple[int, int]) -> bool:
    """ "A man who once drove for the firm where Ann Poole kept the books was arrested": not Ann Poole."""
    found = _A_MAN_WHO.match(account.text[sentence[0] : cue.start])
    return (
        bool(found) and _is_passive(account, cue, sentence) and is_person_phrase(f"a {found['noun'] if found else ''}")
    )


_DEAD = re.compile(r"\b(?:bod(?:y|ies)|shot|killed|dead|slain|murdered|stabbed|strangled)\b")
_WHO_UNNAMED = re.compile(
    r"\b(?:of|for|by|with|to|about|from)\s+(?:an?|the)\s+(?:[\w'’-]+\s+){1,5}who\s+(?:(?:had|has|was|were|later|\w+ly)\s+)*$"
)


def _speaks(text: str, p: Mention) -> bool:
    """Whether a name only marks who speaks in a transcript: "TEAGUE: Pruitt goes before a judge"."""
    return text[p.end : p.end + 1] == ":" and not text[text.rfind("\n", 0, p.start) + 1 : p.start].strip()


def _in_headline(text: str, p: Mention, cue: Cue) -> bool:
    """Whether a name stands in a line of capitals above the words of an event."""
    end = text.find("\n", p.end, cue.start)
    return end >= 0 and text[text.rfind("\n", 0, p.start) + 1 : end].isupper() and not text[end : cue.end].isupper()


def together(account: Account, cue: Cue, sentence: tuple[int, int], people: People) -> tuple[str, ...]:
    """ "Strauss, 58, of Boston, and Capolla, 33, were arrested": all of them; nothing for one alone."""
    if found := _whose_bodies(account, cue, sentence):
        return tuple(dict.fromkeys(people.key(p.normal) for p in found))
    if cue.form == "noun" or not _WERE.search(account.text[max(sentence[0], cue.start - 30) : cue.start]):
        return ()
    before = [p for p in account.inside(sentence[0], cue.start, "person") if not attributed(account, p)]
    if len(before) < 2 or not re.search(
        r"\band\s+(?:[\w.]+\s+){0,2}$", account.text[before[-2].end : before[-1].start]
    ):
        return ()
    free = [p for p in before if not oblique(account, p)]
    return tuple(dict.fromkeys(people.key(p.normal) for p in free)) if len(free) > 1 else ()


_BODY = r"(?:bodies|body|remains|corpses?|skeletons?|skull|bones)"
_WHOSE_BODIES = re.compile(rf",?\s+whose\s+(?:\w+\s+)?{_BODY}\s+(?:was|were|had\s+been)\s+(?:later\s+|\w+ly\s+)?$")
BODIES = re.compile(
    rf"\b(?P<det>the|two|three|their|both|a)\s+(?:\w+\s+)?{_BODY}\s+(?:was|were|had\s+been|been|lay)\s+(?:later\s+|\w+ly\s+)?$",
    re.I,
)
_AND_AGED = re.compile(r"(?:,\s*\d{1,3},?)?(?:,\s+(?:of|an?|from)\s[^,.;]{2,50},?)?,?\s+and\s+(?:[\w.]+\s+)?")


def _whose_bodies(account: Account, cue: Cue, sentence: tuple[int, int]) -> list[Mention]:
    """Of "Ann Poole, 24, and Leon Kowal, 27, whose bodies were found": both."""
    found = _WHOSE_BODIES.search(account.text, max(sentence[0], cue.start - 60), cue.start)
    before = account.inside(sentence[0], found.start(), "person") if found else []
    if not found or not before or not re.fullmatch(r"(?:,\s*\d{1,3})?", account.text[before[-1].end : found.start()]):
        return []
    several = len(before) > 1 and _AND_AGED.fullmatch(account.text, before[-2].end, before[-1].start)
    return before[-2:] if several else before[-1:]


def _of_bodies(account: Account, cue: Cue, sentence: tuple[int, int]) -> Mention | Literal[False] | None:
    """Whose "the body" is that was found: a name, False when it is left open, None when they speak of no body."""
    if found := _whose_bodies(account, cue, sentence):
        return found[0]
    left = max(sentence[0], cue.start - 60)
    return False if BODIES.search(account.text, left, cue.start) else None


_WERE = re.compile(r"\bwere\s+(?:both\s+|all\s+|\w+ly\s+|later\s+|also\s+)?$")


def _subject_before(account: Account, cue: Cue, sentence: tuple[int, int], before: list[Mention]) -> Mention | None:
    """Of "Pruitt, a clerk, was convicted" the subject is the first name after the last clause break."""
    fit = [p for p in before if not attributed(account, p)] or before
    if cue.form == "noun":
        fit = [p for p in fit if not official(p)]  # "Judge Hale set sentencing for May"
    if aside := _ASIDE.search(account.text, sentence[0], cue.start):
        # "Ann Poole, who plays Dora, was hired": not Dora.
        spoken = [p for p in fit if p.end <= aside.start()]
        if spoken and aside.start() - spoken[-1].end < 30:
            return spoken[-1]
    clause = max((m.end() for m in CLAUSE.finditer(account.text, sentence[0], cue.start)), default=sentence[0])
    here = [p for p in fit if p.start >= clause]
    if here:
        free = [p for p in here if not oblique(account, p)] or here
        return free[-1 if cue.event in OWN and len(free) == 1 else 0]
    # "Ann Poole, whose sister lives here, and who ...": back over the break to whom the clause belongs.
    return fit[-1] if fit and re.search(r"\bwho(?:se)?\s$", account.text[:clause]) else fit[0] if fit else None


_ASIDE = re.compile(
    r",\s+(?:who|whom|whose|which)\s[^,;]*,\s+(?:(?:was|were|has|had|is|been|will|would|be|later|also|then)\s+)*$"
)


_OFFICES = (("titles", "ranks"), ("roles", "occupations"), ("roles", "occupation_before"))
_DONE_WORDS = re.compile(r"[A-Z(\"“]|(?:the|an?|of|for|from|in|and|then|former|retired)$")


def done_to(account: Account, sentence: tuple[int, int], verb: int, doer: Mention) -> Mention | None:
    """Whom "was VERB ... by DOER" was done to; `verb` is the place of the verb."""
    text = account.text
    persons = [p for p in account.inside(sentence[0], verb, "person") if p.normal != doer.normal]
    lead = text[sentence[0] : verb]
    part = [
        p
        for p in persons
        if re.search(r"\b(?:role|part|character)\s+of\s+(?:the\s+)?$", text[max(0, p.start - 24) : p.start])
    ]
    if part:
        return part[-1]
    if not re.search(
        r"\b(?:was|were|is|are|been|being|be|got)\s+(?:\w+ly\s+|later\s+|also\s+|then\s+|first\s+)?$", lead
    ):
        # "Amos, played by Y": the name right before.
        return persons[-1] if persons and verb - persons[-1].end < 60 else None
    unnamed = unnamed_person(account, sentence[0], verb)
    if unnamed is not None:
        return unnamed[0]
    free = [p for p in persons if not attributed(account, p) and not oblique(account, p)]
    if free:
        near = [p for p in free if not re.search(r"\b(?:said|told|was|were|had|has)\b", text[p.end : verb][:-8])]
        return (near or free)[-1]
    if pronoun := re.search(r"\b(?:he|she)\b", lead, re.I):
        return meant(account, verb, pronoun.group().lower())
    return None


def titled_only(words: str) -> bool:
    """Whether the words between "by" and a name are its rank and office only: "Illinois State Police Sgt."."""
    known = (
        reading.words("titles", "ranks"),
        reading.words("roles", "occupations"),
        reading.words("roles", "occupation_before"),
    )
    return all(
        _DONE_WORDS.match(word) or any(word.lower().strip(".,") in listed for listed in known) for word in words.split()
    )
