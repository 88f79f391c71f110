"""Scores and shares of a fitted model: one order, and a trust that suits new lines."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.training.trainers.handwriting.classifier import Statistics
from core.training.trainers.handwriting.scorer import best


def lines(hands: np.ndarray, count: int, noise: float, seed: int) -> tuple[list[str], np.ndarray]:
    """`count` lines of each hand, with as much chance in every feature."""
    rng = np.random.default_rng(seed)
    rows = np.repeat(hands, count, axis=0) + noise * rng.normal(
        size=(len(hands) * count, hands.shape[1])
    )
    return [f"student-{place // count:02}" for place in range(len(rows))], rows


@given(seed=st.integers(0, 1000), students=st.integers(1, 9), noise=st.floats(0.1, 20.0))
def test_that_shares_sum_to_one_in_the_order_of_the_scores(
    seed: int, students: int, noise: float
) -> None:
    hands = np.random.default_rng(seed).normal(size=(students, 15))
    scorer = Statistics.empty(15).add(*lines(hands, 4, noise, seed)).solve()
    _labels, fresh = lines(hands, 3, noise, seed + 1)
    shares, scores = scorer.shares(fresh), scorer.scores(fresh)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    ordered = np.take_along_axis(shares, best(scores, students), axis=1)
    assert (np.diff(ordered, axis=1) <= 0.0).all()


def test_that_how_sure_a_model_is_does_not_grow_with_the_number_of_features() -> None:
    """Raw discriminants would be sure of everything: each copied feature adds to their distance."""
    hands = np.random.default_rng(1).normal(size=(6, 40))
    labels, rows = lines(hands, 6, 3.0, 2)
    _labels, fresh = lines(hands, 6, 3.0, 3)
    few, many = (
        Statistics.empty(40 * copies).add(labels, np.tile(rows, copies)).solve()
        for copies in (1, 8)
    )
    trust = few.shares(fresh).max(axis=1), many.shares(np.tile(fresh, 8)).max(axis=1)
    distances = np.ptp(few.scores(fresh)), np.ptp(many.scores(np.tile(fresh, 8)))
    assert distances[1] > 2.0 * distances[0]
    assert trust[1].mean() == pytest.approx(trust[0].mean(), abs=0.1)


def test_that_a_line_between_two_writers_is_trusted_to_neither() -> None:
    hands = np.random.default_rng(5).normal(size=(2, 30))
    scorer = Statistics.empty(30).add(*lines(hands, 8, 0.5, 6)).solve()
    (between,) = scorer.shares(hands.mean(axis=0)[None, :])
    (certain,) = scorer.shares(hands[:1])
    assert between.max() < certain.max()
    assert certain[0] > 0.99


def test_that_students_without_any_difference_share_alike() -> None:
    scorer = Statistics.empty(3).add(["a", "b"], np.ones((2, 3))).solve()
    np.testing.assert_array_equal(scorer.shares(np.ones((1, 3))), [[0.5, 0.5]])


@pytest.mark.parametrize(("labels", "expected"), [([], (2, 0)), (["a"], (2, 1))])
def test_that_models_of_no_or_one_student_answer_too(
    labels: list[str], expected: tuple[int, int]
) -> None:
    scorer = Statistics.empty(3).add(labels, np.ones((len(labels), 3))).solve()
    shares = scorer.shares(np.full((2, 3), 7.0))
    assert shares.shape == expected
    assert (shares == 1.0).all()


def test_that_the_best_come_first_and_ties_in_order_of_name() -> None:
    scores = np.array([[1.0, 5.0, 5.0, 2.0]])
    assert best(scores, 3).tolist() == [[1, 2, 3]]
    assert best(scores, 9).tolist() == [[1, 2, 3, 0]]
