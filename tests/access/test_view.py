from __future__ import annotations

import json
from datetime import timedelta
from importlib import import_module

import pytest

from builders import CLERK, NOON, add_document, clock, new_book, note, row
from thaw.access import Actor, View, resume, sees_less, view, visible_to
from thaw.errors import InputError
from thaw.store import Store, Unfinished, Visible, Where

# The face names the function `view`, which hides the module of that name from a dotted path.
VIEW = import_module("thaw.access.view")


def last(store):
    """Kind and payload of the newest entry on disk."""
    sql = "SELECT i.kind, p.body FROM entry_index AS i JOIN payload AS p USING (seq) ORDER BY seq DESC LIMIT 1"
    kind, body = store.reading_connection().execute(sql).fetchall()[0]
    return kind, json.loads(body)


def test_a_look_is_on_disk_before_anything_is_shown(tmp_path):
    with new_book(tmp_path / "b") as store:
        store.append(row("c_1"))
        seen = view(store, CLERK, "review of box 14", clock, kind="access.list", detail={"command": "cases"})
        assert last(store) == (
            "access.list",
            {"command": "cases", "by": "Ines Invented", "purpose": "review of box 14"},
        )
        assert (seen.seq, seen.purpose, seen.actor, seen.about) == (2, "review of box 14", CLERK, None)
        assert seen.count("cases") == 1


def test_where_the_look_cannot_be_written_nothing_is_served(tmp_path, monkeypatch):
    with new_book(tmp_path / "b") as store:
        store.append(row("c_1"))
        store._db.pragma("max_page_count", store._db.pragma("page_count"))
        served = []
        with pytest.raises(Unfinished) as error:
            served.append(view(store, CLERK, "x" * 30_000, clock))
        assert error.value.got == "a full disk"
        assert served == []
        store._db.pragma("max_page_count", 100_000)
        assert store.size() == 2


def test_what_any_commit_raises_comes_out_of_the_look(tmp_path, monkeypatch):
    def broken(*_):
        raise OSError("the disk is gone")

    with new_book(tmp_path / "b") as store:
        monkeypatch.setattr(Store, "append", broken)
        with pytest.raises(OSError, match="the disk is gone"):
            view(store, CLERK, "review", clock)


def test_the_case_that_is_asked_for_is_the_scope_of_the_look(tmp_path):
    with new_book(tmp_path / "b") as store:
        store.append(row("c_1"))
        asked = []

        def find(looking):
            asked.append((type(looking), looking.count("cases")))
            return "c_1"

        seen = view(store, CLERK, "review", clock, find=find)
        assert seen.about == "c_1"
        assert asked == [(View, 1)]
        assert last(store)[1]["scope"] == {"case": "c_1"}
        assert [entry.leaf.seq for entry in seen.log([Where("case_id", "=", "c_1")], limit=5)] == [2, 1]


def test_a_look_for_a_case_that_is_not_there_is_recorded_without_a_scope(tmp_path):
    with new_book(tmp_path / "b") as store:
        seen = view(store, CLERK, "review", clock, detail={"asked": "c_9"}, find=lambda looking: None)
        assert seen.about is None
        assert last(store) == ("access.read", {"asked": "c_9", "by": "Ines Invented", "purpose": "review"})


def test_no_detail_can_stand_in_for_the_name_or_the_purpose(tmp_path):
    with new_book(tmp_path / "b") as store:
        store.append(row("c_1"))
        lie = {"by": "Somebody Else", "purpose": "none", "total": 0, "scope": {"case": "c_0"}}
        seen = view(store, CLERK, "review", clock, detail=lie, find=lambda looking: "c_1")
        assert [last(store)[1][name] for name in ("by", "purpose", "scope")] == [CLERK.name, "review", {"case": "c_1"}]
        seen.record_result("access.search", lie, ["c_1"], 1, "0" * 64)
        assert [last(store)[1][name] for name in ("by", "purpose", "total")] == [CLERK.name, "review", 1]


def test_a_result_is_recorded_with_the_first_ids_the_total_and_the_digest_of_all(tmp_path):
    ids = [f"c_{n}" for n in range(300)]
    with new_book(tmp_path / "b") as store:
        seen = view(store, CLERK, "review", clock)
        assert seen.record_result("access.search", {"query": "canal"}, ids, 412, "ab" * 32) == 2
        kind, payload = last(store)
    assert kind == "access.search"
    assert payload == {
        "query": "canal",
        "by": "Ines Invented",
        "purpose": "review",
        "view": 1,
        "shown": ids[:200],
        "total": 412,
        "digest": "ab" * 32,
    }


def test_the_name_of_the_actor_and_the_purpose_are_in_no_leaf(tmp_path):
    with new_book(tmp_path / "b") as store:
        store.append(row("c_1"))
        seen = view(store, CLERK, "a very private purpose", clock, detail={"asked": "c_1"}, find=lambda _: "c_1")
        seen.record_result("access.search", {"query": "canal"}, ["c_1"], 1, "0" * 64)
        leaves = b"".join(leaf for (leaf,) in store.reading_connection().execute("SELECT leaf FROM entry"))
        sql = "SELECT body FROM payload"
        bodies = b"".join(body for (body,) in store.reading_connection().execute(sql))
    for secret in (b"Ines", b"Invented", b"private", b"canal"):
        assert secret not in leaves
        assert secret in bodies
    assert b"a_clerk" in leaves


def test_a_view_asks_for_what_may_be_seen_at_its_own_moment(tmp_path, monkeypatch):
    asked = []

    def visible(actor, at):
        asked.append((actor, at))
        return Visible(frozenset({"c_secret"}))

    monkeypatch.setattr(VIEW, "visible_to", visible)
    moments = iter([NOON, NOON + timedelta(days=1)])
    with new_book(tmp_path / "b") as store:
        store.append(row("c_1"), row("c_secret"))
        seen = [view(store, CLERK, "review", lambda: next(moments)) for _ in range(2)]
        assert asked == [("a_clerk", NOON), ("a_clerk", NOON + timedelta(days=1))]
        assert [one.count("cases") for one in seen] == [1, 1]
        assert seen[0].visible == Visible(frozenset({"c_secret"}))


def test_every_kind_of_read_keeps_what_is_hidden_hidden(tmp_path, monkeypatch):
    monkeypatch.setattr(VIEW, "visible_to", lambda actor, at: Visible(frozenset({"c_secret"})))
    with new_book(tmp_path / "b") as store:
        store.append(row("c_1"), row("c_secret"), note())
        document = add_document(store, ["a secret page"], case_id="c_secret")
        seen = view(store, CLERK, "review", clock)
        assert seen.select("cases", ["case_id"], order=["case_id"], limit=5) == [("c_1",)]
        assert seen.match("texts", '"secret"', limit=5)[:2] == (0, [])
        assert seen.entries_of_case("c_secret") == []
        assert {entry.leaf.seq for entry in seen.log([], limit=50)} == {0, 1, 3, 6}
        assert seen.blob(document, document) is None
        assert seen.changed_seq("papers") == 5


def test_today_everybody_who_can_open_the_book_sees_all_of_it():
    assert visible_to("a_anyone", NOON) == Visible()


def test_an_actor_has_a_pseudonym_and_a_name():
    assert (Actor("a_1", "Ines Invented").id, Actor("a_1", "Ines Invented").name) == ("a_1", "Ines Invented")


def test_another_process_takes_up_a_look_and_commits_nothing(tmp_path):
    with new_book(tmp_path / "b") as store:
        store.append(row("c_1"))
        seen = view(store, CLERK, "review of box 14", clock, find=lambda looking: "c_1")
        size = store.size()
        again = resume(store, CLERK, seen.seq, clock)
        assert (again.seq, again.purpose, again.about, again.actor) == (seen.seq, "review of box 14", "c_1", CLERK)
        assert again.count("cases") == 1
        assert store.size() == size


@pytest.mark.parametrize(("seq", "got"), [(1, "case.create"), (99, "no entry that this person may see")])
def test_only_a_look_is_taken_up(tmp_path, seq, got):
    with new_book(tmp_path / "b") as store:
        store.append(row("c_1"))
        kind = store.reading_connection().execute("SELECT kind FROM entry_index WHERE seq = 1").get
        with pytest.raises(InputError) as error:
            resume(store, CLERK, seq, clock)
    wanted = f"entry {seq}: got {kind if seq == 1 else got}, want a look of Ines Invented. Look again from the start."
    assert str(error.value) == wanted


def test_nobody_takes_up_what_another_looked_at(tmp_path):
    with new_book(tmp_path / "b") as store:
        seen = view(store, CLERK, "review", clock)
        with pytest.raises(InputError, match="want a look of Otto Invented"):
            resume(store, Actor("a_other", "Otto Invented"), seen.seq, clock)


def test_what_is_hidden_since_is_hidden_in_a_look_taken_up(tmp_path, monkeypatch):
    with new_book(tmp_path / "b") as store:
        store.append(row("c_1"), row("c_2"))
        seen = view(store, CLERK, "review", clock, kind="access.list")
        monkeypatch.setattr(VIEW, "visible_to", lambda actor, at: Visible(hidden_cases=frozenset(["c_2"])))
        assert resume(store, CLERK, seen.seq, clock).select("cases", ["case_id"]) == [("c_1",)]


def test_a_look_taken_up_sees_no_more_than_it_saw_when_it_began(tmp_path):
    with new_book(tmp_path / "b") as store:
        store.append(row("c_1"), row("c_2"))
        seen = view(store, CLERK, "review", clock, kind="access.list")
        within = Visible(hidden_cases=frozenset(["c_1"]))
        assert resume(store, CLERK, seen.seq, clock, within=within).select("cases", ["case_id"]) == [("c_2",)]


def test_a_look_knows_whether_less_may_be_seen_by_now(tmp_path, monkeypatch):
    with new_book(tmp_path / "b") as store:
        store.append(row("c_1"), row("c_2"))
        hidden = frozenset(["c_1"])
        monkeypatch.setattr(VIEW, "visible_to", lambda actor, at: Visible(hidden_cases=hidden))
        seen = view(store, CLERK, "review", clock, kind="access.list")
        for now, less in (
            (Visible(hidden_cases=hidden), False),
            (Visible(), False),
            (Visible(hidden_cases=frozenset(["c_1", "c_2"])), True),
            (Visible(hidden_cases=hidden, hidden_documents=frozenset(["d_1"])), True),
        ):
            monkeypatch.setattr(VIEW, "visible_to", lambda actor, at, now=now: now)
            assert sees_less(seen, clock) is less
