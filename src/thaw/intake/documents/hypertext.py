"""Web pages as text: what a reader would see, and nothing that a browser would run or fetch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from .limits import TEXT_BYTES, refuse
from .pages import Read, Remark, paged
from .plain import decode

_UNSEEN = {"script", "style", "template", "noscript", "object", "svg", "math", "iframe", "canvas"}
_VOID = {"embed", "area", "base", "link", "meta", "param", "source", "track", "wbr", "col"}
_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html",
    "legend", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "tfoot", "thead",
}  # fmt: skip
_MORE_BLOCKS = {"title", "tr", "ul", "option", "select", "textarea"}


def read_hypertext(path: Path) -> Iterator[Read]:
    """The pages of an HTML file."""
    if path.stat().st_size > TEXT_BYTES:
        raise refuse("a web page of more than 256 MB", "a page that people wrote", "Split the file and add the parts.")
    data = path.read_bytes()
    text, unseen = seen_text(_decoded(data))
    if unseen:
        yield Remark(f"scripts and hidden code left out ({unseen})")
    yield from paged(text)


def seen_text(markup: str) -> tuple[str, int]:
    """The text that a browser would show, line by line, and how many scripts and the like were left out."""
    parser = _Seen()
    parser.feed(markup)
    parser.close()
    lines = (re.sub(r"[ \xa0]*\t[ \xa0]*", "\t", re.sub(r"[ \xa0]+", " ", line)).strip() for line in parser.lines())
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
    return text, parser.unseen


def _decoded(data: bytes) -> str:
    said = re.search(rb"<meta[^>]+charset=[\"']?([\w-]+)", data[:4096], re.I)
    if said and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode(said[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data)[0]


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._deep: list[str] = []
        self._pre = 0
        self.unseen = 0

    def lines(self) -> list[str]:
        return "".join(self._out).split("\n")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self.unseen += 1
            self._deep.append(tag)
        elif tag in _BLOCKS or tag in _MORE_BLOCKS:
            self._out.append("\n")
        elif tag in ("td", "th"):
            self._out.append("\t")
        elif tag == "img" and not self._deep:
            words = dict(attrs).get("alt")
            self._out.append(f" [picture: {words}] " if words else "")
        if tag == "pre":
            self._pre += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _UNSEEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._deep and tag in self._deep:
            while self._deep.pop() != tag:
                pass
        elif tag in _BLOCKS or tag in _MORE_BLOCKS:
            self._out.append("\n")
        if tag == "pre":
            self._pre = max(self._pre - 1, 0)

    def handle_data(self, data: str) -> None:
        if not self._deep:
            self._out.append(data if self._pre else re.sub(r"\s+", " ", data))
