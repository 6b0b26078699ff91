"""Proofs against the JSON files of transparency-dev/merkle: 196 plain ones and 204 for inclusion in a subtree."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from shared_files import SHARED, shared
from thaw.errors import ThawError
from thaw.ledger import verify_consistency, verify_inclusion

FOLDER = SHARED / "vectors" / "merkle" / "testdata"
# Its roots are placeholders of 12 bytes and it wants no error: a check that insists on 32 bytes must refuse it.
TWELVE_BYTE_ROOTS = "consistency/additional/sizes-are-equal-one-and-proof-is-empty.json"


def files(kind: str) -> list[str]:
    return sorted(str(path.relative_to(FOLDER)) for path in (FOLDER / kind).rglob("*.json")) or ["absent"]


def load(name: str) -> dict[str, object]:
    return json.loads((shared("vectors/merkle/testdata") / Path(name)).read_text(encoding="utf-8"))


def raw(text: str) -> bytes:
    return base64.b64decode(text)


def holds(call, *arguments) -> bool:
    try:
        call(*arguments)
    except ThawError:
        return False
    return True


@pytest.mark.parametrize("name", files("inclusion"))
def test_inclusion(name):
    case = load(name)
    proof = [raw(step) for step in case["proof"] or []]
    leaf, root = raw(case["leafHash"]), raw(case["root"])
    assert holds(verify_inclusion, leaf, case["leafIdx"], case["treeSize"], proof, root) != case["wantErr"]


@pytest.mark.parametrize("name", files("consistency"))
def test_consistency(name):
    if name == TWELVE_BYTE_ROOTS:
        pytest.skip("its roots are placeholders of 12 bytes, and ours must have 32")
    case = load(name)
    proof = [raw(step) for step in case["proof"] or []]
    roots = raw(case["root1"]), raw(case["root2"])
    assert holds(verify_consistency, case["size1"], case["size2"], *roots, proof) != case["wantErr"]


@pytest.mark.parametrize("name", files("subtreeinclusion"))
def test_inclusion_in_a_subtree(name):
    # A proof inside the subtree [start, end) is a plain one for entry index - start in a tree of end - start.
    case = load(name)
    start, end = case["start"], case["end"]
    proof = [raw(step) for step in case["proof"] or []]
    is_subtree = 0 <= start < end and start % (1 << (end - start - 1).bit_length()) == 0
    place = case["leafIdx"] - start, end - start
    good = is_subtree and holds(verify_inclusion, raw(case["leafHash"]), *place, proof, raw(case["root"]))
    assert good != case["wantErr"]


def test_all_files_were_there():
    shared("vectors/merkle/testdata")
    assert [len(files(kind)) for kind in ("inclusion", "consistency", "subtreeinclusion")] == [98, 98, 204]
