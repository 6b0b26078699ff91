"""The vocabulary of the texts, and which of its words may mean the word that somebody typed, and why.

What is offered depends on the words of the texts alone. Whether a word stands in a text that the reader may see is
asked later, by whoever looks it up; a word without such a text is never shown.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from thaw.data.search import given_names, ordinary_words

from .automaton import Automaton
from .stems import stem
from .variants import romanized, short_forms, skeleton, sound, umlauts_apart

# How much a place counts that has another form of the word; the word itself counts 1. Set by hand, in the order in
# which a reader would look: an ending changes nothing, a sound may be another name.
WEIGHTS = {
    "exact": 1.0,
    "ending": 0.9,
    "script": 0.9,
    "misread": 0.85,
    "parted": 0.8,
    "nickname": 0.7,
    "spelling": 0.6,
    "sound": 0.4,
}
WHY = {
    "exact": "as typed",
    "ending": "other ending",
    "script": "other letters or accents",
    "misread": "misread letters",
    "parted": "parted or run together",
    "nickname": "nickname",
    "spelling": "other spelling",
    "sound": "sounds alike",
    "pattern": "fits the pattern",
}
_MOST_FORMS = 60


@dataclass(frozen=True, slots=True)
class Form:
    """One word of the vocabulary, or several side by side, that may mean what was typed; `why` is a key of WHY."""

    words: tuple[str, ...]
    why: str

    @property
    def weight(self) -> float:
        """How much a place with this form counts, 0 to 1."""
        return WEIGHTS.get(self.why, 1.0)


class Lexicon:
    """The words of an index in order; `add` takes in those of new texts."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = sorted(set(words))
        self._known = set(self.words)
        self._forms: dict[tuple[str, int | None], list[Form]] = {}

    def __contains__(self, word: str) -> bool:
        return word in self._known

    def __len__(self) -> int:
        return len(self.words)

    def add(self, words: Iterable[str]) -> None:
        """Take in words; what was kept for typed words is then worked out anew."""
        new = set(words) - self._known
        if not new:
            return
        self._known |= new
        if len(new) > len(self.words) // 10:
            self.words = sorted(self._known)
        else:
            for word in new:
                insort(self.words, word)
        self._forms.clear()
        for name in ("_by_sound", "_by_skeleton", "_by_roman", "_umlauts", "_lengths"):
            self.__dict__.pop(name, None)

    def prepare(self) -> None:
        """Work out now what the first misspelt name would wait for: the words by sound and by skeleton."""
        for table in (self._by_sound, self._by_skeleton, self._by_roman, self._umlauts, self._lengths):
            len(table)

    def forms(self, word: str, edits: int | None = None) -> list[Form]:
        """Words that may mean `word`, itself first, then the likelier ones; with `edits` those that far from it too."""
        found = self._forms.get((word, edits))
        if found is None:
            if len(self._forms) > 5_000:
                self._forms.clear()
            found = self._forms[word, edits] = self._work_out(word, edits)
        return found

    def fitting(self, automaton: Automaton, start: str, most: int) -> list[str] | None:
        """Words that fit a pattern and begin with `start`; None when there are more than `most`."""
        found = []
        for word in self._beginning(start):
            if automaton(word):
                found.append(word)
                if len(found) > most:
                    return None
        return found

    def _work_out(self, word: str, edits: int | None) -> list[Form]:
        found: dict[tuple[str, ...], str] = {(word,): "exact"}

        def offer(words: Iterable[str], why: str) -> None:
            for other in words:
                found.setdefault((other,), why)

        if edits is not None:
            offer(self._near(word, edits, str), "spelling")
        offer(self._same_stem(word), "ending")
        offer(self._same_script(word), "script")
        if len(word) > 2:
            offer(self._plausible(word, self._by_skeleton.get(skeleton(word), ())), "misread")
            offer((name for name in sorted(short_forms(word)) if name in self._known), "nickname")
        if edits is None and not any(letter.isdigit() for letter in word):
            far = 0 if len(word) < 4 else 1 if len(word) < 8 else 2
            offer(self._plausible(word, self._near(skeleton(word), far, skeleton)), "spelling")
            if len(word) > 3:
                offer(self._sounding(word), "sound")
        for pair in self._parted(word):
            found.setdefault(pair, "parted")
        order = list(WEIGHTS)
        listed = sorted(found.items(), key=lambda item: order.index(item[1]))
        return [Form(words, why) for words, why in listed[:_MOST_FORMS]]

    def _same_stem(self, word: str) -> list[str]:
        root = stem(word)
        return [other for other in self._beginning(root[: max(3, len(root) - 1)]) if stem(other) == root]

    def _same_script(self, word: str) -> list[str]:
        plain = romanized(word)
        found = [other for other in self._by_roman.get(plain, ()) if other != word]
        bare = umlauts_apart(plain)
        found += [other for other in (plain, bare) if other != word and other in self._known]
        if bare == plain and len(plain) > 3:
            found += [other for other in self._umlauts.get(plain, ()) if other != word]
        return found

    def _near(self, word: str, edits: int, key: Callable[[str], str]) -> list[str]:
        """Words at most so many letters apart, letters that changed places counted once; the nearest first."""
        if edits < 1:
            return []
        names, keys = self._lengths if key is skeleton else (self.words, self.words)
        close = process.extract(word, keys, scorer=OSA.distance, score_cutoff=edits, limit=4 * _MOST_FORMS)
        return [names[place] for _, _, place in sorted(close, key=lambda one: one[1])]

    def _sounding(self, word: str) -> list[str]:
        key = sound(word)
        if not key or _is_ordinary(word):
            return []
        # A key of one consonant is shared by half the vocabulary; those must be near in letters too.
        alike = (other for other in self._by_sound.get(key, ()) if other[0] == word[0] or len(key) > 2)
        limit = len(word) // 2 if len(key) > 2 else 1
        close = (other for other in alike if OSA.distance(word, other, score_cutoff=limit) <= limit)
        return self._plausible(word, close)

    def _plausible(self, word: str, others: Iterable[str]) -> list[str]:
        """Those that are no words or given names of their own: nobody writes Marlon for Marion, or cat for car."""
        stems = stem(word)
        return [other for other in others if other != word and (not _is_word(other) or stem(other) == stems)]

    def _parted(self, word: str) -> list[tuple[str, ...]]:
        """The word in parts, as a line's end, a stray blank or the way of writing a telephone number leaves it.

        Parts that are both words of their own are no parts.
        """
        if word.isdigit() and len(word) in (7, 10):
            pieces = (word[:-7], word[-7:-4], word[-4:]) if len(word) == 10 else (word[:3], word[3:])
            return [pieces] if all(piece in self._known for piece in pieces) else []
        if len(word) < 6 or not word.isalpha() or _is_ordinary(word):
            return []
        cuts = ((word[:i], word[i:]) for i in range(2, len(word) - 1))
        return [(a, b) for a, b in cuts if a in self._known and b in self._known and not (_is_word(a) and _is_word(b))]

    def _beginning(self, start: str) -> Iterable[str]:
        i = bisect_left(self.words, start)
        while i < len(self.words) and self.words[i].startswith(start):
            yield self.words[i]
            i += 1

    @cached_property
    def _by_sound(self) -> dict[str, list[str]]:
        return _grouped(self.words, sound)

    @cached_property
    def _by_skeleton(self) -> dict[str, list[str]]:
        return _grouped(self.words, skeleton)

    @cached_property
    def _by_roman(self) -> dict[str, list[str]]:
        return _grouped((word for word in self.words if not word.isascii()), romanized)

    @cached_property
    def _umlauts(self) -> dict[str, list[str]]:
        return _grouped((w for w in self.words if "e" in w and umlauts_apart(w) != w), umlauts_apart)

    @cached_property
    def _lengths(self) -> tuple[list[str], list[str]]:
        """Words that may be misspelt names, with their skeletons: no numbers, nothing too short or endless."""
        names = [w for w in self.words if 2 < len(w) < 31 and not w.isdigit()]
        return names, [skeleton(w) for w in names]


def _grouped(words: Iterable[str], key: Callable[[str], str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for word in words:
        groups.setdefault(key(word), []).append(word)
    groups.pop("", None)
    return groups


def _is_ordinary(word: str) -> bool:
    return word in ordinary_words() and word not in given_names()


def _is_word(word: str) -> bool:
    return word in ordinary_words() or word in given_names()
