"""Imports: every row is accounted for, nothing is lost, nothing is added twice, changes keep both versions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from books import WORDED, Clock, counts, csv_file, imported, line, line_file, new_book, parquet_file, row, rows, text_of
from thaw.casework import Session, init_book, open_book, session
from thaw.casework.cases import case, case_count, cases, new_case
from thaw.casework.documents import add_documents
from thaw.casework.importing import import_files
from thaw.casework.ledger import rejects, verify
from thaw.casework.same_case_decision import decide_same_case
from thaw.casework.searching import search
from thaw.data import data_path
from thaw.errors import InputError
from thaw.store.projection import iterate_entries


@pytest.fixture
def work(tmp_path: Path) -> Any:
    made = new_book(tmp_path / "book")
    yield made
    made.book.close()


def entries(work: Session) -> list[Any]:
    """Every entry of the book in order."""
    return list(iterate_entries(work.book.store._db))


def is_whole(work: Session) -> bool:
    return verify(work.book.folder, everything=True)["status"] == "ok"


def adds_up(found: dict[str, Any]) -> bool:
    read, *parts = counts(found)
    return read == sum(parts)


def test_the_document_of_an_import_has_the_keys_of_the_contract(work: Session, tmp_path: Path) -> None:
    found = imported(work, csv_file(tmp_path / "a.csv", rows(3)))
    seconds = found.pop("seconds")
    assert seconds >= 0
    assert len(found.pop("sha256")) == 64
    assert found == {
        "file": "a.csv", "format": "shr-map", "data_set": None, "unit": "rows", "read": 3, "stored": 3, "rejected": 0,
        "already_held": 0, "superseded": 0, "sealed": 0, "missing_since": [], "cases": 3, "persons": 0,
        "alerts": 0, "alerts_held_back": 0, "alerts_waiting": 0, "above_header": 0,
        "same_case_proposed": 0, "problem": None, "notes": [], "reasons": [], "preview": [],
    }  # fmt: skip


def test_csv_and_parquet_of_the_same_table_are_the_same_rows(work: Session, tmp_path: Path) -> None:
    table = [*rows(8), row(9, vic_age="", fip="4013", state_abbr="AZ", cnty_name="Maricopa, AZ")]
    assert counts(imported(work, csv_file(tmp_path / "a.csv", table))) == (9, 9, 0, 0, 0, 0)
    assert counts(imported(work, parquet_file(tmp_path / "a.parquet", table))) == (9, 0, 0, 9, 0, 0)


def test_the_original_columns_give_cases_too(work: Session, tmp_path: Path) -> None:
    imported(work, csv_file(tmp_path / "a.csv", [WORDED]))
    (found,) = cases(work)
    assert (found["source_key"], found["source_row"]) == ("shr-map:198507001UT00000", 1)
    assert found["title"] == "Woman, 24, strangulation: Salt Lake, UT, July 1985"


def test_a_second_import_adds_nothing(work: Session, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", rows(5))
    imported(work, path)
    before = case(work, "shr-map:3")["case_id"]
    assert counts(imported(work, path)) == (5, 0, 0, 5, 0, 0)
    assert (case_count(work), case(work, "shr-map:3")["case_id"]) == (5, before)


def test_a_table_with_its_columns_moved_about_holds_the_same_rows(work: Session, tmp_path: Path) -> None:
    imported(work, csv_file(tmp_path / "a.csv", rows(3)))
    moved = [dict(sorted(one.items(), reverse=True)) for one in rows(3)]
    found = imported(work, csv_file(tmp_path / "b.csv", moved))
    assert (found["already_held"], found["superseded"], found["stored"]) == (3, 0, 0)


def test_a_changed_row_supersedes_and_both_versions_stay(work: Session, tmp_path: Path) -> None:
    imported(work, csv_file(tmp_path / "a.csv", [row(1, vic_age=24), row(2)]))
    before = case(work, "shr-map:1")
    found = imported(work, csv_file(tmp_path / "b.csv", [row(1, vic_age=42), row(2)]))
    assert counts(found) == (2, 0, 0, 1, 1, 0)
    after = case(work, "shr-map:1")
    assert after["case_id"] == before["case_id"]
    assert after["incident"] == before["incident"]
    (age,) = [s for s in after["statements"] if s["predicate"] == "victim.age"]
    assert [s["value"]["low"] for s in age["sources"]] == [42, 24]
    assert [s["status"] for s in age["sources"]] == ["confirmed", "superseded"]
    assert [s["citation"]["row"] for s in age["sources"]] == [1, 1]
    assert age["conflicts"] == []


def test_a_key_twice_with_other_values_is_a_reject(work: Session, tmp_path: Path) -> None:
    path = line_file(tmp_path / "a.csv", line(1), "", line(1, vic_age=42))
    assert counts(imported(work, path)) == (2, 1, 1, 0, 0, 0)
    (reject,) = rejects(work)
    assert reject.pop("id") > 0
    assert reject == {
        "file": "a.csv", "line": 4, "field": "key", "got": "'1' again with other values",
        "want": "a key once in a file, since two rows with one key may be two victims",
        "raw": line(1, vic_age=42), "row": 2, "resolved": None,
    }  # fmt: skip


def test_a_row_twice_with_the_same_key_is_one_case(work: Session, tmp_path: Path) -> None:
    path = line_file(tmp_path / "a.csv", line(1), line(1))
    assert counts(imported(work, path, dry_run=True)) == (2, 1, 0, 1, 0, 0)
    assert counts(imported(work, path)) == (2, 1, 0, 1, 0, 0)


def test_two_equal_rows_without_a_key_are_two_cases(work: Session, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", [row(0, rowid=""), row(0, rowid=""), row(1, rowid="")])
    assert counts(imported(work, path)) == (3, 3, 0, 0, 0, 0)
    assert counts(imported(work, path)) == (3, 0, 0, 3, 0, 0)
    assert case_count(work) == 3


def test_a_reject_is_kept_once_with_its_raw_line(work: Session, tmp_path: Path) -> None:
    path = line_file(tmp_path / "a.csv", line(1), line(2, month=13), line(3)[:30])
    for _ in range(2):
        found = imported(work, path)
        assert (found["rejected"], adds_up(found)) == (2, True)
    assert [(r["line"], r["field"], r["raw"]) for r in rejects(work)] == [
        (3, "month", line(2, month=13)),
        (4, "line", line(3)[:30]),
    ]


def test_two_equal_bad_lines_are_two_rejects(work: Session, tmp_path: Path) -> None:
    path = line_file(tmp_path / "a.csv", "cut off", "cut off")
    imported(work, path)
    imported(work, path)
    assert [r["line"] for r in rejects(work)] == [2, 3]


def test_rows_gone_from_a_newer_issue_are_listed(work: Session, tmp_path: Path) -> None:
    imported(work, csv_file(tmp_path / "2020.csv", rows(6)))
    found = imported(work, csv_file(tmp_path / "2021.csv", [*rows(6)[:4], row(7)]))
    assert found["missing_since"] == ["shr-map:5", "shr-map:6"]
    assert case(work, "shr-map:5")["missing_since"]
    assert case(work, "shr-map:4")["missing_since"] is None


def test_an_issue_that_changes_every_row_is_one_of_the_same_data_set(work: Session, tmp_path: Path) -> None:
    imported(work, csv_file(tmp_path / "2020.csv", rows(6)))
    found = imported(work, csv_file(tmp_path / "2021.csv", rows(6, agency="Invented Town")[:4]))
    assert (found["superseded"], found["missing_since"]) == (4, ["shr-map:5", "shr-map:6"])
    # A row that went and came back, one that changed twice, one that goes now.
    found = imported(work, csv_file(tmp_path / "2022.csv", rows(5, agency="Invented City 2")[1:]))
    assert (found["superseded"], found["missing_since"]) == (4, ["shr-map:1", "shr-map:6"])
    assert case(work, "shr-map:5")["missing_since"] is None
    assert is_whole(work)


def test_a_row_that_comes_back_unchanged_is_no_longer_missing(work: Session, tmp_path: Path) -> None:
    old, new = csv_file(tmp_path / "a.csv", rows(4)), csv_file(tmp_path / "b.csv", rows(4)[:3])
    imported(work, old)
    imported(work, new)
    assert case(work, "shr-map:4")["missing_since"]
    assert counts(imported(work, old)) == (4, 0, 0, 4, 0, 0)
    assert case(work, "shr-map:4")["missing_since"] is None
    assert is_whole(work)


def test_a_row_that_is_set_aside_is_not_called_missing(work: Session, tmp_path: Path) -> None:
    imported(work, csv_file(tmp_path / "a.csv", rows(4)))
    found = imported(work, csv_file(tmp_path / "b.csv", [*rows(3), row(4, month=13)]))
    assert (found["rejected"], found["missing_since"]) == (1, [])


def test_an_unrelated_extract_reports_nothing_missing(work: Session, tmp_path: Path) -> None:
    imported(work, csv_file(tmp_path / "a.csv", rows(6)))
    unrelated = [row(i) for i in range(100, 106)]
    assert imported(work, csv_file(tmp_path / "b.csv", unrelated))["missing_since"] == []
    assert imported(work, csv_file(tmp_path / "c.csv", rows(6)[:2]))["missing_since"] == []


def test_a_stopped_new_issue_still_finds_what_is_missing(
    work: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("thaw.casework.import_run._BATCH", 2)
    imported(work, csv_file(tmp_path / "a.csv", rows(5)))
    newer = csv_file(tmp_path / "b.csv", [row(1, vic_age=77), row(9), *rows(4)[2:]])
    stop_in_reader(work, newer, after=2)
    found = imported(work, newer)
    assert (found["already_held"], found["missing_since"]) == (4, ["shr-map:2", "shr-map:5"])


def test_rows_that_a_stopped_import_changed_still_count_for_the_issue_before(
    work: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("thaw.casework.import_run._BATCH", 2)
    imported(work, csv_file(tmp_path / "a.csv", rows(6)))
    newer = csv_file(tmp_path / "b.csv", rows(5, agency="Invented Town"))
    stop_in_reader(work, newer, after=4)
    # The newest issue of all comes before the stopped one is finished, and changes what that one changed.
    newest = csv_file(tmp_path / "c.csv", rows(3, agency="Invented City 3"))
    stop_in_reader(work, newest, after=2)
    assert imported(work, newest)["missing_since"] == ["shr-map:4", "shr-map:5", "shr-map:6"]
    assert imported(work, newer)["missing_since"] == ["shr-map:6"]
    assert is_whole(work)


def test_a_dry_run_counts_and_leaves_the_look_and_nothing_else(work: Session, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", rows(5))
    size = work.book.store.size()
    found = imported(work, path, dry_run=True)
    assert counts(found) == (5, 5, 0, 0, 0, 0)
    (look,) = entries(work)[size:]
    assert (look.leaf.kind, look.payload) == (
        "access.list",
        {
            "command": "import --dry-run", "file": "a.csv", "format": "shr-map", "sha256": found["sha256"],
            "data_set": None, "by": "Invented Detective", "purpose": "import",
        },
    )  # fmt: skip


def test_several_files_are_one_document_in_order(work: Session, tmp_path: Path) -> None:
    paths = [csv_file(tmp_path / f"{n}.csv", [row(n)]) for n in (1, 2)]
    assert [f["file"] for f in import_files(work, [*paths, paths[0]])["files"]] == ["1.csv", "2.csv", "1.csv"]


def test_all_files_are_looked_at_before_the_first_is_read(work: Session, tmp_path: Path) -> None:
    good = csv_file(tmp_path / "a.csv", rows(2))
    with pytest.raises(InputError):
        import_files(work, [good, tmp_path / "no.csv"])
    assert case_count(work) == 0


def test_a_file_name_that_is_no_utf_8_is_imported(work: Session, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", rows(1)).rename(tmp_path / "a\udce9.csv")
    assert imported(work, path)["file"] == "a\ufffd.csv"


def test_a_demo_book_refuses_other_imports(tmp_path: Path) -> None:
    clock = Clock()
    init_book(tmp_path / "book", None, clock, "Invented", kind="demo")
    demo = session(open_book(tmp_path / "book", clock), "Invented")
    with pytest.raises(InputError) as caught:
        import_files(demo, [csv_file(tmp_path / "a.csv", rows(1))])
    demo.book.close()
    assert str(caught.value) == (
        f"{tmp_path / 'book'}: got a demo book, want a book of your own, so that invented and real cases never mix. "
        "Make one with `thaw --book DIR init`."
    )


def stop_in_reader(work: Session, path: Path, *, after: int, how: type[BaseException] = KeyboardInterrupt) -> Any:
    """Import, with an interruption raised inside the reader after so many rows."""
    from thaw.casework.import_run import ImportRun
    from thaw.intake import reader_for

    class Stopping:
        name, version, unit, recorded_by = "shr-map", 1, "rows", "test"

        def header(self, path: Path) -> Any:
            return reader_for(path).header(path)

        def is_whole(self, path: Path) -> bool:
            return True

        def notes(self, path: Path) -> list[str]:
            return []

        def key_column(self, columns: Any) -> str | None:
            return reader_for(path).key_column(columns)

        def read(self, path: Path, today: Any) -> Any:
            for i, item in enumerate(reader_for(path).read(path, today)):
                if i == after:
                    raise how()
                yield item
            raise how()

    run = ImportRun(work, path, Stopping(), False, lambda what, done, total: None)  # type: ignore[arg-type]
    run.go()
    return run.tally.to_json()


@pytest.mark.parametrize("after", [0, 3, 10])
def test_an_interrupted_import_is_finished_by_a_rerun(
    work: Session, tmp_path: Path, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("thaw.casework.import_run._BATCH", 2)
    path = csv_file(tmp_path / "a.csv", rows(10))
    stopped = stop_in_reader(work, path, after=after)
    assert stopped["problem"] == "interrupted; give the same command again to finish"
    assert adds_up(stopped)
    assert is_whole(work)
    found = imported(work, path)
    assert found["problem"] is None
    assert found["stored"] + found["already_held"] == 10
    assert (case_count(work), found["missing_since"]) == (10, [])
    assert is_whole(work)


def test_a_file_that_cannot_be_read_to_its_end_is_a_problem_and_no_crash(work: Session, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", rows(3))
    found = stop_in_reader(work, path, after=2, how=OSError)
    assert found["problem"] == (
        f"{path}: got , want a file that can be read to its end. Check it and give the same command again."
    )


def test_a_full_disk_stops_with_a_problem_and_a_rerun_finishes(work: Session, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", rows(1_500))
    db = work.book.store._db
    db.pragma("max_page_count", db.pragma("page_count") + 40)
    found = imported(work, path)
    assert found["problem"] == (
        f"{work.book.store.path}: got a full disk, want room for the next entries. "
        "Free some space and give the same command again; nothing was half-written."
    )
    assert adds_up(found)
    assert verify(work.book.folder)["status"] == "ok"
    db.pragma("max_page_count", 1_000_000)
    again = imported(work, path)
    assert (again["stored"] + again["already_held"], case_count(work)) == (1_500, 1_500)
    assert is_whole(work)


# What may happen to a line on its way through thirty years of copying.
DAMAGE = st.sampled_from(
    [
        lambda text: text,
        lambda text: text[: len(text) // 2],
        lambda text: text + ",",
        lambda text: text.replace(",", ";", 3),
        lambda text: text.replace("1985", "19B5"),
        lambda text: text.replace("Female", "Femail"),
        lambda text: '"' + text,
        lambda text: text.replace("Invented", "Inv\x00nted"),
        lambda text: "",
        lambda text: text.replace("49035", "00000"),
    ]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_line_is_accounted_for_and_a_second_import_adds_nothing(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("law")
    numbers = data.draw(st.lists(st.integers(1, 12), min_size=1, max_size=12, unique=True))
    keyed = data.draw(st.booleans())
    lines = [data.draw(DAMAGE)(line(n, **({} if keyed else {"rowid": "", "vic_age": n // 3}))) for n in numbers]
    shuffled = data.draw(st.permutations(lines))
    kept = [text for text in lines if text]
    work = new_book(folder / "book")
    first = imported(work, line_file(folder / "a.csv", *lines))
    assert first["read"] == len(kept)
    assert adds_up(first)
    known = {(c["source_key"], c["case_id"]) for c in cases(work)}
    aside = {(r["raw"], r["field"]) for r in rejects(work)}
    assert len(known) + len(rejects(work)) == len(kept)
    second = imported(work, line_file(folder / "b.csv", *shuffled))
    assert adds_up(second)
    assert (second["stored"], second["superseded"], second["missing_since"]) == (0, 0, [])
    assert {(c["source_key"], c["case_id"]) for c in cases(work)} == known
    assert {(r["raw"], r["field"]) for r in rejects(work)} == aside
    assert verify(work.book.folder)["status"] == "ok"
    work.book.close()


def test_the_ledger_leaves_name_no_person_key_or_title(work: Session, tmp_path: Path) -> None:
    imported(work, csv_file(tmp_path / "a.csv", [row(4711, agency="Invented City")]))
    made = new_case(work, data_path("sample/invented_incident.json"))["case_id"]
    (tmp_path / "tip.txt").write_text("A red car.")
    add_documents(work, [tmp_path / "tip.txt"], case_id=made, box="Box Invented", wait=True)
    decide_same_case(work, made, "shr-map:4711", same=True, reason="an Invented reason")
    search(work, "canal", purpose="an Invented purpose")
    for (leaf,) in work.book.store._db.execute("SELECT leaf FROM entry"):
        shown = leaf.decode()
        assert set(json.loads(shown)) <= {"v", "seq", "kind", "at", "actor", "auth", "obj", "prev", "c", "sig"}
        for word in ("Invented", "Detective", "4711", "shr-map", "Salt Lake", "a.csv", "purpose", "canal", "tip"):
            assert word not in shown


def test_text_of_the_factory_is_what_the_reader_reads(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", rows(1))
    assert path.read_text() == text_of(rows(1))


def test_a_row_destroyed_by_order_answers_sealed_after_a_rebuild_too(work: Session, tmp_path: Path) -> None:
    table = csv_file(tmp_path / "a.csv", rows(3))
    imported(work, table)
    (target,) = [e for e in entries(work) if (e.payload or {}).get("source_key") == "shr-map:2"]
    sealed = {"seq": target.leaf.seq, "scope": target.payload["scope"], "held": target.payload["held"]}
    asked = work.book.store.append(work.draft("seal.order", {"number": "1", "entries": [target.leaf.seq]})).result[0]
    order = work.book.store.append(work.draft("seal.destroy", {"order": asked, "entries": [sealed]})).result[0]
    sql = "UPDATE payload SET salt = NULL, body = NULL, sealed_by = ? WHERE seq = ?"
    work.book.store._db.execute(sql, (order, target.leaf.seq))
    assert counts(imported(work, table)) == (3, 0, 0, 2, 0, 1)
    work.book.store.rebuild()
    assert counts(imported(work, table)) == (3, 0, 0, 2, 0, 1)
    assert is_whole(work)
    # The entry is still filed under its case, so that whoever may not see the case does not see the entry either.
    listed = work.book.store.reading_connection().execute(
        "SELECT case_id FROM entry_index WHERE seq = ?", (target.leaf.seq,)
    )
    assert listed.get == target.payload["scope"]["case"]


def test_a_destroyed_row_that_the_order_does_not_list_is_tampered(work: Session, tmp_path: Path) -> None:
    imported(work, csv_file(tmp_path / "a.csv", rows(3)))
    (target,) = [e for e in entries(work) if (e.payload or {}).get("source_key") == "shr-map:2"]
    order = work.book.store.append(work.draft("seal.destroy", {"order": 0, "entries": []})).result[0]
    sql = "UPDATE payload SET salt = NULL, body = NULL, sealed_by = ? WHERE seq = ?"
    work.book.store._db.execute(sql, (order, target.leaf.seq))
    (finding,) = verify(work.book.folder)["findings"]
    assert (finding["kind"], finding["seq"]) == ("seal-not-covering", target.leaf.seq)
