"""Makes the code lists of `thaw.data` from the transcribed code tables and the words of the MAP files.

In: the folder of code tables (shr_master.json, nibrs.json, ...) and the folder of the two MAP files (Parquet of eight
western states, CSV of a national sample). Out: one JSON per list under src/thaw/data/codes, byte for byte the same on
every run. Ends with an error when a code and a word that stand in one row do not agree with the official label.

    python scripts/make_codes.py CODES_FOLDER SHR_FOLDER [OUT_FOLDER]
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

_OUT = Path(__file__).parents[1] / "src" / "thaw" / "data" / "codes"
_OFFICIAL = "official list, transcribed by program from the FBI document named in source"
_COMPILED = "compiled for the code tables; see status"
_ERAS = ("2013-", "1980-2012", "1976-1979")  # newest first: its wording wins
_FIELDS = {
    "weapon": "Weapon Used by Offender",
    "circumstance": "Circumstance",
    "subcircumstance": "Sub-circumstance",
    "situation": "Situation",
    "relationship": "Relationship of Victim to Offender:",
    "homicide_type": "Homicide",
    "sex": "Sex of Victim",
    "race": "Race of Victim",
    "ethnicity": "Ethnic Origin of Victim",
}
_FIELDS_1962 = {"circumstance_1962": "Circumstance", "subcircumstance_1962": "Sub-Circumstance"}
_NIBRS_LISTS = {  # list: data element
    "exceptional_clearance": "4",
    "suspected_of_using": "8",
    "bias": "8A",
    "criminal_activity": "12",
    "weapon": "13",
    "victim_type": "25",
    "resident_status": "30",
    "circumstance": "31",
    "justifiable_circumstance": "32",
    "injury": "33",
    "relationship": "35",
    "arrest_type": "43",
}
_NIBRS_OLDER = {  # in older lists and in data, absent from the list of 2025
    "relationship": {"HR": "Homosexual Relationship"},
    "weapon": {},
}
_OLD_RACE = "layout of 1976-1979 only; the official word then was "
_NOTES = {
    ("weapon", "11"): "does not include mechanic's grease gun or caulking gun",
    ("weapon", "35"): "occurs in data, in no FBI list of SHR codes; NIBRS code 35 is Motor Vehicle/Vessel",
    ("weapon", "80"): "the only code that keeps strangulation apart; NIBRS folds it into 85",
    ("circumstance", "30"): "added in 2013",
    ("circumstance", "31"): "added in 2013",
    ("circumstance", "40"): "renamed in 2019: read it with the year",
    ("circumstance", "99"): "the official text: all instances where the facts provided do not permit determination",
    ("relationship", "UN"): "the official text: all instances where the relationship cannot be determined",
    ("relationship", "CH"): "NIBRS code CH means child",
    ("race", "A"): "Asian or Pacific Islander until 2012; P was split off in 2013",
    ("race", "P"): "from 2013",
    ("race", "N"): _OLD_RACE + "Negro; read as B",
    ("race", "C"): _OLD_RACE + "Chinese; read as A",
    ("race", "J"): _OLD_RACE + "Japanese; read as A",
    ("race", "O"): _OLD_RACE + "Other",
    ("ethnicity", "H"): "no ethnicity in the layout of 1976-1979",
}
_LABELS = {
    ("weapon", "11"): "Firearm, type not stated",
    ("weapon", "35"): "Not documented",
    ("circumstance", "40"): "Lovers triangle (until 2018), Domestic Violence (from 2019)",
    ("circumstance", "99"): "Circumstances undetermined",
    ("relationship", "UN"): "Relationship cannot be determined",
    ("race", "N"): "Black (code of 1976-1979)",
    ("race", "C"): "Chinese (code of 1976-1979)",
    ("race", "J"): "Japanese (code of 1976-1979)",
    ("race", "O"): "Other (code of 1976-1979)",
}
_AGE = {
    "NB": ("Birth to 6 days old, including abandoned infant", "victims only"),
    "BB": ("7 days to 364 days old", "victims only"),
    "00": ("Unknown", None),
    "99": ("99 years or older", None),
}
_PLAIN_LABELS = {  # where the code without its hyphens is no good English
    "open-active": "Open, active",
    "open-awaiting-lab": "Open, awaiting lab",
    "open-awaiting-prosecutor": "Open, awaiting prosecutor",
    "cleared-arrest": "Cleared by arrest",
    "cleared-exceptional": "Cleared exceptionally",
    "lost-file": "File lost",
    "received-property": "Received into property",
    "received-lab": "Received by lab",
    "sub-sampled": "Sub-sampled",
    "digitised": "Digitized",
    "inventory-seen": "Seen at inventory",
    "inventory-not-found": "Not found at inventory",
    "transferred-agency": "Transferred to another agency",
}
# MAP words that say "unknown" in place of the official words; each code is the list's own unknown.
_MAP_UNKNOWN = {"weapon": "90", "circumstance": "99", "relationship": "UN", "ethnicity": "U", "race": "U", "sex": "U"}
_MAP_COLUMNS = {  # list: (word columns of the eight-state file, word columns of the national file)
    "weapon": (("weapon",), ("Weapon",)),
    "circumstance": (("circumstance",), ("Circumstance",)),
    "situation": (("situation",), ()),
    "relationship": (("relationship",), ("Relationship",)),
    "homicide_type": (("homicide_type",), ("Homicide",)),
    "sex": (("vic_sex", "off_sex"), ("VicSex", "OffSex")),
    "race": (("vic_race", "off_race"), ("VicRace", "OffRace")),
    "ethnicity": (("vic_ethnic", "off_ethnic"), ("VicEthnic", "OffEthnic")),
}
_STATE_MISSPELT = {"Rhodes Island": "RI"}  # as the national MAP file has it

Entry = dict[str, Any]


def shr_lists(master: Mapping[str, Any]) -> dict[str, dict[str, Entry]]:
    """The SHR lists of the three layouts since 1976, a code's label from the newest layout that has it."""
    lists: dict[str, dict[str, Entry]] = {}
    for name, field in _FIELDS.items():
        found: dict[str, Entry] = {}
        for era in _ERAS:
            values: dict[str, Any] = next(
                (f["values"] for f in master["eras"][era]["fields"] if f["label"] == field), {}
            )
            for code, value in values.items():
                found.setdefault(code, _entry(name, code, value))
        lists[name] = dict(sorted(found.items()))
    lists["weapon"]["35"] = {"label": _LABELS["weapon", "35"], "note": _NOTES["weapon", "35"]}
    lists["weapon"] = dict(sorted(lists["weapon"].items()))
    old = {f["label"]: f["values"] for f in master["eras"]["1962-1975"]["fields"]}
    for name, label in _FIELDS_1962.items():
        lists[name] = {code: _old_entry(value) for code, value in sorted(old[label].items())}
    lists["age_special"] = {code: {"label": label, "note": note} for code, (label, note) in _AGE.items()}
    return lists


def _entry(name: str, code: str, value: Mapping[str, str]) -> Entry:
    text = " ".join(value["t"].split())
    label, _, remark = text.partition(" (Note: ")
    note = _NOTES.get((name, code)) or remark.rstrip(")").removesuffix(".") or None
    entry: Entry = {"label": _LABELS.get((name, code), label), "note": note}
    if "g" in value:
        entry["group"] = value["g"]
    return entry


def _old_entry(value: Mapping[str, str]) -> Entry:
    label, _, note = " ".join(value["t"].split()).partition(". Note: ")
    return {"label": label, "note": note or None, "group": value["g"]}


def nibrs_lists(nibrs: Mapping[str, Any], folder: Path) -> dict[str, dict[str, Entry]]:
    """The lists of NIBRS that homicides need, and the offense codes of the FBI's public code tables."""
    found = {"location_type": location_list(nibrs)}
    for name, element in _NIBRS_LISTS.items():
        values = {
            code: {"label": _line(text).rstrip("."), "note": None}
            for code, text in nibrs["elements"][element]["values"].items()
        }
        values |= {
            code: {"label": label, "note": "in older lists"} for code, label in _NIBRS_OLDER.get(name, {}).items()
        }
        found[name] = dict(sorted(values.items()))
    found["offense"] = offense_list(folder)
    return found


def offense_list(folder: Path) -> dict[str, Entry]:
    """UCR offense codes of groups A and B, as the workbook of public code tables has them."""
    import openpyxl

    book = openpyxl.load_workbook(folder / "NIBRSCodeTablesPublic.xlsx", read_only=True)
    rows = list(book["UCROffenseCodeType"].iter_rows(values_only=True))[1:]
    known = {str(row[1]): {"label": _line(str(row[2]).strip()), "note": str(row[5])} for row in rows if row[1]}
    return dict(sorted((code, entry) for code, entry in known.items() if len(code) == 3 and code != "999"))


def location_list(nibrs: Mapping[str, Any]) -> dict[str, Entry]:
    """NIBRS location types (data element 9), with the code of older lists that the newest one dropped."""
    values = {code: {"label": _line(text), "note": None} for code, text in nibrs["elements"]["9"]["values"].items()}
    values["22"] = {
        "label": "School/College",
        "note": "in older lists, absent from the list of 2025; 52 and 53 took its place",
    }
    return dict(sorted(values.items()))


def behaviour_list(mo: Mapping[str, Any]) -> dict[str, Entry]:
    """The fifteen behaviours in the order of the source; the key is the label in snake case, without brackets."""
    return {_snake(text): {"label": text, "note": None} for text in mo["core15"]}


def plain_list(texts: Iterable[str]) -> dict[str, Entry]:
    """Codes that are words with hyphens, brackets as notes: `digitised (hash)` is code digitised, note hash."""
    found: dict[str, Entry] = {}
    for text in texts:
        code, _, bracket = text.partition(" (")
        label = _PLAIN_LABELS.get(code) or code.replace("-", " ").capitalize()
        found[code] = {"label": label, "note": bracket.rstrip(")") or None}
    return found


def section_list(texts: Iterable[str]) -> dict[str, Entry]:
    """Sections of a murder book: two digits, then the title."""
    return {text[:2]: {"label": text[3:4].upper() + text[4:], "note": None} for text in texts}


def map_words(folder: Path, lists: Mapping[str, Mapping[str, Entry]]) -> dict[str, dict[str, str]]:
    """For each list the words of the MAP files with their codes, from rows that carry both, national words after them.

    Raises SystemExit when a word stands beside two codes, or a national word is neither known nor an unknown.
    """
    west = f"'{folder / 'shr_map_west8_1976_2018.parquet'}'"
    national = f"read_csv('{folder / 'shr_map_national_solved_sample_5831.csv.gz'}', all_varchar = true)"
    words: dict[str, dict[str, str]] = {}
    for name, (west_columns, national_columns) in _MAP_COLUMNS.items():
        found: dict[str, str] = {}
        for column in west_columns:
            for word, code in _west_pairs(west, name, column, lists[name]):
                if found.setdefault(word, code) != code:
                    raise SystemExit(f"{column}: {word!r} stands beside {found[word]} and {code}")
        for column in national_columns:
            for (word,) in _rows(f'select distinct "{column}" from {national} order by 1'):
                known = found.get(word) or (_MAP_UNKNOWN.get(name) if word == "Unknown" else None)
                if known is None:
                    raise SystemExit(f"{column}: no code for {word!r}")
                found[word] = known
        words[name] = dict(sorted(found.items()))
    return words


def _west_pairs(source: str, name: str, column: str, entries: Mapping[str, Entry]) -> list[tuple[str, str]]:
    if name in ("sex", "homicide_type"):  # no code column beside these words
        by_letters = {_letters(entry["label"]): code for code, entry in entries.items()}
        return [
            (word, by_letters[_letters(word)])
            for (word,) in _rows(f"select distinct {column} from {source} order by 1")
        ]
    pairs = _rows(f"select distinct {column}, {column}_code from {source} order by 1, 2")
    # The file drops the leading zero of the circumstance: 3 is code 03.
    return [(word, code.zfill(2) if name == "circumstance" else code) for word, code in pairs]


def disagreements(words: Mapping[str, Mapping[str, str]], master: Mapping[str, Any]) -> list[str]:
    """MAP words that share more of their words with another code's official text than with their own code's."""
    found = []
    for name, by_word in words.items():
        texts = _official_texts(master, name)
        for word, code in by_word.items():
            if word == "Unknown" and code == _MAP_UNKNOWN.get(name):
                continue
            shared = {other: max(_overlap(word, text) for text in known) for other, known in texts.items()}
            if shared[code] == (0, 0) or shared[code] < max(shared.values()):
                found.append(f"{name}: {word!r} is code {code}, {sorted(texts[code])}")
    return found


def _official_texts(master: Mapping[str, Any], name: str) -> dict[str, set[str]]:
    """Every wording that the three layouts give to each code of a list."""
    texts: dict[str, set[str]] = {}
    for era in _ERAS:
        for field in master["eras"][era]["fields"]:
            if field["label"] == _FIELDS[name]:
                for code, value in field["values"].items():
                    texts.setdefault(code, set()).add(value["t"].partition(" (Note: ")[0])
    return texts


def _overlap(word: str, text: str) -> tuple[float, float]:
    """Share of the word's stems that the text has, then share of all stems that both have."""
    left, right = _stems(word), _stems(text)
    return len(left & right) / len(left), len(left & right) / len(left | right)


def _stems(text: str) -> set[str]:
    return {word.rstrip("s")[:5] for word in re.findall(r"[a-z]+", text.casefold())} - {"or", "of", "and", "etc"}


def _letters(text: str) -> str:
    return "".join(re.findall("[a-z]", text.casefold()))


def _snake(text: str) -> str:
    return "_".join(re.findall("[a-z0-9]+", re.sub(r"\(.*?\)", "", text.casefold())))


def _line(text: str) -> str:
    return " ".join(text.replace("\u2013", "-").replace("\u2019", "'").split())


def _rows(query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return list(connection.execute(query).fetchall())


def _write(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _table(source: Mapping[str, Any], name: str, lists: Mapping[str, Any]) -> dict[str, Any]:
    status = source.get("status", _OFFICIAL)  # the two tables without a status are the transcribed official ones
    return {"name": name, "source": source.get("source", _COMPILED), "status": status, "lists": lists}


def main(arguments: Sequence[str]) -> None:
    """Writes the seven files and prints how many codes each list holds."""
    codes, shr_folder = Path(arguments[0]), Path(arguments[1])
    out = Path(arguments[2]) if len(arguments) > 2 else _OUT
    read = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(codes.glob("*.json"))}
    shr = shr_lists(read["shr_master"])
    words = map_words(shr_folder, shr)
    if wrong := disagreements(words, read["shr_master"]):
        raise SystemExit("words and codes disagree:\n" + "\n".join(wrong))
    nibrs, mo, clearance = read["nibrs"], read["vicap_mo"], read["clearance"]
    sections, custody = read["case_file_sections"], read["custody_event"]
    tables = {
        "shr": _table(read["shr_master"], "FBI SHR codes, layouts since 1976", shr),
        "nibrs": _table(nibrs, "NIBRS codes used by Thaw", nibrs_lists(nibrs, shr_folder.parent / "nibrs")),
        "behaviours": _table(mo, "Fifteen behaviours of an offense", {"behaviour": behaviour_list(mo)}),
        "case_status": _table(clearance, "Case status", {"case_status": plain_list(clearance["case_status"])}),
        "murder_book": _table(sections, sections["name"], {"section": section_list(sections["sections"])}),
        "custody_event": _table(custody, custody["name"], {"event_type": plain_list(custody["event_types"])}),
    }
    for stem, content in tables.items():
        _write(out / f"{stem}.json", content)
        print(stem, {name: len(entries) for name, entries in content["lists"].items()})
    about = {
        "name": "Words of the Murder Accountability Project's SHR files, with the SHR code each stands for",
        "source": "distinct values of the eight-state file 1976-2018 and of the national sample of 5,831 solved cases",
        "status": "observed; a word's code stands beside it in the eight-state file, or the word is 'Unknown'",
    }
    _write(out / "map_words.json", about | words | {"state": _STATE_MISSPELT})
    print("map_words", {name: len(by_word) for name, by_word in words.items()})


if __name__ == "__main__":
    main(sys.argv[1:])
