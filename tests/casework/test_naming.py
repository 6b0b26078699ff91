"""A John Doe is a case: its body is compared like any other, and with its name it is compared anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from books import csv_file, imported, missing_file, new_book, row, rows, thaw
from thaw.casework.naming import decide_name
from thaw.errors import InputError

BODY, PERSON = "namus-unidentified:UP7", "namus-missing:MP1"
COLUMNS = (
    '"Case","ME/C Case","Date Found","Age From","Age To","City","County","State","Sex","Race / Ethnicity",'
    '"Date Modified","Manner of Death"'
)
WHERE = '"Salt Lake City","Salt Lake","Utah","Female","White / Caucasian","1/9/24"'
BODIES = (
    f'"UP7","84-1","7/20/85","18","60",{WHERE},"Homicide"',
    f'"UP8","84-2","8/15/85","20","30",{WHERE},"Undetermined"',
    f'"UP9","84-3","8/15/85","20","30",{WHERE},"Natural"',
)
ADA = (
    '"MP1","7/3/85","Example","Ada","24 Years","Salt Lake City","Salt Lake","UT","Female","White / Caucasian","1/9/24"'
)
BOB = '"MP2","7/3/85","Example","Bob","70 Years","Ely","White Pine","NV","Male","Asian","1/9/24"'
AUTHORITY = ("--authority", "Invented Examiner", "--reason", "report 12")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    work = new_book(tmp_path / "book")
    imported(work, csv_file(tmp_path / "register.csv", [*rows(30), row(99, month=7, vic_age=24, weapon_code="20")]))
    (tmp_path / "bodies.csv").write_text("\n".join([COLUMNS, *BODIES, ""]), encoding="utf-8")
    imported(work, tmp_path / "bodies.csv")
    imported(work, missing_file(tmp_path / "missing.csv", ADA, BOB))
    work.book.close()
    return tmp_path / "book"


def told(book: Path, *command: str) -> Any:
    ran = thaw(*command, book=book, as_json=True)
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def against(book: Path, case: str, other: str) -> dict[str, Any]:
    found = told(book, "similar", case, "--top", "40")["results"]
    return next(one for one in found if one["source_key"] == other)


def test_bodies_of_homicides_and_undetermined_deaths_take_part_in_similar(book: Path) -> None:
    found = told(book, "similar", "shr-map:99", "--top", "40")
    keys = {one["source_key"] for one in found["results"]}
    assert {"namus-unidentified:UP7", "namus-unidentified:UP8"} <= keys
    assert "namus-unidentified:UP9" not in keys
    assert told(book, "similar", BODY, "--top", "3")["cases_searched"] == found["cases_searched"]


def test_a_name_rescores_the_case_and_taking_it_back_restores_it(book: Path) -> None:
    before = against(book, BODY, "shr-map:99")
    listed = told(book, "identify", BODY)
    made = told(book, "ruling", "name", BODY, PERSON, *AUTHORITY)
    assert (made["state"], made["case_id"]) == ("identified", listed["person"]["case_id"])
    after = against(book, BODY, "shr-map:99")
    ages = [next(p for p in one["parts"] if p["feature"] == "victim_age") for one in (before, after)]
    assert ages[0]["log10_bf"] < ages[1]["log10_bf"]
    statements = {s["predicate"]: s for s in told(book, "case", BODY)["statements"]}
    assert statements["victim.age"]["words"] == "24 years"
    assert {one["words"] for one in statements["victim.age"]["sources"]} >= {"24 Years"} or statements["victim.age"][
        "sources"
    ]
    assert statements["date"]["value"]["from"] == "1985-07-03"
    named = told(book, "identify", BODY)
    assert named["identified_as"] == made["missing"]
    assert named["candidates"][0]["state"] == "identified"
    # What the name adds to the case is no evidence for the name.
    assert [c["log10_support"] for c in named["candidates"]] == [c["log10_support"] for c in listed["candidates"]]
    assert told(book, "identify", "namus-unidentified:UP8")["candidates"][0]["state"] == "named elsewhere"
    assert thaw("rebuild", book=book, person="Tester").code == 0
    assert against(book, BODY, "shr-map:99") == after

    undone = told(book, "ruling", "undo", str(made["entry"]), "--reason", "mixed up")
    assert undone["state"] == "open"
    assert against(book, BODY, "shr-map:99")["parts"] == before["parts"]
    assert told(book, "identify", BODY)["identified_as"] is None
    again = told(book, "ruling", "name", BODY, PERSON, *AUTHORITY)
    assert against(book, BODY, "shr-map:99") == after
    assert again["entry"] > made["entry"]


def test_a_body_that_is_no_case_is_named_all_the_same(book: Path) -> None:
    made = told(book, "ruling", "name", "namus-unidentified:UP9", PERSON, *AUTHORITY)
    assert (made["case_id"], made["alerts"]) == (None, [])
    assert told(book, "identify", PERSON)["identified_as"] == made["unidentified"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((PERSON, BODY, "A", "r"), f"person {PERSON}: got one of the kind missing, want one who is unidentified. Give "
         "the unidentified first, then the missing."),
        ((BODY, PERSON, " ", "r"), "ruling name, authority: got nothing, want a few words. Use --authority TEXT."),
        ((BODY, PERSON, "A", ""), "ruling name, reason: got nothing, want a few words. Use --reason TEXT."),
    ],
)  # fmt: skip
def test_what_is_no_decision_is_refused(book: Path, arguments: tuple[str, str, str, str], message: str) -> None:
    from thaw.casework import open_book, session

    work = session(open_book(book), "Tester")
    with pytest.raises(InputError) as caught:
        decide_name(work, arguments[0], arguments[1], authority=arguments[2], reason=arguments[3])
    assert str(caught.value) == message
    work.book.close()


def test_a_second_name_wants_the_first_taken_back(book: Path) -> None:
    told(book, "ruling", "name", BODY, PERSON, *AUTHORITY)
    ran = thaw("ruling", "name", BODY, "namus-missing:MP2", *AUTHORITY, book=book)
    assert ran.err == (
        "thaw: ruling name: got a body that has a name, want one without. Take the first decision back: `thaw ruling "
        "undo ENTRY --reason TEXT`.\n"
    )


def test_bodies_of_homicides_and_undetermined_deaths_take_part_in_series(tmp_path: Path) -> None:
    line = '"UP{n}","85-{n}","{day}","18","40","Ely","{county}","Utah","Female","White / Caucasian","1/9/24","{manner}"'
    counties = ("Utah", "Davis", "Weber", "Salt Lake", "Grand")
    spread = [
        line.format(n=i, day=f"{1 + i % 12}/3/{1970 + i}", county=counties[i % 5], manner="Homicide") for i in range(40)
    ]
    manners = ("Homicide", "Homicide", "Homicide", "Homicide", "Undetermined", "Undetermined", "Natural")
    near = [
        line.format(n=100 + i, day=f"{6 + i % 2}/{3 + i}/1985", county="Salt Lake", manner=manner)
        for i, manner in enumerate(manners)
    ]
    work = new_book(tmp_path / "book")
    (tmp_path / "bodies.csv").write_text("\n".join([COLUMNS, *spread, *near, ""]), encoding="utf-8")
    imported(work, tmp_path / "bodies.csv")
    work.book.close()
    book = tmp_path / "book"

    first = told(book, "series", "--permutations", "199")[0]
    assert (first["found_by"], first["alarm"], first["unsolved"], first["total"]) == ("burst", True, 6, 6)
    assert set(first["source_keys"]) == {f"namus-unidentified:UP{100 + i}" for i in range(6)}
