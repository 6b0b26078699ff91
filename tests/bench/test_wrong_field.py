"""What a slip of the keys may say: a value that a record can have, and another one than was said."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from bench.invented_bodies import body_of, invented_missing
from bench.wrong_field import WRONG, another


@pytest.mark.parametrize("field", [name for name in WRONG if name not in ("sex", "place, near")])
def test_a_wrong_value_of_somebody_else_is_possible_and_differs(field: str) -> None:
    random, attribute, tried = Random(5), "places" if field == "place" else field, 0
    people = [invented_missing(random, f"invented-{i}") for i in range(60)]
    for person in people:
        body = body_of(person, random, level=0.0)
        if getattr(body, attribute):
            wrong = replace(body, **another(field, body, people, random))  # a record refuses what cannot be
            assert getattr(wrong, attribute) != getattr(body, attribute)
            tried += 1
    assert tried > 5
