"""What would happen to the runs of tasks if a trigger or a calendar were saved; saves nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from core.contracts.commands import UNSET
from core.contracts.planning import ChangedSchedule, ChangeKind, TaskConsequences
from core.domain.access import reaches
from core.domain.calendar import SchoolCalendar
from core.domain.plan import Plan
from core.scheduling import fire_times
from core.scheduling.comparison import compare
from core.services.actor import Actor
from core.services.calendars import get_calendar
from core.services.plans import seen_plan
from core.storage import task_plans
from core.storage.task_plans import TaskPlan
from core.storage.unit_of_work import Store, Unit

HORIZON: Final = timedelta(days=60)
MOST_CHANGES: Final = 2000
"""Changes of one task that are told one by one; all are counted."""


def preview_change(store: Store, actor: Actor, command: ChangedSchedule) -> TaskConsequences:
    """What a changed schedule or calendar would do to the runs of a task.

    Raises:
        InvalidValueError: the schedule cannot be taken, as when it is saved.
        NotFoundError: the task or the calendar is not there, or not to be known of.
    """

    def work(unit: Unit) -> tuple[TaskPlan, datetime]:
        return seen_plan(unit, actor, command.task_id), unit.now

    task, now = store.read(work)
    changed = task.plan
    if command.schedule is not UNSET:
        changed = replace(changed, schedule=command.schedule)
    if command.calendar_id is not UNSET:
        calendar = (
            None
            if command.calendar_id is None
            else get_calendar(store, actor, command.calendar_id).calendar
        )
        changed = replace(changed, calendar=calendar)
    if command.calendar_policy is not UNSET:
        changed = replace(changed, calendar_policy=command.calendar_policy)
    if changed != task.plan:
        fire_times.check(changed.schedule, now, changed.calendar)
    return _consequences(task, changed, now)


def preview_calendar(
    store: Store, actor: Actor, calendar_id: int, calendar: SchoolCalendar
) -> tuple[TaskConsequences, ...]:
    """What a changed calendar would do to each task that uses it and that the actor may see.

    Raises:
        NotFoundError: the calendar is not there, or not to be known of.
    """
    get_calendar(store, actor, calendar_id)

    def work(unit: Unit) -> tuple[list[TaskPlan], datetime]:
        return task_plans.of_calendar(unit, calendar_id), unit.now

    found, now = store.read(work)
    return tuple(
        _consequences(task, replace(task.plan, calendar=calendar), now)
        for task in found
        if reaches(actor.role, actor.school_id, task.school_id)
    )


def _consequences(task: TaskPlan, changed: Plan, now: datetime) -> TaskConsequences:
    until = now + HORIZON
    found = compare(task.plan, changed, now, until)
    counts = Counter(each.kind for each in found.changes)
    return TaskConsequences(
        task_id=task.id,
        task_name=task.name,
        timezone=changed.schedule.timezone,
        status=task.status,
        from_at=now,
        until_at=until,
        compared_until=found.compared_until,
        before_count=found.before_count,
        after_count=found.after_count,
        added=counts[ChangeKind.ADDED],
        removed=counts[ChangeKind.REMOVED],
        moved=counts[ChangeKind.MOVED],
        changes=found.changes[:MOST_CHANGES],
        has_no_run=found.has_no_run,
    )
