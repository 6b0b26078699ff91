"""The elicited numbers of the model: a named preset with a source for every number, and the prior of a unit.

In: a packaged TOML file `data/linkage/NAME.toml`. Out: `Preset` (features in scoring order) and `Prior`.
The preset's digest is part of `model_id`, so that a stored result names the exact numbers behind it.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from thaw.data import data_names, read_toml
from thaw.errors import InputError
from thaw.linkage.steadiness import Steadiness

MODEL_NAME = "thaw-copy"
MODEL_VERSION = 2
CODED = ("categorical", "set", "count")
KINDS = (*CODED, "age", "place", "time", "time_of_day", "weekday")
_LAST = ("place", "time", "time_of_day", "weekday")
# Never a feature of linkage, whatever a preset or a caller says: DESIGN section 1.
FORBIDDEN_WORDS = frozenset(
    (
        *("race", "races", "racial", "ethnic", "ethnicity", "hispanic"),
        *("solved", "unsolved", "clearance", "cleared", "status", "arrest", "arrested"),
    )
)


def is_forbidden(name: str) -> bool:
    """True for a field that linkage must never read: race, ethnicity, or whether the case is solved."""
    return not FORBIDDEN_WORDS.isdisjoint(name.lower().replace("-", "_").replace(" ", "_").split("_"))


@dataclass(frozen=True, slots=True)
class Feature:
    """One comparison of the preset: how consistent offenders are in it, and how alikeness falls with separation.

    consistency    share of series in which the value is copied rather than drawn anew, 0 <= c < 1
    clamp_log10    largest |log10 Bayes factor| the feature may carry
    scale, power   alikeness = (1 + separation/scale)^-power; years, km, days, hours or steps by kind; 0 for codes
    spread_cap_km  largest blur of a place
    groups         codes that belong together (a node of the taxonomy), by name
    group_share    share of what is copied that is only the group, not the code
    vague          codes that stand for others: code -> how readily each of those is recorded so
    unknowns       those vague codes that say no more than "unknown": two of them are never a match
    weight         exponent of the factor, learned from labelled series; 1 without
    """

    name: str
    kind: str
    consistency: float
    clamp_log10: float
    scale: float = 0.0
    power: float = 0.0
    spread_cap_km: float = 0.0
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    group_share: float = 0.0
    vague: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    unknowns: frozenset[str] = frozenset()
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Prior:
    """What a unit believes before looking: share of homicides that are serial, and how many belong to one series."""

    serial_share: float = 0.02
    series_length: float = 4.0

    def __post_init__(self) -> None:
        if not 0 < self.serial_share <= 1:
            raise InputError(
                where="prior, serial_share",
                got=str(self.serial_share),
                want="a share above 0 and at most 1",
                fix="Two in a hundred is 0.02.",
            )
        if not 1 < self.series_length < math.inf:
            raise InputError(
                where="prior, series_length",
                got=str(self.series_length),
                want="a number of cases above 1",
                fix="A series has two cases or more.",
            )

    def log10_odds(self, cases: int) -> float:
        """log10 prior odds that two given ones of `cases` cases have one offender.

        odds = s N (L-1)/2 / (N(N-1)/2); s = 2 % and L = 4 give -3.92 at N = 500 (ln: -9.03).
        Source: docs/methods/linkage.md. Raises InputError below two cases, where there is no pair.
        """
        if cases < 2:
            raise InputError(
                where="prior odds",
                got=f"{cases} cases",
                want="two cases or more",
                fix="One case alone can not be linked.",
            )
        return math.log10(self.serial_share * (self.series_length - 1) / (cases - 1))


@dataclass(frozen=True, slots=True)
class Preset:
    """A named set of elicited numbers; `features` in the order in which they are scored and shown.

    digest       of the file; `learned` of what labelled series changed since, None while nothing did
    reliability  share of values that a record has right; every consistency counts times its square already
    """

    name: str
    version: int
    features: tuple[Feature, ...]
    prior: Prior
    steadiness: Steadiness
    calibration: str
    digest: str
    learned: str | None = None
    reliability: float = 1.0

    def shrunk_by(self, right_twice: Mapping[str, float]) -> Preset:
        """The preset with the consistency of each doubly coded field shrunk (or raised) by how far its coders agree.

        right_twice  chance that two records of one case are both right, by feature: 0..1
        """
        own = self.reliability**2
        features = tuple(
            replace(feature, consistency=min(0.99, feature.consistency / own * right_twice[feature.name]))
            if feature.name in right_twice
            else feature
            for feature in self.features
        )
        if features == self.features:
            return self
        numbers = [(feature.name, feature.consistency) for feature in features]
        return replace(self, features=features, learned=hashlib.sha256(json.dumps(numbers).encode()).hexdigest())

    @staticmethod
    def load(name: str) -> Preset:
        """The packaged preset `name`; raises InputError naming the ones there are."""
        there = data_names("linkage")
        if name not in there:
            want = "one of: " + ", ".join(there)
            raise InputError(where="linkage preset", got=repr(name), want=want, fix="See docs/methods/linkage.md.")
        return Preset.from_mapping(read_toml(f"linkage/{name}.toml"))

    @staticmethod
    def from_mapping(content: Mapping[str, Any]) -> Preset:
        """A preset from the parsed TOML; raises InputError for a forbidden or impossible feature."""
        prior = content["prior"]
        kinds = int(content.get("steadiness", {}).get("kinds", {"value": 0})["value"])
        features = tuple(_in_order(list(_features(content))))
        return Preset(
            name=str(content["name"]),
            version=int(content["version"]),
            features=features,
            prior=Prior(float(prior["serial_share"]["value"]), float(prior["series_length"]["value"])),
            steadiness=Steadiness.even(kinds) if kinds else Steadiness(),
            calibration=str(content["calibration"]),
            digest=hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest(),
            reliability=_reliability(content),
        )

    @property
    def model_id(self) -> str:
        """Name and version of the model, preset, and the first 12 hex digits of the SHA-256 of preset and labels."""
        learned = "" if self.learned is None else f"+labels@{self.learned[:12]}"
        return f"{MODEL_NAME}/{MODEL_VERSION}+{self.name}/{self.version}@{self.digest[:12]}{learned}"

    def names(self, *kinds: str) -> tuple[str, ...]:
        """Feature names in scoring order, all or those of these kinds."""
        return tuple(feature.name for feature in self.features if not kinds or feature.kind in kinds)


def _features(content: Mapping[str, Any]) -> Iterator[Feature]:
    clamp = float(content["clamp"]["natural"]["value"])
    reliability = _reliability(content)
    if not 0 < reliability <= 1:
        raise InputError(
            where="linkage preset, recording",
            got=f"reliability {reliability}",
            want="a share above 0 and at most 1",
            fix="Correct the preset.",
        )
    behaviours = content.get("behaviours", {"names": ()})
    behaviour = {"kind": "categorical", "consistency": behaviours.get("consistency")}
    coded = [{"name": name, **behaviour} for name in behaviours["names"]]
    mo = content.get("mo", {})
    shared = {key: mo[key] for key in ("consistency", "scale", "power") if key in mo}
    coded += [{"name": name, "kind": kind, **shared} for kind in CODED for name in mo.get(kind, ())]
    for entry in (*content["feature"], *coded):
        feature = _checked(_feature(entry, clamp))
        # A repeated behaviour looks repeated only when both records have it right.
        yield replace(feature, consistency=feature.consistency * reliability**2)


def _reliability(content: Mapping[str, Any]) -> float:
    return float(content.get("recording", {}).get("reliability", {"value": 1.0})["value"])


def _feature(entry: Mapping[str, Any], clamp: float) -> Feature:
    def number(key: str, default: float = 0.0) -> float:
        return float(entry[key]["value"]) if key in entry else default

    return Feature(
        name=entry["name"],
        kind=entry["kind"],
        consistency=number("consistency"),
        clamp_log10=number("clamp_natural", clamp) / math.log(10),
        scale=number("scale"),
        power=number("power"),
        spread_cap_km=number("spread_cap"),
        groups={name: tuple(codes) for name, codes in entry.get("groups", {}).items()},
        group_share=number("group_share"),
        vague={code: _told_as(table) for code, table in entry.get("vague", {}).items()},
        unknowns=frozenset(code for code, table in entry.get("vague", {}).items() if table.get("unknown")),
    )


def _told_as(table: Mapping[str, Any]) -> dict[str, float]:
    return {str(code): float(rate) for code, rate in table["rates"].items()}


def _checked(feature: Feature) -> Feature:
    def refuse(got: str, want: str) -> InputError:
        return InputError(where=f"linkage feature {feature.name}", got=got, want=want, fix="Correct the preset.")

    if is_forbidden(feature.name):
        raise refuse("a feature that linkage must never read", "no race, ethnicity or solved status")
    if feature.kind not in KINDS:
        raise refuse(f"kind {feature.kind!r}", "one of: " + ", ".join(KINDS))
    if not 0 <= feature.consistency < 1:
        raise refuse(f"consistency {feature.consistency}", "a share from 0 to below 1")
    if not 0 <= feature.group_share < 1:
        raise refuse(f"group_share {feature.group_share}", "a share from 0 to below 1")
    if any(rate < 0 for table in feature.vague.values() for rate in table.values()):
        raise refuse("a rate below 0 of a vague code", "rates of 0 or more")
    if feature.kind not in ("categorical", "set") and not (feature.scale > 0 and feature.power > 0):
        raise refuse(f"scale {feature.scale}, power {feature.power}", "both above 0")
    return feature


def _in_order(features: list[Feature]) -> list[Feature]:
    """Coded fields first, behaviours after them, place and time last: the order of the explanation."""
    return sorted(features, key=lambda feature: feature.kind in _LAST)
