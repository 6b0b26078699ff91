"""The keys of a log in order, and the one that is refused."""

from __future__ import annotations

import pytest

from thaw.errors import InputError
from thaw.ledger import SigningKey
from thaw.ledger.keys import key_spans


def test_a_key_of_another_log_is_refused():
    one, other = (SigningKey.generate(f"invented.example/{name}").verifier for name in ("one", "other"))
    with pytest.raises(InputError) as error:
        key_spans(one, [(5, other)])
    assert str(error.value) == (
        "change of the log key: got a key named 'invented.example/other', want a key named 'invented.example/one'. "
        "Make the new key for this log."
    )
