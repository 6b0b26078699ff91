"""Case linkage: which old cases look like this one, why, and how many of the list are expected to be true.

In: `Profiles` (columns of what is known of each case) and a named `Preset`. `Background.fit` learns how common every
value is, `score` gives log10 Bayes factors of one case against all, `rank` the list with reasons and honest odds,
`PairSample` says how often random pairs look as alike. Pure: no disk but the packaged preset, no clock, no SQL.
Method, sources and limits: docs/methods/linkage.md.
"""

from thaw.linkage.background import Background
from thaw.linkage.case_ids import CaseIds
from thaw.linkage.commonness import PairSample
from thaw.linkage.preset import Preset, Prior
from thaw.linkage.profiles import Column, Profile, Profiles
from thaw.linkage.ranking import Match, Part, Ranking, rank
from thaw.linkage.scoring import score

__all__ = [
    "Background",
    "CaseIds",
    "Column",
    "Match",
    "PairSample",
    "Part",
    "Preset",
    "Prior",
    "Profile",
    "Profiles",
    "Ranking",
    "rank",
    "score",
]
