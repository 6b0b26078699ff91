"""What a word is: a run of letters and digits, in small letters, without accents. Every engine must cut texts so.

The index of SQLite is told to do the same (`unicode61 remove_diacritics 2`); a test compares the two for every
character that Unicode 3.2 knew.
"""

from __future__ import annotations

import re
import unicodedata

_ASCII_WORD = re.compile(r"[a-z0-9]+")
_LONGEST = 64
# Accents that belong to the letter before them; other marks part words, as they do in the index.
_ACCENTS = frozenset(
    "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u0309\u030a\u030b\u030c\u030f\u0311\u031b\u0323\u0324"
    "\u0325\u0326\u0327\u0328\u032d\u032e\u0330\u0331"
) | frozenset(map(chr, range(0x350, 0x360)))


class _Folding(dict[int, str]):
    """Code point -> what it is in a word: a small letter, nothing for an accent, a blank between words."""

    def __missing__(self, point: int) -> str:
        self[point] = folded = _fold(chr(point))
        return folded


def tokens(text: str) -> list[str]:
    """The words of a text in order."""
    return _ASCII_WORD.findall(text.lower()) if text.isascii() else text.translate(_FOLDING).split()


def placed_tokens(text: str) -> list[tuple[str, int, int]]:
    """The words of a text in order, each with its first character and one past its last."""
    if text.isascii():
        return [(found.group(), found.start(), found.end()) for found in _ASCII_WORD.finditer(text.lower())]
    found: list[tuple[str, int, int]] = []
    word, start = "", 0
    for i, letter in enumerate(text):
        piece = _FOLDING[ord(letter)]
        if piece == " ":
            if word:
                found.append((word, start, i))
            word = ""
        else:
            start = start if word or not piece else i
            word += piece
    return [*found, (word, start, len(text))] if word else found


def folded(text: str) -> str:
    """The text as the index sees it: small letters, no accents, everything else a blank."""
    return text.translate(_FOLDING)


def searchable(word: str) -> bool:
    """Whether the vocabulary lists a word; what is longer is noise of a reader and is found only as it stands."""
    return len(word) <= _LONGEST


def _fold(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind == "Mn":
        return "" if letter in _ACCENTS else " "
    if kind[0] not in "LN" and kind != "Co":
        return " "
    small = letter.casefold()
    small = small if len(small) == 1 else letter.lower()[:1]
    if small == "\u01e1":  # the index keeps both its accents
        return small
    base = unicodedata.normalize("NFD", small)
    return base[0] if len(base) > 1 and base[0].isascii() and base[0].isalpha() else small


_FOLDING = _Folding()
