"""Makes pages as an old typewriter left them, with their true text: clean, moderate bad and hopeless.

    python scripts/make_typewriter_pages.py FOLDER [PAGES]

What is done to a page: letters that do not hit the line, uneven ink, faded ribbon, carbon copies with soft edges, paper
that darkens to one side, specks and grain, a page that lies crooked in the scanner. Everything comes from a seed, so
the same pages come again. Needs a font of equal widths on this machine; it is looked for by name.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

DPI = 300
SIZE = (2550, 3300)
FONTS = ("CourierPrime-Regular.ttf", "Courier Prime.ttf", "LiberationMono-Regular.ttf", "DejaVuSansMono.ttf")
_PLACES = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts")


@dataclass(frozen=True)
class Wear:
    """What happened to a page; gray values of 255, degrees, dots."""

    jitter: float = 0.0
    uneven_ink: float = 0.0
    ink: float = 20.0
    paper: float = 250.0
    shade: float = 0.0
    grain: float = 0.0
    specks: float = 0.0
    soft: float = 0.0
    skew: float = 0.0


WEAR = {
    "clean": (Wear(jitter=0.5), Wear(jitter=0.8, ink=35, grain=2)),
    "moderate": (
        Wear(jitter=1.2, uneven_ink=25, ink=60, paper=235, grain=8, skew=1.7),
        Wear(jitter=1.5, uneven_ink=30, ink=80, paper=230, shade=30, grain=6, specks=0.0008, skew=-1.2),
        Wear(jitter=1.0, uneven_ink=20, ink=85, paper=225, soft=1.6, grain=5, skew=0.6),  # a carbon copy
    ),
    "bad": (
        Wear(jitter=1.8, uneven_ink=35, ink=110, paper=215, grain=26, specks=0.004, skew=-2.5),
        Wear(jitter=1.5, uneven_ink=30, ink=120, paper=210, soft=2.4, grain=14, shade=45, skew=1.9),
        Wear(jitter=2.0, uneven_ink=45, ink=95, paper=225, grain=20, specks=0.008, shade=30, skew=3.4),
    ),
    # What nobody should rely upon: the alarm must ring.
    "hopeless": (
        Wear(jitter=2.5, uneven_ink=60, ink=165, paper=200, soft=5.0, grain=40, specks=0.02, skew=-4.0),
        Wear(jitter=2.0, uneven_ink=70, ink=180, paper=205, soft=3.5, grain=45, shade=50, skew=2.0),
        Wear(jitter=4.0, uneven_ink=80, ink=150, paper=200, soft=7.0, grain=30, skew=1.0),
    ),
}
_WHO = ("the witness", "Officer Invented", "the victim's neighbor", "Det. Marlow", "the clerk", "a man in a gray coat")
_DID = (
    "stated that",
    "observed that",
    "reported that",
    "advised that",
    "recalled that",
    "was told that",
    "denied that",
)
_WHAT = (
    "a red sedan was parked near the canal",
    "the lights went out at 2245 hours",
    "three shots were heard from the alley",
    "the door had been forced with a tool",
    "a woman left the bar alone",
    "the telephone rang twice and stopped",
    "the plate began with 2GAT",
    "the key was under the mat as always",
    "he had not seen his brother since June 1979",
    "the coat, item 14, was booked into evidence",
    "nobody by that name lived at 1419 Invented Street",
)


def pages(level: str, count: int, seed: int = 1) -> Iterator[tuple[str, Image.Image]]:
    """Text and picture of `count` pages of a level: clean, moderate, bad or hopeless.

    Raises FileNotFoundError where no font of equal widths is found.
    """
    font = ImageFont.truetype(str(font_file()), 50)
    for number in range(count):
        chance = np.random.default_rng([seed, sorted(WEAR).index(level), number])
        wear = WEAR[level][number % len(WEAR[level])]
        lines = invented_lines(chance)
        yield "\n".join(lines), worn(lines, font, wear, chance)


def font_file() -> Path:
    """A font whose letters are all as wide as a typewriter's."""
    for name in FONTS:
        for place in _PLACES:
            found = sorted(place.rglob(name)) if place.is_dir() else []
            if found:
                return found[0]
    raise FileNotFoundError("no font of equal widths: install fonts-liberation or fonts-courier-prime")


def invented_lines(chance: np.random.Generator, lines: int = 26, width: int = 62) -> list[str]:
    """Lines of a report that nobody wrote about nobody."""
    number = int(chance.integers(100, 999))
    found = [f"FOLLOW-UP REPORT            DR 84-{number} {number + 7}            INVENTED", ""]
    line = ""
    while len(found) < lines:
        who, did, what = (str(chance.choice(part)) for part in (_WHO, _DID, _WHAT))
        for word in f"{who[0].upper()}{who[1:]} {did} {what}.".split():
            if len(line) + len(word) + 1 > width:
                found.append(line)
                line = ""
            line = f"{line} {word}".strip()
    return found[:lines]


def worn(lines: list[str], font: ImageFont.FreeTypeFont, wear: Wear, chance: np.random.Generator) -> Image.Image:
    """The page as it looks after all that."""
    ink = Image.new("L", SIZE, 0)
    draw = ImageDraw.Draw(ink)
    step = font.getlength("M")
    for y, line in enumerate(lines):
        for x, letter in enumerate(line):
            off = chance.normal(0, wear.jitter, 2)
            strength = int(np.clip(255 - abs(chance.normal(0, wear.uneven_ink)), 90, 255))
            draw.text((260 + x * step + off[0], 300 + y * 100 + off[1]), letter, font=font, fill=strength)
    if wear.soft:
        ink = ink.filter(ImageFilter.GaussianBlur(wear.soft))
    share = np.asarray(ink, np.float32) / 255
    paper = np.full(share.shape, wear.paper, np.float32)
    paper -= wear.shade * np.linspace(0, 1, SIZE[0], dtype=np.float32) ** 2
    gray = paper + (wear.ink - paper) * share
    turned = Image.fromarray(np.clip(gray, 0, 255).astype(np.uint8)).rotate(
        wear.skew, Image.Resampling.BICUBIC, fillcolor=int(wear.paper)
    )
    scan = np.asarray(turned, np.float32) + chance.normal(0, wear.grain, share.shape).astype(np.float32)
    dots = chance.random(share.shape, np.float32) < wear.specks
    scan[dots] = 40
    return Image.fromarray(np.clip(scan, 0, 255).astype(np.uint8))


def main(folder: Path, count: int) -> None:
    """Write every level as PNG files with their text beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    for level in WEAR:
        for number, (text, picture) in enumerate(pages(level, count), start=1):
            picture.save(folder / f"{level}-{number}.png", dpi=(DPI, DPI))
            (folder / f"{level}-{number}.txt").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 6)
