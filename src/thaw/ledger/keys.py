"""Which key signs a log when: a log outlives its keys, and each change of key is an entry.

In come the first public key and the changes, out goes the key in force for a tree size.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from thaw.errors import InputError
from thaw.ledger.note import Verifier


class KeySpan(NamedTuple):
    """A key and the smallest tree size that it signs."""

    from_size: int
    verifier: Verifier


def key_spans(first: Verifier, later: Sequence[tuple[int, Verifier]] = ()) -> tuple[KeySpan, ...]:
    """The keys of a log in order; entry `seq` of each change is the first that the new key signs.

    Raises InputError for a key of another name: the name of every key of a log is its origin.
    """
    spans = [KeySpan(0, first)]
    for seq, verifier in later:
        if verifier.name != first.name:
            raise InputError(
                where="change of the log key",
                got=f"a key named {ascii(verifier.name)[:80]}",
                want=f"a key named {ascii(first.name)[:80]}",
                fix="Make the new key for this log.",
            )
        spans.append(KeySpan(seq + 1, verifier))
    return tuple(sorted(spans, key=lambda span: span.from_size))


def key_for(spans: Sequence[KeySpan], size: int) -> Verifier:
    """The key that signs the tree of `size` entries."""
    found = spans[0].verifier
    for span in spans:
        if span.from_size <= size:
            found = span.verifier
    return found
