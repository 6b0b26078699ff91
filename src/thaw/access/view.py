"""A view: one person's look at the book, for a purpose, at a moment.

The entry that records the look is durable before the first byte of content is read. If it cannot be written, there is
no view.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from thaw.errors import AccessDenied, InputError, ThawError
from thaw.store import Draft, Entry, Matches, Reader, Snapshot, Store, Visible, Where

from .visibility import visible_to

_IDS_SHOWN = 200
_LOOKS = ("access.read", "access.list", "access.search", "access.export")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who looks or writes.

    id    pseudonym for leaves, which travel and outlive sealing
    name  what the person is called; stands in payloads only
    """

    id: str
    name: str


class View:
    """Reads within what the actor may see; made by `view` only."""

    def __init__(self, store: Store, actor: Actor, purpose: str, reader: Reader) -> None:
        self._store = store
        self._reader = reader
        self.actor = actor
        self.purpose = purpose
        self.seq = -1
        self.about: str | None = None

    @property
    def visible(self) -> Visible:
        """What this view may see: part of the key of any cache made from it."""
        return self._reader.visible

    def select(
        self,
        table: str,
        columns: Sequence[str],
        where: Sequence[Where] = (),
        *,
        order: Sequence[str] = (),
        limit: int | None = None,
        offset: int = 0,
    ) -> list[tuple[Any, ...]]:
        """Visible rows of a projection; see `Reader.select`."""
        return self._reader.select(table, columns, where, order=order, limit=limit, offset=offset)

    def in_chunks(
        self,
        table: str,
        columns: Sequence[str],
        take: Callable[[list[tuple[Any, ...]]], None],
        where: Sequence[Where] = (),
    ) -> None:
        """Hand all visible rows of one moment to `take`, some at a time; see `Reader.in_chunks`."""
        self._reader.in_chunks(table, columns, take, where)

    def count(self, table: str, where: Sequence[Where] = ()) -> int:
        """Number of visible rows that meet the conditions."""
        return self._reader.count(table, where)

    def match(self, table: str, query: str, *, limit: int, where: Sequence[Where] = ()) -> Matches:
        """Total and best visible rows for a word query; see `Reader.match`."""
        return self._reader.match(table, query, limit=limit, where=where)

    def text_ids(self, table: str, query: str) -> str:
        """Ids of visible rows of a word table that meet a query; see `Reader.text_ids`."""
        return self._reader.text_ids(table, query)

    def text_places(self, table: str, word: str) -> str:
        """Where a word stands in visible rows of a word table; see `Reader.text_places`."""
        return self._reader.text_places(table, word)

    def vocabulary(self, table: str) -> list[str]:
        """Every word of a word table; see `Reader.vocabulary`."""
        return self._reader.vocabulary(table)

    def texts(self, table: str, columns: Sequence[str], ids: Sequence[int]) -> dict[int, tuple[Any, ...]]:
        """Visible rows of a word table by their ids; see `Reader.texts`."""
        return self._reader.texts(table, columns, ids)

    def new_texts(
        self, table: str, columns: Sequence[str], after: int, beyond: int, limit: int
    ) -> list[tuple[Any, ...]]:
        """Visible rows of a word table that entries after this one wrote; see `Reader.new_texts`."""
        return self._reader.new_texts(table, columns, after, beyond, limit)

    def generation(self) -> int:
        """Another number whenever tables were made anew; see `Reader.generation`."""
        return self._reader.generation()

    def entries_of_case(self, case_id: str) -> list[Entry]:
        """Entries of a visible case in order; none when it is hidden or does not exist."""
        return self._reader.entries_of_case(case_id)

    def log(self, where: Sequence[Where], *, limit: int) -> list[Entry]:
        """Newest visible entries first; see `Reader.log`."""
        return self._reader.log(where, limit=limit)

    def blob(self, digest: str, document: str) -> bytes | None:
        """Bytes that belong to a visible document, or None."""
        return self._reader.blob(digest, document)

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """The whole log as it is now, with the contents that this view may see: for exports."""
        with self._reader.snapshot() as taken:
            yield taken

    def changed_seq(self, projection: str) -> int:
        """The last entry that changed a projection; see `Reader.changed_seq`."""
        return self._reader.changed_seq(projection)

    def record_result(self, kind: str, detail: Mapping[str, Any], ids: Sequence[str], total: int, digest: str) -> int:
        """Commit what this view is about to show: ids (the first 200), and total and digest of the full result."""
        shown = {"view": self.seq, "shown": list(ids[:_IDS_SHOWN]), "total": total, "digest": digest}
        draft = Draft(kind, self.actor.id, {**detail, "by": self.actor.name, "purpose": self.purpose, **shown})
        return self._store.append(draft).result[0]


def view(
    store: Store,
    actor: Actor,
    purpose: str,
    clock: Callable[[], datetime],
    *,
    kind: str = "access.read",
    detail: Mapping[str, Any] | None = None,
    find: Callable[[View], str | None] | None = None,
    required: bool = False,
) -> View:
    """Commit the access entry, then return the view.

    kind    access.read, access.list, access.search or access.export
    detail  what is asked for: command and arguments, in the payload, never in the leaf
    find    names the case that is asked for, if the actor may see it; the entry is then found under that case, and
            `View.about` holds its id. It runs before the entry is committed, within what is visible, and what it
            reads is handed to nobody unless the commit succeeds
    required  the look was for that one case: when there is none, the entry is `access.refused`, for a case that is
            hidden as for one that does not exist; the caller refuses
    Raises whatever the commit raises (`Unfinished` for a full disk): then nothing is shown.
    """
    try:
        visible = visible_to(actor.id, clock())
    except AccessDenied as refusal:
        refuse(store, actor, purpose, {**(detail or {}), "wanted": kind}, refusal)
        raise
    looking = View(store, actor, purpose, Reader(store, visible))
    looking.about = find(looking) if find else None
    told = {**(detail or {}), "by": actor.name, "purpose": purpose}
    if looking.about:
        told |= {"scope": {"case": looking.about}}
    elif required:
        kind, told = "access.refused", {**told, "wanted": kind, "reason": "a case of this book"}
    looking.seq = store.append(Draft(kind, actor.id, told)).result[0]
    return looking


def resume(
    store: Store, actor: Actor, seq: int, clock: Callable[[], datetime], *, within: Visible | None = None
) -> View:
    """The look that entry `seq` speaks of, taken up once more by the same person: nothing new is committed.

    within  what that person saw when the look began: nothing beyond it is seen now
    What may be seen is asked anew. Raises InputError when the entry is not a look of this person at a case or a list.
    """
    now, before = visible_to(actor.id, clock()), within or Visible()
    visible = Visible(now.hidden_cases | before.hidden_cases, now.hidden_documents | before.hidden_documents)
    looking = View(store, actor, "", Reader(store, visible))
    entry = next(iter(looking.log([Where("seq", "=", seq)], limit=1)), None)
    kind = entry.leaf.kind if entry else ""
    if entry is None or entry.leaf.actor != actor.id or kind not in _LOOKS:
        raise InputError(
            where=f"entry {seq}",
            got=kind or "no entry that this person may see",
            want=f"a look of {actor.name}",
            fix="Look again from the start.",
        )
    told = entry.payload or {}
    about = told.get("scope", {}).get("case")
    looking.seq, looking.purpose = seq, str(told.get("purpose", ""))
    looking.about = about if isinstance(about, str) else None
    return looking


def sees_less(looking: View, clock: Callable[[], datetime]) -> bool:
    """Whether this person may see less now than when the look began: what was made of it is not to be shown then."""
    now, before = visible_to(looking.actor.id, clock()), looking.visible
    return not (now.hidden_cases <= before.hidden_cases and now.hidden_documents <= before.hidden_documents)


def refuse(store: Store, actor: Actor, purpose: str, detail: Mapping[str, Any], refusal: ThawError) -> int:
    """Commit that somebody was refused: what was asked for and which rule said no; returns the entry's number.

    detail  what was asked for, in the payload; what the record holds is never in it
    """
    told = {**detail, "by": actor.name, "purpose": purpose, "reason": refusal.want}
    if isinstance(refusal, AccessDenied):
        refusal.noted = True
    return store.append(Draft("access.refused", actor.id, told)).result[0]
