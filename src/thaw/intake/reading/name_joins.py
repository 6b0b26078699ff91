"""Names that other names of the text explain: aliases, surnames of several words, shared ones, and names said again."""

from __future__ import annotations

import re

from .gazetteers import any_of, folded, nicknames, no_names, words
from .persons import Person, name_parts
from .runs import is_given, is_known_place, may_be_given
from .sorting import Sorting

_ALIAS = re.compile(
    (
        r"(?:\ba\.?k\.?a\.?|\balias(?:es)?|\balso known as|\bgoes by(?: the name(?: of)?)?|\bborn|\bn[ée]e|"
        r"\bknown as|\bnicknamed|\bstreet name|\bmoniker(?: of)?)[\s:,]*[\"“'‘]?\s*$"
    ),
    re.I,
)
_ALIAS_WORD = re.compile(
    r"(?i:\ba\.?k\.?a\.?|\balias|\balso known as|\bgoes by(?: the name(?: of)?)?|\bknown (?:only |"
    r"to \w+ )?as|\bnicknamed|\bstreet name|\bmoniker(?: of)?|"
    r"\bcalls (?:him|her)self|\bcalled(?:\s+(?:him|her|the\s+\w+|his\s+\w+))?|"
    r"\bby the name(?: of)?|\bnamed|"
    r"\bAKA)[\s:,]*(?P<q>[\"“'‘])(?P<n>[A-Z][\w'’ .-]{1,30}?)[\"”'’,.]"
)
_ALIAS_BARE = re.compile(
    r"(?i:\ba\.?k\.?a\b\.?|\balias|\bcalls (?:him|her)self)[\s:,]*(?P<n>[A-Z][A-Za-z'’-]{2,20})"
    r"(?=\s*(?:[.,;)\n]|$|AKA\b|"
    r"aka\b|[WBHAIO]/[MF]\b|[MF]/[WBHAIO]\b|DOB\b|  ))"
)
# "ALIAS DEAN STRAT ALIAS BUCKY. WM 34", on a teletype.
_ALIAS_CAPS = re.compile(
    r"\b(?:ALIAS|AKA|A/K/A)\s(?P<n>[A-Z][A-Z'’-]+(?:\s[A-Z][A-Z'’-]*){0,2}?)"
    r"(?=\s*(?:[.,;)\n]|$|\d)|\s(?:AKA|A/K/A|ALIAS|AND|OR|DOB|IS|WAS|[WBHAIO]/?[MF])\b)"
)
_EQUALS = re.compile(r"[\"“]?(?<!\w)(?P<n>[A-Z][a-z]{2,})[\"”]?\s?(?:=|is really|was really)\s?(?=[A-Z])")
_MAX_ALIASES = 40
_AND_NAME = re.compile(r"\s+(?:and|&|or)\s+")
_MANY_KIN = re.compile(
    r"\b(?:daughters|sons|children|brothers|sisters|grandchildren|grandsons|granddaughters|nieces|nephews|cousins|"
    r"siblings|stepchildren)"
    r"(?:,|:|\s+were|\s+are|\s*\()\s*(?P<names>(?:[A-Z][\w'’-]+(?:,\s+\d{1,2}|\s+\(\d{1,2}\))?(?:,\s+|,?\s+and\s+))+[A-Z][\w'’-]+)"
)
_SAYS_A_NAME = frozenset(["person.called", "person.title_surname", "person.kin", "capitals_title", "person.alias"])
# Signs that are weaker, and still name the same person wherever the word stands on the page.
_TOLD = frozenset(
    [
        *("person.told", "person.nickname", "person.half", "person.the", "person.given_alone", "person.surname_alone"),
        *("person.given_name", "person.signed", "person.cell", "person.pair"),
        *("person.given_plain", "person.surname_plain"),
    ]
)


def surnames_of_many_words(work: Sorting) -> None:
    """ "Mrs St Clair" after Mary-Beth St Clair: a surname of several words is one person's when it ends one name."""
    for run, title in work.open_runs:
        if work.holds(run.start, run.end):
            continue
        tail = " ".join(run.lows)
        owners = [
            name for name in work.roster.names if f" {folded(name)}".endswith(f" {tail}") and folded(name) != tail
        ]
        if len(owners) == 1:
            work.persons.append(Person(run.start, run.end, owners[0], "person.surname", "likely", None, title))
    for other in [m for m in work.others if m.kind == "place" and " " in m.text]:
        lead = re.search(r"(\w+)\W*$", work.page.text[max(0, other.start - 14) : other.start])
        owners = [name for name in work.roster.names if f" {folded(name)}".endswith(f" {folded(other.text)}")]
        placed = lead and lead[1].lower() in ("in", "at", "from", "near", "to", "of", "on")
        if len(owners) == 1 and not placed and folded(owners[0]) != folded(other.text):
            work.give_back(other)
            work.persons.append(Person(other.start, other.end, owners[0], "person.surname", "likely"))


def shared_surnames(work: Sorting) -> None:
    """ "Fred and Albert Lund" share a surname; "two daughters, Ada and Ngozi" are named by their given names."""
    text = work.page.text
    for run, title in work.singles:
        if work.holds(run.start, run.end) or not may_be_given(run.lows[0]) or is_known_place(run.text):
            continue
        joined = _AND_NAME.match(text, run.end)
        other = next((p for p in work.persons if joined and p.start == joined.end() and len(p.parts) > 1), None)
        if other is not None and is_given(other.given):
            name = f"{run.text} {other.name.split()[-1]}"
            work.persons.append(Person(run.start, run.end, name, "person.shared_surname", "likely", None, title))
            work.roster.add(name)
    for listed in _MANY_KIN.finditer(text):
        for word in re.finditer(r"[A-Z][\w'’-]+", listed["names"]):
            start, end = listed.start("names") + word.start(), listed.start("names") + word.end()
            if (
                not work.holds(start, end)
                and folded(word.group()) not in no_names()
                and not is_known_place(word.group())
            ):
                work.persons.append(Person(start, end, word.group(), "person.kin", "likely"))


def named_again(work: Sorting) -> None:
    """A single name that one place gives as a person's ("called Dutch", "Sgt. Pike") is it elsewhere in sentences."""
    known = {
        p.parts[0]: p.name
        for p in work.persons
        if len(p.parts) == 1 and (p.rule in _TOLD or (p.rule in _SAYS_A_NAME and p.certainty != "possible"))
    }
    for run, title in work.singles:
        low = run.lows[0]
        after = run.after()
        acts = after is not None and run.gap_after == " " and after.low in words("roles", "verbs_of_people")
        # A word that is in no list of names may begin a sentence too: "Huff to check the motel".
        inside = not run.begins_sentence or run.tokens[0].possessive or acts or low not in any_of("words.things")
        name = low in known and low not in no_names() and not is_known_place(run.text)
        if name and inside and not work.holds(run.start, run.end):
            work.persons.append(Person(run.start, run.end, known[low], "person.again", "possible", None, title))


def first_named(work: Sorting, names: list[str], start: int) -> str:
    """Of several persons with one surname the one who was named first: relatives are called by their given names."""
    named = [(p.start, work.roster.fullest(p.name)) for p in work.persons if len(p.parts) > 1]
    before = [(at, name) for at, name in named if name in names and at < start]
    return min(before or [(at, name) for at, name in named if name in names], default=(0, names[0]))[1]


def aliases(work: Sorting) -> None:
    """ "Robert Hale, aka Bobby Dane" and "known as "Junebug"": the alias is the same person when one stands before."""
    text = work.page.text
    for person in list(work.persons):
        if _ALIAS.search(text, max(0, person.start - 30), person.start):
            owner = _owner(work, person.start)
            if owner is not None and owner.name != person.name:
                work.roster.call(person.name, owner.name)
                person.rule = "person.alias"
    for m in _EQUALS.finditer(text) if "=" in text or " really " in text else ():
        owner = next((p for p in work.persons if p.start == m.end() and len(p.parts) > 1), None)
        if owner is not None and folded(m["n"]) not in no_names():
            work.roster.call(m["n"], owner.name)
            if not work.holds(*m.span("n")):
                work.persons.append(Person(*m.span("n"), owner.name, "person.alias", "likely"))
    for m in _named_otherwise(text)[:_MAX_ALIASES]:
        start, end = m.span("n")
        if work.holds(start, end):
            continue
        owner = _owner(work, m.start())
        name = m["n"].strip(" .")
        if len(name.split()) > 3 or any(folded(word) in _NO_ALIAS for word in name.split()):
            continue
        if owner is not None:
            work.roster.call(name, owner.name)
        work.persons.append(
            Person(
                start,
                start + len(name),
                owner.name if owner else name,
                "person.alias",
                "likely" if owner else "possible",
            )
        )
    for person in list(work.persons):
        if person.nickname:
            work.roster.call(person.nickname, person.name)


_NO_ALIAS = frozenset(["not", "none", "known", "unknown", "unk", "no", "names", "and", "or", "the"])


def _named_otherwise(text: str) -> list[re.Match[str]]:
    """What stands after a word for another name; each rule is asked only where the text has its sign at all."""
    quoted = any(mark in text for mark in "\"“'‘")
    found = list(_ALIAS_WORD.finditer(text)) if quoted else []
    if _ALIAS_SIGN.search(text):
        found += [*_ALIAS_CAPS.finditer(text), *_ALIAS_BARE.finditer(text)]
    return found


_ALIAS_SIGN = re.compile(r"[Aa]lias|calls h|ALIAS|a\.?k\.?a|A\.?/?[Kk]\.?/?A")


def _owner(work: Sorting, start: int) -> Person | None:
    """The person named last before a place, if only a few words stand between."""
    near = [
        p
        for p in work.persons
        if p.end <= start and start - p.end < 30 and not re.search(r"[.!?]\s", work.page.text[p.end : start] + " ")
    ]
    return max(near, key=lambda p: p.end, default=None)


def _by_given_alone(work: Sorting) -> dict[str, str]:
    """Given names and their short forms that one person of the text has, and that are no common words."""
    in_capitals = {token.low for token, caps in zip(work.page.tokens, work.page.caps, strict=True) if caps}
    givens, short = work.roster.givens, nicknames()
    listed = {low for low in in_capitals if low in givens or short.get(low, frozenset()) & givens}
    owners = {low: work.roster.by_given(low) for low in listed if is_given(low) and low not in no_names()}
    return {low: names[0] for low, names in owners.items() if len(names) == 1}


def again_in_capitals(work: Sorting, blocked: set[int]) -> None:
    """Surnames known by now that stand alone in lines of capitals."""
    page, surnames = work.page, work.roster.surnames
    titled = {p.surname: p.name for p in work.persons if len(p.parts) == 1 and p.rule in _SAYS_A_NAME}
    surnames = surnames | set(titled)
    called = {folded(p.nickname): p.name for p in work.persons if p.nickname and len(p.nickname) > 2}
    alone = _by_given_alone(work) if any(page.caps) else {}
    called |= {low: name for low, name in alone.items() if low not in surnames}
    for i, token in enumerate(page.tokens):
        if page.caps[i] and i not in blocked and (token.low in surnames or token.low in called):
            if work.holds(token.start, token.end) or is_known_place(token.core):
                continue
            follows = page.tokens[i + 1] if i + 1 < len(page.tokens) else None
            if token.low not in surnames and follows is not None and follows.gap.isspace() and follows.low in surnames:
                continue  # "CLAYTON" before "MOERICKE"
            if token.low in no_names():
                continue
            known = titled.get(token.low) or called.get(token.low, "")
            full = work.roster.by_surname(token.core) or [work.roster.fullest(known)]
            name = full[0] if len(full) == 1 else first_named(work, full, token.start)
            start = token.start
            if i and page.caps[i - 1] and token.gap in (" ", "\n") and page.tokens[i - 1].low in name_parts(name)[:-1]:
                start = page.tokens[i - 1].start
            work.persons.append(
                Person(start, token.end, name, "person.surname", "likely" if len(full) == 1 else "possible")
            )
