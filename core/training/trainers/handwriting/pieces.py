"""What is joined and what is enclosed: sizes of the ink's pieces and of the loops inside them."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.training.trainers.handwriting.shares import root_shares

_SIZES: Final = np.array([0, 8, 12, 17, 23, 30, 38, 47, 57, 10_000])
_LOOP_AREAS: Final = np.array([1, 8, 20, 45, 90, 160, 280, 450, 1_000_000])
_ALL_AROUND: Final = np.ones((3, 3), dtype=int)

Floats = NDArray[np.float64]
Marks = NDArray[np.bool_]


def piece_statistics(marks: Marks) -> Floats:
    """Shares and moments of the connected pieces of ink and of the white islands in them."""
    return np.concatenate([_pieces(marks), _loops(marks)])


def _pieces(marks: Marks) -> Floats:
    """Heights and widths of the pieces, how full their boxes are, and how many there are."""
    labels, count = ndimage.label(marks, structure=_ALL_AROUND)
    heights, widths = _box_sizes(labels)
    fullness = np.bincount(labels.ravel())[1:] / (heights * widths)
    moments = _mean_and_spread(heights / 10.0, widths / 10.0, np.log(widths / heights), fullness)
    number = 10.0 * count / marks.shape[1]
    return np.concatenate(
        [root_shares(heights, _SIZES), root_shares(widths, _SIZES), moments, [number]]
    )


def _loops(marks: Marks) -> Floats:
    """Areas of the white islands, how many there are, and whether they lie or stand."""
    islands = ndimage.binary_fill_holes(marks) & ~marks
    labels, count = ndimage.label(islands)
    areas = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    heights, widths = _box_sizes(labels)
    number = 100.0 * count / marks.shape[1]
    return np.concatenate(
        [root_shares(areas, _LOOP_AREAS), [number], _mean_and_spread(np.log(widths / heights))]
    )


def _box_sizes(labels: NDArray[np.intp]) -> tuple[Floats, Floats]:
    boxes = ndimage.find_objects(labels)
    heights = [rows.stop - rows.start for rows, _ in boxes]
    widths = [columns.stop - columns.start for _, columns in boxes]
    return np.array(heights, dtype=np.float64), np.array(widths, dtype=np.float64)


def _mean_and_spread(*measures: Floats) -> Floats:
    """Two numbers for each measure; zeros where there is nothing to measure."""
    return np.array(
        [
            value
            for measure in measures
            for value in ((measure.mean(), measure.std()) if measure.size else (0.0, 0.0))
        ]
    )
