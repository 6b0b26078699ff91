"""Series board, pairs, alerts, suspected series, identification, kinship, claims, timelines, chart and map."""
# Long: a few tests for each of ten screens, over one book that takes seconds to make.

from __future__ import annotations

import csv
import hashlib
import html
import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from books import csv_file, imported, new_book
from casework.test_links import table
from thaw.casework import Session
from thaw.casework.alerts import alert_on_save, alerts
from thaw.casework.decisions import link
from thaw.casework.kinship import About, Inputs, kinship
from thaw.casework.ledger import log
from thaw.data import data_path
from thaw.store import Where
from thaw.web.app import _render
from thaw.web.background import Background
from thaw.web.guard import Visit
from thaw.web.screen import Look, Page
from thaw.web.timelines import _labeled
from web.boards_world import BODY, NAME, alike, board_paths, fill_boards, import_persons
from web.invented import HOSTILE, Browser, World, enter, say_more
from web.test_app import words
from web.test_hostile import Parsed
from web.test_visibility import hiding, leveled, opened


@pytest.fixture(scope="module")
def boards(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One book for the tests that only look or add decisions of their own."""
    from web.invented import invented_world

    folder = tmp_path_factory.mktemp("boards")
    made = fill_boards(invented_world(folder), folder)
    yield made
    made.work.book.close()


def pair_of(world: World) -> str:
    return f"/case/{world.cases['canal']}/pair/{world.cases['hotel']}"


def last_entry(world: World, kind: str) -> dict[str, object]:
    view = world.work.look("test")
    return dict(view.log([Where("kind", "=", kind)], limit=1)[0].payload or {})


def test_the_board_shows_the_query_beside_the_list_with_its_worth(boards: World) -> None:
    text = words(Browser(boards.work).get(f"/case/{boards.cases['canal']}/similar").text)
    assert "random pairs looks this alike or more: that is the first of the list." in text
    assert "Nobody has decided a pair in this book yet" in text or "people decided in this book" in text
    assert "Weapon or means" in text
    assert "Side by side with Woman at the old hotel" in text


def test_a_pair_marks_what_differs_and_draws_the_waterfall(boards: World) -> None:
    answer = Browser(boards.work).get(pair_of(boards))
    text = words(answer.text)
    assert answer.status_code == 200
    assert 'class="figure figure-waterfall"' in answer.text
    assert re.search(r'<tr class="differs"><th scope="row">Date', answer.text)
    assert re.search(r'<tr class="same"><th scope="row">Place', answer.text)
    assert "What changes if a value is wrong" in text
    assert "Nothing yet: no alert and no decision." in text


def test_trying_another_value_changes_the_factor_and_stores_nothing(boards: World) -> None:
    browser = Browser(boards.work)
    view = boards.work.look("x")
    before = view.count("link_decisions")
    text = words(browser.get(pair_of(boards) + "?try=weapon%3D20&date=July+1984&age=24-30").text)
    said = "With Weapon or means as knife or cutting instrument - includes icepick, screwdriver, axe, etc , "
    assert said + "Time as July 1984 , Age of the victim as 24-30" in text
    assert "Nothing was stored." in text
    assert boards.work.look("x").count("link_decisions") == before


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("try=weapon%3Dnonsense", "What if: got 'weapon=nonsense', want a feature of the comparison"),
        ("try=nonsense%3D1", "got 'nonsense=1'"),
        ("try=nonsense%3D", "got 'nonsense'"),
        ("date=soon", "What if, date: got 'soon', want a date from 1900 until today, such as 1984-07, July 1984 or"),
        ("date=2999", "got '2999'"),
        ("date=1066", "got '1066'"),
        ("age=-5", "What if, age: got '-5', want years from 0 to 120, such as 24 or 24-30. Correct it."),
        ("age=30-24", "got '30-24'"),
        ("age=121", "got '121'"),
        ("age=nan", "got 'nan'"),
    ],
)  # fmt: skip
def test_a_value_that_no_case_could_have_is_said_beside_the_form(boards: World, asked: str, said: str) -> None:
    answer = Browser(boards.work).get(f"{pair_of(boards)}?{asked}")
    assert answer.status_code == 400
    assert said in html.unescape(words(answer.text))
    assert "What both records say" in words(answer.text)  # the pair itself still stands there


def test_a_decision_needs_a_reason_and_becomes_an_entry(new_world: Callable[[], World]) -> None:
    world = new_world()
    browser, path = Browser(world.work), pair_of(world)
    refused = browser.post(path, decision="accept", reason=" ")
    assert (refused.status_code, "got no reason, want why, for the log" in words(refused.text)) == (400, True)
    assert browser.post(path, decision="accept", reason="Invented: same cord").status_code == 303
    text = words(browser.get(path).text)
    assert "accepted as linked by Invented Detective: Invented: same cord" in text
    assert last_entry(world, "link.decide")["reason"] == "Invented: same cord"
    browser.post(path, decision="reject", reason="Invented: other cord")
    text = words(browser.get(path).text)
    assert "rejected by Invented Detective: Invented: other cord" in text
    assert text.count("Invented: same cord") == 1  # the older one stays in the history
    assert "Of 1 pair that people decided in this book, 0 were accepted." in words(
        browser.get(f"/case/{world.cases['canal']}/similar").text
    )


def test_a_fact_that_says_otherwise_is_refused(new_world: Callable[[], World]) -> None:
    world = new_world()
    answer = Browser(world.work).post(pair_of(world), decision="accept", reason="x", fact="dna_exclusion")
    assert answer.status_code == 400
    assert "for accept: same_incident, dna_match, ballistic_match, fingerprint_match" in words(answer.text)


def test_a_case_beside_itself_is_refused(boards: World) -> None:
    answer = Browser(boards.work).get(f"/case/{boards.cases['canal']}/pair/{boards.cases['canal']}")
    assert (answer.status_code, "one case twice" in words(answer.text)) == (400, True)


def with_an_alert(folder: Path) -> tuple[Session, Browser, str]:
    """A book with a register and a case that was entered because it looks like a row of it."""
    work = new_book(folder / "book")
    imported(work, csv_file(folder / "a.csv", table()))
    browser = Browser(work)
    told = {"title": "Invented: looks like row 1", "date_from": "July 1985", "state": "UT", "county": "Salt Lake"}
    told |= {"sex": "F", "age_from": "22", "weapon": "80", "circumstance": "02"}
    case_id = browser.post("/new", once="x1", **told).headers["location"].rpartition("/")[2]
    return work, browser, case_id


def test_an_alert_is_dismissed_with_a_reason_and_returns_on_a_new_fact_only(tmp_path: Path) -> None:
    work, browser, case_id = with_an_alert(tmp_path)
    page = browser.get("/alerts").text
    found = re.findall(r'action="/alerts/([^"]+)/dismiss"', page)
    assert found
    assert "Invented: looks like row 1" in page
    refused = browser.post(f"/alerts/{found[0]}/dismiss", reason="")
    assert (refused.status_code, "got no reason, want why, for the log" in words(refused.text)) == (400, True)
    for alert in found:
        assert browser.post(f"/alerts/{alert}/dismiss", reason="Invented: another town").status_code == 303
    assert "No alert is open." in words(browser.get("/alerts").text)
    text = words(browser.get("/alerts?state=dismissed").text)
    assert re.search(
        r"Dismissed by Invented Detective, [-0-9]{10} [:0-9]{8} , entry \d+ \. Reason: Invented: another town", text
    )
    one = alerts(work, state="dismissed")[0]
    (kind,) = [entry["kind"] for entry in log(work, limit=1000) if entry["seq"] == one["decided"]["entry"]]
    assert (kind, one["decided"]["by"]) == ("link.decide", "Invented Detective")
    assert "Invented Detective" in browser.get("/alerts/table?state=dismissed").text
    assert alerts(work, state="open") == []
    alert_on_save(work, [case_id])
    assert "No alert is open." in words(browser.get("/alerts").text)
    say_more(work, case_id, "location_type", {"code": "13", "list": "nibrs.location_type"})
    alert_on_save(work, [case_id])
    assert "Invented: looks like row 1" in browser.get("/alerts").text
    work.book.close()


def test_an_alert_on_persons_leads_to_the_pair_from_the_desk_and_from_the_board(boards: World) -> None:
    browser = Browser(boards.work)
    for path in ("/", "/alerts"):
        page = browser.get(path).text
        assert "/case/None" not in page, path
        target = re.search(r'href="(/identify/[^"]+/pair/[^"]+)"', page)
        assert target is not None, path
        assert browser.get(target[1]).status_code == 200


def test_series_say_that_they_were_not_scanned_and_then_what_was_found(new_world: Callable[[], World]) -> None:
    browser = Browser(new_world().work)
    assert "This state of the casebook was not scanned yet." in words(browser.get("/series").text)
    early = browser.get("/series/table?format=csv")
    assert early.status_code == 400
    assert "no scan of this state of the casebook" in words(early.text)
    assert "Open Suspected series." in words(early.text)
    assert browser.post("/series/scan").headers["location"] == "/series"
    browser.background._threads[-1].join(60)
    text = words(browser.get("/series").text)
    assert "Nothing stands out." in text or "above the alarm level" in text
    assert '"rank","place","from","to","victims","method"' in browser.get("/series/table?format=csv").text
    answer = browser.get("/series/nothing")
    assert answer.status_code == 400
    assert "a find of the scan of this casebook as it is now" in words(answer.text)


def test_the_desk_of_identification_leads_to_candidates_lane_and_counts(boards: World) -> None:
    browser = Browser(boards.work)
    assert "Without a name (3)" in words(browser.get("/identify").text)
    text = words(browser.get(f"/identify/{BODY}").text)
    assert "14 records compared" in text
    assert "0 ruled out by an expert" in text
    assert "If one field is wrong: the exception lane" in text
    assert "Rufus Inventedson" in text
    assert "none of these: None" not in text


def test_a_lane_of_one_field_is_paged_through_on_its_own(boards: World) -> None:
    browser = Browser(boards.work)
    page = browser.get(f"/identify/{BODY}").text
    assert "If this is wrong: place : 4 more; chance that list and lane hold the name above 99.9%" in words(page)
    target = re.search(r'href="(/identify/[^"]+/lane\?without=place)"', page)
    assert target is not None
    lane = browser.get(target[1]).text
    assert "4 in this lane, none of them in the list" in words(lane)
    assert "The lane is cut here" not in words(lane)
    pair = re.search(r'href="(/identify/[^"]+/pair/[^"]+)"', lane)
    assert pair is not None
    assert browser.get(pair[1]).status_code == 200
    refused = browser.get(f"/identify/{BODY}/lane?without=shoes")
    assert refused.status_code == 400
    assert "Open it from the list of candidates." in words(refused.text)


def test_a_long_lane_comes_in_pages(boards: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("thaw.web.identification._A_PAGE", 3)
    browser = Browser(boards.work)
    first = browser.get(f"/identify/{BODY}/lane?without=place").text
    later = re.search(r'rel="next" href="([^"]+)"', first)
    assert later is not None
    second = browser.get(html.unescape(later[1])).text
    told = [re.findall(r'href="(/identify/[^"]+/pair/[^"]+)"', page) for page in (first, second)]
    assert [len(some) for some in told] == [3, 1]
    assert not set(told[0]) & set(told[1])
    assert "Page 2 of 2" in words(second)
    assert "4 in this lane" in words(second)
    assert browser.get(f"/identify/{BODY}/lane?without=place&page=99999999").status_code == 200


def test_a_pair_of_persons_is_ruled_out_by_an_expert_only_and_opened_again(
    new_world: Callable[[], World], tmp_path: Path
) -> None:
    world = fill_boards(new_world(), tmp_path)
    browser = Browser(world.work)
    path = f"/identify/{BODY}/pair/{NAME}"
    assert "Scar: on the right knee" in words(browser.get(path).text)
    refused = browser.post(f"{path}/exclude", by="hair", expert="E", reason="r")
    assert (refused.status_code, "want one of dna, fingerprints, dental" in words(refused.text)) == (400, True)
    assert browser.post(f"{path}/exclude", by="dna", expert="Dr Invented", reason="ten loci differ").status_code == 303
    page = browser.get(path).text
    assert "1 ruled out by an expert" in words(page)
    assert "1 ruled out by an expert" in words(browser.get(f"/identify/{BODY}").text)
    entry = re.search(r'name="entry" value="(\d+)"', page)
    assert entry is not None
    assert browser.post(f"{path}/undo", entry=entry[1], reason="").status_code == 400
    assert browser.post(f"{path}/undo", entry="nonsense", reason="x").status_code == 400
    assert browser.post(f"{path}/undo", entry=entry[1], reason="wrong sample").status_code == 303
    text = words(browser.get(path).text)
    assert "0 ruled out by an expert" in text
    assert "taken back by Invented Detective. wrong sample" in text


@pytest.mark.parametrize("path", [f"/identify/{BODY}/sheet", f"/identify/{BODY}/pair/{NAME}/sheet"])
def test_sheets_are_pdfs_with_an_entry_that_has_their_digest(boards: World, path: str) -> None:
    pdfium = pytest.importorskip("pypdfium2")
    answer = Browser(boards.work).get(path)
    assert answer.headers["content-type"] == "application/pdf"
    assert last_entry(boards, "access.export")["sha256"] == hashlib.sha256(answer.content).hexdigest()
    page = pdfium.PdfDocument(answer.content)[0]
    text = page.get_textpage().get_text_bounded()
    assert "Rufus Inventedson" in text
    assert "the medical examiner or coroner decides" in text
    assert "Ledger: " in text


def test_kinship_is_computed_drawn_and_printed_and_its_profiles_stay_out_of_the_book(boards: World) -> None:
    browser = Browser(boards.work)
    made = browser.post("/kinship", example="yes")
    path = made.headers["location"]
    text = words(browser.get(path).text)
    assert "Which relative to sample next" in text
    assert "D21S11" in text
    assert browser.get(path).text.count('class="figure figure-pedigree"') == 2
    loci = browser.get(f"{path}/table").text
    assert '"D21S11",2.7' in loci
    assert "genotypes" in loci  # named as left out
    sheet = browser.get(f"{path}/sheet")
    pdfium = pytest.importorskip("pypdfium2")
    top = pdfium.PdfDocument(sheet.content)[0].get_textpage().get_text_bounded()
    assert top.startswith("INVENTED: nobody on this sheet exists.")
    assert sheet.content[:5] == b"%PDF-"
    assert last_entry(boards, "report.make")["sha256"] == hashlib.sha256(sheet.content).hexdigest()
    entry = json.dumps(last_entry(boards, "identify.kinship"))
    assert "genotypes" not in entry
    other = Browser(boards.work)
    assert other.get(path).status_code == 400
    assert "a result that is not held any more" in words(other.get(path).text)


@pytest.mark.parametrize("text", ["", "{oops", "[]", '{"a": 1}', "[" * 100_000])
def test_a_kinship_file_that_is_none_is_said_at_the_form(boards: World, text: str) -> None:
    answer = Browser(boards.work).post("/kinship", text=text, file="x.json")
    assert answer.status_code == 400
    assert "Hand in a case file" in words(answer.text)


def test_a_name_that_the_authority_decided_is_kept_shown_and_taken_back(
    new_world: Callable[[], World], tmp_path: Path
) -> None:
    world = fill_boards(new_world(), tmp_path)
    browser, path = Browser(world.work), f"/identify/{BODY}/pair/{NAME}"
    assert "Thaw names nobody." in words(browser.get(path).text)
    refused = browser.post(f"{path}/name", authority="", why="x")
    assert refused.status_code == 400
    assert "Authority: got nothing, want a few words. Write the name of who decided it." in words(refused.text)
    assert browser.post(f"{path}/name", authority="Dr Invented", why="teeth, file 7").status_code == 303
    page = words(browser.get(path).text)
    assert "decided that this body is this missing person" in page
    assert "named (Dr Invented) by Invented Detective. teeth, file 7" in page
    assert last_entry(world, "identify.decide")["authority"] == "Dr Invented"
    assert "has decided who this is" in words(browser.get(f"/identify/{BODY}").text)
    entry = re.search(r'name="entry" value="(\d+)"', browser.get(path).text)
    assert entry is not None
    assert browser.post(f"{path}/undo", entry=entry[1], reason="wrong file").status_code == 303
    text = words(browser.get(path).text)
    assert "Thaw names nobody." in text
    assert "taken back by Invented Detective. wrong file" in text


def test_a_kinship_result_that_was_kept_outlives_the_visit_and_holds_no_profile(boards: World) -> None:
    browser = Browser(boards.work)
    path = browser.post("/kinship", example="yes").headers["location"]
    assert "Keep this result" in words(browser.get(path).text)
    kept = browser.post(f"{path}/keep").headers["location"]
    said = json.dumps(last_entry(boards, "report.make"))
    family = json.loads(data_path("sample/invented_family.json").read_text(encoding="utf-8"))
    assert "genotypes" in json.dumps(family)
    assert "genotypes" not in said
    assert "alleles" not in said
    other = Browser(boards.work)  # as after a restart: another visit that holds nothing
    text = words(other.get(kept).text)
    assert "3.79 x 10^9 times as probable under missing son as under unrelated" in text
    assert "Kept as entry" in text
    assert other.get(kept).text.count('class="figure figure-pedigree"') == 2
    assert other.get(f"{kept}/sheet").content[:5] == b"%PDF-"
    assert '"father","parent"' in other.get(f"{kept}/worth").text
    assert "Invented: mother and brother" in words(other.get("/kinship").text)
    assert other.get("/kinship/entry-1").status_code == 400


def test_kinship_for_a_pair_stands_beside_the_pair(new_world: Callable[[], World], tmp_path: Path) -> None:
    world = fill_boards(new_world(), tmp_path)
    browser, path = Browser(world.work), f"/identify/{BODY}/pair/{NAME}"
    form = html.unescape(re.search(r'href="(/kinship\?[^"]+)"', browser.get(path).text)[1])  # type: ignore[index]
    asked = dict(re.findall(r'name="(unidentified|missing)" value="([^"]+)"', browser.get(form).text))
    assert asked.keys() == {"unidentified", "missing"}
    wrong = browser.post("/kinship", example="yes", hypothesis="cousin", **asked)
    assert wrong.status_code == 400
    assert "Hypothesis: got 'cousin'" in html.unescape(words(wrong.text))
    made = browser.post("/kinship", example="yes", **asked).headers["location"]
    assert "To the pair" in words(browser.get(made).text)
    assert "DNA of relatives" in words(browser.get(path).text)


def test_dna_of_relatives_stands_beside_the_fields(new_world: Callable[[], World], tmp_path: Path) -> None:
    world = fill_boards(new_world(), tmp_path)
    run = Inputs(data_path("sample/invented_family.json"))
    kinship(run, session=world.work, about=About(BODY, NAME), purpose="test")
    browser = Browser(world.work)
    assert "DNA ×3,789" in words(browser.get(f"/identify/{BODY}").text)
    assert re.search(r"DNA of relatives ×3,78\d,", words(browser.get(f"/identify/{BODY}/pair/{NAME}").text))
    table = list(csv.reader(io.StringIO(browser.get(f"/identify/{BODY}/table").text)))
    assert float(table[1][table[0].index("log10 DNA")]) == pytest.approx(9.579, abs=0.001)


def test_race_stands_in_no_comparison_of_cases(boards: World) -> None:
    browser = Browser(boards.work)
    pages = (browser.get("/case/shr-map:1/pair/shr-map:2").text, browser.get("/case/shr-map:1/similar").text)
    for page in pages:
        assert "Race as recorded" not in page
    assert '"Race as recorded"' not in browser.get("/case/shr-map:1/pair/shr-map:2/table").text
    assert "Race as recorded" in browser.get("/case/shr-map:1").text  # the record itself still says it


def test_alerts_of_a_case_stand_beside_its_list(tmp_path: Path) -> None:
    work, browser, case_id = with_an_alert(tmp_path)
    alert = re.findall(r'action="/alerts/([^"]+)/dismiss"', browser.get("/alerts").text)[0]
    assert browser.post(f"/alerts/{alert}/dismiss", reason="Invented: another town").status_code == 303
    side = words(browser.get(f"/case/{case_id}/similar").text)
    assert "Alerts on this case" in side
    assert "set aside: Invented: another town" in side
    work.book.close()


def test_claims_stand_side_by_side_with_their_quotes(boards: World) -> None:
    browser = Browser(boards.work)
    text = words(browser.get(f"/case/{boards.cases['canal']}/claims").text)
    assert "shots count papers differ" in text
    assert "2 shots" in text
    assert "3 shots" in text
    assert "heard three shots" in text
    only = words(browser.get(f"/case/{boards.cases['canal']}/claims?conflicts=yes&kind=count").text)
    assert "shots" in only
    assert "No claim meets this." in words(browser.get(f"/case/{boards.cases['canal']}/claims?subject=zebra").text)


def test_a_timeline_has_dots_bars_last_seen_and_an_undated_tray(boards: World) -> None:
    page = Browser(boards.work).get(f"/case/{boards.cases['canal']}/timeline?window=all").text
    assert 'class="seen-mark"' in page
    assert re.search(r'class="dot seen"', page)
    assert re.search(r'class="span event', page)  # the summer of 1985
    assert "2300 hours" in words(page)


def test_two_papers_are_compared(boards: World) -> None:
    one, other = boards.documents["report one.txt"], boards.documents["statement two.txt"]
    browser, path = Browser(boards.work), f"/case/{boards.cases['canal']}/timeline"
    page = browser.get(f"{path}?one={one}&other={other}").text
    assert re.search(r'<tr class="differs"><th scope="row">shots', page)
    assert browser.get(f"{path}?one={one}&other={'0' * 64}").status_code == 400


def test_a_set_of_cases_on_map_and_timeline(boards: World) -> None:
    browser = Browser(boards.work)
    ids = "&".join(f"case={boards.cases[name]}" for name in ("canal", "hotel"))
    assert "Just 2 chosen cases." in words(browser.get(f"/timeline?{ids}").text)
    page = browser.get(f"/map?{ids}").text
    assert "Salt Lake, UT: 2 cases" in page
    assert "Just 2 chosen cases." in words(page)
    assert browser.get("/map?from=1985&to=1985").status_code == 200
    for bad in (
        "/map?from=1990&to=1985",
        "/map?from=x",
        "/map?where=oops",
        "/timeline?where=oops",
        "/timeline?where=weapon%3D80&window=soon",
    ):
        assert browser.get(bad).status_code == 400, bad


def test_a_line_of_the_chart_opens_its_sentences_on_the_page(boards: World) -> None:
    browser = Browser(boards.work)
    page = browser.get(f"/chart?case={boards.cases['canal']}").text
    addresses = [html.unescape(found) for found in re.findall(r'href="(/chart/line\?[^"]+)"', page)]
    one = next(a for a in addresses if f"one={boards.cases['canal']}" in a and "phone" in a)
    line = browser.get(one).text
    assert "2 independent sources" in words(line)
    assert "He gave his telephone as 213-555-0155" in words(line)
    assert "called me from 213-555-0155" in words(line)
    target = re.search(r'href="(/document/[^"]+)"', line)
    assert target is not None
    assert browser.get(html.unescape(target[1])).status_code == 200


def test_a_way_between_two_nodes_is_named_and_marked(boards: World) -> None:
    ends = f"from={quote('plate:4gpy976')}&to={quote('person:walter rusk')}"
    browser, base = Browser(boards.work), f"/chart?case={boards.cases['canal']}"
    page = browser.get(f"{base}&{ends}").text
    assert "Way: 4GPY976 → Woman found at the canal road → Walter Rusk" in words(page)
    assert page.count("on-path") == 5  # two lines, three nodes
    alone = browser.get(f"{base}&around={quote('plate:4gpy976')}").text
    assert 'data-node="plate:4gpy976"' in alone
    assert 'data-node="phone:2135550155"' not in alone
    assert browser.get(f"{base}&around=nobody").status_code == 400


def test_a_version_of_a_chart_is_an_entry_and_comes_back_with_its_places(new_world: Callable[[], World]) -> None:
    world = new_world()
    browser, case_id = Browser(world.work), world.cases["canal"]
    pins = json.dumps({case_id: [0.25, 0.75]})
    made = browser.post("/chart/keep", case=case_id, name="Invented view", pins=pins)
    page = browser.get(made.headers["location"]).text
    assert "Version “Invented view”, kept by Invented Detective" in words(page)
    # 46 + 0.25 * (1080 - 92), 46 + 0.75 * (720 - 92)
    assert 'transform="translate(293 517)"' in page
    assert last_entry(world, "report.make")["pins"] == {case_id: [2500, 7500]}
    for bad in ('{"a": [2, 2]}', "{", '{"a": "x"}', "[1]"):
        assert browser.post("/chart/keep", case=case_id, name="x", pins=bad).status_code == 400, bad
    assert browser.post("/chart/keep", case=case_id, name=" ", pins="{}").status_code == 400


FILES = [
    ("/case/{canal}/similar/table", "csv"),
    ("/case/{canal}/pair/{hotel}/table", "csv"),
    ("/case/{canal}/pair/{hotel}/figure?format=svg", "svg"),
    ("/case/{canal}/pair/{hotel}/figure?format=png", "png"),
    ("/case/{canal}/claims/table", "csv"),
    ("/case/{canal}/timeline/file?format=svg", "svg"),
    ("/case/{canal}/timeline/file?format=csv", "csv"),
    ("/timeline/file?where=weapon%3D80&format=csv", "csv"),
    ("/chart/file?case={canal}&format=graphml", "graphml"),
    ("/chart/file?case={canal}&format=csv", "csv"),
    ("/chart/file?case={canal}&format=svg", "svg"),
    ("/map/file?format=geojson", "geojson"),
    ("/map/file?format=svg", "svg"),
    ("/map/file?format=csv&where=weapon%3D80", "csv"),
    ("/alerts/table", "csv"),
    ("/identify/table", "csv"),
    (f"/identify/{BODY}/table", "csv"),
    (f"/identify/{BODY}/lane/table?without=place", "csv"),
]


@pytest.mark.parametrize(("path", "kind"), FILES)
def test_every_file_states_ledger_and_filters_and_its_digest_is_an_entry(boards: World, path: str, kind: str) -> None:
    answer = Browser(boards.work).get(path.format(**boards.cases))
    assert answer.status_code == 200
    assert f'.{kind}"' in answer.headers["content-disposition"]
    entry = last_entry(boards, "access.export")
    assert entry["sha256"] == hashlib.sha256(answer.content).hexdigest()
    if kind != "png":
        assert f"{entry['size']} entries, root" in answer.text
    if "where" in path and kind == "csv":
        assert "where weapon=80" in answer.text


@pytest.mark.parametrize("path", ["/map/file", "/map/file?format=exe", "/chart/file?case={canal}&format=pdf"])
def test_a_format_that_is_none_is_refused(boards: World, path: str) -> None:
    assert Browser(boards.work).get(path.format(**boards.cases)).status_code == 400


def test_a_hostile_title_is_text_in_every_file_and_no_formula(new_world: Callable[[], World]) -> None:
    world = new_world()
    work = world.work
    bad = enter(work, "=HYPERLINK(0)", date="1985-07")
    browser = Browser(work)
    rows = list(csv.reader(io.StringIO(browser.get(f"/timeline/file?case={bad}&format=csv").text.lstrip("\ufeff"))))
    assert any("'=HYPERLINK(0)" in row for row in rows)
    assert not any(cell.startswith("=") for row in rows for cell in row)
    hostile = world.cases["hostile"]
    for path in (f"/timeline?case={hostile}", f"/chart?case={hostile}", f"/map?case={hostile}",
                 f"/case/{hostile}/pair/{world.cases['canal']}", f"/case/{hostile}/claims", f"/case/{hostile}/timeline",
                 f"/map?where={quote(HOSTILE)}", f"/case/{hostile}/claims?subject={quote(HOSTILE)}",
                 f"/chart?case={hostile}&around={quote(HOSTILE)}"):  # fmt: skip
        found = Parsed(browser.get(path).text)
        assert found.only_our_script, path
        assert not {name for name in found.attributes if name.startswith("on") or name == "style"}, path


def leveled_file(answer: httpx.Response) -> str:
    """What a file says, without the position of the ledger and the time; of a sheet its words, of a picture nothing."""
    kind = answer.headers["content-type"]
    text = "" if kind == "image/png" else answer.text
    if kind == "application/pdf":
        pdfium = pytest.importorskip("pypdfium2")
        text = "".join(page.get_textpage().get_text_bounded() for page in pdfium.PdfDocument(answer.content))
        text = re.sub(r"\s+", " ", text)
    return re.sub(r"\d+ entries, root [0-9a-f\s]{64,66}|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", "~", leveled(text))


def test_no_board_tells_that_a_hidden_case_exists(
    new_world: Callable[[], World], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from thaw.casework.decisions import link
    from thaw.casework.documents import add_documents
    from thaw.casework.importing import import_files

    world = fill_boards(new_world(), tmp_path)
    world.work.book.close()
    shutil.copytree(world.work.book.folder.parent, tmp_path / "other")
    never, having = opened(world.work.book.folder), opened(tmp_path / "other" / world.work.book.folder.name)
    secret = alike(having, "Secret invented cellar")
    (tmp_path / "secret.txt").write_text(
        "Walter Rusk of 213-555-0155 heard nine shots on July 11, 1985.", encoding="utf-8"
    )
    add_documents(having, [tmp_path / "secret.txt"], case_id=secret, wait=True)
    link(having, secret, world.cases["canal"], decision="accept", reason="Secret invented cellar")
    keep = Browser(having)
    keep.post("/chart/keep", case=secret, name="Secret invented cellar", pins="{}")
    body = json.loads((Path(__file__).parents[2] / "src/thaw/data/sample/invented_unidentified.json").read_text())[0]
    body |= {"idFormatted": "UP900077", "mannerOfDeath": {"name": "Homicide"}}
    (tmp_path / "body.json").write_text(json.dumps([body]))
    import_files(having, [tmp_path / "body.json"])
    of_body = having.look("x").select(
        "person_register", ["case_id"], [Where("source_key", "=", "namus-unidentified:UP900077")]
    )
    plain, hidden = Browser(never), Browser(having)
    assert "Secret invented cellar" in hidden.get(f"/chart?case={world.cases['canal']}").text
    with hiding(monkeypatch, secret, of_body[0][0]):
        for path in board_paths(world.cases["canal"], world.cases["hotel"], secret):
            one, other = plain.get(path), hidden.get(path)
            assert other.status_code == one.status_code, path
            assert leveled_file(other) == leveled_file(one), path
            assert "ecret invented cellar" not in leveled_file(other), path
        for form in ({"case": secret, "name": "x", "pins": "{}"},):
            assert (
                hidden.post("/chart/keep", **form).status_code == plain.post("/chart/keep", **form).status_code == 404
            )
        answers = [
            b.post(f"/case/{world.cases['canal']}/pair/{secret}", decision="accept", reason="r")
            for b in (plain, hidden)
        ]
        assert [a.status_code for a in answers] == [404, 404]
    never.book.close()
    having.book.close()


def test_a_person_of_a_register_has_a_page_with_a_name_and_fields_in_words(boards: World) -> None:
    browser = Browser(boards.work)
    text = browser.get(f"/person/{NAME}").text
    assert "Working as Invented Detective in" in words(text)
    assert '<h1 class="case-title"><span class="invented">Invented</span> Rufus Inventedson</h1>' in text
    assert "Hair color Brown (brown)" in words(text)
    assert "hair_color" not in text
    body = browser.get(f"/person/{BODY}").text
    assert (
        '<h1 class="case-title"><span class="invented">Invented</span> Body found 20 June 1988, Elko, NV</h1>' in body
    )


def test_no_screen_takes_a_name_that_the_frame_of_all_screens_has(boards: World) -> None:
    look = Look(boards.work, Visit(), Background(boards.work), "/", {}, {}, {})
    with pytest.raises(ValueError, match=r"decisions\.html gives person, which the frame of all screens gives"):
        _render(look, Page("decisions.html", {"person": "x"}))


def test_a_label_does_not_say_again_what_its_lane_says() -> None:
    events = [
        {"lane": "Salt Lake, UT", "label": "Woman, 24, handgun: Salt Lake, UT, March 1985", "first": "1985-03-01"}
    ]
    events.append({"lane": "Salt Lake, UT", "label": "Invented: the mill", "first": "1985-03-01"})
    shown = _labeled({"events": events, "total": 2})
    assert [event["label"] for event in shown["events"]] == ["Woman, 24, handgun", "Invented: the mill"]
    assert events[0]["label"].endswith("March 1985")  # the table that is kept says all of it


@pytest.mark.parametrize(
    ("path", "times"),
    [
        ("/identify", 17),  # three bodies, fourteen missing
        (f"/identify/{BODY}", 1 + 10),
        (f"/identify/{NAME}", 1 + 3),
        (f"/identify/{BODY}/pair/{NAME}", 2),
        (f"/identify/{BODY}/lane?without=place", 1),
        (f"/person/{NAME}", 1),
        ("/alerts?state=all", 2),
    ],
)
def test_a_person_who_was_made_up_is_marked_wherever_they_stand(boards: World, path: str, times: int) -> None:
    text = Browser(boards.work).get(path).text
    assert text.count('<span class="invented">Invented</span>') >= times


@pytest.mark.parametrize(
    "path", ["/identify/table", f"/identify/{BODY}/table", f"/identify/{BODY}/lane/table?without=age"]
)
def test_tables_say_who_was_made_up(boards: World, path: str) -> None:
    rows = [line for line in Browser(boards.work).get(path).text.splitlines() if "namus-" in line and '"p_' in line]
    assert rows
    assert all(row.endswith('"yes"') for row in rows)


def test_somebody_last_seen_after_the_find_is_told_in_plain_words(boards: World) -> None:
    browser = Browser(boards.work)
    text = words(browser.get(f"/identify/{BODY}").text)
    # Found on 20 June 1988; Virgil Fictley was last seen in 1996, Rufus Inventedson in 1987.
    (of_virgil,) = re.findall(r"Virgil Fictley.*?support", text)
    (of_rufus,) = re.findall(r"Rufus Inventedson.*?support", text)
    assert "last seen after this body was found" in of_virgil
    assert "last seen after" not in of_rufus
    virgil = browser.get(f"/identify/{BODY}/pair/namus-missing:MP900014").text
    told = "The missing person was last seen after this body was found. If both days are right, they are two persons; "
    assert told + "a wrong day is common, so nobody is excluded by it." in words(virgil)
    assert "last seen after" not in browser.get(f"/identify/{BODY}/pair/{NAME}").text
    assert "found before this person was last seen" in words(browser.get("/identify/namus-missing:MP900014").text)


def test_a_case_with_a_place_leads_to_its_map(boards: World) -> None:
    browser, canal = Browser(boards.work), boards.cases["canal"]
    assert f'<a class="button" href="/map?case={canal}">Map</a>' in browser.get(f"/case/{canal}").text
    text = browser.get(f"/map?case={canal}").text
    assert "<b>1</b> case<" in text
    # The state lies around its county, with its neighbors: a county alone is a shape that nobody knows.
    assert {"UT", "NV", "CO"} <= set(re.findall(r'class="state-name">(..)<', text))
    nowhere = enter(boards.work, "Invented: nobody knows where", place=None)
    assert "/map?case=" not in browser.get(f"/case/{nowhere}").text


def test_a_dismissed_alert_on_persons_says_who_and_when(tmp_path: Path) -> None:
    work = new_book(tmp_path / "b")
    import_persons(work)
    browser = Browser(work)
    found = re.findall(r'action="/alerts/([^"]+)/dismiss"', browser.get("/alerts").text)
    assert len(found) == 2
    assert browser.post(f"/alerts/{found[0]}/dismiss", reason="Invented: other teeth").status_code == 303
    text = words(browser.get("/alerts?state=all").text)
    assert len(re.findall(r"Dismissed by Invented Detective, [-0-9]{10} [:0-9]{8} , entry \d+ \.", text)) == 1
    work.book.close()


def test_the_page_of_an_entry_says_in_words_what_was_decided_on_whom(tmp_path: Path) -> None:
    work = new_book(tmp_path / "b")
    import_persons(work)
    one, other = (enter(work, f"Invented: at the {where}") for where in ("weir", "mill"))
    browser = Browser(work)
    link(work, one, other, decision="reject", reason="Another hand")
    entry = last_entry_number(work, "link.decide")
    text = words(browser.get(f"/ledger/entry/{entry}").text)
    assert "Decision Invented Detective decided on a pair of cases: rejected Why: Another hand" in text
    weir, mill = f"Invented Invented: at the weir {one}", f"Invented Invented: at the mill {other}"
    assert f"Cases {weir} {mill}" in text or f"Cases {mill} {weir}" in text  # a pair is kept in the order of its ids
    path = f"/identify/{BODY}/pair/{NAME}"
    browser.post(f"{path}/exclude", by="dental", expert="Dr. Invented", reason="Other teeth")
    entry = last_entry_number(work, "identify.rule_out")
    text = words(browser.get(f"/ledger/entry/{entry}").text)
    told = "kept that an expert rules out that a body is a missing person: dental, Dr. Invented Why: Other teeth"
    assert f"Decision Invented Detective {told}" in text
    assert "Persons Invented" in text
    assert "Rufus Inventedson namus-missing:MP900001" in text
    assert "Body found 20 June 1988, Elko, NV namus-unidentified:UP900001" in text
    assert "<dt>Decision</dt>" not in browser.get("/ledger/entry/1").text
    work.book.close()


def last_entry_number(work: Session, kind: str) -> int:
    return next(int(one["seq"]) for one in log(work, limit=100) if one["kind"] == kind)
