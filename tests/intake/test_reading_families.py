"""Families of forms in which offices wrote numbers, plates, telephones, names, days and counts, by examples."""

from __future__ import annotations

import json

import pytest

from bench.reading import same_value
from bench.unseen import FOLDER, mention_scores
from thaw.intake import read_mentions
from thaw.intake.reading import Reading
from thaw.record import PartialDate


def normals(text: str, kind: str, written: str | None = None) -> list[str]:
    reading = Reading(PartialDate.parse(written)) if written else None
    return [m.normal for m in read_mentions(text, reading) if m.kind == kind]


CASE1 = mention_scores("case1_*", same_value)


def test_the_strangers_papers_are_on_record_as_they_were_first_read() -> None:
    first = json.loads((FOLDER / "sixth_run.json").read_text("utf-8"))["mentions"]["case1"]
    assert first["plate"] == [22, 18, 26, 18, 16]
    assert all(CASE1[kind].wanted == wanted for kind, (_, _, wanted, _, _) in first.items()), "the sheet was changed"
    assert all(CASE1[kind].right > right for kind, (_, right, *_) in first.items())


@pytest.mark.parametrize(
    ("kind", "bar"), [("person", 0.90), ("date", 0.93), ("phone", 0.95), ("plate", 0.95), ("number", 0.95)]
)
def test_the_strangers_papers_are_read_at_least_so_well(kind: str, bar: float) -> None:
    score = CASE1[kind]
    assert score.right >= bar * max(score.found, score.wanted), "\n".join(score.faults)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Blood to State Laboratory, No. 74-3316, by Kubicek.", ["74-3316"]),
        ("Subject: Re: Renfrow / 74-0822-3", ["74-0822-3"]),
        ("Our number 74-0822-3, your file 74-3316.", ["74-0822-3", "74-3316"]),
        ("Ref. your No. B-2207 of last month.", ["B-2207"]),
        ("Bureau No. 118442, Inquest No. 1187, Arrest No. 22817.", ["118442", "1187", "22817"]),
        ("Work order #4471 and CFS# 080331187 were pulled.", ["4471", "080331187"]),
        ("S.W. No. 81-SW-044 was served.", ["81-SW-044"]),
        ("Items 27-31 were sent.", ["27", "31"]),
        ("Dep. R. Fontaine (44) and Ptl. T. J. Oakes (59) assisted.", ["44", "59"]),
        ("REPORT BY: R. HARGIS 318/ T. MEEKS 402", ["318", "402"]),
        ("State's Ex. 14 and Defense Exhibit C.", ["14", "C"]),
        ("Roll 3 was developed; see Lead 22 and Photo 8.", ["3", "22", "8"]),
        ("by registered mail No. R\n551 207 we received", ["R-551-207"]),
        ("NAME              BKG NO.\nRAMOS, DAVID      881207\nTORRES, GILBERT   881193\n", ["881207", "881193"]),
        # None of these is a record's.
        ("Fire No. 880, Cutfoot Road. Local No. 412. Engine No. 4.", []),
        ("He lives at RT 2 BOX 61, route 9, apt. #12.", []),
        ("The No. 2 pencil, the number 12 bus, page No. 118.", []),
    ],
)
def test_numbers_of_records_in_their_many_forms(text: str, numbers: list[str]) -> None:
    assert normals(text, "number", "1981-03-30") == numbers


def test_a_short_number_led_by_a_year_that_has_been_is_a_cases() -> None:
    assert normals("Later 74-3316 came back to us.", "number", "1981-03-30") == ["74-3316"]
    assert normals("Later 94-3316 came back to us.", "number", "1981-03-30") == []


@pytest.mark.parametrize(
    ("text", "plates"),
    [
        ("a 1966 Ford F-100, white over green, lic. 12-7714", ["127714"]),
        ("a tan International with out of county plates, 59-221, Iowa or Nebraska", ["59221"]),
        ("The sedan, bearing 12-7714, was seen again.", ["127714"]),
        ("It carried 26-1107 plates.", ["261107"]),
        ("He drove a Rambler. Wyo. 8-1402, and S. Dak. 40-1186.", ["81402", "401186"]),
        ("is he the one with plate 12-7714? DMV has it.", ["127714"]),
        ("wrote part of the plate on a bar slip: 27-1, state not noted", ["271"]),
        ('first two characters of the plate were "H 2" or "H 7"', ["H2", "H7"]),
        ("POSS PLATES WISC H 27-106 STOLEN OFF 74 DODGE", ["H27106"]),
        ("Owns 73 Chrysler E55-219.", ["E55219"]),
        ("maroon Olds, Kans. lic. JO P 441", ["JOP441"]),
        ("Government plate G13-20881, trailer plate T44-019", ["G1320881", "T44019"]),
        # An envelope bears a number, evidence a tag, a laboratory a case.
        ("an envelope bearing 74-3316 in ink", []),
        ("Property tag 20417 was tied to it.", []),
        ("ME-91-0077 was the number of the car's driver.", []),
    ],
)
def test_plates_in_their_many_forms(text: str, plates: list[str]) -> None:
    assert normals(text, "plate", "1979-10-20") == plates


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("send it to the creamery, phone Teller 204.", ["TELLER204"]),
        ("Ring 417-J after six.", ["417J"]),
        ("Phone: 2214. Telephone: MAin 4471.", ["2214", "MA4471"]),
        ("Residence phone Elm 3-0912", ["EL30912"]),
        ("My telephone number is Bolton 44718.", ["BOLTON44718"]),
        ("I spoke to him by phone (555-0133).", ["5550133"]),
        ("The number is 555 0162. Text from 4045550181.", ["5550162", "4045550181"]),
        ('Matchbook w/ "555-01" and part of a digit inked', ["55501"]),
        ("call the one ending 0142; the last four digits were 0199", ["0142", "0199"]),
        ("Phone for wife: 7-4418", ["74418"]),
        ("Home/Work: 555-0130/555-0131", ["5550130", "5550131"]),
        # A plate, a day and an hour, a room, an extension.
        ("plate 12-7714? the phone rang", []),
        ("Relieved 0230 10-20-79, phone report made.", []),
        ("Call Room 204 or Extension 14.", []),
    ],
)
def test_telephones_in_their_many_forms(text: str, phones: list[str]) -> None:
    assert normals(text, "phone", "1979-10-20") == phones


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Tschetter was shown eight photographs. Oyen denied it.", ["Tschetter", "Oyen"]),
        ("Re-interviewed Haugland. Spoke to Brandvold.", ["Haugland", "Brandvold"]),
        ('He was with "Tiny" Brandt and a subject he knows only as Whitey.', ["Tiny Brandt", "Whitey"]),
        ("Witness was Marvin LNU, also FNU Castellanos.", ["Marvin", "Castellanos"]),
        ("Jesse (NMI) Boone signed.", ["Jesse Boone"]),
        ('ASSOC: DWAYNE "PEANUT" GIBBS\nPEANUT WAS SEEN.', ["Dwayne Gibbs", "Dwayne Gibbs"]),
        ("Q. State your name.\nA. Wanda Jean Purcell.", ["Wanda Jean Purcell"]),
        ("Present were Dets. Huff and Sabatini.", ["Huff", "Sabatini"]),
        ("Grandson James Earl Tubbs lives there.", ["James Earl Tubbs"]),
        ("PETERS, Mr. & Mrs. Lloyd - home", ["Lloyd Peters"]),
        ("Walt -\n\nMissed you.\n\n                         Gene\n", ["Walt", "Gene"]),
        ("Fred and Albert Lund left.", ["Fred Lund", "Albert Lund"]),
        ("Sgt. Truett, Sr. Cpl. Ables and a maid, Consuelo.", ["Truett", "Ables", "Consuelo"]),
        ("Complainant Latrice Fobbs L/F/26. Witness Fobbs, Tyrone agrees.", ["Latrice Fobbs", "Tyrone Fobbs"]),
        ("A. Perforation of lung\nB. Hemothorax, bilateral\nC. Laceration of scalp", []),
        ("SUSPECT: UNK.  VEHICLE: UNK.  TAPED OFF DRIVE. REQ ANY AGENCY HOLD.", []),
        ("Items 6 and 7 are group O. Human blood was found.", []),
        ("Dispatch advised. Homicide was notified. Everybody was gone.", []),
    ],
)
def test_persons_in_their_many_forms(text: str, names: list[str]) -> None:
    assert normals(text, "person", "1979-10-20") == names


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("receipt book, last entry 8/22 (Item 8)", ["1979-08-22"]),
        ("W/M, 5/10, 160 lbs, size 7/8", []),
        ("He came in last Thurs. and again Sat. night.", ["1979-10-18", "1979-10-20"]),
        ("he sat in the sun, wed and fri", []),
        ("vacant since the first of the month", ["1979-10-01"]),
        ("It was the week of October 8.", ["1979-10-08/1979-10-14"]),
        ("reported dead 12/--/1978", ["1978-12"]),
        ("Tri-Cap Lanes, 10-17, by Det. Odegaard", ["1979-10-17"]),
        ("10-12 inches long, 5-10, 160", []),
        ("I did not hear about it until Tuesday.", ["1979-10-16"]),
        ("from Christmas till Easter of this year", ["1978-12-25", "1979-04-15"]),
        ("not seen since early spring", ["1979-03-01/1979-04-06"]),
    ],
)
def test_days_in_their_many_forms(text: str, days: list[str]) -> None:
    found = [m for m in read_mentions(text, Reading(PartialDate.parse("1979-10-20"))) if m.kind == "date"]
    assert [m.normal for m in found if m.role != "document"] == days


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("Three (3) beer cans, one (1) cartridge case", ["3 cans", "1 case"]),
        ("There were three of them.", ["3 of them"]),
        ("three banker's boxes, 1,140 pages", ["3 boxes", "1140 pages"]),
        ("a two-tone four-door; one man; one day; CODE 3 MEDICS", []),
    ],
)
def test_counts_in_their_many_forms(text: str, counts: list[str]) -> None:
    assert normals(text, "count") == counts


NOBODY = """Blood was observed on the floor. Entry was made through a rear window. Contact was made with the
owner. Purse was located. Evidence booked. Neither could identify him. Vice was advised. Manager
stated he was asleep. Landlady was asked about rent. Clerk was shown the bill. Neighbor said the dog
barked. Mortuary was called. Dispatcher advised units. Witness was taken home. Ballistics was asked
to compare. Church was held at ten. Security was advised. Informant was shown a mug book. Mom was
home. Bartender was shown the photo. Trucker was stopped. The Buick was towed. Chevron was open.
Texaco was held up.

HEADQUARTERS ADVISED. SCENE WAS SECURED. SUBJ WAS ADVISED OF RIGHTS. OWNER COULD NOT BE REACHED.
DETECTIVES RESPONDED. SERGEANT APPROVED. CHIEF WAS TOLD. NURSE STATED HE WAS DEAD. MOTHER COULD NOT
TALK. ALIAS NOT KNOWN. AKA UNKNOWN. ARMED AND DANGEROUS. HOLD FOR THIS DEPT. REQUEST ALL INFO. END
OF MSG. Continued on next page. Form 12-B Rev. 6/71. Original to Records, pink to Detective.
Approved by Watch Commander."""
NOTHING = """Route 4, Box 88. Highway 22. Channel 7. Room 12. Apt. 3-B. 2-4 feet. 8 x 10 glossy. 12-gauge.
.30-06. 7.62 x 39. 98.6 F. 120/80. 1/2 inch. 3/4 mile. 10-4. Code 3. 187 PC. Sec. 211. Title 18.
24/7. 20/20 vision. 50/50 chance. Size 9-1/2. 12:30 p.m. 45 mph. 1200 block of Main. 4471 Oak Ave.
P.O. Box 1187. Zip 68502-1204. A-1 Towing. 7-Eleven. Boeing 727. Score was 21-14. Ages 10-12. Pages
4-6. Open 9-5. Chapter 11. V-8. F-150. P225/70R15. Vitamin B-12. 0.02 gm%. 200 cc."""


def test_common_words_and_units_are_nobody() -> None:
    assert normals(NOBODY, "person", "1984-05-05") == []


@pytest.mark.parametrize("kind", ["person", "date", "phone", "plate", "number"])
def test_measures_and_addresses_are_nothing_else(kind: str) -> None:
    assert normals(NOTHING, kind, "1984-05-05") == []
