"""Writes the pages of docs/reference that say what the code says: commands, entry kinds, settings, vocabulary.

./run test tests/test_docs.py                 compares the pages with the code
.venv/bin/python scripts/make_reference.py    writes them anew
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import typer

from thaw.casebook import case_fields
from thaw.casework import SETTINGS
from thaw.cli import app
from thaw.data import data_path
from thaw.record import codes_of

REFERENCE = Path(__file__).resolve().parents[1] / "docs" / "reference"
NOTE = "<!-- Made from the code by scripts/make_reference.py. Change the code, not this page. -->"

COMMANDS = """\
    thaw [--book DIR] [--json] [--as PERSON] [--purpose TEXT] COMMAND ...

From a checkout: `./run thaw COMMAND ...`. What each prints under `--json`: [JSON](json.md). How each can end:
[errors and exit codes](errors.md). Answers go to stdout, progress and messages to stderr. `-h` works everywhere.
Wherever the ID of a case is asked for, a source key such as `shr-map:493598` is accepted.

## Before the command
"""
KINDS = """\
Every entry of the ledger has one of these kinds. The list is closed: `thaw verify` calls another kind under this
version wrong. It names what is planned too, because the format of the log does not change when a part is built.
"""
VOCABULARY = """\
What can be said of a case and of a person. *Where* is the name under which `thaw cases --where NAME=VALUE` finds it. A
code may be given as code or label, several with commas; numbers, dates and years as a range `1985..1989`; and `unknown`
finds the cases that do not say. `year`, `title`, `case_id`, `incident_id`, `source_key` and the parts of a place
(`place.state`, `place.county_fips`, `place.name`) can be asked for too. `thaw persons --where` knows the names of the
last column; `date`, `year` and the parts of a place are there those of the last contact or of the find.\
"""


def pages() -> dict[str, str]:
    """Text of every generated page by file name."""
    return {
        "commands.md": _page("Commands", _commands()),
        "entry-kinds.md": _page("Entry kinds", _entry_kinds()),
        "settings.md": _page("Settings", _settings()),
        "vocabulary.md": _page("Vocabulary", _vocabulary()),
    }


def command_names() -> list[str]:
    """Every command as it is typed after `thaw`, those of a group with both words."""
    return [name for name, _, _ in _walk(typer.main.get_command(app), None)]


def entry_kinds() -> dict[str, str]:
    """Every kind that a ledger entry may have, with its meaning."""
    tables = tomllib.loads(data_path("entry_kinds.toml").read_text("utf-8"))["kinds"]
    return {f"{head}.{tail}": text for head, kinds in tables.items() for tail, text in kinds.items()}


def _page(title: str, lines: Iterable[str]) -> str:
    return "\n".join([f"# {title}", "", NOTE, "", *lines]).rstrip() + "\n"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield "|" + "---|" * len(heads)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"


def _commands() -> Iterator[str]:
    top: Any = typer.main.get_command(app)
    context: Any = typer.Context(top, info_name="thaw")
    yield COMMANDS
    yield from _table(("option", "meaning"), _parameters(top, context))
    for name, command, inner in _walk(top, context):
        pieces = (re.sub(r"^{(.*?)}(\.\.\.)?$", r"\1", piece) for piece in command.collect_usage_pieces(inner))
        yield from ("", f"## {name}", "", f"    thaw {name} {' '.join(pieces)}", "", command.help)
        if parameters := list(_parameters(command, inner)):
            yield ""
            yield from _table(("option", "meaning"), parameters)


def _walk(group: Any, context: Any) -> Iterator[tuple[str, Any, Any]]:
    for name, command in group.commands.items():
        inner: Any = typer.Context(command, info_name=name, parent=context)
        if hasattr(command, "commands"):
            if command.invoke_without_command:  # it lists what its commands work on
                yield name, command, inner
            yield from ((f"{name} {tail}", found, below) for tail, found, below in _walk(command, inner))
        elif not command.hidden:
            yield name, command, inner


def _parameters(command: Any, context: Any) -> Iterator[tuple[str, str]]:
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record and parameter.name != "help":
            name = re.sub(r" <.*", "", record[0])
            yield f"`{name}`", re.sub(r"\s+", " ", record[1]).strip()


def _entry_kinds() -> Iterator[str]:
    yield KINDS
    yield from _table(("kind", "meaning"), ((f"`{kind}`", text) for kind, text in entry_kinds().items()))


def _settings() -> Iterator[str]:
    yield "They stand in `casebook.toml` in the folder of the book, as `key = value` under `[section]`."
    yield ""
    rows = ((f"`{name}`", f"`{made.default!r}`", _range(made), made.help) for name, made in SETTINGS.items())
    yield from _table(("setting", "default", "values", "meaning"), rows)


def _range(setting: Any) -> str:
    return f"{setting.low:g} to {setting.high:g}" if setting.type is float else "text"


def _vocabulary() -> Iterator[str]:
    yield VOCABULARY
    lists: dict[str, None] = {}
    where: dict[tuple[str, str], list[str]] = {}
    for field in case_fields().values():
        entity = "case" if field.role == "case" else "person"
        where.setdefault((entity, field.predicate.name), []).append(f"`{field.name}`")
    for file in sorted(data_path("vocabulary").glob("*.toml")):
        yield from ("", f"## {file.stem.capitalize()}", "")
        rows = []
        for name, said in tomllib.loads(file.read_text("utf-8")).items():
            kind = f"code of [{said['list']}](#{_anchor(said['list'])})" if "list" in said else said["type"]
            several = " Several may hold at once." if said.get("several") else ""
            listed = f"`{name}`" if said.get("listed") else ""
            rows.append(
                (f"`{name}`", kind, ", ".join(where.get((file.stem, name), [])), said["help"] + several, listed)
            )
            if "list" in said:
                lists[said["list"]] = None
        if file.stem == "case":
            rows = [row[:-1] for row in rows]
        heads = ("predicate", "value", "where", "meaning", "of persons")
        yield from _table(heads[: len(rows[0])], rows)
    for name in lists:
        yield from ("", f"## {name}", "")
        yield from _table(("code", "label"), ((f"`{code}`", label) for code, label in codes_of(name).items()))


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


if __name__ == "__main__":
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")
