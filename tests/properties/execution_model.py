"""What the semantics promise of tasks and executions, told from rows alone; shares no rule of core.

A *span* is a time in which a task fired by one schedule: not paused, deleted, ended or edited.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Any, Final

from sqlalchemy import select

from core.domain.trigger import Schedule
from core.scheduling import fire_times
from core.storage.rows import EventRow, ScheduledTaskExecutionRow, ScheduledTaskRow
from core.storage.unit_of_work import Unit

ACTIVE: Final = {"queued", "running", "retrying"}
FAILED: Final = {"failed", "timed_out", "lost"}
ENDED_RUNS: Final = FAILED | {"completed", "cancelled"}
FINAL: Final = ENDED_RUNS | {"skipped", "missed"}
LEGAL: Final[dict[str | None, set[str]]] = {
    None: {"queued", "skipped", "missed", "cancelled"},  # deleted in the moment it was due
    "queued": {"running", "cancelled", "skipped"},
    "running": {"retrying", *ENDED_RUNS, "skipped"},
    "retrying": {"running", "cancelled"},
}
BY_SCHEDULE: Final = {"scheduled", "catch_up"}
BY_ITSELF: Final = BY_SCHEDULE | {"dependency"}
SECOND: Final = timedelta(seconds=1)
EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
LONGEST_MOVE: Final = timedelta(days=4)
"""A calendar that is closed at weekends moves an instant by less than this."""

Rows = Mapping[int, Any]


def tasks_in(unit: Unit) -> Rows:
    """All tasks, those in the bin included, by id."""
    columns = ScheduledTaskRow.__table__.c
    return {row.id: row for row in unit.session.execute(select(*columns)).all()}


def executions_in(unit: Unit) -> Rows:
    """All executions by id."""
    columns = ScheduledTaskExecutionRow.__table__.c
    return {row.id: row for row in unit.session.execute(select(*columns).order_by(columns.id))}


def final_events(unit: Unit) -> Counter[int]:
    """How many final outcomes were announced of each execution."""
    kinds = [f"execution.{status}" for status in FINAL]
    return Counter(
        unit.session.scalars(select(EventRow.execution_id).where(EventRow.kind.in_(kinds)))
    )


@dataclass(slots=True)
class Span:
    """From just after `start` up to and with `end`; `slack` is how far jitter and calendar move."""

    schedule: Schedule
    start: datetime
    slack: timedelta
    has_calendar: bool
    end: datetime | None = None

    def owed(self, now: datetime) -> Iterator[datetime]:
        """Planned instants that must have an outcome by now."""
        last = min(self.end or now, now) - self.slack
        # What a calendar moves to before the span has begun is not due in it.
        first = self.start + (self.slack if self.slack >= LONGEST_MOVE else timedelta(0))
        instants = fire_times.iter_after(self.schedule, first)
        return takewhile(lambda instant: instant <= last, instants)

    def holds(self, instant: datetime) -> bool:
        """Whether an instant lies within."""
        return self.start < instant and (self.end is None or instant <= self.end)

    def may_have(self, planned_at: datetime, now: datetime) -> bool:
        """Whether the schedule plans that instant, about then."""
        if not self.start - self.slack < planned_at <= (self.end or now) + self.slack:
            return False
        unbounded = Schedule(self.schedule.trigger, self.schedule.timezone)
        return fire_times.next_after(unbounded, planned_at - SECOND) == planned_at


@dataclass(slots=True)
class History:
    """What was seen so far, and what has to hold of what is seen next."""

    known: Rows = field(default_factory=dict)
    started: set[int] = field(default_factory=set)
    failures: Counter[int] = field(default_factory=Counter)
    spans: dict[int, list[Span]] = field(default_factory=dict)

    def see(self, executions: Rows, tasks: Rows, now: datetime) -> None:
        """Check everything after one step, and remember it."""
        for id_, row in executions.items():
            self._check_step(self.known.get(id_), row)
            if id_ not in self.known and row.kind in BY_SCHEDULE:
                spans = self.spans[row.scheduled_task_id]
                assert any(each.may_have(row.planned_at, now) for each in spans), row
            if row.status == "running":
                self.started.add(id_)
        assert self.known.keys() <= executions.keys(), "an execution vanished"
        self.known = executions
        for task in tasks.values():
            own = [row for row in executions.values() if row.scheduled_task_id == task.id]
            self._check_counters(task, own)
            _check_places(own)
            _check_state(task, own)
            self._follow(task, now)

    def reset_failures(self, task_id: int) -> None:
        """A person looked after the task."""
        self.failures[task_id] = 0

    def begin(self, task_id: int, span: Span) -> None:
        """The task fires by a schedule from now on; what it fired by before ends here."""
        spans = self.spans.setdefault(task_id, [])
        if spans and spans[-1].end is None:
            spans[-1].end = span.start
        spans.append(span)

    def check_instants(self, tasks: Rows, now: datetime) -> None:
        """Each planned instant has exactly one row, or is in exactly one counted range."""
        for task_id, spans in self.spans.items():
            rows = [
                row
                for row in self.known.values()
                if row.scheduled_task_id == task_id and row.kind in BY_SCHEDULE
            ]
            single = {row.planned_at for row in rows if row.missed_count is None}
            ranges = [row for row in rows if row.missed_count is not None]
            for span in spans:
                until = now
                decided_until = tasks[task_id].decided_until
                if span.has_calendar and decided_until is not None:
                    # Closed instants get their rows with the next one that fires.
                    until = min(now, decided_until)
                if tasks[task_id].max_runs is not None:  # nothing is planned after the last run
                    until = max(
                        filter(span.holds, (row.planned_at for row in rows)), default=EARLIEST
                    )
                _check_span(span, single, ranges, until)

    def _check_step(self, before: Any, row: Any) -> None:
        was = None if before is None else before.status
        if was in FINAL:
            assert row == before, "a final outcome changed"
        elif was != row.status:
            assert row.status in LEGAL[was], (was, row.status)
            if row.status in FINAL and row.kind in BY_ITSELF:
                failed = self.failures[row.scheduled_task_id]
                if row.status == "completed":
                    self.failures[row.scheduled_task_id] = 0
                elif row.status in FAILED:
                    self.failures[row.scheduled_task_id] = failed + 1
        policies = row.settings["policies"]
        assert row.attempts - row.lost_count <= policies["max_attempts"], row
        assert row.lost_count <= policies["lost_allowance"] + 1, row
        assert (row.completed_at is not None) == (row.status in FINAL), row
        assert (row.lease_until is not None) == (row.status == "running"), row
        assert (row.not_before is not None) <= (row.status in {"retrying", *FINAL}), row

    def _check_counters(self, task: Any, own: list[Any]) -> None:
        ended = [row for row in own if row.status in ENDED_RUNS and row.id in self.started]
        assert task.total_runs == len(ended)
        assert task.success_runs == sum(row.status == "completed" for row in ended)
        assert task.failed_runs == sum(row.status in FAILED for row in ended)
        assert task.consecutive_failures == self.failures[task.id]
        by_schedule = [
            row
            for row in own
            if row.kind in BY_SCHEDULE and row.status not in {"skipped", "missed"}
        ]
        assert task.max_runs is None or len(by_schedule) <= task.max_runs

    def _follow(self, task: Any, now: datetime) -> None:
        """A task without a next instant has stopped firing, for whatever reason."""
        spans = self.spans[task.id]
        if task.next_run_at is None and spans[-1].end is None:
            spans[-1].end = now
        assert (task.next_run_at is None) == (spans[-1].end is not None), "fires unannounced"


def _check_places(own: list[Any]) -> None:
    """At most one instance of a task at once, or as many as its policies allow."""
    running = [row for row in own if row.status == "running"]
    assert len(running) <= max((most_at_once(row) for row in running), default=0), running


def most_at_once(row: Any) -> int:
    """How many executions of its task an execution tolerates, itself included."""
    policies = row.settings["policies"]
    return int(policies["overlap_limit"]) if policies["overlap"] == "allow" else 1


def _check_state(task: Any, own: list[Any]) -> None:
    """No task is stuck: an active one has something to come, or something at work."""
    if task.status != "active" or task.deleted_at is not None:
        assert task.next_run_at is None, task
    elif task.next_run_at is None:
        assert any(row.status in ACTIVE for row in own), task


def _check_span(span: Span, single: set[datetime], ranges: list[Any], now: datetime) -> None:
    for planned_at in span.owed(now):
        times = (planned_at in single) + sum(
            row.missed_from <= planned_at <= row.planned_at for row in ranges
        )
        # A calendar's closed instants have rows of their own, also within a range of missed ones.
        assert times == 1 or (times > 1 and span.has_calendar), (planned_at, times, span)
    if span.has_calendar:
        return
    for row in ranges:
        if span.start < row.missed_from <= (span.end or now):
            begin = row.missed_from - SECOND
            counted = fire_times.count_between(span.schedule, begin, row.planned_at)
            assert row.missed_count == counted, (row, span)
