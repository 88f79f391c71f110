"""What random walks and reading found: each way that lost, doubled or blocked an execution."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from core.contracts.calendars import CreateCalendar, EditCalendar
from core.contracts.commands import EditTask
from core.domain.access import Role
from core.domain.execution import ExecutionKind, ExecutionStatus, Reason
from core.domain.task import CatchUpPolicy, OverlapPolicy, Policies, TaskStatus
from core.paths import Home
from core.scheduling.decider import decide_due
from core.scheduling.occurrences import jittered
from core.services import calendars, executions, recycle_bin, tasks
from core.services.actor import Actor
from core.services.recording import record_failure
from core.storage import claims, queue
from core.storage.rows import ScheduledTaskExecutionRow
from core.storage.unit_of_work import Store
from tests.builders import NOW
from tests.databases import (
    LEASE,
    add_once,
    add_runner,
    add_task,
    change_task,
    execute,
    history,
    new_store,
    outcomes_of,
    request,
    start,
)
from tests.fakes import FakeClock

S = ExecutionStatus
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
ADMIN = Actor(None, "admin", Role.SYSTEM_ADMIN)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def store(tmp_path: Path, clock: FakeClock) -> Iterator[Store]:
    store = new_store(Home(tmp_path).database, clock)
    yield store
    store.close()


def policies(**values: Any) -> dict[str, Any]:
    return Policies(**values).to_json()


@pytest.mark.parametrize("overlap", [OverlapPolicy.QUEUE_ONE, OverlapPolicy.CANCEL_PREVIOUS])
def test_that_a_successor_that_is_replaced_at_once_passes_its_place_on(
    store: Store, clock: FakeClock, overlap: OverlapPolicy
) -> None:
    task_id = add_task(store, policies=policies(overlap=overlap, grace_seconds=3 * 3600))
    waiting = request(store, task_id)
    clock.advance(hours=3)
    decide_due(store)
    newest, *others = store.read(lambda unit: sorted(history(unit, task_id), key=_by_status))
    assert (newest.planned_at, newest.status) == (NOW + 3 * HOUR, S.QUEUED)
    assert {each.id for each in others} > {waiting}
    for each in others:
        assert (each.status, each.reason) == (S.SKIPPED, Reason.OVERLAP)
        assert each.message_params["blocking_id"] == newest.id


def _by_status(record: Any) -> bool:
    return bool(record.status is not S.QUEUED)


@pytest.mark.parametrize("catch_up", CatchUpPolicy)
def test_that_a_jitter_longer_than_the_interval_neither_loses_nor_doubles_an_instant(
    store: Store, clock: FakeClock, catch_up: CatchUpPolicy
) -> None:
    task_id = add_task(
        store,
        interval_seconds=60,
        jitter_seconds=600,
        decided_until=NOW,
        next_run_at=NOW + MINUTE,
        policies=policies(grace_seconds=120, catch_up=catch_up),
    )
    for minutes in (7, 4, 31, 1, 1, 90, 14):
        clock.advance(minutes=minutes)
        assert (decide_due(store).earliest_at or clock.now()) > clock.now()
    found = [planned_at for planned_at, _ in outcomes_of(store, task_id)]
    assert found == [NOW + number * MINUTE for number in range(1, len(found) + 1)]
    assert len(found) * MINUTE >= clock.now() - NOW - 11 * MINUTE


def test_that_a_counted_row_stands_at_a_planned_instant(store: Store, clock: FakeClock) -> None:
    task_id = add_task(store, interval_seconds=60, jitter_seconds=59, decided_until=NOW)
    clock.advance(days=1)
    decide_due(store)
    (counted,) = (
        each for each in store.read(lambda unit: history(unit, task_id)) if each.missed_count
    )
    assert counted.planned_at is not None
    assert counted.planned_at.second == 0


def test_that_an_instant_that_is_taken_already_does_not_hold_up_other_tasks(
    store: Store, clock: FakeClock
) -> None:
    taken, other = add_task(store, name="Taken"), add_task(store, name="Other")
    row = {
        "scheduled_task_id": taken,
        "kind": ExecutionKind.SCHEDULED,
        "planned_at": NOW + HOUR,
        "decided_at": NOW,
        "completed_at": NOW,
        "status": S.MISSED,
        "settings": {},
        "fence": 0,
    }
    execute(store, insert(ScheduledTaskExecutionRow), [row])
    clock.advance(hours=1)
    assert decide_due(store).earliest_at == NOW + 2 * HOUR
    assert outcomes_of(store, other) == [(NOW + HOUR, S.QUEUED)]
    assert tasks.get_task(store, ADMIN, taken).status is TaskStatus.FAILED


def test_that_what_is_due_at_a_deletion_has_its_outcome(store: Store, clock: FakeClock) -> None:
    task_id = add_task(store)
    clock.advance(hours=2)
    tasks.delete_task(store, ADMIN, task_id)
    assert outcomes_of(store, task_id) == [
        (NOW + HOUR, S.MISSED),
        (NOW + 2 * HOUR, S.CANCELLED),
    ]


def test_that_what_is_due_when_failures_pause_a_task_has_its_outcome(
    store: Store, clock: FakeClock
) -> None:
    task_id = add_task(store, policies=policies(pause_after_failures=1))
    clock.advance(hours=1)
    decide_due(store)
    (record,) = store.read(lambda unit: history(unit, task_id))
    claim = start(store, record.id, add_runner(store))
    clock.advance(hours=1)
    record_failure(store, claim, "detail")
    assert tasks.get_task(store, ADMIN, task_id).status is TaskStatus.PAUSED
    assert outcomes_of(store, task_id) == [(NOW + HOUR, S.FAILED), (NOW + 2 * HOUR, S.SKIPPED)]


def test_that_a_task_that_ends_its_run_in_the_bin_comes_back_active(
    store: Store, clock: FakeClock
) -> None:
    task_id = add_task(store)
    claim = start(store, request(store, task_id), add_runner(store))
    tasks.delete_task(store, ADMIN, task_id)
    record_failure(store, claim, "detail")
    restored = recycle_bin.restore_task(store, ADMIN, task_id)
    assert (restored.status, restored.next_run_at) == (TaskStatus.ACTIVE, NOW + HOUR)


def test_that_any_edit_begins_the_count_of_failures_anew(store: Store) -> None:
    task_id = add_task(store)
    change_task(store, task_id, consecutive_failures=4)
    assert tasks.edit_task(store, ADMIN, EditTask(task_id, name="Mended")).consecutive_failures == 0


def test_that_a_retry_does_not_start_before_its_time_on_an_old_look(
    store: Store, clock: FakeClock
) -> None:
    task_id = add_task(store, policies=policies(max_attempts=3))
    runner_id = add_runner(store)
    execution_id = request(store, task_id)
    record_failure(store, start(store, execution_id, runner_id), "first")
    clock.advance(hours=1)
    (seen,) = store.read(queue.waiting)
    record_failure(store, start(store, execution_id, runner_id), "second")
    again = store.write(lambda unit: claims.start(unit, seen, runner_id=runner_id, lease=LEASE))
    assert again is None


def test_that_a_person_is_not_behind_a_thousand_that_wait(store: Store, clock: FakeClock) -> None:
    for number in range(3):
        add_once(store, NOW + HOUR, name=f"Once {number}")
    clock.advance(hours=1)
    decide_due(store)
    asked = executions.run_now(store, ADMIN, add_task(store), "key")
    assert store.read(queue.waiting)[0].execution_id == asked.id


def test_that_days_closed_before_a_pause_are_told_of(store: Store, clock: FakeClock) -> None:
    weekdays = calendars.create_calendar(store, ADMIN, CreateCalendar("Open on weekdays"))
    saturday = NOW + timedelta(days=5)
    clock.advance(days=5)
    task_id = add_task(
        store, calendar_id=weekdays.id, decided_until=saturday, next_run_at=NOW + timedelta(days=7)
    )
    clock.advance(hours=2)
    tasks.pause_task(store, ADMIN, task_id)
    assert outcomes_of(store, task_id) == [
        (saturday + HOUR, S.SKIPPED),
        (saturday + 2 * HOUR, S.SKIPPED),
    ]


def test_that_opening_a_past_day_makes_nothing_up(store: Store, clock: FakeClock) -> None:
    weekdays = calendars.create_calendar(store, ADMIN, CreateCalendar("Open on weekdays"))
    saturday, monday = NOW + timedelta(days=5), NOW + timedelta(days=7)
    clock.advance(days=5)
    task_id = add_task(store, calendar_id=weekdays.id, decided_until=saturday, next_run_at=monday)
    clock.advance(hours=1)
    every_day = EditCalendar(weekdays.id, open_weekdays=tuple(range(7)))
    calendars.edit_calendar(store, ADMIN, every_day)
    decide_due(store)
    assert outcomes_of(store, task_id) == [(saturday + HOUR, S.SKIPPED)]
    assert tasks.get_task(store, ADMIN, task_id).next_run_at == saturday + 2 * HOUR


def test_that_a_calendar_change_keeps_a_run_that_jitter_holds_back(
    store: Store, clock: FakeClock
) -> None:
    weekdays = calendars.create_calendar(store, ADMIN, CreateCalendar("Open on weekdays"))
    task_id = add_task(
        store, calendar_id=weekdays.id, decided_until=NOW, jitter_seconds=3500, next_run_at=None
    )
    due_at = jittered(task_id, NOW + HOUR, 3500)
    change_task(store, task_id, next_run_at=due_at)
    clock.advance(hours=1, seconds=1)
    assert due_at > clock.now()
    every_day = EditCalendar(weekdays.id, open_weekdays=tuple(range(7)))
    calendars.edit_calendar(store, ADMIN, every_day)
    assert tasks.get_task(store, ADMIN, task_id).next_run_at == due_at
