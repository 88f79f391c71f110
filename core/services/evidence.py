"""What is known of a task and one instant, or of an execution: looked up for “Why?”, not judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from core.contracts.records import ExecutionRecord
from core.domain.calendar import DayVerdict, verdict
from core.domain.dependency import Answer, Met, Mode, evaluate
from core.domain.execution import ExecutionKind, ExecutionStatus
from core.domain.explanation_facts import DataGuard, Facts, Started
from core.domain.fair_share import Contender, for_slots
from core.domain.overlap import Queue
from core.domain.plan import Plan
from core.domain.task import RunSettings, TaskStatus
from core.scheduling.occurrences import Occurrence, jittered
from core.scheduling.planned import find_firing, find_planned, local_date, unbounded
from core.services.quiet_hours import quiet_until
from core.storage import dependencies, executions, instants, queue
from core.storage.instants import Turn
from core.storage.task_plans import TaskPlan
from core.storage.unit_of_work import Unit

SECOND = timedelta(seconds=1)


def of_instant(unit: Unit, task: TaskPlan, at: datetime) -> tuple[Facts, ExecutionRecord | None]:
    """The facts of an instant at which the task runs, or for which its trigger planned it."""
    plan = unbounded(task.plan)  # start and end are asked after the calendar
    found = find_firing(plan, at) or find_planned(plan, at)
    record = _record_of(unit, task, found) if found else None
    if found is not None and record is not None:
        return of_execution(unit, task, record, found.planned_at), record
    facts = _base(unit, task, found.planned_at if found else at)
    return replace(
        facts,
        planned_at=at,
        is_of_trigger=found is not None,
        calendar=_day(task.plan, at, found),
        original_at=_moved_from(found, at),
        paused_at=_paused_at(unit, task, at),
    ), None


def of_execution(
    unit: Unit, task: TaskPlan, record: ExecutionRecord, planned_at: datetime | None = None
) -> Facts:
    """The facts of what was decided: later edits of task and calendar do not contradict them.

    A record that stands for many instants is asked for the one of them at `planned_at`.
    """
    planned_at = planned_at or record.planned_at
    policies = RunSettings.from_json(record.settings).policies
    facts = replace(
        _base(unit, task, planned_at),
        kind=record.kind,
        policies=policies,
        is_caught_up=record.kind is ExecutionKind.CATCH_UP,
        overlap=Queue(),
        data=DataGuard() if record.started_at is not None else None,
        started=_started(record),
    )
    if planned_at is not None:
        facts = _placed(facts, task.plan, planned_at, record)
    if record.status is ExecutionStatus.QUEUED:
        facts = replace(
            facts,
            ahead=_count_ahead(unit, record),
            quiet_until=None if record.kind is ExecutionKind.MANUAL else quiet_until(unit),
        )
    return replace(
        facts,
        has_dependencies=facts.has_dependencies or record.kind is ExecutionKind.DEPENDENCY,
        dependency=_answer(unit, task, record),
    )


def _base(unit: Unit, task: TaskPlan, planned_at: datetime | None) -> Facts:
    jitter = 0
    if planned_at is not None:
        put_off = jittered(task.id, planned_at, task.plan.jitter_seconds) - planned_at
        jitter = int(put_off.total_seconds())
    schedule = task.plan.schedule
    return Facts(
        kind=ExecutionKind.SCHEDULED,
        planned_at=planned_at,
        now=unit.now,
        timezone=schedule.timezone,
        policies=task.policies,
        starts_at=schedule.starts_at,
        ends_at=schedule.ends_at,
        jitter_seconds=jitter,
        has_dependencies=any(
            each.mode is Mode.WAIT for each in dependencies.upstream_of(unit, task.id)
        ),
    )


def _record_of(unit: Unit, task: TaskPlan, found: Occurrence) -> ExecutionRecord | None:
    range_status = ExecutionStatus.SKIPPED if found.fires_at is None else ExecutionStatus.MISSED
    execution_id = instants.find_execution(unit, task.id, found.planned_at) or instants.find_range(
        unit, task.id, found.planned_at, range_status
    )
    return None if execution_id is None else executions.get(unit, execution_id)


def _placed(facts: Facts, plan: Plan, planned_at: datetime, record: ExecutionRecord) -> Facts:
    """A decided instant has met trigger, calendar and window, whatever they say by now."""
    found = find_planned(unbounded(plan), planned_at)
    place = (found.fires_at if found else None) or planned_at
    day = _day(plan, place, found)
    if day is not None and not day.is_open:
        day = DayVerdict(is_open=True, code="why.calendar_changed", params={})
    starts_at, ends_at = facts.starts_at, facts.ends_at
    if (starts_at and place < starts_at) or (ends_at and place > ends_at):
        starts_at = ends_at = None
    return replace(
        facts,
        planned_at=place,
        calendar=day,
        original_at=_moved_from(found, place),
        starts_at=starts_at,
        ends_at=ends_at,
        decided_at=_decided_at(facts, place, record),
    )


def _decided_at(facts: Facts, at: datetime, record: ExecutionRecord) -> datetime:
    """When it was decided, on the side of the grace on which it was judged then."""
    last = at + timedelta(seconds=facts.jitter_seconds + facts.policies.grace_seconds)
    if record.status is ExecutionStatus.MISSED or record.kind is ExecutionKind.CATCH_UP:
        return max(record.decided_at, last + SECOND)
    return min(record.decided_at, last)


def _day(plan: Plan, at: datetime, found: Occurrence | None) -> DayVerdict | None:
    """What the calendar says of an instant; where it moves it away, to where."""
    if plan.calendar is None:
        return None
    if found is not None and found.fires_at != at and found.code is not None:
        return DayVerdict(is_open=False, code=found.code, params=found.params)
    return verdict(plan.calendar, local_date(at, plan.schedule.timezone))


def _moved_from(found: Occurrence | None, at: datetime) -> datetime | None:
    if found is None or found.fires_at != at or found.planned_at == at:
        return None
    return found.planned_at


def _paused_at(unit: Unit, task: TaskPlan, at: datetime) -> datetime | None:
    """When the pause began that `at` lies in."""
    since = [each for each in instants.turns(unit, task.id) if each.status and each.at <= at]
    if since:
        last: Turn = since[-1]
        return last.at if last.status is TaskStatus.PAUSED else None
    is_paused = task.status is TaskStatus.PAUSED and at >= task.updated_at
    return task.updated_at if is_paused else None


def _answer(unit: Unit, task: TaskPlan, record: ExecutionRecord) -> Answer | None:
    """Whether what it depends on has come, as far as that was asked."""
    if record.started_at is not None:
        return Met()
    if record.status is not ExecutionStatus.QUEUED:
        return None
    if record.kind is ExecutionKind.MANUAL:
        return Met()
    return evaluate(
        dependencies.upstream_of(unit, task.id),
        dependencies.needed_of(unit, task.id),
        dependencies.upstream_outcomes(unit, task.id),
        task.last_run_at,
        unit.now,
        waiting_since=record.decided_at,
    )


def _count_ahead(unit: Unit, record: ExecutionRecord) -> int:
    """How many of those that wait would get a slot before it, as things are now."""
    waiting = [
        Contender(
            each.execution_id,
            each.settings.school_id,
            each.settings.policies.priority,
            each.queued_at,
        )
        for each in queue.waiting(unit)
    ]
    order = for_slots(waiting, queue.shares(unit), len(waiting))
    ahead = [each.execution_id for each in order]
    return ahead.index(record.id) if record.id in ahead else len(ahead)


def _started(record: ExecutionRecord) -> Started | None:
    if record.started_at is None or record.runner_host is None:
        return None
    return Started(record.runner_host, record.started_at)
