"""Files that a browser sends: bounded, kept under numbers, gone afterwards; their names are shown and lead nowhere."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from thaw.web import uploads
from thaw.web.uploads import TooMuch, receive
from web.invented import Browser, World

BOUNDARY = "invented-boundary"
TYPE = f"multipart/form-data; boundary={BOUNDARY}"


def part(name: str, content: bytes, file: str | None = None) -> bytes:
    more = f'; filename="{file}"' if file is not None else ""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
    return head.encode() + content + b"\r\n"


def body(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def taken(folder: Path, sent: bytes, *, kind: str = TYPE, size: int = 7) -> uploads.Sent | None:
    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(sent), size):
            yield sent[start : start + size]

    return asyncio.run(receive(chunks(), kind, folder))


def test_fields_and_files_come_apart_whatever_the_chunks(tmp_path: Path) -> None:
    for size in (1, 7, 100_000):
        folder = tmp_path / str(size)
        folder.mkdir()
        sent = body(part("box", b"Box 7"), part("files", b"one\r\n--two", "a.txt"), part("files", b"", "b.txt"))
        found = taken(folder, sent, size=size)
        assert found is not None
        assert found.form == {"box": ["Box 7"]}
        assert [(path.read_bytes(), name) for path, name in found.files] == [(b"one\r\n--two", "a.txt"), (b"", "b.txt")]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("C:\\\\case\\\\a.pdf", "a.pdf"),
        ("Box 7/./sub//a.pdf", "Box 7/sub/a.pdf"),
        ("a\u202egpj.exe", "a\ufffdgpj.exe"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
    ],
)
def test_a_name_is_a_label_and_never_a_path(tmp_path: Path, name: str, shown: str) -> None:
    found = taken(tmp_path, body(part("files", b"x", name)))
    assert found is not None
    assert [(path.parent, path.name, label) for path, label in found.files] == [(tmp_path, "0", shown)]


def test_a_field_in_which_nothing_was_chosen_is_no_file(tmp_path: Path) -> None:
    found = taken(tmp_path, body(part("files", b"", "")))
    assert found is not None
    assert (found.files, list(tmp_path.iterdir())) == ([], [])


def fresh(folder: Path, number: int) -> Path:
    made = folder / str(number)
    made.mkdir()
    return made


def test_more_than_the_bounds_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_FILES", 2)
    with pytest.raises(TooMuch, match=r"^more than 2 files$"):
        taken(fresh(tmp_path, 1), body(*(part("files", b"x", f"{n}.txt") for n in range(3))))
    monkeypatch.setattr(uploads, "MOST_BYTES", 100)
    with pytest.raises(TooMuch, match=r"^more than 0 GB$"):
        taken(fresh(tmp_path, 2), body(part("files", b"x" * 200, "a.txt")))
    monkeypatch.setattr(uploads, "MOST_BYTES", 10**9)
    with pytest.raises(TooMuch, match=r"^a field that is too long$"):
        taken(fresh(tmp_path, 3), body(part("box", b"x" * 200_000)), size=50_000)


def test_what_is_no_such_form_is_none(tmp_path: Path) -> None:
    assert taken(tmp_path, b"a=b", kind="application/x-www-form-urlencoded") is None
    assert taken(tmp_path, b"no boundary at all", kind=TYPE) is None
    assert taken(tmp_path, b"x", kind="multipart/form-data") is None


def test_dropped_files_are_in_the_queue_and_the_scratch_folder_is_gone(new_world: Callable[[], World]) -> None:
    world = new_world()
    browser = Browser(world.work)
    sent = body(part("box", b"Box 9"), part("files", b"An invented leaf.", "../leaf.txt"))
    headers = {"sec-fetch-site": "same-origin", "content-type": TYPE}
    answer = browser.ask("POST", "/tray/add", content=sent, headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (303, "/tray")
    text = browser.get("/tray").text
    assert "1 taken in." in text
    assert "leaf.txt" in text
    assert "Box 9" in text
    assert [path.name for path in (world.work.book.folder / "derived").iterdir() if "dropped" in path.name] == []


def test_a_drop_that_is_too_much_stores_nothing(
    new_world: Callable[[], World], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = new_world()
    browser = Browser(world.work)
    monkeypatch.setattr(uploads, "MOST_FILES", 1)
    size = world.work.book.store.size()
    sent = body(*(part("files", b"x", f"{n}.txt") for n in range(3)))
    headers = {"sec-fetch-site": "same-origin", "content-type": TYPE}
    answer = browser.ask("POST", "/tray/add", content=sent, headers=headers)
    assert answer.status_code == 413
    assert "The form held more than 1 files. Nothing was stored." in " ".join(answer.text.split())
    assert world.work.book.store.size() == size


def test_other_addresses_take_no_files(world: World) -> None:
    headers = {"sec-fetch-site": "same-origin", "content-type": TYPE}
    answer = Browser(world.work).ask("POST", "/new", content=body(part("title", b"x", "a.txt")), headers=headers)
    assert answer.status_code == 400  # read as a plain form: it says that date or place is missing
    assert "neither date nor place" in answer.text
