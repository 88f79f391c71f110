"""One image of handwriting becomes one vector; knows neither students nor files."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.training.trainers.handwriting.contours import contour_statistics
from core.training.trainers.handwriting.hog import gradient_directions, hog_statistics
from core.training.trainers.handwriting.pieces import piece_statistics
from core.training.trainers.handwriting.runs import run_length_shares
from core.training.trainers.handwriting.strokes import stroke_statistics
from core.training.trainers.handwriting.texture import pattern_shares

EXTRACTOR_VERSION: Final = "strokes-1"
"""Changes with every change of the numbers: models and caches of another version do not mix."""
FEATURE_COUNT: Final = 861

_FRAME: Final = 4
_PAPER: Final = 255
_INK_BELOW: Final = 128


def extract(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The features (`FEATURE_COUNT` of them) of a prepared image: grey, dark on white, 64 px high.

    The same image gives the same numbers in any process, and where the text stands does not matter.
    An image without ink gives zeros.
    """
    framed = np.pad(image, _FRAME, constant_values=_PAPER)
    marks = framed < _INK_BELOW
    if not marks.any():
        return np.zeros(FEATURE_COUNT, dtype=np.float32)
    box = _box_with_frame(marks)
    framed, marks = framed[box], marks[box]
    ink = 1.0 - framed / float(_PAPER)
    return np.concatenate(
        [
            hog_statistics(ink),
            pattern_shares(framed, marks),
            contour_statistics(ink),
            run_length_shares(marks),
            stroke_statistics(marks),
            piece_statistics(marks),
            gradient_directions(ink),
        ]
    ).astype(np.float32)


def _box_with_frame(marks: NDArray[np.bool_]) -> tuple[slice, slice]:
    """Cutting to the ink is what makes cells and runs start where the text starts."""
    rows = np.flatnonzero(marks.any(axis=1))
    columns = np.flatnonzero(marks.any(axis=0))
    return (
        slice(rows[0] - _FRAME, rows[-1] + _FRAME + 1),
        slice(columns[0] - _FRAME, columns[-1] + _FRAME + 1),
    )
