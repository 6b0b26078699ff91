"""Reads a project file of Familias 3 (`.fam`) into a case: persons, pedigrees, loci with mutation, profiles, theta.

Such a file is a list of lines without names; what stands where was taken from files and from the description in the R
package pedFamilias. A project that holds loci only serves as a table of frequencies. Not read: sections for disaster
victims and for blind search, stored probabilities.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from thaw.errors import InputError

_MODELS = {0: "equal", 1: "proportional", 2: "stepwise", 4: "stepwise"}
_MOST = 10_000  # persons, loci or alleles; a larger number is a line out of place
_THETA = re.compile(r"Theta/Kinship/Fst:\s*([0-9.eE+-]+)")
_REPEATS = re.compile(r"\d+(\.\d+)?")
_INFO = {
    "sampled": re.compile(r"DatabaseSize\s*=\s*(\d+)"),
    "dropout": re.compile(r"Dropout probability\s*=\s*([0-9.eE+-]+)"),
    "rare": re.compile(r"Minor allele frequency\s*=\s*([0-9.eE+-]+)"),
}


def read_fam(text: str, where: str) -> dict[str, Any]:
    """The case of a Familias project, in the form that `read_cases` takes; the last pedigree is the reference.

    Raises InputError at the line that is not as expected, and for what cannot be taken over.
    """
    return _Fam([line.strip().replace('"', "") for line in text.splitlines()], where).case()


def is_fam(text: str) -> bool:
    """A project of Familias, by its first line."""
    return "output from familias" in text.partition("\n")[0].lower()


def read_fam_frequencies(text: str, where: str) -> dict[str, dict[str, Any]]:
    """Per locus of a project `alleles`, `freqs` and `n_alleles_sampled`, whoever else is in it.

    Raises InputError as `read_fam` does.
    """
    fam = _Fam([line.strip().replace('"', "") for line in text.splitlines()], where)
    fam.start()
    *_, loci = fam.database([])
    keys = ("alleles", "freqs", "n_alleles_sampled")
    return {locus["name"]: {key: locus[key] for key in keys if key in locus} for locus in loci}


class _Fam:
    def __init__(self, lines: list[str], where: str) -> None:
        self.lines, self.where, self.at = lines, where, 0
        self.assumed: list[str] = []

    # Reading on

    def take(self) -> str:
        if self.at >= len(self.lines):
            raise self.fault("the end of the file", "more lines")
        self.at += 1
        return self.lines[self.at - 1]

    def number(self, want: str) -> int:
        found = re.match(r"-?\d+", self.take())
        if found is None:
            raise self.fault(repr(self.lines[self.at - 1]), want)
        return int(found.group())

    def count(self, want: str) -> int:
        """How many of something follow or are meant: never below 0, and no more than a project can hold."""
        found = self.number(want)
        if not 0 <= found <= _MOST:
            raise self.fault(str(found), f"{want}, 0 to {_MOST:,}")
        return found

    def share(self, want: str) -> float:
        text = self.take()
        try:
            return float(text)
        except ValueError:
            raise self.fault(repr(text), want) from None

    def fault(self, got: str, want: str) -> InputError:
        return InputError(
            where=f"{self.where} line {max(self.at, 1)}",
            got=got,
            want=want,
            fix="Save the project in Familias 3 again.",
        )

    # Parts, in the order of the file

    def case(self) -> dict[str, Any]:
        people, pedigrees = self.start()
        if not pedigrees:
            if "[DVI]" in self.lines:
                raise self.fault("a project of disaster victims", "one with pedigrees, or the set of victims as JSON")
            raise self.fault("no pedigrees", "at least one")
        theta, population, loci = self.database(people)
        return {
            "id": self.where.rpartition("/")[2],
            "theta": theta,
            "hypotheses": pedigrees,
            "markers": loci,
            "population": population,
            "produced_by": "Familias project file",
            "assumed": self.assumed,
        }

    def start(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Persons and pedigrees."""
        if len(self.lines) < 6 or "familias" not in self.lines[0].lower():
            raise self.fault("another kind of file", "a project file of Familias 3")
        self.at = 3
        if self.lines[3] == "":
            self.at = 4
        people = [self.person() for _ in range(self.count("the number of persons"))]
        if self.take() != "Known relations":
            raise self.fault(repr(self.lines[self.at - 1]), "Known relations")
        named = [(p["id"], p["sex"]) for p in people]
        named += self.extras("known extra")
        relations = self.relations()
        return people, [self.pedigree(named, relations) for _ in range(self.count("the number of pedigrees"))]

    def database(self, people: list[dict[str, Any]]) -> tuple[float, str | None, list[dict[str, Any]]]:
        """Theta, the name of the population, and the loci with what was seen of these people."""
        theta = self.theta()
        count = self.count("the number of loci")
        population = self.take() if self.take().startswith("#TRUE#") else None
        return theta, population, [self.locus(n, people) for n in range(count)]

    def person(self) -> dict[str, Any]:
        who = self.take()
        self.take()
        dropouts = "consider dropouts" in self.take().lower()
        self.take()
        sex = "M" if self.take() == "#TRUE#" else "F"
        seen = {}
        for _ in range(self.count("the number of loci typed")):
            first, second, locus = (self.number("the place of an allele or locus") for _ in range(3))
            seen[locus] = (first, second)
        return {"id": who, "sex": sex, "seen": seen, "dropouts": dropouts}

    def extras(self, name: str) -> list[tuple[str, str]]:
        women, men = self.count("the number of extra females"), self.count("the number of extra males")
        return [(f"{name} {n}", "F" if n <= women else "M") for n in range(1, women + men + 1)]

    def relations(self) -> list[tuple[int, int, bool]]:
        """Parent, child, and whether the two are one person instead."""
        found = []
        for _ in range(self.count("the number of relations")):
            parent = self.number("a person")
            same = "direct" in self.lines[self.at - 1].lower()
            found.append((parent, self.number("a person"), same))
        return found

    def pedigree(self, named: list[tuple[str, str]], known: list[tuple[int, int, bool]]) -> dict[str, Any]:
        self.number("the number of a pedigree")
        name = self.take()
        people = [*named, *self.extras(f"{name} extra")]
        rows = [{"id": who, "sex": sex, "father": None, "mother": None} for who, sex in people]
        identical = []
        for parent, child, same in [*known, *self.relations()]:
            if max(parent, child) >= len(people):
                raise self.fault(f"person {max(parent, child)}", f"one of {len(people)} persons")
            if same:
                identical.append([people[parent][0], people[child][0]])
            else:
                rows[child]["father" if people[parent][1] == "M" else "mother"] = people[parent][0]
        gone = {pair[1] for pair in identical}
        return {"name": name, "individuals": [r for r in rows if r["id"] not in gone], "identical": identical}

    def theta(self) -> float:
        line = self.take()
        if line.startswith("#TRUE#"):
            raise self.fault("stored probabilities", "a project without them")
        found = _THETA.search(line)
        return float(found.group(1)) if found else 0.0

    def locus(self, number: int, people: list[dict[str, Any]]) -> dict[str, Any]:
        name = self.take()
        rates = self.share("a mutation rate"), self.share("a mutation rate")
        models = self.number("a mutation model"), self.number("a mutation model")
        self.number("the number of alleles")
        ranges = self.share("a mutation range"), self.share("a mutation range")
        second = self.share("a second mutation rate"), self.share("a second mutation rate")
        has_silent, silent = self.take().startswith("#TRUE#"), self.share("the share of a silent allele")
        count = self.count("the number of alleles")
        info = {key: found.group(1) for key, seek in _INFO.items() if (found := seek.search(self.lines[self.at - 1]))}
        alleles, freqs = [], []
        for _ in range(count):
            alleles.append(self.take())
            freqs.append(self.share("an allele frequency"))
        if has_silent and silent > 0:
            whole = sum(freqs)
            freqs = [f * (1 - silent) / whole for f in freqs] + [silent]
            alleles.append("silent")
        made: dict[str, Any] = {
            "name": name,
            "alleles": alleles,
            "freqs": freqs,
            "mutation": dict(
                self.models(name, rates, self.usable(name, models, [*rates, *second], alleles), ranges, second)
            ),
            "genotypes": {p["id"]: self.genotype(p, number, alleles, name) for p in people if number in p["seen"]},
        }
        if float(info.get("dropout", 0)) > 0:
            made["dropout"] = {p["id"]: float(info["dropout"]) for p in people if p["dropouts"]}
        if float(info.get("rare", 0)) > 0:
            self.assumed.append(
                f"{name}: the project's minor allele frequency of {float(info['rare']):g} is not applied; frequencies "
                "are those of its table."
            )
        if info.get("sampled"):
            made["n_alleles_sampled"] = int(info["sampled"])
        return made

    def usable(self, name: str, models: tuple[int, int], rates: list[float], alleles: list[str]) -> tuple[int, int]:
        """Steps need repeat numbers: where a table holds a rest of all others, alleles are taken to mutate alike."""
        other = next((a for a in alleles if a.lower() != "silent" and not _REPEATS.fullmatch(a)), None)
        if other is None or max(models) < 2 or max(rates) == 0:
            return models
        self.assumed.append(
            f"{name}: allele {other!r} has no repeat number, so every mutation is taken as equally likely there "
            "(equal instead of stepwise, at the same rates)."
        )
        return 0, 0

    def models(
        self,
        name: str,
        rates: tuple[float, float],
        models: tuple[int, int],
        ranges: tuple[float, float],
        second: tuple[float, float],
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        for i, sex in enumerate(("female", "male")):
            if rates[i] == 0 and (second[i] == 0 or models[i] < 2):
                yield sex, {"model": "none"}
            elif models[i] not in _MODELS:
                raise InputError(
                    where=f"{self.where}, {name}",
                    got="the stationary stepwise mutation model",
                    want="equal, proportional, stepwise or extended stepwise",
                    fix="Choose another model in Familias, or give the matrix in a JSON file.",
                )
            else:
                steps = {"rate2": second[i], "range": ranges[i]} if models[i] >= 2 else {}
                yield sex, {"model": _MODELS[models[i]], "rate": rates[i], **steps}

    def genotype(self, person: dict[str, Any], number: int, alleles: list[str], name: str) -> list[str]:
        places = person["seen"][number]
        if not all(0 <= p < len(alleles) for p in places):
            raise InputError(
                where=f"{self.where}, {name}, {person['id']}",
                got=f"allele number {max(places)}",
                want=f"one of {len(alleles)} alleles",
                fix="Save the project in Familias 3 again.",
            )
        return [alleles[p] for p in places]
