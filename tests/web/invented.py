"""An invented book for the screens, and a browser's side of a request. Nobody in these cases exists."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx

from books import csv_file, new_book, row
from thaw.casework import Session
from thaw.casework.cases import create_case, incident_sayings
from thaw.casework.documents import add_documents
from thaw.casework.importing import import_files
from thaw.web import make_app
from thaw.web.background import Background

PORT = 8765
TOKEN = "invented-token"
OWN = {"sec-fetch-site": "same-origin"}
HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)>'

REPORT = """INVENTED POLICE DEPARTMENT          Case 85-0412
Supplementary report              12 July 1985

At 0640 hours the undersigned was sent to the canal road.
A blue pickup was seen there by an invented witness
at about two in the morning. It had one headlight.

The wrists were tied with cord.
\fPage two. The wallet was found in the canal, empty.
"""


def pdf_bytes() -> bytes:
    """A PDF of one page without any text on it, written by hand."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for i, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj%sendobj\n" % (i, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 4\n0000000000 65535 f \n%strailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(out),
    )


def incident(title: str, **told: Any) -> dict[str, Any]:
    """An incident in Salt Lake county in July 1985 with other facts as told."""
    place = {"name": "Salt Lake, UT", "state": "UT", "county_fips": "49035"}
    usual = {"title": title, "invented": True, "date": "1985-07", "place": place, "weapon": "80"}
    return usual | {"victim": {"sex": "F", "age": 24}} | told


def enter(work: Session, title: str, **told: Any) -> str:
    """A new case with this title; returns its id."""
    return str(create_case(work, incident_sayings(incident(title, **told)), file=None)["case_id"])


def say_more(work: Session, case_id: str, predicate: str, value: Mapping[str, Any], **source: Any) -> None:
    """A further statement on a case, such as a second report makes it."""
    said = {"case": [{"p": predicate, "v": dict(value)}]}
    origin = {"citation": {"quote": "an invented letter"}, "recorded_by": "An invented newspaper", **source}
    payload = {"scope": {"case": case_id}, "subjects": {"case": case_id}, "source": origin, "said": said}
    work.book.store.append(work.draft("statement.add", payload, obj=case_id))


@dataclass
class World:
    """An invented book with its cases by name and its documents by file name."""

    work: Session
    cases: dict[str, str] = field(default_factory=dict)
    documents: dict[str, str] = field(default_factory=dict)


def fill(work: Session, folder: Path) -> World:
    """A dozen invented cases: two of one incident, one with a conflict, one superseded, one missing, four files."""
    world = World(work)
    table = [row(i, month=i % 12 + 1, vic_age=20 + i, weapon_code=("80", "20", "12")[i % 3]) for i in range(1, 8)]
    table.insert(0, row(9, month=5, incident_num=4, vic_age=51, vic_sex="Male"))
    import_files(work, [csv_file(folder / "first.csv", table)])
    import_files(work, [csv_file(folder / "second.csv", [{**table[1], "vic_age": "31"}, table[0], *table[2:-1]])])
    yes = {"strangulation_or_ligature": "yes", "bound": "yes", "gagged_or_blindfolded": "no"}
    canal = enter(
        work, "Woman found at the canal road", behaviours=dict.fromkeys(["body_moved_after_death"], "unknown") | yes,
        circumstance="99", situation="B", location_type="10", victim={"sex": "F", "age": [24, 30]},
        narrative="Invented. The wrists were tied with cord.\nA blue pickup was seen.",
    )  # fmt: skip
    say_more(work, canal, "weapon", {"code": "85", "list": "shr.weapon"}, said_by="An invented reporter")
    world.cases |= {"canal": canal, "hotel": enter(work, "Woman at the old hotel", behaviours=yes, date="1986-02-11")}
    world.cases["hostile"] = enter(work, HOSTILE, narrative=f"wallet {HOSTILE} \x02odd\x03")
    for name, content in _files().items():
        (folder / name).write_bytes(content)
        found = add_documents(work, [folder / name], case_id=canal, wait=name != "waiting.txt")
        world.documents[name] = found["files"][0]["sha256"]
    return world


def _files() -> dict[str, bytes]:
    return {
        "report 85-0412.txt": REPORT.encode(),
        "scan.pdf": pdf_bytes(),
        "broken.pdf": b"%PDF-1.4 cut off here",
        "waiting.txt": b"This invented page waits to be read.",
        "<b onclick=x>bold.txt": f"wallet {HOSTILE}".encode(),
    }


def invented_world(folder: Path) -> World:
    """A new invented book in `folder`."""
    return fill(new_book(folder / "invented-book"), folder)


class Browser:
    """One browser on the workbench, in this process: keeps its cookie, follows nothing by itself."""

    def __init__(self, work: Session, *, opened: bool = True, background: Background | None = None) -> None:
        self.background = background or Background(work)
        # A test that looked at pictures leaves no process behind.
        weakref.finalize(self, self.background.pictures.close)
        self.app = make_app(work, TOKEN, port=PORT, background=self.background)
        self.cookies: dict[str, str] = {}
        if opened:
            answer = self.get(f"/open/{TOKEN}")
            name, _, rest = answer.headers["set-cookie"].partition("=")
            self.cookies[name] = rest.split(";")[0]

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Answer to a GET."""
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, headers: Mapping[str, str] = OWN, **form: str) -> httpx.Response:
        """Answer to a form sent from a page of the workbench, unless `headers` say otherwise."""
        sent = {"content-type": "application/x-www-form-urlencoded", **headers}
        return self.ask("POST", path, headers=sent, content=urlencode(form))

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Answer to any request."""

        async def asking() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
            base = f"http://127.0.0.1:{PORT}"
            async with httpx.AsyncClient(transport=transport, base_url=base, cookies=self.cookies) as client:
                return await client.request(method, path, **options)

        return asyncio.run(asking())
