"""DOCX files: body, tables, headers, footnotes and comments as text; pictures and embedded files as parts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from .limits import refuse
from .pages import Part, Read, Remark, paged
from .unpacking import checked_package, member

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MORE = (("header", "Header"), ("footer", "Footer"), ("footnotes", "Footnotes"), ("endnotes", "Endnotes"))


def read_word_file(path: Path, folder: Path) -> Iterator[Read]:
    """The pages of a DOCX file: page breaks divide it, else every 60 lines. What stands outside the body follows.

    Raises InputError for a damaged or locked file.
    """
    names = checked_package(path)
    body = _tree(path, "word/document.xml")
    if body is None:
        raise refuse("a Word file without a text", "a whole Word file", "Get another copy.")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        yield Remark("macros left out")
    deleted = sum(1 for _ in body.iter(f"{_W}delText"))
    if deleted:
        yield Remark(f"tracked deletions shown in [deleted: ...] ({deleted})")
    text = _text(body)
    for kind, label in (*_MORE, ("comments", "Comments")):
        for name in sorted(n for n in names if n.startswith(f"word/{kind}") and n.endswith(".xml")):
            words = _text(_tree(path, name)).strip()
            if words:
                text = f"{text.rstrip()}\n\n{label}: {words}\n"
    yield from paged(text)
    for number, name in enumerate(n for n in names if n.startswith(("word/media/", "word/embeddings/"))):
        data = member(path, name)
        if data:
            target = folder / f"part-{number}"
            target.write_bytes(data)
            yield Part(PurePosixPath(name).name, target)


def _tree(path: Path, name: str) -> Any:
    from lxml import etree  # type: ignore[import-untyped]

    data = member(path, name)
    if data is None:
        return None
    # Entities are not put in, so that a few lines cannot become gigabytes.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    tree = etree.fromstring(data, parser)
    if tree is None:
        raise refuse("a Word file whose text is damaged", "a whole Word file", "Get another copy.")
    return tree


def _text(tree: Any) -> str:
    out: list[str] = []
    _walk(tree, out)
    return "".join(out).strip("\n") + "\n"


def _walk(node: Any, out: list[str]) -> None:
    # An explicit stack: a hostile file nests deeper than Python calls.
    waiting: list[tuple[Any, bool]] = [(node, False)]
    cells: list[int] = []
    while waiting:
        at, closing = waiting.pop()
        if closing:
            _close(at.tag, out, cells)
            continue
        tag = at.tag
        if not isinstance(tag, str) or tag in (_FALLBACK, f"{_W}instrText"):
            continue
        if tag == f"{_W}tc":
            cells.append(len(out))
        _open(at, tag, out)
        waiting.append((at, True))
        waiting.extend((child, False) for child in reversed(at))


def _open(node: Any, tag: str, out: list[str]) -> None:
    if tag == f"{_W}t":
        out.append(node.text or "")
    elif tag == f"{_W}delText":
        out.append(f"[deleted: {node.text or ''}]")
    elif tag == f"{_W}tab":
        # Inside a style a tab is a place, not a sign.
        if node.getparent() is not None and node.getparent().tag == f"{_W}r":
            out.append("\t")
    elif tag in (f"{_W}br", f"{_W}cr"):
        out.append("\f" if node.get(f"{_W}type") == "page" else "\n")
    elif tag == f"{_W}noBreakHyphen":
        out.append("-")


def _close(tag: str, out: list[str], cells: list[int]) -> None:
    if tag == f"{_W}p":
        out.append("\n")
    elif tag == f"{_W}tc":
        # A cell is one line, so that a row is one.
        start = cells.pop()
        out[start:] = ["".join(out[start:]).strip("\n").replace("\n", " "), "\t"]
    elif tag == f"{_W}tr":
        if out and out[-1] == "\t":
            out.pop()
        out.append("\n")
