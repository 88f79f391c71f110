"""The minute and hour fields of a cron line in words; knows nothing about days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.language import _
from core.scheduling.word_lists import listed, ranges, single_row

# So many times are named one by one even where a rhythm could be said, and where none can.
_FEW = 4
_MANY = 12


class ClockKind(StrEnum):
    """How the phrase joins with the days."""

    TIMES = "times"
    ROUND_THE_CLOCK = "round_the_clock"
    PART_OF_DAY = "part_of_day"


@dataclass(frozen=True, slots=True)
class ClockWords:
    """A phrase, or for `TIMES` the bare times."""

    kind: ClockKind
    text: str


def clock_words(minutes: Sequence[int], hours: Sequence[int], *, every_day: bool) -> ClockWords:
    """When in the day; only on every day may a range of hours run across midnight."""
    if len(hours) == 24:
        return ClockWords(ClockKind.ROUND_THE_CLOCK, _every_hour(minutes))
    times = len(minutes) * len(hours)
    if times > 2 and len(minutes) == 1 and (step := _rhythm(hours, 24)):
        return ClockWords(ClockKind.ROUND_THE_CLOCK, _every_few_hours(step, hours[0], minutes[0]))
    row = single_row(hours, 24)
    if row and times > _FEW and (row[0] <= row[1] or every_day):
        in_a_row = _hours_in_a_row(minutes, *row)
        if in_a_row:
            return ClockWords(ClockKind.PART_OF_DAY, in_a_row)
    if times <= _MANY:
        named = [clock_time(hour, minute) for hour in hours for minute in minutes]
        return ClockWords(ClockKind.TIMES, listed(named))
    return ClockWords(ClockKind.PART_OF_DAY, _scattered_hours(minutes, hours))


def clock_time(hour: int, minute: int) -> str:
    """A time of day as 24-hour digits."""
    return f"{hour:02}:{minute:02}"


def _every_hour(minutes: Sequence[int]) -> str:
    if len(minutes) == 1:
        if minutes[0] == 0:
            return _("every hour on the hour")
        return _("at minute {minute} of every hour").format(minute=minutes[0])
    step = _rhythm(minutes, 60)
    if step == 1:
        return _("every minute")
    if step and minutes[0] == 0:
        return _("every {count} minutes").format(count=step)
    if step and len(minutes) > _FEW:
        return _("every {count} minutes from minute {first} of every hour").format(
            count=step, first=minutes[0]
        )
    return _("at minutes {minutes} of every hour").format(minutes=ranges(minutes))


def _every_few_hours(step: int, hour: int, minute: int) -> str:
    if hour == minute == 0:
        return _("every {count} hours on the hour").format(count=step)
    return _("every {count} hours from {time}").format(count=step, time=clock_time(hour, minute))


def _hours_in_a_row(minutes: Sequence[int], first_hour: int, last_hour: int) -> str:
    """The phrase with the first and the last time; nothing for uneven minutes of a single hour."""
    first, last = clock_time(first_hour, minutes[0]), clock_time(last_hour, minutes[-1])
    if len(minutes) == 1:
        return _("every hour from {first} to {last}").format(first=first, last=last)
    one_hour = first_hour == last_hour
    step = _even_step(minutes) if one_hour else _rhythm(minutes, 60)
    if step == 1:
        return _("every minute from {first} to {last}").format(first=first, last=last)
    if step:
        return _("every {count} minutes from {first} to {last}").format(
            count=step, first=first, last=last
        )
    if one_hour:
        return ""
    return _("at minutes {minutes} of every hour from {first} to {last}").format(
        minutes=ranges(minutes), first=first, last=last
    )


def _scattered_hours(minutes: Sequence[int], hours: Sequence[int]) -> str:
    if len(minutes) == 1:
        return _("at minute {minute} of the hours {hours}").format(
            minute=minutes[0], hours=ranges(hours)
        )
    step = _rhythm(minutes, 60)
    if step == 1:
        return _("every minute of the hours {hours}").format(hours=ranges(hours))
    if step and minutes[0] == 0:
        return _("every {count} minutes of the hours {hours}").format(
            count=step, hours=ranges(hours)
        )
    return _("at minutes {minutes} of the hours {hours}").format(
        minutes=ranges(minutes), hours=ranges(hours)
    )


def _rhythm(values: Sequence[int], size: int) -> int | None:
    """The step, if `values` go round a circle of `size` at one distance."""
    step = size // len(values)
    fills = step * len(values) == size and values[0] < step
    return step if fills and list(values) == list(range(values[0], size, step)) else None


def _even_step(values: Sequence[int]) -> int | None:
    """The step, if `values` lie at one distance from each other."""
    step = values[1] - values[0]
    return step if list(values) == list(range(values[0], values[-1] + 1, step)) else None
