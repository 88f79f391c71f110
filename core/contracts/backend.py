"""The whole product as calls: what window and command line talk to, wherever the data is.

Every call blocks and may raise any `core.errors.AppError`; a window makes it on a worker thread
(`gui.operations`). Implementations are safe to call from several threads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from core.contracts.commands import CreateTask, EditTask
from core.contracts.events import Event
from core.contracts.records import (
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
from core.domain.trigger import Schedule

OnProgress = Callable[[int, int], None]
"""Called with (done, total)."""


class Backend(Protocol):
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

    def preview(self, schedule: Schedule, *, count: int = 5) -> SchedulePreview:
        """A schedule in words and its next instants. Raises `InvalidValueError`."""
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

    def read_log(self, execution_id: int, *, offset: int = 0) -> LogSlice:
        """The log of the execution's latest attempt, from `offset` characters on."""
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
