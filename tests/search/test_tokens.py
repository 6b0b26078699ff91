# ruff: noqa: E501 - texts that are compared stand in one piece
from __future__ import annotations

import re
import unicodedata

import apsw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaw.data.search import ordinary_words
from thaw.search.automaton import PatternFault, regex, wildcard
from thaw.search.lexicon import Lexicon
from thaw.search.stems import stem
from thaw.search.tokens import folded, placed_tokens, tokens
from thaw.search.variants import romanized, skeleton, sound, umlauts_apart


def words_of_sqlite(name, arguments, text):
    cut = apsw.Connection(":memory:").fts5_tokenizer(name, arguments)
    found = cut(text.encode(), apsw.FTS5_TOKENIZE_DOCUMENT, None, include_offsets=False, include_colocated=False)
    return [one if isinstance(one, str) else one[-1] for one in found]


def test_words_are_cut_and_folded_as_the_index_does_it_for_every_character_of_unicode_3():
    cut = apsw.Connection(":memory:").fts5_tokenizer("unicode61", ["remove_diacritics", "2"])
    odd = []
    for point in range(1, 0x110000):
        letter = chr(point)
        # The index knows the letters of Unicode 6, Python those of 14; both know those of 3.2.
        if unicodedata.ucd_3_2_0.category(letter) in ("Cn", "Cs"):
            continue
        text = f"a{letter}b"
        found = cut(text.encode(), apsw.FTS5_TOKENIZE_DOCUMENT, None, include_offsets=False, include_colocated=False)
        if [one[0] if isinstance(one, tuple) else one for one in found] != tokens(text):
            odd.append(hex(point))
    assert odd == ["0x1885", "0x1886"]  # two marks of Mongolian


@given(st.text())
def test_words_with_places_are_the_words_and_lie_where_they_say(text):
    placed = placed_tokens(text)
    assert [word for word, _, _ in placed] == tokens(text)
    assert all(tokens(text[start:end]) == [word] for word, start, end in placed)


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert folded(folded(text)) == folded(text)


def test_stems_are_those_of_the_porter_tokenizer_of_sqlite():
    chosen = sorted(ordinary_words())
    assert [stem(word) for word in chosen] == words_of_sqlite("porter", ["unicode61"], " ".join(chosen))


@given(st.text(alphabet="abeilmnorstuyz", min_size=1, max_size=12))
def test_stems_of_any_letters_are_those_of_sqlite(word):
    assert [stem(word)] == words_of_sqlite("porter", ["unicode61"], word)


atoms = st.sampled_from(["a", "b", "c", ".", "[ab]", "[^a]", "[a-c]"])
patterns = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}|{two[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{0,2}", "{1,}", "{0}"])).map(
            lambda p: f"({p[0]}){p[1]}"
        ),
    ),
    max_leaves=8,
)


@given(patterns, st.lists(st.text(alphabet="abcd", max_size=7), min_size=1, max_size=8))
def test_a_regular_expression_takes_the_words_that_pythons_takes(pattern, words):
    mine, theirs = regex(pattern), re.compile(pattern)
    assert [mine(word) for word in words] == [bool(theirs.fullmatch(word)) for word in words]


@pytest.mark.parametrize(("pattern", "yes", "no"), [
    ("7ab*", ["7ab", "7abc123"], ["7a", "x7ab"]),
    ("12??", ["1234"], ["123", "12345"]),
    ("*ill?am*", ["william", "williams"], ["wiliam"]),
])  # fmt: skip
def test_wildcards(pattern, yes, no):
    fits = wildcard(pattern)
    assert all(map(fits, yes))
    assert not any(map(fits, no))


def test_a_pattern_that_ruins_others_takes_no_time_here():
    assert not regex("(a+)+b")("a" * 5_000)


@pytest.mark.parametrize(("pattern", "place", "want"), [
    ("a{", 2, "a count such as {2} or {2,5}"), ("a{5,2}", 2, "a count from small to large, at most 50"),
    ("*a", 0, "a letter before this sign"), ("a**", 2, "one sign of repetition, not two"), ("a)", 1, "a bracket that was "
    "opened before"), ("[b-a]", 0, "letters of a range in their order"), ("a\\d", 1, "a sign such as . or * behind the "
    "backslash; for digits write [0-9]"), ("((a{50}){50}){2}", 0, "a pattern of at most 2000 steps"),
])  # fmt: skip
def test_a_pattern_that_cannot_be_read_says_where(pattern, place, want):
    with pytest.raises(PatternFault) as fault:
        regex(pattern)
    assert (fault.value.place, fault.value.want) == (place, want)


# Pairs that are commonly given as alike in sound: the first three from the Soundex page of the US National Archives, the
# others well-known variants of one name.
@pytest.mark.parametrize(("one", "other"), [
    ("ashcraft", "ashcroft"), ("gutierrez", "guttierez"), ("pfister", "pfisster"), ("schmidt", "schmitt"),
    ("phillips", "filips"), ("stephen", "steven"), ("geoffrey", "jeffrey"), ("catherine", "katherine"),
    ("reid", "read"), ("knight", "night"), ("meyer", "meier"), ("carl", "karl"), ("johnson", "jonson"),
    ("macdonald", "mcdonald"), ("clarke", "clark"),
])  # fmt: skip
def test_names_that_sound_alike_have_one_key(one, other):
    assert sound(one) == sound(other) != ""


@pytest.mark.parametrize(("one", "other"), [("smith", "jones"), ("marsh", "carter"), ("robert", "rupert")])
def test_names_that_sound_otherwise_have_two(one, other):
    assert sound(one) != sound(other)


@pytest.mark.parametrize(("written", "meant"), [
    ("h0lloway", "holloway"), ("ho11oway", "holloway"), ("hollovvay", "holloway"), ("5mith", "smith"), ("rnarsh", "marsh"),
    ("hiil", "hill"), ("b0y1e", "boyle"),
])  # fmt: skip
def test_what_a_reading_machine_confuses_is_one_skeleton(written, meant):
    assert skeleton(written) == skeleton(meant)


def test_numbers_keep_their_digits():
    assert skeleton("1058") == "1058"


@pytest.mark.parametrize(("foreign", "english"), [
    ("иванов", "ivanov"), ("щербаков", "shcherbakov"), ("παπαδόπουλος", "papadopoylos"), ("strauß", "strauss"),
    ("łukasz", "lukasz"),
])  # fmt: skip
def test_other_letters_are_written_as_in_english(foreign, english):
    assert romanized(foreign) == english


def test_mueller_is_muller():
    assert umlauts_apart("mueller") == "muller"
    assert umlauts_apart("michael") == "michal"  # both sides are treated so, so that nothing is lost
    assert umlauts_apart("queen") == "queen"


VOCABULARY = Lexicon(
    ["holloway", "h0lloway", "hollaway", "holoway", "hallway", "hollo", "way", "bob", "bobby", "robert", "marion", "marlon",
     "barn", "born", "bern", "strangled", "strangling", "strange", "muller", "иванов", "schmitt", "310", "555", "1234",
     "carter", "garter", "mc", "donald"]
)  # fmt: skip


def why(word, edits=None):
    return {" ".join(form.words): form.why for form in VOCABULARY.forms(word, edits)}


@pytest.mark.parametrize(("typed", "found"), [
    ("holloway", {"holloway": "exact", "h0lloway": "misread", "hollaway": "spelling", "holoway": "spelling",
                  "hollo way": "parted"}),
    ("robert", {"robert": "exact", "bob": "nickname", "bobby": "nickname"}),
    ("bob", {"bob": "exact", "robert": "nickname", "bobby": "nickname"}),
    ("marion", {"marion": "exact"}),
    ("barn", {"barn": "exact", "bern": "spelling"}),
    ("strangle", {"strangle": "exact", "strangled": "ending", "strangling": "ending"}),
    ("mueller", {"mueller": "exact", "muller": "script"}),
    ("ivanov", {"ivanov": "exact", "иванов": "script"}),
    ("schmidt", {"schmidt": "exact", "schmitt": "spelling"}),
    ("carter", {"carter": "exact"}),
    ("mcdonald", {"mcdonald": "exact", "mc donald": "parted"}),
    ("3105551234", {"3105551234": "exact", "310 555 1234": "parted"}),
])  # fmt: skip
def test_a_word_stands_for_its_other_forms_but_not_for_other_words(typed, found):
    assert why(typed) == found


def test_asked_for_distance_takes_every_word_that_near():
    assert set(why("barn", 1)) >= {"barn", "born", "bern"}
    assert set(why("marion", 1)) >= {"marion", "marlon"}


def test_new_words_are_offered_from_then_on():
    lexicon = Lexicon(["canal"])
    assert [form.words for form in lexicon.forms("canals")] == [("canals",), ("canal",)]
    lexicon.add(["canalled"])
    assert ("canalled",) in [form.words for form in lexicon.forms("canals")]
