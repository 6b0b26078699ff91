"""The packaged word lists of the reading as sets, and a scanner for lists of phrases."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from thaw.data import read_text, read_toml

_FOLDER = "reading/"


def folded(text: str) -> str:
    """Lower case without diacritics, curly apostrophes made straight: how the lists are written."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFD", text.replace("’", "'").replace("ø", "o").replace("ł", "l"))
    return "".join(c for c in plain if not unicodedata.combining(c)).lower()


@cache
def words(file: str, key: str) -> frozenset[str]:
    """The words of a list whose entries are divided by blanks."""
    listed = _entry(file, key)
    return frozenset(listed.split() if isinstance(listed, str) else listed)


@cache
def phrases(file: str, key: str) -> tuple[str, ...]:
    """The entries of a list that has one a line."""
    return tuple(line for line in _entry(file, key).splitlines() if line.strip())


@cache
def table(file: str, key: str) -> Mapping[str, Any]:
    """A table of a packaged file."""
    found: Mapping[str, Any] = _entry(file, key)
    return found


@cache
def any_of(*lists: str) -> frozenset[str]:
    """The words of several lists together, each named `file.key`; made once."""
    return frozenset().union(*(words(*name.split(".")) for name in lists))


@cache
def given_names() -> frozenset[str]:
    """Given names of either list."""
    return words("given_names", "male") | words("given_names", "female")


@cache
def no_names() -> frozenset[str]:
    """Words that are no part of a person's name."""
    return words("words", "function") | words("words", "things")


@cache
def _ordinary() -> frozenset[str]:
    return frozenset(read_text("search/ordinary_words.txt").split())


def is_ordinary(low: str) -> bool:
    """Whether a word is an ordinary one of English, so that its capital says little."""
    return low in _ordinary()


@cache
def nicknames() -> Mapping[str, frozenset[str]]:
    """The given names that a short form can stand for."""
    found: dict[str, set[str]] = {}
    for line in phrases("nicknames", "forms"):
        name, *short = line.split()
        for form in short:
            found.setdefault(form, set()).add(name)
    return {form: frozenset(names) for form, names in found.items()}


class PhraseScanner:
    """Finds the phrases of several lists in one pass over a text (Aho-Corasick); whole words, a plural too."""

    def __init__(self, lists: Mapping[str, tuple[str, ...]]) -> None:
        import ahocorasick  # type: ignore[import-not-found]

        self._machine = ahocorasick.Automaton()
        for name, entries in lists.items():
            for phrase in entries:
                for form in (phrase, _plural(phrase)):
                    self._machine.add_word(form, (len(form), name, phrase))
        self._machine.make_automaton()

    def find(self, text: str) -> Iterator[tuple[int, int, str, str]]:
        """Start, end, list and entry of each longest phrase; `text` is folded and as long as the original."""
        last = -1
        for end, (length, name, phrase) in self._machine.iter_long(text):
            start = end + 1 - length
            after = text[end + 1 : end + 2]
            before = text[start - 1 : start] if start else ""
            if start > last and not (before.isalnum() or before == "-") and not (after.isalnum() or after == "-"):
                last = end
                yield start, end + 1, name, phrase


def same_length_folded(text: str) -> str:
    """Lower case without diacritics, letter by letter, so that places in it are places in the original."""
    if text.isascii():
        return text.lower()
    return re.sub(r"[^\x00-\x7f]", lambda m: f if len(f := folded(m.group())) == 1 else "?", text).lower()


def _plural(phrase: str) -> str:
    if re.search(r"(?:s|x|ch|sh)$", phrase):
        return phrase + "es"
    if phrase.endswith("fe"):
        return phrase[:-2] + "ves"
    return phrase[:-1] + "ies" if re.search(r"[^aeiou]y$", phrase) else phrase + "s"


def _entry(file: str, key: str) -> Any:
    return read_toml(f"{_FOLDER}{file}.toml")[key]
