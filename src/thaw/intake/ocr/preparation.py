"""Makes a picture of old paper fit for reading: even light, straight lines, less noise, letters of the right size.

Gray pictures in and out (Pillow), computed with NumPy. Each step is taken only where the picture shows that it is
needed: what is clean goes to the engine as it is. Measured results: docs/benchmarks/intake.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

WANTED_DPI = 300.0
_LOW_DPI = 200.0  # below this, letters are enlarged before reading
_STEEPEST = 8.0  # degrees
_SMALL = 1000  # pixels of the longer side on which skew is sought
_LINES = 1.25  # times the usual sharpness of rows, at the angle of lines of writing
_STRAIGHT = 0.25  # degrees: below this the engine does as well without turning
_NOISY = 6.0  # gray values of 255: spread of single pixels about their surroundings on bare paper
_DROWNED = 5  # times as noisy: grain as large as strokes
_SPECKLED = 0.002  # of bare paper: share of single dark pixels
_FADED = 110.0  # gray values between paper and ink, below which contrast is stretched


@dataclass(frozen=True, slots=True)
class Condition:
    """What a picture of a page is like.

    skew      degrees, clockwise positive; 0 where no lines are found
    noise     spread of gray values of single pixels on bare paper, 0 to 255
    speckle   share of pixels of bare paper that are single dark dots
    contrast  gray values between paper and ink
    uneven    gray values between the lightest and the darkest part of the paper
    ink       share of the page that is dark
    """

    skew: float
    noise: float
    speckle: float
    contrast: float
    uneven: float
    ink: float

    @property
    def clean(self) -> bool:
        """Whether it can be read as it is."""
        quiet = self.noise < _NOISY and self.speckle < _SPECKLED
        return quiet and abs(self.skew) < _STRAIGHT and self.contrast >= _FADED and self.uneven < 60


def condition_of(picture: Any) -> Condition:
    """Look at a gray picture; costs a few hundredths of a second a page."""
    import numpy as np
    from PIL import Image

    share = min(1.0, _SMALL / max(picture.size))
    small = picture.resize(_times(picture.size, share), Image.Resampling.BOX) if share < 1 else picture
    gray = np.asarray(small, np.float32)
    paper = _paper(gray)
    dark = gray < paper - 0.5 * max(float(np.percentile(paper - gray, 99.5)), 20.0)
    contrast = float(np.median((paper - gray)[dark])) if dark.any() else 0.0
    noise, speckle = _noise(picture)
    levels = np.percentile(paper, (2, 98))
    return Condition(_skew(dark), noise, speckle, contrast, float(levels[1] - levels[0]), float(dark.mean()))


def prepared(picture: Any, dpi: float, seen: Condition, *, strong: bool = False) -> tuple[Any, float, float, list[str]]:
    """A picture fit for reading, its dots an inch, the angle it was turned by, and the steps taken, in words.

    strong  the second try: more smoothing, whatever the picture shows
    """
    from PIL import Image, ImageFilter

    steps = []
    if dpi < _LOW_DPI:
        share = WANTED_DPI / dpi
        picture = picture.resize(_times(picture.size, share), Image.Resampling.LANCZOS)
        steps.append(f"enlarged {share:.1f} times")
        dpi = WANTED_DPI
    if strong or seen.noise >= _NOISY or seen.speckle >= _SPECKLED:
        heavy = strong or seen.noise >= 3 * _NOISY or seen.speckle >= 8 * _SPECKLED
        for _ in range(2 if heavy else 1):
            picture = median_of_nine(picture)
        steps.append("smoothed" + (" strongly" if heavy else ""))
    if seen.noise >= _DROWNED * _NOISY and dpi >= _LOW_DPI:
        # Four points averaged to one: the engine would take hours of grain for letters, one by one.
        picture = picture.filter(ImageFilter.GaussianBlur(2)).reduce(2)
        dpi /= 2
        steps.append("made smaller")
    if abs(seen.skew) >= _STRAIGHT:
        picture = picture.rotate(seen.skew, Image.Resampling.BICUBIC, expand=False, fillcolor=_edge(picture))
        steps.append(f"turned by {seen.skew:+.1f} degrees")
    if strong or seen.contrast < _FADED or seen.uneven >= 60:
        picture = _evened(picture)
        steps.append("evened")
        if strong:
            picture = picture.filter(ImageFilter.GaussianBlur(0.8))
    angle = seen.skew if abs(seen.skew) >= _STRAIGHT else 0.0
    return picture, dpi, angle, steps


def median_of_nine(picture: Any) -> Any:
    """Each point of a gray picture as the median of the nine about it, ten times as fast as Pillow's filter.

    The edges keep their points. Method: 19 exchanges, each a smaller and a greater of two whole rows of points
    (Devillard 1998, after Smith 1996); rows are taken in strips that fit the cache.
    """
    import numpy as np
    from PIL import Image

    gray = np.asarray(picture)
    height, width = gray.shape
    if height < 3 or width < 3:
        return picture
    out = gray.copy()
    for top in range(0, height - 2, _STRIP):
        bottom = min(top + _STRIP, height - 2)
        nine = [gray[top + y : bottom + y, x : width - 2 + x] for y in range(3) for x in range(3)]
        for one, other in _EXCHANGES:
            nine[one], nine[other] = np.minimum(nine[one], nine[other]), np.maximum(nine[one], nine[other])
        out[top + 1 : bottom + 1, 1:-1] = nine[4]
    return Image.fromarray(out)


_STRIP = 128
_EXCHANGES = (
    *((1, 2), (4, 5), (7, 8), (0, 1), (3, 4), (6, 7), (1, 2), (4, 5), (7, 8)),
    *((0, 3), (5, 8), (4, 7), (3, 6), (1, 4), (2, 5), (4, 7), (4, 2), (6, 4), (4, 2)),
)


def unturned(box: tuple[float, float, float, float], angle: float, size: tuple[int, int]) -> tuple[float, ...]:
    """A box in a turned picture as it lies on the picture before; `angle` as given to the turning, `size` in pixels."""
    if not angle:
        return box
    middle_x, middle_y = size[0] / 2, size[1] / 2
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    # The turn was counterclockwise as seen, with y downwards; this is the way back of the box's middle.
    x, y = (box[0] + box[2]) / 2 - middle_x, (box[1] + box[3]) / 2 - middle_y
    back_x, back_y = x * cos - y * sin + middle_x, x * sin + y * cos + middle_y
    half_x, half_y = (box[2] - box[0]) / 2, (box[3] - box[1]) / 2
    return back_x - half_x, back_y - half_y, back_x + half_x, back_y + half_y


def _times(size: tuple[int, int], share: float) -> tuple[int, int]:
    return max(round(size[0] * share), 1), max(round(size[1] * share), 1)


def _edge(picture: Any) -> int:
    """The gray of bare paper, for corners that turning lays open."""
    histogram = picture.histogram()
    return int(max(range(256), key=lambda value: histogram[value]))


def _paper(gray: Any) -> Any:
    """The gray of the paper at each point: a high value of each patch, smoothed."""
    import numpy as np
    from PIL import Image

    height, width = gray.shape
    patch = max(min(height, width) // 24, 4)
    rows, columns = max(height // patch, 1), max(width // patch, 1)
    cut = gray[: rows * patch, : columns * patch].reshape(rows, patch, columns, patch)
    high = np.percentile(cut, 85, axis=(1, 3)).astype(np.float32)
    grid = Image.fromarray(high, "F")
    return np.asarray(grid.resize((width, height), Image.Resampling.BILINEAR))


def _evened(picture: Any) -> Any:
    """Paper white everywhere, ink black: each point over the paper about it, stretched."""
    import numpy as np
    from PIL import Image

    gray = np.asarray(picture, np.float32)
    share = min(1.0, _SMALL / max(picture.size))
    small = np.asarray(picture.resize(_times(picture.size, share), Image.Resampling.BOX), np.float32)
    grid = Image.fromarray(np.ascontiguousarray(_paper(small)), "F")
    paper = np.asarray(grid.resize(picture.size, Image.Resampling.BILINEAR))
    even = gray / np.maximum(paper, 1.0)
    low = float(np.percentile(even[:: max(even.shape[0] // 500, 1)], 1.0))
    stretched = (even - low) / max(0.98 - low, 0.05) * 255
    return Image.fromarray(np.clip(stretched, 0, 255).astype(np.uint8), "L")


def _noise(picture: Any) -> tuple[float, float]:
    """Spread of single pixels on bare paper and share of single dark dots, from a sample of patches in full size."""
    import numpy as np

    gray = np.asarray(picture)
    height, width = gray.shape
    patch = 48
    if height < 3 * patch or width < 3 * patch:
        return 0.0, 0.0
    patches = [
        gray[y : y + patch, x : x + patch].astype(np.float32)
        for y in np.linspace(patch, height - 2 * patch, 14).astype(int)
        for x in np.linspace(patch, width - 2 * patch, 10).astype(int)
    ]
    # The lightest half of the patches holds the least ink.
    patches.sort(key=lambda one: -float(np.median(one)))
    spreads, dots = [], []
    for one in patches[: len(patches) // 2]:
        around = (one[:-2, 1:-1] + one[2:, 1:-1] + one[1:-1, :-2] + one[1:-1, 2:]) / 4
        apart = one[1:-1, 1:-1] - around
        spreads.append(float(np.median(np.abs(apart))) * 1.4826)
        dots.append(float((apart < -60).mean()))
    return float(np.median(spreads)), float(np.median(dots))


def _skew(dark: Any) -> float:
    """The angle at which the rows of dark points are most unequal: lines of writing lie flat then.

    Counterclockwise turning by the result makes them flat. Postl 1986: the sum of squared differences of neighboring
    rows is greatest where rows of letters and gaps take turns.
    """
    import numpy as np

    ys, xs = np.nonzero(dark)
    if len(ys) < 200:
        return 0.0
    if len(ys) > 60_000:
        chosen = np.linspace(0, len(ys) - 1, 60_000).astype(int)
        ys, xs = ys[chosen], xs[chosen]
    height, width = dark.shape

    def sharpness(degrees: float) -> float:
        rows = np.round(ys - xs * math.tan(math.radians(degrees)) + width).astype(np.int64)
        counts = np.bincount(rows, minlength=height + 2 * width)
        return float((np.diff(counts.astype(np.float64)) ** 2).sum())

    angles = np.arange(-_STEEPEST, _STEEPEST + 0.1, 0.5)
    all_of_them = [sharpness(angle) for angle in angles]
    coarse = angles[int(np.argmax(all_of_them))]
    fine = max(np.arange(coarse - 0.5, coarse + 0.51, 0.1), key=sharpness)
    # Where flat or any other angle is nearly as good, there are no lines to go by: a photograph, or nothing but grain.
    best = sharpness(fine)
    lines = best > 1.03 * sharpness(0.0) and best > _LINES * float(np.median(all_of_them))
    return float(fine) if lines else 0.0
