"""What a text says that a person is: rank, occupation, relative of somebody, victim or witness."""

from __future__ import annotations

import re

from .gazetteers import any_of, folded, words
from .tokens import Page

_OWNER_KIN = re.compile(
    r"\b(?P<owner>(?:the\s+)?(?:victim|decedent|deceased|suspect|witness|defendant|defendants|"
    r"accused)['’]s|[Hh]is|[Hh]er|[Tt]heir|[Mm]y|[A-Z][\w'’-]*(?:\s+[A-Z][\w'’-]*)?['’]s?)\s+"
    r"(?P<more>(?:[\w-]+\s+){0,2}?)(?P<kin>[\w-]+)(?:\s+of\s+[\w-]+\s+years)?,?\s+(?:(?:Mr|Mrs|Ms|Dr|Sgt|Lt|Capt|Det)\.?\s+)?$"
)
_WHOSE = re.compile(
    r"(?P<owner>[A-Z][\w'’.-]*(?:\s+[A-Z][\w'’.-]*){0,3})(?:,\s+\d{1,3})?,\s+whose\s+(?:[\w-]+\s+){0,2}?(?P<kin>[\w-]+),?\s+$"
)
_KIN_OF = re.compile(
    r"^,?\s*(?:\(?\d{1,3}\)?,?\s*)?(?:an?\s+|the\s+)?(?:[\w-]+\s+){0,2}?(?P<kin>[\w-]+)\s+(?:of|"
    r"to)\s+(?:the\s+)?(?P<owner>(?:late\s+)?(?:victim|decedent|deceased|suspect|defendant|"
    r"[A-Z][\w'’.-]*(?:\s+[A-Z][\w'’.-]*){0,2}))"
)
_KIN_AFTER = re.compile(
    r"^,\s+(?:(?:age\s+)?\d{1,3},\s+)?(?P<owner>(?:the\s+)?(?:victim|decedent|deceased|suspect|defendant)['’]s|"
    r"[A-Z][\w'’.-]*(?:\s+[A-Z][\w'’.-]*)?['’]s?|his|"
    r"her)\s+(?P<more>(?:[\w-]+\s+){0,2}?)(?P<kin>[\w-]+)\b"
)
_APPOSED = re.compile(
    r"^,\s+(?:(?:\d{1,3}|\(\d+\)),\s+)?(?P<what>(?:an?|the|one of the|then|now|then-|former|lead|chief|"
    r"co-[\w]+)?\s*(?:[\w'’-]+\s+){0,5}?[\w-]+)(?=[,.;)]|\s+(?:who|of|at|for|with|from|in|to|and|said|"
    r"on)\b|\s+[A-Z]|$)"
)
# "The conductor, Clarence W. Ide", "a spokesman for the railway, Mr Whitcombe".
_APPOSED_BEFORE = re.compile(
    r"\b(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Tt]heir|[Ii]ts|[Mm]y|[Oo]ur|whose|[\w-]+['’]s)\s+"
    r"(?P<what>(?:[\w'’-]+\s+){0,3}?[\w-]+)"
    r"(?:\s+(?:for|of|at|with|in|from)\s+(?:(?:the|a|an|its|his|her)\s+)?(?:[\w'’.-]+\s?){1,5})?"
    r",\s+(?:(?:Mr|Mrs|Ms|Miss|Dr|Sir)\.?\s+)?$"
)


_IDENTIFIED = re.compile(
    r"\b[Tt]he\s+(?P<what>(?:[\w-]+\s+){0,2}?[\w-]+)\s+(?:was|has been|is)\s+(?:later\s+|\w+ly\s+)?"
    r"(?:identified|named)\s+as\s+(?:\w+\.?\s+)?$"
)


def role_of(page: Page, start: int, end: int, title: str | None) -> str | None:
    """The role of a person whose name stands at a place; kinship first, then the rank, then what stands after."""
    text = page.text
    before, after = text[max(0, start - 90) : start].replace("\n", " "), text[end : end + 110].replace("\n", " ")
    kin = words("roles", "kin")
    # The long rules are asked only where a word for a relative stands.
    ends = _last_word(before)
    asked = [(_WHOSE, before), (_OWNER_KIN, before)] if ends and (folded(ends) in kin or ends == "years") else []
    if not kin.isdisjoint(_WORDS.findall(folded(after))):
        asked += [(_KIN_AFTER, after), (_KIN_OF, after)]
    for pattern, words_ in asked:
        found = pattern.search(words_)
        if found and folded(found["kin"]) in kin:
            return f"{folded(found['kin'])} of {_owner(found['owner'])}"
    apposed = _apposed_before(before)
    if title and not (apposed and title in words("titles", "address")):
        return title
    if apposed:
        return apposed
    last = re.search(r"([A-Za-z]+),?\s+$", before[-30:])
    if last and last.group(1).lower() in words("roles", "case_roles"):
        return last.group(1).lower()
    found = _APPOSED.match(after)
    if found and not _heads_next(found, after):
        what = re.sub(
            r"^(?:(?:an?|the|one of the|then|now|once|its|his|her|their|[\w-]+['’]s)\s+)+",
            "",
            found["what"].strip().lower(),
        )
        if re.match(r"(?:is|was|are|has|had|will|who|whose|which)\b", what) or " as " in what:
            return None
        known = any_of("roles.occupations", "roles.case_roles", "titles.ranks")
        if what.split() and (what.split()[-1] in known or what.split()[-1].split("-")[-1] in known):
            return what
    return None


_TITLES = frozenset(["Mr", "Mrs", "Ms", "Dr", "Sgt", "Lt", "Capt", "Det"])


def _last_word(before: str) -> str:
    """The word right before a name, a short title between them or not; "" where something else stands there."""
    if not before[-1:].isspace():
        return ""
    words_ = before[-60:].split()
    last = words_.pop() if words_ else ""
    if last.removesuffix(".") in _TITLES and words_:
        last = words_.pop()
    last = last.removesuffix(",")
    cut = len(last)
    while cut and (last[cut - 1].isalnum() or last[cut - 1] in "_-"):
        cut -= 1
    return last[cut:]


_WORDS = re.compile(r"[^\W\d_][\w-]+")
_COMMA_LAST = re.compile(r",\s+(?:(?:Mr|Mrs|Ms|Miss|Dr|Sir)\.?\s+)?$|\bas\s+(?:\w+\.?\s+)?$")


def _apposed_before(before: str) -> str | None:
    """The occupation or office in small letters that stands with a comma before a name."""
    end = before[-14:]
    if ("," not in end and "as " not in end) or not _COMMA_LAST.search(before, max(0, len(before) - 24)):
        return None
    found = _IDENTIFIED.search(before) or _APPOSED_BEFORE.search(before)
    if not found or found["what"] != found["what"].lower():
        return None
    last = found["what"].split()[-1]
    if last in words("roles", "kin"):
        return None  # "a sister, Ifeoma Eze"
    known = any_of("roles.occupations", "roles.case_roles") | _single_ranks()
    return found["what"] if last in known or last.split("-")[-1] in known else None


def _single_ranks() -> frozenset[str]:
    return words("titles", "ranks") - words("titles", "address")


def _heads_next(found: re.Match[str], after: str) -> bool:
    """ "Albert Lund, Dr. S. Bhatt": the rank belongs to the name that follows."""
    return bool(re.search(r"\b[A-Z][a-z]*\.?$", found["what"]) and re.match(r"\.?\s+[A-Z]", after[found.end() :]))


def _owner(words_: str) -> str:
    plain = re.sub(r"['’]s?$", "", words_.strip())
    return {"his": "him", "her": "her", "their": "them", "my": "the speaker"}.get(plain.lower(), plain)
