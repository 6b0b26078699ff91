"""Gaps: each sort is found in invented papers that have it, and not in those that have not."""

from __future__ import annotations

from thaw.casebook import accounts


def gaps(*texts: str, boxes: dict[str, tuple[int, int]] | None = None) -> list[tuple[str, str]]:
    told = [accounts.Account.read(f"d{i}", text) for i, text in enumerate(texts)]
    return [(gap.kind, gap.what) for gap in accounts.gaps_of(told, boxes)]


def test_a_number_that_is_missing_in_a_run_of_pages_is_found() -> None:
    text = "Text.\nPage 1 of 5\fText.\nPage 2 of 5\fText.\nPage 4 of 5\n"
    assert gaps(text) == [("page_missing", "page 3 of 5"), ("page_missing", "page 5 of 5")]


def test_a_whole_run_of_pages_has_no_gap() -> None:
    assert gaps("a\n- 1 -\fb\n- 2 -\fc\n- 3 -\n") == []


def test_a_sheet_without_a_number_may_be_the_one_that_a_run_leaves_out() -> None:
    assert gaps("Dear Sir,\fmore.\nPage 2 of 2\n") == []
    # With every sheet numbered, one that is left out is missing.
    assert gaps("Text.\nPage 2 of 3\fText.\nPage 3 of 3\n") == [("page_missing", "page 1 of 3")]


def test_months_without_a_chronological_entry_are_found() -> None:
    days = ("1-5-84", "2-7-84", "3-9-84", "7-1-84", "9-2-84")
    text = "CHRONOLOGICAL RECORD\n" + "".join(f"{day}  Looked for the car.\n" for day in days)
    assert gaps(text) == [
        ("month_without_entry", "no entry from 1984-04 to 1984-06"),
        ("month_without_entry", "no entry in 1984-08"),
    ]


def test_a_paper_filed_long_after_its_date_is_found() -> None:
    assert gaps("Date of interview: 3-1-84\nDate typed: 6-9-84\nText.") == [
        ("filed_late", "filed 1984-06-09, 100 days after 1984-03-01")  # 30 of March, 30, 31 and 9
    ]
    assert gaps("Date of interview: 3-1-84\nDate typed: 3-9-84\nText.") == []


def test_an_exhibit_that_no_property_list_holds_is_found() -> None:
    listed = "PROPERTY REPORT\nItem 1: a knife\nItem 2: a rope\n"
    assert gaps(listed, "Item 2 and Item 7 were sent to the lab.") == [("exhibit_not_held", "item 7")]
    assert gaps("Item 7 was sent to the lab.") == []  # without a list nothing can be said


def test_a_lead_that_nobody_took_up_is_found() -> None:
    lead = "DATE: 3-1-84\nWitness Ada Stone needs to be interviewed."
    assert gaps(lead) == [("lead_unanswered", "not taken up: Ada Stone")]
    assert gaps(lead, "DATE: 4-1-84\nAda Stone was interviewed at home.") == []
    assert gaps(lead, "DATE: 2-1-84\nAda Stone was interviewed at home.") != []  # that was before


def test_a_report_that_is_named_and_absent_is_found() -> None:
    paper = "FOLLOW-UP\nThe wound is described; see the autopsy report for the rest."
    assert gaps(paper) == [("document_absent", "autopsy report")]
    assert gaps(paper, "AUTOPSY REPORT\nThe body is that of a woman.") == []


def test_a_box_with_fewer_pages_than_declared_is_found() -> None:
    assert gaps("Text.", boxes={"A": (40, 38), "B": (5, 5)}) == [("box_short", "box A: 38 of 40 declared pages")]
