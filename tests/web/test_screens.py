"""What each screen shows of the invented book. Expected words are read off the book's making in invented.py."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from books import new_book
from thaw.casework.ledger import log
from thaw.web.alike import _bar
from web.invented import Browser, World, enter, say_more
from web.test_app import words


def test_the_desk_counts_cases_and_shows_the_last_first(world: World) -> None:
    text = words(Browser(world.work).get("/").text)
    assert "11 cases" in text  # eight rows of the register and three entered here
    assert text.index("Woman at the old hotel") < text.index("Woman found at the canal road")
    assert "1 file that could not be read" in text


def test_an_empty_book_says_how_to_begin(tmp_path: Path) -> None:
    work = new_book(tmp_path / "book")
    browser = Browser(work)
    assert "This book holds no case yet. Three ways to begin:" in words(browser.get("/").text)
    assert "This book holds no case yet." in browser.get("/cases").text
    assert "There is no other case to compare with yet." in browser.get("/demo").text
    work.book.close()


def test_a_demo_book_says_so_on_every_screen_and_links_to_its_answer(world: World) -> None:
    kind, world.work.book.store.kind = world.work.book.store.kind, "demo"
    try:
        text = Browser(world.work).get("/cases").text
    finally:
        world.work.book.store.kind = kind
    assert 'Demo book: public FBI records without names, and an invented new killing. <a href="/demo">' in text


def test_the_purpose_is_shown_as_not_stated_until_it_is_stated(world: World) -> None:
    browser = Browser(world.work)
    assert 'name="purpose" value="" placeholder="not stated"' in browser.get("/cases").text
    answer = browser.post("/purpose", purpose=" case 85-0412 ", back="/cases?page=1")
    assert answer.headers["location"] == "/cases?page=1"
    assert 'name="purpose" value="case 85-0412"' in browser.get("/cases").text
    assert log(world.work, limit=3)[1]["purpose"] == "case 85-0412"


@pytest.mark.parametrize("back", ["//evil.example", "http://evil.example", "/\\evil.example", "", "/a\r\nX: y"])
def test_setting_the_purpose_never_leads_away(world: World, back: str) -> None:
    assert Browser(world.work).post("/purpose", purpose="x", back=back).headers["location"] == "/"


def test_the_list_filters_by_repeated_conditions_and_keeps_them_typed(world: World) -> None:
    answer = Browser(world.work).get("/cases?where=weapon%3D80&where=victim.sex%3DM&where=")
    assert "<b>1</b> case" in answer.text
    assert 'name="where" value="weapon=80"' in answer.text
    assert "Man, 51, strangulation" in answer.text


def test_a_condition_that_cannot_be_read_is_said_at_the_form(world: World) -> None:
    answer = Browser(world.work).get("/cases?where=wepon%3D80")
    assert answer.status_code == 400
    assert "&#39;wepon&#39;" in answer.text
    assert 'name="where" value="wepon=80"' in answer.text


def test_the_list_turns_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("thaw.web.case_list._A_PAGE", 4)
    browser = Browser(world.work)
    titles = [re.findall(r'class="title" href="([^"]+)"', browser.get(f"/cases?page={n}").text) for n in (1, 2, 3)]
    assert [len(page) for page in titles] == [4, 4, 3]
    assert len({title for page in titles for title in page}) == 11
    assert "Page 2 of 3" in browser.get("/cases?page=2").text
    for odd in ("0", "-1", "x", "²", "9" * 40, "9" * 5_000):
        assert browser.get(f"/cases?page={odd}").status_code == 200


def test_a_page_number_of_thousands_of_digits_is_no_page(world: World) -> None:
    browser = Browser(world.work)
    far = f"/cases?page={'9' * 5_000}"
    # On paper a page says its address; all else is the same.
    assert words(browser.get(far).text).replace(far, "/cases") == words(browser.get("/cases").text)
    digest = world.documents["report 85-0412.txt"]
    none = f"/document/{digest}/page/{'9' * 5_000}"
    answer = browser.get(none)
    said = words(answer.text).replace(none, "/no-such-page")
    assert (answer.status_code, said) == (404, words(browser.get("/no-such-page").text))


def test_a_case_shows_each_value_with_who_says_so_and_conflicts_in_rows_of_their_own(world: World) -> None:
    text = words(Browser(world.work).get(f"/case/{world.cases['canal']}").text)
    assert "Invented Woman found at the canal road" in text
    assert "This case is invented. It never happened, and nobody in it exists." in text
    assert "Asphyxiation - includes death by gas (85) An invented reporter 2" in text
    assert "but also Strangulation - hanging (80) Invented Detective 1" in text
    assert "Age 24 to 30 years" in text
    assert "Not known, which is not no: body moved after death." in text
    assert "report 85-0412.txt 2 pages" in text
    assert "scan.pdf 1 page, 1 without text" in text


def test_a_row_of_a_register_names_data_set_row_and_entry(world: World) -> None:
    text = words(Browser(world.work).get("/case/shr-map:1").text)
    assert "Invented City in FBI Supplementary Homicide Report shr-map:1 , data set" in text
    assert "row 1, entry" in text
    assert "before 21 years superseded or withdrawn" in text  # the second issue says 31


def test_a_row_that_is_gone_from_the_newest_issue_says_since_when(world: World) -> None:
    text = words(Browser(world.work).get("/case/shr-map:7").text)
    assert "Not in the newest issue of its data set: missing since 2026-11-20 . What was held stays here." in text


def test_victims_of_one_incident_lead_to_each_other(world: World) -> None:
    text = words(Browser(world.work).get("/case/shr-map:9").text)
    assert "Victims of the same incident Woman, 24" in text


def test_the_log_of_a_case_shows_who_looked(world: World) -> None:
    browser = Browser(world.work)
    browser.post("/purpose", purpose="reading the log")
    text = words(browser.get(f"/case/{world.cases['canal']}/log").text)
    assert "A person opened a record access.read case Invented Detective reading the log" in text
    assert "A case was entered by hand case.create Invented Detective" in text


def test_likeness_is_a_ranked_list_with_bars_both_ways(world: World) -> None:
    answer = Browser(world.work).get("/case/shr-map:9/similar")
    text = words(answer.text)
    assert "cases searched. Of the 10 below" not in text  # nine: the co-victim is certain, so it is not ranked
    assert "9 cases searched. Of the 9 below," in text
    assert "Certain, and so not ranked Woman, 24" in text
    assert "victim of the same incident" in text
    assert "Probabilities are uncalibrated" in text
    assert "random pairs looks this alike" in text
    assert "Look up next" not in text  # what is not known here has one value in all cases that know it
    assert '<rect class="for" x="120.0"' in answer.text  # for: from the middle to the right
    for left in re.findall(r'<rect class="against" x="([\d.]+)" y="3" width="([\d.]+)"', answer.text):
        assert float(left[0]) + float(left[1]) == pytest.approx(120, abs=1.1)  # against: to the left of it


def test_a_list_says_what_to_look_up_where_it_would_tell_cases_apart(new_world: Callable[[], World]) -> None:
    world = new_world()
    for number in range(3):
        enter(world.work, f"Invented {number}", behaviours={"bound": "no", "strangulation_or_ligature": "no"})
    text = words(Browser(world.work).get("/case/shr-map:9/similar").text)
    assert "Look up next Strangulation or ligature" in text


def test_the_demo_ranks_the_invented_incident(world: World) -> None:
    text = words(Browser(world.work).get("/demo").text)
    assert "What looks like Invented Invented: woman found near the canal" in text
    assert "A dog walker found the body" in text
    assert "11 cases searched." in text


def test_no_screen_says_match_or_suspect(world: World) -> None:
    browser = Browser(world.work)
    for path in ("/", "/demo", f"/case/{world.cases['canal']}/similar", "/cases", "/search", "/new", "/ledger"):
        assert not re.search(r"\b(match|matches|suspects?)\b", words(browser.get(path).text), re.IGNORECASE), path


def test_a_page_keeps_its_lines_and_leads_to_the_next(world: World) -> None:
    digest = world.documents["report 85-0412.txt"]
    answer = Browser(world.work).get(f"/document/{digest}/page/1")
    assert "INVENTED POLICE DEPARTMENT          Case " in answer.text
    assert f'rel="next" href="/document/{digest}/page/2"' in answer.text
    assert 'rel="prev"' not in answer.text
    assert "Page 1 of 2" in answer.text


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("scan.pdf", "The reading came to its end and found no letters on this page."),
        ("broken.pdf", "This file could not be read."),
        ("waiting.txt", "This file waits to be read."),
    ],
)
def test_a_page_without_words_says_why(world: World, file: str, said: str) -> None:
    assert said in Browser(world.work).get(f"/document/{world.documents[file]}/page/1").text


def test_a_search_without_purpose_asks_for_it_and_writes_nothing(world: World) -> None:
    before = world.work.book.store.size()
    answer = Browser(world.work).get("/search?q=wallet")
    assert "Say why you search, then search again." in answer.text
    assert 'value="wallet"' in answer.text
    assert world.work.book.store.size() == before


def test_a_search_shows_the_query_in_words_and_marks_what_it_found(world: World) -> None:
    browser = Browser(world.work)
    answer = browser.get("/search?q=headlight&purpose=case+85-0412")
    assert "<b>1</b> text. Understood as: texts with the word &#34;headlight&#34;" in answer.text
    assert "It had one <mark>headlight</mark>." in answer.text
    assert f'href="/document/{world.documents["report 85-0412.txt"]}/page/1?mark=headlight' in answer.text
    assert "Woman found at the canal road" in answer.text
    assert 'name="purpose" value="case 85-0412"' in browser.get("/cases").text  # the purpose stays


def test_a_search_that_cannot_be_read_is_said_at_the_form(world: World) -> None:
    answer = Browser(world.work).get("/search?q=%22open&purpose=x")
    assert answer.status_code == 400
    assert "a quote at character 1 that is not closed" in answer.text
    assert 'value="&#34;open"' in answer.text


def test_the_ledger_shows_entries_the_checkpoint_and_how_to_verify(world: World) -> None:
    text = words(Browser(world.work).get("/ledger").text)
    assert "To check it yourself" in text
    assert "— thaw.local/" in text
    assert "A person saw a list or a count access.list log Invented Detective not stated" in text


def test_checking_from_the_screen_runs_a_check(new_world: Callable[[], World]) -> None:
    browser = Browser(new_world().work)
    assert browser.post("/ledger/check").headers["location"] == "/ledger"
    browser.background._threads[-1].join(20)
    assert browser.background.light.state == "ok"


def test_of_what_may_be_several_each_value_has_its_own_row(new_world: Callable[[], World]) -> None:
    world = new_world()
    hotel = world.cases["hotel"]
    for told in ("A red sedan left.", "A dog barked twice."):
        say_more(world.work, hotel, "observation", {"text": told})
    text = words(Browser(world.work).get(f"/case/{hotel}").text)
    assert "A red sedan left." in text
    assert "A dog barked twice." in text
    assert "but also" not in text


def test_conditions_that_no_case_meets_and_conditions_that_cannot_be_read_are_said_in_words(world: World) -> None:
    browser = Browser(world.work)
    assert "0 cases meet this." in words(browser.get("/cases?where=weapon%3D90").text)
    for path in ("/cases", "/map", "/timeline"):
        answer = browser.get(f"{path}?where=wepon")
        told = words(answer.text)
        assert answer.status_code == 400
        assert "--where" not in told
        assert "More conditions" in told
    assert "No case meets this. Take a condition away." in words(browser.get("/timeline?where=weapon%3D90").text)


def test_a_chart_of_nothing_says_where_papers_are_added(world: World) -> None:
    empty = world.cases["hotel"]
    answer = Browser(world.work).get(f"/chart?case={empty}").text
    assert f'href="/tray?case={empty}"' in answer
    assert "figure-chart" not in answer
    claims = Browser(world.work).get(f"/case/{empty}/claims").text
    assert f'href="/tray?case={empty}"' in claims
    none = Browser(world.work).get(f"/chart?case={world.cases['canal']}&kind=plate").text
    assert "Nothing of the kinds chosen is named." in words(none)


@pytest.mark.parametrize(
    ("feature", "ours", "theirs", "said"),
    [
        ("victim_age", "24-30", "24-30", "in both"),  # how far apart two in one span lie is expected, not known
        ("victim_age", "24-30", "26-32", "about 2 years apart"),
        ("time", "July 1985", "July 1985", "in both"),
        ("place", "Salt Lake, UT", "Salt Lake, UT", "in both"),
        ("place", "Salt Lake, UT", "Utah, UT", "about 2 years apart"),
    ],
)
def test_what_is_the_same_in_both_is_not_called_apart(feature: str, ours: str, theirs: str, said: str) -> None:
    part = {"feature": feature, "label": "x", "ours": ours, "theirs": theirs, "log10_bf": 0.3}
    part |= {"apart": {"value": 2.1, "unit": "years"}, "how_common_in_words": ""}
    assert _bar(part, 2)["apart"] == said
