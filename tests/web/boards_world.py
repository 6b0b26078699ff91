"""The invented book with what the boards need: alike cases, papers that agree and differ, bodies and the missing."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from thaw.casework import Session
from thaw.casework.documents import add_documents
from thaw.casework.importing import import_files
from thaw.data import data_path
from web.invented import World, enter

BODY, NAME = "namus-unidentified:UP900001", "namus-missing:MP900001"
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


def board_paths(canal: str, hotel: str, secret: str) -> list[str]:
    """Every address of the boards, with what may be seen and with what may not."""
    both, pair = f"case={canal}&case={secret}", f"/case/{canal}/pair/{hotel}"
    walter, phone = quote("person:walter rusk"), quote("phone:2135550155")
    return [
        "/figures.css", "/alerts", "/alerts?state=all", "/alerts/table?state=all", "/series", "/series/nothing",
        "/series/table?format=csv",
        "/series/nothing/figure?format=svg", "/series/nothing/table?format=csv", "/identify", "/identify/table",
        "/kinship/nothing/table", "/kinship/nothing/worth", "/kinship/entry-3", f"/identify/{BODY}",
        f"/identify/{BODY}/lane?without=place", f"/identify/{BODY}/lane/table?without=age", f"/identify/{BODY}/lane",
        f"/identify/{BODY}/table", f"/identify/{BODY}/sheet", f"/identify/{BODY}/pair/{NAME}",
        f"/identify/{BODY}/pair/{NAME}/sheet", "/identify/namus-unidentified:UP900077", "/kinship", "/kinship/nothing",
        "/kinship/nothing/sheet", "/kinship/nothing/figure", "/map", "/map?from=1985&to=1985", f"/map?case={secret}",
        f"/map?{both}", "/map/file?format=csv", "/map/file?format=geojson", "/map/file?format=svg", "/timeline",
        "/timeline?where=year%3D1985", f"/timeline?case={secret}", f"/timeline?{both}",
        "/timeline/file?where=year%3D1985&format=csv", "/chart", f"/chart?case={canal}",
        f"/chart?case={canal}&crossing=yes", f"/chart?case={secret}", f"/chart?{both}",
        f"/chart/file?case={canal}&format=graphml", f"/chart/file?case={secret}&format=csv",
        f"/chart/line?case={secret}&one={secret}&other=x", f"/chart/line?case={canal}&one={walter}&other={phone}",
        f"/case/{canal}/similar", f"/case/{canal}/similar/table", f"/case/{secret}/similar/table", pair,
        f"{pair}/figure?format=svg", f"{pair}/table",
        f"{pair}?try=weapon%3D20&age=30", f"/case/{canal}/pair/{secret}", f"/case/{secret}/pair/{canal}",
        f"/case/{secret}/similar", f"/case/{canal}/claims", f"/case/{secret}/claims", f"/case/{canal}/claims/table",
        f"/case/{canal}/timeline", f"/case/{secret}/timeline", f"/case/{canal}/timeline/file?format=csv",
    ]  # fmt: skip
