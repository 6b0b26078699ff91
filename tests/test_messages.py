"""Every message that Thaw raises on purpose stands, word for word, in some test.

The words of a message are the fixed parts of `got=`, `want=` and `fix=` of every raised error. The check is that each
of their sentences stands in a string of the tests; whether the test around it asserts it is for the reader of the test.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("got", "want", "fix")


def fixed_parts(node: ast.expr) -> list[str]:
    """The strings that a value is made of whatever its variables hold."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, ast.JoinedStr):
        return [part.value for part in node.values if isinstance(part, ast.Constant)]
    if isinstance(node, ast.IfExp):
        return fixed_parts(node.body) + fixed_parts(node.orelse)
    if isinstance(node, ast.BinOp):
        return fixed_parts(node.left) + fixed_parts(node.right)
    return []


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text, each with single spaces; pieces without a word say nothing."""
    for sentence in re.split(r"(?<=[.;:]) ", re.sub(r"\s+", " ", text)):
        if len(re.findall(r"[A-Za-z]{2,}", sentence)) > 1:
            yield sentence.strip(" .(,")


def raised(source: str) -> Iterator[tuple[int, str]]:
    """Line and sentence of every fixed part of a message in the source."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and {"where", *PARTS} <= {word.arg for word in node.keywords}:
            for word in node.keywords:
                if word.arg in PARTS:
                    for part in fixed_parts(word.value):
                        yield from ((node.lineno, sentence) for sentence in sentences(part))


def strings_of(source: str) -> Iterator[str]:
    """Every string in the source, parts of f-strings too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@pytest.fixture(scope="module")
def tested() -> str:
    """All strings of the tests and of the pages they compare with, one after the other."""
    files = [path for path in sorted((ROOT / "tests").rglob("*.py")) if path != Path(__file__).resolve()]
    words = [text for path in files for text in strings_of(path.read_text(encoding="utf-8"))]
    pages = [path for path in sorted((ROOT / "tests").rglob("golden/**/*")) if path.suffix in (".txt", ".json")]
    words += [path.read_text(encoding="utf-8") for path in pages]
    return re.sub(r"\s+", " ", "\n".join(words))


def test_every_message_stands_in_a_test(tested: str):
    missing = [
        f"{path.relative_to(ROOT)}:{line}: {sentence}"
        for path in sorted((ROOT / "src/thaw").rglob("*.py"))
        for line, sentence in raised(path.read_text(encoding="utf-8"))
        if sentence not in tested
    ]
    assert missing == []


def test_the_check_sees_a_message_that_no_test_holds(tested: str):
    source = (
        'raise InputError(where=at, got=f"{n} unheard of wonders", want=" known" + " known thing", fix="Look it up.")'
    )
    found = [sentence for _, sentence in raised(source)]
    assert found == ["unheard of wonders", "known thing", "Look it up"]
    assert "unheard of wonders" not in tested
