"""A first specification of a table: where it is written, and where not."""

from __future__ import annotations

from pathlib import Path

import pytest

from thaw.casework.importing import guess_specs
from thaw.errors import InputError


def test_one_name_for_several_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        guess_specs([tmp_path / "a.csv", tmp_path / "b.csv"], tmp_path / "spec.toml")
    assert str(error.value) == "--spec: got one name for several tables, want one table. Guess one by one."


def test_a_specification_that_exists_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("number,day,sex\n1,2001-02-03,F\n2,2001-02-04,M\n", encoding="utf-8")
    (tmp_path / "spec.toml").write_text("kept", encoding="utf-8")
    with pytest.raises(InputError) as error:
        guess_specs([tmp_path / "a.csv"], tmp_path / "spec.toml")
    assert str(error.value) == f"{tmp_path / 'spec.toml'}: got File exists, want a new file. Name another with --spec."
    assert (tmp_path / "spec.toml").read_text(encoding="utf-8") == "kept"
