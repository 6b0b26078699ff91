"""The closed list of what an entry can be: `data/entry_kinds.toml`, read on first use."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from thaw.data import read_toml


@cache
def entry_kinds() -> Mapping[str, str]:
    """Every kind that an entry of version 1 may have, with its meaning in one line; in the order of the file.

    The list is closed: a kind outside it under version 1 is an error, under a newer version it is news.
    """
    rooms: dict[str, dict[str, str]] = read_toml("entry_kinds.toml")["kinds"]
    return MappingProxyType({f"{room}.{name}": text for room, names in rooms.items() for name, text in names.items()})


@cache
def kind_bytes() -> frozenset[bytes]:
    """The same kinds as bytes, for the verification that reads entries without decoding them."""
    return frozenset(kind.encode() for kind in entry_kinds())
