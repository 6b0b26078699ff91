"""How far a day or place stands from the word of an event in its sentence: letters, and what makes them count more."""

from __future__ import annotations

import re

from thaw.intake import Mention

from .claims_account import Account
from .claims_cues import Cue
from .claims_subjects import CLAUSE

FAR = 110  # from here on a day is not that event's


def gap_to(account: Account, m: Mention, cue: Cue) -> float:
    """Letters between a day or place and an event's word, more where another word is likelier its own; see FAR."""
    first, last = (cue.end, m.start) if cue.end <= m.start else (m.end, cue.start)
    if last - first >= (3 * FAR if cue.start > m.start and _heads_sentence(account, m) else FAR):
        return float(last - first)  # what follows only adds
    between = account.text[first:last]
    if m.date is not None and m.date.precision == "year" and between == " " and cue.form == "noun":
        return -1.0  # "the 1987 killing": the year is the noun's own
    if cue.event == "charge" and re.match(r"\s+(?:with|of)\s+\w+ing\s", between):
        return FAR + 0.0  # "charged with strangling Poole on Friday": the day is that of the deed
    heads = cue.start > m.start and _heads_sentence(account, m)
    gap = float(len(between)) + 60 * len(CLAUSE.findall(between))
    point = account.text[m.end - 1 : m.end] == "." and re.match(r"\s+[A-Z]", between)
    if cue.start > m.start and (point or re.match(r"\.\s+[A-Z]", between)):
        gap += 3 * FAR  # "Will come in Tues. Towboat heard shots"
    if not heads and cue.start > m.start and _OTHER_CLAUSE.match(between):
        gap += FAR  # "were issued on Nov. 12 after a witness picked him out": the day is that of the issue
    if heads:
        gap /= 3  # "On April 9, 1982, officers came to the house, where she was found"
    if cue.start > m.start and re.fullmatch(r"\s*,\s+", between) and _in_aside(account, m):
        gap += FAR  # "Ann Poole, who came here in 1951, died Wednesday"
    # A second date between them claims the word first.
    gap += 80 * sum(1 for d in account.inside(first, last, "date")) if m.kind == "date" else 0
    if _is_of_another(account, m, cue, between, heads):
        gap += FAR
    if cue.event == "testimony" and re.search(r"\bthat\b", between):
        gap += FAR  # "testified that on the night of March 3 he saw": the day is that of what he saw
    gap += 25 if cue.form == "noun" and not re.fullmatch(r"\s+of\s+[^,.;]{1,30}\s", between) else 0
    gap += 12 if cue.start > m.start else 0
    if cue.start > m.start and re.match(r"\s*,\s+(?:and\s+)?$", between) and cue.form != "noun":
        gap += 40  # "was taken in Wednesday, charged with": the day is that of the verb before it
    if (
        cue.form == "noun"
        and m.end <= cue.start
        and _IN_SOMETHING.search(account.text, max(cue.start - 40, m.end), cue.start)
        and not _DAY_OF.match(account.text, m.end, cue.start)
    ):
        gap += FAR  # "This morning a man is in jail in the killing of a grower": the day is not that of the killing
    if cue.start > m.end and _AND_THEN.match(account.text, m.end, cue.start) and not heads:
        gap += FAR  # "came west in 1936 and was graduated in 1944"
    if cue.form == "noun" and cue.end <= m.start and _object_of(account.text, cue, between):
        gap += FAR  # "wanted in the slaying of a clerk was held Friday": the day is that of the verb
    speech = re.search(
        r"\b(?:(?:said|announced|says)\s+(?:\w+\s+)?|told\s+(?:[\w'’]+\s+){0,4})(?:on\s+)?$",
        account.text[max(0, m.start - 40) : m.start],
    )
    after_speech = re.search(r"\b(?:said|announced|says|told \w+)\s*$", account.text[max(0, m.start - 14) : m.start])
    if speech and max(0, m.start - 40) + speech.start() < cue.start < m.start:
        speech = None  # "told deputies they heard shots late Thursday"
    if (speech or after_speech) and cue.event not in ("announcement", "interview"):
        gap += FAR
    return gap


def _is_of_another(account: Account, m: Mention, cue: Cue, between: str, heads: bool) -> bool:
    """Whether day and word stand in clauses of two events: one is put in, one is who says it, one begins anew."""
    text, start = account.text, account.sentence_of(m.start)[0]
    if cue.end <= m.start:
        if _ANEW.search(between):
            return True  # "was found guilty, and in May the judge sent him to prison"
        aside = _RELATIVE.search(text[max(start, cue.start - 60) : cue.start])
        return bool(aside) and bool(_AFTER_ASIDE.match(between))
    if _ORDERED.search(text, max(start, m.start - 40), m.start) and _TO_STAND.match(between):
        return True  # "was ordered Tuesday to stand trial": the trial is not on that day
    # "The fire of Nov. 12 was deliberately set, Chief Reed announced today"
    return cue.event == "announcement" and not heads and bool(_SAID_LAST.search(between))


_ORDERED = re.compile(r"\b(?:ordered|bound\s+over|told|asked|agreed|vowed|sworn|held)\s+(?:on\s+)?$")
_TO_STAND = re.compile(r"\s+(?:to|for)\s+(?:stand\s+|face\s+)?")
_ANEW = re.compile(r"[,;]\s+(?:and|but)\s+(?:(?:on|in|early|late|by)\s+)+$")
_RELATIVE = re.compile(r"\b(?:who|which)\s+(?:(?:had|has|was|were|later|then|\w+ly)\s+)*$")
_AFTER_ASIDE = re.compile(
    r"\s*(?:(?:him|her|them|it|the\s+\w+|[A-Z]\w+(?:\s+[A-Z]\w+)?)\s*)?,?\s+"
    r"(?:went|was|were|is|are|will|has|had|would|stood|pleaded|faces|goes)\s"
)
_SAID_LAST = re.compile(r"\b(?:was|were|is|are|had|has|will|would)\b[^;]*,\s+(?:[\w.'’-]+\s+){1,6}$")


_OTHER_CLAUSE = re.compile(r"\s*,?\s+(?:after|before|because|since|once|until)\s")


def _in_aside(account: Account, m: Mention) -> bool:
    """Whether a day ends a clause that is put in: ", who came here in 1951,"."""
    return bool(
        re.search(
            r",\s+(?:who|which|where)\s[^,;]*$",
            account.text[max(account.sentence_of(m.start)[0], m.start - 200) : m.start],
        )
    )


def _heads_sentence(account: Account, m: Mention) -> bool:
    """Whether a day opens its sentence: what the sentence tells happened on it."""
    start = account.sentence_of(m.start)[0]
    return bool(
        re.fullmatch(
            r"\W*(?:(?:On|In|Early|Late|Shortly|It was|By|At|before|after|on|in)\s+)*", account.text[start : m.start]
        )
    )


_DAY_OF = re.compile(r",\s+the\s+(?:day|night|evening|morning|date|year)\s+of\s+(?:the|his|her)\s+(?:[\w-]+\s+){0,2}$")
_IN_SOMETHING = re.compile(
    r"\b(?:in|for|over|about|with|because\s+of|after|since|of)\s+(?:the|an?|his|her|their)\s+(?:[\w-]+\s+){0,2}$", re.I
)
_AND_THEN = re.compile(r"\s+and\s+(?:(?:was|were|is|had|has|then|later|again)\s+)*$")
_FROM = re.compile(r"\b(?:from|into|since|after|before|about|over)\s+(?:the|a|an|his|her|its)\s+(?:\w+\s+)?$", re.I)
_PREPOSITION = re.compile(
    r"\b(?:in|of|for|with|to|from|into|since|after|before|about|over|on)\s+(?:(?:the|a|an|his|her|its)\s+)?(?:[\w-]+\s+)?$",
    re.I,
)


def _object_of(text: str, cue: Cue, between: str) -> bool:
    """Whether a noun hangs on a preposition, and the verb of its sentence stands between it and the day."""
    left = text[max(0, cue.start - 30) : cue.start]
    if _PREPOSITION.search(left) and re.search(r"\b(?:was|were|is|are|has|had|have|will|would)\b", between):
        return True
    return bool(_FROM.search(left)) and not re.search(r"\bon\s+$", between)


_IS_HELD = re.compile(
    r"(?:\s+(?:in|of|for)\s[^,.;]{1,60}?|\s+[A-Z][^,.;]{1,40}?)?(?:,[^,.;]{1,80})?,?\s+(?:(?:will|is|was|were|are|be|been|to|expected|scheduled|set|being|has|have|had|would)\s+)*"
)
_HELD_ON = frozenset(
    ["held", "hold", "begin", "begins", "began", "start", "starts", "started", "resume", "resumes", "resumed"]
)
_OPENS_A_TRIAL = frozenset(
    ["filming", "previews", "jury_selection", "opening_statements", "closing_arguments", "testimony"]
)


def what_is_held(text: str, cue: Cue, cues: list[Cue]) -> Cue:
    """Of "a memorial service for her will be held" the service: the noun that "held" and "begins" are said of."""
    word = text[cue.start : cue.end].lower()
    if word not in _HELD_ON or cue.form == "noun":
        return cue
    for other in reversed(cues):
        fits = word in ("held", "hold") or other.event in _OPENS_A_TRIAL
        if other.form == "noun" and other.end <= cue.start and fits:
            return other if _IS_HELD.fullmatch(text[other.end : cue.start]) else cue
    return cue
