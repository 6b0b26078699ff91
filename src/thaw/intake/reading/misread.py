"""Figures that a machine misread as letters: "8-l9-74", "555-O1l4", "2l30 hrs"."""

from __future__ import annotations

import re

# A figure beside such a letter, a mark between them or none: what every word of both has somewhere.
_SIGN = re.compile(r"\d[/:.,-]?[OoIl|]|[OoIl|][/:.,-]?\d")
# A word of figures, their marks and letters that look like figures, one true figure in it, and perhaps "st", "th".
_WORD = re.compile(
    r"(?<![^\W\d_OoIl])(?<![.,:/'-])[\dOoIl|](?:[\dOoIl|]|[/:.,-](?=[\dOoIl|]))*(?=(?:st|nd|rd|th)?(?!\w))"
)
_LETTERS = str.maketrans("OoIl|", "00111")


def figures_repaired(text: str) -> str:
    """The text with O, o, I, l and | read as figures inside words that are figures but for them; places stay the same.

    A word needs a true figure ("ll:45" has one, "Ill" has none), and as many figures as such letters or a mark between.
    """
    if not _SIGN.search(text):
        return text
    return _WORD.sub(lambda m: m.group().translate(_LETTERS) if _is_figures(m.group()) else m.group(), text)


def _is_figures(word: str) -> bool:
    figures = sum(c.isdigit() for c in word)
    letters = sum(c in "OoIl|" for c in word)
    if not letters or not figures:
        return False
    return figures >= letters or bool(re.search(r"[/:.-]", word))
