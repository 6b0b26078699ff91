from __future__ import annotations

import re

from thaw.ledger import entry_kinds
from thaw.ledger.kinds import kind_bytes


def test_every_kind_is_dotted_lowercase_with_one_sentence():
    for kind, meaning in entry_kinds().items():
        assert re.fullmatch(r"[a-z][a-z_]*\.[a-z][a-z_]*", kind)
        assert re.fullmatch(r"[A-Z][^\n]{9,}\.", meaning)


def test_the_kinds_that_the_design_names_are_there():
    named = """statement.add statement.supersede document.add link.propose link.decide triage.decide custody.collect
    custody.seal custody.transfer custody.open custody.analyze custody.return access.read access.search access.export
    access.print access.refused grant.give grant.revoke grant.expire recuse.add seal.order seal.destroy seal.dry_run
    contact.family config.change software.version key.rotate checkpoint.heartbeat review.signoff import.row
    import.reject import.missing mention.promote alert.dismiss label.add same_case.decide same_person.decide
    identify.decide verify.result backup.make projection.rebuild job.queue alarm.raise"""
    assert set(named.split()) <= entry_kinds().keys()


def test_the_list_of_version_one_is_closed():
    # Kinds are never renamed or removed, and a new one needs version 2: this number does not change.
    assert len(entry_kinds()) == 241
    assert {kind.decode() for kind in kind_bytes()} == entry_kinds().keys()
