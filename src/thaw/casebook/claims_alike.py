"""Roles that say the same in other words: "police lieutenant" and "lieutenant", "wife of" and "husband of"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from thaw.intake import reading

from .claims_account import Saying

# Words before an office that make it another one.
_OTHER_OFFICE = frozenset(
    "deputy assistant associate vice former acting interim retired ex junior then chief incoming outgoing".split()  # noqa: SIM905
)
_LINK = re.compile(r"\s(?:of|for|at|with|in)\s")
_SORTS = {
    **dict.fromkeys(["husband", "wife", "widow", "widower", "spouse"], "spouse"),
    **dict.fromkeys(["brother", "sister", "sibling", "twin"], "sibling"),
    **dict.fromkeys(["mother", "father", "parent", "mom", "dad"], "parent"),
    **dict.fromkeys(["son", "daughter", "child"], "child"),
    **dict.fromkeys(["uncle", "aunt"], "uncle"),
    **dict.fromkeys(["nephew", "niece"], "nephew"),
    **dict.fromkeys(["grandmother", "grandfather", "grandparent"], "grandparent"),
    **dict.fromkeys(["grandson", "granddaughter", "grandchild"], "grandchild"),
    "cousin": "cousin",
}
_TURNED = {"parent": "child", "child": "parent", "uncle": "nephew", "nephew": "uncle"} | {
    "grandparent": "grandchild",
    "grandchild": "grandparent",
}


# Words that leave open what others say: no conflict with it.
_GENERIC = {"child": "child", "parent": "parent", "spouse": "spouse", "sibling": "sibling"}


def agree(one: str, other: str) -> bool:
    """Whether two words for a relative can be said of one: "child" and "son"."""
    a, b = _SORTS.get(one), _SORTS.get(other)
    return a is not None and a == b and (one in _GENERIC or other in _GENERIC)


def with_offices(sayings: Sequence[Saying]) -> list[Saying]:
    """Offices of one person in as many words as all accounts share; "attorney" is that of the only one named."""
    told: dict[str, set[str]] = {}
    for s in sayings:
        if _is_office(s):
            told.setdefault(s.subject, set()).add(str(s.value))
    names = {s.shown for s in sayings if s.kind in ("person", "role")}
    shorter = {(subject, v): _shared(v, values, names) for subject, values in told.items() for v in values}
    found = []
    for s in sayings:
        value = shorter.get((s.subject, str(s.value)), s.value) if _is_office(s) else s.value
        found.append(s if value == s.value else replace(s, value=value, key=reading.folded(value)))
    return found


def _is_office(s: Saying) -> bool:
    return s.kind == "role" and (s.group is None or s.group[0] == "rank")


def _shared(value: str, values: set[str], names: set[str]) -> str:
    """The value that stands for this one among those of one person."""
    base, other_end = _parts(value)
    if not other_end:
        whole = {v for v in values if _parts(v)[0] == base and _parts(v)[1]}
        if len(whole) == 1 and _parts(next(iter(whole)))[1] in names:
            return whole.pop()
    elif base in values and other_end not in names:
        return base  # "emergency director of Bell County" is the emergency director of the others
    words = base.split()
    for i in range(1, len(words)):
        lead, rest = words[:i], " ".join(words[i:])
        same = words[-1] in ("judge", "justice") or not _OTHER_OFFICE & set(lead)
        if same and not other_end and rest in values:
            return rest
    return value


def _parts(value: str) -> tuple[str, str]:
    link = _LINK.search(value)
    return (value[: link.start()], value[link.end() :]) if link else (value, "")


def maiden_names(sayings: Sequence[Saying]) -> list[Saying]:
    """ "He married Lorraine Haugen" and "his wife, Lorraine Brandvold": one wife, by the name that is her husband's."""
    wives: dict[str, set[str]] = {}
    for s in sayings:
        if s.kind == "role" and s.group and s.group[0] == "kin" and str(s.value).startswith(("wife of ", "widow of ")):
            wives.setdefault(s.group[2], set()).add(s.shown)
        elif s.kind == "role" and s.group and s.group[0] == "kin" and str(s.value).startswith("husband of "):
            wives.setdefault(s.shown, set()).add(s.group[2])
    later: dict[str, str] = {}
    for husband, names in wives.items():
        married = [n for n in names if " " in n and n.split()[-1] == husband.split()[-1]]
        for name in names:
            same = [n for n in married if n != name and n.split()[0] == name.split()[0] and " " in name]
            if len(same) == 1 and name not in married:
                later[name] = same[0]
    found = []
    for s in sayings:
        if s.kind == "role" and s.group and s.group[0] == "kin" and s.group[2] in later:
            name = later[s.group[2]]
            value = f"{str(s.value).partition(' of ')[0]} of {name}"
            s = replace(s, value=value, key=reading.folded(value), group=("kin", s.group[1], name))
        elif s.kind == "role" and s.group and s.group[0] == "kin" and s.shown in later:
            name = later[s.shown]
            s = replace(s, subject=reading.folded(name), shown=name, group=("kin", name, s.group[2]))
        found.append(s)
    return found


def one_way(sayings: Sequence[Saying]) -> list[Saying]:
    """ "Ann, wife of Bob" and "Bob, husband of Ann" of two accounts are one claim: said as most accounts say it."""
    told: Counter[tuple[str, str]] = Counter()
    values: dict[tuple[str, str], dict[str, Saying]] = {}
    more: dict[tuple[str, str], list[Saying]] = {}
    for s in sayings:
        if s.kind == "role" and s.group and s.group[0] == "kin":
            pair = (s.group[1], s.group[2])
            told[pair] += 1
            values.setdefault(pair, {}).setdefault(_sort(s), s)
            more.setdefault(pair, []).extend([s] if str(s.value).partition(" of ")[0] not in _GENERIC else [])
    found = []
    for s in sayings:
        if s.kind == "role" and s.group and s.group[0] == "kin":
            pair, turned = (s.group[1], s.group[2]), (s.group[2], s.group[1])
            fewer = (told[pair], turned) < (told[turned], pair)
            sort = _sort(s)
            same = values.get(turned, {}).get(_TURNED.get(sort, sort)) if fewer and sort else None
            if sort in _GENERIC.values() and same is None and str(s.value).partition(" of ")[0] in _GENERIC:
                # "two children, Alden and Janice" where others say "son"
                told_so = [o for o in more.get(pair, ()) if _sort(o) == sort]
                same = told_so[0] if len({o.value for o in told_so}) == 1 else None
            if same is None and str(s.value).startswith(("widow of ", "widower of ")):
                alive = [o for o in more.get(pair, ()) if str(o.value).startswith(("wife of ", "husband of "))]
                # A widow was his wife, which another account says.
                found += [replace(s, value=o.value, key=o.key) for o in alive[:1]]
            if same is not None:
                s = replace(s, subject=same.subject, shown=same.shown, value=same.value, key=same.key, group=same.group)
        found.append(s)
    return found


def _sort(s: Saying) -> str:
    return _SORTS.get(str(s.value).partition(" of ")[0], "")
