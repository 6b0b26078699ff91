"""Sheets of the identification desk: their words, read back from the PDF."""

from __future__ import annotations

from typing import Any

import pytest

from thaw.report import Origin
from thaw.report.candidate_sheet import candidate_sheet, pair_sheet, share_words

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
    assert "body found 20 June 1988, place unknown (x:UP1) beside #Ada *Nobody* $x$" in text
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
