"""Executions: the history, read as records; `core.storage.attempts` reads their attempts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, select

from core.contracts.records import ExecutionFilter, ExecutionRecord
from core.domain.execution import ACTIVE, ExecutionKind, ExecutionStatus
from core.domain.task import RunSettings
from core.errors import NotFoundError
from core.storage.rows import (
    ModelVersionRow,
    RunnerRow,
    ScheduledTaskExecutionRow,
    ScheduledTaskRow,
    SchoolRow,
    TrainingJobRow,
)
from core.storage.unit_of_work import Subject, Unit


def get(unit: Unit, execution_id: int) -> ExecutionRecord:
    """One execution. Raises `NotFoundError`."""
    row = unit.session.execute(
        _selection().where(ScheduledTaskExecutionRow.id == execution_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError("execution.not_found", execution_id=execution_id)
    return _record(*row)


def task_of(unit: Unit, execution_id: int) -> int:
    """The task of an execution. Raises `NotFoundError`."""
    found = unit.session.scalar(
        select(ScheduledTaskExecutionRow.scheduled_task_id).where(
            ScheduledTaskExecutionRow.id == execution_id
        )
    )
    if found is None:
        raise NotFoundError("execution.not_found", execution_id=execution_id)
    return found


def list_before(
    unit: Unit, which: ExecutionFilter, *, before_id: int | None, limit: int
) -> tuple[ExecutionRecord, ...]:
    """Executions, newest first, below `before_id`."""
    conditions = _conditions(which)
    if before_id is not None:
        conditions.append(ScheduledTaskExecutionRow.id < before_id)
    rows = unit.session.execute(
        _selection().where(*conditions).order_by(ScheduledTaskExecutionRow.id.desc()).limit(limit)
    )
    return tuple(_record(*row) for row in rows)


def add_request(
    unit: Unit,
    task_id: int,
    settings: RunSettings,
    *,
    client_key: str,
    requested_by: int | None,
    refusal: dict[str, Any] | None = None,
) -> int:
    """A manual execution: queued, or at once skipped with the columns of `refusal`."""
    row = ScheduledTaskExecutionRow(
        scheduled_task_id=task_id,
        kind=ExecutionKind.MANUAL,
        client_key=client_key,
        decided_at=unit.now,
        status=ExecutionStatus.QUEUED,
        settings=settings.to_json(),
        requested_by=requested_by,
    )
    for name, value in (refusal or {}).items():
        setattr(row, name, value)
    unit.session.add(row)
    unit.session.flush()
    return row.id


def find_by_key(unit: Unit, client_key: str) -> int | None:
    """The execution that a client key already made."""
    return unit.session.scalar(
        select(ScheduledTaskExecutionRow.id).where(
            ScheduledTaskExecutionRow.client_key == client_key
        )
    )


def list_active(unit: Unit, task_id: int | None = None) -> list[tuple[int, ExecutionStatus]]:
    """Ids and states of what is queued, running or retrying, oldest first."""
    statement = select(ScheduledTaskExecutionRow.id, ScheduledTaskExecutionRow.status).where(
        ScheduledTaskExecutionRow.status.in_(ACTIVE)
    )
    if task_id is not None:
        statement = statement.where(ScheduledTaskExecutionRow.scheduled_task_id == task_id)
    rows = unit.session.execute(statement.order_by(ScheduledTaskExecutionRow.id))
    return [(id_, status) for id_, status in rows]


def request_cancel(unit: Unit, execution_id: int, *, actor: str) -> None:
    """Mark a started execution to be ended by its runner."""
    row = unit.session.get_one(ScheduledTaskExecutionRow, execution_id)
    if row.cancel_requested_at is None:
        row.cancel_requested_at = unit.now
        row.cancelled_by = actor
        unit.note(
            "execution.cancel_requested",
            Subject(row.scheduled_task_id, execution_id),
            actor=actor,
        )


def _conditions(which: ExecutionFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if which.task_id is not None:
        conditions.append(ScheduledTaskExecutionRow.scheduled_task_id == which.task_id)
    if which.school_id is not None:
        conditions.append(ScheduledTaskRow.school_id == which.school_id)
    if which.statuses:
        conditions.append(ScheduledTaskExecutionRow.status.in_(which.statuses))
    return conditions


def _selection() -> Select[*tuple[Any, ...]]:
    execution = ScheduledTaskExecutionRow
    return (
        select(
            execution,
            ScheduledTaskRow.name,
            ScheduledTaskRow.school_id,
            SchoolRow.name,
            TrainingJobRow,
            RunnerRow.host,
            ModelVersionRow,
        )
        .join(ScheduledTaskRow, ScheduledTaskRow.id == execution.scheduled_task_id)
        .outerjoin(SchoolRow, SchoolRow.id == ScheduledTaskRow.school_id)
        .outerjoin(TrainingJobRow, TrainingJobRow.id == execution.training_job_id)
        .outerjoin(RunnerRow, RunnerRow.id == execution.runner_id)
        .outerjoin(ModelVersionRow, ModelVersionRow.id == execution.model_version_id)
    )


def _record(
    row: ScheduledTaskExecutionRow,
    task_name: str,
    school_id: int | None,
    school_name: str | None,
    job: TrainingJobRow | None,
    host: str | None,
    model: ModelVersionRow | None,
) -> ExecutionRecord:
    settings = RunSettings.from_json(row.settings)
    return ExecutionRecord(
        id=row.id,
        scheduled_task_id=row.scheduled_task_id,
        task_name=task_name,
        school_id=school_id,
        school_name=school_name,
        training_job_id=row.training_job_id,
        kind=row.kind,
        planned_at=row.planned_at,
        decided_at=row.decided_at,
        started_at=row.started_at,
        completed_at=row.completed_at,
        status=row.status,
        reason=row.reason,
        message_code=row.message_code,
        message_params=row.message_params or {},
        output=row.output,
        error_message=row.error_message,
        progress=job.progress if job else 0.0,
        stage=job.stage if job else None,
        attempt=job.attempt if job else 0,
        training_mode=settings.training_mode,
        timezone=settings.timezone,
        settings=row.settings,
        is_cancel_requested=row.cancel_requested_at is not None,
        missed_count=row.missed_count,
        runner_host=host,
        model_version_id=row.model_version_id,
        model_version=model.version if model else None,
        gate=model.gate if model else None,
        metrics=(job.metrics if job else None) or {},
        retry_at=row.not_before if row.status is ExecutionStatus.RETRYING else None,
    )
