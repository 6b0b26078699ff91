"""A search for a person from the names that records give: every part of a name, in any order, in every spelling."""

from __future__ import annotations

from collections.abc import Iterable

from thaw.errors import InputError

from .query import All, Any, Node, Query, Word
from .tokens import tokens

_MOST_NAMES = 20
_NO_NAMES = frozenset({"mr", "mrs", "ms", "miss", "dr", "jr", "sr", "ii", "iii", "iv", "aka", "nmn", "nmi", "unknown"})


def name_query(names: Iterable[str]) -> Query:
    """Texts with all parts of one of the names. Initials and titles are left out where other parts are known.

    Raises InputError when no name has a letter.
    """
    parts: list[Node] = []
    for name in list(dict.fromkeys(names))[:_MOST_NAMES]:
        words = list(dict.fromkeys(tokens(name)))[:8]
        chosen = [word for word in words if len(word) > 1 and word not in _NO_NAMES] or words
        if chosen:
            node: Node = All(tuple(map(Word, chosen))) if len(chosen) > 1 else Word(chosen[0])
            parts += [node] if node not in parts else []
    if not parts:
        raise InputError(where="name", got="no letter", want="a name", fix="Type at least a family name.")
    return Query(parts[0] if len(parts) == 1 else Any(tuple(parts)))
