"""Handwriting drawn by rule, for a demo workspace: hands, letters and a pen; no real person's."""

from core.training.drawing.line import draw_line
from core.training.drawing.writer import Writer

__all__ = ["Writer", "draw_line"]
