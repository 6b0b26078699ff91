"""Making and opening books: the key, the folder, the settings, and what is said when something is wrong."""

from __future__ import annotations

import re
import stat
import tomllib
from pathlib import Path
from typing import Any

import pytest

from books import Clock, new_book
from thaw.casework import SETTINGS, init_book, key_lies_inside, open_book, session
from thaw.casework.demo import open_demo
from thaw.casework.ledger import verify
from thaw.casework.settings import read_settings
from thaw.errors import InputError


def made(folder: Path, key: Path | None = None) -> dict[str, Any]:
    return init_book(folder, key, Clock(), "Invented")


def refused(function: Any, *arguments: Any) -> str:
    with pytest.raises(InputError) as caught:
        function(*arguments)
    return str(caught.value)


def test_a_new_book_lies_beside_its_key_and_both_are_private(tmp_path: Path) -> None:
    found = made(tmp_path / "book")
    key = tmp_path / "book.key"
    assert set(found) == {"book", "origin", "public_key"}
    assert re.fullmatch(r"thaw\.local/[0-9a-f]{16}", found["origin"])  # no folder name: it travels in every note
    assert found["public_key"].startswith(found["origin"] + "+")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "book").stat().st_mode) == 0o700
    settings = tomllib.loads((tmp_path / "book" / "casebook.toml").read_text())
    assert settings == {
        "log": {"key": "../book.key", "public_key": found["public_key"]},
        "seal": {},
        "intake": {},
        "linkage": {},
    }


def test_book_and_key_can_move_together(tmp_path: Path) -> None:
    made(tmp_path / "book")
    (tmp_path / "new").mkdir()
    for name in ("book", "book.key"):
        (tmp_path / name).rename(tmp_path / "new" / name)
    open_book(tmp_path / "new" / "book").close()


def test_a_key_elsewhere_is_named_by_its_whole_path(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    made(tmp_path / "book", tmp_path / "keys" / "k")
    assert read_settings(tmp_path / "book")["log.key"] == str(tmp_path / "keys" / "k")
    assert not key_lies_inside(tmp_path / "book")


def test_a_key_inside_the_book_is_noticed(tmp_path: Path) -> None:
    made(tmp_path / "book", tmp_path / "book" / "log.key")
    assert key_lies_inside(tmp_path / "book")


def test_a_key_file_that_exists_is_never_overwritten(tmp_path: Path) -> None:
    key = tmp_path / "book.key"
    key.write_text("mine")
    wanted = f"{key}: got a file that exists, want a new name for the log key. Use --key FILE."
    assert refused(made, tmp_path / "book") == wanted
    assert key.read_text() == "mine"
    assert not (tmp_path / "book").exists()


def test_a_folder_that_holds_files_is_no_place_for_a_book(tmp_path: Path) -> None:
    folder = tmp_path / "book"
    folder.mkdir()
    (folder / "letter.txt").write_text("x")
    wanted = f"{folder}: got a folder that holds files, want a new or empty folder. Use --book DIR."
    assert refused(made, folder) == wanted


def test_a_file_is_no_place_for_a_book(tmp_path: Path) -> None:
    path = tmp_path / "book"
    path.write_text("x")
    assert refused(made, path) == f"{path}: got a file, want a new or empty folder. Use --book DIR."


def test_the_folder_of_the_key_must_be_there(tmp_path: Path) -> None:
    wanted = f"{tmp_path / 'usb'}: got no such folder, want a folder for the log key. Make it first."
    assert refused(made, tmp_path / "book", tmp_path / "usb" / "k") == wanted
    assert not (tmp_path / "book").exists()


def test_folders_on_the_way_to_a_new_book_are_made(tmp_path: Path) -> None:
    made(tmp_path / "a" / "b" / "book")
    assert (tmp_path / "a" / "b" / "book.key").is_file()


def test_a_book_that_could_not_be_made_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: Any, **more: Any) -> Any:
        raise OSError("invented")

    monkeypatch.setattr("thaw.casework.book.Store.create", fail)
    with pytest.raises(OSError, match="invented"):
        made(tmp_path / "book")
    assert [p.name for p in tmp_path.rglob("*")] == ["book"]
    monkeypatch.undo()
    made(tmp_path / "book")


def test_no_book_is_said_with_advice(tmp_path: Path) -> None:
    wanted = f"{tmp_path}: got no casebook.toml, want a casebook. Make one with `thaw --book DIR init`."
    assert refused(open_book, tmp_path) == wanted
    assert refused(open_book, tmp_path / "none") == wanted.replace(str(tmp_path), str(tmp_path / "none"))


@pytest.mark.parametrize(
    ("change", "got"),
    [
        (lambda key: key.unlink(), "No such file or directory"),
        (lambda key: key.write_bytes(b"\xff\xfe\x00"), "a file that is no text"),
    ],
)
def test_without_its_key_a_book_opens_for_nobody_but_verifies(tmp_path: Path, change: Any, got: str) -> None:
    made(tmp_path / "book")
    change(tmp_path / "book.key")
    assert refused(open_book, tmp_path / "book") == (
        f"{tmp_path / 'book' / '../book.key'}: got {got}, want the log key of this book, since no look goes without "
        "an entry. Set `key` below [log] in casebook.toml to where it lies; `thaw verify` works without it."
    )
    assert verify(tmp_path / "book")["status"] == "ok"


def test_another_books_key_is_refused(tmp_path: Path) -> None:
    for name in ("one", "two"):
        made(tmp_path / name)
    (tmp_path / "two.key").replace(tmp_path / "one.key")
    message = refused(open_book, tmp_path / "one")
    assert message.startswith(f"{tmp_path / 'one'}: got a log key of thaw.local/")
    assert message.endswith(". Name the right key file in casebook.toml.")


def test_an_empty_name_does_no_work(tmp_path: Path) -> None:
    made(tmp_path / "book")
    book = open_book(tmp_path / "book")
    wanted = "--as: got an empty name, want the name of the person at work. Use --as NAME."
    assert refused(session, book, "  ") == wanted
    book.close()


def test_the_same_name_has_the_same_pseudonym_in_one_book_only(tmp_path: Path) -> None:
    one, other = new_book(tmp_path / "one"), new_book(tmp_path / "two")
    assert session(one.book, " Invented Detective ").actor.id == one.actor.id
    assert one.actor.id != other.actor.id
    one.book.close()
    other.book.close()


def settings_with(tmp_path: Path, text: str) -> str:
    (tmp_path / "casebook.toml").write_text(text)
    return refused(read_settings, tmp_path)


def test_settings_have_defaults(tmp_path: Path) -> None:
    (tmp_path / "casebook.toml").write_text("")
    assert read_settings(tmp_path) == {name: setting.default for name, setting in SETTINGS.items()}


def test_settings_that_are_no_toml_are_refused(tmp_path: Path) -> None:
    message = settings_with(tmp_path, "[log\n")
    assert message.startswith(f"{tmp_path / 'casebook.toml'}: got a file that is no TOML (")
    assert message.endswith("), want settings. Mend the line.")


@pytest.mark.parametrize(("text", "name"), [("[log]\nkye = 'x'", "log.kye"), ("color = 'red'", "color")])
def test_an_unknown_setting_is_refused(tmp_path: Path, text: str, name: str) -> None:
    assert settings_with(tmp_path, text) == (
        f"{tmp_path / 'casebook.toml'}: got the setting {name}, want one of log.key, log.public_key, "
        "log.policy, seal.cap, seal.cooling_off_hours, intake.reissue_share, linkage.preset, "
        "linkage.serial_share, linkage.series_length, linkage.false_alarms_per_month, linkage.alert_from, "
        "linkage.cases_per_month. Rename or remove it."
    )


@pytest.mark.parametrize(
    ("name", "value", "want"),
    [
        ("log.key", "5", "a text"),
        ("linkage.serial_share", "'much'", "a number"),
        ("linkage.serial_share", "true", "a number"),
        ("linkage.serial_share", "2", "a number from 1e-06 to 1"),
        ("linkage.series_length", "1", "a number from 1.01 to 1000"),
        ("intake.reissue_share", "-0.5", "a number from 0.01 to 1"),
    ],
)
def test_a_setting_of_the_wrong_kind_is_refused(tmp_path: Path, name: str, value: str, want: str) -> None:
    section, _, key = name.partition(".")
    shown = {"'much'": "'much'", "true": "True"}.get(value, value)
    assert settings_with(tmp_path, f"[{section}]\n{key} = {value}\n") == (
        f"{tmp_path / 'casebook.toml'}, {name}: got {shown}, want {want}. Correct the value."
    )


def test_a_demo_never_goes_into_a_book_of_real_cases(tmp_path: Path) -> None:
    made(tmp_path / "book")
    assert refused(open_demo, tmp_path / "book", Clock(), "Invented") == (
        f"{tmp_path / 'book'}: got a book of real cases, want a demo book, so that invented and real cases never mix. "
        "Leave --book out, or name a new folder."
    )


def test_a_demo_book_opens_again(tmp_path: Path) -> None:
    for _ in range(2):
        demo = open_demo(tmp_path / "demo", Clock(), "Invented")
        assert demo.book.store.kind == "demo"
        demo.book.close()
