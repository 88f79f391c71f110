"""Lengths of unbroken ink and of the white between, along four directions."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.training.trainers.handwriting.shares import root_shares

_EDGES: Final = np.array([1, 2, 3, 4, 5, 6, 7, 8, 10, 13, 17, 23, 32, 1_000_000])
"""A run counts in the bin whose edges hold its length: single pixels first, then ever wider."""


def run_length_shares(marks: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Root shares of black, then of white run lengths: rows, columns and both diagonals."""
    sheared = (_sheared(marks), _sheared(marks[:, ::-1]))
    lines = (marks, marks.T, sheared[0].T, sheared[1].T)
    return np.concatenate([_shares(line, black=black) for black in (True, False) for line in lines])


def _shares(lines: NDArray[np.bool_], *, black: bool) -> NDArray[np.float64]:
    """White counts between ink only: what lies before the first and after the last is margin."""
    framed = np.pad(lines, ((0, 0), (1, 1))).ravel()
    changes = np.flatnonzero(framed[1:] != framed[:-1]) + 1
    starts, ends = changes[0::2], changes[1::2]
    if black:
        lengths = ends - starts
    else:
        width = lines.shape[1] + 2
        same_line = starts[1:] // width == ends[:-1] // width
        lengths = (starts[1:] - ends[:-1])[same_line]
    return root_shares(lengths, _EDGES)


def _sheared(marks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Row k moved k pixels to the right, so that diagonals stand as columns."""
    height, width = marks.shape
    wide = np.zeros((height, width + height), dtype=np.bool_)
    wide[:, :width] = marks
    return wide.ravel()[: height * (width + height - 1)].reshape(height, width + height - 1)
