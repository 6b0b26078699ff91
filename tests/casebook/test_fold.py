from __future__ import annotations

import pytest

from builders import WOMAN, missing, new_book, prefer, row, statement, ticking, withdraw
from thaw.casebook.fold import fold_case
from thaw.record import Code, Text
from thaw.store import Draft, Reader, Visible


def folded(tmp_path, *drafts, case="c_1"):
    """The folded view of a case after these entries (numbered from 1), checked against its row in the lists."""
    with new_book(tmp_path / "b", clock=ticking()) as store:
        store.append(*drafts)
        reader = Reader(store, Visible())
        view = fold_case(case, reader.entries_of_case(case))
        weapon, incident, gone = reader.select("cases", ["weapon", "incident_id", "missing_since"])[0]
        best = field(view, "weapon").preferred
        # What a list shows and what the case shows must never differ.
        assert weapon == (best and best.statement.said.value and best.statement.said.value.code)
        assert (incident, gone) == (view.incident_id, view.missing_since)
        return view


def field(view, name):
    return next(found for found in view.fields if found.name == name)


def codes(sourced):
    return [(one.statement.said.value.code, one.statement.seq, one.live) for one in sourced]


def weapon_of(view):
    found = field(view, "weapon")
    return found.preferred and found.preferred.statement.said.value.code


def test_a_field_holds_its_value_with_its_source(tmp_path):
    view = folded(tmp_path, row("c_1"))
    best = field(view, "weapon").preferred
    assert best.statement.said.value == Code("80", "shr.weapon")
    assert (best.statement.seq, best.statement.index, best.statement.subject) == (1, 2, "c_1")
    assert (best.source_key, best.row, best.role, best.live) == ("invented:c_1", 1, "case", True)
    assert best.statement.source.recorded_by == "an invented register"
    assert [found.name for found in view.fields] == ["date", "place", "weapon", "victim.sex", "victim.age"]
    assert field(view, "victim.sex").preferred.statement.subject == "c_1_victim"


def test_the_newest_statement_is_preferred_and_the_others_are_conflicts(tmp_path):
    view = folded(tmp_path, row("c_1"), statement("c_1", {"weapon": "20"}), statement("c_1", {"weapon": "11"}))
    found = field(view, "weapon")
    assert weapon_of(view) == "11"
    assert codes(found.sources) == [("11", 3, True), ("20", 2, True), ("80", 1, True)]
    assert codes(found.conflicts) == [("20", 2, True), ("80", 1, True)]


def test_sources_that_agree_are_no_conflict(tmp_path):
    view = folded(tmp_path, row("c_1"), statement("c_1", {"weapon": "80"}))
    assert len(field(view, "weapon").sources) == 2
    assert field(view, "weapon").conflicts == ()


def test_the_same_value_denied_is_a_conflict(tmp_path):
    name = "behaviours.bound"
    view = folded(tmp_path, row("c_1", {**WOMAN, name: "yes"}), statement("c_1", {name: "no"}))
    assert [s.statement.said.polarity for s in field(view, name).conflicts] == ["asserted"]


def test_a_confirmed_statement_comes_before_a_newer_proposed_one(tmp_path):
    view = folded(tmp_path, row("c_1"), statement("c_1", {"weapon": "20"}, status="proposed"))
    assert weapon_of(view) == "80"
    assert codes(field(view, "weapon").conflicts) == [("20", 2, True)]


def test_a_proposed_statement_is_shown_where_nothing_is_confirmed(tmp_path):
    said = {"narrative": "proposed words"}
    view = folded(tmp_path, row("c_1"), statement("c_1", said, status="proposed"))
    best = field(view, "narrative").preferred.statement
    assert (best.said.value, best.status) == (Text("proposed words"), "proposed")


def test_a_decision_beats_newer_and_confirmed_ones(tmp_path):
    view = folded(tmp_path, row("c_1"), statement("c_1", {"weapon": "20"}), prefer("c_1", "weapon", 1, 2))
    assert weapon_of(view) == "80"
    assert codes(field(view, "weapon").conflicts) == [("20", 2, True)]


def test_a_decision_stands_when_newer_statements_come_until_another_decision(tmp_path):
    drafts = [row("c_1"), prefer("c_1", "weapon", 1, 2), statement("c_1", {"weapon": "20"})]
    assert weapon_of(folded(tmp_path, *drafts)) == "80"
    assert weapon_of(folded(tmp_path / "2", *drafts, prefer("c_1", "weapon", 3, 0))) == "20"


def test_a_withdrawn_statement_is_shown_as_such_and_never_preferred(tmp_path):
    view = folded(tmp_path, row("c_1"), statement("c_1", {"weapon": "20"}), withdraw("c_1", 2, 0))
    assert weapon_of(view) == "80"
    assert codes(field(view, "weapon").sources) == [("80", 1, True), ("20", 2, False)]
    assert field(view, "weapon").conflicts == ()


def test_where_the_chosen_statement_is_withdrawn_the_newest_live_one_is_shown(tmp_path):
    chosen = prefer("c_1", "weapon", 2, 0)
    drafts = [row("c_1"), statement("c_1", {"weapon": "20"}), chosen, withdraw("c_1", 2, 0)]
    assert weapon_of(folded(tmp_path, *drafts)) == "80"


def test_where_all_are_withdrawn_nothing_is_preferred(tmp_path):
    view = folded(tmp_path, row("c_1"), withdraw("c_1", 1, 2))
    assert weapon_of(view) is None
    assert codes(field(view, "weapon").sources) == [("80", 1, False)]


def test_a_whole_entry_can_be_withdrawn(tmp_path):
    view = folded(tmp_path, row("c_1"), withdraw("c_1", 1, -1, role=""))
    assert {found.preferred for found in view.fields} == {None}


def test_a_changed_row_of_a_register_replaces_the_row_before_it_as_a_whole(tmp_path):
    view = folded(tmp_path, row("c_1"), row("c_1", {"weapon": "20"}, prev=1))
    assert weapon_of(view) == "20"
    assert field(view, "victim.sex").preferred is None
    assert codes(field(view, "weapon").sources) == [("20", 2, True), ("80", 1, False)]


def test_a_correction_replaces_the_one_statement_that_it_names(tmp_path):
    correction = statement("c_1", {"weapon": "20"}, kind="statement.supersede", prev=1, role="case", index=2)
    view = folded(tmp_path, row("c_1"), correction)
    assert codes(field(view, "weapon").sources) == [("20", 2, True), ("80", 1, False)]
    assert field(view, "victim.sex").preferred.live


def test_of_two_values_in_one_entry_the_first_is_preferred_in_lists_and_view(tmp_path):
    draft = row("c_1", {"weapon": "80"})
    draft.payload["said"]["case"].append({"p": "weapon", "v": {"code": "20", "list": "shr.weapon"}})
    view = folded(tmp_path, draft)
    assert weapon_of(view) == "80"
    assert codes(field(view, "weapon").conflicts) == [("20", 1, True)]


def test_unknown_said_first_is_not_answered_with_what_the_same_entry_says_later(tmp_path):
    draft = row("c_1", {"weapon": "unknown"})
    draft.payload["said"]["case"].append({"p": "weapon", "v": {"code": "20", "list": "shr.weapon"}})
    assert field(folded(tmp_path, draft), "weapon").preferred.statement.said.polarity == "unknown"


def test_what_is_unknown_now_is_not_answered_with_an_older_value(tmp_path):
    view = folded(tmp_path, row("c_1"), statement("c_1", {"weapon": "unknown"}))
    assert field(view, "weapon").preferred.statement.said.polarity == "unknown"
    assert codes(field(view, "weapon").conflicts) == [("80", 1, True)]


def test_a_row_that_a_newer_issue_lacks_is_missing_since_then_and_back_with_a_new_row(tmp_path):
    # The clock goes on by a second with each entry: entry 0 at noon, entry 2 two seconds later.
    view = folded(tmp_path, row("c_1"), missing("c_1", "c_2"), missing("c_1"))
    assert view.missing_since == "2026-11-20T12:00:02.000Z"
    back = folded(tmp_path / "2", row("c_1"), missing("c_1"), row("c_1", prev=1))
    assert back.missing_since is None


@pytest.mark.parametrize("other", ["c_2", "c_3"])
def test_a_missing_row_of_another_case_is_not_this_ones(tmp_path, other):
    assert folded(tmp_path, row("c_1"), row(other), missing(other)).missing_since is None


def test_the_incident_is_that_of_the_newest_row(tmp_path):
    first = row("c_1", incident={"id": "i_1", "key": "invented/1"})
    view = folded(tmp_path, first, row("c_1", prev=1, incident={"id": "i_2", "key": "invented/2"}))
    assert view.incident_id == "i_2"
    assert view.source_keys == ("invented:c_1",)
    assert view.seqs == (1, 2)


def test_the_order_of_the_roles_in_a_payload_does_not_matter(tmp_path):
    # JSON objects have no order: another writer may put the victim first, and the same statement must be meant
    draft = row("c_1")
    said = draft.payload["said"]
    turned = Draft(draft.kind, draft.actor, {**draft.payload, "said": dict(reversed(said.items()))}, draft.obj)
    for first in (draft, turned):
        view = folded(tmp_path / str(first is draft), first, withdraw("c_1", 1, 0, role="victim"))
        assert field(view, "victim.sex").preferred is None
        assert weapon_of(view) == "80"


def test_a_second_offender_stands_beside_the_first(tmp_path):
    draft = row("c_1", {"weapon": "80", "offender.sex": "M"})
    draft.payload["said"]["offender#2"] = [{"p": "sex", "v": {"code": "F", "list": "shr.sex"}}]
    draft.payload["subjects"]["offender#2"] = "p_second"
    view = folded(tmp_path, draft)
    assert codes(field(view, "offender.sex").sources) == [("M", 1, True)]
    assert codes(field(view, "offender#2.sex").sources) == [("F", 1, True)]
