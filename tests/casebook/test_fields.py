from __future__ import annotations

import pytest

from builders import CLERK, clock, look, new_book, row
from thaw.access import view
from thaw.casebook import case_columns, case_fields, conditions
from thaw.casebook.cases import count_cases
from thaw.casebook.place_fields import place_hint
from thaw.errors import InputError
from thaw.record import codes_of


def ids(tmp_path, said_by_case, *where):
    with new_book(tmp_path / "b") as store:
        store.append(*[row(case, said) for case, said in said_by_case.items()])
        seen = view(store, CLERK, "a test", clock)
        found = seen.select("cases", ["case_id"], conditions(where), order=["first_seq"])
        assert count_cases(seen, conditions(where)) == len(found)
        return "".join(case for (case,) in found)


CASES = {
    "a": {"weapon": "80", "date": "1985-03", "victim.age": (24, 24), "victim.sex": "F", "agency": "UT001"},
    "b": {"weapon": "20", "date": "1989", "victim.age": (20, 30), "behaviours.bound": "yes", "offender_known": "no"},
    "c": {"weapon": "unknown", "place": {"name": "Invented, UT", "county_fips": "49035", "state": "UT", "lat": 40.5,
                                         "lon": -111.0}, "behaviours.bound": "no"},
    "d": {"date": "1985-12-30..1986-01-02", "behaviours.bound": "unknown", "victim.age": (0, 0), "title": "A Canal"},
}  # fmt: skip


@pytest.mark.parametrize(("where", "expected"), [
    ("weapon=80", "a"),
    ("weapon=80,20", "ab"),
    ("weapon=80, 20", "ab"),
    ("weapon=unknown", "cd"),
    ("weapon= Unknown", "cd"),
    ("sex=F", "a"),
    ("victim.sex=female", "a"),
    ("year=1985", "ad"),
    ("year=1985..1989", "abd"),
    ("date=1986-01-01", "d"),
    ("date=July 1989", "b"),
    ("date=unknown", "c"),
    ("age=24", "ab"),
    ("age=25..40", "b"),
    ("age=0", "d"),
    ("victim.age=unknown", "c"),
    ("behaviours.bound=yes", "b"),
    ("behaviours.bound=NO", "c"),
    ("behaviours.bound=unknown", "ad"),
    ("offender_known=no", "b"),
    ("agency=ut001", "a"),
    ("agency=unknown", "bcd"),
    ("place=invented, ut", "c"),
    ("place=unknown", "abd"),
    ("place.county_fips=49035", "c"),
    ("place.county_fips=32003, 49035", "c"),
    ("place.county_fips=salt lake county, Utah", "c"),
    ("place.county_fips=unknown", "abd"),
    ("place.county_fips=32003", ""),
    ("place.state=ut", "c"),
    ("place.state=Utah", "c"),
    ("place.state=NV,UT", "c"),
    ("place.state=unknown", "abd"),
    ("place.lat=40.5", "c"),
    ("place.lat=40..41", "c"),
    ("place.lon=-112..-111", "c"),
    ("place.lat=41", ""),
    ("place.name=INVENTED, UT", "c"),
    ("title=a canal", "d"),
    ("case_id=a", "a"),
    ("source_key=invented:b", "b"),
    ("incident_id=i_1", ""),
])  # fmt: skip
def test_a_condition_finds_the_cases_that_meet_it(tmp_path, where, expected):
    assert ids(tmp_path, CASES, where) == expected


def test_all_conditions_must_be_met(tmp_path):
    assert ids(tmp_path / "1", CASES, "year=1985..1989", "weapon=20") == "b"
    assert ids(tmp_path / "2", CASES) == "abcd"


def test_a_label_finds_its_code():
    label = codes_of("shr.weapon")["80"]
    assert conditions([f"weapon={label.upper()}"]) == conditions(["weapon=80"])


FORM = "want FIELD=VALUE, such as weapon=80. Put an equals sign between."
DATES = "a date such as 1984, 1984-07, 1984-07-03, 1984-07-03..1984-07-09, July 1984, late summer 1984 or 1980s"
SEXES = ", ".join(f"{code} ({label})" for code, label in codes_of("shr.sex").items())


@pytest.mark.parametrize(("where", "message"), [
    ("weapon", f"--where: got 'weapon', {FORM}"),
    ("weapon=", f"--where: got 'weapon=', {FORM}"),
    ("year=later", f"--where year: got 'later', want {DATES}. Write the date in one of these ways."),
    ("date=1989..1985", "--where date: got 1989-01-01 to 1985-12-31, want an interval whose end is not before its "
     "start. Swap the two dates or correct one of them."),
    ("sex=F,horse", f"--where victim.sex: got 'horse', want one of {SEXES}, or unknown. Use a code or its label."),
    ("behaviours.bound=maybe", "--where behaviours.bound: got 'maybe', want yes, no or unknown. Use one of these."),
    *[(f"place.county_fips={bad}", f"--where place.county_fips: got '{bad}', want the five digits of a county, or its "
       "name with the state, such as 49035 or Salt Lake, UT. A zero in front counts: Maricopa, AZ is 04013.")
      for bad in ("4013", "99999", "Salt Lake", "\u0664\u0669\u0660\u0663\u0665")],
    ("place.state=Utha", "--where place.state: got 'Utha', want a state of the United States. Use its two letters, "
     "such as UT, or its name."),
    *[(f"place.lat={bad}", f"--where place.lat: got '{bad}', want a number or a range such as 40.5..41. Write digits, "
       "the smaller one first.") for bad in ("north", "41..40", "nan", "..")],
    *[(f"age={bad}", f"--where victim.age: got '{bad}', want a number of years or a range such as 20..30. "
       "Write digits.") for bad in ("old", "20..", "..30", "30..20", "nan", "20..x")],
])  # fmt: skip
def test_a_condition_that_cannot_be_understood_says_why(where, message):
    with pytest.raises(InputError) as error:
        conditions(["weapon=80", where])
    assert str(error.value) == message


def test_an_unknown_field_is_answered_with_all_fields():
    with pytest.raises(InputError) as error:
        conditions(["colour=red"])
    known = sorted([*case_fields(), "year", *(f"place.{p}" for p in ("name", "state", "county_fips", "lat", "lon",
                                                                     "precision_km")), "source_key"])  # fmt: skip
    assert str(error.value) == f"--where: got 'colour', want one of {', '.join(known)}. Use one of these fields."


@pytest.mark.parametrize("name", sorted(case_fields()))
def test_every_field_takes_unknown_and_finds_a_case_that_is_silent(tmp_path, name):
    assert ids(tmp_path, {"a": {}}, f"{name}=unknown") == "a"


def test_race_is_in_no_column():
    assert not [name for name in case_fields() if "race" in name or "ethnicity" in name]
    said = {"victim": [{"p": "race", "v": {"code": "W", "list": "shr.race"}}], "case": [{"p": "nonsense"}]}
    assert case_columns(said) == {}


def test_columns_hold_each_type_of_value_in_its_own_way():
    said = {"case": [
        {"p": "date", "v": {"date": {"from": "1984-07-01", "to": "1984-07-31", "precision": "month"}}},
        {"p": "place", "v": {"place": {"name": "Invented", "lat": 40.5, "lon": -111}}},
        {"p": "weapon", "n": "unknown"}, {"p": "offender_known", "n": "denied"}],
        "victim": [{"p": "age", "v": {"low": 20, "high": 30, "unit": "years"}}]}  # fmt: skip
    assert case_columns(said) == {
        "date_from": "1984-07-01", "date_to": "1984-07-31", "date_precision": "month",
        "place_name": "Invented", "place_state": None, "place_county_fips": None, "place_lat": 40.5,
        "place_lon": -111, "place_precision_km": None,
        "weapon": None, "offender_known": "no", "victim_age_low": 20, "victim_age_high": 30,
    }  # fmt: skip


def test_a_case_with_no_known_value_has_empty_columns(tmp_path):
    with new_book(tmp_path / "b") as store:
        store.append(row("c_1", {}))
        assert look(store).select("cases", ["weapon", "date_from", "title"]) == [
            (None, None, "Person: place unknown, date unknown")
        ]


def test_the_beginning_of_a_label_is_enough_while_only_one_label_begins_so(tmp_path):
    assert ids(tmp_path, {"a": {"weapon": "80"}, "b": {"weapon": "12"}}, "weapon=strangulation") == "a"
    with pytest.raises(InputError, match="got 'other', want one of 11 "):
        conditions(["weapon=other"])


@pytest.mark.parametrize(("where", "hint"), [
    ("place=salt lake", "'salt lake' here. Counties with such a name: Salt Lake, UT (49035)."),
    ("place.name=Saltlake, UT", "'Saltlake, UT' here. Counties with such a name: Salt Lake, UT (49035)."),
    ("place=Yuma County", "'Yuma County' here. Counties with such a name: Yuma, AZ (04027); Yuma, CO (08125)."),
    ("place=Xqzzqx", None),
    ("agency=Salt Lake", None),
])  # fmt: skip
def test_a_place_that_is_not_found_is_looked_up_on_the_map(where, hint):
    assert place_hint(["weapon=80", where]) == (hint and f"No place is called {hint}")
