"""Create and edit tasks: what is taken, what is refused, what follows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.contracts.commands import CreateTask, EditTask
from core.contracts.records import TaskFilter
from core.domain.execution import ExecutionStatus
from core.domain.task import CatchUpPolicy, Policies, TaskStatus, TrainingMode
from core.domain.trigger import TriggerType
from core.errors import InvalidValueError, RefusedError
from core.scheduling.decider import decide_due
from core.services import executions, tasks
from core.services.actor import Actor
from core.storage.unit_of_work import Store
from tests.builders import NOW
from tests.databases import add_school, outcomes_of
from tests.fakes import FakeClock
from tests.services.commands import edit, hourly, nightly, once, refusal_of

HOUR = timedelta(hours=1)
S = ExecutionStatus

# create


def test_that_a_new_task_is_active_with_its_first_instant(store: Store, admin: Actor) -> None:
    task = tasks.create_task(store, admin, hourly())
    assert (task.status, task.next_run_at) == (TaskStatus.ACTIVE, NOW + HOUR)
    assert (task.anchor_at, task.total_runs, task.last_run_at) == (NOW, 0, None)
    assert tasks.create_task(store, admin, nightly(name="b")).next_run_at == NOW.replace(
        hour=2
    ) + timedelta(days=1)
    assert tasks.create_task(store, admin, once(name="c")).next_run_at == NOW + HOUR


def test_that_an_interval_counts_from_a_chosen_anchor(store: Store, admin: Actor) -> None:
    anchor = NOW - timedelta(minutes=20)
    task = tasks.create_task(store, admin, hourly(anchor_at=anchor))
    assert task.next_run_at == anchor + HOUR


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (hourly(name="  "), "name"),
        (hourly(name="x" * 201), "name"),
        (hourly(description="x" * 4001), "description"),
        (hourly(interval_seconds=None), "interval_seconds"),
        (hourly(interval_seconds=0), "interval_seconds"),
        (hourly(run_at=NOW + HOUR), "run_at"),
        (hourly(timezone="Mars/Base"), "timezone"),
        (hourly(starts_at=NOW + HOUR, ends_at=NOW), "ends_at"),
        (hourly(ends_at=NOW + timedelta(minutes=1)), "ends_at"),
        (
            hourly(starts_at=NOW - 9 * HOUR, ends_at=NOW - HOUR, anchor_at=NOW - 99 * HOUR),
            "interval_seconds",
        ),
        (once(run_at=NOW), "run_at"),
        (once(run_at=NOW - HOUR), "run_at"),
        (once(run_at=None), "run_at"),
        (nightly(cron_expression="0 2 * *"), "cron_expression"),
        (nightly(cron_expression="0 2 30 2 *"), "cron_expression"),
        (nightly(cron_expression=None), "cron_expression"),
    ],
)
def test_that_a_creation_is_refused_by_the_field_s_name(
    store: Store, admin: Actor, command: CreateTask, field: str
) -> None:
    refusal = refusal_of(tasks.create_task, store, admin, command)
    assert isinstance(refusal, InvalidValueError)
    assert refusal.field == field
    assert tasks.list_tasks(store, admin, TaskFilter(), skip=0, limit=9).total == 0


def test_that_a_single_run_within_the_second_that_has_begun_is_refused(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    clock.advance(milliseconds=300)
    command = once(run_at=NOW + timedelta(milliseconds=900))
    refusal = refusal_of(tasks.create_task, store, admin, command)
    assert isinstance(refusal, InvalidValueError)


def test_that_a_name_is_taken_once_in_a_school(store: Store, admin: Actor) -> None:
    school = add_school(store)
    tasks.create_task(store, admin, hourly())
    tasks.create_task(store, admin, hourly(school_id=school))
    refusal = refusal_of(tasks.create_task, store, admin, hourly(name=" Hourly "))
    assert refusal.code == "task.name_taken"


def test_that_a_deleted_task_s_name_is_free_again(store: Store, admin: Actor) -> None:
    task = tasks.create_task(store, admin, hourly())
    tasks.delete_task(store, admin, task.id)
    assert tasks.create_task(store, admin, hourly()).id != task.id


def test_that_a_task_of_no_school_there_is_is_refused(store: Store, admin: Actor) -> None:
    refusal = refusal_of(tasks.create_task, store, admin, hourly(school_id=9))
    assert refusal.code == "school.not_found"


# edit


def test_that_an_edit_without_a_change_changes_nothing(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    task = tasks.create_task(store, admin, hourly())
    clock.advance(minutes=5)
    same = edit(store, admin, task.id, name="Hourly", interval_seconds=3600, policies=Policies())
    assert same == task


def test_that_a_new_name_leaves_the_next_instant_alone(store: Store, admin: Actor) -> None:
    task = tasks.create_task(store, admin, hourly())
    renamed = edit(store, admin, task.id, name="Renamed", policies=Policies(grace_seconds=1))
    assert (renamed.name, renamed.next_run_at) == ("Renamed", task.next_run_at)
    assert renamed.policies.grace_seconds == 1


def test_that_a_new_trigger_drops_the_old_one_s_field(store: Store, admin: Actor) -> None:
    task = tasks.create_task(store, admin, hourly())
    edited = edit(
        store, admin, task.id, trigger_type=TriggerType.CRON, cron_expression="30 * * * *"
    )
    assert (edited.interval_seconds, edited.cron_expression) == (None, "30 * * * *")
    assert edited.next_run_at == NOW + timedelta(minutes=30)


def test_that_an_edit_never_makes_up_for_the_past(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    task = tasks.create_task(store, admin, hourly())
    clock.advance(minutes=30)
    edited = edit(store, admin, task.id, anchor_at=NOW - timedelta(days=9, minutes=5))
    assert edited.next_run_at == NOW + timedelta(minutes=55)
    assert outcomes_of(store, task.id) == []


@pytest.mark.parametrize(
    "change",
    [{"interval_seconds": 7200}, {"status": TaskStatus.PAUSED}],
)
def test_that_what_was_due_before_a_change_gets_its_outcome_first(
    store: Store, admin: Actor, clock: FakeClock, change: dict[str, Any]
) -> None:
    task = tasks.create_task(store, admin, hourly(policies=Policies(catch_up=CatchUpPolicy.NONE)))
    clock.advance(hours=2, minutes=1)
    edited = edit(store, admin, task.id, **change)
    assert outcomes_of(store, task.id) == [(NOW + HOUR, S.MISSED), (NOW + 2 * HOUR, S.QUEUED)]
    assert edited.next_run_at in (None, NOW + 4 * HOUR)
    assert tasks.get_task(store, admin, task.id) == edited


def test_that_a_missed_single_run_is_used_again_with_a_new_time(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    task = tasks.create_task(store, admin, once(policies=Policies(catch_up=CatchUpPolicy.NONE)))
    clock.advance(hours=2)
    edited = edit(store, admin, task.id, run_at=NOW + 3 * HOUR)
    assert (edited.status, edited.next_run_at) == (TaskStatus.ACTIVE, NOW + 3 * HOUR)
    assert outcomes_of(store, task.id) == [(NOW + HOUR, S.MISSED)]
    clock.advance(hours=1)
    decide_due(store)
    assert outcomes_of(store, task.id)[-1] == (NOW + 3 * HOUR, S.QUEUED)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"interval_seconds": 0}, "interval_seconds"),
        ({"interval_seconds": None}, "interval_seconds"),
        ({"cron_expression": "0 2 * * *"}, "cron_expression"),
        ({"trigger_type": TriggerType.ONCE}, "run_at"),
        ({"timezone": "Mars/Base"}, "timezone"),
        ({"ends_at": NOW}, "ends_at"),
        ({"status": TaskStatus.COMPLETED}, "status"),
        ({"status": TaskStatus.FAILED}, "status"),
    ],
)
@pytest.mark.parametrize("is_paused", [False, True])
def test_that_an_edit_is_refused_by_the_field_s_name(
    store: Store, admin: Actor, changes: dict[str, Any], field: str, is_paused: bool
) -> None:
    task = tasks.create_task(store, admin, hourly())
    if is_paused:
        task = tasks.pause_task(store, admin, task.id)
    refusal = refusal_of(tasks.edit_task, store, admin, EditTask(task.id, **changes))
    assert isinstance(refusal, InvalidValueError)
    assert refusal.field == field
    assert tasks.get_task(store, admin, task.id) == task


def test_that_an_edit_to_another_s_name_is_refused(store: Store, admin: Actor) -> None:
    tasks.create_task(store, admin, hourly())
    other = tasks.create_task(store, admin, hourly(name="Other"))
    refusal = refusal_of(tasks.edit_task, store, admin, EditTask(other.id, name="Hourly"))
    assert refusal.code == "task.name_taken"


def test_that_the_queue_keeps_the_settings_it_was_filled_with(store: Store, admin: Actor) -> None:
    task = tasks.create_task(store, admin, hourly())
    queued = executions.run_now(store, admin, task.id, "key")
    edit(store, admin, task.id, force_retrain=True, training_mode=TrainingMode.INCREMENTAL)
    after = executions.get_execution(store, admin, queued.id)
    assert after.training_mode is TrainingMode.FULL
    assert after.settings["force_retrain"] is False


def test_that_a_refused_edit_leaves_what_was_due_undecided(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    task = tasks.create_task(store, admin, hourly())
    clock.advance(hours=1)
    with pytest.raises(RefusedError):
        edit(store, admin, task.id, ends_at=NOW + timedelta(minutes=90))
    assert outcomes_of(store, task.id) == []
