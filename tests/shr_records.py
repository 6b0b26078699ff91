"""Invented records of the Supplementary Homicide Report, put together by position from the FBI's record description.

Positions are written out here a second time, so that a slip in the product's table does not hide itself.
"""

from __future__ import annotations

from hypothesis import strategies as st

WEAPONS = ("11", "12", "13", "14", "15", "20", "30", "35", "40", "50", "55", "60", "65", "70", "75", "80", "85", "90")
RELATIONS = (
    "HU", "WI", "CH", "CW", "MO", "FA", "SO", "DA", "BR", "SI", "IL", "SF", "SM", "SS", "SD", "OF", "NE",
    "AQ", "BF", "GF", "XH", "XW", "EE", "ER", "FR", "HO", "OK", "ST", "UN",
)  # fmt: skip
CIRCUMSTANCES = (
    "02", "03", "05", "06", "07", "09", "10", "17", "18", "19", "26", "32", "40", "41", "42", "43", "44",
    "45", "46", "47", "48", "49", "50", "51", "52", "53", "59", "60", "70", "80", "81", "99",
)  # fmt: skip
OLD_CIRCUMSTANCES = (
    "11", "12", "13", "14", "19", "21", "22", "23", "29", "31", "33", "34", "35", "41", "42", "51", "59",
)  # fmt: skip
OLD_SUBS = (
    "02", "03", "05", "06", "07", "09", "16", "17", "18", "19", "20", "21", "60", "61", "62", "63", "64",
    "65", "69",
)  # fmt: skip


def at(length: int, *pieces: tuple[int, str]) -> str:
    """A record of blanks with these texts at these positions, the first is 1."""
    out = [" "] * length
    for position, text in pieces:
        out[position - 1 : position - 1 + len(text)] = text
    assert len(out) == length
    return "".join(out)


def victim(age: str = "24", sex: str = "F", race: str = "W", ethnicity: str = "") -> str:
    return age + sex + race + ethnicity


def offender(
    age: str = "00", sex: str = "U", race: str = "U", ethnicity: str = "", *, weapon: str = "80",
    relationship: str = "UN", circumstance: str = "99", sub: str = " ",
) -> str:  # fmt: skip
    return age + sex + race + ethnicity + weapon + relationship + circumstance + sub


def record_1980(
    *, year: str = "85", month: str = "07", state: str = "43", agency: str = "UT00000", incident: str = "001",
    situation: str = "B", victims: tuple[str, ...] = (victim(ethnicity="N"),),
    offenders: tuple[str, ...] = (offender(ethnicity="U"),), homicide: str = "A",
) -> str:  # fmt: skip
    return at(
        268, (1, "6"), (2, state), (4, agency), (11, "1C"), (13, "8"), (14, year), (16, "000012345"), (25, "018"),
        (28, "716"), (31, "0"), (32, "INVENTED CITY"), (56, "UTAH"), (62, month), (64, "010186"), (70, "0"),
        (71, homicide), (72, incident), (75, situation), (76, victims[0]), (81, offenders[0]),
        (93, f"{len(victims) - 1:03}"), (96, f"{len(offenders) - 1:03}"), (99, "".join(victims[1:])),
        (149, "".join(offenders[1:])),
    )  # fmt: skip


def record_1976(
    *, year: str = "77", month: str = "07", victims: tuple[str, ...] = (victim(),),
    offenders: tuple[str, ...] = (offender(),), incident: str = "001",
) -> str:  # fmt: skip
    return at(
        251, (1, "6"), (2, "26"), (4, "NB00000"), (11, "1C"), (13, "4"), (14, year), (16, "00001"), (21, "000012345"),
        (37, "INVENTED CITY"), (61, "NEBR"), (67, month), (69, "010178"), (75, "0"), (76, "A"), (77, incident),
        (80, "B"), (81, victims[0]), (85, offenders[0]), (96, f"{len(victims) - 1:03}"),
        (99, f"{len(offenders) - 1:03}"), (102, "".join(victims[1:])), (142, "".join(offenders[1:])),
    )  # fmt: skip


def record_1962(
    *, year: str = "8", month: str = "07", victim_sex: str = "F", offender_sex: str = "U", race: str = "W",
    circumstance: str = "34", sub: str = "02", age: str = "240  ", weapon: str = "80", line: str = "01",
    update: str = "0010169", output: str = "0",
) -> str:  # fmt: skip
    return at(
        101, (1, "6"), (2, "43"), (4, "UT00000"), (11, "1C"), (13, "8"), (14, "4"), (15, victim_sex),
        (16, offender_sex), (17, race), (18, circumstance), (20, "0"), (21, sub), (23, age), (28, weapon), (34, output),
        (35, month), (37, year), (38, line), (47, update), (54, "00000012345"), (65, "00001"), (70, "INVENTED CITY"),
        (94, "UTAH"),
    )  # fmt: skip


def record_80(
    *, kind: str = "00", incident: str = "001", month: str = "07", year: str = "85", victim_block: str = "24FWN",
    agency: str = "UT00000",
) -> str:  # fmt: skip
    return at(80, (1, "6"), (2, agency), (9, month), (11, year), (13, kind), (15, "A"), (16, "B"), (17, "0"),
              (18, incident), (21, victim_block), (26, offender(ethnicity="U")))  # fmt: skip


# Generated records: every field of a layout filled with what the description allows, blanks among it.
_AGES = st.sampled_from(["00", "01", "24", "98", "99", "NB", "BB", "  "])
_OLD = st.sampled_from(["00", "01", "24", "98", "99", "  "])
_SEXES = st.sampled_from(["M", "F", "U", " "])
_NAMES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ .&'-;=", max_size=24).map(lambda text: text.ljust(24))


def _digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count) | st.just(" " * count)


def _block(ages: st.SearchStrategy[str], races: str, ethnic: bool) -> st.SearchStrategy[str]:
    parts = [ages, _SEXES, st.sampled_from([*races, " "])]
    return st.tuples(*parts, *([st.sampled_from("HNU ")] if ethnic else [])).map("".join)


def _offenders(races: str, ethnic: bool) -> st.SearchStrategy[str]:
    codes = [st.sampled_from([*codes, "  "]) for codes in (WEAPONS, RELATIONS, CIRCUMSTANCES)]
    return st.tuples(_block(_OLD, races, ethnic), *codes, st.sampled_from("ABCDEFG ")).map("".join)


def _people(person: st.SearchStrategy[str], width: int) -> st.SearchStrategy[str]:
    """Up to ten more, anywhere in their ten places."""
    return st.lists(person | st.just(" " * width), min_size=10, max_size=10).map("".join)


@st.composite
def records_1980(draw: st.DrawFn, years: tuple[int, ...], races: str) -> str:
    """A record of the layouts since 1980."""
    year, month = draw(st.sampled_from(years)), draw(st.integers(1, 12))
    return "".join([
        "6", draw(st.sampled_from(["43", "26", "55", "52", "50"])), draw(st.sampled_from(["UT00000", "NB01234"])),
        draw(st.sampled_from(["1A", "2 ", "0 ", "9E"])), draw(st.sampled_from("0123456789")), f"{year % 100:02}",
        draw(_digits(9)), draw(_digits(3)), draw(_digits(3)), draw(st.sampled_from("01 ")), draw(_NAMES),
        draw(st.sampled_from(["UTAH  ", "NEBR  ", "      "])), f"{month:02}", draw(_digits(6)),
        draw(st.sampled_from("01")), draw(st.sampled_from("AB")), draw(_digits(3)), draw(st.sampled_from("ABCDEF ")),
        draw(_block(_AGES, races, True)), draw(_offenders(races, True)), draw(_digits(3)), draw(_digits(3)),
        draw(_people(_block(_AGES, races, True), 5)), draw(_people(_offenders(races, True), 12)),
    ])  # fmt: skip


@st.composite
def records_1976(draw: st.DrawFn) -> str:
    """A record of 1976 to 1979."""
    races = "WNICJOU"
    return "".join([
        "6", draw(st.sampled_from(["43", "26", "50"])), "UT00000", draw(st.sampled_from(["1A", "2 "])), "8",
        draw(st.sampled_from(["76", "77", "78", "79"])), draw(_digits(5)), draw(_digits(9)), draw(_digits(3)),
        draw(_digits(3)), draw(st.sampled_from("01 ")), draw(_NAMES), "UTAH  ", f"{draw(st.integers(1, 12)):02}",
        draw(_digits(6)), draw(st.sampled_from("01")), draw(st.sampled_from("AB")), draw(_digits(3)),
        draw(st.sampled_from("ABCDEF ")), draw(_block(_AGES, races, False)), draw(_offenders(races, False)),
        draw(_digits(3)), draw(_digits(3)), draw(_people(_block(_AGES, races, False), 4)),
        draw(_people(_offenders(races, False), 11)),
    ])  # fmt: skip


@st.composite
def records_1962(draw: st.DrawFn) -> str:
    """A record of 1962 to 1975."""
    return "".join([
        "6", draw(st.sampled_from(["43", "26"])), "UT00000", "1C", "8", draw(st.sampled_from("1234 ")),
        draw(st.sampled_from("MF ")), draw(_SEXES), draw(st.sampled_from([*"WNICJOU", " "])),
        draw(st.sampled_from([*OLD_CIRCUMSTANCES, "  "])), draw(st.sampled_from("0129 ")),
        draw(st.sampled_from([*OLD_SUBS, "  "])), draw(st.sampled_from(["24", "00", "99", "  "])),
        draw(st.sampled_from("019 ")), draw(st.sampled_from(["UN", "NB", "BB", "  "])),
        draw(st.sampled_from([w for w in WEAPONS if w not in ("55", "75")] + ["  "])), "  ",
        draw(st.sampled_from(["01", "10", "  "])), draw(st.sampled_from("01 ")),
        draw(st.sampled_from([f"{m:02}" for m in range(1, 13)] + ["13", "99"])), draw(st.sampled_from("0123456789")),
        draw(_digits(2)), draw(_digits(3)), draw(st.sampled_from("01 ")), draw(_digits(3)),
        draw(st.sampled_from(["0010168", "0123173", "       ", "0000000"])), draw(_digits(11)), draw(_digits(5)),
        draw(_NAMES), "UTAH  ", "  ",
    ])  # fmt: skip


@st.composite
def records_80(draw: st.DrawFn) -> str:
    """A record of 80 characters as agencies sent it in."""
    return "".join([
        draw(st.sampled_from("6 ")), "UT00000", f"{draw(st.integers(1, 12)):02}", f"{draw(st.integers(80, 99)):02}",
        draw(st.sampled_from(["00", "13"])), draw(st.sampled_from("AB")), draw(st.sampled_from("ABCDEF ")),
        draw(st.sampled_from("0123 ")), draw(_digits(3)), draw(_block(_AGES, "WBIAPU", True)),
        draw(_offenders("WBIAPU", True)),
        *(draw(_offenders("WBIAPU", True) | st.just(" " * 12)) for _ in range(3)),
        "       ",
    ])  # fmt: skip
