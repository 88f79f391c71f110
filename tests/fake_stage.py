"""The memory behind `tests.fakes.FakeBackend`, and what a test may do to it; it answers no call."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar, cast

from core.contracts.events import (
    Event,
    ExecutionChanged,
    ModelChanged,
    RunnersChanged,
    SamplesChanged,
    SchoolsChanged,
    TaskChanged,
)
from core.contracts.records import (
    ActiveRun,
    AttemptRecord,
    ConnectionInfo,
    ConnectionMode,
    ExecutionRecord,
    ModelVersionRecord,
    RunnerRecord,
    SampleRecord,
    SchoolRecord,
    TaskRecord,
)
from core.domain.execution import (
    ACTIVE,
    FAILURES,
    RUN_ENDINGS,
    ExecutionStatus,
)
from core.errors import AppError
from tests.builders import NOW

F = TypeVar("F", bound=Callable[..., Any])


class FakeClock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime = NOW) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def advance(self, **span: float) -> datetime:
        """Move on by a `timedelta`'s arguments."""
        self._now += timedelta(**span)
        return self._now


def a_call(method: F) -> F:
    """A call of the product: counted, held or refused as the test asked, one at a time."""

    @wraps(method)
    def called(self: FakeStage, *args: Any, **kwargs: Any) -> Any:
        name = method.__name__
        self.calls.append(name)
        if gate := self._held.get(name):
            assert gate.wait(10), f"{name} was never let go"
        if error := self._refused.pop(name, None):
            raise error
        with self._lock:
            return method(self, *args, **kwargs)

    return cast("F", called)


class FakeStage:
    """Records in dictionaries, listeners, and the strings a test pulls."""

    def __init__(self, clock: FakeClock | None = None) -> None:
        self.clock = clock or FakeClock()
        self.calls: list[str] = []
        self.tasks: dict[int, TaskRecord] = {}
        self.executions: dict[int, ExecutionRecord] = {}
        self.schools: dict[int, SchoolRecord] = {}
        self.samples: dict[int, SampleRecord] = {}
        self.model_versions: dict[int, ModelVersionRecord] = {}
        self.runners: dict[int, RunnerRecord] = {}
        self.logs: defaultdict[int, str] = defaultdict(str)
        self.attempts: defaultdict[int, list[AttemptRecord]] = defaultdict(list)
        self.attempt_logs: dict[tuple[int, int], str] = {}
        self.connection = ConnectionInfo(ConnectionMode.LOCAL_RUNNER, "traintable.db", "this-host")
        self.is_closed = False
        self._client_keys: dict[str, int] = {}
        self._listeners: list[Callable[[Event], None]] = []
        self._held: dict[str, threading.Event] = {}
        self._refused: dict[str, AppError | BaseException] = {}
        self._number = 0
        self._lock = threading.RLock()

    def refuse(self, call: str, error: BaseException) -> None:
        """Let the next call of that name raise."""
        self._refused[call] = error

    @contextmanager
    def holding(self, call: str) -> Iterator[threading.Event]:
        """Calls of that name wait until the block ends or the event is set."""
        gate = self._held[call] = threading.Event()
        try:
            yield gate
        finally:
            del self._held[call]
            gate.set()

    def put(self, *records: Any) -> None:
        """Add or replace records and announce each."""
        for record in records:
            match record:
                case TaskRecord():
                    self.tasks[record.id] = record
                    self.announce(TaskChanged, task_id=record.id)
                case ExecutionRecord():
                    self.executions[record.id] = record
                    self._follow(record)
                    self._announce_execution(record)
                case AttemptRecord():
                    self.attempts[record.execution_id].append(record)
                case SchoolRecord():
                    self.schools[record.id] = record
                    self.announce(SchoolsChanged, school_id=record.id)
                case SampleRecord():
                    self.samples[record.id] = record
                    self.announce(SamplesChanged, school_id=record.school_id)
                case ModelVersionRecord():
                    self.model_versions[record.id] = record
                    self.announce(ModelChanged, model_version_id=record.id)
                case RunnerRecord():
                    self.runners[record.id] = record
                    self.announce(RunnersChanged)
                case _:
                    raise TypeError(type(record).__name__)

    def announce(self, kind: Callable[..., Event], **values: Any) -> None:
        """Tell every listener of a change, with the next number."""
        self._number += 1
        event = kind(number=self._number, **values)
        for listener in tuple(self._listeners):
            listener(event)

    def start_run(self, execution_id: int) -> ExecutionRecord:
        """A queued execution begins."""
        return self.change_run(
            execution_id,
            status=ExecutionStatus.RUNNING,
            started_at=self.clock.now(),
            stage="starting",
            training_job_id=execution_id,
        )

    def change_run(self, execution_id: int, **changes: Any) -> ExecutionRecord:
        """Progress, stage or anything else of an execution changes."""
        self.put(replace(self.executions[execution_id], **changes))
        return self.executions[execution_id]

    def finish_run(
        self,
        execution_id: int,
        status: ExecutionStatus = ExecutionStatus.COMPLETED,
        **changes: Any,
    ) -> ExecutionRecord:
        """An execution ends, and its task counts it."""
        ended = self.change_run(
            execution_id, status=status, completed_at=self.clock.now(), stage=None, **changes
        )
        task = self.tasks.get(ended.scheduled_task_id)
        if task is not None and status in RUN_ENDINGS:
            self.put(
                replace(
                    task,
                    total_runs=task.total_runs + 1,
                    success_runs=task.success_runs + (status is ExecutionStatus.COMPLETED),
                    failed_runs=task.failed_runs + (status in FAILURES),
                    last_outcome=status,
                    last_error=ended.error_message,
                    last_run_at=ended.started_at,
                )
            )
        return ended

    def _follow(self, execution: ExecutionRecord) -> None:
        """The task shows what it has queued or running."""
        task = self.tasks.get(execution.scheduled_task_id)
        if task is not None:
            self.tasks[task.id] = replace(task, active_run=_active_run(execution))

    def _announce_execution(self, execution: ExecutionRecord) -> None:
        self.announce(
            ExecutionChanged, execution_id=execution.id, task_id=execution.scheduled_task_id
        )


def _active_run(execution: ExecutionRecord) -> ActiveRun | None:
    if execution.status not in ACTIVE:
        return None
    return ActiveRun(
        execution_id=execution.id,
        status=execution.status,
        progress=execution.progress,
        stage=execution.stage,
        started_at=execution.started_at,
        is_cancel_requested=execution.is_cancel_requested,
    )
