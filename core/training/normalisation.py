"""Grey pixels of any page become one tight line of dark ink on white; decodes no file."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

LINE_HEIGHT: Final = 64
MAX_LINE_WIDTH: Final = 1024

_MARGIN: Final = 2
"""White pixels around the ink, so that every stroke has both its edges."""
_WORKING_PIXELS: Final = 2_000_000
_PAPER_PIXELS: Final = 256
"""Longest side of the thumbnail on which paper is estimated: light changes slowly."""
_POLARITY_PIXELS: Final = 96
_DARKEST_PAPER: Final = 48.0
"""Grey level below which shade is not made up for: grain would become ink."""
_FAINTEST_INK: Final = 30.0
"""Grey levels below its paper at which a mark may still be ink."""
_NOISE_FACTOR: Final = 6.0
_MARK_SHARE: Final = 0.4
"""Of the deepest ink: a mark is at least so deep, so that what light leaves behind is none."""
_FEWEST_INK_PIXELS: Final = 12
_DUST_PIXELS: Final = 5
_DUST_SHARE: Final = 0.001
_PAPER_CUT: Final = 0.2
"""What is fainter than this share of full ink is paper: shadow, bleed-through, JPEG halo."""

Pixels = NDArray[np.float32]


def normalised_line(grey: Pixels) -> NDArray[np.uint8] | None:
    """The ink of `grey` (0 to 255), 0 = ink, 255 = paper, `LINE_HEIGHT` high; `None` if blank."""
    grey = _reduced(grey)
    depth = _depth_of_ink(grey)
    marks = _without_dust(depth > _threshold(depth))
    if np.count_nonzero(marks) < _FEWEST_INK_PIXELS or not _have_edges(marks, depth):
        return None
    full_ink = float(np.percentile(depth[marks], 75))
    ink = np.clip((depth / full_ink - _PAPER_CUT) / (1.0 - _PAPER_CUT), 0.0, 1.0)
    return _fitted(_cropped(ink, marks))


def _reduced(grey: Pixels) -> Pixels:
    """Photographs are shrunk before the costly steps; a line is 64 px high in the end."""
    excess = (grey.size / _WORKING_PIXELS) ** 0.5
    if excess <= 1.0:
        return grey
    height, width = grey.shape
    return _resized(grey, max(1, round(width / excess)), max(1, round(height / excess)))


def _depth_of_ink(grey: Pixels) -> Pixels:
    """How far each pixel departs from its paper towards the ink, whichever is the darker.

    In grey levels as on white paper: ink in the shade is as deep as ink in the light.
    """
    if not _ink_is_darker(_thumbnail(grey, _POLARITY_PIXELS)):
        grey = 255.0 - grey
    small = _paper(_thumbnail(grey, _PAPER_PIXELS))
    paper = np.maximum(_resized(small, grey.shape[1], grey.shape[0]), _DARKEST_PAPER)
    depth = (paper - grey) * (255.0 / paper)
    return np.asarray(depth - np.median(depth), dtype=np.float32)


def _thumbnail(grey: Pixels, longest: int) -> Pixels:
    height, width = grey.shape
    shrink = min(1.0, longest / max(height, width))
    return _resized(grey, max(1, round(width * shrink)), max(1, round(height * shrink)))


def _ink_is_darker(small: Pixels) -> bool:
    """Paper is the larger part everywhere; what departs far from it, up or down, is the ink."""
    around = ndimage.median_filter(small, size=_window(small), mode="nearest")
    return float(np.mean((small - around) ** 3)) <= 0.0


def _paper(small: Pixels) -> Pixels:
    """The light of the paper under dark ink: strokes are closed over, shadows and folds stay."""
    # Closing lifts the darker edge of a slope, so the slope is taken out and closed again.
    slope = _slope(_closed(small))
    return slope + _closed(small - slope)


def _closed(small: Pixels) -> Pixels:
    window = _window(small)
    closed = ndimage.grey_closing(small, size=window, mode="nearest")
    return np.asarray(ndimage.gaussian_filter(closed, window / 6.0, mode="nearest"))


def _slope(surface: Pixels) -> Pixels:
    """The quadratic surface nearest to `surface`."""
    y, x = np.meshgrid(*(np.linspace(-1.0, 1.0, side) for side in surface.shape), indexing="ij")
    terms = np.stack([np.ones_like(y), y, x, y * y, x * x, y * x])
    # The normal equations by einsum: a threaded lstsq in every child would fight for the cores.
    products = np.einsum("ihw,jhw->ij", terms, terms)
    weights = np.linalg.lstsq(products, np.einsum("ihw,hw->i", terms, surface), rcond=None)[0]
    return np.asarray(np.einsum("i,ihw->hw", weights, terms), dtype=np.float32)


def _window(small: Pixels) -> int:
    """Wider than any stroke, narrower than the light changes."""
    return max(3, int(min(small.shape) * 0.3))


def _threshold(depth: Pixels) -> float:
    """Between the grain of the paper and the ink; never so low that grain alone would pass."""
    grain = float(np.median(np.abs(depth - np.median(depth)))) * 1.4826
    floor = max(_FAINTEST_INK, _NOISE_FACTOR * grain)
    candidates = depth[depth > floor]
    if candidates.size == 0:
        return floor
    return max(floor, _MARK_SHARE * float(np.percentile(candidates, 98)))


def _without_dust(marks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Specks far from the text would stretch the crop; dots of letters are larger than dust."""
    labels, _count = ndimage.label(marks, structure=np.ones((3, 3), dtype=int))
    areas = np.bincount(labels.ravel())
    areas[0] = 0
    kept = areas >= max(_DUST_PIXELS, _DUST_SHARE * float(areas.sum()))
    return np.asarray(kept[labels], dtype=np.bool_)


def _have_edges(marks: NDArray[np.bool_], depth: Pixels) -> bool:
    """Ink ends within a few pixels; the remains of a shadow fade away slowly."""
    beside = ndimage.binary_dilation(marks, iterations=2)
    around = ndimage.binary_dilation(beside, iterations=3) & ~beside
    if not around.any():
        return True
    return float(depth[around].mean()) < 0.5 * float(depth[marks].mean())


def _cropped(ink: Pixels, marks: NDArray[np.bool_]) -> Pixels:
    """The box of the marks, and one pixel more, where a stroke fades into the paper."""
    rows = np.flatnonzero(marks.any(axis=1))
    columns = np.flatnonzero(marks.any(axis=0))
    return ink[max(0, rows[0] - 1) : rows[-1] + 2, max(0, columns[0] - 1) : columns[-1] + 2]


def _fitted(ink: Pixels) -> NDArray[np.uint8]:
    """Scale to the line height, or less where the line would be too wide, and add the margin."""
    height, width = ink.shape
    scale = min((LINE_HEIGHT - 2 * _MARGIN) / height, (MAX_LINE_WIDTH - 2 * _MARGIN) / width)
    fitted = _resized(ink, max(1, round(width * scale)), max(1, round(height * scale)))
    above = (LINE_HEIGHT - fitted.shape[0]) // 2
    below = LINE_HEIGHT - fitted.shape[0] - above
    padded = np.pad(np.clip(fitted, 0.0, 1.0), ((above, below), (_MARGIN, _MARGIN)))
    return np.asarray(np.rint(255.0 * (1.0 - padded)), dtype=np.uint8)


def _resized(pixels: Pixels, width: int, height: int) -> Pixels:
    image = Image.fromarray(np.ascontiguousarray(pixels, dtype=np.float32))
    return np.asarray(image.resize((width, height), Image.Resampling.BICUBIC), dtype=np.float32)
