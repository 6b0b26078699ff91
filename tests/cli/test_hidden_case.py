"""A case that a reader may not see: every command answers as if it had never existed.

Two books are made in the same way, one with a hidden case, one without. Every command is run on both, and the documents
and messages are compared. What differs of necessity is left out of the comparison, and why stands in `NECESSARY`.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from books import Ran, csv_file, imported, line, line_file, new_book, row, rows, text_pdf, thaw
from scripts.make_reference import command_names
from thaw.casework.documents import add_documents
from thaw.casework.same_case_decision import decide_same_case
from thaw.data import data_path
from thaw.store import Visible

# Keys whose values differ between any two books, or because entries are numbered through.
NECESSARY: Mapping[str, str] = {
    "seq": "entries are numbered through: whoever sees a gap sees that somebody did something, not what",
    "id": "of a reject: the number of its entry",
    "digest": "over the random ids of what was found",
    "entry": "the number of the entry behind a statement",
    "supersedes": "the number of an entry",
    "entries": "the tree counts all entries, as it must to be verified",
    "size": "as `entries`",
    "root": "the digest of all entries",
    "note": "holds size, root and a signature over them",
    "at": "time",
    "seconds": "time",
    "actor": "a pseudonym under the book's own random secret",
    "origin": "random for each book",
    "public_key": "random for each book",
    "inputs": "a digest over the cases that were compared, whose ids are random for each book",
    "book": "the folder's name",
    "backup": "the folder's name",
    "heartbeat": "the number of an entry",
    "policy": "names the log's public key",
    "old_public_key": "as `public_key`",
}


@dataclass
class Pair:
    """Two books that must answer alike: in `veiled` one case is hidden, in `bare` it never existed."""

    veiled: Path
    bare: Path
    hidden: str
    names: dict[str, dict[str, str]]

    def both(self, command: Callable[[Path], list[str]], *, as_json: bool) -> tuple[Ran, Ran]:
        return tuple(  # type: ignore[return-value]
            thaw(*command(book), book=book, as_json=as_json, person="Reader") for book in (self.veiled, self.bare)
        )


def fill(book: Path, files: Path, *, with_hidden: bool) -> dict[str, str]:
    """Fill a book; returns names by which the random ids of its cases, people and incidents can be compared."""
    work = new_book(book, person="Chief")
    # The hidden case comes first, so that others are folded into it and its incident is known before theirs.
    secret_row = line(13, incident_num=4, month=5, vic_age=33, agency="Invented Hidden City")
    imported(work, line_file(files / "first.csv", *([secret_row] if with_hidden else [])))
    imported(work, csv_file(files / "register.csv", rows(12)))
    tip, scan = files / "tip.txt", files / "report.pdf"
    tip.write_text("A red car by the canal.")
    scan.write_bytes(text_pdf("The canal again"))
    # One after the other, so that both books have their entries in the same order.
    add_documents(work, [tip, scan], case_id="shr-map:2", wait=True, workers=1)
    if with_hidden:
        secret = files / "secret.txt"
        secret.write_text(SECRET_WORDS)
        add_documents(work, [secret], case_id="shr-map:13", wait=True, workers=1)
        decide_same_case(work, "shr-map:3", "shr-map:13", same=True, reason="invented")
    else:
        work.look("same case", about="shr-map:3")
    imported(work, line_file(files / "bad.csv", "cut off"))
    db = work.book.store._db
    names = {}
    for case_id, key, incident in db.execute("SELECT case_id, source_key, incident_id FROM cases"):
        names |= {case_id: f"<case {key}>", incident: "<incident>"}
    work.book.close()
    return {given: name for given, name in names.items() if given and name}


# The face of the room gives the function of the same name, so the module is found by its path.
VIEW = importlib.import_module("thaw.access.view")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, dict[str, str]]]:
    folder, names = tmp_path_factory.mktemp("pair"), {}
    for name in ("veiled", "bare"):
        for part in (folder / name, folder / f"{name}-files"):
            part.mkdir()
        names[name] = fill(folder / name / "book", folder / f"{name}-files", with_hidden=name == "veiled")
    return folder, names


@pytest.fixture
def pair(made: tuple[Path, dict[str, dict[str, str]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pair:
    folder, names = made
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    hidden = next(given for given, name in names["veiled"].items() if name == "<case shr-map:13>")
    names = {book: {given: name for given, name in n.items() if given != hidden} for book, n in names.items()}
    monkeypatch.setattr(VIEW, "visible_to", lambda actor, at: Visible(hidden_cases=frozenset({hidden})))
    return Pair(tmp_path / "veiled" / "book", tmp_path / "bare" / "book", hidden, names)


def files_of(book: Path) -> Path:
    return book.parent.parent / f"{book.parent.name}-files"


def comparable(book: str, pair: Pair, value: Any) -> Any:
    """The document without what differs of necessity, random ids replaced by what they name."""
    if isinstance(value, dict):
        kept = {k: v for k, v in value.items() if k not in NECESSARY}
        return {plain(book, pair, k): comparable(book, pair, v) for k, v in kept.items()}
    if isinstance(value, list):
        return [comparable(book, pair, item) for item in value]
    return plain(book, pair, value) if isinstance(value, str) else value


def plain(book: str, pair: Pair, text: str) -> str:
    for given, name in pair.names[book].items():
        text = text.replace(given, name)
    text = re.sub(r"\b[cpi]_[a-z2-7]{16}\b", lambda m: m[0] if m[0] == pair.hidden else "<new id>", text)
    return text.replace(f"{pair.veiled.parent.parent}/{book}", "<folder>")


ID = "<hidden id>"
SECRET_WORDS = "The canal, the canal, and the red car of an informant."
SECRET = hashlib.sha256(SECRET_WORDS.encode()).hexdigest()
CALLS: Mapping[str, list[list[str]]] = {
    "init": [["init"]],
    "import": [["import", "{files}/newer.csv"], ["import", "--dry-run", "{files}/newer.csv"]],
    "rejects": [["rejects"]],
    "add": [
        ["add", "{files}/other.txt", "--case", ID],
        ["add", "{files}/other.txt", "--case", "shr-map:13"],
        ["add", "{files}/other.txt", "--case", "shr-map:2", "--wait"],
        ["add", "{files}/other.txt", "--new-case", "Invented box"],
    ],
    "work": [["work"], ["work", "--pause"], ["work", "--resume"], ["work", "--first", SECRET]],
    "retry": [["retry"], ["retry", SECRET]],
    "documents": [["documents"], ["documents", "--case", ID], ["documents", "--state", "read"]],
    "page": [["page", SECRET, "1"]],
    "transcribe": [["transcribe", SECRET, "1", "{files}/other.txt"]],
    "section": [["section", SECRET, "1", "11"]],
    "cases": [
        ["cases"],
        ["cases", "--count"],
        ["cases", "--count", "--where", "weapon=80"],
        ["cases", "--where", "source_key=shr-map:13"],
        ["cases", "--where", f"case_id={ID}"],
        ["cases", "--where", "victim.age=33"],
        ["cases", "--where", "agency_name=Invented Hidden City", "--count"],
    ],
    "case": [["case", ID], ["case", "shr-map:13"], *(["case", f"shr-map:{n}"] for n in (2, 3, 4))],
    "persons": [["persons"], ["persons", "--where", "kind=missing"]],
    "incidents": [["incidents"]],
    "same": [["same"], ["same", "--all"], ["same", "shr-map:13", "shr-map:2", "--decision", "accept", "--reason", "x"]],
    "person": [["person", "namus-missing:MP101"], ["person", ID], ["person", "shr-map:13"]],
    "identify": [["identify", "namus-missing:MP101"], ["identify", ID], ["identify", "shr-map:13"]],
    "together": [["together", ID], ["together", "--where", "place.state=UT"]],
    "ruling add": [["ruling", "add", ID, "namus-missing:MP101", "--by", "dna", "--expert", "x", "--reason", "y"]],
    "ruling name": [["ruling", "name", ID, "namus-missing:MP101", "--authority", "x", "--reason", "y"]],
    "ruling undo": [["ruling", "undo", "3", "--reason", "x"]],
    "new": [["new", str(data_path("sample/invented_incident.json"))]],
    "similar": [
        ["similar", ID],
        ["similar", "shr-map:13"],
        ["similar", "shr-map:3", "--top", "50"],
        ["similar", "shr-map:4", "--top", "50"],
        ["similar", "shr-map:4", "--where", "victim.age=33"],
        ["similar", "--incident", str(data_path("sample/invented_incident.json")), "--top", "50"],
    ],
    "series": [
        ["series", "--permutations", "19", "--top", "50"],
        ["series", "--permutations", "19", "--map", "--top", "50"],
        ["series", "--permutations", "19", "--from", "1985", "--where", "weapon=20"],
    ],
    "kinship": [["kinship", str(data_path("sample/invented_family.json"))]],
    "alerts": [["alerts"], ["alerts", "--state", "all"]],
    "alerts dismiss": [["alerts", "dismiss", "a_none", "--reason", "test"]],
    "alike": [["alike", "{files}", "1", "--purpose", "test"]],
    "batch": [["batch", "{files}/names.csv", "--purpose", "test"]],
    "claims": [["claims"], ["claims", "--case", ID], ["claims", "hidden"], ["claims", "--conflicts"]],
    "crossings": [["crossings"], ["crossings", "--case", ID], ["crossings", "--case", "shr-map:2"]],
    "gaps": [["gaps", ID], ["gaps", "shr-map:13"], ["gaps", "shr-map:2"]],
    "mark": [["mark", "canal", "1/1", "--purpose", "test"]],
    "mentions": [["mentions", "hidden", "--purpose", "test"], ["mentions", "informant", "--purpose", "test"]],
    "saved add": [["saved", "add", "a", "canal", "--purpose", "test"]],
    "saved list": [["saved", "list"]],
    "saved run": [["saved", "run"]],
    "saved dismiss": [["saved", "dismiss", "1", "--reason", "test"]],
    "saved remove": [["saved", "remove", "a"]],
    "named list": [["named", "list"], ["named", "list", "--case", ID]],
    "named promote": [["named", "promote", SECRET, "1", "0", "3"]],
    "named rename": [["named", "rename", "m_x", "A", "--reason", "test"]],
    "named merge": [["named", "merge", "m_x", "m_y", "--reason", "test"]],
    "named split": [["named", "split", "m_x", "m_y", "--reason", "test"]],
    "named withdraw": [["named", "withdraw", "m_x", "--reason", "test"]],
    "named undo": [["named", "undo", "m_x", "--reason", "test"]],
    "namesakes list": [["namesakes", "list"]],
    "namesakes decide": [["namesakes", "decide", "p_x", "p_y", "--decision", "accept", "--reason", "test"]],
    "namesakes undo": [["namesakes", "undo", "p_x", "p_y", "--reason", "test"]],
    "link": [
        ["link", ID, "shr-map:2", "--decision", "accept", "--reason", "test"],
        ["link", "shr-map:13", "shr-map:2", "--decision", "accept", "--reason", "test"],
        ["link", "shr-map:3", "shr-map:2", "--decision", "reject", "--reason", "test"],
    ],
    "groups": [["groups"]],
    "label": [["label", "{files}/known.csv"], ["label", "{files}/hidden.csv"]],
    "code": [["code", f"shr-map:{n}", "{files}/coded.json"] for n in (13, 3)],
    "replay": [["replay", "--permutations", "19"]],
    "families": [["families"]],
    "relatives": [["relatives", str(data_path("sample/invented_family.json")), "--simulations", "100"]],
    "search": [
        ["search", "hidden", "--purpose", "test"],
        ["search", "informant", "--purpose", "test"],
        ["search", "shr-map:13", "--purpose", "test"],
        ["search", "canal", "--purpose", "test", "--case", ID],
        ["search", "canal", "--purpose", "test", "--case", "shr-map:2"],
        ["search", "canal", "--purpose", "test"],
        ["search", "strangulation", "--purpose", "test", "--top", "3"],
    ],
    "log": [
        ["log"],
        ["log", "--limit", "5"],
        ["log", "--case", ID],
        ["log", "--case", "shr-map:13"],
        ["log", "--case", "shr-map:3"],
        ["log", "--case", "shr-map:4"],
        ["log", "--actor", "Chief"],
    ],
    "checkpoint": [["checkpoint"]],
    "verify": [["verify"], ["verify", "--all"]],
    "backup": [["backup", "{files}/copy"]],
    "restore": [["restore", "{files}"]],
    "rebuild": [["rebuild"]],
    "export": [["export", "{files}/a.zip", "--case", ID], ["export", "{files}/b.zip", "--case", "shr-map:13"]],
    "certify": [["certify"]],
    "nightly": [["nightly"]],
    "policy": [["policy"]],
    "witness init": [["witness", "init", "witness.invented.example/w1", "--state", "{files}"]],
    "witness serve": [["witness", "serve", "--state", "{files}"]],
    "witness answer": [["witness", "answer", "{files}/x", "--out", "{files}/y", "--state", "{files}"]],
    "witness status": [["witness", "status"]],
    "witness send": [["witness", "send"]],
    "witness request": [["witness", "request", "W1", "--out", "{files}/x"]],
    "witness take": [["witness", "take", "W1", "{files}/x"]],
    "seal dry-run": [
        ["seal", "dry-run", "--case", ID],
        ["seal", "dry-run", "--case", "shr-map:13"],
        ["seal", "dry-run", "--case", "shr-map:2"],
    ],
    "seal order": [
        ["seal", "order", "--case", ID, "--number", "1", "--approved-by", "A", "--approved-by", "B"],
        ["seal", "order", "--case", "shr-map:2", "--number", "1", "--approved-by", "A"],
    ],
    "seal destroy": [["seal", "destroy", "3"]],
    "seal hold": [["seal", "hold", ID, "--reason", "test"], ["seal", "hold", "shr-map:2", "--reason", "test"]],
    "key rotate": [["key", "rotate", "--key", "{files}/new.key", "--reason", "test"]],
    "key lost": [["key", "lost", "--key", "{files}/new.key", "--reason", "test"]],
    "demo": [["demo", "--no-serve"]],
    "serve": [["serve"]],
}


def test_every_command_is_in_the_list() -> None:
    assert {call.split()[0] for call in CALLS} == {command.split()[0] for command in command_names()}


@pytest.fixture(autouse=True)
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    # What the screens show is compared in tests/web; here only that the command says nothing of its own.
    def serve_nothing(session: Any, *, port: int, announce: Callable[[str], None]) -> None:
        announce("http://127.0.0.1:1/open/x")

    monkeypatch.setattr("thaw.web.serve_book", serve_nothing)


@pytest.mark.parametrize("command", sorted(CALLS))
def test_a_hidden_case_leaves_no_trace_in_any_document_or_message(pair: Pair, command: str) -> None:
    for book in (pair.veiled, pair.bare):
        csv_file(files_of(book) / "newer.csv", [*rows(12)[:-1], row(14)])
        (files_of(book) / "names.csv").write_text("name\nhidden\ninformant\ncanal\n")
        (files_of(book) / "other.txt").write_text("Another text on the canal.")
        (files_of(book) / "known.csv").write_text("series,case\nCanal,shr-map:3\nCanal,shr-map:2\n")
        (files_of(book) / "hidden.csv").write_text("series,case\nCanal,shr-map:13\n")
        (files_of(book) / "coded.json").write_text('{"bound": "yes"}')
    for call in CALLS[command]:
        filled = lambda book, call=call: [  # noqa: E731
            part.replace("{files}", str(files_of(book))).replace(ID, pair.hidden) for part in call
        ]
        veiled, bare = pair.both(filled, as_json=True)
        shown = comparable("veiled", pair, veiled.document), comparable("bare", pair, bare.document)
        for document in shown if command == "certify" else ():
            # Its text holds size, root, key and time.
            del document["text"], document["sha256"]
        assert shown[0] == shown[1], call
        assert (veiled.code, plain("veiled", pair, veiled.err)) == (bare.code, plain("bare", pair, bare.err)), call
        assert "Invented Hidden City" not in veiled.out.replace("agency_name=Invented Hidden City", "")
        for folder in (files_of(pair.veiled) / "copy", files_of(pair.bare) / "copy"):
            shutil.rmtree(folder, ignore_errors=True)


def test_the_case_is_there_for_who_may_see_it(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(VIEW, "visible_to", lambda actor, at: Visible())
    found = thaw("case", pair.hidden, book=pair.veiled, as_json=True).document
    assert "shr-map:13" in found["source_keys"]
    hits = thaw("search", "informant", "--purpose", "test", book=pair.veiled, as_json=True).document
    assert hits["total"] == 1
    assert json.dumps(found).count("Invented Hidden City")


def test_the_score_of_a_hit_does_not_depend_on_hidden_texts(pair: Pair) -> None:
    veiled, bare = pair.both(lambda book: ["search", "canal", "--purpose", "test"], as_json=True)
    assert [hit["score"] for hit in veiled.document["hits"]] == [hit["score"] for hit in bare.document["hits"]]
