"""A cron line as a value: validated strictly, then asked for the wall-clock minutes it matches.

Zones are not its business: `core.scheduling.zone_rules` turns wall time into instants. Wall time is
counted in seconds from 1970-01-01T00:00 on the wall, whatever the zone. The dialect is croniter's
(see `core.scheduling.cron_fields`); croniter itself is what the tests compare with.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from string import ascii_lowercase, ascii_uppercase
from typing import Final, NoReturn

from croniter import CroniterError, croniter

from core.errors import InvalidValueError, Param
from core.scheduling.cron_days import DayRule, longest_month, lowest, month_shape
from core.scheduling.cron_fields import (
    HOUR,
    MINUTE,
    MONTH,
    MONTH_DAY,
    month_day_field,
    plain_field,
    weekday_field,
)
from core.scheduling.half_width import half_width

MAX_LENGTH: Final = 256
ALIASES: Final = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
}

DAY_SECONDS: Final = 86_400
_UPPER: Final = str.maketrans(ascii_lowercase, ascii_uppercase)
_EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()
# 29 February on a given weekday, the rarest day there is, comes at least every 40 years.
_MONTHS_AHEAD: Final = 41 * 12
_LAST_YEAR: Final = 9998


@dataclass(frozen=True, slots=True)
class CronExpression:
    """What a valid line means; the fields are sets of small numbers, held as bits."""

    text: str
    """The line in ASCII, upper case, with single spaces (an alias stays an alias)."""
    minutes: int
    hours: int
    months: int
    days: DayRule

    @property
    def is_frequent(self) -> bool:
        """Whether every hour matches, which decides what clock changes do to it."""
        return self.hours == HOUR.everything

    def first_from(self, wall: int) -> int | None:
        """The first match at or after `wall`; `None` only where the calendar of Python ends."""
        day_number, second = divmod(wall, DAY_SECONDS)
        day = date.fromordinal(day_number + _EPOCH_ORDINAL)
        if self._chooses(day):
            minute = self._minute_from(-(-second // 60))
            if minute is not None:
                return day_number * DAY_SECONDS + minute * 60
        following = self._day_after(day)
        if following is None:
            return None
        first_minute = lowest(self.hours) * 60 + lowest(self.minutes)
        return (following.toordinal() - _EPOCH_ORDINAL) * DAY_SECONDS + first_minute * 60

    def count(self, start: int, end: int) -> int:
        """How many matches there are from `start` on and before `end`, without visiting each."""
        if end <= start:
            return 0
        first_number, first_second = divmod(start, DAY_SECONDS)
        last_number, last_second = divmod(end, DAY_SECONDS)
        first = date.fromordinal(first_number + _EPOCH_ORDINAL)
        last = date.fromordinal(last_number + _EPOCH_ORDINAL)
        total = self._days_between(first, last) * self.hours.bit_count() * self.minutes.bit_count()
        if self._chooses(last):
            total += self._minutes_before(-(-last_second // 60))
        if self._chooses(first):
            total -= self._minutes_before(-(-first_second // 60))
        return total

    def days_in(self, year: int, month: int) -> int:
        """The matching days of one month, as bits."""
        return self.days.in_month(*month_shape(year, month)) if self.months >> month & 1 else 0

    def _chooses(self, day: date) -> bool:
        return bool(self.days_in(day.year, day.month) >> day.day & 1)

    def _minute_from(self, minute_of_day: int) -> int | None:
        hour, minute = divmod(minute_of_day, 60)
        if self.hours >> hour & 1 and (rest := self.minutes >> minute):
            return minute_of_day + lowest(rest)
        if later := self.hours >> (hour + 1):
            return (hour + 1 + lowest(later)) * 60 + lowest(self.minutes)
        return None

    def _minutes_before(self, minute_of_day: int) -> int:
        hour, minute = divmod(minute_of_day, 60)
        full_hours = (self.hours & ((1 << hour) - 1)).bit_count()
        in_this_hour = self.minutes & ((1 << minute) - 1) if self.hours >> hour & 1 else 0
        return full_hours * self.minutes.bit_count() + in_this_hour.bit_count()

    def _day_after(self, day: date) -> date | None:
        year, month, number = day.year, day.month, day.day
        for _ in range(_MONTHS_AHEAD):
            if rest := self.days_in(year, month) >> (number + 1):
                return date(year, month, number + 1 + lowest(rest))
            year, month, number = year + month // 12, month % 12 + 1, 0
            if year > _LAST_YEAR:
                break
        return None

    def _days_between(self, first: date, last: date) -> int:
        """Matching days from `first` on and before `last`."""
        year, month = first.year, first.month
        total = self._days_of_month_before(last) - self._days_of_month_before(first)
        while (year, month) < (last.year, last.month):
            total += self.days_in(year, month).bit_count()
            year, month = year + month // 12, month % 12 + 1
        return total

    def _days_of_month_before(self, day: date) -> int:
        return (self.days_in(day.year, day.month) & ((1 << day.day) - 1)).bit_count()


@lru_cache(maxsize=2048)
def parse(expression: str) -> CronExpression:
    """The meaning of a cron line, which may be typed on a Chinese keyboard.

    Ranges may run across the end (`FRI-MON`, `22-2`). Of the two day fields a restricted one is one
    without `*`; where both are restricted, either matches, also with `L`, `#` and `W`.

    Raises:
        InvalidValueError: of the field `cron_expression` with a code `cron.*`, and nothing else.
    """
    if len(expression) > MAX_LENGTH:
        _refuse("cron.too_long", length=len(expression), high=MAX_LENGTH)
    line = half_width(expression)
    if line.startswith("@"):
        text = line.lower()
        if text not in ALIASES:
            _refuse("cron.unknown_alias", value=line, choices=list(ALIASES))
        return _read(text, ALIASES[text])
    text = line.translate(_UPPER)
    return _read(text, text)


def _read(text: str, line: str) -> CronExpression:
    fields = line.split(" ") if line else []
    if len(fields) != 5:
        _refuse("cron.field_count", value=text, count=len(fields))
    minute, hour, month_day, month, weekday = fields
    minutes, hours = plain_field(MINUTE, minute), plain_field(HOUR, hour)
    month_days, last_day, nearest_to = month_day_field(month_day)
    months = plain_field(MONTH, month)
    weekdays, occurrences = weekday_field(weekday)
    days = DayRule(
        restricts_month_day="*" not in month_day.split(","),
        month_days=month_days,
        last_day=last_day,
        nearest_to=nearest_to,
        restricts_weekday="*" not in weekday.split(","),
        weekdays=weekdays,
        occurrences=occurrences,
    )
    if not days.can_fire(months):
        _refuse(
            "cron.never_fires",
            part=MONTH_DAY.code,
            value=month_day,
            months=month,
            low=1,
            high=longest_month(months),
        )
    _check_with_croniter(text, line)
    return CronExpression(text, minutes, hours, months, days)


def _check_with_croniter(text: str, line: str) -> None:
    """The dialect is croniter's, less what it reads in surprising ways: it has the last word."""
    try:
        croniter.expand(line)
    except (CroniterError, ValueError, KeyError, IndexError):
        _refuse("cron.not_standard", value=text)


def _refuse(code: str, **params: Param) -> NoReturn:
    raise InvalidValueError(code, field="cron_expression", **params)
