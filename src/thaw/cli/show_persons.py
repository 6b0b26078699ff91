"""What the commands on persons and incidents of registers print for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Document = Mapping[str, Any]
_DECIDED = {"same": "the same as case", "link": "linked with case"}
_SEEN = {"missing": "last seen", "unidentified": "found", "unclaimed": "found"}


def listed(found: Sequence[Document]) -> str:
    """One line per person, then how many."""
    lines = [f"{one['person_id']}  {_headline(one)}  {one['source_key']}" for one in found]
    return "\n".join([*lines, f"{len(found):,} person{'' if len(found) == 1 else 's'}"])


def shown(found: Document) -> str:
    """Heading, then one line per statement; sources that differ stand below."""
    lines = [_headline(found), f"Person {found['person_id']}  {' '.join(found['source_keys'])}"]
    if found["case_id"]:
        lines.append(f"Case {found['case_id']}")
    if found["missing_since"]:
        lines.append(f"Not in the newest issue of its register since {found['missing_since'][:10]}.")
    lines.append("")
    for statement in found["statements"]:
        live = [source for source in statement["sources"] if source["status"] != "superseded"]
        for source in live or statement["sources"][:1]:
            words = f" ({source['words']})" if source["words"] else ""
            lines.append(f"  {statement['predicate']}: {source['in_words']}{words}")
    return "\n".join(lines)


def incidents_listed(found: Sequence[Document]) -> str:
    """One line per incident, then how many."""
    lines = []
    for one in found:
        place = (one["place"] or {}).get("name") or "place unknown"
        when = (one["date"] or {}).get("from") or "date unknown"
        gone = ", taken back by its register" if one["deleted"] else ""
        apart = "" if one["days_apart"] is None else f"  {one['days_apart']} days"
        same = ", the same agency" if one["same_agency"] else ""
        linked = "".join(f", {_DECIDED[d['relation']]} {d['case_id']}: {d['decision']}" for d in one["decisions"])
        lines.append(f"{when}  {' '.join(one['offenses'])}  {place}  {one['source_key']}{apart}{same}{gone}{linked}")
    return "\n".join([*lines, f"{len(found):,} incident{'' if len(found) == 1 else 's'}"])


def same_listed(found: Sequence[Document]) -> str:
    """Each pair with its probability and what speaks for and against it."""
    lines = []
    for one in found:
        chance = f"{one['probability']:.2f}" if one["probability"] is not None else "not computed"
        lines.append(f"{one['status']}, probability {chance}")
        lines += [f"  {case['case_id']}  {case['title']}  {case['source_key'] or ''}".rstrip() for case in one["cases"]]
        if one["incident"]:
            other = one["incident"]
            lines.append(f"  {other['incident_id']}  an incident  {other['source_key'] or ''}".rstrip())
        lines += [f"    {part['feature']}: {part['level']} ({part['log10_bf']:+.2f})" for part in one["parts"]]
    return "\n".join([*lines, f"{len(found):,} pair{'' if len(found) == 1 else 's'}"])


def _headline(one: Document) -> str:
    kind = (one["kind"] or "person").capitalize()
    place = (one["place"] or {}).get("name") or (one["place"] or {}).get("state") or "place unknown"
    date = one["date"]
    when = "date unknown" if date is None else date["from"] if date["from"] == date["to"] else f"{date['from']}.."
    return f"{kind}, {_SEEN.get(one['kind'], '')} {when}, {place}"
