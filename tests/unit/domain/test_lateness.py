"""Which planned instants run on time, are caught up, or are missed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.lateness import CATCH_UP_LIMIT, MISSED_ROWS_LIMIT, DueInstants, Judged, judge
from core.domain.task import CatchUpPolicy, Policies
from tests.builders import NOW

GRACE = 300


def ago(*seconds: int) -> tuple[datetime, ...]:
    """Instants before now, oldest first."""
    return tuple(NOW - timedelta(seconds=each) for each in sorted(seconds, reverse=True))


def due(*seconds: int) -> DueInstants:
    instants = ago(*seconds)
    return DueInstants(instants, 0, instants[0])


def judged(due_instants: DueInstants, policy: CatchUpPolicy, **policies: Any) -> Judged:
    return judge(due_instants, NOW, Policies(catch_up=policy, **policies))


def test_that_the_grace_is_inclusive() -> None:
    assert judged(due(GRACE), CatchUpPolicy.NONE).on_time == ago(GRACE)
    assert judged(due(GRACE + 1), CatchUpPolicy.NONE).missed == ago(GRACE + 1)


def test_that_latest_runs_the_newest_and_misses_the_rest() -> None:
    answer = judged(due(1000, 2000, 3000), CatchUpPolicy.LATEST)
    assert answer.caught_up == ago(1000)
    assert answer.missed == ago(2000, 3000)


def test_that_latest_catches_nothing_up_when_the_newest_is_on_time() -> None:
    answer = judged(due(10, 1000, 2000), CatchUpPolicy.LATEST)
    assert (answer.on_time, answer.caught_up) == (ago(10), ())
    assert answer.missed == ago(1000, 2000)


def test_that_none_misses_all_that_are_late() -> None:
    answer = judged(due(10, 1000, 2000), CatchUpPolicy.NONE)
    assert (answer.on_time, answer.missed) == (ago(10), ago(1000, 2000))


def test_that_all_runs_at_most_ten_and_keeps_the_newest() -> None:
    seconds = [1000 + 100 * k for k in range(CATCH_UP_LIMIT + 5)]
    answer = judged(due(*seconds), CatchUpPolicy.ALL)
    assert answer.caught_up == ago(*seconds[:CATCH_UP_LIMIT])
    assert answer.missed == ago(*seconds[CATCH_UP_LIMIT:])


@pytest.mark.parametrize("policy", [CatchUpPolicy.LATEST, CatchUpPolicy.ALL])
def test_that_nothing_older_than_the_window_is_caught_up(policy: CatchUpPolicy) -> None:
    answer = judged(due(5000, 9000), policy, catch_up_window_seconds=4999)
    assert (answer.caught_up, answer.missed) == ((), ago(5000, 9000))
    assert judged(due(5000), policy, catch_up_window_seconds=5000).caught_up == ago(5000)


def test_that_more_than_a_hundred_missed_become_one_counted_range() -> None:
    seconds = [1000 + k for k in range(MISSED_ROWS_LIMIT + 1)]
    answer = judged(due(*seconds), CatchUpPolicy.NONE)
    assert answer.missed == ()
    assert answer.missed_range is not None
    assert answer.missed_range.count == MISSED_ROWS_LIMIT + 1
    assert (answer.missed_range.first_at, answer.missed_range.last_at) == ago(1000, seconds[-1])


def test_that_a_hundred_missed_still_have_a_row_each() -> None:
    answer = judged(due(*(1000 + k for k in range(MISSED_ROWS_LIMIT))), CatchUpPolicy.NONE)
    assert (len(answer.missed), answer.missed_range) == (MISSED_ROWS_LIMIT, None)


def test_that_older_instants_that_were_only_counted_end_where_they_end() -> None:
    first, last = ago(400, 260)
    answer = judge(DueInstants(ago(1, 2), 40, first, last), NOW, Policies())
    assert answer.on_time == ago(1, 2)
    assert answer.missed_range is not None
    assert (answer.missed_range.count, answer.missed_range.last_at) == (40, last)


@given(
    st.sets(st.integers(0, 20 * 24 * 3600), min_size=1, max_size=150),
    st.sampled_from(CatchUpPolicy),
    st.integers(0, 7200),
)
def test_that_each_due_instant_has_exactly_one_place(
    seconds: set[int], policy: CatchUpPolicy, grace: int
) -> None:
    answer = judged(due(*seconds), policy, grace_seconds=grace)
    single = [*answer.on_time, *answer.caught_up, *answer.missed]
    counted = answer.missed_range.count if answer.missed_range else 0
    assert len(single) == len(set(single))
    assert len(single) + counted == len(seconds)
    assert all(NOW - instant <= timedelta(seconds=grace) for instant in answer.on_time)
