"""Occurrences by the instant their trigger planned, wherever a calendar moves them; reads no clock.

The other way round from `occurrences`, which finds them by when they are due.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from core.domain.calendar import DAY, CalendarPolicy
from core.domain.plan import Plan
from core.domain.trigger import under
from core.scheduling import fire_times
from core.scheduling.landing import Landing
from core.scheduling.occurrences import Occurrence, next_firing, occurrences

SECOND: Final = timedelta(seconds=1)
MOST: Final = 200_000
"""Occurrences that are looked through at most."""


def unbounded(plan: Plan) -> Plan:
    """The same plan without start and end."""
    return replace(plan, schedule=replace(plan.schedule, starts_at=None, ends_at=None))


def planned_between(plan: Plan, from_at: datetime, until_at: datetime) -> list[Occurrence]:
    """The occurrences planned from `from_at` to `until_at`, both included, by planned instant."""
    after, until = _due_range(plan, from_at, until_at)
    found = occurrences(plan.schedule, plan.calendar, plan.calendar_policy, after, until, MOST)
    inside = [each for each in found if from_at <= each.planned_at <= until_at]
    return sorted(inside, key=lambda each: each.planned_at)


def find_planned(plan: Plan, at: datetime) -> Occurrence | None:
    """The occurrence that the trigger planned for exactly `at`."""
    if fire_times.next_after(under(plan.schedule, plan.calendar), at - SECOND) != at:
        return None
    return next(iter(planned_between(plan, at, at)), None)


def find_firing(plan: Plan, at: datetime) -> Occurrence | None:
    """The occurrence that fires at exactly `at`."""
    due = occurrences(plan.schedule, plan.calendar, plan.calendar_policy, at - SECOND, at, MOST)
    return next((each for each in due if each.fires_at == at), None)


def iter_firing(plan: Plan, after: datetime) -> Iterator[datetime]:
    """All instants after `after` at which the task runs, in order; endless for most schedules."""
    if plan.calendar is None:
        yield from fire_times.iter_after(plan.schedule, after)
        return
    while found := next_firing(plan.schedule, plan.calendar, plan.calendar_policy, after):
        after = found.fires_at or found.due_at
        yield after


def local_date(instant: datetime, timezone: str) -> date:
    """The date of an instant in a zone."""
    return instant.astimezone(fire_times.zone(timezone)).date()


def start_of(day: date, timezone: str) -> datetime:
    """The first instant of a date in a zone."""
    return fire_times.read_time(day.isoformat(), timezone, "date")


def _due_range(plan: Plan, from_at: datetime, until_at: datetime) -> tuple[datetime, datetime]:
    """When everything that is planned in the closed range is due: later dates land later."""
    if plan.calendar is None or plan.calendar_policy is CalendarPolicy.SKIP:
        return from_at - SECOND, until_at
    timezone = plan.schedule.timezone
    landing = Landing(plan.calendar, plan.calendar_policy)
    # A day more on each side: where a clock is set back across midnight, dates overlap.
    first, last = local_date(from_at, timezone) - DAY, local_date(until_at, timezone) + DAY
    begin, end = min(first, landing.of(first)), max(last, landing.of(last))
    return start_of(begin, timezone) - SECOND, start_of(end + DAY, timezone)
