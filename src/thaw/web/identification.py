"""The identification desk: bodies without a name, candidates, the exception lane, pairs, sheets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from thaw.casework.identify import EXPERT, identify, rule_out, undo_ruling
from thaw.casework.naming import decide_name
from thaw.casework.person_board import person_counts, person_lane, person_pair
from thaw.errors import InputError
from thaw.report.candidate_sheet import (
    candidate_sheet,
    dna_words,
    field_words,
    high_in_lane,
    pair_sheet,
    seen_after_find,
)
from thaw.report.waterfall import factor_words

from .boards import date_words, place_words
from .figures import download, origin_of, table_file
from .render import share
from .screen import Download, Look, Page, Redirect, Screen
from .wording import at_the_form

_TOP, _A_PAGE = 10, 100
Document = Mapping[str, Any]


def desk_screen(look: Look) -> Page:
    """Who has no name, and who is missing; narrowed by words that all must stand in name, place, date or record."""
    people = person_counts(look.session, purpose=look.purpose)
    all_of_them = {kind: len(some) for kind, some in people.items()}
    return Page("identify_desk.html", {"people": _narrowed(people, look), "all": all_of_them, "q": look.asked("q")})


def _narrowed(people: Document, look: Look) -> dict[str, list[Any]]:
    words = look.asked("q").casefold().split()
    return {kind: [p for p in some if all(w in _said_of(p) for w in words)] for kind, some in people.items()}


def _said_of(person: Document) -> str:
    told = (person["name"] or "no name", person["source_key"] or "", person["person_id"])
    return " ".join((*told, date_words(person["date"]), place_words(person["place"]))).casefold()


def desk_table(look: Look) -> Download:
    """The bodies and the missing as CSV."""
    people = _narrowed(person_counts(look.session, purpose=look.purpose), look)
    some = [*people["unidentified"], *people["missing"]]
    head = ["kind", "person", "source key", "name", "date", "place", "invented"]
    rows = [
        [p["kind"], p["person_id"], p["source_key"], p["name"], date_words(p["date"]), place_words(p["place"]), _yes(p)]
        for p in some
    ]
    ids = [p["case_id"] for p in some if p["case_id"]]
    filters = [f"words {look.asked('q')}"] if look.asked("q") else []
    about = origin_of(look, "unidentified and missing persons", filters=filters)
    return table_file(look, head, rows, "persons", about, case_ids=ids)


def candidates_screen(look: Look) -> Page:
    """Candidates for one person, with the exception lane and what was ruled out."""
    found = identify(look.session, look.params["id"], top=_TOP, purpose=look.purpose)
    return Page("candidates.html", _candidates(found))


def _candidates(found: Document) -> dict[str, Any]:
    lane: dict[str, dict[str, Any]] = {}
    for one in high_in_lane(found["exception_lane"]):
        lane.setdefault(one["person_id"], {"person": one, "without": []})["without"].append(one)
    return {
        "found": found,
        "nobody": share(found["none_of_these"]),
        "candidates": [
            c
            | {"share": share(c["posterior"]), "factor": factor_words(c["log10_support"]), "bars": _bars(c)}
            | {"dna": dna_words(c["dna_log10_lr"]), "after": seen_after_find(found["person"], c)}
            for c in found["candidates"]
        ],
        "lane": sorted(lane.values(), key=lambda one: min(w["rank"] for w in one["without"])),
        "lanes": [one | _promise(one) for one in found["lanes"] if one["covers"] is not None],
        "unlikely": found["none_of_these"] > 0.5,
    }


def _promise(lane: Document) -> dict[str, Any]:
    return {"held": share(lane["covers"]), "cut": lane["wanted"] > lane["shown"]}


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


def candidates_table(look: Look) -> Download:
    """The candidates as CSV."""
    found = identify(look.session, look.params["id"], top=_TOP, purpose=look.purpose)
    head = ["rank", "person", "source key", "name", "date", "place", "posterior", "log10 support", "log10 DNA", "state",
            "invented"]  # fmt: skip
    rows = [
        [c["rank"], c["person_id"], c["source_key"], c["name"], date_words(c["date"]), place_words(c["place"]),
         c["posterior"], c["log10_support"], c["dna_log10_lr"], c["state"], _yes(c)]
        for c in found["candidates"]
    ]  # fmt: skip
    about = origin_of(look, f"candidates for {_who(found['person'])}", left_out=_left(found))
    ids = [case for case in (found["person"]["case_id"], *(c["case_id"] for c in found["candidates"])) if case]
    return table_file(look, head, rows, "candidates", about, case_ids=ids)


def _yes(person: Document) -> str:
    return "yes" if person["invented"] else ""


def _left(found: Document) -> list[str]:
    below = found["searched"] - len(found["candidates"]) - found["ruled_out"]
    return [f"{below} of {found['searched']} below the tenth", f"{found['ruled_out']} ruled out by an expert"]


def lane_screen(look: Look) -> Page:
    """Everybody whom the exception lane shows with one field left out, a hundred a page."""
    found = person_lane(look.session, look.params["id"], look.asked("without"), purpose=look.purpose)
    number = max(1, int(look.asked("page"))) if re.fullmatch("[0-9]{1,6}", look.asked("page")) else 1
    last = max(1, -(-len(found["rows"]) // _A_PAGE))

    def address(page: int) -> str | None:
        asked = urlencode({"without": found["lane"]["without"], "page": page})
        return f"/identify/{quote(look.params['id'])}/lane?{asked}" if 1 <= page <= last else None

    rows = found["rows"][(number - 1) * _A_PAGE : number * _A_PAGE]
    pages = {"number": number, "last": last, "earlier": address(number - 1), "later": address(number + 1)}
    return Page("lane.html", {"found": found, "lane": found["lane"] | _promise(found["lane"]), "rows": rows} | pages)


def lane_table(look: Look) -> Download:
    """The same as CSV."""
    found = person_lane(look.session, look.params["id"], look.asked("without"), purpose=look.purpose)
    head = ["rank", "person", "source key", "name", "date", "place", "invented"]
    rows = [
        [one["rank"], one["person_id"], one["source_key"], one["name"], date_words(one["date"]),
         place_words(one["place"]), _yes(one)]
        for one in found["rows"]
    ]  # fmt: skip
    lane = found["lane"]
    below = found["searched"] - found["ruled_out"] - found["listed"] - lane["shown"]
    left = [f"{found['listed']} of the list", f"{below} below the lane", f"{found['ruled_out']} ruled out by an expert"]
    field = field_words(lane["without"]).lower()
    about = origin_of(look, f"exception lane of {_who(found['person'])} without {field}", left_out=left)
    ids = [case for case in (found["person"]["case_id"], *(one["case_id"] for one in found["rows"])) if case]
    return table_file(look, head, rows, "lane", about, case_ids=ids)


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
        "after": seen_after_find(found["unidentified"], found["missing"]),
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


def _who(person: Document) -> str:
    return str(person["name"] or person["source_key"] or person["person_id"])


SCREENS: tuple[tuple[str, str, Screen], ...] = (
    ("GET", "/identify", desk_screen),
    ("GET", "/identify/table", desk_table),
    ("GET", "/identify/{id}", candidates_screen),
    ("GET", "/identify/{id}/table", candidates_table),
    ("GET", "/identify/{id}/sheet", candidates_sheet),
    ("GET", "/identify/{id}/lane", lane_screen),
    ("GET", "/identify/{id}/lane/table", lane_table),
    ("GET", "/identify/{id}/pair/{other}", pair_screen),
    ("GET", "/identify/{id}/pair/{other}/sheet", pair_paper),
    ("POST", "/identify/{id}/pair/{other}/exclude", exclude),
    ("POST", "/identify/{id}/pair/{other}/name", name_body),
    ("POST", "/identify/{id}/pair/{other}/undo", take_back),
)
