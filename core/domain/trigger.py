"""When a task runs, as a value: once, at an interval, by a cron line or by the terms, in a window.

Values only: `core.scheduling.fire_times` turns them into instants, `core.scheduling.wording` into
words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from core.domain import term_text
from core.domain.calendar import SchoolCalendar
from core.domain.term import TermTrigger, told
from core.errors import InvalidValueError

MIN_INTERVAL_SECONDS = 1
MAX_INTERVAL_SECONDS = 366 * 24 * 3600


class TriggerType(StrEnum):
    """The three kinds of trigger of the specification, and one told from a calendar's ranges."""

    ONCE = "once"
    INTERVAL = "interval"
    CRON = "cron"
    TERM = "term"


TRIGGER_FIELDS: Final = {
    TriggerType.ONCE: "run_at",
    TriggerType.INTERVAL: "interval_seconds",
    TriggerType.CRON: "cron_expression",
    TriggerType.TERM: "term_rule",
}
"""The field that each kind of trigger needs; the others stay empty."""


@dataclass(frozen=True, slots=True)
class Once:
    """At one instant."""

    run_at: datetime


@dataclass(frozen=True, slots=True)
class Interval:
    """Every `seconds` of elapsed time, counted from `anchor_at`, which nothing ever shifts.

    The first instant is one interval after the anchor.
    """

    seconds: int
    anchor_at: datetime


@dataclass(frozen=True, slots=True)
class Cron:
    """At the wall-clock times that a five-field expression matches, in the schedule's zone."""

    expression: str


Trigger = Once | Interval | Cron | TermTrigger


@dataclass(frozen=True, slots=True)
class Schedule:
    """A trigger, the IANA zone of its wall-clock times and words, and the window it may fire in.

    `starts_at` and `ends_at` are inclusive; `None` leaves that side open.
    """

    trigger: Trigger
    timezone: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def trigger_type(trigger: Trigger) -> TriggerType:
    """Which of the kinds `trigger` is."""
    match trigger:
        case Once():
            return TriggerType.ONCE
        case Interval():
            return TriggerType.INTERVAL
        case Cron():
            return TriggerType.CRON
        case TermTrigger():
            return TriggerType.TERM


def under(schedule: Schedule, calendar: SchoolCalendar | None) -> Schedule:
    """`schedule` as it reads in `calendar`: only a term trigger is told from one."""
    if not isinstance(schedule.trigger, TermTrigger):
        return schedule
    return replace(schedule, trigger=told(schedule.trigger, calendar))


def waits_for_calendar(schedule: Schedule, now: datetime) -> bool:
    """Whether a schedule without a next instant may get one when its calendar is continued."""
    is_over = schedule.ends_at is not None and schedule.ends_at <= now
    return isinstance(schedule.trigger, TermTrigger) and not is_over


def make_trigger(
    kind: TriggerType,
    *,
    run_at: datetime | None,
    interval_seconds: int | None,
    anchor_at: datetime,
    cron_expression: str | None,
    term_rule: str | None = None,
) -> Trigger:
    """The trigger that a task's columns stand for.

    Raises:
        InvalidValueError: `field.required`, the kind's own field is empty; or a term rule that
            cannot be read.
    """
    match kind:
        case TriggerType.ONCE if run_at is not None:
            return Once(run_at)
        case TriggerType.INTERVAL if interval_seconds is not None:
            return Interval(interval_seconds, anchor_at)
        case TriggerType.CRON if cron_expression is not None:
            return Cron(cron_expression)
        case TriggerType.TERM if term_rule is not None:
            return term_text.parse(term_rule)
    raise InvalidValueError("field.required", field=TRIGGER_FIELDS[kind])


def check_interval(seconds: int) -> int:
    """`seconds` if it may stand in an interval trigger.

    Raises:
        InvalidValueError: outside `MIN_INTERVAL_SECONDS` to `MAX_INTERVAL_SECONDS`.
    """
    if not MIN_INTERVAL_SECONDS <= seconds <= MAX_INTERVAL_SECONDS:
        raise InvalidValueError(
            "interval.out_of_range",
            field="interval_seconds",
            value=seconds,
            low=MIN_INTERVAL_SECONDS,
            high=MAX_INTERVAL_SECONDS,
        )
    return seconds
