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


# A project of Familias 3 as the program writes it: invented people, one locus.
FAM = """"Output from Familias, version 3.3.1"
"DO NOT EDIT!"
3.3.1
""
3
"AF"
#FALSE#
-1
#FALSE#
#TRUE#
1
0
1
0
"MO"
#FALSE#
-1
#FALSE#
#FALSE#
0
"CH"
#FALSE#
-1 (Consider dropouts)
#FALSE#
#TRUE#
1
0
2
0
"Known relations"
0
0
0
2
0
"H1"
0
0
2
0
2
1
2
1
"H2"
0
0
0
#FALSE# (#Databases: 1 ;Theta/Kinship/Fst: 0.02 )
1
#TRUE#
"invented"
"D1"
0.001
0.002
4
4
3
0.1
0.1
1e-006
1e-006
#FALSE#
0
3\t(DatabaseSize = 1000 , Dropout probability = 0 , Minor allele frequency = 0 )
"12"
0.2
"13"
0.3
"14"
0.5
[Advanced]
"""
