"""How many independent sources stand behind a claim: copies of one release or wire report count once.

Two accounts are one source for a claim when the sentence of one stands, nearly word for word, in the other; when one
says that it has it from the other's paper, or both from the same statement; or when a third or more of the shorter
one stands in the longer one. An account that shows that it had a news release, by its words or by naming a statement of
those who gave it, has from it what the release says too, unless its sentence names another who said it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import combinations
from weakref import WeakKeyDictionary

from rapidfuzz.distance import Indel

from thaw.intake import reading

from .claims_account import Account, Saying, plain

_WORDS = 4
_SENTENCE_SHARE = 0.6
_DOCUMENT_SHARE = 0.33
_LEAST_WORDS = 6
_LONG = 10  # words, from which two sentences that share most of them in one order are one sentence
_RUN = 9  # words in a row that two writers do not choose by chance
_SAME_WORDS = 0.80
_STATEMENT = re.compile(
    (
        r"\b(?:in|according to) (?:a|the|its|his|her) (?:\w+ )?(?:statement|news release|press release|"
        r"release|announcement|news conference|press conference)\b"
    ),
    re.I,
)


def independent_sources(sayings: Sequence[Saying]) -> int:
    """The number of independent sources among the accounts of some sayings of one claim."""
    accounts = list({s.account.document: s.account for s in sayings}.values())
    said = {a.document: list(dict.fromkeys(_quoted(s) for s in sayings if s.account is a)) for a in accounts}
    group = {a.document: a.document for a in accounts}

    def head(document: str) -> str:
        while group[document] != document:
            document = group[document]
        return document

    for one, other in combinations(accounts, 2):
        a, b = head(one.document), head(other.document)
        if a != b and _one_source(one, said[one.document], other, said[other.document]):
            group[b] = a
    return len({head(a.document) for a in accounts})


def one_source(one: Saying, other: Saying) -> bool:
    """Whether two sayings of different accounts come from one source."""
    return _one_source(one.account, [_quoted(one)], other.account, [_quoted(other)])


def _quoted(saying: Saying) -> str:
    return saying.account.quote(saying.sentence)


def _one_source(one: Account, mine: Sequence[str], other: Account, theirs: Sequence[str]) -> bool:
    if _paper(one).share_with(other) >= _DOCUMENT_SHARE:
        return True
    if any(_paper(other).gave(sentence) for sentence in mine) or any(_paper(one).gave(s) for s in theirs):
        return True
    if _paper(other).had(_paper(one)) and not all(map(_of_another, theirs)):
        return True
    if _paper(one).had(_paper(other)) and not all(map(_of_another, mine)):
        return True
    return any(map(_STATEMENT.search, mine)) and any(map(_STATEMENT.search, theirs))


_SAID = re.compile(r"\b(?:said|says|told|recalled|testified|remembers?)\b", re.I)
_OFFICIAL = re.compile(
    r"\b(?:police|sheriff['’]?s?|statement|release|department|authorities|officials|officers|detectives|prosecutors|"
    r"spokes\w+|chief|investigators)\b",
    re.I,
)


def _of_another(sentence: str) -> bool:
    """Whether a sentence names a speaker who is not of those who give releases out."""
    return bool(_SAID.search(sentence)) and not _OFFICIAL.search(sentence)


class _Paper:
    """The words of one account as they are compared; what was found stays with it, since many claims ask the same."""

    def __init__(self, account: Account) -> None:
        self._text, self._mentions, self._date = account.text, account.mentions, account.date
        self._had: dict[int, bool] = {}
        self._gave: dict[str, bool] = {}
        self._shares: dict[str, float] = {}

    @cached_property
    def shingles(self) -> frozenset[int]:
        return _runs(_words(self._text), _WORDS)

    @cached_property
    def _long_runs(self) -> frozenset[int]:
        return _runs(_words(self._text), _RUN)

    @cached_property
    def _sentences(self) -> list[tuple[str, ...]]:
        words = (_words(self._text[a:b]) for a, b in reading.sentences(self._text))
        return [one for one in words if len(one) >= _LONG]

    @cached_property
    def _head(self) -> list[str]:
        """Names of organisations at its head, of more than one word."""
        names = (plain(m.normal) for m in self._mentions if m.kind == "organisation" and m.start < 200)
        return [name for name in names if len(name.split()) > 1]

    @cached_property
    def is_release(self) -> bool:
        """Whether its head calls it a news release."""
        return bool(_RELEASE.search(self._text[:_HEAD_LETTERS]))

    @cached_property
    def _names(self) -> frozenset[str]:
        """Words with capitals of those who gave a release out: "TUCKAHAW POLICE DEPARTMENT"."""
        head = re.findall(r"\b[A-Z][^\W\d_]{3,}\b", self._text[:_HEAD_LETTERS])
        return frozenset(word.lower() for word in head) - _FORM_WORDS

    def had(self, release: _Paper) -> bool:
        """Whether this account, which is none itself, shows that its writer had that release."""
        if not release.is_release or self.is_release or not self._close_to(release):
            return False
        if id(release) not in self._had:
            self._had[id(release)] = not self._long_runs.isdisjoint(release._long_runs) or any(
                release._names & set(_words(self._text[max(m.start() - 80, 0) : m.end() + 60]))
                for m in _A_STATEMENT.finditer(self._text)
            )
        return self._had[id(release)]

    def _close_to(self, other: _Paper) -> bool:
        """Written within ten days of each other, as far as both tell."""
        one, two = self._date, other._date
        return one is None or two is None or abs((one.first - two.first).days) <= _WHILE_NEW

    def share_with(self, other: Account) -> float:
        """The share of the shorter one's runs of words that the longer one has as well."""
        if other.document not in self._shares:
            a, b = self.shingles, _paper(other).shingles
            self._shares[other.document] = len(a & b) / min(len(a), len(b)) if a and b else 0.0
        return self._shares[other.document]

    def gave(self, sentence: str) -> bool:
        """Whether another account's sentence was taken from this one, or says that it was."""
        if sentence not in self._gave:
            self._gave[sentence] = self._holds(sentence) or self._is_credited(sentence)
        return self._gave[sentence]

    def _holds(self, sentence: str) -> bool:
        words = _words(sentence)
        mine = _runs(words, _WORDS)
        if len(sentence.split()) >= _LEAST_WORDS and mine and len(mine & self.shingles) / len(mine) >= _SENTENCE_SHARE:
            return True
        # Nine words in a row: a lead that a desk went on in its own way.
        if not _runs(words, _RUN).isdisjoint(self._long_runs):
            return True
        # The same but for a word here and there, as editors change a release.
        return len(words) >= _LONG and any(
            Indel.normalized_similarity(words, theirs, score_cutoff=_SAME_WORDS) > 0 for theirs in self._sentences
        )

    def _is_credited(self, sentence: str) -> bool:
        """Whether a sentence names this paper as its source: "the Valley Tribune reported"."""
        words = plain(sentence)
        return bool(_CREDIT.search(words)) and any(name in words for name in self._head)


_HEAD_LETTERS = 400
_WHILE_NEW = 10  # days
_RELEASE = re.compile(r"\b(?:(?:news|press|media)\s+(?:release|advisory|statement)|for\s+immediate\s+release)\b", re.I)
_A_STATEMENT = re.compile(r"\b(?:statement|news release|press release)\b", re.I)
_FORM_WORDS = frozenset(
    ["news", "release", "immediate", "press", "media", "date", "contact", "case", "phone", "public"]  # of every head
)
_CREDIT = re.compile(r"\b(?:report(?:ed|s)|first reported|according to|told the|said)\b")
_papers: WeakKeyDictionary[Account, _Paper] = WeakKeyDictionary()


def _paper(account: Account) -> _Paper:
    """The same for the same account as long as that is held."""
    found = _papers.get(account)
    if found is None:
        found = _papers[account] = _Paper(account)
    return found


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W_]+", text.lower()))


def _runs(words: tuple[str, ...], length: int) -> frozenset[int]:
    """The runs of so many words, each by its hash: of long papers there are hundreds of thousands."""
    return frozenset(hash(words[i : i + length]) for i in range(len(words) - length + 1))
