"""The reading of papers of many hands: articles of two events and ten police pages, each with its sheet inside."""

from __future__ import annotations

import json

import pytest

from bench.reading import same_value
from bench.unseen import FOLDER, mention_scores, papers
from thaw.intake import Mention, read_mentions
from thaw.intake.reading import Reading
from thaw.record import PartialDate

SCORES = {event: mention_scores(f"{event}_*", same_value) for event in ("arrest", "series", "police", "fresh")}
BARS = {"person": 0.90, "date": 0.95, "phone": 0.95, "plate": 0.95, "number": 0.95, "count": 0.95}


def found(text: str, kind: str, written: str | None = None) -> list[Mention]:
    reading = Reading(PartialDate.parse(written)) if written else None
    return [m for m in read_mentions(text, reading) if m.kind == kind]


def normals(text: str, kind: str, written: str | None = None) -> list[str]:
    return [m.normal for m in found(text, kind, written)]


@pytest.mark.parametrize("event", SCORES)
@pytest.mark.parametrize("kind", BARS)
def test_papers_of_many_hands_are_read_at_least_so_well(event: str, kind: str) -> None:
    score = SCORES[event][kind]
    assert score.right >= BARS[kind] * max(score.found, score.wanted), "\n".join(score.faults)


def test_the_first_run_is_on_record_and_was_worse() -> None:
    first = json.loads((FOLDER / "first_run.json").read_text("utf-8"))["mentions"]["police"]
    assert first["plate"] == [7, 5, 18, 5, 3]
    assert all(SCORES["police"][kind].right >= right for kind, (_, right, *_) in first.items())


def test_the_sealed_papers_are_on_record_as_they_were_first_read() -> None:
    first = json.loads((FOLDER / "fifth_run.json").read_text("utf-8"))["mentions"]["fair"]
    now = mention_scores("fair_*", same_value)
    assert all(now[kind].wanted == wanted for kind, (_, _, wanted, _, _) in first.items()), "the sheet was changed"
    assert all(now[kind].right >= right for kind, (_, right, *_) in first.items())


def test_a_sheet_is_taken_out_of_its_text() -> None:
    paper = next(papers("police_09_*"))
    assert "{" not in paper.text
    assert paper.written is None
    assert all(paper.text[w.start : w.end] == w.text for w in paper.wants)


@pytest.mark.parametrize(
    ("text", "plate"),
    [
        ("Calif. license 2ABC345", "2ABC345"),
        ("Lic: PA ABC-1234", "ABC1234"),
        ("New York plate 2AB 345", "2AB345"),
        ("Tex. lic. BC1 D234", "BC1D234"),
        ("tag number AB-1234, Illinois", "AB1234"),
        ("Montana truck plate 3-48812P", "348812P"),
        ("green Ford, Nebr. license 3-B407", "3B407"),
        ("LIC/CO AB1234", "AB1234"),
        ("a van with personalized plates SNOBIRD", "SNOBIRD"),
        ("temporary tag T004471 in the rear window", "T004471"),
        ("plate possibly A?C 12*", "A?C12?"),
        ("the first three on the plate were D-K-R", "DKR"),
        ("Ontario registered, 429 HJK", "429HJK"),
        ("OR 123 ABC - 1984 Toyota pickup", "123ABC"),
        ("partial plate 4T8", "4T8"),
    ],
)
def test_a_plate_is_read_in_the_forms_of_many_states(text: str, plate: str) -> None:
    assert normals(text, "plate") == [plate]


@pytest.mark.parametrize(
    "text",
    [
        "He took I-94 and SR 99 to the car.",
        "The license was issued 12 MAY 1984.",
        "He was registered at the Inn from 1984.",
        "The car stopped at 2210 HRS.",
        "the plates were dusted by 6 men",
        "CA 90210 was on the box in the car",
        "registered mail 4471829",
        "Vehicle: 1976 IHC Scout",
    ],
)
def test_what_only_looks_like_a_plate_is_none(text: str) -> None:
    assert normals(text, "plate") == []


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("Ring our newsdesk on 020 7946 0182.", "02079460182"),
        ("Call +44 20 7946 0182 from abroad", "442079460182"),
        ("CONTACT DESK 701-555-0136 OR NIGHTS 7015550188.", "7015550188"),
        ("Phone: 555-O1l4", "5550114"),
        ("his telephone is 555 0142 at work", "5550142"),
    ],
)
def test_telephones_of_other_forms_are_read(text: str, phone: str) -> None:
    assert normals(text, "phone")[-1] == phone


@pytest.mark.parametrize("text", ["Serial 7015550188", "He was paid 0 4471 2290 3 times", "item 4471829 of the list"])
def test_a_plain_number_is_no_telephone(text: str) -> None:
    assert normals(text, "phone") == []


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("DOB 061552", "1952-06-15"),
        ("#4  2/10 2215  Wayne called.", "1991-02-10"),
        ("seen Saturday, 2/9 at the bar", "1991-02-09"),
        ("Exp. 12/91", "1991-12"),
        ("ck pawn shops Jan thru Feb", "1991-01-01/1991-02-28"),
        ("the weekend of February 2nd", "1991-02-02/1991-02-03"),
        ("on 8-l9-74 at 2l30 hrs", "1974-08-19"),
        ("2/8  0910  She saw him Saturday night.", "1991-02-08 1991-02-02"),
        ("He was shot on Oct. 4, 1987. She was last seen on Oct. 3.", "1987-10-04 1987-10-03"),
    ],
)
def test_dates_of_logs_teletypes_and_bad_print_are_read(text: str, date: str) -> None:
    assert " ".join(normals(text, "date", "1991-02-11")) == date


@pytest.mark.parametrize("text", ["a 3/4 inch pipe", "of 1/2 of it", "part 061552 of the set", "pages 2/8 and on"])
def test_figures_with_a_stroke_are_no_dates(text: str) -> None:
    assert normals(text, "date", "1991-02-11") == []


def test_a_misread_figure_keeps_the_words_of_the_paper_and_is_never_certain() -> None:
    (date,) = found("Reported Aug. 2O, 1974 by phone.", "date")
    assert (date.text, date.normal, date.certainty) == ("Aug. 2O, 1974", "1974-08-20", "likely")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Pallbearers were Fred and Albert Lund and Wm. Teague.", ["Fred Lund", "Albert Lund", "Wm. Teague"]),
        ("VICTIM   TRAN, DUC VAN   M/A  DOB 11-30-46", ["Duc Van Tran"]),
        ("REPORT BY R. T. HAUGEN #2217", ["R. T. Haugen"]),
        ("Signed R.T. Haugen, badge 2217.", ["R. T. Haugen"]),
        ("He is survived by two daughters, Ada and Ngozi.", ["Ada", "Ngozi"]),
        ("Located Bonnie Tveit in Yuma.", ["Bonnie Tveit"]),
        ("The author is Ravi Subramanian, not Subramaniam.", ["Ravi Subramanian", "Subramaniam"]),
        ("Mary-Beth St Clair spoke. Mrs St Clair left.", ["Mary-Beth St Clair", "Mary-Beth St Clair"]),
        ("RO Iron Cloud, Wm., of Pierre", ["Wm. Iron Cloud"]),
        ("MN DL and IHC Scout were in the ND file. Rigor is passing off. Stomach: empty.", []),
    ],
)
def test_names_of_many_forms_are_read(text: str, names: list[str]) -> None:
    assert normals(text, "person") == names


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Two hundred and twelve villagers came.", "212 villagers"),
        ("a hundred people stood", "100 people"),
        ("She owned TWO HANDGUNS AND A KNIFE", "2 handguns"),
        ("three gunshot wounds of the chest", "3 wounds"),
        ("with two other boys", "2 boys"),
    ],
)
def test_counts_of_other_forms_are_read(text: str, count: str) -> None:
    assert normals(text, "count") == [count]
