"""What the ink looks like around each point - edge, line, spot, saddle - at two sizes at once."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

_DIRECTIONS: Final = 3
"""Of lines and saddles, in half a turn; an edge has a dark side, so twice as many."""
_FAINT: Final = 0.02
"""Where all derivatives are weaker, there is only paper, or the inside of a blot."""
_REACH: Final = 3.0
"""In standard deviations: beyond, the derivatives' windows hold next to nothing."""
_HALF_ROOT: Final = 0.5**0.5
_EDGE: Final = 1
_STROKE: Final = 4
_VARIETIES: Final = np.array([1, 2 * _DIRECTIONS, 1, 1, _DIRECTIONS, _DIRECTIONS, _DIRECTIONS])
"""Of paper, edges, spots, holes, strokes, gaps and saddles: how many each has, by direction."""
_FIRST: Final = np.cumsum(_VARIETIES) - _VARIETIES
_FORMS: Final = int(_VARIETIES.sum())

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
"""Twice as fast, and exact enough to compare strengths."""
Codes = NDArray[np.intp]


def form_pairs(ink: Floats, scale: float) -> Floats:
    """Root shares of the pairs (form at `scale`, form at twice the scale), paper left out."""
    single = ink.astype(np.float32)
    pairs = _forms(single, scale) * _FORMS + _forms(single, 2.0 * scale)
    counts = np.bincount(pairs.ravel(), minlength=_FORMS**2)[1:]
    return np.asarray(np.sqrt(counts / max(1, int(counts.sum()))))


def _forms(ink: Singles, scale: float) -> Codes:
    """The strongest of the forms at each pixel, with its direction, as one number."""
    down, right, down_down, right_right, mixed = _derivatives(ink, scale)
    bend = down_down + right_right
    unlike = np.hypot(right_right - down_down, 2.0 * mixed)
    # In the order of the varieties.
    strengths = (
        np.full_like(ink, _FAINT),
        2.0 * np.hypot(down, right),
        -bend,
        bend,
        (unlike - bend) * _HALF_ROOT,
        (unlike + bend) * _HALF_ROOT,
        unlike,
    )
    kinds: Codes = np.stack(strengths).argmax(axis=0)
    towards = _bins(np.arctan2(down, right), 2 * _DIRECTIONS)
    along = _bins(np.arctan2(2.0 * mixed, right_right - down_down), _DIRECTIONS)
    directions = np.where(kinds == _EDGE, towards, np.where(kinds >= _STROKE, along, 0))
    return np.asarray(_FIRST[kinds] + directions)


def _derivatives(ink: Singles, scale: float) -> tuple[Singles, Singles, Singles, Singles, Singles]:
    """First and second derivatives of the blurred ink, comparable between scales."""
    level, slope, bend = (_along(ink, scale, order, axis=0) for order in (0, 1, 2))
    return (
        scale * _along(slope, scale, 0, axis=1),
        scale * _along(level, scale, 1, axis=1),
        scale**2 * _along(bend, scale, 0, axis=1),
        scale**2 * _along(level, scale, 2, axis=1),
        scale**2 * _along(slope, scale, 1, axis=1),
    )


def _along(values: Singles, scale: float, order: int, axis: int) -> Singles:
    filtered: Singles = ndimage.gaussian_filter1d(
        values, scale, axis=axis, order=order, mode="constant", truncate=_REACH
    )
    return filtered


def _bins(angles: Singles, count: int) -> Codes:
    """Of a whole turn, the first centred on 0."""
    return np.asarray(np.rint(angles * (count / (2.0 * np.pi))).astype(np.intp) % count)
