# ruff: noqa: E501 - tables of queries and messages
from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from books import new_book
from thaw.casework import Session
from thaw.casework.cases import create_case
from thaw.casework.documents import add_documents
from thaw.casework.saved_searches import check_saved, dismiss_alert, remove_search, save_search, saved_searches
from thaw.casework.search_files import batch, export, safe_cell
from thaw.casework.searching import mark_hit, mentions_of, more_like, search
from thaw.errors import InputError

PAGES = {
    "first.txt": "Witness Terrence HOLLOWAY saw a blue pickup, plate 7ABC123, near the canal.",
    "scan.txt": "TERRENCE H0LLOWAY called 310-555-1234 twice that night from the canal road.",
    "other.txt": "A letter by Robert Marsh. Phone (310) 555-1299. =SUM(A1:A9) stood on the page, said Bob.",
}


def filled(folder: Path) -> Session:
    session = new_book(folder / "book")
    for name, words in PAGES.items():
        (folder / name).write_text(words, encoding="utf-8")
        add_documents(session, [folder / name], new_title=f"Invented: {name}", wait=True)
    return session


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Session]:
    """A book of its own, for tests that write."""
    session = filled(tmp_path)
    yield session
    session.book.close()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """One book for all tests that only search."""
    session = filled(tmp_path_factory.mktemp("world"))
    yield session
    session.book.close()


def sources(found: dict[str, Any]) -> list[str]:
    return [hit["source"] for hit in found["hits"] if hit["kind"] == "page"]


def refused(call: Any, *arguments: Any, **more: Any) -> str:
    with pytest.raises(InputError) as error:
        call(*arguments, **more)
    return str(error.value)


@pytest.mark.parametrize(("query", "found"), [
    ("holoway", {"first.txt", "scan.txt"}), ('"holloway"', {"first.txt"}), ("holloway -blue", {"scan.txt"}),
    ("310-555-12??", {"scan.txt", "other.txt"}), ("7AB*", {"first.txt"}), ("rob marsh", {"other.txt"}),
    ('"terrence holloway"~3', {"first.txt"}), ("/h[o0]l+oway/", {"first.txt", "scan.txt"}), ("3105551234", {"scan.txt"}),
    ("canal (blue OR road)", {"first.txt", "scan.txt"}), ("type:txt canal", {"first.txt", "scan.txt"}), ("source:scan* canal",
    {"scan.txt"}), ("title:scan", set()), ("xyzzy", set()), ("type:pdf canal", set()), ("near:40,-111~10 canal", set()),
])  # fmt: skip
def test_what_is_found(world: Session, query: str, found: set[str]) -> None:
    assert set(sources(search(world, query, purpose="test"))) == found


@pytest.mark.parametrize(("query", "pages"), [
    ("section:statement miller", {1}), ("section:autopsy*", {2}), ("section:lab* miller", set()), ("-section:statement miller", {2}),
    ("written:1984 miller", {1, 2}), ("written:[1984-07-10 TO 1984-07-12] miller", {1}), ("written:>1985 miller", set()),
    ("written:1984-07 section:witness*", {1}), ("filed:1984 miller", {2}), ('section:"no such thing" miller', set()),
])  # fmt: skip
def test_sections_and_the_dates_of_papers_narrow_a_search(dated: Session, query: str, pages: set[int]) -> None:
    assert {hit["page"] for hit in search(dated, query, purpose="test")["hits"]} == pages


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A file with a statement and a report of an autopsy, each with its day."""
    folder = tmp_path_factory.mktemp("dated")
    session = new_book(folder / "book")
    statement = (
        "WITNESS STATEMENT\nDate: July 11, 1984\nThe miller states that he saw nothing. I have read this statement."
    )
    autopsy = "AUTOPSY REPORT\nDate of report: August 2, 1984\nReceived: 08/20/1984\nThe body of the miller. Cause of death: drowning."
    (folder / "file.txt").write_text(f"{statement}\f{autopsy}", encoding="utf-8")
    add_documents(session, [folder / "file.txt"], new_title="Invented: mill", wait=True)
    yield session
    session.book.close()


def test_a_hit_says_why_and_marks_the_words_of_the_page(world: Session) -> None:
    hits = {hit["source"]: hit for hit in search(world, "holoway", purpose="test")["hits"] if hit["kind"] == "page"}
    scan = hits["scan.txt"]
    assert scan["why"] == '"H0LLOWAY" for "holoway": other spelling'
    assert scan["matches"] == [{"typed": "holoway", "found": "H0LLOWAY", "how": "spelling"}]
    assert [scan["snippet"][a:b] for a, b in scan["marks"]] == ["H0LLOWAY"]


def test_titles_and_decisions_are_searched(world: Session) -> None:
    titles = search(world, "title:invented", purpose="test")
    assert {hit["kind"] for hit in titles["hits"]} == {"title"}
    assert titles["total"] == 3


def test_marks_show_that_every_hit_was_read(work: Session) -> None:
    hits = search(work, "canal", purpose="test")["hits"]
    key = f"{hits[0]['ref']}/{hits[0]['page']}"
    done = mark_hit(work, "canal", key, relevant=False, purpose="test", reason="another canal")
    assert (done["total"], done["not_relevant"], done["left"]) == (2, 1, 1)
    assert search(work, "Canal", purpose="test", unread=True)["total"] == 1  # the same search, typed otherwise
    assert search(work, "canal", purpose="test")["total"] == 2
    back = mark_hit(work, "canal", key, relevant=True, purpose="test")
    assert (back["not_relevant"], back["left"]) == (0, 2)
    want = "mark: got 'x/1', want a hit of this search. Take REF/PAGE from a hit of `thaw search`."
    assert refused(mark_hit, work, "canal", "x/1", relevant=False, purpose="test") == want


def test_the_export_holds_every_hit_and_no_formula(world: Session, tmp_path: Path) -> None:
    done = export(world, "phone OR canal OR sum", tmp_path / "out.csv", purpose="test")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text("utf-8"))))
    assert done["rows"] == done["total"] == len(rows) == 3
    assert {row["source"] for row in rows} == set(PAGES)
    want = f"{tmp_path / 'out.csv'}: got a file that exists, want a new name. Choose another name."
    assert refused(export, world, "canal", tmp_path / "out.csv", purpose="test") == want


@pytest.mark.parametrize(("cell", "written"), [
    ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("\t=1", "'\t=1"), (" =1", "' =1"), ("|calc", "'|calc"),
    ("plain", "plain"), (None, ""), (-1.5, "-1.5"), ("a=b", "a=b"),
    # Unseen in front of it: a hard blank, a mark of byte order, one of direction; and the wide sign of other keyboards.
    ("\u00a0=1", "'\u00a0=1"), ("\ufeff@SUM(1)", "'\ufeff@SUM(1)"), ("\u202e+1", "'\u202e+1"), ("\uff1dcmd", "'\uff1dcmd"),
    ("\u00a0plain", "\u00a0plain"), ("\u200b", "\u200b"),
])  # fmt: skip
def test_cells_that_a_spreadsheet_would_run_get_an_apostrophe(cell: Any, written: str) -> None:
    assert safe_cell(cell) == written


def test_a_list_of_names_gives_a_matrix_of_names_by_cases(world: Session, tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text(
        'name,born\n"HOLLOWAY, Terrence J.",1950\nBob Marsh,\nNobody Invented,\n"""",\n'
    )
    found = batch(world, tmp_path / "names.csv", purpose="test", out=tmp_path / "matrix.csv")
    assert [(row["row"], row["total"]) for row in found["rows"]] == [(1, 2), (2, 1), (3, 0), (4, 0)]
    assert found["rows"][3]["problem"] == "name: got no letter, want a name. Type at least a family name."
    matrix = list(csv.reader(io.StringIO((tmp_path / "matrix.csv").read_text("utf-8"))))
    assert matrix[0][:4] == ["row", "name", "total", "problem"]
    assert [row[4:].count("1") for row in matrix[1:]] == [2, 1, 0, 0]


def test_a_list_without_names_is_refused(world: Session, tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text("name\n\n")
    want = "a CSV file with 1 to 5,000 names in the column `name` or in the first one. Save the list as CSV."
    assert (
        refused(batch, world, tmp_path / "names.csv", purpose="x")
        == f"{tmp_path / 'names.csv'}: got no name, want {want}"
    )


def test_a_saved_search_tells_of_new_material_once(work: Session, tmp_path: Path) -> None:
    save_search(work, "canal", "canal", purpose="the canal case")
    assert check_saved(work)["raised"] == []
    (tmp_path / "new.txt").write_text("The canal was searched again.")
    add_documents(work, [tmp_path / "new.txt"], new_title="Invented: later", wait=True)
    (alert,) = check_saved(work)["raised"]
    assert (alert["name"], alert["total"]) == ("canal", 1)
    assert check_saved(work)["raised"] == []
    assert [one["alert"] for one in saved_searches(work)[0]["alerts"]] == [alert["alert"]]
    dismiss_alert(work, alert["alert"], reason="read")
    assert saved_searches(work)[0]["alerts"] == []
    remove_search(work, "canal")
    assert saved_searches(work) == []


def test_a_saved_search_has_a_name_of_its_own(work: Session) -> None:
    save_search(work, "canal", "canal", purpose="test")
    want = "saved search: got the name 'canal', which is taken, want a new name. Choose another name."
    assert refused(save_search, work, "canal", "boat", purpose="test") == want
    want = "saved search: got 'boat', want the name of a saved search. See `thaw saved list`."
    assert refused(remove_search, work, "boat") == want
    want = "alert: got 77, want an open alert and why it is dismissed. See `thaw saved list`."
    assert refused(dismiss_alert, work, 77, reason="x") == want


def test_more_like_a_page_leaves_the_page_out(world: Session) -> None:
    first = search(world, "pickup", purpose="test")["hits"][0]
    found = more_like(world, first["document"], 1, purpose="test")
    assert "scan.txt" in sources(found)
    assert "first.txt" not in sources(found)
    want = "document: got 'nothing', page 1, want a document of this book and one of its pages. Look for it with `thaw search`."
    assert refused(more_like, world, "nothing", 1, purpose="test") == want


def test_every_mention_of_a_person_under_all_names(work: Session) -> None:
    said = {"case": [], "victim": [{"p": "name", "v": {"text": "Holloway, Terrence"}}]}
    case_id = create_case(work, said, file=None)["case_id"]
    name = search(work, "name:holloway", purpose="test")["hits"][0]
    assert (name["kind"], name["case_id"], name["source"]) == ("name", case_id, case_id)
    found = mentions_of(work, name["ref"], purpose="test")
    assert found["names"] == ["Holloway, Terrence"]
    assert set(sources(found)) == {"first.txt", "scan.txt"}


@pytest.mark.parametrize("query", [
    "the and of", "\0", "a" * 1990, "' OR 1=1 --", 'NEAR("a" "b")', "texts_words:x", "{body}: x", "^canal", "x" * 10_240, '"',
    "*", "%", "_", "\\", "canal\0road", "\ud800", "SELECT * FROM texts", "a*b*c*d*e*f*", "/.*/", "?" * 60, "\u202e", "🙂",
])  # fmt: skip
def test_hostile_searches_give_an_answer_or_a_message(world: Session, query: str) -> None:
    try:
        assert search(world, query, purpose="test")["total"] >= 0
    except InputError as error:
        assert error.where.startswith(("search", "entry"))  # noqa: PT017
