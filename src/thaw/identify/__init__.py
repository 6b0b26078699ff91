"""Who is this unidentified person: kinship from DNA, and what else speaks for a name; support, never a verdict.

Pure: values in, values out. Formulas, conventions and limits: docs/methods/kinship.md and identification.md.
"""

from .kinship.advice import relatives_worth
from .kinship.answers import kinship_lr
from .kinship.fam_file import read_fam
from .kinship.family_file import read_family, read_genotypes
from .kinship.profiles import RemainsProfile
from .kinship.register import FamilyRegister
from .kinship.tables import read_frequencies, read_profiles, with_tables
from .kinship.wording import case_words
from .matching.gallery import Gallery
from .matching.person import FIELDS, Area, PersonRecord
from .matching.ranking import Candidate, Matches, match, rank
from .matching.together import together

__all__ = [
    "FIELDS",
    "Area",
    "Candidate",
    "FamilyRegister",
    "Gallery",
    "Matches",
    "PersonRecord",
    "RemainsProfile",
    "case_words",
    "kinship_lr",
    "match",
    "rank",
    "read_fam",
    "read_family",
    "read_frequencies",
    "read_genotypes",
    "read_profiles",
    "relatives_worth",
    "together",
    "with_tables",
]
