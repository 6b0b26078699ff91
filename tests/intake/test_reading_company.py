"""Plates by their company, numbers in columns, marks of pieces of evidence: invented lines, each by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaw.intake import read_mentions
from thaw.intake.reading import Reading
from thaw.record import PartialDate


def found(text: str, kind: str) -> list[str]:
    return [m.text for m in read_mentions(text) if m.kind == kind]


@pytest.mark.parametrize(
    ("text", "plates"),
    [
        # The shape of a plate of the page names another.
        ("License C71-220 was lost. The yard held C74-915 by the pump.", ["C71-220", "C74-915"]),
        # Right behind a vehicle or a make.
        ("Seen: tow truck, wrecker D40-118 in the yard.", ["D40-118"]),
        ("Yel Datsun 642-PLK beside the laundry. No other car.", ["642-PLK"]),
        ("The son has a motorcycle, M-4107.", ["M-4107"]),
        ("She asks when he gets the truck back (D40-118).", ["D40-118"]),
        # A column of cars, a register without one, a cell with its make.
        ("APT   TENANT           SINCE      AUTO\n 1A   Ott, Rena        1971       none\n"
         " 1B   Vance, Lee       1979       318-QRB\n",
         ["318-QRB"]),
        ("Site  Name              License           No. in\n                                          party\n"
         "-----------------------------------------------\n 1    R. Oster          Colo. DM-4415     4\n"
         " 2    L. Amis           Utah  NKE 702     2\n", ["DM-4415", "NKE 702"]),
        # The state behind its plate, and a part of one.
        ("10-28 on DM-4415 Colo., yellow sedan parked at the gate.", ["DM-4415"]),
        ("DARK GREEN PICKUP, MASS COMMERCIAL PARTIAL D40", ["D40"]),
        ("PLATE            VEHICLE\nNMex 2-15903     63 Ford pickup\nAriz SLD-430     61 Chev\n",
         ["2-15903", "SLD-430"]),
        # Shapes of trucks, letters that weigh elsewhere, a sign that nobody could read.
        ("Tractor lic. A 4191 K and trailer, lic. C08155X.", ["A 4191 K", "C08155X"]),
        ("Met at the lot, car lic. LBS 448. It holds 448 LBS.", ["LBS 448"]),
        ("Plate JFN 33_ in a matchbook. Then JFN 330 again.", ["JFN 33_", "JFN 330"]),
        # A state before its label, a car behind the plate, and what is left of one.
        ("   PA REG 41R-918   RED VAN SEEN AT THE LOT\n   DE REG 215 881   TAN DODGE", ["41R-918", "215 881"]),
        ("Lot: CRD 519  bl Pinto, and a van, Wis B41-620.", ["CRD 519", "B41-620"]),
        ("A green pickup, Md. HJ 4, rest not seen.", ["HJ 4"]),
        # None of these is a plate.
        ("The cruiser took case D40-118 to room A12-44.", []),
        ("TAG      DATE IN    DESCRIPTION          SHELF\nE-5310   6-16-74    Sandal, left         C-4\n"
         "E-5311   6-16-74    Cash box, car key    C-5\n", []),
    ],
)  # fmt: skip
def test_a_plate_is_known_by_its_company(text: str, plates: list[str]) -> None:
    assert found(text, "plate") == plates


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("TAG      DATE IN    DESCRIPTION          SHELF\nE-5310   6-16-74    Sandal, left         C-4\n"
         "E-5311   6-16-74    Cash box, key        C-5\n\nOut to the lab: E-5311. Back.",
         ["E-5310", "E-5311", "E-5311"]),
        ("CARD    TIME   DRIVER\n7-3371  0758   Amis, L.\n7-3372  0811   Oster, R.\n\nCard 7-3371: a cook.",
         ["7-3371", "7-3372", "7-3371"]),
        ("Fragment marked W-1 was sealed. Hair marked W-3 and W-4; the evidence went to the laboratory.",
         ["W-1", "W-3", "W-4"]),
        ("Evidence: see the swab marked T-1. The fracture is at vertebra T-9.", []),
        ("Take I-70 to the laboratory; evidence and samples are on US-2.", []),
        ("Evidence: HB-1  10/15/80  cap\nHB-2  10/21/80  tarp", ["HB-1", "HB-2"]),
        ("Coroner's: 71-41 and 71-42", ["71-41", "71-42"]),
        ("The boxes of CR-71-117 are gone.", ["CR-71-117"]),
        ("The ticket, no. 0077213, is kept. Work order 3390. Rolls 71-311 and 71-312. Property slip IV-P-71.",
         ["0077213", "3390", "71-311", "71-312", "IV-P-71"]),
        ("Lt. Lee Vance, Badge 1907", ["1907"]),
        ("MSG NR 0448. RECORD NR T-20619. An employee no. 40773.", ["0448", "T-20619", "40773"]),
        ("ITEM   DESCRIPTION            FROM\n71-1   jacket, denim          Farrow\n"
         "C-3    slides (coroner)       Vogel\n\nC-3 and 71-1 out to the lab.", ["71-1", "C-3", "C-3", "71-1"]),
        ("Caller ID 337-22 and no more.", []),
        ("reg. mail 517827", ["517827"]),
    ],
)  # fmt: skip
def test_numbers_of_columns_labels_and_pieces(text: str, numbers: list[str]) -> None:
    assert found(text, "number") == numbers


def test_a_plate_or_an_hour_is_no_count() -> None:
    assert found("551-PRN and 667-TIPS", "count") == []
    assert found("2204  Departs. Lost at the lights.\n0915  Stops at the lodge.", "count") == []
    assert found("He had 12 boxes in the hall.", "count") == ["12 boxes"]


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("Yard flooded 8/78; the rest went 4/90.", ["1978-08", "1990-04"]),
        ("Convicted 1984, federal. LAST TETANUS: 1976", ["1984", "1976"]),
        ("The 1966 case, and all 1966 property.", ["1966", "1966"]),
        ("Pressure 9/45 of the scale. Room 1984 was let.", []),
    ],
)
def test_months_with_years_and_years_alone(text: str, dates: list[str]) -> None:
    assert [m.normal for m in read_mentions(text) if m.kind == "date"] == dates


def test_days_of_a_dated_paper() -> None:
    text = "Out of town 10/11 to 10/14. Dog barked 7-7:30 pm. DENTAL NEG 101278"
    known = Reading(PartialDate.parse("1978-10-20"))
    assert [m.normal for m in read_mentions(text, known) if m.kind == "date"] == [
        "1978-10-11/1978-10-14",
        "1978-10-12",
    ]


SIGNS = st.text(alphabet="ABW09-. \n\tcarE", max_size=120)


@given(SIGNS)
def test_any_signs_are_read_and_stay_where_they_are(text: str) -> None:
    for mention in read_mentions("Vehicle: a car\nTAG      CARD\n" + text):
        assert 0 <= mention.start < mention.end
