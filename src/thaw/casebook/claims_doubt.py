"""Whether a sentence says that an event did not happen, may have, or was only told by somebody's rumor."""

from __future__ import annotations

import re

from .claims_cues import Cue

_NOT = re.compile(
    r"\b(?:not|never|no|without|nobody|neither|nor)\s+(?:yet\s+|ever\s+|been\s+|being\s+|be\s+|immediately\s+|\w+ly\s+){0,3}$|n['’]t\s+(?:\w+\s+){0,2}$",
    re.I,
)
_UNTIL = re.compile(r"\b(?:until|till|before)\s+(?:\w+\s+){0,4}$", re.I)
_ONLY = re.compile(r"\bnot\s+only\s", re.I)
_DOUBT = re.compile(
    r"\b(?:whether|if|unless|rumou?r(?:s|ed)?|hoax|falsely|mistakenly|incorrectly|wrongly|erroneously|denied\s+that|denies\s+that|"
    r"almost|nearly|(?:might|may|could|would|should)\s+(?:not\s+)?have(?:\s+been)?|supposedly|purportedly|(?:I|we|he|she|they)\s+"
    r"(?:think|thought|guess|guessed|believe|heard)|is\s+said\s+to\s+have|were\s+said\s+to\s+have|was\s+said\s+to\s+have)\b"
    r"[^.;,]{0,80}$",
    re.I,
)
_PUT_OFF = re.compile(
    r"\b(?:was|were)\s+(?:originally\s+|first\s+)?(?:going\s+to\b[^.;]{0,30}$|to\s+(?:have\s+)?(?:\w+\s+)?$|(?:supposed|meant|scheduled|due|slated|expected|set)\s+(?:to|for)\b[^.;]{0,40}$)"
    r"|\bhad\s+been\s+(?:\w+ly\s+)?(?:set|scheduled|planned|expected|slated)\b[^.;]{0,40}$",
    re.I,
)


# "She asked that bond be set": what somebody wants has not happened.
ASKED = re.compile(
    r"\b(?:ask(?:s|ed|ing)?|request(?:s|ed|ing)?|mov(?:es|ed)|petition(?:s|ed)|urg(?:es|ed)|sought|seeks?|recommend(?:s|ed)|argu(?:es|ed))\s+"
    r"(?:(?:[\w'’.-]+\s+){0,4}that|(?:(?:the|a|Judge)\s+(?:[\w.-]+\s+){1,2})?to\s+(?:have|set|move|delay|dismiss|postpone|hold|free|release|drop|lower|raise))\b"
    r"[^.;,]{0,80}$"
)


def is_doubted(text: str, sentence: tuple[int, int], cue: Cue, day: int) -> bool:
    """Whether the words before an event's word deny or doubt it; `day` is where its date or place begins.

    "Was not arrested until Tuesday" tells of an arrest on Tuesday.
    """
    left = text[max(sentence[0], cue.start - 90) : cue.start]
    if cue.event == "disappearance":
        return False  # "has not been seen since Saturday"
    if _NOT.search(left) and not _ONLY.search(left):
        return not (cue.end <= day and _UNTIL.search(text, cue.end, day))
    return bool(_DOUBT.search(left)) or bool(ASKED.search(left))


def was_only_planned(text: str, sentence: tuple[int, int], cue: Cue, day: int) -> bool:
    """Whether a sentence looks back at a plan: "filming was to begin that spring", "had been set for Oct. 18"."""
    first = max(sentence[0], cue.start - 60)
    last = max(day, cue.start)
    return bool(_PUT_OFF.search(text[first : cue.start]) or _PUT_OFF.search(text[first:last]))
