"""Reads police paper and newspapers by rule: page text in, proposed mentions out. Nothing is learned or guessed."""

from __future__ import annotations

from .gazetteers import folded, words
from .measures import number_of
from .mention import KINDS, Mention, Reading
from .reader import read_mentions
from .roster import Roster, fuller_of, same_person
from .tense import tense_at
from .tokens import running_lines, sentences

__all__ = [
    "KINDS",
    "Mention",
    "Reading",
    "Roster",
    "folded",
    "fuller_of",
    "number_of",
    "read_mentions",
    "running_lines",
    "same_person",
    "sentences",
    "tense_at",
    "words",
]
