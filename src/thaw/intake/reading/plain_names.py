"""Single names that only the lists and a plain sentence speak for: "Saw Shawna by the bridge", "with Kowalke"."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from .date_words import MONTHS, WEEKDAYS
from .gazetteers import any_of, is_ordinary, no_names, words
from .persons import Person, usual_print
from .runs import Run, is_given, is_known_place, is_surname, may_be_given
from .sorting import Sorting

PLURALS = (
    *("ers", "ors", "ians", "ists", "ents", "ials", "ees", "men", "ives", "ants", "ries", "ties", "ages", "ings"),
    *("ities", "ions"),
)


def plain_names(work: Sorting) -> None:
    """Take what is left of the single words and reads as a person's name."""
    if _STORM.search(work.page.text):
        return  # storms have given names
    for run, title in work.singles:
        if work.holds(run.start, run.end) or work.page.headline[run.first]:
            continue
        rule = _plain_name(run)
        if rule is not None:
            work.persons.append(Person(run.start, run.end, run.tokens[0].core, rule, "possible", None, title))


_STORM = re.compile(r"\b(?:[Hh]urricane|[Tt]yphoon|[Tt]ropical [Ss]torm|HURRICANE)\b")


def row_ends(work: Sorting) -> None:
    """Single words that end the rows of a log or table: who made the entry, where three rows end so."""
    text = work.page.text
    found = []
    for run, title in work.singles:
        low = run.lows[0]
        stop = text.find("\n", run.end)
        ends = not text[run.end : stop if stop >= 0 else len(text)].strip()
        if not ends or not _WIDE.search(run.gap_before) or low in no_names() or low in not_people():
            continue
        line = text.rfind("\n", 0, run.start) + 1
        if text[line : run.start].strip() and not is_ordinary(low) and not is_known_place(run.text) and len(low) > 2:
            found.append((run, title))
    held = sum(work.holds(run.start, run.end) for run, _ in found)
    known = {p.parts[-1] for p in work.persons if p.parts}
    sure = held + sum(is_surname(run.lows[0]) or run.lows[0] in known for run, _ in found)
    if len(found) < _ROWS or sure < 2:
        return
    for run, title in found:
        if not work.holds(run.start, run.end) and run.text[1:].islower():
            work.persons.append(Person(run.start, run.end, run.text, "person.cell", "possible", None, title))


_WIDE, _ROWS = re.compile(r"(?: {2}|\t)$"), 3


def plain_in_capitals(work: Sorting, blocked: set[int]) -> None:
    """ "ADVISE PRZYBYLSKI AT THIS DEPT": a surname, and no ordinary word, in capitals that tell of people."""
    page = work.page
    places = [i for i, caps in enumerate(page.caps) if caps and i not in blocked] if True in page.caps else []
    for i in places:
        token = page.tokens[i]
        if len(token.low) < 4 or not _only_a_surname(token.low):
            continue
        if is_known_place(token.core) or work.holds(token.start, token.end):
            continue
        before = page.tokens[i - 1] if i and token.gap == " " else None
        after = page.tokens[i + 1] if i + 1 < len(page.tokens) and page.tokens[i + 1].gap == " " else None
        told = after is not None and (after.low in _doing() or after.low in words("roles", "done_by_us"))
        met = before is not None and (before.low in _meeting() or before.low in _CASES)
        thing = after is not None and (
            after.low in any_of(*_MINUS_PEOPLE) or (after.low in no_names() and after.low not in _function())
        )
        if (told or (met and not thing)) and not (before and before.low in _BEFORE_THINGS):
            name = usual_print(token.core)
            work.persons.append(Person(token.start, token.end, name, "person.capitals_surname", "possible"))


_CASES = frozenset(
    ["victim", "subject", "suspect", "subj", "susp", "vict", "witness", "wit", "named", "is", "was", "be"]
)


@lru_cache(maxsize=1 << 14)
def _only_a_surname(low: str) -> bool:
    return is_surname(low) and not is_ordinary(low) and low not in no_names() and low not in not_people()


@cache
def _function() -> frozenset[str]:
    return words("words", "function")


def _plain_name(run: Run) -> str | None:
    """The rule by which a word in the lists of names is one here; None where something may be called by it."""
    low = run.lows[0]
    if low in no_names() or low in not_people() or run.text.isupper() or len(low) < 3 or not _free(run):
        return None
    if is_known_place(run.tokens[0].core):
        return "person.given_plain" if is_given(low) and _of_people(run) else None
    if is_given(low):
        return "person.given_plain"
    if is_surname(low) and not is_ordinary(low) and _led_as_people(run):
        return "person.surname_plain"
    if (may_be_given(low) or low in words("nicknames", "alone")) and not run.begins_sentence:
        return "person.given_plain" if _of_people(run) else None
    if is_surname(low):
        return "person.surname_plain" if _of_people(run) else None
    foreign = not is_ordinary(low) and not is_ordinary(low.rstrip("s")) and low.isalpha() and not low.endswith(PLURALS)
    foreign = (
        foreign and low not in words("words", "abbreviations") and not low.endswith(("ity", "ness", "ology", "ium"))
    )
    alone = run.gap_before.endswith("(") and run.gap_after.startswith(")")  # "State Lab (Ghormley)"
    return "person.surname_plain" if foreign and (alone or _of_people(run, sure=True)) else None


def _led_as_people(run: Run) -> bool:
    """Whether the word before a rare surname leaves it a person's: a small word, a verb, or none at all."""
    before, after = run.before(), run.after()
    if after is not None and (after.core[0].isdigit() or run.gap_after.startswith((" &", "&"))):
        return False  # "Ludlow 2239", "Larimer & 9th"
    if run.gap_before[-1:] in ('"', "“"):
        return _of_people(run)  # the title of a work
    if before is not None and run.gap_before.startswith(",") and before.core[0].isdigit():
        return False  # "Apt. 3, Dunmore"
    if before is None or run.gap_before != " ":
        return after is None or not run.begins_sentence or not after.capital
    if before.low in _OF_SOMETHING:
        return _of_people(run)
    if before.capital:
        return after is None or not after.capital
    low = before.low
    return low in _function() or low in _meeting() or low in _doing() or low.endswith(("ing", "ed"))


_OF_SOMETHING = frozenset(["of", "to", "my", "his", "her", "our", "their", "your", "its", "this", "that"])
_OF_SOMETHING |= {"two", "three", "four", "no", "some", "coloured", "colored", "limited", "used"}


@cache
def not_people() -> frozenset[str]:
    """Words that are names too, but mostly of things on police paper: months, makers of guns, cars and goods."""
    listed = (
        "words.brands",
        "things.makes",
        "roles.occupations",
        "roles.case_roles",
        "titles.ranks",
        "roles.no_persons",
    )
    return any_of(*listed) | frozenset(MONTHS) | frozenset(WEEKDAYS) | frozenset(f"{name}s" for name in WEEKDAYS)


def _free(run: Run) -> bool:
    """Whether the words beside a name leave it a person's: no place, street, firm, brand or number."""
    before, after = run.before(), run.after()
    if before is not None and run.gap_before in (" ", ' "', " (") and before.low in _BEFORE_THINGS:
        got = before.low == "from" and _GOT.search(run.page.text, max(0, run.start - 48), run.start)
        if not got:
            return False
    if before is not None and before.low == "of" and _of_a_person(run, before.gap):
        return False  # "Wm., of Pierre", "Daniel Marsh of Tyler": where he lives
    if before is not None and run.gap_before == " " and (before.core[0].isdigit() or before.low in _DIRECTIONS):
        return False  # "408 Shirley", "N. Shirley"
    if after is not None and run.gap_after in (" ", " & ", "-", "/") and _names_a_thing(run):
        return False
    return not run.gap_after.startswith(("@", "-", "&", ":"))


def _of_a_person(run: Run, gap: str) -> bool:
    owner = run.before(2)
    if owner is None or not owner.capital:
        return gap.startswith((",", ")"))
    first = run.before(3)
    whole = first is not None and first.capital and owner.gap == " "
    return gap.startswith((",", ")")) or whole or not is_ordinary(owner.low)


_BEFORE_THINGS = frozenset(
    [
        *("in", "at", "near", "on", "from", "via", "toward", "towards", "through", "around", "outside", "inside"),
        *("the", "a", "an", "off", "along", "across", "into", "onto", "past", "hurricane", "camp", "lake", "fort"),
    ]
)
# "Got the truck from Osgood".
_GOT = re.compile(
    r"\b(?i:got|bought|buy|took|borrow\w*|received|rec'?d|heard|hear|stole|call|letter|message|note|word|statement|report|request|"
    r"obtained|purchased|rented|collected|sample\w*|prints|blood|hair|custody|divorced?|separated|info|information)\b"
    r"[^.;\n]{0,40}\sfrom\s[\"“]?$"
)
_DIRECTIONS = frozenset(
    ["n", "s", "e", "w", "north", "south", "east", "west", "ne", "nw", "se", "sw", "upper", "lower"]
)
_MINUS_PEOPLE = ("places.suffixes", "organizations.heads", "things.models", "things.bodies")


def _names_a_thing(run: Run) -> bool:
    after = run.after()
    if after is None:
        return False
    if after.capital and run.gap_after in (" ", "-", " & ") and not run.page.caps[run.first]:
        return after.low not in words("words", "function") and after.low not in (*MONTHS, *WEEKDAYS)
    return run.gap_after == " " and not run.tokens[0].possessive and after.low in any_of(*_MINUS_PEOPLE)


def _of_people(run: Run, *, sure: bool = False) -> bool:
    """Whether a sentence tells of a surname as it tells of people: it does something, has something, or is met.

    sure  leave out verbs that things have as well: "was", "has"
    """
    before, after = run.before(), run.after()
    if run.tokens[0].possessive:
        return after is not None and run.gap_after.endswith(" ") and after.low in _owned()
    if after is not None and run.gap_after == " " and after.low in _doing() and not (sure and after.low in _BEING):
        return True
    if after is not None and run.gap_after == " " and after.low.endswith("ed") and after.low not in _STATES:
        return True
    met = before is not None and run.gap_before == " " and (before.low in _meeting() or before.low == "from")
    return met and bool(_PHRASE_ENDS.match(run.page.text, run.end))


_BEING = frozenset(["is", "was", "has", "had", "will", "would", "could", "can", "does", "did", "be", "made", "ran"])
_BEING |= {"stood", "lost", "won", "leads", "held", "died"}
_STATES = frozenset(["red", "used", "named", "called", "based", "owned", "colored", "coloured", "loaded"])
_PHRASE_ENDS = re.compile(
    r"[ \t]*(?:[.,;:?!)\"”]|$|\n|\s(?:and|or|but|on|at|in|about|for|to|who|that|if|when|while|by|was|is|had|has|re|"
    r"with|w/|as|before|after|again|this|last|yesterday|today|tonight|tomorrow|up|out|down|over|from|said|says|did|would|"
    r"could)\b)"
)


@cache
def _owned() -> frozenset[str]:
    return any_of("roles.kin", "roles.occupations", "words.owned")


@cache
def _doing() -> frozenset[str]:
    return any_of(
        *("roles.acts", "roles.acts_of_many", "roles.deeds", "roles.verbs_of_people", "roles.verbs_of_speech"),
        "words.reporting",
    )


@cache
def _meeting() -> frozenset[str]:
    return any_of("roles.done_by_us", "words.meeting")
