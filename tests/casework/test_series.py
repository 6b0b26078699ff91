"""`thaw series`: the contract's keys, what the conditions cut, what the ledger keeps, answers for any book."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from books import Ran, csv_file, imported, new_book, row, thaw
from thaw.casework import Session
from thaw.casework.series import _about, method_in_words, series
from thaw.errors import InputError
from thaw.linkage import ScanSettings

FAST = ScanSettings(runs=99, floor=1.0)
KEYS = {
    "rank", "place", "from", "to", "victims", "method", "cases", "source_keys", "total", "unsolved",
    "expected_unsolved", "q_value", "found_by", "why",
}  # fmt: skip


def table() -> list[dict[str, str]]:
    """Stabbings of men, mostly solved, over twenty years; eight women in the autumn of 1991, two of them strangled; a
    cell of MAP's rule in the next county; one row that knows nothing."""
    men = [
        row(
            i,
            year=1980 + i % 20,
            month=i % 12 + 1,
            vic_sex="Male",
            weapon_code="20",
            off_sex="Male",
            situation_code="A",
        )
        for i in range(1, 81)
    ]
    men += [
        row(i, year=1980 + i % 20, month=i % 12 + 1, weapon_code="20", off_sex="Male", situation_code="A")
        for i in range(101, 131)
    ]
    women = [row(i, year=1991, month=9 + i % 3, weapon_code="80" if i > 206 else "20") for i in range(201, 209)]
    cell = [row(i, year=1970 + i - 300, fip="49011", cnty_name="Davis, UT", ori="UT00600") for i in range(301, 305)]
    negligent = row(401, homicide_type="Manslaughter by negligence", fip="49011", cnty_name="Davis, UT")
    return [*men, *women, *cell, negligent]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("series")
    made = new_book(folder / "book")
    imported(made, csv_file(folder / "a.csv", table()))
    yield made
    made.book.close()


def test_the_answer_has_the_keys_of_the_contract_and_no_nan(book: Session):
    found = series(book, settings=FAST, top=50)
    assert all(set(find) >= KEYS for find in found)
    assert [find["rank"] for find in found] == list(range(1, len(found) + 1))
    json.dumps(found, allow_nan=False)
    for find in found:
        assert len(find["cases"]) == len(find["source_keys"]) == find["total"]
        assert 0 < find["unsolved"] <= find["total"]


def test_the_burst_comes_first_with_its_months_and_cases(book: Session):
    first = series(book, settings=FAST)[0]
    assert {f"shr-map:{i}" for i in range(201, 207)} <= set(first["source_keys"])
    assert (first["from"], first["to"]) == ("1991-09-01", "1991-11-30")
    assert (first["place"], first["victims"], first["alarm"]) == ("Salt Lake, UT", "women", True)
    assert "burst" in first["found_by"]


def test_maps_cells_are_listed_beside_the_scan_and_alone(book: Session):
    cell, strangled = [find for find in series(book, settings=FAST, top=99) if find["found_by"] == "MAP cell"]
    assert strangled["source_keys"] == ["shr-map:207", "shr-map:208"]
    assert (cell["place"], cell["total"], cell["unsolved"]) == ("Davis, UT", 5, 5)
    assert (cell["method"], cell["from"], cell["to"]) == ("Strangulation - hanging (80)", "1971-07-01", "1985-07-31")
    alone = series(book, settings=FAST, only_map=True)
    assert [find["found_by"] for find in alone] == ["MAP cell"] * len(alone)
    assert cell["source_keys"] in [find["source_keys"] for find in alone]
    assert [find["unsolved"] for find in alone] == sorted((find["unsolved"] for find in alone), reverse=True)


def test_negligent_manslaughter_counts_for_maps_rule_alone(book: Session):
    for find in series(book, settings=FAST, top=99):
        assert ("shr-map:401" in find["source_keys"]) <= (find["found_by"] == "MAP cell")


def test_bodies_reported_under_one_number_are_listed_without_a_q_value(tmp_path: Path):
    work = new_book(tmp_path / "book")
    bodies = [row(500 + i, incident_num=1, fip="49001", cnty_name="Beaver, UT", ori="UT00700") for i in range(11)]
    imported(work, csv_file(tmp_path / "e.csv", [*table(), *bodies]))
    found = series(work, settings=FAST, top=99)
    work.book.close()
    (one,) = [find for find in found if find["found_by"] == "one incident"]
    assert (one["place"], one["total"], one["q_value"], one["expected_unsolved"]) == ("Beaver, UT", 11, None, None)
    assert (one["from"], one["to"], one["victims"]) == ("1985-07-01", "1985-07-31", "women")
    assert one["rank"] == 1 + sum(find["alarm"] for find in found)


def test_years_and_conditions_say_which_cases_may_be_listed(book: Session):
    early = series(book, settings=FAST, last=1990, top=99)
    assert all(find["to"] <= "1990-12-31" for find in early)
    men = series(book, settings=FAST, where=["victim.sex=M"], top=99)
    assert {find["victims"] for find in men} <= {"men"}
    assert series(book, settings=FAST, first=2005) == []


def test_the_ledger_keeps_who_was_shown_seed_and_model(book: Session):
    found = series(book, settings=ScanSettings(runs=99, seed=77), purpose="invented purpose", top=2)
    entry = next(e for e in book.look("test").log([], limit=5) if e.leaf.kind == "link.run")
    content = entry.payload
    assert content["purpose"] == "invented purpose"
    assert (content["seed"], content["permutations"], content["model"]) == (77, 99, "thaw-scan/1")
    assert content["inputs"] == found[0]["inputs"]
    assert set(content["shown"]) == {case_id for find in found for case_id in find["cases"]}


def test_the_same_rows_in_another_order_give_the_same_answer(book: Session, tmp_path: Path):
    other = new_book(tmp_path / "other")
    imported(other, csv_file(tmp_path / "b.csv", table()[::-1]))
    one, two = ([_but_ids(find) for find in series(work, settings=FAST, top=99)] for work in (book, other))
    other.book.close()
    assert one == two


def _but_ids(find: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in find.items() if name != "cases"}


def test_places_that_the_map_does_not_know_are_scanned_alone(tmp_path: Path):
    work = new_book(tmp_path / "book")
    renamed = [r | ({"fip": "99001", "cnty_name": "Nowhere, UT"} if r["fip"] == "49035" else {}) for r in table()]
    imported(work, csv_file(tmp_path / "c.csv", renamed))
    first = series(work, settings=FAST)[0]
    work.book.close()
    # No list has that county, so it is not known: what the agency reports stays together.
    assert first["place"] == "agency UT00000, UT"
    assert first["alarm"] is True


@pytest.mark.parametrize("rows", [[], [row(1)], [row(1, vic_sex="Unknown", weapon_code="", fip="", cnty_name="")]])
def test_a_thin_book_has_nothing_to_tell(tmp_path: Path, rows: list[dict[str, str]]):
    work = new_book(tmp_path / "book")
    if rows:
        imported(work, csv_file(tmp_path / "d.csv", rows))
    assert series(work, settings=FAST) == []
    work.book.close()


def test_years_the_wrong_way_round_are_refused(book: Session):
    with pytest.raises(InputError) as refused:
        series(book, first=1990, last=1980)
    assert str(refused.value) == "series, --from and --to: got 1990 to 1980, want years in order. Swap them."


def test_methods_are_told_in_words():
    assert method_in_words("80") == "Strangulation - hanging (80)"
    assert method_in_words("unknown") == "method not recorded"
    assert method_in_words("any firearm") == "any firearm"


def test_the_command_says_that_most_victims_of_a_cell_are_of_no_series(book: Session):
    ran: Ran = thaw("series", "--top", "2", "--permutations", "99", book=book.book.folder)
    assert ran.code == 0
    assert "Most victims of a suspicious cell are not of one series" in ran.out.replace("\n", " ")
    assert "ALARMS: at most about 10% of them are expected to be false." in ran.out


def test_the_command_says_so_when_nothing_piles_up(tmp_path: Path):
    new_book(tmp_path / "book").book.close()
    ran = thaw("series", book=tmp_path / "book")
    assert (ran.code, ran.out) == (
        0,
        "Nothing piles up: no cases with a place and a word on the offender, or none that stand out.\n",
    )
    refused = thaw("series", "--level", "2", book=tmp_path / "book")
    assert refused.code == 2
    assert "scan, level: got 2.0, want a share between 0 and 1. Correct the value." in refused.err


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "fewer than 0.1%"), (0.002, "about 0.2%"), (0.0949, "about 9.5%"), (0.1, "about 10%"), (1.0, "about 100%")],
)
def test_a_small_share_of_false_finds_is_never_called_none(share: float, words: str) -> None:
    assert _about(share) == words
