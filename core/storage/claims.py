"""The right to run an execution: claimed once, dated, numbered, renewed, ended with a result."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select, update

from core.domain.execution import ExecutionStatus
from core.domain.overlap import most_at_once
from core.domain.task import RunSettings
from core.errors import RefusedError
from core.storage import tasks
from core.storage.queue import Waiting
from core.storage.rows import ScheduledTaskExecutionRow, ScheduledTaskRow, TrainingJobRow
from core.storage.unit_of_work import Subject, Unit

_execution = ScheduledTaskExecutionRow


@dataclass(frozen=True, slots=True)
class Claim:
    """One runner's right to run one execution; `fence` makes an older right void."""

    execution_id: int
    task_id: int
    job_id: int
    fence: int
    started_at: datetime
    """Of the first attempt."""
    settings: RunSettings


def start(unit: Unit, waiting: Waiting, *, runner_id: int, lease: timedelta) -> Claim | None:
    """Claim a waiting execution and begin an attempt; `None` if another runner was faster."""
    # Held first, so that no more executions of one task start side by side than it allows.
    tasks.hold(unit, waiting.task_id)
    row = unit.session.scalar(
        select(_execution)
        .where(
            _execution.id == waiting.execution_id,
            _execution.status == waiting.status,
            # Another runner may have started and ended an attempt since it was seen to wait.
            or_(_execution.not_before.is_(None), _execution.not_before <= unit.now),
        )
        .with_for_update()
    )
    if row is None or not _has_room(unit, waiting):
        return None
    row.attempts += 1
    job = TrainingJobRow(
        execution_id=row.id,
        attempt=row.attempts,
        status=ExecutionStatus.RUNNING,
        started_at=unit.now,
    )
    unit.session.add(job)
    unit.session.flush()
    row.status = ExecutionStatus.RUNNING
    row.started_at = row.started_at or unit.now
    row.not_before = None
    row.training_job_id = job.id
    row.runner_id = runner_id
    row.fence += 1
    row.lease_until = unit.now + lease
    unit.session.execute(
        update(ScheduledTaskRow)
        .where(ScheduledTaskRow.id == waiting.task_id)
        .values(last_run_at=unit.now)
    )
    unit.note("execution.running", Subject(waiting.task_id, row.id))
    return Claim(row.id, waiting.task_id, job.id, row.fence, row.started_at, waiting.settings)


def renew(unit: Unit, claims: Sequence[Claim], lease: timedelta) -> set[int]:
    """Prolong what is still ours; the execution ids that are."""
    kept: set[int] = set()
    for claim in claims:
        result = unit.session.execute(
            update(_execution)
            .where(
                _execution.id == claim.execution_id,
                _execution.fence == claim.fence,
                _execution.status == ExecutionStatus.RUNNING,
            )
            .values(lease_until=unit.now + lease)
            .returning(_execution.id)
        )
        kept.update(result.scalars())
    return kept


def cancel_requested(unit: Unit, execution_ids: Sequence[int]) -> set[int]:
    """Which of these executions somebody asked to end."""
    return set(
        unit.session.scalars(
            select(_execution.id).where(
                _execution.id.in_(execution_ids), _execution.cancel_requested_at.is_not(None)
            )
        )
    )


def status_of(unit: Unit, execution_id: int) -> ExecutionStatus | None:
    """Where an execution stands, held until this unit ends."""
    return unit.session.scalar(
        select(_execution.status).where(_execution.id == execution_id).with_for_update()
    )


def cancelled_by(unit: Unit, execution_id: int) -> str | None:
    """Who asked an execution to end."""
    return unit.session.scalar(select(_execution.cancelled_by).where(_execution.id == execution_id))


def note_progress(unit: Unit, claim: Claim, *, progress: float, stage: str, log: str) -> None:
    """Store how far an attempt is, for whoever looks. No event: progress is not history."""
    unit.session.execute(
        update(TrainingJobRow)
        .where(TrainingJobRow.id == claim.job_id, TrainingJobRow.completed_at.is_(None))
        .values(progress=progress, stage=stage, log=log)
    )


def release(unit: Unit, claim: Claim) -> None:
    """Give up the right, for a result to be written now.

    Raises:
        RefusedError: `execution.stale_fence`, the execution is not ours any more.
    """
    tasks.hold(unit, claim.task_id)
    result = unit.session.execute(
        update(_execution)
        .where(
            _execution.id == claim.execution_id,
            _execution.fence == claim.fence,
            _execution.status == ExecutionStatus.RUNNING,
        )
        .values(lease_until=None)
        .returning(_execution.id)
    )
    if result.scalar() is None:
        raise RefusedError("execution.stale_fence", execution_id=claim.execution_id)


def expired(unit: Unit, *, but: Collection[int] = ()) -> list[Claim]:
    """Running executions whose lease is over, `but` those that the asker knows to be running."""
    return _left(unit, _execution.lease_until < unit.now, _execution.id.not_in(but))


def of_runner(unit: Unit, runner_id: int) -> list[Claim]:
    """Running executions of a runner, whatever their lease."""
    return _left(unit, _execution.runner_id == runner_id)


def take_over(unit: Unit, claim: Claim, *, is_dead: bool) -> bool:
    """Whether the right is still the one that was found, held with its task until this unit ends.

    A runner that `is_dead` cannot have renewed it meanwhile.
    """
    tasks.hold(unit, claim.task_id)
    is_left = _execution.lease_until.is_not(None) if is_dead else _execution.lease_until < unit.now
    found = unit.session.scalar(
        select(_execution.id)
        .where(
            _execution.id == claim.execution_id,
            _execution.fence == claim.fence,
            _execution.status == ExecutionStatus.RUNNING,
            is_left,
        )
        .with_for_update()
    )
    return found is not None


def _left(unit: Unit, *conditions: ColumnElement[bool]) -> list[Claim]:
    rows = unit.session.scalars(
        select(_execution)
        .where(_execution.status == ExecutionStatus.RUNNING, *conditions)
        .order_by(_execution.scheduled_task_id, _execution.id)
    )
    return [
        Claim(
            row.id,
            row.scheduled_task_id,
            row.training_job_id or 0,
            row.fence,
            row.started_at or unit.now,
            RunSettings.from_json(row.settings),
        )
        for row in rows
    ]


def _has_room(unit: Unit, waiting: Waiting) -> bool:
    """Whether the task has fewer at work than it may; a retry keeps the place it has."""
    busy = [ExecutionStatus.RUNNING]
    if waiting.status is ExecutionStatus.QUEUED:
        busy.append(ExecutionStatus.RETRYING)
    count = unit.session.scalar(
        select(func.count())
        .select_from(_execution)
        .where(_execution.scheduled_task_id == waiting.task_id, _execution.status.in_(busy))
    )
    policies = waiting.settings.policies
    return (count or 0) < most_at_once(policies.overlap, policies.overlap_limit)
