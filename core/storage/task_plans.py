"""When tasks run, with everything that decides on it, read from their rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from core.domain.plan import Plan
from core.domain.task import Policies, TaskStatus
from core.errors import NotFoundError
from core.storage import calendars
from core.storage.rows import ScheduledTaskRow
from core.storage.task_values import plan_of
from core.storage.unit_of_work import Unit


@dataclass(frozen=True, slots=True)
class TaskPlan:
    """What there is to know of a task to say when it runs, and why not."""

    id: int
    name: str
    school_id: int | None
    status: TaskStatus
    plan: Plan
    calendar_id: int | None
    policies: Policies
    last_run_at: datetime | None
    next_run_at: datetime | None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None


def get(unit: Unit, task_id: int) -> TaskPlan:
    """The plan of a task. Raises `NotFoundError`, also when it lies in the recycle bin."""
    found = _read(unit, ScheduledTaskRow.id == task_id, ScheduledTaskRow.deleted_at.is_(None))
    if not found:
        raise NotFoundError("task.not_found", task_id=task_id)
    return found[0]


def find_any(unit: Unit, task_id: int) -> TaskPlan | None:
    """The plan of a task, in the recycle bin or not."""
    return next(iter(_read(unit, ScheduledTaskRow.id == task_id)), None)


def of_calendar(unit: Unit, calendar_id: int) -> list[TaskPlan]:
    """The plans of all tasks that use a calendar, by id."""
    return _read(
        unit,
        ScheduledTaskRow.calendar_id == calendar_id,
        ScheduledTaskRow.deleted_at.is_(None),
    )


def _read(unit: Unit, *conditions: ColumnElement[bool]) -> list[TaskPlan]:
    unit.session.flush()
    rows = unit.session.scalars(
        select(ScheduledTaskRow).where(*conditions).order_by(ScheduledTaskRow.id)
    ).all()
    known = calendars.values(unit, {row.calendar_id for row in rows if row.calendar_id})
    return [
        TaskPlan(
            id=row.id,
            name=row.name,
            school_id=row.school_id,
            status=row.status,
            plan=plan_of(row, known.get(row.calendar_id or 0)),
            calendar_id=row.calendar_id,
            policies=Policies.from_json(row.policies),
            last_run_at=row.last_run_at,
            next_run_at=row.next_run_at,
            created_at=row.created_at,
            updated_at=row.updated_at,
            deleted_at=row.deleted_at,
        )
        for row in rows
    ]
