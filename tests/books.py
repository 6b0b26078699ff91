"""Factories for tests: small invented registers as CSV and Parquet, small books, and the command line run in-process.

Nobody in these tables exists. County, weapon and dates are chosen so that the answers can be read off by eye.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from thaw.casework import Session, init_book, open_book, session
from thaw.casework.importing import import_files
from thaw.cli import main

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

# The columns of the bundled sample, with one invented victim.
CODED: Mapping[str, str] = {
    "rowid": "1", "mapid": "INV001", "year": "1985", "month": "7", "fip": "49035", "cnty_name": "Salt Lake, UT",
    "state_abbr": "UT", "ori": "UT00000", "agency": "Invented City", "agency_type": "Municipal police",
    "solved": "No", "homicide_type": "Murder and non-negligent manslaughter", "incident_num": "1", "vic_age": "24",
    "vic_sex": "Female", "vic_race_code": "W", "vic_ethnic_code": "N", "off_age": "999", "off_sex": "Unknown",
    "situation_code": "B", "weapon_code": "80", "relationship_code": "UN", "circumstance_code": "99",
}  # fmt: skip

# The columns of the Murder Accountability Project's own CSV, which holds words.
WORDED: Mapping[str, str] = {
    "ID": "198507001UT00000", "CNTYFIPS": "Salt Lake, UT", "Ori": "UT00000", "State": "Utah",
    "Agency": "Invented City", "Agentype": "Municipal police", "Source": "FBI", "Solved": "No", "Year": "1985",
    "StateName": "UT", "Month": "July", "Incident": "1", "ActionType": "Normal update",
    "Homicide": "Murder and non-negligent manslaughter", "Situation": "Single victim/unknown offender(s)",
    "VicAge": "24", "VicSex": "Female", "VicRace": "White", "VicEthnic": "Not of Hispanic origin", "OffAge": "999",
    "OffSex": "Unknown", "OffRace": "Unknown", "OffEthnic": "Unknown or not reported",
    "Weapon": "Strangulation - hanging", "Relationship": "Relationship not determined",
    "Circumstance": "Circumstances undetermined", "Subcircum": "", "VicCount": "0", "OffCount": "0",
    "FileDate": "030180", "MSA": "Salt Lake City-Ogden, UT",
}  # fmt: skip


def row(number: int, **cells: Any) -> dict[str, str]:
    """An invented row of the sample's columns with key and incident number `number`."""
    return {**CODED, "rowid": str(number), "incident_num": str(number), **{k: str(v) for k, v in cells.items()}}


def rows(count: int, **cells: Any) -> list[dict[str, str]]:
    """`count` invented rows that differ in key, month, age and weapon."""
    weapons = ("80", "20", "12", "85")
    return [
        row(i, month=i % 12 + 1, vic_age=18 + i % 40, weapon_code=weapons[i % 4], **cells) for i in range(1, count + 1)
    ]


def text_of(table: Iterable[Mapping[str, str]], end: str = "\n") -> str:
    """The table as CSV."""
    listed = list(table)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(listed[0]), lineterminator=end)
    writer.writeheader()
    writer.writerows(listed)
    return out.getvalue()


def csv_file(path: Path, table: Iterable[Mapping[str, str]]) -> Path:
    """Write the table as CSV."""
    path.write_text(text_of(table), encoding="utf-8")
    return path


def parquet_file(path: Path, table: Iterable[Mapping[str, str]]) -> Path:
    """Write the table as Parquet, every column as text and an empty cell as NULL."""
    import duckdb

    source = path.with_suffix(".source.csv")
    csv_file(source, table)
    with duckdb.connect() as db:
        db.execute("SET enable_progress_bar = false")
        read = f"SELECT * FROM read_csv('{source}', all_varchar = true, header = true)"
        db.execute(f"COPY ({read}) TO '{path}' (FORMAT parquet)")
    source.unlink()
    return path


def line_file(path: Path, *lines: str | bytes) -> Path:
    """A CSV with the sample's header and these lines after it, written as they are."""
    head = ",".join(CODED).encode()
    path.write_bytes(b"\n".join([head, *(x if isinstance(x, bytes) else x.encode() for x in lines)]) + b"\n")
    return path


def line(number: int = 1, **cells: Any) -> str:
    """One CSV line of an invented row."""
    return text_of([row(number, **cells)]).splitlines()[1]


class Clock:
    """A clock that tells a second more at every look."""

    def __init__(self, start: datetime = NOON) -> None:
        self.now = start.timestamp()

    def __call__(self) -> datetime:
        self.now += 1
        return datetime.fromtimestamp(self.now, UTC)


def new_book(
    folder: Path, *, person: str = "Invented Detective", clock: Callable[[], datetime] | None = None
) -> Session:
    """An empty book in a new folder, opened by an invented person; close it with `session.book.close()`."""
    tick = clock or Clock()
    init_book(folder, None, tick, person)
    return session(open_book(folder, tick), person)


def imported(work: Session, path: Path, **options: Any) -> dict[str, Any]:
    """What became of the rows of one file: its element in the document of `thaw import`."""
    (found,) = import_files(work, [path], **options)["files"]
    return dict(found)


def counts(found: Mapping[str, Any]) -> tuple[int, ...]:
    """read, stored, rejected, already_held, superseded, sealed."""
    return tuple(found[name] for name in ("read", "stored", "rejected", "already_held", "superseded", "sealed"))


@dataclass(frozen=True)
class Ran:
    """How a command ended: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Stdout as the one JSON document that it must be."""
        return json.loads(self.out)


def thaw(*arguments: str | Path, book: Path | None = None, as_json: bool = False, person: str = "Invented") -> Ran:
    """Run a command in this process, on the book in `book`."""
    before: Sequence[str] = [*(["--book", str(book)] if book else []), *(["--json"] if as_json else []), "--as", person]
    out, err = Stream(), Stream()
    with redirect_stdout(out), redirect_stderr(err):
        code = main([*before, *map(str, arguments)])
    return Ran(code, out.getvalue(), err.getvalue())


class Stream(io.StringIO):
    """A text stream in memory that says it is UTF-8, as a pipe does."""

    encoding = "utf-8"  # type: ignore[assignment]


def text_pdf(*pages: str, box: str = "0 0 612 792", extra: str = "") -> bytes:
    """A small PDF with one line of Helvetica per line of each page; an empty page has no text layer."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for page in pages:
        lines = " ".join(f"({text}) Tj 0 -40 Td" for text in page.splitlines())
        content = f"BT /F1 24 Tf 72 700 Td {lines} ET" if page else ""
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
        fonts = "/Resources << /Font << /F1 3 0 R >> >>"
        contents = f"/Contents {len(objects)} 0 R"
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] {contents} {fonts} {extra} >>")
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    return pdf_of(objects)


def pdf_of(objects: Sequence[str], trailer: str = "") -> bytes:
    """A PDF of these objects; the first is the catalog."""
    out, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{len(out)}\n%%EOF\n"
    return (out + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n{end}").encode("latin-1")


def locked_pdf() -> bytes:
    """A PDF whose encryption no empty password opens: its password checks are noise."""
    noise = "<" + "41" * 32 + ">"
    lock = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O {noise} /U {noise} /P -4 >> /ID [<41> <41>]"
    page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
    return pdf_of(["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page], lock)


def missing_file(path: Path, *lines: str, head: str = "", encoding: str = "utf-8") -> Path:
    """An export of missing persons with the columns of 2024; without lines one invented woman."""
    columns = '"Case Number","DLC","Last Name","First Name","Missing Age","City","County","State","Sex",'
    columns += '"Race / Ethnicity","Date Modified"'
    told = lines or (
        '"MP101","7/3/84","Example","Ada","24 Years","Moab","Grand","UT","Female","White / Caucasian","1/9/24"',
    )
    path.write_bytes("\n".join([head or columns, *told, ""]).encode(encoding))
    return path


def bodies_file(path: Path, *lines: str) -> Path:
    """An export of unidentified persons with the columns of 2024; without lines one invented woman."""
    columns = '"Case","ME/C Case","Date Found","Age From","Age To","City","County","State","Sex",'
    columns += '"Race / Ethnicity","Date Modified"'
    told = lines or ('"UP7","84-1","9/1/84","20","30","Moab","Grand","Utah","Female","White / Caucasian","1/9/24"',)
    path.write_text("\n".join([columns, *told, ""]), encoding="utf-8")
    return path
