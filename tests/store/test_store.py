from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders import KEY, NOON, clock, dump, findings, new_book, note, opened, projections, row, ticking, verify
from thaw.errors import InputError
from thaw.ledger import Leaf, SigningKey, inclusion_proof, leaf_hash, open_checkpoint, root_of, verify_inclusion
from thaw.store import Draft, Store
from thaw.store.writer import Writer


def leaves(store):
    return [leaf for (leaf,) in store.reading_connection().execute("SELECT leaf FROM entry ORDER BY seq")]


def tiles(store):
    found = store.reading_connection().execute("SELECT level, number, hashes FROM tile").fetchall()
    kept = {(level, number): hashes for level, number, hashes in found}
    return lambda level, number: kept.get((level, number), b"")


def reference_root(hashes):
    """RFC 9162 section 2.1.1 as it is written, slow and obvious."""
    if len(hashes) <= 1:
        return hashes[0]
    middle = 1
    while middle * 2 < len(hashes):
        middle *= 2
    import hashlib

    return hashlib.sha256(b"\x01" + reference_root(hashes[:middle]) + reference_root(hashes[middle:])).digest()


def test_a_receipt_proves_its_entry_with_tiles_and_signed_note(tmp_path):
    with new_book(tmp_path / "b") as store:
        for i in range(3):
            done = store.append(note(i), note(i))
        for receipt in done.receipts():
            head = open_checkpoint(receipt.checkpoint_note, KEY.verifier)
            assert (head.origin, head.size, head.root) == (KEY.name, receipt.tree_size, receipt.root)
            proof = inclusion_proof(receipt.seq, receipt.tree_size, tiles(store))
            verify_inclusion(receipt.leaf_hash, receipt.seq, receipt.tree_size, proof, receipt.root)
            assert leaf_hash(leaves(store)[receipt.seq]) == receipt.leaf_hash


def test_append_answers_with_the_numbers_of_its_entries(tmp_path):
    with new_book(tmp_path / "b") as store:
        assert store.append(note(), note()).result == [1, 2]
        assert store.append(note()).result == [3]
        assert store.size() == 4


@pytest.mark.parametrize("sizes", [[1] * 5, [254, 1, 1], [255, 300], [600]])
def test_the_tree_is_that_of_a_slow_reference(tmp_path, sizes):
    with new_book(tmp_path / "b", chosen=()) as store:
        for size in sizes:
            done = store.append(*[note(i) for i in range(size)])
        hashes = [leaf_hash(leaf) for leaf in leaves(store)]
        assert done.root == reference_root(hashes) == root_of(len(hashes), tiles(store))
    assert findings(tmp_path / "b", projections=()) == []


def test_many_threads_append_at_once_and_each_gets_its_own_receipt(tmp_path):
    with new_book(tmp_path / "b", chosen=(), clock=ticking(1)) as store:
        kept = {}

        def work(worker):
            for i in range(10):
                kept[worker, i] = store.append(note(i, worker=worker))

        threads = [threading.Thread(target=work, args=(w,)) for w in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(done.result[0] for done in kept.values()) == list(range(1, 81))
        for done in kept.values():
            proof = inclusion_proof(done.first_seq, done.tree_size, tiles(store))
            verify_inclusion(done.leaf_hashes[0], done.first_seq, done.tree_size, proof, done.root)
    assert findings(tmp_path / "b", projections=(), everything=True) == []


def grouped(store, plans):
    """Run plans in one group commit: all are queued while the writer's lock is held."""
    outcomes = [None] * len(plans)

    def work(place):
        try:
            outcomes[place] = store.commit(plans[place])
        except BaseException as error:
            outcomes[place] = error

    threads = [threading.Thread(target=work, args=(i,)) for i in range(len(plans))]
    with store._writer.lock:
        for thread in threads:
            thread.start()
        while len(store._writer.queue) < len(plans):
            pass
    for thread in threads:
        thread.join()
    return outcomes


def failing(transaction):
    transaction.add(row("c_lost"))
    raise RuntimeError("this plan is broken")


def test_a_failing_plan_takes_no_other_of_its_group_with_it(tmp_path):
    with new_book(tmp_path / "b") as store:
        good = [lambda t, n=n: t.add(row(f"c_{n}")) for n in range(3)]
        outcomes = grouped(store, [good[0], failing, good[1], failing, good[2]])
        assert sum(isinstance(o, RuntimeError) and str(o) == "this plan is broken" for o in outcomes) == 2
        done = [o for o in outcomes if not isinstance(o, BaseException)]
        assert sorted(o.result for o in done) == [1, 2, 3]
        assert {o.tree_size for o in done} == {4}
        assert len(store.reading_connection().execute("SELECT size FROM checkpoint").fetchall()) == 2
        assert [r[2] for r in dump(store)["source_keys"]] == sorted([1, 2, 3]) or len(dump(store)["cases"]) == 3
    assert findings(tmp_path / "b", everything=True) == []


def test_a_plan_that_fails_leaves_tree_and_projections_as_they_were(tmp_path):
    with new_book(tmp_path / "b") as store:
        store.append(row("c_1"))
        before = dump(store)
        with pytest.raises(RuntimeError, match="this plan is broken"):
            store.commit(failing)
        assert dump(store) == before
        assert store.append(note()).result == [2]
    assert findings(tmp_path / "b", everything=True) == []


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.integers(0, 90), st.booleans()), max_size=8))
def test_failing_plans_never_show_in_the_tree(tmp_path_factory, plans):
    folder = tmp_path_factory.mktemp("book") / "b"
    with new_book(folder, chosen=()) as store:
        done = None
        for size, fails in plans:

            def plan(transaction, size=size, fails=fails):
                for i in range(size):
                    transaction.add(note(i))
                if fails:
                    raise RuntimeError

            try:
                done = store.commit(plan)
            except RuntimeError:
                assert fails
        kept = [leaf_hash(leaf) for leaf in leaves(store)]
        assert len(kept) == 1 + sum(size for size, fails in plans if not fails)
        assert done is None or done.root == reference_root(kept)
    assert findings(folder, projections=()) == []


def test_an_interrupt_while_the_head_is_signed_leaves_nothing_behind(tmp_path, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    with new_book(tmp_path / "b") as store:
        monkeypatch.setattr(Writer, "_sign", interrupt)
        with pytest.raises(KeyboardInterrupt):
            store.append(note())
        monkeypatch.undo()
        assert store.size() == 1
        assert store.append(note()).result == [1]
    assert findings(tmp_path / "b", everything=True) == []


def test_a_plan_that_adds_nothing_makes_no_checkpoint(tmp_path):
    with new_book(tmp_path / "b") as store:
        done = store.commit(lambda transaction: transaction.next_seq)
        assert (done.result, done.receipts(), done.tree_size) == (1, [], 1)
        assert store.reading_connection().execute("SELECT count(*) FROM checkpoint").get == 1


def test_time_never_runs_backwards_when_the_clock_is_set_back(tmp_path):
    moments = iter([NOON, NOON + timedelta(hours=1), NOON, NOON - timedelta(days=400), NOON + timedelta(hours=2)])
    with new_book(tmp_path / "b", clock=lambda: next(moments)) as store:
        for _ in range(4):
            store.append(note())
        times = [Leaf.from_bytes(leaf).at for leaf in leaves(store)]
    assert times == [f"2026-11-20T{hour}:00:00.000Z" for hour in ("12", "13", "13", "13", "14")]
    assert findings(tmp_path / "b") == []


def test_time_never_runs_backwards_after_the_book_was_opened_again(tmp_path):
    with new_book(tmp_path / "b", clock=lambda: NOON) as store:
        store.append(note())
    with opened(tmp_path / "b", clock=lambda: NOON - timedelta(days=1)) as store:
        store.append(note())
        assert Leaf.from_bytes(leaves(store)[-1]).at == "2026-11-20T12:00:00.000Z"


def test_a_failed_plan_does_not_move_the_time(tmp_path):
    moments = iter([NOON, NOON + timedelta(days=1), NOON + timedelta(hours=1)])
    with new_book(tmp_path / "b", clock=lambda: next(moments)) as store:
        with pytest.raises(RuntimeError, match="broken"):
            store.commit(failing)
        store.append(note())
        assert Leaf.from_bytes(leaves(store)[-1]).at == "2026-11-20T13:00:00.000Z"


def test_a_second_open_store_sees_what_the_first_wrote_and_goes_on_from_there(tmp_path):
    with new_book(tmp_path / "b") as one, opened(tmp_path / "b") as two:
        for i in range(300):
            (one, two)[i % 2].append(note(i))
        assert one.size() == two.size() == 301
    assert findings(tmp_path / "b", everything=True) == []


def test_the_size_is_what_is_on_disk_not_what_a_plan_is_about_to_write(tmp_path):
    with new_book(tmp_path / "b") as store:

        def plan(transaction):
            transaction.add(note())
            transaction.rows.flush()
            return store.size()

        assert store.commit(plan).result == 1


def test_a_book_is_made_once(tmp_path):
    with new_book(tmp_path / "b"):
        pass
    with pytest.raises(InputError) as error:
        Store.create(tmp_path / "b", KEY, (), clock, actor="unit", facts={})
    assert str(error.value) == (f"{tmp_path / 'b'}: got a casebook, want a folder without one. Choose another folder.")


def test_a_book_that_could_not_be_made_leaves_nothing_behind(tmp_path):
    with pytest.raises(InputError, match="lone surrogate"):
        Store.create(tmp_path / "b", KEY, (), clock, actor="unit", facts={"by": "\ud800"})
    assert list((tmp_path / "b").iterdir()) == []
    with new_book(tmp_path / "b") as store:
        assert store.size() == 1


def test_a_book_whose_making_was_killed_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(
        Store, "append", lambda *_: pytest.exit("killed") if False else (_ for _ in ()).throw(SystemExit)
    )
    monkeypatch.setattr("pathlib.Path.unlink", lambda *_: None)
    with pytest.raises(SystemExit):
        Store.create(tmp_path / "b", KEY, (), clock, actor="unit", facts={})
    monkeypatch.undo()
    with pytest.raises(InputError) as error:
        Store.open(tmp_path / "b", KEY, (), clock)
    assert str(error.value) == (
        f"{tmp_path / 'b'}: got a casebook whose making was interrupted, want a casebook with its first entry. "
        "It holds nothing yet: remove the folder and make it again with `thaw --book DIR init`."
    )


def test_the_key_of_another_book_is_refused(tmp_path):
    with new_book(tmp_path / "b"):
        pass
    with pytest.raises(InputError) as error:
        Store.open(tmp_path / "b", SigningKey("invented.example/other", b"o" * 32), projections(), clock)
    assert str(error.value) == (
        f"{tmp_path / 'b'}: got a log key of invented.example/other, want the log key of invented.example/book. "
        "Name the right key file in casebook.toml."
    )


def test_entry_0_says_what_book_this_is_and_commits_to_its_secret(tmp_path):
    with new_book(tmp_path / "b") as store:
        import json

        body = json.loads(store.reading_connection().execute("SELECT body FROM payload WHERE seq = 0").get)
        assert body["origin"] == KEY.name
        assert body["public_key"] == KEY.verifier.vkey
        assert body["kind"] == "book"
        assert body["secret_check"] == store.fingerprint("book").hex()


def test_a_fingerprint_tells_parts_apart_whatever_they_hold(tmp_path):
    with new_book(tmp_path / "b") as store:
        prints = [store.fingerprint(*parts) for parts in (["a", "b"], ["ab"], ["a\x00b"], ["", "ab"], ["a", "b", ""])]
        assert len(set(prints)) == 5
        assert all(len(one) == 16 for one in prints)
        assert store.fingerprint("\ud800") != store.fingerprint("?")


def test_another_book_gives_the_same_words_another_fingerprint(tmp_path):
    with new_book(tmp_path / "a") as one, new_book(tmp_path / "b") as two:
        assert one.fingerprint("x") != two.fingerprint("x")


@pytest.mark.parametrize(("value", "got"), [
    (float("nan"), "the number nan"),
    (float("inf"), "the number inf"),
    (2**53, "the number 9007199254740992"),
    ("\ud800", "a text with a lone surrogate"),
    (b"bytes", "a value of type bytes"),
    ((1, 2), "a value of type tuple"),
    ({"one"}, "a value of type set"),
    ({1: "one"}, "a key of type int"),
    ([{"deep": [b""]}], "a value of type bytes"),
])  # fmt: skip
def test_what_json_cannot_hold_is_refused_and_nothing_is_written(tmp_path, value, got):
    with new_book(tmp_path / "b") as store:
        with pytest.raises(InputError) as error:
            store.append(note(), note(bad=value))
        assert str(error.value) == (
            f"entry to be written: got {got}, want text, whole numbers below 2**53, finite numbers, yes/no, nothing, "
            "and lists and objects of these. Correct the value; nothing was written."
        )
        assert store.size() == 1


def test_an_entry_of_an_unknown_kind_is_refused_and_nothing_is_written(tmp_path):
    with new_book(tmp_path / "b") as store:
        with pytest.raises(InputError, match=r"ledger entry 1, kind: got 'gossip\.add'"):
            store.append(Draft("gossip.add", "a_1", {}))
        assert store.size() == 1


def test_text_stays_as_it_was_character_for_character(tmp_path):
    words = "e\u0301 é \u202e\x00\t😀"
    with new_book(tmp_path / "b") as store:
        store.append(Draft("note.add", "a_1", {"words": words}))
        assert words.replace("\x00", "\\u0000").replace("\t", "\\t").encode() in (
            store.reading_connection().execute("SELECT body FROM payload WHERE seq = 1").get
        )
    assert verify(tmp_path / "b", projections=projections(), everything=True).status == "ok"


def test_closing_a_book_closes_the_reads_of_every_thread(tmp_path):
    with new_book(tmp_path / "b") as store:
        kept = []
        thread = threading.Thread(target=lambda: kept.append(store.reading_connection()))
        thread.start()
        thread.join()
        store.size()
    assert sorted(path.name for path in (tmp_path / "b").iterdir()) == ["casebook.db"]
