"""Due instants become rows: each exactly once, whoever decides, whatever stands in the table."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.domain.execution import ExecutionKind, ExecutionStatus, Reason
from core.domain.task import CatchUpPolicy, Policies, TaskStatus
from core.domain.trigger import TriggerType
from core.scheduling.decider import decide_due, decide_one
from core.storage import tasks
from core.storage.unit_of_work import Store
from tests.builders import NOW
from tests.databases import (
    add_once,
    add_runner,
    add_task,
    change_task,
    history,
    outcomes_of,
    request,
    start,
)
from tests.fakes import FakeClock
from tests.storage.test_units import side_by_side

S = ExecutionStatus
HOUR = timedelta(hours=1)


def policies(catch_up: CatchUpPolicy, **values: Any) -> dict[str, Any]:
    return Policies(catch_up=catch_up, **values).to_json()


def test_that_nothing_is_decided_before_its_time(store: Store, clock: FakeClock) -> None:
    task_id = add_task(store)
    clock.advance(minutes=59, seconds=59)
    outlook = decide_due(store)
    assert (outlook.earliest_at, outlook.now) == (NOW + HOUR, clock.now())
    assert outcomes_of(store, task_id) == []


def test_that_an_instant_is_queued_and_the_task_moves_on(store: Store, clock: FakeClock) -> None:
    task_id = add_task(store)
    clock.advance(hours=1)
    assert decide_due(store).earliest_at == NOW + 2 * HOUR
    decide_due(store)
    (execution,) = store.read(lambda unit: history(unit, task_id))
    assert (execution.planned_at, execution.decided_at) == (NOW + HOUR, clock.now())
    assert (execution.status, execution.kind) == (S.QUEUED, ExecutionKind.SCHEDULED)


def test_that_any_number_of_deciders_decide_each_instant_once(
    store: Store, clock: FakeClock
) -> None:
    ids = [add_task(store, name=f"Task {number}") for number in range(120)]
    clock.advance(hours=1)
    answers = side_by_side(4, lambda _: decide_due(store))
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    decide_due(store)
    for task_id in ids:
        assert outcomes_of(store, task_id) == [(NOW + HOUR, S.QUEUED)]


def test_that_an_instant_beside_a_running_execution_is_skipped_by_name(
    store: Store, clock: FakeClock
) -> None:
    task_id = add_task(store)
    blocking = start(store, request(store, task_id), add_runner(store)).execution_id
    clock.advance(hours=1)
    decide_due(store)
    skipped = store.read(lambda unit: history(unit, task_id))[0]
    assert (skipped.status, skipped.reason) == (S.SKIPPED, Reason.OVERLAP)
    assert skipped.message_params["blocking_id"] == blocking
    assert str(blocking) in (skipped.error_message or "")


@pytest.mark.parametrize(
    ("catch_up", "expected"),
    [
        (CatchUpPolicy.LATEST, [S.MISSED, S.MISSED, S.QUEUED]),
        (CatchUpPolicy.NONE, [S.MISSED, S.MISSED, S.MISSED]),
        (CatchUpPolicy.ALL, [S.QUEUED, S.QUEUED, S.QUEUED]),
    ],
)
def test_what_becomes_of_instants_beyond_the_grace(
    store: Store, clock: FakeClock, catch_up: CatchUpPolicy, expected: list[ExecutionStatus]
) -> None:
    task_id = add_task(store, policies=policies(catch_up))
    clock.advance(hours=3, minutes=30)
    decide_due(store)
    found = outcomes_of(store, task_id)
    assert found == [(NOW + (k + 1) * HOUR, status) for k, status in enumerate(expected)]


def test_that_a_very_long_outage_is_one_counted_row_and_does_not_stop_the_task(
    store: Store, clock: FakeClock
) -> None:
    task_id = add_task(store, interval_seconds=60, next_run_at=NOW + timedelta(minutes=1))
    clock.advance(days=40, seconds=30)
    assert decide_due(store).earliest_at == NOW + timedelta(days=40, minutes=1)
    executions = store.read(lambda unit: history(unit, task_id))
    counted = [each for each in executions if each.missed_count is not None]
    assert sum(each.missed_count or 1 for each in executions) == 40 * 24 * 60
    assert len(counted) == 1
    assert len(executions) < 20


def test_that_instants_within_a_long_grace_are_all_accounted_for(
    store: Store, clock: FakeClock
) -> None:
    """A grace longer than what is looked at one by one: the rest is one honest range."""
    task_id = add_task(
        store,
        interval_seconds=1,
        next_run_at=NOW + timedelta(seconds=1),
        policies=policies(CatchUpPolicy.LATEST, grace_seconds=400),
    )
    clock.advance(seconds=390)
    decide_due(store)
    executions = store.read(lambda unit: history(unit, task_id))
    (counted,) = (each for each in executions if each.missed_count is not None)
    assert (counted.missed_count, counted.planned_at) == (140, NOW + timedelta(seconds=140))
    assert len(executions) == 251


def test_that_a_single_run_in_time_keeps_its_task_active_until_it_ends(
    store: Store, clock: FakeClock
) -> None:
    task_id = add_once(store, NOW + HOUR)
    clock.advance(hours=1)
    assert decide_due(store).earliest_at is None
    task = store.read(lambda unit: tasks.get(unit, task_id))
    assert (task.status, task.next_run_at) == (TaskStatus.ACTIVE, None)


def test_that_a_single_run_that_is_missed_fails_its_task(store: Store, clock: FakeClock) -> None:
    task_id = add_once(store, NOW + HOUR, policies=policies(CatchUpPolicy.NONE))
    clock.advance(hours=2)
    decide_due(store)
    task = store.read(lambda unit: tasks.get(unit, task_id))
    assert (task.status, task.last_outcome) == (TaskStatus.FAILED, S.MISSED)


@pytest.mark.parametrize("status", [TaskStatus.PAUSED, TaskStatus.COMPLETED, TaskStatus.FAILED])
def test_that_a_task_that_is_not_active_is_neither_decided_nor_looked_for(
    store: Store, clock: FakeClock, status: TaskStatus
) -> None:
    task_id = add_task(store, status=status)
    clock.advance(hours=2)
    assert decide_due(store).earliest_at is None
    assert outcomes_of(store, task_id) == []


def test_that_a_deleted_task_is_neither_decided_nor_looked_for(
    store: Store, clock: FakeClock
) -> None:
    add_task(store, deleted_at=NOW)
    clock.advance(hours=2)
    assert decide_due(store).earliest_at is None


@pytest.mark.parametrize(
    "damage",
    [
        {"timezone": "Mars/Base", "trigger_type": TriggerType.CRON, "cron_expression": "0 2 * * *"},
        {"trigger_type": TriggerType.CRON, "cron_expression": "no cron at all"},
        {"trigger_type": TriggerType.CRON, "cron_expression": None},
        {"policies": {"catch_up": "as nobody knows"}},
    ],
)
def test_that_a_row_nobody_understands_fails_alone_and_says_so(
    store: Store, clock: FakeClock, damage: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    bad, good = add_task(store, name="Bad"), add_task(store, name="Good")
    change_task(store, bad, **damage)
    clock.advance(hours=1)
    decide_due(store)
    assert outcomes_of(store, good) == [(NOW + HOUR, S.QUEUED)]
    assert decide_due(store).earliest_at == NOW + 2 * HOUR
    if "policies" not in damage:
        task = store.read(lambda unit: tasks.get(unit, bad))
        assert (task.status, task.next_run_at) == (TaskStatus.FAILED, None)
        assert task.last_error


def test_that_an_instant_that_comes_up_again_is_not_decided_again(
    store: Store, clock: FakeClock
) -> None:
    """The clock was set back, and an edit computed the next instant anew."""
    task_id = add_task(store)
    clock.advance(hours=1)
    decide_due(store)
    clock.advance(minutes=-30)
    change_task(store, task_id, next_run_at=NOW + HOUR)
    clock.advance(minutes=31)
    decide_due(store)
    assert outcomes_of(store, task_id) == [(NOW + HOUR, S.QUEUED)]
    assert decide_due(store).earliest_at == NOW + 2 * HOUR


def test_that_one_task_can_be_decided_alone(store: Store, clock: FakeClock) -> None:
    this, other = add_task(store, name="This"), add_task(store, name="Other")
    clock.advance(hours=1)
    store.write(lambda unit: decide_one(unit, this))
    assert outcomes_of(store, this) == [(NOW + HOUR, S.QUEUED)]
    assert outcomes_of(store, other) == []


def test_that_each_instant_of_a_busy_day_has_one_outcome(store: Store, clock: FakeClock) -> None:
    """Looks at odd times, sometimes too late: nothing is lost and nothing comes twice."""
    task_id = add_task(store, interval_seconds=600, next_run_at=NOW + timedelta(minutes=10))
    for minutes in (7, 9, 3, 61, 10, 10, 200, 1, 299, 11, 829):
        clock.advance(minutes=minutes)
        decide_due(store)
    planned = [at for at, _ in outcomes_of(store, task_id)]
    assert planned == [NOW + timedelta(minutes=10 * (k + 1)) for k in range(144)]


def test_that_the_settings_of_the_decision_are_kept(store: Store, clock: FakeClock) -> None:
    task_id = add_task(store, trainer_params={"seconds": 7})
    clock.advance(hours=1)
    decide_due(store)
    change_task(store, task_id, trainer_params={"seconds": 8}, name="Renamed")
    (execution,) = store.read(lambda unit: history(unit, task_id))
    assert execution.settings["trainer_params"] == {"seconds": 7}
    assert execution.settings["task_name"] == "Hourly"
    assert isinstance(execution.decided_at, datetime)
