"""What one member of a pedigree is to another, in words."""

from __future__ import annotations

from .pedigree import Pedigree

_UP = ("", "parent", "grandparent", "great-grandparent")
_DOWN = ("", "child", "grandchild", "great-grandchild")


def relation(pedigree: Pedigree, who: str, to: str) -> str:
    """What `who` is to `to`, such as "half sibling": the closest of several relations, or "no blood relative"."""
    up, down = _ancestors(pedigree, to), _ancestors(pedigree, who)
    if who in up:
        return _named(_UP, up[who], "ancestor")
    if to in down:
        return _named(_DOWN, down[to], "descendant")
    common = [(up[a] + down[a], up[a], down[a], a) for a in up if a in down]
    if not common:
        return "no blood relative"
    length, mine, theirs, _ = min(common)
    couple = sum(1 for c in common if c[:3] == (length, mine, theirs)) > 1
    half = "" if couple else "half "
    if (mine, theirs) == (1, 1):
        return "full sibling" if couple else "half sibling"
    if (mine, theirs) == (2, 1):
        return f"{half}uncle or aunt"
    if (mine, theirs) == (1, 2):
        return f"{half}nephew or niece"
    if (mine, theirs) == (2, 2):
        return f"{half}first cousin"
    return f"relative by {length} steps"


def _named(names: tuple[str, ...], steps: int, beyond: str) -> str:
    return names[steps] if steps < len(names) else f"{beyond} {steps} generations away"


def _ancestors(pedigree: Pedigree, who: str) -> dict[str, int]:
    """The person and all known ancestors, with the fewest generations to each."""
    found, now = {who: 0}, [who]
    while now:
        parents = {
            p: found[child] + 1
            for child in now
            for p in (pedigree.people[child].father, pedigree.people[child].mother)
            if p is not None and p not in found
        }
        found |= parents
        now = list(parents)
    return found
