"""Kinship from DNA: a case file that is handed in, its loci, pedigrees and whom to sample; kept without any profile."""

from __future__ import annotations

from collections.abc import Mapping
from secrets import token_urlsafe
from typing import Any
from urllib.parse import quote

from thaw.casework.exporting import origin
from thaw.casework.kinship import About
from thaw.casework.kinship_board import keep_kinship, kept_kinship, kept_kinships, kinship_of_file, kinship_sheet
from thaw.data import data_path
from thaw.errors import InputError
from thaw.report import pedigree
from thaw.report.lr_sheet import total_words

from .figures import figure_file, origin_of, shown, table_file
from .screen import Download, Look, Page, Redirect, Screen
from .wording import at_the_form

_KEPT = 8  # results of kinship that one visit holds
_FAMILY = "sample/invented_family.json"
_ENTRY = "entry-"
Document = Mapping[str, Any]


def kinship_form(look: Look, error: InputError | None = None) -> Page:
    """Where a case file of kinship is handed in."""
    held = [(key, one["words"]["title"] or one["words"]["id"]) for key, one in list(look.visit.kept.items())]
    names = ("unidentified", "missing", "hypothesis")
    values = {
        "error": at_the_form(error) if error else None,
        "held": held,
        "kept": kept_kinships(look.session, purpose=look.purpose),
        "text": look.typed("text"),
        "pair": {name: look.typed(name) or look.asked(name) for name in names},
    }
    return Page("kinship_form.html", values, 400 if error else 200)


def kinship_compute(look: Look) -> Page | Redirect:
    """Compute the handed-in file; the result is held for this visit and not in the book."""
    if look.typed("example"):
        raw, file = data_path(_FAMILY).read_bytes(), "invented_family.json"
    else:
        raw, file = look.typed("text").encode("utf-8"), look.typed("file") or "pasted.json"
    try:
        if not raw:
            raise InputError(where="kinship", got="an empty form", want="a case file", fix="Choose or paste one.")
        found = kinship_of_file(look.session, raw, file, about=_about(look), purpose=look.purpose)
    except InputError as error:
        return kinship_form(look, error)
    key = token_urlsafe(9)
    look.visit.kept[key] = found
    for old in list(look.visit.kept)[:-_KEPT]:
        look.visit.kept.pop(old, None)  # another screen of this visit may have been quicker
    return Redirect(f"/kinship/{key}")


def _about(look: Look) -> About | None:
    body, missing = look.typed("unidentified"), look.typed("missing")
    return About(body, missing, look.typed("hypothesis") or None) if body and missing else None


def keep(look: Look) -> Redirect:
    """Keep a result in the book, without any profile."""
    entry = keep_kinship(look.session, _held(look), purpose=look.purpose)
    look.done("kinship_kept")
    return Redirect(f"/kinship/{_ENTRY}{entry}")


def kinship_screen(look: Look) -> Page:
    """Loci, hypotheses, pedigrees, and which relative to sample next."""
    found = _held(look)
    answer = found["answer"]
    names = [name for name in answer["LR_total"] if name != answer["reference"]]
    drawn = [{"name": p["name"], "svg": shown(_pedigree(found, p))} for p in found["pedigrees"]]
    return Page(
        "kinship.html",
        {
            "kinship": found,
            "answer": answer,
            "names": names,
            "totals": [total_words(answer, name) for name in names],
            "loci": list(zip(answer["markers"], answer["LR_per_marker"], strict=True)),
            "drawn": drawn,
            "key": look.params["id"],
            "entry": _entry(look),
            "pair": _pair(found),
        },
    )


def kinship_paper(look: Look) -> Download:
    """The sheet as PDF; its entry has the digest."""
    body = kinship_sheet(look.session, _held(look), purpose=look.purpose)
    return Download(body, "application/pdf", "thaw-kinship.pdf")


def kinship_table(look: Look) -> Download:
    """The ratios by locus as CSV; no genotypes."""
    found = _held(look)
    answer = found["answer"]
    names = [name for name in answer["LR_total"] if name != answer["reference"]]
    rows = [
        [locus, *(ratio[name] for name in names)]
        for locus, ratio in zip(answer["markers"], answer["LR_per_marker"], strict=True)
    ]
    about = origin_of(look, f"likelihood ratios of {found['words']['id']}", left_out=["genotypes"])
    return table_file(look, ["locus", *(f"{name} / {answer['reference']}" for name in names)], rows, "loci", about)


def worth_table(look: Look) -> Download:
    """Which relative to sample next, as CSV."""
    found = _held(look)
    worth = found["worth"] or {"so_far": None, "candidates": [], "thresholds_log10": []}
    head = ["relative", "relation", *(f"share above {10**t:g}" for t in worth["thresholds_log10"]), "median log10"]
    some = [*([worth["so_far"]] if worth["so_far"] else []), *worth["candidates"]]
    rows = [[r["person"] or "as it is", r["relation"], *r["decides"], r["median_log10_lr"]] for r in some]
    return table_file(look, head, rows, "relatives", origin_of(look, f"whom to sample of {found['words']['id']}"))


def kinship_figure(look: Look) -> Download:
    """A pedigree as SVG or PNG."""
    found = _held(look)
    number = look.asked("which")
    chosen = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0
    if chosen >= len(found["pedigrees"]):
        raise InputError(where="figure", got=repr(number[:10]), want="a pedigree of this case", fix="Use the links.")
    about = origin(look.session, "pedigree of a kinship case", filters=[], left_out=[], purpose=look.purpose)
    return figure_file(look, _pedigree(found, found["pedigrees"][chosen]), "pedigree", about)


def _pedigree(found: Document, drawn: Document) -> str:
    typed = list(found["words"]["typed"])
    return pedigree(drawn["people"], typed=typed, sought=found["sought"], title=f"Hypothesis {drawn['name']}")


def _pair(found: Document) -> str | None:
    if not found["persons"]:
        return None
    body, missing = (quote(one["person_id"]) for one in found["persons"])
    return f"/identify/{body}/pair/{missing}"


def _entry(look: Look) -> int | None:
    """The entry of a result that was kept; None for one of this visit."""
    number = look.params["id"].removeprefix(_ENTRY)
    kept = number != look.params["id"] and number.isascii() and number.isdigit() and len(number) < 12
    return int(number) if kept else None


def _held(look: Look) -> Document:
    entry = _entry(look)
    found: Document | None = look.visit.kept.get(look.params["id"])
    if entry is not None:
        found = kept_kinship(look.session, entry, purpose=look.purpose)
    if found is None:
        raise InputError(
            where="kinship",
            got="a result that is not held any more",
            want="one that was kept, or computed since this workbench was opened",
            fix="Hand the file in again; profiles of relatives are not kept in the book.",
        )
    return found


SCREENS: tuple[tuple[str, str, Screen], ...] = (
    ("GET", "/kinship", kinship_form),
    ("POST", "/kinship", kinship_compute),
    ("GET", "/kinship/{id}", kinship_screen),
    ("POST", "/kinship/{id}/keep", keep),
    ("GET", "/kinship/{id}/sheet", kinship_paper),
    ("GET", "/kinship/{id}/figure", kinship_figure),
    ("GET", "/kinship/{id}/table", kinship_table),
    ("GET", "/kinship/{id}/worth", worth_table),
)
