"""Options and guards of the whole suite: golden files, no network, no deadline on a busy machine."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# Two workers on two cores: a pause of the machine is no fault of the code.
settings.register_profile("thaw", deadline=None)
settings.load_profile("thaw")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="rewrite golden files instead of comparing with them")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Under `--golden` only the tests that have a golden file run."""
    if config.getoption("--golden"):
        others = [item for item in items if "golden" not in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in others]


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """A function that compares a text with the golden file of that name beside the test, or rewrites the file."""
    folder = Path(str(request.node.path)).parent / "golden"

    def compare(name: str, text: str) -> None:
        path = folder / name
        if request.config.getoption("--golden"):
            folder.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.read_text(encoding="utf-8") == text, f"read the difference; ./run golden rewrites {name}"

    return compare


@pytest.fixture(autouse=True, scope="session")
def _own_receipts(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Receipts of invented books do not belong among those of the account that runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("THAW_RECEIPTS", str(tmp_path_factory.mktemp("receipts")))
        yield


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Any:
    """Nothing in Thaw may reach beyond this machine, so no test may either."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if host and host not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test reached for {host}")
        real(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        yield
