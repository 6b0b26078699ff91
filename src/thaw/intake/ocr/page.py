"""One page from picture to words: prepared, read, judged, and read once more where the first reading is doubtful."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..documents.pdf import pdf_picture
from ..documents.picture import picture_page
from .engine import Seen, angle_of, ocr_name, read_letters
from .judgment import INK, alarm_of, confidence_of, worth_of
from .preparation import WANTED_DPI, Condition, condition_of, prepared, unturned
from .second import marked, placed, second_lines, share_apart

_GATE = 0.80  # mean confidence below which a page is read once more
_SURE_TURN = 2.0  # Tesseract's own measure; its manual calls 15 reasonably sure for whole pages of script


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a picture: words with boxes in pixels of the picture as it came."""

    words: tuple[Seen, ...]
    steps: tuple[str, ...]


def page_picture(path: Path, kind: str, page: int, dpi: float) -> tuple[Any, float]:
    """Page `page` of a PDF or a picture file as a gray picture, and its dots an inch."""
    return pdf_picture(path, page, dpi) if kind == "application/pdf" else picture_page(path, page, dpi)


def shown(path: Path, kind: str, page: int, dpi: float, to: Path) -> dict[str, Any]:
    """Write the picture of a page as PNG; width and height in pixels, dots an inch."""
    picture, own = page_picture(path, kind, page, dpi)
    picture.save(to, "PNG")
    return {"width": picture.width, "height": picture.height, "dpi": own}


def looked_at(path: Path, kind: str, page: int) -> str:
    """The digest of a page's picture as it would be read: SHA-256 of its size and its gray values."""
    return digest_of(_picture_to_read(path, kind, page)[0])


def recognized(path: Path, kind: str, page: int) -> dict[str, Any]:
    """The letters of one page as a text layer's page, with confidence, alarm, and the digest of its picture."""
    return read_page(*_picture_to_read(path, kind, page))


@lru_cache(maxsize=1)  # a page is looked at, and read right after
def _picture_to_read(path: Path, kind: str, page: int) -> tuple[Any, float]:
    return page_picture(path, kind, page, WANTED_DPI)


def digest_of(picture: Any) -> str:
    """SHA-256 over size and gray values of a picture."""
    return hashlib.sha256(b"%d %d " % picture.size + picture.tobytes()).hexdigest()


def read_page(picture: Any, dpi: float) -> dict[str, Any]:
    """Words of a gray picture: text, boxes in points, confidence 0 to 1, an alarm in words where they are doubtful."""
    seen = condition_of(picture)
    best = _read(picture, dpi, seen, strong=False)
    if confidence_of(best.words) < _GATE or (not best.words and seen.ink > INK):
        turn = _turn(picture, dpi, best)
        again = _read_turned(picture, dpi, turn) if turn else _read(picture, dpi, seen, strong=True)
        best = max(best, again, key=lambda one: worth_of(one.words))
    return _packed(picture, dpi, best, seen)


def _read(picture: Any, dpi: float, seen: Condition, *, strong: bool) -> Reading:
    fit, fit_dpi, angle, steps = (
        (picture, dpi, 0.0, [])
        if seen.clean and not strong and dpi >= 200
        else prepared(picture, dpi, seen, strong=strong)
    )
    share = fit.width / picture.width
    words = []
    for word in read_letters(fit, fit_dpi):
        left, top, right, bottom = unturned(word.box, angle, fit.size)
        box = (left / share, top / share, right / share, bottom / share)
        words.append(Seen(word.text, word.line, box, word.confidence))
    return Reading(tuple(words), tuple(steps))


def _turn(picture: Any, dpi: float, first: Reading) -> int:
    """By how much the page lies on its side or head, where its letters say so."""
    letters = sum(len(word.text) for word in first.words)
    if confidence_of(first.words) > 0.6 and letters > 100:
        return 0
    turn, sure = angle_of(picture, dpi)
    return turn if sure >= _SURE_TURN else 0


def _read_turned(picture: Any, dpi: float, turn: int) -> Reading:
    from PIL import Image

    ways = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
    upright = picture.transpose(ways[turn])
    reading = _read(upright, dpi, condition_of(upright), strong=False)
    words = tuple(
        Seen(word.text, word.line, _turned_back(word.box, turn, upright.size), word.confidence)
        for word in reading.words
    )
    return Reading(words, (f"turned by {turn} degrees", *reading.steps))


def _turned_back(box: Sequence[float], turn: int, size: tuple[int, int]) -> tuple[float, float, float, float]:
    """A box on an upright picture as it lies on the page before it was turned clockwise by `turn`."""
    width, height = size
    left, top, right, bottom = box
    if turn == 90:
        return top, width - right, bottom, width - left
    if turn == 180:
        return width - right, height - bottom, width - left, height - top
    return height - bottom, left, height - top, right


def _as_page(second: tuple[str, list[list[Any]]], size: dict[str, float]) -> dict[str, Any]:
    return {"number": 0, "text": second[0], **size, "words": second[1]}


def _packed(picture: Any, dpi: float, best: Reading, seen: Condition) -> dict[str, Any]:
    text, words = "", []
    before: tuple[int, int, int] | None = None
    for word in best.words:
        if before is not None:
            text += " " if word.line == before else "\n" if word.line[:2] == before[:2] else "\n\n"
        box = [round(value * 72 / dpi, 1) for value in word.box]
        words.append([len(text), len(text) + len(word.text), box, round(word.confidence, 2)])
        text += word.text
        before = word.line
    other = second_lines(picture)
    second_words = placed(other[1], dpi) if other else None
    second = (other[0], second_words[0]) if other and second_words else None
    reasons = [why for why in (alarm_of(best.words, picture, seen.ink), marked(text, second)) if why]
    size = {"width": round(picture.width * 72 / dpi, 1), "height": round(picture.height * 72 / dpi, 1)}
    return {
        "engine": ocr_name(),
        "page": {"number": 0, "text": text, **size, "words": words},
        "confidence": round(confidence_of(best.words), 3) if best.words or seen.ink <= INK else 0.0,
        "alarm": "; ".join(reasons) or None,
        "second": [second[0], round(1 - share_apart(text, second[1]), 3)] if second else None,
        "second_page": {"number": 0, "text": second_words[0], **size, "words": second_words[1]}
        if second_words
        else None,
        "picture": digest_of(picture),
        "prepared": list(best.steps),
    }
