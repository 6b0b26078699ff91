"""Who is this unidentified person: kinship from DNA, and what else speaks for a name.

Pure: values in, values out. Formulas, conventions and limits: docs/methods/kinship.md.
"""

from .kinship.answers import kinship_lr
from .kinship.fam_file import read_fam
from .kinship.tables import read_frequencies, read_profiles, with_tables

__all__ = ["kinship_lr", "read_fam", "read_frequencies", "read_profiles", "with_tables"]
