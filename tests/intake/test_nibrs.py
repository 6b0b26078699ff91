"""NIBRS: flat files by line, incidents with and without a killing, deletes, zero reports, and the XML of it."""

from __future__ import annotations

import tracemalloc
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nibrs_lines import admin, arrest, arrestee, codes, killing, offender, offense, one, read, says, victim, zero
from shared_files import shared
from thaw.data import read_toml
from thaw.errors import InputError
from thaw.intake import Reject, SourceRow, reader_for
from thaw.intake.joining import decode
from thaw.intake.nibrs_xml import NibrsXml
from thaw.record import Code, Quantity, codes_of

TODAY = date(2026, 11, 20)


def test_a_killing_statements_lines_and_one_case_whole(tmp_path: Path) -> None:
    row = one(tmp_path, *killing(), arrestee())
    assert (row.key, row.incident_key, row.lines, len(row.more)) == (
        "UT0000000/INV1/001", "nibrs:UT0000000/INV1", (1, 2, 3, 4, 5), 0
    )  # fmt: skip
    assert {role: len(said) for role, said in row.said.items()} == {"case": 19, "victim": 5, "offender": 2}
    assert says(row, "date")[0].value.to_json() == {"from": "2020-03-14", "to": "2020-03-14", "precision": "day"}
    assert says(row, "place")[0].value.to_json() == {"name": "Utah", "state": "UT", "role": "report"}
    assert (codes(row, "offense"), codes(row, "location_type"), codes(row, "homicide_type")) == (["09A"], ["20"], ["A"])
    assert says(row, "cleared_by_arrest")[0].polarity == "asserted"
    assert says(row, "offender_known")[0].polarity == "asserted"
    assert says(row, "age", "victim")[0].value == Quantity(24, 24, "years")


def test_strangulation_is_folded_into_asphyxiation_and_the_shr_code_says_where_it_comes_from(tmp_path: Path) -> None:
    row = one(tmp_path, *killing())
    (weapon,) = says(row, "weapon")
    assert (weapon.value, weapon.words, codes(row, "nibrs_weapon")) == (
        Code("85", "shr.weapon"),
        "from NIBRS 85",
        ["85"],
    )


@pytest.mark.parametrize(("tie", "sex", "shr"), [
    ("CH", "F", "DA"), ("CH", "M", "SO"), ("SS", "F", "OF"), ("SE", "F", "WI"), ("ST", "U", "ST"), ("CH", "U", None),
])  # fmt: skip
def test_ch_is_a_child_and_ss_a_step_sibling_here(tmp_path: Path, tie: str, sex: str, shr: str | None) -> None:
    row = one(tmp_path, admin(), offense(), victim(ties=f"01{tie}", sex=sex), offender())
    assert codes(row, "nibrs_relationship") == [tie]
    assert codes(row, "relationship") == ([shr] if shr else [])


@pytest.mark.parametrize(("age", "expected", "infant"), [
    ("NN", 0, "under_24_hours"), ("NB", 0, "days_1_to_6"), ("BB", 0, "days_7_to_364"), ("00", None, None),
    ("99", 99, None), ("2530", 25, None),
])  # fmt: skip
def test_ages_of_infants_ranges_and_the_unknown(
    tmp_path: Path, age: str, expected: int | None, infant: str | None
) -> None:
    row = one(tmp_path, admin(), offense(), victim(age=age), offender())
    (found,) = says(row, "age", "victim")
    assert (None if found.value is None else found.value.low) == expected
    assert codes(row, "infant", "victim") == ([infant] if infant else [])


def test_another_felony_is_named_by_the_offenses_of_the_incident(tmp_path: Path) -> None:
    row = one(tmp_path, admin(), offense(), offense("120"), victim(circumstances="08"), offender())
    assert (codes(row, "circumstance"), codes(row, "nibrs_circumstance")) == (["03"], ["08"])


def test_each_victim_who_was_killed_is_a_case_and_a_robbed_one_is_none(tmp_path: Path) -> None:
    row = one(tmp_path, admin(), offense(), offense("120"), victim("001"), victim("002", codes="120"),
              victim("003", sex="M"), offender("00", age="", sex=" "))  # fmt: skip
    assert [part.key for part in (row, *row.more)] == ["UT0000000/INV1/001", "UT0000000/INV1/003"]
    assert codes(row, "situation") == ["F"]
    assert says(row, "offender_known")[0].polarity == "denied"


def test_an_incident_without_a_killing_stays_an_incident(tmp_path: Path) -> None:
    row = one(tmp_path, admin(), offense("120"), victim(codes="120"), offender())
    assert (row.key, list(row.said), codes(row, "offense", "incident")) == ("UT0000000/INV1", ["incident"], ["120"])


def test_deletes_zero_reports_and_arrests_are_rows_too(tmp_path: Path) -> None:
    rows = read(tmp_path, zero(), admin(action="D", number="INV9"), *killing(), arrest(number="B1"),
                arrest(action="D", number="B2"))  # fmt: skip
    assert [row.deletes for row in rows if isinstance(row, SourceRow)] == [
        None, "nibrs:UT0000000/INV9", None, None, "nibrs:arrest/UT0000000/B2/01"
    ]  # fmt: skip
    assert [list(row.said) for row in rows if isinstance(row, SourceRow)] == [
        [], [], ["case", "victim", "offender"], ["incident"], []
    ]  # fmt: skip


def test_a_spoilt_segment_is_a_reject_and_the_rest_of_its_incident_is_read(tmp_path: Path) -> None:
    reject, row = read(tmp_path, admin(), offense(), "00XX" + victim()[4:], victim("002"), offender())
    assert isinstance(reject, Reject)
    assert (reject.line, reject.field, reject.got, reject.want) == (
        3, "length", "'00XX'", "four digits, the length of the record"
    )  # fmt: skip
    assert isinstance(row, SourceRow)
    assert (row.key, row.lines) == ("UT0000000/INV1/002", (1, 2, 4, 5))


@pytest.mark.parametrize(("lines", "field", "got"), [
    ([admin(date="20201314"), offense()], "date", "'20201314'"),
    ([offense(), victim()], "level", "no administrative segment"),
    ([admin(), admin(), offense()], "level", "2 administrative segments"),
    ([victim(action="M")], "action", "'M'"),
    ([offense(action="D")], "action", "'D' at level 2"),
    ([admin(ori="UT00")], "ori", "'UT00     '"),
    ([admin(action="Q")], "action", "'Q'"),
])  # fmt: skip
def test_what_cannot_be_an_incident_is_set_aside_line_by_line(
    tmp_path: Path, lines: list[str], field: str, got: str
) -> None:
    rejects = read(tmp_path, *lines)
    assert [(r.line, r.field, r.got, r.raw) for r in rejects if isinstance(r, Reject)] == [
        (i, field, got, line) for i, line in enumerate(lines, start=1)
    ]


def test_a_code_that_no_list_has_is_kept_as_text_and_said_so(tmp_path: Path) -> None:
    row = one(tmp_path, admin(), offense(weapons="16 "), victim(), offender())
    assert row.doubts == ("nibrs_weapon: kept as text, want a code of the list nibrs.weapon",)
    assert "nibrs_weapon: 16" in [said.value.text for said in says(row, "other")]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_of_a_spoilt_file_every_line_is_a_row_or_a_reject(tmp_path_factory: pytest.TempPathFactory, data: Any) -> None:
    lines = [*killing(), *killing(number="INV2"), zero(), arrest()]
    for _ in range(data.draw(st.integers(1, 4))):
        number = data.draw(st.integers(0, len(lines) - 1))
        line = list(lines[number]) or [" "]
        line[data.draw(st.integers(0, len(line) - 1))] = data.draw(
            st.characters(codec="latin-1", exclude_characters="\n\r")
        )
        lines[number] = "".join(line)[: data.draw(st.integers(1, 130))]
    try:
        found = read(tmp_path_factory.mktemp("n"), *lines)
    except InputError:
        return  # the file as a whole is refused, with a message
    counted = sum(len(item.lines) or 1 if isinstance(item, SourceRow) else 1 for item in found)
    assert counted == sum(bool(decode(line.encode("latin-1")).strip()) for line in lines)


# XML

REPORT = """<nibrs:Report>
<nibrs:ReportHeader>
<nibrs:NIBRSReportCategoryCode>GROUP A INCIDENT REPORT</nibrs:NIBRSReportCategoryCode>
<nibrs:ReportActionCategoryCode>I</nibrs:ReportActionCategoryCode>
<nibrs:ReportingAgency>
<j:A>
<j:B>
<nc:IdentificationID>UT0000000</nc:IdentificationID>
</j:B>
</j:A>
</nibrs:ReportingAgency>
</nibrs:ReportHeader>
<nc:Incident>
<nc:ActivityIdentification>
<nc:IdentificationID>INV1</nc:IdentificationID>
</nc:ActivityIdentification>
<nc:ActivityDate>
<nc:DateTime>2020-03-14T23:00:00</nc:DateTime>
</nc:ActivityDate>
</nc:Incident>
<j:Offense s:id="O1">
<nibrs:OffenseUCRCode>09A</nibrs:OffenseUCRCode>
<j:OffenseForce>
<j:ForceCategoryCode>12A</j:ForceCategoryCode>
</j:OffenseForce>
</j:Offense>
<nc:Location s:id="L1">
<nibrs:LocationCategoryCode>20</nibrs:LocationCategoryCode>
</nc:Location>
<nc:Person s:id="P1">
<nc:PersonAgeMeasure>
<nc:MeasureValueText>BABY</nc:MeasureValueText>
</nc:PersonAgeMeasure>
<j:PersonSexCode>M</j:PersonSexCode>
</nc:Person>
<nc:Person s:id="P2">
<j:PersonSexCode>F</j:PersonSexCode>
</nc:Person>
<j:Victim s:id="V1">
<nc:RoleOfPerson s:ref="P1"/>
<j:VictimSequenceNumberText>1</j:VictimSequenceNumberText>
<j:VictimAggravatedAssaultHomicideFactorCode>10</j:VictimAggravatedAssaultHomicideFactorCode>
</j:Victim>
<j:Subject s:id="S1">
<nc:RoleOfPerson s:ref="P2"/>
<j:SubjectSequenceNumberText>1</j:SubjectSequenceNumberText>
</j:Subject>
<j:OffenseLocationAssociation>
<j:Offense s:ref="O1"/>
<nc:Location s:ref="L1"/>
</j:OffenseLocationAssociation>
<j:OffenseVictimAssociation>
<j:Offense s:ref="O1"/>
<j:Victim s:ref="V1"/>
</j:OffenseVictimAssociation>
<j:SubjectVictimAssociation>
<j:Subject s:ref="S1"/>
<j:Victim s:ref="V1"/>
<nibrs:VictimToSubjectRelationshipCode>Acquaintance</nibrs:VictimToSubjectRelationshipCode>
</j:SubjectVictimAssociation>
</nibrs:Report>"""
OPEN = '<nibrs:Submission xmlns:nibrs="n" xmlns:nc="c" xmlns:j="j" xmlns:s="s">'


def xml(folder: Path, body: str, *, end: str = "</nibrs:Submission>") -> list[SourceRow | Reject]:
    path = folder / "a.xml"
    path.write_text(OPEN + body + end)
    assert reader_for(path).name == "nibrs-xml"
    return list(reader_for(path).read(path, TODAY))


def test_a_killing_in_xml_says_what_the_flat_file_says(tmp_path: Path) -> None:
    (row,) = xml(tmp_path, REPORT)
    assert isinstance(row, SourceRow)
    assert (row.key, row.incident_key) == ("UT0000000/INV1/1", "nibrs:UT0000000/INV1")
    assert (codes(row, "nibrs_weapon"), codes(row, "weapon"), codes(row, "location_type")) == (["12"], ["12"], ["20"])
    assert (codes(row, "relationship"), codes(row, "circumstance"), codes(row, "situation")) == (["AQ"], ["99"], ["A"])
    assert codes(row, "infant", "victim") == ["days_7_to_364"]


def with_words(folder: Path, tie: str, bias: str = "NONE", sex: str = "F") -> SourceRow:
    """The report with other words for the relationship and the bias, of a victim of this sex."""
    told = REPORT.replace(">Acquaintance<", f">{tie}<")
    more = f"<j:OffenseFactorBiasMotivationCode>{bias}</j:OffenseFactorBiasMotivationCode></j:Offense>"
    (row,) = xml(folder, told.replace("</j:Offense>", more, 1))
    assert isinstance(row, SourceRow)
    return row


@pytest.mark.parametrize(("words", "nibrs"), [
    ("Family Member_Child", "CH"), ("Family Member_Spouse", "SE"), ("Family Member_Spouse_Common Law", "CS"),
    ("Family Member_Stepsibling", "SS"), ("Family Member_Aunt", "OF"), ("Boyfriend_Girlfriend", "BG"),
    ("Ex_Spouse", "XS"), ("NonFamily_Otherwise Known", "OK"), ("Relationship Unknown", "RU"),
    ("Victim Was Child", "CH"), ("CH", "CH"), ("Stranger", "ST"),
])  # fmt: skip
def test_a_relationship_that_xml_spells_out_is_its_code(tmp_path: Path, words: str, nibrs: str) -> None:
    row = with_words(tmp_path, words)
    assert (codes(row, "nibrs_relationship"), row.doubts) == ([nibrs], ())


def test_words_for_a_relationship_that_the_flat_file_does_not_have_are_kept_as_text(tmp_path: Path) -> None:
    row = with_words(tmp_path, "Teacher")
    assert codes(row, "nibrs_relationship") == []
    assert row.doubts == ("nibrs_relationship: kept as text, want a code of the list nibrs.relationship",)
    assert "nibrs_relationship: Teacher" in [said.value.text for said in says(row, "other")]


@pytest.mark.parametrize(("words", "found"), [
    ("ANTIBLACK_AFRICAN AMERICAN", ["12"]), ("ANTIFEMALE", ["62"]), ("15", ["15"]), ("NONE", []), ("UNKNOWN", ["99"]),
])  # fmt: skip
def test_a_bias_that_xml_spells_out_is_its_code(tmp_path: Path, words: str, found: list[str]) -> None:
    row = with_words(tmp_path, "Stranger", words)
    assert (codes(row, "bias"), row.doubts) == (found, ())


def test_every_code_has_words_in_xml_and_every_word_a_code() -> None:
    table = read_toml("formats/nibrs_xml.toml")
    assert set(table["relationship"].values()) == set(codes_of("nibrs.relationship"))
    assert set(table["bias"].values()) == set(codes_of("nibrs.bias"))


def test_a_break_in_the_xml_is_a_reject_behind_the_whole_reports(tmp_path: Path) -> None:
    row, reject = xml(tmp_path, REPORT + "<nibrs:Report><nc:", end="")
    assert isinstance(row, SourceRow)
    assert isinstance(reject, Reject)
    assert (reject.row, reject.field, reject.want) == (2, "file", "a whole XML file")


def test_entities_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(f'<?xml version="1.0"?><!DOCTYPE n [<!ENTITY a "b">]>{OPEN}</nibrs:Submission>')
    with pytest.raises(Exception, match="got XML with a document type") as error:
        list(reader_for(path).read(path, TODAY))
    assert str(error.value) == (
        f"{path}: got XML with a document type, want a NIBRS submission, which has none. "
        "Take the lines from <!DOCTYPE on out, and look where the file comes from."
    )


def test_the_xml_sample_of_the_shared_files_is_one_incident() -> None:
    path = shared("data/nibrs/nibrs_GroupAIncident_Sample.xml")
    (row,) = list(reader_for(path).read(path, TODAY))
    assert isinstance(row, SourceRow)
    assert (list(row.said), codes(row, "offense", "incident")) == (["incident"], ["13A", "510"])


BOMB = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10 if i else "x" * 100}">' for i in range(9))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
@pytest.mark.parametrize("before", ["", "<!-- " + "nibrs " * 20_000 + "-->"], ids=["at once", "behind 120 kB"])
def test_entities_are_refused_in_every_encoding_and_behind_every_comment(
    tmp_path: Path, encoding: str, before: str
) -> None:
    path = tmp_path / "a.xml"
    named = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{named}"?>{before}<!DOCTYPE n [{BOMB}]>{OPEN}&a8;</nibrs:Submission>'
    path.write_bytes(text.encode(encoding))
    with pytest.raises(InputError) as refused:
        list(NibrsXml().read(path, TODAY))
    assert str(refused.value) == (
        f"{path}: got XML with a document type, want a NIBRS submission, which has none. Take the lines from <!DOCTYPE "
        "on out, and look where the file comes from."
    )


@pytest.mark.parametrize(("text", "got"), [
    ('<?xml version="1.0" encoding="utf-7"?><nibrs/>', "a file that breaks off or is no XML"),
    ('<?xml version="1.0" encoding="klingon"?><nibrs/>', "a file that breaks off or is no XML"),
    ("<nibrs>&unknown;</nibrs>", "a file that breaks off or is no XML (undefined entity)"),
])  # fmt: skip
def test_what_the_parser_cannot_read_is_one_reject(tmp_path: Path, text: str, got: str) -> None:
    path = tmp_path / "a.xml"
    path.write_text(text)
    (reject,) = NibrsXml().read(path, TODAY)
    assert isinstance(reject, Reject)
    assert reject.got.startswith(got)
    assert reject.raw == text


def test_a_report_that_is_nested_too_deep_is_a_reject_and_the_next_is_read(tmp_path: Path) -> None:
    deep = "<nibrs:Report>" + "<a>" * 5_000 + "words" + "</a>" * 5_000 + "</nibrs:Report>"
    reject, row = xml(tmp_path, deep + REPORT)
    assert isinstance(reject, Reject)
    assert (reject.got, "words" in reject.raw) == ("elements nested too deep", True)
    assert isinstance(row, SourceRow)


def test_only_one_report_of_a_long_file_is_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(OPEN + REPORT * 3_000 + "</nibrs:Submission>")
    tracemalloc.start()
    assert sum(1 for _ in NibrsXml().read(path, TODAY)) == 3_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000
