from __future__ import annotations

import re

import pytest

from thaw.data import read_toml
from thaw.errors import InputError
from thaw.record import codes_of, new_ids, predicates
from thaw.record.vocabulary import ENTITIES, TYPES

ALL = [predicate for entity in ENTITIES for predicate in predicates(entity).values()]


@pytest.mark.parametrize("predicate", ALL, ids=lambda p: p.name)
def test_every_predicate_says_what_it_is(predicate):
    assert predicate.type in TYPES
    assert predicate.label[0].isupper()
    assert not predicate.label.endswith(".")
    assert predicate.help
    assert re.fullmatch(r"[a-z][a-z0-9_]*(\.[a-z_]+)?", predicate.name)


@pytest.mark.parametrize("predicate", ALL, ids=lambda p: p.name)
def test_codes_have_a_list_that_exists_and_quantities_a_unit(predicate):
    assert (predicate.list is not None) == (predicate.type == "code")
    assert (predicate.unit is not None) == (predicate.type == "quantity")
    if predicate.list is not None:
        assert all(code and label for code, label in codes_of(predicate.list).items())


def test_the_order_of_the_file_is_kept():
    assert list(predicates("case")) == list(read_toml("vocabulary/case.toml"))


def test_all_fifteen_behaviours_are_there():
    assert sum(name.startswith("behaviours.") for name in predicates("case")) == 15


def test_another_entity_is_refused():
    with pytest.raises(InputError) as error:
        predicates("horse")
    assert str(error.value) == "vocabulary: got 'horse', want one of case, person. Use one of these."


def test_ids_are_unique_and_of_one_form():
    ids = new_ids("c", 5000)
    assert len(set(ids)) == 5000
    assert all(re.fullmatch(r"c_[a-z2-7]{16}", one) for one in ids)
    assert new_ids("c", 0) == []
