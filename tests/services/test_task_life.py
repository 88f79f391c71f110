"""Pause, resume and delete tasks, and who may: what follows, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.contracts.commands import EditTask
from core.contracts.records import TaskFilter
from core.domain.execution import ExecutionStatus, Reason
from core.errors import ForbiddenError, NotFoundError
from core.scheduling.decider import decide_due
from core.services import executions, tasks
from core.services.actor import Actor
from core.storage.unit_of_work import Store
from tests.builders import NOW
from tests.databases import add_runner, add_school, history, outcomes_of, request, start
from tests.fakes import FakeClock
from tests.services.commands import edit, hourly, once, refusal_of
from tests.services.conftest import school_admin, teacher

HOUR = timedelta(hours=1)
S = ExecutionStatus

# pause and resume


def test_that_a_paused_task_is_not_missed_when_resumed(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    task = tasks.create_task(store, admin, hourly())
    assert tasks.pause_task(store, admin, task.id).next_run_at is None
    clock.advance(days=30, minutes=1)
    decide_due(store)
    resumed = tasks.resume_task(store, admin, task.id)
    assert resumed.next_run_at == NOW + timedelta(days=30, hours=1)
    assert outcomes_of(store, task.id) == []


def test_that_pausing_leaves_alone_what_runs(store: Store, admin: Actor) -> None:
    task = tasks.create_task(store, admin, hourly())
    running = executions.run_now(store, admin, task.id, "key")
    start(store, running.id, add_runner(store))
    tasks.pause_task(store, admin, task.id)
    after = executions.get_execution(store, admin, running.id)
    assert (after.status, after.is_cancel_requested) == (S.RUNNING, False)


def test_that_a_single_run_that_passed_while_paused_cannot_be_resumed(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    task = tasks.create_task(store, admin, once())
    tasks.pause_task(store, admin, task.id)
    clock.advance(hours=2)
    refusal = refusal_of(tasks.resume_task, store, admin, task.id)
    assert refusal.code == "once.in_the_past"


def test_that_a_window_that_ended_while_paused_cannot_be_resumed(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    task = tasks.create_task(store, admin, hourly(ends_at=NOW + 2 * HOUR))
    tasks.pause_task(store, admin, task.id)
    clock.advance(hours=3)
    assert refusal_of(tasks.resume_task, store, admin, task.id).code == "task.never_again"


def test_that_pausing_twice_is_pausing_once(store: Store, admin: Actor) -> None:
    task = tasks.create_task(store, admin, hourly())
    assert tasks.pause_task(store, admin, task.id) == tasks.pause_task(store, admin, task.id)


# delete


def test_that_deleting_ends_what_waits_and_asks_what_runs(store: Store, admin: Actor) -> None:
    task = tasks.create_task(store, admin, hourly())
    running = executions.run_now(store, admin, task.id, "a")
    start(store, running.id, add_runner(store))
    queued = request(store, task.id, "b")
    tasks.delete_task(store, admin, task.id)
    ended, asked = store.read(lambda unit: history(unit, task.id))
    assert (ended.id, ended.status, ended.reason) == (queued, S.CANCELLED, Reason.TASK_DELETED)
    assert (asked.status, asked.is_cancel_requested) == (S.RUNNING, True)


@pytest.mark.parametrize(
    "call",
    [
        tasks.get_task,
        tasks.pause_task,
        tasks.resume_task,
        tasks.delete_task,
        lambda store, actor, task_id: executions.run_now(store, actor, task_id, "key"),
        lambda store, actor, task_id: edit(store, actor, task_id, name="x"),
    ],
)
def test_that_a_deleted_task_is_gone(store: Store, admin: Actor, call: Any) -> None:
    task = tasks.create_task(store, admin, hourly())
    tasks.delete_task(store, admin, task.id)
    refusal = refusal_of(call, store, admin, task.id)
    assert isinstance(refusal, NotFoundError)
    assert tasks.list_tasks(store, admin, TaskFilter(), skip=0, limit=9).total == 0


# who may


def test_that_another_school_s_task_is_as_absent_as_none(store: Store, admin: Actor) -> None:
    own, other = add_school(store, "Own"), add_school(store, "Other")
    task = tasks.create_task(store, admin, hourly(school_id=other))
    for actor in (school_admin(own), teacher(own)):
        for call in (tasks.get_task, tasks.pause_task, tasks.delete_task):
            hidden = refusal_of(call, store, actor, task.id)
            absent = refusal_of(call, store, actor, 999)
            assert isinstance(hidden, NotFoundError)
            assert (hidden.code, set(hidden.params)) == (absent.code, set(absent.params))


def test_that_a_teacher_sees_and_changes_nothing(store: Store, admin: Actor) -> None:
    school = add_school(store)
    task = tasks.create_task(store, admin, hourly(school_id=school))
    actor = teacher(school)
    assert tasks.get_task(store, actor, task.id) == task
    refused: list[tuple[Any, ...]] = [
        (tasks.create_task, hourly(name="x", school_id=school)),
        (tasks.pause_task, task.id),
        (tasks.delete_task, task.id),
        (tasks.edit_task, EditTask(task.id, name="x")),
    ]
    for call, argument in refused:
        assert isinstance(refusal_of(call, store, actor, argument), ForbiddenError)
    assert tasks.get_task(store, admin, task.id) == task


def test_that_a_school_admin_cannot_move_a_task_out_of_the_school(
    store: Store, admin: Actor
) -> None:
    own, other = add_school(store, "Own"), add_school(store, "Other")
    task = tasks.create_task(store, admin, hourly(school_id=own))
    for school_id in (other, None):
        command = EditTask(task.id, school_id=school_id)
        refusal = refusal_of(tasks.edit_task, store, school_admin(own), command)
        assert isinstance(refusal, ForbiddenError)


def test_that_lists_and_cards_show_the_own_school_alone(store: Store, admin: Actor) -> None:
    own, other = add_school(store, "Own"), add_school(store, "Other")
    mine = tasks.create_task(store, admin, hourly(school_id=own))
    tasks.create_task(store, admin, hourly(school_id=other))
    tasks.create_task(store, admin, hourly())
    actor = teacher(own)
    assert tasks.list_tasks(store, actor, TaskFilter(), skip=0, limit=9).items == (mine,)
    assert tasks.count_tasks(store, actor).active == 1
    assert tasks.count_tasks(store, admin).active == 3
    with pytest.raises(NotFoundError):
        tasks.list_tasks(store, actor, TaskFilter(school_id=other), skip=0, limit=9)
