"""A figure on its own: as an SVG file with its colors inside, and as a PNG picture. Made offline, light, for paper."""

from __future__ import annotations

import re

from thaw.data import read_text

from .export import Origin
from .svg import LETTER, element, number, safe

_DOTS_PER_INCH = 144.0
_LINE = 15.0
_SIZE = 10.0
_PAGE = '#set page(width: auto, height: auto, margin: 8pt, fill: white)\n#image(bytes(sys.inputs.svg), format: "svg")'
_VARIABLE = re.compile(r"--([\w-]+):\s*([^;]+);")


def standalone(svg: str, origin: Origin | None = None) -> str:
    """The figure with its style sheet inside and without links; below it, what it is of and how it was made."""
    bare = re.sub(r"</?a\b[^>]*>", "", svg)
    found = re.match(r'<svg\b[^>]*viewBox="0 0 ([\d.]+) ([\d.]+)"', bare)
    if found is None:
        raise ValueError("no figure of ours")
    width, height = float(found[1]), float(found[2])
    lines = [
        text
        for name, said in (origin.lines(1) if origin else [])
        if name != "Rows"
        for text in _wrapped(f"{name}: {said}", width)
    ]
    notes = "".join(
        element("text", safe(text), x=4.0, y=height + _LINE * (i + 1), class_="muted", style=f"font-size:{_SIZE:g}px")
        for i, text in enumerate(lines)
    )
    whole = height + (_LINE * (len(lines) + 1) if lines else 0)
    head = f'<svg viewBox="0 0 {number(width)} {number(whole)}" width="{number(width)}" height="{number(whole)}" '
    opened = re.sub(
        r"^<svg\b", head.rstrip(), re.sub(r' (?:viewBox|width|height)="[^"]*"', "", bare[: bare.index(">")], count=3)
    )
    return f"{opened}><style>{style_sheet()}</style>{bare[bare.index('>') + 1 : -len('</svg>')]}{notes}</svg>"


def style_sheet() -> str:
    """The rules of figures with the colors of paper instead of variables: a file cannot ask the page for them."""
    css = read_text("report/figure.css")
    colors = dict(_VARIABLE.findall(css))
    rules = css[css.index("}", css.index(":root")) + 1 :]
    flat = re.sub(r"var\(--([\w-]+)\)", lambda name: colors[name[1]], rules)
    return "text{font-family:'Libertinus Serif',sans-serif;font-size:12px}" + re.sub(
        r"\s+", " ", re.sub(r"/\*.*?\*/", "", flat, flags=re.S)
    )


def png(svg: str) -> bytes:
    """The figure as a PNG picture on white, 144 dots to the inch; the same figure gives the same bytes."""
    import typst  # its library takes 7 MB, and most who open a workbench print nothing

    made = typst.compile(
        _PAGE.encode(), format="png", ignore_system_fonts=True, sys_inputs={"svg": svg}, ppi=_DOTS_PER_INCH
    )
    return bytes(made[0] if isinstance(made, list) else made)


def _wrapped(text: str, width: float) -> list[str]:
    room = max(20, int(width / (_SIZE * LETTER)))
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= room:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return lines
