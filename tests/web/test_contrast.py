"""Text can be read: the contrast of every pair of colors in use is at least 4.5 to 1 (WCAG 2.2 AA, 1.4.3)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SHEET = Path(__file__).parents[2] / "src" / "thaw" / "web" / "static" / "thaw.css"
PAIRS = [
    *(("ink", ground) for ground in ("paper", "card", "soft", "amber-soft", "red-soft", "accent-soft", "mark")),
    *(("muted", ground) for ground in ("paper", "card", "soft")),
    *(("accent", ground) for ground in ("paper", "card", "accent-soft")),
    *(("amber", "amber-soft"), ("amber", "card"), ("red", "red-soft"), ("accent-ink", "accent")),
    *(("rail-ink", "rail"), ("rail-muted", "rail"), ("rail-ink", "rail-line")),
]


def palettes() -> dict[str, dict[str, str]]:
    """Colors by name, for light and for dark; dark takes over what it does not set."""
    light, dark = re.findall(r":root \{(.*?)\}", SHEET.read_text(encoding="utf-8"), re.DOTALL)[:2]
    found = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", part)) for part in (light, dark)]
    return {"light": found[0], "dark": found[0] | found[1]}


def luminance(color: str) -> float:
    """Relative luminance, WCAG 2.2 definition."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_measure_itself_is_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # the known near miss


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read(scheme: str, text: str, ground: str) -> None:
    colors = palettes()[scheme]
    assert contrast(colors[text], colors[ground]) >= 4.5
