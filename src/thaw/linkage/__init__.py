"""Case linkage: which old cases look like this one, why, and how many of the list are expected to be true.

In: `Profiles` (columns of what is known of each case) and a named `Preset`. `Background.fit` learns how common every
value is, `score` gives log10 Bayes factors of one case against all, `rank` the list with reasons and honest odds,
`PairSample` says how often random pairs look as alike. `ScanCases` go into `scan_cases`, which finds where unsolved
killings pile up, beside `map_cells`, the cells that others look at; `replay_scan` asks when that could first have been
seen. Pure: no disk but the packaged preset, no clock, no SQL.
Method, sources and limits: docs/methods/linkage.md and docs/methods/scan.md.
"""

from thaw.linkage.background import Background
from thaw.linkage.commonness import PairSample
from thaw.linkage.map_cell import map_cells
from thaw.linkage.preset import Preset, Prior
from thaw.linkage.profiles import Profile, Profiles, co_victims
from thaw.linkage.ranking import Match, Part, Ranking, posterior, rank, true_count_interval
from thaw.linkage.replay import ReplaySettings, replay_scan
from thaw.linkage.scan import ScanSettings, scan_cases
from thaw.linkage.scan_cases import ScanCases
from thaw.linkage.scoring import score

__all__ = [
    "Background",
    "Match",
    "PairSample",
    "Part",
    "Preset",
    "Prior",
    "Profile",
    "Profiles",
    "Ranking",
    "ReplaySettings",
    "ScanCases",
    "ScanSettings",
    "co_victims",
    "map_cells",
    "posterior",
    "rank",
    "replay_scan",
    "scan_cases",
    "score",
    "true_count_interval",
]
