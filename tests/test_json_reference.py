"""docs/reference/json.md names every key that a command prints, and none that it does not print."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from books import Ran, bodies_file, csv_file, locked_pdf, missing_file, row, rows, thaw
from nibrs_lines import admin, offense, victim
from scripts.make_reference import command_names
from shr_records import record_1980
from shr_records import victim as shr_victim
from thaw.casework import open_book, session
from thaw.casework.cases import create_case

TOP = Path(__file__).resolve().parents[1]
TEXT = (TOP / "docs" / "reference" / "json.md").read_text("utf-8")
ROWS = dict(re.findall(r"^\| `([\w -]+)` \| (.*) \|$", TEXT, re.MULTILINE))
SHARED = set(re.findall(r'"(\w+)"', TEXT.partition("## Parts that several")[2]))


EXPERT = ("--by", "dna", "--expert", "Invented Lab", "--reason", "report 12")


MISSING = (
    '"MP101","7/3/84","Example","Ada","24 Years","Moab","Grand","UT","Female","White / Caucasian","1/9/24"',
    '"MP102","7/3/14","Example","Bob","64 Years","Ely","White Pine","NV","Male","Asian","1/9/24"',
)


def _keys(document: Any) -> Iterator[str]:
    parts = document if isinstance(document, list) else document.values() if isinstance(document, dict) else ()
    if isinstance(document, dict):
        yield from document
    for part in parts:
        yield from _keys(part)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """What every command that ends prints on a small invented book, by command."""
    folder = tmp_path_factory.mktemp("json")
    found: dict[str, list[Any]] = {}

    def run(command: str, *arguments: str | Path, book: Path = folder / "book") -> Any:
        ran: Ran = thaw(*command.split(), *arguments, book=book, as_json=True)
        assert ran.code in (0, 3), ran.err  # 3: a file could not be read, and the document says so
        found.setdefault(command, []).append(json.loads(ran.out))
        return found[command][-1]

    run("init")
    told_of = folder / "book" / "casebook.toml"  # in a book of a dozen cases nothing is ten times likelier
    told_of.write_text(told_of.read_text("utf-8").replace("# alert_from = 10.0", "alert_from = 1.0"), encoding="utf-8")
    run("import", csv_file(folder / "register.csv", [*rows(12), row(99, year="19x4")]))
    run("import", missing_file(folder / "missing.csv", *MISSING))
    run("import", csv_file(folder / "again.csv", rows(2)), "--dry-run")
    run("person", run("persons")[0]["person_id"])
    run("import", bodies_file(folder / "bodies.csv"))
    run("identify", "namus-unidentified:UP7", "--top", "1")
    run("together", "namus-unidentified:UP7")
    ruling = run("ruling add", "namus-unidentified:UP7", "namus-missing:MP101", *EXPERT)
    run("ruling undo", str(ruling["entry"]), "--reason", "mixed up")
    decided = ("--authority", "Invented Examiner", "--reason", "report 13")
    run("ruling name", "namus-unidentified:UP7", "namus-missing:MP101", *decided)
    (folder / "nibrs.txt").write_text("\n".join([admin(), offense("120"), victim(codes="120")]))
    run("import", folder / "nibrs.txt")
    (folder / "shr.txt").write_text(
        record_1980(agency="UT01800", month="09", victims=(shr_victim("26", "F", "W", "N"),))
    )
    run("import", folder / "shr.txt")
    run("same")
    run("rejects", "resolve", str(run("rejects")[0]["id"]), "--reason", "to test")
    case_id = run("cases")[0]["case_id"]
    run("cases", "--count")
    (other,) = run("incidents")
    run("same", case_id, other["source_key"], "--decision", "accept", "--reason", "one event")
    run("incidents")
    for name, words in (("note.txt", "A blue car was seen.\n"), ("later.txt", "A red car was seen.\n")):
        (folder / name).write_text(words, encoding="utf-8")
    run("add", folder / "note.txt", "--case", case_id, "--wait")
    run("add", folder / "later.txt", "--box", "Box 1")
    run("work")
    (tip,) = (file["sha256"] for file in run("documents") if file["file"] == "note.txt")
    run("page", tip, "1")
    run("transcribe", tip, "1", folder / "note.txt")
    run("section", tip, "1", "20")
    run("page", tip, "1")
    (folder / "locked.pdf").write_bytes(locked_pdf())
    run("add", folder / "locked.pdf", "--wait")
    run("retry")
    run("rejects")
    run("case", case_id)
    told = {"one": "Six people died on July 9, 1985. The cast includes Ada Invented and Bea Invented.\nPage 1 of 2\n"}
    told |= {"two": "Seven people died on July 10, 1985. The cast includes Ada Invented and Cora Invented.\n"}
    for name, words in told.items():
        (folder / f"{name}.txt").write_text(words, encoding="utf-8")
        run("add", folder / f"{name}.txt", "--case", case_id, "--wait")
    run("claims", "--case", case_id)
    run("gaps", case_id)
    incident = {"title": "Invented", "invented": True, "date": "1985-07", "place": {"county_fips": "49035"}}
    (folder / "incident.json").write_text(json.dumps(incident), encoding="utf-8")
    run("new", folder / "incident.json")
    alike = incident | {"weapon": "80", "circumstance": "02", "victim": {"sex": "F", "age": 23}}
    (folder / "alike.json").write_text(json.dumps(alike), encoding="utf-8")
    run("new", folder / "alike.json")
    told = run("new", folder / "alike.json")["alerts"]
    head, body = "Case,Date Found,County,State,Sex,Manner of Death", "UP9,7/20/85,Grand,Utah,Female,Homicide"
    (folder / "killed.csv").write_text(f"{head}\n{body}\n", encoding="utf-8")
    run("import", folder / "killed.csv")
    known = f"series,case\nCanal,{case_id}\nCanal,namus-unidentified:UP9\n"
    (folder / "known.csv").write_text(known, encoding="utf-8")
    run("label", folder / "known.csv")
    run("identify", "namus-unidentified:UP9", "--top", "1")
    for coder in ("Invented One", "Invented Two"):
        (folder / "coded.json").write_text('{"bound": "yes"}', encoding="utf-8")
        run("code", case_id, folder / "coded.json", "--coder", coder)
    (folder / "book" / "casebook.toml").write_text(
        told_of.read_text("utf-8").replace("# series_length = 4.0", "series_length = 1000.0"), encoding="utf-8"
    )
    run("groups")
    run("alerts")
    run("alerts dismiss", told[0]["alert_id"], "--reason", "invented")
    run("similar", "shr-map:2")  # against the series Canal
    run("link", case_id, "shr-map:2", "--decision", "reject", "--reason", "invented", "--fact", "dna_exclusion")
    run("similar", case_id)
    run("series", "--permutations", "19")
    genes = {"F": ["12", "13"], "C": ["12", "14"]}
    locus = {"name": "D1", "alleles": ["12", "13", "14"], "freqs": [0.2, 0.3, 0.5], "genotypes": genes}
    people = [{"id": "F", "sex": "M"}, {"id": "C", "father": "F", "sex": "M"}]
    apart = [{"id": "F", "sex": "M"}, {"id": "C", "sex": "M"}]
    asked = [{"name": "H1", "individuals": people}, {"name": "H2", "individuals": apart}]
    (folder / "kinship.json").write_text(json.dumps({"hypotheses": asked, "markers": [locus]}), encoding="utf-8")
    run("kinship", folder / "kinship.json")
    years = [row(500 + i, year=1980 + i % 9, month=1 + i % 12, vic_sex="Male", weapon_code="20") for i in range(40)]
    late = [row(600 + i, year=1988, month=12, weapon_code="20") for i in range(5)]
    run("import", csv_file(folder / "years.csv", [*years, *late]), "--data-set", "years")
    run("replay", "--permutations", "19")
    assert found["replay"][0]["alarms"]
    asked[0] |= {"individuals": [{"id": "M", "sex": "F"}, people[0], people[1] | {"mother": "M"}]}
    (folder / "who.json").write_text(json.dumps({"poi": "C", "hypotheses": asked, "markers": [locus]}), "utf-8")
    run("relatives", folder / "who.json", "--simulations", "100")
    family = [{"person": "F", "purpose": "name C", "consent": "form 1", "genotypes": {"TH01": ["6", "7"]}}]
    whole = {"id": "one", "individuals": people, "missing": "C", "references": family}
    (folder / "family.json").write_text(json.dumps(whole), "utf-8")
    (folder / "body.json").write_text(json.dumps({"id": "body", "genotypes": {"TH01": ["6", "9"]}}), "utf-8")
    run("families", "--add", folder / "family.json")
    run("families", "--search", folder / "body.json")
    run("search", "blue car", "--purpose", "to test")
    hit = run("search", "blue car", "--purpose", "to test")["hits"][0]
    run("search", "blue car", "--purpose", "to test", "--csv", folder / "found.csv")
    run("alike", hit["document"], "1", "--purpose", "to test")
    run("mentions", "car", "--purpose", "to test")
    run("mark", "blue car", f"{hit['ref']}/1", "--purpose", "to test")
    (folder / "names.csv").write_text("name\nblue car\n", encoding="utf-8")
    run("batch", folder / "names.csv", "--purpose", "to test")
    run("saved add", "cars", "car", "--purpose", "to test")
    (folder / "third.txt").write_text("A green car was seen.\n", encoding="utf-8")
    run("add", folder / "third.txt", "--case", case_id, "--wait")
    alert = run("saved run")["raised"][0]["alert"]
    run("saved list")
    run("saved dismiss", str(alert), "--reason", "to test")
    run("saved remove", "cars")
    (folder / "call.txt").write_text("He called 555-867-5309 twice.\n", encoding="utf-8")
    (folder / "bill.txt").write_text("A bill lists (555) 867-5309.\n", encoding="utf-8")
    run("add", folder / "call.txt", "--case", case_id, "--wait")
    run("add", folder / "bill.txt", "--new-case", "Invented: a bill", "--wait")
    work = session(open_book(folder / "book"), "Invented")
    for name in ("Terrence Holloway", "Terence Holloway"):
        create_case(work, {"case": [], "victim": [{"p": "name", "v": {"text": name}}]}, file=None)
    work.book.close()
    called = run("add", folder / "call.txt", "--case", case_id, "--wait")["files"][0]["duplicate_of"]
    he, number = (
        run("named promote", called, "1", *place, "--kind", kind)["mention_id"]
        for place, kind in ((("0", "2"), "person"), (("10", "22"), "phone"))
    )
    run("named rename", he, "the caller", "--reason", "to test")
    run("named merge", he, number, "--reason", "to test")
    run("named split", he, number, "--reason", "to test")
    run("named withdraw", he, "--reason", "to test")
    run("named undo", he, "--reason", "to test")
    run("named list")
    pair = run("namesakes list")["proposals"][0]
    ids = [pair[side]["person_id"] for side in ("one", "other")]
    run("namesakes decide", *ids, "--decision", "accept", "--reason", "to test")
    run("namesakes undo", *ids, "--reason", "to test")
    crossing = run("crossings")["crossings"][0]["crossing"]
    run("crossings", "--watch")
    run("crossings", "--dismiss", crossing, "--reason", "to test")
    run("log")
    run("checkpoint")
    run("verify")
    run("backup", folder / "backup")
    run("restore", folder / "backup", book=folder / "restored")
    run("rebuild")
    _outside(run, folder, case_id)
    return found


def _outside(run: Any, folder: Path, case_id: str) -> None:
    """The commands for those outside: a witness by file and one that is silent, a bundle, an order, new keys."""
    state = folder / "witness"
    made = run("witness init", "witness.invented.example/w1", "--state", state)
    lines = [f"witness W1 {made['public_key']} http://127.0.0.1:9", "quorum W1"]
    log = run("policy")["policy"].partition("\nlog ")[2].partition("\n")[0]
    (folder / "policy.txt").write_text("\n".join([f"log {log}", *lines]) + "\n")
    (state / "policy.txt").write_text(f"log {log}\nquorum none\n")
    settings = (folder / "book" / "casebook.toml").read_text()
    settings = settings.replace('# policy = ""', f'policy = "{folder}/policy.txt"').replace(
        "# cooling_off_hours = 72.0", "cooling_off_hours = 0"
    )
    (folder / "book" / "casebook.toml").write_text(settings)
    run("witness request", "W1", "--out", folder / "request")
    run("witness answer", folder / "request", "--out", folder / "answer", "--state", state)
    run("witness take", "W1", folder / "answer")
    (folder / "refusal").write_text("refused 422\nno\n")
    run("witness take", "W1", folder / "refusal")
    (folder / "policy.txt").write_text("\n".join([f"log {log}", lines[0].replace(":9", ":1"), lines[1]]) + "\n")
    run("witness send")
    run("witness status")
    run("export", folder / "bundle.zip")
    run("certify", "--out", folder / "certificate.txt")
    run("nightly")
    run("seal hold", case_id, "--reason", "to test")
    run("seal hold", case_id, "--reason", "to test", "--lift")
    run("seal dry-run", "--case", case_id)
    order = run("seal order", "--case", case_id, "--number", "1", "--approved-by", "A", "--approved-by", "B")["order"]
    run("seal destroy", str(order))
    run("key rotate", "--key", folder / "two.key", "--reason", "to test")
    run("key lost", "--key", folder / "three.key", "--reason", "to test")


def test_every_command_has_a_row():
    assert sorted(ROWS) == sorted(command_names())


@pytest.mark.parametrize(
    "command", sorted(set(ROWS) - {"serve", "witness serve", "demo"})
)  # these two have tests of their own
def test_the_row_of_a_command_names_the_keys_that_it_prints(command: str, printed: dict[str, list[Any]]):
    said = set(re.findall(r'"(\w+)"', ROWS[command]))
    keys = set(_keys(printed[command]))
    assert keys - said - SHARED == set(), "printed, but not in docs/reference/json.md"
    finding = {"kind", "seq", "detail"} if command in ("verify", "nightly") else set()
    assert said - keys == finding, "in docs/reference/json.md, but not printed"


def test_a_failing_command_prints_the_four_parts_of_its_error(tmp_path: Path):
    ran = thaw("cases", book=tmp_path / "nothing", as_json=True)
    assert {key: sorted(parts) for key, parts in json.loads(ran.out).items()} == {
        "error": ["fix", "got", "want", "where"]
    }
