"""Figures on screens and as files: the style sheet that they share, and the download with its entry in the ledger."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from thaw.casework.exporting import keep_export, origin
from thaw.data import read_text
from thaw.errors import InputError
from thaw.report import csv_table, png, standalone
from thaw.report.export import Origin

from .guard import NOT_STATED
from .screen import Download, Look, Screen

_TYPES = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "csv": "text/csv; charset=utf-8",
    "graphml": "application/graphml+xml",
    "geojson": "application/geo+json",
    "pdf": "application/pdf",
}


def shown(svg: str) -> Markup:
    """A figure of ours for a template: it is put together with every text escaped, so it goes in as it is."""
    return Markup(svg)


def figure_styles(look: Look) -> Download:
    """The rules of figures, with the colors of the page."""
    css = read_text("report/figure.css")
    rules = css[css.index("}", css.index(":root")) + 1 :]
    return Download(
        re.sub(r"/\*.*?\*/", "", rules, flags=re.DOTALL).encode(), "text/css; charset=utf-8", cache="no-cache"
    )


def asked_format(look: Look, *allowed: str) -> str:
    """The format that a download asks for. Raises InputError for any other."""
    wanted = look.asked("format")
    if wanted not in allowed:
        raise InputError(
            where="format", got=repr(wanted[:20]), want=" or ".join(allowed), fix="Use the links of the page."
        )
    return wanted


def origin_of(look: Look, what: str, *, filters: Sequence[str] = (), left_out: Sequence[str] = ()) -> Origin:
    """What a file made now has to say of itself."""
    purpose = look.purpose if look.purpose != NOT_STATED else "not stated"
    return origin(look.session, what, filters=filters, left_out=left_out, purpose=purpose)


def download(
    look: Look,
    body: bytes,
    kind: str,
    name: str,
    about: Origin,
    *,
    case_ids: Sequence[str] = (),
    rows: int | None = None,
) -> Download:
    """A file that leaves: its entry, with the digest of the bytes, is committed before they are handed out."""
    file = f"thaw-{name}.{kind}"
    keep_export(look.session, body, file=file, command=look.path, about=about, case_ids=case_ids, rows=rows)
    return Download(body, _TYPES[kind], file)


def figure_file(look: Look, svg: str, name: str, about: Origin, *, case_ids: Sequence[str] = ()) -> Download:
    """A figure as SVG or PNG, as the address asks."""
    kind = asked_format(look, "svg", "png")
    alone = standalone(svg, about)
    body = alone.encode("utf-8") if kind == "svg" else png(alone)
    return download(look, body, kind, name, about, case_ids=case_ids)


def table_file(
    look: Look,
    head: Sequence[str],
    rows: Sequence[Sequence[Any]],
    name: str,
    about: Origin,
    *,
    case_ids: Sequence[str] = (),
) -> Download:
    """A table as CSV."""
    return download(look, csv_table(head, rows, about), "csv", name, about, case_ids=case_ids, rows=len(rows))


def with_query(path: str, look: Look, **more: str | Sequence[str] | None) -> str:
    """An address with the query of this one, some of it changed; None takes a name out."""
    query: dict[str, Any] = {name: list(values) for name, values in look.query.items() if name != "format"}
    for name, value in more.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = value
    return path + ("?" + urlencode(query, doseq=True) if query else "")


def list_of(look: Look, name: str, most: int = 300) -> list[str]:
    """The values of a name that may stand several times, stripped, empty ones left out."""
    return [value.strip() for value in look.query.get(name, ()) if value.strip()][:most]


SCREENS: tuple[tuple[str, str, Screen], ...] = (("GET", "/figures.css", figure_styles),)
