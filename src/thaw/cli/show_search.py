"""What is done with searches, in words for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Document = dict[str, Any]


def exported(done: Document) -> str:
    """What was written where."""
    return f"{done['query_in_words']}: {done['rows']:,} rows written to {done['file']}"


def marked(done: Document) -> str:
    """What is left to read of a search."""
    return (
        f"{done['hit']} is marked as {done['mark']}. Of {done['total']:,} found, {done['not_relevant']:,} are "
        f"marked as not relevant and {done['left']:,} are left."
    )


def batch(found: Document) -> str:
    """One line per name."""
    lines = [f"{found['names']:,} names searched, {found['found']:,} found"]
    for row in found["rows"]:
        places = ", ".join(f"{c['hits']} in {c['case_id'] or 'no case'}" for c in row["cases"][:5])
        more = f" and {len(row['cases']) - 5} more cases" if len(row["cases"]) > 5 else ""
        lines.append(f"{row['total']:>7,}  {row['name']}  {row['problem'] or places + more}")
    return "\n".join(lines)


def saved(found: Sequence[Document]) -> str:
    """Saved searches with what they are still to be looked at for."""
    lines = []
    for one in found:
        lines.append(f"{one['name']}: {one['query_in_words']}  (by {one['by']}; purpose: {one['purpose']})")
        for alert in one["alerts"]:
            about = alert["scope"].get("case") or "no case"
            lines.append(f"    alert {alert['alert']}: {alert['total']} new in {about}")
    return "\n".join(lines) or "No saved searches. Keep one with `thaw saved add NAME QUERY --purpose TEXT`."


def raised(found: Document) -> str:
    """Alerts that were raised now."""
    lines = [f"{found['searches']} saved searches checked, {len(found['raised'])} alerts raised"]
    lines += [
        f"    alert {a['alert']}: {a['name']}, {a['total']} new in {a['case_id'] or 'no case'}" for a in found["raised"]
    ]
    return "\n".join(lines)
