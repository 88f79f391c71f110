"""Tasks that are started by the end of another: decided in the transaction that writes that end."""

from __future__ import annotations

from collections.abc import Callable, Collection

from sqlalchemy import select

from core.domain.dependency import Mode, triggered
from core.domain.execution import ACTIVE, ExecutionKind, ExecutionStatus, Reason
from core.domain.overlap import Active, Skip, arrange
from core.domain.task import TaskStatus
from core.storage import dependencies
from core.storage.rows import ScheduledTaskExecutionRow, ScheduledTaskRow, TaskDependencyRow
from core.storage.task_values import run_settings_of
from core.storage.unit_of_work import SYSTEM_ACTOR, Subject, Unit

_execution = ScheduledTaskExecutionRow
Replace = Callable[[Unit, int, int], None]
"""Ends a queued execution (the first number) in favour of another."""


def with_followers(unit: Unit, task_ids: Collection[int]) -> list[int]:
    """Which of these tasks start others when they end."""
    rows = unit.session.scalars(
        select(TaskDependencyRow.upstream_id)
        .where(TaskDependencyRow.upstream_id.in_(task_ids), TaskDependencyRow.mode == Mode.AFTER)
        .distinct()
    )
    return sorted(rows)


def start_followers(unit: Unit, upstream_id: int, replace: Replace) -> None:
    """Queue the active tasks that the latest outcome of `upstream_id` sets off."""
    edges = dependencies.downstream_of(unit, upstream_id)
    for task_id in sorted({edge.downstream_id for edge in edges if edge.mode is Mode.AFTER}):
        task = unit.session.get_one(ScheduledTaskRow, task_id, with_for_update=True)
        if task.status is TaskStatus.ACTIVE and _is_set_off(unit, task, upstream_id):
            _queue(unit, task, replace)


def _is_set_off(unit: Unit, task: ScheduledTaskRow, upstream_id: int) -> bool:
    return triggered(
        dependencies.upstream_of(unit, task.id),
        task.dependency_how,
        upstream_id,
        dependencies.upstream_outcomes(unit, task.id),
        task.last_run_at,
    )


def _queue(unit: Unit, task: ScheduledTaskRow, replace: Replace) -> None:
    settings = run_settings_of(task)
    policies = settings.policies
    arrangement = arrange(policies.overlap, policies.overlap_limit, _active(unit, task.id), None)
    row = _execution(
        scheduled_task_id=task.id,
        kind=ExecutionKind.DEPENDENCY,
        decided_at=unit.now,
        status=ExecutionStatus.QUEUED,
        settings=settings.to_json(),
    )
    if isinstance(arrangement.arriving, Skip):
        blocking = arrangement.arriving.blocking
        row.status, row.reason = ExecutionStatus.SKIPPED, Reason.OVERLAP
        row.completed_at = unit.now
        row.message_code = "reason.overlap"
        row.message_params = {
            "blocking_id": blocking.execution_id,
            "blocking_status": blocking.status.value,
        }
    unit.session.add(row)
    unit.session.flush()
    unit.note(f"execution.{row.status.value}", Subject(task.id, row.id))
    for each in arrangement.replaced:
        replace(unit, each, row.id)
    for each in arrangement.cancelled:
        running = unit.session.get_one(_execution, each)
        running.cancel_requested_at = running.cancel_requested_at or unit.now
        running.cancelled_by = running.cancelled_by or SYSTEM_ACTOR
        unit.note("execution.cancel_requested", Subject(task.id, each))


def _active(unit: Unit, task_id: int) -> list[Active]:
    rows = unit.session.execute(
        select(_execution.id, _execution.status, _execution.planned_at)
        .where(_execution.scheduled_task_id == task_id, _execution.status.in_(ACTIVE))
        .order_by(_execution.id)
    )
    return [Active(id_, status, planned_at) for id_, status, planned_at in rows]
