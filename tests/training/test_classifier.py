"""The classifier: sums that add and take away exactly, and the answers they give."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.training.trainers.handwriting.classifier import Statistics
from core.training.trainers.handwriting.scorer import Scorer, best

Floats = npt.NDArray[np.float64]


def some_samples(
    seed: int, students: int, count: int, features: int = 12
) -> tuple[list[str], Floats]:
    """Samples with features as uneven as real ones: far from zero, tiny, and never varying."""
    rng = np.random.default_rng(seed)
    hands = rng.normal(size=(students, features))
    writers = rng.integers(0, students, count)
    rows = hands[writers] + 0.8 * rng.normal(size=(count, features))
    rows = rows * np.geomspace(1e-4, 1e2, features) + np.linspace(0.0, 500.0, features)
    rows[:, 3] = 0.1
    return [f"student-{writer:02}" for writer in writers], rows


def some_contrasts(rows: Floats) -> Floats:
    """As real ones: of the size of the features' spread, and none where they never vary."""
    rng = np.random.default_rng(len(rows))
    return rng.normal(size=rows.shape) * rows.std(axis=0)


def fitted(labels: list[str], rows: Floats, contrasts: Floats | None = None) -> Statistics:
    return Statistics.empty(rows.shape[1]).add(labels, rows, contrasts)


def assert_same_answers(
    one: Statistics, other: Statistics, rows: Floats, tolerance: float = 1e-9
) -> None:
    """Equal scores, to a share of the largest."""
    left, right = one.solve(), other.solve()
    assert left.classes == right.classes
    expected = right.scores(rows)
    largest = max(1.0, np.abs(expected).max(initial=0.0))
    np.testing.assert_allclose(left.scores(rows), expected, rtol=0, atol=tolerance * largest)
    np.testing.assert_allclose(left.shares(rows), right.shares(rows), rtol=0, atol=1e-6)


cases = {
    "seed": st.integers(0, 10_000),
    "students": st.integers(1, 8),
    "count": st.integers(2, 60),
    "cut": st.floats(0, 1),
}


@settings(deadline=None)  # other work on the machine proves nothing
@given(**cases)
def test_that_adding_in_two_steps_equals_fitting_the_union(
    seed: int, students: int, count: int, cut: float
) -> None:
    labels, rows = some_samples(seed, students, count)
    contrasts = some_contrasts(rows)
    first = int(cut * count)
    stepwise = fitted(labels[:first], rows[:first], contrasts[:first]).add(
        labels[first:], rows[first:], contrasts[first:]
    )
    assert_same_answers(stepwise, fitted(labels, rows, contrasts), rows)


@settings(deadline=None)  # other work on the machine proves nothing
@given(**cases)
def test_that_removed_samples_leave_no_trace(
    seed: int, students: int, count: int, cut: float
) -> None:
    labels, rows = some_samples(seed, students, count)
    kept = max(1, int(cut * count))
    contrasts = some_contrasts(rows)
    unlearned = fitted(labels, rows, contrasts).remove(labels[kept:], rows[kept:], contrasts[kept:])
    expected = fitted(labels[:kept], rows[:kept], contrasts[:kept])
    # Two samples that happen to agree in a feature leave a small difference of large sums.
    assert_same_answers(unlearned, expected, rows, tolerance=1e-6)


@settings(deadline=None)  # other work on the machine proves nothing
@given(**cases)
def test_that_the_order_of_samples_does_not_matter(
    seed: int, students: int, count: int, cut: float
) -> None:
    labels, rows = some_samples(seed, students, count)
    order = np.random.default_rng(seed + int(cut * 100)).permutation(count)
    shuffled = fitted([labels[place] for place in order], rows[order])
    assert_same_answers(shuffled, fitted(labels, rows), rows)


@settings(deadline=None)  # other work on the machine proves nothing
@given(**cases)
def test_that_a_stored_model_gives_the_same_scores(
    seed: int, students: int, count: int, cut: float
) -> None:
    labels, rows = some_samples(seed, students, count)
    statistics = fitted(labels, rows)
    restored = Statistics.from_arrays(statistics.classes, statistics.to_arrays())
    np.testing.assert_array_equal(restored.products, statistics.products)
    np.testing.assert_array_equal(restored.solve().scores(rows), statistics.solve().scores(rows))


def test_that_removing_every_sample_leaves_an_empty_model() -> None:
    labels, rows = some_samples(1, students=3, count=9)
    emptied = fitted(labels, rows).remove(labels, rows)
    assert emptied.classes == ()
    assert_same_answers(emptied.add(labels, rows), fitted(labels, rows), rows)


def test_that_more_samples_than_were_added_cannot_be_removed() -> None:
    statistics = fitted(["a", "b"], np.eye(2))
    with pytest.raises(ValueError, match="class a has 1 samples, not 2"):
        statistics.remove(["a", "a"], np.zeros((2, 2)))
    with pytest.raises(ValueError, match="class c has 0 samples, not 1"):
        statistics.remove(["c"], np.zeros((1, 2)))


def test_that_features_must_be_finite_and_fit() -> None:
    with pytest.raises(ValueError, match="finite"):
        Statistics.empty(2).add(["a"], [[np.nan, 0.0]])
    with pytest.raises(ValueError, match="shape"):
        Statistics.empty(2).add(["a"], [[1.0, 2.0, 3.0]])


def test_that_scores_are_those_of_shrunk_discriminant_analysis() -> None:
    labels, rows = some_samples(5, students=4, count=40)
    contrasts = np.delete(some_contrasts(rows), 3, axis=1) / 2.0
    names = sorted(set(labels))
    rows = np.delete(rows, 3, axis=1)
    spread = np.concatenate([rows - rows.mean(axis=0), contrasts])
    scale = np.sqrt(np.square(spread).sum(axis=0) / len(labels)) ** 0.8
    scaled, beside = (rows - rows.mean(axis=0)) / scale, contrasts / scale
    of = {name: scaled[[label == name for label in labels]] for name in names}
    means = np.array([of[name].mean(axis=0) for name in names])
    scatter = sum(
        (of[name] - of[name].mean(axis=0)).T @ (of[name] - of[name].mean(axis=0)) for name in names
    )
    within = (scatter + beside.T @ beside) / (len(labels) - len(names))
    shrunk = 0.3 * within + 0.7 * np.trace(within) / len(within) * np.eye(len(within))
    weights = np.linalg.solve(shrunk, means.T)
    expected = scaled @ weights - 0.5 * (means * weights.T).sum(axis=1)
    # Twice as far at a quarter of the weight.
    scorer = fitted(labels, rows, 2.0 * contrasts).solve()
    np.testing.assert_allclose(scorer.scores(rows), expected, atol=1e-9)


def test_that_what_differs_within_a_line_counts_less_between_writers() -> None:
    """Two features tell the students apart alike; the first changes with the words."""
    rows = np.array([[0.0, 0.0], [0.1, 0.1], [1.0, 1.0], [1.1, 1.1]])
    wavering = np.array([[2.0, 0.0]] * 4)
    labels = ["a", "a", "b", "b"]
    undecided = np.array([[1.1, 0.2]])
    (plain,) = fitted(labels, rows).solve().shares(undecided)
    (warned,) = fitted(labels, rows, wavering).solve().shares(undecided)
    assert plain[1] > 0.5 > warned[1]


def test_that_one_sample_each_means_the_nearest_prototype() -> None:
    prototypes = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0]])
    scorer = fitted(["a", "b", "c"], prototypes).solve()
    assert named_first(scorer, prototypes + 0.9) == ["a", "b", "c"]


def test_that_repeated_samples_without_any_spread_mean_the_nearest_prototype() -> None:
    rows = np.array([[0.0, 1.0], [0.0, 1.0], [3.0, 0.0], [3.0, 0.0]])
    scorer = fitted(["a", "a", "b", "b"], rows).solve()
    assert named_first(scorer, rows) == ["a", "a", "b", "b"]


def test_that_a_single_student_is_always_the_answer() -> None:
    rows = np.array([[1.0, 2.0], [2.0, 1.0], [0.0, 0.0]])
    scorer = fitted(["a", "a", "a"], rows).solve()
    assert named_first(scorer, rows + 100.0) == ["a", "a", "a"]
    assert np.isfinite(scorer.scores(rows)).all()


def test_that_students_without_any_difference_score_the_same() -> None:
    scorer = fitted(["a", "b"], np.ones((2, 3))).solve()
    np.testing.assert_array_equal(scorer.scores(np.ones((1, 3))), [[0.0, 0.0]])


def test_that_an_empty_model_has_no_answer() -> None:
    scorer = Statistics.empty(3).solve()
    assert scorer.scores(np.ones((2, 3))).shape == (2, 0)


def named_first(scorer: Scorer, rows: Floats) -> list[str]:
    return [scorer.classes[place] for place in best(scorer.scores(rows), 1)[:, 0]]
