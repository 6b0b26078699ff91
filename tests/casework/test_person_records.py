"""What records of registers say in other ways than a number: groups of age, days since death, dental charts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from books import imported, missing_file, new_book
from thaw.casework import Session
from thaw.casework.identify import identify
from thaw.casework.person_records import people_of, records_of

HEAD = (
    '"Case","ME/C Case","Date Found","Age From","Age To","Age Group","City","County","State","Sex",'
    '"Race / Ethnicity","Date Modified","Postmortem Interval","Postmortem Interval Unit","Dental"'
)
WHERE = '"Moab","Grand","Utah","Female","White / Caucasian","1/9/24"'
CHART = "VVFFVVVV VVVVVVFX XVFCVVVV VVVVVVFX"


def bodies(work: Session, tmp_path: Path, *lines: str) -> list[Any]:
    (tmp_path / "bodies.csv").write_text("\n".join([HEAD, *lines, ""]), encoding="utf-8")
    imported(work, tmp_path / "bodies.csv")
    return records_of(people_of(work.look("a test"), "unidentified"))


@pytest.fixture
def work(tmp_path: Path) -> Any:
    made = new_book(tmp_path / "book")
    yield made
    made.book.close()


@pytest.mark.parametrize(
    ("low", "high", "group", "age"),
    [
        ("", "", "Adult - Pre 40", (18, 40)),
        ("", "", "Infant", (0, 3)),
        ("", "", "Adult", (18, 99)),
        ("", "", "Cannot Determine", None),
        ("25", "30", "Adult - Pre 40", (25, 30)),
    ],
)
def test_a_group_of_age_stands_where_no_number_does(
    work: Session, tmp_path: Path, low: str, high: str, group: str, age: Any
) -> None:
    (one,) = bodies(work, tmp_path, f'"UP1","84-1","9/1/84","{low}","{high}","{group}",{WHERE},"","",""')
    assert one.age == age


def test_days_since_death_give_an_interval_of_half_to_twice_as_many(work: Session, tmp_path: Path) -> None:
    (one,) = bodies(work, tmp_path, f'"UP1","84-1","9/1/84","","","",{WHERE},"10","Days",""')
    assert one.death is not None
    # 10 days before 1 September 1984: 20 days before it to 5 days before it.
    assert (one.death.first.isoformat(), one.death.last.isoformat()) == ("1984-08-12", "1984-08-27")


@pytest.mark.parametrize(
    ("text", "chart"),
    [
        (CHART, CHART.replace(" ", "")),
        ("#3: F, 14: X; 19=C, 30 : F", "--F----------X----C----------F--"),
        ("Dental records available, no chart", None),
        ("#3: F", None),
    ],
)
def test_a_dental_chart_is_read_where_there_is_one(work: Session, tmp_path: Path, text: str, chart: Any) -> None:
    (one,) = bodies(work, tmp_path, f'"UP1","84-1","9/1/84","","","",{WHERE},"","","{text}"')
    assert one.dental == chart


def test_charts_that_agree_bring_the_right_name_up(work: Session, tmp_path: Path) -> None:
    head = (
        '"Case Number","DLC","Last Name","First Name","Missing Age","City","County","State","Sex","Race / Ethnicity",'
        '"Date Modified","Dental"'
    )
    line = (
        '"MP{n}","7/3/84","Example","N{n}","24 Years","Moab","Grand","UT","Female","White / Caucasian","1/9/24","{c}"'
    )
    charts = [CHART.replace("V", "F") if n else CHART for n in range(6)]
    missing_file(tmp_path / "missing.csv", *(line.format(n=n, c=c) for n, c in enumerate(charts)), head=head)
    imported(work, tmp_path / "missing.csv")
    bodies(work, tmp_path, f'"UP1","84-1","9/1/84","20","30","",{WHERE},"","","{CHART}"')
    first, second = identify(work, "namus-unidentified:UP1")["candidates"][:2]
    assert first["source_key"] == "namus-missing:MP0"
    parts = [{p["feature"]: p["log10_bf"] for p in one["parts"]} for one in (first, second)]
    assert parts[0]["dental"] > 0 > parts[1]["dental"]
