"""Records of a JSON file one at a time, and the fields of an answer of the NamUs API by name."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TextIO

from .rows import Reject
from .text_stream import open_text

_BLOCK = 262_144
_LONGEST = 4_000_000
_RAW = 100_000
_PATHS = 4_000
# No text at all, and one of them joins values; half of a pair of surrogates cannot be written as UTF-8.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_SUSPECT = re.compile(r"\x7f|\\(?:[bf]|u(?:00|[dD][89a-fA-F]))")
_BLANK, _BETWEEN = re.compile(r"\s*"), re.compile(r"[ \t\r\n,]*")
_WRAPPED = re.compile(r'\{[^{}\[\]]{0,4000}?"results"\s*:\s*\[')


def json_records(path: Path) -> Iterator[Mapping[str, Any] | Reject]:
    """The objects of a JSON list, of the list under `results`, of JSON lines, or one object; one at a time.

    What cannot be read is a reject that holds the rest of the file up to 100,000 letters, and ends the reading: in a
    broken list nobody can say where the next record begins.
    """
    with io.TextIOWrapper(open_text(path), encoding="utf-8-sig", errors="replace", newline="") as stream:
        yield from _Records(stream).objects()


class _Records:
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        # What was read and not yet handed on begins at `_at`: cutting it off at each record would copy the block anew.
        self._text, self._at = "", 0
        self._decoder = json.JSONDecoder(parse_constant=_no_number)
        self._row = 0
        self._raw = ""

    def objects(self) -> Iterator[Mapping[str, Any] | Reject]:
        self._fill()
        self._at = _past(_BLANK, self._text, 0)
        wrapped = _WRAPPED.match(self._text, self._at)
        listed = self._text.startswith("[", self._at) or wrapped is not None
        if self._text.startswith("[", self._at):
            self._at += 1
        elif wrapped:
            self._at = wrapped.end()
        yield from self._elements(listed=listed)

    def _elements(self, *, listed: bool) -> Iterator[Mapping[str, Any] | Reject]:
        while True:
            self._at = _past(_BETWEEN, self._text, self._at)
            if self._at == len(self._text):
                if self._fill():
                    continue
                if listed:
                    yield self._reject("the end of the file", "the end of the list", "")
                return
            if listed and self._text.startswith("]", self._at):
                return
            found = self._one()
            if isinstance(found, Reject):
                yield found
                return
            self._row += 1
            control = self._control(found)
            if not isinstance(found, dict):
                yield self._spoilt(f"a JSON {type(found).__name__}", "a JSON object")
            elif control:
                yield self._spoilt(f"the control character U+{ord(control):04X}", "letters and signs")
            else:
                yield found

    def _control(self, found: Any) -> str | None:
        """The first sign in a record that is no text, or None; only an escape can make one, but for U+007F."""
        if not _SUSPECT.search(self._raw):
            return None
        control = _CONTROL.search("".join(path + words for path, words in _leaves(found, "")))
        return control[0] if control else None

    def _spoilt(self, got: str, want: str) -> Reject:
        return Reject(self._row, self._row, "record", got, want, self._raw[:_RAW])

    def _one(self) -> Any:
        while True:
            try:
                found, end = self._decoder.raw_decode(self._text, self._at)
            except (ValueError, RecursionError) as error:
                if len(self._text) - self._at < _LONGEST and self._fill():
                    continue
                self._row += 1
                reason = "brackets nested too deep" if isinstance(error, RecursionError) else str(error).split(":")[0]
                got = f"a text that is no JSON ({reason})"
                return self._reject(got, "one JSON object after the other", self._text[self._at :])
            self._raw, self._at = self._text[self._at : end], end
            return found

    def _fill(self) -> bool:
        block = self._stream.read(_BLOCK)
        self._text, self._at = self._text[self._at :] + block, 0
        return bool(block)

    def _reject(self, got: str, want: str, raw: str) -> Reject:
        return Reject(max(self._row, 1), max(self._row, 1), "file", got, want, raw[:_RAW])


def _past(signs: re.Pattern[str], text: str, at: int) -> int:
    found = signs.match(text, at)
    return found.end() if found else at


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number")


class Paths:
    """Where the fields of an answer stand, from data/formats/namus.toml."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._paths = {name: [_way(path) for path in paths] for name, paths in table["json"].items()}
        ignored = frozenset(table["ignored"]["names"])
        known = frozenset(_plain_path(path) for paths in table["json"].values() for p in paths for path in _each(p))
        self._is_other = _remembered(lambda path: _is_other(path, known, ignored))

    def cells(self, record: Mapping[str, Any]) -> tuple[dict[str, str], list[tuple[str, str]]]:
        """The fields by name, several values joined by U+001E, and what else stands in the record: (path, words)."""
        leaves = [(path, words) for path, words in _leaves(record, "") if words]
        at: dict[str, list[str]] = {}
        for path, words in leaves:
            at.setdefault(path, []).append(words)
        found: dict[str, str] = {}
        for name, ways in self._paths.items():
            for path, steps, parts in ways:
                values = at.get(path) if not parts else _each_joined(record, steps, parts)
                if values:
                    found[name] = "\x1e".join(values)
                    break
        return found, [(path, words) for path, words in leaves if self._is_other(path)]


def _remembered(ask: Callable[[str], bool]) -> Callable[[str], bool]:
    """The answers of a question on paths, kept; a file of made-up names must not fill the memory."""
    return lru_cache(maxsize=_PATHS)(ask)


def _is_other(path: str, known: frozenset[str], ignored: frozenset[str]) -> bool:
    plain = path.replace("[]", "")
    last = plain.rpartition(".")[2]
    return plain not in known and last not in ignored and plain not in ignored


def _way(path: str) -> tuple[str, list[str], list[list[str]]]:
    return path, *_steps(path)


def _each_joined(record: Mapping[str, Any], steps: list[str], parts: list[list[str]]) -> list[str]:
    if steps[0].removesuffix("[]") not in record:
        return []
    return [words for value in _walk(record, steps) if (words := _joined(value, parts))]


def _steps(path: str) -> tuple[list[str], list[list[str]]]:
    """The steps to a value, or to each element of a list and then the parts whose words are joined."""
    head, mark, tail = path.partition("[].")
    if mark and "/" in tail:
        return f"{head}[]".split("."), [part.split(".") for part in tail.split("/")]
    return path.split("."), []


def _joined(value: Any, parts: list[list[str]]) -> str:
    """The words of the parts of a value: all but the last with commas, then the last behind a colon."""
    words = [" ".join(filter(None, map(_words, _walk(value, part)))) for part in parts]
    return ": ".join(filter(None, (", ".join(filter(None, words[:-1])), words[-1])))


def _each(path: str) -> list[str]:
    """The single paths of `list[].kind.name/description`."""
    head, mark, tail = path.partition("[].")
    return [f"{head}[].{part}" for part in tail.split("/")] if mark else [path]


def _plain_path(path: str) -> str:
    return path.replace("[]", "")


def _walk(value: Any, steps: list[str]) -> Iterator[Any]:
    if not steps:
        yield value
        return
    step, rest = steps[0], steps[1:]
    if isinstance(value, dict):
        inner = value.get(step.removesuffix("[]"))
        if step.endswith("[]"):
            for one in inner if isinstance(inner, list) else []:
                yield from _walk(one, rest)
        elif inner is not None:
            yield from _walk(inner, rest)


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value).strip()
    return ""


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Path and words of each single value, in the order of the record; a list adds [] to the path of what it holds."""
    if isinstance(value, dict):
        for name, inner in value.items():
            below = f"{path}.{name}" if path else name
            if isinstance(inner, (dict, list)):
                yield from _leaves(inner, below)
            else:
                yield below, _words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, f"{path}[]")
    else:
        yield path, _words(value)
