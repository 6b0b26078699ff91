"""The ledger: canonical form, entries, Merkle tree in tiles, proofs, signed checkpoints, verification.

Pure: values in, values out; no disk, clock, network or SQL. The formats are those of RFC 9162, RFC 8785 and C2SP
(signed-note, tlog-checkpoint, tlog-tiles) and are explained byte by byte in docs/methods/ledger.md.
"""

from __future__ import annotations

from thaw.ledger.canonical import canonical_json, parse_canonical
from thaw.ledger.checkpoint import Checkpoint, Receipt, open_checkpoint, sign_checkpoint
from thaw.ledger.findings import Verification
from thaw.ledger.hashing import commitment, leaf_hash
from thaw.ledger.kinds import entry_kinds
from thaw.ledger.leaf import Leaf
from thaw.ledger.note import SigningKey, Verifier
from thaw.ledger.proofs import consistency_proof, inclusion_proof, verify_consistency, verify_inclusion
from thaw.ledger.tree import TileTree, root_of
from thaw.ledger.verify import verify_log

__all__ = [
    "Checkpoint",
    "Leaf",
    "Receipt",
    "SigningKey",
    "TileTree",
    "Verification",
    "Verifier",
    "canonical_json",
    "commitment",
    "consistency_proof",
    "entry_kinds",
    "inclusion_proof",
    "leaf_hash",
    "open_checkpoint",
    "parse_canonical",
    "root_of",
    "sign_checkpoint",
    "verify_consistency",
    "verify_inclusion",
    "verify_log",
]
