"""Checks a bundle with the product's own ledger: a second program beside the `verify.py` that travels in the bundle."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from thaw.data.bundle import verify
from thaw.errors import InputError, ThawError
from thaw.ledger import (
    Leaf,
    Verification,
    Verifier,
    commitment,
    leaf_hash,
    open_checkpoint,
    verify_inclusion,
    verify_log,
)
from thaw.outside import Policy, ProofFile, entries_of, tile_path

from .ledger import read_text
from .policies import read_policy

_WIDTH = 256
# Without types on purpose: it is read by people who have only Python.
_plain: Any = verify
_Found = tuple[str, int | None, str]


def check_bundle(path: Path, policy: Path | None, against: Sequence[Path]) -> dict[str, Any]:
    """`verify_bundle` with policy and checkpoints from files. Raises InputError for a file that cannot be read."""
    text = read_policy(policy)[1] if policy else None
    return verify_bundle(path, text, [(one.name, read_text(one)) for one in against])


def verify_bundle(path: Path, policy: str | None, against: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The verdict over a bundle, with what `verify.py` says of it beside.

    policy   text of a policy that came by another way; None takes the one inside, and the answer says so
    against  name and text of checkpoints kept elsewhere
    Raises InputError when the bundle or the policy cannot be read.
    """
    try:
        bundle = _plain.Bundle(str(path))
        inside = bundle.text("policy.txt")
        first = _plain.Check(bundle, _plain.Policy(policy or inside), list(against), policy is not None).run()
        report: dict[str, Any] = first.report()
        own = _own(_plain.Bundle(str(path)), Policy.parse(policy or inside), first)
    except _plain.Unreadable as error:
        raise InputError(
            where=str(path),
            got=f"something that cannot be checked ({str(error).rstrip('.')})",
            want="a bundle that `thaw export` made, and a policy of its log",
            fix="Ask for the bundle again, and for the policy from somebody else.",
        ) from None
    seen = {(found["kind"], found["seq"]) for found in report["findings"]}
    more = [found for found in own.findings if (found.kind, found.seq) not in seen]
    status = "tampered" if "tampered" in (own.status, report["status"]) else report["status"]
    report["findings"] += [found._asdict() for found in more]
    return {**report, "status": status if not more or status == "tampered" else own.status}


def _own(bundle: Any, policy: Policy, first: Any) -> Verification:
    """The same bundle through the ledger's own checks."""
    facts = json.loads(bundle.read("BUNDLE.json"))
    note = bundle.text("checkpoint")
    head = _plain.Head(note)
    chain = [(start, Verifier.parse(key.vkey)) for start, key, _ in first.chain]
    keys = chain or [(0, verifier) for verifier in policy.verifiers_of(head.origin)]
    if facts["holds"] == "case":
        return Verification.of(head.size, head.root.hex(), _case(bundle, note, keys))
    return verify_log(
        leaves=_leaves(bundle, head.size),
        payloads=_payloads(bundle, head.size),
        tiles=_tiles(bundle, head.size),
        checkpoints=[(head.size, note)],
        verifier=keys[0][1],
        later_keys=[(start - 1, verifier) for start, verifier in keys[1:]] if chain else [],
    )


def _leaves(bundle: Any, size: int) -> Iterator[tuple[int, bytes]]:
    for number in range(-(-size // _WIDTH)):
        width = min(_WIDTH, size - number * _WIDTH)
        for place, leaf in enumerate(entries_of(bundle.read(tile_path(None, number, width)))):
            yield number * _WIDTH + place, leaf


def _payloads(bundle: Any, size: int) -> Iterator[tuple[int, bytes | None, bytes | None, int | None]]:
    for number in range(-(-size // _WIDTH)):
        for line in bundle.read(f"payloads/{number}.txt").split(b"\n")[:-1]:
            seq, middle, rest = line.split(b" ", 2)
            if middle == b"sealed":
                yield int(seq), None, None, int(rest)
            else:
                yield int(seq), bytes.fromhex(middle.decode()), rest, None


def _tiles(bundle: Any, size: int) -> Iterator[tuple[int, int, bytes]]:
    level, count = 0, size
    while count:
        for number in range(-(-count // _WIDTH)):
            yield level, number, bundle.read(tile_path(level, number, min(_WIDTH, count - number * _WIDTH)))
        level, count = level + 1, count // _WIDTH


def _case(bundle: Any, note: str, keys: Sequence[tuple[int, Verifier]]) -> Iterator[_Found]:
    signer = [verifier for start, verifier in keys if start <= _plain.Head(note).size][-1]
    try:
        head = open_checkpoint(note, signer)
    except ThawError as error:
        # Caught: becomes a finding, and the entries are still compared with the checkpoint as it stands.
        yield ("checkpoint-signature", None, str(error))
        head = None
    contents = {row[0]: row for row in _payloads(bundle, 1)}
    for name in bundle.names("proofs/"):
        seq = int(name[7:-11])
        entry = bundle.read(f"entries/{seq}.json")
        try:
            proof = ProofFile.parse(bundle.text(name))
            if proof.note != note or proof.index != seq:
                yield ("bundle-foreign", seq, f"The proof of entry {seq} is of another entry or checkpoint.")
            if head is not None:
                verify_inclusion(leaf_hash(entry), seq, head.size, proof.proof, head.root)
            _, salt, body, _ = contents.get(seq, (seq, None, None, None))
            leaf = Leaf.from_bytes(entry)
        except ThawError as error:
            # Caught: becomes a finding that names the entry.
            yield ("bundle-foreign", seq, str(error))
            continue
        if salt is not None and body is not None and commitment(salt, body).hex() != leaf.c:
            yield ("commitment-mismatch", seq, f"The content of entry {seq} was changed.")
