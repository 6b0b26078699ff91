"""Tables line by line: what is no row of the table is a reject with its raw text, and spoils no other line."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from books import CODED, csv_file, line, line_file, parquet_file, row, rows, text_of
from thaw.errors import InputError
from thaw.intake import FORMATS as KNOWN
from thaw.intake import Reject, SourceRow, reader_for

WIDTH = len(CODED)
FORMATS = ", ".join(KNOWN)


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


def test_whole_numbers_in_a_parquet_column_of_fractions_are_read(tmp_path: Path) -> None:
    import duckdb

    words = parquet_file(tmp_path / "words.parquet", [row(1, month=7), row(2, month=12)])
    broken = tmp_path / "broken.parquet"
    casts = "month::double AS month, vic_age::decimal(5,2) AS vic_age, weapon_code::float AS weapon_code"
    with duckdb.connect() as db:
        db.execute(f"COPY (SELECT * REPLACE ({casts}) FROM '{words}') TO '{broken}' (FORMAT parquet)")
        db.execute(
            f"COPY (SELECT * REPLACE (7.5 AS month) FROM '{words}') TO '{tmp_path}/half.parquet' (FORMAT parquet)"
        )
    assert read(broken) == read(words)
    reject = read(tmp_path / "half.parquet")[0]
    assert isinstance(reject, Reject)
    assert said(reject)[:2] == ("month", "'7.5'")


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


@pytest.mark.parametrize("content", [b"\x89PNG\x00\x00 and more", b"a,b\x00\n1,2\n", bytes(500)])
def test_a_binary_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert refused(path) == (
        f"{path}: got a binary file, want a CSV, XLSX or Parquet table. "
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
        f"{FORMATS}. Compare the columns with docs/reference/formats.md, or write a specification with --guess and "
        "give it with --spec; a document is taken in with `thaw add`."
    )


def test_a_format_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    path = line_file(tmp_path / "a.csv", line())
    assert refused(path, "nibbles") == (
        f"--format: got 'nibbles', want one of {FORMATS}. Use one of these, or leave it out."
    )


@pytest.mark.parametrize("content", [b"PAR1", b"PAR1 and then nothing of the kind PAR1"])
def test_a_damaged_parquet_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(content)
    message = refused(path)
    assert message.startswith(f"{path}: got a Parquet file that cannot be read (")
    assert message.endswith("), want a whole file. Get it anew.")


NO_HEADER = "want the names of the columns. Mend the first line; documents are taken in with `thaw add`."


def test_a_header_longer_than_64_kib_is_read_whole(tmp_path: Path) -> None:
    more = [f"note_{number}" for number in range(15_000)]
    path = tmp_path / "a.csv"
    path.write_text(",".join([*CODED, *more]) + "\n" + line(1) + "," * len(more) + "\n")
    assert path.stat().st_size > 2 * 65_536
    (found,) = read(path)
    assert isinstance(found, SourceRow)


def test_a_header_cell_over_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",".join([*CODED, "x" * 131_073]) + "\n" + line(1) + ",\n")
    assert refused(path) == (
        f"{path} line 1: got a header that is no CSV (field larger than field limit (131072)), {NO_HEADER}"
    )


def test_a_first_line_over_one_megabyte_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",".join([*CODED, *["note"] * 250_000]) + "\n" + line(1) + "\n")
    assert refused(path) == f"{path} line 1: got a first line of more than 1,000,000 bytes, {NO_HEADER}"


def noted(number: int, note: str) -> str:
    return line(number).replace("Invented City", f'"{note}"')


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_cell_with_line_breaks_is_one_row(tmp_path: Path, end: str) -> None:
    broken = noted(2, f"Invented{end}{end}City, the old one")
    path = tmp_path / "a.csv"
    path.write_bytes(end.join([",".join(CODED), line(1), broken, line(3), line(4)[:9], ""]).encode())
    first, joined, third, last = read(path)
    assert isinstance(joined, SourceRow)
    assert (joined.row, joined.line, joined.raw) == (2, 3, broken)
    assert joined.said_by == f"Invented{end}{end}City, the old one"
    assert (first.row, first.line, third.row, third.line, last.row, last.line) == (1, 2, 3, 6, 4, 7)


def test_a_cell_of_fifty_lines_is_joined_and_one_of_fifty_one_is_not(tmp_path: Path) -> None:
    (found,) = read(line_file(tmp_path / "a.csv", noted(1, "x" + "\nx" * 49)))
    assert isinstance(found, SourceRow)
    first, *others = read(line_file(tmp_path / "b.csv", noted(1, "x" + "\nx" * 50), line(2)))
    assert isinstance(first, Reject)
    assert said(first)[1] == "a line that is no CSV (unexpected end of data)"
    assert [item.row for item in others] == list(range(2, 53))
    assert isinstance(others[-1], SourceRow)


def test_a_cell_of_many_lines_over_one_megabyte_is_not_joined(tmp_path: Path) -> None:
    first, *others = read(line_file(tmp_path / "a.csv", noted(1, "\n".join(["x" * 40_000] * 26)), line(2)))
    assert isinstance(first, Reject)
    assert (len(others), isinstance(others[-1], SourceRow)) == (26, True)


@pytest.mark.parametrize(
    "stray",
    [
        '"' + line(8),
        line(8) + ',"',
        line(8)[:30] + '"',
        '"' + line(8)[:9],
    ],
)
@pytest.mark.parametrize(
    "other", ['"' + line(9, rowid=""), line(9) + '"', '"' + line(9), line(9)[:40] + '"', '",' + line(9)]
)
@pytest.mark.parametrize("between", [0, 2])
def test_two_stray_quotes_spoil_their_own_lines_and_none_between(
    tmp_path: Path, stray: str, other: str, between: int
) -> None:
    good = [line(number) for number in range(1, 1 + between)]
    found = read(line_file(tmp_path / "a.csv", stray, *good, other, line(5)))
    assert [item.line for item in found] == list(range(2, 5 + between))
    assert [type(item) for item in found[1:-2]] == [SourceRow] * between
    assert isinstance(found[0], Reject)
    assert isinstance(found[-1], SourceRow)


def test_a_quote_inside_a_cell_without_quotes_is_a_sign_like_any_other(tmp_path: Path) -> None:
    first, second = read(line_file(tmp_path / "a.csv", line(1, rowid="1").replace("Invented City", 'Inv"ented'), 'x"'))
    assert isinstance(first, SourceRow)
    assert first.said_by == 'Inv"ented'
    assert isinstance(second, Reject)


def test_a_quote_that_stays_open_to_the_end_of_the_file_is_a_reject(tmp_path: Path) -> None:
    reject, last = read(line_file(tmp_path / "a.csv", noted(1, "x")[:-9].replace('x"', "x"), "y"))
    assert isinstance(reject, Reject)
    assert isinstance(last, Reject)


@given(notes=st.lists(st.text('ab"\n, ', max_size=12), min_size=1, max_size=6))
def test_whatever_a_writer_of_csv_puts_into_quotes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, notes: list[str]
) -> None:
    table = [row(number, agency=note, solved=note) for number, note in enumerate(notes, start=1)]
    found = read(csv_file(tmp_path_factory.mktemp("notes") / "a.csv", table))
    assert [(item.row, item.key) for item in found] == [(number, str(number)) for number in range(1, len(notes) + 1)]
    assert [item.said_by for item in found if isinstance(item, SourceRow)] == [
        note.strip() or "UT00000" for note in notes
    ]


def test_a_line_break_in_an_unquoted_name_of_a_column_is_said_in_plain_words(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'a"b\rc"d,e\n1,2\n')
    assert refused(path) == (
        f"{path} line 1: got a header that is no CSV (a line break outside quotes), want the names of the columns. "
        "Mend the first line; documents are taken in with `thaw add`."
    )
