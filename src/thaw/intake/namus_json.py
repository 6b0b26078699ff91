"""Records of a JSON file one at a time, and the fields of an answer of the NamUs API by name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from .rows import Reject

_BLOCK = 262_144
_LONGEST = 4_000_000
_RAW = 100_000
# No text at all, and one of them joins values; half of a pair of surrogates cannot be written as UTF-8.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def json_records(path: Path) -> Iterator[Mapping[str, Any] | Reject]:
    """The objects of a JSON list, of the list under `results`, of JSON lines, or one object; one at a time.

    What cannot be read is a reject that holds the rest of the file up to 100,000 letters, and ends the reading: in a
    broken list nobody can say where the next record begins.
    """
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        yield from _Records(stream).objects()


class _Records:
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._text = ""
        self._decoder = json.JSONDecoder(parse_constant=_no_number)
        self._row = 0
        self._raw = ""

    def objects(self) -> Iterator[Mapping[str, Any] | Reject]:
        self._fill()
        start = self._text.lstrip()
        wrapped = re.match(r'\{[^{}\[\]]{0,4000}?"results"\s*:\s*\[', start)
        if wrapped:
            self._text = start[wrapped.end() :]
        listed = start.startswith("[") or wrapped is not None
        if start.startswith("["):
            self._text = start[1:]
        yield from self._elements(listed=listed)

    def _elements(self, *, listed: bool) -> Iterator[Mapping[str, Any] | Reject]:
        while True:
            self._text = self._text.lstrip(" \t\r\n,")
            if not self._text and not self._fill():
                if listed:
                    yield self._reject("the end of the file", "the end of the list", "")
                return
            if not self._text.lstrip(" \t\r\n,"):
                continue
            if listed and self._text.startswith("]"):
                return
            found = self._one()
            if isinstance(found, Reject):
                yield found
                return
            self._row += 1
            control = _CONTROL.search("".join(path + words for path, words in _leaves(found, "")))
            if not isinstance(found, dict):
                yield self._spoilt(f"a JSON {type(found).__name__}", "a JSON object")
            elif control:
                yield self._spoilt(f"the control character U+{ord(control[0]):04X}", "letters and signs")
            else:
                yield found

    def _spoilt(self, got: str, want: str) -> Reject:
        return Reject(self._row, self._row, "record", got, want, self._raw[:_RAW])

    def _one(self) -> Any:
        while True:
            try:
                found, end = self._decoder.raw_decode(self._text)
            except (ValueError, RecursionError) as error:
                if len(self._text) < _LONGEST and self._fill():
                    continue
                self._row += 1
                reason = "brackets nested too deep" if isinstance(error, RecursionError) else str(error).split(":")[0]
                return self._reject(f"a text that is no JSON ({reason})", "one JSON object after the other", self._text)
            self._raw, self._text = self._text[:end], self._text[end:]
            return found

    def _fill(self) -> bool:
        block = self._stream.read(_BLOCK)
        self._text += block
        return bool(block)

    def _reject(self, got: str, want: str, raw: str) -> Reject:
        return Reject(max(self._row, 1), max(self._row, 1), "file", got, want, raw[:_RAW])


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number")


class Paths:
    """Where the fields of an answer stand, from data/formats/namus.toml."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._paths = {name: [_steps(path) for path in paths] for name, paths in table["json"].items()}
        self._ignored = frozenset(table["ignored"]["names"])
        self._known = frozenset(
            _plain_path(path) for paths in table["json"].values() for p in paths for path in _each(p)
        )

    def cells(self, record: Mapping[str, Any]) -> tuple[dict[str, str], list[tuple[str, str]]]:
        """The fields by name, several values joined by U+001E, and what else stands in the record: (path, words)."""
        found: dict[str, str] = {}
        for name, paths in self._paths.items():
            for steps, parts in paths:
                values = [words for value in _walk(record, steps) if (words := _joined(value, parts))]
                if values:
                    found[name] = "\x1e".join(values)
                    break
        other = [(path, words) for path, words in _leaves(record, "") if self._is_other(path) and words]
        return found, other

    def _is_other(self, path: str) -> bool:
        plain = path.replace("[]", "")
        last = plain.rpartition(".")[2]
        return plain not in self._known and last not in self._ignored and plain not in self._ignored


def _steps(path: str) -> tuple[list[str], list[list[str]]]:
    """The steps to a value, or to each element of a list and then the parts whose words are joined."""
    head, mark, tail = path.partition("[].")
    if mark and "/" in tail:
        return f"{head}[]".split("."), [part.split(".") for part in tail.split("/")]
    return path.split("."), []


def _joined(value: Any, parts: list[list[str]]) -> str:
    """The words of a value; of parts all but the last with commas, then the last behind a colon."""
    if not parts:
        return _words(value)
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
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, f"{path}[]")
    else:
        yield path, _words(value)
