"""Reads one locus of a case: alleles and frequencies, mutation model, genotypes; says what it assumes.

What a genotype may be: two alleles (`["14", "16"]` or `"14/16"`), one allele of a male at a locus on the X, one allele
with the other not known (`["14"]`, `["14", null]`), or nothing. Three alleles are set aside with a warning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from thaw.data import frequencies
from thaw.errors import InputError

from .locus import Floats, Locus, Seen, check_locus, seen_one, seen_pair, seen_x_male
from .mutation import model_name, mutation_matrix

Warn = Callable[[str], None]

RARE_COUNT = 5  # National Research Council 1996, The Evaluation of Forensic DNA Evidence, recommendation 4.1: 5 of 2N
RARE_SHARE = 0.001  # where the size of the sample is not known: the least share of the Norwegian table of 2023
# What files write for an allele that nobody can name: not typed, off the ladder, outside the reading range.
_BLANK = {"", "0", "-", "--", "-9", "?", "*", "na", "n/a", "nan", "none", "null", "nd", "nr", "x?", "ol", "or", "ol?"}
_APART = re.compile(r"\s*[/,;|]\s*|\s+|(?<=[0-9])-(?=[0-9])")  # between the two alleles of a genotype
_EXACT, _ROUNDED = 1e-6, 0.05  # of the sum of frequencies


def read_locus(
    marker: Mapping[str, Any], genotypes: Mapping[str, Any], sexes: Mapping[str, str], where: str, warn: Warn
) -> tuple[Locus, dict[str, Seen]]:
    """The locus and what was seen of each person there.

    sexes  M, F or U by person
    Raises InputError for what cannot be used; what is assumed is told to `warn`.
    """
    name = str(marker.get("name") or "locus")
    where = f"{where}, {name}"
    chrom = _chrom(marker.get("chrom"), where)
    alleles, freqs, sampled = _table(marker, name, where, warn)
    pairs = {str(who): called(raw, f"{where}, {who}") for who, raw in genotypes.items()}
    named = [a for pair in pairs.values() for a in pair if a is not None]
    alleles, freqs = _with_rare(alleles, freqs, named, sampled, marker, name, where, warn)
    words, female, male = _mutation(marker, alleles, freqs, where)
    locus = Locus(name, tuple(alleles), freqs, female, male, chrom, sampled, words)
    check_locus(locus)
    seen = {}
    for who, pair in pairs.items():
        what = _seen(locus, pair, who, sexes.get(who, "U"), _dropout(marker, who, where), where, warn)
        if what is not None:
            seen[who] = what
    return locus, seen


# Frequencies


def _chrom(value: Any, where: str) -> str:
    text = "autosomal" if value is None else str(value)
    plain = text.strip().upper().removeprefix("CHR").removeprefix("OMOSOME").strip()
    if plain in ("X", "23"):
        return "X"
    if plain in ("Y", "MT", "M", "24"):
        raise InputError(
            where=where,
            got=f"chrom {text}",
            want="an autosomal locus or one on the X",
            fix="Give Y-STR and mtDNA under `lineage`; they are shown apart.",
        )
    return "autosomal"


def _table(marker: Mapping[str, Any], name: str, where: str, warn: Warn) -> tuple[list[str], Floats, int | None]:
    alleles, freqs = marker.get("alleles"), marker.get("freqs", marker.get("frequencies"))
    if isinstance(freqs, Mapping):
        alleles, freqs = list(freqs), list(freqs.values())
    sampled = marker.get("n_alleles_sampled")
    if freqs is None and marker.get("population") is not None:
        return _published(str(marker["population"]), name, where)
    if not isinstance(alleles, Sequence) or not isinstance(freqs, Sequence) or isinstance(alleles, str):
        raise InputError(
            where=where,
            got="no allele frequencies",
            want="alleles and freqs, or a population",
            fix="Add them; `population` may be such as nist1036/Caucasian.",
        )
    try:
        shares = np.array([float(x) for x in freqs])
    except (TypeError, ValueError):
        shares = np.array([np.nan])
    names = [_allele(a) or "" for a in alleles]
    if len(shares) != len(names) or not np.isfinite(shares).all():
        got = f"{len(names)} alleles and {len(freqs)} frequencies"
        raise InputError(where=where, got=got, want="one number for each allele", fix="Correct the table.")
    kept = [i for i, x in enumerate(shares) if x != 0]
    names, shares = [names[i] for i in kept], shares[kept]
    off = abs(float(shares.sum()) - 1)
    if off > _ROUNDED:
        got = f"frequencies that add up to {shares.sum():.4f}"
        raise InputError(where=where, got=got, want="a sum of 1", fix="Correct the table.")
    if off > _EXACT:
        warn(f"{name}: the frequencies add up to {shares.sum():.6f}; they were scaled to 1.")
        shares = shares / shares.sum()
    return names, shares, None if sampled is None else int(sampled)


def _published(population: str, name: str, where: str) -> tuple[list[str], Floats, int | None]:
    found = frequencies.counts(population)
    if found is None:
        want = "one of " + ", ".join(frequencies.populations())
        raise InputError(where=where, got=f"population {population!r}", want=want, fix="Choose one of them.")
    if (name := frequencies.locus_name(name)) not in found:
        raise InputError(
            where=where,
            got=f"no frequencies of {name} in {population}",
            want="one of " + ", ".join(sorted(found)),
            fix="Give alleles and freqs for this locus, or leave it out.",
        )
    counts = np.array(list(found[name].values()), dtype=np.float64)
    return list(found[name]), counts / counts.sum(), int(counts.sum())


def _with_rare(
    alleles: list[str],
    freqs: Floats,
    named: Sequence[str],
    sampled: int | None,
    marker: Mapping[str, Any],
    name: str,
    where: str,
    warn: Warn,
) -> tuple[list[str], Floats]:
    """Adds alleles that were seen and are not in the table, each with a small share; the others give way."""
    new = sorted({a for a in named if _find(alleles, a) is None})
    if not new:
        return alleles, freqs
    if marker.get("mutation_matrix") is not None:
        raise InputError(
            where=where,
            got=f"allele {new[0]}, which is not in the table",
            want="an allele of the table, as the mutation matrix covers no other",
            fix="Add the allele to alleles, freqs and matrix.",
        )
    given = marker.get("rare_allele_frequency")
    share = float(given) if given is not None else RARE_COUNT / sampled if sampled else RARE_SHARE
    if not 0 < share * len(new) < 0.5:
        raise InputError(
            where=where,
            got=f"a share of {share:g} for a rare allele",
            want="a number above 0, small beside 1",
            fix="Correct rare_allele_frequency.",
        )
    why = (
        "as given"
        if given is not None
        else f"5 of {sampled} sampled"
        if sampled
        else "the size of the sample is not known"
    )
    for allele in new:
        warn(f"{name}: allele {allele} is not in the table; taken as rare with a share of {share:.3g} ({why}).")
    return [*alleles, *new], np.append(freqs * (1 - share * len(new)), [share] * len(new))


def _find(alleles: Sequence[str], allele: str) -> int | None:
    return next((i for i, name in enumerate(alleles) if name == allele), None)


# Mutation


def _mutation(
    marker: Mapping[str, Any], alleles: Sequence[str], freqs: Floats, where: str
) -> tuple[str, Floats, Floats]:
    given, rows = marker.get("mutation"), marker.get("mutation_matrix")
    if rows is None and isinstance(given, Mapping) and given.get("matrix") is not None:
        rows = given["matrix"]
    if rows is None and isinstance(given, list):
        rows = given
    if rows is not None:
        both = rows if isinstance(rows, Mapping) else {"female": rows, "male": rows}
        made = [mutation_matrix("custom", alleles, freqs, {"matrix": both.get(s)}, where) for s in ("female", "male")]
        words = str(given.get("model", "custom") if isinstance(given, Mapping) else given or "custom")
        return f"{words} (matrix given)", made[0], made[1]
    if given is None or isinstance(given, str):
        given = {"model": given or "none"}
    if not isinstance(given, Mapping):
        raise InputError(
            where=where, got="a mutation model of another form", want="a name or an object", fix="See the manual."
        )
    parts, words_of = [], []
    for sex in ("female", "male"):
        own = given.get(sex)
        numbers = {**given, **(own if isinstance(own, Mapping) else {} if own is None else {"rate": own})}
        # As pedmut has it: one model, each number for both sexes or by sex.
        numbers = {key: value.get(sex) if isinstance(value, Mapping) else value for key, value in numbers.items()}
        model = model_name(str(numbers.get("model") or "none"), where)
        parts.append(mutation_matrix(model, alleles, freqs, numbers, where))
        shown = [f"{k} {numbers[k]:g}" for k in ("rate", "rate2", "range") if isinstance(numbers.get(k), int | float)]
        words_of.append(model if model == "none" else " ".join([model, *shown]))
    words = words_of[0] if words_of[0] == words_of[1] else f"female {words_of[0]}, male {words_of[1]}"
    return words, parts[0], parts[1]


# Genotypes


def is_no_kinship(name: str) -> bool:
    """Loci that kits type beside the others and that no ratio uses: they tell the sex, or lie on the Y chromosome."""
    plain = "".join(c for c in name.upper() if c.isalnum())
    return plain.startswith(("AMEL", "YINDEL", "DYS", "DYF", "YGATA")) or plain == "SRY"


def _allele(value: Any) -> str | None:
    """The name of an allele as tables have it: 14.0 is 14, 9.30 is 9.3; None for a blank."""
    if value is None:
        return None
    text = str(value).strip()
    if text.lower() in _BLANK:
        return None
    text = re.sub(r"^(\d+),(\d)$", r"\1.\2", text)  # a decimal comma
    try:
        return f"{float(text):g}" if text[0].isdigit() and float(text) < 1000 else text
    except ValueError:
        return text


def between_alleles(text: str) -> list[str]:
    """The alleles of a genotype in one text: 14/16, 14,16, 14|16, 14 16."""
    return _APART.split(text.strip())


def called(raw: Any, where: str) -> list[str | None]:
    """The alleles of a genotype as a file has it; None for one not known. Raises InputError for another form."""
    if raw is None:
        return []
    if isinstance(raw, Mapping):
        raw = raw.get("alleles")
    if isinstance(raw, str):
        raw = between_alleles(raw)
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        raw = [raw]
    if not isinstance(raw, Sequence) or any(isinstance(x, list | dict | bool) for x in raw):
        raise InputError(where=where, got="a genotype of another form", want='such as ["14", "16"]', fix="Correct it.")
    return [_allele(x) for x in raw]


def _dropout(marker: Mapping[str, Any], who: str, where: str) -> float | None:
    value = marker.get("dropout")
    if isinstance(value, Mapping):
        value = value.get(who)
    raw = (marker.get("genotypes") or {}).get(who)
    if isinstance(raw, Mapping) and raw.get("dropout") is not None:
        value = raw["dropout"]
    if value is None or value is False:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise InputError(
            where=f"{where}, {who}", got=f"dropout {value!r}", want="a number from 0 to 1", fix="Correct the file."
        )
    return float(value)


def _seen(
    locus: Locus, pair: Sequence[str | None], who: str, sex: str, dropout: float | None, where: str, warn: Warn
) -> Seen | None:
    places = [locus.index[a] for a in pair if a is not None]
    at = f"{locus.name}, {who}"
    if not places:
        return None
    if len(places) > 2:
        warn(f"{at}: {len(places)} alleles were seen; the locus is set aside for this person.")
        return None
    if locus.is_x and sex == "M":
        if len(set(places)) > 1:
            raise InputError(
                where=f"{where}, {who}",
                got="two alleles of a male at a locus on the X",
                want="one allele",
                fix="Check the sex and the locus.",
            )
        return seen_x_male(places[0])
    if len(places) == 1 and len(pair) <= 2:
        if dropout is None:
            warn(f"{at}: one allele was seen; the other is taken as not known. Write it twice for a homozygote.")
        else:
            warn(f"{at}: a single allele, weighed with a drop-out of {dropout:g}.")
        return seen_one(locus, places[0], dropout)
    if places[0] == places[1] and dropout:
        warn(f"{at}: a homozygote, weighed with a drop-out of {dropout:g}.")
        return seen_one(locus, places[0], dropout)
    return seen_pair(locus, places[0], places[1])
