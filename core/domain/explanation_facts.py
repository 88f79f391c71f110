"""What must be known of a task and one instant to explain it; looks nothing up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from core.domain.calendar import DayVerdict
from core.domain.dependency import Answer
from core.domain.execution import ExecutionKind
from core.domain.overlap import Queue, Skip
from core.domain.task import Policies
from core.errors import Param


@dataclass(frozen=True, slots=True)
class DataGuard:
    """Whether there is something to train on, with the sentence where there is not."""

    code: str | None = None
    params: dict[str, Param] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Started:
    """Where and when a runner took the execution."""

    host: str
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a task and one instant; `None` mostly means that its time has not come."""

    kind: ExecutionKind
    planned_at: datetime | None
    now: datetime
    timezone: str
    policies: Policies
    is_of_trigger: bool = True
    calendar: DayVerdict | None = None
    """`None`: the task uses no calendar."""
    original_at: datetime | None = None
    """The instant that the calendar moved here, if it did."""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    jitter_seconds: int = 0
    paused_at: datetime | None = None
    """When the pause began in which the instant lies, if it lies in one."""
    decided_at: datetime | None = None
    is_caught_up: bool = False
    has_dependencies: bool = False
    dependency: Answer | None = None
    data: DataGuard | None = None
    overlap: Queue | Skip | None = None
    ahead: int | None = None
    """How many are before it in the queue for a slot."""
    quiet_until: datetime | None = None
    """When the quiet hours end that hold it back, if they do."""
    started: Started | None = None
