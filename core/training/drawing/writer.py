"""A hand: the habits in which one drawn student differs from the next; draws nothing itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Writer:
    """Habits that stay from line to line; lengths are in heights of a small letter."""

    seed: int
    slant: float
    """Right for each unit up."""
    width: float
    """Of the letters, beside the ordinary."""
    size: float
    """Height of a small letter in pixels of the scan."""
    reach: float
    """How far ascenders and descenders go, beside the ordinary."""
    spacing: float
    """Extra room after each letter."""
    roundness: float
    """0: corner after corner; 1: flowing."""
    loops: float
    """How wide the loops of tall letters are; 0: none."""
    joins: bool
    """Whether the pen stays down between letters."""
    pen: float
    """Radius of the pen."""
    nib: float
    """How much flatter than round the pen is, 0 to 1."""
    nib_angle: float
    pressure: float
    """How much harder downward strokes are pressed."""
    wobble: float
    """How unsteady the hand is from one letter to the next."""
    manner: float
    """How far this hand's own letter forms are from those taught."""

    @classmethod
    def from_seed(cls, seed: int) -> Self:
        """The same hand for the same seed."""
        draw = np.random.default_rng([seed, 0])
        return cls(
            seed=seed,
            slant=draw.uniform(-0.22, 0.5),
            width=draw.uniform(0.78, 1.35),
            size=draw.uniform(20.0, 30.0),
            reach=draw.uniform(0.75, 1.2),
            spacing=draw.uniform(0.04, 0.4),
            roundness=draw.uniform(0.4, 1.0),
            loops=max(0.0, draw.uniform(-0.35, 0.5)),
            joins=bool(draw.random() < 0.4),
            pen=draw.uniform(0.045, 0.105),
            nib=max(0.0, draw.uniform(-0.3, 0.7)),
            nib_angle=draw.uniform(0.0, np.pi),
            pressure=draw.uniform(0.0, 0.45),
            wobble=draw.uniform(0.015, 0.05),
            manner=draw.uniform(0.04, 0.1),
        )

    def habit(self, letter: str, points: int) -> NDArray[np.float64]:
        """How this hand always shifts the `points` of this letter."""
        own = np.random.default_rng([self.seed, 1, ord(letter)])
        return own.normal(0.0, self.manner, (points, 2))
