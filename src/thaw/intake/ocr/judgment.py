"""How far a reading of a page can be trusted: mean confidence, how much like words it looks, what ink it left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ..documents.legible import is_plausible
from .engine import Seen

INK = 0.002  # share of a page that is dark, below which it is blank
_LOW = 0.70  # mean confidence, by letters
_ODD = 0.30  # share of words that are no words
_MISSED = 0.35  # share of the dark points that lie in no word's box


def confidence_of(words: Sequence[Seen]) -> float:
    """Mean confidence by letters, 0 to 1; 1 for a page without a word, which nothing speaks against."""
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters if letters else 1.0


def worth_of(words: Sequence[Seen]) -> float:
    """What a reading is worth beside another of the same page: letters, each by its confidence, doubtful ones against.

    A word of which the engine is less sure than not takes away: noise that was read as letters must not win.
    """
    return sum((word.confidence - 0.5) * len(word.text) for word in words if re.search(r"\w", word.text))


def odd_share(words: Sequence[Seen]) -> float:
    """Share of words, by letters, that look like no word, number or name: mixed signs, no vowel, odd capitals."""
    letters = sum(len(word.text) for word in words)
    odd = sum(len(word.text) for word in words if not is_plausible(word.text))
    return odd / letters if letters else 0.0


def alarm_of(words: Sequence[Seen], picture: Any, ink: float) -> str | None:
    """Why a person should look at a page before its text is relied upon, or None."""
    reasons = []
    sure = confidence_of(words)
    if sure < _LOW:
        reasons.append(f"letters were guessed (confidence {sure:.2f})")
    if odd_share(words) > _ODD:
        reasons.append("many words look like no words")
    missed = _missed_ink(words, picture)
    if words and missed > _MISSED:
        reasons.append(f"{missed:.0%} of the ink is in no word that was read")
    if not words and ink > INK:
        reasons.append("there is something on the page, and no word was read")
    return "; ".join(reasons) or None


def _missed_ink(words: Sequence[Seen], picture: Any) -> float:
    """Share of dark points, long lines and the margins left out, that lie in no word's box."""
    import numpy as np
    from PIL import Image

    share = min(1.0, 800 / max(picture.size))
    size = max(round(picture.width * share), 1), max(round(picture.height * share), 1)
    gray = np.asarray(picture.resize(size, Image.Resampling.BOX), np.float32)
    high, low = np.percentile(gray, (90, 0.5))
    dark = gray < (high + low) / 2
    height, width = dark.shape
    dark[: height // 40], dark[-(height // 40) or height :] = False, False
    dark[:, : width // 40], dark[:, -(width // 40) or width :] = False, False
    # Lines of forms and solid pictures are ink that nobody reads.
    dark[dark.mean(axis=1) > 0.4], dark[:, dark.mean(axis=0) > 0.4] = False, False
    total = int(dark.sum())
    if total < 200:
        return 0.0
    for word in words:
        left, top, right, bottom = (value * share for value in word.box)
        dark[max(int(top) - 1, 0) : int(bottom) + 2, max(int(left) - 1, 0) : int(right) + 2] = False
    return float(dark.sum()) / total
