"""Sections of pages: headings decide, pages go on, dates written and filed are told apart; all invented."""

from __future__ import annotations

import pytest

from thaw.data import read_json, read_toml
from thaw.intake import propose_sections


def one(text: str) -> tuple[str | None, str | None]:
    (found,) = propose_sections([(1, text)])
    return found.section, found.kind


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        ("CHRONOLOGICAL RECORD", "01"), ("CRIME SCENE LOG", "02"), ("PRELIMINARY INVESTIGATION REPORT", "03"),
        ("NEXT OF KIN NOTIFICATION", "04"), ("Report of the Medical Examiner\nAUTOPSY", "05"),
        ("PROPERTY REPORT", "06"), ("LABORATORY REPORT", "07"), ("PHOTOGRAPHIC LOG", "08"),
        ("VICTIM BACKGROUND", "09"), ("WITNESS LIST", "10"), ("STATEMENT OF: HOLLIS, Ann", "11"),
        ("PERSONS OF INTEREST", "12"), ("ADVICE OF RIGHTS", "13"), ("ARREST REPORT", "14"),
        ("FOLLOW-UP INVESTIGATION", "15"), ("60-DAY PROGRESS REPORT", "16"), ("VEHICLE IMPOUND REPORT", "17"),
        ("TELEPHONE TOLL RECORDS", "18"), ("AFFIDAVIT FOR SEARCH WARRANT", "19"), ("CLUE SHEET No. 14", "20"),
        ("NEIGHBORHOOD CANVASS", "21"), ("TELETYPE", "22"), ("THE INVENTED GAZETTE", "23"),
        ("FAMILY CONTACT SHEET", "24"), ("OFFICE OF THE DISTRICT ATTORNEY", "25"), ("MEMORANDUM", "26"),
    ],
)  # fmt: skip
def test_a_heading_names_the_section(heading: str, section: str) -> None:
    assert one(f"INVENTED CITY POLICE\n{heading}\n\nSome words of no weight.")[0] == section


def test_the_same_words_in_the_middle_of_a_sentence_name_none() -> None:
    text = "He asked whether the autopsy report had come and was told that it had not been typed yet.\n"
    assert one(text * 3) == (None, None)


def test_pages_without_a_heading_go_on_from_the_page_before() -> None:
    pages = [(1, "AUTOPSY REPORT\nDate of report: 3/12/84"), (2, "Page 2 of 3\nwords"), (3, None), (4, "CLUE SHEET")]
    found = propose_sections(pages)
    assert [page.section for page in found] == ["05", "05", "05", "20"]
    assert found[1].why == "goes on from page 1"
    assert found[1].written == "1984-03-12"


@pytest.mark.parametrize(
    ("line", "written", "filed"),
    [
        ("Date of report: 3/12/84", "1984-03-12", None),
        ("Date: March 12, 1984", "1984-03-12", None),
        ("DATE TYPED 12 MAR 84   FILED: 5/1/84", "1984-03-12", "1984-05-01"),
        ("Report date: 1984-03-12", "1984-03-12", None),
        ("Received 04-02-2004", None, "2004-04-02"),
        ("Date: 13/45/84", None, None),
        ("The candidate was born 3/12/54.", None, None),
    ],
)
def test_dates_written_and_filed_are_told_apart(line: str, written: str | None, filed: str | None) -> None:
    (found,) = propose_sections([(1, f"FOLLOW-UP REPORT\n{line}\n")])
    assert (found.written, found.filed) == (written, filed)


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("Reporting officer: Marlow, P. #4411", "Marlow, P. #4411"),
        ("Prepared by: Det. Ines Invented", "Det. Ines Invented"),
        ("By ANN HOLLIS", "ANN HOLLIS"),
        ("The car was driven by a man", None),
    ],
)
def test_the_author_is_who_a_label_names(line: str, author: str | None) -> None:
    assert propose_sections([(1, f"REPORT\n{line}\n")])[0].author == author


def test_every_kind_belongs_to_a_section_of_the_murder_book() -> None:
    known = read_json("codes/murder_book.json")["lists"]["section"]
    kinds = read_toml("reading/sections.toml")["kinds"]
    assert {kind["section"] for kind in kinds} == set(known)
