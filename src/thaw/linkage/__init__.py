"""Case linkage: which old cases look like this one, why, and how many of the list are expected to be true.

In: `Profiles` (columns of what is known of each case) and a named `Preset`. `Background.fit` learns how common every
value is, `score` gives log10 Bayes factors of one case against all, `rank` the list with reasons and honest odds,
`PairSample` says how often random pairs look as alike. `learn` moves a preset by labelled series, `fit_series` ranks
known series for a case, `discover` looks for unknown ones among all pairs. `ScanCases` go into `scan_cases`: where do
unsolved killings pile up, beside `map_cells`, the cells that others look at. Pure: no disk but the packaged preset.
Method, sources and limits: docs/methods/linkage.md and docs/methods/scan.md.
"""

from thaw.linkage.background import Background
from thaw.linkage.case_ids import CaseIds
from thaw.linkage.coders import agreement
from thaw.linkage.commonness import PairSample
from thaw.linkage.labels import Labels
from thaw.linkage.learning import learn
from thaw.linkage.map_cell import map_cells
from thaw.linkage.preset import Preset, Prior
from thaw.linkage.profiles import Profiles
from thaw.linkage.ranking import Match, Part, Ranking, rank
from thaw.linkage.scan import ScanSettings, scan_cases
from thaw.linkage.scan_cases import ScanCases
from thaw.linkage.scoring import score
from thaw.linkage.series import discover, fit_series

__all__ = [
    "Background",
    "CaseIds",
    "Labels",
    "Match",
    "PairSample",
    "Part",
    "Preset",
    "Prior",
    "Profiles",
    "Ranking",
    "ScanCases",
    "ScanSettings",
    "agreement",
    "discover",
    "fit_series",
    "learn",
    "map_cells",
    "rank",
    "scan_cases",
    "score",
]
