"""`thaw together`: bodies of the book named at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from books import bodies_file, imported, missing_file, new_book, thaw
from casework.test_identify import MISSING
from thaw.casework import Session
from thaw.casework.identify import identify, identify_together
from thaw.casework.ledger import log
from thaw.errors import InputError

TWO = (
    '"UP7","84-1","9/1/84","22","26","Moab","Grand","Utah","Female","White / Caucasian","1/9/24"',
    '"UP8","84-2","9/5/84","20","30","Moab","Grand","Utah","Female","White / Caucasian","1/9/24"',
)
KEYS = ("namus-unidentified:UP7", "namus-unidentified:UP8")


@pytest.fixture
def work(tmp_path: Path) -> Any:
    made = new_book(tmp_path / "book")
    imported(made, missing_file(tmp_path / "missing.csv", *MISSING))
    imported(made, bodies_file(tmp_path / "bodies.csv", *TWO))
    yield made
    made.book.close()


def chance(body: dict[str, Any], key: str, name: str) -> float:
    return float(next(one[name] for one in body["candidates"] if one["source_key"] == key))


def test_two_bodies_that_want_one_person_share_her(work: Session) -> None:
    alone = [identify(work, key, in_list=0.5, top=40) for key in KEYS]
    found = identify_together(work, KEYS, in_list=0.5, least=0.001)
    told = [chance(body, "namus-missing:MP1", "posterior") for body in found["bodies"]]
    was = [chance(body, "namus-missing:MP1", "alone") for body in found["bodies"]]
    assert was == [one["candidates"][0]["posterior"] for one in alone]
    assert sum(was) > 1 >= sum(told)
    named = [body["best"] for body in found["bodies"] if body["best"]]
    assert len(set(named)) == len(named)
    for body in found["bodies"]:
        assert body["none_of_these"] + sum(c["posterior"] for c in body["candidates"]) == pytest.approx(1)
    assert any(e["kind"] == "identify.run" for e in log(work, purpose="a look"))


def test_bodies_are_chosen_by_condition_too(work: Session) -> None:
    found = identify_together(work, [], where=["place.state=UT"])
    assert [one["person"]["source_key"] for one in found["bodies"]] == list(KEYS)


@pytest.mark.parametrize(
    ("bodies", "more", "message"),
    [
        ([], {}, "together: got no bodies, want ids of unidentified persons, or --where. Name two or more."),
        (KEYS, {"least": 0.0}, "--least: got 0, want a chance between 0 and 1. Use 0.01."),
        (
            ["namus-missing:MP1"],
            {},
            "person namus-missing:MP1: got one of the kind missing, want one who is unidentified. "
            "Give the unidentified first, then the missing.",
        ),
    ],
)
def test_what_cannot_be_named_together_says_why(
    work: Session, bodies: list[str], more: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError) as caught:
        identify_together(work, bodies, **more)
    assert str(caught.value) == message


def test_in_words(work: Session) -> None:
    said = thaw("together", *KEYS, "--in-list", "0.5", book=work.book.folder).out
    assert said.startswith("2 bodies, 33 persons searched, ")
    assert "Ada Example, last seen 1984-07-03, Moab, UT  [namus-missing:MP1]  *" in said
    assert said.endswith("* in the likeliest way to name them all\n")
