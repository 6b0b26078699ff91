"""DNA in `thaw identify`: from the last kinship run about a body and a missing person, shown apart and combined."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from books import bodies_file, imported, missing_file, new_book, thaw
from casework.test_families import invented, written
from casework.test_identify import BODY, MISSING
from thaw.casework import Session
from thaw.casework.families import add_family, search_families, withdraw_profile
from thaw.casework.identify import identify
from thaw.casework.keeping import rebuild
from thaw.casework.kinship import About, Inputs, kinship
from thaw.errors import InputError

PERSON = "namus-missing:MP2"


@pytest.fixture
def work(tmp_path: Path) -> Any:
    made = new_book(tmp_path / "book")
    imported(made, missing_file(tmp_path / "missing.csv", *MISSING))
    imported(made, bodies_file(tmp_path / "bodies.csv"))
    yield made
    made.book.close()


def of(found: dict[str, Any], key: str) -> dict[str, Any]:
    return next(one for one in found["candidates"] if one["source_key"] == key)


def case_file(folder: Path, child: list[str], hypotheses: int = 2) -> Path:
    people = [{"id": "F", "sex": "M"}, {"id": "B", "father": "F", "sex": "M"}]
    made = [{"name": "son", "individuals": people}]
    made += [{"name": f"other {n}", "individuals": people} for n in range(hypotheses - 2)]
    made += [{"name": "unrelated", "individuals": [{"id": "F", "sex": "M"}, {"id": "B", "sex": "M"}]}]
    locus = {"name": "D1", "alleles": ["12", "13"], "freqs": [0.2, 0.8], "genotypes": {"F": ["12", "12"], "B": child}}
    return written(folder, "case.json", {"id": "x", "hypotheses": made, "markers": [locus]})


def test_a_run_about_two_persons_stands_in_identify_apart_and_combined(work: Session, tmp_path: Path) -> None:
    before = identify(work, BODY, top=40)
    kinship(Inputs(case_file(tmp_path, ["12", "12"])), session=work, about=About(BODY, PERSON))
    found = identify(work, BODY, top=40)
    one, was = of(found, PERSON), of(before, PERSON)
    # Father 12,12 and child 12,12: 1 * 0.2 over 0.2 * 0.2.
    assert one["dna_log10_lr"] == pytest.approx(0.69897, abs=1e-5)
    assert one["log10_support"] == was["log10_support"]
    assert one["log10_combined"] == pytest.approx(one["log10_support"] + one["dna_log10_lr"])
    assert one["posterior"] > was["posterior"]
    assert all(c["dna_log10_lr"] is None for c in found["candidates"] if c["source_key"] != PERSON)
    (turned,) = identify(work, PERSON)["candidates"]
    assert turned["dna_log10_lr"] == one["dna_log10_lr"]
    rebuild(work)
    assert identify(work, BODY, top=40) == found


def test_the_last_run_counts_and_a_ratio_of_0_lowers_without_ruling_out(work: Session, tmp_path: Path) -> None:
    kinship(Inputs(case_file(tmp_path, ["12", "12"])), session=work, about=About(BODY, PERSON))
    kinship(Inputs(case_file(tmp_path, ["13", "13"])), session=work, about=About(BODY, PERSON))
    found = identify(work, BODY, top=40)
    assert (of(found, PERSON)["dna_log10_lr"], found["ruled_out"]) == (-8.0, 0)


def test_a_search_of_families_fills_the_pairs_until_a_profile_is_withdrawn(work: Session, tmp_path: Path) -> None:
    family, remains = invented()
    made = add_family(work, written(tmp_path, "family.json", family), missing=PERSON)
    assert made["families"][0]["person_id"] == identify(work, PERSON)["person"]["person_id"]
    body = written(tmp_path, "body.json", remains)
    ratio = search_families(work, body, unidentified=BODY)["results"][0]["log10_lr"]
    first = identify(work, BODY)["candidates"][0]
    assert (first["source_key"], first["dna_log10_lr"]) == (PERSON, ratio)
    mother = next(p for p in made["families"][0]["profiles"] if p["person"] == "mother")
    withdraw_profile(work, mother["profile_id"], reason="she asked")
    assert of(identify(work, BODY, top=40), PERSON)["dna_log10_lr"] is None
    less = search_families(work, body, unidentified=BODY)["results"][0]["log10_lr"]
    assert of(identify(work, BODY, top=40), PERSON)["dna_log10_lr"] == less < ratio
    rebuild(work)
    assert of(identify(work, BODY, top=40), PERSON)["dna_log10_lr"] == less


@pytest.mark.parametrize(
    ("about", "hypotheses", "message"),
    [
        (
            About(BODY, PERSON),
            3,
            "kinship, --hypothesis: got 2 hypotheses, want the one that says they are one person: son, other 0. "
            "Name it with --hypothesis.",
        ),
        (
            About(BODY, PERSON, "aunt"),
            2,
            "kinship, --hypothesis: got 'aunt', want the one that says they are one person: son. "
            "Name it with --hypothesis.",
        ),
        (
            About(PERSON, BODY),
            2,
            "person namus-missing:MP2: got one of the kind missing, want one who is unidentified. "
            "Give the unidentified first, then the missing.",
        ),
    ],
)
def test_a_run_about_nobody_in_particular_is_refused(
    work: Session, tmp_path: Path, about: About, hypotheses: int, message: str
) -> None:
    with pytest.raises(InputError) as caught:
        kinship(Inputs(case_file(tmp_path, ["12", "12"], hypotheses)), session=work, about=about)
    assert str(caught.value) == message


def test_several_cases_are_about_nobody(work: Session, tmp_path: Path) -> None:
    two = written(tmp_path, "two.json", [json.loads(case_file(tmp_path, ["12", "12"]).read_text())] * 2)
    with pytest.raises(InputError) as caught:
        kinship(Inputs(two), session=work, about=About(BODY, PERSON))
    assert str(caught.value) == (
        "kinship, --unidentified: got 2 cases or a set of victims, want a file with one case of hypotheses. "
        "Split the file."
    )


def test_the_commands_in_words(tmp_path: Path) -> None:
    book = tmp_path / "book"
    made = new_book(book)
    imported(made, missing_file(tmp_path / "missing.csv", *MISSING))
    imported(made, bodies_file(tmp_path / "bodies.csv"))
    made.book.close()
    file = case_file(tmp_path, ["12", "12"])
    ran = thaw("kinship", file, "--unidentified", BODY, "--missing", PERSON, book=book)
    assert (ran.code, ran.err) == (0, "")
    assert "DNA:     5.0 times more likely (kinship, last run)" in thaw("identify", BODY, "--top", "40", book=book).out
    alone = thaw("kinship", file, "--missing", PERSON, book=book)
    assert alone.err == "thaw: kinship: got one person, want --unidentified and --missing. Give both, or neither.\n"
    without = thaw("kinship", file, "--unidentified", BODY, "--missing", PERSON, book=tmp_path / "none")
    assert without.err == (
        "thaw: kinship, --unidentified: got no casebook, want a book that holds the two. Use --book DIR.\n"
    )
