"""A runner decides what is due and executes what is queued, in real child processes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.domain.execution import ExecutionStatus, Reason
from core.domain.task import TaskStatus
from core.paths import Home
from core.runner.runner import Runner
from core.services import executions, tasks
from core.storage import tasks as task_rows
from core.storage.changes import ChangeFollower
from core.storage.unit_of_work import Store
from tests.builders import NOW
from tests.databases import add_once, outcomes_of
from tests.fakes import FakeClock
from tests.runner.stage import (
    ADMIN,
    QUICK,
    another_process,
    get,
    newest,
    noop_task,
    running,
    settled,
    strays,
    until,
    until_status,
)

S = ExecutionStatus
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.slow


def run_now(store: Store, task_id: int, key: str = "key") -> int:
    return executions.run_now(store, ADMIN, task_id, key).id


def test_that_due_instants_become_executions_and_run(
    store: Store, home: Home, clock: FakeClock
) -> None:
    hourly, once = noop_task(store), add_once(store, NOW + HOUR)
    with running(store, home):
        assert outcomes_of(store, hourly) == []
        clock.advance(hours=1)
        assert settled(store, hourly) == [(NOW + HOUR, S.COMPLETED)]
        assert settled(store, once) == [(NOW + HOUR, S.COMPLETED)]
    task = store.read(lambda unit: task_rows.get(unit, once))
    assert (task.status, task.success_runs) == (TaskStatus.COMPLETED, 1)
    assert not list(home.runs.iterdir()), "folders of recorded attempts are removed"


def test_that_an_instant_beside_a_running_one_is_skipped_and_the_run_can_be_cancelled(
    store: Store, home: Home, clock: FakeClock
) -> None:
    task_id = noop_task(store, seconds=300)
    with running(store, home):
        clock.advance(hours=1)
        until(lambda: (found := newest(store, task_id)) and found.status is S.RUNNING)
        first = newest(store, task_id)
        assert first is not None
        clock.advance(hours=1)
        until(lambda: len(outcomes_of(store, task_id)) == 2)
        skipped = newest(store, task_id)
        assert skipped is not None
        assert (skipped.status, skipped.reason) == (S.SKIPPED, Reason.OVERLAP)
        assert skipped.message_params["blocking_id"] == first.id
        until(lambda: strays(home))
        executions.cancel(store, ADMIN, first.id)
        ended = until_status(store, first.id, S.CANCELLED)
        assert strays(home) == [], "the row does not say so while a process lives"
    assert ended.error_message == "Cancelled by admin."


def test_that_a_failure_says_why_and_the_task_goes_on(store: Store, home: Home) -> None:
    task_id = noop_task(store, fail="no luck today")
    with running(store, home):
        record = until_status(store, run_now(store, task_id), S.FAILED)
    assert record.error_message == "The trainer failed: no luck today"
    task = store.read(lambda unit: task_rows.get(unit, task_id))
    assert (task.status, task.failed_runs) == (TaskStatus.ACTIVE, 1)
    assert task.next_run_at == NOW + HOUR


def test_that_a_run_over_its_time_limit_is_ended(store: Store, home: Home) -> None:
    task_id = noop_task(store, seconds=300, policies={"attempt_timeout_seconds": 1})
    with running(store, home):
        record = until_status(store, run_now(store, task_id), S.TIMED_OUT)
    assert record.reason is Reason.TIMEOUT
    assert strays(home) == []


def test_that_time_spent_paused_is_never_missed(store: Store, home: Home, clock: FakeClock) -> None:
    task_id = noop_task(store)
    with running(store, home):
        tasks.pause_task(store, ADMIN, task_id)
        clock.advance(hours=5)
        resumed = tasks.resume_task(store, ADMIN, task_id)
        assert resumed.next_run_at == NOW + 6 * HOUR
        clock.advance(hours=1)
        assert settled(store, task_id) == [(NOW + 6 * HOUR, S.COMPLETED)]


def test_that_a_runner_that_comes_late_catches_up_the_newest(
    store: Store, home: Home, clock: FakeClock
) -> None:
    task_id = noop_task(store)
    clock.advance(hours=3, minutes=30)
    with running(store, home) as thread:
        thread.wait_until_idle()
    assert outcomes_of(store, task_id) == [
        (NOW + HOUR, S.MISSED),
        (NOW + 2 * HOUR, S.MISSED),
        (NOW + 3 * HOUR, S.COMPLETED),
    ]


def test_that_a_change_of_another_process_reaches_a_runner_between_its_looks(
    store: Store, home: Home
) -> None:
    task_id = noop_task(store)
    elsewhere = another_process(store)
    with running(store, home, max_sleep_seconds=3600.0) as thread:
        thread.wait_until_idle()
        until_status(elsewhere, run_now(elsewhere, task_id, "a"), S.COMPLETED)
        long = noop_task(elsewhere, "Long", seconds=300)
        execution_id = run_now(elsewhere, long, "b")
        until_status(elsewhere, execution_id, S.RUNNING)
        executions.cancel(elsewhere, ADMIN, execution_id)
        until_status(elsewhere, execution_id, S.CANCELLED)
    elsewhere.close()


def test_that_no_more_run_than_there_are_slots(store: Store, home: Home) -> None:
    ids = [noop_task(store, f"Task {number}", seconds=1) for number in range(3)]
    wanted = [run_now(store, task_id, f"key {task_id}") for task_id in ids]
    most = 0
    with running(store, home, slots=2) as thread:

        def all_ended() -> bool:
            nonlocal most
            statuses = [get(store, execution_id).status for execution_id in wanted]
            most = max(most, statuses.count(S.RUNNING))
            return all(status.is_final for status in statuses)

        until(all_ended)
        thread.wait_until_idle()
    assert most == 2
    assert [get(store, execution_id).status for execution_id in wanted] == [S.COMPLETED] * 3


def test_that_a_stopping_runner_waits_for_its_work_if_it_may(store: Store, home: Home) -> None:
    execution_id = run_now(store, noop_task(store, seconds=1))
    waiting = noop_task(store, "Waiting")
    with running(store, home) as thread:
        until_status(store, execution_id, S.RUNNING)
        thread.ask_to_stop(is_stopping_work=False)
        left = run_now(store, waiting, "later")
        thread.join()
    assert get(store, execution_id).status is S.COMPLETED
    assert get(store, left).status in {S.QUEUED, S.COMPLETED}


def test_that_a_stopping_runner_that_waits_can_still_be_told_to_cancel(
    store: Store, home: Home
) -> None:
    execution_id = run_now(store, noop_task(store, seconds=300))
    with running(store, home) as thread:
        until_status(store, execution_id, S.RUNNING)
        thread.ask_to_stop(is_stopping_work=False)
        executions.cancel(store, ADMIN, execution_id)
        thread.join()
    assert get(store, execution_id).reason is Reason.CANCELLED


def test_that_a_closing_runner_ends_its_work_and_says_so(store: Store, home: Home) -> None:
    execution_id = run_now(store, noop_task(store, seconds=300))
    with running(store, home) as thread:
        until_status(store, execution_id, S.RUNNING)
        until(lambda: strays(home))
        thread.stop()
    record = get(store, execution_id)
    assert (record.status, record.reason) == (S.CANCELLED, Reason.RUNNER_STOPPED)
    assert strays(home) == []


def test_that_a_trainer_nobody_knows_fails_its_execution_alone(store: Store, home: Home) -> None:
    bad = run_now(store, noop_task(store, "Bad", trainer="astrology"), "a")
    good = run_now(store, noop_task(store, "Good"), "b")
    with running(store, home, slots=1):
        until_status(store, good, S.COMPLETED)
    assert get(store, bad).reason is Reason.INVALID_SETTINGS


def test_that_a_fault_of_the_machine_is_recorded_not_left_to_the_lease(
    store: Store, home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    home.root.mkdir(exist_ok=True)
    home.runs.write_text("a file where the folder should be")
    with running(store, home):
        record = until_status(store, run_now(store, noop_task(store)), S.FAILED)
    assert record.reason in {Reason.WORKER_NOT_STARTED, Reason.TRAINER_FAILED}


def test_that_a_runner_that_never_started_has_nothing_to_stop(store: Store, home: Home) -> None:
    import asyncio

    runner = Runner(store, home, QUICK, ChangeFollower(store, 1.0))
    assert runner.running_count == 0
    asyncio.run(runner.stop(is_stopping_work=True))
