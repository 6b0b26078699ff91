"""Words for people of `thaw series` and `thaw replay`."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

Document = Mapping[str, Any]
_CAUTION = (
    "These are places to look, not series. Most victims of a suspicious cell are not of one series, and a series may "
    "show in none. Unsolved means: no offender known when the agency reported."
)


def series(found: Sequence[Document]) -> str:
    """One paragraph per find: alarms, then what is only worth knowing."""
    if not found:
        return "Nothing piles up: no cases with a place and a word on the offender, or none that stand out."
    lines: list[str] = []
    alarms = [find for find in found if find["alarm"]]
    others = [find for find in found if not find["alarm"]]
    level = found[0]["level"]
    if alarms:
        lines += [f"ALARMS: at most about {level:.0%} of them are expected to be false.", *map(_find, alarms), ""]
    else:
        lines += [f"No alarm at the level of {level:.0%} false ones.", ""]
    if others:
        lines += ["WORTH KNOWING, but chance or habit may explain them.", *map(_find, others), ""]
    return "\n".join([*lines, textwrap.fill(_CAUTION, 100)])


def replay(document: Document) -> str:
    """How many alarms, against how many by chance; then each find with its first alarm, then the alarms."""
    if not document["months"]:
        return "Nothing to replay: the dated cases span two years or less, and that is what the first alarm needs."
    count, expected = document["alarm_count"], document["expected_false_alarms"]
    lines = [
        f"{document['cases']:,} cases, {document['from'][:7]} to {document['to'][:7]}: {count} "
        f"{'alarm' if count == 1 else 'alarms'} in {document['months']} months. Shuffled records raise {expected:.0f}, "
        f"so about {max(0.0, count - expected):.0f} of them may mean something.",
        "",
        "FINDS OF `thaw series`, and when two of their unsolved cases first stood in one alarm.",
    ]
    for find in document["series"]:
        lines.append(f"{find['rank']:>4}  {find['place']}, {_when(find)}: {find['victims']}, {find['method']}")
        lines.append(f"      {find['found_by']}: {_first(find)}; {_beside(find)}")
    if document["known_series"]:
        lines += ["", "KNOWN SERIES"]
    for known in document["known_series"]:
        alarm = f"first alarm {known['first_alarm']}" if known["first_alarm"] else "no alarm"
        lines.append(
            f"  {known['series']}: second case {known['second_case'] or 'without a date'}, {alarm}, {_pair(known)}"
        )
    lines += ["", f"{document['pair_alerts']:,} pairs of cases would have been told as they were saved.", "", "ALARMS"]
    for alarm in document["alarms"]:
        count = f"{alarm['unsolved']} unsolved since {alarm['from'][:7]}, {alarm['expected_unsolved']:.1f} expected"
        lines.append(f"{alarm['month']}  {alarm['place']}: {alarm['victims']}, {alarm['method']}; {count}")
    return "\n".join([*lines, "", textwrap.fill(_CAUTION, 100)])


def _when(find: Document) -> str:
    return "no date" if find["from"] is None else f"{find['from'][:7]} to {find['to'][:7]}"


def _beside(find: Document) -> str:
    low = find["first_low_clearance"]
    return (f"low clearance from {low}" if low else "clearance never low") + f", {_pair(find)}"


def _pair(find: Document) -> str:
    pair = find["first_pair_alert"]
    return f"first pair told {pair}" if pair else "no pair told"


def _first(find: Document) -> str:
    if find["first_alarm"] is None:
        return "no alarm"
    late = find["months_after_second_case"]
    when = (
        "in the month of its second case"
        if late == 0
        else f"{late} {'month' if late == 1 else 'months'} after its second case"
    )
    return (
        f"first alarm {find['first_alarm']}, {when}, {find['unsolved_then']} of {find['unsolved']} unsolved cases known"
    )


def _find(find: Document) -> str:
    head = f"{find['rank']:>4}  {find['place']}, {_when(find)}: {find['victims']}, {find['method']}"
    q_value = "" if find["q_value"] is None else f", q {find['q_value']:.2g}"
    body = f"{find['found_by']}{q_value}. {find['why']}"
    keys = find["source_keys"] or find["cases"]
    first = ", ".join(keys[:6]) + (f" and {len(keys) - 6} more" if len(keys) > 6 else "")
    indent = " " * 6
    wrap = textwrap.TextWrapper(100, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
    return "\n".join([head, *wrap.wrap(body), *wrap.wrap(first)])
