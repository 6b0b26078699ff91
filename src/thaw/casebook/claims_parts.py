"""Who plays whom: "A plays B", "A has been cast as B", "B (A)", "A and B star as C and D"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from thaw.intake import Mention

from .claims_account import Account, Saying
from .claims_makers import say
from .claims_people import People

# Words between an actor and a part. The verbs of casting; then, after "as" or "plays", what the part is: "the retired
# partner", "Detective".
_CAST_VERB = (
    r"(?:stars?|starred|starring|plays?|played|appears?|appeared|cast|portrays?|portrayed|leads|led|headlines?|co-stars?|"
    r"guest[- ]stars?|returns?|returned|steps in|joins?|joined|voices?|voiced|recurs?|recur|turns? up|turned up|"
    r"pops? up|shows? up|tapped|set|signed|shines?|excels?|brought back|is back|on board|features?|replaces?|replaced)"
)
_LEAD = (
    r"(?:,?\s*(?:who|also|now|then|will|would|is|are|was|were|has|have|had|been|be|to|originally|recently|later)\s+)*"
)
_WHAT = r"(?:[\w'’.-]+,?\s+){0,6}"
_AS = re.compile(
    r"^(?:['’]s\s+(?:\w+\s+)?(?:performance|turn|work|portrayal|role|appearance))?"
    rf"\s*(?:,[^,.]{{0,60}},\s*|\([^)]{{0,40}}\)\s*)?{_LEAD}(?:{_CAST_VERB}\s+(?:[\w'’-]+\s+){{0,6}}?)?"
    rf"(?:(?:is|was)\s+(?:[\w-]+\s+){{1,5}}?)?(?:in \S+\s+)?as\s+{_WHAT}$",
    re.I,
)
_APPOSED_AS = re.compile(rf"^,\s+(?:[a-z][\w-]*,?\s+){{0,4}}as\s+{_WHAT}$")
_PLAYS = re.compile(
    rf"^\s*(?:,[^,.]{{0,60}},\s*|\([^)]{{0,40}}\)\s*)?{_LEAD}(?:(?:set|tapped|cast|hired|signed|in talks|slated|due)\s+"
    r"to\s+)?(?:plays?|played|playing|portrays?|portrayed|portraying|voices|"
    r"(?:takes?|took|taking|landed|lands|fills|filled|tackles|inherits|"
    r"assumes|has|got|gets|won|steps into|stepped into|on)\s+"
    rf"(?:on\s+)?the\s+(?:\w+\s+)?(?:role|part)\s+of)\s+{_WHAT}$",
    re.I,
)
_BRACKET = re.compile(r"\s*\(\s*(?:(?:an?|the)\s+)?(?:[a-z][\w-]*\s+){0,3}$")
_ROW = re.compile(r"(?:\s*\([^)]{0,50}\))?(?:,\s+|,?\s+(?:and|&)\s+)(?:[\w'’.-]+\s+){0,6}")
# "Delacour's partner Thomas Lorne": the owner is no part; in "Osei's turn as Delacour" she is the actor.
_OWNS = re.compile(r"['’]s?\s+(?!(?:\w+\s+)?(?:performance|turn|work|portrayal|role|appearance)\b)")
_RESPECTIVELY = re.compile(r"\brespectively\b", re.I)
_MOST_IN_A_ROW = 5


def part_sayings(
    account: Account, sentence: tuple[int, int], persons: Sequence[Mention], people: People
) -> Iterator[Saying]:
    """The parts that one sentence gives to actors."""
    yield from _turned_round(account, sentence, persons, people)
    persons = [p for p in persons if not _OWNS.match(account.text, p.end)]
    if rows := _rows(account, sentence, persons):
        for actor, part in rows:
            yield _played(account, sentence, people, part, actor)
        return
    for one, other in pairwise(persons):
        between = account.text[one.end : other.start]
        if people.key(one.normal) == people.key(other.normal) or len(between) > 110 or _ends(between):
            continue
        if _FAMILY.match(account.text, other.end):
            continue  # "as the Brewster sisters": no part of one of them
        if _WENT_TO.fullmatch(between) and _PART_OF.search(account.text[max(sentence[0], one.start - 40) : one.start]):
            yield _played(account, sentence, people, one, other)  # "the part of Nell Webb went to Jean Carr"
        elif (
            _IN_THE_ROLE.fullmatch(between)
            or (_IS_KIN.fullmatch(between) and _after_a_cast(account, sentence))
            or _acts(account, sentence, between)
        ):
            yield _played(account, sentence, people, other, one)
        elif (
            _BRACKET.fullmatch(between)
            and account.text[other.end : other.end + 1] == ")"
            and (_of_a_work(account) or _of_a_cast(account, sentence) or _with_a_cast(account, sentence))
        ):
            part, actor = (other, one) if _is_actor(account, sentence, one) else (one, other)
            yield _played(account, sentence, people, part, actor)


_AS_BEFORE = re.compile(r"(?:^|[.;:]\s+|\n)\W*As\s+(?:[A-Z][a-z]*\.?\s+){0,2}$")


def _turned_round(
    account: Account, sentence: tuple[int, int], persons: Sequence[Mention], people: People
) -> Iterator[Saying]:
    """ "As Dr. Imani Boyd, Nora Pell is" and "Zeke Brandt's Gus Tolliver": in papers about a work."""
    for one, other in pairwise(persons):
        between = account.text[one.end : other.start]
        if people.key(one.normal) == people.key(other.normal) or not _of_a_work(account):
            continue
        lead = account.text[max(sentence[0] - 2, 0) : one.start]
        if re.fullmatch(r",\s+", between) and _AS_BEFORE.search(lead):
            yield _played(account, sentence, people, one, other)
        elif re.fullmatch(r"['’]s?\s+(?:[A-Z][a-z]+\.\s+)?", between) and len(other.text.split()) > 1:
            yield _played(account, sentence, people, other, one)


_IN_THE_ROLE = re.compile(r"(?:,[^,.;]{3,50},)?\s+in\s+the\s+(?:role|part)\s+of\s+(?:[A-Z][a-z]+\.?\s+)?$")
_IS_KIN = re.compile(r"\s+is\s+(?:his|her|their)\s+(?:[a-z-]+\s+)?(?P<kin>[a-z-]+),?\s+$")


def _after_a_cast(account: Account, sentence: tuple[int, int]) -> bool:
    """Whether this sentence or the one before tells who plays whom: then "Sayle is his daughter, Clara" does too."""
    before = account.sentence_of(max(sentence[0] - 2, 0))
    return bool(
        re.search(r"\b(?:plays?|stars?|will\s+play|starring|portrays?)\b", account.text[before[0] : sentence[1]])
    )


_FAMILY = re.compile(r"\s+(?:sisters|brothers|twins|family|boys|girls|children|kids|couple|parents)\b")
_WENT_TO = re.compile(r"\s+(?:went|goes|was\s+given|falls?|fell|passed)\s+to\s+(?:[a-z]\w*\s+){0,3}$")
_PART_OF = re.compile(r"\b(?:part|role)\s+of\s+(?:the\s+)?(?:[\w.]+\s+){0,2}$")


def _ends(between: str) -> bool:
    """Whether a sentence or a clause ends between two names; the point of "Det." ends none."""
    if re.search(r"\bas\s+an?\s+(?:[\w-]+\s+){1,4}?(?:and|with)\s", between):
        return True  # "with Ann Poole as a detective and Leon Kowal as Dell"
    return bool(re.search(r"[.;]\s", re.sub(r"\b[A-Z][a-z]{0,4}\.\s", "", between)))


def _acts(account: Account, sentence: tuple[int, int], between: str) -> bool:
    if re.search(r"\b(?:with|by|for|opposite|alongside)\b", between):
        return False
    if _PLAYS.match(between):
        return True
    if _AS.match(between) and _of_a_cast(account, sentence):
        return True
    if re.fullmatch(r"\s+is\s+(?:[A-Z][a-z]+\.?\s+)?", between) and (
        account.inside(*sentence, "title") or (_of_a_work(account) and _after_a_cast(account, sentence))
    ):
        return True  # "In 'Salt Road,' Greta Lind is Nora Bell"
    short = re.fullmatch(r"\s+as\s+(?:[A-Z][a-z]+\.?\s+)?", between) or _APPOSED_AS.match(between)
    return bool(short) and _of_a_work(account)


def _played(account: Account, sentence: tuple[int, int], people: People, part: Mention, actor: Mention) -> Saying:
    name = people.key(part.normal)
    return say(account, sentence, name, f"played by {people.key(actor.normal)}", ("played by", name))


def _rows(account: Account, sentence: tuple[int, int], persons: Sequence[Mention]) -> list[tuple[Mention, Mention]]:
    """ "A and B will recur as C and D, respectively": each with his own; nothing for another sentence."""
    for size in range(2, min(_MOST_IN_A_ROW, len(persons) // 2) + 1):
        for first in range(len(persons) - 2 * size + 1):
            actors, parts = persons[first : first + size], persons[first + size : first + 2 * size]
            if not (_is_row(account, actors) and _is_row(account, parts)):
                continue
            between = account.text[actors[-1].end : parts[0].start]
            told = _RESPECTIVELY.search(account.text[slice(*sentence)])
            if _ends(between) or not (_PLAYS.match(between) or _AS.match(between)):
                continue
            if told or (_of_a_work(account) and re.search(_CAST_VERB, between, re.I)):
                return list(zip(actors, parts, strict=True))
    return []


def _is_row(account: Account, persons: Sequence[Mention]) -> bool:
    gaps = [account.text[a.end : b.start] for a, b in pairwise(persons)]
    return all(_ROW.fullmatch(gap) for gap in gaps) and bool(re.search(r"(?:and|&)\s", gaps[-1]))


_CAST_BEFORE = re.compile(r"\b(?:cast|stars?|starring|co-stars?|features?|featuring|performers|ensemble)\b", re.I)


def _is_actor(account: Account, sentence: tuple[int, int], one: Mention) -> bool:
    """Of "A (B)" the outer is the actor in a list of the cast, else the part: "Det. Nora Marlowe (Maggie Vale)"."""
    before = account.text[sentence[0] : one.start]
    # "whose brother Thomas (Rhys Pugh)": a relative in the story, so a part.
    part = one.part("title") is not None or one.rule == "person.kin" or len(one.normal.split()) == 1
    credited = _with_a_cast(account, sentence)
    return (bool(_CAST_BEFORE.search(before)) or credited) and not part


def _with_a_cast(account: Account, sentence: tuple[int, int]) -> bool:
    """ "With Marguerite Hale (Ruth Gantt), Tobias Lindgren (Dell Mabry)": the credits of a review."""
    return bool(re.match(r"\W*(?:With|Starring|Featuring)\s+[A-Z]", account.text[slice(*sentence)]))


def _of_a_cast(account: Account, sentence: tuple[int, int]) -> bool:
    return bool(
        re.search(
            (
                r"\b(?:stars?|starring|cast|plays?|played|film|series|drama|show|movie|picture|role|"
                r"character|actress|actor|portray\w*)\b"
            ),
            account.text[slice(*sentence)],
            re.I,
        )
    )


def _of_a_work(account: Account) -> bool:
    """Whether the account is about a work at all: then "A as B" is an actor and a part."""
    if any(m.kind == "title" for m in account.mentions):
        return _of_a_cast(account, (0, len(account.text)))
    return len(_WORK_WORDS.findall(account.text)) >= _ENOUGH


# Words of a review that names its work without quotes.
_WORK_WORDS = re.compile(
    r"\b(?:series|shows?|episodes?|seasons?|finale|premiered?|film|movie|television|actor|actress)\b", re.I
)
_ENOUGH = 3
