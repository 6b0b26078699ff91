"""The numbers of the comparison, read from a packaged preset, as arrays that the fields index."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thaw.data import read_toml

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Model:
    """The preset of data/identification: `numbers[section][key]` without the sources; `id` names the exact numbers."""

    id: str
    numbers: Mapping[str, Mapping[str, Any]]
    hair: Floats
    eyes: Floats

    def __getitem__(self, section: str) -> Mapping[str, Any]:
        return self.numbers[section]

    def array(self, section: str, key: str) -> Floats:
        """The list of numbers at that place."""
        return np.asarray(self.numbers[section][key], dtype=np.float64)

    def code(self, section: str, label: str | None) -> int:
        """Index of a label of `ancestry`, `hair` or `eyes`; -1 for none or one that the preset does not know."""
        labels = self.numbers[section]["labels"]
        return labels.index(label) if label in labels else -1


@cache
def load_model() -> Model:
    """The packaged model."""
    content = read_toml("identification/matching.toml")
    numbers = {
        section: {key: value["value"] if isinstance(value, dict) else value for key, value in table.items()}
        for section, table in content.items()
        if isinstance(table, dict)
    }
    digest = hashlib.sha256(json.dumps(numbers, sort_keys=True).encode()).hexdigest()[:16]
    name = f"thaw-{content['name']}-{content['version']}-{digest}"
    return Model(name, numbers, _confusion(numbers["hair"]), _confusion(numbers["eyes"]))


def _confusion(table: Mapping[str, Any]) -> Floats:
    """P(label seen on the body | label of the living), shape (remains, seen, living); each column adds up to 1."""
    labels = table["labels"]
    size = len(labels)
    near = np.zeros((size, size))
    for one, other in table["neighbors"]:
        i, j = labels.index(one), labels.index(other)
        near[i, j] = near[j, i] = 1.0
    near /= near.sum(axis=0)
    far = (1 - np.eye(size)) / (size - 1)
    wrong = table["near"] * near + (1 - table["near"]) * far
    return np.stack([right * np.eye(size) + (1 - right) * wrong for right in table["right"]])
