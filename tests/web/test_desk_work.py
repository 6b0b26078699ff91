"""What people do at the desk beside reading: notes, statements by hand, behaviors, papers of no case, decisions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from thaw.casework.documents import add_documents
from web.invented import Browser, World
from web.test_app import words


def test_a_note_is_written_and_taken_back_on_case_and_page(new_world: Callable[[], World]) -> None:
    world = new_world()
    browser, case_id = Browser(world.work), world.cases["canal"]
    page = f"/document/{world.documents['report 85-0412.txt']}/page/2"
    assert browser.post(f"/case/{case_id}/note", text="Ask the <b>sister</b>").headers["location"].endswith("#notes")
    assert browser.post(page + "/note", text="The ink differs").headers["location"].endswith("open=notes")
    shown = words(browser.get(f"/case/{case_id}").text)
    assert "Ask the &lt;b&gt;sister&lt;/b&gt;" in shown
    assert "The ink differs" in shown
    assert "report 85-0412.txt, p. 2" in shown
    text = browser.get(page).text
    entry = text.partition('name="note" value="')[2].partition('"')[0]
    back = browser.post("/note/withdraw", note=entry, reason="it does not", back=page + "?open=notes")
    assert back.headers["location"] == page + "?open=notes"
    assert "taken back by" in words(browser.get(page).text)
    bad = browser.post(page + "/note", text="")
    assert bad.status_code == 400
    assert "words, 10,000 characters at most" in words(bad.text)
    assert browser.post("/note/withdraw", note="9" * 40, reason="x").status_code == 400


def test_a_page_is_marked_illegible_and_that_is_taken_back(new_world: Callable[[], World]) -> None:
    world = new_world()
    browser = Browser(world.work)
    page = f"/document/{world.documents['scan.pdf']}/page/1"
    assert "Marked illegible." not in browser.get(page).text
    answer = browser.post(page + "/illegible", seen="<b>water</b> over the lower half")
    assert answer.headers["location"] == page + "?open=notes"
    text = browser.get(page).text
    banner = words(text.partition('<p class="banner amber"><b>Marked')[2].partition("</p>")[0])
    assert banner.strip().startswith("illegible. Invented Detective")
    assert ": Illegible. &lt;b&gt;water&lt;/b&gt; over the lower half" in banner
    assert "/illegible" not in text  # once is enough
    assert words(browser.get("/search?q=illegible&purpose=test").text).count("1 text.") == 1
    entry = text.partition('name="note" value="')[2].partition('"')[0]
    browser.post("/note/withdraw", note=entry, reason="read under a lamp", back=page)
    text = browser.get(page).text
    assert "Marked illegible." not in text
    assert "read under a lamp" in words(text)
    assert browser.post(page + "9/illegible").status_code == 404
    too_long = browser.post(page + "/illegible", seen="x" * 10_001)
    assert too_long.status_code == 400
    assert "words, 10,000 characters at most" in words(too_long.text)


def test_something_is_stated_without_a_page(new_world: Callable[[], World]) -> None:
    world = new_world()
    browser, case_id = Browser(world.work), world.cases["hotel"]
    assert "no page of this book" in words(browser.get(f"/case/{case_id}/state").text)
    bad = browser.post(f"/case/{case_id}/state", field="victim.age", value="old", source="call")
    assert bad.status_code == 400
    assert 'value="old"' in bad.text  # nothing that was typed is lost
    made = browser.post(
        f"/case/{case_id}/state", field="circumstance", value="45", source="call of 3 May", said_by="A B"
    )
    assert made.headers["location"] == f"/case/{case_id}"
    assert "call of 3 May" in words(browser.get(f"/case/{case_id}").text)
    assert browser.post("/case/c_no/state", field="weapon", value="80", source="x").status_code == 404


def test_behaviors_are_entered_for_a_case_that_is_there(new_world: Callable[[], World]) -> None:
    world = new_world()
    browser, case_id = Browser(world.work), world.cases["hotel"]
    text = browser.get(f"/case/{case_id}/behaviours").text
    assert text.count('role="radiogroup"') == 15
    assert "now: yes" in words(text)
    bad = browser.post(f"/case/{case_id}/behaviours", body_concealed="yes", source="")
    assert bad.status_code == 400
    assert 'name="body_concealed" value="yes" checked' in bad.text
    browser.post(f"/case/{case_id}/behaviours", body_concealed="yes", bound="", source="box 7")
    assert "1 behaviours kept" in words(browser.get(f"/case/{case_id}").text)


def test_the_original_comes_as_a_file_with_its_own_bytes(new_world: Callable[[], World]) -> None:
    world = new_world()
    browser = Browser(world.work)
    for digest in world.documents.values():
        answer = browser.get(f"/document/{digest}/original")
        assert hashlib.sha256(answer.content).hexdigest() == digest
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"].startswith('attachment; filename="')
        assert answer.headers["cache-control"] == "no-store"
    assert browser.get(f"/document/{'0' * 64}/original").status_code == 404


def test_a_paper_of_no_case_is_put_to_one_in_the_reader(new_world: Callable[[], World]) -> None:
    world = new_world()
    stray = world.work.book.folder.parent / "stray.txt"
    stray.write_text("An invented stray paper.")
    digest = add_documents(world.work, [stray], wait=True)["files"][0]["sha256"]
    browser, page = Browser(world.work), f"/document/{digest}/page/1"
    assert f'action="{page}/assign"' in browser.get(page).text
    assert f'action="{page}/state"' not in browser.get(page).text
    assert browser.post(page + "/assign", case="c_no", reason="x").status_code == 400
    assert browser.post(page + "/assign", case=world.cases["hotel"], reason="").status_code == 400
    made = browser.post(page + "/assign", case=world.cases["hotel"], reason="its number")
    assert made.headers["location"] == f"/case/{world.cases['hotel']}"
    assert f'action="{page}/state"' in browser.get(page).text
    assert "put a document to a case" in words(browser.get("/decisions").text)
    assert "Nobody has decided anything yet" in words(browser.get("/decisions?by=Somebody").text)


def test_a_page_is_read_again_from_its_picture(new_world: Callable[[], World]) -> None:
    world = new_world()
    browser = Browser(world.work)
    text, scan = (f"/document/{world.documents[name]}/page/1" for name in ("report 85-0412.txt", "scan.pdf"))
    assert browser.post(text + "/again").status_code == 400
    assert browser.post(scan + "/again").headers["location"] == scan
    assert "waits to be read" in words(browser.get(scan).text)


def test_a_decision_is_listed_in_words_with_its_reason(new_world: Callable[[], World]) -> None:
    world = new_world()
    browser, pair = Browser(world.work), f"/case/{world.cases['canal']}/pair/{world.cases['hotel']}"
    browser.post(pair, decision="reject", reason="another hand", fact="dna_exclusion")
    text = words(browser.get("/decisions").text)
    assert "decided on a pair of cases (rejected, dna exclusion)" in text
    assert "another hand" in text


def test_a_tag_is_put_on_a_case_and_a_page_and_leads_to_both(new_world: Callable[[], World]) -> None:
    world = new_world()
    browser, case_id = Browser(world.work), world.cases["canal"]
    assert "No tag yet." in words(browser.get("/tags").text)
    page = f"/document/{world.documents['report 85-0412.txt']}/page/1"
    answer = browser.post(f"/case/{case_id}/tag", tag="ask the lab")
    assert answer.headers["location"] == f"/case/{case_id}#notes"
    assert "The tag stands, with your name and the time." in words(browser.get(f"/case/{case_id}").text)
    assert browser.post(f"{page}/tag", tag="Ask the lab").status_code == 303
    listed = browser.get("/tags?tag=ASK+the+lab")
    assert "ask the lab 2" in words(listed.text)
    assert f'href="/case/{case_id}#notes"' in listed.text
    assert f'href="{page}?open=notes"' in listed.text
    assert 'href="/tags?tag=ask%20the%20lab">ask the lab</a>' in browser.get(f"/case/{case_id}").text
    assert "Nothing bears this tag." in words(browser.get("/tags?tag=other").text)
    too_long = browser.post(f"{page}/tag", tag="x" * 41)
    assert too_long.status_code == 400
    assert "what is longer is a note." in words(too_long.text)
