"""Case linkage: which old cases look like this one, why, and how many of the list are expected to be true.

In: `Profiles` (columns of what is known of each case) and a named `Preset`. `Background.fit` learns how common every
value is, `score` gives log10 Bayes factors of one case against all, `rank` the list with reasons and honest odds,
`PairSample` says how often random pairs look as alike. Pure: no disk but the packaged preset, no clock, no SQL.
Method, sources and limits: docs/methods/linkage.md.
"""

from thaw.linkage.background import Background
from thaw.linkage.commonness import Commonness, PairSample
from thaw.linkage.preset import Feature, Preset, Prior
from thaw.linkage.profiles import Column, Profile, Profiles, co_victims, input_digest
from thaw.linkage.ranking import Match, Part, Ranking, posterior, rank, share_in_words, true_count_interval
from thaw.linkage.scoring import Scores, score

__all__ = [
    "Background",
    "Column",
    "Commonness",
    "Feature",
    "Match",
    "PairSample",
    "Part",
    "Preset",
    "Prior",
    "Profile",
    "Profiles",
    "Ranking",
    "Scores",
    "co_victims",
    "input_digest",
    "posterior",
    "rank",
    "score",
    "share_in_words",
    "true_count_interval",
]
