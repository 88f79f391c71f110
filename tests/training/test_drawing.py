"""Drawn hands: repeatable, alike from line to line, and different from each other."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from core.training.drawing import Writer, draw_line
from core.training.drawing.letters import LETTERS
from core.training.preparation import PreparedImage, prepare
from core.training.trainers.handwriting.features import FEATURE_COUNT, extract

STUDENTS = 12
SEEN, UNSEEN = 8, 4


def a_prepared_line(seed: int, number: int) -> PreparedImage:
    return prepare(draw_line(Writer.from_seed(seed), np.random.default_rng([seed, number])))


def features(line: PreparedImage) -> np.ndarray:
    with Image.open(io.BytesIO(line.png)) as image:
        return extract(np.array(image)).astype(np.float64)


def test_that_the_same_seed_is_the_same_hand_and_draws_the_same_line() -> None:
    assert Writer.from_seed(5) == Writer.from_seed(5) != Writer.from_seed(6)
    first, second = (draw_line(Writer.from_seed(5), np.random.default_rng(9)) for _ in range(2))
    assert first == second


def test_that_no_line_is_drawn_twice() -> None:
    rng = np.random.default_rng(0)
    assert len({draw_line(Writer.from_seed(1), rng) for _ in range(6)}) == 6


@pytest.mark.parametrize("seed", range(30))
def test_that_every_hand_draws_a_png_that_becomes_a_sample(seed: int) -> None:
    source = draw_line(Writer.from_seed(seed), np.random.default_rng(seed))
    assert source.startswith(b"\x89PNG")
    line = prepare(source)
    assert 0.02 < line.ink_share < 0.5
    assert line.width > line.height


def test_that_no_ink_touches_the_edge_of_the_paper() -> None:
    for seed in range(10):
        source = draw_line(Writer.from_seed(seed), np.random.default_rng(seed))
        with Image.open(io.BytesIO(source)) as image:
            grey = np.array(image)
        edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
        assert edge.min() > 200


def test_that_each_letter_stays_between_ascender_and_descender() -> None:
    for letter in LETTERS.values():
        for stroke in letter.strokes:
            assert len(stroke) >= 2
            assert all(-1.0 < up < 2.0 and -0.2 < right < 1.5 for right, up in stroke)


@pytest.mark.slow
def test_that_a_model_tells_twelve_hands_apart_on_lines_it_has_not_seen() -> None:
    rows = np.array(
        [
            [features(a_prepared_line(seed, number)) for number in range(SEEN + UNSEEN)]
            for seed in range(STUDENTS)
        ]
    )
    rows /= rows.reshape(-1, FEATURE_COUNT).std(axis=0) + 1e-9
    centres = rows[:, :SEEN].mean(axis=1)
    unseen = rows[:, SEEN:].reshape(-1, FEATURE_COUNT)
    distances = np.linalg.norm(unseen[:, None] - centres[None], axis=2)
    right = distances.argmin(axis=1) == np.repeat(np.arange(STUDENTS), UNSEEN)
    assert right.mean() > 0.7
