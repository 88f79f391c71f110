"""A school's calendar as a value, and whether a date is open by it; knows no time of day, no zone.

The most specific rule wins, in both directions: an override of one date, else the shortest range
that holds it, else the weekly pattern. A holiday and a closure close their dates; a term and an
exam week only give dates a name and leave them to the weekly pattern.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from core.errors import InvalidValueError, Param

DAY: Final = timedelta(days=1)
WORK_WEEK: Final = frozenset(range(5))
"""Monday to Friday, as `date.weekday` numbers them."""
WEEKDAYS: Final = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
SEARCH_DAYS: Final = 400
"""How far an open day is looked for: longer than any school year."""
MAX_NAME_LENGTH: Final = 200
MAX_RANGE_DAYS: Final = 800
_YEARS: Final = range(1971, 9000)


class RangeKind(StrEnum):
    """What a range of dates is."""

    TERM = "term"
    HOLIDAY = "holiday"
    EXAM = "exam"
    CLOSURE = "closure"

    @property
    def is_closed(self) -> bool:
        """Whether dates of this kind are closed, whatever their weekday."""
        return self in (RangeKind.HOLIDAY, RangeKind.CLOSURE)


class CalendarPolicy(StrEnum):
    """What happens to an instant that is planned for a closed date."""

    SKIP = "skip"
    NEXT_OPEN_DAY = "next_open_day"
    PREVIOUS_OPEN_DAY = "previous_open_day"


@dataclass(frozen=True, slots=True)
class CalendarRange:
    """Dates from `first_on` to `last_on`, both included."""

    kind: RangeKind
    name: str
    first_on: date
    last_on: date

    @property
    def days(self) -> int:
        """How many dates it has."""
        return (self.last_on - self.first_on).days + 1


@dataclass(frozen=True, slots=True)
class Override:
    """One date that is open or closed whatever ranges and weekly pattern say."""

    on: date
    is_open: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class DayVerdict:
    """Whether a date is open, and the sentence that says why."""

    is_open: bool
    code: str
    params: dict[str, Param]


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """A named calendar; of two overrides of one date the last counts."""

    name: str
    open_weekdays: frozenset[int] = WORK_WEEK
    ranges: tuple[CalendarRange, ...] = ()
    overrides: tuple[Override, ...] = ()
    _by_date: dict[date, Override] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_date", {each.on: each for each in self.overrides})

    def override_on(self, on: date) -> Override | None:
        """The override of that date."""
        return self._by_date.get(on)

    def range_on(self, on: date) -> CalendarRange | None:
        """The range that decides on that date: the shortest; of equal ones a closing one."""
        holding = [each for each in self.ranges if each.first_on <= on <= each.last_on]
        return min(holding, key=_by_weight) if holding else None


def verdict(calendar: SchoolCalendar, on: date) -> DayVerdict:
    """Whether `on` is open, and why."""
    params: dict[str, Param] = {"on": on.isoformat(), "calendar": calendar.name}
    if override := calendar.override_on(on):
        return _of_override(override, params)
    holding = calendar.range_on(on)
    if holding is not None and holding.kind.is_closed:
        return DayVerdict(
            is_open=False, code="calendar.closed_by_range", params=params | _range_params(holding)
        )
    opens = on.weekday() in calendar.open_weekdays
    code = "calendar.open_weekday" if opens else "calendar.closed_weekday"
    return DayVerdict(opens, code, params | {"weekday": weekday_code(on.weekday())})


def is_open(calendar: SchoolCalendar, on: date) -> bool:
    """Whether `on` is open."""
    return verdict(calendar, on).is_open


def next_open(calendar: SchoolCalendar, on: date, limit_days: int = SEARCH_DAYS) -> date | None:
    """The first open date after `on`, at most `limit_days` away."""
    return nearest_open(lambda each: is_open(calendar, each), on, DAY, limit_days)


def previous_open(calendar: SchoolCalendar, on: date, limit_days: int = SEARCH_DAYS) -> date | None:
    """The last open date before `on`, at most `limit_days` away."""
    return nearest_open(lambda each: is_open(calendar, each), on, -DAY, limit_days)


def nearest_open(
    opens: Callable[[date], bool], on: date, step: timedelta, limit_days: int = SEARCH_DAYS
) -> date | None:
    """The first date for which `opens` holds, going from `on` in steps of a day."""
    end = date.max if step > timedelta(0) else date.min
    for number in range(1, min(limit_days, abs((end - on).days)) + 1):
        if opens(on + number * step):
            return on + number * step
    return None


def weekday_code(weekday: int) -> str:
    """The code of a weekday's name among the terms of `core.messages`."""
    return f"calendar.weekday.{WEEKDAYS[weekday]}"


def kind_code(kind: RangeKind) -> str:
    """The code of a kind's name among the terms of `core.messages`."""
    return f"calendar.kind.{kind.value}"


def check_name(name: str) -> str:
    """The trimmed name of a calendar or a range.

    Raises:
        InvalidValueError: `calendar.name_length`, empty or longer than `MAX_NAME_LENGTH`.
    """
    trimmed = " ".join(name.split())
    if not 0 < len(trimmed) <= MAX_NAME_LENGTH:
        raise InvalidValueError("calendar.name_length", field="name", high=MAX_NAME_LENGTH)
    return trimmed


def check_weekdays(weekdays: Iterable[int]) -> frozenset[int]:
    """The open weekdays; none at all is allowed, for a calendar of single dates.

    Raises:
        InvalidValueError: `calendar.weekday`, a number that is no weekday.
    """
    chosen = frozenset(weekdays)
    for each in sorted(chosen - set(range(7))):
        raise InvalidValueError(
            "calendar.weekday", field="open_weekdays", value=str(each), choices=list(WEEKDAYS)
        )
    return chosen


def check_date(on: date, field_name: str) -> date:
    """`on` if a calendar can hold it.

    Raises:
        InvalidValueError: `calendar.date_far`, centuries away.
    """
    if on.year not in _YEARS:
        raise InvalidValueError(
            "calendar.date_far",
            field=field_name,
            value=on.isoformat(),
            low=_YEARS[0],
            high=_YEARS[-1],
        )
    return on


def check_range(given: CalendarRange) -> CalendarRange:
    """`given`, with its name trimmed.

    Raises:
        InvalidValueError: a name, a date or a length that cannot be taken.
    """
    check_date(given.first_on, "first_on")
    check_date(given.last_on, "last_on")
    if given.last_on < given.first_on:
        raise InvalidValueError(
            "calendar.range_reversed",
            field="last_on",
            value=given.last_on.isoformat(),
            first_on=given.first_on.isoformat(),
        )
    if given.days > MAX_RANGE_DAYS:
        raise InvalidValueError(
            "calendar.range_long", field="last_on", days=given.days, high=MAX_RANGE_DAYS
        )
    return CalendarRange(given.kind, check_name(given.name), given.first_on, given.last_on)


def _of_override(override: Override, params: dict[str, Param]) -> DayVerdict:
    code = "calendar.opened" if override.is_open else "calendar.closed"
    if not override.name:
        return DayVerdict(override.is_open, f"{code}_unnamed", params)
    return DayVerdict(override.is_open, code, params | {"name": override.name})


def _range_params(given: CalendarRange) -> dict[str, Param]:
    return {
        "kind": kind_code(given.kind),
        "name": given.name,
        "first_on": given.first_on.isoformat(),
        "last_on": given.last_on.isoformat(),
    }


def _by_weight(given: CalendarRange) -> tuple[int, bool, date, str]:
    return given.days, not given.kind.is_closed, given.first_on, given.name
