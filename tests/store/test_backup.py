from __future__ import annotations

import shutil
import threading

import pytest

from builders import add_document, dump, findings, new_book, note, opened, row, verify
from thaw.errors import InputError
from thaw.store import Unfinished, copy_book


def test_a_copy_verifies_and_answers_the_same(tmp_path):
    with new_book(tmp_path / "b") as store:
        store.append(row("c_1"))
        add_document(store, ["an invented page"], case_id="c_1")
        copy_book(tmp_path / "b", tmp_path / "copy")
        before = dump(store)
    assert verify(tmp_path / "copy", everything=True).entries == 4
    assert findings(tmp_path / "copy", everything=True) == []
    with opened(tmp_path / "copy") as store:
        assert dump(store) == before


def test_a_copy_that_is_made_while_others_write_is_whole(tmp_path, monkeypatch):
    monkeypatch.setattr("thaw.store.connection._PAGES_AT_ONCE", 2)
    stop = threading.Event()
    with new_book(tmp_path / "b") as store:
        store.append(*[note(i, much="x" * 3000) for i in range(100)])

        def work():
            while not stop.is_set():
                store.append(note())

        thread = threading.Thread(target=work)
        thread.start()
        steps = []
        copy_book(tmp_path / "b", tmp_path / "copy", lambda done, total: steps.append((done, total)))
        stop.set()
        thread.join()
        assert store.size() > 101
    # One snapshot from beginning to end: the copy never starts anew, however much the others write.
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert len({total for _, total in steps}) == 1
    assert findings(tmp_path / "copy", everything=True) == []


def test_a_folder_that_holds_anything_is_refused(tmp_path):
    with new_book(tmp_path / "b"):
        pass
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("x")
    for target in (tmp_path / "full", tmp_path / "full" / "letter.txt"):
        with pytest.raises(InputError) as error:
            copy_book(tmp_path / "b", target)
        assert str(error.value) == (
            f"{target}: got a folder that holds files, want a new or empty folder. Name another one."
        )


def test_a_copy_for_which_there_is_no_room_says_so(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    with new_book(tmp_path / "b") as store:
        store.blobs.put(b"invented")
        monkeypatch.setattr(shutil, "copyfile", full)
        with pytest.raises(Unfinished) as error:
            copy_book(tmp_path / "b", tmp_path / "copy")
    assert str(error.value) == (
        f"{tmp_path / 'copy'}: got a full disk, want room for the next entries. "
        "Free some space and give the same command again; nothing was half-written."
    )
