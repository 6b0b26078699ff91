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


def test_a_long_list_says_whom_it_keeps_and_why(tmp_path: Path) -> None:
    book = tmp_path / "book"
    # Sixty who fit the body but for the place, and one whose sex is wrong: by support the last of all.
    lines = [LINE.format(i=i, m=i % 12 + 1, y=70 + i % 9, a=30 + i % 9) for i in range(10, 90)]
    lines += [LINE.format(i=95, m=6, y=75, a=34).replace("Male", "Female")]
    for step in (("init",), ("import", missing_file(tmp_path / "m.csv", *lines), bodies_file(tmp_path / "b.csv"))):
        assert thaw(*step, book=book).code == 0
    found = thaw("identify", "namus-unidentified:UP7", "--top", "30", book=book, as_json=True).document
    kept = [one for one in found["candidates"] if one["if_wrong"]]
    assert kept
    assert all(one["by_support"] > 30 and one["rank"] <= 30 for one in kept)
    said = thaw("identify", "namus-unidentified:UP7", "--top", "30", book=book).out
    assert (
        "After the tenth the list also keeps those who would stand high if one recorded field were wrong (sex, age,\n"
        "ancestry, date or place), so that no single wrong field hides a name. All are in the order of support.\n 11. "
    ) in said
    for one in kept:
        wrong = one["if_wrong"]
        assert (
            f"     place {one['by_support']} by support, place {wrong['rank']} if the recorded {wrong['without']} were wrong"
        ) in said
    short = thaw("identify", "namus-unidentified:UP7", book=book).out
    assert "After the tenth" not in short
