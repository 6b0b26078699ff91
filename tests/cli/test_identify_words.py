"""What `thaw identify` says of the exception lane in words."""

from __future__ import annotations

from pathlib import Path

from books import bodies_file, missing_file, thaw

LINE = '"MP{i}","{m}/3/{y}","N{i}","X","{a} Years","Ely","White Pine","NV","Male","Asian",""'


def test_a_lane_says_how_it_goes_on_and_what_all_of_it_holds(tmp_path: Path) -> None:
    book = tmp_path / "book"
    lines = [LINE.format(i=i, m=i % 12 + 1, y=60 + i % 40, a=18 + i % 50) for i in range(10, 90)]
    for step in (("init",), ("import", missing_file(tmp_path / "m.csv", *lines), bodies_file(tmp_path / "b.csv"))):
        assert thaw(*step, book=book).code == 0
    said = thaw("identify", "namus-unidentified:UP7", "--lane", "8", book=book).out
    sex = next(line for line in said.splitlines() if line.startswith("     without sex: "))
    # Nobody is near the body, so without any one field the doubt is spread over most of the list.
    assert sex.count("(rank ") == 5
    assert "; 3 more; chance 0." in sex
    assert "0.98 would take " in sex
    assert (
        "     Chance: that the list or this lane holds the name, if the field is wrong and the person is in the book. "
        "All of a lane with --json.\n"
    ) in said
    assert "chance" not in next(line for line in said.splitlines() if line.startswith("     without sex and age"))
