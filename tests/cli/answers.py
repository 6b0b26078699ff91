"""What a failing command must answer."""

from __future__ import annotations

from books import Ran


def fails(found: Ran, code: int, message: str) -> None:
    """The same four parts as one JSON document on stdout and as a sentence on stderr."""
    assert found.code == code
    error = found.document["error"]
    assert set(error) == {"where", "got", "want", "fix"}
    assert f"{error['where']}: got {error['got']}, want {error['want']}. {error['fix']}" == message
    assert found.err == f"thaw: {message}\n"
