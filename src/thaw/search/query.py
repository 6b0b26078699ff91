"""Reads a search as a person types it: words, and phrases between quotes; all of them must be found."""

from __future__ import annotations

import re
from dataclasses import dataclass

from thaw.errors import InputError

_CURLY = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_MAX_LENGTH = 2_000


@dataclass(frozen=True, slots=True)
class Query:
    """A search that was understood: its parts in order, each a word or a phrase of letters and digits."""

    parts: tuple[str, ...]

    def fts(self) -> str:
        """The same in the language of the index; every part is quoted, so that no part can be an operator."""
        return " AND ".join(f'"{part}"' for part in self.parts)

    def in_words(self) -> str:
        """How the search was understood, for the reader to check."""
        shown = [f'the phrase "{part}"' if " " in part else f'the word "{part}"' for part in self.parts]
        return "texts with " + " and ".join(shown)


def parse_query(text: str) -> Query:
    """The parts of a search.

    Raises InputError for a search without any letter or digit, an open quote (naming the place), or over 2,000
    characters.
    """
    plain = text.translate(_CURLY)
    if len(plain) > _MAX_LENGTH:
        raise _bad(f"{len(plain)} characters", f"at most {_MAX_LENGTH}", "Search for fewer words.")
    if plain.count('"') % 2:
        place = plain.rindex('"') + 1
        raise _bad(f"a quote at character {place} that is not closed", "quotes in pairs", "Close the quote.")
    parts: list[str] = []
    for i, piece in enumerate(plain.split('"')):
        words = re.findall(r"\w+", piece)
        parts += [" ".join(words)] if i % 2 and words else words
    if not parts:
        raise _bad(repr(text), "at least one word", "Type a word, or a phrase between quotes.")
    return Query(tuple(parts))


def _bad(got: str, want: str, fix: str) -> InputError:
    return InputError(where="search", got=got, want=want, fix=fix)
