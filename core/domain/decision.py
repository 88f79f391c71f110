"""Due instants of a task become executions: which are queued, skipped or missed, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from core.domain.execution import ExecutionKind, ExecutionStatus, Reason
from core.domain.lateness import DueInstants, Judged, judge
from core.domain.task import RunSettings, TaskStatus
from core.domain.trigger import Once, Schedule
from core.errors import Param


@dataclass(frozen=True, slots=True)
class Blocking:
    """The execution that an overlapping one gives way to."""

    execution_id: int
    status: ExecutionStatus


@dataclass(frozen=True, slots=True)
class DueTask:
    """What the decision needs to know of a task."""

    id: int
    schedule: Schedule
    next_run_at: datetime
    settings: RunSettings
    active: Blocking | None


@dataclass(frozen=True, slots=True)
class NewExecution:
    """An execution to be written.

    A skipped one without `blocking` gives way to the first queued one of the same decision.
    """

    task_id: int
    planned_at: datetime
    kind: ExecutionKind
    status: ExecutionStatus
    settings: RunSettings
    reason: Reason | None = None
    message_code: str | None = None
    message_params: dict[str, Param] = field(default_factory=dict)
    blocking: Blocking | None = None
    missed_count: int | None = None
    missed_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything that one decision writes about one task."""

    task_id: int
    executions: tuple[NewExecution, ...]
    next_run_at: datetime | None
    ends_as: TaskStatus | None
    """Set when no further instant comes and none of `executions` will run."""


def decide(
    task: DueTask, due: DueInstants, next_run_at: datetime | None, now: datetime
) -> Decision:
    """Judge the due instants by lateness, then by overlap."""
    judged = judge(due, now, task.settings.policies)
    executions = (*_missed(task, judged, now), *_running_ones(task, judged))
    return Decision(
        task.id, executions, next_run_at, _end(task, executions, has_next=next_run_at is not None)
    )


def _missed(task: DueTask, judged: Judged, now: datetime) -> tuple[NewExecution, ...]:
    policies = task.settings.policies
    if many := judged.missed_range:
        return (
            NewExecution(
                task.id,
                many.last_at,
                ExecutionKind.SCHEDULED,
                ExecutionStatus.MISSED,
                task.settings,
                Reason.GRACE,
                "reason.grace_range",
                {
                    "count": many.count,
                    "first_at": many.first_at.isoformat(),
                    "last_at": many.last_at.isoformat(),
                    "timezone": task.settings.timezone,
                },
                missed_count=many.count,
                missed_from=many.first_at,
            ),
        )
    return tuple(
        NewExecution(
            task.id,
            instant,
            ExecutionKind.SCHEDULED,
            ExecutionStatus.MISSED,
            task.settings,
            Reason.GRACE,
            "reason.grace",
            {
                "late_seconds": int((now - instant).total_seconds()),
                "grace_seconds": policies.grace_seconds,
            },
        )
        for instant in judged.missed
    )


def _running_ones(task: DueTask, judged: Judged) -> tuple[NewExecution, ...]:
    """Those that want to run: one at a time; what was caught up never blocks its own kind."""
    wanted = [(instant, ExecutionKind.CATCH_UP) for instant in judged.caught_up]
    wanted += [(instant, ExecutionKind.SCHEDULED) for instant in judged.on_time]
    made: list[NewExecution] = []
    is_blocked = task.active is not None
    for instant, kind in wanted:
        if is_blocked and not (task.active is None and kind is ExecutionKind.CATCH_UP):
            made.append(_overlapping(task, instant, kind))
            continue
        made.append(NewExecution(task.id, instant, kind, ExecutionStatus.QUEUED, task.settings))
        is_blocked = True
    return tuple(made)


def _overlapping(task: DueTask, instant: datetime, kind: ExecutionKind) -> NewExecution:
    return NewExecution(
        task.id,
        instant,
        kind,
        ExecutionStatus.SKIPPED,
        task.settings,
        Reason.OVERLAP,
        "reason.overlap",
        blocking=task.active,
    )


def _end(
    task: DueTask, executions: tuple[NewExecution, ...], *, has_next: bool
) -> TaskStatus | None:
    if has_next or any(each.status is ExecutionStatus.QUEUED for each in executions):
        return None
    if not isinstance(task.schedule.trigger, Once):
        return None if task.active else TaskStatus.COMPLETED
    return TaskStatus.FAILED


def ends_after(schedule: Schedule, outcome: ExecutionStatus) -> TaskStatus:
    """The status of a task without a further instant, once its last execution has this outcome."""
    if isinstance(schedule.trigger, Once) and outcome not in (
        ExecutionStatus.COMPLETED,
        ExecutionStatus.SKIPPED,
    ):
        return TaskStatus.FAILED
    return TaskStatus.COMPLETED
