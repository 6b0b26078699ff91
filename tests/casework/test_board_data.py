"""What the boards are made of: ranks and what-if, finds by year, charts with independent sources, maps, versions."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from books import csv_file, imported, new_book, row
from casework.test_links import table
from thaw.casework import Session
from thaw.casework.case_map import case_map
from thaw.casework.cases import create_case, incident_sayings
from thaw.casework.chart_versions import chart_versions, keep_chart
from thaw.casework.charts import chart, chart_line
from thaw.casework.documents import add_documents
from thaw.casework.finds import find_id
from thaw.casework.pair_board import pair_board
from thaw.casework.similar import similar
from thaw.casework.timelines import case_timeline, cases_timeline, short_name, window_of
from thaw.errors import InputError


@pytest.fixture
def work(tmp_path: Path) -> Any:
    made = new_book(tmp_path / "book")
    yield made
    made.book.close()


def enter(work: Session, **told: Any) -> str:
    said = incident_sayings({"title": "Invented", "date": "1985-07", "invented": True} | told)
    return str(create_case(work, said, file=None)["case_id"])


def add(work: Session, folder: Path, case_id: str, **texts: str) -> dict[str, str]:
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    found = add_documents(work, [folder / f"{name}.txt" for name in texts], case_id=case_id, wait=True)
    return {file["file"].removesuffix(".txt"): file["sha256"] for file in found["files"]}


def test_the_rank_of_a_pair_is_that_of_the_list(work: Session, tmp_path: Path) -> None:
    imported(work, csv_file(tmp_path / "a.csv", table()))
    listed = similar(work, "shr-map:1", top=5)
    for result in listed["results"]:
        found = pair_board(work, "shr-map:1", result["case_id"])["likeness"]
        assert found["log10_bf"] == pytest.approx(result["log10_bf"])
        assert found["posterior"] == pytest.approx(result["posterior"])
        assert found["prior_log10_odds"] == pytest.approx(listed["prior_log10_odds"])
        assert found["searched"] == listed["cases_searched"]
        assert found["rank"] <= result["rank"]  # equal factors share the best rank


def test_leaving_a_feature_out_gives_the_factor_of_a_case_that_never_had_it(work: Session, tmp_path: Path) -> None:
    imported(work, csv_file(tmp_path / "a.csv", table()))
    full = {"date": "1985-05", "place": {"county_fips": "49035"}, "victim": {"sex": "F", "age": 22}, "weapon": "80"}
    one = enter(work, **full)
    bare = enter(work, **{key: value for key, value in full.items() if key != "weapon"})
    other = similar(work, "shr-map:2", top=1)["query"]["case_id"]
    row_without = next(r for r in pair_board(work, one, other)["what_if"] if r["feature"] == "weapon")
    assert row_without["log10_bf"] == pytest.approx(pair_board(work, bare, other)["likeness"]["log10_bf"], abs=1e-9)
    asked = pair_board(work, bare, other, instead={"weapon": "80"})["asked"]
    assert asked["log10_bf"] == pytest.approx(pair_board(work, one, other)["likeness"]["log10_bf"], abs=1e-9)


def test_co_victims_stand_side_by_side_without_a_likeness(work: Session, tmp_path: Path) -> None:
    imported(work, csv_file(tmp_path / "a.csv", [row(1, incident_num=9), row(2, incident_num=9, vic_age=31)]))
    found = pair_board(work, "shr-map:1", "shr-map:2")
    assert found["likeness"] is None
    assert {f["field"]: f["state"] for f in found["fields"]}["victim.age"] == "differs"


def test_a_copied_sentence_is_one_source_and_another_hand_a_second(work: Session, tmp_path: Path) -> None:
    case_id = enter(work)
    told = "Officers noted that Walter Rusk drove the car with plate 4GPY976 along the canal road that night."
    papers = add(
        work, tmp_path, case_id,
        first=f"Report of July 1, 1985.\n{told}\n",
        copy=f"Bulletin of July 9, 1985.\n{told}\n",
        own="Letter of July 20, 1985.\nMy neighbor Walter Rusk had plate 4GPY976 on his old sedan for years.\n",
    )  # fmt: skip
    ends = ("person:walter rusk", "plate:4gpy976")
    line = chart_line(work, [case_id], *ends)
    assert {quote["document"] for quote in line["quotes"]} == set(papers.values())
    assert line["sources"] == 2
    drawn = chart(work, [case_id])
    (found,) = [x for x in drawn["lines"] if {x["one"], x["other"]} == set(ends)]
    assert (found["sources"], found["documents"]) == (2, 3)


def test_a_chart_of_more_nodes_than_it_takes_says_how_many_were_left_out(work: Session, tmp_path: Path) -> None:
    case_id = enter(work)
    add(work, tmp_path, case_id, a=" ".join(f"Call from 213-555-{n:04}." for n in range(100, 140)))
    drawn = chart(work, [case_id], most=10)
    assert (len(drawn["nodes"]), drawn["left_out"], drawn["all_nodes"]) == (10, 31, 41)
    assert drawn["nodes"][0]["key"] == case_id  # cases stay
    only = chart(work, [case_id], kinds=["person"])
    assert [node["kind"] for node in only["nodes"]] == ["case"]


@pytest.mark.parametrize(
    ("ask", "got"),
    [
        ({"around": "person:nobody"}, "'person:nobody'"),
        ({"path": ("person:x", "person:y")}, "'person:x'"),
    ],
)
def test_a_node_that_is_none_is_refused(work: Session, ask: dict[str, Any], got: str) -> None:
    case_id = enter(work)
    with pytest.raises(InputError, match=f"chart: got {got}, want a node of this chart. Choose it again."):
        chart(work, [case_id], **ask)


def test_a_chart_of_no_case_or_of_too_many_is_refused(work: Session) -> None:
    with pytest.raises(
        InputError, match=re.escape("chart: got 0 cases, want 1 to 12 cases. Choose fewer to begin with.")
    ):
        chart(work, [])
    with pytest.raises(InputError, match=re.escape("got two nodes that no line joins, want a line of this chart.")):
        chart_line(work, [enter(work)], "a", "b")


def test_versions_of_a_chart_stay_and_the_newest_stands_first(work: Session) -> None:
    case_id = enter(work)
    for n in (1, 2):
        keep_chart(work, f"View {n}", [case_id], pins={case_id: (0.1 * n, 0.5)}, shown={"steps": "2"})
    found = chart_versions(work, case_id)
    assert [(v["name"], v["pins"], v["shown"]) for v in found] == [
        ("View 2", {case_id: (0.2, 0.5)}, {"steps": "2"}),
        ("View 1", {case_id: (0.1, 0.5)}, {"steps": "2"}),
    ]
    with pytest.raises(
        InputError, match=re.escape("chart, places: got 1 places, want at most 300, each two numbers from 0 to 1.")
    ):
        keep_chart(work, "x", [case_id], pins={"a": (0.1, float("nan"))}, shown={})


def test_a_version_names_every_case_on_its_picture_in_its_entry(work: Session) -> None:
    case_id, other = enter(work), enter(work)
    made = keep_chart(work, "Both", [case_id], pins={case_id: (0.1, 0.5), other: (0.9, 0.5)}, shown={})
    view = work.look("test", about=other)
    assert made["entry"] in [entry.leaf.seq for entry in view.entries_of_case(other)]
    assert [v["cases"] for v in chart_versions(work, case_id)] == [[case_id]]


def test_a_map_counts_by_todays_county_and_says_what_has_no_place(work: Session) -> None:
    enter(work, place={"county_fips": "12025"})  # Dade, which became Miami-Dade
    enter(work, place={"county_fips": "12086"}, date="1990-01")
    enter(work, place={"name": "Colorado", "state": "CO"})
    enter(work, place={"county_fips": "49035", "lat": 40.77, "lon": -111.93, "precision_km": 2.0})
    enter(work)
    found = case_map(work)
    assert (found["total"], found["counts"]) == (5, {"12086": 2, "08": 1, "49035": 1})
    assert (found["without_place"], found["state_only"], len(found["points"])) == (1, 1, 1)
    assert found["by_year"]["12086"] == {1985: 1, 1990: 1}
    assert (found["names"]["12086"], found["names"]["08"]) == ("Miami-Dade, FL", "Colorado, county not known")
    late = case_map(work, first=1989, last=1991)
    assert (late["total"], late["counts"]) == (1, {"12086": 1})
    with pytest.raises(InputError, match=re.escape("map, years: got 1991 to 1989, want years in order. Swap them.")):
        case_map(work, first=1991, last=1989)


def test_a_town_without_its_county_lies_in_the_county_on_the_map_where_only_one_has_it(work: Session) -> None:
    enter(work, place={"name": "Provo", "state": "UT"})
    enter(work, place={"name": "Utah", "state": "UT"})  # the state alone, though a county has that name
    enter(work, place={"name": "Nowhere at all", "state": "UT"})
    found = case_map(work)
    assert found["counts"] == {"49049": 1, "49": 2}
    assert (found["names"]["49049"], found["state_only"]) == ("Utah, UT", 2)


def test_undated_times_stay_undated_and_last_seen_is_marked(work: Session, tmp_path: Path) -> None:
    case_id = enter(work)
    text = "Date of report: July 12, 1985\nAda Nobody was last seen on July 11, 1985. A car left at 2300 hours.\n"
    add(work, tmp_path, case_id, a=text)
    found = case_timeline(work, case_id)
    seen = [e for e in found["events"] if e["kind"] == "seen"]
    assert [(e["first"], e["last"]) for e in seen] == [("1985-07-11", "1985-07-11")]
    assert [one["time"] for one in found["undated"]] == ["2300 hours"]
    assert all(e["first"] for e in found["events"])


def test_times_of_day_are_drawn_where_a_paper_gives_them(work: Session, tmp_path: Path) -> None:
    case_id = enter(work)
    text = (
        "Date of report: July 12, 1985\n"
        "Ada Nobody was last seen on July 11, 1985 at 2130 hours. She was at home on the night of July 10, 1985.\n"
    )
    add(work, tmp_path, case_id, a=text)
    found = case_timeline(work, case_id)
    timed = [
        (e["first"], e["begin"], e["last"], e["end"], e["kind"]) for e in found["events"] if e["begin"] is not None
    ]
    assert timed == [
        ("1985-07-10", 18 * 60, "1985-07-11", 6 * 60, "event"),
        ("1985-07-11", 21 * 60 + 30, "1985-07-11", 21 * 60 + 30, "seen"),
    ]
    assert found["hours"] == [{"first": "1985-07-10", "last": "1985-07-11", "events": 2}]
    labels = [e["label"] for e in found["events"]]
    assert "She was at home" in labels  # no "on the night of" at its end


def test_a_window_may_have_hours() -> None:
    first, last = date(1984, 3, 11), date(1984, 3, 12)
    assert window_of("1984-03-11 20:00..1984-03-12 06:00") == (first, last, 1200, 360)
    assert window_of("1984-03-11..1984-03-12") == (first, last, 0, 1440)
    assert window_of("March 1984") == (date(1984, 3, 1), date(1984, 3, 31), 0, 1440)
    assert window_of("1984-03-11 20:00") == (first, first, 1200, 1440)
    with pytest.raises(InputError, match=re.escape("want dates in order. Swap them.")):
        window_of("1984-03-11 20:00..1984-03-11 06:00")


def test_a_set_of_cases_counts_what_it_does_not_draw(work: Session, tmp_path: Path) -> None:
    imported(work, csv_file(tmp_path / "a.csv", table(40)))
    found = cases_timeline(work, where=["year=1985"])
    assert found["total"] == len(found["events"]) + len(found["undated"])
    assert found["left_out"] == 0
    assert "Salt Lake, UT" in found["lanes"]
    with pytest.raises(InputError, match=re.escape("timeline: got '1990..1985', want dates in order. Swap them.")):
        window_of("1990..1985")
    assert window_of(" ") is None


def test_names_of_papers_and_finds() -> None:
    assert short_name("box.zip > 11 statement 2.pdf") == "11 statement 2"
    find = {"cases": ["b", "a"], "found_by": "burst", "from": "1985-01-01", "to": "1985-02-28"}
    assert find_id(find) == find_id(find | {"cases": ["a", "b"]}) != find_id(find | {"to": "1985-03-31"})
