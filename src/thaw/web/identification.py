"""The identification desk: bodies without a name, candidates, the exception lane, pairs, kinship, sheets."""

from __future__ import annotations

import math
from collections.abc import Mapping
from secrets import token_urlsafe
from typing import Any
from urllib.parse import quote, urlencode

from thaw.casework.exporting import origin
from thaw.casework.identify import EXPERT, identify, rule_out, undo_ruling
from thaw.casework.kinship_board import kinship_of_file, kinship_sheet
from thaw.casework.naming import decide_name
from thaw.casework.person_board import person_counts, person_pair
from thaw.data import data_path
from thaw.errors import InputError
from thaw.report import pedigree
from thaw.report.candidate_sheet import candidate_sheet, pair_sheet
from thaw.report.waterfall import factor_words

from .boards import at_the_form, date_words, place_words
from .figures import download, figure_file, origin_of, shown, table_file
from .render import share
from .screen import Download, Look, Page, Redirect, Screen

_TOP = 10
_KEPT = 8  # results of kinship that one visit holds
_FAMILY = "sample/invented_family.json"
Document = Mapping[str, Any]


def desk_screen(look: Look) -> Page:
    """Who has no name, and who is missing."""
    return Page("identify_desk.html", {"people": person_counts(look.session, purpose=look.purpose)})


def desk_table(look: Look) -> Download:
    """The bodies and the missing as CSV."""
    people = person_counts(look.session, purpose=look.purpose)
    some = [*people["unidentified"], *people["missing"]]
    head = ["kind", "person", "source key", "name", "date", "place"]
    rows = [
        [p["kind"], p["person_id"], p["source_key"], p["name"], date_words(p["date"]), place_words(p["place"])]
        for p in some
    ]
    ids = [p["case_id"] for p in some if p["case_id"]]
    return table_file(look, head, rows, "persons", origin_of(look, "unidentified and missing persons"), case_ids=ids)


def candidates_screen(look: Look) -> Page:
    """Candidates for one person, with the exception lane and what was ruled out."""
    found = identify(look.session, look.params["id"], top=_TOP, purpose=look.purpose)
    return Page("candidates.html", _candidates(found))


def _candidates(found: Document) -> dict[str, Any]:
    lane: dict[str, dict[str, Any]] = {}
    for one in found["exception_lane"]:
        lane.setdefault(one["person_id"], {"person": one, "without": []})["without"].append(one)
    return {
        "found": found,
        "nobody": share(found["none_of_these"]),
        "candidates": [
            c
            | {"share": share(c["posterior"]), "factor": factor_words(c["log10_support"]), "bars": _bars(c)}
            | {"dna": dna_words(c["dna_log10_lr"])}
            for c in found["candidates"]
        ],
        "lane": sorted(lane.values(), key=lambda one: min(w["rank"] for w in one["without"])),
        "unlikely": found["none_of_these"] > 0.5,
    }


def _bars(candidate: Document) -> list[dict[str, Any]]:
    return [
        part
        | {
            "factor": factor_words(part["log10_bf"]),
            "side": "for" if part["log10_bf"] >= 0 else "against",
            # Three powers of ten to each side are the most that one field may say against; for, four.
            "x": round(60 + min(0.0, max(part["log10_bf"], -3)) * 20, 1),
            "width": round(max(abs(max(min(part["log10_bf"], 3), -3)) * 20, 1.0), 1),
        }
        for part in candidate["parts"]
    ]


def dna_words(log10_lr: float | None) -> str | None:
    """What DNA of relatives says for this pair; None where nobody has computed it."""
    if log10_lr is None:
        return None
    return "not possible, as it was modeled" if math.isinf(log10_lr) else factor_words(log10_lr)


def candidates_table(look: Look) -> Download:
    """The candidates as CSV."""
    found = identify(look.session, look.params["id"], top=_TOP, purpose=look.purpose)
    head = ["rank", "person", "source key", "name", "date", "place", "posterior", "log10 support", "log10 DNA", "state"]
    rows = [
        [c["rank"], c["person_id"], c["source_key"], c["name"], date_words(c["date"]), place_words(c["place"]),
         c["posterior"], c["log10_support"], c["dna_log10_lr"], c["state"]]
        for c in found["candidates"]
    ]  # fmt: skip
    about = origin_of(look, f"candidates for {_who(found['person'])}", left_out=_left(found))
    ids = [case for case in (found["person"]["case_id"], *(c["case_id"] for c in found["candidates"])) if case]
    return table_file(look, head, rows, "candidates", about, case_ids=ids)


def _left(found: Document) -> list[str]:
    below = found["searched"] - len(found["candidates"]) - found["ruled_out"]
    return [f"{below} of {found['searched']} below the tenth", f"{found['ruled_out']} ruled out by an expert"]


def candidates_sheet(look: Look) -> Download:
    """The list on paper."""
    found = identify(look.session, look.params["id"], top=_TOP, purpose=look.purpose)
    about = origin_of(look, f"candidates for {_who(found['person'])}", left_out=_left(found))
    ids = [case for case in (found["person"]["case_id"], *(c["case_id"] for c in found["candidates"])) if case]
    return download(look, candidate_sheet(found, about), "pdf", "candidates", about, case_ids=ids)


def pair_screen(look: Look, error: InputError | None = None) -> Page:
    """One body and one missing person side by side."""
    found = person_pair(look.session, look.params["id"], look.params["other"], purpose=look.purpose)
    candidate = found["candidate"]
    values: dict[str, Any] = {
        "pair": found,
        "error": error,
        "experts": EXPERT,
        "typed": {name: look.typed(name) for name in ("by", "expert", "reason")},
        "share": share(candidate["posterior"]) if candidate else None,
        "nobody": share(found["none_of_these"]),
        "factor": factor_words(candidate["log10_support"]) if candidate else None,
        "state": candidate["state"] if candidate else None,
        "fields": [
            field | {"factor": factor_words(field["log10_bf"]) if field["log10_bf"] is not None else None}
            for field in found["fields"]
        ],
        "here_path": _pair_path(found["unidentified"]["person_id"], found["missing"]["person_id"]),
        "dna": dna_words(found["dna_log10_lr"]),
        "typed_name": {name: look.typed(name) for name in ("authority", "why")},
        "kinship_of": "/kinship?" + urlencode({
            "unidentified": found["unidentified"]["person_id"], "missing": found["missing"]["person_id"]
        }),
    }  # fmt: skip
    return Page("person_pair.html", values, 400 if error else 200)


def _pair_path(body: str, missing: str) -> str:
    return f"/identify/{quote(body)}/pair/{quote(missing)}"


def pair_paper(look: Look) -> Download:
    """The pair on paper."""
    found = person_pair(look.session, look.params["id"], look.params["other"], purpose=look.purpose)
    about = origin_of(look, f"{_who(found['unidentified'])} beside {_who(found['missing'])}")
    ids = [case for case in (found["unidentified"]["case_id"], found["missing"]["case_id"]) if case]
    return download(look, pair_sheet(found, about), "pdf", "pair", about, case_ids=ids)


def exclude(look: Look) -> Page | Redirect:
    """An expert's statement that the two are not one person."""
    one, other = look.params["id"], look.params["other"]
    try:
        rule_out(
            look.session, one, other,
            by=look.typed("by"), expert=look.typed("expert"), reason=look.typed("reason"), purpose=look.purpose,
        )  # fmt: skip
    except InputError as error:
        if not error.where.startswith("rule out"):
            raise
        return pair_screen(look, at_the_form(error))
    look.done("ruled_out")
    return Redirect(_pair_path(one, other))


def name_body(look: Look) -> Page | Redirect:
    """Keep that the responsible authority decided that this body is this missing person."""
    one, other = look.params["id"], look.params["other"]
    try:
        with look.background.comparing:  # the case of the body is compared anew with all others
            decide_name(
                look.session, one, other,
                authority=look.typed("authority"), reason=look.typed("why"), purpose=look.purpose,
            )  # fmt: skip
    except InputError as error:
        if not error.where.startswith("ruling name"):
            raise
        return pair_screen(look, at_the_form(error))
    look.done("name_decided")
    return Redirect(_pair_path(one, other))


def take_back(look: Look) -> Page | Redirect:
    """Take a ruling or a name back: the pair is open again."""
    one, other = look.params["id"], look.params["other"]
    entry = look.typed("entry")
    try:
        undo_ruling(
            look.session, int(entry) if entry.isascii() and entry.isdigit() and len(entry) < 12 else -1,
            reason=look.typed("reason"), purpose=look.purpose,
        )  # fmt: skip
    except InputError as error:
        return pair_screen(look, at_the_form(error))
    look.done("taken_back_pair")
    return Redirect(_pair_path(one, other))


def kinship_form(look: Look, error: InputError | None = None) -> Page:
    """Where a case file of kinship is handed in."""
    held = [(key, one["words"]["title"] or one["words"]["id"]) for key, one in look.visit.kept.items()]
    return Page("kinship_form.html", {"error": error, "held": held, "text": look.typed("text")}, 400 if error else 200)


def kinship_compute(look: Look) -> Page | Redirect:
    """Compute the handed-in file; the result is held for this visit and not in the book."""
    if look.typed("example"):
        raw, file = data_path(_FAMILY).read_bytes(), "invented_family.json"
    else:
        raw, file = look.typed("text").encode("utf-8"), look.typed("file") or "pasted.json"
    try:
        if not raw:
            raise InputError(where="kinship", got="an empty form", want="a case file", fix="Choose or paste one.")
        found = kinship_of_file(look.session, raw, file, purpose=look.purpose)
    except InputError as error:
        return kinship_form(look, error)
    key = token_urlsafe(9)
    look.visit.kept[key] = found
    for old in list(look.visit.kept)[:-_KEPT]:
        del look.visit.kept[old]
    return Redirect(f"/kinship/{key}")


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
            "totals": [(name, answer["log10LR_total"][name], answer["LR_total"][name]) for name in names],
            "loci": list(zip(answer["markers"], answer["LR_per_marker"], strict=True)),
            "drawn": drawn,
            "key": look.params["id"],
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


def _held(look: Look) -> Document:
    found: Document | None = look.visit.kept.get(look.params["id"])
    if found is None:
        raise InputError(
            where="kinship",
            got="a result that is not held any more",
            want="one that was computed since this workbench was opened",
            fix="Hand the file in again; profiles of relatives are not kept in the book.",
        )
    return found


def _who(person: Document) -> str:
    return str(person["name"] or person["source_key"] or person["person_id"])


SCREENS: tuple[tuple[str, str, Screen], ...] = (
    ("GET", "/identify", desk_screen),
    ("GET", "/identify/table", desk_table),
    ("GET", "/kinship", kinship_form),
    ("POST", "/kinship", kinship_compute),
    ("GET", "/kinship/{id}", kinship_screen),
    ("GET", "/kinship/{id}/sheet", kinship_paper),
    ("GET", "/kinship/{id}/figure", kinship_figure),
    ("GET", "/kinship/{id}/table", kinship_table),
    ("GET", "/identify/{id}", candidates_screen),
    ("GET", "/identify/{id}/table", candidates_table),
    ("GET", "/identify/{id}/sheet", candidates_sheet),
    ("GET", "/identify/{id}/pair/{other}", pair_screen),
    ("GET", "/identify/{id}/pair/{other}/sheet", pair_paper),
    ("POST", "/identify/{id}/pair/{other}/exclude", exclude),
    ("POST", "/identify/{id}/pair/{other}/name", name_body),
    ("POST", "/identify/{id}/pair/{other}/undo", take_back),
)
