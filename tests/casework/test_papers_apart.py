"""Long cases are compared by another process: the same answers, one look in the log, errors in words."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
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


def test_a_process_that_ends_without_an_answer_is_told_in_words(
    papers: Papers, long: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = papers.work.look("test", about=papers.case)
    for ended, how in ((-9, "signal 9"), (1, "code 1")):
        done = subprocess.CompletedProcess([], ended, b"")
        monkeypatch.setattr(papers_apart.subprocess, "run", lambda *_, done=done, **__: done)
        with pytest.raises(ThawError) as error:
            ask(papers.work, [view], "parts", {})
        assert str(error.value) == (
            f"papers of this case: got a comparison that ended before it was done ({how}), "
            "want a process of its own with some 500 MB of memory. "
            "Close other programs and look again. Nothing is lost: papers and entries are as they were."
        )


def test_without_another_process_it_is_told_in_words(papers: Papers, monkeypatch: pytest.MonkeyPatch) -> None:
    view = papers.work.look("test", about=papers.case)
    for problem, how in ((OSError(12, "Cannot allocate memory"), "Cannot allocate memory"), (OSError(), "be started")):

        def refuse(*_: Any, problem: OSError = problem, **__: Any) -> None:
            raise problem

        monkeypatch.setattr(papers_apart.subprocess, "run", refuse)
        with pytest.raises(ThawError, match=how) as error:
            ask(papers.work, [view], "parts", {})
        assert error.value.got.startswith("a comparison that ended before it was done (")


def test_what_was_tampered_with_is_tampered_with_here_too(papers: Papers) -> None:
    view = papers.work.look("test", about=papers.case)
    layer = papers.work.look("test").select("pages", ["layer"], limit=1)[0][0]
    papers.work.book.store.blobs.path(layer).unlink()
    with pytest.raises(TamperError):
        ask(papers.work, [view], "parts", {})
