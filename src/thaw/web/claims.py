"""The claims board: what papers say about one thing, from how many independent sources, and where they conflict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from thaw.casework.cases import case
from thaw.casework.compared import case_claims
from thaw.casework.documents import document_list
from thaw.errors import InputError
from thaw.record import PartialDate

from .figures import list_of, origin_of, table_file, with_query
from .screen import Download, Look, Page, Screen

_KINDS = ("date", "count", "role", "place", "list", "person", "title", "organisation")
Claim = Mapping[str, Any]


def claims_screen(look: Look) -> Page:
    """The claims of one case, those of one thing together, conflicts first."""
    found, listed = _claims(look)
    if listed is None:
        return Page("papers_soon.html", {"again": look.address}, passing=True)
    files = {d["sha256"]: d["file"].rpartition(" > ")[2] for d in document_list(look.session, case_id=found["case_id"])}
    groups = _groups(listed)
    return Page(
        "claims.html",
        {
            "case": found,
            "groups": groups,
            "files": files,
            "count": len(listed),
            "conflicts": sum(bool(group["conflict"]) for group in groups),
            "kinds": _KINDS,
            "chosen": list_of(look, "kind"),
            "subject": look.asked("subject"),
            "only": look.asked("conflicts") == "yes",
            "table": with_query(look.path + "/table", look),
        },
    )


def claims_table(look: Look) -> Download:
    """The claims as CSV."""
    found, listed = _claims(look, wait=True)
    assert listed is not None
    head = [
        "claim",
        "subject",
        "kind",
        "value",
        "standing",
        "documents",
        "independent sources",
        "first",
        "last",
        "conflicts with",
        "quote",
    ]
    rows = [
        [c["claim_id"], c["subject"], c["kind"], value_words(c), c["standing"], len(c["documents"]),
         c["independent_sources"], c["first"], c["last"], " ".join(c["conflicts_with"]),
         c["quotes"][0]["text"] if c["quotes"] else ""]
        for c in listed
    ]  # fmt: skip
    filters = [f"kind {kind}" for kind in list_of(look, "kind")]
    filters += [f"about {look.asked('subject')}"] if look.asked("subject") else []
    filters += ["conflicts only"] if look.asked("conflicts") == "yes" else []
    about = origin_of(look, f"claims of {found['title']}", filters=filters)
    return table_file(look, head, rows, "claims", about, case_ids=[found["case_id"]])


def _claims(look: Look, *, wait: bool = False) -> tuple[Mapping[str, Any], list[dict[str, Any]] | None]:
    """The case and its claims; None for those while the papers are being compared, unless that is waited for."""
    found = case(look.session, look.params["id"], purpose=look.purpose)
    ask = partial(
        case_claims,
        look.session,
        found["case_id"],
        subject=look.asked("subject"),
        conflicts_only=look.asked("conflicts") == "yes",
        purpose=look.purpose,
    )
    listed = ask() if wait else look.when_ready(("papers", found["case_id"]), ask)
    if listed is None:
        return found, None
    kinds = set(list_of(look, "kind")) & set(_KINDS)
    return found, [claim for claim in listed if not kinds or claim["kind"] in kinds]


def _groups(listed: Sequence[Claim]) -> list[dict[str, Any]]:
    """Claims of one subject and kind; forecast and report stand side by side and never against each other."""
    groups: dict[tuple[str, str], dict[str, Any]] = {}
    for claim in listed:
        key = (claim["subject"], claim["kind"])
        group = groups.setdefault(
            key, {"subject": claim["subject"], "kind": claim["kind"], "claims": [], "conflict": False}
        )
        words = value_words(claim)
        group["claims"].append(dict(claim) | {"words": words, "near": _near(claim, words)})
        group["conflict"] = group["conflict"] or bool(claim["conflicts_with"])
    for group in groups.values():
        group["claims"].sort(key=lambda c: (-c["independent_sources"], c["words"]))
        group["forecast"] = any(c["standing"] == "forecast" for c in group["claims"])
    return sorted(groups.values(), key=lambda g: not g["conflict"])


def value_words(claim: Claim) -> str:
    """The value of a claim as people say it."""
    value = claim["value"]
    if claim["kind"] == "date" and isinstance(value, str):
        return _date_words(value)
    if isinstance(value, Mapping) and "number" in value:
        return f"{value['number']} {value.get('noun') or ''}".strip()
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {words}" for name, words in value.items())
    return str(value)


def _date_words(value: str) -> str:
    try:
        return PartialDate.parse(value).in_words()
    except InputError:
        return value  # "Monday", a time of day: no date of its own


def _near(claim: Claim, words: str) -> str:
    """What of a claim is looked for in its quotes, so that a long one is cut around it."""
    quoted = " ".join(quote["text"] for quote in claim["quotes"]).lower()
    return next((one for one in (words, claim["subject"]) if one.lower() in quoted), "")


SCREENS: tuple[tuple[str, str, Screen], ...] = (
    ("GET", "/case/{id}/claims", claims_screen),
    ("GET", "/case/{id}/claims/table", claims_table),
)
