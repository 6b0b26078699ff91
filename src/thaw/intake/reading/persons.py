"""Full names of persons in mixed print: a run of capitals is weighed by its words and by its neighbours.

The weights are counts of signs, not probabilities: a given name is worth three, a rank three, an age two, and two are
needed. They were set by hand; docs/methods/reading.md lists them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from .classify import is_suffix, title_before
from .gazetteers import any_of, folded, is_ordinary, no_names, words
from .places import known_places
from .runs import Run, alone_in_cell, is_frequent_surname, is_given, is_surname, may_be_given

_NEEDED = 2.0
_TOWN_HEADS = ("los", "las", "san", "santa", "el", "fort", "des", "baton")
_AGE_AFTER = re.compile(
    r"^,?\s*(?:\(?(?:age\s+)?\d{1,3}\)?(?=[,.;)\s])(?!\s*(?:percent|people|miles|[A-Z][a-z]{2}))|of\s+[A-Z])|"
    r"^\s+(?:was|is|turns|turned)\s+\d{2}(?=[.,;]|\s+(?:and|when|at)\b)"
)
_WHO_AFTER = re.compile(
    r"^,?\s+(?:who|whose|whom)\b|^\s*\((?:\d{1,3}|calls (?:him|her)self|called|goes by|a/?k/?a|nickname|"
    r"played by|portrayed by|[A-Z][\w.'’-]+ [A-Z])|"
    r"^,?\s+(?:aka|a\.k\.a\.|also known as|alias)\b"
)
_AS_A_PART = re.compile(
    r"^\s+(?:(?:stars?|co-stars?|appears|returns|recurs|is cast)\s+)?as\s+(?:[A-Z][\w'’.-]*\s+)?[A-Z][a-z]"
)
_APPOSITION = re.compile(
    r"^,\s+(?:(?:an?|the|his|her|their|its|then|now|one of)\s+)?(?:[\w'’-]+\s+){0,5}?(?P<word>[\w-]+)"
)
_BY = re.compile(
    r"\b(?:(?:works?|son|daughter|wife|widow|husband|portrait|life|death|murder|killing|trial|arrest|"
    r"memory|home|body|friends?|fans?|statement|interview|music|songs|novels?|books?|paintings?|"
    r"films?) of|by|with|w/|starring|stars|named|featuring|identified as|including|includes|include|"
    r"alongside|opposite|co-stars?|"
    r"married|for|cast|against|contacted|interviewed|spoke (?:to|with)|arrested|met(?: with)?|located|"
    r"identified|questioned|"
    r"advised|notified|called|phoned|telephoned|told|asked|visited|saw|knew|knows|dated|shot|killed|"
    r"hired|thanked|accused|found|convicted|charged|sentenced|acquitted|cleared|indicted|freed|wounded|stabbed|strangled|"
    r"robbed|attacked|kidnapped|abducted|rescued|"
    r"(?:look(?:ed|ing|s)?|laugh\w*|yell\w*|sho[ou]t\w*|shot|mad|angry|swung|point\w*|star(?:ed|ing)) at|"
    r"(?:addressed|belonging|made out|payable|registered|issued|sold|married|engaged|"
    r"according|attributed|assigned|"
    r"released|reported|given|returned|delivered|forwarded|mailed|transferred|handed|submitted|thanks) to)\s+$",
    re.I,
)
_THE = re.compile(r"\b(?:the|this|its)\s+$", re.I)
_AT = re.compile(r"\b(?:in|at|near|to|from|of the|around|through|across|via)\s+$")
_DOTS_BEFORE, _DOTS_AFTER = re.compile(r"(?:\.{3,}|…)[ .]*$"), re.compile(r"[ .]*(?:\.{3,}|…)")
_APPOSED = re.compile(
    r"^,\s+((?:[\w'’.-]+[\s,]+){0,7}?[\w'’-]+)(?:,|\.|\s+(?:who|of|at|for|with|from|in|to|and|said)\b)"
)
_TO = re.compile(r"\b(?:to|from)\s+$")
_KIN = re.compile(r"\b(?P<kin>[a-z]+(?:-in-law|-grandmother|-grandfather)?|ex-[a-z]+|half-[a-z]+|co-[a-z]+),?\s+$")


@dataclass
class Person:
    """One mention of a person in the making; `given` and `surname` are folded, empty when not written."""

    start: int
    end: int
    name: str
    rule: str
    certainty: str
    role: str | None = None
    title: str | None = None
    nickname: str | None = None

    @property
    def parts(self) -> list[str]:
        """The words of the name, folded, without suffixes."""
        return name_parts(self.name)

    @property
    def given(self) -> str:
        """First word of a name of several."""
        return self.parts[0] if len(self.parts) > 1 else ""

    @property
    def surname(self) -> str:
        """Last word of the name; particles before it are not part of it."""
        return self.parts[-1] if self.parts else ""


@lru_cache(maxsize=4096)
def name_parts(name: str) -> list[str]:
    """The words of a name, folded, without suffixes; callers must not change the list."""
    return [p for w in name.split() if (p := folded(w).strip(".,'\"“”()")) and not is_suffix(p)]


def weigh(run: Run, title: str | None, spoken: set[str], alone: set[str]) -> tuple[float, str]:
    """How many signs speak for a person, and the strongest rule.

    spoken  surnames that stand alone elsewhere in the text with a verb of saying
    alone   words with a capital that stand alone inside sentences
    """
    lows = [low for i, low in enumerate(run.lows) if i != run.nickname]
    names = [low for low in lows if not is_suffix(low)]
    text, start, end = run.page.text, run.start, run.end
    before, after = text[max(0, start - 40) : start], text[end : end + 90]
    if len(names) < 2 or len(names) > 5 or not _could_be(names) or _has_code(run):
        return -9.0, ""
    signs: list[tuple[float, str]] = []
    first = names[0]
    if is_given(first):
        signs.append((3, "given_name"))
    elif may_be_given(first):
        signs.append((1.5, "given_name"))
    if first in words("surnames", "family_first") and len(names) >= 2 and names[1] in words("surnames", "after_family"):
        signs.append((3, "family_first"))  # "Bui Thi Hoa"
    if len(names) == 2 and all(may_be_given(low) for low in names) and any(map(is_given, names)):
        signs.append((1, "two_given"))  # "Carol Ann"
    if any(len(low) == 1 or "." in low for low in names[:-1]):
        signs.append((2, "initial"))
    if title or title_before(run):
        signs.append((3, "title"))
    kin = _KIN.search(before[-24:])
    if kin and kin["kin"] in words("roles", "kin"):
        signs.append((2.5, "kin"))
    if _DOTS_BEFORE.search(before) or _DOTS_AFTER.match(after):
        signs.append((1.5, "leader"))  # "Widow Crane ......... Jelena Vukovic"
    if _AS_A_PART.match(after):
        signs.append((1.5, "part"))  # "Wren Castellan as Dr. Imani Boyd"
    if not is_given(first) and alone_in_cell(run):
        signs.append((1, "cell"))
    if run.nickname is not None:
        signs.append((1, "nickname"))
    if _AGE_AFTER.match(after):
        signs.append((2, "age"))
    if _WHO_AFTER.match(after):
        signs.append((1.5, "who"))
    if _speech_near(run):
        signs.append((2, "speech"))
    elif (nxt := run.after()) and run.gap_after == " " and nxt.low in words("roles", "verbs_of_people"):
        signs.append((1.5, "verb"))
    if _apposed(after):
        signs.append((2, "apposition"))
    by = _BY.search(before[-24:])
    if by:
        signs.append((1.5, "by"))
    if len(names) == 2 and may_be_given(first) and not is_surname(names[-1]) and not is_ordinary(names[-1]):
        signs.append((0.5, "unknown_surname"))
    if is_surname(names[-1]):
        signs.append((1 if is_frequent_surname(names[-1]) else 0.5, "surname_listed"))
    if names[-1] in spoken:
        signs.append((2.5, "surname_speaks"))
    elif names[-1] in alone and names[-1] not in no_names():
        signs.append((1, "surname_again"))
    if not any(len(low) > 1 and (low in no_names() or may_be_given(low)) for low in names) and not _ordinary(names):
        signs.append((0.5 if run.begins_sentence else 1, "unknown_words"))
    strong = any(weight >= 2.5 for weight, _ in signs)
    total = sum(weight for weight, _ in signs) + _against(run, names, before, strong)
    best = max(signs, default=(0.0, "none"))[1]
    return total, best


def _against(run: Run, names: list[str], before: str, strong: bool) -> float:
    total = 0.0
    if _THE.search(before[-8:]) or "the" in run.notes:
        total -= 3
    initial = any(len(low) == 1 for low in names[:-1])
    if not initial and _AT.search(before[-16:]) and not _BY.search(before[-24:]):
        total -= 0.5 if is_given(names[0]) and _TO.search(before[-6:]) else 1.5
    common = [low for low in names[1:] if low in no_names()]
    if common:
        total -= 1 if (is_given(names[0]) or strong) and len(common) == 1 else 3
    if len(names[0]) > 1 and names[0] in no_names() and not may_be_given(names[0]):
        total -= 3
    if run.page.headline[run.first]:
        total -= 1
    return total


def _ordinary(names: list[str]) -> bool:
    """Whether a name is made of ordinary words, as those of places are: "Stony Ferry"; not "Widow Crane"."""
    return all(map(is_ordinary, names)) and names[0] not in words("titles", "part_of_name")


def _could_be(names: list[str]) -> bool:
    if names[-1] in words("organizations", "heads") and not is_given(names[0]):
        return False
    if names[-1] in words("words", "function") and len(names[-1]) > 1:
        return False
    if len(names[0]) == 1 and (names[-1] in _short_states() or names[-1] in ("rev", "det", "sgt", "dep", "ofc", "mr")):
        return False  # "S. Dak", "12-B Rev."
    if names[0] in ("i.d", "p.o", "r.o", "s.o", "p.d", "d.a", "a.d.a", "m.e", "h.q", "d.r", "p.m", "a.m", "u.s"):
        return False
    if names[-1] in ("p.d", "s.o", "pd", "so", "r.o", "d.a", "m.e"):
        return False  # "Bayou Marcel P.D."
    if names[-1] in words("titles", "ranks") and is_ordinary(names[0]) and not may_be_given(names[0]):
        return False  # "Circuit Judge"
    if names[-1] in _place_tails() and not is_given(names[0]):
        return False
    return all(low[0].isalpha() for low in names) and not all(len(low) == 1 for low in [*names[:-1], names[-1]])


def _has_code(run: Run) -> bool:
    """Whether a word of mixed print is letters of a code ("ND ABR", "RO", "IHC"): two or more capitals and no name."""
    return any(
        token.core.isupper()
        and 2 <= len(token.low) <= 4
        and "." not in token.core
        and not is_suffix(token.low)
        and not may_be_given(token.low)
        and not is_surname(token.low)
        for i, token in enumerate(run.tokens)
        if i != run.nickname and token.low not in NO_MIDDLE
    )


# "No middle initial", "no middle name": written where others have one.
NO_MIDDLE = frozenset(["nmi", "nmn", "nmni"])


@cache
def _short_states() -> frozenset[str]:
    return frozenset(low.lower() for low in words("vehicles", "short_states"))


@cache
def _place_tails() -> frozenset[str]:
    """Last words of cities of two words that begin like no surname: "Ios Angeles" is a misread city, not a person."""
    return frozenset(name.split()[-1] for name in known_places() if name.split()[0] in _TOWN_HEADS and " " in name)


def _speech_near(run: Run) -> bool:
    speech = words("roles", "verbs_of_speech")
    after, before = run.after(), run.before()
    if after and run.gap_after == " " and after.low in speech:
        return True
    return bool(
        before
        and before.low in speech
        and run.gap_before == " "
        and before.low in ("said", "says", "told", "asked", "added", "recalled", "explained")
    )


def _apposed(after: str) -> bool:
    m = _APPOSED.match(after)
    if not m:
        return False
    wanted = any_of("roles.occupations", "roles.case_roles", "roles.kin", "titles.ranks")
    return any(
        w.lower().split("-")[-1] in wanted or w.lower() in wanted
        for w in re.findall(r"[\w-]+", m.group(1))[:8]
        if w[0].islower()
    )


def accepted(weight: float) -> str | None:
    """The certainty that a weight gives, or None."""
    if weight < _NEEDED:
        return None
    return "certain" if weight >= 5 else "likely" if weight >= 3 else "possible"


def display(run: Run) -> tuple[str, str | None]:
    """The name with single blanks and without the nickname; and the nickname."""
    nick = None
    kept = []
    for i, token in enumerate(run.tokens):
        if i == run.nickname:
            nick = None if token.low in NO_MIDDLE else token.core
            continue
        if token.low in NO_MIDDLE and i:
            continue
        last = i == len(run.tokens) - 1
        if re.fullmatch(r"(?:[A-Z]\.){2,}", token.core) and not last:
            kept += re.findall(r"[A-Z]\.", token.core)  # "R.T. Haugen"
            continue
        kept.append(
            (token.core if is_suffix(token.low) and token.low not in ("jr", "sr") else usual_print(token.core))
            + (
                "."
                if (len(token.low) == 1 and not last and run.page.text[token.end : token.end + 1] == ".")
                or (is_suffix(token.low) and token.low in ("jr", "sr"))
                or (not last and len(token.low) > 1 and token.full_end > token.end)
                else ""
            )
        )
    return " ".join(kept), nick


def usual_print(word: str) -> str:
    """A word of a name in the usual print: HALE becomes Hale, McNEIL stays."""
    if not word.isupper() or len(word) < 2:
        return word
    plain = re.sub(r"[^\W\d_]+", lambda m: m.group().capitalize(), word)
    return re.sub(r"^(Mc|O['’])([a-z])", lambda m: m.group(1) + m.group(2).upper(), plain)
