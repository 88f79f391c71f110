"""The whole product as calls: what window and command line talk to, wherever the data is.

Every call blocks and may raise any `core.errors.AppError`; a window makes it on a worker thread
(`gui.operations`). Implementations are safe to call from several threads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from core.contracts.calendars import CalendarBackend
from core.contracts.commands import CreateTask, EditTask
from core.contracts.events import Event
from core.contracts.planning import (
    AddDependency,
    BackfillPlan,
    BackfillRange,
    ChangedSchedule,
    DeletedTask,
    Explanation,
    QuietHours,
    TaskConsequences,
    TaskDependencies,
)
from core.contracts.records import (
    AttemptRecord,
    ConnectionInfo,
    ExecutionFilter,
    ExecutionRecord,
    ImportSummary,
    LogSlice,
    ModelVersionRecord,
    Page,
    Prediction,
    RunnerRecord,
    SampleRecord,
    SchedulePreview,
    SchoolRecord,
    StudentCounts,
    TaskCounts,
    TaskFilter,
    TaskRecord,
)
from core.domain.calendar import CalendarPolicy, SchoolCalendar
from core.domain.dependency import Needed
from core.domain.trigger import Schedule

OnProgress = Callable[[int, int], None]
"""Called with (done, total)."""


class Backend(CalendarBackend, Protocol):
    """Everything a person can see and do."""

    # tasks
    def list_tasks(
        self, which: TaskFilter = ..., *, skip: int = 0, limit: int = 200
    ) -> Page[TaskRecord]:
        """Tasks by id, newest last."""
        ...

    def get_task(self, task_id: int) -> TaskRecord:
        """One task. Raises `NotFoundError`."""
        ...

    def count_tasks(self) -> TaskCounts:
        """The four statistic cards."""
        ...

    def create_task(self, command: CreateTask) -> TaskRecord:
        """Create and schedule a task."""
        ...

    def edit_task(self, command: EditTask) -> TaskRecord:
        """Change a task; its next run follows, and nothing past is made up for."""
        ...

    def pause_task(self, task_id: int) -> TaskRecord:
        """Stop future instants; what runs goes on."""
        ...

    def resume_task(self, task_id: int) -> TaskRecord:
        """Fire again from the first instant after now."""
        ...

    def delete_task(self, task_id: int) -> None:
        """Put a task in the recycle bin and cancel what it has queued or running."""
        ...

    def run_now(self, task_id: int, client_key: str) -> ExecutionRecord:
        """Ask for one run; the same `client_key` again gives the same execution."""
        ...

    def cancel_execution(self, execution_id: int) -> ExecutionRecord:
        """Ask a queued or running execution to end. Raises `RefusedError` when it has ended."""
        ...

    def preview(
        self,
        schedule: Schedule,
        *,
        count: int = 5,
        calendar_id: int | None = None,
        calendar_policy: CalendarPolicy = CalendarPolicy.SKIP,
    ) -> SchedulePreview:
        """A schedule in words, and its next instants under a calendar; `InvalidValueError`."""
        ...

    # planning
    def next_runs(
        self, task_id: int, *, after: datetime | None = None, count: int = 5
    ) -> SchedulePreview:
        """A task's schedule in words and its runs after `after`, else after now."""
        ...

    def explain_instant(self, task_id: int, at: datetime) -> Explanation:
        """“Why?” for a past or future instant of a task."""
        ...

    def explain_execution(self, execution_id: int) -> Explanation:
        """“Why?” for an execution."""
        ...

    def preview_change(self, command: ChangedSchedule) -> TaskConsequences:
        """What saving a schedule would do to a task's runs. Raises `InvalidValueError`."""
        ...

    def preview_calendar(
        self, calendar_id: int, calendar: SchoolCalendar
    ) -> tuple[TaskConsequences, ...]:
        """What saving a calendar would do to the runs of each task that uses it."""
        ...

    def plan_backfill(self, wanted: BackfillRange) -> BackfillPlan:
        """The dry run of a backfill. Raises `RefusedError` for a range that is too long."""
        ...

    def backfill(self, wanted: BackfillRange, client_key: str) -> BackfillPlan:
        """Queue what the dry run shows; the same `client_key` again queues nothing more."""
        ...

    def list_dependencies(self, task_id: int) -> TaskDependencies:
        """What a task depends on, and what depends on it."""
        ...

    def add_dependency(self, command: AddDependency) -> TaskDependencies:
        """Let a task depend on another. Raises `RefusedError` for a circle."""
        ...

    def remove_dependency(self, task_id: int, upstream_id: int) -> TaskDependencies:
        """Let a task no longer depend on another. Raises `NotFoundError`."""
        ...

    def set_needed(self, task_id: int, needed: Needed) -> TaskDependencies:
        """Say how many of a task's dependencies must be met."""
        ...

    def list_deleted(self, *, skip: int = 0, limit: int = 200) -> Page[DeletedTask]:
        """The recycle bin, the last deleted first."""
        ...

    def restore_task(self, task_id: int) -> TaskRecord:
        """Take a task out of the recycle bin; nothing is made up for."""
        ...

    def get_quiet_hours(self) -> QuietHours | None:
        """The weekly times in which no training starts, if there are any."""
        ...

    def set_quiet_hours(self, text: str, timezone: str | None = None) -> QuietHours:
        """Set them, in a zone (else the machine's). Raises `InvalidValueError`."""
        ...

    def clear_quiet_hours(self) -> None:
        """Let trainings start at any time."""
        ...

    # history
    def list_executions(
        self, which: ExecutionFilter = ..., *, before_id: int | None = None, limit: int = 50
    ) -> tuple[ExecutionRecord, ...]:
        """Executions, newest first, those with a smaller id than `before_id`."""
        ...

    def get_execution(self, execution_id: int) -> ExecutionRecord:
        """One execution. Raises `NotFoundError`."""
        ...

    def list_attempts(self, execution_id: int) -> tuple[AttemptRecord, ...]:
        """The attempts of an execution, the first one first. Raises `NotFoundError`."""
        ...

    def read_log(
        self, execution_id: int, *, offset: int = 0, attempt: int | None = None
    ) -> LogSlice:
        """The log of an attempt, else of the latest, from `offset` characters on.

        Raises `NotFoundError` for an attempt that there is not.
        """
        ...

    # schools, samples, models
    def list_schools(self) -> tuple[SchoolRecord, ...]:
        """All schools, by name."""
        ...

    def add_school(self, name: str) -> SchoolRecord:
        """A new school; its name is unique."""
        ...

    def list_students(self, school_id: int | None = None) -> tuple[StudentCounts, ...]:
        """How many samples each student has, by school and student."""
        ...

    def list_samples(
        self,
        *,
        school_id: int | None = None,
        student: str | None = None,
        skip: int = 0,
        limit: int = 200,
    ) -> Page[SampleRecord]:
        """Samples by capture time, newest first."""
        ...

    def import_samples(
        self,
        path: Path,
        *,
        school: str | None = None,
        on_progress: OnProgress | None = None,
        should_stop: Callable[[], bool] = ...,
    ) -> ImportSummary:
        """Take in a folder school/student/image, or one with a manifest; twice changes nothing."""
        ...

    def list_model_versions(
        self, *, school_id: int | None = None, limit: int = 200
    ) -> tuple[ModelVersionRecord, ...]:
        """Model versions, newest first."""
        ...

    def predict(
        self, images: Sequence[Path], *, school: str, top: int = 5
    ) -> tuple[Prediction, ...]:
        """Who wrote these, by the school's model in service, else the one for all schools."""
        ...

    # the instance
    def list_runners(self) -> tuple[RunnerRecord, ...]:
        """Runners that were seen in the last day, the living first."""
        ...

    def describe_connection(self) -> ConnectionInfo:
        """Which database this is, and who executes."""
        ...

    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Hear every change, on a thread of the backend; the returned call unsubscribes."""
        ...

    def close(self) -> None:
        """Let go of connections and threads."""
        ...
