"""Occurrences in the plainest way there is: every planned instant, one by one, every day by day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, partial
from itertools import takewhile
from zoneinfo import ZoneInfo

from core.domain.calendar import CalendarPolicy, SchoolCalendar, is_open
from core.domain.trigger import Schedule
from core.scheduling import fire_times

DAY = timedelta(days=1)
REACH = 400
Told = tuple[datetime, datetime, bool]
"""When due, as planned, and whether it fires."""


def told(
    schedule: Schedule,
    calendar: SchoolCalendar,
    policy: CalendarPolicy,
    after: datetime,
    until: datetime,
) -> list[Told]:
    """What is due in (after, until]."""
    everything = _everything(schedule, calendar, policy, after, until)
    return sorted(each for each in everything if after < each[0] <= until)


def _everything(
    schedule: Schedule,
    calendar: SchoolCalendar,
    policy: CalendarPolicy,
    after: datetime,
    until: datetime,
) -> Iterator[Told]:
    zone = ZoneInfo(schedule.timezone)
    landed: dict[datetime, list[datetime]] = {}
    open_day = lru_cache(maxsize=None)(partial(_open_day, calendar, policy))
    margin = (REACH + 3) * DAY
    unbounded = Schedule(schedule.trigger, schedule.timezone)
    instants = fire_times.iter_after(unbounded, after - margin)
    for planned in takewhile(lambda instant: instant <= until + margin, instants):
        local = planned.astimezone(zone)
        day = open_day(local.date())
        if day == local.date():
            due: datetime | None = planned
        else:
            due = None if day is None else _instant(datetime.combine(day, local.time()), zone)
        if due is not None:
            landed.setdefault(due, []).append(planned)
        elif _is_within(schedule, planned):
            yield planned, planned, False
    for due, group in landed.items():
        nearest = min(group, key=lambda planned: (abs(planned - due), planned))
        for planned in group:
            fires = planned == nearest and _is_within(schedule, due)
            if fires or _is_within(schedule, planned):
                yield due, planned, fires


def _open_day(calendar: SchoolCalendar, policy: CalendarPolicy, planned_on: date) -> date | None:
    reach = 0 if policy is CalendarPolicy.SKIP else REACH
    step = DAY if policy is CalendarPolicy.NEXT_OPEN_DAY else -DAY
    days = (planned_on + number * step for number in range(reach + 1))
    return next((day for day in days if is_open(calendar, day)), None)


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first of two, and for a wall time that clocks skip the first that exists after it."""
    while True:
        instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
        if instant.astimezone(zone).replace(tzinfo=None) == wall:
            return instant
        wall += timedelta(minutes=1)


def _is_within(schedule: Schedule, instant: datetime) -> bool:
    return (schedule.starts_at is None or schedule.starts_at <= instant) and (
        schedule.ends_at is None or instant <= schedule.ends_at
    )
