from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaw.errors import InputError
from thaw.ledger import Leaf, canonical_json, entry_kinds
from thaw.ledger.leaf import NewerVersion

FIX = "An entry is written whole and right, or not at all."
C = "0123456789abcdef" * 4


def leaf(**changes):
    fields = {"seq": 7, "kind": "statement.add", "at": "2026-11-20T17:10:00.123Z", "actor": "p_7f3"}
    return Leaf(**{**fields, "auth": "asserted", "obj": "c_9ab", "prev": 3, "c": C, **changes})


ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:@/+-]{0,127}", fullmatch=True)
seqs = st.integers(1, 2**53 - 1)
leaves = st.builds(
    leaf,
    seq=seqs,
    prev=st.none() | st.just(0),
    kind=st.sampled_from(sorted(entry_kinds())),
    at=st.datetimes().map(lambda at: at.isoformat(timespec="milliseconds") + "Z"),
    actor=ids,
    obj=st.none() | ids,
    auth=st.sampled_from(["asserted", "password", "webauthn"]),
    sig=st.none() | st.from_regex(r"[A-Za-z0-9_=.-]+", fullmatch=True),
)


def test_the_bytes_of_an_entry_are_these():
    assert leaf().to_bytes() == (
        b'{"actor":"p_7f3","at":"2026-11-20T17:10:00.123Z","auth":"asserted","c":"' + C.encode() + b'",'
        b'"kind":"statement.add","obj":"c_9ab","prev":3,"seq":7,"v":1}'
    )


def test_what_is_none_is_null_but_a_signature_is_left_out():
    assert leaf(obj=None, prev=None).to_bytes().endswith(b',"obj":null,"prev":null,"seq":7,"v":1}')
    assert leaf(sig="a.b").to_bytes().endswith(b'"prev":3,"seq":7,"sig":"a.b","v":1}')


@given(leaves)
def test_an_entry_reads_back_and_its_bytes_are_canonical_json(one):
    fields = {name: getattr(one, name) for name in Leaf.__slots__ if name != "sig" or one.sig is not None}
    assert one.to_bytes() == canonical_json(fields)
    assert Leaf.from_bytes(one.to_bytes()) == one


@given(leaves, st.data())
def test_a_changed_bit_gives_another_entry_or_none(one, data):
    bad = bytearray(one.to_bytes())
    bad[data.draw(st.integers(0, len(bad) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    try:
        found = Leaf.from_bytes(bytes(bad))
    except InputError:
        return
    assert found != one
    assert found.to_bytes() == bytes(bad)


TIME = "a time like 2026-11-20T17:10:00.123Z"
ID = "an id of 1-128 letters, digits and . _ : @ / + -"


@pytest.mark.parametrize(
    ("field", "value", "shown", "want"),
    [
        ("v", 2, "2", "version 1"),
        ("v", True, "True", "version 1"),
        ("kind", "statement.adds", "'statement.adds'", "one of the kinds listed in entry_kinds.toml"),
        ("kind", None, "None", "one of the kinds listed in entry_kinds.toml"),
        ("at", "2026-02-29T17:10:00.123Z", "'2026-02-29T17:10:00.123Z'", TIME),
        ("at", "2026-11-20T24:00:00.000Z", "'2026-11-20T24:00:00.000Z'", TIME),
        (
            "at",
            "2026-11-20T17:10:00.123+00:00",
            "'2026-11-20T17:10:00.123+00:00'",
            "a time like 2026-11-20T17:10:00.123Z",
        ),
        ("at", 5, "5", TIME),
        ("actor", "Invented Person", "'Invented Person'", ID),
        ("actor", "p\u00e9", r"'p\xe9'", ID),
        ("actor", "p\n", r"'p\n'", ID),
        ("actor", "p" * 129, "'" + "p" * 76 + "...", ID),
        ("actor", None, "None", ID),
        ("obj", "", "''", f"None or {ID}"),
        ("obj", 7, "7", f"None or {ID}"),
        ("auth", "token", "'token'", "asserted, password or webauthn"),
        ("auth", None, "None", "asserted, password or webauthn"),
        ("prev", 7, "7", "None or the number of an earlier entry"),
        ("prev", -1, "-1", "None or the number of an earlier entry"),
        ("prev", "3", "'3'", "None or the number of an earlier entry"),
        ("c", C.upper(), f"'{C.upper()}'", "64 lowercase hexadecimal digits"),
        ("c", b"", "b''", "64 lowercase hexadecimal digits"),
        ("sig", "", "''", "None or base64url parts joined by dots"),
        ("sig", 1, "1", "None or base64url parts joined by dots"),
    ],
)
def test_a_wrong_field_is_refused_by_name(field, value, shown, want):
    message = f"ledger entry 7, {field}: got {shown}, want {want}. {FIX}"
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        replace(leaf(), **{field: value})


@pytest.mark.parametrize("seq", [-1, 2**53, True, "7", None])
def test_a_number_that_cannot_be_is_refused(seq):
    message = f"ledger entry ?, seq: got {seq!r}, want a whole number from 0 to 2**53 - 1. {FIX}"
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        leaf(seq=seq, prev=None)


def test_an_entry_of_65535_bytes_is_the_largest():
    rest = len(leaf(sig="s").to_bytes()) - 1
    largest = leaf(sig="s" * (65_535 - rest)).to_bytes()
    assert len(largest) == 65_535
    assert Leaf.from_bytes(largest).to_bytes() == largest
    message = "ledger entry: got 65536 bytes, want at most 65535 bytes. "
    message += "Content belongs into the payload; the entry only holds its commitment."
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        leaf(sig="s" * (65_536 - rest)).to_bytes()
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        Leaf.from_bytes(largest.replace(b'"sig":"s', b'"sig":"ss'))


def test_an_entry_of_a_newer_version_is_told_from_a_wrong_one():
    message = "ledger entry 7, v: got 2, want version 1. A newer Thaw wrote this entry; use that version to read it."
    with pytest.raises(NewerVersion, match=f"^{re.escape(message)}$"):
        Leaf.from_bytes(canonical_json({"v": 2, "seq": 7, "more": ["of", "it"]}))


MEMBERS = "actor, at, auth, c, kind, obj, prev, seq, v"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([], f"ledger entry ?, the whole: got [], want an object. {FIX}"),
        ({"seq": 7, "v": 1}, f"ledger entry 7, members: got 'seq, v', want {MEMBERS}. {FIX}"),
        ({"seq": 7, "v": True}, f"ledger entry 7, members: got 'seq, v', want {MEMBERS}. {FIX}"),
    ],
)
def test_bytes_that_are_no_entry_are_refused(value, message):
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        Leaf.from_bytes(canonical_json(value))


def test_a_signature_that_is_null_is_refused():
    data = leaf(sig="s").to_bytes().replace(b'"sig":"s"', b'"sig":null')
    got = "'actor, at, auth, c, kind, obj, prev, seq, sig, v'"
    message = f"ledger entry 7, members: got {got}, want {MEMBERS}. {FIX}"
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        Leaf.from_bytes(data)


def test_canonical_bytes_with_a_wrong_value_name_the_field():
    data = leaf().to_bytes().replace(b'"auth":"asserted"', b'"auth":"guessed"')
    message = f"ledger entry 7, auth: got 'guessed', want asserted, password or webauthn. {FIX}"
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        Leaf.from_bytes(data)
