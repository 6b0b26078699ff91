"""Tables as people save them: other encodings, line ends, titles above the header, workbooks; nothing goes unsaid."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest

from books import CODED, line, new_book, rows, text_of
from shr_records import record_1980
from thaw.casework.importing import import_files
from thaw.errors import InputError
from thaw.intake import Reject, SourceRow, file_digest, reader_for
from thaw.intake.form_notes import notes_on_form
from thaw.intake.header_line import header_at
from thaw.intake.tables import header_of, read_table
from thaw.intake.text_stream import TextForm, open_text, text_form

TODAY = date(2026, 11, 20)


def read(path: Path) -> list[SourceRow | Reject]:
    return list(reader_for(path).read(path, TODAY))


def saved(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_table_in_another_encoding_is_read_as_it_would_be_in_utf_8(tmp_path: Path, encoding: str) -> None:
    text = text_of(rows(5, agency="Inventé"))
    plain = saved(tmp_path / "a.csv", text.encode())
    other = saved(tmp_path / "b.csv", text.encode(encoding))
    if encoding == "utf-16-be":
        other.write_bytes(text.encode(encoding))
    assert read(other) == read(plain)
    assert file_digest(other)[1] == (
        "utf-16-le" if encoding == "utf-16" else encoding.replace("32", "32-le").replace("-le-le", "-le")
    )


def test_the_report_says_which_encoding_it_was(tmp_path: Path) -> None:
    marked = saved(tmp_path / "a.csv", text_of(rows(2)).encode("utf-16"))
    bare = saved(tmp_path / "b.csv", text_of(rows(2)).encode("utf-16-be"))
    assert notes_on_form(marked, header_of(marked)) == ["text is UTF-16-LE, by its mark"]
    assert notes_on_form(bare, header_of(bare)) == ["text is UTF-16-BE, by its zero bytes, it has no mark"]


def test_lines_that_end_with_a_carriage_return_alone_are_lines(tmp_path: Path) -> None:
    plain = saved(tmp_path / "a.csv", text_of(rows(5)).encode())
    old = saved(tmp_path / "b.csv", text_of(rows(5)).encode().replace(b"\n", b"\r"))
    assert read(old) == read(plain)
    assert notes_on_form(old, header_of(old)) == ["lines end with a carriage return alone"]
    shr = saved(tmp_path / "shr.txt", f"{record_1980(incident='001')}\r{record_1980(incident='002')}\r".encode())
    assert [item.row for item in read(shr) if isinstance(item, SourceRow)] == [1, 2]


def test_a_stray_carriage_return_divides_two_rows_and_none_is_lost(tmp_path: Path) -> None:
    head = ",".join(CODED)
    path = saved(tmp_path / "a.csv", f"{head}\n{line(1)}\r{line(2)}\n{line(3)}\n".encode())
    assert [(item.row, item.line, item.key) for item in read(path)] == [(1, 2, "1"), (2, 3, "2"), (3, 4, "3")]


def test_a_carriage_return_inside_quotes_stays_in_its_cell(tmp_path: Path) -> None:
    head = ",".join(CODED)
    noted = line(1).replace("Invented City", '"Invented\rCity"')
    (found,) = read(saved(tmp_path / "a.csv", f"{head}\n{noted}\n".encode()))
    assert isinstance(found, SourceRow)
    assert found.said_by == "Invented\rCity"


def test_what_is_no_text_is_not_taken_for_utf_16() -> None:
    assert text_form(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 20).encoding == "utf-8"
    assert text_form(b"a,b\n1,\x002\n" * 50) == TextForm()
    assert text_form("a,b\n1,2\n".encode("utf-16-le")).encoding == "utf-16-le"
    assert text_form(b"") == TextForm()


def test_half_of_a_letter_at_the_end_of_utf_16_is_shown_and_ends_nothing(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.csv", "a\nb\n".encode("utf-16") + b"x")
    with open_text(path) as stream:
        assert stream.read() == "a\nb\n\ufffd".encode()


def test_titles_above_the_header_are_passed_over_counted_and_shown(tmp_path: Path) -> None:
    titles = "Homicides of Invented County\nas of 3 July 2020, all rights\n\n"
    path = saved(tmp_path / "a.csv", (titles + text_of(rows(3))).encode())
    header = header_of(path)
    assert (header.line, header.columns[:2], header.above) == (4, ("rowid", "mapid"), tuple(titles.split("\n")[:2]))
    assert [(item.row, item.line) for item in read(path)] == [(1, 5), (2, 6), (3, 7)]
    work = new_book(tmp_path / "book")
    (file,) = import_files(work, [path])["files"]
    work.book.close()
    assert (file["read"], file["stored"], file["above_header"]) == (3, 3, 2)
    told = "2 lines above the header, which is line 4, no rows: 'Homicides of Invented County'; "
    assert file["notes"][0] == told + "'as of 3 July 2020, all rights'"


@pytest.mark.parametrize(("table", "at"), [
    ([["a", "b", "c"], ["1", "2", "3"]], 0),
    ([["Title", "", ""], ["a", "b", "c"], ["1", "2", "3"], ["4", "5", "6"]], 1),
    # Without a row of names nothing is taken for a header: the first row stays it, and all others are seen.
    ([["only"], ["1", "2", "3"], ["4", "5", "6"]], 0),
    ([["id"], ["x"], ["y"]], 0),
    ([["name"], ["Doe", "John"], ["Roe", "Jane"]], 0),
    ([], 0),
])  # fmt: skip
def test_the_header_is_the_first_row_that_holds_names_as_full_as_most(table: list[list[str]], at: int) -> None:
    assert header_at(table) == at


def test_the_mark_is_the_one_by_which_most_lines_agree(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.csv", b'no;day;lat\n1;"3;4";36,5\n2;x, y, z;36,7\n')
    assert header_of(path).columns == ("no", "day", "lat")
    assert [row.cells for row in read_table(path) if not isinstance(row, Reject)] == [
        ["1", "3;4", "36,5"], ["2", "x, y, z", "36,7"]
    ]  # fmt: skip
    path = saved(tmp_path / "b.csv", b"sep=|\nno|what\n1|a,b\n2|c,d\n")
    assert header_of(path).columns == ("no", "what")


def test_a_name_of_two_lines_in_the_header_is_one_column(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.csv", b'no,"date\nof death",age\n1,1985-01-02,24\n')
    assert header_of(path).columns == ("no", "date of death", "age")
    (row,) = read_table(path)
    assert (row.row, row.line) == (1, 3)


def test_columns_named_twice_or_not_at_all_are_said(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.csv", b"no,age,age,\n1,2,3,4\n")
    assert notes_on_form(path, header_of(path)) == [
        "column 'age' stands 2 times: the first is read, the others stay in the raw row",
        "columns without a name: 4",
    ]


def workbook(path: Path, *sheets: tuple[str, list[list[object]]]) -> Path:
    import openpyxl  # type: ignore[import-untyped]

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, table in sheets:
        sheet = book.create_sheet(name)
        for cells in table:
            sheet.append(cells)
    book.save(path)
    return path


def test_a_sheet_is_a_table_with_its_own_row_numbers(tmp_path: Path) -> None:
    table: list[list[object]] = [
        ["Invented homicides"], [], ["no", "day", "age", "note"],
        [1, date(2015, 1, 10), 24.0, None], [2, datetime(2015, 1, 11, 13, 5), 3.5, "=A4"], [], [3, "1/12/2015", True],
        ["4", "", "", "", "too", "many"],
    ]  # fmt: skip
    path = workbook(tmp_path / "a.xlsx", ("Data", table), ("Codes", [["a"]]))
    header = header_of(path)
    assert (header.columns, header.line, header.above) == (("no", "day", "age", "note"), 3, ("Invented homicides",))
    found = list(read_table(path))
    assert [(one.row, one.line) for one in found] == [(1, 4), (2, 5), (3, 7), (4, 8)]
    assert [one.cells for one in found if not isinstance(one, Reject)] == [
        ["1", "2015-01-10", "24", ""], ["2", "2015-01-11 13:05:00", "3.5", "=A4"], ["3", "1/12/2015", "true", ""],
    ]  # fmt: skip
    last = found[-1]
    assert isinstance(last, Reject)
    assert (last.got, last.want, last.raw) == ("6 fields", "4 fields, as in the header", "4\t\t\t\ttoo\tmany")
    assert notes_on_form(path, header)[-1] == "sheets that are not read: Codes"


def test_a_sheet_is_chosen_by_the_specification(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ("Front", [["Hello"]]), ("Data", [["no", "day"], [1, "1985-03-04"]]))
    spec = tmp_path / "s.toml"
    spec.write_text('name = "x"\nsheet = "Data"\nkey = "no"\n[fields.date]\ncolumn = "day"\n', encoding="utf-8")
    (row,) = reader_for(path, spec=str(spec)).read(path, TODAY)
    assert (row.key, row.line) == ("1", 2)
    spec.write_text('name = "x"\nsheet = "Nowhere"\nkey = "no"\n[fields.date]\ncolumn = "day"\n', encoding="utf-8")
    with pytest.raises(InputError) as error:
        list(reader_for(path, spec=str(spec)).read(path, TODAY))
    assert str(error.value) == (
        f"{path}, sheet: got 'Nowhere', want one of Front, Data. Correct it in the specification."
    )


def test_archives_and_old_office_files_are_refused_with_advice(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as package:
        package.writestr("a.csv", "a,b\n1,2\n")
    open_sheet = tmp_path / "a.ods"
    with zipfile.ZipFile(open_sheet, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", "<x/>")
    old = saved(tmp_path / "a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    cut = saved(tmp_path / "cut.xlsx", archive.read_bytes()[:40])
    for path, words in (
        (archive, "got an archive, want a CSV, XLSX or Parquet table. Unpack it first and name the files in it; "
         "documents are taken in with `thaw add`."),
        (open_sheet, "got a sheet or text of OpenDocument, want a CSV, XLSX or Parquet table. Open it and save it as "
         "XLSX or as CSV."),
        (old, "got a file of an old office program (.xls, .doc), want a CSV, XLSX or Parquet table. Open it and save "
         "it as XLSX or as CSV; documents are taken in with `thaw add`."),
        (cut, "got a damaged archive or workbook (File is not a zip file), want a whole file. Get it anew."),
    ):  # fmt: skip
        with pytest.raises(InputError) as error:
            reader_for(path)
        assert str(error.value) == f"{path}: {words}"
