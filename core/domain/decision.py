"""Due instants of a task become executions: which are queued, skipped or missed, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from core.domain.execution import ExecutionKind, ExecutionStatus, Reason
from core.domain.lateness import DueInstants, Judged, MissedRange, judge
from core.domain.overlap import Active, Skip, arrange
from core.domain.plan import Plan
from core.domain.task import RunSettings, TaskStatus
from core.domain.trigger import Once, Schedule, waits_for_calendar
from core.errors import Param


@dataclass(frozen=True, slots=True)
class DueTask:
    """What the decision needs to know of a task."""

    id: int
    plan: Plan
    next_run_at: datetime
    settings: RunSettings
    active: tuple[Active, ...] = ()
    decided_until: datetime | None = None
    """Everything due up to here has its row: also when a clock was set back since."""
    runs_so_far: int = 0
    """Runs by its own schedule, for `Plan.max_runs`."""


@dataclass(frozen=True, slots=True)
class NewExecution:
    """An execution to be written."""

    task_id: int
    planned_at: datetime
    kind: ExecutionKind
    status: ExecutionStatus
    settings: RunSettings
    reason: Reason | None = None
    message_code: str | None = None
    message_params: dict[str, Param] = field(default_factory=dict)
    number: int = 0
    """Of a queued one: negative, so that others of the same decision can name it before it has an
    id; `blocking` may hold such a number."""
    blocking: Active | None = None
    """What a skipped one gave way to."""
    missed_count: int | None = None
    missed_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Replaced:
    """A queued execution that gives its place to a newer one, which `by` names."""

    execution_id: int
    by: int


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything that one decision writes about one task."""

    task_id: int
    executions: tuple[NewExecution, ...]
    next_run_at: datetime | None
    ends_as: TaskStatus | None
    """Set when no further instant can come and none of `executions` will run."""
    replaced: tuple[Replaced, ...] = ()
    cancelled: tuple[int, ...] = ()
    """Started executions that are asked to stop."""
    decided_until: datetime | None = None


def decide(
    task: DueTask, due: DueInstants, next_run_at: datetime | None, now: datetime
) -> Decision:
    """Judge the due instants by the calendar's word, by lateness, then by overlap."""
    judged = judge(due, now, task.settings.policies)
    meeting = _Meeting(task)
    for kind, instants in (
        (ExecutionKind.CATCH_UP, judged.caught_up),
        (ExecutionKind.SCHEDULED, judged.on_time),
    ):
        for instant in instants:
            meeting.arrive(due.planned_at(instant), kind)
    if meeting.is_used_up:
        next_run_at = None
    executions = (*_closed(task, due), *_missed(task, due, judged, now), *meeting.made)
    return Decision(
        task.id,
        executions,
        next_run_at,
        _end(
            task,
            executions,
            has_next=next_run_at is not None
            or (waits_for_calendar(task.plan.schedule, now) and not meeting.is_used_up),
        ),
        tuple(meeting.replaced),
        tuple(meeting.cancelled),
        due.until,
    )


class _Meeting:
    """Instants that want to run arrive one after the other and meet what is at work."""

    def __init__(self, task: DueTask) -> None:
        self._task = task
        self._active = list(task.active)
        self._left = (
            None if task.plan.max_runs is None else max(0, task.plan.max_runs - task.runs_so_far)
        )
        self.made: list[NewExecution] = []
        self.replaced: list[Replaced] = []
        self.cancelled: list[int] = []

    @property
    def is_used_up(self) -> bool:
        """Whether the task has had all its runs."""
        return self._left == 0

    def arrive(self, planned_at: datetime, kind: ExecutionKind) -> None:
        """Queue or skip one instant; after the last allowed run the schedule is over."""
        if self.is_used_up:
            return
        policies = self._task.settings.policies
        arrangement = arrange(
            policies.overlap, policies.overlap_limit, self._those_before(kind), planned_at
        )
        new = NewExecution(
            self._task.id, planned_at, kind, ExecutionStatus.QUEUED, self._task.settings
        )
        if isinstance(arrangement.arriving, Skip):
            blocking = arrangement.arriving.blocking
            self.made.append(_skipped(new, "reason.overlap", blocking))
            return
        number = -len(self.made) - 1
        self.made.append(replace(new, number=number))
        for execution_id in arrangement.replaced:
            self._replace(execution_id, Active(number, ExecutionStatus.QUEUED, planned_at))
        self.cancelled += [each for each in arrangement.cancelled if each not in self.cancelled]
        self._active.append(Active(number, ExecutionStatus.QUEUED, planned_at))
        if self._left is not None:
            self._left -= 1

    def _those_before(self, kind: ExecutionKind) -> Sequence[Active]:
        """What was caught up never blocks its own kind: it was asked for one by one."""
        if kind is ExecutionKind.CATCH_UP:
            return [each for each in self._active if each.execution_id > 0]
        return self._active

    def _replace(self, execution_id: int, by: Active) -> None:
        self._active = [each for each in self._active if each.execution_id != execution_id]
        if execution_id > 0:
            self.replaced.append(Replaced(execution_id, by.execution_id))
            return
        place = -execution_id - 1
        self.made[place] = _skipped(self.made[place], "reason.replaced", by)
        self._repoint(execution_id, by)
        if self._left is not None:
            self._left += 1

    def _repoint(self, replaced_id: int, by: Active) -> None:
        """What gave way to one that is never queued gave way to its successor."""
        self.replaced = [
            replace(each, by=by.execution_id) if each.by == replaced_id else each
            for each in self.replaced
        ]
        self.made = [
            replace(each, blocking=by)
            if each.blocking is not None and each.blocking.execution_id == replaced_id
            else each
            for each in self.made
        ]


def _skipped(new: NewExecution, code: str, blocking: Active) -> NewExecution:
    return replace(
        new,
        status=ExecutionStatus.SKIPPED,
        reason=Reason.OVERLAP,
        message_code=code,
        number=0,
        blocking=blocking,
    )


def _closed(task: DueTask, due: DueInstants) -> tuple[NewExecution, ...]:
    if many := due.closed_range:
        return (
            _counted(task, many, ExecutionStatus.SKIPPED, Reason.CALENDAR, "reason.calendar_range"),
        )
    return tuple(
        NewExecution(
            task.id,
            each.planned_at,
            ExecutionKind.SCHEDULED,
            ExecutionStatus.SKIPPED,
            task.settings,
            Reason.CALENDAR,
            each.code,
            each.params,
        )
        for each in due.closed
    )


def _missed(
    task: DueTask, due: DueInstants, judged: Judged, now: datetime
) -> tuple[NewExecution, ...]:
    if many := judged.missed_range:
        return (_counted(task, many, ExecutionStatus.MISSED, Reason.GRACE, "reason.grace_range"),)
    return tuple(
        NewExecution(
            task.id,
            due.planned_at(instant),
            ExecutionKind.SCHEDULED,
            ExecutionStatus.MISSED,
            task.settings,
            Reason.GRACE,
            "reason.grace",
            {
                "late_seconds": int((now - instant).total_seconds()),
                "grace_seconds": task.settings.policies.grace_seconds,
            },
        )
        for instant in judged.missed
    )


def _counted(
    task: DueTask, many: MissedRange, status: ExecutionStatus, reason: Reason, code: str
) -> NewExecution:
    """One row for many instants."""
    return NewExecution(
        task.id,
        many.last_at,
        ExecutionKind.SCHEDULED,
        status,
        task.settings,
        reason,
        code,
        {
            "count": many.count,
            "first_at": many.first_at.isoformat(),
            "last_at": many.last_at.isoformat(),
            "timezone": task.settings.timezone,
        },
        missed_count=many.count,
        missed_from=many.first_at,
    )


def _end(
    task: DueTask, executions: tuple[NewExecution, ...], *, has_next: bool
) -> TaskStatus | None:
    if has_next or any(each.status is ExecutionStatus.QUEUED for each in executions):
        return None
    if not isinstance(task.plan.schedule.trigger, Once):
        return None if task.active else TaskStatus.COMPLETED
    is_closed = all(each.reason is Reason.CALENDAR for each in executions)
    return TaskStatus.COMPLETED if is_closed else TaskStatus.FAILED


def ends_after(schedule: Schedule, outcome: ExecutionStatus) -> TaskStatus:
    """The status of a task without a further instant, once its last execution has this outcome."""
    if isinstance(schedule.trigger, Once) and outcome not in (
        ExecutionStatus.COMPLETED,
        ExecutionStatus.SKIPPED,
    ):
        return TaskStatus.FAILED
    return TaskStatus.COMPLETED
