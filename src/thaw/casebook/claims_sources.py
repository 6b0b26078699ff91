"""How many independent sources stand behind a claim: copies of one release or wire report count once.

Two accounts are one source for a claim when the sentence of one stands, nearly word for word, in the other; when one
says that it has it from the other's paper, or both from the same statement; or when a third or more of the shorter
one stands in the longer one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

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
    group = {a.document: a.document for a in accounts}

    def head(document: str) -> str:
        while group[document] != document:
            document = group[document]
        return document

    for i, one in enumerate(sayings):
        for other in sayings[i + 1 :]:
            a, b = head(one.account.document), head(other.account.document)
            if a != b and one_source(one, other):
                group[b] = a
    return len({head(a.document) for a in accounts})


def one_source(one: Saying, other: Saying) -> bool:
    """Whether two sayings of different accounts come from one source."""
    if _share_of_documents(one.account.text, other.account.text) >= _DOCUMENT_SHARE:
        return True
    a, b = one.account.quote(one.sentence), other.account.quote(other.sentence)
    if _copied(a, other.account.text) or _copied(b, one.account.text):
        return True
    if _reworded(a, other.account) or _reworded(b, one.account):
        return True
    if _same_run(a, other.account.text) or _same_run(b, one.account.text):
        return True
    if _credits(a, other.account) or _credits(b, one.account):
        return True
    return bool(_STATEMENT.search(a) and _STATEMENT.search(b))


def _copied(sentence: str, text: str) -> bool:
    mine = shingles(sentence)
    if len(sentence.split()) < _LEAST_WORDS or not mine:
        return False
    return len(mine & shingles(text)) / len(mine) >= _SENTENCE_SHARE


def _same_run(sentence: str, text: str) -> bool:
    """Whether nine words in a row stand in the other document: a lead that a desk went on in its own way."""
    words = _words(sentence)
    runs = _long_runs(text)
    return any(words[i : i + _RUN] in runs for i in range(len(words) - _RUN + 1))


@cache
def _long_runs(text: str) -> frozenset[tuple[str, ...]]:
    words = _words(text)
    return frozenset(words[i : i + _RUN] for i in range(len(words) - _RUN + 1))


def _reworded(sentence: str, account: Account) -> bool:
    """Whether a sentence of the account is the same but for a word here and there, as editors change a release."""
    words = _words(sentence)
    if len(words) < _LONG:
        return False
    return any(
        len(theirs) >= _LONG and Indel.normalized_similarity(words, theirs) >= _SAME_WORDS
        for theirs in _sentence_words(account.text)
    )


@cache
def _sentence_words(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(_words(text[a:b]) for a, b in reading.sentences(text))


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W_]+", text.lower()))


@cache
def _share_of_documents(one: str, other: str) -> float:
    a, b = shingles(one), shingles(other)
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def _credits(sentence: str, account: Account) -> bool:
    """Whether a sentence names the paper of the other account as its source: "the Valley Tribune reported"."""
    head = [m.normal for m in account.mentions if m.kind == "organisation" and m.start < 200]
    words = plain(sentence)
    told = re.search(r"\b(?:report(?:ed|s)|first reported|according to|told the|said)\b", words)
    return bool(told) and any(len(plain(name).split()) > 1 and plain(name) in words for name in head)


@cache
def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """The runs of four words of a text."""
    words = re.findall(r"[^\W_]+", text.lower())
    return frozenset(tuple(words[i : i + _WORDS]) for i in range(len(words) - _WORDS + 1))
