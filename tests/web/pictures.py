"""Makes the pictures of docs/howto/workbench.md from an invented book: `python tests/web/pictures.py`.

Needs chromium and playwright. Every case in the pictures is invented and marked so.
"""

from __future__ import annotations

import queue
import random
import sys
import tempfile
import threading
import zipfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from books import new_book  # noqa: E402
from thaw.casework import Session  # noqa: E402
from thaw.casework.cases import create_case, incident_sayings  # noqa: E402
from thaw.casework.demo import CASE_FILE  # noqa: E402
from thaw.casework.documents import add_documents  # noqa: E402
from thaw.casework.mentions import promote  # noqa: E402
from thaw.casework.reader import reader_page  # noqa: E402
from thaw.casework.statements import state_passage  # noqa: E402
from thaw.data import data_path  # noqa: E402
from thaw.web import serve_book  # noqa: E402
from web.invented import REPORT, enter, say_more  # noqa: E402
from web.test_browser import FLAGS  # noqa: E402

COUNTIES = [("Salt Lake, UT", "UT", "49035"), ("Utah, UT", "UT", "49049"), ("Clark, NV", "NV", "32003")]
COUNTIES += [("Ada, ID", "ID", "16001"), ("Maricopa, AZ", "AZ", "04013"), ("Denver, CO", "CO", "08031")]
BEHAVIOURS = ["strangulation_or_ligature", "bound", "gagged_or_blindfolded", "body_concealed", "body_moved_after_death"]


def invented_case(chance: random.Random) -> dict[str, Any]:
    """One invented incident like many others."""
    name, state, fips = chance.choices(COUNTIES, [4, 2, 6, 2, 8, 5])[0]
    weapon = chance.choices(["12", "20", "80", "85", "30", "90"], [50, 18, 6, 3, 10, 6])[0]
    told = {"invented": True, "date": f"{chance.randint(1980, 1992)}-{chance.randint(1, 12):02}", "weapon": weapon}
    told["place"] = {"name": name, "state": state, "county_fips": fips}
    sex = chance.choices(["M", "F"], [7, 3])[0]
    told |= {"victim": {"sex": sex, "age": chance.randint(17, 66)}, "situation": chance.choice("AABBC")}
    answers = {b: chance.choices(["yes", "no"], [1, 6])[0] for b in BEHAVIOURS if chance.random() < 0.5}
    return told | {"behaviours": answers, "circumstance": chance.choice(["03", "45", "60", "99"])}


def fill(work: Session, folder: Path) -> str:
    """About two hundred invented cases, three of them alike; returns the id of the one to look at."""
    chance = random.Random(11)
    for _ in range(200):
        create_case(work, incident_sayings(invented_case(chance)), file=None)
    yes = dict.fromkeys(BEHAVIOURS[:3], "yes")
    common = {"weapon": "80", "situation": "B", "location_type": "13", "behaviours": yes}
    enter(work, "Woman behind the invented mill", date="1985-05", victim={"sex": "F", "age": 27}, **common)
    enter(work, "Woman near the invented ferry", date="1985-11-02", victim={"sex": "F", "age": 22}, **common)
    canal = enter(
        work, "Woman found at the invented canal road", date={"from": "1985-07-11", "to": "1985-07-12"},
        narrative="Invented. A rider found the body of a woman beside the canal road. The wrists were tied with cord.",
        **common | {"victim": {"sex": "F", "age": [24, 30]}},
    )  # fmt: skip
    state_something(work, canal, folder)
    say_more(work, canal, "weapon", {"code": "85", "list": "shr.weapon"}, said_by="An invented reporter")
    (folder / "report 85-0412.txt").write_text(REPORT, encoding="utf-8")
    add_documents(work, [folder / "report 85-0412.txt"], case_id=canal, wait=True)
    return canal


def state_something(work: Session, case_id: str, folder: Path) -> None:
    """Papers of the invented case file for the case, one broken file, and statements of passages."""
    with zipfile.ZipFile(data_path(CASE_FILE)) as packed:
        for name in ("11 statement 1.pdf", "11 statement 2.pdf", "01 chronological record.pdf", "22 teletype.txt"):
            packed.extract(name, folder)
    (folder / "tape 3.pdf").write_bytes(b"%PDF-1.4 cut off here")
    added = add_documents(work, sorted(folder.glob("*.*")), case_id=case_id, box="Box 7", box_pages=14, wait=True)
    page = next(f["sha256"] for f in added["files"] if f["file"] == "11 statement 1.pdf")
    work.book.cache["page"] = page
    said = {"said_by": "Nell Abbot (invented)"}
    state_passage(work, page, 1, field="observation", value="A red sedan drove off toward the canal.",
                  quote="A red sedan, plate 4WHC112, drove off toward the canal", **said)  # fmt: skip
    state_passage(work, page, 1, field="date", value="March 11, 1984", quote="the night of March 11, 1984", **said)
    found = reader_page(work, page, 1)
    for mention in found["mentions"]:
        if mention["text"] in ("Nell Abbot", "red sedan", "4WHC112"):
            promote(work, page, 1, mention["start"], mention["end"])


def main() -> None:
    """Write the pictures to docs/pictures."""
    from PIL import Image
    from playwright.sync_api import sync_playwright

    folder, out = Path(tempfile.mkdtemp()), ROOT / "docs" / "pictures"
    out.mkdir(exist_ok=True)
    work = new_book(folder / "invented-book")
    canal = fill(work, folder)
    addresses: queue.Queue[str] = queue.Queue()
    options = {"port": 0, "announce": addresses.put}
    threading.Thread(target=serve_book, args=(work,), kwargs=options, daemon=True).start()
    address = addresses.get(timeout=20)
    base = address.partition("/open/")[0]
    shots = {"desk": "/", "case": f"/case/{canal}", "similar": f"/case/{canal}/similar", "new": "/new"}
    shots |= {"reader": f"/document/{work.book.cache['page']}/page/1?zoom=150&quote=A+red+sedan"}
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 720}, color_scheme="light")
        page.goto(address)
        page.fill("#purpose-box", "case 85-0412")
        page.click(".purpose button")
        page.wait_for_timeout(3000)
        for name, path in shots.items():
            page.goto(base + path)
            page.wait_for_load_state("networkidle")
            file = out / f"workbench-{name}.png"
            page.screenshot(path=str(file))
            Image.open(file).convert("RGB").quantize(256, Image.Quantize.MEDIANCUT).save(file, optimize=True)
        browser.close()


if __name__ == "__main__":
    main()
