"""Who is who across accounts, for the comparison only: nothing here joins records; a person decides that.

Names are laid together when they agree as full names, or differ by a letter or two and never stand beside each other in
one account. Their differing forms are what the claims of kind `person` put side by side.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from thaw.intake import reading

from .claims_account import Account, Saying, plain

_NEAR_FROM = 4
_ALIKE = 0.85


@dataclass(frozen=True)
class People:
    """The persons of some accounts: for each name as a document gives it, the name that stands for the person."""

    chosen: dict[str, str]

    @classmethod
    def of(cls, accounts: Sequence[Account]) -> People:
        """Lay the full names of all accounts together."""
        names: Counter[str] = Counter()
        beside: dict[str, set[str]] = {}
        called: dict[str, str] = {}
        for account in accounts:
            for m in account.mentions:
                if m.kind == "person" and (nick := m.part("nickname")) and len(m.normal.split()) > 1:
                    called[m.normal] = f"{nick} {m.normal.split()[-1]}"
            here = {m.normal for m in account.mentions if m.kind == "person"}
            names.update(here)
            for name in here:
                beside.setdefault(name, set()).update(here - {name})
        return cls(_chosen(names, beside, called))

    def key(self, name: str) -> str:
        """The name that stands for this person in all accounts."""
        return self.chosen.get(name, name)


def _chosen(names: Counter[str], beside: dict[str, set[str]], called: dict[str, str]) -> dict[str, str]:
    groups: list[list[str]] = []
    nicknames = set(called.values())
    full = sorted((n for n in names if len(n.split()) > 1), key=lambda n: (n in nicknames, -names[n], n))
    full.sort(key=lambda n: len(n.split()[0].strip(".")) == 1)  # initials last: they may fit several
    for name in full:
        apart = beside.get(name, set())
        # "Wayne Hale" beside "Gerald Wayne Hale" is he where another account has Gerald W. "Wayne" Hale.
        fit = [g for g in groups if name in {called.get(n) for n in g}]
        fit = fit or [g for g in groups if not apart & set(g) and _in_group(name, g, beside, called)]
        several = len(fit) > 1 and len(name.split()[0].strip(".")) == 1
        if fit and not several:
            fit[0].append(name)
        else:
            groups.append([name])
    found = {}
    for group in groups:
        best = group[0]
        for other in group[1:]:
            if names[other] == names[best]:
                best = reading.fuller_of(best, other)
        found.update(dict.fromkeys(group, best))
    for name in full:
        # "Maria del Carmen" where others write "Maria del Carmen Vega": given names alone, of one person only.
        begins = f"{reading.folded(name)} "
        owners = {
            found[n]
            for n in full
            if reading.folded(n).startswith(begins) and "(" not in n and n not in beside.get(name, ())
        }
        if len(owners) == 1 and len([n for n in full if found[n] == found[name]]) == 1:
            found[name] = owners.pop()
    for name in names:
        if name not in found:
            found[name] = _by_one_word(name, groups, found)
    return found


def _in_group(name: str, group: list[str], beside: dict[str, set[str]], called: dict[str, str]) -> bool:
    """Whether a name is that of a group's fullest name, or of the name under which an account says one is known."""
    if _one_person(name, max(group, key=_fullness), beside):
        return True
    known = [called[n] for n in group if n in called]
    mine = [name, *([called[name]] if name in called else [])]
    return any(_one_person(one, other, beside) for one in mine for other in [*known, max(group, key=_fullness)])


def _fullness(name: str) -> tuple[int, int]:
    words = [w for w in name.split() if len(w.strip(".")) > 1]
    return len(words), sum(map(len, words))


def _one_person(one: str, other: str, beside: dict[str, set[str]]) -> bool:
    if other in beside.get(one, ()):
        return False
    return (
        reading.same_person(one, other)
        or near_spelling(one, other)
        or _shorter(one, other)
        or _half_surname(one, other)
    )


def _half_surname(one: str, other: str) -> bool:
    """Whether one has half of the other's double surname, under given names that agree: Vega, Vega-Nolan."""
    a, b = reading.folded(one).split(), reading.folded(other).split()
    if len(a) < 2 or len(b) < 2 or ("-" in a[-1]) == ("-" in b[-1]):
        return False
    whole, half = (a[-1], b[-1]) if "-" in a[-1] else (b[-1], a[-1])
    return half in whole.split("-") and reading.same_person(f"{one.split()[0]} X", f"{other.split()[0]} X")


def _shorter(one: str, other: str) -> bool:
    """Whether one is the other with fewer or clipped given names: "Carmen Vega", "Maria del Carmen Vega"."""
    a, b = (reading.folded(n).replace(".", "").replace("-", " ").split() for n in (one, other))
    if len(a) > len(b) or (len(a) == len(b) and len(a[0]) > len(b[0])):
        a, b = b, a
    if len(a) < 2 or len(b) < 2 or a[-1] != b[-1]:
        return False
    inside = len(a) < len(b) and set(a) <= set(b)
    return inside or (len(a) == 2 and len(a[0]) >= 3 and b[0].startswith(a[0]))


def _by_one_word(name: str, groups: list[list[str]], found: dict[str, str]) -> str:
    """A surname alone belongs to the only person of that surname in all accounts."""
    word = reading.folded(name)
    owners = {
        found[n]
        for g in groups
        for n in g
        if reading.folded(n).split()[-1].strip(".") == word or reading.folded(n).split()[0] == word
    }
    if not owners:
        # "Iryna" where others write "Irina Hnatyuk".
        owners = {found[n] for g in groups for n in g if _one_sound(reading.folded(n).split()[0], word)}
    return owners.pop() if len(owners) == 1 else name


def near_spelling(one: str, other: str) -> bool:
    """Whether two full names differ by a letter or two in one word only, initials left out."""
    a = [w for w in reading.folded(one).replace(".", "").replace("-", " ").split() if len(w) > 1]
    b = [w for w in reading.folded(other).replace(".", "").replace("-", " ").split() if len(w) > 1]
    if len(a) != len(b) or len(a) < 2:
        if len(a) < 2 or len(b) < 2 or not reading.same_person(f"{one.split()[0]} X", f"{other.split()[0]} X"):
            return False
        return _near(a[-1], b[-1])
    apart = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
    if all(_one_sound(x, y) for x, y in apart):
        return True
    if len(apart) == 2 and not reading.same_person(f"{a[0]} X", f"{b[0]} X"):
        return False
    if len(apart) == 2:
        apart = apart[1:]
    if len(apart) != 1:
        return False
    if apart[0] == (a[-1], b[-1]) and a[0] == b[0] and a[-1][0] == b[-1][0] and min(map(len, apart[0])) >= _NEAR_FROM:
        # Under one given name a surname may differ more: Park and Parker, Tyler and Taylor.
        return JaroWinkler.similarity(*apart[0]) >= _ALIKE
    return _near(*apart[0])


# Letters that transcriptions of Cyrillic, Arabic, Greek and German names swap, folded to one of them.
_SOUNDS = (
    *(
        ("shch", "s"),
        ("sch", "s"),
        ("tsch", "c"),
        ("tch", "c"),
        ("ch", "c"),
        ("sh", "s"),
        ("zh", "z"),
        ("kh", "h"),
        ("ph", "f"),
    ),
    *(
        ("ts", "c"),
        ("tz", "c"),
        ("ks", "x"),
        ("ck", "k"),
        ("ou", "u"),
        ("oo", "u"),
        ("iu", "u"),
        ("yu", "u"),
        ("ju", "u"),
    ),
    *(
        ("ia", "a"),
        ("ya", "a"),
        ("ja", "a"),
        ("ie", "e"),
        ("ye", "e"),
        ("ey", "i"),
        ("ei", "i"),
        ("iy", "i"),
        ("yy", "i"),
    ),
    *(("y", "i"), ("j", "i"), ("w", "v"), ("q", "k"), ("ee", "i"), ("dj", "i")),
)
_LEAST_SOUND = 4  # letters of a word from which another spelling of its sound is taken for it


def _one_sound(one: str, other: str) -> bool:
    """Whether two words are one name in different transcriptions: Hnatiuk and Hnatyuk, Oleksandr and Alexander."""
    if min(len(one), len(other)) < _LEAST_SOUND:
        return False
    a, b = _sound(one), _sound(other)
    if a == b:
        return True
    # Vowels vary most; the same consonants in the same order, and vowels that are alike.
    bones = [re.sub(r"[aeiou]", "", word) for word in (a, b)]
    return len(bones[0]) >= 4 and bones[0] == bones[1] and DamerauLevenshtein.distance(a, b) <= 2


@lru_cache(maxsize=4096)  # each name of a case is held against each other one
def _sound(word: str) -> str:
    for letters, sound in _SOUNDS:
        word = word.replace(letters, sound)
    return re.sub(r"(.)\1", r"\1", word)


def _near(one: str, other: str) -> bool:
    if min(len(one), len(other)) < _NEAR_FROM:
        return False
    return DamerauLevenshtein.distance(one, other) <= (2 if max(len(one), len(other)) >= 8 else 1)


def name_sayings(account: Account, people: People) -> Iterator[Saying]:
    """One saying per form of a name that an account uses, with the sentence where it stands first."""
    seen: set[tuple[str, str]] = set()
    for m in account.mentions:
        if m.kind not in ("person", "organisation", "title"):
            continue
        if m.kind == "person":
            written = m.part("written") or m.normal
            form, subject = (written if len(written.split()) > 1 else m.normal), people.key(m.normal)
        else:
            form = m.normal
            subject = plain(m.normal)
        if (m.kind, form) in seen or (m.kind == "person" and len(form.split()) == 1 < len(subject.split())):
            continue
        seen.add((m.kind, form))
        shown = subject if m.kind == "person" else m.normal
        group = (m.kind, reading.folded(subject))
        yield Saying(
            account, account.sentence_of(m.start), m.kind, reading.folded(subject), shown, form, plain_form(form), group
        )


def plain_form(form: str) -> str:
    """A form of a name to compare: small letters, points and blanks apart; diacritics stay."""
    return " ".join(form.replace(".", "").lower().split())


def forms_conflict(one: str, other: str) -> bool:
    """Whether two forms of one name spell it differently; a shorter form or a nickname does not."""
    a, b = plain_form(one), plain_form(other)
    if a == b:
        return False
    if reading.folded(a) == reading.folded(b) or a.replace("-", " ") == b.replace("-", " "):
        return True  # an accent, a hyphen
    if _half_surname(one, other) or (_half_surname(f"{b.split()[0]} {a.split()[-1]}", b) and a[0] == b[0]):
        return False  # half of a double surname; a nickname that the other account tells
    words_a, words_b = a.split(), b.split()
    if set(words_a) <= set(words_b) or set(words_b) <= set(words_a):
        return False
    return not reading.same_person(one, other) or any(_accent_apart(x, y) for x in words_a for y in words_b)


def _accent_apart(one: str, other: str) -> bool:
    return one != other and reading.folded(one) == reading.folded(other)


def members(names: Iterable[str], people: People) -> list[str]:
    """Names as the persons they stand for, each once, in order."""
    return list(dict.fromkeys(people.key(name) for name in names))
