"""Lines drawn by made-up hands, for tests that need images a model can tell apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw


def drawn_line(student: int, number: int, file: Path) -> None:
    """A zigzag whose slant, height and pen are the student's, and whose steps are its own."""
    rng = np.random.default_rng([student, number])
    image = Image.new("L", (240, 64), 255)
    pen = ImageDraw.Draw(image)
    slant, height, width = (student - 2) * 6, 14 + 5 * (student % 3), 2 + student % 4
    x = 12.0
    while x < 220:
        step = rng.uniform(8, 14)
        top, bottom = (x + slant, 32 - height), (x, 32 + height)
        pen.line([bottom, top, (x + step, 32 + rng.uniform(-6, 6))], fill=0, width=width)
        x += step + rng.uniform(4, 10)
    image.save(file)
