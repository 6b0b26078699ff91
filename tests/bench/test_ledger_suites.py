"""The suites of the ledger are themselves tested: they find what is there, and would notice if it were not found."""

from __future__ import annotations

import random

import pytest

from bench import ledger_attacks
from bench.ledger_attacks import ATTACKS, outside_attacks, run_attacks, swallowed_write
from bench.ledger_crashes import cut_at_random, faults, kills
from bench.ledger_random import honest_histories, mutations
from bench.power import Disk, Op


def test_there_are_more_than_36_types_of_attack_with_names_of_their_own():
    names = [attack.name for attack in ATTACKS]
    assert len(set(names)) == len(names) > 36


@pytest.mark.slow
def test_every_attack_is_found_by_the_stated_helper_and_named():
    assert [one for one in [*run_attacks(), *outside_attacks()] if not one.good] == []


def test_attacks_on_what_others_hold_are_found_and_named():
    assert [one for one in outside_attacks() if not one.good] == []


def test_a_write_that_a_trigger_swallows_shows_nothing():
    assert swallowed_write()


def test_the_suite_notices_when_nothing_is_found(monkeypatch):
    from thaw.ledger import Verification

    monkeypatch.setattr(ledger_attacks, "ATTACKS", ATTACKS[:2])
    monkeypatch.setattr(ledger_attacks, "check", lambda *_, **__: Verification.of(0, "", []))
    assert not any(one.good for one in run_attacks())


def test_random_changes_are_found_and_honest_lives_are_not_suspected():
    assert mutations(24, 3) == []
    assert honest_histories(5, 3) == []


def test_power_cuts_and_faults_lose_nothing_and_the_control_does():
    good, control = cut_at_random(12, 30, 5), cut_at_random(12, 30, 5, normal=True)
    assert (good.tries, good.lost, good.broken) == (12, 0, 0)
    assert control.lost > 0
    broken = faults(1, 5)
    assert (broken.lost, broken.broken) == (0, 0)
    assert broken.tries > 20


def test_a_killed_process_loses_nothing_that_it_acknowledged():
    found = kills(3, 5)
    assert (found.tries, found.lost, found.broken) == (3, 0, 0)


def test_on_the_simulated_disk_only_what_was_synced_is_sure():
    disk = Disk({"a": b"...."})
    disk.apply(Op("write", "a", 0, b"ab"))
    assert disk.after_a_cut(None) == {"a": b"...."}
    assert {disk.after_a_cut(random.Random(n))["a"] for n in range(40)} == {b"....", b"ab.."}
    disk.apply(Op("sync", "a"))
    assert disk.after_a_cut(None) == {"a": b"ab.."}
    disk.apply(Op("cut", "a", 1))
    disk.apply(Op("sync", "a"))
    assert disk.after_a_cut(None) == {"a": b"a"}
