"""The quiet-hours shield: the weekly times in which training waits, by the wall clock of a zone.

Says when training may start; what already runs is none of its business.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from core.errors import InvalidValueError

DAY_MINUTES: Final = 24 * 60
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
_SECOND: Final = timedelta(seconds=1)
_NO_TIME: Final = timedelta(0)


@dataclass(frozen=True, slots=True)
class QuietTime:
    """On these weekdays (0 = Monday) quiet from minute `begin` of the day up to minute `end`.

    `begin` is within the day; an `end` beyond `DAY_MINUTES` lies on the next day.
    """

    weekdays: tuple[int, ...]
    begin: int
    end: int

    @property
    def is_overnight(self) -> bool:
        """Whether it ends on the next day."""
        return self.end > DAY_MINUTES

    def left_at(self, since_monday: timedelta) -> timedelta:
        """How long it still lasts at that moment of the week; nothing outside of it."""
        length = timedelta(minutes=self.end - self.begin)
        for weekday in self.weekdays:
            since_begin = since_monday - weekday * _DAY - timedelta(minutes=self.begin)
            if (since := since_begin % _WEEK) < length:
                return length - since
        return _NO_TIME


@dataclass(frozen=True, slots=True)
class Timetable:
    """All quiet times of a week, which may overlap; an empty one shields nothing.

    Raises:
        InvalidValueError: `quiet.never_open`, nothing of the week is left.
    """

    times: tuple[QuietTime, ...] = ()

    def __post_init__(self) -> None:
        """A shield that never opens would hold everything back for ever."""
        reached = _NO_TIME
        while left := self.left_at(reached):
            reached += left
            if reached >= _WEEK:
                raise InvalidValueError("quiet.never_open", field="quiet_hours")

    def left_at(self, since_monday: timedelta) -> timedelta:
        """How long the longest of the times at that moment of the week still lasts."""
        return max((each.left_at(since_monday) for each in self.times), default=_NO_TIME)


def is_quiet(timetable: Timetable, zone: tzinfo, now: datetime) -> bool:
    """Whether training waits now: the wall clock alone decides, also where it repeats an hour."""
    return bool(timetable.left_at(_since_monday(now, zone)))


def next_allowed(timetable: Timetable, zone: tzinfo, now: datetime) -> datetime:
    """The first instant from `now` on at which training may start, in UTC."""
    at = now.astimezone(UTC)
    while left := timetable.left_at(_since_monday(at, zone)):
        at = _first_change(zone, at, at + left) or at + left
    return at


def _since_monday(now: datetime, zone: tzinfo) -> timedelta:
    local = now.astimezone(zone)
    return timedelta(
        days=local.weekday(),
        hours=local.hour,
        minutes=local.minute,
        seconds=local.second,
        microseconds=local.microsecond,
    )


def _first_change(zone: tzinfo, after: datetime, until: datetime) -> datetime | None:
    """The instant in (after, until] at which the clock is changed, if it is.

    No zone changes its clock twice within a day, which is as far as a quiet time reaches.
    """
    before = after.astimezone(zone).utcoffset()
    if until.astimezone(zone).utcoffset() == before:
        return None
    low, high = after.replace(microsecond=0), until.replace(microsecond=0) + _SECOND
    while high - low > _SECOND:
        middle = low + (high - low) // 2 // _SECOND * _SECOND
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high
