"""The reading against answer sheets: a stranger's case file and twenty invented articles."""

from __future__ import annotations

import json

import pytest

from bench.reading import BARS, FIRST, TESTS, Score, article_scores, blind_scores, same_value
from thaw.intake import read_mentions

BLIND = blind_scores()
ARTICLES = article_scores()


@pytest.mark.parametrize("kind", ["date", "person", "phone", "plate", "number"])
def test_the_case_file_of_a_stranger_is_read_at_least_so_well(kind: str) -> None:
    # The date that is lacking most is a bare "1900".
    score, floor = BLIND[kind], 0.95 if kind == "date" else BARS[kind]
    assert (score.precision >= floor, score.recall >= floor) == (True, True), "\n".join(score.faults)


def test_the_first_run_is_on_record_and_was_worse() -> None:
    for kind, (found, right, wanted, _) in FIRST.items():
        assert BLIND[kind].wanted == wanted
        assert BLIND[kind].recall >= right / wanted
        assert found >= right


@pytest.mark.parametrize("kind", ["date", "person"])
def test_the_invented_articles_are_read(kind: str) -> None:
    score = ARTICLES[kind]
    assert (score.precision >= 0.95, score.recall >= 0.95) == (True, True), "\n".join(score.faults)


@pytest.mark.parametrize(
    "name", sorted(json.loads((TESTS / "articles" / "answers.json").read_text("utf-8"))["articles"])
)
def test_an_article_knows_its_own_day(name: str) -> None:
    sheet = json.loads((TESTS / "articles" / "answers.json").read_text("utf-8"))["articles"][name]
    own = [
        m.normal for m in read_mentions((TESTS / "articles" / f"{name}.txt").read_text("utf-8")) if m.role == "document"
    ]
    assert own == ([sheet["date"]] if sheet["date"] else [])


def test_the_scoring_itself_counts_what_is_wrong() -> None:
    assert same_value("date", "1984-03-01/1984-03-09", "1984-03-02/1984-03-12")
    assert not same_value("date", "1984-03-01", "1984-03-05")
    assert not same_value("person", "Robert Hale", "Robert Hales")
    assert Score(found=4, right=2, wanted=8).precision == 0.5
    assert Score(found=4, right=2, wanted=8).recall == 0.25
