"""Attempts of executions: training jobs with their logs, read as records."""

from __future__ import annotations

from sqlalchemy import func, select

from core.contracts.records import AttemptRecord, LogSlice
from core.domain.execution import ExecutionStatus
from core.errors import NotFoundError
from core.storage.rows import ScheduledTaskExecutionRow, TrainingJobRow
from core.storage.unit_of_work import Unit

_execution = ScheduledTaskExecutionRow
_job = TrainingJobRow


def list_of(unit: Unit, execution_id: int) -> tuple[AttemptRecord, ...]:
    """The attempts of an execution, the first one first."""
    rows = unit.session.scalars(
        select(_job).where(_job.execution_id == execution_id).order_by(_job.id)
    )
    return tuple(map(_record, rows))


def read_log(unit: Unit, execution_id: int, offset: int, attempt: int | None = None) -> LogSlice:
    """The log of an attempt, else of the latest, from `offset` characters on.

    Raises:
        NotFoundError: `execution.not_found`, `execution.attempt_not_found`.
    """
    is_wanted = (
        _job.id == _execution.training_job_id
        if attempt is None
        else (_job.execution_id == _execution.id) & (_job.attempt == attempt)
    )
    row = unit.session.execute(
        select(_execution.status, _job.id, _job.completed_at, func.substr(_job.log, offset + 1))
        .outerjoin(_job, is_wanted)
        .where(_execution.id == execution_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError("execution.not_found", execution_id=execution_id)
    status, job_id, ended_at, text = row
    if attempt is not None and job_id is None:
        raise NotFoundError(
            "execution.attempt_not_found", execution_id=execution_id, attempt=attempt
        )
    is_complete = ExecutionStatus(status).is_final if attempt is None else ended_at is not None
    return LogSlice(text or "", offset + len(text or ""), is_complete)


def _record(job: TrainingJobRow) -> AttemptRecord:
    return AttemptRecord(
        job_id=job.id,
        execution_id=job.execution_id,
        attempt=job.attempt,
        status=job.status,
        started_at=job.started_at,
        completed_at=job.completed_at,
        progress=job.progress,
        stage=job.stage,
        metrics=job.metrics or {},
        reason=job.reason,
        message_code=job.message_code,
        message_params=job.message_params or {},
    )
