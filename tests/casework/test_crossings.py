from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from books import new_book
from thaw.casework import Session
from thaw.casework.crossings import dismiss_crossing, list_crossings, watch_crossings
from thaw.casework.documents import add_documents
from thaw.casework.importing import import_files
from thaw.casework.mentions import merge, promote, rename, withdraw
from thaw.errors import InputError

_SPEC = """
name = "r"
recorded_by = "Invented"
entity = "case"
key = "no"
[fields.date]
column = "day"
[fields.agency_name]
column = "agency"
[fields.narrative]
column = "story"
"""


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Session]:
    session = new_book(tmp_path / "book")
    add(session, tmp_path, "canal", "It rained. The last call went to 310-555-1234, which nobody answered. He left.")
    add(session, tmp_path, "barn", "A notebook lists (310) 555-1234 twice. Nothing else was found.")
    yield session
    session.book.close()


def add(session: Session, folder: Path, name: str, words: str) -> str:
    (folder / f"{name}.txt").write_text(words, encoding="utf-8")
    return str(add_documents(session, [folder / f"{name}.txt"], new_title=f"Invented: {name}", wait=True)["case_id"])


def test_a_telephone_of_two_cases_is_shown_with_both_sentences(work: Session) -> None:
    found = list_crossings(work)
    (crossing,) = found["crossings"]
    assert (found["cases_compared"], found["total"]) == (2, 1)
    assert (crossing["kind"], crossing["value"]) == ("phone", "3105551234")
    places = {place["case_title"]: place for place in crossing["places"]}
    canal, barn = places["Invented: canal"], places["Invented: barn"]
    assert canal["sentence"] == "The last call went to 310-555-1234, which nobody answered."
    assert barn["sentence"] == "A notebook lists (310) 555-1234 twice."
    assert [place["sentence"][slice(*place["marks"][0])] for place in (canal, barn)] == [
        "310-555-1234",
        "(310) 555-1234",
    ]


def test_an_alert_comes_once_and_again_with_a_further_case(work: Session, tmp_path: Path) -> None:
    (first,) = watch_crossings(work)["raised"]
    assert (first["kind"], first["value"]) == ("phone", "3105551234")
    assert watch_crossings(work)["raised"] == []
    add(work, tmp_path, "mill", "Someone wrote 310.555.1234 on the door.")
    (again,) = watch_crossings(work)["raised"]
    assert again["crossing"] == first["crossing"]


def test_a_dismissed_crossing_is_gone_until_a_further_case_joins(work: Session, tmp_path: Path) -> None:
    crossing = list_crossings(work)["crossings"][0]["crossing"]
    dismiss_crossing(work, crossing, reason="the number of a taxi office")
    assert list_crossings(work)["crossings"] == []
    assert list_crossings(work, everything=True)["crossings"][0]["dismissed"] == "the number of a taxi office"
    assert watch_crossings(work)["raised"] == []
    add(work, tmp_path, "mill", "Someone wrote 310.555.1234 on the door.")
    assert [one["crossing"] for one in list_crossings(work)["crossings"]] == [crossing]


def test_only_the_crossings_of_one_case_can_be_asked_for(work: Session, tmp_path: Path) -> None:
    other = add(work, tmp_path, "mill", "Nothing is shared here.")
    assert list_crossings(work, case_id=other)["crossings"] == []


def test_a_dismissal_names_a_crossing_and_a_reason(work: Session) -> None:
    want = "want a crossing of `thaw crossings` and why it is dismissed. Take its id from the list."
    with pytest.raises(InputError) as error:
        dismiss_crossing(work, "x_nothing", reason="because")
    assert str(error.value) == f"crossing: got 'x_nothing', {want}"
    crossing = list_crossings(work)["crossings"][0]["crossing"]
    with pytest.raises(InputError) as error:
        dismiss_crossing(work, crossing, reason=" ")
    assert str(error.value) == f"crossing: got no reason, {want}"


def mention(session: Session, folder: Path, name: str, words: str) -> tuple[str, int, int]:
    """The document that `add` made of this text, and where these words stand in it."""
    text = (folder / f"{name}.txt").read_text(encoding="utf-8")
    start = text.index(words)
    return hashlib.sha256(text.encode()).hexdigest(), start, start + len(words)


def values(session: Session) -> set[tuple[str, str]]:
    return {(one["kind"], one["value"]) for one in list_crossings(session, everything=True)["crossings"]}


def test_what_people_said_of_mentions_counts(work: Session, tmp_path: Path) -> None:
    add(work, tmp_path, "mill", "Det. Zzyx Quorble spoke to the miller, who left.")
    add(work, tmp_path, "quay", "A man called Quorbel was seen. Terrence Holloway too.")
    add(work, tmp_path, "weir", "Terrence Holloway was not at home.")
    assert ("name", "terrence holloway") in values(work)
    document, start, stop = mention(work, tmp_path, "weir", "Terrence Holloway")
    one = promote(work, document, 1, start, stop, name="Terry Hollis")["mention_id"]
    assert ("name", "terrence holloway") not in values(work)  # renamed: another man
    withdraw(work, one, reason="it was he after all")
    assert ("name", "terrence holloway") in values(work)
    other = promote(work, *_place(mention(work, tmp_path, "quay", "Terrence Holloway")))["mention_id"]
    rename(work, one, "Lee Stone", reason="he said so")
    assert ("name", "terrence holloway") not in values(work)
    merge(work, one, other, reason="one man with two names")
    assert {kind for kind, _ in values(work)} == {"phone", "name"}
    (crossing,) = (c for c in list_crossings(work, everything=True)["crossings"] if c["kind"] == "name")
    assert {place["case_title"] for place in crossing["places"]} == {"Invented: quay", "Invented: weir"}


def _place(found: tuple[str, int, int]) -> tuple[str, int, int, int]:
    return found[0], 1, found[1], found[2]


def test_the_agency_of_two_records_is_no_person(tmp_path: Path) -> None:
    rows = ["no,day,agency,story", "1,1990-01-02,San Carlos Apache,Seen by Marlene Quistgaard."]
    rows += ["2,1991-02-03,San Carlos Apache,Marlene Quistgaard heard it.", "3,1992-02-03,John Day,Nothing."]
    (tmp_path / "r.csv").write_text("\n".join([*rows, "4,1993-02-03,John Day,John Day was heard."]), encoding="utf-8")
    (tmp_path / "r.toml").write_text(_SPEC, encoding="utf-8")
    session = new_book(tmp_path / "book")
    import_files(session, [tmp_path / "r.csv"], spec=str(tmp_path / "r.toml"))
    (crossing,) = list_crossings(session, everything=True)["crossings"]
    assert (crossing["kind"], crossing["value"]) == ("name", "marlene quistgaard")
    session.book.close()


def test_how_ordinary_never_counts_more_cases_than_there_are(work: Session) -> None:
    (crossing,) = list_crossings(work)["crossings"]
    assert crossing["how_ordinary"] == "in 2 of 2 cases; by chance hardly any other of them would hold it"
