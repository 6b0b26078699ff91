"""Own tables as CSV: allele frequencies (locus, allele, frequency or count) and profiles (one row per person).

Both forms are read that laboratories use: long (one row per locus and allele) and, for frequencies, wide (alleles down,
loci across, as Familias and the STR databases export them); for profiles, two columns per locus (`TH01_1`, `TH01_2`),
one column with `6/9.3`, or one row per locus.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from thaw.data.frequencies import locus_name
from thaw.errors import InputError

from .fam_file import is_fam, read_fam_frequencies
from .locus_file import between_alleles
from .roles import check_roles

Frequencies = dict[str, dict[str, Any]]
_PERSON = ("sample", "person", "name", "id", "sample name")


def _rows(text: str, where: str) -> list[list[str]]:
    text = text.lstrip("\ufeff")
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter=mark)]
    rows = [row for row in rows if any(row)]
    if len(rows) < 2:
        raise InputError(where=where, got="no rows", want="a header and at least one row", fix="Check the file.")
    return rows


def read_frequencies(text: str, where: str) -> Frequencies:
    """Per locus `alleles`, `freqs` and, from counts, `n_alleles_sampled`: CSV, or a project of Familias.

    Raises InputError at the row at fault.
    """
    if is_fam(text):
        return read_fam_frequencies(text, where)
    head, *rows = _rows(text, where)
    names = [h.lower() for h in head]
    if {"locus", "allele"} <= set(names) and {"frequency", "freq", "count"} & set(names):
        return _long(names, rows, where)
    return _wide(head, rows, where)


def _value(cell: str, where: str) -> float:
    try:
        number = float(re.sub(r"^(\d*),(\d+)$", r"\1.\2", cell))  # a decimal comma
    except ValueError:
        number = -1.0
    if number < 0:
        raise InputError(where=where, got=repr(cell), want="a number, 0 or more", fix="Correct the table.")
    return number


def _long(names: Sequence[str], rows: Sequence[Sequence[str]], where: str) -> Frequencies:
    by_count = "count" in names
    column = next(names.index(n) for n in ("count", "frequency", "freq") if n in names)
    found: dict[str, dict[str, float]] = {}
    for n, row in enumerate(rows, 1):
        if len(row) <= max(column, names.index("locus"), names.index("allele")):
            raise InputError(
                where=f"{where} row {n}", got="too few cells", want=f"{len(names)}", fix="Correct the row."
            )
        table = found.setdefault(row[names.index("locus")], {})
        allele = row[names.index("allele")]
        if allele in table:
            raise InputError(
                where=f"{where} row {n}", got=f"allele {allele} twice", want="each once", fix="Keep one population."
            )
        table[allele] = _value(row[column], f"{where} row {n}")
    return {locus: _finished(table, by_count) for locus, table in found.items()}


def _wide(head: Sequence[str], rows: Sequence[Sequence[str]], where: str) -> Frequencies:
    found: dict[str, dict[str, float]] = {locus: {} for locus in head[1:] if locus}
    for n, row in enumerate(rows, 1):
        for locus, cell in zip(head[1:], row[1:], strict=False):
            if locus and cell and row[0].lower() not in ("n", "total"):
                found[locus][row[0]] = _value(cell, f"{where} row {n}, {locus}")
    return {locus: _finished(table, False) for locus, table in found.items() if table}


def _finished(table: Mapping[str, float], by_count: bool) -> dict[str, Any]:
    kept = {allele: x for allele, x in table.items() if x > 0}
    whole = sum(kept.values()) if by_count else 1.0
    made: dict[str, Any] = {"alleles": list(kept), "freqs": [x / whole for x in kept.values()]}
    return made | ({"n_alleles_sampled": int(whole)} if by_count else {})


def read_profiles(text: str, where: str) -> dict[str, dict[str, list[str]]]:
    """Alleles by person and locus.

    Raises InputError for a table without a column of persons or a person twice, AccessDenied for a role in its column
    `role` that must not meet relatives.
    """
    head, *rows = _rows(text, where)
    names = [h.lower() for h in head]
    person = next((i for i, n in enumerate(names) if n in _PERSON), None)
    if person is None:
        want = "a column named " + ", ".join(_PERSON)
        raise InputError(where=where, got="no column of persons", want=want, fix="Name the column.")
    long = next((i for i, n in enumerate(names) if n in ("marker", "locus")), None)
    found: dict[str, dict[str, list[str]]] = {}
    for n, row in enumerate(rows, 1):
        cells = [*row, *[""] * (len(head) - len(row))]
        who = cells[person]
        if "role" in names and (role := cells[names.index("role")]):
            check_roles({who: role}, f"{where} row {n}")
        if long is None and who in found:
            raise InputError(where=f"{where} row {n}", got=f"{who!r} twice", want="a row each", fix="Rename one.")
        mine = found.setdefault(who, {})
        if long is not None:
            mine[cells[long]] = [c for h, c in zip(names, cells, strict=False) if h.startswith("allele") and c]
            continue
        for i, (title, cell) in enumerate(zip(head, cells, strict=False)):
            if i != person and cell and names[i] not in ("sex", "pop", "population", "role", "purpose"):
                locus, _, number = title.rpartition("_")
                numbered = number in ("1", "2", "3")
                alleles = cell.split("/") if numbered else between_alleles(cell)
                mine.setdefault(locus if numbered else title, []).extend(alleles)
    return found


def with_tables(document: Any, frequencies: Frequencies | None, profiles: Mapping[str, Any] | None) -> Any:
    """The document with own frequencies and profiles put into each of its cases.

    Loci come from the case, else from the profiles; what a case says itself stays.
    """
    if isinstance(document, list):
        return [with_tables(item, frequencies, profiles) for item in document]
    made = dict(document)
    markers = [dict(m) for m in made.get("markers") or ()]
    if profiles is not None:
        profiles = {who: {_spelled(m): g for m, g in genes.items()} for who, genes in profiles.items()}
        members = {str(p.get("id")) for h in made.get("hypotheses") or [made] for p in h.get("individuals") or ()}
        mine = {who: genes for who, genes in profiles.items() if who in members}
        have = {_spelled(m.get("name")) for m in markers}
        markers += [{"name": m} for m in dict.fromkeys(x for genes in mine.values() for x in genes) if m not in have]
        for marker in markers:
            name = _spelled(marker.get("name"))
            from_table = {who: genes[name] for who, genes in mine.items() if name in genes}
            marker["genotypes"] = from_table | dict(marker.get("genotypes") or {})
    tables = {_spelled(name): table for name, table in (frequencies or {}).items()}
    for marker in markers:
        if "freqs" not in marker and (name := _spelled(marker.get("name"))) in tables:
            marker.update(tables[name])
    return made | {"markers": markers}


def _spelled(name: Any) -> str:
    """One spelling for a locus, so that VWA of a profile meets vWA of a table."""
    return locus_name(str(name))
