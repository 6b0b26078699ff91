"""Turns values into words and pages: templates, numbers, dates, shares. Text is always escaped by the templates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from thaw.ledger import entry_kinds
from thaw.record import PartialDate, Place, predicates
from thaw.report.candidate_sheet import field_words

from .texts import text

_HERE = Path(__file__).parent
_KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
}


@cache
def environment() -> Environment:
    """The templates, every value escaped, a missing value an error."""
    env = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters |= {
        "number": lambda n: f"{n:,}",
        "moment": moment,
        "clock": lambda at: at.astimezone().strftime("%H:%M"),
        "date_words": lambda data: PartialDate.from_json(data).in_words() if data else "date unknown",
        "days_words": days_words,
        "place_words": lambda data: Place.from_json(data).in_words() if data else "place unknown",
        "marked": marked,
        "breakable": breakable,
        "short_quote": short_quote,
        "fault_words": fault_words,
        "telephone": telephone,
        "size_words": size_words,
        "field_label": field_label,
        "person_field": field_words,
        "person_title": person_title,
        "expert_words": lambda by: {"dna": "DNA"}.get(by, by.capitalize()),
        "type_words": type_words,
        "short_ids": lambda text: re.sub(r"\b([0-9a-f]{12})[0-9a-f]{52}\b", r"\1…", text or ""),
        "short_file": lambda file: (file or "").rpartition(" > ")[2],
        "kind_words": kind_words,
        "lower_first": lambda text: text[:1].lower() + text[1:],
    }
    env.globals["t"] = text
    return env


@cache
def _static_files() -> dict[str, tuple[Path, str]]:
    return {path.name: (path, _KINDS[path.suffix]) for path in (_HERE / "static").iterdir() if path.suffix in _KINDS}


def static_file(name: str) -> tuple[bytes, str] | None:
    """Bytes and media type of a style sheet, a script or a mark in `static`; None when there is none of this name."""
    known = _static_files().get(name)
    return (known[0].read_bytes(), known[1]) if known else None


def moment(iso: str) -> str:
    """A time of the ledger (UTC) in the time of this machine."""
    return datetime.fromisoformat(iso).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def days_words(first: object, last: object = None) -> str:
    """A span between two ISO days (or months, or years) as people say it; "?" for an end that is not known."""
    if first is None or first == "":
        return f"? to {days_words(last)}" if last else "?"
    ends = [PartialDate.parse(str(day)) for day in (first, last or first)]
    return PartialDate(ends[0].first, ends[1].last, "interval").in_words()


def breakable(text: str) -> Markup:
    """Text that a narrow column may break behind a slash, as in Highway/Road/Alley."""
    return Markup("/<wbr>").join(str(text).split("/"))


_QUOTED = 240  # letters of a quote that a board shows


def short_quote(text: str, around: str = "") -> str:
    """A long quote cut to the part that holds certain words; what was cut away is marked."""
    if len(text) <= _QUOTED:
        return text
    at = max(text.lower().find(around.lower()), 0) if around else 0
    start = max(0, min(at - _QUOTED // 3, len(text) - _QUOTED))
    start = text.find(" ", start) + 1 if start else 0
    end = start + _QUOTED
    end = text.rfind(" ", start, end) if end < len(text) else len(text)
    return (
        ("… " if start else "")
        + text[start : end if end > start else start + _QUOTED]
        + (" …" if end < len(text) else "")
    )


def telephone(digits: str) -> str:
    """Ten digits as people write a telephone number; anything else as it is."""
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}" if re.fullmatch(r"\d{10}", digits) else digits


def marked(hit: Mapping[str, Any]) -> list[tuple[bool, str]]:
    """The snippet of a hit in pieces, each with whether it is a matched word."""
    text, at, found = hit["snippet"], 0, []
    for start, end in hit["marks"]:
        found += [(False, text[at:start]), (True, text[start:end])]
        at = end
    return [(on, piece) for on, piece in [*found, (False, text[at:])] if piece]


def size_words(size: int) -> str:
    """A number of bytes as people say it."""
    if size < 1024:
        return f"{size} bytes"
    return f"{size / 1024:,.0f} KB" if size < 1024**2 else f"{size / 1024**2:,.1f} MB"


_TYPES = {
    "application/pdf": "PDF",
    "image/tiff": "scan (TIFF)",
    "image/png": "picture (PNG)",
    "image/jpeg": "picture (JPEG)",
    "text/plain": "text",
    "text/html": "web page",
    "text/csv": "table (CSV)",
    "message/rfc822": "e-mail",
    "application/zip": "ZIP",
    "application/octet-stream": "not known",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
}


def type_words(media_type: str | None) -> str:
    """A media type as people say it."""
    return _TYPES.get(media_type or "", media_type or "not known")


_FAULT = re.compile(r"got (?P<got>.+?), want (?P<want>.+?)\.(?: (?P<fix>.*))?", re.DOTALL)


def fault_words(problem: str | None, file: str = "") -> str:
    """Why a file could not be read, as people say it: what it is, and what was wanted. What to do stands beside it."""
    told = (problem or "").removeprefix(f"{file}: ")
    parts = _FAULT.fullmatch(told)
    return f"It is {parts['got']}. Wanted: {parts['want']}." if parts else told


def kind_words(kind: str) -> str:
    """What a kind of entry means, in a line; the kind itself when this program does not know it."""
    return entry_kinds().get(kind, kind).partition(";")[0].partition(":")[0].removesuffix(".")


def field_label(name: str) -> str:
    """A field of a case as a reader sees it; those of its people behind their role."""
    role, _, rest = name.partition(".")
    if role in ("victim", "offender"):
        known = predicates("person").get(rest)
        return known.label if known else rest
    known = predicates("case").get(name) or predicates("person").get(name)
    return known.label if known else name


def person_title(person: Mapping[str, Any]) -> str:
    """How a screen calls a person of a register: by name, else a body by when and where it was found."""
    if person["name"]:
        return str(person["name"])
    if person["kind"] != "unidentified" or not person["date"]:
        return str(person["source_key"] or person["person_id"])
    place = f", {Place.from_json(person['place']).in_words()}" if person["place"] else ""
    return f"Body found {PartialDate.from_json(person['date']).in_words()}{place}"


def role_label(name: str) -> str:
    """A field where those of the victim and of others stand in one list: "Victim: age"."""
    role, _, rest = name.partition(".")
    label = field_label(name)
    return f"{role.capitalize()}: {label[:1].lower()}{label[1:]}" if rest and role in ("victim", "offender") else label


def times_likelier(log10_bf: float) -> str:
    """A Bayes factor in words."""
    if _times(log10_bf) == "1.0":
        return "as likely to look like this whether one offender did both or not"
    direction = "more" if log10_bf >= 0 else "less"
    return f"{_times(log10_bf)} times {direction} likely to look like this if one offender did both"


def factor(log10_bf: float) -> str:
    """A part of a Bayes factor in short: ×86 speaks for, ÷2 against."""
    return f"{'×' if log10_bf >= 0 else '÷'}{_times(log10_bf)}"


def share(value: float) -> str:
    """A probability in words; what is merely almost certain is never called certain."""
    if value >= 0.99:
        return f"{value:.1%}" if value < 0.9995 else "above 99.9%"
    if value >= 0.01:
        return f"{value:.0%}" if value >= 0.1 else f"{value:.1%}"
    return f"1 in {1 / value:,.0f}" if value > 0 else "0"


def apart_words(apart: Mapping[str, Any] | None) -> str | None:
    """An expected distance in time, space or age."""
    if apart is None:
        return None
    value, unit = apart["value"], apart["unit"]
    if unit == "days" and value > 700:
        return f"about {value / 365.25:,.0f} years apart"
    if value < 1:
        return f"less than 1 {unit.removesuffix('s')} apart"
    return f"about {value:,.0f} {unit.removesuffix('s') if round(value) == 1 and unit != 'km' else unit} apart"


def _times(log10_bf: float) -> str:
    times = 10 ** abs(log10_bf)
    return f"{times:,.0f}" if times >= 10 else f"{times:.1f}"
