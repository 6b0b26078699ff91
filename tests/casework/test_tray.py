"""The tray: failures first, with advice; one look while somebody watches, not one for every question."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from books import NOON, Clock
from thaw.casework import Session, init_book, open_book, session
from thaw.casework.documents import add_documents
from thaw.casework.tray import OPEN_FOR, Tray


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Session]:
    init_book(tmp_path / "book", None, Clock(), "Invented Detective")
    made = session(open_book(tmp_path / "book", Clock()), "Invented Detective")
    yield made
    made.book.close()


def taken(work: Session, folder: Path, *, wait: bool = True) -> None:
    (folder / "good.txt").write_text("An invented page.", encoding="utf-8")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 cut off here")
    add_documents(work, [folder / "good.txt", folder / "broken.pdf"], box="Box 7", wait=wait)


def test_failures_stand_first_with_a_reason_and_advice(work: Session, tmp_path: Path) -> None:
    taken(work, tmp_path)
    found = Tray(work, "looking").now()
    assert [(row["file"], row["shown"]) for row in found["documents"]] == [
        ("broken.pdf", "failed"),
        ("good.txt", "read"),
    ]
    assert found["counts"] == {"failed": 1, "part": 0, "reading": 0, "queued": 0, "waiting": 0, "read": 1}
    assert found["documents"][0]["problem"].startswith("broken.pdf: got ")
    assert found["documents"][0]["advice"]
    assert (found["boxes"], found["busy"], found["documents"][1]["share"]) == (["Box 7"], False, 100)


def test_only_what_is_asked_for_is_listed(work: Session, tmp_path: Path) -> None:
    taken(work, tmp_path)
    tray = Tray(work, "looking")
    assert [row["file"] for row in tray.now(state="read")["documents"]] == ["good.txt"]
    assert tray.now(box="another")["documents"] == []


def test_what_waits_keeps_the_tray_busy(work: Session, tmp_path: Path) -> None:
    taken(work, tmp_path, wait=False)
    found = Tray(work, "looking").now()
    assert (found["busy"], found["counts"]["queued"]) == (True, 2)


def test_a_tray_that_is_watched_is_one_look_and_after_a_while_another(tmp_path: Path) -> None:
    moments = [NOON]
    init_book(tmp_path / "book", None, lambda: moments[0], "Invented Detective")
    work = session(open_book(tmp_path / "book", lambda: moments[0]), "Invented Detective")
    tray = Tray(work, "looking")
    tray.now()
    size = work.book.store.size()
    for _ in range(5):
        tray.now()
    assert work.book.store.size() == size
    moments[0] = NOON + OPEN_FOR + timedelta(seconds=1)
    tray.now()
    assert work.book.store.size() == size + 1
    work.book.close()
