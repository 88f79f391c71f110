"""Triggers that are told from the ranges of a calendar: values, and the dates they mean.

Dates and wall times only: `core.scheduling` turns them into instants. Weeks run from Monday to
Sunday; week 1 holds the range's first date.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import lru_cache
from typing import Final, assert_never

from core.domain.calendar import (
    DAY,
    CalendarRange,
    RangeKind,
    SchoolCalendar,
    is_open,
    previous_open,
)
from core.errors import InvalidValueError

MAX_WEEK: Final = 60
MAX_OPEN_DAYS: Final = 100


@dataclass(frozen=True, slots=True)
class FirstOpenDay:
    """The first open date of a range."""

    kind: RangeKind = RangeKind.TERM


@dataclass(frozen=True, slots=True)
class WeekdayOfWeek:
    """One weekday (0 = Monday) of one week of a range, if it lies in the range.

    It may be closed: then the calendar policy of the task decides, as for any planned date.
    """

    weekday: int
    week: int
    kind: RangeKind = RangeKind.TERM


@dataclass(frozen=True, slots=True)
class OpenDaysBefore:
    """The open date with `days` - 1 further open dates between it and a range's first date."""

    days: int
    kind: RangeKind = RangeKind.EXAM


TermRule = FirstOpenDay | WeekdayOfWeek | OpenDaysBefore


@dataclass(frozen=True, slots=True)
class TermTrigger:
    """At a wall time of the date that `rule` means in every range of its kind."""

    rule: TermRule
    at: time
    walls: tuple[datetime, ...] = field(default=(), compare=False, repr=False)
    """The wall times it means in the calendar that it was last `told`; none before."""


def told(trigger: TermTrigger, calendar: SchoolCalendar | None) -> TermTrigger:
    """`trigger` with what it means in `calendar`; without one it means nothing."""
    walls = () if calendar is None else wall_times(calendar, trigger)
    return replace(trigger, walls=walls)


def wall_times(calendar: SchoolCalendar, trigger: TermTrigger) -> tuple[datetime, ...]:
    """The naive wall times of `trigger`, rising; ranges without such a date have none."""
    return tuple(datetime.combine(on, trigger.at) for on in dates(calendar, trigger.rule))


# Asked again for every decision and preview; a calendar can hold thousands of ranges.
@lru_cache(maxsize=256)
def dates(calendar: SchoolCalendar, rule: TermRule) -> tuple[date, ...]:
    """The dates of `rule` over all ranges of its kind, rising; each once."""
    found = {
        on
        for each in calendar.ranges
        if each.kind is rule.kind and (on := date_in(calendar, rule, each)) is not None
    }
    return tuple(sorted(found))


def date_in(calendar: SchoolCalendar, rule: TermRule, given: CalendarRange) -> date | None:
    """The date that `rule` means in one range; `None` if there is none."""
    match rule:
        case FirstOpenDay():
            days = (given.first_on + number * DAY for number in range(given.days))
            return next((on for on in days if is_open(calendar, on)), None)
        case WeekdayOfWeek(weekday, week):
            monday = given.first_on - given.first_on.weekday() * DAY
            on = monday + (7 * (week - 1) + weekday) * DAY
            return on if given.first_on <= on <= given.last_on else None
        case OpenDaysBefore(days=count):
            return _open_days_before(calendar, given.first_on, count)
        case _:
            assert_never(rule)


def check_rule(rule: TermRule) -> TermRule:
    """`rule` if it can mean a date.

    Raises:
        InvalidValueError: a number outside its limits, naming the field.
    """
    match rule:
        case FirstOpenDay():
            pass
        case WeekdayOfWeek(weekday, week):
            _check("weekday", weekday, 0, 6)
            _check("week", week, 1, MAX_WEEK)
        case OpenDaysBefore(days):
            _check("days", days, 1, MAX_OPEN_DAYS)
        case _:
            assert_never(rule)
    return rule


def _open_days_before(calendar: SchoolCalendar, first_on: date, count: int) -> date | None:
    on: date | None = first_on
    for _ in range(count):
        on = previous_open(calendar, on) if on is not None else None
    return on


def _check(field: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise InvalidValueError("field.out_of_range", field=field, value=value, low=low, high=high)
