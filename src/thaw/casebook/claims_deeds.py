"""Deeds on things: "filed a libel suit Monday", "two warrants were issued on Nov. 12", "gave a talk here in 2019".

The verbs are listed with their participles; the noun is free and is the event's name together with the participle.
"""

from __future__ import annotations

import re
from functools import cache

from thaw.data import read_toml

from .claims_account import Account
from .claims_cues import Cue
from .claims_people import People
from .claims_pronouns import meant

_DEED = "deed: "
_DET = r"(?:an?|the|his|her|its|their|this|that|two|three|four|five|six|seven|eight|nine|ten|several|both|all|\d{1,3})"
_FUNCTION = (
    r"(?!(?:until|till|ago|and|or|of|to|in|on|at|by|for|was|were|who|that|than|after|before|when|while|not|with|from|down|up|out|off|"
    r"into|over|since|during|through|about)\b)"
)
_NP = rf"(?:{_FUNCTION}[a-z][\w'’-]*\s+){{0,3}}?{_FUNCTION}(?P<noun>[a-z][\w-]+)"
_NP_END = (
    r"(?=\s+(?:in|on|at|of|for|to|with|by|from|against|before|after|as|that|which|here|there|late|early|last|this|and|charging|when|since|"
    r"[A-Z\d(\"“])|\s*[,.;:]|\s*$)"
)
_AUX = (
    r"(?P<aux>was|were|has\s+been|have\s+been|had\s+been|will\s+be|is\s+to\s+be|are\s+to\s+be|to\s+be)\s+"
    r"(?:(?:\w+ly|later|then|also|first|formally)\s+){0,2}"
)
_MORE = (
    r"(?:,[^,;]{1,40},)?(?:\s+(?:of|from|for|against|charging|about|on)\s"
    r"(?:(?!\b(?:since|when|that|who|which|and|but|after|before|because|while|where|if)\b)[^,.;\"“]){1,50}?)?"
)


@cache
def _words() -> tuple[dict[str, str], dict[str, str], frozenset[str], dict[str, str]]:
    """Past and base forms with their participles; participles; nouns that name no deed; nouns that are one event."""
    data = read_toml("reading/deeds.toml")
    active, passive = {}, {}
    for line in str(data["verbs"]).split("\n"):
        if line.strip():
            base, past, done = line.split()
            active[past] = active[base] = passive[done] = done
    same = {word: name for name, words in data["same"].items() for word in str(words).split()}
    return active, passive, frozenset(str(data["not_nouns"]).split()), same


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    active, passive, _, _ = _words()
    bare = str(read_toml("reading/deeds.toml")["bare_nouns"]).replace(" ", "|")
    did = "|".join(sorted(active))
    done = "|".join(sorted(passive))
    return (
        re.compile(rf"(?<![\w-])(?P<verb>{did})\s+(?:{_DET}\s+{_NP}{_NP_END}|(?P<bare>{bare})\b)"),
        re.compile(rf"(?<![\w-]){_DET}\s+{_NP}{_MORE}\s+{_AUX}(?P<verb>{done})\b(?!\s+(?:to|by)\s+[a-z]+ing)", re.I),
        re.compile(rf"\bIt\s+{_AUX}(?P<verb>{done})\b"),
    )


def is_deed(cue: Cue) -> bool:
    """Whether a cue is a deed of this module."""
    return cue.event.startswith(_DEED)


def deed_name(cue: Cue) -> str:
    """ "suit filed", "warrants issued"."""
    return cue.event.removeprefix(_DEED)


def deeds_in(account: Account, sentence: tuple[int, int]) -> list[Cue]:
    """The deeds that a sentence tells, as cues: past, or plan after "will"."""
    text = account.text
    active, passive, idle, same = _words()
    did, done, it = _patterns()
    found: list[Cue] = []
    for m in did.finditer(text, *sentence):
        noun = m["noun"] or m["bare"]
        before = text[max(sentence[0], m.start() - 24) : m.start()]
        plan = bool(_WILL.search(before))
        if plan != (m["verb"] in _bases()) or _PASSIVE_LEFT.search(before):
            continue
        _add(found, same, idle, noun, active[m["verb"]], (m.start(), m.end()), "plan" if plan else "past")
    for m in done.finditer(text, *sentence):
        form = "plan" if re.search(r"will|to\s", m["aux"], re.I) else "past"
        start = m.start("verb") if m.end() - m.start() > 90 else m.start()
        _add(found, same, idle, m["noun"], passive[m["verb"].lower()], (start, m.end()), form)
    for m in it.finditer(text, *sentence):
        noun = _thing_before(account, sentence)
        if noun is not None:
            form = "plan" if re.search(r"will|to\s", m["aux"], re.I) else "past"
            _add(found, same, idle, noun, passive[m["verb"]], (m.start(), m.end()), form)
    return found


_WILL = re.compile(r"\b(?:will|would|plans?\s+to|expected\s+to|scheduled\s+to|set\s+to)\s+(?:\w+ly\s+)?$")
_PASSIVE_LEFT = re.compile(r"\b(?:was|were|been|being|is|are|be)\s+(?:\w+ly\s+)?$")


@cache
def _bases() -> frozenset[str]:
    lines = str(read_toml("reading/deeds.toml")["verbs"]).split("\n")
    return frozenset(line.split()[0] for line in lines if line.strip())


def _add(
    found: list[Cue],
    same: dict[str, str],
    idle: frozenset[str],
    noun: str,
    done: str,
    place: tuple[int, int],
    form: str,
) -> None:
    noun = noun.lower()
    if noun in idle or re.search(r"(?:ly|ing|self|(?:ct|rt|st|v|s|t{2})ed)$", noun):
        return
    name = same.get(noun, noun)
    event = name if name in same.values() and done == "filed" else f"{_DEED}{name} {done}"
    found.append(Cue(event, *place, form))


_SUBJECT = re.compile(rf"\W*(?:{_DET})\s+{_NP}{_MORE}\s+(?:was|were|is|has|had|will)\b", re.I)


def _thing_before(account: Account, sentence: tuple[int, int]) -> str | None:
    """The noun that the sentence before is about: "The suit was filed ... It was mailed"."""
    before = account.sentence_of(max(sentence[0] - 2, 0))
    found = _SUBJECT.match(account.text, *before) if before[0] < sentence[0] else None
    return found["noun"].lower() if found else None


_TO_VERB = re.compile(
    r"(?:,[^,.;]{0,60},)?\s+(?:(?:\w+ly|had|has|have|also|later|then|who|will|first)\s+)*|,\s+who\s+(?:(?:had|has|also|later|\w+ly)\s+)*"
    r"|,\s+who\s+[^,.;]{1,30}\sand\s+(?:has|had)\s+"
)
_AND = re.compile(r"(?:,[^,.;]{0,40},?)?\s+and\s+(?:[\w.]+\s+)?")
_HE = re.compile(r"\b(he|she)\s+(?:(?:\w+ly|had|has|also|later|then|will|first)\s+)*$", re.I)
_OWN = re.compile(r"\w+\s+(his|her)\s")


def doers(account: Account, cue: Cue, sentence: tuple[int, int], people: People) -> tuple[str, ...]:
    """Who did it, where the sentence says so right before the verb; nobody for the passive."""
    text = account.text
    if pronoun := _HE.search(text[max(sentence[0], cue.start - 30) : cue.start]):
        found = meant(account, cue.start, pronoun[1])
        return (people.key(found.normal),) if found else ()
    before = account.inside(sentence[0], cue.start, "person")
    if before and _TO_VERB.fullmatch(text, before[-1].end, cue.start):
        last = [before[-1]]
        if len(before) > 1 and _AND.fullmatch(text, before[-2].end, before[-1].start):
            last = before[-2:]
        return tuple(dict.fromkeys(people.key(p.normal) for p in last))
    own = _OWN.match(text, cue.start)
    if (
        own
        and re.search(r"\band\s$", text[sentence[0] : cue.start])
        and re.match(r"\W*(?:She|He)\b", text[sentence[0] : sentence[1]])
    ):
        found = meant(account, sentence[0] + 3, own[1])
        return (people.key(found.normal),) if found else ()
    return ()


def shown_deed(cue: Cue, doer: str | None) -> str:
    """How a deed is called: "talk given by Ada Quill"."""
    name = deed_name(cue)
    return f"{name} by {doer}" if doer else name
