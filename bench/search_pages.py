"""Invents pages: words by the law of Zipf, with names, phrases and, for the quality set, planted spellings.

Nobody in here exists. The same seed gives the same pages.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from thaw.data.search import given_names, nicknames, ordinary_words, surnames

_WORDS, _LENGTH, _AT_ONCE = 60_000, 250, 2_000
COMMON = tuple(sorted(surnames(), key=lambda name: -surnames()[name])[:20])
_SYLLABLES = [c + v for c in "bcdfghklmnprstvw" for v in "aeiou"] + [
    "st",
    "ing",
    "er",
    "on",
    "an",
    "th",
    "sh",
    "en",
    "al",
    "ord",
]


def vocabulary(seed: int = 1) -> list[str]:
    """Words in the order of how common they are: real ones first, then invented ones."""
    draw = random.Random(seed)
    real = sorted(ordinary_words())
    draw.shuffle(real)
    found = dict.fromkeys(real[:20_000])
    while len(found) < _WORDS:
        found["".join(draw.choices(_SYLLABLES, k=draw.randint(2, 4)))] = None
    return list(found)


def pages(count: int, seed: int = 1) -> Iterator[str]:
    """Pages of 250 words; the twenty commonest surnames stand about as often as their bearers would."""
    words = np.array(vocabulary(seed), dtype=object)
    draw = np.random.default_rng(seed)
    cumulative = np.cumsum(1 / np.arange(1, len(words) + 1))
    cumulative /= cumulative[-1]
    shares = np.array([surnames()[name] for name in COMMON])
    shares = np.cumsum(shares / shares.sum())
    for start in range(0, count, _AT_ONCE):
        size = min(_AT_ONCE, count - start)
        chosen = words[np.searchsorted(cumulative, draw.random((size, _LENGTH)))]
        names = np.array(COMMON, dtype=object)[np.searchsorted(shares, draw.random((size, 3)))]
        places = draw.integers(0, _LENGTH, (size, 3))
        for row, found, at in zip(chosen, names, places, strict=True):
            for name, place in zip(found, at, strict=True):
                row[place] = name.title()
            yield " ".join(row) + "."


@dataclass(frozen=True, slots=True)
class Sought:
    """A person to look for as somebody would type the name, and the numbers of the pages that name them."""

    query: str
    pages: frozenset[int]


def planted_names(
    count: int = 100, each: int = 12, others: int = 6_000, seed: int = 3
) -> tuple[list[str], list[Sought]]:
    """Pages with planted people, each named on `each` pages as a typist, a clerk or a reading machine would have it.

    A third of the names stand as typed; the others are misread, mistyped, turned round, shortened. Between them stand
    pages with the same given name, the same family name of others, and names that differ in a letter or two.
    """
    draw = random.Random(seed)
    texts = list(pages(others, seed))
    sought = []
    given = sorted((n for n in given_names() if len(n) > 3), key=lambda n: -given_names()[n])[:300]
    family = [n for n in sorted(surnames(), key=lambda n: -surnames()[n]) if len(n) > 4 and n not in ordinary_words()]
    for i in range(count):
        first, last = draw.choice(given), family[20 + 7 * i]
        spots = draw.sample(range(len(texts)), each + 4)
        for spot in spots[:each]:
            texts[spot] = _put(texts[spot], written(first, last, draw), draw)
        # Who is not meant: another of the family, another of the given name, and both apart on one page.
        stranger = draw.choice([n for n in given if n != first and n not in nicknames().get(first, ())])
        texts[spots[-1]] = _put(texts[spots[-1]], f"{stranger.title()} {last.title()}", draw)
        texts[spots[-2]] = _put(texts[spots[-2]], f"{first.title()} {family[25 + 7 * i].title()}", draw)
        texts[spots[-3]] = _put(texts[spots[-3]], f"{stranger.title()} {last.title()}", draw)
        sought.append(Sought(f"{first} {last}", frozenset(spots[:each])))
    return texts, sought


def written(first: str, last: str, draw: random.Random) -> str:
    """A name as it may stand on a page."""
    form = draw.choice(("plain", "plain", "plain", "turned", "capitals", "misread", "misread", "mistyped", "nickname"))
    short = sorted(n for n in nicknames().get(first, ()) if len(n) > 2 and n not in ordinary_words())
    if form == "turned":
        return f"{last.upper()}, {first.title()} {draw.choice('ABCJM')}."
    if form == "capitals":
        return f"{first.upper()} {draw.choice('ABCJM')}. {last.upper()}"
    if form == "misread":
        return (
            f"{first.title()} {misread(last, draw)}"
            if draw.random() < 0.7
            else f"{misread(first, draw)} {last.title()}"
        )
    if form == "mistyped":
        return f"{first.title()} {mistyped(last, draw).title()}"
    if form == "nickname" and short:
        return f"{draw.choice(short).title()} {last.title()}"
    return f"{first.title()} {last.title()}"


def misread(word: str, draw: random.Random) -> str:
    """The word with one or two letters as a reading machine takes them; unchanged where none can be confused."""
    swaps = [
        ("o", "0"),
        ("l", "1"),
        ("s", "5"),
        ("b", "8"),
        ("i", "l"),
        ("m", "rn"),
        ("w", "vv"),
        ("d", "cl"),
        ("e", "c"),
        ("h", "b"),
    ]
    draw.shuffle(swaps)
    for wrong, right in [pair for pair in swaps if pair[0] in word[1:]][: draw.choice((1, 1, 2))]:
        i = word.index(wrong, 1)
        word = word[:i] + right + word[i + 1 :]
    return word.title() if word.isalpha() else word.capitalize()


def mistyped(word: str, draw: random.Random) -> str:
    """One letter left out, doubled, exchanged with the next, or another one; not the first."""
    i = draw.randint(1, len(word) - 2)
    other = draw.choice("abcdefghiklmnoprstu")
    left_out, doubled = word[:i] + word[i + 1 :], word[:i] + word[i] + word[i:]
    exchanged = word[:i] + word[i + 1] + word[i] + word[i + 2 :]
    return draw.choice((left_out, doubled, exchanged, word[:i] + other + word[i + 1 :]))


def _put(text: str, words: str, draw: random.Random) -> str:
    parts = text.split(" ")
    parts.insert(draw.randint(0, len(parts)), words)
    return " ".join(parts)
