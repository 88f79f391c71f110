"""Fair share: priority, then the school that has had least, then the oldest."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from core.domain.fair_share import Contender, Share, for_slots, next_for_slot

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def _contender(
    execution_id: int, school_id: int | None = 1, *, priority: int = 0, age: int = 0
) -> Contender:
    return Contender(execution_id, school_id, priority, NOON - timedelta(minutes=age))


contenders = st.lists(
    st.builds(
        Contender,
        st.integers(1, 999),
        st.none() | st.integers(1, 4),
        st.integers(-2, 2),
        st.integers(0, 60).map(lambda age: NOON - timedelta(minutes=age)),
    ),
    max_size=30,
    unique_by=lambda each: each.execution_id,
)
shares = st.dictionaries(
    st.none() | st.integers(1, 4), st.builds(Share, st.integers(0, 5), st.integers(0, 5))
)


def test_that_nobody_waiting_means_nobody_starts() -> None:
    assert next_for_slot([], {}) is None
    assert for_slots([], {}, 3) == ()


def test_that_priority_comes_before_fairness_and_age() -> None:
    urgent = _contender(3, 1, priority=1)
    waiting = [_contender(1, 2, age=50), urgent, _contender(2, 1, age=60)]
    assert next_for_slot(waiting, {1: Share(2, 9)}) is urgent


def test_that_the_school_that_had_least_comes_before_the_oldest() -> None:
    poor = _contender(2, 2)
    assert next_for_slot([_contender(1, 1, age=60), poor], {1: Share(0, 1)}) is poor


def test_that_a_training_that_began_long_ago_counts_while_it_runs() -> None:
    idle = _contender(2, 2)
    had: dict[int | None, Share] = {
        1: Share(running=2, recent_starts=0),
        2: Share(running=0, recent_starts=1),
    }
    assert next_for_slot([_contender(1, 1, age=60), idle], had) is idle


def test_that_among_schools_that_had_the_same_the_one_without_a_running_one_comes_first() -> None:
    free = _contender(2, 2)
    found = next_for_slot([_contender(1, 1, age=60), free], {1: Share(1, 1), 2: Share(0, 1)})
    assert found is free


def test_that_within_a_school_the_oldest_comes_first_then_the_lower_number() -> None:
    oldest = _contender(5, age=9)
    waiting = [_contender(1, age=3), _contender(6, age=9), oldest]
    assert next_for_slot(waiting, {}) is oldest


def test_that_a_task_of_all_schools_takes_its_turn_like_a_school() -> None:
    everybody = _contender(9, None)
    waiting = [_contender(1, 1, age=60), _contender(2, 1, age=59), everybody]
    assert for_slots(waiting, {}, 2)[1] is everybody


@given(contenders, shares, st.randoms())
def test_that_the_choice_does_not_depend_on_the_order_of_the_rows(
    waiting: list[Contender], had: dict[int | None, Share], random: Random
) -> None:
    shuffled = list(waiting)
    random.shuffle(shuffled)
    assert for_slots(shuffled, had, 9) == for_slots(waiting, had, 9)


@given(contenders, shares)
def test_that_nobody_is_left_out_and_priority_never_rises(
    waiting: list[Contender], had: dict[int | None, Share]
) -> None:
    order = for_slots(waiting, had, len(waiting) + 1)
    assert sorted(each.execution_id for each in order) == sorted(
        each.execution_id for each in waiting
    )
    priorities = [each.priority for each in order]
    assert priorities == sorted(priorities, reverse=True)


@given(contenders)
def test_that_no_school_gets_a_second_turn_while_another_of_equal_priority_waits_for_its_first(
    waiting: list[Contender],
) -> None:
    """Nor a third before its second, and so on."""
    level = [Contender(each.execution_id, each.school_id, 0, each.queued_at) for each in waiting]
    order = for_slots(level, {}, len(level))
    for position, each in enumerate(order):
        turns = Counter(earlier.school_id for earlier in order[:position])
        still_waiting = {later.school_id for later in order[position:]}
        assert all(turns[each.school_id] <= turns[school] for school in still_waiting)


@given(contenders, shares)
def test_that_a_richer_school_never_starts_before_a_poorer_one(
    waiting: list[Contender], had: dict[int | None, Share]
) -> None:
    chosen = next_for_slot(waiting, had)
    if chosen is not None:
        least = min(
            had.get(each.school_id, Share()).had
            for each in waiting
            if each.priority == chosen.priority
        )
        assert had.get(chosen.school_id, Share()).had == least
