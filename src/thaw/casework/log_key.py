"""The log's key: replaced in good order, replaced because it was stolen, or lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from thaw.errors import InputError
from thaw.ledger import SigningKey
from thaw.store import Draft, Store

from .book import Clock, Session, key_path, projections, write_key
from .settings import SETTINGS, read_settings, write_settings


def rotate(session: Session, key_file: Path, *, reason: str, stolen: bool = False) -> dict[str, Any]:
    """Replace the log's key; the old one vouches for the new one. Returns entry, public_key, key and settings_file.

    stolen  say so in the log: from this entry on the old key counts for nothing
    Raises InputError when the file exists or there is no reason.
    """
    new = _new_key(session.book.store.origin, key_file, reason)
    old = session.book.store.verifier.vkey
    facts = {"reason": reason, "stolen": stolen, "old": old, "new": new.verifier.vkey}
    write_key(key_file, new)
    try:
        done = session.book.store.change_key(new, "key.rotate", lambda note: _draft(session, "key.rotate", facts, note))
    except BaseException:
        key_file.unlink()
        raise
    if stolen:
        session.book.store.append(session.draft("key.revoke", {"key": old, "reason": reason, "entry": done.first_seq}))
    _name_key(session.book.folder, key_file)
    return {"entry": done.first_seq, "public_key": new.verifier.vkey, "old_public_key": old, "key": str(key_file)}


def replace_lost(folder: Path, key_file: Path, clock: Clock, person: str, *, reason: str) -> dict[str, Any]:
    """Go on with a new key when the old one is gone: nobody vouches for it, and every verification says so.

    Whoever checks must be told the new public key by people. Raises InputError when the file exists or there is no
    reason, TamperError when the newest end of the book is not whole.
    """
    settings = read_settings(folder)
    origin = str(settings["log.public_key"]).partition("+")[0]
    new = _new_key(origin, key_file, reason)
    store = Store.open(folder, new, projections(), clock, lost_key=True)
    try:
        old = store.verifier.vkey
        write_key(key_file, new)
        facts = {"by": person, "reason": reason, "old": old, "new": new.verifier.vkey}
        actor = "a_" + store.fingerprint("actor", person.strip()).hex()[:20]
        done = store.change_key(new, "key.lost", lambda note: Draft("key.lost", actor, {**facts, "note": note}))
    finally:
        store.close()
    _name_key(folder, key_file)
    return {"entry": done.first_seq, "public_key": new.verifier.vkey, "old_public_key": old, "key": str(key_file)}


def _new_key(origin: str, key_file: Path, reason: str) -> SigningKey:
    if not reason.strip():
        raise InputError(where="log key", got="no reason", want="why it is replaced", fix="Use --reason TEXT.")
    if key_file.exists():
        raise InputError(
            where=str(key_file), got="a file that exists", want="a new name for the log key", fix="Use --key FILE."
        )
    return SigningKey.generate(origin)


def _draft(session: Session, kind: str, facts: dict[str, Any], note: str) -> Draft:
    return session.draft(kind, {**facts, "note": note})


def _name_key(folder: Path, key_file: Path) -> None:
    values = {name: value for name, value in read_settings(folder).items() if value != SETTINGS[name].default}
    write_settings(folder, {**values, "log.key": key_path(key_file.absolute(), folder)})
