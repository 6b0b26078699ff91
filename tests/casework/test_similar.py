"""Similar cases: the contract's keys, who is never ranked, and answers that hang on nothing but the record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from books import csv_file, imported, new_book, row, rows
from nibrs_lines import killing
from shr_records import record_1980
from thaw.casework import Session
from thaw.casework.case_profiles import Gathered, profile_columns
from thaw.casework.cases import new_case
from thaw.casework.keeping import rebuild
from thaw.casework.ledger import log
from thaw.casework.same_case_decision import decide_same_case
from thaw.casework.similar import feature_label, similar
from thaw.data import data_path, places
from thaw.errors import InputError

INCIDENT = data_path("sample/invented_incident.json")
# 40 cases; 41 is a co-victim of 40, 42 a death by negligence, 43 an equal of 4 in all but its key.
TABLE = [
    *rows(40),
    row(41, incident_num=40, month=5),
    row(42, homicide_type="Manslaughter by negligence"),
    row(43, month=5, vic_age=22),
]


@pytest.fixture
def work(tmp_path: Path) -> Any:
    made = new_book(tmp_path / "book")
    imported(made, csv_file(tmp_path / "a.csv", TABLE))
    yield made
    made.book.close()


def keys(found: dict[str, Any]) -> list[str]:
    return [match["source_key"] for match in found["results"]]


def test_the_answer_has_the_keys_of_the_contract(work: Session) -> None:
    found = similar(work, "shr-map:4", top=3)
    assert set(found) >= {
        "model", "inputs", "cases_searched", "prior_log10_odds", "calibration", "expected_true", "expected_false",
        "expected_true_interval", "results", "certain", "series",
    }  # fmt: skip
    match = found["results"][0]
    assert set(match) >= {
        "rank", "case_id", "source_key", "source_row", "log10_bf", "posterior", "parts", "against", "missing",
        "ask_next",
    }  # fmt: skip
    assert set(match["parts"][0]) >= {"feature", "log10_bf", "ours", "theirs", "how_common", "sources"}
    own, theirs = match["parts"][0]["sources"]
    assert theirs == {k: match[k] for k in ("case_id", "source_key", "source_row")}
    assert (own["case_id"], own["source_key"], own["source_row"]) == (found["query"]["case_id"], "shr-map:4", 4)
    (from_file,) = similar(work, incident=INCIDENT, top=1)["results"]
    assert [len(part["sources"]) for part in from_file["parts"]] == [1] * len(from_file["parts"])
    assert found["series"] == []
    json.dumps(found, allow_nan=False)


def test_expected_true_and_false_add_up_to_the_list(work: Session) -> None:
    found = similar(work, "shr-map:4", top=7)
    assert found["expected_true"] + found["expected_false"] == pytest.approx(len(found["results"]))
    assert [m["rank"] for m in found["results"]] == [1, 2, 3, 4, 5, 6, 7]
    weights = [m["log10_bf"] for m in found["results"]]
    assert weights == sorted(weights, reverse=True)


def test_parts_add_up_to_the_whole(work: Session) -> None:
    for match in similar(work, "shr-map:4", top=40)["results"]:
        assert sum(part["log10_bf"] for part in match["parts"]) == pytest.approx(match["log10_bf"])
        assert [p["feature"] for p in match["against"]] == [
            p["feature"] for p in reversed(match["parts"]) if p["log10_bf"] < 0
        ]


def test_the_case_itself_is_never_in_its_list_and_its_twin_comes_first(work: Session) -> None:
    found = keys(similar(work, "shr-map:4", top=100))
    assert "shr-map:4" not in found
    assert found[0] == "shr-map:43"


def test_co_victims_are_certain_and_not_ranked(work: Session) -> None:
    found = similar(work, "shr-map:40", top=100)
    assert "shr-map:41" not in keys(found)
    (certain,) = found["certain"]
    assert (certain["source_key"], certain["why"]) == ("shr-map:41", "victim of the same incident")


def test_negligent_manslaughter_is_neither_ranked_nor_searched(work: Session) -> None:
    found = similar(work, incident=INCIDENT, top=100)
    assert "shr-map:42" not in keys(found)
    assert found["cases_searched"] == len(found["results"]) == 42


def test_a_folded_case_is_ranked_once(work: Session) -> None:
    decide_same_case(work, "shr-map:4", "shr-map:43", same=True, reason="invented")
    found = keys(similar(work, incident=INCIDENT, top=100))
    assert len({"shr-map:4", "shr-map:43"} & set(found)) == 1
    assert len(found) == 41


def test_a_folded_case_can_be_asked_about_and_does_not_find_itself(work: Session) -> None:
    decide_same_case(work, "shr-map:4", "shr-map:43", same=True, reason="invented")
    for key in ("shr-map:4", "shr-map:43"):
        assert not {"shr-map:4", "shr-map:43"} & set(keys(similar(work, key, top=100)))


def test_race_is_no_feature(work: Session) -> None:
    found = similar(work, "shr-map:4", top=100)
    shown = {part["feature"] for match in found["results"] for part in match["parts"]}
    shown |= {name for match in found["results"] for name in match["missing"]}
    assert not [name for name in shown if "race" in name or "ethnic" in name]


def test_a_stored_incident_and_its_file_give_the_same_list(work: Session) -> None:
    from_file = similar(work, incident=INCIDENT, top=10)
    made = new_case(work, INCIDENT)
    assert keys(similar(work, made["case_id"], top=10)) == keys(from_file)


def test_a_rebuilt_book_gives_the_same_answer(work: Session) -> None:
    before = similar(work, "shr-map:4", top=100)
    rebuild(work)
    assert similar(work, "shr-map:4", top=100) == before


def test_the_order_of_import_changes_nothing_but_ids(work: Session, tmp_path: Path) -> None:
    other = new_book(tmp_path / "other")
    imported(other, csv_file(tmp_path / "b.csv", TABLE[::-1]))
    one, two = (similar(session, incident=INCIDENT, top=100) for session in (work, other))
    other.book.close()
    # Equal weights are put in the order of the ids, which are random: compare with ties broken by key.
    assert ranked(one) == ranked(two)
    assert one["expected_true"] == pytest.approx(two["expected_true"])


def ranked(found: dict[str, Any]) -> list[tuple[float, str]]:
    return sorted((-round(match["log10_bf"], 9), match["source_key"]) for match in found["results"])


def test_a_change_in_the_book_is_seen_at_once(work: Session, tmp_path: Path) -> None:
    before = similar(work, "shr-map:4", top=5)
    imported(work, csv_file(tmp_path / "b.csv", [row(99, month=5, vic_age=22)]))
    assert similar(work, "shr-map:4", top=5)["cases_searched"] == before["cases_searched"] + 1


def test_an_incident_of_which_nothing_is_known_finds_nothing_special(work: Session, tmp_path: Path) -> None:
    path = tmp_path / "new.json"
    path.write_text(json.dumps({"date": "unknown"}))
    found = similar(work, incident=path, top=5)
    assert all(match["log10_bf"] == 0 and match["parts"] == [] for match in found["results"])


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_book_with_hardly_any_case_answers_with_a_short_list(tmp_path: Path, count: int) -> None:
    work = new_book(tmp_path / "small")
    if count:
        imported(work, csv_file(tmp_path / "b.csv", rows(count)))
    found = similar(work, incident=INCIDENT)
    work.book.close()
    assert len(found["results"]) == found["cases_searched"] == count


def test_an_unknown_case_and_a_bad_incident_are_refused(work: Session, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="want the id or source key of a case in this book"):
        similar(work, "shr-map:99")
    with pytest.raises(InputError, match="want an incident file \\(JSON\\)"):
        similar(work, incident=tmp_path / "none.json")


def test_features_have_labels(work: Session) -> None:
    assert feature_label("victim_sex") == "Sex of the victim"
    assert feature_label("weapon") == "Weapon or means"
    assert feature_label("bound") != "bound"
    assert feature_label("no_such_feature") == "no_such_feature"


def test_a_ranking_is_an_entry_under_its_case_and_under_each_case_that_it_showed(work: Session) -> None:
    size = work.book.store.size()
    found = similar(work, "shr-map:4", top=2)
    assert work.book.store.size() == size + 2
    shown = [result["case_id"] for result in found["results"]]
    for case_id in (found["query"]["case_id"], *shown):
        newest = next(entry for entry in log(work, case_id=case_id) if entry["kind"] == "link.run")
        assert (newest["about"], newest["seq"]) == ("similar", size + 1)


def test_a_case_of_which_only_the_town_is_told_lies_in_that_town(tmp_path: Path) -> None:
    work = new_book(tmp_path / "book")
    try:
        for number, town in enumerate(("MURRAY", "SALT LAKE", "NOWHERE FLATS")):
            told = record_1980(agency=f"UT0180{number + 1}", incident=f"00{number}")
            path = tmp_path / f"{number}.txt"
            path.write_text(told.replace("INVENTED CITY", town.ljust(13)) + "\n")
            imported(work, path)
        lines = tmp_path / "nibrs.txt"
        lines.write_text("\n".join([*killing(ori="UT0180200"), ""]))
        imported(work, lines)
        gathered = Gathered()
        view = work.look("test", kind="access.list", detail={"command": "test"})
        gathered.take(view.select("cases", profile_columns(), [], order=["first_seq"]))
        spots = [tuple(gathered.numbers[part][0].round(1)) for part in ("lat", "lon", "spread_km")]
        murray, county, state, told_the_state = zip(*spots, strict=True)
        assert murray == (40.7, -111.9, 15.0)
        salt_lake, utah = places.find_county("Salt Lake", "UT"), places.state("UT")
        assert salt_lake is not None
        assert utah is not None
        assert county[2] == round(salt_lake.radius_km, 1) > 15
        assert state[2] == round(utah.radius_km, 1) > county[2]
        # A NIBRS submission names the state alone, and Utah is a county as well.
        assert told_the_state == state
    finally:
        work.book.close()
