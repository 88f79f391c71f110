"""The backend over a database: each call is one use case, on the thread of whoever calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from core.client.calendars import LocalCalendars
from core.contracts.backend import OnProgress
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
    ConnectionMode,
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
from core.paths import Home
from core.services import (
    backfill,
    consequences,
    dependencies,
    executions,
    explain,
    models,
    plans,
    quiet_hours,
    recycle_bin,
    samples,
    schools,
    tasks,
)
from core.services.actor import Actor
from core.storage import runners
from core.storage.changes import ChangeFollower
from core.storage.unit_of_work import Store

ALL_TASKS = TaskFilter()
ALL_EXECUTIONS = ExecutionFilter()


class LocalBackend(LocalCalendars):
    """The product over a store, for one actor; see `core.contracts.backend.Backend`."""

    def __init__(
        self,
        store: Store,
        home: Home,
        actor: Actor,
        changes: ChangeFollower,
        *,
        lease_seconds: float,
    ) -> None:
        self._store = store
        self._home = home
        self._actor = actor
        self._changes = changes
        self._lease = timedelta(seconds=lease_seconds)
        self.own_runner_id: int | None = None
        """The runner in this process, if there is one; its host says so."""

    # tasks
    def list_tasks(
        self, which: TaskFilter = ALL_TASKS, *, skip: int = 0, limit: int = 200
    ) -> Page[TaskRecord]:
        return tasks.list_tasks(self._store, self._actor, which, skip=skip, limit=limit)

    def get_task(self, task_id: int) -> TaskRecord:
        return tasks.get_task(self._store, self._actor, task_id)

    def count_tasks(self) -> TaskCounts:
        return tasks.count_tasks(self._store, self._actor)

    def create_task(self, command: CreateTask) -> TaskRecord:
        return tasks.create_task(self._store, self._actor, command)

    def edit_task(self, command: EditTask) -> TaskRecord:
        return tasks.edit_task(self._store, self._actor, command)

    def pause_task(self, task_id: int) -> TaskRecord:
        return tasks.pause_task(self._store, self._actor, task_id)

    def resume_task(self, task_id: int) -> TaskRecord:
        return tasks.resume_task(self._store, self._actor, task_id)

    def delete_task(self, task_id: int) -> None:
        tasks.delete_task(self._store, self._actor, task_id)

    def run_now(self, task_id: int, client_key: str) -> ExecutionRecord:
        return executions.run_now(self._store, self._actor, task_id, client_key)

    def cancel_execution(self, execution_id: int) -> ExecutionRecord:
        return executions.cancel(self._store, self._actor, execution_id)

    def preview(
        self,
        schedule: Schedule,
        *,
        count: int = 5,
        calendar_id: int | None = None,
        calendar_policy: CalendarPolicy = CalendarPolicy.SKIP,
    ) -> SchedulePreview:
        return plans.preview(
            self._store, self._actor, schedule, count, calendar_id, calendar_policy
        )

    # planning
    def next_runs(
        self, task_id: int, *, after: datetime | None = None, count: int = 5
    ) -> SchedulePreview:
        return plans.next_runs(self._store, self._actor, task_id, after=after, count=count)

    def explain_instant(self, task_id: int, at: datetime) -> Explanation:
        return explain.explain_instant(self._store, self._actor, task_id, at)

    def explain_execution(self, execution_id: int) -> Explanation:
        return explain.explain_execution(self._store, self._actor, execution_id)

    def preview_change(self, command: ChangedSchedule) -> TaskConsequences:
        return consequences.preview_change(self._store, self._actor, command)

    def preview_calendar(
        self, calendar_id: int, calendar: SchoolCalendar
    ) -> tuple[TaskConsequences, ...]:
        return consequences.preview_calendar(self._store, self._actor, calendar_id, calendar)

    def plan_backfill(self, wanted: BackfillRange) -> BackfillPlan:
        return backfill.plan_backfill(self._store, self._actor, wanted)

    def backfill(self, wanted: BackfillRange, client_key: str) -> BackfillPlan:
        return backfill.backfill_task(self._store, self._actor, wanted, client_key)

    def list_dependencies(self, task_id: int) -> TaskDependencies:
        return dependencies.list_dependencies(self._store, self._actor, task_id)

    def add_dependency(self, command: AddDependency) -> TaskDependencies:
        return dependencies.add_dependency(self._store, self._actor, command)

    def remove_dependency(self, task_id: int, upstream_id: int) -> TaskDependencies:
        return dependencies.remove_dependency(self._store, self._actor, task_id, upstream_id)

    def set_needed(self, task_id: int, needed: Needed) -> TaskDependencies:
        return dependencies.set_needed(self._store, self._actor, task_id, needed)

    def list_deleted(self, *, skip: int = 0, limit: int = 200) -> Page[DeletedTask]:
        return recycle_bin.list_deleted(self._store, self._actor, skip=skip, limit=limit)

    def restore_task(self, task_id: int) -> TaskRecord:
        return recycle_bin.restore_task(self._store, self._actor, task_id)

    def get_quiet_hours(self) -> QuietHours | None:
        return quiet_hours.get_quiet_hours(self._store)

    def set_quiet_hours(self, text: str, timezone: str | None = None) -> QuietHours:
        return quiet_hours.set_quiet_hours(self._store, self._actor, text, timezone)

    def clear_quiet_hours(self) -> None:
        quiet_hours.clear_quiet_hours(self._store, self._actor)

    # history
    def list_executions(
        self,
        which: ExecutionFilter = ALL_EXECUTIONS,
        *,
        before_id: int | None = None,
        limit: int = 50,
    ) -> tuple[ExecutionRecord, ...]:
        return executions.list_executions(
            self._store, self._actor, which, before_id=before_id, limit=limit
        )

    def get_execution(self, execution_id: int) -> ExecutionRecord:
        return executions.get_execution(self._store, self._actor, execution_id)

    def list_attempts(self, execution_id: int) -> tuple[AttemptRecord, ...]:
        return executions.list_attempts(self._store, self._actor, execution_id)

    def read_log(
        self, execution_id: int, *, offset: int = 0, attempt: int | None = None
    ) -> LogSlice:
        return executions.read_log(self._store, self._actor, execution_id, offset, attempt)

    # schools, samples, models
    def list_schools(self) -> tuple[SchoolRecord, ...]:
        return schools.list_schools(self._store, self._actor)

    def add_school(self, name: str) -> SchoolRecord:
        return schools.add_school(self._store, self._actor, name)

    def list_students(self, school_id: int | None = None) -> tuple[StudentCounts, ...]:
        return samples.list_students(self._store, self._actor, school_id)

    def list_samples(
        self,
        *,
        school_id: int | None = None,
        student: str | None = None,
        skip: int = 0,
        limit: int = 200,
    ) -> Page[SampleRecord]:
        return samples.list_samples(
            self._store,
            self._home,
            self._actor,
            school_id=school_id,
            student=student,
            skip=skip,
            limit=limit,
        )

    def import_samples(
        self,
        path: Path,
        *,
        school: str | None = None,
        on_progress: OnProgress | None = None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> ImportSummary:
        importing = samples.Importing(
            self._store, self._home, self._actor, on_progress or _ignore, should_stop
        )
        return importing.run(path, school)

    def list_model_versions(
        self, *, school_id: int | None = None, limit: int = 200
    ) -> tuple[ModelVersionRecord, ...]:
        return models.list_model_versions(self._store, self._actor, school_id, limit)

    def predict(
        self, images: Sequence[Path], *, school: str, top: int = 5
    ) -> tuple[Prediction, ...]:
        return models.predict(self._store, self._home, self._actor, images, school, top)

    # the instance
    def list_runners(self) -> tuple[RunnerRecord, ...]:
        return self._store.read(lambda unit: runners.list_recent(unit, self._lease))

    def describe_connection(self) -> ConnectionInfo:
        alive = [runner for runner in self.list_runners() if runner.is_alive]
        is_own = any(runner.id == self.own_runner_id for runner in alive)
        return ConnectionInfo(
            ConnectionMode.LOCAL_RUNNER if is_own else ConnectionMode.VIEWER,
            self._store.label,
            alive[0].host if alive else None,
        )

    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        unsubscribe = self._changes.subscribe(listener)
        self._changes.start()
        return unsubscribe

    def close(self) -> None:
        self._changes.close()
        self._store.close()


def _ignore(done: int, total: int) -> None:
    """Nobody watches this import."""
