"""Local binary patterns at the ink: how edges look close by, at two scales."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.feature import local_binary_pattern

_RADII: Final = (1, 2)
_NEIGHBOURS: Final = 8
_PATTERNS: Final = _NEIGHBOURS * (_NEIGHBOURS - 1) + 3
_GREY_STEP: Final = 32
"""A step of grey that no eye sees would otherwise decide a pattern on flat ink and paper."""


def pattern_shares(grey: NDArray[np.uint8], marks: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Root shares of the uniform patterns among pixels on or beside the ink, for each radius."""
    near_ink = ndimage.binary_dilation(marks)
    quiet = grey // _GREY_STEP
    shares = []
    for radius in _RADII:
        codes = local_binary_pattern(  # type: ignore[no-untyped-call]  # scikit-image has no types
            quiet, _NEIGHBOURS, radius, method="nri_uniform"
        )
        counts = np.bincount(codes[near_ink].astype(np.intp), minlength=_PATTERNS)
        shares.append(np.sqrt(counts / max(1, counts.sum())))
    return np.concatenate(shares)
