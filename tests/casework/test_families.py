"""Relatives' profiles: taken in with purpose and consent, searched by remains only, gone when taken back."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from books import csv_file, imported, new_book, rows, thaw
from thaw.casework.bundle_check import verify_bundle
from thaw.casework.bundles import export
from thaw.casework.cases import cases
from thaw.casework.entries import ledger_entry
from thaw.casework.families import add_family, families, search_families, withdraw_profile
from thaw.data import read_text
from thaw.errors import AccessDenied, InputError


def invented() -> tuple[dict[str, Any], dict[str, Any]]:
    """The invented family of the sample as a family file, and its remains as a profile."""
    sample = json.loads(read_text("sample/invented_family.json"))
    genes = {
        who: {m["name"]: m["genotypes"][who] for m in sample["markers"]} for who in ("mother", "brother", "remains")
    }
    people = [{**p, "id": "son" if p["id"] == "remains" else p["id"]} for p in sample["hypotheses"][0]["individuals"]]
    references = [
        {"person": who, "purpose": "name the missing son only", "consent": "form 7", "genotypes": genes[who]}
        for who in ("mother", "brother")
    ]
    family = {"id": "Invented", "individuals": people, "missing": "son", "references": references}
    return family, {"id": "body 1", "role": "remains", "genotypes": genes["remains"]}


def written(folder: Path, name: str, document: Any) -> Path:
    (folder / name).write_text(json.dumps(document), encoding="utf-8")
    return folder / name


def test_a_family_is_found_by_remains_and_a_withdrawn_profile_is_not_used(tmp_path: Path):
    work = new_book(tmp_path / "book")
    family, remains = invented()
    made = add_family(work, written(tmp_path, "family.json", family))
    assert [p["state"] for p in made["families"][0]["profiles"]] == ["held", "held"]
    body = written(tmp_path, "body.json", remains)
    first = search_families(work, body)
    assert (first["searched"], first["results"][0]["label"], first["results"][0]["loci"]) == (1, "Invented", 20)
    assert first["results"][0]["log10_lr"] > 9

    mother = next(p for p in made["families"][0]["profiles"] if p["person"] == "mother")
    after = withdraw_profile(work, mother["profile_id"], reason="she asked")
    assert {p["person"]: p["state"] for p in after["families"][0]["profiles"]} == {
        "mother": "withdrawn",
        "brother": "held",
    }
    db = work.book.store._db
    assert db.execute("SELECT genotypes FROM dna_profiles WHERE person = 'mother'").get == "{}"
    less = search_families(work, body)
    assert less["results"][0]["log10_lr"] < first["results"][0]["log10_lr"]
    brother = next(p for p in made["families"][0]["profiles"] if p["person"] == "brother")
    withdraw_profile(work, brother["profile_id"], reason="he asked")
    assert search_families(work, body)["searched"] == 0
    with pytest.raises(InputError) as caught:
        withdraw_profile(work, mother["profile_id"], reason="again")
    assert str(caught.value) == (
        f"families: got '{mother['profile_id']}', want a profile that is held. List them with `thaw families`."
    )
    kinds = [e.leaf.kind for e in work.look("test").log([], limit=60)]
    assert (kinds.count("lab.profile"), kinds.count("identify.kinship")) == (4, 3)
    work.book.close()


def test_the_tables_are_made_again_from_the_entries(tmp_path: Path):
    work = new_book(tmp_path / "book")
    family, _ = invented()
    made = add_family(work, written(tmp_path, "family.json", family))
    withdraw_profile(work, made["families"][0]["profiles"][0]["profile_id"], reason="asked")
    before = families(work)
    work.book.close()
    assert thaw("rebuild", book=tmp_path / "book", person="Tester").code == 0
    found = thaw("families", book=tmp_path / "book", as_json=True)
    assert json.loads(found.out) == before


def test_the_register_equals_the_full_calculation(tmp_path: Path):
    from thaw.casework.families import MUTATION
    from thaw.identify import kinship_lr

    work = new_book(tmp_path / "book")
    family, remains = invented()
    add_family(work, written(tmp_path, "family.json", family))
    found = search_families(work, written(tmp_path, "body.json", remains), theta=0.01)["results"][0]["log10_lr"]
    sample = json.loads(read_text("sample/invented_family.json"))
    sample.pop("linked")
    (full,) = kinship_lr({**sample, "mutation": MUTATION})
    assert found == pytest.approx(full["log10LR_total"]["missing son"], rel=1e-12)
    work.book.close()


def test_remains_without_genotypes_are_refused(tmp_path: Path):
    work = new_book(tmp_path / "book")
    for document in ([], {"id": "body 1"}, {"genotypes": "TH01"}):
        with pytest.raises(InputError) as caught:
            search_families(work, written(tmp_path, "x.json", document))
        assert str(caught.value) == (
            "x.json: got a document of another form, want id and genotypes of unidentified remains. "
            "See docs/methods/kinship.md."
        )
    work.book.close()


def test_only_remains_are_searched_among_families(tmp_path: Path):
    work = new_book(tmp_path / "book")
    family, remains = invented()
    add_family(work, written(tmp_path, "family.json", family))
    for role in ("scene", "relative", "suspect"):
        with pytest.raises(AccessDenied) as caught:
            search_families(work, written(tmp_path, "x.json", {**remains, "role": role}))
        assert str(caught.value) == (
            f"profile of body 1: got the role '{role}', want remains. "
            "Relatives gave their profiles to name the missing, and for nothing else."
        )
    work.book.close()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"consent": ""},
            "family.json, reference 1: got no consent, want where the signed consent is kept. "
            "A profile is taken in with its consent only.",
        ),
        (
            {"purpose": " "},
            "profile of mother: got no purpose, want the purpose that the person agreed to. "
            "A relative's profile without one must not be used.",
        ),
        (
            {"genotypes": {"TH01": ["6"]}},
            "family.json, reference 1, TH01: got 1 allele, want two alleles. "
            "Leave the locus out if it was not typed fully.",
        ),
        (
            {"person": "aunt"},
            "family Invented: got a profile of 'aunt', who is not in the pedigree, want members of the family. "
            "Add them.",
        ),
    ],
)
def test_what_must_not_be_kept_is_refused_before_anything_is_written(
    tmp_path: Path, change: dict[str, Any], message: str
):
    work = new_book(tmp_path / "book")
    family, _ = invented()
    family["references"][0] |= change
    with pytest.raises((InputError, AccessDenied)) as caught:
        add_family(work, written(tmp_path, "family.json", family))
    assert str(caught.value) == message
    assert families(work)["families"] == []
    work.book.close()


def test_a_family_of_a_hidden_case_is_not_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    import importlib

    from thaw.store import Visible

    work = new_book(tmp_path / "book")
    imported(work, csv_file(tmp_path / "a.csv", rows(2)))
    family, remains = invented()
    made = add_family(work, written(tmp_path, "family.json", family), case_id="shr-map:1")
    case_id = made["families"][0]["case_id"]
    assert search_families(work, written(tmp_path, "body.json", remains))["searched"] == 1
    hidden = Visible(hidden_cases=frozenset({case_id}))
    monkeypatch.setattr(importlib.import_module("thaw.access.view"), "visible_to", lambda actor, at: hidden)
    assert families(work)["families"] == []
    assert search_families(work, tmp_path / "body.json")["searched"] == 0
    work.book.close()


def test_the_command_in_words(tmp_path: Path):
    new_book(tmp_path / "book").book.close()
    family, remains = invented()
    added = thaw("families", "--add", written(tmp_path, "family.json", family), book=tmp_path / "book")
    assert "Invented: son is missing" in added.out
    assert "mother, held: name the missing son only" in added.out
    found = thaw("families", "--search", written(tmp_path, "body.json", remains), book=tmp_path / "book")
    assert found.out.startswith("1 families searched; support, no identification\n  1. Invented: log10 ")
    refused = thaw("families", "--withdraw", "g_x", book=tmp_path / "book")
    assert refused.err == "thaw: --reason: got no reason, want why the profile is taken back. Give one.\n"
    both = thaw("families", "--withdraw", "g_x", "--add", "y", book=tmp_path / "book")
    assert both.err == (
        "thaw: families: got several things at once, want --add, --withdraw or --search. Give one of them.\n"
    )


def test_the_bundle_of_a_case_hands_out_no_profile_of_a_relative(tmp_path: Path):
    work = new_book(tmp_path / "book")
    imported(work, csv_file(tmp_path / "register.csv", rows(3)))
    case_id = str(cases(work)[0]["case_id"])
    family, remains = invented()
    add_family(work, written(tmp_path, "family.json", family), case_id=case_id)
    search_families(work, written(tmp_path, "body.json", remains))
    export(work, tmp_path / "case.zip", case_id=case_id)
    with zipfile.ZipFile(tmp_path / "case.zip") as bundle:
        told = b"".join(bundle.read(name) for name in bundle.namelist())
    assert case_id.encode() in told
    assert b"genotypes" not in told
    assert b"form 7" not in told
    checked = verify_bundle(tmp_path / "case.zip", None, [])
    assert (checked["status"], checked["findings"]) == ("ok", [])
    work.book.close()


def test_the_entry_of_a_profile_is_shown_without_its_genotypes(tmp_path: Path):
    work = new_book(tmp_path / "book")
    family, _ = invented()
    add_family(work, written(tmp_path, "family.json", family))
    (seq, *_) = (e.leaf.seq for e in work.look("test").log([], limit=60) if e.leaf.kind == "lab.profile")
    found = ledger_entry(work, seq)["content"]
    assert (found["genotypes"], found["consent"]) == ("20 loci, not shown", "form 7")
    work.book.close()
