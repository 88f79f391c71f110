"""Writes a handful of letters in a given hand onto paper; keeps no file."""

from __future__ import annotations

import io
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.training.drawing.letters import LETTERS, Letter
from core.training.drawing.pen import Trace, inked
from core.training.drawing.writer import Writer

_EDGE: Final = 14
"""Pixels of paper around the text."""
_FEWEST_LETTERS: Final = 5
_MOST_LETTERS: Final = 7
_TALL: Final = 1.5
"""Where letters that reach higher than this begin, there may be a loop."""

Floats = NDArray[np.float64]


def draw_line(writer: Writer, rng: np.random.Generator) -> bytes:
    """A PNG of a few letters chosen by `rng`: the same hand never writes a line twice alike."""
    count = int(rng.integers(_FEWEST_LETTERS, _MOST_LETTERS + 1))
    text = "".join(rng.choice(list(LETTERS), count))
    paths = _written(writer, text, rng)
    points = np.vstack(paths)
    left, top = points[:, 0].min(), points[:, 1].max()
    placed = [(path - (left, top)) * (writer.size, -writer.size) + _EDGE for path in paths]
    width, height = np.ceil(np.ptp(points, axis=0) * writer.size).astype(int) + 2 * _EDGE
    ink = inked(placed, writer, (int(height), int(width)))
    return _png(_on_paper(ink, rng))


def _written(writer: Writer, text: str, rng: np.random.Generator) -> list[Trace]:
    """The pen's paths for `text`, in heights of a small letter, upwards from the line."""
    paths: list[Trace] = []
    trunk = 0  # the path that the next letter is joined to: never a dot or a bar
    start, drift = 0.0, rng.normal(0.0, 0.02)
    for name in text:
        letter = LETTERS[name]
        size = 1.0 + rng.normal(0.0, writer.wobble)
        lift = start * drift + rng.normal(0.0, writer.wobble)
        strokes = [
            stroke * size + (start, lift) for stroke in _in_this_hand(writer, name, letter, rng)
        ]
        if writer.joins and paths:
            joint = _join(paths[trunk][-1], strokes[0][0])
            paths[trunk] = np.vstack([paths[trunk], joint, strokes.pop(0)])
        else:
            trunk = len(paths)
        paths.extend(strokes)
        start += letter.advance * writer.width + writer.spacing + rng.normal(0.0, writer.wobble)
    return [_slanted(path, writer) for path in paths]


def _in_this_hand(
    writer: Writer, name: str, letter: Letter, rng: np.random.Generator
) -> list[Floats]:
    """The letter's points after habit, chance and proportion."""
    habits = writer.habit(name, sum(map(len, letter.strokes)))
    strokes, done = [], 0
    for stroke in letter.strokes:
        points = np.array(stroke) + habits[done : done + len(stroke)]
        points += rng.normal(0.0, writer.wobble, points.shape)
        done += len(stroke)
        strokes.append(_with_loop(_proportioned(points, writer), writer))
    return strokes


def _proportioned(points: Floats, writer: Writer) -> Floats:
    """Wide or narrow; what leaves the band of small letters is stretched by the reach."""
    right, up = points.T
    beyond = np.where(up > 1.0, up - 1.0, np.minimum(up, 0.0))
    return np.column_stack([right * writer.width, up + beyond * (writer.reach - 1.0)])


def _with_loop(points: Floats, writer: Writer) -> Floats:
    """A tall letter of a looping hand is begun from below, up its right side."""
    first = points[0]
    if first[1] < _TALL or writer.loops == 0.0:
        return points
    rise = np.array([(-0.15, -1.15), (writer.loops * 0.75, -0.55), (writer.loops * 0.6, -0.12)])
    return np.vstack([first + rise, points])


def _join(end: Floats, start: Floats) -> Floats:
    """A hanging curve between two letters."""
    middle = (end + start) / 2.0
    middle[1] = min(end[1], start[1]) + 0.15 * abs(end[1] - start[1])
    return middle[None, :]


def _slanted(points: Floats, writer: Writer) -> Floats:
    return np.column_stack([points[:, 0] + writer.slant * points[:, 1], points[:, 1]])


def _on_paper(ink: Floats, rng: np.random.Generator) -> NDArray[np.uint8]:
    """As a scanner sees it: paper not quite white, light not quite even, a little grain."""
    height, width = ink.shape
    light = rng.uniform(238.0, 250.0) + np.linspace(0.0, rng.uniform(-6.0, 6.0), width)[None, :]
    darkness = rng.uniform(25.0, 60.0)
    grey = light * (1.0 - ink) + darkness * ink + rng.normal(0.0, 1.5, (height, width))
    return np.asarray(np.clip(np.rint(grey), 0, 255), dtype=np.uint8)


def _png(grey: NDArray[np.uint8]) -> bytes:
    packed = io.BytesIO()
    Image.fromarray(grey).save(packed, format="PNG")
    return packed.getvalue()
