"""The last word on an execution: its final state, the attempt's and the task's counters at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from core.domain.decision import ends_after
from core.domain.execution import (
    ACTIVE,
    FAILURES,
    RUN_ENDINGS,
    ExecutionStatus,
    Reason,
    check_transition,
)
from core.domain.pause_on_failure import PAUSED_CODE, after_outcome
from core.domain.retry import next_attempt
from core.domain.task import RunSettings, TaskStatus
from core.domain.trigger import waits_for_calendar
from core.errors import Param
from core.language import speaking
from core.messages import sentence
from core.storage.followers import start_followers
from core.storage.rows import ScheduledTaskExecutionRow, ScheduledTaskRow, TrainingJobRow
from core.storage.run_counts import runs_so_far
from core.storage.task_values import run_settings_of, schedule_of
from core.storage.unit_of_work import SYSTEM_ACTOR, Subject, Unit


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an execution ended; `message_code` is empty only for a plain success."""

    status: ExecutionStatus
    reason: Reason | None = None
    message_code: str | None = None
    message_params: dict[str, Param] = field(default_factory=dict)
    output: str | None = None
    model_version_id: int | None = None
    metrics: dict[str, Any] = field(default_factory=dict)
    log: str | None = None


def replaced_by(execution_id: int) -> Outcome:
    """The outcome of a queued execution that gives its place to a newer one."""
    return Outcome(
        ExecutionStatus.SKIPPED,
        Reason.OVERLAP,
        "reason.replaced",
        {"blocking_id": execution_id},
    )


def conclude(unit: Unit, execution_id: int, outcome: Outcome, *, u: float) -> None:
    """End an attempt: put the execution off to a further one if the policies have one left, else
    settle it. `u` spreads the delay (see `core.domain.retry`).

    Raises:
        RefusedError: as `settle`.
    """
    row = unit.session.get_one(ScheduledTaskExecutionRow, execution_id, with_for_update=True)
    row.lost_count += outcome.status is ExecutionStatus.LOST
    begins_at = None
    if row.cancel_requested_at is None:
        begins_at = next_attempt(
            RunSettings.from_json(row.settings).policies,
            row.attempts,
            outcome.status,
            outcome.reason,
            row.lost_count,
            row.started_at or unit.now,
            unit.now,
            u,
        )
    if begins_at is None:
        settle(unit, execution_id, outcome)
        return
    check_transition(row.status, ExecutionStatus.RETRYING)
    _end_attempt(unit, row, outcome)
    row.status = ExecutionStatus.RETRYING
    row.not_before = begins_at
    row.lease_until = None
    row.reason = outcome.reason
    row.message_code = outcome.message_code
    row.message_params = outcome.message_params or None
    row.error_message = _english(outcome)
    unit.note("execution.retrying", Subject(row.scheduled_task_id, row.id))


def would_pause(unit: Unit, task_id: int, outcome: Outcome) -> bool:
    """Whether `outcome`, unless another attempt follows, is one failure of the task too many."""
    if outcome.status not in FAILURES:
        return False
    task = unit.session.get_one(ScheduledTaskRow, task_id, populate_existing=True)
    limit = run_settings_of(task).policies.pause_after_failures
    return 0 < limit <= task.consecutive_failures + 1


def settle(unit: Unit, execution_id: int, outcome: Outcome, *, actor: str = SYSTEM_ACTOR) -> None:
    """Write a final state and everything that follows from it.

    Raises:
        RefusedError: `execution.illegal_transition`, for instance a second outcome.
    """
    row = unit.session.get_one(ScheduledTaskExecutionRow, execution_id, with_for_update=True)
    check_transition(row.status, outcome.status)
    english = _english(outcome)
    row.status = outcome.status
    row.reason = outcome.reason
    row.message_code = outcome.message_code
    row.message_params = outcome.message_params or None
    row.error_message = english if outcome.status is not ExecutionStatus.COMPLETED else None
    row.output = outcome.output
    row.model_version_id = outcome.model_version_id
    row.lease_until = None
    row.completed_at = unit.now
    if outcome.status in RUN_ENDINGS and row.started_at is None:
        row.started_at = unit.now if outcome.status in FAILURES else None
    _end_attempt(unit, row, outcome)
    _count(unit, row, outcome, english)
    unit.note(
        f"execution.{outcome.status.value}", Subject(row.scheduled_task_id, row.id), actor=actor
    )
    unit.session.flush()
    start_followers(unit, row.scheduled_task_id, give_way)


def give_way(unit: Unit, execution_id: int, newer_id: int) -> None:
    """End a queued execution in favour of a newer one."""
    settle(unit, execution_id, replaced_by(newer_id))


def _end_attempt(unit: Unit, row: ScheduledTaskExecutionRow, outcome: Outcome) -> None:
    if row.training_job_id is None:
        return
    job = unit.session.get_one(TrainingJobRow, row.training_job_id)
    if job.completed_at is not None:
        return  # the execution ends between two attempts: the one before keeps its own end
    job.status = outcome.status
    job.reason = outcome.reason
    job.message_code = outcome.message_code
    job.message_params = outcome.message_params or None
    job.completed_at = unit.now
    job.metrics = outcome.metrics or None
    if outcome.status is ExecutionStatus.COMPLETED:
        job.progress = 1.0
    if outcome.log is not None:
        job.log = outcome.log


def _count(
    unit: Unit, row: ScheduledTaskExecutionRow, outcome: Outcome, english: str | None
) -> None:
    task = unit.session.get_one(ScheduledTaskRow, row.scheduled_task_id, with_for_update=True)
    task.last_outcome = outcome.status
    if outcome.status in RUN_ENDINGS and row.started_at is not None:
        task.total_runs += 1
        task.last_run_at = row.started_at
        task.success_runs += outcome.status is ExecutionStatus.COMPLETED
        task.failed_runs += outcome.status in FAILURES
    if outcome.status in FAILURES:
        task.last_error = english
    elif outcome.status is ExecutionStatus.COMPLETED:
        task.last_error = None
    _pause_after_failures(unit, task, row, outcome.status)
    if task.deleted_at is not None:
        return  # it comes back from the bin as it was
    if task.status is TaskStatus.ACTIVE and _is_over(unit, task) and _is_last(unit, row):
        task.status = ends_after(schedule_of(task), outcome.status)


def _pause_after_failures(
    unit: Unit, task: ScheduledTaskRow, row: ScheduledTaskExecutionRow, status: ExecutionStatus
) -> None:
    limit = run_settings_of(task).policies.pause_after_failures
    tally = after_outcome(task.consecutive_failures, row.kind, status, limit)
    task.consecutive_failures = tally.count
    if tally.pauses and task.status is TaskStatus.ACTIVE and task.next_run_at is not None:
        task.status = TaskStatus.PAUSED
        task.next_run_at = None
        task.pause_code = PAUSED_CODE
        task.pause_params = {"count": tally.count}
        unit.note("task.paused", Subject(task.id), detail={"count": tally.count})


def _is_over(unit: Unit, task: ScheduledTaskRow) -> bool:
    """Whether no instant can come any more, also not when its calendar is continued."""
    if task.next_run_at is not None:
        return False
    if not waits_for_calendar(schedule_of(task), unit.now):
        return True
    if task.max_runs is None:
        return False
    return runs_so_far(unit, [task.id]).get(task.id, 0) >= task.max_runs


def _is_last(unit: Unit, row: ScheduledTaskExecutionRow) -> bool:
    """Whether nothing else of the task is queued or running."""
    other = select(ScheduledTaskExecutionRow.id).where(
        ScheduledTaskExecutionRow.scheduled_task_id == row.scheduled_task_id,
        ScheduledTaskExecutionRow.status.in_(ACTIVE),
        ScheduledTaskExecutionRow.id != row.id,
    )
    return unit.session.scalar(other.limit(1)) is None


def _english(outcome: Outcome) -> str | None:
    if outcome.message_code is None:
        return None
    with speaking("en"):
        return sentence(outcome.message_code, outcome.message_params)
