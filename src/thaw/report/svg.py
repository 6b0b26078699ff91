"""Small pieces of SVG: every text escaped, every number short, every figure with a title and a description.

Colors are not written here: elements carry class names, a page's own style sheet or `standalone` gives them colors, so
one figure serves light and dark screens and paper.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from html import escape

LETTER = 0.56  # mean width of a letter of a sans-serif face, in parts of its size (estimate; wide letters run over)
SIZE = 12.0


def number(value: float) -> str:
    """A coordinate with at most two decimals; what is no finite number is refused, since a path would end there."""
    if not math.isfinite(value):
        raise ValueError(f"{value} is no coordinate")
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def plain(words: object) -> str:
    """Text without signs that XML does not allow or that turn the direction of writing."""
    text = str(words)
    if text.isprintable():  # the usual case, and a thousand times quicker
        return text
    return "".join(
        " " if c in "\t\n\r" else "\ufffd" if unicodedata.category(c) in ("Cc", "Cs", "Cn", "Cf") else c for c in text
    )


def safe(text: object) -> str:
    """Text for the inside of an element."""
    return escape(plain(text))


def element(name: str, body: str | None = None, **attributes: object) -> str:
    """One element; `class_` is class, `_` in a name is `-`, None leaves an attribute out, numbers are shortened."""
    told = ""
    for key, value in attributes.items():
        if value is None:
            continue
        shown = number(value) if isinstance(value, float) else escape(plain(value), quote=True)
        told += f' {key.rstrip("_").replace("_", "-")}="{shown}"'
    return f"<{name}{told}/>" if body is None else f"<{name}{told}>{body}</{name}>"


def words(
    x: float, y: float, text: object, *, room: float | None = None, size: float = SIZE, **attributes: object
) -> str:
    """A line of text with its baseline at (x, y); cut to `room` units with an ellipsis, the whole kept as its title."""
    whole = plain(text)
    shown = whole if room is None else cut(whole, room, size)
    body = escape(shown) + ("" if shown == whole else element("title", escape(whole)))
    return element("text", body, x=float(x), y=float(y), **attributes)


def cut(text: str, room: float, size: float = SIZE) -> str:
    """As much of a text as fits into `room` units by the mean width of letters."""
    most = max(1, int(room / (size * LETTER)))
    return text if len(text) <= most else text[: max(1, most - 1)].rstrip() + "…"


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> str:
    """A straight line."""
    return element("line", x1=float(x1), y1=float(y1), x2=float(x2), y2=float(y2), class_=class_)


def rect(x: float, y: float, width: float, height: float, class_: str, title: object = None, **more: object) -> str:
    """A rectangle; a width or height below zero counts as zero."""
    body = None if title is None else element("title", safe(title))
    box = {"x": float(x), "y": float(y), "width": max(float(width), 0.0), "height": max(float(height), 0.0)}
    return element("rect", body, **box, class_=class_, **more)


def link(to: str, body: str, label: str | None = None) -> str:
    """A link to one of our own paths. Raises ValueError for any other address."""
    if not to.startswith("/") or to.startswith("//") or "\\" in to:
        raise ValueError(f"{to!r} is no path of the workbench")
    return element("a", body, href=to, aria_label=label)


def figure(
    parts: Iterable[str], *, width: float, height: float, name: str, title: str, description: str, links: bool = False
) -> str:
    """A whole figure.

    name   what it is, for the style sheet: class `figure-NAME`
    links  it holds links, so that a reader of screens must be able to enter it
    """
    head = element("title", safe(title)) + element("desc", safe(description))
    return element(
        "svg",
        head + "".join(parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=float(width),
        height=float(height),
        class_=f"figure figure-{name}",
        role="group" if links else "img",
        aria_label=title,
    )
