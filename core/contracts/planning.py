"""Planning across a boundary: dependencies, backfill, “Why?”, consequences, quiet hours, the bin.

Values only; who may ask for what is decided by `core.services`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.contracts.commands import UNSET, Maybe
from core.contracts.records import ExecutionRecord
from core.domain.backfill import Choice, Entry
from core.domain.calendar import CalendarPolicy
from core.domain.dependency import Condition, Mode, Needed
from core.domain.explanation import RuleResult
from core.domain.task import TaskStatus
from core.domain.trigger import Schedule


@dataclass(frozen=True, slots=True)
class DeletedTask:
    """A task in the recycle bin."""

    id: int
    name: str
    school_id: int | None
    school_name: str | None
    status: TaskStatus
    """As it was, and will be when it is restored."""
    deleted_at: datetime
    gone_at: datetime
    """From then on it may be gone for good, with its history."""


@dataclass(frozen=True, slots=True)
class DependencyRecord:
    """One edge; a task that the person may not see has no name."""

    upstream_id: int
    upstream_name: str | None
    downstream_id: int
    downstream_name: str | None
    condition: Condition
    mode: Mode


@dataclass(frozen=True, slots=True)
class TaskDependencies:
    """All edges of one task: those it depends on, and those that depend on it."""

    task_id: int
    needed: Needed
    upstream: tuple[DependencyRecord, ...]
    downstream: tuple[DependencyRecord, ...]


@dataclass(frozen=True, slots=True)
class AddDependency:
    """Task `task_id` depends on `upstream_id`; said again it changes condition and mode."""

    task_id: int
    upstream_id: int
    condition: Condition = Condition.SUCCESS
    mode: Mode = Mode.AFTER


@dataclass(frozen=True, slots=True)
class BackfillRange:
    """The planned instants of a task from `from_at` to `until_at`, both included."""

    task_id: int
    from_at: datetime
    until_at: datetime
    choice: Choice = Choice.MISSING


@dataclass(frozen=True, slots=True)
class BackfillPlan:
    """What a backfill runs and leaves out, oldest first."""

    task_id: int
    timezone: str
    entries: tuple[Entry, ...]
    execution_ids: tuple[int, ...] = ()
    """The executions that it queued; a dry run has none."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The list behind “Why?” for one instant of a task, or for one execution."""

    task_id: int
    task_name: str
    timezone: str
    planned_at: datetime | None
    """The instant asked about; `None` for an execution that no trigger planned."""
    results: tuple[RuleResult, ...]
    execution: ExecutionRecord | None
    """What became of it, as far as it is decided."""


@dataclass(frozen=True, slots=True)
class ChangedSchedule:
    """What would be saved for task `task_id`; what is `UNSET` stays as it is."""

    task_id: int
    schedule: Maybe[Schedule] = UNSET
    calendar_id: Maybe[int | None] = UNSET
    calendar_policy: Maybe[CalendarPolicy] = UNSET


class ChangeKind(StrEnum):
    """What a change does to one run."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class RunChange:
    """One run that comes, goes, or is at another time; `None` where there is no such run."""

    kind: ChangeKind
    before_at: datetime | None
    after_at: datetime | None


@dataclass(frozen=True, slots=True)
class TaskConsequences:
    """What a change would do to the runs of one task in the time from `from_at` to `until_at`."""

    task_id: int
    task_name: str
    timezone: str
    status: TaskStatus
    from_at: datetime
    until_at: datetime
    compared_until: datetime
    """So far runs are compared one by one: earlier than `until_at` only if there are too many."""
    before_count: int
    """All runs until `until_at`, without the change."""
    after_count: int
    """All runs until `until_at`, with the change."""
    added: int
    removed: int
    moved: int
    changes: tuple[RunChange, ...]
    """The first of all that were added, removed or moved; they may be fewer than the three say."""
    has_no_run: bool
    """Whether the change leaves the task without any run, however far one looks."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The weekly times in which no training starts."""

    text: str
    """As `core.domain.quiet_text` reads it."""
    timezone: str
    quiet_until_at: datetime | None
    """When the present quiet time ends; `None` outside of one."""
