"""The name of the features' numbers, readable without loading what computes them."""

from __future__ import annotations

from typing import Final

EXTRACTOR_VERSION: Final = "strokes-2"
"""Changes with every change of the numbers: models and caches of another version do not mix."""
