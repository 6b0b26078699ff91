"""Long cases are compared by another process: the same answers, one look in the log, errors in words."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from casework.test_told import OTHER, Papers
from thaw.casework import compared, papers_apart
from thaw.casework.brief import case_papers
from thaw.casework.charts import chart, chart_line
from thaw.casework.compared import answer_parts, case_claims, papers_compared
from thaw.casework.mentions import merge
from thaw.casework.papers_apart import ask, is_long
from thaw.casework.timelines import answer_versions, case_timeline, compare_versions
from thaw.errors import InputError, TamperError, ThawError
from thaw.store import Visible


@pytest.fixture
def papers(tmp_path: Path) -> Iterator[Papers]:
    made = Papers(tmp_path, other=OTHER.replace("Eda Stone", "Ada Poole"))
    yield made
    made.work.book.close()


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two pages are a long case."""
    monkeypatch.setattr(papers_apart, "LONG_PAGES", 2)


def test_a_case_is_long_from_three_hundred_pages_on(papers: Papers, monkeypatch: pytest.MonkeyPatch) -> None:
    view = papers.work.look("test", about=papers.case)
    assert papers_apart.LONG_PAGES == 300
    assert not is_long(view)
    monkeypatch.setattr(papers_apart, "LONG_PAGES", 2)  # the two papers have one page each
    assert is_long(view)


def test_another_process_answers_the_same_and_commits_nothing(papers: Papers) -> None:
    work = papers.work
    view = work.look("why I look", about=papers.case)
    size = work.book.store.size()
    parts = ask(work, [view], "parts", {})
    assert parts == answer_parts(work, [view], {})
    assert [claim["conflicts_with"] != [] for claim in parts["claims"] if claim["kind"] == "count"] == [True, True]
    pair = {"one": papers.ids["one"], "other": papers.ids["other"]}
    assert ask(work, [view], "versions", pair) == answer_versions(work, [view], pair)
    assert work.book.store.size() == size


def test_screens_of_a_long_case_show_what_those_of_a_short_one_show(
    papers: Papers, monkeypatch: pytest.MonkeyPatch
) -> None:
    work, case, pair = papers.work, papers.case, (papers.ids["one"], papers.ids["other"])

    def all_screens() -> list[Any]:
        work.book.cache.clear()
        drawn = chart(work, [case])
        assert drawn is not None
        line = drawn["lines"][0]
        return [
            case_papers(work, case),
            case_claims(work, case, subject="Poole", conflicts_only=True),
            case_timeline(work, case),
            compare_versions(work, case, *pair),
            drawn | {"names": [list(name) for name in drawn["names"]]},
            chart_line(work, [case], line["one"], line["other"]),
        ]

    short = all_screens()
    assert short[0]["disagreements"][0]["subject"] == "age of Ada Poole"
    asked = []

    def counted(*order: Any) -> Any:
        asked.append(order[2])
        return ask(*order)

    for module in ("compared", "charts", "timelines"):
        monkeypatch.setattr(f"thaw.casework.{module}.ask", counted)
    monkeypatch.setattr(papers_apart, "LONG_PAGES", 2)
    assert all_screens() == short
    assert asked == ["chart", "parts", "versions", "chart"]


def test_a_screen_of_a_long_case_is_one_look_in_the_log(papers: Papers, long: None) -> None:
    store = papers.work.book.store
    before = store.size()
    case_papers(papers.work, papers.case, purpose="why I look")
    assert store.size() == before + 1
    (entry,) = papers.work.look("test").log([], limit=2)[1:]
    assert (entry.leaf.kind, entry.payload["purpose"]) == ("access.read", "why I look")


def test_what_was_compared_is_kept_until_a_name_is_decided(
    papers: Papers, long: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_papers(papers.work, papers.case)
    case_timeline(papers.work, papers.case)
    asked = []
    monkeypatch.setattr(compared, "ask", lambda *order: asked.append(order[2]) or ask(*order))
    assert case_papers(papers.work, papers.case, kept_only=True) is not None
    assert case_claims(papers.work, papers.case, kept_only=True) is not None
    assert asked == []
    ada = papers.promote("one", "Ada Poole", name="Adelaide Poole")
    assert case_papers(papers.work, papers.case, kept_only=True) is None
    # Now two persons, until somebody says that they are one.
    assert case_papers(papers.work, papers.case)["disagreements"] == []  # type: ignore[index]
    merge(papers.work, ada, papers.promote("other", "Ada Poole"), reason="her full name")
    found = case_papers(papers.work, papers.case)
    assert [group["subject"] for group in found["disagreements"]] == ["age of Adelaide Poole"]  # type: ignore[index]
    assert asked == ["parts", "parts"]


def test_a_short_case_is_compared_at_once(papers: Papers) -> None:
    assert case_papers(papers.work, papers.case, kept_only=True) is not None


def test_only_so_much_is_kept(papers: Papers, monkeypatch: pytest.MonkeyPatch) -> None:
    view = papers.work.look("test", about=papers.case)
    monkeypatch.setattr(compared, "_KEPT_BYTES", 1)
    made = []
    for name in ("a", "b", "a"):
        compared.kept(papers.work, (name,), "state", "x", lambda: made.append(1) or {"x": [1]})  # type: ignore[func-returns-value]
    assert len(made) == 3
    assert list(papers.work.book.cache["compared"]) == [("a",)]
    assert papers_compared(papers.work, view, "claims") != []  # larger than all that is kept, and shown all the same


def test_many_sentences_that_say_the_same_are_shown_by_a_few(papers: Papers) -> None:
    claim = {"quotes": [{"document": "d", "page": n, "text": "x"} for n in range(100)]}
    short = compared._short(claim, {"d": "one.txt"})
    assert (len(short["quotes"]), short["quotes_in_all"]) == (6, 100)
    assert short["quotes"][0] == {"document": "d", "page": 0, "text": "x", "file": "one.txt"}


def test_an_error_of_the_other_process_has_the_same_words(papers: Papers, long: None) -> None:
    with pytest.raises(InputError) as error:
        compare_versions(papers.work, papers.case, papers.ids["one"], "f" * 64)
    assert str(error.value) == (
        "papers: got two papers that this case does not have, want two different papers of this case. "
        "Choose both from the list."
    )


NOTHING_LOST = "Nothing is lost: papers and entries are as they were."
TOLD = {
    "time": (
        "papers of this case: got a comparison that {how}, want papers that can be compared in that time. "
        "Search and the reader work without it; look again when the machine has less to do. "
    ),
    "memory": (
        "papers of this case: got a comparison for which memory ran out, want some 500 MB of free memory. "
        "Close other programs and look again. "
    ),
    "killed": (
        "papers of this case: got a comparison that was ended from outside ({how}), "
        "want a comparison that is left to its end. Close other programs if memory is short, and look again. "
    ),
    "failed": (
        "papers of this case: got a comparison that failed ({how}), want an answer. "
        "Look again; if it fails once more, tell whoever keeps Thaw on this machine. "
    ),
    "start": (
        "papers of this case: got no process for the comparison ({how}), "
        "want a machine that can start one more program. Close other programs and look again. "
    ),
}
ANSWERING = "import os, signal, sys\nfrom thaw.casework import papers_answers as it\n"


def ended(papers: Papers, monkeypatch: pytest.MonkeyPatch, program: str) -> ThawError:
    """What is told of a process that does this instead of what it should."""
    monkeypatch.setattr(papers_apart, "_START", program)
    view = papers.work.look("test", about=papers.case)
    with pytest.raises(ThawError) as error:
        ask(papers.work, [view], "parts", {})
    assert type(error.value) is ThawError
    return error.value


@pytest.mark.parametrize(
    ("program", "sort", "how"),
    [
        ("import time; time.sleep(30)", "time", "was not done after 0.05 minutes"),
        (
            ANSWERING + "def spin(*_):\n    while True: pass\nit.QUESTIONS = {'parts': spin}\nit.main()",
            "time", "had worked for 1 minute and was not done",
        ),
        (ANSWERING + "it.QUESTIONS = {'parts': lambda *_: bytearray(1 << 50)}\nit.main()", "memory", ""),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "killed",
         "SIGKILL, as systems do when memory runs out"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", "killed", "SIGTERM"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGRTMIN + 3)", "killed", "signal 37"),
        (ANSWERING + "it.QUESTIONS = {'parts': lambda *_: [][1]}\nit.main()", "failed",
         "IndexError: list index out of range"),
        ("import sys; sys.exit(3)", "failed", "no word of what went wrong"),
        ("raise ValueError('x' * 1000)", "failed", "ValueError: " + "x" * 188),
        ("", "failed", "0 bytes that are no answer"),
        ("print('{\"answ')", "failed", "7 bytes that are no answer"),
        ("print('[1]')", "failed", "an answer of an unknown form"),
        ("print('{\"error\": \"InputError\"}')", "failed", "an answer of an unknown form"),
    ],
)  # fmt: skip
def test_a_process_that_ends_without_an_answer_is_told_for_what_it_is(
    papers: Papers, monkeypatch: pytest.MonkeyPatch, program: str, sort: str, how: str
) -> None:
    if "spin" in program:
        # One second of work that is called a minute: the words say what the limit says.
        monkeypatch.setattr(papers_apart, "CPU_SECONDS", 2)
        how = how.replace("1 minute ", f"{2 / 60:g} minutes ")
    if "sleep" in program:
        monkeypatch.setattr(papers_apart, "WALL_SECONDS", 3.0)
    assert str(ended(papers, monkeypatch, program)) == TOLD[sort].format(how=how) + NOTHING_LOST


def test_there_are_twenty_minutes_of_work_and_an_hour_of_waiting() -> None:
    assert (papers_apart.CPU_SECONDS, papers_apart.WALL_SECONDS) == (1200, 3600.0)
    assert papers_apart._minutes(60) == "1 minute"
    assert papers_apart._minutes(1200) == "20 minutes"


def test_without_another_process_it_is_told_in_words(papers: Papers, monkeypatch: pytest.MonkeyPatch) -> None:
    view = papers.work.look("test", about=papers.case)
    for problem, sort, how in (
        (OSError(12, "Cannot allocate memory"), "start", "Cannot allocate memory"),
        (OSError(), "start", "it could not be started"),
        (MemoryError(), "memory", ""),
    ):

        def refuse(*_: Any, problem: Exception = problem, **__: Any) -> None:
            raise problem

        monkeypatch.setattr(papers_apart.subprocess, "run", refuse)
        with pytest.raises(ThawError) as error:
            ask(papers.work, [view], "parts", {})
        assert str(error.value) == TOLD[sort].format(how=how) + NOTHING_LOST


def test_what_is_printed_on_the_way_does_not_spoil_the_answer(papers: Papers, monkeypatch: pytest.MonkeyPatch) -> None:
    program = ANSWERING + "real = it.QUESTIONS['parts']\n"
    program += "def loud(*a):\n    print('by the way', flush=True)\n    return real(*a)\n"
    program += "it.QUESTIONS = {'parts': loud}\nit.main()"
    monkeypatch.setattr(papers_apart, "_START", program)
    view = papers.work.look("test", about=papers.case)
    assert ask(papers.work, [view], "parts", {}) == answer_parts(papers.work, [view], {})


def hide(monkeypatch: pytest.MonkeyPatch, **hidden: frozenset[str]) -> None:
    """Hide cases or documents from everybody in this process; the other one knows nothing of it by itself."""
    monkeypatch.setattr(sys.modules["thaw.access.view"], "visible_to", lambda actor, at: Visible(**hidden))


def test_the_other_process_sees_what_the_look_saw_and_no_more(papers: Papers, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = ask(papers.work, [papers.work.look("test", about=papers.case)], "parts", {})
    hidden = papers.ids["other"]
    hide(monkeypatch, hidden_documents=frozenset({hidden}))
    view = papers.work.look("test", about=papers.case)
    narrow = ask(papers.work, [view], "parts", {})
    assert narrow == answer_parts(papers.work, [view], {})
    assert hidden in json.dumps(whole)
    assert hidden not in json.dumps(narrow)


def test_an_answer_with_more_than_the_look_may_see_is_not_shown(
    papers: Papers, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = papers.ids["other"]
    hide(monkeypatch, hidden_documents=frozenset({hidden}))
    for answer in ({"claims": [{"documents": [hidden]}]}, {hidden: 1}, [[hidden]], hidden):
        error = ended(papers, monkeypatch, f"import json; print(json.dumps({{'answer': {answer!r}}}))")
        assert str(error) == (
            "papers of this case: got an answer that does not fit the look it was made for, "
            "want an answer within what you may see. "
            "Nothing of it is shown. Tell whoever keeps Thaw on this machine."
        )


def test_what_was_hidden_while_papers_were_compared_is_not_shown(
    papers: Papers, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = papers.work.look("test", about=papers.case)
    hide(monkeypatch, hidden_documents=frozenset({papers.ids["other"]}))
    with pytest.raises(ThawError) as error:
        ask(papers.work, [view], "parts", {})
    assert str(error.value) == (
        "papers of this case: got a comparison that began before something was hidden from you, "
        "want one of what you may see now. Look again from the start."
    )


def test_who_may_see_what_is_asked_for_the_moment_of_the_question(
    papers: Papers, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = papers.work.look("test", about=papers.case)
    program = ANSWERING + "it.QUESTIONS = {'parts': lambda at_work, *_: at_work.book.clock().isoformat()}\n"
    monkeypatch.setattr(papers_apart, "_START", program + "it.main()")
    # The invented clock of the book is years from the clock on the wall.
    asked = datetime.fromisoformat(ask(papers.work, [view], "parts", {}))
    assert abs(papers.work.book.clock() - asked) < timedelta(minutes=1)


def test_what_was_tampered_with_is_tampered_with_here_too(papers: Papers) -> None:
    view = papers.work.look("test", about=papers.case)
    layer = papers.work.look("test").select("pages", ["layer"], limit=1)[0][0]
    papers.work.book.store.blobs.path(layer).unlink()
    with pytest.raises(TamperError):
        ask(papers.work, [view], "parts", {})
