"""Descriptions of marks and clothing: how much the words that two records share say, by how rare they are.

Copy model per word: log10((r + (1 - r) p) / p), p the share of records that have the word, r the chance that a true
record repeats it. A word that only one side has says nothing: nobody writes everything down.
"""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np

from thaw.data import read_toml

from .model import Floats

_WORD = re.compile(r"[a-z]+|[0-9]+")
_SMOOTHING = 100.0  # records of an imagined larger list, of which few have any given word
_RARE = 0.002


@cache
def _empty() -> frozenset[str]:
    return frozenset(read_toml("identification/matching.toml")["words"]["empty"].split())


def words_of(descriptions: Sequence[str]) -> frozenset[str]:
    """The telling words, folded to plain lower case and singular, and the pairs that stand side by side."""
    found: set[str] = set()
    empty = _empty()
    for text in descriptions:
        row = [_singular(word) for word in _WORD.findall(_plain(text)) if word not in empty]
        found.update(row)
        found.update(f"{first} {second}" for first, second in itertools.pairwise(row))
    return frozenset(found)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


@dataclass(frozen=True)
class WordIndex:
    """Which records of a list have which word; `size` records in all, `described` of them with any word."""

    size: int
    holders: Mapping[str, Any]
    described: Any

    @staticmethod
    def of(descriptions: Sequence[frozenset[str]]) -> WordIndex:
        """An index over the words of each record."""
        holders: dict[str, list[int]] = {}
        for i, words in enumerate(descriptions):
            for word in words:
                holders.setdefault(word, []).append(i)
        arrays = {word: np.array(rows, dtype=np.int64) for word, rows in holders.items()}
        return WordIndex(len(descriptions), arrays, np.array([bool(w) for w in descriptions], dtype=np.bool_))

    def share(self, word: str) -> float:
        """Share of described records that have the word, drawn towards that of a rare word."""
        held = len(self.holders.get(word, ()))
        return (held + _SMOOTHING * _RARE) / (self._described + _SMOOTHING)

    @cached_property
    def _described(self) -> int:
        return int(self.described.sum())

    def support(self, words: frozenset[str], table: Mapping[str, Any]) -> Floats:
        """log10 support of every record, shape (size,): the rarest shared word full, each further one less."""
        repeated, damping = table["repeated"], table["damping"]
        shares = sorted((self.share(word), word) for word in words if word in self.holders)
        total, shared = np.zeros(self.size), np.zeros(self.size, dtype=np.int64)
        for share, word in shares:
            rows = self.holders[word]
            total[rows] += math.log10((repeated + (1 - repeated) * share) / share) * damping ** shared[rows]
            shared[rows] += 1
        # Chance finds something in common with the wordy: what a random record gains on average is taken off again.
        gained = float((10 ** total[shared > 0] - 1).sum())  # only those described share anything
        common = self._described + gained + _SMOOTHING
        found: Floats = np.where(self.described, total - math.log10(common / (self._described + _SMOOTHING)), 0.0)
        return found

    def supports_of(self, own: frozenset[str], others: Sequence[Sequence[str]], table: Mapping[str, Any]) -> Floats:
        """log10 support of the words that a record shares with each of these descriptions, shape (others,).

        Without what chance gives to the wordy.
        """
        repeated, found = table["repeated"], np.zeros(len(others))
        stems = [word for word in own if " " not in word]
        shares = {word: self.share(word) for word in own}
        for i, texts in enumerate(others):
            # Most share nothing; that the letters stand nowhere is quicker seen than the words are read.
            plain = _plain(" ".join(texts)) if stems and texts else ""
            if any(stem in plain for stem in stems):
                shared = sorted(shares[word] for word in own & words_of(texts))
                bits = (math.log10((repeated + (1 - repeated) * share) / share) for share in shared)
                found[i] = sum(bit * table["damping"] ** k for k, bit in enumerate(bits))
        return found


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


def shared_words(one: frozenset[str], other: frozenset[str]) -> list[str]:
    """What both descriptions have, pairs before the words they are made of, sorted."""
    both = one & other
    inside = Counter(part for word in both if " " in word for part in word.split())
    return sorted(word for word in both if " " in word or word not in inside)
