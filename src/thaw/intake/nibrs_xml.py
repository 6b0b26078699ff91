"""Reads NIBRS reports in XML, format `nibrs-xml`; a report is one row. It says what the flat file of it would say."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
import xml.parsers.expat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from thaw.data import read_toml
from thaw.errors import InputError
from thaw.record import codes_of

from .look import Header, Look
from .nibrs_incident import Incident, IncidentReader, Victim
from .rows import BadCell, Reject, SourceRow

_WORDS = "formats/nibrs_xml.toml"
_LONGEST = 1_000_000
_AGES = {"NEONATAL": "NN", "NEWBORN": "NB", "BABY": "BB", "UNKNOWN": "00"}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class NibrsXml:
    """Reader of format `nibrs-xml`."""

    name = "nibrs-xml"
    version = 1
    unit = "reports"
    recorded_by = "National Incident-Based Reporting System"

    def fits(self, look: Look) -> bool:
        """True for XML whose beginning names NIBRS."""
        return look.kind == "xml" and b"nibrs" in look.head.lower()

    def header(self, path: Path) -> Header:
        """None: elements have names."""
        return Header((), None)

    def key_column(self, columns: Sequence[str]) -> str | None:
        """None: the key is made of agency, incident number and victim."""
        return None

    def notes(self, path: Path) -> list[str]:
        """Nothing: what is new in a report is said with it."""
        return []

    def is_whole(self, path: Path) -> bool:
        """Never: a submission holds some reports."""
        return False

    def read(self, path: Path, today: date) -> Iterator[SourceRow | Reject]:
        """Every report in order. What stands behind a break in the XML is one reject.

        Raises InputError for a file that declares entities: they can make a small file fill the memory.
        """
        if _has_document_type(path):
            raise InputError(
                where=str(path),
                got="XML with a document type",
                want="a NIBRS submission, which has none",
                fix="Take the lines from <!DOCTYPE on out, and look where the file comes from.",
            )
        reader = IncidentReader(today)
        row = 0
        try:
            for report in _reports(path):
                row += 1
                yield _row(report, row, reader)
        except (ET.ParseError, ValueError, LookupError) as error:
            # An encoding that nobody knows is no error of the parser's own kind.
            line = error.position[0] if isinstance(error, ET.ParseError) else 1
            got = f"a file that breaks off or is no XML ({str(error).partition(':')[0]})"
            yield Reject(row + 1, line, "file", got, "a whole XML file", _rest(path, line))


class _Found(Exception):
    """The first element, or the document type before it."""


def _has_document_type(path: Path) -> bool:
    """Whether the XML declares a document type, in whatever encoding; only what stands before the first element counts.

    With entities of its own a file of a kilobyte could fill the memory.
    """
    parser = xml.parsers.expat.ParserCreate()
    declared = False

    def document_type(*_: object) -> None:
        nonlocal declared
        declared = True
        raise _Found

    def element(*_: object) -> None:
        raise _Found

    parser.StartDoctypeDeclHandler = document_type
    parser.StartElementHandler = element
    try:
        with path.open("rb") as stream:
            while block := stream.read(65_536):
                parser.Parse(block, False)
    except (_Found, xml.parsers.expat.ExpatError, ValueError, LookupError):
        # Caught: it was found or not, and what is no XML is a reject of the reading that follows.
        return declared
    return declared


def _reports(path: Path) -> Iterator[ET.Element]:
    """Each report of a file, which is taken away once it was read: only one is in memory."""
    above: list[ET.Element] = []
    for event, element in ET.iterparse(path, events=("start", "end")):
        if event == "start":
            above.append(element)
            continue
        above.pop()
        if _name(element) == "Report":
            yield element
        if _name(element) == "Report" or len(above) == 1:
            element.clear()
            if above:
                above[-1].remove(element)


def _row(report: ET.Element, row: int, reader: IncidentReader) -> SourceRow | Reject:
    try:
        raw = ET.tostring(report, encoding="unicode")[:_LONGEST]
    except RecursionError:
        raw = " ".join(report.itertext())[:_LONGEST]
        return Reject(row, row, "report", "elements nested too deep", "a report with a few levels", raw)
    control = _CONTROL.search(raw)
    if control:
        return Reject(row, row, "report", f"the control character U+{ord(control[0]):04X}", "letters and signs", raw)
    try:
        return _read(report, row, raw, reader)
    except BadCell as bad:
        return Reject(row, row, bad.field, bad.got, bad.want, raw)


def _read(report: ET.Element, row: int, raw: str, reader: IncidentReader) -> SourceRow:
    text = re.sub(r">\s+<", "><", raw)
    kind, action = _text(report, "NIBRSReportCategoryCode"), _text(report, "ReportActionCategoryCode")
    ori = _text(report, "ReportHeader/ReportingAgency//IdentificationID")
    if not re.fullmatch(r"[A-Z]{2}[A-Z0-9]{7}", ori):
        raise BadCell("ORI", repr(ori), "an agency number of nine letters and digits")
    number = _text(report, "Incident/ActivityIdentification/IdentificationID").strip()
    if kind.startswith("ZERO"):
        month = _text(report, "ReportHeader/ReportDate/YearMonthDate")
        return SourceRow(row, row, f"none/{ori}/{month}", text, text, ori, {}, None)
    if not number:
        raise BadCell("ActivityIdentification", "''", "the number of an incident or arrest")
    if action == "D":
        key = f"delete/{ori}/{number}/{_text(report, 'ReportHeader/ReportDate/YearMonthDate')}"
        return SourceRow(row, row, key, text, text, ori, {}, None, deletes=f"nibrs:{ori}/{number}")
    if action not in ("I", "R", "A"):
        raise BadCell("ReportActionCategoryCode", repr(action), "I, R, A or D")
    incident = _incident(report, ori, number)
    stem = f"{ori}/{number}"
    cases = list(reader.cases(incident)) or [("", reader.incident(incident))]
    parts = [
        SourceRow(
            row, row, f"{stem}/{n}" if n else stem, text, text, ori, said, f"nibrs:{stem}", replaces=action == "R"
        )
        for n, said in cases
    ]
    return replace(parts[0], more=tuple(parts[1:]), doubts=tuple(reader.doubts))


def _incident(report: ET.Element, ori: str, number: str) -> Incident:
    head = {"date": _day(report), "hour": _text(report, "Incident/ActivityDate/DateTime")[11:13]}
    head["report_date"] = (
        "R" if _text(report, "Incident/IncidentAugmentation/IncidentReportDateIndicator") == "true" else ""
    )
    head["exceptional_clearance"] = _text(report, "Incident/IncidentAugmentation/IncidentExceptionalClearanceCode")
    places = {_id(e): _text(e, "LocationCategoryCode") for e in _children(report, "Location")}
    place_of = {
        _ref(a, "Offense"): places.get(_ref(a, "Location"), "") for a in _children(report, "OffenseLocationAssociation")
    }
    offenses, codes = [], {}
    for element in _children(report, "Offense"):
        code = _text(element, "OffenseUCRCode")
        codes[_id(element)] = code
        weapons = [found[:2] for found in _texts(element, "OffenseForce/ForceCategoryCode")]
        lists = {"weapon": weapons, "criminal_activity": _texts(element, "CriminalActivityCategoryCode")}
        lists["bias"] = [_code("bias", found) for found in _texts(element, "OffenseFactorBiasMotivationCode")]
        offenses.append(({"offense": code, "location_type": place_of.get(_id(element), "")}, lists))
    people = {_id(person): _person(person) for person in _children(report, "Person")}
    subjects = {
        _id(e): {"sequence": _text(e, "SubjectSequenceNumberText"), **people.get(_ref(e, "RoleOfPerson"), {})}
        for e in _children(report, "Subject")
    }
    counts = {name.lower(): len(_children(report, name)) for name in ("Offense", "Victim", "Subject", "Arrestee")}
    return Incident(
        ori,
        number,
        head,
        offenses,
        [_victim(report, element, people, codes) for element in _children(report, "Victim")],
        list(subjects.values()),
        len(_children(report, "Arrestee")),
        {name: number for name, number in counts.items() if number},
    )


def _victim(
    report: ET.Element, element: ET.Element, people: Mapping[str, Mapping[str, str]], codes: Mapping[str, str]
) -> Victim:
    cells = {"sequence": _text(element, "VictimSequenceNumberText"), **people.get(_ref(element, "RoleOfPerson"), {})}
    cells["justifiable_circumstance"] = _text(element, "VictimJustifiableHomicideFactorCode")
    own = [a for a in _children(report, "OffenseVictimAssociation") if _ref(a, "Victim") == _id(element)]
    ties = [a for a in _children(report, "SubjectVictimAssociation") if _ref(a, "Victim") == _id(element)]
    return Victim(
        cells,
        {
            "offense": [codes.get(_ref(a, "Offense"), "") for a in own],
            "circumstance": _texts(element, "VictimAggravatedAssaultHomicideFactorCode"),
            "injury": _texts(element, "VictimInjury/InjuryCategoryCode"),
            "relationship": [_code("relationship", _text(a, "VictimToSubjectRelationshipCode")) for a in ties],
        },
    )


def _code(field: str, words: str) -> str:
    """The code of what XML spells out ("Family Member_Child", "ANTIFEMALE"); other words come back as they are."""
    return _codes(field).get(_letters(words), words)


@cache
def _codes(field: str) -> Mapping[str, str]:
    """Letters of a word, of a label or of a code -> code."""
    known = codes_of(f"nibrs.{field}")
    found = {_letters(label): code for code, label in known.items()}
    found |= {_letters(re.sub("^victim was ", "", label, flags=re.IGNORECASE)): code for code, label in known.items()}
    found |= {_letters(word): code for word, code in read_toml(_WORDS)[field].items()}
    return found | {_letters(code): code for code in known if _letters(code)}


def _letters(words: str) -> str:
    return re.sub(r"[^a-z]", "", words.casefold())


def _person(person: ET.Element) -> dict[str, str]:
    low = _text(person, "PersonAgeMeasure/MeasureIntegerRange/RangeMinimumIntegerValue")
    high = _text(person, "PersonAgeMeasure/MeasureIntegerRange/RangeMaximumIntegerValue")
    age = _text(person, "PersonAgeMeasure/MeasureIntegerValue").zfill(2) if not low else f"{low:>02}{high:>02}"
    word = _text(person, "PersonAgeMeasure/MeasureValueText")
    found = {"age": _AGES.get(word.upper(), word) if word else age if age != "00" or low else ""}
    for name, tag in (
        ("sex", "Sex"),
        ("race", "RaceNDEx"),
        ("ethnicity", "Ethnicity"),
        ("resident_status", "Resident"),
    ):
        found[name] = _text(person, f"Person{tag}Code")
    return found


def _day(report: ET.Element) -> str:
    for name in ("DateTime", "Date"):
        found = _text(report, f"Incident/ActivityDate/{name}")
        if found:
            return found[:10].replace("-", "")
    return ""


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _children(element: ET.Element, name: str) -> list[ET.Element]:
    return [child for child in element if _name(child) == name]


def _find(element: ET.Element, path: str) -> Iterator[ET.Element]:
    """Elements by names without their name spaces; `//` is any depth."""
    step, _, rest = path.partition("/")
    if step == "":
        for child in element.iter():
            if child is not element and _name(child) == rest:
                yield child
        return
    for child in _children(element, step):
        if rest:
            yield from _find(child, rest)
        else:
            yield child


def _text(element: ET.Element, path: str) -> str:
    return next(iter(_texts(element, path)), "")


def _texts(element: ET.Element, path: str) -> list[str]:
    if "/" not in path and not _children(element, path):
        found: Iterator[ET.Element] = (e for e in element.iter() if _name(e) == path)
    else:
        found = _find(element, path)
    return [words for e in found if (words := (e.text or "").strip())]


def _id(element: ET.Element) -> str:
    return next((value for name, value in element.attrib.items() if name.endswith("}id")), "")


def _ref(element: ET.Element, name: str) -> str:
    return next((v for e in _children(element, name) for n, v in e.attrib.items() if n.endswith("}ref")), "")


def _rest(path: Path, line: int) -> str:
    with path.open("rb") as stream:
        for _ in range(line - 1):
            stream.readline(_LONGEST)
        return stream.read(100_000).decode("utf-8", "replace").replace("\x00", "\ufffd")
