"""Every script in `static` is either ours or noted with its origin, and is byte for byte what was noted."""

from __future__ import annotations

import gzip
import hashlib
import tomllib
from pathlib import Path

from web.invented import Browser, World

STATIC = Path(__file__).parents[2] / "src" / "thaw" / "web" / "static"
NOTED = tomllib.loads((STATIC / "VENDORED.toml").read_text(encoding="utf-8"))


def test_what_was_not_written_here_is_noted_and_unchanged() -> None:
    for name, facts in NOTED.items():
        assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == facts["sha256"], name
        assert facts["licence"]
        assert facts["version"] in facts["taken_from"]
    minified = {path.name for path in STATIC.glob("*.min.js")}
    assert minified <= NOTED.keys()


def test_all_scripts_together_stay_small() -> None:
    sizes = {path.name: len(gzip.compress(path.read_bytes())) for path in STATIC.glob("*.js")}
    ours = {name: size for name, size in sizes.items() if name in ("htmx.min.js", "keys.js", "reader.js", "tray.js")}
    assert len(ours) == 4
    assert sum(ours.values()) <= 300 * 1024


def test_a_script_that_the_browser_holds_is_not_sent_again(world: World) -> None:
    browser = Browser(world.work)
    first = browser.get("/static/htmx.min.js")
    again = browser.ask("GET", "/static/htmx.min.js", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = browser.ask("GET", "/static/keys.js", headers={"if-none-match": first.headers["etag"]})
    assert (other.status_code, len(other.content) > 500) == (200, True)
