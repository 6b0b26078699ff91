"""The packaged allele counts: sizes as published, shares that add up, names compared loosely."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts import make_frequencies
from shared_files import shared
from thaw.data import data_path
from thaw.data.frequencies import counts, populations


def test_the_samples_have_the_published_sizes():
    # Steffen et al. 2017: 361 Caucasians, 342 African Americans, 236 Hispanics, 97 Asians; two alleles each.
    sizes = {"Caucasian": 722, "African American": 684, "Hispanic": 472, "Asian": 194}
    for name, size in sizes.items():
        table = counts(f"nist1036/{name}")
        assert table is not None
        assert len(table) == 29
        assert max(sum(x.values()) for x in table.values()) == size
    assert len(populations()) == 20


def test_names_are_compared_loosely_and_unknown_ones_are_none():
    assert counts("NIST 1036/african-american") is counts("nist1036/African American")
    assert counts("nist1036/Martian") is None
    assert counts("mars/Martian") is None


def test_the_script_makes_the_same_bytes(tmp_path: Path):
    folder = shared("vectors/kinship")
    make_frequencies.main(folder, tmp_path)
    for name in make_frequencies.PUBLICATIONS:
        assert (tmp_path / f"{name}.csv").read_bytes() == data_path(f"frequencies/{name}.csv").read_bytes()


def test_a_share_that_is_no_count_stops_the_script(tmp_path: Path):
    table = {"n_alleles_sampled": 10, "freqs": {"12": 0.25}}
    text = json.dumps({"populations": {"P": {"L": table}}})
    for name in make_frequencies.PUBLICATIONS:
        (tmp_path / f"freq_{name}.json").write_text(text)
    with pytest.raises(ValueError, match=r"^P, L, 12: 2\.5 is no count$"):
        make_frequencies.main(tmp_path, tmp_path)
