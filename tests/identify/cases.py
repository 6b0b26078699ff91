"""Factories for cases of kinship; nobody in them exists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

ABC = {"alleles": ["12", "13", "14"], "freqs": [0.2, 0.3, 0.5]}


def person(who: str, father: str = "0", mother: str = "0", sex: str = "M") -> dict[str, str]:
    return {"id": who, "father": father, "mother": mother, "sex": sex}


def marker(name: str = "D1", genotypes: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"name": name, **ABC, "genotypes": dict(genotypes or {}), **more}


DUO = [person("F"), person("M", sex="F"), person("C", "F", "M")]
APART = [person("F"), person("C")]


def case(
    markers: Sequence[Mapping[str, Any]],
    related: Sequence[Mapping[str, Any]] = DUO,
    apart: Sequence[Mapping[str, Any]] = APART,
    **more: Any,
) -> dict[str, Any]:
    hypotheses = [{"name": "H1", "individuals": list(related)}, {"name": "H2", "individuals": list(apart)}]
    return {"id": "invented", "hypotheses": hypotheses, "markers": list(markers), **more}
