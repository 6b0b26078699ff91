"""Scans and photographs: how many pages, how large, and one page as a gray picture. OCR reads the letters later."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .limits import PAGES, PICTURE_PIXELS, PICTURE_PIXELS_SHRUNK, refuse
from .pages import Page, Read, Remark, Total

_LONG_SIDE_INCHES = 11.0  # of a letter page, taken where a scan does not say its dots an inch
_PLAUSIBLE_DPI = (60.0, 2400.0)


def read_picture(path: Path, first: int) -> Iterator[Read]:
    """The pages of a picture file from number `first` on, without text: TIFF may have many, the others have one.

    Raises InputError for a damaged picture and for one that is larger than any scan of paper.
    """
    with _opened(path) as image:
        count = min(getattr(image, "n_frames", 1), PAGES + 1)
        if count > PAGES:
            raise refuse(f"more than {PAGES:,} pages", f"at most {PAGES:,}", "Split the file and add the parts.")
        if image.format == "GIF" and count > 1:
            yield Remark("only the first of several moving pictures is read")
            count = 1
        yield Total(count)
        for number in range(first, count + 1):
            _seek(image, number)
            _check_size(image)
            dpi = _dpi(image)
            width, height = _size_seen(image)
            yield Page(number, None, (), width * 72 / dpi, height * 72 / dpi, picture=True)


def picture_page(path: Path, number: int, dpi: float) -> tuple[Any, float]:
    """Page `number` as a gray picture turned upright by what its camera noted, and its dots an inch.

    JPEG pictures with more dots than asked for are decoded at a half, a quarter or an eighth.
    """
    from PIL import ImageOps

    with _opened(path) as image:
        _seek(image, number)
        _check_size(image)
        own = _dpi(image)
        width, height = image.size
        if image.format == "JPEG" and (own >= 2 * dpi or width * height > PICTURE_PIXELS):
            share = max(dpi / own, 1 / 8)
            image.draft("L", (round(width * share), round(height * share)))
        with _damage():
            gray = _gray(ImageOps.exif_transpose(image))
        own *= max(gray.size) / max(width, height)
        if own > 1.5 * dpi:
            from PIL import Image

            share = dpi / own
            gray = gray.resize((max(round(gray.width * share), 1), max(round(gray.height * share), 1)), Image.BOX)  # type: ignore[attr-defined]
            own = dpi
        return gray, own


def picture_engine() -> str:
    """Name and version of what opens pictures."""
    import PIL

    return f"pillow {PIL.__version__}"


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    from PIL import Image

    # Our own limit stands in the place of Pillow's, which would only warn at first.
    Image.MAX_IMAGE_PIXELS = None
    with _damage():
        image = Image.open(path)
    try:
        yield image
    finally:
        image.close()


@contextmanager
def _damage() -> Iterator[None]:
    from PIL import UnidentifiedImageError

    try:
        yield
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError) as error:
        # What is not known at all is told with the path of our own copy, which says nothing to anybody.
        why = "no picture begins like this" if isinstance(error, UnidentifiedImageError) else str(error)
        got = f"a damaged picture ({why})"
        raise refuse(got, "a picture that opens", "Scan or copy it again.") from None


def _seek(image: Any, number: int) -> None:
    with _damage():
        image.seek(number - 1)


def _check_size(image: Any) -> None:
    width, height = image.size
    most = PICTURE_PIXELS_SHRUNK if image.format == "JPEG" else PICTURE_PIXELS
    if width * height > most:
        got = f"a picture of {width * height / 1e6:,.0f} megapixels"
        raise refuse(got, f"at most {most // 1_000_000:,}", "Save it with fewer dots an inch, 300 for a page.")


def _size_seen(image: Any) -> tuple[int, int]:
    width, height = image.size
    turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
    return (height, width) if turned else (width, height)


def _dpi(image: Any) -> float:
    said = image.info.get("dpi") or (0, 0)
    try:
        dpi = float(said[0])
    except (TypeError, ValueError, ZeroDivisionError):
        dpi = 0.0
    longest = float(max(image.size))
    low, high = _PLAUSIBLE_DPI
    # Cameras and screens note 72 or 96 without having measured anything: believed only where a page of paper results.
    if low <= dpi <= high and (dpi not in (72.0, 96.0) or 5 <= longest / dpi <= 17):
        return dpi
    return longest / _LONG_SIDE_INCHES


def _gray(image: Any) -> Any:
    from PIL import Image

    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        # What is see-through lies on white paper.
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image)
    if image.mode.startswith("I;16") or image.mode == "I":
        return image.point(lambda value: value / 256).convert("L") if image.mode == "I" else image.convert("L")
    return image.convert("L")
