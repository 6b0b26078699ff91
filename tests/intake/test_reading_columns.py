"""Tables of typed forms: quantities, plates, badges and the marks of laboratories, and pieces of plates."""

from __future__ import annotations

import pytest

from thaw.intake import read_mentions
from thaw.intake.reading import Reading


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
