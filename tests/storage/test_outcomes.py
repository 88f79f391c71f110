"""The last word on an execution: state, counters, attempt and task at once, and only once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.contracts.records import TaskRecord
from core.domain.execution import ExecutionStatus, Reason
from core.domain.task import TaskStatus
from core.errors import RefusedError
from core.storage import attempts, executions, tasks
from core.storage.outcomes import Outcome, settle
from core.storage.rows import RunnerRow
from core.storage.unit_of_work import Store
from tests.builders import NOW
from tests.databases import add_once, add_runner, add_task, change_task, request, start
from tests.fakes import FakeClock

S = ExecutionStatus
FAILED = Outcome(S.FAILED, Reason.TRAINER_FAILED, "reason.trainer_failed", {"detail": "no luck"})


def run(store: Store, task_id: int, outcome: Outcome, key: str = "key") -> int:
    """One execution from request to outcome."""
    execution_id = request(store, task_id, key)
    start(store, execution_id, _runner(store))
    store.write(lambda unit: settle(unit, execution_id, outcome))
    return execution_id


def _runner(store: Store) -> int:
    known = store.read(lambda unit: unit.session.scalar(select(RunnerRow.id).limit(1)))
    return known or add_runner(store)


def task_after(store: Store, task_id: int) -> TaskRecord:
    return store.read(lambda unit: tasks.get(unit, task_id))


@pytest.mark.parametrize(
    ("status", "counters"),
    [
        (S.COMPLETED, (1, 1, 0)),
        (S.FAILED, (1, 0, 1)),
        (S.TIMED_OUT, (1, 0, 1)),
        (S.LOST, (1, 0, 1)),
        (S.CANCELLED, (1, 0, 0)),
        (S.SKIPPED, (0, 0, 0)),
    ],
)
def test_what_an_ending_counts_as(
    store: Store, status: ExecutionStatus, counters: tuple[int, int, int]
) -> None:
    task_id = add_task(store)
    run(store, task_id, Outcome(status))
    task = task_after(store, task_id)
    assert (task.total_runs, task.success_runs, task.failed_runs) == counters
    assert task.last_outcome is status


@pytest.mark.parametrize("status", [S.CANCELLED, S.SKIPPED])
def test_that_what_never_started_counts_as_no_run(store: Store, status: ExecutionStatus) -> None:
    task_id = add_task(store)
    execution_id = request(store, task_id)
    store.write(lambda unit: settle(unit, execution_id, Outcome(status)))
    task = task_after(store, task_id)
    assert (task.total_runs, task.last_run_at) == (0, None)


def test_that_an_execution_the_data_forbid_is_a_failed_run(store: Store) -> None:
    task_id = add_task(store)
    execution_id = request(store, task_id)
    store.write(lambda unit: settle(unit, execution_id, FAILED))
    assert task_after(store, task_id).failed_runs == 1


def test_that_a_failure_leaves_its_sentence_and_a_success_clears_it(store: Store) -> None:
    task_id = add_task(store)
    run(store, task_id, FAILED, "a")
    assert task_after(store, task_id).last_error == "The trainer failed: no luck"
    run(store, task_id, Outcome(S.CANCELLED), "b")
    assert task_after(store, task_id).last_error == "The trainer failed: no luck"
    run(store, task_id, Outcome(S.COMPLETED), "c")
    assert task_after(store, task_id).last_error is None


def test_that_a_second_outcome_is_refused_and_counts_nothing(store: Store) -> None:
    task_id = add_task(store)
    execution_id = run(store, task_id, Outcome(S.COMPLETED))
    with pytest.raises(RefusedError) as refusal:
        store.write(lambda unit: settle(unit, execution_id, FAILED))
    assert refusal.value.code == "execution.illegal_transition"
    assert task_after(store, task_id).total_runs == 1


def test_that_the_attempt_ends_with_its_execution(store: Store, clock: FakeClock) -> None:
    task_id = add_task(store)
    execution_id = request(store, task_id)
    start(store, execution_id, add_runner(store))
    clock.advance(seconds=95)
    ended = Outcome(S.COMPLETED, metrics={"top1": 0.9}, log="all of it")
    store.write(lambda unit: settle(unit, execution_id, ended))
    record = store.read(lambda unit: executions.get(unit, execution_id))
    assert (record.progress, record.metrics) == (1.0, {"top1": 0.9})
    assert record.started_at is not None
    assert record.completed_at == record.started_at + timedelta(seconds=95)
    log = store.read(lambda unit: attempts.read_log(unit, execution_id, 4))
    assert (log.text, log.next_offset, log.is_complete) == ("of it", 9, True)


@pytest.mark.parametrize(
    ("outcome", "end"),
    [
        (S.COMPLETED, TaskStatus.COMPLETED),
        (S.SKIPPED, TaskStatus.COMPLETED),
        (S.FAILED, TaskStatus.FAILED),
        (S.CANCELLED, TaskStatus.FAILED),
        (S.LOST, TaskStatus.FAILED),
    ],
)
def test_that_a_single_run_ends_its_task(
    store: Store, outcome: ExecutionStatus, end: TaskStatus
) -> None:
    task_id = add_once(store, NOW + timedelta(hours=1))
    change_task(store, task_id, next_run_at=None)
    run(store, task_id, Outcome(outcome))
    assert task_after(store, task_id).status is end


def test_that_run_now_does_not_end_a_task_that_has_its_run_still_to_come(store: Store) -> None:
    task_id = add_once(store, NOW + timedelta(hours=1))
    run(store, task_id, FAILED)
    assert task_after(store, task_id).status is TaskStatus.ACTIVE


def test_that_a_paused_task_stays_paused(store: Store) -> None:
    task_id = add_task(store, status=TaskStatus.PAUSED, next_run_at=None)
    run(store, task_id, FAILED)
    assert task_after(store, task_id).status is TaskStatus.PAUSED


def test_that_a_task_ends_with_the_last_of_what_it_has_queued(store: Store) -> None:
    task_id = add_task(store, next_run_at=None)
    first, second = (request(store, task_id, key) for key in "ab")
    store.write(lambda unit: settle(unit, first, Outcome(S.SKIPPED)))
    assert task_after(store, task_id).status is TaskStatus.ACTIVE
    store.write(lambda unit: settle(unit, second, Outcome(S.SKIPPED)))
    assert task_after(store, task_id).status is TaskStatus.COMPLETED
