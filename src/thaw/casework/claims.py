"""Claims and gaps of a case for commands and screens: accounts read from the texts of documents, then compared."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from thaw.access import View
from thaw.casebook import accounts, list_documents
from thaw.intake import reading
from thaw.store import Where

from .book import Progress, Session, no_progress
from .studying import best_pages
from .told import Corrections, account_of, texts_of


def claims(
    session: Session,
    subject: str | None = None,
    *,
    case_id: str | None = None,
    conflicts_only: bool = False,
    purpose: str = "",
    progress: Progress = no_progress,
) -> list[dict[str, Any]]:
    """What documents say about one thing, compared; the answer of `thaw claims`.

    subject         only claims in whose subject or value these words stand, and those that conflict with them
    case_id         the documents of one case; without it every case, and what belongs to none, each for itself
    conflicts_only  only claims that another account contradicts
    Raises InputError for a case that is not there.
    """
    detail = {"command": "claims", "subject": subject, "conflicts": conflicts_only}
    view = session.look(purpose, detail=detail, about=case_id)
    found: list[dict[str, Any]] = []
    for told in accounts_by_case(session, view, progress).values():
        listed = [claim.to_json() for claim in accounts.claims_of(told)]
        if subject is not None and subject.strip():
            listed = claims_about(listed, subject)
        found += [claim for claim in listed if claim["conflicts_with"]] if conflicts_only else listed
    return found


def accounts_by_case(
    session: Session, view: View, progress: Progress = no_progress
) -> dict[str, list[accounts.Account]]:
    """The accounts that a view may see, by case, as persons corrected their mentions; those of no case under ''."""
    where = [Where("state", "in", ["read", "waiting"])] + ([Where("case_id", "=", view.about)] if view.about else [])
    rows = list_documents(view, where)
    grouped: dict[str, list[accounts.Account]] = {}
    corrected = Corrections.seen(view)
    for i, row in enumerate(rows):
        progress("documents", i, len(rows))
        account = account_of(session, view, row, corrected)
        if account is not None:
            grouped.setdefault(row["case_id"] or "", []).append(account)
    return grouped


def accounts_among(session: Session, view: View, documents: Sequence[str]) -> list[accounts.Account]:
    """The accounts of these documents of the case of a view, as persons corrected their mentions."""
    where = [Where("state", "in", ["read", "waiting"]), Where("document_id", "in", list(documents))]
    rows = list_documents(view, [*where, Where("case_id", "=", view.about)])
    corrected = Corrections.seen(view)
    found = (account_of(session, view, row, corrected) for row in rows)
    return [account for account in found if account is not None]


def document_texts(view: View, document: str) -> list[str]:
    """The best text of each page of a visible document, in order; '' for a page that has none."""
    return texts_of(view, document, best_pages(view, document))


def claims_about(listed: Sequence[dict[str, Any]], subject: str) -> list[dict[str, Any]]:
    """Claims in whose subject or value the words stand, and those that conflict with them."""
    wanted = reading.folded(subject).split()
    chosen = {claim["claim_id"] for claim in listed if _names(claim, wanted)}
    return [c for c in listed if c["claim_id"] in chosen or chosen & set(c["conflicts_with"])]


def _names(claim: dict[str, Any], wanted: Sequence[str]) -> bool:
    text = reading.folded(f"{claim['subject']} {json.dumps(claim['value'], ensure_ascii=False)}")
    return all(word in text for word in wanted)
