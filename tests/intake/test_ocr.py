"""Preparation and judgment of pictures: angles found again, medians as they should be, words where they stand."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageFilter

from papers import picture
from thaw.intake.documents.pages import Word
from thaw.intake.ocr import ocr_engine
from thaw.intake.ocr.engine import Seen
from thaw.intake.ocr.judgment import alarm_of, confidence_of, odd_share, worth_of
from thaw.intake.ocr.page import read_page
from thaw.intake.ocr.preparation import condition_of, median_of_nine, unturned

NEEDS_OCR = pytest.mark.skipif(ocr_engine() is None, reason="Tesseract is not installed")
LINES = [f"The witness saw a red car near the canal, number {n}." for n in range(12)]


def page(**more: object) -> Image.Image:
    return picture(*LINES, size=(1700, 2200), dots=36)


@pytest.mark.parametrize("degrees", [-6.0, -2.5, -0.7, 1.2, 4.0])
def test_the_angle_of_a_crooked_page_is_found_again(degrees: float) -> None:
    crooked = page().rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255)
    # Turned by `degrees` against the clock, it must be turned back by as much.
    assert condition_of(crooked).skew == pytest.approx(-degrees, abs=0.25)


def test_a_straight_page_and_a_photograph_are_not_turned() -> None:
    assert condition_of(page()).skew == 0
    # Spots of all sizes, no lines.
    spots = Image.fromarray(np.random.default_rng(1).integers(0, 255, (40, 30), dtype=np.uint8))
    assert condition_of(spots.resize((900, 1200), Image.Resampling.BICUBIC)).skew == 0


def test_grain_is_measured_as_its_spread() -> None:
    gray = np.asarray(page(), np.float32) * 0.8
    grainy = np.clip(gray + np.random.default_rng(1).normal(0, 12, gray.shape), 0, 255).astype(np.uint8)
    # The spread of a point about the mean of its four neighbors is that of one point times the root of 5/4.
    assert condition_of(Image.fromarray(grainy)).noise == pytest.approx(12 * 1.25**0.5, rel=0.1)
    assert not condition_of(Image.fromarray(grainy)).clean


def test_the_median_is_that_of_the_usual_filter() -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 256, (300, 211), dtype=np.uint8))
    usual = np.asarray(noise.filter(ImageFilter.MedianFilter(3)))
    assert (np.asarray(median_of_nine(noise))[1:-1, 1:-1] == usual[1:-1, 1:-1]).all()


def test_a_box_on_a_turned_picture_is_found_on_the_picture_before() -> None:
    dot = Image.new("L", (401, 301), 0)
    dot.paste(255, (300, 50, 311, 61))
    turned = np.asarray(dot.rotate(7, Image.Resampling.BICUBIC))
    ys, xs = np.nonzero(turned > 128)
    left, top, right, bottom = unturned((xs.min(), ys.min(), xs.max() + 1, ys.max() + 1), 7, dot.size)
    assert ((left + right) / 2, (top + bottom) / 2) == pytest.approx((305.5, 55.5), abs=1.0)


def seen(*words: tuple[str, float]) -> list[Seen]:
    return [Seen(text, (1, 1, 1), (0.0, 0.0, 1.0, 1.0), sure) for text, sure in words]


def test_confidence_is_the_mean_by_letters() -> None:
    assert confidence_of(seen(("abc", 0.9), ("a", 0.1))) == pytest.approx((3 * 0.9 + 0.1) / 4)
    assert confidence_of([]) == 1.0


def test_noise_that_is_read_as_letters_is_worth_less_than_nothing() -> None:
    good, noise = seen(("witness", 0.95)), seen(("witness", 0.95), ("xq1i", 0.2))
    assert worth_of(good) > worth_of(noise)


def test_words_names_numbers_and_plates_are_no_oddities() -> None:
    words = ("O'Brien", "Jean-Luc", "2GAT123", "DR", "84-123", "$20.00", "it's", "U.S.", "McAdam", "10:45")
    assert odd_share(seen(*((word, 1.0) for word in words))) == 0
    assert odd_share(seen(("xq}i~", 1.0), ("wItNEss", 1.0))) == 1


def test_the_alarm_says_why() -> None:
    paper = Image.new("L", (800, 1000), 255)
    assert alarm_of(seen(("witness", 0.4)), paper, 0.0) == "letters were guessed (confidence 0.40)"
    assert alarm_of([], page(), 0.05) == "there is something on the page, and no word was read"
    assert alarm_of([], paper, 0.0) is None
    part = [Seen("witness", (1, 1, 1), (60, 60, 900, 100), 0.95)]
    assert (alarm_of(part, page(), 0.05) or "").endswith("of the ink is in no word that was read")


@NEEDS_OCR
@pytest.mark.parametrize("turn", [0, 90, 180])
def test_a_page_that_lies_on_its_side_or_head_is_read_with_boxes_where_the_words_are(turn: int) -> None:
    upright = read_page(page(), 200)["page"]
    turned = page().rotate(turn, expand=True)
    found = read_page(turned, 200)
    texts = [one["text"] for one in (upright, found["page"])]
    assert "near the canal, number 7" in texts[1]
    first = next(w for w in (Word(w[0], w[1], tuple(w[2])) for w in found["page"]["words"]) if w.box)
    left, top, right, bottom = first.box or (0, 0, 0, 0)
    width, height = found["page"]["width"], found["page"]["height"]
    # The first word, "The", stands top left; after a turn against the clock bottom left, after two bottom right.
    assert ((left < width / 3), (top < height / 3)) == {0: (True, True), 90: (True, False), 180: (False, False)}[turn]
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height


@NEEDS_OCR
def test_a_blank_page_is_blank_and_raises_no_alarm() -> None:
    found = read_page(Image.new("L", (1700, 2200), 250), 200)
    assert (found["page"]["text"], found["alarm"]) == ("", None)
