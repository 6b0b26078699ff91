"""What leaves by any address: no table runs as a formula, no form comes from elsewhere, one file shows no other."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from thaw.casework.alerts import alert_on_save
from thaw.casework.documents import add_documents
from thaw.store import Visible
from thaw.web.routes import screens
from web.boards_world import BODY, NAME, board_paths, import_persons
from web.invented import Browser, World, enter
from web.test_app import words
from web.test_visibility import paths

FORMULAS = ("=HYPERLINK(1)", "+1+cmd|x", "-2+3", "@SUM(1)", "\t=1", "＝1")


def addressed(pattern: str, case_id: str, other: str, document: str) -> str:
    """An address of this form, with a case, another, or a document in it."""
    at = pattern.replace("{id}", document if "document" in pattern else case_id).replace("{other}", other)
    return at.replace("{number:page}", "1").replace("{name}", "thaw.css")


def test_no_table_has_a_cell_that_a_spreadsheet_would_run(new_world: Callable[[], World], tmp_path: Path) -> None:
    world = new_world()
    work, yes = world.work, {"strangulation_or_ligature": "yes", "bound": "yes"}
    bad = {}
    for number, begin in enumerate(FORMULAS):
        place = {"name": f"{begin} place", "state": "UT"}
        bad[begin] = enter(work, f"{begin} invented", behaviours=yes, place=place)
        file = tmp_path / f"{begin.strip()} wallet {number}.txt"
        words = f"Date of report: July 12, 1985\nMary Nobody heard {number + 2} shots.\n{begin} wallet\n"
        file.write_text(words, encoding="utf-8")
        add_documents(work, [file], case_id=bad[begin], wait=True)
    import_persons(work)
    alert_on_save(work, list(bad.values()))
    browser = Browser(work)
    browser.post("/purpose", purpose=FORMULAS[0])
    tables = ["/alerts/table?state=all", "/map/file?format=csv", "/timeline/file?where=year%3D1985&format=csv"]
    tables += [
        "/identify/table",
        f"/identify/{BODY}/table",
        "/search/export.csv?q=wallet",
        "/search/export.csv?q=place",
    ]
    for case_id in bad.values():
        parts = ("similar/table", "claims/table", "timeline/file?format=csv", f"pair/{world.cases['canal']}/table")
        tables += [*(f"/case/{case_id}/{rest}" for rest in parts), f"/chart/file?case={case_id}&format=csv"]
    seen = dict.fromkeys(FORMULAS, 0)
    for path in tables:
        answer = browser.get(path)
        assert answer.status_code == 200, path
        for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))):
            for cell in row:
                for begin in FORMULAS:
                    seen[begin] += begin.strip() in cell
                number = re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", cell)
                assert number or not cell.lstrip().startswith(("=", "+", "-", "@", "＝")), (path, cell)
    assert all(count >= 5 for count in seen.values()), seen  # they were there to see


def test_no_form_of_any_address_is_taken_from_another_site(world: World) -> None:
    browser, case_id = Browser(world.work), world.cases["canal"]
    before = world.work.book.store.size()
    for method, pattern, _ in screens():
        path = addressed(pattern, case_id, world.cases["hotel"], world.documents["report 85-0412.txt"])
        for verb in ("POST", "PUT", "DELETE", "PATCH"):
            headers = {"sec-fetch-site": "cross-site", "content-type": "application/x-www-form-urlencoded"}
            answer = browser.ask(verb, path, headers=headers, content="reason=x&text=x")
            assert answer.status_code == 403, (verb, path)
        if method == "GET":
            assert browser.get(path, host="evil.example").status_code == 421, path
        closed = Browser(world.work, opened=False).ask(method, path, headers={"sec-fetch-site": "same-origin"})
        assert closed.status_code == 403, (method, path)
    kinds = {entry.leaf.kind for entry in world.work.look("test").log([], limit=world.work.book.store.size() - before)}
    assert kinds <= {"access.refused", "access.read"}


def test_who_may_see_one_case_reads_of_no_other_by_any_address(
    new_world: Callable[[], World], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    world = new_world()
    import_persons(world.work)
    for number, name in enumerate(("canal", "hotel")):
        file = tmp_path / f"quarry {number}.txt"
        file.write_text(f"An invented quarry paper {number}. Walter Rusk, 213-555-0155.", encoding="utf-8")
        world.documents[f"quarry {number}"] = str(
            add_documents(world.work, [file], case_id=world.cases[name], wait=True)["files"][0]["sha256"]
        )
    view = world.work.look("test")
    titles = {case_id: str(title) for case_id, title in view.select("cases", ["case_id", "title"])}
    mine = world.cases["hotel"]
    hidden = frozenset(titles) - {mine}
    module = sys.modules["thaw.access.view"]
    monkeypatch.setattr(module, "visible_to", lambda actor, at: Visible(hidden_cases=hidden))
    # What other cases are called, said and written; not the words of the form that asks.
    secret = [titles[case_id] for case_id in hidden] + ["quarry paper 0", "report 85-0412", "canal road", "blue pickup"]
    browser = Browser(world.work)
    canal = world.cases["canal"]
    every = [*paths(world, canal, world.documents["quarry 0"]), *board_paths(mine, mine, canal), f"/identify/{NAME}"]
    # An id that an address names may come back, as the words of whoever asked.
    unnamed = [case_id for case_id in hidden if not any(case_id in path for path in every)]
    assert len(unnamed) >= 7
    answered = 0
    for path in every:
        answer = browser.get(path)
        assert answer.status_code < 500, path
        answered += answer.status_code == 200
        text = answer.content.decode("utf-8", "replace")
        assert [words for words in secret if words in text] == [], path
        assert [case_id for case_id in unnamed if case_id in text] == [], path
    assert answered > 60
    assert "quarry paper 1" in browser.get(f"/document/{world.documents['quarry 1']}/page/1").text


def test_no_refusal_on_a_screen_speaks_of_options_of_a_command_line(new_world: Callable[[], World]) -> None:
    world = new_world()
    browser = Browser(world.work)
    for method, pattern, _ in screens():
        path = addressed(pattern, world.cases["canal"], world.cases["hotel"], world.documents["report 85-0412.txt"])
        for form in ({}, {"reason": "", "decision": "nonsense", "alert": "a_x"}):
            answer = browser.post(path, **form) if method == "POST" else browser.get(path)
            assert answer.status_code < 500, path
            if answer.status_code == 400:
                told = words(answer.text).partition("Skip to content")[2]
                assert re.findall(r" --[a-z]+|`thaw [a-z ]+`", told) == [], path
