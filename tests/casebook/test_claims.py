"""Claims over accounts: what the invented articles say, who repeats whom, what contradicts, and what never does."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from thaw.casebook import accounts
from thaw.intake import reading
from thaw.record import PartialDate

ARTICLES = Path(__file__).resolve().parents[1] / "intake" / "articles"
EVENTS: dict[str, Any] = json.loads((ARTICLES / "answers.json").read_text("utf-8"))["events"]


@cache
def claims_of_event(event: str) -> tuple[accounts.Claim, ...]:
    told = [accounts.Account.read(p.stem, p.read_text("utf-8")) for p in sorted((ARTICLES / event).glob("*.txt"))]
    return tuple(accounts.claims_of(told))


def told(*texts: str, written: str | None = "2020-06-15") -> list[accounts.Claim]:
    date = PartialDate.parse(written) if written else None
    read = [accounts.Account.read(f"d{i}", text, date=date) for i, text in enumerate(texts)]
    return accounts.claims_of(read)


def one(found: list[accounts.Claim], kind: str, value: Any) -> dict[str, Any]:
    (claim,) = [c for c in found if c.kind == kind and c.value == value]
    return claim.to_json()


def _is(claim: accounts.Claim, kind: str, subject: str, value: Any) -> bool:
    words = reading.folded(subject).split()
    same = claim.value == value or (isinstance(claim.value, dict) and claim.value["number"] == value)
    return claim.kind == kind and same and all(word in reading.folded(claim.subject) for word in words)


WANTED = [(event, want) for event, sheet in EVENTS.items() for want in sheet["claims"]]
CONFLICTS = [(event, want) for event, sheet in EVENTS.items() for want in sheet["conflicts"]]


@pytest.mark.parametrize(
    ("event", "want"), WANTED, ids=lambda x: x if isinstance(x, str) else f"{x['kind']} {x['value']}"
)
def test_a_claim_of_the_answer_sheet_is_found_with_its_sources(event: str, want: dict[str, Any]) -> None:
    found = [c.to_json() for c in claims_of_event(event) if _is(c, want["kind"], want["subject"], want["value"])]
    seen = [(sorted(c["documents"]), c["independent_sources"]) for c in found]
    assert (want["articles"], want["independent"]) in seen


@pytest.mark.parametrize(("event", "want"), CONFLICTS, ids=lambda x: x if isinstance(x, str) else f"{x[0]} {x[2]}")
def test_a_conflict_of_the_answer_sheet_stands_side_by_side(event: str, want: list[Any]) -> None:
    kind, subject, one_value, other_value = want
    found = claims_of_event(event)
    ones = [c for c in found if _is(c, kind, subject, one_value)]
    others = [c for c in found if _is(c, kind, subject, other_value)]
    assert any(other in claim.conflicts and claim in other.conflicts for claim in ones for other in others)


def test_a_conflict_is_always_mutual_and_never_with_itself() -> None:
    for event in EVENTS:
        for claim in claims_of_event(event):
            assert claim not in claim.conflicts
            assert all(claim in other.conflicts for other in claim.conflicts)


def test_the_words_of_a_quote_stand_in_its_document() -> None:
    for event in EVENTS:
        for claim in claims_of_event(event):
            for quote in claim.to_json()["quotes"]:
                text = " ".join((ARTICLES / event / f"{quote['document']}.txt").read_text("utf-8").split())
                assert quote["text"] in text


def test_the_order_of_the_accounts_does_not_matter() -> None:
    texts = [(p.stem, p.read_text("utf-8")) for p in sorted((ARTICLES / "storm").glob("*.txt"))]
    read = [accounts.Account.read(*pair) for pair in texts]
    forward = [json.dumps(c.to_json(), sort_keys=True) for c in accounts.claims_of(read)]
    assert [json.dumps(c.to_json(), sort_keys=True) for c in accounts.claims_of(read[::-1])] == forward


def test_a_passage_of_one_release_counts_once() -> None:
    release = '"We are proud of the seven new bridges that our crews built," said Ada Invented.'
    claim = one(told(f"One. {release}", f"Other words first. {release}"), "count", {"number": 7, "noun": "bridges"})
    assert (len(claim["documents"]), claim["independent_sources"]) == (2, 1)


def test_the_same_fact_in_own_words_counts_twice() -> None:
    texts = ("The crews have built seven bridges.", "There are seven bridges now, and every one of them is open.")
    claim = one(told(*texts), "count", {"number": 7, "noun": "bridges"})
    assert (len(claim["documents"]), claim["independent_sources"]) == (2, 2)


def test_a_paper_that_names_its_source_is_no_second_source() -> None:
    first = "The Valley Tribune\n\nSix bridges fell."
    second = "As the Valley Tribune reported, the number of bridges that fell was six bridges in all."
    claim = one(told(first, second), "count", {"number": 6, "noun": "bridges"})
    assert (len(claim["documents"]), claim["independent_sources"]) == (2, 1)


def test_what_one_account_leaves_out_is_no_conflict() -> None:
    found = told(
        "The cast includes Ada Invented and Bea Invented.", "The cast includes Ada Invented and Cora Invented."
    )
    lists = [c.to_json() for c in found if c.kind == "list"]
    assert [c["conflicts_with"] for c in lists] == [[], []]
    assert [c["not_named_here"][0]["members"] for c in lists] == [["Bea Invented"], ["Cora Invented"]]


def test_a_forecast_and_a_report_are_two_claims_and_no_conflict() -> None:
    before = accounts.Account.read("before", "The museum will open on July 9.", date=PartialDate.parse("2020-06-15"))
    after = accounts.Account.read("after", "The museum opened on July 10.", date=PartialDate.parse("2020-07-15"))
    found = [c.to_json() for c in accounts.claims_of([before, after]) if c.kind == "date"]
    assert [(c["value"], c["standing"], c["conflicts_with"]) for c in found] == [
        ("2020-07-09", "forecast", []),
        ("2020-07-10", "report", []),
    ]


def test_a_past_tense_about_a_later_date_is_flagged() -> None:
    (claim,) = [c for c in told("Walter Invented was arrested on July 9, 2020.") if c.kind == "date"]
    assert claim.flags == ["past tense about 2020-07-09, after the document's own date 2020-06-15"]


def test_a_document_without_a_date_stays_undated() -> None:
    (claim,) = [c.to_json() for c in told("The museum opened this summer.", written=None) if c.kind == "date"]
    assert (claim["value"], claim["interval"], claim["first"], claim["last"]) == (None, None, None, None)


@pytest.mark.parametrize(
    ("first", "second", "conflict"),
    [
        ("Six people died.", "Seven people died.", True),
        ("At least six people died.", "Seven people died.", False),
        ("About 100 people were hurt.", "Some 105 people were hurt.", False),
        ("About 100 people were hurt.", "Some 150 people were hurt.", True),
        ("Ada Invented, 41, sang.", "Ada Invented, 42, sang.", True),
        ("Ada Invented was arrested on June 3.", "Ada Invented was arrested in June.", False),
        ("Ada Invented was arrested on June 3.", "Ada Invented was arrested on June 4.", True),
        ("Bea Invented, sister of Ada Stone, sang.", "Bea Invented, cousin of Ada Stone, sang.", True),
        ("Katherine Stone sang.", "Catherine Stone sang.", True),
        ("Robert Stone sang.", "Bob Stone sang.", False),
        ("Robert J. Stone sang.", "Robert Stone sang.", False),
        ("Ada Stone was arrested by Officer Bea Lund.", "Ada Stone was arrested by Officer Cora Lund.", True),
        ("Two men sang.", "Three men danced.", False),
    ],
)
def test_what_contradicts_and_what_does_not(first: str, second: str, conflict: bool) -> None:
    assert any(c.conflicts for c in told(first, second)) is conflict


def test_two_people_who_stand_beside_each_other_are_never_one() -> None:
    found = told("Jon Stone met John Stone.", "John Stone sang.")
    assert not any(c.conflicts for c in found if c.kind == "person")
    assert {c.subject for c in found if c.kind == "person"} == {"Jon Stone", "John Stone"}
