"""Reads one document into the book: runs of pages with their words, parts, and what could not be read."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from thaw.access import View
from thaw.casebook.papers import Papers
from thaw.errors import InputError
from thaw.intake import ReadingProcess, media_type, ocr_name
from thaw.store import Rows, Transaction, Where

from .book import Session

# A text layer says its form; words are [start, end, box or null, confidence 0 to 1 or null].
_LAYER = {"v": 1, "unit": "pt"}
_RUN_PAGES, _RUN_LETTERS = 50, 2_000_000
_CRASHES = 20  # pages of one file that may crash their reader before it is given up
_DEEPEST = 4  # files in files in files
_EDGE = 65_536
_FACTS = ("document_id", "file", "type", "case_id", "box_id", "state", "pages", "read_pages", "depth")


def document_row(view: View, digest: str) -> dict[str, Any]:
    """What the book knows of a document that is there."""
    row = view.select("documents", _FACTS, [Where("document_id", "=", digest)], order=["seq"], limit=1)[0]
    return dict(zip(_FACTS, row, strict=True))


def type_of(path: Path, name: str) -> str:
    """Media type by the first and last bytes of a file, the name deciding between sorts of text."""
    with path.open("rb") as stream:
        head = stream.read(_EDGE)
        stream.seek(max(path.stat().st_size - _EDGE, 0))
        return media_type(head, stream.read(_EDGE), name)


def read_file(session: Session, view: View, digest: str, process: ReadingProcess) -> None:
    """Read a document from the page after the last that was read; runs of pages are committed one by one.

    What was read stays read, whatever happens after. A file that cannot be read is an entry with its reason.
    Raises TamperError when its bytes are not those that were taken in.
    """
    path = session.book.store.blobs.check(digest)
    crashes = 0
    while True:
        row = document_row(view, digest)
        if row["state"] not in ("queued", "reading"):
            return
        scratch = session.book.folder / "derived"
        scratch.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=scratch, prefix="reading-") as folder:
            run = _Run(session, row, Path(folder))
            try:
                for answer in process.read(path, row["type"], first=run.first, folder=Path(folder)):
                    run.take(answer)
                run.keep(final=True)
                return
            except InputError as error:
                run.keep(final=False)
                more = run.total is not None and run.first <= run.total
                if not (process.crashed and more) or crashes == _CRASHES:
                    _fail(session, row, error)
                    return
                # One page in a thousand that upsets the reader costs that page.
                crashes += 1
                run.skip(error)


def read_before(session: Session, view: View, picture: str) -> dict[str, Any] | None:
    """What OCR found on a page whose picture has the same digest, with the engine of today; None when there is none."""
    columns = ("document_id", "page", "layer", "engine", "confidence", "alarm", "reader")
    for row in view.select("pages", columns, [Where("picture", "=", picture)]):
        known = dict(zip(columns, row, strict=True))
        if known["reader"] != "ocr" or known["engine"] != ocr_name():
            continue
        pages = json.loads(session.book.store.blobs.get(known["layer"]))["pages"]
        for page in pages:
            if page["number"] == known["page"]:
                steps = [f"as page {known['page']} of document {known['document_id']}, the same picture"]
                facts = {name: known[name] for name in ("engine", "confidence", "alarm")}
                return facts | {"page": page, "picture": picture, "prepared": steps}
    return None


def keep_recognized(session: Session, row: Mapping[str, Any], batch: Sequence[tuple[int, dict[str, Any]]]) -> None:
    """Commit what OCR found on some pages of a document; pages that another process was quicker with are left out."""
    read = [(number, answer) for number, answer in sorted(batch, key=lambda one: one[0]) if "failed" not in answer]
    failed = [(number, answer["failed"]) for number, answer in batch if "failed" in answer]
    layers = []
    for engine in dict.fromkeys(answer["engine"] for _, answer in read):
        pages = [answer["page"] | {"number": number} for number, answer in read if answer["engine"] == engine]
        layers.append((engine, _layer(session, engine, pages), pages))
    answers = dict(read)
    seconds = _second_texts(session, row, read)

    def plan(transaction: Transaction) -> None:
        for engine, layer, pages in layers:
            if not all(_waits(transaction.rows, row["document_id"], page["number"]) for page in pages):
                continue
            numbers = [page["number"] for page in pages]
            payload = _about(row) | _facts(pages) | {"reader": "ocr", "engine": engine, "numbers": numbers}
            payload |= {"layer": layer, "blobs": [layer], "pages": row["pages"]}
            payload |= {"first_page": numbers[0], "last_page": numbers[-1], "pictures": []}
            payload["confidence"] = [[n, answers[n]["confidence"]] for n in numbers]
            payload["alarms"] = [[n, answers[n]["alarm"]] for n in numbers if answers[n]["alarm"]]
            payload["picture_digests"] = [[n, answers[n]["picture"]] for n in numbers]
            second = [[n, *answers[n]["second"]] for n in numbers if answers[n].get("second")]
            payload |= {"second": second} if second else {}
            payload["prepared"] = [[n, answers[n]["prepared"]] for n in numbers]
            transaction.add(session.draft("document.read", payload))
            for other in seconds:
                if set(other["numbers"]) <= set(numbers):
                    transaction.add(session.draft("document.read", other))
        for number, problem in failed:
            facts = {"page": number, "problem": f"page {number}: {problem}"}
            transaction.add(session.draft("document.fail", _about(row) | facts))

    session.book.store.commit(plan)


def _second_texts(
    session: Session, row: Mapping[str, Any], read: Sequence[tuple[int, dict[str, Any]]]
) -> list[dict[str, Any]]:
    """What the second reader read of these pages, each a run of its own: kept beside the first, never shown first."""
    found = []
    for number, answer in read:
        page = answer.get("second_page")
        if page and answer.get("second"):
            engine = answer["second"][0]
            page = page | {"number": number}
            layer = _layer(session, engine, [page])
            bare = {"without_text": [] if page["text"].strip() else [number]}
            payload = _about(row) | bare | {"reader": "second", "engine": engine, "numbers": [number], "layer": layer}
            found.append(payload | {"blobs": [layer], "pages": row["pages"], "first_page": number, "last_page": number})
    return found


def words_layer(session: Session, engine: str, number: int, text: str) -> tuple[str, int]:
    """Store a text without places as the layer of one page; its digest, and how many words it has."""
    words = [[found.start(), found.end(), None, None] for found in re.finditer(r"\S+", text)]
    page = {"number": number, "text": text, "width": None, "height": None, "words": words}
    return _layer(session, engine, [page]), len(words)


def _waits(rows: Rows, digest: str, number: int) -> bool:
    return any(p["ocr"] == "waiting" for p in rows.find("pages", {"document_id": digest, "page": number}))


class _Run:
    """Gathers the pages of one reading and commits them in runs."""

    def __init__(self, session: Session, row: dict[str, Any], folder: Path) -> None:
        self._session, self._row, self._folder = session, row, folder
        self.first: int = (row["read_pages"] or 0) + 1
        self.total: int | None = row["pages"]
        self._engine = ""
        self._pages: list[dict[str, Any]] = []
        self._pictures: list[int] = []
        self._remarks: list[str] = []
        self._letters = 0

    def take(self, answer: Mapping[str, Any]) -> None:
        """One answer of the reader."""
        if "page" in answer:
            page = answer["page"]
            self._pages.append(page)
            self._pictures += [page["number"]] if answer["picture"] else []
            self._letters += len(page["text"] or "")
            if len(self._pages) >= _RUN_PAGES or self._letters >= _RUN_LETTERS:
                self.keep(final=False)
        elif "part" in answer:
            self._remarks += _take_part(self._session, self._row, answer)
        elif "remark" in answer:
            self._remarks.append(answer["remark"])
        elif "total" in answer:
            self.total = answer["total"]
        elif "engine" in answer:
            self._engine = answer["engine"]

    def keep(self, *, final: bool) -> None:
        """Commit the pages gathered so far."""
        if not self._pages and not final:
            return
        last = self._pages[-1]["number"] if self._pages else self.first - 1
        layer = _layer(self._session, self._engine, self._pages)
        payload = _about(self._row) | _facts(self._pages) | {"reader": "text", "engine": self._engine}
        payload |= {"layer": layer, "blobs": [layer], "first_page": self.first, "last_page": last, "final": final}
        payload |= {"pages": last if final else self.total, "pictures": self._pictures}
        payload["remarks"] = list(dict.fromkeys(self._remarks))
        self._session.book.store.append(self._session.draft("document.read", payload))
        self.first, self._pages, self._pictures, self._letters, self._remarks = last + 1, [], [], 0, []

    def skip(self, error: InputError) -> None:
        """Leave out the page that comes next, since its reader did not survive it."""
        page: dict[str, Any] = {"number": self.first, "text": None, "width": None, "height": None, "words": []}
        self._remarks.append(f"page {self.first} left out: {error.got}")
        self._pages = [page]
        self.keep(final=self.first == self.total)


def _about(row: Mapping[str, Any]) -> dict[str, Any]:
    scope = {"document": row["document_id"], "case": row["case_id"], "box": row["box_id"]}
    return {"scope": {name: value for name, value in scope.items() if value}, "file": row["file"]}


def _facts(pages: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    prints = [[page["number"], Papers.print_of(page["text"])] for page in pages if page["text"]]
    bare = [page["number"] for page in pages if not (page["text"] or "").strip()]
    return {"without_text": bare, "prints": [one for one in prints if one[1]]}


def _layer(session: Session, engine: str, pages: Sequence[Mapping[str, Any]]) -> str:
    text = json.dumps(_LAYER | {"engine": engine, "pages": list(pages)}, ensure_ascii=False)
    return session.book.store.blobs.put(text.encode("utf-8", "replace"))


def _take_part(session: Session, row: Mapping[str, Any], answer: Mapping[str, Any]) -> list[str]:
    """Take in a file that was inside another, as a document of its own; what cannot be is a remark on the outer one."""
    # Names inside are labels; one that looks like a path outside is shown as it is and leads nowhere.
    name = "".join(letter if letter.isprintable() else "\ufffd" for letter in answer["part"])[:200]
    if answer["problem"] or answer["file"] is None:
        return [f"{name}: {answer['problem']}"]
    store = session.book.store
    file = Path(answer["file"])
    digest, size = store.blobs.put_file(file)
    kind = type_of(file, name)
    file.unlink()
    depth = (row["depth"] or 0) + 1
    if depth > _DEEPEST:
        return [f"{name}: got a file inside {depth} others, want at most {_DEEPEST}. Unpack it and add the files."]
    inner = f"{row['file']} > {name}"
    about = _about(row)
    payload = about | {"scope": about["scope"] | {"document": digest}, "file": inner, "type": kind, "size": size}
    payload |= {"blobs": [digest], "part_of": row["document_id"], "depth": depth}

    def plan(transaction: Transaction) -> None:
        copies = transaction.rows.find("copies", {"document_id": digest})
        if any(copy["file"] == inner and copy["case_id"] == row["case_id"] for copy in copies):
            return  # taken in before the power was cut
        known = transaction.rows.find("documents", {"document_id": digest})
        here = any(one["place"] == (row["case_id"] or "") for one in known)
        entry = "document.add" if not known else "document.duplicate" if here else "document.assign"
        transaction.add(session.draft(entry, payload))

    store.commit(plan)
    return []


def _fail(session: Session, row: Mapping[str, Any], error: InputError) -> None:
    problem = f"{row['file']}: got {error.got}, want {error.want}. {error.fix}"
    facts = {"problem": problem, "got": error.got, "want": f"{error.want}. {error.fix}"}
    session.book.store.append(session.draft("document.fail", _about(row) | facts))
