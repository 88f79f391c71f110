"""An iCalendar file as named stretches of dates; the only place that knows `icalendar`.

Times of day are let go: a calendar knows dates. Repeating events are written out, but only around
the date that the caller names, and only those that repeat by the day or slower.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from core.domain.calendar import DAY, MAX_NAME_LENGTH, MAX_RANGE_DAYS, check_date
from core.errors import AppError
from core.language import _

BEFORE: Final = timedelta(days=400)
AHEAD: Final = timedelta(days=1100)
MOST_EVENTS: Final = 2000
_SLOW: Final = {"YEARLY", "MONTHLY", "WEEKLY", "DAILY"}
_WORKDAY_MARK: Final = re.compile(r"[(（]班[)）]|^班|班$")
"""How published Chinese calendars mark a make-up workday in its title."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One event: its dates, both ends included."""

    name: str
    first_on: date
    last_on: date
    is_workday: bool


@dataclass(frozen=True, slots=True)
class IcsCalendar:
    """What a file holds."""

    name: str | None
    stretches: tuple[Stretch, ...]
    left_out: int


def read_ics(content: bytes, around: date) -> IcsCalendar:
    """The events of an iCalendar file.

    Raises:
        ValueError: it is none.
    """
    # Here, because hardly any call needs the library.
    from icalendar import Calendar  # noqa: PLC0415 - see above

    calendars: list[Any] = list(Calendar.from_ical(content, multiple=True))
    if not calendars or any(each.name != "VCALENDAR" for each in calendars):
        raise ValueError("no VCALENDAR")
    found: list[Stretch] = []
    left_out = 0
    for event in (event for each in calendars for event in each.walk("VEVENT")):
        try:
            stretches = list(_stretches(event, around))
        except (AppError, ValueError, TypeError, AttributeError, KeyError, OverflowError):
            # Whatever a foreign program wrote: one event that cannot be read is no reason to
            # refuse the others.
            stretches = []
        left_out += not stretches and str(event.get("STATUS", "")).upper() != "CANCELLED"
        found += stretches
    name = str(calendars[0].get("X-WR-CALNAME", "")).strip()
    return IcsCalendar(name or None, tuple(found[:MOST_EVENTS]), left_out)


def _stretches(event: Any, around: date) -> Iterator[Stretch]:
    """All stretches of one event: several, if it repeats."""
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return
    first_on, last_on = _dates(event)
    length = last_on - first_on
    if length >= MAX_RANGE_DAYS * DAY:
        return
    name = " ".join(str(event.get("SUMMARY", "")).split())[:MAX_NAME_LENGTH] or _("event")
    special = str(event.get("X-APPLE-SPECIAL-DAY", "")).upper()
    is_workday = special == "ALTERNATE-WORKDAY" or bool(_WORKDAY_MARK.search(name))
    for begin in _begins(event, first_on, around):
        end = check_date(begin + length, "last_on")
        yield Stretch(name, check_date(begin, "first_on"), end, is_workday)


def _dates(event: Any) -> tuple[date, date]:
    """The first and the last date of an event; its end is one moment, or one day, too late."""
    start = event["DTSTART"].dt
    if "DTEND" in event:
        end = event["DTEND"].dt
    elif "DURATION" in event:
        end = start + event["DURATION"].dt
    else:
        end = start
    last = end - timedelta.resolution if isinstance(end, datetime) else end - DAY
    first_on = _date(start)
    return first_on, max(first_on, _date(last))


def _begins(event: Any, first_on: date, around: date) -> Iterator[date]:
    rule = event.get("RRULE")
    if rule is None:
        yield first_on
        return
    rules = rule if isinstance(rule, list) else [rule]
    excluded = set(_excluded(event))
    for each in rules:
        yield from (on for on in _repeated(each, first_on, around) if on not in excluded)


def _repeated(rule: Any, first_on: date, around: date) -> Iterator[date]:
    from dateutil.rrule import rrulestr  # type: ignore[import-untyped]  # noqa: PLC0415 - no hints

    frequency = {str(each).upper() for each in rule.get("FREQ", [])}
    if not frequency <= _SLOW or any(int(each) < 1 for each in rule.get("INTERVAL", [1])):
        raise ValueError("repeats too often")
    # Only dates count, so an end with a time and a zone becomes the end of its date.
    text = re.sub(r"(UNTIL=\d{8})[^;]*", r"\1T235959", rule.to_ical().decode())
    midnight = datetime.min.time()
    for found in rrulestr(text, dtstart=datetime.combine(first_on, midnight)).between(
        datetime.combine(around - BEFORE, midnight), datetime.combine(around + AHEAD, midnight)
    ):
        yield found.date()


def _excluded(event: Any) -> Iterator[date]:
    given = event.get("EXDATE", [])
    for each in given if isinstance(given, list) else [given]:
        yield from (_date(excluded.dt) for excluded in each.dts)


def _date(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
