"""What a person asks for: frozen commands with the specification's field names.

An absent field of an edit is `UNSET`; `None` is a value ("all schools", "no end").
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Final, Literal, TypeAlias, TypeVar

from core.domain.calendar import CalendarPolicy
from core.domain.task import Policies, TaskStatus, TrainingMode
from core.domain.trigger import TriggerType


class _Unset(Enum):
    UNSET = "unset"


UNSET: Final = _Unset.UNSET
"""Leave this field as it is."""
T = TypeVar("T")
Maybe: TypeAlias = T | Literal[_Unset.UNSET]


@dataclass(frozen=True, slots=True)
class CreateTask:
    """A new task. Which of `run_at`, `interval_seconds`, `cron_expression`, `term_rule` is needed
    follows from `trigger_type`; the others must be left out. A term rule needs a calendar too."""

    name: str
    trigger_type: TriggerType
    training_mode: TrainingMode
    description: str = ""
    run_at: datetime | None = None
    interval_seconds: int | None = None
    cron_expression: str | None = None
    term_rule: str | None = None
    timezone: str | None = None
    """IANA name; `None` means the machine's zone."""
    anchor_at: datetime | None = None
    """Start of an interval's count; `None` means the moment of creation."""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    calendar_id: int | None = None
    calendar_policy: CalendarPolicy = CalendarPolicy.SKIP
    jitter_seconds: int = 0
    max_runs: int | None = None
    school_id: int | None = None
    force_retrain: bool = False
    policies: Policies = field(default_factory=Policies)


@dataclass(frozen=True, slots=True)
class EditTask:
    """A change to task `id`. A new `trigger_type` drops the old trigger's field."""

    id: int
    name: Maybe[str] = UNSET
    description: Maybe[str] = UNSET
    status: Maybe[TaskStatus] = UNSET
    trigger_type: Maybe[TriggerType] = UNSET
    run_at: Maybe[datetime | None] = UNSET
    interval_seconds: Maybe[int | None] = UNSET
    cron_expression: Maybe[str | None] = UNSET
    term_rule: Maybe[str | None] = UNSET
    timezone: Maybe[str] = UNSET
    anchor_at: Maybe[datetime] = UNSET
    starts_at: Maybe[datetime | None] = UNSET
    ends_at: Maybe[datetime | None] = UNSET
    calendar_id: Maybe[int | None] = UNSET
    calendar_policy: Maybe[CalendarPolicy] = UNSET
    jitter_seconds: Maybe[int] = UNSET
    max_runs: Maybe[int | None] = UNSET
    training_mode: Maybe[TrainingMode] = UNSET
    school_id: Maybe[int | None] = UNSET
    force_retrain: Maybe[bool] = UNSET
    policies: Maybe[Policies] = UNSET
