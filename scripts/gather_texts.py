"""Moves the words of templates into the catalogue: `python scripts/gather_texts.py TEMPLATE.html ...`.

A template is written with its words in place; when it is done, this takes every run of words between tags, and the
words of labels for those who do not see, into src/thaw/web/texts.toml, and leaves their names behind. Commands in
`<code>` and keys in `<kbd>` stay. Running it again does nothing.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

WEB = Path(__file__).resolve().parents[1] / "src" / "thaw" / "web"
CATALOGUE = WEB / "texts.toml"
_SPOKEN = ("aria-label", "placeholder", "title", "alt")
_SILENT = ("script", "style", "code", "kbd")
_PIECE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.S)
_WORDS = re.compile(r"[^\W\d_]{2}|^[^\W\d_]$")
_ENTITY = re.compile(r"&[a-z]+;")


def literals(source: str) -> Iterator[tuple[int, int]]:
    """First and one past the last letter of every run of words of a template."""
    state, name, attribute, quote, silent = "text", "", "", "", ""
    at, start = 0, 0
    while at < len(source):
        piece = _PIECE.match(source, at)
        if piece:
            if state in ("text", "value"):
                yield from _run(source, start, at, state, attribute, silent)
            at = start = piece.end()
            continue
        letter = source[at]
        if state == "text" and letter == "<" and re.match(r"<[/!a-zA-Z]", source[at:]):
            yield from _run(source, start, at, state, attribute, silent)
            name = (re.match(r"</?([a-zA-Z0-9!-]+)", source[at:]) or [""])[0]
            state = "tag"
        elif state == "tag" and letter in "\"'":
            found = re.search(r"([a-zA-Z-]+)=$", source[:at])
            attribute, quote, state, start = found[1] if found else "", letter, "value", at + 1
        elif state == "value" and letter == quote:
            yield from _run(source, start, at, state, attribute, silent)
            state = "tag"
        elif state == "tag" and letter == ">":
            plain = name.lstrip("</").lower()
            if plain in _SILENT:
                silent = "" if name.startswith("</") else plain
            state, start = "text", at + 1
        at += 1
    if state == "text":
        yield from _run(source, start, at, state, attribute, silent)


def _run(source: str, start: int, end: int, state: str, attribute: str, silent: str) -> Iterator[tuple[int, int]]:
    words = source[start:end]
    told = words.strip()
    if silent or (state == "value" and attribute not in _SPOKEN) or _ENTITY.search(told) or not _WORDS.search(told):
        return
    first = start + len(words) - len(words.lstrip())
    yield first, first + len(told)


def gather(source: str, table: dict[str, str], stem: str) -> str:
    """The template with names for its words; the words are put into the table."""
    out, at = [], 0
    for start, end in literals(source):
        told = " ".join(source[start:end].split())
        out += [source[at:start], '{{ t("' + f"{stem}.{_key(told, table)}" + '") }}']
        at = end
    return "".join([*out, source[at:]])


def _key(told: str, table: dict[str, str]) -> str:
    """The name of these words: the first few of them, numbered where other words begin alike."""
    base = "_".join(re.findall(r"[a-z0-9]+", told.lower())[:5])[:48].strip("_") or "sign"
    number, key = 1, base
    while table.get(key, told) != told:
        number += 1
        key = f"{base}_{number}"
    table[key] = told
    return key


def write(catalogue: dict[str, dict[str, str]]) -> None:
    """Write the catalogue, templates in order of their names, words in the order in which they stand."""
    lines = [
        "# Every word of the workbench: a table for each template, a name for each run of words, in the order in which",
        "# they stand. `said` holds what is told after something was done; {names} in it are filled in.",
    ]
    for stem, table in sorted(catalogue.items()):
        lines += ["", f"[{stem}]"]
        lines += [f"{key} = {_quoted(words)}" for key, words in table.items()]
    CATALOGUE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _quoted(words: str) -> str:
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'


def main(names: list[str]) -> int:
    """Gather the named templates; all of them without a name."""
    known: dict[str, dict[str, str]] = {}
    if CATALOGUE.exists():
        known = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))
    paths = [WEB / "templates" / name for name in names] or sorted((WEB / "templates").glob("*.html"))
    for path in paths:
        table = known.setdefault(path.stem, {})
        path.write_text(gather(path.read_text(encoding="utf-8"), table, path.stem), encoding="utf-8")
        if not table:
            del known[path.stem]
    write(known)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
