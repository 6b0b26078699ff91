"""Tables line by line: what is no row of the table is a reject with its raw text, and spoils no other line."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from books import CODED, csv_file, line, line_file, parquet_file, row, rows, text_of
from thaw.errors import InputError
from thaw.intake import Reject, SourceRow, reader_for

WIDTH = len(CODED)


def read(path: Path) -> list[SourceRow | Reject]:
    return list(reader_for(path).read(path, date(2026, 11, 20)))


def between_good_lines(path: Path, bad: str | bytes) -> Reject:
    """The one reject of a file in which the bad line stands between two good ones."""
    first, reject, last = read(line_file(path, line(1), bad, line(2)))
    assert isinstance(first, SourceRow)
    assert isinstance(last, SourceRow)
    assert isinstance(reject, Reject)
    assert (reject.row, reject.line, last.row, last.line) == (2, 3, 3, 4)
    return reject


def said(reject: Reject) -> tuple[str, str, str]:
    return reject.field, reject.got, reject.want


def test_a_truncated_line_is_a_reject(tmp_path: Path) -> None:
    bad = line(9)[:40]
    reject = between_good_lines(tmp_path / "a.csv", bad)
    assert said(reject) == ("line", "7 fields", f"{WIDTH} fields, as in the header")
    assert reject.raw == bad


def test_too_many_fields_are_a_reject(tmp_path: Path) -> None:
    reject = between_good_lines(tmp_path / "a.csv", line(9) + ",more")
    assert said(reject) == ("line", f"{WIDTH + 1} fields", f"{WIDTH} fields, as in the header")
    assert reject.raw == line(9) + ",more"


def test_a_stray_quote_is_a_reject(tmp_path: Path) -> None:
    bad = line(9).replace("Invented City", '"Invented City')
    reject = between_good_lines(tmp_path / "a.csv", bad)
    assert said(reject) == ("line", "a line that is no CSV (unexpected end of data)", "fields, and quotes in pairs")
    assert reject.raw == bad


def test_a_quote_in_the_middle_of_a_quoted_field_is_a_reject(tmp_path: Path) -> None:
    bad = line(9).replace("Invented City", '"Invented" City')
    reject = between_good_lines(tmp_path / "a.csv", bad)
    assert said(reject)[1] == "a line that is no CSV (',' expected after '\"')"


def test_a_field_of_two_hundred_thousand_letters_is_a_reject(tmp_path: Path) -> None:
    bad = line(9).replace("Invented City", "x" * 200_000)
    reject = between_good_lines(tmp_path / "a.csv", bad)
    assert said(reject)[1] == "a line that is no CSV (field larger than field limit (131072))"


@pytest.mark.parametrize(("letter", "name"), [("\x00", "U+0000"), ("\x1f", "U+001F"), ("\x1b", "U+001B")])
def test_a_control_character_makes_its_line_a_reject(tmp_path: Path, letter: str, name: str) -> None:
    bad = line(9).replace("Invented City", f"Invented{letter}City")
    reject = between_good_lines(tmp_path / "a.csv", bad)
    assert said(reject) == ("line", f"the control character {name}", "letters and signs")
    assert reject.raw == bad


def test_a_line_over_one_megabyte_is_one_reject_and_lines_are_counted_on(tmp_path: Path) -> None:
    bad = "x" * 2_500_000
    reject = between_good_lines(tmp_path / "a.csv", bad)
    assert reject.got == "a line of 2,500,001 bytes, of which the first 1,000,000 are kept here"
    assert (reject.field, reject.want) == ("line", "at most 1,000,000 bytes")
    assert reject.raw == bad[:1_000_000]


def test_blank_lines_are_no_rows_but_are_counted_as_lines(tmp_path: Path) -> None:
    first, reject = read(line_file(tmp_path / "a.csv", "", line(1), "", "   ", line(2)[:9], ""))
    assert (first.row, first.line, reject.row, reject.line) == (1, 3, 2, 6)


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    plain = csv_file(tmp_path / "a.csv", rows(3))
    dressed = tmp_path / "b.csv"
    dressed.write_bytes(b"\xef\xbb\xbf" + text_of(rows(3), end="\r\n").encode())
    assert read(plain) == read(dressed)


def test_a_file_without_a_last_line_feed_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text_of(rows(2)).rstrip("\n"))
    assert len(read(path)) == 2


def test_a_latin_1_line_is_read_beside_a_utf_8_line(tmp_path: Path) -> None:
    old = line(1, agency="Inventé").encode("latin-1")
    new = line(2, agency="Inventé").encode("utf-8")
    one, other = read(line_file(tmp_path / "a.csv", old, new))
    assert isinstance(one, SourceRow)
    assert isinstance(other, SourceRow)
    assert one.said_by == other.said_by == "Inventé"


@pytest.mark.parametrize("mark", ["\t", ";", "|"])
def test_other_delimiters_are_found_by_the_header(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "a.csv"
    cells = row(1, cnty_name="Salt Lake", agency="Invented City")
    path.write_text(mark.join(cells) + "\n" + mark.join(cells.values()) + "\n")
    (found,) = read(path)
    assert isinstance(found, SourceRow)


def test_a_control_character_in_a_parquet_cell_is_a_reject(tmp_path: Path) -> None:
    table = [row(1), row(2, agency="Invented\x1fCity"), row(3)]
    _, reject, last = read(parquet_file(tmp_path / "a.parquet", table))
    assert isinstance(reject, Reject)
    assert (reject.row, reject.line, *said(reject)) == (
        2, 2, "row", "the control character U+001F", "letters and signs",
    )  # fmt: skip
    assert "Invented\x1fCity" in reject.raw
    assert isinstance(last, SourceRow)


def refused(path: Path, format_name: str | None = None) -> str:
    with pytest.raises(InputError) as caught:
        reader_for(path, format_name)
    return str(caught.value)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path) == f"{tmp_path}: got a folder, want a file. Name the files in it one by one."


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "no.csv"
    want = "want a file that can be read. Check the name."
    assert refused(path) == f"{path}: got No such file or directory, {want}"


@pytest.mark.parametrize("content", [b"", b"\n\n  \n"])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert refused(path) == f"{path}: got an empty file, want a table with rows. Get the file anew."


@pytest.mark.parametrize("content", [b"\x89PNG\x00\x00 and more", "year,month\n1,2\n".encode("utf-16")])
def test_a_binary_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert refused(path) == (
        f"{path}: got a binary file, want a CSV or Parquet table. "
        "Export the table as CSV; documents are taken in with `thaw add`."
    )


def test_a_compressed_file_is_refused_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(b"\x1f\x8b\x08\x00 and more")
    want = "want a CSV or Parquet table. Unpack it first, such as with gunzip."
    assert refused(path) == f"{path}: got a compressed file, {want}"


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    assert refused(path) == f"{path}: got a pipe or device, want a file. Save it to a file first."


def test_a_header_that_is_no_csv_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('"Dear Sir,\n')
    assert refused(path) == (
        f"{path} line 1: got a header that is no CSV (unexpected end of data), want the names of the columns. "
        "Mend the first line; documents are taken in with `thaw add`."
    )


def test_another_table_is_refused_with_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b,c,d,e,f,g,h,i\n1,2,3,4,5,6,7,8,9\n")
    assert refused(path) == (
        f"{path}: got a table with the columns a, b, c, d, e, f, g, h, ..., want a table of one of the formats "
        "shr-map. Compare the columns with docs/reference/formats.md; a document is taken in with `thaw add`."
    )


def test_a_format_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    path = line_file(tmp_path / "a.csv", line())
    assert refused(path, "nibbles") == (
        "--format: got 'nibbles', want one of shr-map. Use one of these, or leave it out."
    )


@pytest.mark.parametrize("content", [b"PAR1", b"PAR1 and then nothing of the kind PAR1"])
def test_a_damaged_parquet_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(content)
    message = refused(path)
    assert message.startswith(f"{path}: got a Parquet file that cannot be read (")
    assert message.endswith("), want a whole file. Get it anew.")
