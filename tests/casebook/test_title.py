from __future__ import annotations

import pytest

from builders import sayings
from thaw.casebook import case_columns, case_title


@pytest.mark.parametrize(("said", "title"), [
    ({"victim.sex": "F", "victim.age": (24, 24), "weapon": "80", "place": "Invented, UT", "date": "2018-12"},
     "Woman, 24, strangulation: Invented, UT, December 2018"),
    ({"victim.sex": "M", "victim.age": (20, 30), "weapon": "12", "date": "1984"},
     "Man, 20 to 30, handgun: place unknown, 1984"),
    ({"victim.sex": "F", "victim.age": (9, 9)}, "Girl, 9: place unknown, date unknown"),
    ({"victim.sex": "M", "victim.age": (0, 17)}, "Boy, 0 to 17: place unknown, date unknown"),
    ({"victim.age": (3, 3)}, "Child, 3: place unknown, date unknown"),
    ({"place": {"county_fips": "49035"}, "date": "1984-07-03"}, "Person: 49035, 3 July 1984"),
    ({"place": {"state": "UT"}, "date": "1984-07-03..1984-07-09"}, "Person: UT, 3 to 9 July 1984"),
    ({"victim.sex": "unknown", "weapon": "unknown", "date": "1980s"},
     "Person: place unknown, 1980 to 1989"),
    ({"title": "The invented canal", "weapon": "80"}, "The invented canal"),
])  # fmt: skip
def test_a_case_is_called_by_what_is_known_of_it(said, title):
    packed = sayings(said)
    assert case_title(case_columns(packed), packed) == title
