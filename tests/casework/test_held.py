"""A look that lasts while its screen waits is one entry: of one person, purpose, case and question, for ten minutes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from books import NOON, csv_file, new_book, row
from thaw.access import Actor
from thaw.casework import Session
from thaw.casework.held import ASKED_WITHIN, HeldSession, Waiting
from thaw.casework.importing import import_files
from thaw.casework.tray import OPEN_FOR
from thaw.errors import InputError
from thaw.store import Visible


class Hands:
    """A clock that goes on only when it is told to."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now.astimezone(UTC)


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def work(tmp_path: Path, hands: Hands) -> Iterator[Session]:
    made = new_book(tmp_path / "b", clock=hands)
    import_files(made, [csv_file(tmp_path / "a.csv", [row(1), row(2)])])
    yield made
    made.book.close()


def looks(work: Session) -> list[str]:
    sql = "SELECT kind FROM entry_index WHERE kind LIKE 'access.%' ORDER BY seq"
    return [kind for (kind,) in work.book.store.reading_connection().execute(sql)]


CASE = "shr-map:1"


def test_the_same_look_twice_is_one_entry_and_sees_the_same(work: Session) -> None:
    held, before = HeldSession(work.book, work.actor), len(looks(work))
    one = held.look("why", detail={"command": "claims"}, about=CASE)
    other = held.look("why", detail={"command": "claims"}, about=CASE)
    assert (other.seq, other.about, other.purpose) == (one.seq, one.about, "why")
    assert len(looks(work)) == before + 1


@pytest.mark.parametrize(
    "changed",
    [
        {"purpose": "another reason"},
        {"kind": "access.list"},
        {"detail": {"command": "timeline"}},
        {"detail": {"command": "claims", "subject": "x"}},
        {"about": "shr-map:2"},
        {"about": None},
    ],
)
def test_what_the_entry_does_not_speak_of_is_an_entry_of_its_own(work: Session, changed: dict[str, object]) -> None:
    usual: dict[str, object] = {
        "purpose": "why", "kind": "access.read", "detail": {"command": "claims"}, "about": CASE,
    }  # fmt: skip
    held = HeldSession(work.book, work.actor)
    first = held.look(**usual)  # type: ignore[arg-type]
    assert held.look(**(usual | changed)).seq > first.seq  # type: ignore[arg-type]
    assert held.look(**usual).seq == first.seq  # type: ignore[arg-type]


def test_another_person_and_another_session_look_for_themselves(work: Session) -> None:
    held = HeldSession(work.book, work.actor)
    first = held.look("why", about=CASE)
    assert HeldSession(work.book, Actor("a_other", "Otto Invented"), held.held).look("why", about=CASE).seq > first.seq
    assert HeldSession(work.book, work.actor).look("why", about=CASE).seq > first.seq
    assert work.look("why", about=CASE).seq > first.seq


def test_a_look_that_is_found_by_what_is_visible_is_never_held(work: Session) -> None:
    held = HeldSession(work.book, work.actor)
    one, other = (held.look("why", find=lambda seen: None) for _ in range(2))
    assert other.seq > one.seq


def test_a_look_lasts_ten_minutes(work: Session, hands: Hands) -> None:
    assert timedelta(minutes=10) == OPEN_FOR
    held = HeldSession(work.book, work.actor)
    first = held.look("why", about=CASE).seq
    hands.now += OPEN_FOR
    assert held.look("why", about=CASE).seq == first
    hands.now += timedelta(seconds=1)
    second = held.look("why", about=CASE).seq
    assert second > first
    assert held.look("why", about=CASE).seq == second


def test_what_was_hidden_meanwhile_is_refused_in_the_usual_words(
    work: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = HeldSession(work.book, work.actor)
    case_id = held.look("why", about=CASE).about
    assert case_id
    gone = Visible(hidden_cases=frozenset([case_id]))
    monkeypatch.setattr(sys.modules["thaw.access.view"], "visible_to", lambda actor, at: gone)
    with pytest.raises(InputError) as hidden:
        held.look("why", about=CASE)
    with pytest.raises(InputError) as absent:
        held.look("why", about="shr-map:9")
    assert str(hidden.value).replace(CASE, "shr-map:9") == str(absent.value)
    assert looks(work)[-2:] == ["access.refused", "access.refused"]


def test_an_address_waits_for_whoever_asked_there_a_moment_ago(work: Session, hands: Hands) -> None:
    assert timedelta(minutes=2) == ASKED_WITHIN
    waiting = Waiting()
    first = waiting.session(work, "/a")
    assert waiting.session(work, "/a") is not first  # nothing waits yet
    waiting.keep(first, "/a")
    assert waiting.session(work, "/a") is first
    assert waiting.session(work, "/b") is not first
    other = Session(work.book, Actor("a_other", "Otto Invented"))
    assert waiting.session(other, "/a").actor == other.actor
    assert waiting.session(other, "/a") is not first
    hands.now += ASKED_WITHIN
    assert waiting.session(work, "/a") is first
    hands.now += timedelta(seconds=1)
    assert waiting.session(work, "/a") is not first
    waiting.keep(first, "/a")
    waiting.end("/a")
    waiting.end("/a")
    assert waiting.session(work, "/a") is not first
