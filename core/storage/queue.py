"""What waits for a slot, and what each school has had: read for the choice of the next start."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from core.domain.dependency import Mode
from core.domain.execution import ExecutionKind, ExecutionStatus
from core.domain.fair_share import Share
from core.domain.task import RunSettings
from core.storage.rows import (
    ScheduledTaskExecutionRow,
    ScheduledTaskRow,
    TaskDependencyRow,
)
from core.storage.unit_of_work import Unit

_execution = ScheduledTaskExecutionRow
LOOKED_AT = 1000
"""Oldest waiting executions that are chosen from."""
RECENT = timedelta(hours=1)
"""Starts within this count in a school's share."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An execution that waits for its first attempt, or for a further one whose time has come."""

    execution_id: int
    task_id: int
    kind: ExecutionKind
    status: ExecutionStatus
    queued_at: datetime
    previous_start_at: datetime | None
    settings: RunSettings


def waiting(unit: Unit) -> list[Waiting]:
    """What could start now, oldest first, but before it what persons asked for.

    They must be seen behind any number of executions that quiet hours hold back.
    """
    is_retry = (_execution.status == ExecutionStatus.RETRYING) & (_execution.not_before <= unit.now)
    rows = unit.session.execute(
        select(_execution, ScheduledTaskRow.last_run_at)
        .join(ScheduledTaskRow, ScheduledTaskRow.id == _execution.scheduled_task_id)
        .where(or_(_execution.status == ExecutionStatus.QUEUED, is_retry))
        .order_by(_execution.kind != ExecutionKind.MANUAL, _execution.id)
        .limit(LOOKED_AT)
    )
    return [
        Waiting(
            row.id,
            row.scheduled_task_id,
            row.kind,
            row.status,
            row.decided_at,
            last_run_at,
            RunSettings.from_json(row.settings),
        )
        for row, last_run_at in rows
    ]


def next_retry_at(unit: Unit) -> datetime | None:
    """When the next further attempt may begin."""
    return unit.session.scalar(
        select(func.min(_execution.not_before)).where(_execution.status == ExecutionStatus.RETRYING)
    )


def at_work(unit: Unit) -> tuple[Counter[int], Counter[int]]:
    """How many executions of each task are running, and how many are between attempts."""
    rows = unit.session.execute(
        select(_execution.scheduled_task_id, _execution.status, func.count())
        .where(_execution.status.in_([ExecutionStatus.RUNNING, ExecutionStatus.RETRYING]))
        .group_by(_execution.scheduled_task_id, _execution.status)
    )
    running: Counter[int] = Counter()
    retrying: Counter[int] = Counter()
    for task_id, status, count in rows:
        (running if status is ExecutionStatus.RUNNING else retrying)[task_id] += count
    return running, retrying


def shares(unit: Unit) -> dict[int | None, Share]:
    """What each school has: running now, and started of late."""
    running = _execution.status == ExecutionStatus.RUNNING
    recent = _execution.started_at > unit.now - RECENT
    rows = unit.session.execute(
        select(
            ScheduledTaskRow.school_id,
            func.count().filter(running),
            func.count().filter(or_(recent, running)),
        )
        .join(ScheduledTaskRow, ScheduledTaskRow.id == _execution.scheduled_task_id)
        .where(or_(recent, running))
        .group_by(ScheduledTaskRow.school_id)
    )
    return {school_id: Share(now, of_late) for school_id, now, of_late in rows}


def with_wait_edges(unit: Unit, task_ids: Sequence[int]) -> set[int]:
    """Which of these tasks wait for others before they start."""
    return set(
        unit.session.scalars(
            select(TaskDependencyRow.downstream_id)
            .where(
                TaskDependencyRow.downstream_id.in_(task_ids),
                TaskDependencyRow.mode == Mode.WAIT,
            )
            .distinct()
        )
    )
