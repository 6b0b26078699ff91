from __future__ import annotations

from itertools import permutations

import pytest

from builders import WOMAN, add_document, look, missing, new_book, not_same, row, same, statement, ticking
from thaw.casebook import (
    co_victims,
    find_case,
    list_cases,
    list_documents,
    no_such_case,
    read_case,
    same_as,
)
from thaw.casebook.cases import count_cases
from thaw.errors import InputError
from thaw.store import Draft, Where


def listed(view):
    return [found["case_id"] for found in list_cases(view, [])]


def three(store, *links):
    store.append(*[row(case, {"date": f"198{n}", "narrative": case}) for n, case in enumerate(("a", "b", "c"))])
    store.append(*[same(one, other) for one, other in links])


def test_a_case_is_found_by_its_id_and_by_its_source_key(tmp_path):
    with new_book(tmp_path / "b") as store:
        store.append(row("c_1"), row("c_2"))
        seen = look(store)
        assert find_case(seen, "c_2") == find_case(seen, "invented:c_2") == "c_2"
        assert find_case(seen, "c_9") is find_case(seen, "invented:c_9") is find_case(seen, "") is None


def test_a_hidden_case_and_one_that_is_not_there_get_the_same_answer(tmp_path):
    with new_book(tmp_path / "b") as store:
        store.append(row("c_1"), row("c_secret"))
        seen = look(store, hidden=["c_secret"])
        assert find_case(seen, "c_secret") is find_case(seen, "invented:c_secret") is None
        answers = []
        for case in ("c_secret", "c_absent"):
            with pytest.raises(InputError) as error:
                read_case(seen, case)
            answers.append(str(error.value).replace(case, "X"))
        assert (
            answers[0]
            == answers[1]
            == (
                "case: got 'X', want the id or source key of a case in this book. "
                "List cases with `thaw cases`, or look for words with `thaw search`."
            )
        )
        assert same_as(seen, "c_secret") == same_as(seen, "c_absent") == []
        assert str(no_such_case("x")).startswith("case: got 'x'")


def test_a_list_shows_a_case_as_the_command_line_promises(tmp_path):
    with new_book(tmp_path / "b") as store:
        store.append(row("c_1", {**WOMAN, "status": "open", "invented": "yes"}, row=7), row("c_2", {}))
        nothing, found = list_cases(look(store), [])  # undated cases come first
        assert found == {
            "case_id": "c_1",
            "source_key": "invented:c_1",
            "source_row": 7,
            "title": "Woman, 24, strangulation: Invented County, UT, July 1984",
            "status": "open",
            "invented": "yes",
            "date": {"from": "1984-07-01", "to": "1984-07-31", "precision": "month"},
            "place": {"name": "Invented County, UT", "state": "UT", "county_fips": "49035"},
        }
        assert (nothing["date"], nothing["place"], nothing["status"]) == (None, None, None)


def test_lists_are_oldest_first_and_can_be_cut(tmp_path):
    with new_book(tmp_path / "b") as store:
        store.append(row("c_1", {"date": "1990"}), row("c_2", {"date": "1980"}), row("c_3", {"date": "1990"}))
        assert listed(look(store)) == ["c_2", "c_1", "c_3"]
        assert len(list_cases(look(store), [], limit=2)) == 2


def test_same_cases_are_listed_and_counted_once_under_the_one_known_first(tmp_path):
    with new_book(tmp_path / "b") as store:
        three(store, ("b", "a"))
        seen = look(store)
        assert listed(seen) == ["a", "c"]
        assert count_cases(seen) == 2
        assert (same_as(seen, "a"), same_as(seen, "b"), same_as(seen, "c")) == (["b"], ["a"], [])


def test_a_decision_that_they_are_not_the_same_folds_nothing(tmp_path):
    with new_book(tmp_path / "b") as store:
        three(store)
        store.append(same("a", "b", "reject"))
        assert listed(look(store)) == ["a", "b", "c"]


def test_undoing_brings_both_back(tmp_path):
    with new_book(tmp_path / "b") as store:
        three(store, ("a", "b"))
        store.append(not_same("b", "a"))
        assert listed(look(store)) == ["a", "b", "c"]
        assert same_as(look(store), "a") == []


@pytest.mark.parametrize("links", list(permutations([("a", "b"), ("b", "c"), ("c", "a")], 2)))
def test_three_linked_by_two_decisions_are_one(tmp_path, links):
    with new_book(tmp_path / "b") as store:
        three(store, *links)
        seen = look(store)
        assert listed(seen) == ["a"]
        assert [same_as(seen, case) for case in "abc"] == [["b", "c"], ["a", "c"], ["a", "b"]]


def test_undoing_one_of_two_decisions_splits_the_group_at_that_place(tmp_path):
    with new_book(tmp_path / "b") as store:
        three(store, ("a", "b"), ("b", "c"))
        store.append(not_same("a", "b"))
        assert listed(look(store)) == ["a", "b"]
        assert same_as(look(store), "c") == ["b"]
        store.append(not_same("b", "c"))
        assert listed(look(store)) == ["a", "b", "c"]


def as_if_absent(tmp_path, links, hidden):
    """What is listed and linked in a book of three with one hidden, and in a book that never had it."""
    answers = []
    for name, kept in (("hidden", "abc"), ("absent", "".join(c for c in "abc" if c != hidden))):
        with new_book(tmp_path / name) as store:
            store.append(*[row(case, {"date": "1984"}) for case in kept])
            store.append(*[same(*link) for link in links if set(link) <= set(kept)])
            seen = look(store, hidden=[hidden] if name == "hidden" else [])
            linked = {case: same_as(seen, case) for case in "abc"}
            answers.append((listed(seen), count_cases(seen), linked))
    return answers


@pytest.mark.parametrize("hidden", list("abc"))
@pytest.mark.parametrize("links", [
    [("a", "b")], [("a", "b"), ("b", "c")], [("a", "b"), ("a", "c")], [("a", "c"), ("b", "c")],
    [("a", "b"), ("b", "c"), ("a", "c")],
])  # fmt: skip
def test_a_hidden_member_of_a_group_leaves_no_trace_in_lists_counts_and_links(tmp_path, links, hidden):
    with_hidden, without = as_if_absent(tmp_path, links, hidden)
    assert with_hidden == without


def test_the_view_of_a_case_folds_in_what_is_said_of_the_same_killing(tmp_path):
    with new_book(tmp_path / "b") as store:
        store.append(row("a", {"weapon": "80"}), row("b", {"weapon": "20", "narrative": "canal"}), same("a", "b"))
        found = read_case(look(store), "a")
        assert [field.name for field in found.fields] == ["weapon", "narrative"]
        assert len(found.fields[0].conflicts) == 1
        assert found.source_keys == ("invented:a", "invented:b")
        hidden = read_case(look(store, hidden=["b"]), "a")
        assert [field.name for field in hidden.fields] == ["weapon"]
        assert hidden.source_keys == ("invented:a",)


def test_incident_and_absence_are_those_of_the_case_itself(tmp_path):
    with new_book(tmp_path / "b", clock=ticking()) as store:
        store.append(row("a", incident={"id": "i_a", "key": "1"}), row("b", incident={"id": "i_b", "key": "2"}))
        store.append(same("a", "b"), missing("a"), statement("b", {"weapon": "20"}))
        store.append(row("b", prev=2, incident={"id": "i_b", "key": "2"}))
        assert [read_case(look(store), case).incident_id for case in "ab"] == ["i_a", "i_b"]
        assert [read_case(look(store), case).missing_since for case in "ab"] == ["2026-11-20T12:00:04.000Z", None]


def test_co_victims_are_the_other_visible_cases_of_the_incident(tmp_path):
    with new_book(tmp_path / "b") as store:
        incident = {"incident": {"id": "i_1", "key": "invented/1"}}
        store.append(*[row(case, **incident) for case in ("a", "b", "c")], row("d"))
        assert [found["case_id"] for found in co_victims(look(store), "i_1", "b")] == ["a", "c"]
        assert [found["case_id"] for found in co_victims(look(store, hidden=["c"]), "i_1", "b")] == ["a"]
        assert co_victims(look(store), None, "d") == []


def test_the_register_of_incidents_carries_a_case_so_that_it_can_be_hidden(tmp_path):
    with new_book(tmp_path / "b") as store:
        store.append(row("c_secret", incident={"id": "i_1", "key": "invented/1"}))
        assert look(store).count("incidents") == 1
        assert look(store, hidden=["c_secret"]).count("incidents") == 0


def test_a_case_without_content_keeps_its_place(tmp_path):
    with new_book(tmp_path / "b") as store:
        store.append(Draft("import.start", "a_clerk", {"file": "x"}), row("c_1"), statement("c_9", {"weapon": "80"}))
        assert listed(look(store)) == ["c_1"]


def test_documents_are_listed_with_how_far_they_were_read(tmp_path):
    with new_book(tmp_path / "b") as store:
        store.append(row("c_1"))
        document = add_document(store, ["words", None], case_id="c_1", file="box.txt")
        (found,) = list_documents(look(store), [Where("case_id", "=", "c_1")])
        assert (found["document_id"], found["file"], found["state"]) == (document, "box.txt", "waiting")
        assert (found["pages"], found["without_text"], found["engine"]) == (2, 1, "invented 1")
        assert list_documents(look(store, hidden=["c_1"]), []) == []


def document(kind, digest, case=None, **facts):
    scope = {"document": digest} | ({"case": case} if case else {})
    return Draft(kind, "a_clerk", {"scope": scope, "file": "a.txt", "type": "text/plain", "size": 1, **facts})


def test_a_document_of_two_cases_stands_under_both_and_is_read_once(tmp_path):
    with new_book(tmp_path / "b") as store:
        store.append(
            row("c_1"), row("c_2"), document("document.add", "d", "c_1"), document("document.assign", "d", "c_2")
        )
        read = {"pages": 3, "layer": "l", "engine": "invented 1", "without_text": [2], "pictures": []}
        read |= {"first_page": 1, "last_page": 3}
        store.append(
            document("document.read", "d", "c_1", blobs=[], **read | {"layer": store.blobs.put(b'{"pages":[]}')})
        )
        found = list_documents(look(store), [])
        assert [(one["case_id"], one["state"], one["without_text"]) for one in found] == [
            ("c_1", "read", 1),
            ("c_2", "read", 1),
        ]


def test_a_document_that_failed_says_why_and_can_still_be_read_later(tmp_path):
    with new_book(tmp_path / "b") as store:
        store.append(document("document.add", "d"), document("document.fail", "d", problem="locked"))
        (found,) = list_documents(look(store), [])
        assert (found["state"], found["problem"], found["case_id"]) == ("failed", "locked", None)
        layer = store.blobs.put(b'{"pages":[]}')
        store.append(document("document.read", "d", pages=1, layer=layer, engine="x", without_text=[], numbers=[1]))
        (found,) = list_documents(look(store), [])
        assert (found["state"], found["problem"]) == ("read", None)


def test_an_entry_about_a_document_that_was_never_taken_in_changes_nothing(tmp_path):
    with new_book(tmp_path / "b") as store:
        store.append(document("document.assign", "d", "c_1"), document("document.fail", "d", problem="x"))
        store.append(Draft("document.missing", "a_clerk", {"words": "no scope"}))
        assert list_documents(look(store), []) == []
