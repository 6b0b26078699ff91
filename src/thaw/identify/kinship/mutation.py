"""Mutation models as matrices: row = allele of the parent, column = allele that the child gets.

Sources: equal, proportional, stepwise (extended) as in Familias (Egeland, Kling and Mostad 2016, Relationship Inference
with Familias and R, chapter 4) and pedmut; Dawid's reversible model: Dawid, Mortera and Pascali 2001, Forensic Sci Int
124:55. Formulas and what each is good for: docs/methods/kinship.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thaw.errors import InputError

Matrix = NDArray[np.float64]

# Names that files use, beside our own.
NAMES = {
    "": "none", "none": "none", "trivial": "none", "equal": "equal", "proportional": "proportional",
    "prop": "proportional", "frequencies": "proportional", "stepwise": "stepwise", "step-ext": "stepwise",
    "extended stepwise": "stepwise", "extended": "stepwise", "onestep": "onestep", "one-step": "onestep",
    "dawid": "dawid", "stable": "dawid", "custom": "custom",
}  # fmt: skip


def model_name(text: str, where: str) -> str:
    """Our name of a mutation model. Raises InputError for one that is not known."""
    found = NAMES.get(text.strip().lower())
    if found is None:
        want = "none, equal, proportional, stepwise, onestep, dawid or custom"
        raise InputError(where=where, got=f"mutation model {text!r}", want=want, fix="Correct the file.")
    return found


def mutation_matrix(
    model: str,
    alleles: Sequence[str],
    freqs: Sequence[float] | Matrix,
    numbers: Mapping[str, Any],
    where: str = "mutation",
) -> Matrix:
    """The matrix of one model and one sex, rows summing to 1.

    alleles  names in the order of the matrix; one named "silent" neither mutates nor is mutated to
    numbers  rate; for stepwise also rate2 and range, for dawid range, for custom matrix
    Raises InputError for a number out of range, alleles that the model cannot use, rates that are too high.
    """
    model = model_name(model, where)
    full = np.eye(len(alleles))
    real = [i for i, name in enumerate(alleles) if name.lower() != "silent"]
    if model == "custom":
        return _custom(numbers.get("matrix"), len(alleles), where)
    if model == "none" or len(real) < 2:
        return full
    names = [alleles[i] for i in real]
    p = np.array([freqs[i] for i in real], dtype=np.float64)
    if len(real) < len(alleles):
        p = p / p.sum()
    rate = _number(numbers, "rate", where)
    if model == "equal":
        part = np.full((len(p), len(p)), rate / (len(p) - 1))
        np.fill_diagonal(part, 1 - rate)
    elif model == "proportional":
        part = _proportional(p, rate)
    elif model == "stepwise":
        part = _stepwise(names, rate, _number(numbers, "rate2", where, 0.0), _range(numbers, where), where)
    elif model == "onestep":
        part = _one_step(names, rate, where)
    else:
        part = _dawid(names, p, rate, _range(numbers, where), where)
    if part.min() < 0:
        got = f"{model} mutation with rate {rate:g}"
        raise InputError(where=where, got=got, want="a rate that these frequencies allow", fix="Lower the rate.")
    full[np.ix_(real, real)] = part
    return full


def _number(numbers: Mapping[str, Any], key: str, where: str, default: float | None = None) -> float:
    value = numbers.get(key, default)
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = float("nan")
    if not 0 <= number <= 1:
        got = f"no {key}" if value is None else f"{key} {value!r}"
        raise InputError(where=where, got=got, want=f"a {key} from 0 to 1", fix="Correct the mutation model.")
    return number


def _range(numbers: Mapping[str, Any], where: str) -> float:
    value = numbers.get("range", 0.1)
    if not isinstance(value, int | float) or not 0 < value < float("inf"):
        raise InputError(where=where, got=f"range {value!r}", want="a range above 0", fix="Correct the mutation model.")
    return float(value)


def _proportional(p: Matrix, rate: float) -> Matrix:
    alpha = rate / float((p * (1 - p)).sum())
    return (1 - alpha) * np.eye(len(p)) + alpha * p[None, :]


def _repeats(names: Sequence[str], where: str, model: str) -> Matrix:
    bad = next((name for name in names if not _is_number(name)), None)
    if bad is not None:
        raise InputError(
            where=where,
            got=f"allele {bad!r} with {model} mutation",
            want="alleles named by their number of repeats, such as 14 or 9.3",
            fix="Use the model equal or proportional for this locus.",
        )
    return np.array([float(name) for name in names])


def _is_number(text: str) -> bool:
    try:
        return bool(np.isfinite(float(text)))
    except ValueError:
        return False


def _stepwise(names: Sequence[str], rate: float, rate2: float, span: float, where: str) -> Matrix:
    """Within a class of microvariants steps fall off by `span` per repeat; all other classes share rate2."""
    x = _repeats(names, where, "stepwise")
    # x.6 to x.9 count down from the next whole number and so form classes of their own, as in pedmut and Familias.
    classes = np.round((x - np.round(x)) * 10).astype(int)
    same = classes[:, None] == classes[None, :]
    weight = np.where(same, span ** np.abs(x[:, None] - x[None, :]), 0.0)
    np.fill_diagonal(weight, 0.0)
    inside, outside = weight.sum(axis=1, keepdims=True), (~same).sum(axis=1, keepdims=True)
    part = np.where(inside > 0, rate * weight / np.where(inside > 0, inside, 1.0), 0.0)
    part += np.where(~same, rate2 / np.maximum(outside, 1), 0.0)
    stays = 1 - np.where(inside > 0, rate, 0.0) - np.where(outside > 0, rate2, 0.0)
    np.fill_diagonal(part, stays[:, 0])
    return part


def _one_step(names: Sequence[str], rate: float, where: str) -> Matrix:
    x = _repeats(names, where, "onestep")
    near = np.abs(x[:, None] - x[None, :]) == 1
    count = near.sum(axis=1, keepdims=True)
    part = np.where(near, rate / np.maximum(count, 1), 0.0)
    np.fill_diagonal(part, np.where(count[:, 0] > 0, 1 - rate, 1.0))
    return part


def _dawid(names: Sequence[str], p: Matrix, rate: float, span: float, where: str) -> Matrix:
    """R_ij = rate/p_i * (1-k) k^|i-j| / (2k(n-a)), a = (1-k^n)/(1-k); i, j are places in the ladder."""
    if span >= 1:
        raise InputError(where=where, got=f"range {span!r}", want="a range below 1", fix="Correct the mutation model.")
    if (p <= 0).any():
        raise InputError(
            where=where, got="an allele of frequency 0", want="frequencies above 0", fix="Leave the allele out."
        )
    # The ladder is the order by repeats where all names are numbers, else the order of the file.
    order = np.argsort([float(n) for n in names], kind="stable") if all(map(_is_number, names)) else np.arange(len(p))
    place = np.empty(len(p), dtype=int)
    place[order] = np.arange(len(p))
    n = len(p)
    a = (1 - span**n) / (1 - span)
    part: Matrix = (
        rate * (1 - span) / (2 * span * (n - a)) / p[:, None] * span ** np.abs(place[:, None] - place[None, :])
    )
    np.fill_diagonal(part, 0.0)
    np.fill_diagonal(part, 1 - part.sum(axis=1))
    return part


def _custom(rows: Any, size: int, where: str) -> Matrix:
    try:
        part = np.array(rows, dtype=np.float64)
    except (TypeError, ValueError):
        part = np.zeros(0)
    if part.shape != (size, size) or not (part >= 0).all() or (np.abs(part.sum(axis=1) - 1) > 1e-6).any():
        raise InputError(
            where=where,
            got="a mutation matrix that cannot be used",
            want=f"{size} rows of {size} numbers, none below 0, each row adding up to 1",
            fix="Correct the matrix.",
        )
    return part
