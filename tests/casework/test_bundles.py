"""Bundles: an honest one holds for both programs; a changed, swapped or hostile one is named or refused."""

from __future__ import annotations

import ast
import importlib.util
import io
import json
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from books import csv_file, new_book, rows
from shared_files import shared
from thaw.casework.bundle_check import verify_bundle
from thaw.casework.bundles import export
from thaw.casework.documents import add_documents
from thaw.casework.importing import import_files
from thaw.casework.log_key import rotate
from thaw.data import data_path
from thaw.errors import InputError
from thaw.ledger import Checkpoint, SigningKey, sign_checkpoint

PROGRAM = data_path("bundle/verify.py")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A book with rows, a document and a change of key; its bundle, and that of one case."""
    folder = tmp_path_factory.mktemp("bundle")
    work = new_book(folder / "book")
    import_files(work, [csv_file(folder / "a.csv", rows(300))])
    (folder / "tip.txt").write_text("A red car near the invented canal.")
    case_id = add_documents(work, [folder / "tip.txt"], new_title="An invented case", wait=True)["case_id"]
    early = work.book.store.newest_note()
    rotate(work, folder / "two.key", reason="to test")
    export(work, folder / "all.zip", purpose="to test")
    export(work, folder / "case.zip", case_id=case_id, purpose="to test")
    (folder / "policy.txt").write_text(f"log {work.book.store.first_key.vkey}\nquorum none\n")
    (folder / "early").write_text(early)
    work.book.close()
    return folder


def run(*arguments: str | Path) -> tuple[int, dict]:
    ran = subprocess.run([sys.executable, str(PROGRAM), *map(str, arguments), "--json"], capture_output=True, text=True)
    assert ran.stderr == ""
    return ran.returncode, json.loads(ran.stdout)


def changed(made: Path, out: Path, change, name: str = "all.zip") -> Path:
    """The bundle with its members changed by a function from name and bytes to bytes, or None to leave one out."""
    with zipfile.ZipFile(made / name) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            data = change(info.filename, old.read(info))
            if data is not None:
                new.writestr(info.filename, data)
    return out


@pytest.mark.parametrize("name", ["all.zip", "case.zip"])
def test_an_honest_bundle_holds_for_both_programs(made, name):
    code, report = run(made / name, "--policy", made / "policy.txt")
    assert (code, report["status"], report["findings"], report["files_checked"]) == (0, "ok", [], 2)
    own = verify_bundle(made / name, (made / "policy.txt").read_text(), [])
    assert (own["status"], own["findings"]) == ("ok", [])


def test_without_a_policy_it_says_that_the_keys_came_with_the_bundle(made):
    code, report = run(made / "all.zip")
    assert (code, report["keys_from"]) == (0, "the bundle itself")
    ran = subprocess.run([sys.executable, str(PROGRAM), str(made / "all.zip")], capture_output=True, text=True)
    assert "WARNING: the keys came out of the bundle itself." in ran.stdout


def test_an_older_checkpoint_that_was_kept_fits(made):
    assert run(made / "all.zip", "--policy", made / "policy.txt", "--against", made / "early")[0] == 0


def test_a_newer_or_forged_checkpoint_that_was_kept_is_named(made, tmp_path):
    key = SigningKey.from_text((made / "two.key").read_text())
    for size, kind in ((10_000, "witness-beyond-tree"), (200, "witness-root")):
        (tmp_path / "kept").write_text(sign_checkpoint(Checkpoint(key.name, size, b"r" * 32), key))
        code, report = run(made / "all.zip", "--policy", made / "policy.txt", "--against", tmp_path / "kept")
        assert code == 1
        assert kind in {found["kind"] for found in report["findings"]}


def test_the_program_is_one_short_file_of_plain_python_3_8():
    text = PROGRAM.read_text(encoding="utf-8")
    assert text.count("\n") < 600
    tree = ast.parse(text, feature_version=(3, 8))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert imported <= set(sys.stdlib_module_names)
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]


def test_the_plain_check_of_signatures_agrees_with_all_of_wycheproof():
    spec = importlib.util.spec_from_file_location("plain", PROGRAM)
    plain = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(plain)
    data = json.loads(shared("vectors/merkle/ed25519_wycheproof/ed25519_test.json").read_text())
    cases = [(group["publicKey"]["pk"], case) for group in data["testGroups"] for case in group["tests"]]
    right = [
        plain.ed25519_holds(bytes.fromhex(key), bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"]))
        == (case["result"] == "valid")
        for key, case in cases
    ]
    assert (sum(right), len(right)) == (151, 151)


def flip(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]


@pytest.mark.parametrize("name", ["all.zip", "case.zip"])
def test_any_changed_bit_of_any_member_is_found_or_refused(made, name, tmp_path):
    spec = importlib.util.spec_from_file_location("plain", PROGRAM)
    plain = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(plain)
    rng = random.Random(5)
    with zipfile.ZipFile(made / name) as packed:
        members = {info.filename: packed.read(info) for info in packed.infolist()}
    # The program and the words in the bundle are nothing that it could vouch for itself; nor is what BUNDLE.json tells.
    checked = [member for member in members if member not in ("verify.py", "HOWTO.txt", "policy.txt", "BUNDLE.json")]
    for _ in range(150):
        member = rng.choice(checked)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as packed:
            for one, data in members.items():
                packed.writestr(one, flip(data, rng) if one == member else data)
        try:
            policy = plain.Policy((made / "policy.txt").read_text())
            status = plain.Check(plain.Bundle(out), policy, [], True).run().report()["status"]
        except plain.Unreadable:
            status = "refused"
        assert status in ("tampered", "refused"), member


def leaf_with(name, data, old, new):
    return data.replace(old, new) if name.startswith(("tile/entries", "entries/")) else data


@pytest.mark.parametrize(("change", "kinds"), [
    (lambda n, d: leaf_with(n, d, b'"auth":"asserted"', b'"auth":"password"'), {"tile-mismatch"}),
    (lambda n, d: d.replace(b"An invented case", b"An invented lie!") if n.startswith("payloads/") else d,
     {"commitment-mismatch"}),
    (lambda n, d: d.replace(b"red car", b"tan car") if n.startswith("blobs/") else d, {"blob-mismatch"}),
    (lambda n, d: b"".join(d.splitlines(True)[:-1]) if n == "payloads/0.txt" else d, {"payload-missing"}),
    (lambda n, d: d.replace(d.split(b"\n")[2], b"A" * 43 + b"=") if n == "checkpoint" else d, {"checkpoint-signature"}),
])  # fmt: skip
def test_what_was_changed_is_named(made, tmp_path, change, kinds):
    code, report = run(changed(made, tmp_path / "x.zip", change), "--policy", made / "policy.txt")
    if code == 2:
        return
    assert code == 1
    assert kinds <= {found["kind"] for found in report["findings"]}


def hostile(path: Path, *members: tuple[str, bytes], made: Path) -> Path:
    with zipfile.ZipFile(made / "all.zip") as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, old.read(info))
        for name, data in members:
            new.writestr(name, data)
    return path


def refusal(path: Path, *more: str | Path) -> str:
    code, report = run(path, *more)
    assert code == 2
    with pytest.raises(InputError):
        verify_bundle(path, None, [])
    return report["error"]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "blobs/../x", "tile/0/..", "C:\\x", "a\x00b", "run.py"]
)
def test_names_that_lead_elsewhere_are_refused(made, tmp_path, name):
    bad = hostile(tmp_path / "x.zip", (name, b"x"), made=made)
    assert "which no bundle of Thaw does" in refusal(bad)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(made, tmp_path):
    bad = hostile(tmp_path / "x.zip", ("blobs/" + "0" * 64, b"\0" * 300_000_000), made=made)
    assert "a ZIP bomb" in refusal(bad)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_that_is_there_twice_is_refused(made, tmp_path):
    bad = hostile(tmp_path / "x.zip", ("checkpoint", b"x"), made=made)
    assert refusal(bad) == "The bundle holds 'checkpoint' twice."


@pytest.mark.parametrize(
    "text", [b'{"form":1,"form":1,"holds":"all"}', b'{"form":1,"holds":"\\ud800"}', b"[1]", b"{", b"\xff"]
)
def test_json_that_can_be_read_in_two_ways_is_refused(made, tmp_path, text):
    bad = changed(made, tmp_path / "x.zip", lambda n, d: text if n == "BUNDLE.json" else d)
    assert "BUNDLE.json is" in refusal(bad)


def test_a_policy_that_was_swapped_inside_the_bundle_is_refused(made, tmp_path):
    thief = SigningKey("invented.example/thief", b"t" * 32).verifier.vkey
    bad = changed(
        made, tmp_path / "x.zip", lambda n, d: f"log {thief}\nquorum none\n".encode() if n == "policy.txt" else d
    )
    assert "which the policy does not name" in refusal(bad)
    # With the right policy from elsewhere the one inside does not matter.
    assert run(bad, "--policy", made / "policy.txt")[0] == 0


def test_a_policy_with_another_key_of_the_same_name_is_no_use(made, tmp_path):
    with zipfile.ZipFile(made / "all.zip") as packed:
        origin = packed.read("checkpoint").decode().partition("\n")[0]
    thief = SigningKey(origin, b"t" * 32).verifier.vkey
    bad = changed(
        made, tmp_path / "x.zip", lambda n, d: f"log {thief}\nquorum none\n".encode() if n == "policy.txt" else d
    )
    code, report = run(bad)
    assert code == 1
    assert [found["kind"] for found in report["findings"]] == ["checkpoint-signature"]


def test_a_checkpoint_of_another_log_is_refused(made, tmp_path):
    stranger = SigningKey("invented.example/stranger", b"s" * 32)
    other = sign_checkpoint(Checkpoint(stranger.name, 5, b"r" * 32), stranger).encode()
    bad = changed(made, tmp_path / "x.zip", lambda n, d: other if n == "checkpoint" else d)
    assert "of the log invented.example/stranger, which the policy does not name" in refusal(bad)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no zip at all"])
def test_a_file_that_is_no_bundle_is_refused(made, tmp_path, data):
    (tmp_path / "x.zip").write_bytes(data)
    assert "is no ZIP that can be read" in refusal(tmp_path / "x.zip")


def test_a_bundle_overwrites_nothing(made):
    work = new_book(made / "other")
    with pytest.raises(InputError, match="got a file that exists, want a new file"):
        export(work, made / "all.zip", purpose="to test")
    work.book.close()


def test_a_content_left_out_of_the_bundle_of_one_case_is_named(made, tmp_path):
    with zipfile.ZipFile(made / "case.zip") as packed:
        last = packed.read("payloads/0.txt").splitlines(True)[-1]
    bad = changed(
        made, tmp_path / "x.zip", lambda n, d: d.replace(last, b"") if n == "payloads/0.txt" else d, "case.zip"
    )
    code, report = run(bad, "--policy", made / "policy.txt")
    assert code == 1
    assert [(one["kind"], one["seq"]) for one in report["findings"]] == [("payload-missing", int(last.split(b" ")[0]))]


def test_the_bundle_of_one_case_says_that_an_entry_may_have_been_left_out(made):
    for name, says in (("case.zip", True), ("all.zip", False)):
        asked = [sys.executable, str(PROGRAM), str(made / name), "--policy", str(made / "policy.txt")]
        said = subprocess.run(asked, capture_output=True, text=True).stdout
        assert ("It cannot show that no entry of that case was left out of it." in said) is says


WITNESS = SigningKey("invented.example/w", b"w" * 32, True).verifier.vkey


@pytest.mark.parametrize(("lines", "told"), [
    (f"witness a {WITNESS}\nwitness b {WITNESS}\ngroup g all a b\nquorum g", "wrong sort or stands there twice"),
    (f"witness a {WITNESS}\ngroup g 2 a a\nquorum g", "counts a witness or a group twice"),
    (f"witness a {WITNESS}\ngroup g any a\ngroup h any a\nquorum h", "counts a witness or a group twice"),
    (f"witness a {WITNESS}\ngroup g \N{SUPERSCRIPT TWO} a\nquorum g", "has a group that cannot be read"),
    ("witness a {log}\nquorum a", "is of the wrong sort or stands there twice"),
])  # fmt: skip
def test_a_policy_in_which_one_signer_counts_as_more_is_refused(made, tmp_path, lines, told):
    log = (made / "policy.txt").read_text().split()[1]
    (tmp_path / "p").write_text(f"log {log}\n{lines.replace('{log}', log)}\n", encoding="utf-8")
    code, report = run(made / "all.zip", "--policy", tmp_path / "p")
    assert (code, told in report["error"]) == (2, True)
    with pytest.raises(InputError):
        verify_bundle(made / "all.zip", (tmp_path / "p").read_text(encoding="utf-8"), [])


@pytest.mark.parametrize("order", [None, 3, {"odd": 1}])
def test_a_destruction_that_no_order_lists_is_named_in_the_bundle(tmp_path, order):
    work = new_book(tmp_path / "book")
    seq = work.book.store.append(work.draft("note.add", {"words": "invented"})).result[0]
    work.book.store.destroy([seq], work.draft("seal.destroy", {"order": order, "entries": [{"seq": seq, "scope": {}}]}))
    export(work, tmp_path / "all.zip", purpose="to test")
    (tmp_path / "policy").write_text(f"log {work.book.store.first_key.vkey}\nquorum none\n")
    work.book.close()
    code, report = run(tmp_path / "all.zip", "--policy", tmp_path / "policy")
    assert code == 1
    assert [(one["kind"], one["seq"]) for one in report["findings"]] == [("seal-not-covering", seq)]


@pytest.mark.parametrize("entries", [7, {"seq": 1}, [[1]], [{"odd": 1}], None])
def test_an_odd_list_in_an_order_ends_in_no_crash(tmp_path, entries):
    work = new_book(tmp_path / "book")
    work.book.store.append(work.draft("seal.order", {"number": "1", "entries": entries, "blobs": []}))
    export(work, tmp_path / "all.zip", purpose="to test")
    work.book.close()
    assert run(tmp_path / "all.zip")[0] == 0
