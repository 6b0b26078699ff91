"""The invented book with what the boards need: alike cases, papers that agree and differ, bodies and the missing."""

from __future__ import annotations

from pathlib import Path

from thaw.casework import Session
from thaw.casework.documents import add_documents
from thaw.casework.importing import import_files
from thaw.data import data_path
from web.invented import World, enter

REPORT = """INVENTED POLICE DEPARTMENT
Supplementary report
Date of report: July 12, 1985

Walter Rusk said that he heard three shots. He gave his telephone as 213-555-0155.
Walter Rusk was last seen alive on July 11, 1985 at the canal road.
Officers checked plate 4GPY976 on July 13, 1985. Mary Nobody was at home at 2300 hours.
"""
STATEMENT = """INVENTED WITNESS STATEMENT
Date of report: July 14, 1985

I, Mary Nobody, heard two shots. Walter Rusk called me from 213-555-0155 in the summer of 1985.
"""


def fill_boards(world: World, folder: Path) -> World:
    """Put papers and persons into an invented book."""
    work = world.work
    for name, text in (("report one.txt", REPORT), ("statement two.txt", STATEMENT)):
        (folder / name).write_text(text, encoding="utf-8")
        found = add_documents(work, [folder / name], case_id=world.cases["canal"], wait=True)
        world.documents[name] = found["files"][0]["sha256"]
    import_persons(work)
    return world


def import_persons(work: Session) -> None:
    """The invented persons of the demo."""
    import_files(work, [data_path(f"sample/invented_{kind}.json") for kind in ("missing", "unidentified")])


def alike(work: Session, title: str) -> str:
    """One more case that looks like the one at the canal."""
    yes = {"strangulation_or_ligature": "yes", "bound": "yes"}
    return enter(work, title, behaviours=yes, circumstance="99", situation="B", location_type="10", date="1985-08")
