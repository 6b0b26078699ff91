"""Who is this unidentified person: comparison with the missing, as support for candidates, never as a verdict."""

from __future__ import annotations

from .matching.gallery import Gallery
from .matching.person import FIELDS, Area, PersonRecord
from .matching.ranking import Candidate, Matches, match, rank

__all__ = ["FIELDS", "Area", "Candidate", "Gallery", "Matches", "PersonRecord", "match", "rank"]
