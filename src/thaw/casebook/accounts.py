"""Several accounts of one matter: what each claims, where they differ, and what a file of them lacks."""

from __future__ import annotations

from .claims import Claim, claims_of
from .claims_account import Account
from .gaps import Gap, gaps_of

__all__ = ["Account", "Claim", "Gap", "claims_of", "gaps_of"]
