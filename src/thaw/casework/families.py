"""`thaw families`: relatives' profiles with purpose and consent, their withdrawal, and the search for remains.

Each profile is an entry `lab.profile` with what it was given for; a withdrawal is one too, and takes the genotypes out
of the tables at once. A search reads held profiles only and hands them on as relatives' profiles with their purpose.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from thaw.access import View
from thaw.errors import InputError
from thaw.identify import FamilyRegister, RemainsProfile, read_family, read_genotypes
from thaw.record import new_ids
from thaw.store import Draft, Where

from .book import Session, name_of, scope_of
from .kinship import pair_result, read_json
from .person_records import person_of_kind

MUTATION = {
    "model": "stepwise",
    "female": {"rate": 0.001, "rate2": 1e-6, "range": 0.1},
    "male": {"rate": 0.002, "rate2": 1e-6, "range": 0.1},
}


def families(session: Session, *, purpose: str = "") -> dict[str, Any]:
    """The families that this person may see, with who gave a profile for what; no genotypes."""
    view = session.look(purpose, kind="access.list", detail={"command": "families"})
    return _document(view, None)


def add_family(
    session: Session, file: Path, *, case_id: str | None = None, missing: str | None = None, purpose: str = ""
) -> dict[str, Any]:
    """Take in a family file; the answer of `thaw families --add`.

    missing  id or source key of the missing person of a register whom the family misses
    Raises InputError for a file of another form, an unknown case or an unknown person, AccessDenied for a profile
    without a purpose.
    """
    document = read_json(file)
    read_family(document, name_of(file))  # refuses what must not be kept
    view = session.look(purpose, detail={"command": "families", "file": name_of(file)}, about=case_id)
    person = person_of_kind(view, missing, "missing") if missing else None
    (family_id,) = new_ids("f", 1)
    family = {
        "id": family_id,
        "label": str(document.get("id") or name_of(file)),
        "missing": str(document["missing"]),
        "individuals": document["individuals"],
    }
    if person is not None:
        family["person"] = person["person_id"]
    given = document["references"]
    drafts = [
        _entered(session, family, profile_id, reference, view.about)
        for profile_id, reference in zip(new_ids("g", len(given)), given, strict=True)
    ]
    session.book.store.append(*drafts)
    return _document(_again(session, purpose), None)


def _entered(
    session: Session, family: Mapping[str, Any], profile_id: str, reference: Mapping[str, Any], case_id: str | None
) -> Draft:
    payload = {
        "database": "families",
        "action": "enter",
        "rule": "compared with unidentified remains, to name the missing, and with nothing else",
        "family": family,
        "profile": profile_id,
        "person": str(reference["person"]),
        "purpose": str(reference["purpose"]),
        "consent": str(reference["consent"]),
        "genotypes": {locus: list(pair) for locus, pair in read_genotypes(reference["genotypes"]).items()},
    }
    return session.draft("lab.profile", payload | ({"scope": {"case": case_id}} if case_id else {}), obj=profile_id)


def withdraw_profile(session: Session, profile_id: str, *, reason: str, purpose: str = "") -> dict[str, Any]:
    """A relative takes their profile back: no search reads it any more; the answer of `thaw families --withdraw`.

    Raises InputError for a profile that is not there, or was withdrawn before.
    """
    view = session.look(purpose, detail={"command": "families", "asked": profile_id})
    rows = view.select("dna_profiles", ["entry", "state", "case_id"], [Where("profile_id", "=", profile_id)])
    if not rows or rows[0][1] != "held":
        raise InputError(
            where="families", got=repr(profile_id), want="a profile that is held", fix="List them with `thaw families`."
        )
    payload = {"database": "families", "action": "withdraw", "profile": profile_id, "reason": reason}
    scope = {"scope": {"case": rows[0][2]}} if rows[0][2] else {}
    session.book.store.append(session.draft("lab.profile", payload | scope, obj=profile_id, prev=rows[0][0]))
    return _document(_again(session, purpose), None)


def search_families(
    session: Session,
    file: Path,
    *,
    population: str = "nist1036/Caucasian",
    theta: float = 0.0,
    top: int = 10,
    unidentified: str | None = None,
    purpose: str = "",
) -> dict[str, Any]:
    """One profile of unidentified remains against every family; the answer of `thaw families --search`.

    unidentified  id or source key of the body of a register that the profile is of: what is found of the persons whom
                  the families miss then stands in `thaw identify`
    file  JSON `{"id", "genotypes": {locus: [allele, allele]}}`; a `role` other than remains is refused
    Raises InputError for another form, AccessDenied for a profile of another role.
    """
    document = read_json(file)
    remains = _remains(document, name_of(file))
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    detail = {
        "command": "families", "file": name_of(file), "sha256": digest, "population": population, "theta": theta,
    }  # fmt: skip
    view = session.look(purpose, kind="access.search", detail=detail)
    body = person_of_kind(view, unidentified, "unidentified") if unidentified else None
    register, labels = _register(session, view, population, theta, list(remains.genotypes))
    found = register.search(remains, top=top)
    results = [
        {"rank": n, "family_id": f.family, "label": labels[f.family], "log10_lr": _plain(f.log10_lr), "loci": f.loci}
        for n, f in enumerate(found, 1)
    ]
    warnings = [*register.set_aside(remains), *register.aside]
    answer = {"searched": len(register.ids), "results": results, "warnings": warnings}
    told = json.dumps(answer, sort_keys=True).encode()
    kept = {**detail, "mutation": "stepwise"}
    if body is not None:
        kept |= _pairs(view, body, results)
    view.record_result(
        "identify.kinship", kept, [f.family for f in found], len(register.ids), hashlib.sha256(told).hexdigest()
    )
    return _document(view, answer)


def _pairs(view: View, body: Mapping[str, Any], results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What the run says of this body and the persons of registers whom the families found miss."""
    missed = {
        family_id: (person_id, case_id)
        for family_id, person_id, case_id in view.select("dna_families", ["family_id", "person_id", "case_id"])
        if person_id
    }
    pairs = [
        pair_result(body, missed[one["family_id"]][0], one["log10_lr"], one["loci"], family=one["family_id"])
        for one in results
        if one["family_id"] in missed
    ]
    cases = (missed[one["family_id"]][1] for one in results if one["family_id"] in missed)
    return {"pairs": pairs, **scope_of([body["case_id"], *cases])}


def _plain(log10: float) -> float | None:
    return None if log10 == float("-inf") else log10


def _remains(document: Any, where: str) -> RemainsProfile:
    if not isinstance(document, Mapping) or not isinstance(document.get("genotypes"), Mapping):
        raise InputError(
            where=where,
            got="a document of another form",
            want="id and genotypes of unidentified remains",
            fix="See docs/methods/kinship.md.",
        )
    return RemainsProfile.of_role(
        str(document.get("id") or where), read_genotypes(document["genotypes"]), str(document.get("role") or "remains")
    )


def _register(
    session: Session, view: View, population: str, theta: float, loci: Sequence[str]
) -> tuple[FamilyRegister, dict[str, str]]:
    """The tables for what this reader may see; kept until an entry changes them."""
    key = ("families", view.changed_seq("families"), view.visible, population, theta, tuple(sorted(loci)))
    kept = session.book.cache.get("families")
    if kept is None or kept[0] != key:
        people = view.select("dna_families", ["family_id", "label", "missing", "individuals"], order=["family_id"])
        held = view.select(
            "dna_profiles", ["family_id", "person", "purpose", "consent", "genotypes"], [Where("state", "=", "held")]
        )
        made = []
        for family_id, _, missing, individuals in people:
            references = [
                {"person": who, "purpose": why, "consent": consent, "genotypes": json.loads(genes)}
                for home, who, why, consent, genes in held
                if home == family_id
            ]
            if references:
                document = {"id": family_id, "missing": missing, "individuals": json.loads(individuals)}
                made.append(read_family({**document, "references": references}, family_id))
        register = FamilyRegister.of_population(made, population, loci, MUTATION, theta=theta)
        # With its key in one piece: two who ask at once must not get each other's tables.
        kept = session.book.cache["families"] = (key, (register, {row[0]: row[1] for row in people}))
    found: tuple[FamilyRegister, dict[str, str]] = kept[1]
    return found


def _again(session: Session, purpose: str) -> View:
    return session.look(purpose, kind="access.list", detail={"command": "families"})


def _document(view: View, answer: Mapping[str, Any] | None) -> dict[str, Any]:
    profiles = view.select(
        "dna_profiles",
        ["family_id", "profile_id", "person", "purpose", "consent", "state", "loci"],
        order=["family_id", "person"],
    )
    names = ("profile_id", "person", "purpose", "consent", "state", "loci")
    listed = [
        {
            "family_id": family_id,
            "label": label,
            "case_id": case_id,
            "missing": missing,
            "person_id": person_id,
            "profiles": [dict(zip(names, row[1:], strict=True)) for row in profiles if row[0] == family_id],
        }
        for family_id, label, case_id, missing, person_id in view.select(
            "dna_families", ["family_id", "label", "case_id", "missing", "person_id"], order=["label", "family_id"]
        )
    ]
    return {"families": listed, "searched": None, "results": [], "warnings": [], **(answer or {})}
