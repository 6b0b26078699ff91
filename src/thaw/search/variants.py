"""How one word may be spelt: what a reader of print confuses, how a name sounds, other scripts. Rules are data."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from thaw.data.search import nicknames, spelling


@lru_cache(maxsize=500_000)
def skeleton(word: str) -> str:
    """The word with letters that readers confuse made one: h0lloway and holloway are the same then.

    A number keeps its digits.
    """
    if word.isdigit():
        return word
    letters, groups = _ocr()
    shape = word.translate(letters)
    for wrong, right in groups:
        if wrong in shape:
            shape = shape.replace(wrong, right)
    return shape


@lru_cache(maxsize=500_000)
def sound(word: str) -> str:
    """How a name sounds, in few letters: Schmidt and Schmitt are the same. Empty for digits and what is too short."""
    if len(word) < 3 or not (word.isascii() and word.isalpha()):
        return ""
    rules, vowels = _sounds()
    for pattern, heard in rules:
        word = pattern.sub(heard, word)
    key = word[:1] + "".join(letter for letter in word[1:] if letter not in vowels)
    return "".join(letter for i, letter in enumerate(key) if i == 0 or letter != key[i - 1])


@lru_cache(maxsize=200_000)
def romanized(word: str) -> str:
    """The word in letters a-z and digits, as names of other scripts are written in English."""
    return word if word.isascii() else word.translate(_roman())


@lru_cache(maxsize=100_000)
def umlauts_apart(word: str) -> str:
    """The word with ae, oe and ue as a, o and u: Mueller and Müller (muller in the index) are the same then."""
    return re.sub(r"(?<![aeq])([aou])e", r"\1", word)


def short_forms(name: str) -> frozenset[str]:
    """Names that may stand for the same person's given name, such as Bob for Robert and Robert for Bob."""
    return nicknames().get(name, frozenset())


@cache
def _ocr() -> tuple[dict[int, str], list[tuple[str, str]]]:
    rules = spelling()["ocr"]
    return str.maketrans(rules["letters"]), [(wrong, right) for wrong, right in rules["groups"]]


@cache
def _sounds() -> tuple[list[tuple[re.Pattern[str], str]], str]:
    rules = spelling()["sound"]
    return [(re.compile(pattern), heard) for pattern, heard in rules["rules"]], rules["vowels"]


@cache
def _roman() -> dict[int, str]:
    return str.maketrans(spelling()["romanization"])
