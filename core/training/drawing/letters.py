"""The letters that a drawn hand can write, as points a pen passes; no hand's style is in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

Point = tuple[float, float]
"""Right and up, in heights of a small letter: 0 is the line written on, 1 the top of an `n`."""


@dataclass(frozen=True, slots=True)
class Letter:
    """The strokes of one letter, each from pen down to pen up, and how far the next one stands."""

    strokes: tuple[tuple[Point, ...], ...]
    advance: float


def _letter(advance: int, *strokes: str) -> Letter:
    """From points such as `72,86`, in hundredths."""
    return Letter(tuple(map(_stroke, strokes)), advance / 100)


def _stroke(points: str) -> tuple[Point, ...]:
    pairs = (point.split(",") for point in points.split())
    return tuple((int(right) / 100, int(up) / 100) for right, up in pairs)


LETTERS: Final[dict[str, Letter]] = {
    "a": _letter(110, "72,86 40,100 6,48 32,2 66,36 76,92 76,30 96,4"),
    "b": _letter(98, "12,185 10,90 12,10 52,0 78,50 46,92 12,62"),
    "c": _letter(95, "76,80 46,100 6,50 40,0 82,22"),
    "d": _letter(110, "70,80 38,98 5,46 36,0 68,40 80,185 76,36 94,2"),
    "e": _letter(98, "10,48 52,54 76,78 44,100 8,48 40,0 84,24"),
    "f": _letter(78, "70,170 46,188 30,150 30,60 28,-10", "4,92 62,96"),
    "g": _letter(102, "72,88 38,100 6,52 34,8 68,46 76,96 74,-30 40,-78 6,-50"),
    "h": _letter(104, "12,185 12,90 10,0 14,62 48,100 74,66 76,2"),
    "i": _letter(52, "18,100 16,34 34,0", "20,142 23,136"),
    "k": _letter(98, "12,185 12,90 10,0", "70,98 14,46 42,40 78,2"),
    "m": _letter(140, "10,96 10,2 16,70 44,98 60,64 60,4 66,70 96,98 112,60 114,2"),
    "n": _letter(102, "10,96 10,2 16,66 50,100 74,64 76,2"),
    "o": _letter(100, "46,100 6,52 42,0 80,48 48,100 36,90"),
    "p": _letter(100, "12,98 12,20 10,-78", "12,66 48,100 80,52 48,2 14,22"),
    "r": _letter(80, "10,96 10,2 16,62 40,96 66,86"),
    "s": _letter(84, "66,86 36,100 14,74 42,50 66,24 34,0 4,14"),
    "t": _letter(78, "28,156 26,80 28,16 60,4", "2,104 56,108"),
    "u": _letter(106, "10,98 12,30 40,0 70,40 74,98 74,30 94,2"),
    "v": _letter(90, "6,98 38,2 72,98"),
    "w": _letter(126, "4,98 30,2 56,80 82,2 108,98"),
    "y": _letter(98, "8,98 20,36 48,16 70,50", "76,100 68,0 46,-72 10,-62"),
    "z": _letter(92, "6,96 72,98 8,4 78,6"),
}
