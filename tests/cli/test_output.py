from __future__ import annotations

import json
from pathlib import Path

import pytest

from thaw.cli import main
from thaw.cli.output import say, tell


def test_commands_are_given_as_they_are_typed_here(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("THAW_CALLED_AS", raising=False)
    say("See `thaw rejects`.")
    monkeypatch.setenv("THAW_CALLED_AS", "./run thaw")
    say("See `thaw rejects`.")
    tell("thaw: x: got y, want z. List cases with `thaw cases`.")
    captured = capsys.readouterr()
    assert captured.out == "See `thaw rejects`.\nSee `./run thaw rejects`.\n"
    assert captured.err == "thaw: x: got y, want z. List cases with `./run thaw cases`.\n"


def test_json_may_stand_after_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = str(tmp_path / "book")
    assert main(["--book", book, "init", "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)) == {"book", "origin", "public_key"}
    assert main(["--book", book, "search", "--purpose", "x", "--", "--json"]) == 2
    assert capsys.readouterr().out == ""  # behind -- it is a word to search for, and no such word can be
