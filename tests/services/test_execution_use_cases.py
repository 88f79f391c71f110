"""Ask for a run, ask for its end, read the history."""

from __future__ import annotations

from typing import Any

import pytest

from core.contracts.commands import CreateTask
from core.contracts.records import ExecutionFilter, TaskRecord
from core.domain.execution import ExecutionKind, ExecutionStatus, Reason
from core.domain.task import TaskStatus, TrainingMode
from core.domain.trigger import TriggerType
from core.errors import ForbiddenError, NotFoundError, RefusedError
from core.services import executions, tasks
from core.services.actor import Actor
from core.storage import claims
from core.storage.outcomes import Outcome, settle
from core.storage.unit_of_work import Store
from tests.databases import add_runner, add_school, start
from tests.services.conftest import school_admin, teacher

S = ExecutionStatus


def a_task(store: Store, admin: Actor, **changes: Any) -> TaskRecord:
    values: dict[str, Any] = {"name": "Hourly", "interval_seconds": 3600, "timezone": "UTC"}
    command = CreateTask(
        trigger_type=TriggerType.INTERVAL,
        training_mode=TrainingMode.FULL,
        **(values | changes),
    )
    return tasks.create_task(store, admin, command)


def test_that_a_request_waits_in_the_queue(store: Store, admin: Actor) -> None:
    task = a_task(store, admin)
    execution = executions.run_now(store, admin, task.id, "key")
    assert (execution.status, execution.kind) == (S.QUEUED, ExecutionKind.MANUAL)
    assert execution.planned_at is None
    after = tasks.get_task(store, admin, task.id)
    assert after.active_run is not None
    assert after.active_run.execution_id == execution.id
    assert after.next_run_at == task.next_run_at


def test_that_a_double_click_is_one_run(store: Store, admin: Actor) -> None:
    task = a_task(store, admin)
    first = executions.run_now(store, admin, task.id, "click")
    assert executions.run_now(store, admin, task.id, "click") == first
    which = ExecutionFilter(task_id=task.id)
    assert executions.list_executions(store, admin, which, before_id=None, limit=9) == (first,)


def test_that_run_now_works_while_paused_and_does_not_unpause(store: Store, admin: Actor) -> None:
    task = a_task(store, admin)
    tasks.pause_task(store, admin, task.id)
    assert executions.run_now(store, admin, task.id, "key").status is S.QUEUED
    after = tasks.get_task(store, admin, task.id)
    assert (after.status, after.next_run_at) == (TaskStatus.PAUSED, None)


def test_that_a_request_beside_a_running_one_is_answered_not_lost(
    store: Store, admin: Actor
) -> None:
    task = a_task(store, admin)
    first = executions.run_now(store, admin, task.id, "a")
    second = executions.run_now(store, admin, task.id, "b")
    assert (second.status, second.reason) == (S.SKIPPED, Reason.OVERLAP)
    assert second.message_params["blocking_id"] == first.id
    assert second.completed_at is not None


def test_that_cancelling_what_waits_ends_it_at_once(store: Store, admin: Actor) -> None:
    task = a_task(store, admin)
    execution = executions.run_now(store, admin, task.id, "key")
    ended = executions.cancel(store, admin, execution.id)
    assert (ended.status, ended.reason) == (S.CANCELLED, Reason.CANCELLED)
    assert ended.error_message == "Cancelled by admin."
    assert tasks.get_task(store, admin, task.id).total_runs == 0


def test_that_cancelling_what_runs_asks_its_runner(store: Store, admin: Actor) -> None:
    task = a_task(store, admin)
    execution = executions.run_now(store, admin, task.id, "key")
    start(store, execution.id, add_runner(store))
    for _ in range(2):
        asked = executions.cancel(store, admin, execution.id)
        assert (asked.status, asked.is_cancel_requested) == (S.RUNNING, True)


@pytest.mark.parametrize("final", [S.COMPLETED, S.FAILED, S.LOST])
def test_that_what_has_ended_cannot_be_cancelled(
    store: Store, admin: Actor, final: ExecutionStatus
) -> None:
    execution = executions.run_now(store, admin, a_task(store, admin).id, "key")
    start(store, execution.id, add_runner(store))
    store.write(lambda unit: settle(unit, execution.id, Outcome(final)))
    with pytest.raises(RefusedError) as refusal:
        executions.cancel(store, admin, execution.id)
    assert refusal.value.code == "execution.already_final"
    assert executions.get_execution(store, admin, execution.id).status is final


@pytest.mark.parametrize(
    "call",
    [
        executions.cancel,
        executions.get_execution,
        lambda store, actor, number: executions.read_log(store, actor, number, 0),
    ],
)
def test_that_another_school_s_execution_is_as_absent_as_none(
    store: Store, admin: Actor, call: Any
) -> None:
    own, other = add_school(store, "Own"), add_school(store, "Other")
    task = a_task(store, admin, school_id=other)
    execution = executions.run_now(store, admin, task.id, "key")
    for number in (execution.id, 999):
        with pytest.raises(NotFoundError) as refusal:
            call(store, school_admin(own), number)
        assert refusal.value.code == "execution.not_found"
        assert refusal.value.params == {"execution_id": number}


def test_that_a_teacher_reads_history_and_starts_nothing(store: Store, admin: Actor) -> None:
    school = add_school(store)
    task = a_task(store, admin, school_id=school)
    execution = executions.run_now(store, admin, task.id, "key")
    actor = teacher(school)
    assert executions.get_execution(store, actor, execution.id) == execution
    with pytest.raises(ForbiddenError):
        executions.run_now(store, actor, task.id, "other")
    with pytest.raises(ForbiddenError):
        executions.cancel(store, actor, execution.id)


def test_that_history_is_read_page_by_page_newest_first(store: Store, admin: Actor) -> None:
    task = a_task(store, admin)
    made = [executions.run_now(store, admin, task.id, f"key {turn}").id for turn in range(5)]
    every = ExecutionFilter()
    first = executions.list_executions(store, admin, every, before_id=None, limit=3)
    second = executions.list_executions(store, admin, every, before_id=first[-1].id, limit=3)
    assert [each.id for each in (*first, *second)] == made[::-1]
    skipped = ExecutionFilter(statuses=frozenset({S.SKIPPED}))
    assert len(executions.list_executions(store, admin, skipped, before_id=None, limit=9)) == 4


def test_that_a_log_is_read_on_from_an_offset(store: Store, admin: Actor) -> None:
    execution = executions.run_now(store, admin, a_task(store, admin).id, "key")
    assert executions.read_log(store, admin, execution.id, 0).text == ""
    claim = start(store, execution.id, add_runner(store))

    def say(text: str) -> None:
        store.write(
            lambda unit: claims.note_progress(unit, claim, progress=0.1, stage="x", log=text)
        )

    say("第一行\n")
    first = executions.read_log(store, admin, execution.id, 0)
    assert (first.text, first.next_offset, first.is_complete) == ("第一行\n", 4, False)
    say("第一行\nand on")
    assert executions.read_log(store, admin, execution.id, first.next_offset).text == "and on"
