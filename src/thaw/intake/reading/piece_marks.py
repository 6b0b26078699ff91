"""The marks that pieces of evidence get: "Q-1" of a laboratory, "W-2" of a doctor, "E-10441" of a property room."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Q for what is questioned, K for what is known; others mark their list with letters of their own.
_SPECIMEN = re.compile(r"(?<![\w/.$-])(?P<mark>[A-Z]{1,3})-?\d{1,3}[A-Z]?(?![\w/]|-\w)")
_LISTED = re.compile(
    r"^[ \t]*(?P<mark>[A-Z]{1,3})-?\d{1,3}(?:[A-Z]|\.\d)?[.:)]?(?:[ \t]+[A-Za-z]|[ \t]{2,}\d{1,2}[-/]\d)", re.M
)
_OF_THE_FBI = re.compile(r"(?<![\w/.$-])[QK]-?\d{1,3}(?![\w/]|-\w)")
_OF_A_LAB = re.compile(r"(?i:\b(?:specimens?|exhibits?|evidence|laboratory|submitted|examined|questioned|lab)\b)")
_ROADS = frozenset(["I", "US", "SR", "CR", "RT", "FM", "AM", "PM", "SW", "NW", "SE", "NE", "N", "S", "E", "W"])

# A mark with its hyphen and few figures: more are a plate's or a record's.
_PIECE = re.compile(r"(?<![\w/.$-])(?P<mark>[A-Z]{1,3})-(?P<number>\d{1,2}[A-Za-z]?)(?![\w/]|-\w|\.\d)")
_OF_PIECES = re.compile(
    r"(?i:\b(?:evidence|exhibits?|specimens?|swabs?|bullets?|fragments?|casings?|cartridges?|latents?|lifts?|scrapings|hairs?|"
    r"fibers?|property|crime lab(?:oratory)?|stains?|samples?|marked|tagged)\b)"
)
_MARKED = re.compile(
    r"\b(?i:marked|labell?ed|tagged|designated|initialed|called|specimens?|exhibits?|swabs?|fragments?|bullets?|casings?|"
    r"scrapings|hairs?|stains?|samples?|lifts?|prints?|latents?|tests?|shots?|tags?|standards?|tubes?|vials?|envelopes?|piece)s?"
    r"(?: as| of| the| item| no\.)?[ \n]{1,3}[\"“]?$"
)
_BONES = re.compile(r"(?i:\b(?:vertebra\w*|thoracic|lumbar|cervical|spine|disc|disk|rib)\b)")
_OF_THE_SPINE = frozenset("CTLS")
_NO_PIECES = frozenset(
    ["I", "US", "SR", "CR", "RT", "FM", "AM", "PM", "HWY", "RTE", "PL", "PO", "MM", "F", "B", "M", "MI"]
)


def piece_marks(text: str) -> Iterator[tuple[int, int]]:
    """Places of the marks that a page gives the pieces of its evidence."""
    yield from _of_a_list(text)
    yield from _said_of_pieces(text)


def _of_a_list(text: str) -> Iterator[tuple[int, int]]:
    """Marks that stand at the heads of two lines at least: "Q-1", "K-2", "JH-3"."""
    heads = [m["mark"] for m in _LISTED.finditer(text)] + [m.group()[0] for m in _OF_THE_FBI.finditer(text)]
    marks = {mark for mark in heads if heads.count(mark) > 1 or mark in ("Q", "K")} - _ROADS
    if len(heads) < 2 or not marks or not _OF_A_LAB.search(text):
        return
    for m in _SPECIMEN.finditer(text):
        if m["mark"] in marks:
            yield m.span()


def _said_of_pieces(text: str) -> Iterator[tuple[int, int]]:
    """ "marked W-1", "hair of W-4": letters behind a word of pieces, wherever the page of evidence says them."""
    found = [m for m in _PIECE.finditer(text) if m["mark"] not in _NO_PIECES]
    if not found or not _OF_PIECES.search(text):
        return
    numbers: dict[str, set[str]] = {}
    for m in found:
        numbers.setdefault(m["mark"], set()).add(m["number"])
    # A single letter may be a shelf's; two before several numbers are of pieces.
    several = {mark for mark, of in numbers.items() if len(mark) > 1 and len(of) > 1} - _ROADS
    spoken = several | {m["mark"] for m in found if _MARKED.search(text, max(0, m.start() - 24), m.start())}
    bones = _OF_THE_SPINE if _BONES.search(text) else frozenset()
    for m in found:
        if m["mark"] in spoken - bones:
            yield m.span()
