"""Scheduled tasks: rows in, records out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.engine import Row as ResultRow

from core.contracts.records import ActiveRun, Page, TaskCounts, TaskFilter, TaskRecord
from core.domain.execution import ACTIVE
from core.domain.task import Policies, RunSettings, TaskStatus
from core.domain.trigger import Schedule
from core.errors import NotFoundError
from core.storage.rows import (
    CalendarRow,
    ScheduledTaskExecutionRow,
    ScheduledTaskRow,
    SchoolRow,
    TrainingJobRow,
    UserRow,
)
from core.storage.task_values import run_settings_of, schedule_of
from core.storage.unit_of_work import Unit


def insert(unit: Unit, **values: Any) -> int:
    """Add a task with these column values; its id."""
    row = ScheduledTaskRow(**values, created_at=unit.now, updated_at=unit.now)
    unit.session.add(row)
    unit.session.flush()
    return row.id


def update(unit: Unit, task_id: int, **values: Any) -> None:
    """Change columns of a task that is not deleted. Raises `NotFoundError`."""
    row = _locked(unit, task_id)
    for name, value in values.items():
        setattr(row, name, value)
    row.updated_at = unit.now


def get(unit: Unit, task_id: int) -> TaskRecord:
    """One task. Raises `NotFoundError`, also when it lies in the recycle bin."""
    found = _records(unit, ScheduledTaskRow.id == task_id)
    if not found:
        raise NotFoundError("task.not_found", task_id=task_id)
    return found[0]


def lock(unit: Unit, task_id: int) -> TaskRecord:
    """One task, held against other writers until this unit ends. Raises `NotFoundError`."""
    _locked(unit, task_id)
    return get(unit, task_id)


def hold(unit: Unit, task_id: int) -> None:
    """Keep out other writers to a task and its executions, in the bin or not, until this unit ends.

    Whoever needs both holds the task first: two orders would block each other.
    """
    unit.session.execute(
        select(ScheduledTaskRow.id).where(ScheduledTaskRow.id == task_id).with_for_update()
    )


def decided_until(unit: Unit, task_id: int) -> datetime | None:
    """Up to where everything of the task has its outcome."""
    return unit.session.scalar(
        select(ScheduledTaskRow.decided_until).where(ScheduledTaskRow.id == task_id)
    )


def ids_of_calendar(unit: Unit, calendar_id: int) -> list[int]:
    """Tasks that use a calendar, by id."""
    return list(
        unit.session.scalars(
            select(ScheduledTaskRow.id)
            .where(
                ScheduledTaskRow.calendar_id == calendar_id,
                ScheduledTaskRow.deleted_at.is_(None),
            )
            .order_by(ScheduledTaskRow.id)
        )
    )


def run_settings(unit: Unit, task_id: int) -> tuple[RunSettings, Schedule]:
    """What an execution of the task would run with now, and when it runs."""
    row = _locked(unit, task_id)
    return run_settings_of(row), schedule_of(row)


def list_page(unit: Unit, which: TaskFilter, *, skip: int, limit: int) -> Page[TaskRecord]:
    """Tasks by id, with the number of all that match."""
    conditions = _conditions(which)
    total = unit.session.scalar(
        select(func.count()).select_from(ScheduledTaskRow).where(*conditions)
    )
    records = _records(unit, *conditions, skip=skip, limit=limit)
    return Page(tuple(records), total or 0)


def counts(unit: Unit, school_id: int | None) -> TaskCounts:
    """The four statistic cards, over all tasks that are not deleted, of one school or of all."""

    def of(status: TaskStatus) -> Any:
        return func.count().filter(ScheduledTaskRow.status == status)

    row = unit.session.execute(
        select(
            of(TaskStatus.ACTIVE),
            of(TaskStatus.PAUSED),
            func.coalesce(func.sum(ScheduledTaskRow.total_runs), 0),
            func.coalesce(func.sum(ScheduledTaskRow.success_runs), 0),
        ).where(*_conditions(TaskFilter(school_id=school_id)))
    ).one()
    return TaskCounts(*row)


def has_name(unit: Unit, name: str, school_id: int | None, *, but: int | None = None) -> bool:
    """Whether another task of the same school (or of all schools) already has this name."""
    conditions = [
        ScheduledTaskRow.name == name,
        ScheduledTaskRow.school_id.is_not_distinct_from(school_id),
        ScheduledTaskRow.deleted_at.is_(None),
    ]
    if but is not None:
        conditions.append(ScheduledTaskRow.id != but)
    return unit.session.scalar(select(ScheduledTaskRow.id).where(*conditions).limit(1)) is not None


def _locked(unit: Unit, task_id: int) -> ScheduledTaskRow:
    row = unit.session.scalar(
        select(ScheduledTaskRow)
        .where(ScheduledTaskRow.id == task_id, ScheduledTaskRow.deleted_at.is_(None))
        .with_for_update()
    )
    if row is None:
        raise NotFoundError("task.not_found", task_id=task_id)
    return row


def _conditions(which: TaskFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if which.status is not None:
        conditions.append(ScheduledTaskRow.status == which.status)
    if which.training_mode is not None:
        conditions.append(ScheduledTaskRow.training_mode == which.training_mode)
    if which.school_id is not None:
        conditions.append(ScheduledTaskRow.school_id == which.school_id)
    if which.text:
        conditions.append(
            or_(
                ScheduledTaskRow.name.icontains(which.text, autoescape=True),
                ScheduledTaskRow.description.icontains(which.text, autoescape=True),
            )
        )
    conditions.append(ScheduledTaskRow.deleted_at.is_(None))
    return conditions


def _records(
    unit: Unit, *conditions: ColumnElement[bool], skip: int = 0, limit: int | None = None
) -> list[TaskRecord]:
    rows = unit.session.execute(
        select(ScheduledTaskRow, SchoolRow.name, UserRow.name, CalendarRow.name)
        .outerjoin(SchoolRow, SchoolRow.id == ScheduledTaskRow.school_id)
        .outerjoin(UserRow, UserRow.id == ScheduledTaskRow.created_by)
        .outerjoin(CalendarRow, CalendarRow.id == ScheduledTaskRow.calendar_id)
        .where(ScheduledTaskRow.deleted_at.is_(None), *conditions)
        .order_by(ScheduledTaskRow.id)
        .offset(skip)
        .limit(limit)
    ).all()
    active = _active_runs(unit, [row.id for row, *_ in rows])
    return [_record(row, _Names(*names), active.get(row.id)) for row, *names in rows]


@dataclass(frozen=True, slots=True)
class _Names:
    """What a task's keys point to."""

    school: str | None
    user: str | None
    calendar: str | None


def _active_runs(unit: Unit, task_ids: Sequence[int]) -> dict[int, ActiveRun]:
    """The execution to show as a task's progress: the running one, else the next in the queue."""
    execution, job = ScheduledTaskExecutionRow, TrainingJobRow
    rows = unit.session.execute(
        select(
            execution.scheduled_task_id,
            execution.id,
            execution.status,
            execution.started_at,
            execution.cancel_requested_at,
            job.progress,
            job.stage,
        )
        .outerjoin(job, job.id == execution.training_job_id)
        .where(execution.scheduled_task_id.in_(task_ids), execution.status.in_(ACTIVE))
        .order_by(execution.started_at.is_(None).desc(), execution.id.desc())
    ).all()
    return {row.scheduled_task_id: _active_run(row) for row in rows}


def _active_run(row: ResultRow[*tuple[Any, ...]]) -> ActiveRun:
    return ActiveRun(
        execution_id=row.id,
        status=row.status,
        progress=row.progress or 0.0,
        stage=row.stage,
        started_at=row.started_at,
        is_cancel_requested=row.cancel_requested_at is not None,
    )


def _record(row: ScheduledTaskRow, names: _Names, active: ActiveRun | None) -> TaskRecord:
    return TaskRecord(
        id=row.id,
        name=row.name,
        description=row.description,
        status=row.status,
        trigger_type=row.trigger_type,
        interval_seconds=row.interval_seconds,
        cron_expression=row.cron_expression,
        run_at=row.run_at,
        timezone=row.timezone,
        anchor_at=row.anchor_at,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        training_mode=row.training_mode,
        school_id=row.school_id,
        school_name=names.school,
        force_retrain=row.force_retrain,
        policies=Policies.from_json(row.policies),
        last_run_at=row.last_run_at,
        next_run_at=row.next_run_at,
        total_runs=row.total_runs,
        success_runs=row.success_runs,
        failed_runs=row.failed_runs,
        last_error=row.last_error,
        last_outcome=row.last_outcome,
        created_by=row.created_by,
        created_by_name=names.user,
        created_at=row.created_at,
        updated_at=row.updated_at,
        active_run=active,
        calendar_id=row.calendar_id,
        calendar_name=names.calendar,
        calendar_policy=row.calendar_policy,
        jitter_seconds=row.jitter_seconds,
        max_runs=row.max_runs,
        term_rule=row.term_rule,
        consecutive_failures=row.consecutive_failures,
        pause_code=row.pause_code,
        pause_params=row.pause_params or {},
    )
