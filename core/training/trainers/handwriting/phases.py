"""Phases of the lowest waves in a small window at the ink: how strokes sit beside each other."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

_WINDOW: Final = 9
_NEAR: Final = 2
"""Pixels from the ink within which paper counts: it is the white between strokes that tells."""
_SILENT: Final = 1e-6
"""A wave this weak is rounding: plain ink or paper has no phase."""
_SIGNS: Final = 8
_MIRRORED: Final = 0b10101010
"""The signs that turn over when the window is turned by half a turn."""

Floats = NDArray[np.float64]
Waves = NDArray[np.complex128]


def phase_shares(ink: Floats, marks: NDArray[np.bool_]) -> Floats:
    """Root shares of the phase patterns; one and the same pattern turned half around is one."""
    near_ink = ndimage.binary_dilation(marks, iterations=_NEAR)
    counts = np.bincount(_codes(ink)[near_ink], minlength=2**_SIGNS)
    codes = np.arange(2**_SIGNS)
    firsts = codes[codes < codes ^ _MIRRORED]
    folded = counts[firsts] + counts[firsts ^ _MIRRORED]
    return np.asarray(np.sqrt(folded / max(1, int(folded.sum()))))


def _codes(ink: Floats) -> NDArray[np.intp]:
    """Signs of the real and imaginary parts of four waves, a bit each."""
    wave = np.exp(-2j * np.pi * (np.arange(_WINDOW) - _WINDOW // 2) / _WINDOW)
    upright = ndimage.convolve1d(ink, wave, axis=0)
    real, imaginary = (ndimage.convolve1d(part, wave, axis=1) for part in _parts(upright))
    waves = (
        ndimage.convolve1d(_summed(ink, axis=0), wave, axis=1),
        _summed(upright.real, axis=1) + 1j * _summed(upright.imag, axis=1),
        real + 1j * imaginary,
        real.conj() + 1j * imaginary.conj(),
    )
    codes = np.zeros(ink.shape, dtype=np.intp)
    for place, part in enumerate(part for found in waves for part in _parts(found)):
        codes |= (part > _SILENT).astype(np.intp) << place
    return codes


def _parts(found: Waves) -> tuple[Floats, Floats]:
    return found.real, found.imag


def _summed(values: Floats, axis: int) -> Floats:
    return np.asarray(ndimage.uniform_filter1d(values, _WINDOW, axis=axis)) * _WINDOW
