"""Directions and bends along the outlines of the ink: slant, curvature and habit of the hand."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from skimage.measure import find_contours

_LEGS: Final = (3, 9)
"""Lengths in pixels over which a direction is read: the pen's corner, and the letter's curve."""
_DIRECTIONS: Final = 12
_SHORTEST: Final = 2 * max(_LEGS) + 1

Floats = NDArray[np.float64]


def hinge_shares(ink: Floats) -> Floats:
    """Root shares of the hinges (pairs of directions at a point), for each length of the legs."""
    found: list[Floats] = find_contours(ink, 0.5)  # type: ignore[no-untyped-call]  # scikit-image has no types
    outlines = [line for line in map(_evenly_spaced, found) if len(line) >= _SHORTEST]
    return np.concatenate([_hinges(outlines, leg) for leg in _LEGS])


def _hinges(outlines: list[Floats], leg: int) -> Floats:
    hinges = np.zeros(_DIRECTIONS**2)
    for line in outlines:
        ahead = _bins(_angles(np.roll(line, -leg, axis=0) - line))
        behind = _bins(_angles(np.roll(line, leg, axis=0) - line))
        hinges += np.bincount(ahead * _DIRECTIONS + behind, minlength=hinges.size)
    return np.asarray(np.sqrt(hinges / max(1.0, hinges.sum())))


def _evenly_spaced(line: Floats) -> Floats:
    """The closed outline, one point for each pixel of its length."""
    steps = np.hypot(*np.diff(line, axis=0).T)
    walked = np.concatenate([[0.0], np.cumsum(steps)])
    places = np.linspace(0.0, walked[-1], max(1, round(walked[-1])), endpoint=False)
    return np.column_stack([np.interp(places, walked, line[:, axis]) for axis in (0, 1)])


def _angles(steps: Floats) -> Floats:
    return np.asarray(np.arctan2(steps[:, 0], steps[:, 1]))


def _bins(angles: Floats) -> NDArray[np.intp]:
    return np.floor(angles * (_DIRECTIONS / (2.0 * np.pi))).astype(np.intp) % _DIRECTIONS
