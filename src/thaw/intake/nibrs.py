"""Reads NIBRS flat files, format `nibrs`: one line is one segment, the segments of an incident stand together.

An incident in which somebody was killed becomes a case per victim; another one stays an incident. The unit is the
physical line: a spoilt segment is a reject of its own, and the rest of its incident is read. A window segment says what
became of an incident from before its agency reported to NIBRS: it is an incident of its own, since no other will come.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from .joining import MAX_BYTES, Lines, decode
from .look import Header, Look
from .nibrs_incident import Agency, Incident, IncidentReader, Victim
from .nibrs_segments import MASTER, Segment, fields_of, is_of_master, master_segment_of, repeated, segment_of
from .rows import BadCell, Reject, SourceRow
from .text_stream import open_text

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LEVELS = {"1": "administrative", "2": "offense", "3": "property", "4": "victim", "5": "offender", "6": "arrestee"}
_WINDOWS = ("1", "3", "6")
_AGENCY = 7  # the incidents behind an agency have these characters of its number
_Line = tuple[int, int, Segment]


class Nibrs:
    """Reader of format `nibrs`."""

    name = "nibrs"
    version = 1
    unit = "lines"
    recorded_by = "National Incident-Based Reporting System"

    def fits(self, look: Look) -> bool:
        """True when most of the first lines have the frame of a segment."""
        lines = [decode(line) for line in look.lines[: len(look.lines) - (len(look.head) >= 65_536)] if line.strip()]
        return look.kind == "text" and 2 * sum(map(_is_segment, lines)) > len(lines)

    def header(self, path: Path) -> Header:
        """None: the level of a line says what stands where."""
        return Header((), None)

    def key_column(self, columns: Sequence[str]) -> str | None:
        """None: the key is made of agency, incident number and victim."""
        return None

    def notes(self, path: Path) -> list[str]:
        """Nothing: what is new in a line is said with it."""
        return []

    def is_whole(self, path: Path) -> bool:
        """Never: a submission holds the incidents of a month and what was changed since."""
        return False

    def read(self, path: Path, today: date) -> Iterator[SourceRow | Reject]:
        """Every line in order, those of an incident as one row. Blank lines are no lines."""
        reading = _Reading(today)
        waiting: list[_Line] = []
        for item in _segments(path):
            if isinstance(item, Reject):
                # A spoilt segment does not part those before it from those behind it.
                yield item
                continue
            if waiting and _belongs(item) != _belongs(waiting[-1]):
                yield from reading.rows(waiting)
                waiting = []
            waiting.append(item)
        if waiting:
            yield from reading.rows(waiting)


def _is_segment(line: str) -> bool:
    """True for length, level, action, month and agency in their places, or those of a master file, right or wrong."""
    return is_of_master(line) or re.match(r"[0-9]{4}[0-7][A-Z][0-9 ]{6}.{4}[A-Z]{2}", line) is not None


def _segments(path: Path) -> Iterator[_Line | Reject]:
    row, master = 0, False
    with open_text(path) as stream:
        for line in Lines(stream, first=1, quoted=False):
            text = decode(line.data)
            if not text.strip():
                continue
            row += 1
            control = _CONTROL.search(text)
            if line.more:
                got = f"a line of {MAX_BYTES + line.more:,} bytes"
                yield Reject(row, line.number, "line", got, f"at most {MAX_BYTES:,} bytes", text)
            elif control:
                got = f"the control character U+{ord(control[0]):04X}"
                yield Reject(row, line.number, "line", got, "letters, digits and blanks", text)
            else:
                # A line that is of neither layout is looked at as the last one was.
                master = is_of_master(text) or (master and not re.match("[0-9]{4}[0-7][A-Z]", text))
                try:
                    yield row, line.number, (master_segment_of if master else segment_of)(text)
                except BadCell as bad:
                    yield Reject(row, line.number, bad.field, bad.got, bad.want, text)


def _belongs(item: _Line) -> object:
    """The same for the lines of one incident; each other line belongs to itself."""
    row, _, segment = item
    if segment.level not in _LEVELS or segment.action != "I":
        return row
    return segment.ori, segment.number


class _Reading:
    def __init__(self, today: date) -> None:
        self._incidents = IncidentReader(today)
        self._agencies: dict[str, Agency] = {}

    def rows(self, lines: Sequence[_Line]) -> Iterator[SourceRow | Reject]:
        segment = lines[0][2]
        try:
            if segment.level[0] == "B":
                yield self._agency(lines)
            elif segment.level == "0":
                yield self._nothing(lines, f"none/{segment.ori}/{segment.text[37:43]}")
            elif segment.level == "7":
                yield self._arrest(lines)
            elif segment.action == "D":
                yield self._delete(lines)
            elif segment.action == "W" and segment.level in _WINDOWS:
                yield self._window(lines)
            elif segment.action != "I":
                want = "I or D; a change of one segment cannot be joined to what is held, send the incident whole"
                raise BadCell("action", repr(segment.action), want)
            else:
                yield from self._group(lines)
        except BadCell as bad:
            yield from _refuse(lines, bad)

    def _nothing(self, lines: Sequence[_Line], key: str) -> SourceRow:
        (row, number, segment), *_ = lines
        return SourceRow(row, number, key, segment.text, segment.text, segment.ori, {}, None)

    def _delete(self, lines: Sequence[_Line]) -> SourceRow:
        segment = lines[0][2]
        # The date of the incident tells two deletes of one number apart.
        key = f"delete/{segment.ori}/{segment.number}/{segment.year}{segment.month}"
        if segment.level != "1":
            raise BadCell("action", f"'D' at level {segment.level}", "D at level 1: an incident is taken back whole")
        return replace(self._nothing(lines, key), deletes=f"nibrs:{segment.ori}/{segment.number}")

    def _agency(self, lines: Sequence[_Line]) -> SourceRow:
        """The record of an agency of a master file: its town and county go with the incidents behind it."""
        segment = lines[0][2]
        held = self._agencies.get(segment.ori[:_AGENCY], Agency())
        counties = [code for code in segment.cells("county") if code.strip("0")]
        usps = segment.cell("usps").strip()
        self._agencies[segment.ori[:_AGENCY]] = Agency(
            segment.cell("city").strip() or held.name,
            usps or held.usps,
            counties[0] if len(set(counties)) == 1 else held.county if not counties else "",
        )
        return self._nothing(lines, f"agency/{segment.ori}/{segment.level}/{segment.cell('year')}".rstrip("/"))

    def _window(self, lines: Sequence[_Line]) -> SourceRow:
        """What became of an incident from before NIBRS: cleared, somebody arrested, or property found."""
        (row, number, segment), *_ = lines
        told, lists = _cells(segment), _lists(segment)
        days = [(told.get("date_of_incident", ""), ""), (told.get("date", ""), "")]
        if segment.level == "6":
            days[1] = (told.get("date", ""), "the date of the arrest")
        elif segment.layout != MASTER and segment.level == "3":
            days = [(day, "the date on which property was recovered") for day in lists.get("recovered", ())[:1]]
        day, words = next((found for found in days if found[0].strip()), ("", ""))
        offenses = lists.get("window_offense") or [told.get("offense", "")]
        found = Incident(
            segment.ori, segment.number, {**told, "date": day, "date_words": words},
            [({"offense": code}, {}) for code in offenses if code.strip()],
            arrestees=int(segment.level == "6"), counts={f"window {_LEVELS[segment.level]}": 1},
            agency=self._of(segment),
        )  # fmt: skip
        stem = "/".join(filter(None, ("window", segment.ori, segment.number, segment.level, told.get("sequence", ""))))
        if segment.level == "3":
            stem = "/".join(filter(None, (stem, *lists.get("description", ())[:1], day)))
        said = self._incidents.incident(found)
        text, doubts = segment.text, tuple(self._incidents.doubts)
        return SourceRow(row, number, stem, text, text, segment.ori, said, f"nibrs:{stem}", doubts=doubts)

    def _of(self, segment: Segment) -> Agency | None:
        return self._agencies.get(segment.ori[:_AGENCY])

    def _arrest(self, lines: Sequence[_Line]) -> SourceRow:
        (row, number, segment), *_ = lines
        stem = f"arrest/{segment.ori}/{segment.number}/{segment.cell('sequence')}"
        if segment.action == "D":
            return replace(
                self._nothing(lines, f"delete/{stem}/{segment.year}{segment.month}"), deletes=f"nibrs:{stem}"
            )
        cells = {"date": segment.cell("date")}
        offense = {"offense": segment.cell("offense")}
        said = self._incidents.incident(
            Incident(segment.ori, segment.number, cells, [(offense, {})], arrestees=1, agency=self._of(segment))
        )
        text = segment.text
        doubts = tuple(self._incidents.doubts)
        return SourceRow(row, number, stem, text, text, segment.ori, said, f"nibrs:{stem}", doubts=doubts)

    def _group(self, lines: Sequence[_Line]) -> Iterator[SourceRow | Reject]:
        first = [line for line in lines if line[2].level == "1"]
        if len(first) != 1:
            got = "no administrative segment" if not first else f"{len(first)} administrative segments"
            raise BadCell("level", got, "one segment of level 1 for each incident, before its other segments")
        incident = replace(_incident(lines), agency=self._of(first[0][2]))
        stem = f"{incident.ori}/{incident.number}"
        row, number, segment = lines[0]
        texts = [line[2].text for line in lines]
        shared: dict[str, object] = {
            "row": row, "line": number, "raw": texts, "text": "\n".join(text.rstrip() for text in texts),
            "said_by": segment.ori, "incident_key": f"nibrs:{stem}",
        }  # fmt: skip
        parts = [SourceRow(key=f"{stem}/{n}", said=said, **shared) for n, said in self._incidents.cases(incident)]  # type: ignore[arg-type]
        if not parts:
            parts = [SourceRow(key=stem, said=self._incidents.incident(incident), **shared)]  # type: ignore[arg-type]
        numbers = tuple(line[1] for line in lines)
        yield replace(parts[0], more=tuple(parts[1:]), lines=numbers, doubts=tuple(self._incidents.doubts))


def _incident(lines: Sequence[_Line]) -> Incident:
    """The segments of one incident brought together; how many of each level is said with it."""
    by_level: dict[str, list[Segment]] = {level: [] for level in _LEVELS}
    for _, _, segment in lines:
        by_level[segment.level].append(segment)
    head = by_level["1"][0]
    counts = Counter(_LEVELS[segment.level] for _, _, segment in lines)
    return Incident(
        head.ori,
        head.number,
        _cells(head),
        [(_cells(segment), _lists(segment)) for segment in by_level["2"]],
        [Victim(_cells(segment), _lists(segment)) for segment in by_level["4"]],
        [_cells(segment) for segment in by_level["5"]],
        len(by_level["6"]),
        dict(counts),
    )


def _cells(segment: Segment) -> dict[str, str]:
    return {name: segment.cell(name) for name in fields_of(segment.layout, segment.level)}


def _lists(segment: Segment) -> dict[str, list[str]]:
    found = {name: segment.cells(name) for name in repeated(segment.layout, segment.level)}
    if "relationship" in found:
        found["relationship"] = [tie for tie in found["relationship"] if tie.strip()]
    return found


def _refuse(lines: Sequence[_Line], bad: BadCell) -> Iterator[Reject]:
    for row, number, segment in lines:
        yield Reject(row, number, bad.field, bad.got, bad.want, segment.text)
