"""What several accounts say about one thing: claims with their sources, those that are independent, and conflicts.

Nothing here decides who is right. What one account leaves out is "not named here" and never a conflict; a forecast and
a report are two claims, since a plan is not contradicted by what came of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from thaw.intake import reading
from thaw.record import PartialDate

from .claims_account import Account, Saying, plain
from .claims_alike import maiden_names, one_way, with_offices
from .claims_counts import count_sayings, numbers_conflict
from .claims_entities import label_of, of_person, of_work
from .claims_events import dates_conflict, event_sayings
from .claims_lists import list_sayings
from .claims_people import People, forms_conflict, name_sayings
from .claims_places import with_states
from .claims_roles import role_sayings, roles_conflict
from .claims_sources import independent_sources, one_source
from .claims_works import split_season

_ORDER = ("date", "count", "role", "place", "list", "person", "title", "organisation")


@dataclass
class Claim:
    """One value that one account or more give for one thing.

    standing      `forecast` or `report`, for dates
    flags         what a reader should look at twice
    conflicts     claims of the same thing that exclude this one
    not_named_by  of lists: for each other account with such a list, its documents and the members it does not name
    """

    subject: str
    kind: str
    value: Any
    standing: str | None
    sayings: list[Saying]
    flags: list[str] = field(default_factory=list)
    conflicts: list[Claim] = field(default_factory=list, repr=False)
    not_named_by: list[dict[str, Any]] = field(default_factory=list)

    @property
    def claim_id(self) -> str:
        """The same for the same kind, subject, value and standing in every run."""
        parts = "\x1f".join([self.kind, reading.folded(self.subject), repr(self.value), self.standing or ""])
        return "k_" + hashlib.sha256(parts.encode()).hexdigest()[:16]

    @property
    def documents(self) -> list[str]:
        """The accounts that say it, in the order of their dates."""
        return list(dict.fromkeys(s.account.document for s in self.sayings))

    def to_json(self) -> dict[str, Any]:
        """The element of the document of `thaw claims`."""
        dates = sorted(d.first.isoformat() for s in self.sayings if (d := s.account.date))
        quotes = {(s.account.document, s.sentence): s for s in self.sayings}
        more = self.sayings[0].more
        return {
            "claim_id": self.claim_id,
            "subject": self.subject,
            "kind": self.kind,
            "value": self.value,
            "documents": self.documents,
            "independent_sources": independent_sources(self.sayings),
            "first": dates[0] if dates else None,
            "last": dates[-1] if dates else None,
            "quotes": [
                {
                    "document": s.account.document,
                    "page": s.account.page_of(s.sentence[0]),
                    "text": s.account.quote(s.sentence),
                }
                for s in quotes.values()
            ],
            "conflicts_with": sorted(c.claim_id for c in self.conflicts),
            "standing": self.standing,
            "interval": more.get("interval"),
            "flags": self.flags,
            "not_named_here": self.not_named_by,
        }


def claims_of(accounts: Sequence[Account]) -> list[Claim]:
    """All claims of some accounts, compared; dates first, then counts, roles, places, lists and names."""
    people = People.of(accounts)
    sayings: list[Saying] = []
    for account in sorted(accounts, key=lambda a: (a.date.first.isoformat() if a.date else "9999", a.document)):
        for read in (event_sayings, count_sayings, role_sayings, list_sayings, name_sayings):
            sayings += read(account, people)
    claims = _gathered(
        with_states(one_way(maiden_names(with_offices(_with_works(_as_killings(_with_entities(sayings)))))))
    )
    _compare(claims)
    return sorted(
        claims, key=lambda c: (_ORDER.index(c.kind), reading.folded(c.subject), str(c.value), c.standing or "")
    )


def _as_killings(sayings: list[Saying]) -> list[Saying]:
    """The death of one whom an account says was killed is a killing, and so is a shooting on the same days.

    A shooting without the word of its end ("was shot twice on Oct. 6") is that of the death when the days agree.
    """
    deaths = [s for s in sayings if s.kind in ("date", "place") and s.more.get("entity")]
    killed = {s.more["entity"] for s in deaths if _is_violent_death(s)}
    violent: dict[str, list[Saying]] = {}
    for s in deaths:
        if s.kind == "date" and _is_violent_death(s):
            violent.setdefault(s.more["entity"], []).append(s)
    found = []
    for s in sayings:
        entity = s.more.get("entity") if s.kind in ("date", "place") else None
        if entity in killed and s.more["event"] in ("death", "shooting"):
            same = s.more["event"] == "death" or any(not dates_conflict(o, s) for o in violent.get(str(entity), ()))
            if same or s.more.get("fatal"):
                group = (s.group[0], "killing", *s.group[2:]) if s.group else None
                label = label_of("killing", entity)
                s = replace(s, subject=label, shown=label, group=group, more={**s.more, "event": "killing"})
        found.append(s)
    return found


def _is_violent_death(s: Saying) -> bool:
    return (s.more["event"] == "death" and bool(s.more.get("violent"))) or bool(s.more.get("fatal"))


def _with_entities(sayings: list[Saying]) -> list[Saying]:
    """An event that an account leaves unnamed is the one that all others of its sort name, if they name only one."""
    named: dict[str, dict[str, int]] = {}
    for s in sayings:
        if s.kind in ("date", "place") and s.more.get("entity") and not s.more.get("deed"):
            counts = named.setdefault(s.more["event"], {})
            counts[s.more["entity"]] = counts.get(s.more["entity"], 0) + 1
    days: dict[tuple[str, str], list[date]] = {}
    for s in sayings:
        if s.kind == "date" and s.more.get("entity") and s.more.get("interval"):
            first = PartialDate.from_json(s.more["interval"]).first
            days.setdefault((s.more["event"], s.more["entity"]), []).append(first)
    found = []
    for s in sayings:
        if s.kind in ("date", "place") and not s.more.get("deed"):
            event, entity = s.more["event"], s.more.get("entity")
            options = named.get(event, {})
            if entity is None and len(options) > 1 and of_work(event):
                # Of several works the only one whose name stands in this account.
                text = f" {plain(s.account.text)} "
                options = {name: n for name, n in options.items() if f" {name} " in text}
            if (
                entity is None
                and len(options) == 1
                and not s.more.get("own")
                and _may_be(s, days.get((event, next(iter(options))), []))
            ):
                entity = next(iter(options))
            elif entity is not None:
                entity = _same_thing(entity, options)
            if event == "opening" and entity in named.get("premiere", {}):
                event = "premiere"  # another account calls it so
                s = replace(
                    s, group=("date", "premiere") if s.kind == "date" else s.group, more={**s.more, "event": event}
                )
            label = label_of(event, entity)
            group = (*s.group, entity or "") if s.group and (entity or not of_person(event)) else None
            s = replace(s, subject=label, shown=label, group=group, more={**s.more, "entity": entity})
        found.append(s)
    return found


def _may_be(one: Saying, named: list[date]) -> bool:
    """Whether an unnamed event may be the named one: not when all its days lie years away ("death" of another man)."""
    mine = one.more.get("interval")
    if not mine or not named:
        return True
    first = PartialDate.from_json(mine).first
    return any(abs((other - first).days) <= _SAME_CASE for other in named)


_SAME_CASE = 731  # days


def _with_works(sayings: list[Saying]) -> list[Saying]:
    """ "The co-creator" of an account without the title is that of the only work another account names with it."""
    works: dict[tuple[str, str], set[str]] = {}
    for s in sayings:
        role, of, _ = str(s.value).partition(" of ")
        if s.group and s.group[0] == "maker" and of:
            works.setdefault((s.subject, role), set()).add(s.value)
    found = []
    for s in sayings:
        whole = works.get((s.subject, str(s.value)), set()) if s.group and s.group[0] == "maker" else set()
        if len(whole) == 1:
            value = next(iter(whole))
            s = replace(s, value=value, key=reading.folded(value))
        found.append(s)
    return found


def _same_thing(entity: str, options: dict[str, int]) -> str:
    """A shorter name of a thing ("salt road") is the longer one when only one fits."""
    base, season = split_season(entity)
    options = {split_season(o)[0]: n for o, n in options.items() if split_season(o)[1] == season}
    longer = [o for o in options if o != base and _words_of(base) in _words_of(o)]
    return f"{longer[0]} {season}".strip() if len(longer) == 1 else entity


def _words_of(name: str) -> str:
    """The words of a name between blanks, without a last s: "Lamplighter" is in "The Lamplighter's Daughter"."""
    return " " + " ".join(word.rstrip("s") for word in plain(name).split()) + " "


def _gathered(sayings: Sequence[Saying]) -> list[Claim]:
    claims: dict[tuple[str, str, str, str | None], Claim] = {}
    for s in sayings:
        key = (s.kind, s.subject, s.key, s.standing)
        claim = claims.get(key)
        if claim is None:
            claim = claims[key] = Claim(s.shown, s.kind, s.value, s.standing, [])
        claim.sayings.append(s)
        claim.flags += [flag for flag in s.flags if flag not in claim.flags]
    return list(claims.values())


_CONFLICTS: dict[str, Callable[[Saying, Saying], bool]] = {
    "date": dates_conflict,
    "count": numbers_conflict,
    "role": roles_conflict,
    "person": lambda one, other: forms_conflict(one.value, other.value),
    "organisation": lambda one, other: one.key != other.key and plain(one.value) != plain(other.value),
    "title": lambda one, other: False,
    "place": lambda one, other: (
        not _one_place(one.key, other.key) and not _one_place(plain(one.value), plain(other.value))
    ),
}


def _compare(claims: list[Claim]) -> None:
    groups: dict[tuple[str, ...], list[Claim]] = {}
    for claim in claims:
        if (group := claim.sayings[0].group) is not None:
            groups.setdefault((claim.kind, claim.standing or "", *group), []).append(claim)
    for group, members in groups.items():
        if group[0] == "list":
            _leave_out(members)
            continue
        differ = _CONFLICTS[group[0]]
        for i, one in enumerate(members):
            for other in members[i + 1 :]:
                if differ(one.sayings[0], other.sayings[0]) and _can_exclude(one, other) and not _retold(one, other):
                    one.conflicts.append(other)
                    other.conflicts.append(one)


def _can_exclude(one: Claim, other: Claim) -> bool:
    """Two values of one account are two things it tells; only what another account says otherwise is a conflict."""
    by = one.kind == "role" and str((one.sayings[0].group or ("",))[0]).endswith(" by")
    if one.kind in ("person", "organisation", "role") and not by:
        return True
    if by:
        return not set(one.documents) & set(other.documents)  # one account may name both officers
    return not set(one.documents) & set(other.documents) or bool(
        set(one.documents) ^ set(other.documents) and one.kind == "date"
    )


def _retold(one: Claim, other: Claim) -> bool:
    """ "Announced today", copied on another day, is the same day told again."""
    a, b = one.sayings[0], other.sayings[0]
    vague = (
        one.kind == "date"
        and a.more.get("words") == b.more.get("words")
        and not any(c.isdigit() for c in str(a.more["words"]))
    )
    return vague and one_source(a, b)


def _leave_out(lists: list[Claim]) -> None:
    for one in lists:
        for other in lists:
            lacking = [name for name in one.value if name not in other.value]
            if other is not one and lacking:
                one.not_named_by.append({"documents": other.documents, "members": lacking})


def _one_place(one: str, other: str) -> bool:
    return one in other or other in one
