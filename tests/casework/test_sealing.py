"""Sealing by destruction: counted first, ordered, delayed, done, and proven to be gone."""

from __future__ import annotations

import re
import zipfile

import pytest

from books import Clock, csv_file, new_book, row, rows
from thaw.casework.bundles import export
from thaw.casework.documents import add_documents
from thaw.casework.importing import import_files
from thaw.casework.ledger import verify
from thaw.casework.sealing import destroy, dry_run, hold, order
from thaw.casework.searching import search
from thaw.errors import AccessDenied, InputError

NAME = "Zebulon Inventedname"
HOUR = 3600


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def work(tmp_path, clock):
    """Two cases; one holds a name that must go: in a row, a statement, a page, a word index and a file."""
    made = new_book(tmp_path / "book", clock=clock)
    import_files(made, [csv_file(tmp_path / "a.csv", [row(1, agency=f"Office of {NAME}"), *rows(5)[1:]])])
    (tmp_path / "tip.txt").write_text(f"{NAME} was seen near the canal.")
    (tmp_path / "other.txt").write_text("Nobody was seen.")
    add_documents(made, [tmp_path / "tip.txt"], case_id="shr-map:1", wait=True)
    add_documents(made, [tmp_path / "other.txt"], case_id="shr-map:2", wait=True)
    yield made
    made.book.close()


def ordered(work, clock, **more):
    made = order(work, number="2026-17", approved_by=["A Judge", "A Custodian"], case_id="shr-map:1", **more)
    clock.now += 73 * HOUR
    return made


def everywhere(folder, needle):
    return [path.name for path in folder.rglob("*") if path.is_file() and needle in path.read_bytes()]


def test_after_the_deed_nothing_is_left_in_database_wal_files_and_exports(work, clock, tmp_path):
    folder = work.book.folder
    assert everywhere(folder, NAME.encode())
    salts = dict(work.book.store.reading_connection().execute("SELECT seq, salt FROM payload").fetchall())
    made = ordered(work, clock)
    done = destroy(work, made["order"])
    assert (done["proven"], done["left"], done["destroyed"]) == (True, [], made["entries"])
    assert done["searched_for"] > len(made["entries"])
    assert everywhere(folder, NAME.encode()) == []
    assert [seq for seq in made["entries"] if everywhere(folder, salts[seq])] == []
    assert search(work, "canal", purpose="to test")["total"] == 0
    assert search(work, "nobody", purpose="to test")["total"] == 1
    found = verify(folder, everything=True)
    assert (found["status"], found["findings"]) == ("ok", [])
    export(work, tmp_path / "after.zip", purpose="to test")
    with zipfile.ZipFile(tmp_path / "after.zip") as packed:
        everything = b"".join(packed.read(name) for name in packed.namelist())
    assert NAME.encode() not in everything
    assert f"\n{made['entries'][0]} sealed {done['entry']}\n".encode() in everything


def test_a_file_that_another_case_holds_too_stays(work, clock, tmp_path):
    add_documents(work, [tmp_path / "tip.txt"], case_id="shr-map:3", wait=True)
    made = ordered(work, clock)
    assert made["files"] == []


def test_the_same_rows_do_not_slip_in_again(work, clock, tmp_path):
    destroy(work, ordered(work, clock)["order"])
    (again,) = import_files(work, [tmp_path / "a.csv"])["files"]
    assert (again["sealed"], again["stored"], again["already_held"]) == (1, 0, 4)


def test_nothing_is_destroyed_before_its_time(work):
    made = order(work, number="1", approved_by=["A", "B"], case_id="shr-map:1")
    with pytest.raises(AccessDenied) as error:
        destroy(work, made["order"])
    assert re.fullmatch(
        rf"seal order {made['order']}: got a wish to destroy at 2026-11-20T12:.*, want a time after "
        rf"{re.escape(made['not_before'])}. Wait. Until then the order can be stopped with `thaw seal hold`.",
        str(error.value),
    )
    assert everywhere(work.book.folder, NAME.encode())


def test_a_hold_stops_the_deed_until_it_is_lifted(work, clock):
    made = ordered(work, clock)
    case = hold(work, "shr-map:1", reason="an appeal")["case_id"]
    with pytest.raises(AccessDenied) as error:
        destroy(work, made["order"])
    assert str(error.value) == (
        f"case {case}: got an order to destroy, want a case that nobody holds. Ask who set the hold; `thaw seal hold "
        "--lift` ends it."
    )
    hold(work, "shr-map:1", reason="the appeal ended", lift=True)
    assert destroy(work, made["order"])["proven"]


def test_a_refusal_is_an_entry(work):
    made = order(work, number="1", approved_by=["A", "B"], case_id="shr-map:1")
    with pytest.raises(AccessDenied):
        destroy(work, made["order"])
    sql = "SELECT count(*) FROM entry_index WHERE kind = 'seal.refuse'"
    assert work.book.store.reading_connection().execute(sql).get == 1


@pytest.mark.parametrize(("more", "got"), [
    ({"number": " ", "approved_by": ["A", "B"]}, "no number"),
    ({"number": "1", "approved_by": ["A", "A", " "]}, "1 approvals"),
    ({"number": "1", "approved_by": []}, "0 approvals"),
])  # fmt: skip
def test_an_order_has_a_number_and_two_names(work, more, got):
    with pytest.raises(InputError) as error:
        order(work, case_id="shr-map:1", **more)
    assert str(error.value) == (
        f"seal order: got {got}, want the number of the order and the names of two people who approve. "
        "Use --number NUMBER --approved-by NAME --approved-by NAME."
    )


def test_an_order_over_more_entries_than_the_cap_is_refused(work):
    work.book.settings = {**work.book.settings, "seal.cap": 2.0}
    count = len(dry_run(work, case_id="shr-map:1")["entries"])
    with pytest.raises(InputError) as error:
        order(work, number="1", approved_by=["A", "B"], case_id="shr-map:1")
    assert str(error.value) == (
        f"seal order: got {count} entries to destroy, want 1 to 2 entries. Look at `thaw seal dry-run`; the cap is "
        "`cap` below [seal] in casebook.toml."
    )


def test_a_dry_run_destroys_nothing_and_names_what_it_would(work):
    before = verify(work.book.folder)["entries"]
    found = dry_run(work, case_id="shr-map:1")
    kinds = {one["kind"]: one["count"] for one in found["kinds"]}
    assert {"document.add": 1, "document.read": 1, "import.row": 1}.items() <= kinds.items()
    assert not [kind for kind in kinds if not kind.startswith(("document.", "import.", "mention."))]
    assert len(found["files"]) == 2
    assert verify(work.book.folder)["entries"] == before + 2  # the look and the dry run


def test_what_keeps_the_book_checkable_is_never_touched(work):
    found = dry_run(work, entries=[0, 1, 2, 3])
    kinds = {one["kind"] for one in found["kinds"]}
    assert not {kind for kind in kinds if kind.startswith(("book.", "key.", "seal."))}


def test_an_order_is_carried_out_once(work, clock):
    made = ordered(work, clock)
    destroy(work, made["order"])
    with pytest.raises(InputError) as error:
        destroy(work, made["order"])
    assert str(error.value) == (
        f"seal: got order {made['order']}, which was carried out, want an order that was not carried out yet. "
        "`thaw log` shows the numbers of entries."
    )
    with pytest.raises(InputError, match="got entry 0, want the number of an entry that holds an order to destroy"):
        destroy(work, 0)


def test_words_that_the_program_itself_is_written_in_are_not_taken_for_something_left(work, clock):
    case = hold(work, "shr-map:1", reason="to test")["case_id"]
    hold(work, "shr-map:1", reason="to test", lift=True)
    # The name of a table: it stands in every database.
    work.book.store.append(work.draft("note.add", {"words": "entry_index", "scope": {"case": case}}))
    assert destroy(work, ordered(work, clock)["order"])["proven"]


def test_an_order_says_under_which_settings_it_was_made(work):
    work.book.settings = {**work.book.settings, "seal.cooling_off_hours": 0.0, "seal.cap": 499.0}
    made = order(work, number="2026-17", approved_by=["A Judge", "A Custodian"], case_id="shr-map:1")
    with work.look("to test", kind="access.list").snapshot() as taken:
        (entry,) = taken.entries([made["order"]])
    payload = entry.payload
    assert (payload["cooling_off_minutes"], payload["cap"]) == (0, 499)
