"""What the screens refuse, in the words that a person reads: where, got, wanted, what to do now."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from thaw.casework.chart_versions import keep_chart
from thaw.casework.kinship_board import kinship_of_file
from thaw.casework.person_board import person_pair
from thaw.casework.presented import Contradiction
from thaw.errors import InputError
from thaw.web.reader import _png
from web.boards_world import BODY, NAME, fill_boards
from web.invented import Browser, World, invented_world

# Address, form (None: it is only opened), and the four parts.
REFUSED: list[tuple[str, dict[str, str] | None, tuple[str, str, str, str]]] = [
    (
        "/tray/add", {},
        ("files", "none", "one or more", "Choose or drop files, then send them."),
    ),
    (
        "/search/preview?document=x&page=one", None,
        ("page", "'one'", "a page number", "Open the hit itself."),
    ),
    (
        "/search/batch.csv", None,
        ("list of names", "no list", "a list that was searched", "Send one first."),
    ),
    (
        "/search/batch", {"purpose": "x"},
        ("list of names", "no file", "a CSV file", "Choose one, then send it."),
    ),
    (
        "/ledger/entry?number=first", None,
        ("entry", "'first'", "the number of an entry", "Write digits only."),
    ),
    (
        "/map?from=85", None,
        ("years", "'85'", "a year such as 1985", "Correct it."),
    ),
    (
        "/map?county=Nowhere&state=UT", None,
        ("county", "'Nowhere'", "the name of a county of the chosen state",
         "Choose the state and write the county's name, or leave the county empty."),
    ),
    (
        "/cases?from=85", None,
        ("year", "'85'", "a year in four digits", "Write 1985, or leave it empty."),
    ),
    (
        "/cases?county=Nowhere", None,
        ("county", "'Nowhere'", "the name of a county of the state that you chose",
         "Choose the state too, or leave the county empty."),
    ),
    (
        "/map/file?format=exe", None,
        ("format", "'exe'", "svg or png or geojson or csv", "Use the links of the page."),
    ),
    (
        "/things/decide", {"do": "burn", "one": "n_1", "reason": "x"},
        ("named thing", "'burn'", "rename, merge, split or withdraw", "Use a button."),
    ),
    (
        "/things/preview?one=n_none&other=n_none", None,
        ("named thing", "'n_none'", "a named person or thing of this book", "Choose it from the list."),
    ),
    (
        "/chart/keep", {"case": "{canal}", "name": "x", "pins": "[1]"},
        ("chart, places", "places that cannot be read", "the places of the chart",
         "Move the nodes on the chart, then keep it again."),
    ),
    (
        "/chart/keep", {"case": "{canal}", "name": " ", "pins": "{{}}"},
        ("chart, name", "''", "a short name", "Say what the chart shows."),
    ),
    (
        "/chart/line?case={canal}&one=x&other=y", None,
        ("chart", "two nodes that no line joins", "a line of this chart", "Open it from the chart."),
    ),
    (
        "/series/nothing", None,
        ("find", "'nothing'", "a find of the scan of this casebook as it is now",
         "Open the list of suspected series again; after a change finds may be others."),
    ),
    (
        "/case/{canal}/pair/{hotel}?try=zebra%3D1", None,
        ("what if", "'zebra=1'", "a feature of the comparison and one of its codes", "Choose both from the lists."),
    ),
    (
        "/case/{canal}/timeline?one=x&other=y", None,
        ("papers", "two papers that this case does not have", "two different papers of this case",
         "Choose both from the list."),
    ),
    (
        "/kinship", {"text": ""},
        ("kinship", "an empty form", "a case file", "Choose or paste one."),
    ),
    (
        "/kinship/nothing", None,
        ("kinship", "a result that is not held any more",
         "one that was kept, or computed since this workbench was opened",
         "Hand the file in again; profiles of relatives are not kept in the book."),
    ),
    (
        f"/identify/{BODY}/pair/{BODY}", None,
        ("pair of persons", "unidentified and unidentified", "one who is unidentified and one who is missing",
         "Open the pair from the list of candidates."),
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def boards(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("refused")
    made = fill_boards(invented_world(folder), folder)
    yield made
    made.work.book.close()


def read(page: str) -> str:
    """What a person reads of a page."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


@pytest.mark.parametrize(("address", "form", "parts"), REFUSED, ids=[f"{row[0]} {row[2][1]}" for row in REFUSED])
def test_a_refusal_has_its_four_parts(
    boards: World, address: str, form: dict[str, str] | None, parts: tuple[str, str, str, str]
) -> None:
    browser, names = Browser(boards.work), boards.cases
    path = address.format(**names)
    if form is None:
        answer = browser.get(path)
    else:
        answer = browser.post(path, **{key: value.format(**names) for key, value in form.items()})
    assert answer.status_code == 400, answer.text
    where, got, want, fix = parts
    # As a list where the page is nothing else, in one line above a form that stays.
    apart, line = f"Where {where} Got {got} Wanted {want} What now {fix}", f"{where}: got {got}, want {want}. {fix}"
    said = read(answer.text)
    assert apart in said or line in said or line[0].upper() + line[1:] in said


def test_a_pair_that_cannot_be_ranked_has_no_figure(boards: World) -> None:
    work = boards.work
    browser = Browser(work)
    # Two victims of one incident are a fact, no likeness.
    answer = browser.get("/case/shr-map:4/pair/shr-map:9/figure?format=svg")
    assert answer.status_code == 400
    assert "Where figure Got a pair that is not ranked Wanted a ranked pair What now Open the pair." in read(
        answer.text
    )


def test_a_pedigree_that_the_result_does_not_have(boards: World) -> None:
    browser = Browser(boards.work)
    path = browser.post("/kinship", example="yes").headers["location"]
    answer = browser.get(f"{path}/figure?which=99")
    assert answer.status_code == 400
    assert "Where figure Got '99' Wanted a pedigree of this case What now Use the links." in read(answer.text)


def test_a_tray_form_with_two_cases_and_with_words_for_a_number(boards: World) -> None:
    kind = "multipart/form-data; boundary=b"

    def sent(**typed: str) -> str:
        fields = [
            f'--b\r\ncontent-disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in typed.items()
        ]
        file = '--b\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\nInvented.\r\n--b--\r\n'
        answer = Browser(boards.work).ask(
            "POST", "/tray/add", headers={"content-type": kind, "sec-fetch-site": "same-origin"},
            content=("".join(fields) + file).encode(),
        )  # fmt: skip
        assert answer.status_code == 400
        return read(answer.text)

    assert (
        "Where case Got a case and a title for a new one Wanted one of them What now Leave one of them empty."
    ) in sent(case=boards.cases["canal"], title="Another")
    assert "Where pages in the box Got 'ten' Wanted a number What now Write digits only." in sent(box_pages="ten")


def test_a_change_of_a_name_on_a_page_that_is_no_change(boards: World) -> None:
    page = f"/document/{boards.documents['report one.txt']}/page/1"
    answer = Browser(boards.work).post(f"{page}/named", do="burn", one="n_1", reason="x")
    assert answer.status_code == 400
    assert ("Where named thing Got 'burn' Wanted rename, merge, split or withdraw What now Use a button.") in read(
        answer.text
    )


def test_refusals_below_the_screens_have_their_words(boards: World) -> None:
    work = boards.work
    with pytest.raises(InputError) as caught:
        keep_chart(work, "x", [boards.cases["canal"]], pins={"a": [2.0, 0.0]}, shown={})
    assert str(caught.value) == (
        "chart, places: got 1 places, want at most 300, each two numbers from 0 to 1. "
        "Move the nodes on the chart, then keep it again."
    )
    with pytest.raises(InputError) as caught:
        kinship_of_file(work, b" " * 2_000_001, "big.json")
    assert str(caught.value) == "big.json: got 2,000,001 bytes, want at most 2,000,000. Split the file."
    with pytest.raises(InputError) as caught:
        person_pair(work, NAME, NAME)
    assert str(caught.value) == (
        "pair of persons: got missing and missing, want one who is unidentified and one who is missing. "
        "Open the pair from the list of candidates."
    )
    with pytest.raises(InputError) as caught:
        _png(None)
    assert str(caught.value) == "document: got a text, want a page that has a picture. Read its words."


def test_a_book_that_contradicts_the_browser_says_what_to_keep() -> None:
    assert str(Contradiction(7, "entry 7 with another content")) == (
        "receipts of this browser: got entry 7 with another content, want a book that holds all that this browser has "
        "seen of it. Nothing is written and nothing is shown until this is explained. Keep this copy of the book and "
        "the data of this browser, run `thaw verify --all`, and compare with the newest backup."
    )
