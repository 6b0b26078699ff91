"""Reading by rule: each kind with its normal form, places that fit the text, nothing in boilerplate, speed apart."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thaw.intake import Mention, read_mentions, reading
from thaw.record import PartialDate

DAY = PartialDate(date(1984, 3, 14), date(1984, 3, 14), "day")  # a Wednesday


def read(text: str, written: PartialDate | None = DAY) -> list[Mention]:
    return list(read_mentions(text, reading.Reading(document_date=written)))


def normals(text: str, kind: str, written: PartialDate | None = DAY) -> list[str]:
    return [m.normal for m in read(text, written) if m.kind == kind]


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("on 3/12/84", "1984-03-12"),
        ("on 03-12-84 at 2245 hrs", "1984-03-12"),
        ("12 MAR 84", "1984-03-12"),
        ("March 12th, 1984", "1984-03-12"),
        ("the 12th of March, 1984", "1984-03-12"),
        ("the first of March 1984", "1984-03-01"),
        ("Monday night, March 12", "1984-03-12"),
        ("in March 1984", "1984-03"),
        ("late summer 1983", "1983-08-16/1983-09-22"),  # the last third of 1 June to 22 September: 114 days, day 76 on
        ("between March 9 and March 12, 1984", "1984-03-09/1984-03-12"),
        ("on or about March 9, 1984", "1984-03-06/1984-03-12"),
        ("since 1979", "1979"),
        ("in the late 1970s", "1976-08-31/1979-12-31"),  # 3652 days; the last third begins on day 2434
        ("two days ago", "1984-03-12"),
        ("last Friday", "1984-03-09"),
        ("She was seen on Saturday", "1984-03-10"),
        ("He will return on Saturday", "1984-03-17"),
        ("yesterday", "1984-03-13"),
        ("about ten years ago", "1973-01-01/1975-12-31"),
        ("this summer", "1984-06-01/1984-09-22"),
        ("last summer", "1983-06-01/1983-09-22"),
        ("last month", "1984-02"),
        ("Thanksgiving 1983", "1983-11-24"),  # the fourth Thursday
    ],
)
def test_a_date_is_read_as_days(text: str, normal: str) -> None:
    assert normals(text, "date") == [normal]


@pytest.mark.parametrize(
    "text",
    [
        "1984 Oak Street",
        "$1,984",
        "call 555-1984",
        "at 1984 hours",
        "room 12-84",
        "3-12",
        "2,450 people",
        "a 1978 Ford sedan",
    ],
)
def test_other_numbers_are_no_dates(text: str) -> None:
    assert normals(text, "date") == []


def test_a_text_without_a_date_leaves_vague_dates_undated() -> None:
    (found,) = [m for m in read("He left this summer.", None) if m.kind == "date"]
    assert (found.date, found.normal, found.certainty) == (None, "this summer", "possible")


def test_a_weekday_that_does_not_fit_its_date_is_said() -> None:
    # 12 March 1984 was a Monday.
    found = {m.text: m.part("weekday") for m in read("On Tuesday, March 12, 1984 and Monday, March 12, 1984.")}
    assert found == {"Tuesday, March 12, 1984": "Monday, not Tuesday", "Monday, March 12, 1984": "agrees"}


def test_two_digits_of_a_birth_never_lie_in_the_future() -> None:
    (born,) = [m for m in read("DOB 5-1-92") if m.kind == "date"]
    assert (born.normal, born.role) == ("1892-05-01", "birth")


@pytest.mark.parametrize(
    ("head", "written"),
    [
        ("DATE OF REPORT: 3-14-84\nText.", "1984-03-14"),
        ("Invented Gazette\nThursday, June 12, 2025\n\nText.", "2025-06-12"),
        ("PORT ELLERY, Calif., June 12, 2025 — Text.", "2025-06-12"),
        ("Posted: 3/4/98\nText of June 1, 1999 follows.", "1998-03-04"),
        ("Police said that on June 12, 2025 a man was seen near the pier, and he left.", None),
    ],
)
def test_the_day_of_a_document_comes_from_its_head_only(head: str, written: str | None) -> None:
    own = [m.normal for m in read(head, None) if m.role == "document"]
    assert own == ([written] if written else [])


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("HALE, Robert James Jr. was seen.", "Robert James Hale Jr.", None),
        ("Witness: Okonkwo, Ada B.", "Ada B. Okonkwo", None),
        ("Officer R. Brannigan wrote it.", "R. Brannigan", "officer"),
        ("Det. Osei wrote it.", "Osei", "detective"),
        ("the victim's sister Mary said so", "Mary", "sister of the victim"),
        ("VICTIM: ROBERT HALE", "Robert Hale", "victim"),
        ("MET WITH SGT QUILLFEATHER AT THE SCENE", "Quillfeather", "sgt"),
        ("Renée Dubois, a novelist, said no.", "Renée Dubois", "novelist"),
        ("a man called Dutch", "Dutch", None),
        ("Malcolm Q said so.", "Malcolm Q", None),
        ("Robert “Bobby” Hale said so.", "Robert Hale", None),
        ("Pilar de la Cruz, 34, said so.", "Pilar de la Cruz", None),
    ],
)
def test_a_person_is_read_with_role(text: str, name: str, role: str | None) -> None:
    (found,) = [m for m in read(text) if m.kind == "person"]
    assert found.normal == name
    assert (
        role is None or (found.role or "").endswith(role.removeprefix("the ")) or found.role == role.replace("the ", "")
    )


def test_full_name_surname_and_rank_with_surname_join_inside_a_document() -> None:
    text = "Detective Anna Osei came. Osei looked. Det. Osei left. Mr. Robert Hale met Bob Hale, and Hale smiled."
    assert normals(text, "person") == ["Anna Osei"] * 3 + ["Robert Hale"] * 3


def test_relatives_of_one_surname_stay_apart() -> None:
    text = "Robert Hale was found. His wife, Mary Hale, was told. Mrs. Hale wept."
    assert normals(text, "person") == ["Robert Hale", "Mary Hale", "Mary Hale"]


def test_an_alias_is_the_person_it_belongs_to() -> None:
    found = normals('Thomas Granger, aka "Tommy Gun", ran. Gun was seen.', "person")
    assert found[:2] == ["Thomas Granger", "Thomas Granger"]


def test_a_title_and_a_person_with_one_word_stay_two_things() -> None:
    text = (
        '"Callahan" premieres on Sunday. Noreen Callahan said so. Callahan was born here. '
        "The second season of Callahan is coming."
    )
    found = [(m.kind, m.normal) for m in read(text) if m.kind in ("title", "person")]
    assert found == [
        ("title", "Callahan"),
        ("person", "Noreen Callahan"),
        ("person", "Noreen Callahan"),
        ("title", "Callahan"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The Harbor City Orchestra played.",
        "He works for the Department of Public Safety.",
        "FBI agents came.",
        "the Cold Case Unit",
    ],
)
def test_an_organisation_is_no_person(text: str) -> None:
    assert normals(text, "person") == []
    assert len(normals(text, "organisation")) == 1


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("call (702) 555-0142", "7025550142"),
        ("call 555-0142 today", "5550142"),
        ("phone 702-555-01xx", "70255501??"),
        ("dialed MAdison 4-1212", "MA41212"),
        ("a phone number beginning with 555-01", "55501"),
    ],
)
def test_a_phone_number_is_read_also_in_part(text: str, normal: str) -> None:
    assert normals(text, "phone") == [normal]


@pytest.mark.parametrize("text", ["DR 84-112-345", "Item 555-0142", "$555-600", "pages 100-1200", "1984-1985"])
def test_other_numbers_are_no_phones(text: str) -> None:
    assert normals(text, "phone") == []


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("license ABC 123", "ABC123"),
        ("Nevada plate 1ABC234", "1ABC234"),
        ("partial plate 4K-2?91", "4K2?91"),
        ("a plate beginning with KQR", "KQR"),
    ],
)
def test_a_plate_is_read_also_in_part(text: str, normal: str) -> None:
    assert normals(text, "plate") == [normal]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("DR 84-112345", [("84-112345", "case")]),
        ("Case No. 79-0455", [("79-0455", "case")]),
        ("Items #4, 5 and 6 were booked", [("4", "item"), ("5", "item"), ("6", "item")]),
        ("Exhibit B", [("B", "item")]),
        ("Officer Brannigan #4412", [("4412", "badge")]),
        ("Lab No. L-8843", [("L-8843", "laboratory")]),
        ("registered mail no. R 448 210", [("R-448-210", "mail")]),
        ("ITEM   QTY   WHAT\n1      1     Blouse\n2      3     Cigarettes\n", [("1", "item"), ("2", "item")]),
        ("in case of fire", []),
        ("the case was closed in 1984", []),
    ],
)
def test_a_number_is_read_by_its_label(text: str, found: list[tuple[str, str]]) -> None:
    assert [(m.normal, m.role) for m in read(text) if m.kind == "number"] == found


@pytest.mark.parametrize(
    ("text", "kind", "normal"),
    [
        ("a blue 1978 Chevrolet Nova", "vehicle", "1978 blue chevrolet nova"),
        ("5'11\" tall", "height", "180 cm"),  # 71 inches of 2.54 cm
        ("six feet; weight 170 lbs", "weight", "170 lb"),
        ("Hale, 41, said", "age", "41"),
        ("a 41-year-old man", "age", "41"),
        ("in his mid 30s", "age", "34-36"),
        ("$2.5 million", "money", "USD 2500000"),
        ("a .38 caliber revolver", "weapon", ".38 caliber revolver"),
        ("three stab wounds", "injury", "stab wound"),
        ("three shots", "count", "3 shots"),
        ("a ten-episode season", "count", "10 episodes"),
        ("some 1,200 new homes", "count", "1200 homes"),
        ("at 2245 hours", "time", "22:45"),
        ("at 1423 W. Fremont Ave., Apt 4", "place", "1423 W Fremont Ave, Apt, 4"),
    ],
)
def test_further_kinds_have_a_normal_form(text: str, kind: str, normal: str) -> None:
    assert normals(text, kind) == [normal]


@pytest.mark.parametrize(
    "text",
    [
        "Page 3 of 12",
        "Copyright 1998 The Invented Gazette, John Smith, publisher. All rights reserved.",
        "CONFIDENTIALITY NOTICE: This e-mail is intended only for Mary Smith of 555-0142.",
        "FORM 3.01 (Rev. 4/79)",
        "USE ADDITIONAL SHEETS IF NECESSARY",
        "Share this story with Tom Brown",
    ],
)
def test_nothing_is_found_in_boilerplate(text: str) -> None:
    assert read(text) == []


PIECES = (
    "Hale Robert Mary said on March 12, 1984 the DR 84-112 call 555-0142 (702) item #4 blue Ford O'Brien José “Bobby” "
    "VICTIM: HALE, MARY 5'11\" $400 Tuesday ago two years Street 1423 . , ; — ' \" ’ é ½ # ?"
)
WORDS = st.sampled_from([*PIECES.split(" "), "\n", "\n\n", "\f", "\x00"])


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, max_size=30).map(" ".join))
def test_every_mention_stands_where_it_says_and_reading_twice_gives_the_same(text: str) -> None:
    found = read(text)
    assert [text[m.start : m.end] for m in found] == [m.text for m in found]
    assert all(0 <= m.start < m.end <= len(text) for m in found)
    assert found == read(text)


@settings(max_examples=60, deadline=None)
@given(st.dates(date(1950, 1, 1), date(2040, 12, 31)), st.integers(0, 27))
def test_a_weekday_alone_lies_within_a_week_of_the_document(day: date, back: int) -> None:
    written = PartialDate(day, day, "day")
    name = (day - timedelta(back)).strftime("%A")
    (found,) = [m for m in read(f"She was seen on {name}.", written) if m.kind == "date"]
    assert found.date is not None
    assert found.date.first.strftime("%A") == name
    assert 0 <= (day - found.date.first).days < 7


@pytest.mark.parametrize(
    "piece", ["1", "1-", "AAA ", "Aaa ", '"A ', "John Smith, ", "Item 1, ", "March ", "Name: ", ".", "\n"]
)
def test_a_page_of_one_piece_over_and_over_is_read_in_bounded_time(piece: str) -> None:
    started = time.process_time()
    read_mentions(piece * (20_000 // len(piece)))
    assert time.process_time() - started < 10
