"""The instants of a schedule: the next, those of a range, how many; reads no clock.

An instant is an aware UTC `datetime` on a whole second. Ranges exclude their start and include
their end, so that successive ranges neither miss nor repeat an instant. A term trigger has the
instants of the calendar that its schedule was put `under`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import assert_never
from zoneinfo import ZoneInfo, available_timezones

from core.domain.calendar import SchoolCalendar, kind_code
from core.domain.term import TermTrigger, told
from core.domain.trigger import Cron, Interval, Once, Schedule, check_interval, under
from core.errors import InvalidValueError
from core.scheduling import cron, zone_rules
from core.scheduling.half_width import half_width
from core.scheduling.zone_rules import EPOCH, FIRST_INSTANT, LAST_INSTANT, SECOND


def next_after(schedule: Schedule, after: datetime) -> datetime | None:
    """The first instant strictly after `after`; `None` if there is none any more."""
    found = _next(schedule, _floor(after))
    return None if found is None else _as_datetime(found)


def iter_after(schedule: Schedule, after: datetime) -> Iterator[datetime]:
    """All instants after `after`, in order; endless for most schedules."""
    found = _next(schedule, _floor(after))
    while found is not None:
        yield _as_datetime(found)
        found = _next(schedule, found)


def count_between(schedule: Schedule, after: datetime, until: datetime) -> int:
    """How many instants lie in (after, until], without visiting each."""
    return _count(schedule, _floor(after), _floor(until))


def latest_between(
    schedule: Schedule, after: datetime, until: datetime, limit: int
) -> list[datetime]:
    """The newest `limit` instants in (after, until], oldest first."""
    begin, end = _floor(after), _floor(until)

    def is_short(start: int) -> bool:
        return _count(schedule, start, end) <= max(0, limit)

    # Counting is cheap and falls as the range gets shorter: search for where the newest begin.
    # Mostly they all are, and a search would take most of the time of a decision.
    skipped = 0 if is_short(begin) else bisect_left(range(begin, end), x=True, key=is_short)
    found: list[datetime] = []
    instant = _next(schedule, begin + skipped) if begin < end else None
    while instant is not None and instant <= end:
        found.append(_as_datetime(instant))
        instant = _next(schedule, instant)
    return found


def check(schedule: Schedule, now: datetime, calendar: SchoolCalendar | None = None) -> None:
    """Refuse a schedule that cannot be meant; a term trigger is asked under `calendar`.

    Raises:
        InvalidValueError: naming the field - a zone, a number, a cron line that cannot be taken, a
            single run that has passed at `now`, a term trigger without a calendar that tells it, a
            window in which nothing could ever run.
    """
    local = zone(schedule.timezone)
    match schedule.trigger:
        case Once(run_at):
            if run_at <= now:
                shown = {
                    name: _shown(value, local) for name, value in (("value", run_at), ("now", now))
                }
                raise InvalidValueError("once.in_the_past", field="run_at", **shown)
        case Interval(seconds):
            check_interval(seconds)
        case Cron(expression):
            cron.parse(expression)
        case TermTrigger() as trigger:
            _check_term(told(trigger, calendar), calendar)
            schedule = under(schedule, calendar)
        case _:
            assert_never(schedule.trigger)
    if schedule.starts_at and schedule.ends_at and schedule.ends_at < schedule.starts_at:
        raise InvalidValueError("window.empty", field="ends_at")
    if _next(schedule, FIRST_INSTANT) is None:
        raise InvalidValueError("window.never", field="ends_at")


def zone(name: str) -> ZoneInfo:
    """The zone of an IANA name.

    Raises:
        InvalidValueError: `time.zone_unknown`, also for names that only this machine understands.
    """
    if name not in _zone_names():
        raise InvalidValueError("time.zone_unknown", field="timezone", value=name)
    return ZoneInfo(name)


def read_time(text: str, timezone: str, field: str) -> datetime:
    """The instant of an ISO 8601 text; without an offset it is a wall time of `timezone`.

    A wall time that clocks skip means the first instant after the gap, a repeated one the first of
    the two; a date alone means the beginning of the day.

    Raises:
        InvalidValueError: `time.unreadable` for `field`, or `time.zone_unknown`.
    """
    local = zone(timezone)
    refusal = InvalidValueError("time.unreadable", field=field, value=text)
    try:
        read = datetime.fromisoformat(half_width(text))
    except ValueError:
        raise refusal from None
    if read.tzinfo is None:
        instant = zone_rules.instant_of(local, _floor(read.replace(tzinfo=UTC)))
    else:
        instant = _floor(read)
    if not FIRST_INSTANT < instant < LAST_INSTANT:
        raise refusal
    return _as_datetime(instant)


def _check_term(trigger: TermTrigger, calendar: SchoolCalendar | None) -> None:
    if calendar is None:
        raise InvalidValueError("term.calendar_needed", field="calendar_id")
    if not trigger.walls:
        raise InvalidValueError(
            "term.no_range",
            field="calendar_id",
            calendar=calendar.name,
            kind=kind_code(trigger.rule.kind),
        )


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    # "localtime" is whatever the machine at hand is set to: another runner would read it otherwise.
    return frozenset(available_timezones() - {"localtime"})


def _next(schedule: Schedule, after: int) -> int | None:
    """The first instant after `after` and inside the window."""
    if schedule.starts_at is not None:
        after = max(after, _ceiling(schedule.starts_at) - 1)
    found = _next_of_trigger(schedule, max(after, FIRST_INSTANT))
    last = LAST_INSTANT if schedule.ends_at is None else _floor(schedule.ends_at)
    return found if found is not None and found <= min(last, LAST_INSTANT) else None


def _next_of_trigger(schedule: Schedule, after: int) -> int | None:
    match schedule.trigger:
        case Once(run_at):
            instant = _floor(run_at)
            return instant if instant > after else None
        case Interval(seconds, anchor_at):
            anchor = _floor(anchor_at)
            return anchor + max(1, (after - anchor) // seconds + 1) * seconds
        case Cron(expression):
            if after >= LAST_INSTANT:
                return None
            return zone_rules.first_after(cron.parse(expression), zone(schedule.timezone), after)
        case TermTrigger(walls=walls):
            instants = _term_instants(walls, schedule.timezone)
            place = bisect_right(instants, after)
            return instants[place] if place < len(instants) else None
        case _:
            assert_never(schedule.trigger)


def _count(schedule: Schedule, after: int, until: int) -> int:
    """How many instants lie in (after, until] and inside the window."""
    if schedule.starts_at is not None:
        after = max(after, _ceiling(schedule.starts_at) - 1)
    if schedule.ends_at is not None:
        until = min(until, _floor(schedule.ends_at))
    after, until = max(after, FIRST_INSTANT), min(until, LAST_INSTANT)
    if until <= after:
        return 0
    match schedule.trigger:
        case Once(run_at):
            return int(after < _floor(run_at) <= until)
        case Interval(seconds, anchor_at):
            anchor = _floor(anchor_at)
            return max(0, (until - anchor) // seconds) - max(0, (after - anchor) // seconds)
        case Cron(expression):
            parsed = cron.parse(expression)
            return zone_rules.count_between(parsed, zone(schedule.timezone), after, until)
        case TermTrigger(walls=walls):
            instants = _term_instants(walls, schedule.timezone)
            return bisect_right(instants, until) - bisect_right(instants, after)
        case _:
            assert_never(schedule.trigger)


@lru_cache(maxsize=256)
def _term_instants(walls: tuple[datetime, ...], timezone: str) -> tuple[int, ...]:
    """What the wall times mean in a zone, rising: the first of two, the end of a gap for none."""
    local = zone(timezone)
    instants = {zone_rules.instant_of(local, _floor(wall.replace(tzinfo=UTC))) for wall in walls}
    return tuple(sorted(instants))


def _shown(instant: datetime, local: ZoneInfo) -> str:
    return instant.astimezone(local).isoformat(timespec="seconds")


def _floor(instant: datetime) -> int:
    return (instant - EPOCH) // SECOND


def _ceiling(instant: datetime) -> int:
    return -((EPOCH - instant) // SECOND)


def _as_datetime(instant: int) -> datetime:
    return EPOCH + timedelta(seconds=instant)
