"""Witnesses over the network and by file; receipts; what happens when the book went back."""

from __future__ import annotations

import json
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from books import NOON, Clock, new_book
from thaw.casework import open_book, session
from thaw.casework.keeping import backup, restore
from thaw.casework.ledger import verify
from thaw.casework.log_key import rotate
from thaw.casework.nightly import Keeper, nightly
from thaw.casework.receipts import ReceiptBook, proof_since
from thaw.casework.witness_server import WitnessFolder, answer_file, serve_witness
from thaw.casework.witnessing import check_not_behind, request, send, status, take
from thaw.errors import InputError, TamperError
from thaw.outside import ask


@pytest.fixture
def work(tmp_path):
    made = new_book(tmp_path / "book", clock=Clock())
    yield made
    made.book.close()


def at_work(work, count=3):
    work.book.store.append(*[work.draft("note.add", {"words": str(i)}) for i in range(count)])


@pytest.fixture
def served(work, tmp_path):
    """A witness that trusts the book, answering on this machine, and named in the book's policy."""
    folder = WitnessFolder.make(tmp_path / "w", "witness.invented.example/w1", Clock())
    (tmp_path / "w" / "policy.txt").write_text(f"log {work.book.store.verifier.vkey}\nquorum none\n")
    started, servers, urls = threading.Event(), [], []
    thread = threading.Thread(
        target=serve_witness,
        args=(folder, "127.0.0.1", 0, lambda url: (urls.append(url), started.set()), servers.append),
    )
    thread.start()
    started.wait(10)
    policy(work, tmp_path, folder, urls[0])
    yield folder
    servers[0].shutdown()
    thread.join()


def policy(work, tmp_path: Path, folder: WitnessFolder, url: str = "") -> Path:
    lines = [
        f"log {work.book.store.first_key.vkey}",
        f"witness W1 {folder.key.verifier.vkey} {url}".rstrip(),
        "quorum W1",
    ]
    (tmp_path / "policy.txt").write_text("\n".join(lines) + "\n")
    work.book.settings = {**work.book.settings, "log.policy": str(tmp_path / "policy.txt")}
    return tmp_path / "policy.txt"


def kinds(work):
    return [
        kind for (kind,) in work.book.store.reading_connection().execute("SELECT kind FROM entry_index ORDER BY seq")
    ]


def test_a_witness_signs_again_and_again_as_the_log_grows(work, served):
    for count in (3, 300, 1):
        at_work(work, count)
        (one,) = send(work)["witnesses"]
        assert (one["answer"], one["status"]) == ("signed", 200)
    found = status(work, NOON)
    assert found["enough"]
    assert kinds(work).count("witness.cosign") == 3
    assert kinds(work).count("config.policy") == 1


def test_what_a_witness_signed_is_checked_by_verify_with_a_policy(work, served, tmp_path):
    send(work)
    given = {"policy": tmp_path / "policy.txt"}
    assert verify(work.book.folder, **given, now=NOON)["findings"] == []
    late = verify(work.book.folder, **given, now=NOON + timedelta(days=3))
    assert (late["status"], [one["kind"] for one in late["findings"]]) == ("incomplete", ["witness-stale"])


def test_without_the_witness_that_the_policy_asks_for_the_check_is_incomplete(work, served, tmp_path):
    found = verify(work.book.folder, policy=tmp_path / "policy.txt")
    assert (found["status"], [one["kind"] for one in found["findings"]]) == ("incomplete", ["witness-quorum"])


def test_a_book_that_went_back_is_refused_by_the_witness_and_not_opened_for_work(work, served, tmp_path):
    at_work(work)
    work.book.close()
    shutil.copytree(work.book.folder, tmp_path / "early")
    later = session(open_book(work.book.folder, Clock()), "Invented Detective")
    later.book.settings = work.book.settings
    at_work(later, 50)
    send(later)
    later.book.close()
    shutil.copy(tmp_path / "book.key", tmp_path / "early.key")
    back = session(open_book(tmp_path / "early", Clock()), "Invented Detective")
    back.book.settings = work.book.settings
    with pytest.raises(TamperError, match="entries, while the witness W1 has signed"):
        check_not_behind(back)
    (one,) = send(back)["witnesses"]
    assert (one["answer"], one["status"]) == ("refused", 409)
    at_work(back, 100)
    (one,) = send(back)["witnesses"]
    assert (one["answer"], one["status"]) == ("refused", 422)
    assert one["problem"].startswith("the log is not the continuation of what it signed")
    back.book.close()


def test_a_silent_witness_is_an_entry_and_stops_nothing(work, served, tmp_path):
    policy(work, tmp_path, served, "http://127.0.0.1:1")
    made = send(work)
    assert (made["enough"], made["witnesses"][0]["answer"]) == (False, "silent")
    assert kinds(work)[-1] == "witness.silent"


def test_a_witness_is_asked_by_a_file_that_is_carried_there_and_back(work, served, tmp_path):
    for count in (1, 2):
        at_work(work)
        request(work, "W1", tmp_path / f"ask{count}")
        answered = answer_file(served, tmp_path / f"ask{count}", tmp_path / f"answer{count}")
        taken = take(work, "W1", tmp_path / f"answer{count}")
        assert (answered["status"], taken["answer"], taken["size"]) == (200, "signed", answered["size"])
    # The same request once more is late: the witness says so, and that is an entry too.
    again = answer_file(served, tmp_path / "ask1", tmp_path / "answer3")
    assert again["status"] == 409
    assert take(work, "W1", tmp_path / "answer3")["answer"] == "refused"
    assert kinds(work)[-1] == "witness.refuse"


def test_an_answer_of_somebody_else_is_refused(work, served, tmp_path):
    (tmp_path / "answer").write_text(work.book.store.newest_note())
    with pytest.raises(InputError, match="got nothing that W1 has signed, want the answer of this witness"):
        take(work, "W1", tmp_path / "answer")
    with pytest.raises(InputError, match="got 'W2', want a witness of the policy: W1"):
        take(work, "W2", tmp_path / "answer")


def test_two_requests_at_once_never_both_pass(work, served):
    """The race of the specification: a witness must not go back from the later size to the earlier one."""
    sizes = []
    for _ in range(6):
        at_work(work, 7)
        sizes.append(work.book.store.newest_note())
    for _ in range(3):
        asked = [ask(0, [], note) for note in sizes] * 5
        shutil.rmtree(served.folder / "seen")
        (served.folder / "seen").mkdir()
        with ThreadPoolExecutor(8) as pool:
            codes = [answer.status for answer in pool.map(served.answer, asked)]
        assert codes.count(200) == 1
        assert codes.count(409) == len(asked) - 1


def test_a_witness_that_lost_its_memory_stops(work, served):
    served.answer(ask(0, [], work.book.store.newest_note()))
    (path,) = (served.folder / "seen").glob("*.json")
    path.write_text("{")
    with pytest.raises(InputError, match="got a file that cannot be read, want what this witness signed last"):
        served.answer(ask(0, [], work.book.store.newest_note()))


def test_after_a_change_of_key_the_witness_goes_on_once_it_is_told(work, served, tmp_path):
    send(work)
    rotate(work, tmp_path / "two.key", reason="to test")
    assert send(work)["witnesses"][0]["status"] == 403
    (served.folder / "policy.txt").write_text(
        f"log {work.book.store.first_key.vkey}\nlog {work.book.store.verifier.vkey}\nquorum none\n"
    )
    assert send(work)["witnesses"][0]["answer"] == "signed"
    assert verify(work.book.folder, policy=tmp_path / "policy.txt", now=NOON)["status"] == "ok"


def test_receipts_are_kept_outside_and_a_book_that_went_back_in_its_place_is_not_opened(work, tmp_path):
    at_work(work)
    work.book.close()
    shutil.copytree(work.book.folder, tmp_path / "early")
    later = session(open_book(work.book.folder, Clock()), "Invented Detective")
    at_work(later)
    later.book.close()
    shutil.rmtree(work.book.folder)
    shutil.copytree(tmp_path / "early", work.book.folder)
    with pytest.raises(TamperError, match="while a checkpoint kept outside covers"):
        open_book(work.book.folder, Clock())


def test_the_file_of_receipts_can_be_given_to_verify(work):
    at_work(work)
    work.book.close()
    kept = ReceiptBook.load(work.book.store.origin, work.book.folder).path
    assert verify(work.book.folder, against=[kept])["status"] == "ok"
    rows = json.loads(kept.read_text())
    rows["receipts"][-1]["leaf_hash"] = "0" * 64
    changed = work.book.folder.parent / "receipts.json"
    changed.write_text(json.dumps(rows))
    found = verify(work.book.folder, against=[changed])
    assert [one["kind"] for one in found["findings"]] == ["receipt-mismatch"]


def test_a_proof_since_an_old_size_leads_to_todays_root(work):
    from base64 import b64decode

    from thaw.ledger import Checkpoint, verify_consistency

    old = Checkpoint.parse(work.book.store.newest_note().partition("\n\n")[0] + "\n")
    at_work(work, 40)
    given = proof_since(work.book.store, old.size)
    steps = [b64decode(step) for step in given["proof"]]
    verify_consistency(old.size, given["size"], old.root, bytes.fromhex(given["root"]), steps)


def test_a_current_backup_is_restored_and_an_old_one_only_when_the_loss_is_accepted(work, tmp_path):
    at_work(work)
    backup(work, tmp_path / "old")
    at_work(work)
    backup(work, tmp_path / "current")
    work.book.close()
    assert restore(tmp_path / "current", tmp_path / "again")["lost"] == []
    with pytest.raises(TamperError, match="got a backup that does not hold all that was seen of the book"):
        restore(tmp_path / "old", tmp_path / "third")
    assert not (tmp_path / "third").exists()
    shutil.copy(tmp_path / "book.key", tmp_path / "third.key")
    settings = (tmp_path / "old" / "casebook.toml").read_text()
    (tmp_path / "old" / "casebook.toml").write_text(settings.replace("book.key", "third.key"))
    back = restore(tmp_path / "old", tmp_path / "third", accept_loss="the disk burnt", clock=Clock())
    assert back["lost"]
    assert back["entry"] is not None
    assert verify(tmp_path / "third", everything=True)["status"] == "ok"


def test_the_nightly_run_is_an_entry_and_a_finding_raises_an_alarm(work):
    at_work(work, 1200)
    done = nightly(work)
    assert (done["verify"]["status"], done["alarm"], done["witnesses"]) == ("ok", None, None)
    db = work.book.store._db
    db.execute("UPDATE payload SET body = x'7b7d' WHERE seq = 9")
    done = nightly(work)
    assert done["verify"]["findings"][0]["kind"] == "commitment-mismatch"
    assert kinds(work)[-2:] == ["verify.result", "alarm.raise"]


def test_heartbeats_come_with_work_and_once_a_day(work):
    keeper = Keeper(work)
    assert keeper.turn(NOON) == ["heartbeat"]
    assert keeper.turn(NOON + timedelta(seconds=60)) == []
    at_work(work)
    assert keeper.turn(NOON + timedelta(seconds=61)) == ["heartbeat"]
    assert keeper.turn(NOON + timedelta(hours=23)) == ["nightly"]
    assert keeper.turn(NOON + timedelta(hours=25)) == ["heartbeat"]
