"""Directions of the edges, in cells pooled over the line and over the line as a whole."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

_ORIENTATIONS: Final = 9
_CELLS: Final = (6, 12)
"""Cell sides in pixels: about a stroke's width, and about a letter's part."""
_CLIP: Final = 0.2
"""No single edge may outweigh its block: bounds what a blot or a crossing does."""
_FAINT: Final = 0.5
"""Blocks with less gradient than this are paper."""
_SIGNED_DIRECTIONS: Final = 24

Floats = NDArray[np.float64]


def hog_statistics(ink: Floats) -> Floats:
    """Mean and standard deviation of the block descriptors, for each cell size."""
    votes = _votes(ink)
    return np.concatenate([_pooled(votes, side) for side in _CELLS])


def gradient_directions(ink: Floats) -> Floats:
    """Root shares of the edges' directions all around: which side of a stroke is steep."""
    down, right = np.gradient(ndimage.gaussian_filter(ink, 1.0))
    angles, strength = np.arctan2(down, right), np.hypot(down, right)
    sums, _ = np.histogram(angles, _SIGNED_DIRECTIONS, (-np.pi, np.pi), weights=strength)
    return np.asarray(np.sqrt(sums / max(1e-9, float(sums.sum()))))


def _votes(ink: Floats) -> Floats:
    """Gradient magnitude shared between the two nearest orientations: height x width x 9."""
    down, right = np.gradient(ink)
    magnitude = np.hypot(down, right)
    position = (np.arctan2(down, right) % np.pi) * (_ORIENTATIONS / np.pi)
    lower = np.floor(position).astype(np.intp)
    upper_share = position - lower
    votes = np.zeros((*ink.shape, _ORIENTATIONS))
    rows, columns = np.ogrid[: ink.shape[0], : ink.shape[1]]
    votes[rows, columns, lower % _ORIENTATIONS] += magnitude * (1.0 - upper_share)
    votes[rows, columns, (lower + 1) % _ORIENTATIONS] += magnitude * upper_share
    return votes


def _pooled(votes: Floats, side: int) -> Floats:
    cells = _cell_sums(votes, side)
    blocks = np.concatenate(
        [cells[:-1, :-1], cells[:-1, 1:], cells[1:, :-1], cells[1:, 1:]], axis=2
    ).reshape(-1, 4 * _ORIENTATIONS)
    inked = blocks[np.linalg.norm(blocks, axis=1) > _FAINT]
    if not len(inked):
        return np.zeros(8 * _ORIENTATIONS)
    described = _unit(np.minimum(_unit(inked), _CLIP))
    return np.concatenate([described.mean(axis=0), described.std(axis=0)])


def _cell_sums(votes: Floats, side: int) -> Floats:
    """At least two cells each way, white paper filling up the last ones."""
    height, width, _ = votes.shape
    tall, wide = (max(2, -(-length // side)) for length in (height, width))
    padded = np.pad(votes, ((0, tall * side - height), (0, wide * side - width), (0, 0)))
    sums: Floats = padded.reshape(tall, side, wide, side, _ORIENTATIONS).sum(axis=(1, 3))
    return sums


def _unit(rows: Floats) -> Floats:
    lengths: Floats = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / lengths
