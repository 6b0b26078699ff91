"""What a file of papers should hold and does not: seen by its own page numbers, dates, exhibits and references.

A gap is a question to a person, not a finding of fault. Each names the sentence or line that raised it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from thaw.intake import Mention, reading

from .claims_account import Account, plain

KINDS = (
    *("page_missing", "month_without_entry", "filed_late", "exhibit_not_held", "box_short", "lead_unanswered"),
    "document_absent",
)
_PAGE = re.compile(
    (
        r"^[ \t]*(?:page|pg\.?|sheet)\s*(?:no\.?\s*)?(?P<n>\d{1,4})(?:\s*(?:of|"
        r"/)\s*(?P<of>\d{1,4}))?[ \t.]*$|^[ \t]*-\s*(?P<m>\d{1,4})\s*-[ \t]*$"
    ),
    re.I | re.M,
)
_PAGE_INLINE = re.compile(r"\bpage\s+(?P<n>\d{1,4})\s+of\s+(?P<of>\d{1,4})\b", re.I)
_ENTRY_LINES = 5
_LATE_DAYS = 30
_FILED = re.compile(
    (
        r"\b(?:date\s+)?(?:filed|typed|submitted|dictated|transcribed|entered|received in records)(?:\s+on|"
        r"\s+date)?\s*[:.]?\s*$"
    ),
    re.I,
)
_HAPPENED = re.compile(
    (
        r"\b(?:date\s+(?:of\s+)?(?:interview|statement|occurrence|incident|contact|activity|event|"
        r"exam(?:ination)?)|interviewed|occurred|date/time occurred|taken|"
        r"date of report)(?:\s+on)?\s*[:.]?\s*$"
    ),
    re.I,
)
_ITEM_LINE = re.compile(
    (
        r"^[ \t]*(?:item|exhibit|ex\.?|tag)?[ \t]*(?:no\.?|"
        r"#)?[ \t]*(?P<n>[A-Z]?-?\d{1,4}[A-Z]?)[ \t]*[.:)\t -][ \t]*(?:one|a|an|\d|[A-Za-z])"
    ),
    re.I | re.M,
)
_PROPERTY = re.compile(
    (
        r"\b(?:property (?:report|list|record|receipt|sheet)|evidence (?:list|log|report|inventory)|"
        r"items? booked|inventory of|property/evidence|exhibit list)\b"
    ),
    re.I,
)
_LEAD = re.compile(
    r"\b(?:needs? to be (?:interviewed|contacted|located|re-?interviewed|checked|identified|followed up)|"
    r"should be (?:interviewed|contacted|located|re-?interviewed|checked)|to be (?:interviewed|"
    r"re-?interviewed|contacted|located)|not (?:yet )?(?:been )?(?:interviewed|located|contacted|"
    r"identified)"
    r"|never (?:been )?(?:interviewed|located|contacted|checked)|unable to (?:locate|contact|reach)|"
    r"attempt(?:s|ed)? to (?:locate|contact)|will (?:follow up|be (?:interviewed|contacted)|attempt)|"
    r"follow[- ]?up (?:needed|required|is needed)|knows? who (?:did it|killed|shot)|check (?:out|on) |"
    r"pending|no answer|call back|left (?:a )?message|anonymous (?:caller|tip))\b",
    re.I,
)
_ANSWERED = re.compile(
    (
        r"\b(?:interviewed|spoke (?:to|with)|contacted|located|stated|said|told|identified|eliminated|"
        r"cleared|arrested|questioned|re-?interviewed|was found|came to|appeared at)\b"
    ),
    re.I,
)
_NAMED_PAPER = re.compile(
    r"\b(?:see|per|refer to|attached(?: is| are)?|according to|as (?:stated|noted|documented) in|"
    r"documented in|in (?:the|his|her)|copy of(?: the)?)\s+(?:the\s+)?(?:attached\s+)?"
    r"(?P<what>(?:(?:supplement(?:al|ary)?|follow-?up|autopsy|coroner'?s?|lab(?:oratory)?|polygraph|"
    r"toxicology|property|arrest|crime|ballistics|fingerprint|dental|firearms|forensic|progress|"
    r"officer'?s?|evidence)\s+){1,3}(?:report|statement|examination|transcript|results?|"
    r"log)s?(?:\s+(?:of|by|dated|no\.?|#)\s*[\w ,./#-]{2,30})?|statement of [A-Z][\w. ]{2,30})",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that should be there: its kind, what it is in words, and what raised it."""

    kind: str
    what: str
    document: str | None
    page: int | None
    quote: str | None

    @property
    def gap_id(self) -> str:
        """The same in every run over the same papers."""
        return "g_" + hashlib.sha256("\x1f".join([self.kind, self.what, self.document or ""]).encode()).hexdigest()[:16]

    def to_json(self) -> dict[str, Any]:
        """The element of the document of `thaw gaps`."""
        return {
            "gap_id": self.gap_id,
            "kind": self.kind,
            "what": self.what,
            "document": self.document,
            "page": self.page,
            "quote": self.quote,
        }


def gaps_of(accounts: Sequence[Account], boxes: Mapping[str, tuple[int, int]] | None = None) -> list[Gap]:
    """The gaps of the papers of one case.

    boxes  label of each box -> pages it was declared to hold, pages that came out of it
    """
    found: list[Gap] = []
    for account in accounts:
        found += _pages(account)
        found += _months(account)
        found += _filed_late(account)
    found += _exhibits(accounts)
    found += _leads(accounts)
    found += _papers(accounts)
    for label, (declared, held) in sorted((boxes or {}).items()):
        if held < declared:
            found.append(Gap("box_short", f"box {label}: {held} of {declared} declared pages", None, None, None))
    return sorted(set(found), key=lambda g: (KINDS.index(g.kind), g.document or "", g.page or 0, g.what))


def _pages(account: Account) -> Iterator[Gap]:
    """Numbers that a run of printed page numbers leaves out, and pages after the last one that were announced."""
    seen: dict[int, int] = {}
    total = 0
    for pattern in (_PAGE, _PAGE_INLINE):
        for m in pattern.finditer(account.text):
            number = int(m["n"] or m.groupdict().get("m") or 0)
            seen.setdefault(number, account.page_of(m.start()))
            total = max(total, int(m["of"] or 0))
    if not seen or (len(seen) < 2 and not total):
        return
    last = max(max(seen), total)
    if last > 20 * len(seen):
        return  # numbers of something else
    first = 1 if total or min(seen) <= 2 else min(seen)
    sheets, numbered = account.text.count("\f") + 1, set(seen.values())
    for number in range(first, last + 1):
        # A sheet that bears no number, such as the first of a letter, may be the one that the run leaves out.
        bare = number <= sheets and number not in numbered
        if number not in seen and not bare:
            near = max((page for n, page in seen.items() if n < number), default=1)
            said = f" of {total}" if total else ""
            yield Gap("page_missing", f"page {number}{said}", account.document, near, None)


def _entries(account: Account) -> list[tuple[date, Mention]]:
    """Lines that begin with a date: the entries of a chronological record."""
    found = []
    for m in account.mentions:
        if m.kind == "date" and m.date and m.date.precision == "day" and m.role is None:
            line = account.text[account.text.rfind("\n", 0, m.start) + 1 : m.start]
            if not line.strip(" \t*-•|"):
                found.append((m.date.first, m))
    return found


def _months(account: Account) -> Iterator[Gap]:
    entries = _entries(account)
    if len(entries) < _ENTRY_LINES:
        return
    days = sorted(d for d, _ in entries)
    have = {(d.year, d.month) for d in days}
    year, month = days[0].year, days[0].month
    empty: list[tuple[int, int]] = []
    while (year, month) <= (days[-1].year, days[-1].month):
        if (year, month) not in have:
            empty.append((year, month))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    for first, last in _runs(empty):
        what = f"no entry in {first}" if first == last else f"no entry from {first} to {last}"
        after = [m for d, m in entries if f"{d.year}-{d.month:02}" > last]
        page = account.page_of(after[0].start) if after else None
        yield Gap("month_without_entry", what, account.document, page, None)


def _runs(months: Sequence[tuple[int, int]]) -> Iterator[tuple[str, str]]:
    start: tuple[int, int] | None = None
    last: tuple[int, int] | None = None
    for at in months:
        if last is not None and at[0] * 12 + at[1] != last[0] * 12 + last[1] + 1:
            assert start is not None
            yield f"{start[0]}-{start[1]:02}", f"{last[0]}-{last[1]:02}"
            start = None
        start, last = start or at, at
    if start is not None and last is not None:
        yield f"{start[0]}-{start[1]:02}", f"{last[0]}-{last[1]:02}"


def _filed_late(account: Account) -> Iterator[Gap]:
    """A paper whose date of filing lies long after the date of what it tells."""
    labelled: dict[str, list[Mention]] = {"filed": [], "happened": []}
    for m in account.mentions:
        if m.kind == "date" and m.date and m.date.precision == "day":
            before = account.text[max(account.text.rfind("\n", 0, m.start) + 1, m.start - 40) : m.start]
            if _FILED.search(before):
                labelled["filed"].append(m)
            elif _HAPPENED.search(before):
                labelled["happened"].append(m)
    for filed in labelled["filed"]:
        told = [m for m in labelled["happened"] if m.date]
        if not told or filed.date is None:
            continue
        latest = max(m.date.last for m in told if m.date)
        days = (filed.date.first - latest).days
        if days > _LATE_DAYS:
            what = f"filed {filed.date.first.isoformat()}, {days} days after {latest.isoformat()}"
            yield Gap("filed_late", what, account.document, account.page_of(filed.start), _line(account, filed.start))


def _exhibits(accounts: Sequence[Account]) -> Iterator[Gap]:
    """Items and exhibits that a paper names and no property list holds; silent when there is no list at all."""
    held: set[str] = set()
    for account in accounts:
        if _PROPERTY.search(account.text[:1500]):
            held |= {m["n"].upper().replace("-", "") for m in _ITEM_LINE.finditer(account.text)}
            # What a property list itself names as an item is on the list.
            held |= {m.normal.replace("-", "") for m in account.mentions if m.role == "item"}
    if not held:
        return
    for account in accounts:
        if _PROPERTY.search(account.text[:1500]):
            continue
        for m in account.mentions:
            if m.role == "item" and m.normal.replace("-", "") not in held:
                sentence = account.sentence_of(m.start)
                yield Gap(
                    "exhibit_not_held",
                    f"item {m.normal}",
                    account.document,
                    account.page_of(m.start),
                    account.quote(sentence),
                )


def _leads(accounts: Sequence[Account]) -> Iterator[Gap]:
    """Sentences that leave something to be done about a person, number or plate that no other paper takes up."""
    for account in accounts:
        for sentence in account.sentences:
            words = account.text[slice(*sentence)]
            if not _LEAD.search(words):
                continue
            subjects = account.inside(*sentence, "person", "phone", "plate")
            loose = [s for s in subjects if not _taken_up(s, account, sentence, accounts)]
            if loose and len(loose) == len(subjects):
                what = "not taken up: " + ", ".join(dict.fromkeys(m.normal for m in loose))
                yield Gap(
                    "lead_unanswered", what, account.document, account.page_of(sentence[0]), account.quote(sentence)
                )


def _taken_up(lead: Mention, account: Account, sentence: tuple[int, int], accounts: Sequence[Account]) -> bool:
    for other in accounts:
        if account.date and other.date and other.date.last < account.date.first:
            continue
        for m in other.mentions:
            if m.kind != lead.kind or not _same(m, lead):
                continue
            there = other.sentence_of(m.start)
            if other is account and there[0] <= sentence[0]:
                continue
            words = other.text[slice(*there)]
            if m.kind != "person" or (_ANSWERED.search(words) and not _LEAD.search(words)):
                return True
    return False


def _same(one: Mention, other: Mention) -> bool:
    if one.kind != "person":
        return one.normal == other.normal
    return reading.folded(one.normal) == reading.folded(other.normal) or reading.same_person(one.normal, other.normal)


def _papers(accounts: Sequence[Account]) -> Iterator[Gap]:
    """Reports and statements that a paper refers to and whose words head no paper of the file."""
    heads = [plain(account.text[:600] + " " + account.name) for account in accounts]
    for account in accounts:
        own = plain(account.text[:600])
        for m in _NAMED_PAPER.finditer(account.text):
            what = re.sub(r"\s+", " ", m["what"]).strip(" .,")
            words = [
                w for w in plain(what).split() if len(w) > 2 and w not in ("the", "report", "reports", "dated", "and")
            ][:3]
            if words and not any(all(w in head for w in words) for head in heads if head[:300] != own[:300]):
                sentence = account.sentence_of(m.start())
                yield Gap(
                    "document_absent", what, account.document, account.page_of(m.start()), account.quote(sentence)
                )


def _line(account: Account, place: int) -> str:
    start = account.text.rfind("\n", 0, place) + 1
    end = account.text.find("\n", place)
    return re.sub(r"\s+", " ", account.text[start : end if end >= 0 else len(account.text)]).strip()
