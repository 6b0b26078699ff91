"""Readers of documents: pages, words and boxes of files made here, and what is refused in which words."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from books import locked_pdf, text_pdf
from papers import HEIC, OLD_WORD, docx, file, locked_zip, mail, picture, png, saved, scanned_pdf, xlsx, zipped
from thaw.errors import InputError
from thaw.intake.documents import Page, Part, Remark, Total, media_type, read_document, reader_name

EDGE = 65_536


def named(value: Any) -> str:
    """The id of a parameter; bytes differ from run to run, since office files hold the time."""
    return value[:40] if isinstance(value, str) else "bytes"


def kind_of(path: Path) -> str:
    data = path.read_bytes()
    return media_type(data[:EDGE], data[-EDGE:], path.name)


def read(path: Path, content: bytes | str, first: int = 1) -> list[Any]:
    file(path, content)
    parts = path.parent / "parts"
    parts.mkdir(exist_ok=True)
    return list(read_document(path, kind_of(path), first, parts))


def pages_of(path: Path, content: bytes | str, first: int = 1) -> list[Page]:
    return [one for one in read(path, content, first) if isinstance(one, Page)]


def remarks_of(path: Path, content: bytes | str) -> list[str]:
    return [one.words for one in read(path, content) if isinstance(one, Remark)]


def parts_of(path: Path, content: bytes | str) -> dict[str, bytes | str | None]:
    found = [one for one in read(path, content) if isinstance(one, Part)]
    return {one.name: one.file.read_bytes() if one.file else one.problem for one in found}


def words_of(page: Page) -> list[str]:
    assert page.text is not None
    return [page.text[word.start : word.end] for word in page.words]


def refused(path: Path, content: bytes | str) -> str:
    with pytest.raises(InputError) as caught:
        read(path, content)
    return f"got {caught.value.got}, want {caught.value.want}. {caught.value.fix}"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("scan.txt", png("x"), "image/png"),  # what it is, not what it is called
        ("report.doc", text_pdf("x"), "application/pdf"),
        ("a.jpg", saved(picture("x"), "JPEG"), "image/jpeg"),
        ("a.tif", saved(picture("x"), "TIFF"), "image/tiff"),
        ("a", docx("x"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a", xlsx({"x": [[1]]}), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.docx", zipped({"a.txt": b"x"}), "application/zip"),
        ("a.jpg", HEIC, "image/heic"),
        ("a", OLD_WORD, "application/msword"),
        ("a.txt", mail("x"), "message/rfc822"),
        ("a.txt", b"From x@y Mon Mar 12 10:00:00 1984\nFrom: x@y\nSubject: z\n\nw\n", "application/mbox"),
        ("memo.txt", b"From: Det. Invented\nTo: Lt. Invented\nSubject: the car\n\nwords", "text/plain"),
        ("a", b"<!DOCTYPE html><html><p>x", "text/html"),
        ("a", "\ufeff<html><p>x".encode("utf-16-le"), "text/html"),
        ("a.htm", "\ufeff<p>x".encode("utf-16-be"), "text/html"),
        ("a.txt", "\ufeffx < y".encode("utf-16-le"), "text/plain"),
        ("a", "x".encode("utf-32"), "text/plain"),
        ("a.csv", b"a,b\n1,2\n", "text/csv"),
        ("a.md", b"# x", "text/markdown"),
        ("a", b"{\\rtf1 x}", "application/rtf"),
        ("a", b"", "application/x-empty"),
        ("a.txt", b" \n\n ", "application/x-empty"),
        ("a.txt", bytes(range(256)) * 20, "application/octet-stream"),
        ("a.txt", "Café".encode("utf-16-le") * 30, "text/plain"),
    ],
    ids=named,
)
def test_a_file_is_what_its_bytes_say(tmp_path: Path, name: str, content: bytes, kind: str) -> None:
    assert kind_of(file(tmp_path / name, content)) == kind


@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.pdf", "a.eml", ""]))
def test_any_bytes_have_a_type(data: bytes, name: str) -> None:
    assert "/" in media_type(data, data, name)


NAMES = "Zoë Müller of Cañon City said: “the señor’s café – 5½ miles”, then left.\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman"]
)
def test_a_text_is_read_in_the_letters_it_was_written_in(tmp_path: Path, encoding: str) -> None:
    text = NAMES.replace("½", "") if encoding == "mac_roman" else NAMES
    (page,) = pages_of(tmp_path / "a.txt", (text * 5).encode(encoding))
    assert page.text == text * 5
    assert all(word.box is None for word in page.words)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp437", "┌──────────┐\n│ José Nuñez │\n└──────────┘\nüber the café\n"),
        ("cp1251", "Свидетель видел красную машину у канала, Иванов.\n"),
        ("koi8_r", "Свидетель видел красную машину у канала, Иванов.\n"),
        ("cp932", "目撃者は運河のそばで赤い車を見ました。\n"),
        ("gb18030", "证人在运河边看见一辆红色的汽车。\n"),
        ("euc_kr", "목격자는 운하 옆에서 빨간 차를 보았다.\n"),
    ],
)
def test_other_letters_are_recognized_and_said(tmp_path: Path, encoding: str, text: str) -> None:
    found = read(tmp_path / "a.txt", text.encode(encoding) * 4)
    assert found[0] == Remark(f"read as {encoding}")
    assert found[1].text == text * 4


def test_form_feeds_divide_a_text_into_pages(tmp_path: Path) -> None:
    pages = pages_of(tmp_path / "a.txt", b"one\ftwo\f\fthree" + b"\n" * 100)
    assert [(page.number, page.text) for page in pages[:3]] == [(1, "one"), (2, "two"), (3, "")]
    assert len(pages) == 4


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\f\x00\ufeff"), max_size=200))
def test_pages_of_a_text_lose_nothing(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    from thaw.intake.documents.pages import paged

    assert "".join(page.text or "" for page in paged(text * 40)) == text * 40


def test_a_text_without_form_feeds_has_pages_of_sixty_lines(tmp_path: Path) -> None:
    text = "".join(f"line {i}\r\n" for i in range(125))
    pages = pages_of(tmp_path / "a.txt", text.encode())
    assert [len((page.text or "").splitlines()) for page in pages] == [60, 60, 5]


def test_a_line_that_no_paper_holds_is_cut(tmp_path: Path) -> None:
    pages = pages_of(tmp_path / "a.txt", b"0" * 50_000)
    assert [len(page.text or "") for page in pages] == [20_000, 20_000, 10_000]


def test_the_words_of_a_pdf_have_boxes_on_the_page(tmp_path: Path) -> None:
    total, page = read(tmp_path / "a.pdf", text_pdf("Red car\nseen twice"))
    assert total == Total(1)
    assert (page.text, page.width, page.height) == ("Red car\nseen twice", 612.0, 792.0)
    assert words_of(page) == ["Red", "car", "seen", "twice"]
    # The first line stands 700 points above the lower edge, in letters of 24 points: its foot is 92 from the top.
    left, top, right, bottom = page.words[0].box or (0, 0, 0, 0)
    assert (round(left), round(bottom)) == (74, 92)
    assert 72 < left < right < 130
    assert 92 - 24 < top < 92


@pytest.mark.parametrize(
    ("box", "extra", "size"),
    [
        ("0 0 612 792", "/Rotate 90", (792, 612)),
        ("0 0 612 792", "/Rotate 180", (612, 792)),
        ("0 0 612 792", "/Rotate 270", (792, 612)),
        ("50 600 400 792", "", (350, 192)),
        ("0 0 612 792", "/CropBox [60 640 300 760]", (240, 120)),
    ],
)
def test_boxes_lie_on_the_page_as_it_is_seen_turned_or_cropped(
    tmp_path: Path, box: str, extra: str, size: tuple[int, int]
) -> None:
    (page,) = pages_of(tmp_path / "a.pdf", text_pdf("Red car\nseen twice", box=box, extra=extra))
    assert (page.width, page.height) == size
    assert sorted(words_of(page)) == ["Red", "car", "seen", "twice"]
    for word in page.words:
        left, top, right, bottom = word.box or (0, 0, 0, 0)
        assert 0 <= left < right <= size[0]
        assert 0 <= top < bottom <= size[1]


def test_a_page_that_is_turned_has_its_words_in_turned_boxes(tmp_path: Path) -> None:
    (page,) = pages_of(tmp_path / "a.pdf", text_pdf("Red", extra="/Rotate 90"))
    # Turned clockwise, what stood 72 from the left stands 72 from the top, and reads downwards.
    left, top, right, bottom = page.words[0].box or (0, 0, 0, 0)
    assert (round(top), round(792 - right - 74.8)) == (74, 0)
    assert bottom - top > right - left


def test_a_word_that_is_divided_at_the_end_of_a_line_keeps_its_hyphen(tmp_path: Path) -> None:
    (page,) = pages_of(tmp_path / "a.pdf", text_pdf("the investiga-\ntion"))
    assert words_of(page) == ["the", "investiga-", "tion"]


def test_a_pdf_is_read_on_from_any_page(tmp_path: Path) -> None:
    found = read(tmp_path / "a.pdf", text_pdf("one", "two", "three"), first=3)
    assert [one.text for one in found if isinstance(one, Page)] == ["three"]


def test_pages_of_a_pdf_are_text_blank_or_pictures_each_for_itself(tmp_path: Path) -> None:
    (text, blank) = pages_of(tmp_path / "a.pdf", text_pdf("Red car", ""))
    assert (text.text, text.picture) == ("Red car", False)
    assert (blank.text, blank.picture) == ("", False)
    (scan,) = pages_of(tmp_path / "b.pdf", scanned_pdf(picture("Red car")))
    assert (scan.text, scan.picture) == (None, True)


def test_a_tiff_has_as_many_pages_as_pictures(tmp_path: Path) -> None:
    data = saved(picture("a"), "TIFF", save_all=True, append_images=[picture("b")], dpi=(200, 200))
    total, one, other = read(tmp_path / "a.tif", data)
    assert total == Total(2)
    assert [(p.number, p.text, p.picture, p.width, p.height) for p in (one, other)] == [
        (1, None, True, 360.0, 216.0), (2, None, True, 360.0, 216.0),
    ]  # fmt: skip


def test_a_photograph_turned_by_its_camera_is_as_wide_as_it_is_seen(tmp_path: Path) -> None:
    made = picture("a")
    notes = made.getexif()
    notes[0x0112] = 6
    (page,) = pages_of(tmp_path / "a.jpg", saved(made, "JPEG", exif=notes, dpi=(200, 200)))
    assert (page.width, page.height) == (216.0, 360.0)


def test_a_word_file_is_read_with_tables_headers_page_breaks_and_pictures(tmp_path: Path) -> None:
    image = png("x")
    data = docx("One", "\f", "Two", table=[["a", "b"], ["", "d"]], header="HEAD", image=image)
    one, two = pages_of(tmp_path / "a.docx", data)
    assert one.text == "One\n"
    assert two.text == "\nTwo\na\tb\n\td\n\n\nHeader: HEAD\n".replace("\n\n\nHeader", "\n\nHeader")
    assert parts_of(tmp_path / "a.docx", data) == {"image1.png": image}


def test_a_table_is_read_sheet_by_sheet_with_formulas_that_nobody_computed(tmp_path: Path) -> None:
    data = xlsx({"Tolls": [["number", "count"], ["213-555-0101", 2.0], [None, "=1+1"]], "Second": [[True]]})
    one, two = pages_of(tmp_path / "a.xlsx", data)
    assert one.text == "Sheet: Tolls\nnumber\tcount\n213-555-0101\t2\n\t=1+1\n"
    assert two.text == "Sheet: Second\nTRUE\n"


def test_an_e_mail_gives_headers_words_and_attachments(tmp_path: Path) -> None:
    data = mail(
        "The car was red.", html="<p>The car", attached={"tolls.csv": b"a,b"}, Date="Mon, 12 Mar 1984 10:00:00 -0800"
    )
    (page,) = pages_of(tmp_path / "a.eml", data)
    assert page.text == (
        "From: Ines Invented <ines@example.org>\nTo: unit@example.org\nSubject: Invented\n"
        "Date: Mon, 12 Mar 1984 10:00:00 -0800\nMessage-ID: <1@example.org>\n\nThe car was red.\n"
    )
    assert parts_of(tmp_path / "a.eml", data) == {"tolls.csv": b"a,b"}
    assert remarks_of(tmp_path / "a.eml", data) == ["the same message in HTML left out"]


def test_a_mailbox_has_its_messages_one_after_the_other(tmp_path: Path) -> None:
    one = b"From a@b Mon Mar 12 10:00:00 1984\n" + mail("first", attached={"a.txt": b"x"}) + b"\n"
    other = b"From a@b Mon Mar 12 10:00:00 1984\nFrom: x@y\nSubject: =?utf-8?q?Caf=C3=A9?=\n\nsecond\n"
    pages = pages_of(tmp_path / "a.mbox", one + other)
    assert [page.number for page in pages] == [1, 2]
    assert pages[1].text == "From: x@y\nSubject: Café\n\nsecond\n"
    assert parts_of(tmp_path / "a.mbox", one + other) == {"a.txt": b"x"}


def test_a_web_page_shows_what_a_reader_would_see_and_runs_nothing(tmp_path: Path) -> None:
    data = (
        "<html><head><title>Invented</title><script>steal('x')</script><style>p{}</style></head><body onload=x()>"
        "<p>A red&nbsp;car &lt;b&gt;</p><table><tr><td>a<td>b</table><iframe src='http://evil.example'>f</iframe>"
        "<img src=x onerror=alert(1) alt='a map'></body></html>"
    )
    (page,) = pages_of(tmp_path / "a.html", data)
    assert page.text == "Invented\n\nA red car <b>\n\na\tb\n[picture: a map]"
    assert remarks_of(tmp_path / "a.html", data) == ["scripts and hidden code left out (3)"]


def test_an_archive_gives_its_files_whatever_their_names_are(tmp_path: Path) -> None:
    data = zipped({"in/a.txt": b"x", "../../etc/passwd": b"y", "C:\\b\n.txt": b"z"})
    assert parts_of(tmp_path / "a.zip", data) == {"in/a.txt": b"x", "../../etc/passwd": b"y", "C:/b\n.txt": b"z"}
    assert sorted(p.name for p in (tmp_path / "parts").iterdir()) == ["part-0", "part-1", "part-2"]


def test_a_member_that_unpacks_to_too_much_is_left_out_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("thaw.intake.documents.unpacking.PART_BYTES", 1 << 20)
    found = parts_of(tmp_path / "a.zip", zipped({"bomb.txt": b"0" * (5 << 20), "a.txt": b"x"}))
    assert found == {
        "bomb.txt": "got a file that unpacks to more than 1 MB, want files of paper and pictures. "
        "Unpack it by hand and look at it first.",
        "a.txt": b"x",
    }


def test_all_members_together_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("thaw.intake.documents.unpacking.ALL_PARTS_BYTES", 1 << 20)
    found = parts_of(tmp_path / "a.zip", zipped({f"{n}.txt": b"0" * (1 << 19) for n in range(5)}))
    assert [isinstance(data, bytes) for data in found.values()] == [True, True, False, False, False]


def test_a_locked_member_says_so(tmp_path: Path) -> None:
    problem = "got a file that is locked with a password, want one that opens. Unpack it and add the files."
    assert parts_of(tmp_path / "a.zip", locked_zip()) == {"a.txt": problem}


BOMB_XML = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "0000000000">]><w:p xmlns:w="x">&a;</w:p>'


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"", "got an empty file, want a document. Scan or copy it again."),
        ("a.pdf", locked_pdf(), "got a PDF that is locked with a password, want a PDF that opens. Get an unlocked or "
         "whole copy."),
        ("a.heic", HEIC, "got a HEIC photograph, want JPEG, PNG or TIFF. Save it as JPEG on the telephone or computer "
         "it is on."),
        ("a.bin", bytes(range(256)) * 20, "got a file of a sort that is not known, want text, PDF, a picture, mail or "
         "an office file. Print it to PDF and add that."),
        ("a.7z", b"7z\xbc\xaf\x27\x1c\0\0\1", "got a 7-Zip archive, want ZIP, or the files in it. Unpack it and add "
         "the files."),
        ("a.zip", zipped({}), "got an archive with no file in it, want an archive that holds files. Pack it again."),
        ("a.docx", zipped({"[Content_Types].xml": b"x", "word/document2.xml": b"y"}), "got a Word file without a "
         "text, want a whole Word file. Get another copy."),
    ],
    ids=named,
)  # fmt: skip
def test_what_cannot_be_read_says_why_and_what_to_do(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    assert refused(tmp_path / name, content) == message


def test_a_damaged_picture_says_so_without_the_place_of_our_copy(tmp_path: Path) -> None:
    assert refused(tmp_path / "a.gif", b"GIF89a" + b"\0" * 20) == (
        "got a damaged picture (no picture begins like this), want a picture that opens. Scan or copy it again."
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"%PDF-1.4\nthe rest was lost"),
        ("a.png", png("x")[:60]),
        ("a.zip", zipped({"a": b"x"})[:40]),
        ("a.xlsx", zipped({"[Content_Types].xml": b"x", "xl/workbook.xml": b"y"})[:90]),
    ],
    ids=named,
)
def test_a_damaged_file_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    assert refused(tmp_path / name, content).startswith("got a damaged ")


def test_an_old_word_file_needs_libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("thaw.intake.documents.office.shutil.which", lambda name: None)
    assert refused(tmp_path / "a.doc", OLD_WORD) == (
        "got an old Word file (.doc), and LibreOffice is not installed, want LibreOffice, or another form of the file. "
        "Install libreoffice-writer-nogui and give `thaw retry`, or save it as PDF and add that."
    )


def test_a_picture_of_six_hundred_megapixels_is_refused_or_shrunk_before_it_fills_the_memory(tmp_path: Path) -> None:
    from PIL import Image

    from thaw.intake.documents.picture import picture_page

    # A white JPEG of 24,000 by 25,000 pixels takes a few MB; at an eighth of its size 10 million pixels are decoded.
    huge = Image.new("1", (24_000, 25_000), 1)
    path = file(tmp_path / "a.png", saved(huge, "PNG"))
    assert refused(path, path.read_bytes()) == (
        "got a picture of 600 megapixels, want at most 200. Save it with fewer dots an inch, 300 for a page."
    )
    jpeg = tmp_path / "a.jpg"
    huge.convert("L").save(jpeg, "JPEG", quality=10)
    del huge
    shrunk, dpi = picture_page(jpeg, 1, 300)
    assert shrunk.width * shrunk.height < 12_000_000
    assert 280 <= dpi <= 300


def test_entities_in_a_word_file_are_not_put_in(tmp_path: Path) -> None:
    data = zipped({"[Content_Types].xml": b"x", "word/document.xml": BOMB_XML})
    assert [page.text for page in pages_of(tmp_path / "a.docx", data)] == ["\n"]


def test_a_link_out_of_a_file_is_never_followed(tmp_path: Path) -> None:
    secret = file(tmp_path / "secret.txt", "secret words")
    data = (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "{secret.as_uri()}">]>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:t>&a;</w:t></w:document>'
    ).encode()
    pages = pages_of(tmp_path / "a.docx", zipped({"[Content_Types].xml": b"x", "word/document.xml": data}))
    assert "secret words" not in "".join(page.text or "" for page in pages)


def test_the_reader_names_its_engine() -> None:
    assert reader_name("text/plain") == "thaw plain 2"
    assert reader_name("application/pdf").startswith("pypdfium2 ")
    assert reader_name("image/png").startswith("pillow ")


def test_words_of_every_format_stand_where_they_say(tmp_path: Path) -> None:
    files = {"a.txt": b"one  two\nthree", "a.pdf": text_pdf("one two\nthree"), "a.docx": docx("one two", "three")}
    for name, content in files.items():
        (page,) = pages_of(tmp_path / name, content)
        assert words_of(page) == ["one", "two", "three"]


def test_no_reader_leaves_files_behind_it_outside_its_folder(tmp_path: Path) -> None:
    before = set(os.listdir(tmp_path.parent))
    parts_of(tmp_path / "a.zip", zipped({"../evil.txt": b"x"}))
    assert set(os.listdir(tmp_path.parent)) == before
