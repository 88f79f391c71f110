"""The pen's way over the paper: thickness, ends, junctions, directions and slant of the strokes."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.morphology import skeletonize

from core.training.trainers.handwriting.shares import root_shares

_RADII: Final = np.array([0, 1.25, 1.75, 2.25, 2.75, 3.25, 4, 5, 6.5, 100])
_DIRECTIONS: Final = np.linspace(0.0, np.pi, 13)
_SLANTS: Final = np.deg2rad(np.arange(-45.0, 46.0, 7.5))
_ALL_AROUND: Final = np.ones((3, 3), dtype=int)

Floats = NDArray[np.float64]
Marks = NDArray[np.bool_]


def stroke_statistics(marks: Marks) -> Floats:
    """Shares and moments read off the skeleton of the ink; `marks` holds some."""
    bones: Marks = skeletonize(marks)  # type: ignore[no-untyped-call]  # scikit-image has no types
    return np.concatenate(
        [_thickness(marks, bones), _knots(bones), _bone_directions(bones), _slant(marks)]
    )


def _thickness(marks: Marks, bones: Marks) -> Floats:
    """The distance from the middle line to the edge is half the stroke's width."""
    radii = ndimage.distance_transform_edt(marks)[bones]
    return np.concatenate([root_shares(radii, _RADII), [radii.mean(), radii.std()]])


def _knots(bones: Marks) -> Floats:
    """Ends, and junctions, for each hundred points of skeleton."""
    neighbours = ndimage.convolve(bones.astype(np.uint8), _ALL_AROUND, mode="constant") - 1
    ends = np.count_nonzero(bones & (neighbours == 1))
    _, junctions = ndimage.label(bones & (neighbours >= 3), structure=_ALL_AROUND)
    return 100.0 / np.count_nonzero(bones) * np.array([ends, junctions], dtype=np.float64)


def _bone_directions(bones: Marks) -> Floats:
    """Directions of the middle line, from the moments of its gradient close by."""
    down, right = np.gradient(ndimage.gaussian_filter(bones.astype(np.float64), 1.5))
    across, along, mixed = (
        ndimage.gaussian_filter(product, 2.0)[bones]
        for product in (right * right, down * down, right * down)
    )
    return root_shares(0.5 * np.arctan2(2.0 * mixed, across - along) % np.pi, _DIRECTIONS)


def _slant(marks: Marks) -> Floats:
    """How sharp the column profile is once each slant is undone: sharpest at the hand's own."""
    rows, columns = np.nonzero(marks)
    sharpness = np.empty(_SLANTS.size)
    for place, slant in enumerate(_SLANTS):
        upright = np.rint(columns + (rows - marks.shape[0] / 2) * np.tan(slant)).astype(np.intp)
        profile = np.bincount(upright - upright.min()).astype(np.float64)
        sharpness[place] = np.square(profile).sum()
    return np.asarray(sharpness / sharpness.sum())
