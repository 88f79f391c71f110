"""The colours of the product, by what they say; only `gui.theme` paints with their values."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Tone(StrEnum):
    """What a colour says. A tone is never the only sign: an icon and a word stand beside it."""

    TEXT = "text"
    MUTED = "muted"
    ACCENT = "accent"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"
    NEUTRAL = "neutral"


class Ground(StrEnum):
    """What lies behind and between the content."""

    CANVAS = "canvas"
    """The window itself."""
    SURFACE = "surface"
    """Lists, cards and fields."""
    HOVER = "hover"
    BORDER = "border"
    ON_ACCENT = "on_accent"
    """Text on a filled accent."""


# Each is (light, dark); inks reach a contrast of 4.5 on canvas, surface and their own soft ground.
INKS: Final[dict[Tone, tuple[str, str]]] = {
    Tone.TEXT: ("#1b1f27", "#e7e9ee"),
    Tone.MUTED: ("#596271", "#a5adbb"),
    Tone.ACCENT: ("#2458c9", "#86acff"),
    Tone.SUCCESS: ("#17693a", "#74d49e"),
    Tone.WARNING: ("#825000", "#f0bd62"),
    Tone.DANGER: ("#b3261e", "#ff9f97"),
    Tone.NEUTRAL: ("#525b69", "#a5adbb"),
}
PALE: Final[dict[Tone, tuple[str, str]]] = {
    Tone.TEXT: ("#e9ecf1", "#2d323c"),
    Tone.MUTED: ("#eef0f4", "#262a32"),
    Tone.ACCENT: ("#e2ebfd", "#22335c"),
    Tone.SUCCESS: ("#ddf3e5", "#183d29"),
    Tone.WARNING: ("#fcefd3", "#43330f"),
    Tone.DANGER: ("#fce5e3", "#4d2321"),
    Tone.NEUTRAL: ("#e9ecf1", "#2d323c"),
}
GROUNDS: Final[dict[Ground, tuple[str, str]]] = {
    Ground.CANVAS: ("#f5f6f8", "#17191e"),
    Ground.SURFACE: ("#ffffff", "#1f2229"),
    Ground.HOVER: ("#eaedf2", "#2a2e37"),
    Ground.BORDER: ("#d6dae2", "#3a3f4a"),
    Ground.ON_ACCENT: ("#ffffff", "#0d1b3e"),
}
FAINT: Final = ("#8b93a1", "#6d7583")
"""Placeholders and disabled text."""
