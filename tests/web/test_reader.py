"""The reader by plain forms and links, as it works without script: text, marks, typing, naming, citing."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from thaw.casework.documents import add_documents
from thaw.web.reader import _no_words
from web.invented import REPORT, Browser, World
from web.test_app import words

NAME = "report 85-0412.txt"


def shown_text(page: str) -> str:
    """The text of the page as the browser would hand it to somebody who copies it."""
    found = re.search(r'id="text"[^>]*>(.*?)</div>', page, re.DOTALL)
    assert found
    return html.unescape(re.sub(r"<[^>]+>", "", found[1]))


def at(world: World, page: int = 1, name: str = NAME) -> str:
    return f"/document/{world.documents[name]}/page/{page}"


def test_the_text_on_the_screen_is_the_text_of_the_page_letter_for_letter(world: World) -> None:
    assert shown_text(Browser(world.work).get(at(world)).text) == REPORT.partition("\f")[0]


def test_a_cited_passage_and_the_words_of_a_search_are_marked(world: World) -> None:
    text = Browser(world.work).get(at(world) + "?quote=blue+pickup&mark=headlight").text
    assert re.search(r'<span class="[^"]*\bcited\b[^"]*"[^>]*>blue pickup</span>', text)
    assert re.search(r'<span class="[^"]*\bhit\b[^"]*"[^>]*>headlight</span>', text)


@pytest.mark.parametrize(
    "odd", ["box=1,2,3", "box=a,b,c,d", "box=9,9,1,1", "zoom=7", "rotate=45", "text=x", "open=<b>"]
)
def test_an_address_that_says_nonsense_shows_the_page_all_the_same(world: World, odd: str) -> None:
    answer = Browser(world.work).get(f"{at(world, name='scan.pdf')}?{odd}")
    assert answer.status_code == 200
    assert 'id="cited"' not in answer.text


def test_zoom_and_turn_go_by_links(world: World) -> None:
    text = Browser(world.work).get(at(world, name="scan.pdf") + "?zoom=200&rotate=90").text
    assert 'class="zoom-200"' in text
    assert 'viewBox="0 0 792.0 612.0"' in text  # the page of 612 by 792, lying on its side


def test_the_picture_of_a_page_is_a_png_and_a_text_has_none(world: World) -> None:
    browser = Browser(world.work)
    found = browser.get(at(world, name="scan.pdf") + "/picture")
    assert (found.headers["content-type"], found.content[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
    assert browser.get(f"/document/{world.documents['scan.pdf']}/strip/1").content[:4] == b"\x89PNG"
    assert browser.get(at(world) + "/picture").status_code == 404
    browser.background.pictures.close()


def test_what_a_person_types_stands_first_and_the_machine_beside_it(new_world: Callable[[], World]) -> None:
    world = new_world()
    browser = Browser(world.work)
    answer = browser.post(at(world) + "/type", text="A blue pickup had ONE headlight.\r\n<script>")
    assert answer.headers["location"] == at(world)
    page = browser.get(at(world)).text
    assert shown_text(page) == "A blue pickup had ONE headlight.\n<script>"
    assert "typed by Invented Detective" in page
    assert "text of the file" in page
    assert re.search(r'<div class="text other".*canal', page, re.DOTALL)
    assert "differs" in page
    assert "text other" not in browser.get(at(world) + "?beside=none").text


def test_an_empty_box_does_not_empty_the_page_unless_somebody_says_that_nothing_is_written(
    new_world: Callable[[], World],
) -> None:
    world = new_world()
    browser = Browser(world.work)
    before = shown_text(browser.get(at(world)).text)
    for form in ({}, {"text": "  "}, {"text": " ", "blank": "no"}):
        answer = browser.post(at(world) + "/type", **form)
        assert answer.status_code == 400
        told = "no words Wanted the words of the page, or that it is blank "
        told += "What now Do one of the two: give the words that stand there, or say that the page is blank."
        assert told in words(answer.text)
    assert shown_text(browser.get(at(world)).text) == before
    assert browser.post(at(world) + "/type", text="", blank="yes").status_code == 303
    page = browser.get(at(world)).text
    # Whoever says so is named, and what the machine read stands beside it.
    assert "Nothing is written on this page, says Invented Detective." in words(page)
    assert re.search(r'<div class="text other".*canal', page, re.DOTALL)


def test_a_page_that_could_not_be_read_never_looks_blank(new_world: Callable[[], World]) -> None:
    world = new_world()
    digest = world.documents["scan.pdf"]
    about = {"scope": {"document": digest, "case": world.cases["canal"]}, "file": "scan.pdf", "page": 1}
    told = "page 1: got a page whose letters took too long to read, want a page of print. Try again."
    world.work.book.store.append(world.work.draft("document.fail", about | {"problem": told}))
    browser = Browser(world.work)
    text = words(browser.get(at(world, name="scan.pdf")).text)
    assert "The letters of this page could not be read: what stands on it is not known." in text
    assert told in text
    assert browser.post(at(world, name="scan.pdf") + "/again").status_code == 303
    text = words(browser.get(at(world, name="scan.pdf")).text)
    assert "This page is a picture of paper and waits for its letters to be read." in text


def test_a_page_that_its_reader_left_out_is_not_called_blank_either() -> None:
    found = {"about_page": {"ocr": ""}, "state": "read", "has_picture": True}
    said = "No letters of this page were read. If its picture shows any, “Read the page again” tries once more."
    assert _no_words(found, [], None) == said
    assert _no_words(found | {"has_picture": False}, [], None) == "No words could be taken from this file."
    queued = found | {"state": "queued"}
    assert _no_words(queued, [], None) == "Not read yet."


def test_a_mention_is_named_renamed_and_taken_back_by_plain_forms(new_world: Callable[[], World]) -> None:
    world = new_world()
    browser = Browser(world.work)
    start = REPORT.index("blue pickup")
    made = browser.post(at(world) + "/name", quote="blue pickup", kind="vehicle", name="The pickup")
    assert made.headers["location"] == at(world) + "?open=named"
    page = browser.get(at(world)).text
    mention = re.search(r'name="mention" value="(m_\w+)"', page)
    assert mention
    assert "<b>The pickup</b>" in page
    changed = browser.post(
        at(world) + "/named", do="rename", mention=mention[1], name="Blue pickup", reason="as it reads"
    )
    assert changed.status_code == 303
    assert "<b>Blue pickup</b>" in browser.get(at(world)).text
    assert "Blue pickup" in browser.get("/things").text
    browser.post(at(world) + "/named", do="withdraw", mention=mention[1], reason="a slip")
    assert "<b>Blue pickup</b>" not in browser.get(at(world)).text
    assert start > 0


def test_two_named_things_are_held_for_one_only_after_a_preview(new_world: Callable[[], World]) -> None:
    world = new_world()
    browser = Browser(world.work)
    for quote, name in (("blue pickup", "Pickup"), ("headlight", "Truck")):
        browser.post(at(world) + "/name", quote=quote, kind="vehicle", name=name)
    ids = re.findall(r'name="one" value="(m_\w+)"', browser.get("/things").text)
    assert len(ids) == 2
    preview = browser.get(f"/things/preview?one={ids[0]}&other={ids[1]}").text
    assert "Hold them for one?" in preview
    assert "all <b>2</b> mentions" in " ".join(preview.split())
    assert len(re.findall(r'name="one" value="m_', browser.get("/things").text)) == 2  # looking decides nothing
    browser.post("/things/decide", one=ids[0], other=ids[1], do="merge", reason="one car")
    assert len(re.findall(r'name="one" value="m_', browser.get("/things").text)) == 1
    browser.post("/things/decide", one=ids[0], other=ids[1], do="split", reason="two cars after all")
    assert len(re.findall(r'name="one" value="m_', browser.get("/things").text)) == 2


def test_what_was_typed_is_not_lost_when_a_value_does_not_fit(world: World) -> None:
    form = {"field": "weapon", "value": "a sling", "quote": "blue pickup", "said_by": "An invented rider"}
    answer = Browser(world.work).post(at(world) + "/state", **form)
    assert answer.status_code == 400
    assert "&#39;a sling&#39;" in answer.text
    for kept in ('value="blue pickup"', 'value="An invented rider"', '<option value="weapon" selected>'):
        assert kept in answer.text


def test_the_citation_names_case_file_page_and_digest(world: World) -> None:
    text = Browser(world.work).get(at(world, 2)).text
    digest = world.documents[NAME]
    assert f"Case {world.cases['canal']}, {NAME}, p. 2, sha256 {digest[:16]}" in text
    assert f'id="here-link" href="/document/{digest}/page/2"' in text


def test_the_control_fits_the_field(world: World) -> None:
    browser = Browser(world.work)
    assert '<option value="80">' in browser.get("/field?field=weapon").text
    assert "not known, which is not no" in browser.get("/field?field=behaviours.bound").text
    assert '<input id="s-value"' in browser.get("/field?field=date").text


def test_a_page_in_the_files_of_two_cases_says_so_and_asks_with_which_a_note_is_kept(
    new_world: Callable[[], World], tmp_path: Path
) -> None:
    world = new_world()
    browser, hotel = Browser(world.work), world.cases["hotel"]
    assert "Kept with" not in words(browser.get(at(world)).text)
    (tmp_path / NAME).write_text(REPORT)
    add_documents(world.work, [tmp_path / NAME], case_id=hotel, wait=True)
    page = words(browser.get(at(world)).text)
    both = "Woman found at the canal road, Woman at the old hotel"
    assert f"This page lies in the files of several cases: {both}. A statement made here is one on" in page
    assert "Kept with each of these cases only Woman found at the canal road only Woman at the old hotel" in page
    assert "What is kept with one of them alone is not seen by those who may see only another." in page
    browser.post(at(world) + "/note", text="Look at the shoes.", **{"with": hotel})
    browser.post(at(world) + "/tag", tag="ask the lab", **{"with": ""})
    page = words(browser.get(at(world)).text)
    assert "kept with Woman at the old hotel" in page
    assert page.count("Tags: ask the lab") == 1
    assert ["Look at the shoes." in browser.get(f"/case/{world.cases[name]}").text for name in ("canal", "hotel")] == [
        False,
        True,
    ]
    assert ["ask the lab" in browser.get(f"/case/{world.cases[name]}").text for name in ("canal", "hotel")] == [
        True,
        True,
    ]
    assert browser.post(at(world) + "/note", text="x", **{"with": "c_nowhere"}).status_code == 400
