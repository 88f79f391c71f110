"""Tasks in the recycle bin: listed, taken out, and in the end deleted with their history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select

from core.contracts.planning import DeletedTask
from core.contracts.records import Page
from core.domain.execution import ACTIVE
from core.storage.rows import (
    ScheduledTaskExecutionRow,
    ScheduledTaskRow,
    SchoolRow,
    TaskDependencyRow,
    TrainingJobRow,
)
from core.storage.unit_of_work import Unit

_task = ScheduledTaskRow
_execution = ScheduledTaskExecutionRow


def list_page(
    unit: Unit, school_id: int | None, kept_for: timedelta, *, skip: int, limit: int
) -> Page[DeletedTask]:
    """Deleted tasks of one school, or of all, the last deleted first."""
    conditions: list[ColumnElement[bool]] = [_task.deleted_at.is_not(None)]
    if school_id is not None:
        conditions.append(_task.school_id == school_id)
    total = unit.session.scalar(select(func.count()).select_from(_task).where(*conditions))
    rows = unit.session.execute(
        select(_task, SchoolRow.name)
        .outerjoin(SchoolRow, SchoolRow.id == _task.school_id)
        .where(*conditions)
        .order_by(_task.deleted_at.desc(), _task.id.desc())
        .offset(skip)
        .limit(limit)
    )
    return Page(
        tuple(
            DeletedTask(
                row.id,
                row.name,
                row.school_id,
                school,
                row.status,
                row.deleted_at,
                row.deleted_at + kept_for,
            )
            for row, school in rows
            if row.deleted_at is not None
        ),
        total or 0,
    )


def take_out(unit: Unit, task_id: int, **values: Any) -> None:
    """Take a task out of the bin, with these column values."""
    row = unit.session.get_one(_task, task_id, with_for_update=True)
    for name, value in values.items():
        setattr(row, name, value)
    row.deleted_at = None
    row.updated_at = unit.now
    unit.session.flush()


def deleted_upstreams(unit: Unit, task_id: int) -> list[int]:
    """Tasks that a task depends on and that lie in the bin too."""
    return list(
        unit.session.scalars(
            select(_task.id)
            .join(TaskDependencyRow, TaskDependencyRow.upstream_id == _task.id)
            .where(TaskDependencyRow.downstream_id == task_id, _task.deleted_at.is_not(None))
            .order_by(_task.id)
        )
    )


def find_expired(unit: Unit, before: datetime) -> int | None:
    """The task that was deleted first, before an instant, and of which nothing is at work."""
    is_at_work = select(_execution.scheduled_task_id).where(_execution.status.in_(ACTIVE))
    return unit.session.scalar(
        select(_task.id)
        .where(_task.deleted_at < before, _task.id.not_in(is_at_work))
        .order_by(_task.deleted_at, _task.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def purge_history(unit: Unit, task_id: int, limit: int) -> int:
    """Delete the oldest `limit` executions of a task with their attempts; how many there were."""
    ids: Sequence[int] = unit.session.scalars(
        select(_execution.id)
        .where(_execution.scheduled_task_id == task_id)
        .order_by(_execution.id)
        .limit(limit)
    ).all()
    unit.session.execute(delete(TrainingJobRow).where(TrainingJobRow.execution_id.in_(ids)))
    unit.session.execute(delete(_execution).where(_execution.id.in_(ids)))
    return len(ids)


def purge_task(unit: Unit, task_id: int) -> str:
    """Delete a task without history for good, with its edges; its name."""
    row = unit.session.get_one(_task, task_id)
    name = row.name
    unit.session.execute(
        delete(TaskDependencyRow).where(
            or_(
                TaskDependencyRow.upstream_id == task_id,
                TaskDependencyRow.downstream_id == task_id,
            )
        )
    )
    unit.session.delete(row)
    unit.session.flush()
    return name
