"""Tables of typed forms: quantities, plates, badges and the marks of laboratories, and pieces of plates."""

from __future__ import annotations

import pytest

from thaw.intake import read_mentions
from thaw.intake.reading import Reading
from thaw.record import PartialDate


def found(text: str, kind: str) -> list[str]:
    return [m.normal for m in read_mentions(text, Reading()) if m.kind == kind]


def texts(text: str, kind: str) -> list[str]:
    return [m.text for m in read_mentions(text, Reading()) if m.kind == kind]


def test_a_column_of_quantities_counts_what_stands_beside_it() -> None:
    form = (
        "ITEM  QTY  DESCRIPTION                    FOUND\n"
        " 1    4    SHELLS, 12 GA, RED             PORCH\n"
        " 2    1    LAMP, BROKEN                   KITCHEN\n"
        " 3    12   BEER CANS                      YARD\n"
        "----------------------------------------------\n"
        " 7    9    GATE\n"
    )
    assert found(form, "count") == ["4 shells", "12 cans"]
    assert found(form, "number") == ["1", "2", "3", "7"]


def test_the_number_of_the_next_box_of_a_form_is_no_number_of_this_one() -> None:
    form = "14. REPORTING OFFICER     BADGE     15. APPROVED BY      BADGE\n"
    form += "    J. HARLAN             512           M. OTIS          77\n"
    assert found(form, "number") == ["512", "77"]


def test_the_marks_of_a_laboratory_are_numbers_wherever_they_stand() -> None:
    letter = (
        "SPECIMENS SUBMITTED\nQ-1   Swab of the sill\nQ-2   Hair from the rug\nK-1   Blood of the victim\n\n"
        "The stain on Q-2 is of the type of K-1. Route Q-7 was closed.\n"
    )
    assert found(letter, "number")[:5] == ["Q-1", "Q-2", "K-1", "Q-2", "K-1"]
    assert found("Take I-94 to I-35 and the lab.\n", "number") == []


def test_items_of_a_custody_table_and_those_excepted() -> None:
    assert found("ITEM(S)    FROM     TO\n1, 4       SAFE     LAB\n", "number") == ["1", "4"]
    assert found("Items 1 through 9 are on the shelf except 6.\n", "number") == ["1", "9", "6"]


def test_a_column_of_plates_is_read_row_by_row() -> None:
    table = (
        "Space  Make            State  Plate      Remarks\n"
        "3      Dodge Dart      MN     HKL 204    cold hood\n"
        "4      Buick wagon     IN     18T2291    tools in rear\n"
        "5      none            --     --         empty\n"
        "6      VW bus          OH     PZ? 118    muddy\n"
    )
    assert found(table, "plate") == ["HKL204", "18T2291", "PZ?118"]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("Any of the plate? - R-T something, Ohio.", ["R-T"]),
        ("A green Ford, Ohio MX- only.", ["MX"]),
        ("White pickup, W. Va., first part 4C-22, went north.", ["4C-22"]),
        ("He parked his Honda motorcycle, 5512 B (Rudd's).", ["5512 B"]),
        ("A Camaro with vanity plate, LIZ-QT or so.", ["LIZ-QT"]),
        ("LIC: ______ ST: __", []),
        ("There was something about the man: A-B something.", []),
    ],
)
def test_pieces_of_plates(text: str, want: list[str]) -> None:
    assert texts(text, "plate") == want


def test_a_row_that_begins_with_figures_is_no_telephone_of_the_line_above() -> None:
    assert found("108   Datsun   Left 0500, will phone\n112   Buick\n", "phone") == []
    assert found("Phone:\n4471\n", "phone") == ["4471"]


def persons(text: str) -> list[tuple[str, str]]:
    return [(m.text, m.normal) for m in read_mentions(text, Reading()) if m.kind == "person"]


def test_initials_of_a_person_whom_the_page_names() -> None:
    log = "Kept by: Sgt. Harold Noonan\nPtnr: Det. Ivy Castle\n\nFuneral. HN & IC sat there.\n"
    log += "No answer at the door. HN\n"
    found_ = [name for text, name in persons(log) if text in ("HN", "IC")]
    assert found_ == ["Harold Noonan", "Ivy Castle", "Harold Noonan"]
    assert [t for t, _ in persons("Sgt. Paul Moss came at 4 PM. He left at 5. PM radio was off.\n")] == ["Paul Moss"]


def test_a_title_and_one_letter_is_the_person_of_that_letter() -> None:
    assert ("Mrs. D.", "Ruth Delgado") in persons("Mrs. Ruth Delgado rode the bus. Mrs. D. has no phone.\n")


def test_who_signs_an_entry_behind_a_dash() -> None:
    assert [t for t, _ in persons("Will come in.  -- Orlovsky\nWill call again. -- Continued\n")] == ["Orlovsky"]


def test_surnames_of_capitals_in_a_custody_table() -> None:
    table = "ITEM(S)   FROM        TO          DATE\n2         QUINTANA    LAB         4-2-81\n"
    table += "3         MAREK       QUINTANA    4-3-81\n"
    assert [t for t, _ in persons(table)] == ["QUINTANA", "MAREK", "QUINTANA"]


def test_a_mail_head_gives_a_name_that_no_list_has() -> None:
    mail = 'From: "Sorel, Maëlle K." <msorel@pd.example>\nTo: Ann Price <ap@pd.example>\nSubject: cuff\n\nDone.\n'
    assert ("Sorel, Maëlle K", "Maëlle K Sorel") in persons(mail) or ("Sorel, Maëlle K.", "Maëlle K. Sorel") in persons(
        mail
    )


@pytest.mark.parametrize(
    "text",
    ["ADDRESS: 1109 E. CORLISS   OCCUP: GUARD\n", "(LAUNDRY RM, REAR OF OFFICE)\n", "NOTIFIED: DET. BUR. AND FIRE\n",
     "cc: Prosecutor, Polk County\n"],
)  # fmt: skip
def test_words_of_forms_that_are_no_names(text: str) -> None:
    assert persons(text) == []


def test_two_surnames_with_a_sign_are_a_firm_only_where_neither_is_known() -> None:
    assert [t for t, _ in persons("Off. Oyelowo came. Oyelowo & Brandvold held the door.\n")][1:] == [
        "Oyelowo",
        "Brandvold",
    ]
    assert persons("He rode with Hartmann & Sons.\n") == []


def test_a_nickname_set_equal_to_a_name_is_that_person() -> None:
    assert [n for t, n in persons("Ask for Butch. Butch = Leonard Sykes, of Dayton.\n") if t == "Butch"][
        -1
    ] == "Leonard Sykes"


def dates(text: str) -> list[tuple[str, str]]:
    reading = Reading(PartialDate.parse("1983-12-03"))
    return [(m.text, m.normal) for m in read_mentions(text, reading) if m.kind == "date"]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("She saw him with it in June.\n\n4. A guard was there.\n", ["1983-06"]),
        ("On November 28 a man, who wishes not to be named, stated so.\n", ["1983-11-28"]),
        ("Sworn this 2nd day of December, A.D. 1983.\n", ["1983-12-02"]),
        ("A man of 35, thin, about 5-10, reddish mustache.\n", []),
        ("I should have told it thirteen years ago.\n", ["1970"]),
        ("Three priors incl. robbery 1977.\n", ["1977"]),
        ("11/23  Wed.\nFuneral.\n\n11/28\nChecked the room.\n", ["1983-11-23", "1983-11-28"]),
        ("Recheck 19th: nothing new.\n", ["1983-11-19"]),
    ],
)
def test_days_of_logs_and_affidavits(text: str, want: list[str]) -> None:
    assert [normal for _, normal in dates(text)] == want


def test_a_column_of_tickets_and_what_is_said_of_one_below() -> None:
    sheet = (
        "Shop              Ticket    Article\n"
        "Harbor Loan       30412     Ring\n"
        "Dime Jewelry      B-7714    Pistol\n\n"
        "The ring on 30412 fits.\n"
    )
    assert found(sheet, "number") == ["30412", "B-7714", "30412"]
    assert found(sheet, "count") == []


def test_tags_of_bottles_are_no_plates_though_a_car_stands_in_the_next_line() -> None:
    text = "Four bottles collected, tag nos. 2207 to 2210.\nVehicle in drive: Buick.\n"
    assert found(text, "plate") == []
    assert found(text, "number") == ["2207", "2210"]


def test_the_hour_of_the_next_row_is_no_number_of_this_one() -> None:
    assert found("0140  Stopped van. Neg.\n0200  Relieved.\n", "number") == []


def test_two_days_joined_by_and_are_two_dates() -> None:
    assert [normal for _, normal in dates("He missed August 4 and August 18.\n")] == ["1983-08-04", "1983-08-18"]


def test_the_verb_that_opens_an_entry_is_no_given_name() -> None:
    log = "Sgt. Dufresne requests Det. Whitlow. Called Whitlow at home.\n"
    assert [n for t, n in persons(log) if t.endswith("Whitlow")] == ["Whitlow", "Whitlow"]


def test_a_given_name_alone_under_a_letter_signs_it() -> None:
    mail = "From: Pat Mulcahy <pm@pd.example>\nSubject: slides\n\nThanks.\n\nPat\n"
    assert persons(mail)[-1] == ("Pat", "Pat Mulcahy")
