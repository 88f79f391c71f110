"""Overlap: what an arriving instant does to executions of its task that are still at work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.execution import ExecutionStatus
from core.domain.overlap import (
    QUEUE_LIMIT,
    Active,
    Arrangement,
    Queue,
    Skip,
    arrange,
    most_at_once,
)
from core.domain.task import OverlapPolicy

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
QUEUED, RUNNING, RETRYING = (
    ExecutionStatus.QUEUED,
    ExecutionStatus.RUNNING,
    ExecutionStatus.RETRYING,
)


def _at(hour: int) -> datetime:
    return NOON.replace(hour=hour)


def _active(execution_id: int, status: ExecutionStatus, hour: int | None = 10) -> Active:
    return Active(execution_id, status, None if hour is None else _at(hour))


def _arranged(policy: OverlapPolicy, *active: Active, limit: int = 2) -> Arrangement:
    return arrange(policy, limit, active, NOON)


actives = st.lists(
    st.builds(
        Active,
        st.integers(1, 99),
        st.sampled_from([QUEUED, RUNNING, RETRYING]),
        st.none() | st.integers(0, 23).map(_at),
    ),
    max_size=14,
    unique_by=lambda each: each.execution_id,
)


@pytest.mark.parametrize("policy", OverlapPolicy)
def test_that_nothing_at_work_lets_an_instant_in_under_every_policy(policy: OverlapPolicy) -> None:
    assert _arranged(policy) == Arrangement(Queue())


@pytest.mark.parametrize("status", [QUEUED, RUNNING, RETRYING])
def test_that_skip_names_the_one_it_gives_way_to(status: ExecutionStatus) -> None:
    blocking = _active(7, status)
    assert _arranged(OverlapPolicy.SKIP, blocking) == Arrangement(Skip(blocking))


def test_that_a_running_execution_is_named_before_a_waiting_one() -> None:
    running = _active(8, RUNNING)
    found = _arranged(OverlapPolicy.SKIP, _active(7, QUEUED), running, _active(9, RUNNING))
    assert found == Arrangement(Skip(running))


def test_that_queue_one_waits_behind_a_running_one() -> None:
    assert _arranged(OverlapPolicy.QUEUE_ONE, _active(1, RUNNING)) == Arrangement(Queue())


def test_that_queue_one_keeps_the_newest_waiting() -> None:
    found = _arranged(OverlapPolicy.QUEUE_ONE, _active(1, RUNNING), _active(2, QUEUED))
    assert found == Arrangement(Queue(), replaced=(2,))


def test_that_of_two_of_the_same_instant_the_arriving_one_is_the_newest() -> None:
    found = _arranged(OverlapPolicy.QUEUE_ONE, _active(2, QUEUED, NOON.hour))
    assert found == Arrangement(Queue(), replaced=(2,))


def test_that_queue_one_does_not_replace_a_waiting_one_by_an_older_instant() -> None:
    newer = _active(2, QUEUED, 13)
    assert _arranged(OverlapPolicy.QUEUE_ONE, newer) == Arrangement(Skip(newer))


def test_that_queue_all_takes_ten_and_skips_the_eleventh() -> None:
    running = _active(1, RUNNING)
    waiting = [_active(2 + number, QUEUED) for number in range(QUEUE_LIMIT)]
    assert _arranged(OverlapPolicy.QUEUE_ALL, running, *waiting[:-1]) == Arrangement(Queue())
    assert _arranged(OverlapPolicy.QUEUE_ALL, running, *waiting) == Arrangement(Skip(running))


def test_that_cancel_previous_stops_what_started_and_replaces_what_waits() -> None:
    found = _arranged(
        OverlapPolicy.CANCEL_PREVIOUS,
        _active(1, RUNNING),
        _active(2, RETRYING),
        _active(3, QUEUED),
    )
    assert found == Arrangement(Queue(), replaced=(3,), cancelled=(1, 2))


def test_that_cancel_previous_stops_nothing_for_an_older_instant() -> None:
    newer = _active(1, RUNNING, 13)
    assert _arranged(OverlapPolicy.CANCEL_PREVIOUS, newer) == Arrangement(Skip(newer))


def test_that_a_request_by_a_person_counts_as_the_newest() -> None:
    waiting = _active(1, QUEUED, 13)
    found = arrange(OverlapPolicy.QUEUE_ONE, 2, [waiting], None)
    assert found == Arrangement(Queue(), replaced=(1,))


@pytest.mark.parametrize(("limit", "fits"), [(1, False), (2, False), (3, True)])
def test_that_allow_counts_waiting_and_running_ones_up_to_its_limit(limit: int, fits: bool) -> None:
    running = _active(1, RUNNING)
    found = _arranged(OverlapPolicy.ALLOW, running, _active(2, QUEUED), limit=limit)
    assert found == Arrangement(Queue() if fits else Skip(running))


@pytest.mark.parametrize("policy", OverlapPolicy)
def test_that_only_allow_lets_several_run_at_once(policy: OverlapPolicy) -> None:
    assert most_at_once(policy, 4) == (4 if policy is OverlapPolicy.ALLOW else 1)


@given(st.sampled_from(OverlapPolicy), st.integers(1, 10), actives)
def test_that_a_skipped_arrival_touches_no_other(
    policy: OverlapPolicy, limit: int, active: list[Active]
) -> None:
    found = arrange(policy, limit, active, NOON)
    if isinstance(found.arriving, Skip):
        assert found.arriving.blocking in active
        assert not found.replaced
        assert not found.cancelled


@given(st.integers(1, 10), actives)
def test_that_what_started_is_only_ever_stopped_and_what_waits_only_ever_replaced(
    limit: int, active: list[Active]
) -> None:
    for policy in OverlapPolicy:
        found = arrange(policy, limit, active, NOON)
        waiting = {each.execution_id for each in active if each.is_waiting}
        assert set(found.replaced) <= waiting
        assert not set(found.cancelled) & waiting


@given(st.lists(st.integers(-40, 40), max_size=30))
def test_that_queue_one_never_has_two_waiting_and_ends_with_the_newest(minutes: list[int]) -> None:
    waiting: list[Active] = []
    for number, minute in enumerate(minutes):
        instant = NOON + timedelta(minutes=minute)
        found = arrange(OverlapPolicy.QUEUE_ONE, 2, waiting, instant)
        waiting = [each for each in waiting if each.execution_id not in found.replaced]
        if isinstance(found.arriving, Queue):
            waiting.append(Active(number, QUEUED, instant))
        assert len(waiting) == 1
    if minutes:
        assert waiting[0].planned_at == NOON + timedelta(minutes=max(minutes))
