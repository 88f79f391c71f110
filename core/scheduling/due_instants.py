"""What of a task is undecided up to now, and when it is due next: calendar and jitter applied."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from core.domain.decision import DueTask
from core.domain.lateness import MISSED_ROWS_LIMIT, Closed, DueInstants, MissedRange
from core.domain.plan import Plan
from core.scheduling import fire_times, occurrences
from core.scheduling.occurrences import Occurrence, jittered
from core.scheduling.zone_rules import EPOCH, SECOND

SINGLE_INSTANTS: Final = 250
"""Most instants of one task that are looked at one by one; older ones are only counted."""


def undecided(task: DueTask, now: datetime) -> DueInstants:
    """The instants of `task` that are due up to `now` and have no outcome yet."""
    before = task.decided_until or task.next_run_at - SECOND
    until = max(before, _last_past_jitter(task, before, now))
    if task.plan.calendar is None:
        return _by_schedule(task, before, until)
    return _by_calendar(task, before, until)


def next_due(task_id: int, plan: Plan, after: datetime) -> datetime | None:
    """When the first instant after `after` is due: moved and put off as the plan says."""
    found = occurrences.next_firing(plan.schedule, plan.calendar, plan.calendar_policy, after)
    if found is None or found.fires_at is None:
        return None
    return jittered(task_id, found.fires_at, plan.jitter_seconds)


def _last_past_jitter(task: DueTask, before: datetime, now: datetime) -> datetime:
    """Up to where, before any jitter, everything is due: instants are decided in their order."""
    jitter = task.plan.jitter_seconds
    if jitter == 0:
        return now
    begin = max(before, now - timedelta(seconds=jitter) - SECOND)
    for each in _between(task.plan, begin, now):
        if each.fires_at is not None and jittered(task.id, each.due_at, jitter) > now:
            return each.due_at - SECOND
    return now


def _by_schedule(task: DueTask, before: datetime, until: datetime) -> DueInstants:
    schedule = task.plan.schedule
    newest = fire_times.latest_between(schedule, before, until, SINGLE_INSTANTS + 1)
    older_count, older_last_at = 0, None
    first_at = newest[0] if newest else task.next_run_at
    if len(newest) > SINGLE_INSTANTS:
        older_count = fire_times.count_between(schedule, before, until) - SINGLE_INSTANTS
        first_at = fire_times.next_after(schedule, before) or first_at
        older_last_at, newest = newest[0], newest[1:]
    due = _put_off(task, [(each, each) for each in newest])
    return DueInstants(tuple(due), older_count, first_at, older_last_at, _moved(due), until=until)


def _by_calendar(task: DueTask, before: datetime, until: datetime) -> DueInstants:
    plan = task.plan
    found = list(_between(plan, before, until))
    firing = [each for each in found if each.fires_at is not None]
    closed = [each for each in found if each.fires_at is None]
    newest = firing[-SINGLE_INSTANTS:]
    older = firing[: len(firing) - len(newest)]
    due = _put_off(task, [(each.due_at, each.planned_at) for each in newest])
    first_at = firing[0].planned_at if firing else task.next_run_at
    return DueInstants(
        tuple(due),
        len(older),
        first_at,
        older[-1].planned_at if older else None,
        _moved(due),
        *_closed(closed),
        until=until,
    )


def _between(plan: Plan, after: datetime, until: datetime) -> Iterable[Occurrence]:
    return occurrences.between(plan.schedule, plan.calendar, plan.calendar_policy, after, until)


def _closed(those: list[Occurrence]) -> tuple[tuple[Closed, ...], MissedRange | None]:
    if len(those) > MISSED_ROWS_LIMIT:
        planned = sorted(each.planned_at for each in those)
        return (), MissedRange(len(those), planned[0], planned[-1])
    return tuple(Closed(each.planned_at, each.code or "", each.params) for each in those), None


def _put_off(task: DueTask, those: Iterable[tuple[datetime, datetime]]) -> dict[datetime, datetime]:
    """Due -> planned instant: a jitter turns no order round and puts no two on one instant."""
    due: dict[datetime, datetime] = {}
    earliest = EPOCH
    for fires_at, planned_at in those:
        due_at = max(earliest, jittered(task.id, fires_at, task.plan.jitter_seconds))
        due[due_at] = planned_at
        earliest = due_at + SECOND
    return due


def _moved(due: dict[datetime, datetime]) -> dict[datetime, datetime]:
    """Only what differs: on most tasks nothing does."""
    return {due_at: planned_at for due_at, planned_at in due.items() if due_at != planned_at}
