"""One image of handwriting becomes one vector; knows neither students nor files."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.training.trainers.handwriting.contours import hinge_shares
from core.training.trainers.handwriting.forms import form_pairs
from core.training.trainers.handwriting.phases import phase_shares
from core.training.trainers.handwriting.pieces import piece_statistics
from core.training.trainers.handwriting.runs import run_length_shares
from core.training.trainers.handwriting.strokes import stroke_statistics
from core.training.trainers.handwriting.texture import pattern_shares

FEATURE_COUNT: Final = 1488
ROW_SIZE: Final = 2 * FEATURE_COUNT
"""Features and contrasts of an image: what training takes."""

_FRAME: Final = 4
_PAPER: Final = 255
_INK_BELOW: Final = 128
_STROKE_WIDTH: Final = 4.0
"""Pixels to which strokes are scaled for what should not depend on the size of the writing."""
_LEAST_SCALE: Final = 0.35
_MOST_SCALE: Final = 1.6
_MIDDLE_SHARE: Final = 0.4
"""Of the line's length: the part in which it may be cut in two."""
_CUT_AWAY: Final = 0.02
"""Pixels of ink that a cut may cross to be a column nearer to the middle."""
_FINE_FORMS: Final = 2.5
"""Smaller than a bend of the stroke, on strokes of one width."""
_COARSE_FORMS: Final = 2.0
"""About half a letter, on lines of one height, halved."""

Floats = NDArray[np.float64]


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
    ink = _ink(framed)
    evened = _at_one_stroke_width(framed, ink)
    evened_ink = _ink(evened)
    return np.concatenate(
        [
            pattern_shares(framed, marks),
            hinge_shares(ink),
            run_length_shares(marks),
            stroke_statistics(marks),
            piece_statistics(marks),
            phase_shares(ink, marks),
            form_pairs(_halved(ink), _COARSE_FORMS),
            phase_shares(evened_ink, evened < _INK_BELOW),
            form_pairs(evened_ink, _FINE_FORMS),
        ]
    ).astype(np.float32)


def extract_row(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The features, and as many contrasts: half the difference between the line's two halves.

    One hand wrote both, so the contrasts show how far each feature depends on what is written. A
    line that cannot be cut has none.
    """
    halves = _halves(image)
    contrasts = (
        (extract(halves[0]) - extract(halves[1])) / np.float32(2.0)
        if halves
        else np.zeros(FEATURE_COUNT, dtype=np.float32)
    )
    return np.concatenate([extract(image), contrasts])


def _halves(image: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]] | None:
    """Cut near the middle, where there is least ink; each side keeps some."""
    ink = np.count_nonzero(image < _INK_BELOW, axis=0)
    inked = np.flatnonzero(ink)
    if len(inked) < 2:
        return None
    first, end = int(inked[0]), int(inked[-1]) + 1
    middle, reach = (first + end) / 2, (end - first) * _MIDDLE_SHARE / 2
    cuts = np.arange(first + 1, end)
    away = np.abs(cuts - middle)
    cuts, away = cuts[away <= max(reach, 0.5)], away[away <= max(reach, 0.5)]
    cut = int(cuts[np.argmin(ink[cuts] + _CUT_AWAY * away)])
    return image[:, :cut], image[:, cut:]


def _ink(grey: NDArray[np.uint8]) -> Floats:
    return 1.0 - grey / float(_PAPER)


def _halved(ink: Floats) -> Floats:
    """Means of 2 x 2 pixels: what is blurred anyway needs no more, at a quarter of the time."""
    even = np.pad(ink, [(0, side % 2) for side in ink.shape])
    return np.asarray((even[::2, ::2] + even[1::2, ::2] + even[::2, 1::2] + even[1::2, 1::2]) / 4.0)


def _at_one_stroke_width(grey: NDArray[np.uint8], ink: Floats) -> NDArray[np.uint8]:
    """A line's height depends on which letters it has; its pen does not.

    The mean width of the strokes is their area over half their outline, which is the sum of all
    grey steps.
    """
    outline = float(np.hypot(*np.gradient(ink)).sum())
    width = 2.0 * float(ink.sum()) / outline
    scale = float(np.clip(_STROKE_WIDTH / width, _LEAST_SCALE, _MOST_SCALE))
    size = tuple(max(1, round(side * scale)) for side in (grey.shape[1], grey.shape[0]))
    return np.asarray(Image.fromarray(grey).resize(size, Image.Resampling.BICUBIC))


def _box_with_frame(marks: NDArray[np.bool_]) -> tuple[slice, slice]:
    """Cutting to the ink is what makes cells and runs start where the text starts."""
    rows = np.flatnonzero(marks.any(axis=1))
    columns = np.flatnonzero(marks.any(axis=0))
    return (
        slice(rows[0] - _FRAME, rows[-1] + _FRAME + 1),
        slice(columns[0] - _FRAME, columns[-1] + _FRAME + 1),
    )
