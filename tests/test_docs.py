"""The documents are true: they name the commands, kinds, settings, words and errors of the code, and nothing else."""

from __future__ import annotations

import inspect
import re
import subprocess
from importlib import import_module
from pathlib import Path

import pytest

import thaw.cli
import thaw.errors
import thaw.store
from scripts.make_reference import command_names, entry_kinds, pages
from thaw.casework import SETTINGS

TOP = Path(__file__).resolve().parents[1]
DOCS = sorted([*TOP.glob("*.md"), *(TOP / "docs").rglob("*.md")])
PAGES = pages()
TEXT_FILES = {".css", ".html", ".js", ".json", ".lock", ".md", ".py", ".sh", ".sql", ".toml", ".txt", ".yml", ""}


def _name(path: Path) -> str:
    return str(path.relative_to(TOP))


def _rows(page: str) -> set[str]:
    """The names in the first column of the tables of a reference page."""
    return set(re.findall(r"^\| `([^`]+)`", (TOP / "docs" / "reference" / page).read_text("utf-8"), re.MULTILINE))


# Reference pages are what the code says


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_generated_page_is_what_the_code_says_now(name: str):
    found = (TOP / "docs" / "reference" / name).read_text("utf-8")
    assert found == PAGES[name], f"docs/reference/{name} is old: run .venv/bin/python scripts/make_reference.py"


def test_the_reference_names_every_command_kind_and_setting():
    headings = set(re.findall(r"^## (.+)$", PAGES["commands.md"], re.MULTILINE)) - {"Before the command"}
    assert headings == set(command_names())
    assert _rows("entry-kinds.md") == set(entry_kinds())
    assert _rows("settings.md") == set(SETTINGS)


def _errors() -> dict[str, type[Exception]]:
    rooms = {**vars(thaw.errors), **vars(thaw.store)}
    return {n: c for n, c in rooms.items() if inspect.isclass(c) and issubclass(c, thaw.errors.ThawError)}


def test_the_reference_names_every_error():
    assert _rows("errors.md") == set(_errors())


@pytest.mark.parametrize("name", sorted(set(_errors()) - {"ThawError"}))
def test_an_error_ends_the_command_line_with_the_code_of_the_reference(name: str, monkeypatch: pytest.MonkeyPatch):
    text = (TOP / "docs" / "reference" / "errors.md").read_text("utf-8")
    (code,) = re.findall(rf"^\| `{name}` \| (\d+) \|", text, re.MULTILINE)

    def fail(*arguments: object) -> int:
        raise _errors()[name](where="a", got="b", want="c", fix="d")

    monkeypatch.setattr(import_module("thaw.cli.main"), "_run", fail)  # `thaw.cli.main` is the function
    assert thaw.cli.main([]) == int(code)


# What the pages tell a reader to type exists


def _typed(text: str) -> list[str]:
    """Lines of code blocks, indented or fenced, and code inside sentences."""
    fenced = [
        line
        for block in re.findall(r"^```.*?\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        for line in block.split("\n")
    ]
    return [*fenced, *re.findall(r"^ {4,}(\S.*)$", text, re.MULTILINE), *re.findall(r"`([^`\n]+)`", text)]


def _commands(line: str) -> list[str]:
    """The commands that a line calls: `./run WORD`, `thaw [OPTIONS] WORD`."""
    line = line.removeprefix("$ ").split(" #")[0]
    called = re.findall(
        r"(?:^|&& )(?:\./run )?thaw((?: --(?:book|as|purpose) (?:\"[^\"]*\"|\S+)| --json)*) ([a-z]+)\b", line
    )
    return [*re.findall(r"\./run (?:--install )?([a-z]+)\b", line), *(f"thaw {word}" for _, word in called)]


def _known() -> set[str]:
    words = set(
        re.findall(r"^ {8}(?:help \| -h \| --help|([a-z]+))\) ", (TOP / "run").read_text("utf-8"), re.MULTILINE)
    )
    return (words - {""}) | {"help"} | {f"thaw {name.split()[0]}" for name in command_names()}


@pytest.mark.parametrize("path", DOCS, ids=_name)
def test_a_page_names_only_commands_that_exist(path: Path):
    called = {command for line in _typed(path.read_text("utf-8")) for command in _commands(line)}
    assert called - _known() == set()


def test_an_invented_command_in_a_page_would_be_found():
    text = "    ./run thaw --book unit conjure x\n```\n$ thaw --json divine\n```\nType `./run magic`.\n"
    called = {command for line in _typed(text) for command in _commands(line)}
    assert called - _known() == {"thaw conjure", "thaw divine", "magic"}


# Links, and what must not be in a file


def _anchors(path: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


def _broken_links(path: Path, text: str) -> list[str]:
    broken = []
    for target in re.findall(r"\]\((?!https?:|mailto:)([^)\s]+)\)", text):
        name, _, anchor = target.partition("#")
        there = (path.parent / name).resolve() if name else path
        if not there.exists() or (anchor and there.suffix == ".md" and anchor not in _anchors(there)):
            broken.append(target)
    return broken


@pytest.mark.parametrize("path", DOCS, ids=_name)
def test_links_between_pages_lead_somewhere(path: Path):
    assert _broken_links(path, path.read_text("utf-8")) == []


def test_a_broken_link_would_be_found():
    text = "[a](nowhere.md) [b](architecture.md#no-such-part) [c](architecture.md#the-rooms)"
    assert _broken_links(TOP / "docs" / "x.md", text) == ["nowhere.md", "architecture.md#no-such-part"]


# Written in two parts, so that this file does not name what it looks for.
FORBIDDEN = re.compile(
    "|".join(
        [
            r"(?<![\w.])/(wo" + r"rk|ro" + r"ot|home/\w+|tm" + r"p)/",
            "py" + r"pi\.org",
            "python" + r"hosted\.org",
            "registry\\.np" + "mjs",
            "deb\\.deb" + "ian",
            "index-" + "url http",
        ]
    )
)


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=TOP, capture_output=True
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [TOP / name for name in listed.stdout.decode().split("\0") if name and (TOP / name).is_file()]


def test_no_file_names_a_path_of_somebodys_machine_or_a_registry():
    found = [
        f"{_name(path)}: {match.group()}"
        for path in _tracked()
        if path.suffix in TEXT_FILES
        for match in [FORBIDDEN.search(path.read_text("utf-8", errors="replace"))]
        if match
    ]
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize("text", ["see /ro" + "ot/x", '"/tm' + 'p/a"', "https://py" + "pi.org/simple"])
def test_a_path_or_registry_would_be_found(text: str):
    assert FORBIDDEN.search(text)


# The pages that every repository has


def test_the_first_page_is_short():
    assert len((TOP / "README.md").read_text("utf-8").splitlines()) < 100


def test_the_changelog_says_what_is_not_released_yet():
    assert re.search(r"^## Unreleased$", (TOP / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)


def test_decisions_are_numbered_without_a_gap_and_have_four_parts():
    files = sorted((TOP / "docs" / "decisions").glob("*.md"))
    assert [int(file.name[:4]) for file in files] == list(range(1, len(files) + 1))
    lacking = [
        f"{file.name}: {part}"
        for file in files
        for part in ("Question", "Options", "Choice", "Price")
        if not re.search(rf"^(## |\*\*){part}", file.read_text("utf-8"), re.MULTILINE)
    ]
    assert lacking == []
