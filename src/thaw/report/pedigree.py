"""A pedigree as geneticists draw it: squares for men, circles for women, parents joined, children below.

Symbols after Bennett and others, Journal of Genetic Counseling 4:267 (1995): square male, circle female, diamond not
known. A filled symbol is a person whose profile is there; a question mark is the one who is looked for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from .svg import element, figure, line, words

_NO_WISH = float("inf")
_STEP, _LEVEL, _HALF, _TOP = 104.0, 96.0, 17.0, 34.0


def pedigree(people: Sequence[Mapping[str, str]], *, typed: Collection[str], sought: str | None, title: str) -> str:
    """The drawing.

    people  each with id, father, mother (`0` for none) and sex (M, F or anything else for not known)
    typed   ids of those whose profile is there
    sought  id of the missing person or the remains
    Persons that name a parent who is not among them are drawn as founders. Loops are drawn with crossing lines.
    """
    parents = _parents(people)
    levels = _levels(parents)
    places = _places(parents, levels)
    width = max((x for x, _ in places.values()), default=0.0) + _STEP
    height = max((y for _, y in places.values()), default=0.0) + _TOP + 40
    sexes = {person["id"]: person.get("sex", "") for person in people}
    parts = _families(parents, places)
    for who, (x, y) in places.items():
        parts.append(_symbol(who, x, y, sexes[who], who in typed, who == sought))
    named = ", ".join(_told(who, parents, who in typed, who == sought) for who in parents)
    return figure(parts, width=width, height=height, name="pedigree", title=title, description=f"{named}.")


def _parents(people: Sequence[Mapping[str, str]]) -> dict[str, tuple[str | None, str | None]]:
    ids = {person["id"] for person in people}

    def known(person: Mapping[str, str], role: str) -> str | None:
        who = person.get(role)
        return who if who in ids and who != person["id"] else None

    return {person["id"]: (known(person, "father"), known(person, "mother")) for person in people}


def _levels(parents: Mapping[str, tuple[str | None, str | None]]) -> dict[str, int]:
    """The generation of each person: below both parents, and level with a partner."""
    levels = dict.fromkeys(parents, 0)
    # As many rounds as persons are enough; more could only mean somebody is their own ancestor.
    for _ in range(len(parents) + 1):
        before = dict(levels)
        for who, (father, mother) in parents.items():
            above = [levels[p] for p in (father, mother) if p is not None]
            if above:
                levels[who] = min(max(levels[who], max(above) + 1), len(parents))
            if father is not None and mother is not None:
                levels[father] = levels[mother] = max(levels[father], levels[mother])
        if levels == before:
            break
    return levels


def _places(
    parents: Mapping[str, tuple[str | None, str | None]], levels: Mapping[str, int]
) -> dict[str, tuple[float, float]]:
    """Where each person stands: children under the middle of their parents, partners side by side, none on another."""
    places: dict[str, tuple[float, float]] = {}
    order = {who: i for i, who in enumerate(parents)}
    partners: dict[str, list[str]] = {}
    for father, mother in dict.fromkeys(parents.values()):
        if father is not None and mother is not None:
            partners.setdefault(father, []).append(mother)
            partners.setdefault(mother, []).append(father)
    for level in sorted(set(levels.values())):
        row = [who for who in parents if levels[who] == level]
        wishes = {who: _wish(who, parents, partners, places) for who in row}
        ranked = sorted((wishes[who], order[who], who) for who in row)
        row = _couples_together([who for _, _, who in ranked], partners)
        wanted = [x for x in wishes.values() if x != _NO_WISH]
        x = _STEP / 2
        if wanted:
            x = max(x, sum(wanted) / len(wanted) - _STEP * (len(row) - 1) / 2)
        for i, who in enumerate(row):
            places[who] = (x + i * _STEP, _TOP + level * _LEVEL)
    return places


def _wish(
    who: str,
    parents: Mapping[str, tuple[str | None, str | None]],
    partners: Mapping[str, Sequence[str]],
    places: Mapping[str, tuple[float, float]],
) -> float:
    """Where somebody would best stand: below the middle of their parents, or of a partner's; infinity for no wish."""
    above = [places[p][0] for p in parents[who] if p is not None and p in places]
    if not above:
        level = [p for o in partners.get(who, ()) if o not in places for p in parents[o]]
        above = [places[p][0] for p in level if p is not None and p in places]
    return sum(above) / len(above) if above else _NO_WISH


def _couples_together(row: Sequence[str], partners: Mapping[str, Sequence[str]]) -> list[str]:
    """The row with partners side by side; who has two stands between them."""
    found: list[str] = []
    for who in row:
        if who in found:
            continue
        beside = [other for other in partners.get(who, ()) if other in row and other not in found]
        if len(beside) > 1:
            found += [beside[0], who, *beside[1:]]
            continue
        # A partner with several partners comes later and takes this one along.
        if beside and len([o for o in partners.get(beside[0], ()) if o in row]) > 1:
            middle = beside[0]
            others = [o for o in partners[middle] if o in row and o not in found and o != who]
            found += [who, middle, *others]
        else:
            found += [who, *beside]
    return found


def _families(
    parents: Mapping[str, tuple[str | None, str | None]], places: Mapping[str, tuple[float, float]]
) -> list[str]:
    parts = []
    children: dict[tuple[str | None, str | None], list[str]] = {}
    for who, both in parents.items():
        if both != (None, None):
            children.setdefault(both, []).append(who)
    for both, some in children.items():
        above = [places[p] for p in both if p is not None]
        middle = sum(x for x, _ in above) / len(above)
        y = max(y for _, y in above)
        if len(above) == 2:
            (x1, y1), (x2, y2) = sorted(above)
            if y1 == y2 and x2 - x1 > _STEP * 1.5:
                # Somebody stands between them: their line runs above the heads, so that no child seems another's.
                y = y1 - _HALF - 10
                parts += [
                    line(x1, y1 - _HALF, x1, y, "kin"),
                    line(x2, y2 - _HALF, x2, y, "kin"),
                    line(x1, y, x2, y, "kin"),
                ]
                middle = x2 - _STEP / 2
            else:
                parts.append(line(x1 + _HALF, y1, x2 - _HALF, y2, "kin"))
        drop = min(places[child][1] for child in some) - _HALF - 22
        parts.append(line(middle, y if len(above) == 2 else y + _HALF, middle, drop, "kin"))
        xs = [places[child][0] for child in some] + [middle]
        parts.append(line(min(xs), drop, max(xs), drop, "kin"))
        parts += [line(places[child][0], drop, places[child][0], places[child][1] - _HALF, "kin") for child in some]
    return parts


def _symbol(who: str, x: float, y: float, sex: str, typed: bool, sought: bool) -> str:
    kind = "person" + (" typed" if typed else "") + (" sought" if sought else "")
    if sex == "M":
        shape = element("rect", x=x - _HALF, y=y - _HALF, width=2 * _HALF, height=2 * _HALF, class_=kind)
    elif sex == "F":
        shape = element("circle", cx=x, cy=y, r=_HALF, class_=kind)
    else:
        shape = element(
            "path", d=f"M{x},{y - _HALF - 3}L{x + _HALF + 3},{y}L{x},{y + _HALF + 3}L{x - _HALF - 3},{y}Z", class_=kind
        )
    sign = words(x, y + 6, "?", text_anchor="middle", class_="sign strong", size=18.0) if sought else ""
    return shape + sign + words(x, y + _HALF + 16, who, room=_STEP - 6, text_anchor="middle", class_="ink small")


def _told(who: str, parents: Mapping[str, tuple[str | None, str | None]], typed: bool, sought: bool) -> str:
    known = [p for p in parents[who] if p is not None]
    said = f"{who}, child of {' and '.join(known)}" if known else f"{who}, founder"
    return said + (", profile there" if typed else ", no profile") + (", the one who is sought" if sought else "")
