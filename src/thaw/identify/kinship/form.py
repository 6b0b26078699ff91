"""Turns what Python says of a document of another form into an error that names the place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from thaw.errors import InputError


@contextmanager
def reading(where: str) -> Iterator[None]:
    """Around the reading of one case: a list where an object was wanted, a text where a number was, and the like.

    Raises InputError in their place; errors of our own pass through as they are.
    """
    try:
        yield
    except (ArithmeticError, AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise InputError(
            where=where,
            got=f"a part of another form ({type(error).__name__}: {error})",
            want="a case as the method's page describes it",
            fix="Compare the file with docs/methods/kinship.md, section 7.",
        ) from error
