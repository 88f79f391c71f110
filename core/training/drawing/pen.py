"""A pen that leaves ink along a path, by direction and pressure; knows no letters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from core.training.drawing.writer import Writer

_FINER: Final = 3
"""Ink is laid on a grid this much finer than the paper's pixels, then averaged: soft edges."""
_STEP: Final = 0.5
"""Pixels between two touches of the pen."""

Trace = NDArray[np.float64]
"""Points of a stroke, one a row."""


def inked(paths: Iterable[Trace], writer: Writer, size: tuple[int, int]) -> NDArray[np.float64]:
    """How much ink, 0 to 1, each pixel of paper of `size` (height, width) takes from the `paths`.

    Paths are in pixels, down from the top.
    """
    height, width = size
    canvas = Image.new("L", (width * _FINER, height * _FINER), 0)
    draw = ImageDraw.Draw(canvas)
    for path in paths:
        way = _way(path, writer.roundness)
        radii = _radii(way, writer) * writer.size * _FINER
        for (x, y), radius in zip(way * _FINER, radii, strict=True):
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return np.asarray(canvas.reduce(_FINER), dtype=np.float64) / 255.0


def _way(path: Trace, roundness: float) -> Trace:
    """Between the straight line and the smooth curve through the points, in even steps."""
    before, after = 2.0 * path[0] - path[1], 2.0 * path[-1] - path[-2]
    framed = np.vstack([before, path, after])
    pieces = [_piece(framed[at : at + 4], roundness) for at in range(len(path) - 1)]
    return np.vstack([*pieces, path[-1:]])


def _piece(corners: Trace, roundness: float) -> Trace:
    """A cubic from the second corner to the third; the outer two give its directions."""
    first, start, end, last = corners
    count = max(2, int(np.hypot(*(end - start)) / _STEP))
    t = np.linspace(0.0, 1.0, count, endpoint=False)[:, None]
    leaving, arriving = roundness * (end - first) / 2.0, roundness * (last - start) / 2.0
    straight = (1.0 - roundness) * (end - start)
    leaving, arriving = leaving + straight, arriving + straight
    curve: Trace = (
        (2 * t**3 - 3 * t**2 + 1) * start
        + (t**3 - 2 * t**2 + t) * leaving
        + (3 * t**2 - 2 * t**3) * end
        + (t**3 - t**2) * arriving
    )
    return curve


def _radii(way: Trace, writer: Writer) -> NDArray[np.float64]:
    """Wide across the nib and on the way down, thin along it and on the way up."""
    steps = np.gradient(way, axis=0)
    length = np.maximum(np.hypot(*steps.T), 1e-9)
    across = np.abs(np.sin(np.arctan2(steps[:, 1], steps[:, 0]) - writer.nib_angle))
    downward = np.clip(steps[:, 1] / length, -1.0, 1.0)
    shape = 1.0 - writer.nib * (1.0 - across)
    return np.asarray(writer.pen * np.maximum(0.45, shape * (1.0 + writer.pressure * downward)))
