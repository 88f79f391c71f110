"""Keeps a task's `next_run_at` true: at its creation, when it is changed, when its calendar is."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from core.contracts.records import TaskRecord
from core.domain.calendar import kind_code
from core.domain.plan import Plan
from core.domain.task import TaskStatus
from core.domain.term import TermTrigger
from core.domain.trigger import (
    TRIGGER_FIELDS,
    Schedule,
    make_trigger,
    trigger_type,
    under,
    waits_for_calendar,
)
from core.errors import InvalidValueError, NotFoundError, RefusedError
from core.scheduling import decider, due_instants, fire_times
from core.services.task_fields import SETTABLE, Values, plain
from core.storage import calendars, tasks
from core.storage.run_counts import runs_so_far
from core.storage.unit_of_work import Unit

TIMING_FIELDS: Final = frozenset(
    {
        "trigger_type",
        *TRIGGER_FIELDS.values(),
        "timezone",
        "anchor_at",
        "starts_at",
        "ends_at",
        "calendar_id",
        "calendar_policy",
        "jitter_seconds",
        "max_runs",
    }
)


def set_first(unit: Unit, task_id: int, values: Values) -> None:
    """Give a new task its first instant.

    Raises:
        InvalidValueError: the schedule cannot be meant, or has nothing to come.
        NotFoundError: there is no such calendar.
    """
    plan = plan_of(unit, values)
    fire_times.check(plan.schedule, unit.now, plan.calendar)
    next_run_at = due_instants.next_due(task_id, plan, unit.now)
    if next_run_at is None:
        raise _nothing_to_come(plan, unit.now)
    tasks.update(unit, task_id, next_run_at=next_run_at, decided_until=unit.now)


def rescheduled(unit: Unit, before: TaskRecord, changes: Values) -> Values:
    """The column values that follow from changes; what is due by the old rules is decided first.

    Raises:
        InvalidValueError: the new schedule cannot be meant.
        RefusedError: `task.never_again`, an active task would have nothing to come.
    """
    is_moved = bool(TIMING_FIELDS & set(changes))
    status = changes.get("status", before.status)
    if is_moved and status not in SETTABLE:
        status = TaskStatus.ACTIVE  # an ended task with a new time is used again
    if not is_moved and status == before.status:
        return {}
    plan = plan_of(unit, plain(before) | changes)
    if is_moved or status is TaskStatus.ACTIVE:
        fire_times.check(plan.schedule, unit.now, plan.calendar)
    # What was due by the old rules gets its outcome first: a change is for the future.
    decider.decide_one(unit, before.id)
    after = max(unit.now, tasks.decided_until(unit, before.id) or unit.now)
    next_run_at = None
    if status is TaskStatus.ACTIVE:
        if not _has_had_all_runs(unit, before.id, plan):
            next_run_at = due_instants.next_due(before.id, plan, after)
        if next_run_at is None and not _may_wait(before, plan, unit.now, is_moved=is_moved):
            raise RefusedError("task.never_again", task_id=before.id)
    resumed = {"pause_code": None, "pause_params": None, "consecutive_failures": 0}
    return {"status": status, "next_run_at": next_run_at, "decided_until": after, **resumed}


def _has_had_all_runs(unit: Unit, task_id: int, plan: Plan) -> bool:
    if plan.max_runs is None:
        return False
    return runs_so_far(unit, [task_id]).get(task_id, 0) >= plan.max_runs


def _nothing_to_come(plan: Plan, now: datetime) -> InvalidValueError:
    """Why a new task would never run."""
    schedule, calendar = under(plan.schedule, plan.calendar), plan.calendar
    if calendar is not None and fire_times.next_after(schedule, now) is not None:
        return InvalidValueError("schedule.never_open", field="calendar_id", calendar=calendar.name)
    if calendar is not None and isinstance(schedule.trigger, TermTrigger):
        kind = kind_code(schedule.trigger.rule.kind)
        return InvalidValueError(
            "term.over", field="calendar_id", calendar=calendar.name, kind=kind
        )
    return InvalidValueError("schedule.over", field=TRIGGER_FIELDS[trigger_type(schedule.trigger)])


def _may_wait(before: TaskRecord, plan: Plan, now: datetime, *, is_moved: bool) -> bool:
    """Whether an active task may be without an instant until its calendar is continued."""
    is_waiting = before.status is TaskStatus.ACTIVE and before.next_run_at is None
    return waits_for_calendar(plan.schedule, now) and (is_waiting or not is_moved)


def decide_by_calendar(unit: Unit, calendar_id: int) -> None:
    """Decide what is due by a calendar that is about to change: a change is for the future."""
    for task_id in tasks.ids_of_calendar(unit, calendar_id):
        tasks.hold(unit, task_id)
        decider.decide_one(unit, task_id)


def follow_calendar(unit: Unit, calendar_id: int) -> list[str]:
    """Give every task of a changed calendar its next instant by it; names of those left without."""
    left: list[str] = []
    for task_id in tasks.ids_of_calendar(unit, calendar_id):
        before = tasks.lock(unit, task_id)
        if before.status is not TaskStatus.ACTIVE:
            continue
        plan = plan_of(unit, plain(before))
        decided_until = tasks.decided_until(unit, task_id) or unit.now
        # A jitter may hold back what was planned before now: it is still to come.
        after = decided_until if before.next_run_at else max(unit.now, decided_until)
        next_run_at = due_instants.next_due(task_id, plan, after)
        if next_run_at is not None and next_run_at <= unit.now:
            after = unit.now  # open only now: a change makes nothing up
            next_run_at = due_instants.next_due(task_id, plan, after)
        tasks.update(unit, task_id, next_run_at=next_run_at, decided_until=after)
        if next_run_at is None and before.next_run_at is not None:
            left.append(before.name)
    return left


def plan_of(unit: Unit, values: Values) -> Plan:
    """When a task with these column values is due."""
    calendar = None
    if (calendar_id := values["calendar_id"]) is not None:
        calendar = calendars.values(unit, [calendar_id]).get(calendar_id)
        if calendar is None:
            raise NotFoundError("calendar.not_found", calendar=str(calendar_id))
    return Plan(
        schedule_of(values),
        calendar,
        values["calendar_policy"],
        values["jitter_seconds"],
        values["max_runs"],
    )


def schedule_of(values: Values) -> Schedule:
    """When a task with these column values runs, before calendar and jitter."""
    trigger = make_trigger(
        values["trigger_type"],
        run_at=values["run_at"],
        interval_seconds=values["interval_seconds"],
        anchor_at=values["anchor_at"],
        cron_expression=values["cron_expression"],
        term_rule=values["term_rule"],
    )
    return Schedule(trigger, values["timezone"], values["starts_at"], values["ends_at"])
