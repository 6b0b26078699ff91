"""A part of a search against the vocabulary: which words and rows of words meet it, and where they stand in a text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

from thaw.errors import InputError

from .automaton import Automaton, regex, wildcard
from .lexicon import WEIGHTS, Form, Lexicon
from .query import Pattern, Phrase, Regex, Word

MOST_FITTING = 2_000
_MOST_ROWS = 1_000
Token = tuple[str, int, int]


@dataclass(frozen=True)
class Bound:
    """One part of a search, bound to a vocabulary.

    typed   the part as typed
    forms   words and rows of words that meet it, the likeliest first
    within  for words that only have to be near each other
    start   a beginning that every fitting word has, when all words with it fit
    """

    typed: str
    forms: tuple[Form, ...]
    within: int | None = None
    start: str | None = None
    fits: Callable[[str], bool] | None = None
    _by_first: dict[str, list[Form]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for form in self.forms:
            self._by_first.setdefault(form.words[0], []).append(form)

    def starts(self, words: Sequence[str]) -> list[int]:
        """Places of a text where this part may begin, quickly: of rows only the first word is looked at."""
        first = self._by_first
        if self.fits is not None:
            return [i for i, word in enumerate(words) if self.fits(word)]
        return [i for i, word in enumerate(words) if word in first]

    def found_in(self, tokens: Sequence[Token]) -> Iterator[tuple[int, int, str]]:
        """First token, one past the last, and why, of every place of a text that meets this part."""
        if self.within is not None:
            wanted = {word for form in self.forms for word in form.words}
            yield from ((i, i + 1, "exact") for i, (word, _, _) in enumerate(tokens) if word in wanted)
            return
        for i, (word, _, _) in enumerate(tokens):
            if self.fits is not None and self.fits(word):
                yield i, i + 1, "pattern"
                continue
            for form in self._by_first.get(word, ()):
                end = i + len(form.words)
                if end - i == 1 or tuple(token[0] for token in tokens[i:end]) == form.words:
                    yield i, end, form.why
                    break


def bind(part: Word | Pattern | Regex | Phrase, lexicon: Lexicon) -> Bound:
    """Bind a part of a search. Raises InputError for a pattern that too many words fit."""
    match part:
        case Word(text=text, exact=exact, edits=edits):
            forms = [Form((text,), "exact")] if exact else lexicon.forms(text, edits)
            return Bound(str(part), tuple(forms))
        case Pattern(text=text):
            start = _plain_start(text)
            if text == start + "*" and start:
                return Bound(text, (), start=start, fits=lambda word: word.startswith(start))
            return _fitting(part, wildcard(text), start, lexicon)
        case Regex(text=text):
            return _fitting(part, regex(text), "", lexicon)
    return _bind_phrase(part, lexicon)


def bind_as_typed(part: Word | Pattern | Regex | Phrase) -> Bound:
    """Bind a word or phrase that is taken as it stands."""
    words = part.parts if isinstance(part, Phrase) else (part,)
    within = part.within if isinstance(part, Phrase) else None
    return Bound(str(part), (Form(tuple(word.text for word in words), "exact"),), within)


def _fitting(part: Pattern | Regex, automaton: Automaton, start: str, lexicon: Lexicon) -> Bound:
    found = lexicon.fitting(automaton, start, MOST_FITTING)
    if found is None:
        raise _too_many(part, MOST_FITTING)
    return Bound(str(part), tuple(Form((word,), "pattern") for word in found))


def _bind_phrase(phrase: Phrase, lexicon: Lexicon) -> Bound:
    choices, count = [], 1
    for part in phrase.parts:
        words = [part.text] if isinstance(part, Word) else _choices(part, lexicon)
        count *= len(words)
        if count > _MOST_ROWS:
            raise _too_many(part, _MOST_ROWS)
        choices.append(words)
    forms = [Form(row, "exact") for row in product(*choices)]
    if phrase.joined:
        text = "".join(part.text for part in phrase.parts)
        if all(isinstance(part, Word) for part in phrase.parts):
            forms += [Form(f.words, f.why if f.why != "exact" else "parted") for f in lexicon.forms(text)]
        else:
            forms += [Form((word,), "parted") for word in _choices(Pattern(text, phrase.at), lexicon)]
    forms.sort(key=lambda form: -form.weight)
    return Bound(str(phrase), tuple(dict.fromkeys(forms)), phrase.within)


def _choices(part: Pattern, lexicon: Lexicon) -> list[str]:
    found = lexicon.fitting(wildcard(part.text), _plain_start(part.text), _MOST_ROWS)
    if found is None:
        raise _too_many(part, _MOST_ROWS)
    return found


def _plain_start(pattern: str) -> str:
    return pattern[: min(i for i in (pattern.find("*"), pattern.find("?")) if i >= 0)]


def _too_many(part: Word | Pattern | Regex, most: int) -> InputError:
    return InputError(
        where=f"search, character {part.at + 1}",
        got=f"{part}, which more than {most:,} different words fit",
        want="a narrower pattern",
        fix="Type more letters or digits of it.",
    )


def weight_of(why: str) -> float:
    """How much a place counts that was found for this reason."""
    return WEIGHTS.get(why, 1.0)
