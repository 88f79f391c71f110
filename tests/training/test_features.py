"""What the features of a line say, and what they do not."""

from __future__ import annotations

import io
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image, ImageDraw

from core.training.drawing import Writer, draw_line
from core.training.preparation import prepare
from core.training.trainers.handwriting.contours import hinge_shares
from core.training.trainers.handwriting.features import FEATURE_COUNT, extract, extract_row
from core.training.trainers.handwriting.forms import form_pairs
from core.training.trainers.handwriting.phases import phase_shares
from core.training.trainers.handwriting.pieces import piece_statistics
from core.training.trainers.handwriting.runs import run_length_shares
from core.training.trainers.handwriting.strokes import stroke_statistics
from core.training.trainers.handwriting.version import EXTRACTOR_VERSION

NUMBERS_OF_STROKES_2 = [101.5621, 717.3743, 54968.51]
ENDS, JUNCTIONS = 11, 12
"""Places in `stroke_statistics`, after nine shares of thickness and its two moments."""
LOOPS = 9 + 9 + 8 + 1 + 8
"""Place of the number of loops in `piece_statistics`."""


def a_line(writer: int = 3, number: int = 0) -> np.ndarray:
    source = draw_line(Writer.from_seed(writer), np.random.default_rng([writer, number]))
    with Image.open(io.BytesIO(prepare(source).png)) as image:
        return np.array(image)


def marks_of(*lines: list[tuple[int, int]], width: int = 5) -> np.ndarray:
    image = Image.new("L", (160, 64), 0)
    for line in lines:
        ImageDraw.Draw(image).line(line, fill=255, width=width)
    return np.array(image) > 0


def test_that_features_are_finite_and_as_many_as_promised() -> None:
    features = extract(a_line())
    assert features.shape == (FEATURE_COUNT,)
    assert features.dtype == np.float32
    assert np.isfinite(features).all()


@settings(max_examples=40, deadline=None)
@given(arrays(np.uint8, st.tuples(st.just(64), st.integers(1, 40)), elements=st.integers(0, 255)))
def test_that_any_image_has_finite_features(image: np.ndarray) -> None:
    row = extract_row(image)
    assert row.shape == (2 * FEATURE_COUNT,)
    assert np.isfinite(row).all()


@pytest.mark.parametrize("width", [1, 7, 1024])
@pytest.mark.parametrize("grey", [0, 255])
def test_that_images_all_white_or_all_black_have_features_too(grey: int, width: int) -> None:
    features = extract(np.full((64, width), grey, dtype=np.uint8))
    assert np.isfinite(features).all()
    assert features.any() == (grey == 0)


def test_that_the_numbers_belong_to_this_version() -> None:
    """Who changes the numbers changes `EXTRACTOR_VERSION`, or old models would read nonsense."""
    down, right = np.mgrid[0:64, 0:180]
    waves = np.abs(down - 32 - 20 * np.sin(right / 9)) + np.abs(down - 32 - right / 6) ** 1.5
    features = extract(np.clip(waves * 16, 0, 255).astype(np.uint8)).astype(float)
    summary = [features.sum(), np.square(features).sum(), features @ np.arange(FEATURE_COUNT)]
    assert EXTRACTOR_VERSION == "strokes-2"
    assert summary == pytest.approx(NUMBERS_OF_STROKES_2, rel=1e-3)


def test_that_the_same_image_gives_the_same_numbers_in_another_process() -> None:
    program = (
        "import sys; from tests.training.test_features import a_line, extract;"
        "sys.stdout.buffer.write(extract(a_line()).tobytes())"
    )
    there = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout
    assert there == extract(a_line()).tobytes()


@given(left=st.integers(0, 90), right=st.integers(0, 90))
@settings(max_examples=15, deadline=None)
def test_that_it_does_not_matter_where_on_the_line_the_text_stands(left: int, right: int) -> None:
    moved = np.pad(a_line(), ((0, 0), (left, right)), constant_values=255)
    assert np.array_equal(extract_row(moved), extract_row(a_line()))


def test_that_a_hand_is_nearer_to_itself_than_to_others() -> None:
    features = np.array([[extract(a_line(hand, k)) for k in range(6)] for hand in range(5)])
    features /= features.reshape(30, -1).std(axis=0) + 1e-9
    own = np.linalg.norm(features[:, :3].mean(axis=1) - features[:, 3:].mean(axis=1), axis=1)
    centres = features.mean(axis=1)
    others = np.linalg.norm(centres[:, None] - centres[None], axis=2)[~np.eye(5, dtype=bool)]
    assert own.mean() < 0.75 * others.mean()


def test_that_ends_and_junctions_are_counted() -> None:
    cross = stroke_statistics(marks_of([(10, 10), (60, 55)], [(60, 10), (10, 55)]))
    stroke = stroke_statistics(marks_of([(10, 30), (150, 30)]))
    assert stroke[JUNCTIONS] == 0.0
    assert cross[JUNCTIONS] > 0.0
    assert cross[ENDS] > stroke[ENDS] > 0.0


def test_that_thick_strokes_are_told_from_thin_ones() -> None:
    thin, thick = (
        stroke_statistics(marks_of([(10, 30), (150, 30)], width=width))[9] for width in (3, 11)
    )
    assert thick > 2.5 * thin


def test_that_loops_are_counted() -> None:
    square = [(10, 10), (50, 10), (50, 50), (10, 50), (10, 10)]
    assert piece_statistics(marks_of(square))[LOOPS] == pytest.approx(100 / 160)
    assert piece_statistics(marks_of(square[:-1]))[LOOPS] == 0.0


def test_that_the_slant_shows_in_the_contours() -> None:
    left, right = (
        hinge_shares(marks_of([(80, 8), (80 + lean, 56)]).astype(float)) for lean in (-24, 24)
    )
    assert np.linalg.norm(left - right) > 0.5


def test_that_a_row_is_the_features_and_half_the_difference_of_the_halves() -> None:
    one, other = a_line(3, 0), a_line(3, 1)
    gap = np.full((64, 20), 255, dtype=np.uint8)
    row = extract_row(np.concatenate([one, gap, other[:, : one.shape[1]]], axis=1))
    halves = extract(one), extract(other[:, : one.shape[1]])
    np.testing.assert_allclose(row[FEATURE_COUNT:], (halves[0] - halves[1]) / 2, atol=1e-6)


def test_that_a_line_without_two_halves_has_no_contrasts() -> None:
    stroke = np.full((64, 30), 255, dtype=np.uint8)
    stroke[10:50, 7] = 0
    row = extract_row(stroke)
    assert row[:FEATURE_COUNT].any()
    assert not row[FEATURE_COUNT:].any()


def test_that_strokes_and_the_gaps_between_them_are_other_forms() -> None:
    bars = np.zeros((40, 90))
    bars[:, 10::12] = bars[:, 11::12] = 1.0
    assert np.linalg.norm(form_pairs(bars, 2.0) - form_pairs(1.0 - bars, 2.0)) > 0.3
    assert np.linalg.norm(form_pairs(bars, 2.0) - form_pairs(bars.T, 2.0)) > 0.3


def test_that_paper_has_no_form() -> None:
    assert not form_pairs(np.zeros((20, 30)), 2.0).any()


def test_that_a_line_turned_half_around_has_the_phases_it_had() -> None:
    marks = marks_of([(10, 10), (60, 55), (150, 20)])
    upright, turned, mirrored = (
        phase_shares(seen.astype(float), seen)
        for seen in (marks, marks[::-1, ::-1], marks[:, ::-1])
    )
    assert np.linalg.norm(turned - upright) < 0.05
    assert np.linalg.norm(mirrored - upright) > 0.2


def test_that_white_runs_count_between_ink_only() -> None:
    two_bars = np.zeros((10, 60), dtype=bool)
    two_bars[:, 20:22] = two_bars[:, 30:32] = True
    rows_black, rows_white = run_length_shares(two_bars).reshape(8, -1)[[0, 4]]
    assert np.flatnonzero(rows_black).tolist() == [1]  # all runs are two pixels
    assert np.flatnonzero(rows_white).tolist() == [7]  # eight or nine between
