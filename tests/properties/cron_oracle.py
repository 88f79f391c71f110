"""Cron fire times by brute force, from the rule alone: every minute is asked, nothing is clever.

Shares no code with `core` and none with croniter. A field is not expanded into a set: each value is
held against each item of the text. Zones are only asked for the wall clock of one instant.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Minutes = NDArray[np.int64]
Flags = NDArray[np.bool_]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 1440
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]


@dataclass(frozen=True)
class WallClock:
    """What the wall clock of a zone shows at each minute of a stretch of time."""

    instants: Minutes
    """Minutes since 1970, UTC."""
    walls: Minutes
    """The wall clock at each of them, as minutes since 1970-01-01T00:00 on the wall."""


def wall_clock(zone_name: str, start: datetime, days: int) -> WallClock:
    """Ask the zone for every minute of `days` days from `start` (a UTC midnight)."""
    zone = ZoneInfo(zone_name)
    first = (start - _EPOCH) // timedelta(minutes=1)
    instants = np.arange(first, first + days * _DAY, dtype=np.int64)
    walls = np.empty_like(instants)
    moment, minute = start, timedelta(minutes=1)
    for index in range(len(instants)):
        offset = moment.astimezone(zone).utcoffset()
        assert offset is not None
        walls[index] = instants[index] + offset // minute
        moment += minute
    return WallClock(instants, walls)


def fire_minutes(expression: str, clock: WallClock) -> Minutes:
    """The minutes (UTC, since 1970) at which `expression` fires."""
    minute, hour, month_day, month, weekday = expression.upper().split()
    minutes = np.array([_in_field(value, minute, 0, 59) for value in range(60)])
    hours = np.array([_in_field(value, hour, 0, 23) for value in range(24)])
    first_day = int(clock.walls.min()) // _DAY
    last_day = int(clock.walls.max()) // _DAY
    days = np.array(
        [
            _in_day_fields(date(1970, 1, 1) + timedelta(days=number), month_day, month, weekday)
            for number in range(first_day, last_day + 1)
        ]
    )

    def matches(walls: Minutes) -> Flags:
        of_day = walls % _DAY
        found: Flags = hours[of_day // 60] & minutes[of_day % 60] & days[walls // _DAY - first_day]
        return found

    fires = matches(clock.walls)
    if not hours.all():
        fires = _fixed(fires, clock.walls, matches)
    return clock.instants[fires]


def _fixed(fires: Flags, walls: Minutes, matches: Callable[[Minutes], Flags]) -> Flags:
    """Once per wall time: not again in a fold, and made up for after a gap of up to three hours."""
    before = np.concatenate(([walls[0] - 1], np.maximum.accumulate(walls)[:-1]))
    fires = fires & (walls > before)
    for index in np.flatnonzero(walls > before + 1):
        skipped = np.arange(before[index] + 1, walls[index])
        if len(skipped) <= 180 and matches(skipped).any():
            fires[index] = True
    return fires


def _in_day_fields(day: date, month_day: str, month: str, weekday: str) -> bool:
    if not _in_field(day.month, month, 1, 12, _MONTHS):
        return False
    by_number, by_weekday = _in_month_day(day, month_day), _in_weekday(day, weekday)
    if "*" in month_day.split(","):
        return by_weekday
    if "*" in weekday.split(","):
        return by_number
    return by_number or by_weekday


def _in_month_day(day: date, text: str) -> bool:
    last = (date(day.year + day.month // 12, day.month % 12 + 1, 1) - timedelta(days=1)).day
    for item in text.split(","):
        if item == "L":
            found = day.day == last
        elif "W" in item:
            found = day == _nearest_working_day(day, min(int(item.strip("W")), last), last)
        else:
            found = _in_item(day.day, item.replace("-L", "-31"), 1, 31)
        if found:
            return True
    return False


def _nearest_working_day(month: date, number: int, last: int) -> date:
    """Of the working days of the month the nearest; a Saturday leans back, a Sunday on."""
    meant = month.replace(day=number)
    working = [
        candidate
        for candidate in (month.replace(day=each) for each in range(1, last + 1))
        if candidate.weekday() < 5
    ]
    return min(working, key=lambda candidate: abs((candidate - meant).days))


def _in_weekday(day: date, text: str) -> bool:
    number = day.isoweekday() % 7
    for item in text.split(","):
        if item.startswith("L"):
            last_week = (day + timedelta(days=7)).month != day.month
            found = last_week and int(item[1:]) % 7 == number
        else:
            days, _, nth = item.partition("#")
            found = any(
                _in_item(alias, days, 0, 7, _WEEKDAYS)
                for alias in ((0, 7) if number == 0 else (number,))
            )
            found = found and (not nth or (day.day - 1) // 7 + 1 == int(nth))
        if found:
            return True
    return False


def _in_field(value: int, text: str, low: int, high: int, names: list[str] | None = None) -> bool:
    return any(_in_item(value, item, low, high, names) for item in text.split(","))


def _in_item(value: int, item: str, low: int, high: int, names: list[str] | None = None) -> bool:
    for offset, name in enumerate(names or []):
        item = item.replace(name, str(offset + low))
    body, slash, step = item.partition("/")
    first, dash, last = (str(low), "-", str(high)) if body == "*" else body.partition("-")
    start, end = int(first), int(last) if dash else high if slash else int(first)
    if high == 7 and (body == "*" or (slash and not dash)):
        end = 6  # Sunday is 0 in a week without an end of its own
    if high == 7 and end == 0 < start:
        end = 7
    if high == 7 and start == 7:
        start, end = 0, 6 if slash and not dash else end % 7
    every = int(step) if slash else 1
    if start <= end:
        return start <= value <= end and (value - start) % every == 0
    return value >= start or value <= end
