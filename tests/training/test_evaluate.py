"""The split by capture date, and what the numbers of a judged model say."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.training.evaluate import (
    MOST_HELD_OUT,
    held_out,
    judge,
    metrics_of,
    per_student,
    worst_pairs,
)
from core.training.model_description import SeenSample

FIRST_DAY = date(2025, 1, 1)


def seen(days: dict[str, list[int]]) -> list[SeenSample]:
    """Samples of students by day number; ids count from 0 in the order given."""
    flat = [(student, day) for student, numbers in days.items() for day in numbers]
    return [
        SeenSample(number, student, f"{number:064}", FIRST_DAY + timedelta(days=day))
        for number, (student, day) in enumerate(flat)
    ]


schools = st.dictionaries(
    st.sampled_from(["an", "bo", "chen"]),
    st.lists(st.integers(0, 12), min_size=1, max_size=60),
    max_size=3,
)


def test_that_the_newest_dates_are_held_out_until_they_are_a_fifth() -> None:
    assert held_out(seen({"an": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]})) == {8, 9}
    assert held_out(seen({"an": [1, 2, 3, 4, 5, 5, 5, 5, 5, 5]})) == {4, 5, 6, 7, 8, 9}


def test_that_a_student_with_one_date_holds_nothing_out() -> None:
    assert held_out(seen({"an": [4, 4, 4, 4], "bo": [1, 2]})) == {5}


@settings(deadline=None)  # other work on the machine proves nothing
@given(schools)
def test_that_every_student_keeps_the_oldest_date_and_no_date_is_torn(
    days: dict[str, list[int]],
) -> None:
    samples = seen(days)
    ids = held_out(samples)
    held: defaultdict[str, set[date]] = defaultdict(set)
    kept: defaultdict[str, set[date]] = defaultdict(set)
    for sample in samples:
        (held if sample.sample_id in ids else kept)[sample.student].add(sample.captured_on)
    for student, numbers in days.items():
        assert kept[student]
        assert all(day > max(kept[student]) for day in held[student])
        assert bool(held[student]) == (len(set(numbers)) > 1)


@settings(deadline=None)  # other work on the machine proves nothing
@given(schools, st.randoms(use_true_random=False))
def test_that_the_split_does_not_depend_on_the_order(
    days: dict[str, list[int]], shuffler: random.Random
) -> None:
    samples = seen(days)
    shuffled = list(samples)
    shuffler.shuffle(shuffled)
    assert held_out(samples) == held_out(shuffled)


def test_that_a_student_with_very_many_samples_holds_out_no_more_than_is_useful() -> None:
    assert len(held_out(seen({"an": list(range(500))}))) == MOST_HELD_OUT


SCORES = np.array([[3.0, 2.0, 1.0], [3.0, 2.0, 1.0], [1.0, 2.0, 3.0], [2.0, 3.0, 1.0]])
CLASSES = ["an", "bo", "chen"]
WRITERS = ["an", "bo", "chen", "an"]


def test_that_shares_count_samples_whose_student_is_among_the_first() -> None:
    judgement = judge(CLASSES, SCORES, WRITERS)
    assert judgement.share_within(1) == 0.5
    assert judgement.share_within(2) == 1.0
    assert judgement.share_within(1, places=[0, 2]) == 1.0


def test_that_a_student_the_model_does_not_know_is_never_right() -> None:
    judgement = judge(["an"], np.zeros((1, 1)), ["new"])
    assert judgement.share_within(5) == 0.0


def test_that_a_model_that_cannot_tell_students_apart_is_not_right() -> None:
    judgement = judge(CLASSES, np.zeros((3, 3)), CLASSES)
    assert judgement.share_within(1) == 0.0


def test_that_nothing_held_out_means_no_numbers_rather_than_zeros() -> None:
    nothing = judge(CLASSES, np.zeros((0, 3)), [])
    metrics = metrics_of([], nothing, nothing, known=CLASSES)
    assert metrics["held_out"] == 0
    assert {metrics[name] for name in ("top1", "top5", "champion_top1", "known_top1")} == {None}


def test_that_a_champion_is_also_compared_on_the_students_it_knows() -> None:
    champion = judge(["an"], np.zeros((4, 1)), WRITERS)
    metrics = metrics_of(WRITERS, judge(CLASSES, SCORES, WRITERS), champion, known=["an"])
    assert (metrics["champion_top1"], metrics["top1"]) == (0.5, 0.5)
    assert metrics["known_held_out"] == 2
    assert (metrics["known_champion_top1"], metrics["known_top1"]) == (1.0, 0.5)


def test_that_students_are_listed_worst_first() -> None:
    rows = per_student(WRITERS, judge(CLASSES, SCORES, WRITERS), None)
    assert [(row["student"], row["held_out"], row["top1"]) for row in rows] == [
        ("bo", 1, 0.0),
        ("an", 2, 0.5),
        ("chen", 1, 1.0),
    ]


def test_that_the_most_confused_pair_comes_first() -> None:
    scores = np.array([[0.0, 1.0], [0.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
    students = ["an", "an", "bo", "bo"]
    assert worst_pairs(students, judge(["an", "bo"], scores, students)) == [
        {"student": "an", "taken_for": "bo", "count": 2},
        {"student": "bo", "taken_for": "an", "count": 1},
    ]
