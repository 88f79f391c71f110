"""Stand-ins for what a test must steer: time, and the whole product behind its Backend calls.

`FakeBackend` keeps real records and raises the real errors. It decides and trains nothing: a test
says what happens (`put`, `start_run`, `finish_run`, `refuse`, `holding` of `tests.fake_stage`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from core.contracts.commands import UNSET, CreateTask, EditTask
from core.contracts.events import (
    Event,
    TaskChanged,
)
from core.contracts.records import (
    Candidate,
    ConnectionInfo,
    ExecutionRecord,
    ImportSummary,
    ModelVersionRecord,
    Page,
    Prediction,
    RunnerRecord,
    SampleRecord,
    SampleStatus,
    SchedulePreview,
    SchoolRecord,
    StudentCounts,
    TaskCounts,
    TaskFilter,
    TaskRecord,
)
from core.domain.calendar import CalendarPolicy
from core.domain.execution import (
    ACTIVE,
    ExecutionKind,
    ExecutionStatus,
    Reason,
)
from core.domain.task import TaskStatus, check_description, check_name
from core.domain.trigger import Cron, Interval, Once, Schedule, Trigger, TriggerType
from core.errors import InvalidValueError, NotFoundError, RefusedError
from tests.builders import ZONE, a_school, a_task, an_execution
from tests.fake_history import FakeHistory
from tests.fake_planning import FakePlanning
from tests.fake_stage import FakeClock, a_call

__all__ = ["FakeBackend", "FakeClock"]
ALL_TASKS: Final = TaskFilter()


class FakeBackend(FakeHistory, FakePlanning):
    """A `core.contracts.backend.Backend` in memory."""

    # tasks

    @a_call
    def list_tasks(
        self, which: TaskFilter = ALL_TASKS, *, skip: int = 0, limit: int = 200
    ) -> Page[TaskRecord]:
        found = tuple(task for task in self.tasks.values() if _matches(task, which))
        return Page(found[skip : skip + limit], len(found))

    @a_call
    def get_task(self, task_id: int) -> TaskRecord:
        return self._task(task_id)

    @a_call
    def count_tasks(self) -> TaskCounts:
        tasks = self.tasks.values()
        return TaskCounts(
            active=sum(task.status is TaskStatus.ACTIVE for task in tasks),
            paused=sum(task.status is TaskStatus.PAUSED for task in tasks),
            total_runs=sum(task.total_runs for task in tasks),
            success_runs=sum(task.success_runs for task in tasks),
        )

    @a_call
    def create_task(self, command: CreateTask) -> TaskRecord:
        values = {name: value for name, value in _values(command).items() if value is not None}
        name = self._free_name(command.name)
        check_description(command.description)
        task = a_task(
            **{"cron_expression": None, "timezone": ZONE, "anchor_at": self.clock.now()}
            | values
            | {
                "id": max(self.tasks, default=0) + 1,
                "name": name,
                "school_name": self._school_name(command.school_id),
                "last_run_at": None,
                "last_outcome": None,
                "total_runs": 0,
                "success_runs": 0,
                "failed_runs": 0,
                "created_at": self.clock.now(),
                "updated_at": self.clock.now(),
            }
        )
        return self._save(task)

    @a_call
    def edit_task(self, command: EditTask) -> TaskRecord:
        task = self._task(command.id)
        changes = {name: value for name, value in _values(command).items() if value is not UNSET}
        if "name" in changes:
            changes["name"] = self._free_name(changes["name"], besides=task.id)
        if "school_id" in changes:
            changes["school_name"] = self._school_name(changes["school_id"])
        if changes.get("trigger_type", task.trigger_type) is not task.trigger_type:
            dropped = {"run_at", "interval_seconds", "cron_expression"} - changes.keys()
            changes |= dict.fromkeys(dropped)
        return self._save(replace(task, **changes))

    @a_call
    def pause_task(self, task_id: int) -> TaskRecord:
        return self._switch(task_id, TaskStatus.PAUSED, next_run_at=None)

    @a_call
    def resume_task(self, task_id: int) -> TaskRecord:
        return self._switch(
            task_id, TaskStatus.ACTIVE, next_run_at=self.clock.now() + timedelta(hours=1)
        )

    @a_call
    def delete_task(self, task_id: int) -> None:
        self._task(task_id)
        for execution in tuple(self.executions.values()):
            if execution.scheduled_task_id == task_id and execution.status in ACTIVE:
                self.change_run(
                    execution.id, status=ExecutionStatus.CANCELLED, reason=Reason.TASK_DELETED
                )
        self.deleted[task_id] = self.tasks.pop(task_id)
        self.announce(TaskChanged, task_id=task_id, is_deleted=True)

    @a_call
    def run_now(self, task_id: int, client_key: str) -> ExecutionRecord:
        task = self._task(task_id)
        if known := self._client_keys.get(client_key):
            return self.executions[known]
        execution = an_execution(
            id=max(self.executions, default=0) + 1,
            scheduled_task_id=task_id,
            task_name=task.name,
            school_id=task.school_id,
            school_name=task.school_name,
            training_mode=task.training_mode,
            training_job_id=None,
            kind=ExecutionKind.MANUAL,
            planned_at=None,
            decided_at=self.clock.now(),
            started_at=None,
            completed_at=None,
            status=ExecutionStatus.QUEUED,
            progress=0.0,
            model_version_id=None,
            model_version=None,
            gate=None,
            metrics={},
        )
        self._client_keys[client_key] = execution.id
        self.put(execution)
        return execution

    @a_call
    def cancel_execution(self, execution_id: int) -> ExecutionRecord:
        execution = self._execution(execution_id)
        if execution.status.is_final:
            raise RefusedError(
                "execution.already_final",
                execution_id=execution_id,
                status=execution.status.value,
            )
        if execution.status is ExecutionStatus.QUEUED:
            return self.finish_run(execution_id, ExecutionStatus.CANCELLED, reason=Reason.CANCELLED)
        return self.change_run(execution_id, is_cancel_requested=True)

    @a_call
    def preview(
        self,
        schedule: Schedule,
        *,
        count: int = 5,
        calendar_id: int | None = None,
        calendar_policy: CalendarPolicy = CalendarPolicy.SKIP,
    ) -> SchedulePreview:
        words, first, step = self._foresee(schedule.trigger)
        instants = (first,) if step is None else tuple(first + step * k for k in range(count))
        return SchedulePreview(words, instants, schedule.timezone)

    # schools, samples, models

    @a_call
    def list_schools(self) -> tuple[SchoolRecord, ...]:
        return tuple(sorted(self.schools.values(), key=lambda school: school.name))

    @a_call
    def add_school(self, name: str) -> SchoolRecord:
        if any(school.name == name for school in self.schools.values()):
            raise RefusedError("school.name_taken", name=name)
        school = a_school(
            id=max(self.schools, default=0) + 1,
            name=name,
            student_count=0,
            sample_count=0,
            model_version=None,
        )
        self.put(school)
        return school

    @a_call
    def list_students(self, school_id: int | None = None) -> tuple[StudentCounts, ...]:
        groups: defaultdict[tuple[str, str], list[SampleRecord]] = defaultdict(list)
        for sample in self.samples.values():
            if school_id in {None, sample.school_id}:
                groups[sample.school_name, sample.student].append(sample)
        return tuple(_counted(samples) for _, samples in sorted(groups.items()))

    @a_call
    def list_samples(
        self,
        *,
        school_id: int | None = None,
        student: str | None = None,
        skip: int = 0,
        limit: int = 200,
    ) -> Page[SampleRecord]:
        found = [
            sample
            for sample in self.samples.values()
            if school_id in {None, sample.school_id} and student in {None, sample.student}
        ]
        found.sort(key=lambda sample: sample.captured_at, reverse=True)
        return Page(tuple(found[skip : skip + limit]), len(found))

    @a_call
    def import_samples(
        self,
        path: Path,
        *,
        school: str | None = None,
        on_progress: Callable[[int, int], None] | None = None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> ImportSummary:
        files = sorted(file for file in path.rglob("*") if file.is_file())
        for done, _file in enumerate(files):
            if should_stop():
                return ImportSummary(done, 0, (), is_cancelled=True)
            if on_progress is not None:
                on_progress(done + 1, len(files))
        return ImportSummary(len(files), 0, ())

    @a_call
    def list_model_versions(
        self, *, school_id: int | None = None, limit: int = 200
    ) -> tuple[ModelVersionRecord, ...]:
        newest = sorted(self.model_versions.values(), key=lambda model: model.id, reverse=True)
        return tuple(model for model in newest if school_id in {None, model.school_id})[:limit]

    @a_call
    def predict(
        self, images: Sequence[Path], *, school: str, top: int = 5
    ) -> tuple[Prediction, ...]:
        if not any(model.is_in_service for model in self.model_versions.values()):
            raise RefusedError("model.none_in_service", school=school)
        candidates = (Candidate("S01", 0.81), Candidate("S02", 0.12), Candidate("S03", 0.07))
        return tuple(Prediction(str(image), candidates[:top]) for image in images)

    # the instance

    @a_call
    def list_runners(self) -> tuple[RunnerRecord, ...]:
        return tuple(sorted(self.runners.values(), key=lambda runner: not runner.is_alive))

    @a_call
    def describe_connection(self) -> ConnectionInfo:
        return self.connection

    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def close(self) -> None:
        self.is_closed = True

    # how it keeps its records

    def _foresee(self, trigger: Trigger) -> tuple[str, datetime, timedelta | None]:
        """Plausible words, first instant and step; the real engine is `core.scheduling`."""
        now = self.clock.now()
        match trigger:
            case Once(run_at):
                return "Once", run_at, None
            case Interval(seconds, _):
                step = timedelta(seconds=seconds)
                return f"Every {seconds} seconds", now + step, step
            case Cron(expression) if len(expression.split()) == 5:
                return f"At {expression}", now + timedelta(hours=1), timedelta(days=1)
            case Cron(expression):
                raise InvalidValueError(
                    "field.choice", field="cron_expression", value=expression, choices="5 fields"
                )

    def _task(self, task_id: int) -> TaskRecord:
        if task_id not in self.tasks:
            raise NotFoundError("task.not_found", task_id=task_id)
        return self.tasks[task_id]

    def _save(self, task: TaskRecord) -> TaskRecord:
        if task.trigger_type is TriggerType.ONCE and task.run_at is None:
            raise InvalidValueError("field.required", field="run_at")
        self.put(replace(task, updated_at=self.clock.now()))
        return self.tasks[task.id]

    def _switch(self, task_id: int, status: TaskStatus, **changes: Any) -> TaskRecord:
        task = self._task(task_id)
        if task.status in {TaskStatus.COMPLETED, TaskStatus.FAILED}:
            raise RefusedError("task.already_ended", task_id=task_id, status=task.status.value)
        return self._save(replace(task, status=status, **changes))

    def _free_name(self, name: str, besides: int | None = None) -> str:
        trimmed = check_name(name)
        if any(task.name == trimmed and task.id != besides for task in self.tasks.values()):
            raise InvalidValueError("task.name_taken", field="name", name=trimmed)
        return trimmed

    def _school_name(self, school_id: int | None) -> str | None:
        if school_id is None:
            return None
        if school_id not in self.schools:
            raise NotFoundError("school.not_found", school=school_id)
        return self.schools[school_id].name


def _values(command: CreateTask | EditTask) -> dict[str, Any]:
    return {field.name: getattr(command, field.name) for field in fields(command)}


def _matches(task: TaskRecord, which: TaskFilter) -> bool:
    return (
        which.status in {None, task.status}
        and which.training_mode in {None, task.training_mode}
        and which.school_id in {None, task.school_id}
        and which.text.casefold() in f"{task.name} {task.description}".casefold()
    )


def _counted(samples: list[SampleRecord]) -> StudentCounts:
    first = samples[0]
    return StudentCounts(
        school_id=first.school_id,
        school_name=first.school_name,
        student=first.student,
        processed=sum(sample.status is SampleStatus.PROCESSED for sample in samples),
        failed=sum(sample.status is SampleStatus.FAILED for sample in samples),
        pending=sum(sample.status is SampleStatus.PENDING for sample in samples),
        newest_captured_at=max(sample.captured_at for sample in samples),
    )
