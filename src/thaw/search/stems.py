"""Takes endings off English words, so that "strangled" finds "strangling": the algorithm of Porter (1980).

M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980, with the two changes of his later reference
program (bli -> ble, logi -> log). The test compares it with the stems that SQLite's own porter tokenizer gives.
"""

from __future__ import annotations

import re
from functools import lru_cache

_STEP2 = (
    ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("logi", "log"),
    ("bli", "ble"), ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"),
    ("ation", "ate"), ("ator", "ate"), ("alism", "al"), ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"),
    ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"),
)  # fmt: skip
_STEP3 = (
    ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", ""),
)  # fmt: skip
_STEP4 = re.compile(r"(ement|ance|ence|able|ible|ment|ant|ent|ism|ate|iti|ous|ive|ize|al|er|ic|ou|(?<=[st])ion)$")
_MEASURE = re.compile(r"v+c+")


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The stem of a word in small letters; words of one or two letters and those with other letters stay."""
    if len(word) <= 2 or not (word.isascii() and word.isalpha()):
        return word
    word = _step1(word)
    for suffixes in (_STEP2, _STEP3):
        for suffix, short in suffixes:
            if word.endswith(suffix):
                head = word[: -len(suffix)]
                word = head + short if _measure(head) > 0 else word
                break
    found = _STEP4.search(word)
    if found and _measure(word[: found.start()]) > 1:
        word = word[: found.start()]
    if word.endswith("e"):
        head = word[:-1]
        if _measure(head) > 1 or (_measure(head) == 1 and not _short_end(head)):
            word = head
    return word[:-1] if word.endswith("ll") and _measure(word) > 1 else word


def _step1(word: str) -> str:
    if (word.endswith("sses") and len(word) > 4) or (word.endswith("ies") and len(word) > 3):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    if word.endswith("eed"):
        word = word[:-1] if _measure(word[:-3]) > 0 else word
    else:
        for suffix in ("ed", "ing"):
            head = word[: -len(suffix)]
            if word.endswith(suffix) and "v" in _shape(head):
                word = _mended(head)
                break
    return word[:-1] + "i" if word.endswith("y") and "v" in _shape(word[:-1]) else word


def _mended(head: str) -> str:
    """What is left when -ed or -ing went: hop(p), fil(e), siz(e)."""
    if head.endswith(("at", "bl", "iz")):
        return head + "e"
    if len(head) > 1 and head[-1] == head[-2] and _shape(head)[-1] == "c" and head[-1] not in "lsz":
        return head[:-1]
    return head + "e" if _measure(head) == 1 and _short_end(head) else head


def _shape(word: str) -> str:
    """The word as vowels (v) and consonants (c); y is a vowel behind a consonant."""
    shape = ""
    for letter in word:
        vowel = letter in "aeiou" or (letter == "y" and shape[-1:] == "c")
        shape += "v" if vowel else "c"
    return shape


def _measure(word: str) -> int:
    return len(_MEASURE.findall(_shape(word)))


def _short_end(word: str) -> bool:
    return _shape(word).endswith("cvc") and word[-1] not in "wxy"
