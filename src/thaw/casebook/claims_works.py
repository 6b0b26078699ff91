"""Which work an account is about, and of which season a sentence speaks."""

from __future__ import annotations

import re

from thaw.intake import Mention

from .claims_account import Account, plain

# Another work that a sentence only leans on: "a spinoff of", "best known for", "guest-starred on".
_LEANS_ON = re.compile(
    r"\b(?:(?:spin-?off|prequel|sequel|follow-?up|companion|successor|remake|revival|adaptation)\s+(?:of|to)|"
    r"(?:known|famous|remembered|nominated|honored|won)\s+(?:\w+\s+){0,4}(?:for|on|as)|"
    r"(?:alum|veteran)s?\s+of|credits\s+(?:\w+\s+){0,3}(?:include|are)|on|from|like|"
    r"than)\s+"
    r"(?:(?:its|his|her|their|the|a|an|last|hit|new|[\w-]+ing)\s+){0,4}(?:(?:[\w-]+\s+)?(?:drama|series|show|film|movie|play|"
    r"novel|hit|comedy)\s+)?[\"“'‘]?$",
    re.IGNORECASE,
)
_HEAD_LETTERS = 400
_LEAN = 0.25  # what a mention counts that only leans on another work
_SEASON = re.compile(
    r"\b(?:(?P<nth>second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|final|new)\s+season|season\s+"
    r"(?P<n>two|three|four|five|six|seven|eight|nine|ten|[2-9]|1\d))\b",
    re.IGNORECASE,
)
_NUMBERS = {
    word: i
    for i, words in enumerate(
        ("two second", "three third", "four fourth", "five fifth", "six sixth", "seven seventh", "eight eighth",
         "nine ninth", "ten tenth"), start=2
    )
    for word in words.split()
}  # fmt: skip


def main_work(account: Account, *, sure: bool = False) -> str | None:
    """The title that the account is about: named most, and first; mentions that lean on another work count little.

    sure  None when two works weigh the same
    """
    weights: dict[str, float] = {}
    for m in account.titles:
        name = plain(m.normal)
        weights[name] = weights.get(name, 0.0) + (
            _LEAN if leans(account, m) else 2.0 if m.start < _HEAD_LETTERS else 1.0
        )
    ranked = sorted(weights, key=lambda name: -weights[name])
    if not ranked or (sure and len(ranked) > 1 and weights[ranked[0]] == weights[ranked[1]]):
        return None
    best = ranked[0]
    forms = [m.normal for m in account.titles if plain(m.normal) == best]
    return max(forms, key=len)


_SAME_WORDS = 30  # letters between a season and the verb that is its own


def season_of(account: Account, sentence: tuple[int, int], start: int, end: int) -> str | None:
    """ "season 2" where the words beside an event's word speak of a later season, or the sentence before "It" does.

    start, end  the place of the event's word
    """
    text = account.text[slice(*sentence)]
    near = (
        m for m in _SEASON.finditer(account.text, *sentence) if max(start - m.end(), m.start() - end) <= _SAME_WORDS
    )
    found = next(near, None)
    if found is None and re.match(r"\W*(?:It|That|The (?:new )?(?:season|episodes))\b", text):
        found = _SEASON.search(account.text[slice(*account.sentence_of(max(sentence[0] - 2, 0)))])
    if found is None:
        return None
    word = (found["nth"] or found["n"]).lower()
    return f"season {_NUMBERS.get(word, word)}"


def split_season(entity: str) -> tuple[str, str]:
    """A work and its season, "" for a work as a whole: "delacour season 2"."""
    found = re.fullmatch(r"(?P<work>.*?)\s*(?P<season>season (?:\d+|final|new))", entity)
    return (found["work"], found["season"]) if found else (entity, "")


def leans(account: Account, m: Mention) -> bool:
    """Whether a title is only leant on where it stands: "a spinoff of Harbor Watch"."""
    return bool(_LEANS_ON.search(account.text[max(0, m.start - 90) : m.start]))
