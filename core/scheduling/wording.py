"""A schedule said in words, in the current language: the sentence under every trigger editor.

Phrases are translated whole, with named placeholders, because a Chinese sentence puts the days
before the time. Nothing here decides when anything runs.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from core.domain.term import TermTrigger
from core.domain.trigger import Cron, Interval, Once, Schedule
from core.language import _
from core.scheduling import cron, fire_times
from core.scheduling.clock_words import ClockKind, clock_words
from core.scheduling.cron import DAY_SECONDS, CronExpression
from core.scheduling.cron_days import members
from core.scheduling.day_words import day_words, is_every_day
from core.scheduling.term_words import term_words
from core.scheduling.zone_rules import EPOCH, SECOND, rules_of

_YEAR_SECONDS = 366 * DAY_SECONDS


def words(schedule: Schedule) -> str:
    """The trigger of `schedule` in words, with the times of its zone.

    Raises:
        InvalidValueError: the cron line or the zone cannot be taken.
    """
    zone = fire_times.zone(schedule.timezone)
    match schedule.trigger:
        case Once(run_at):
            local = run_at.astimezone(zone)
            return _("once on {date} at {time}").format(
                date=local.date().isoformat(), time=_time(local)
            )
        case Interval(seconds, anchor_at):
            if seconds % DAY_SECONDS == 0:
                return _days_words(seconds // DAY_SECONDS, anchor_at, zone)
            return _interval_words(seconds)
        case Cron(expression):
            return _cron_words(cron.parse(expression))
        case TermTrigger():
            return term_words(schedule.trigger)
        case _:
            assert_never(schedule.trigger)


def _cron_words(expression: CronExpression) -> str:
    every_day = is_every_day(expression)
    clock = clock_words(members(expression.minutes), members(expression.hours), every_day=every_day)
    match clock.kind:
        case ClockKind.TIMES if every_day:
            return _("every day at {times}").format(times=clock.text)
        case ClockKind.TIMES:
            return _("at {times} {days}").format(times=clock.text, days=day_words(expression))
        case ClockKind.ROUND_THE_CLOCK if every_day:
            return clock.text
        case ClockKind.ROUND_THE_CLOCK | ClockKind.PART_OF_DAY:
            return _("{clock}, {days}").format(clock=clock.text, days=day_words(expression))
        case _:
            assert_never(clock.kind)


def _interval_words(seconds: int) -> str:
    if seconds % 3600 == 0:
        hours = seconds // 3600
        return _("every hour") if hours == 1 else _("every {count} hours").format(count=hours)
    if seconds % 60 == 0:
        minutes = seconds // 60
        return (
            _("every minute") if minutes == 1 else _("every {count} minutes").format(count=minutes)
        )
    return _("every second") if seconds == 1 else _("every {count} seconds").format(count=seconds)


def _days_words(days: int, anchor_at: datetime, zone: ZoneInfo) -> str:
    """Whole days are elapsed time all the same: the time of day is only kept between changes."""
    time = _time((anchor_at + timedelta(days=days)).astimezone(zone))
    rhythm = (
        _("every day at {times}").format(times=time)
        if days == 1
        else _("every {count} days at {time}").format(count=days, time=time)
    )
    begin = (anchor_at - EPOCH) // SECOND
    if rules_of(zone).changes_between(begin, begin + _YEAR_SECONDS):
        return _("{rhythm} (moves when the clocks change)").format(rhythm=rhythm)
    return rhythm


def _time(local: datetime) -> str:
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
