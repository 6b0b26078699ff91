from __future__ import annotations

import json
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from record.test_values import VALUES
from thaw.errors import InputError
from thaw.record import Citation, PerSaying, Said, Source, Statement, Text, pack_said, unpack_said

SAID = st.builds(
    Said,
    st.text(min_size=1),
    st.none() | VALUES,
    st.none() | st.text(),
    st.sampled_from(["asserted", "denied", "unknown"]),
)
BOXES = st.none() | st.tuples(*[st.floats(0, 800)] * 4)
CITATIONS = st.builds(
    Citation,
    document=st.none() | st.text(),
    data_set=st.none() | st.text(),
    row=st.none() | st.integers(1),
    page=st.none() | st.integers(1),
    box=BOXES,
    quote=st.none() | st.text(),
)


@given(SAID)
def test_what_is_said_comes_back_from_its_packed_text(said):
    assert unpack_said(json.loads(json.dumps(pack_said(said)))) == said


def test_defaults_are_left_out_of_the_packed_form():
    assert pack_said(Said("narrative", Text("x"))) == {"p": "narrative", "v": {"text": "x"}}
    assert pack_said(Said("bound", None, "no rope", "denied")) == {"p": "bound", "w": "no rope", "n": "denied"}


@given(st.builds(Source, CITATIONS, *[st.none() | st.text()] * 3))
def test_a_source_comes_back_from_its_json_text(source):
    assert Source.from_json(json.loads(json.dumps(source.to_json()))) == source


def test_a_citation_holds_only_what_is_known():
    assert Citation(page=3).to_json() == {"page": 3}


def test_another_polarity_is_refused():
    with pytest.raises(InputError) as error:
        Said("bound", None, None, "maybe")
    assert (
        str(error.value) == "polarity of bound: got 'maybe', want one of asserted, denied, unknown. Use one of these."
    )


def test_another_status_is_refused():
    with pytest.raises(InputError) as error:
        Statement("c_1", Said("bound", None), Source(Citation()), 1, 0, status="true")
    assert str(error.value) == (
        "status of bound: got 'true', want one of proposed, confirmed, disputed, withdrawn. Use one of these."
    )


def test_a_result_is_kept_for_the_same_object_and_made_anew_for_an_equal_one():
    calls = []
    seen = PerSaying(lambda packed: calls.append(packed["p"]) or len(calls))
    one = {"p": "weapon"}
    assert [seen(one), seen(one), seen(dict(one))] == [1, 1, 2]


def test_an_object_that_was_thrown_away_is_never_mistaken_for_a_new_one():
    spoken = PerSaying(lambda packed: packed["p"])
    # CPython gives the freed place to the next dict at once; a cache by bare identity would answer "0" for ever.
    assert [spoken({"p": str(i)}) for i in range(2000)] == [str(i) for i in range(2000)]


def test_the_kept_results_do_not_grow_without_end(monkeypatch):
    monkeypatch.setattr("thaw.record.statement._KEPT", 3)
    calls = []
    seen = PerSaying(lambda packed: calls.append(1) or "known")
    sayings = [{"p": str(i)} for i in range(5)]
    for packed in sayings:
        seen(packed)
    seen(sayings[4])
    assert len(calls) == 5  # the newest is kept
    seen(sayings[0])
    assert len(calls) == 6  # the oldest was given up


def test_what_is_forgotten_is_asked_for_again():
    calls = []
    seen = PerSaying(lambda packed: calls.append(1) or "known")
    saying = {"p": "sex"}
    assert [seen(saying), seen(saying)] == ["known"] * 2
    assert len(calls) == 1
    PerSaying.forget()
    assert seen(saying) == "known"
    assert len(calls) == 2


def test_the_results_for_several_sayings_are_those_for_each():
    seen = PerSaying(lambda packed: packed["p"])
    sayings = [{"p": str(i)} for i in range(4)]
    assert seen.each([*sayings, *sayings]) == ["0", "1", "2", "3"] * 2
    assert seen.each([]) == []


def test_threads_that_ask_and_forget_at_once_get_the_result_of_their_own_saying():
    seen = PerSaying(lambda packed: packed["p"])
    ended = threading.Event()
    wrong = []

    def ask(who):
        for i in range(20_000):
            sayings = [{"p": f"{who}-{i}-{j}"} for j in range(3)]
            wrong.extend(1 for said, got in zip(sayings, seen.each(sayings), strict=True) if said["p"] != got)

    def forget():
        while not ended.is_set():
            PerSaying.forget()

    threads = [threading.Thread(target=ask, args=(who,)) for who in "ab"]
    forgetter = threading.Thread(target=forget)
    forgetter.start()
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    ended.set()
    forgetter.join()
    assert wrong == []
