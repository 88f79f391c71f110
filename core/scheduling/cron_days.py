"""Which days of a month the two day fields of a cron line choose; knows neither text nor times.

Sets of small numbers are held as the bits of an int: bit 5 set means that 5 belongs to the set.
Weekdays count as cron counts them, Sunday being 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

LAST: Final = 6
"""The number that stands for "the last" in an occurrence, after the first to the fifth."""

WHOLE_WEEK: Final = (1 << 7) - 1
WHOLE_MONTH: Final = (2 << 31) - 2

_EVERY_SEVENTH_BIT: Final = sum(1 << day for day in range(0, 35, 7))
_LONGEST: Final = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class DayRule:
    """The day-of-month and the day-of-week field together.

    A field is restricted unless it contains `*`. Where both are, a day that either chooses counts.
    """

    restricts_month_day: bool
    month_days: int
    last_day: bool
    nearest_to: int
    """Day whose nearest Monday-to-Friday day is meant (`15W`); 0 for none."""
    restricts_weekday: bool
    weekdays: int
    occurrences: tuple[tuple[int, int], ...]
    """(number, weekday) such as the third Friday: (3, 5); `LAST` is a number as well."""

    def can_fire(self, months: int) -> bool:
        """Whether any month of `months` ever holds a chosen day.

        Only month days can miss: every weekday comes five times in some February.
        """
        if self.restricts_weekday or self.last_day or self.nearest_to:
            return True
        return bool(self.month_days & days_up_to(longest_month(months)))

    def in_month(self, first_weekday: int, length: int) -> int:
        """The chosen days of a month that begins on `first_weekday` and has `length` days."""
        inside = days_up_to(length)
        if not (self.restricts_month_day or self.restricts_weekday):
            return inside
        chosen = 0
        if self.restricts_month_day:
            chosen |= self.month_days
            if self.last_day:
                chosen |= 1 << length
            if self.nearest_to:
                chosen |= 1 << _nearest_weekday(self.nearest_to, first_weekday, length)
        if self.restricts_weekday:
            week = self.weekdays >> first_weekday | self.weekdays << (7 - first_weekday)
            chosen |= (week & WHOLE_WEEK) * _EVERY_SEVENTH_BIT << 1
            for number, weekday in self.occurrences:
                chosen |= 1 << _occurrence(number, weekday, first_weekday, length)
        return chosen & inside


@lru_cache(maxsize=4096)
def month_shape(year: int, month: int) -> tuple[int, int]:
    """The weekday of the first of the month, and its number of days."""
    first = date(year, month, 1)
    following = date(year + month // 12, month % 12 + 1, 1)
    return first.isoweekday() % 7, (following - first).days


def longest_month(months: int) -> int:
    """The most days that any month of `months` ever has."""
    return max(_LONGEST[month] for month in members(months))


def days_up_to(last: int) -> int:
    """The set of the days 1 to `last`."""
    return (2 << last) - 2


def lowest(bits: int) -> int:
    """The smallest member of a set that has one."""
    return (bits & -bits).bit_length() - 1


def members(bits: int) -> list[int]:
    """The members of a set, ascending."""
    found = []
    while bits:
        found.append(lowest(bits))
        bits &= bits - 1
    return found


def _nearest_weekday(day: int, first_weekday: int, length: int) -> int:
    """The Monday-to-Friday day nearest to `day`, never outside the month."""
    day = min(day, length)
    match (first_weekday + day - 1) % 7:
        case 6:
            return day - 1 if day > 1 else day + 2
        case 0:
            return day + 1 if day < length else day - 2
        case _:
            return day


def _occurrence(number: int, weekday: int, first_weekday: int, length: int) -> int:
    """The day of the `number`-th `weekday`; past the end of the month if there are fewer."""
    first = 1 + (weekday - first_weekday) % 7
    if number == LAST:
        return first + (length - first) // 7 * 7
    return first + (number - 1) * 7
