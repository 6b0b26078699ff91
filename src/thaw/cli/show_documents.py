"""What the commands on documents print for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Document = Mapping[str, Any]

_STATES = {
    "queued": "taken in; `thaw work` or `thaw serve` reads it",
    "held": "held already, the same bytes",
    "waiting": "read, but for pictures of pages",
}
_SECTION_BY = {"program": "proposed"}


def added(document: Document) -> str:
    """One line per file, files inside files set in."""
    lines = [f"Case {document['case_id']}"] if document["case_id"] else []
    boxes = list(dict.fromkeys(file["box"] for file in document["files"] if file["box"]))
    lines += [f"Box {box}" for box in boxes]
    return "\n".join([*lines, *map(_line, document["files"]), *_sum(document["files"])])


def worked(document: Document) -> str:
    """How many were read, then one line per file, then what still waits."""
    lines = [f"{document['read']:,} read, {document['failed']:,} failed."]
    lines += ["  " + _line(file) for file in document["files"]]
    if document["pages_waiting"]:
        why = ", since the reading is paused (`thaw work --resume`)" if document["paused"] else ""
        lines.append(
            f"{_count(document['pages_waiting'], 'picture of a page', 'pictures of pages')} wait for OCR{why}."
        )
    if document["problem"]:
        lines.append(f"{document['problem']}.")
    return "\n".join(lines)


def documents(found: Sequence[Document]) -> str:
    """One line per document with its digest, then how many in each state."""
    lines = [f"{file['sha256'][:16]}  {_line(file)}" for file in found]
    return "\n".join([*lines, *_sum(found)]) if found else "No documents."


def page(found: Document) -> str:
    """The text of a page, with what is known of it above."""
    about = found["about_page"] or {}
    head = [f"{_one_line(found['file'])}, page {found['number']} of {found['of']}"]
    head += [f"Box {found['box']}"] if found["box"] else []
    if about.get("section"):
        by = _SECTION_BY.get(about["section_by"], f"said by {about['section_by']}")
        head.append(f"Section {about['section']}, {about['kind']} ({by}: {about['section_why']})")
    head += [f"Doubtful: {about['alarm']}"] if about.get("alarm") else []
    head += [f"{text['engine']}{' (shown)' if text['best'] else ''}" for text in found["texts"]]
    text = found["page"]["text"] if found["page"] else None
    if text is None:
        waits = about.get("ocr") == "waiting"
        text = (
            "This page is a picture and waits for OCR." if waits else found["problem"] or "This page was not read yet."
        )
    return "\n".join([*head, "", text.rstrip("\n")])


def _line(file: Document) -> str:
    pages = f", {_count(file['pages'], 'page', 'pages')}" if file["pages"] else ""
    pages += f", {file['ocr_pages']} by OCR" if file["ocr_pages"] else ""
    pages += f", {file['doubtful_pages']} doubtful" if file.get("doubtful_pages") else ""
    state = _STATES.get(file["state"], file["state"])
    inner = "  " if file.get("part_of") else ""
    remark = f" [{file['remarks']}]" if file.get("remarks") else ""
    words = f"{file['file']}: {state}{pages}" + (f". {file['problem']}" if file["problem"] else "") + remark
    return inner + _one_line(words)


def _one_line(words: str) -> str:
    """Without line feeds: a file name that has some must not look like several files."""
    return words.replace("\n", "\ufffd")


def _sum(files: Sequence[Document]) -> list[str]:
    if len(files) < 2:
        return []
    states = list(dict.fromkeys(file["state"] for file in files))
    counts = ", ".join(f"{sum(file['state'] == state for file in files):,} {state}" for state in states)
    return [f"{len(files):,} files: {counts}."]


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
