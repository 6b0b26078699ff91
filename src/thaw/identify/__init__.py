"""Who is this unidentified person: kinship from DNA, and what else speaks for a name; support, never a verdict.

Pure: values in, values out. Formulas, conventions and limits: docs/methods/kinship.md and identification.md.
"""

from .kinship.answers import kinship_lr
from .kinship.fam_file import read_fam
from .kinship.tables import read_frequencies, read_profiles, with_tables
from .matching.gallery import Gallery
from .matching.person import FIELDS, Area, PersonRecord
from .matching.ranking import Candidate, Matches, match, rank

__all__ = [
    "FIELDS",
    "Area",
    "Candidate",
    "Gallery",
    "Matches",
    "PersonRecord",
    "kinship_lr",
    "match",
    "rank",
    "read_fam",
    "read_frequencies",
    "read_profiles",
    "with_tables",
]
