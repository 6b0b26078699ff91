"""Lists of members: who is in the cast, on the bill, among the dead, as each account has it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from thaw.intake import Mention

from .claims_account import Account, Saying
from .claims_people import People, members

_LEAD = re.compile(
    r"\b(?P<noun>cast|ensemble|crew|band|lineup|line-up|bill|jury|panel|board|dead|victims|injured|"
    r"survivors|suspects|defendants|witnesses|winners|nominees|members|guests|performers|musicians|"
    r"players|team|officers|speakers|directors|producers|writers|volunteers|detectives|investigators|deputies|students|passengers|"
    r"actors|nurses|teachers|partners|colleagues|family|pallbearers|bearers|mourners|ushers|jurors|hostages|crewmen)"
    r"(?:\s+of\s+[^,.]{1,40}?)?\s+(?:also\s+)?(?P<verb>includes?|included|including|are|were|is|"
    r"consists? of|features?|featured|comprises?|as|will\s+be|:)\s*(?:also\s+)?(?:(?!\w+ing\s)[\w-]+\s+){0,4}$",
    re.I,
)
_OUTCOME = re.compile(
    r"^\W*(?:Also\s+)?(?P<noun>Killed|Dead|Injured|Hurt|Wounded|Missing|Arrested|Charged|Indicted)\s+(?:were|was|are|is)\s+"
    r"(?:[\w.]+\s+){0,3}$"
)
_OUTCOMES = {"killed": "dead", "hurt": "injured", "wounded": "injured"}
_STARS = re.compile(
    (
        r"\b(?:stars?|starring|features?|featuring|co-stars?|co-starring|led by)\s+(?:also\s+)?(?:actors?\s+|"
        r"actress(?:es)?\s+)?$"
    ),
    re.I,
)
_SURVIVED = re.compile(r"\b(?P<noun>survived by)\s+(?:[^,.]{0,30})$", re.I)
_PLACE = r"[A-Z][\w.'’-]*(?:\s+[A-Z][\w.'’-]*){0,2}(?:,\s+[A-Z][\w.]{1,12})?"
_LINK = re.compile(
    r"^(?:\s*\([^)]{0,40}\))?(?:\s+as\s+[^,.;]{1,60})?(?:,\s*(?:aged?\s+)?\d{1,3})?"
    rf"(?:,\s+(?:(?:both|all)\s+)?of\s+{_PLACE})?(?:,\s+(?:the|his|her|an?|both|their)\s+[a-z][\w\s-]{{2,30}}?)?"
    r"(?:,\s+|\s+and\s+|,\s+and\s+|\s*;\s*(?:and\s+)?|,?\s+along with\s+|,?\s+as well as\s+)(?:(?:his|her|the|a|an|"
    r"with)\s+)?(?:(?:[a-z][\w-]*|[A-Z]{2,5}),?\s+){0,4}(?:(?:Dr|Mr|Mrs|Ms|Miss|Sir|Dame|Lord|Lady|Rev|Fr|Sgt|Det|Lt|Capt|Prof|Judge|Chief|"
    r"Sister|Father|Brother|Pastor|Officer|Deputy|Cpl|Pvt)\.?\s+)?$"
)
_THEY = re.compile(
    r"^\W*(?:They|These|Those|Among them)\s+(?:also\s+)?(?:include|included|are|were)\s+(?:[\w.]+\s+){0,2}$"
)
_SORT = re.compile(
    r"\b(?P<noun>cast|ensemble|crew|band|jury|dead|victims|injured|survivors|suspects|defendants|witnesses|winners|members|"
    r"hostages|jurors|missing|arrested)\b",
    re.I,
)


def list_sayings(account: Account, people: People) -> Iterator[Saying]:
    """The lists of persons in one account, with two members or more."""
    for sentence in account.sentences:
        persons = account.inside(*sentence, "person")
        at = 0
        while at < len(persons):
            run = _run(account, persons, at)
            if len(run) >= 2 and (noun := _noun(account, run[0], sentence)) is not None:
                names = members((m.normal for m in run), people)
                if len(names) >= 2:
                    yield Saying(
                        account, sentence, "list", noun, noun, names, " | ".join(sorted(names)), ("list", noun)
                    )
            at += max(len(run), 1)


def _run(account: Account, persons: list[Mention], first: int) -> list[Mention]:
    run = [persons[first]]
    parts: set[str] = set()
    for m in persons[first + 1 :]:
        last = max((x for x in persons if x.start < m.start), key=lambda x: x.start)
        between = account.text[last.end : m.start]
        part = re.match(r"^\s*(?:\(\s*|as\s+(?:[\w'’.-]+\s+){0,3})$", between)
        if part:
            parts.add(m.normal)  # "A as B": B is a part, not a member
            continue
        if (
            not _LINK.match(between)
            or re.search(r"\b(?:whom|who|which|whose|said|told)\b", between)
            or account.text[m.end : m.end + 2] in ("'s", "’s")
        ):
            break
        run.append(m)
    return run


def _noun(account: Account, first: Mention, sentence: tuple[int, int]) -> str | None:
    before = account.text[max(sentence[0], first.start - 80) : first.start].replace("\n", " ")
    if found := _LEAD.search(before):
        return found["noun"].lower()
    if _STARS.search(before):
        return "cast"
    if found := _OUTCOME.search(before):
        return _OUTCOMES.get(found["noun"].lower(), found["noun"].lower())
    if _THEY.match(before):
        # "The dead number nine. They include ..."
        told = account.text[slice(*account.sentence_of(max(sentence[0] - 2, 0)))]
        nouns = [m["noun"].lower() for m in _SORT.finditer(told)]
        return nouns[-1] if nouns else "members"
    if found := _SURVIVED.search(before):
        return "survived by"
    return None
