"""Sheets of the identification desk as PDF: the candidates for one person, and one pair field by field.

Typst sets them with the fonts that it carries; texts go in as data, so nothing in a name or a note is taken as markup.
A sheet says what it rests on and that the medical examiner or coroner decides.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from thaw.data import read_text
from thaw.record import PartialDate, Place

from .export import Origin
from .waterfall import factor_words

Document = Mapping[str, Any]


def candidate_sheet(found: Document, about: Origin) -> bytes:
    """The list as PDF bytes; `found` is the answer of `thaw identify`."""
    lane: dict[str, list[str]] = {}
    for one in high_in_lane(found["exception_lane"]):
        lane.setdefault(one["source_key"] or one["person_id"], []).append(
            f"rank {one['rank']} without {field_words(one['without']).lower()}"
        )
    content = {
        "title": f"Candidates for {title_of(found['person'])}",
        "lead": [*_counts(found), f"None of these: {share_words(found['none_of_these'])}."],
        "person": _facts(found["person"]),
        "head": ["", "Record", "Name", "Last seen or found", "Fields", "DNA", "Probability", "State"],
        "rows": [
            [
                str(c["rank"]), c["source_key"] or c["person_id"], c["name"] or "", when_where(c),
                factor_words(c["log10_support"]), dna_words(c["dna_log10_lr"]) or "", share_words(c["posterior"]),
                _STATES.get(c["state"], c["state"]),
            ]
            for c in found["candidates"]
        ],
        "notes": [f"{key}: {'; '.join(some)}" for key, some in lane.items()],
        "notes_title": "Exception lane: who would stand high if one recorded field were wrong, or two",
        "origin": [f"{name}: {words}" for name, words in about.lines(len(found["candidates"]))],
        "model": f"Model {found['model']}, inputs {found['inputs']}",
    }  # fmt: skip
    return _set(content)


def pair_sheet(found: Document, about: Origin) -> bytes:
    """A pair as PDF bytes; `found` is what the screen of a pair shows."""
    candidate = found["candidate"]
    lead = _counts(found)
    if candidate:
        lead = [
            f"Support of the fields {factor_words(candidate['log10_support'])}"
            + (f", DNA of relatives {dna}" if (dna := dna_words(candidate["dna_log10_lr"])) else "")
            + f"; rank {candidate['rank']} of {found['searched']}, "
            f"probability {share_words(candidate['posterior'])}; "
            f"none of the list: {share_words(found['none_of_these'])}.",
            *lead,
        ]
    if found["named"] == found["missing"]["person_id"]:
        lead = ["Identified: the responsible authority decided that this body is this missing person.", *lead]
    if found["standing"] is not None:
        lead = [f"Ruled out by an expert: entry {found['standing']}. The pair is not ranked.", *lead]
    content = {
        "title": f"{title_of(found['unidentified'])} beside {title_of(found['missing'])}",
        "lead": lead,
        "person": [*_facts(found["unidentified"]), *_facts(found["missing"])],
        "head": ["Field", "Unidentified", "Missing", "Support"],
        "rows": [
            [field_words(f["field"]), f["ours"] or "not known", f["theirs"] or "not known",
             "" if f["log10_bf"] is None else factor_words(f["log10_bf"])]
            for f in found["fields"]
        ],
        "notes": [_ruling(one) for one in found["rulings"]],
        "notes_title": "Rulings on this pair",
        "origin": [f"{name}: {words}" for name, words in about.lines(len(found["fields"]))],
        "model": f"Model {found['model']}, inputs {found['inputs']}",
    }  # fmt: skip
    return _set(content)


def _counts(found: Document) -> list[str]:
    return [
        f"{found['searched']} records compared; {found['ruled_out']} ruled out by an expert; in "
        f"{found['contradiction_only']} a field speaks strongly against.",
    ]


def _ruling(one: Document) -> str:
    said_by = ", ".join(part for part in (one["method"], one["expert"]) if part)
    expert = f" ({said_by})" if said_by else ""
    return f"Entry {one['entry']}, {one['at'][:10]}: {one['what']}{expert} by {one['by']}. {one['reason']}"


# What the identification compares, as two records call it: one says when a body was found, the other when somebody was
# last seen.
_FIELDS = {
    "date": "Found, last seen",
    "death": "Time of death",
    "stature": "Height",
    "ancestry": "Race or ethnicity",
    "marks": "Scars, marks, tattoos",
    "dental": "Teeth",
}
_STATES = {"open": "", "contradiction": "a field strongly against"}
_HIGH = 10


def field_words(name: str) -> str:
    """What a field of the comparison is called on a screen and on paper."""
    return _FIELDS.get(name, name.capitalize())


def high_in_lane(lane: Sequence[Document]) -> list[Document]:
    """Who would stand among the first ten if one field were wrong; of a small register everybody is in the lane."""
    return [one for one in lane if one["rank"] <= _HIGH]


def dna_words(log10_lr: float | None) -> str | None:
    """What DNA of relatives says for a pair; None where nobody has computed it."""
    if log10_lr is None:
        return None
    return "not possible, as it was modeled" if math.isinf(log10_lr) else factor_words(log10_lr)


def title_of(person: Document) -> str:
    """A person by name, else a body by when and where it was found; with the register's key."""
    if person["name"] or person["kind"] != "unidentified":
        return who(person)
    return f"body found {when_where(person)} ({who(person)})"


def who(person: Document) -> str:
    """How a sheet calls a person: name or register key."""
    return str(person["name"] or person["source_key"] or person["person_id"])


def when_where(person: Document) -> str:
    """Date and place of the last contact or the find, in words."""
    date = PartialDate.from_json(dict(person["date"])).in_words() if person["date"] else "date unknown"
    place = Place.from_json(dict(person["place"])).in_words() if person["place"] else "place unknown"
    return f"{date}, {place}"


def _facts(person: Document) -> list[str]:
    when = "found" if person["kind"] == "unidentified" else "last seen"
    return [
        f"{person['kind'].capitalize()}: {person['source_key'] or person['person_id']}, {when} {when_where(person)}"
    ]


def share_words(value: float) -> str:
    """A probability as a sheet says it."""
    if value >= 0.9995:
        return "above 99.9 %"
    if value >= 0.01:
        return f"{value * 100:.1f} %"
    if value < 1e-9:
        return "less than 1 in a billion"
    return f"1 in {1 / value:,.0f}"


def _set(content: Document) -> bytes:
    data = json.dumps(content, ensure_ascii=False, sort_keys=True)
    template = read_text("report/candidate_sheet.typ").encode()
    import typst  # its library takes 7 MB, and most who open a workbench print nothing

    made = typst.compile(template, format="pdf", ignore_system_fonts=True, sys_inputs={"data": data})
    return bytes(made[0] if isinstance(made, list) else made)
