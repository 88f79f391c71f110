"""Backfill: the planned instants of a past range run again, after a dry run that shows which."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from core.contracts.planning import BackfillPlan, BackfillRange
from core.domain import backfill
from core.domain.access import Verb
from core.domain.backfill import Entry
from core.domain.plan import Plan
from core.domain.trigger import under
from core.scheduling import fire_times, planned
from core.scheduling.occurrences import count_firing
from core.services.actor import Actor
from core.services.plans import seen_plan
from core.storage import instants, tasks
from core.storage.task_plans import TaskPlan
from core.storage.unit_of_work import Store, Subject, Unit


def plan_backfill(store: Store, actor: Actor, wanted: BackfillRange) -> BackfillPlan:
    """The dry run: what would run, and why the rest would not.

    Raises:
        InvalidValueError: `backfill.reversed`.
        RefusedError: `backfill.too_many`.
        NotFoundError.
    """

    def work(unit: Unit) -> BackfillPlan:
        return _plan(unit, seen_plan(unit, actor, wanted.task_id), wanted)

    return store.read(work)


def backfill_task(
    store: Store, actor: Actor, wanted: BackfillRange, client_key: str
) -> BackfillPlan:
    """Queue what the dry run shows, oldest first, whatever is at work; they run one by one.

    The same key again queues nothing and gives the same executions.

    Raises:
        InvalidValueError, RefusedError: as `plan_backfill`.
        NotFoundError, ForbiddenError.
    """

    def work(unit: Unit) -> BackfillPlan:
        tasks.hold(unit, wanted.task_id)
        task = seen_plan(unit, actor, wanted.task_id, Verb.RUN_TASKS)
        plan = _plan(unit, task, wanted)
        if known := instants.backfilled_with(unit, client_key):
            return replace(plan, execution_ids=tuple(known))
        return replace(plan, execution_ids=_queue(unit, actor, wanted, plan, client_key))

    return store.write(work)


@dataclass(frozen=True, slots=True)
class _Coming:
    """Planned instants of the range, and those of them whose run is still to come."""

    instants: tuple[datetime, ...]
    later: frozenset[datetime]


def _plan(unit: Unit, task: TaskPlan, wanted: BackfillRange) -> BackfillPlan:
    backfill.check_range(wanted.from_at, wanted.until_at)
    found = _firing(task.plan, wanted, unit.now)
    entries = backfill.plan(
        found.instants,
        instants.existing_between(unit, task.id, wanted.from_at, wanted.until_at),
        wanted.choice,
        from_at=wanted.from_at,
        until_at=wanted.until_at,
        now=unit.now,
    )
    timezone = task.plan.schedule.timezone
    return BackfillPlan(task.id, timezone, tuple(_waiting(each, found) for each in entries))


def _firing(plan: Plan, wanted: BackfillRange, now: datetime) -> _Coming:
    after = wanted.from_at - planned.SECOND
    schedule = under(plan.schedule, plan.calendar)
    if (many := fire_times.count_between(schedule, after, wanted.until_at)) > planned.MOST:
        backfill.check_count(many)  # before a calendar is asked for each
    backfill.check_count(
        count_firing(plan.schedule, plan.calendar, plan.calendar_policy, after, wanted.until_at)
    )
    firing = [
        each
        for each in planned.planned_between(plan, wanted.from_at, wanted.until_at)
        if each.fires_at is not None
    ]
    return _Coming(
        tuple(each.planned_at for each in firing),
        frozenset(each.planned_at for each in firing if each.due_at > now),
    )


def _waiting(entry: Entry, found: _Coming) -> Entry:
    """An instant that its calendar moved to a later day runs then by itself."""
    if entry.is_chosen and entry.planned_at in found.later:
        return replace(entry, code="backfill.future")
    return entry


def _queue(
    unit: Unit, actor: Actor, wanted: BackfillRange, plan: BackfillPlan, client_key: str
) -> tuple[int, ...]:
    settings, _schedule = tasks.run_settings(unit, wanted.task_id)
    keyed = [
        (instant, f"{client_key}/{int(instant.timestamp())}")
        for instant in backfill.chosen(plan.entries)
    ]
    ids = instants.queue_backfill(unit, wanted.task_id, settings, keyed, actor.user_id)
    for execution_id in ids:
        unit.note("execution.queued", Subject(wanted.task_id, execution_id), actor=actor.name)
    if ids:
        detail = {
            "from_at": wanted.from_at.isoformat(),
            "until_at": wanted.until_at.isoformat(),
            "choice": wanted.choice.value,
            "count": len(ids),
        }
        unit.note("task.backfilled", Subject(wanted.task_id), actor=actor.name, detail=detail)
    return tuple(ids)
