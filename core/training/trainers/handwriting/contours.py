"""Directions and bends along the outlines of the ink: slant, curvature and habit of the hand."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from skimage.measure import find_contours

_LEGS: Final = (3, 9)
"""Lengths in pixels over which a direction is read: the pen's corner, and the letter's curve."""
_DIRECTIONS: Final = 24
_HINGE_DIRECTIONS: Final = 12
_SHORTEST: Final = 2 * max(_LEGS) + 1

Floats = NDArray[np.float64]


def contour_statistics(ink: Floats) -> Floats:
    """Root shares of directions and of hinges (pairs of directions at a point), for each leg."""
    found: list[Floats] = find_contours(ink, 0.5)  # type: ignore[no-untyped-call]  # scikit-image has no types
    outlines = [line for line in map(_evenly_spaced, found) if len(line) >= _SHORTEST]
    return np.concatenate([_along(outlines, leg) for leg in _LEGS])


def _along(outlines: list[Floats], leg: int) -> Floats:
    directions = np.zeros(_DIRECTIONS)
    hinges = np.zeros(_HINGE_DIRECTIONS**2)
    for line in outlines:
        ahead = _angles(np.roll(line, -leg, axis=0) - line)
        behind = _angles(np.roll(line, leg, axis=0) - line)
        directions += np.bincount(_bins(ahead, _DIRECTIONS), minlength=_DIRECTIONS)
        pairs = _bins(ahead, _HINGE_DIRECTIONS) * _HINGE_DIRECTIONS + _bins(
            behind, _HINGE_DIRECTIONS
        )
        hinges += np.bincount(pairs, minlength=hinges.size)
    total = max(1.0, directions.sum())
    return np.asarray(np.sqrt(np.concatenate([directions, hinges]) / total))


def _evenly_spaced(line: Floats) -> Floats:
    """The closed outline, one point for each pixel of its length."""
    steps = np.hypot(*np.diff(line, axis=0).T)
    walked = np.concatenate([[0.0], np.cumsum(steps)])
    places = np.linspace(0.0, walked[-1], max(1, round(walked[-1])), endpoint=False)
    return np.column_stack([np.interp(places, walked, line[:, axis]) for axis in (0, 1)])


def _angles(steps: Floats) -> Floats:
    return np.asarray(np.arctan2(steps[:, 0], steps[:, 1]))


def _bins(angles: Floats, count: int) -> NDArray[np.intp]:
    return (np.floor(angles * (count / (2.0 * np.pi))).astype(np.intp)) % count
