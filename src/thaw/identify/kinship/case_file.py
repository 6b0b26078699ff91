"""Reads cases of kinship from parsed JSON: what each key may be, and what is assumed where one is missing.

The form is documented in docs/methods/kinship.md. A file holds one case, a list of cases, or sets of disaster victims
by name. Everything that is assumed or left out goes into the case's warnings, in words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from thaw.data.frequencies import locus_name
from thaw.errors import InputError

from .case import Case, Linked
from .form import reading
from .locus_file import Warn, called, is_no_kinship, read_locus
from .network import Observed
from .pedigree import Pedigree, Person, make_pedigree
from .roles import check_roles
from .victims import Victims

ONE_HYPOTHESIS = "There is one hypothesis only, so every ratio is 1."
_NOBODY = {"", "0", "na", "nan", "none", "null", "-"}
_SEX = {"m": "M", "male": "M", "1": "M", "f": "F", "female": "F", "2": "F"}
_NOTE = re.compile(r"founder inbreeding coefficient of (\S+) is ([0-9.]+)(?: in ([\w ,]+))?")
_FEW_LOCI = 8  # of 20 CODIS core loci; below it, chance matches become likely (docs/methods/kinship.md, Limits)


def read_cases(document: Any, where: str = "the file") -> list[Case | Victims]:
    """The cases of a parsed JSON document.

    Raises InputError for a document of another form, naming the case and the key.
    """
    if isinstance(document, Mapping) and isinstance(document.get("cases"), list):
        document = document["cases"]
    if isinstance(document, Mapping):
        if _is_case(document) or not all(isinstance(v, Mapping) for v in document.values()) or not document:
            document = [document]
        else:
            document = [{"id": name, **value} for name, value in document.items()]
    if not isinstance(document, list) or not document:
        raise InputError(
            where=where, got=_kind(document), want="a case, a list of cases, or sets by name", fix="See the manual."
        )
    return [_read_one(item, f"{where}, case {n}") for n, item in enumerate(document, 1)]


def read_people(people: Any, where: str) -> Pedigree:
    """A pedigree from a list of individuals. Raises InputError as `read_cases` does."""
    return _Reader({}, where, where).pedigree(people, "individuals", {})


def _is_case(item: Mapping[str, Any]) -> bool:
    return any(key in item for key in ("hypotheses", "individuals", "markers", "alleles", "am_pedigrees"))


def _kind(value: Any) -> str:
    if isinstance(value, list | Mapping) and not value:
        return "nothing"
    return {"dict": "an object of another form", "list": "a list", "str": "a text"}.get(type(value).__name__, "a value")


def _read_one(item: Any, where: str) -> Case | Victims:
    if not isinstance(item, Mapping) or not _is_case(item):
        got = _kind(item)
        raise InputError(where=where, got=got, want="a case with markers and hypotheses", fix="See the manual.")
    name = str(item.get("id") or where.rpartition(", ")[2])
    where = f"{where} ({name})" if item.get("id") else where
    reader = _Reader(item, name, where)
    with reading(where):
        return reader.victims() if "am_pedigrees" in item else reader.case()


@dataclass
class _Reader:
    """One case on its way: the object, its name, and the warnings so far."""

    item: Mapping[str, Any]
    name: str
    where: str
    warnings: list[str] = field(default_factory=list)
    shown_sex: dict[str, set[str]] = field(default_factory=dict)

    def warn(self, text: str) -> None:
        if text not in self.warnings:
            self.warnings.append(text)

    def case(self) -> Case:
        item = self.item
        check_roles(item.get("roles") or {}, self.where)
        theta = self.number("theta", 0.0, below=1.0)
        for text in item.get("assumed") or ():
            self.warn(str(text))
        markers = self.markers()
        pedigrees = _one_sex_each(self.pedigrees(markers))
        self.judge_sexes(pedigrees)
        observed = [self.observed(m, pedigrees) for m in markers]
        if not observed:
            raise InputError(where=self.where, got="no markers", want="at least one", fix="Add the loci.")
        pedigrees = self.completed(pedigrees, observed)
        names = [p.name for p in pedigrees]
        reference = str(item.get("reference") or names[-1])
        if reference not in names:
            want = "one of " + ", ".join(names)
            raise InputError(where=f"{self.where}, reference", got=repr(reference), want=want, fix="Correct the file.")
        if len(pedigrees) == 1:
            self.warn(ONE_HYPOTHESIS)
        linked = self.linked([o.locus.name for o in observed], [o.locus.chrom for o in observed])
        self.judge_profiles(observed)
        poi = str(item["poi"]) if item.get("poi") is not None else _in_question(pedigrees, reference, observed)
        if poi is not None and not any(p.holds(poi) for p in pedigrees):
            raise InputError(
                where=f"{self.where}, poi",
                got=repr(poi),
                want="a person of a hypothesis",
                fix="Correct the name, or leave it out.",
            )
        return Case(
            self.name,
            tuple(pedigrees),
            reference,
            tuple(observed),
            theta,
            tuple(linked),
            poi,
            tuple(self.warnings),
            None if item.get("population") is None else str(item["population"]),
            str(item.get("description") or ""),
            tuple(item.get("lineage") or ()),
            {key: item[key] for key in ("candidates", "thresholds", "costs") if key in item},
            str(item.get("produced_by") or "").lower().startswith("familias"),
        )

    def victims(self) -> Victims:
        item = self.item
        check_roles(item.get("roles") or {}, self.where)
        if self.number("theta", 0.0, below=1.0) > 0:
            raise InputError(
                where=f"{self.where}, theta",
                got=str(item["theta"]),
                want="0 for a set of disaster victims",
                fix="Ask for single victims as cases, where theta is known.",
            )
        families = [self.pedigree(people, f"family {n}", {}) for n, people in enumerate(item["am_pedigrees"], 1)]
        after = [self.person(p, "pm") for p in item.get("pm") or ()]
        sexes = Pedigree({p.id: Person(p.id, sex=p.sex) for p in after}, "victims")
        observed = []
        for marker in self.markers():
            whole = {
                who: genes[marker["name"]]
                for key in ("genotypes_am", "genotypes_pm")
                for who, genes in (item.get(key) or {}).items()
                if marker.get("name") in genes
            }
            observed.append(self.observed({**marker, "genotypes": whole}, [*families, sexes]))
        missing = [str(m) for m in item.get("missing") or ()]
        return Victims(self.name, tuple(families), tuple(missing), tuple(after), tuple(observed), tuple(self.warnings))

    # Parts

    def number(self, key: str, default: float, *, below: float) -> float:
        value = self.item.get(key)
        try:
            number = default if value is None else float(value)
        except (TypeError, ValueError):
            number = -1.0
        if not 0 <= number < below:
            got, want = repr(value), f"a number from 0 to below {below:g}"
            raise InputError(where=f"{self.where}, {key}", got=got, want=want, fix="Correct the file.")
        return number

    def markers(self) -> list[dict[str, Any]]:
        item = self.item
        if "markers" not in item and "alleles" in item:
            # One locus whose parts stand in the case itself.
            keys = ("alleles", "freqs", "mutation", "mutation_matrix", "genotypes", "chrom", "dropout")
            return [{"name": str(item.get("marker") or "locus"), **{k: item[k] for k in keys if k in item}}]
        found = item.get("markers")
        if isinstance(found, list):
            found = [{"name": m, "genotypes": {}} if isinstance(m, str) else m for m in found]
        if not isinstance(found, list) or not all(isinstance(m, Mapping) for m in found):
            raise InputError(
                where=f"{self.where}, markers", got=_kind(found), want="a list of loci", fix="See the manual."
            )
        found = [m for m in found if not self.is_set_aside(m)]
        everywhere = {k: item[k] for k in ("mutation", "dropout", "population", "rare_allele_frequency") if k in item}
        return [{**everywhere, "name": f"locus {n}", **m} for n, m in enumerate(found, 1)]

    def is_set_aside(self, marker: Mapping[str, Any]) -> bool:
        """Amelogenin and loci on the Y, which come with every kit: they have no place in the ratio."""
        name = str(marker.get("name") or "")
        if "freqs" in marker or "frequencies" in marker or not is_no_kinship(name):
            return False
        self.warn(f"{name} is set aside: it tells the sex, or the line of the fathers (give it under `lineage`).")
        if name.upper().startswith("AMEL") and isinstance(marker.get("genotypes"), Mapping):
            for who, raw in marker["genotypes"].items():
                self.shown_sex[str(who)] = {str(a).upper() for a in called(raw, f"{self.where}, {name}, {who}") if a}
        return True

    def judge_sexes(self, pedigrees: Sequence[Pedigree]) -> None:
        """Amelogenin beside the sex of the file: a sample may be of somebody else, or a Y may be lost."""
        for pedigree in pedigrees:
            for who, seen in self.shown_sex.items():
                sex = pedigree.people[pedigree.same.get(who, who)].sex if pedigree.holds(who) else "U"
                if sex == "F" and "Y" in seen:
                    self.warn(f"{who}: amelogenin shows a Y, and the file says F. Check the sex and the sample.")
                if sex == "M" and seen == {"X"}:
                    self.warn(
                        f"{who}: amelogenin shows an X alone, and the file says M. Check the sex and the sample; a Y "
                        "can be lost."
                    )

    def observed(self, marker: Mapping[str, Any], pedigrees: Sequence[Pedigree]) -> Observed:
        sexes = {p.id: p.sex for pedigree in pedigrees for p in pedigree.people.values()}
        genotypes = marker.get("genotypes")
        for pedigree in pedigrees:
            sexes |= {name: sexes[real] for name, real in pedigree.same.items()}
        if genotypes is None and "genotype" in marker:
            genotypes = dict.fromkeys(sexes, marker["genotype"])
        if not isinstance(genotypes, Mapping):
            raise InputError(
                where=f"{self.where}, {marker.get('name')}",
                got="no genotypes",
                want="genotypes by person",
                fix="Add them; a person who was not typed is left out.",
            )
        warn: Warn = self.warn
        locus, seen = read_locus(marker, genotypes, sexes, self.where, warn)
        return Observed(locus, seen)

    def pedigrees(self, markers: Sequence[Mapping[str, Any]]) -> list[Pedigree]:
        found = self.item.get("hypotheses")
        inbreeding = self.inbreeding()
        if found:
            if not isinstance(found, list) or not all(isinstance(h, Mapping) for h in found):
                raise InputError(
                    where=f"{self.where}, hypotheses",
                    got="a hypothesis that is no object" if isinstance(found, list) else _kind(found),
                    want="a list of hypotheses, each with a name and individuals",
                    fix="Correct the file.",
                )
            made = [
                self.pedigree(
                    h.get("individuals") or (), str(h.get("name") or f"H{n}"), inbreeding | self.own(h), _same(h)
                )
                for n, h in enumerate(found, 1)
            ]
            if len({p.name for p in made}) < len(made):
                raise InputError(
                    where=self.where, got="two hypotheses of one name", want="a name each", fix="Rename one."
                )
            return made
        typed = dict.fromkeys(
            str(who) for m in markers for who, g in (m.get("genotypes") or {}).items() if g is not None
        )
        if "individuals" in self.item:
            first = self.pedigree(self.item["individuals"], "H1", inbreeding)
            alone = [Person(who, sex=first.people[who].sex) for who in typed if who in first.people]
            return [first, make_pedigree(alone, "unrelated")]
        return self.same_person(list(typed))

    def same_person(self, typed: Sequence[str]) -> list[Pedigree]:
        """A direct comparison: one person left both profiles, or two unrelated persons did."""
        both = list(typed) or ["first", "second"]
        if len(both) != 2:
            raise InputError(
                where=self.where,
                got=f"genotypes of {len(both)} persons and no hypotheses",
                want="two profiles to compare, or hypotheses",
                fix="Add individuals or hypotheses.",
            )
        sex = self.item.get("sex")
        return [
            make_pedigree([Person(both[0], sex=_sex(sex))], "H1", same={both[1]: both[0]}),
            make_pedigree([Person(both[0], sex=_sex(sex)), Person(both[1], sex=_sex(sex))], "unrelated"),
        ]

    def pedigree(
        self, people: Any, name: str, inbreeding: Mapping[str, float], same: Mapping[str, str] | None = None
    ) -> Pedigree:
        where = f"{self.where}, {name}"
        if not isinstance(people, list | tuple) or not people:
            raise InputError(where=where, got="no individuals", want="a list of persons", fix="Add them.")
        read = [self.person(p, name) for p in people]
        ids = {p.id for p in read}
        own = {
            str(p.get("id")): self.coefficient(p[key], str(p.get("id")))
            for p in people
            for key in ("inbreeding", "founder_inbreeding")
            if p.get(key) is not None
        }
        mine = {k: v for k, v in (dict(inbreeding) | own).items() if k in ids}
        try:
            return make_pedigree(read, name, mine, same)
        except InputError as error:
            raise InputError(
                where=f"{self.where}, {error.where}", got=error.got, want=error.want, fix=error.fix
            ) from None

    def person(self, raw: Any, name: str) -> Person:
        if not isinstance(raw, Mapping) or raw.get("id") in (None, ""):
            raise InputError(
                where=f"{self.where}, {name}", got=_kind(raw), want="persons with an id", fix="Correct the file."
            )
        if raw.get("role"):
            check_roles({str(raw["id"]): raw["role"]}, self.where)
        return Person(str(raw["id"]), _parent(raw.get("father")), _parent(raw.get("mother")), _sex(raw.get("sex")))

    def own(self, hypothesis: Mapping[str, Any]) -> dict[str, float]:
        found = hypothesis.get("founder_inbreeding") or hypothesis.get("inbreeding") or {}
        if not isinstance(found, Mapping):
            raise InputError(
                where=f"{self.where}, inbreeding",
                got=_kind(found),
                want="an object: a coefficient for each founder",
                fix="Correct the file.",
            )
        return {str(k): self.coefficient(v, str(k)) for k, v in found.items()}

    def coefficient(self, value: Any, who: str) -> float:
        try:
            return float(value)
        except (TypeError, ValueError):
            raise InputError(
                where=f"{self.where}, {who}", got=f"inbreeding {value!r}", want="a number", fix="Correct the file."
            ) from None

    def inbreeding(self) -> dict[str, float]:
        found = self.own(self.item)
        for who, share, _ in _NOTE.findall(str(self.item.get("note") or "")):
            found[who] = self.coefficient(share.rstrip("."), who)
            self.warn(f"The founder inbreeding of {who}, {found[who]:g}, was read from the note.")
        return found

    def completed(self, pedigrees: Sequence[Pedigree], observed: Sequence[Observed]) -> list[Pedigree]:
        """Every hypothesis holds every typed person; one that is not named stands alone."""
        typed = dict.fromkeys(who for o in observed for who in o.seen)
        sexes = {p.id: p.sex for pedigree in pedigrees for p in pedigree.people.values()}
        for pedigree in pedigrees:
            for p in pedigree.people.values():
                if {p.sex, sexes[p.id]} == {"M", "F"}:
                    raise InputError(
                        where=f"{self.where}, {p.id}",
                        got="M in one hypothesis and F in another",
                        want="one sex",
                        fix="Correct the file.",
                    )
        for who in dict.fromkeys(who for pedigree in pedigrees for who in pedigree.inbreeding):
            founded = [p for p in pedigrees if p.holds(who) and p.people[p.same.get(who, who)].is_founder]
            shares = {p.name: p.inbreeding.get(who, 0.0) for p in founded}
            if len(set(shares.values())) > 1:
                told = ", ".join(f"{share:g} in {name}" for name, share in shares.items())
                self.warn(f"The inbreeding of {who} differs between hypotheses ({told}), so the ratio weighs that too.")
        made = []
        for pedigree in pedigrees:
            absent = [who for who in typed if not pedigree.holds(who)]
            for who in absent:
                self.warn(f"{who} is typed and not named in {pedigree.name}: taken as unrelated there.")
            alone = [Person(who, sex=sexes.get(who, "U")) for who in absent]
            made.append(
                make_pedigree([*pedigree.people.values(), *alone], pedigree.name, pedigree.inbreeding, pedigree.same)
                if absent
                else pedigree
            )
        return made

    def linked(self, names: Sequence[str], chroms: Sequence[str]) -> list[Linked]:
        found = self.item.get("linked")
        if found is None and self.item.get("rho") is not None:
            if len(names) != 2:
                got = f"one recombination rate for {len(names)} loci"
                raise InputError(
                    where=f"{self.where}, rho", got=got, want="two loci, or a list `linked`", fix="Name the pairs."
                )
            found = [{"markers": list(names), "rho": self.item["rho"]}]
        groups: list[Linked] = []
        if not isinstance(found or [], list) or not all(isinstance(group, Mapping) for group in found or ()):
            raise InputError(
                where=f"{self.where}, linked",
                got="a part of another form",
                want='a list such as [{"markers": ["vWA", "D12S391"], "rho": 0.117}]',
                fix="Correct the file.",
            )
        for group in found or ():
            loci = [str(m) for m in group.get("markers") or ()]
            rho = group.get("rho")
            rates = [float(x) for x in (rho if isinstance(rho, list) else [rho] * (len(loci) - 1))]
            unknown = [m for m in loci if m not in names]
            self.judge_group(loci, {m: c for m, c in zip(names, chroms, strict=True) if m in loci}, groups, names)
            if unknown or len(loci) < 2 or len(rates) != len(loci) - 1 or not all(0 <= r <= 0.5 for r in rates):
                want = "names of two or more loci of the case and a rho from 0 to 0.5"
                raise InputError(
                    where=f"{self.where}, linked", got=str(dict(group)), want=want, fix="Correct the file."
                )
            groups.append(Linked(tuple(names.index(m) for m in loci), tuple(rates)))
            self.warn(
                f"{' and '.join(loci)} are linked: the total takes them together, the ratios per marker each alone; "
                "their product is not the total."
            )
        return groups

    def judge_group(
        self, loci: Sequence[str], chroms: Mapping[str, str], groups: Sequence[Linked], names: Sequence[str]
    ) -> None:
        where = f"{self.where}, linked"
        if len(set(chroms.values())) > 1:
            got = f"{' and '.join(loci)}, of which one lies on the X"
            raise InputError(where=where, got=got, want="loci of one chromosome", fix="Correct the file.")
        before = {names[place] for group in groups for place in group.places}
        twice = [m for n, m in enumerate(loci) if m in before or m in loci[:n]]
        if twice:
            got, want = f"{twice[0]} twice", "each locus in one group, once"
            raise InputError(where=where, got=got, want=want, fix="Put loci that hang together into one list.")

    def judge_profiles(self, observed: Sequence[Observed]) -> None:
        names = [locus_name(o.locus.name) for o in observed]
        for twice in {n for n in names if names.count(n) > 1}:
            raise InputError(
                where=f"{self.where}, markers", got=f"{twice} twice", want="each locus once", fix="Correct the file."
            )
        if "markers" not in self.item:
            return
        for who in dict.fromkeys(w for o in observed for w in o.seen):
            count = sum(who in o.seen for o in observed)
            if count < _FEW_LOCI:
                self.warn(f"{who} is typed at {count} loci only: a small profile decides little.")


def _one_sex_each(pedigrees: Sequence[Pedigree]) -> list[Pedigree]:
    """Who is M or F under one hypothesis, said or as a parent, is so where the others leave it open."""
    told = {p.id: p.sex for pedigree in pedigrees for p in pedigree.people.values() if p.sex != "U"}
    made = []
    for pedigree in pedigrees:
        people = [replace(p, sex=told.get(p.id, "U")) if p.sex == "U" else p for p in pedigree.people.values()]
        made.append(make_pedigree(people, pedigree.name, pedigree.inbreeding, pedigree.same))
    return made


def _parent(value: Any) -> str | None:
    return None if value is None or str(value).strip().lower() in _NOBODY else str(value)


def _sex(value: Any) -> str:
    text = "U" if value is None else str(value).strip()
    if text.lower() in ("u", "0", "", "?", "na", "n/a", "unknown", "unsure", "undetermined"):
        return "U"
    return _SEX.get(text.lower(), text)


def _same(hypothesis: Mapping[str, Any]) -> dict[str, str]:
    """Groups of names for one person: the first is kept, the others lead to it."""
    return {str(other): str(group[0]) for group in hypothesis.get("identical") or () for other in list(group)[1:]}


def _in_question(pedigrees: Sequence[Pedigree], reference: str, observed: Sequence[Observed]) -> str | None:
    """The one typed person who stands alone under the reference and has relatives under another hypothesis."""
    base = next(p for p in pedigrees if p.name == reference)
    typed = dict.fromkeys(who for o in observed for who in o.seen)

    def alone(pedigree: Pedigree, who: str) -> bool:
        if who in pedigree.same or who in pedigree.same.values():
            return False
        return pedigree.people[who].is_founder and not pedigree.children(who)

    found = [who for who in typed if alone(base, who) and any(not alone(p, who) for p in pedigrees if p is not base)]
    return found[0] if len(found) == 1 else None
