"""Whether letters look like words at all: mixed signs, no vowel, odd capitals, and letters that no alphabet has."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_SAMPLE = 300  # words of a page that are looked at
_LEAST = 40  # letters, below which nothing is said
_ODD = 0.5  # share of letters in words that are none, above which a text layer is taken for garbage


def is_plausible(text: str) -> bool:
    """Whether a word looks like a word, a number, a code, an address or a name of Latin letters."""
    bare = text.strip(".,;:!?()[]{}\"'“”‘’-–—*/&$#%")
    if not bare:
        return len(text) <= 3
    if re.fullmatch(r"[\d.,:/#$%-]+[A-Za-z]{0,2}|[A-Za-z]{0,3}[\d.,:/-]+", bare):
        return True
    if re.fullmatch(r"[A-Za-zÀ-ÿ]+(?:['’.&/-][A-Za-zÀ-ÿ]+)*", bare):
        return all(map(_is_word, re.split("['’.&/-]", bare)))
    return bool(re.fullmatch(r"[A-Z0-9]+(?:-[A-Z0-9]+)*|\w+@[\w.]+|https?:\S+", bare))


def is_garbage(words: Iterable[str]) -> bool:
    """Whether the words of a page look like none, so that its picture must be read whatever its text layer says.

    Words of other alphabets pass; letters of private use and replaced ones do not. Short texts are never garbage.
    """
    letters = odd = 0
    for number, word in enumerate(words):
        if number >= _SAMPLE:
            break
        letters += len(word)
        odd += len(word) if _is_odd(word) else 0
    return letters >= _LEAST and odd > _ODD * letters


@lru_cache(maxsize=1 << 15)  # words come again and again
def _is_odd(word: str) -> bool:
    if word.isascii():
        return not is_plausible(word)
    if any("\ue000" <= letter <= "\uf8ff" or letter == "\ufffd" for letter in word):
        return True
    return not any(map(str.isalnum, word)) and len(word) > 3


def _is_word(letters: str) -> bool:
    if len(letters) <= 2 or (letters.isupper() and len(letters) <= 5):
        return True
    inner = re.sub(r"^Mc|^Mac|^De|^La", "", letters)[1:]
    return bool(re.search("[aeiouyAEIOUYà-ÿ]", letters)) and (inner.islower() or letters.isupper())
