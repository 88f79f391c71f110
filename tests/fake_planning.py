"""The planning part of `tests.fakes.FakeBackend`: it keeps what it is told and foresees nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from core.contracts.calendars import CalendarRecord
from core.contracts.events import TaskChanged
from core.contracts.planning import (
    AddDependency,
    BackfillPlan,
    BackfillRange,
    ChangedSchedule,
    DeletedTask,
    DependencyRecord,
    Explanation,
    QuietHours,
    TaskConsequences,
    TaskDependencies,
)
from core.contracts.records import Page, SchedulePreview, TaskRecord
from core.domain import quiet_text
from core.domain.backfill import Entry, chosen
from core.domain.calendar import SchoolCalendar
from core.domain.dependency import Edge, Needed, check_no_cycle
from core.domain.execution import ExecutionKind
from core.domain.explanation import explain
from core.domain.explanation_facts import Facts
from core.errors import NotFoundError
from tests.builders import ZONE
from tests.fake_stage import FakeClock, FakeStage, a_call

DAY = timedelta(days=1)
KEPT_FOR = timedelta(days=30)


class FakePlanning(FakeStage):
    """Runs are a day apart, every instant is as good as another, and nothing is ever quiet."""

    def __init__(self, clock: FakeClock | None = None) -> None:
        super().__init__(clock)
        self.deleted: dict[int, TaskRecord] = {}
        self.edges: list[Edge] = []
        self.needed: dict[int, Needed] = {}
        self.quiet_hours: QuietHours | None = None
        self.calendars: dict[int, CalendarRecord] = {}

    @a_call
    def list_calendars(self) -> tuple[CalendarRecord, ...]:
        return tuple(self.calendars.values())

    @a_call
    def next_runs(
        self, task_id: int, *, after: datetime | None = None, count: int = 5
    ) -> SchedulePreview:
        task = self._known(task_id)
        start = after or self.clock.now()
        instants = tuple(start + DAY * number for number in range(1, count + 1))
        return SchedulePreview("every day", instants, task.timezone)

    @a_call
    def explain_instant(self, task_id: int, at: datetime) -> Explanation:
        return self._explained(self._known(task_id), ExecutionKind.SCHEDULED, at)

    @a_call
    def explain_execution(self, execution_id: int) -> Explanation:
        if execution_id not in self.executions:
            raise NotFoundError("execution.not_found", execution_id=execution_id)
        record = self.executions[execution_id]
        task = self._known(record.scheduled_task_id)
        return replace(self._explained(task, record.kind, record.planned_at), execution=record)

    @a_call
    def preview_change(self, command: ChangedSchedule) -> TaskConsequences:
        return self._unchanged(self._known(command.task_id))

    @a_call
    def preview_calendar(
        self, calendar_id: int, calendar: SchoolCalendar
    ) -> tuple[TaskConsequences, ...]:
        return tuple(self._unchanged(task) for task in self.tasks.values())

    @a_call
    def plan_backfill(self, wanted: BackfillRange) -> BackfillPlan:
        task = self._known(wanted.task_id)
        days = (wanted.until_at - wanted.from_at) // DAY
        entries = tuple(Entry(wanted.from_at + DAY * number) for number in range(days + 1))
        return BackfillPlan(task.id, task.timezone, entries)

    @a_call
    def backfill(self, wanted: BackfillRange, client_key: str) -> BackfillPlan:
        plan = self.plan_backfill(wanted)
        first = max(self.executions, default=0) + 1
        count = len(chosen(plan.entries))
        return replace(plan, execution_ids=tuple(range(first, first + count)))

    @a_call
    def list_dependencies(self, task_id: int) -> TaskDependencies:
        self._known(task_id)
        return TaskDependencies(
            task_id,
            self.needed.get(task_id, Needed.ALL),
            tuple(self._edge(each) for each in self.edges if each.downstream_id == task_id),
            tuple(self._edge(each) for each in self.edges if each.upstream_id == task_id),
        )

    @a_call
    def add_dependency(self, command: AddDependency) -> TaskDependencies:
        names = {task.id: task.name for task in self.tasks.values()}
        new = Edge(
            self._known(command.upstream_id).id,
            self._known(command.task_id).id,
            command.condition,
            command.mode,
        )
        self._forget(new.downstream_id, new.upstream_id)
        self.edges.append(check_no_cycle(self.edges, new, names))
        return self.list_dependencies(command.task_id)

    @a_call
    def remove_dependency(self, task_id: int, upstream_id: int) -> TaskDependencies:
        self._forget(task_id, upstream_id)
        return self.list_dependencies(task_id)

    @a_call
    def set_needed(self, task_id: int, needed: Needed) -> TaskDependencies:
        self.needed[task_id] = needed
        return self.list_dependencies(task_id)

    @a_call
    def list_deleted(self, *, skip: int = 0, limit: int = 200) -> Page[DeletedTask]:
        at = self.clock.now()
        found = [
            DeletedTask(
                task.id, task.name, task.school_id, task.school_name, task.status, at, at + KEPT_FOR
            )
            for task in self.deleted.values()
        ]
        return Page(tuple(found[skip : skip + limit]), len(found))

    @a_call
    def restore_task(self, task_id: int) -> TaskRecord:
        if task_id not in self.deleted:
            raise NotFoundError("task.not_found", task_id=task_id)
        self.tasks[task_id] = self.deleted.pop(task_id)
        self.announce(TaskChanged, task_id=task_id)
        return self.tasks[task_id]

    @a_call
    def get_quiet_hours(self) -> QuietHours | None:
        return self.quiet_hours

    @a_call
    def set_quiet_hours(self, text: str, timezone: str | None = None) -> QuietHours:
        shown = quiet_text.to_text(quiet_text.parse(text))
        self.quiet_hours = QuietHours(shown, timezone or ZONE, None)
        return self.quiet_hours

    @a_call
    def clear_quiet_hours(self) -> None:
        self.quiet_hours = None

    def _known(self, task_id: int) -> TaskRecord:
        if task_id not in self.tasks:
            raise NotFoundError("task.not_found", task_id=task_id)
        return self.tasks[task_id]

    def _explained(self, task: TaskRecord, kind: ExecutionKind, at: datetime | None) -> Explanation:
        facts = Facts(kind, at, self.clock.now(), task.timezone, task.policies)
        return Explanation(task.id, task.name, task.timezone, at, explain(facts), None)

    def _unchanged(self, task: TaskRecord) -> TaskConsequences:
        now = self.clock.now()
        return TaskConsequences(
            task_id=task.id,
            task_name=task.name,
            timezone=task.timezone,
            status=task.status,
            from_at=now,
            until_at=now + DAY * 60,
            compared_until=now + DAY * 60,
            before_count=60,
            after_count=60,
            added=0,
            removed=0,
            moved=0,
            changes=(),
            has_no_run=False,
        )

    def _edge(self, edge: Edge) -> DependencyRecord:
        return DependencyRecord(
            edge.upstream_id,
            self._known(edge.upstream_id).name,
            edge.downstream_id,
            self._known(edge.downstream_id).name,
            edge.condition,
            edge.mode,
        )

    def _forget(self, task_id: int, upstream_id: int) -> None:
        ends = (upstream_id, task_id)
        self.edges = [each for each in self.edges if (each.upstream_id, each.downstream_id) != ends]
