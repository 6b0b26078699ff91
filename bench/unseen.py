"""Papers and articles of many hands, each with its answer sheet inside the text: parsed, read and scored.

The source files in tests/intake/unseen/source carry the sheet as marks, `{d:May 14|2019-05-14}`, so that each answer
is seen where it stands. `?` marks what may be found or not; a value of `-` is not judged.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from thaw.casebook import accounts
from thaw.intake import Mention, read_mentions
from thaw.intake.reading import Reading, folded
from thaw.record import PartialDate

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "intake" / "unseen"
KINDS = {"p": "person", "d": "date", "f": "phone", "l": "plate", "n": "number", "c": "count", "?": "either"}
_MARK = re.compile(r"\{([pdflnc?]):([^|}]+)(?:\|([^}]*))?\}")
# Ranks, courtesies and opening quotes that may belong to a name's place or not.
_BEFORE_A_NAME = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Det|Sgt|Lt|Dep|Rev|Ret|Fr|Deputy|Police|Chief|Detective|Sergeant|Judge|Bishop|Sheriff|"
    r"Dame|Lady|Father"
    r"|Constable|Prosecutor|Creator|Staff|DET|the|The)\b\.?\s*|[\"“#(]\s*)+"
)


@dataclass(frozen=True, slots=True)
class Want:
    """One answer of a sheet: `normal` is None when its value is not judged; kind `either` may be found or not."""

    kind: str
    text: str
    normal: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Paper:
    """A text without its marks, the day it was written (None when nobody knows), and its sheet."""

    name: str
    text: str
    written: PartialDate | None
    wants: tuple[Want, ...]


@dataclass
class Score:
    """Counts of one kind: found by the rules, right ones, those on the sheet, judged values and right values."""

    found: int = 0
    right: int = 0
    wanted: int = 0
    judged: int = 0
    valued: int = 0
    faults: list[str] = field(default_factory=list)


def papers(which: str = "*") -> Iterator[Paper]:
    """The papers whose file names begin with `which`, in the order of their names."""
    for path in sorted((FOLDER / "source").glob(f"{which}.txt")):
        yield _parsed(path.stem, path.read_text("utf-8"))


def _parsed(name: str, marked: str) -> Paper:
    head, body = marked.split("\n", 1)
    written = head.removeprefix("@written ").strip()
    text, wants, at = "", [], 0
    for mark in _MARK.finditer(body):
        text += body[at : mark.start()]
        normal = mark[3] if mark[3] is not None else mark[2]
        start = len(text)
        text += mark[2]
        wants.append(Want(KINDS[mark[1]], mark[2], None if normal == "-" else normal, start, len(text)))
        at = mark.end()
    text += body[at:]
    return Paper(name, text, None if written == "none" else PartialDate.parse(written), tuple(wants))


def mention_scores(which: str, same_value: Any) -> dict[str, Score]:
    """How well mentions of some papers fit their sheets, per kind; each paper is read without the others' names."""
    scores = {kind: Score() for kind in KINDS.values() if kind != "either"}
    for paper in papers(which):
        found = [m for m in read_mentions(paper.text, Reading(paper.written)) if m.kind in scores]
        _score(paper, found, scores, same_value)
    return scores


def _score(paper: Paper, found: list[Mention], scores: dict[str, Score], same_value: Any) -> None:
    used: set[int] = set()
    neutral = [w for w in paper.wants if w.kind == "either"]
    for mention in found:
        hit = next((i for i, w in enumerate(paper.wants) if i not in used and _fits(paper.text, mention, w)), None)
        if hit is None and any(w.start < mention.end and mention.start < w.end for w in neutral):
            continue
        score = scores[mention.kind]
        score.found += 1
        if hit is None:
            score.faults.append(
                f"{paper.name}: {mention.text!r} ({mention.normal}) is not on the sheet [{mention.rule}]"
            )
            continue
        used.add(hit)
        score.right += 1
        want = paper.wants[hit]
        if want.normal is None:
            continue
        score.judged += 1
        if same_value(mention.kind, mention.normal, want.normal):
            score.valued += 1
        else:
            score.faults.append(f"{paper.name}: {mention.text!r} read as {mention.normal}, want {want.normal}")
    for i, want in enumerate(paper.wants):
        if want.kind == "either":
            continue
        scores[want.kind].wanted += 1
        if i not in used:
            scores[want.kind].faults.append(f"{paper.name}: {want.text!r} was not found")


def _fits(text: str, mention: Mention, want: Want) -> bool:
    """Same kind, and shared by at least half of the longer one, ranks before a name left out of the count."""
    if mention.kind != want.kind:
        return False
    start, wanted = mention.start, want.start
    if mention.kind == "person":
        for lead in (_BEFORE_A_NAME.match(text, start, mention.end),):
            start = lead.end() if lead and lead.end() < mention.end else start
        lead = _BEFORE_A_NAME.match(text, wanted, want.end)
        wanted = lead.end() if lead and lead.end() < want.end else wanted
    shared = min(mention.end, want.end) - max(start, wanted)
    return shared >= 0.5 * max(mention.end - start, want.end - wanted)


def claim_sheets() -> dict[str, Any]:
    """The sheets of claims by event: those of the first two events, and those that were written after them."""
    files = sorted(FOLDER.glob("claims*.json"))
    return {event: sheet for path in files for event, sheet in json.loads(path.read_text("utf-8")).items()}


def claim_faults(event: str) -> tuple[int, int, int, list[str]]:
    """Of the claims on one event's sheet: found, those with the right documents and sources, wanted; what is wrong."""
    sheet = claim_sheets()[event]
    told = [accounts.Account.read(p.name.partition("_")[2], p.text, date=p.written) for p in papers(event + "_*")]
    claims = [(c, c.to_json()) for c in accounts.claims_of(told)]
    found = exact = 0
    faults = []
    for want in sheet["claims"]:
        hits = [j for _, j in claims if _is_claim(j, want)]
        near = [j for j in hits if set(j["documents"]) & set(want["documents"])]
        found += bool(near)
        if any(_exact(j, want) for j in near):
            exact += 1
        elif near:
            faults.append(
                f"{event}: {_named(want)} from {near[0]['documents']} ({near[0]['independent_sources']}), "
                f"want {want['documents']} ({want['independent']})"
            )
        else:
            faults.append(f"{event}: {_named(want)} was not found")
    ids = {j["claim_id"]: j for _, j in claims}
    for kind, subject, one, other in sheet["conflicts"]:
        pairs = [(j, ids[k]) for j in ids.values() for k in j["conflicts_with"] if j["kind"] == kind]
        if not any(_about(a, subject) and _value(a, one) and _value(b, other) for a, b in pairs):
            faults.append(f"{event}: conflict {kind} {subject} {one} / {other} was not found")
    for kind, subject, value, document, why in sheet["never"]:
        if any(
            j["kind"] == kind and _about(j, subject) and _value(j, value) and document in j["documents"]
            for j in ids.values()
        ):
            faults.append(f"{event}: {kind} {subject} {value} from {document}, never: {why}")
    return found, exact, len(sheet["claims"]), faults


@dataclass(frozen=True, slots=True)
class Judged:
    """Claims of one event (dates, counts, roles, places, lists; not forms of names), judged by their sentences."""

    said: int
    on_sheet: int
    false: tuple[str, ...]
    odd: int
    unjudged: tuple[str, ...]


def judged_first() -> dict[str, list[int]]:
    """Of each event before the mends: claims said, of these on the sheet, false, odd."""
    found: dict[str, list[int]] = json.loads((FOLDER / "judged.json").read_text("utf-8"))["first"]
    return found


def judged(event: str) -> Judged:
    """Today's claims of one event beside the verdicts in judged.json; what nobody has judged yet is counted apart."""
    listed = json.loads((FOLDER / "judged.json").read_text("utf-8"))["claims"]
    verdicts = {tuple(row[:5]): (row[5], row[6]) for row in listed}
    wanted = claim_sheets().get(event, {"claims": []})["claims"]
    told = [accounts.Account.read(p.name.partition("_")[2], p.text, date=p.written) for p in papers(event + "_*")]
    claims = [c.to_json() for c in accounts.claims_of(told) if c.kind in ("date", "count", "role", "place", "list")]
    false, unjudged, odd = [], [], 0
    for j in claims:
        verdict, why = verdicts.get((event, j["kind"], j["subject"], _shown(j["value"]), j["standing"]), ("", ""))
        words = f"{event}: {j['kind']} {j['subject']}: {_shown(j['value'])}"
        false += [f"{words} ({why})"] if verdict == "false" else []
        unjudged += [] if verdict else [words]
        odd += verdict == "odd"
    on_sheet = sum(any(_is_claim(j, want) for want in wanted) for j in claims)
    return Judged(len(claims), on_sheet, tuple(false), odd, tuple(unjudged))


def _shown(value: Any) -> str | None:
    if isinstance(value, dict):
        return f"{value['number']} {value['noun']}"
    return ", ".join(value) if isinstance(value, list) else value


def _named(want: dict[str, Any]) -> str:
    return f"{want['kind']} {want['subject']} {want['value']} {want.get('standing', '')}".strip()


def _is_claim(j: dict[str, Any], want: dict[str, Any]) -> bool:
    if j["kind"] != want["kind"] or not _about(j, want["subject"]) or want.get("standing") not in (None, j["standing"]):
        return False
    return _value(j, want["value"])


def _about(j: dict[str, Any], subject: str) -> bool:
    """Whether the claim is about it: every word of the sheet stands in its subject or in the noun of its value."""
    value = j["value"]
    whole = folded(f"{j['subject']} {value.get('noun', '') if isinstance(value, dict) else ''}")
    asked = folded(subject)
    if j["kind"] in ("date", "place"):
        for words, same in _SAME_EVENT.items():
            asked = re.sub(rf"\b{words}\b", same, asked) if same in whole else asked
        asked = re.sub(r"\b(?:the|an?)\s+", "", asked)
    return all(word in whole for word in asked.split())


# Words of a sheet, and the word by which the claims call the same event: other forms of one word, and its noun.
_SAME_EVENT = {
    "found": "discovery",
    "autopsies": "autopsy",
    "graduate": "graduation",
    "cleared": "clearing",
    "held": "detention",
    "prison": "detention",
    "last seen": "disappearance",
}


def _value(j: dict[str, Any], want: Any) -> bool:
    value = j["value"]
    if isinstance(value, dict):
        return str(value["number"]) == str(want)
    if isinstance(value, list):
        return isinstance(want, list) and [folded(v) for v in value] == [folded(v) for v in want]
    if j["kind"] == "person" and len(str(want).split()) == 1:
        return str(want) in str(value).split()  # some sheets give the surname alone
    if j["kind"] == "person":
        return _without_initials(str(value)) == _without_initials(str(want))
    return (
        j["kind"] in ("role", "place")
        and folded(str(want)) in folded(str(value))
        and (not str(want).startswith("creator") or str(value).startswith("creator"))
    ) or value == want


def _without_initials(name: str) -> str:
    """ "Gerald Pruett" of "Gerald A. Pruett": some sheets leave initials out."""
    words = name.split()
    return " ".join([words[0], *(w for w in words[1:] if len(w.strip(".")) > 1)])


def _exact(j: dict[str, Any], want: dict[str, Any]) -> bool:
    return sorted(j["documents"]) == sorted(want["documents"]) and want["independent"] in (
        None,
        j["independent_sources"],
    )
