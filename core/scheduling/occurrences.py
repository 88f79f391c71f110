"""Planned instants after the calendar: which fire, which do not, and why; reads no clock.

An occurrence is told by the instant its trigger planned, also when its calendar moves it: to the
same wall time of an open day. It is *due* when it fires; one that does not fire is due when it was
planned, or when it would have fired together with the one that stands for it. Ranges of due
instants exclude their start and include their end, as those of `fire_times`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from core.domain.calendar import CalendarPolicy, SchoolCalendar
from core.domain.trigger import Schedule
from core.scheduling import fire_times
from core.scheduling.calendar_scan import CalendarScan, Occurrence
from core.scheduling.zone_rules import EPOCH, LAST_INSTANT, SECOND

__all__ = [
    "Occurrence",
    "between",
    "count_firing",
    "jittered",
    "latest_occurrences",
    "next_firing",
    "next_occurrence",
    "occurrences",
]

MOST_CLOSED_DAYS: Final = 1000
"""So many closed days with planned instants, and the search for one that fires is given up."""
END_OF_TIME: Final = EPOCH + LAST_INSTANT * SECOND


def occurrences(
    schedule: Schedule,
    calendar: SchoolCalendar | None,
    policy: CalendarPolicy,
    after: datetime,
    until: datetime,
    limit: int,
) -> list[Occurrence]:
    """The first `limit` occurrences that are due in (after, until], by due and planned instant."""
    return list(islice(_iterate(schedule, calendar, policy, after, until), limit))


def between(
    schedule: Schedule,
    calendar: SchoolCalendar | None,
    policy: CalendarPolicy,
    after: datetime,
    until: datetime,
) -> Iterator[Occurrence]:
    """All occurrences that are due in (after, until], by due and planned instant."""
    return _iterate(schedule, calendar, policy, after, until)


def next_occurrence(
    schedule: Schedule, calendar: SchoolCalendar | None, policy: CalendarPolicy, after: datetime
) -> Occurrence | None:
    """The first occurrence that is due after `after`, whether it fires or not."""
    return next(_iterate(schedule, calendar, policy, after, END_OF_TIME), None)


def next_firing(
    schedule: Schedule, calendar: SchoolCalendar | None, policy: CalendarPolicy, after: datetime
) -> Occurrence | None:
    """The first occurrence that fires after `after`, or `None` if the calendar never lets one."""
    if calendar is None:
        return next_occurrence(schedule, calendar, policy, after)
    scan = CalendarScan(schedule, calendar, policy)
    for day in islice(scan.days(after, END_OF_TIME), MOST_CLOSED_DAYS):
        if scan.is_open(day):
            for each in scan.due_on(day, after, END_OF_TIME):
                if each.fires_at is not None:
                    return each
    return None


def latest_occurrences(
    schedule: Schedule,
    calendar: SchoolCalendar | None,
    policy: CalendarPolicy,
    after: datetime,
    until: datetime,
    limit: int,
) -> list[Occurrence]:
    """The newest `limit` occurrences that are due in (after, until], oldest first."""
    span = timedelta(days=1)
    while True:
        begin = max(after, until - span)
        found = list(_iterate(schedule, calendar, policy, begin, until))
        if len(found) >= limit or begin == after:
            return found[max(0, len(found) - limit) :]
        span *= 2


def count_firing(
    schedule: Schedule,
    calendar: SchoolCalendar | None,
    policy: CalendarPolicy,
    after: datetime,
    until: datetime,
) -> int:
    """How many occurrences fire in (after, until]; visits each only where some are moved."""
    if calendar is None:
        return fire_times.count_between(schedule, after, until)
    scan = CalendarScan(schedule, calendar, policy)
    return sum(scan.count_firing_on(day, after, until) for day in scan.days(after, until))


def jittered(task_id: int, planned_at: datetime, jitter_seconds: int) -> datetime:
    """`planned_at` and up to `jitter_seconds` more: always the same for one task and instant."""
    seed = f"{task_id}/{(planned_at - EPOCH) // SECOND}".encode()
    drawn = int.from_bytes(hashlib.sha256(seed).digest()[:8])
    return planned_at + timedelta(seconds=drawn % (jitter_seconds + 1))


def _iterate(
    schedule: Schedule,
    calendar: SchoolCalendar | None,
    policy: CalendarPolicy,
    after: datetime,
    until: datetime,
) -> Iterator[Occurrence]:
    if calendar is None:
        for planned_at in fire_times.iter_after(schedule, after):
            if planned_at > until:
                return
            yield Occurrence(planned_at, planned_at, planned_at)
        return
    scan = CalendarScan(schedule, calendar, policy)
    for day in scan.days(after, until):
        yield from scan.due_on(day, after, until)
