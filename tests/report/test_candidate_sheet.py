"""Sheets of the identification desk: their words, read back from the PDF."""

from __future__ import annotations

from typing import Any

import pytest

from thaw.report import Origin
from thaw.report.candidate_sheet import candidate_sheet, pair_sheet, seen_after_find, share_words

ORIGIN = Origin("a test", [], [], 7, "cd" * 32, "2026-11-21", "Invented", "a test")
PERSON = {"person_id": "p_1", "source_key": "x:UP1", "kind": "unidentified", "name": None, "date": None, "place": None}
MISSING = PERSON | {"person_id": "p_2", "source_key": "x:MP1", "kind": "missing", "name": "#Ada *Nobody* $x$"}


def answer(**more: Any) -> dict[str, Any]:
    one = MISSING | {"rank": 1, "posterior": 0.5, "log10_support": 2.0, "state": "open", "dna_log10_lr": 3.0}
    lane = [{"without": "sex", "person_id": "p_3", "source_key": "x:MP9", "rank": 2}]
    lane.append(lane[0] | {"without": "stature", "rank": 11})  # not high: it would not stand in the list
    counts = {
        "searched": 3,
        "none_of_these": 0.25,
        "ruled_out": 1,
        "contradiction_only": 2,
        "model": "m",
        "inputs": "i",
    }
    return {"person": PERSON, "candidates": [one], "exception_lane": lane, **counts, **more}


def words_of(pdf: bytes) -> str:
    pdfium = pytest.importorskip("pypdfium2")
    return " ".join(pdfium.PdfDocument(pdf)[0].get_textpage().get_text_bounded().split())


def test_the_list_on_paper_says_counts_lane_and_that_others_decide() -> None:
    text = words_of(candidate_sheet(answer(), ORIGIN))
    assert "A lead, not an identification: the medical examiner or coroner decides." in text
    assert "3 records compared; 1 ruled out by an expert; in 2 a field speaks strongly against." in text
    assert "None of these: 25.0 %." in text
    assert "#Ada *Nobody* $x$" in text  # what a stranger wrote is no markup
    assert "x:MP9: rank 2 without sex" in text
    assert "rank 11" not in text
    assert "×100 ×1,000 50.0 %" in text  # the fields, DNA, and the probability that rests on both
    assert "Ledger: 7 entries, root cdcd" in text


def test_a_pair_that_was_ruled_out_says_so_first() -> None:
    ruling = {"entry": 9, "at": "2026-11-20T12:00:00Z", "by": "B", "what": "ruled out", "method": "dna", "expert": "E"}
    found = answer(
        unidentified=PERSON, missing=MISSING, candidate=None, standing=9, named=None,
        rulings=[ruling | {"reason": "loci differ"}],
        fields=[{"field": "age", "ours": "20 years", "theirs": None, "log10_bf": None, "state": "silent"}],
    )  # fmt: skip
    text = words_of(pair_sheet(found, ORIGIN))
    assert "Ruled out by an expert: entry 9. The pair is not ranked." in text
    assert "Entry 9, 2026-11-20: ruled out (dna, E) by B. loci differ" in text
    assert "Age 20 years not known" in text


def test_a_pair_that_was_named_says_so_and_a_body_is_called_by_when_and_where() -> None:
    body = PERSON | {"date": {"from": "1988-06-20", "to": "1988-06-20", "precision": "day"}}
    found = answer(
        unidentified=body, missing=MISSING, candidate=None, standing=None, named="p_2", rulings=[], fields=[]
    )
    text = words_of(pair_sheet(found, ORIGIN))
    assert "Body found 20 June 1988, place unknown (x:UP1) beside #Ada *Nobody* $x$" in text
    assert "Identified: the responsible authority decided that this body is this missing person." in text


def test_the_same_sheet_gives_the_same_bytes() -> None:
    assert candidate_sheet(answer(), ORIGIN) == candidate_sheet(answer(), ORIGIN)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.9999, "above 99.9 %"),
        (0.5, "50.0 %"),
        (0.001, "1 in 1,000"),
        (1e-12, "less than 1 in a billion"),
        (0.0, "less than 1 in a billion"),
    ],
)
def test_probabilities_in_words(value: float, said: str) -> None:
    assert share_words(value) == said


def day(text: str) -> dict[str, str]:
    return {"from": text, "to": text, "precision": "day"}


@pytest.mark.parametrize(
    ("found", "seen", "after"),
    [
        ("1988-06-20", "1996-02-10", True),
        ("1988-06-20", "1988-06-21", True),
        ("1988-06-20", "1988-06-20", False),
        ("1988-06-20", "1987-09-12", False),
        (None, "1996-02-10", False),
        ("1988-06-20", None, False),
    ],
)
def test_who_was_seen_after_the_find(found: str | None, seen: str | None, after: bool) -> None:
    body = PERSON | {"date": day(found) if found else None}
    missing = MISSING | {"date": day(seen) if seen else None}
    assert seen_after_find(body, missing) is after
    assert seen_after_find(missing, body) is after
    assert not seen_after_find(body, body)


def test_a_vague_day_of_the_find_may_lie_after_the_last_contact() -> None:
    summer = {"from": "1988-06-01", "to": "1988-08-31", "precision": "interval"}
    assert not seen_after_find(PERSON | {"date": summer}, MISSING | {"date": day("1988-07-04")})
    assert seen_after_find(PERSON | {"date": summer}, MISSING | {"date": day("1988-09-01")})


def test_the_list_has_remarks_and_dna_only_where_there_are_any() -> None:
    plain = answer()["candidates"][0] | {"dna_log10_lr": None}
    text = words_of(candidate_sheet(answer(candidates=[plain]), ORIGIN))
    assert "Name and record Last seen Fields Probability 1" in text
    late = plain | {"date": day("1996-02-10"), "state": "contradiction"}
    body = PERSON | {"date": day("1988-06-20")}
    text = words_of(candidate_sheet(answer(person=body, candidates=[late]), ORIGIN))
    assert "Name and record Last seen Fields Probability Remarks" in text
    assert "a field strongly against; last seen after this body was found" in text
    pair = answer(unidentified=body, missing=late, candidate=None, standing=None, named=None, rulings=[], fields=[])
    assert "Last seen after this body was found." in words_of(pair_sheet(pair, ORIGIN))


def test_ten_candidates_with_remarks_fit_on_one_page() -> None:
    pdfium = pytest.importorskip("pypdfium2")
    place = {"name": "Salt Lake, UT", "state": "UT"}
    one = answer()["candidates"][0] | {"date": day("1996-09-10"), "place": place, "state": "contradiction"}
    one |= {"source_key": "namus-missing:MP900001", "name": "Bartholomew Featherstonehaugh-Inventedson"}
    ten = [one | {"rank": n, "posterior": 1e-12} for n in range(1, 11)]
    body = PERSON | {"date": day("1988-06-20"), "place": place, "source_key": "namus-unidentified:UP900001"}
    assert len(pdfium.PdfDocument(candidate_sheet(answer(person=body, candidates=ten), ORIGIN))) == 1


def test_a_sheet_says_on_top_and_at_each_record_who_was_made_up() -> None:
    made_up = {"invented": True}
    one = answer()["candidates"][0]
    some = words_of(candidate_sheet(answer(candidates=[one | made_up, one | {"rank": 2}]), ORIGIN))
    assert some.startswith("Records marked INVENTED are of nobody.")
    assert some.count("INVENTED x:MP1") == 1
    every = words_of(candidate_sheet(answer(person=PERSON | made_up, candidates=[one | made_up]), ORIGIN))
    assert every.startswith("INVENTED: nobody on this sheet exists.")
    assert "INVENTED Unidentified: x:UP1" in every
    assert "INVENTED" not in words_of(candidate_sheet(answer(), ORIGIN))
