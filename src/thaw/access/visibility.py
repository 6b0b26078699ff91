"""What a person may see. Thin now: everything. Roles, grants and recusals will decide here and nowhere else."""

from __future__ import annotations

from datetime import datetime

from thaw.store import Visible


def visible_to(actor: str, at: datetime) -> Visible:
    """What `actor` may see at the moment `at`.

    Every view asks this function anew, so a grant that ends takes effect at the next look.
    """
    del actor, at  # no grants exist yet: whoever can open the book sees all of it, and the threat model says so
    return Visible()
