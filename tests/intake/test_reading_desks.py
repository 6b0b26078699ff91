"""The reading of papers of seventeen desks: telex, carbon, tape, property sheet, letter, mail, log, other countries."""

from __future__ import annotations

import pytest

from bench.reading import same_value
from bench.unseen import mention_scores
from thaw.intake import read_mentions
from thaw.intake.reading import Reading, running_lines
from thaw.record import PartialDate

DESKS = mention_scores("desks_*", same_value)
BARS = {"person": 0.90, "date": 0.90, "phone": 0.90, "plate": 0.95, "number": 0.95, "count": 0.90}


def normals(text: str, kind: str, written: str | None = None) -> list[str]:
    reading = Reading(PartialDate.parse(written)) if written else None
    return [m.normal for m in read_mentions(text, reading) if m.kind == kind]


@pytest.mark.parametrize("kind", BARS)
def test_papers_of_many_desks_are_read_at_least_so_well(kind: str) -> None:
    score = DESKS[kind]
    assert score.right >= BARS[kind] * max(score.found, score.wanted), "\n".join(score.faults)


@pytest.mark.parametrize(
    ("text", "plates"),
    [
        ("72 FORD LTD 4D BRN/TAN  TENN TAG 4J-2291", ["4J2291"]),
        ("Idaho lic# 2K 18847, maybe 2K 18841, tan Suburban", ["2K18847", "2K18841"]),
        ("tag XR-8814. No hit. Suggest XR-8814 through XR-8819", ["XR8814", "XR8814", "XR8819"]),
        ("The plate was Mass. reg. 729-KDL", ["729KDL"]),
        ("Of the plates:\n - ME 4413 FB comes back to a Plymouth\n - NH 318 559 never issued", ["4413FB", "318559"]),
        ("a Cortina, index number LVJ 772P", ["LVJ772P"]),
        ("I remember the Arizona plate because it had my birthday: 1H 0412.", ["1H0412"]),
        ("green VW with Iowa license 77-31884. Radio check shows 77-31884 is his.", ["7731884", "7731884"]),
        ("Did you get a plate?\nA   It started with 7H, I think.", ["7H"]),
        ('Utah license plates beginning with "RK," said Lt. D\'Amico', ["RK"]),
        ("LIC/7T4419  YR/78 TYPE/COM STATE/NV", ["7T4419"]),
        ('She recalls the license as "NZH 1" something', ["NZH1"]),
    ],
)
def test_plates_stand_in_many_ways(text: str, plates: list[str]) -> None:
    assert normals(text, "plate") == plates


@pytest.mark.parametrize(
    "text",
    [
        "Tag 14 was placed on the bag of shell casings.",
        "He worked the docks from 1971 to 1975 and had no license.",
        "The car was seen on 5-18-74 at 0930 HRS.",
        "License to carry was denied on 12 MAR 1981.",
        "WIT #2 lives at 4407 Wabash #12.",
        "See page 12-14 of the plates in the atlas.",
    ],
)
def test_other_figures_are_no_plates(text: str) -> None:
    assert normals(text, "plate") == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("FOLLOW-UP    DR 71-684 203", ["71-684-203"]),
        ("Tape 88-T-119, side A", ["88-T-119"]),
        ("File EP 7-4418", ["EP-7-4418"]),
        ("Item   Description      Serial/ID\n1      Revolver         J482216\n", ["1", "J482216"]),
        ("NO.    DATE      TIME\n0214   12/27/99  0810   Anon. female\n", ["0214"]),
        ("WIT #1 saw WIT #2 at 4407 Wabash #12", []),
        ("Tow slip no. 55107", ["55107"]),
    ],
)
def test_numbers_of_logs_tapes_and_columns_are_read(text: str, numbers: list[str]) -> None:
    assert normals(text, "number") == numbers


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("R/O Philip Sandoval, 3318 Eagle", ["Philip Sandoval"]),
        ("a Plymouth Reliant, Gagnon, Roland R Jr, Biddeford", ["Roland R Gagnon Jr."]),
        (
            "Pallbearers were Hubert Stroud, J. D. Mackey and Luis Ybarra.",
            ["Hubert Stroud", "J. D. Mackey", "Luis Ybarra"],
        ),
        ("SUBJECT: Recap of Bui Thi Hoa", ["Bui Thi Hoa"]),
        ("two daughters, Kirsten, 9, and Annika, 6", ["Kirsten", "Annika"]),
        ("He was arrested by Lewiston police.", []),
        ("of Keene, N.H. Damage was slight", []),
    ],
)
def test_names_stand_in_many_ways(text: str, names: list[str]) -> None:
    assert normals(text, "person") == names


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("killed on March 10th of last year", "1990-03-10"),
        ("He left on June 4 two years ago.", "1989-06-04"),
        ("ADM MSG   080376  1440 CDT", "1976-08-03"),
        ("Saw the car 12/20/90. A red Geo behind the feed store 12/23.", "1990-12-20 1990-12-23"),
    ],
)
def test_days_of_other_years_and_logs_are_read(text: str, date: str) -> None:
    assert " ".join(normals(text, "date", "1991-02-11")) == date


def test_lines_at_the_head_of_page_after_page_name_nobody() -> None:
    words = ["birch", "cedar", "maple", "poplar", "willow"]
    told = [[f"{word} {verb}." for verb in ("fell", "grew", "stood", "bent")] for word in words]
    pages = [
        "\n".join([f"COUNTY OF DALE - CASE FILE 76-{n}", *lines, "Mary Hale said so.", *lines[:3], f"Page {n} of 9"])
        for n, lines in enumerate(told)
    ]
    first, others = running_lines(pages)
    assert others == {"county of dale - case file 0-0", "page 0 of 0"}
    assert first == frozenset()
    found = [m.text for m in read_mentions(pages[2], Reading(running_lines=others))]
    assert found == ["Mary Hale"]


def test_two_pages_are_too_few_for_running_lines() -> None:
    assert running_lines(["INVENTED CASE FILE\nOne", "INVENTED CASE FILE\nTwo"]) == (frozenset(), frozenset())
    lines = running_lines(["INVENTED CASE FILE\nOne", "INVENTED CASE FILE\nTwo", "INVENTED CASE FILE\nSix"])
    assert lines == (frozenset({"invented case file"}), frozenset({"invented case file"}))


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        (
            "Rothstein #10442 / Pagano #11873     Supv. approving: Lt. B. Ohara",
            "person",
            ["Rothstein", "Pagano", "B. Ohara"],
        ),
        ("Locker #4471 and Item #23 were opened.", "person", []),
        ("went to the motel, 1182 W. Anaheim, and spoke", "place", ["1182 W Anaheim"]),
        ("PAGE 14\nDATE     DR NO.\n", "place", []),
        ("CII 3 118 442, who drives", "number", ["3-118-442"]),
        ("an Ohio plate RT 7718 was seen", "plate", ["RT7718"]),
        ("He checked plates on RT 771 and SR 99.", "plate", []),
    ],
)
def test_papers_of_detectives_are_read_in_their_short_forms(text: str, kind: str, found: list[str]) -> None:
    assert normals(text, kind) == found
