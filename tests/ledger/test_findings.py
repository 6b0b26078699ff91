from __future__ import annotations

import re

import pytest

from thaw.errors import InputError
from thaw.ledger import Verification
from thaw.ledger.findings import Finding, FindingList, finding_kinds


def test_nothing_found_is_ok():
    assert Verification.of(3, "ab", []).status == "ok"


def test_one_tampered_finding_outweighs_all_others():
    found = [("leaf-newer", 1, "a"), ("tile-mismatch", 2, "b")]
    assert Verification.of(3, "ab", found[:1]).status == "incomplete"
    assert Verification.of(3, "ab", found).status == "tampered"


def test_findings_of_other_rooms_are_added_and_weigh_the_same():
    first = Verification.of(3, "ab", [("leaf-newer", 1, "a")])
    both = first.plus([("blob-missing", None, "b")])
    assert (both.status, both.entries, both.root_hex) == ("tampered", 3, "ab")
    assert both.findings == (Finding("leaf-newer", 1, "a"), Finding("blob-missing", None, "b"))
    assert first.status == "incomplete"


def test_a_finding_outside_the_list_is_refused():
    message = "verification: got a finding of kind 'odd', want a kind of the closed list. "
    message += "The list stands in docs/methods/ledger.md."
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        Verification.of(0, "", [("odd", None, "")])


def test_the_verdict_is_printed_as_the_command_line_promises():
    assert Verification.of(3, "ab", [("blob-missing", None, "b")]).to_json() == {
        "status": "tampered",
        "entries": 3,
        "root": "ab",
        "findings": [{"kind": "blob-missing", "seq": None, "detail": "b"}],
    }


def test_after_a_hundred_of_one_kind_findings_are_only_counted():
    found = FindingList()
    for seq in range(150, 0, -1):
        found.add("tile-mismatch", seq, "t")
    found.add("tile-extra", None, "e")
    listed = found.all()
    assert [one.seq for one in listed[:100]] == list(range(51, 151))
    assert listed[100:] == [
        Finding("tile-extra", None, "e"),
        Finding("tile-mismatch", None, "50 more findings of this kind."),
    ]


def test_a_gone_payload_or_blob_is_tampered_and_a_newer_entry_is_incomplete():
    assert finding_kinds()["payload-missing"][0] == finding_kinds()["blob-missing"][0] == "tampered"
    assert finding_kinds()["leaf-newer"][0] == "incomplete"
