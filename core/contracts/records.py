"""What the product shows: frozen records, read in one transaction and safe to hand to any thread.

Field names are the specification's; `_at` is an aware UTC instant, shares run from 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from core.domain.access import Role
from core.domain.calendar import CalendarPolicy
from core.domain.execution import ExecutionKind, ExecutionStatus, Reason
from core.domain.model_version import Gate
from core.domain.task import Policies, TaskStatus, TrainingMode
from core.domain.trigger import Schedule, TriggerType, make_trigger
from core.errors import Param

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A slice of a longer list."""

    items: tuple[T, ...]
    total: int


@dataclass(frozen=True, slots=True)
class ActiveRun:
    """The execution of a task that is queued, running or retrying now."""

    execution_id: int
    status: ExecutionStatus
    progress: float
    stage: str | None
    started_at: datetime | None
    is_cancel_requested: bool


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """A scheduled task as lists and dialogs show it."""

    id: int
    name: str
    description: str
    status: TaskStatus
    trigger_type: TriggerType
    interval_seconds: int | None
    cron_expression: str | None
    run_at: datetime | None
    timezone: str
    anchor_at: datetime
    starts_at: datetime | None
    ends_at: datetime | None
    training_mode: TrainingMode
    school_id: int | None
    school_name: str | None
    force_retrain: bool
    policies: Policies
    last_run_at: datetime | None
    next_run_at: datetime | None
    total_runs: int
    success_runs: int
    failed_runs: int
    last_error: str | None
    last_outcome: ExecutionStatus | None
    created_by: int | None
    created_by_name: str | None
    created_at: datetime
    updated_at: datetime
    active_run: ActiveRun | None = None
    calendar_id: int | None = None
    calendar_name: str | None = None
    calendar_policy: CalendarPolicy = CalendarPolicy.SKIP
    jitter_seconds: int = 0
    max_runs: int | None = None
    term_rule: str | None = None
    """As `core.domain.term_text` writes it."""
    consecutive_failures: int = 0
    pause_code: str | None = None
    """Why the program paused the task; empty when a person did."""
    pause_params: dict[str, Param] = field(default_factory=dict)

    @property
    def schedule(self) -> Schedule:
        """When the task runs, as the schedule engine takes it."""
        trigger = make_trigger(
            self.trigger_type,
            run_at=self.run_at,
            interval_seconds=self.interval_seconds,
            anchor_at=self.anchor_at,
            cron_expression=self.cron_expression,
            term_rule=self.term_rule,
        )
        return Schedule(trigger, self.timezone, self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """The four statistic cards."""

    active: int
    paused: int
    total_runs: int
    success_runs: int


@dataclass(frozen=True, slots=True)
class ExecutionRecord:
    """One line of the history: what was planned, what became of it, and why."""

    id: int
    scheduled_task_id: int
    task_name: str
    school_id: int | None
    school_name: str | None
    training_job_id: int | None
    kind: ExecutionKind
    planned_at: datetime | None
    decided_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    status: ExecutionStatus
    reason: Reason | None
    message_code: str | None
    """`core.messages` has its sentence; `None` for a plain success."""
    message_params: dict[str, Param]
    output: str | None
    error_message: str | None
    progress: float
    stage: str | None
    attempt: int
    training_mode: TrainingMode
    timezone: str
    settings: dict[str, Any]
    is_cancel_requested: bool
    missed_count: int | None
    """How many planned instants this `missed` row stands for; `None` on other rows."""
    runner_host: str | None
    model_version_id: int | None
    model_version: int | None
    gate: Gate | None
    metrics: dict[str, Any]
    retry_at: datetime | None = None
    """While it is retrying: when the next attempt begins."""

    @property
    def at(self) -> datetime:
        """Where the execution stands on a time line."""
        return self.started_at or self.planned_at or self.decided_at


@dataclass(frozen=True, slots=True)
class AttemptRecord:
    """One training job: an attempt of an execution, with what it came to."""

    job_id: int
    execution_id: int
    attempt: int
    status: ExecutionStatus
    started_at: datetime
    completed_at: datetime | None
    progress: float
    stage: str | None
    metrics: dict[str, Any]
    reason: Reason | None
    message_code: str | None
    message_params: dict[str, Param]


@dataclass(frozen=True, slots=True)
class LogSlice:
    """Text of an attempt's log from a character offset on, and where to read on."""

    text: str
    next_offset: int
    is_complete: bool


@dataclass(frozen=True, slots=True)
class SchoolRecord:
    """A school, with what it holds."""

    id: int
    name: str
    student_count: int
    sample_count: int
    model_version: int | None


class SampleStatus(StrEnum):
    """Whether an image can be trained on."""

    PENDING = "pending"
    PROCESSED = "processed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SampleRecord:
    """One image of handwriting."""

    id: int
    school_id: int
    school_name: str
    student: str
    file: str
    """As it was named on import."""
    stored_file: str | None
    """Path of the prepared image on this machine, if it is here."""
    sha256: str
    captured_at: datetime
    processed_at: datetime | None
    status: SampleStatus
    error: str | None


@dataclass(frozen=True, slots=True)
class StudentCounts:
    """How many samples of one student there are, by status."""

    school_id: int
    school_name: str
    student: str
    processed: int
    failed: int
    pending: int
    newest_captured_at: datetime


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file an import did not take, and the sentence's code and parameters."""

    file: str
    code: str
    params: dict[str, Param]


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What an import did; `known` are samples that were there already."""

    taken: int
    known: int
    refused: tuple[RefusedFile, ...]
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class ModelVersionRecord:
    """A trained model of a scope (one school, or all schools together)."""

    id: int
    school_id: int | None
    school_name: str | None
    version: int
    parent_version: int | None
    training_mode: TrainingMode
    data_cutoff_at: datetime
    sample_count: int
    student_count: int
    metrics: dict[str, Any]
    gate: Gate
    gate_code: str | None
    gate_params: dict[str, Param]
    artefact: str
    sha256: str
    is_in_service: bool
    execution_id: int | None
    created_at: datetime
    promoted_at: datetime | None


@dataclass(frozen=True, slots=True)
class RunnerRecord:
    """A process that decides and executes, as its last heartbeat tells."""

    id: int
    identity: str
    host: str
    pid: int
    slots: int
    started_at: datetime
    heartbeat_at: datetime
    is_alive: bool
    running_count: int


@dataclass(frozen=True, slots=True)
class SchedulePreview:
    """A schedule in words and its next instants: what a dialog shows before anything is saved."""

    words: str
    instants: tuple[datetime, ...]
    timezone: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A student who may have written the image; `score` from 0 to 1, all students' sum to 1.

    The score says how far to trust the answer: about as often as it says the answer is right, when
    new lines are like those trained on. A line by somebody who is not among the students gets
    scores all the same.
    """

    student: str
    score: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """Who may have written one image, the likeliest first, or why it could not be read."""

    file: str
    candidates: tuple[Candidate, ...]
    error_code: str | None = None
    error_params: dict[str, Param] = field(default_factory=dict)


class ConnectionMode(StrEnum):
    """What this window is."""

    LOCAL_RUNNER = "local_runner"
    VIEWER = "viewer"


@dataclass(frozen=True, slots=True)
class ConnectionInfo:
    """Which database this is (no password in the label), and who executes."""

    mode: ConnectionMode
    database_label: str
    runner_host: str | None
    """The host of a living runner, `None` if there is none."""


@dataclass(frozen=True, slots=True)
class UserRecord:
    """A person who may act."""

    id: int
    name: str
    role: Role
    school_id: int | None


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks a list shows; `None` and empty mean all."""

    status: TaskStatus | None = None
    training_mode: TrainingMode | None = None
    school_id: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class ExecutionFilter:
    """Which executions a list shows; `None` and empty mean all."""

    task_id: int | None = None
    school_id: int | None = None
    statuses: frozenset[ExecutionStatus] = field(default_factory=frozenset)
