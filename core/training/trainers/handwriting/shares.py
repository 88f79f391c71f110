"""Histograms as square roots of shares, which makes rare and common values weigh alike."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def root_shares(values: NDArray[np.generic], edges: NDArray[np.generic]) -> NDArray[np.float64]:
    """Roots of the shares of `values` between the `edges`; zeros if there is none."""
    counts, _ = np.histogram(values, edges)
    return np.asarray(np.sqrt(counts / max(1, int(counts.sum()))), dtype=np.float64)
