"""The recycle bin: what was deleted, taken back whole, or gone for good after thirty days."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from core.contracts.planning import DeletedTask
from core.contracts.records import Page, TaskRecord
from core.domain.access import Verb
from core.domain.task import TaskStatus
from core.domain.trigger import Once, waits_for_calendar
from core.errors import NotFoundError, RefusedError
from core.scheduling.due_instants import next_due
from core.services.actor import Actor, authorise, visible_school
from core.storage import recycle_bin, task_plans, tasks
from core.storage.task_plans import TaskPlan
from core.storage.unit_of_work import Store, Subject, Unit

KEPT_FOR: Final = timedelta(days=30)
BATCH: Final = 500
"""Executions that are deleted in one transaction."""


def list_deleted(store: Store, actor: Actor, *, skip: int, limit: int) -> Page[DeletedTask]:
    """Deleted tasks that the actor may see, the last deleted first."""
    school_id = visible_school(actor, None)
    return store.read(
        lambda unit: recycle_bin.list_page(unit, school_id, KEPT_FOR, skip=skip, limit=limit)
    )


def restore_task(store: Store, actor: Actor, task_id: int) -> TaskRecord:
    """Take a task out of the bin as it was; it runs from the first instant after now on.

    A task that is not in the bin stays as it is: restoring twice changes nothing.

    Raises:
        RefusedError: `bin.name_taken`, `bin.upstream_deleted`.
        NotFoundError, ForbiddenError.
    """

    def work(unit: Unit) -> TaskRecord:
        tasks.hold(unit, task_id)
        absent = NotFoundError("task.not_found", task_id=task_id)
        task = task_plans.find_any(unit, task_id)
        if task is None:
            raise absent
        authorise(actor, Verb.MANAGE_TASKS, task.school_id, absent)
        if task.deleted_at is not None:
            _take_out(unit, actor, task)
        return tasks.get(unit, task_id)

    return store.write(work)


def purge(store: Store) -> int:
    """Delete for good what was put in the bin thirty days ago; how many tasks that were.

    Models stay: they name the execution that made them only by its number.
    """
    count = 0
    while (is_whole := store.write(_purge_some)) is not None:
        count += is_whole
    return count


def _take_out(unit: Unit, actor: Actor, task: TaskPlan) -> None:
    if tasks.has_name(unit, task.name, task.school_id):
        raise RefusedError("bin.name_taken", task_id=task.id, name=task.name)
    if missing := recycle_bin.deleted_upstreams(unit, task.id):
        raise RefusedError(
            "bin.upstream_deleted", task_id=task.id, tasks=[f"#{each}" for each in missing]
        )
    status, next_run_at = _comes_back(unit, task)
    recycle_bin.take_out(
        unit, task.id, status=status, next_run_at=next_run_at, decided_until=unit.now
    )
    unit.note(
        "task.restored",
        Subject(task.id, school_id=task.school_id),
        actor=actor.name,
        detail={"after": {"status": status.value}},
    )


def _comes_back(unit: Unit, task: TaskPlan) -> tuple[TaskStatus, datetime | None]:
    """Its status and next instant: without one only a task stays active that its calendar tells."""
    if task.status is not TaskStatus.ACTIVE:
        return task.status, None
    next_run_at = next_due(task.id, task.plan, unit.now)
    if next_run_at is not None or waits_for_calendar(task.plan.schedule, unit.now):
        return TaskStatus.ACTIVE, next_run_at
    is_once = isinstance(task.plan.schedule.trigger, Once)
    return TaskStatus.FAILED if is_once else TaskStatus.COMPLETED, None


def _purge_some(unit: Unit) -> int | None:
    """One batch: 1 if it ended with a task, 0 if some of its history is left, `None` if idle."""
    task_id = recycle_bin.find_expired(unit, unit.now - KEPT_FOR)
    if task_id is None:
        return None
    if recycle_bin.purge_history(unit, task_id, BATCH) == BATCH:
        return 0
    name = recycle_bin.purge_task(unit, task_id)
    # Not a change of a task: there is none any more that a follower could read.
    unit.note("bin.purged", Subject(task_id), detail={"before": {"name": name}})
    return 1
