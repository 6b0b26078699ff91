"""The sheet holds everything that the number hangs on, takes nothing as markup, and is the same every time."""

from __future__ import annotations

import json
from typing import Any

import pypdfium2

from thaw.data import read_text
from thaw.identify import case_words, kinship_lr
from thaw.report import lr_sheet

FACTS: dict[str, Any] = {
    "inputs": [{"file": "family.json", "sha256": "ab" * 32}],
    "software": "0.0",
    "at": "2026-11-20",
    "by": "A. Invented",
    "purpose": "to test",
    "next": [{"person": "father", "relation": "parent", "decides": [1.0, 0.5], "cost": 80}],
    "thresholds_log10": [2, 4],
}


def sheet(document: Any, **more: Any) -> str:
    (found,) = kinship_lr(document, sensitive=True)
    (words,) = case_words(document)
    made = lr_sheet(found, {**words, **FACTS, **more})
    assert made == lr_sheet(found, {**words, **FACTS, **more})
    pages = pypdfium2.PdfDocument(made)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())


def family() -> Any:
    return json.loads(read_text("sample/invented_family.json"))


def test_the_sheet_says_what_the_number_hangs_on():
    text = sheet(family())
    for words in (
        "Likelihood ratio: Invented family",
        "times as probable under missing son as under unrelated (log10 9.579)",
        "remains is a child of father and mother.",
        "Not related to anybody: remains.",
        "unrelated (the reference)",
        "mother: 20 loci",
        "Allele frequencies: nist1036/Caucasian.",
        "Theta (FST): 0.01.",
        "female stepwise rate 0.001 rate2 1e-06 range 0.1",
        "convention none",
        "vWA and D12S391 are linked",
        "D18S51",
        "What the result hangs on",
        "father parent 100% above 10^2, 50% above 10^4 80",
        "family.json SHA-256 abab",
        "Thaw 0.0, 2026-11-20, by A. Invented. Purpose: to test.",
        "Support for a hypothesis, no identification",
    ):
        assert words in text, words


def test_names_are_text_and_never_markup():
    document = family()
    document["id"] = "#panic() *x* $y$ [z] <b> \\ @ref"
    text = sheet(document)
    assert "#panic() *x* $y$ [z] <b> \\ @ref" in text


def test_an_exclusion_and_a_ratio_below_one_are_said_in_words():
    locus = {"name": "D1", "alleles": ["1", "2"], "freqs": [0.5, 0.5], "genotypes": {"A": ["1", "1"], "B": ["2", "2"]}}
    text = sheet({"id": "two", "markers": [locus]})
    assert "The profiles are not possible under H1, as it is modeled here; they are under unrelated." in text
    people = [{"id": "A", "sex": "M"}, {"id": "M", "sex": "F"}]
    sibs = [*people, *({"id": x, "father": "A", "mother": "M", "sex": "M"} for x in "PQ")]
    genes = {"P": ["1", "1"], "Q": ["2", "2"]}
    hypotheses = [
        {"name": "sibs", "individuals": sibs},
        {"name": "strangers", "individuals": [{"id": "P"}, {"id": "Q"}]},
    ]
    text = sheet({"id": "s", "hypotheses": hypotheses, "markers": [{**locus, "genotypes": genes}]})
    # Sibs that share nothing: 1/4 * p1^2 p2^2 over the same is 0.25 without a parent in common at the locus.
    assert "The profiles are 4 times as probable under strangers as under sibs (log10 -0.602)." in text


def test_a_sheet_of_nobody_says_so_on_top():
    assert sheet(family(), invented=True).startswith("INVENTED: nobody on this sheet exists.")
    assert "INVENTED" not in sheet(family())
