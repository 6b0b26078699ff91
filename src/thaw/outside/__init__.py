"""What goes to those outside and comes back: policies, the rules of a witness, proof files, paths of tiles.

Pure: texts and values in, texts and values out. The formats are those of C2SP (tlog-policy, tlog-witness, tlog-proof,
tlog-tiles), so that programs of strangers can take part.
"""

from __future__ import annotations

from .policy import Policy, Witness
from .proof import ProofFile
from .tiles import bundle_of, entries_of, tile_path
from .witness import Answer, Seen, answer, ask, cosigned, origin_of

__all__ = [
    "Answer",
    "Policy",
    "ProofFile",
    "Seen",
    "Witness",
    "answer",
    "ask",
    "bundle_of",
    "cosigned",
    "entries_of",
    "origin_of",
    "tile_path",
]
