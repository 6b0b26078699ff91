from __future__ import annotations

import pytest

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
