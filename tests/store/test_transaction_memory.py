"""A transaction leaves nothing behind that only a search for cycles would find: an import has a thousand of them."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path
from typing import Any

from builders import new_book, note
from thaw.store import Transaction


def test_a_transaction_is_gone_when_its_plan_has_returned(tmp_path: Path) -> None:
    kept: list[weakref.ref[Any]] = []

    def plan(transaction: Transaction) -> None:
        transaction.add(note())
        kept.append(weakref.ref(transaction.rows))

    with new_book(tmp_path / "b") as store:
        gc.collect()
        gc.disable()
        try:
            store.commit(plan)
            assert [one() for one in kept] == [None]
        finally:
            gc.enable()
