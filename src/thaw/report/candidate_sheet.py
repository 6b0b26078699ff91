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
        lane.setdefault(_lane_name(one), []).append(f"rank {one['rank']} without {field_words(one['without']).lower()}")
    content = {
        "title": f"Candidates for {title_of(found['person'])}",
        "invented": _invented(found["person"], *found["candidates"]),
        "lead": [*_counts(found), f"None of these: {share_words(found['none_of_these'])}."],
        "person": _facts(found["person"]),
        **_candidates(found),
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
    if seen_after_find(found["unidentified"], found["missing"]):
        lead = [f"{_capital(SEEN_AFTER)}.", *lead]
    if found["named"] == found["missing"]["person_id"]:
        lead = ["Identified: the responsible authority decided that this body is this missing person.", *lead]
    if found["standing"] is not None:
        lead = [f"Ruled out by an expert: entry {found['standing']}. The pair is not ranked.", *lead]
    content = {
        "title": _capital(f"{title_of(found['unidentified'])} beside {title_of(found['missing'])}"),
        "invented": _invented(found["unidentified"], found["missing"]),
        "lead": lead,
        "person": [*_facts(found["unidentified"]), *_facts(found["missing"])],
        "head": ["Field", "Unidentified", "Missing", "Support"],
        "widths": [0, 3, 3, 0],
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


def _candidates(found: Document) -> dict[str, Any]:
    """Head, widths (0: as wide as it must be) and rows of the list; DNA and remarks only where there are any."""
    person = found["person"]
    dated = "Last seen" if person["kind"] == "unidentified" else "Found"
    rows = [
        {
            "": str(c["rank"]),
            "Name and record": [str(c["name"] or "No name"), _marked(c, str(c["source_key"] or c["person_id"]))],
            dated: [_day_words(c), _place_words(c)],
            "Fields": factor_words(c["log10_support"]),
            "DNA": dna_words(c["dna_log10_lr"]) or "",
            "Probability": share_words(c["posterior"]),
            "Remarks": "; ".join(_remarks(person, c)),
        }
        for c in found["candidates"]
    ]
    wide = {"Name and record": 10, dated: 6, "Remarks": 7}
    kept = [n for n in ("", "Name and record", dated, "Fields", "DNA", "Probability", "Remarks")
            if n not in ("DNA", "Remarks") or any(row[n] for row in rows)]  # fmt: skip
    return {
        "head": kept,
        "widths": [wide.get(name, 0) for name in kept],
        "rows": [[row[name] for name in kept] for row in rows],
    }


def _lane_name(one: Document) -> str:
    key = str(one["source_key"] or one["person_id"])
    return _marked(one, f"{one['name']}, {key}" if one.get("name") else key)


def _remarks(person: Document, candidate: Document) -> list[str]:
    state = _STATES.get(candidate["state"], candidate["state"])
    return [words for words in (state, SEEN_AFTER if seen_after_find(person, candidate) else "") if words]


SEEN_AFTER = "last seen after this body was found"


def seen_after_find(one: Document, other: Document) -> bool:
    """Whether the missing one of two persons was seen alive after the other's body was found, if both days are right.

    A wrong date is common, so nobody is excluded by it; it is said wherever the two stand beside each other.
    """
    body, missing = (one, other) if one["kind"] == "unidentified" else (other, one)
    if (body["kind"], missing["kind"]) != ("unidentified", "missing") or not body["date"] or not missing["date"]:
        return False
    return str(missing["date"]["from"]) > str(body["date"]["to"])


def _invented(*people: Document) -> str:
    """What stands on top of a sheet with records that were made up."""
    some = [bool(one.get("invented")) for one in people]
    if not any(some):
        return ""
    return "INVENTED: nobody on this sheet exists." if all(some) else "Records marked INVENTED are of nobody."


def _marked(person: Document, words: str) -> str:
    return f"INVENTED {words}" if person.get("invented") else words


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


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
    return f"{_day_words(person)}, {_place_words(person)}"


def _day_words(person: Document) -> str:
    return PartialDate.from_json(dict(person["date"])).in_words() if person["date"] else "date unknown"


def _place_words(person: Document) -> str:
    return Place.from_json(dict(person["place"])).in_words() if person["place"] else "place unknown"


def _facts(person: Document) -> list[str]:
    when = "found" if person["kind"] == "unidentified" else "last seen"
    key = person["source_key"] or person["person_id"]
    return [_marked(person, f"{person['kind'].capitalize()}: {key}, {when} {when_where(person)}")]


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
