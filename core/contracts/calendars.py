"""School calendars as they cross a boundary: records, commands, and the calls that take them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from core.contracts.commands import UNSET, Maybe
from core.domain.calendar import (
    WORK_WEEK,
    CalendarRange,
    DayVerdict,
    Override,
    RangeKind,
    SchoolCalendar,
)


@dataclass(frozen=True, slots=True)
class RangeRecord:
    """A named range of dates, both ends included."""

    id: int
    kind: RangeKind
    name: str
    first_on: date
    last_on: date
    source: str | None
    """The import that brought it; `None` when a person entered it."""


@dataclass(frozen=True, slots=True)
class OverrideRecord:
    """A date that is marked as open or closed."""

    on: date
    is_open: bool
    name: str
    source: str | None
    """The import that brought it; `None` when a person entered it."""


@dataclass(frozen=True, slots=True)
class CalendarRecord:
    """A calendar whole: it is small, and read as one."""

    id: int
    name: str
    school_id: int | None
    """`None`: shared by all schools."""
    school_name: str | None
    open_weekdays: tuple[int, ...]
    """0 is Monday."""
    ranges: tuple[RangeRecord, ...]
    overrides: tuple[OverrideRecord, ...]
    task_count: int
    created_at: datetime
    updated_at: datetime

    @property
    def calendar(self) -> SchoolCalendar:
        """The value that the rules take."""
        return SchoolCalendar(
            self.name,
            frozenset(self.open_weekdays),
            tuple(
                CalendarRange(each.kind, each.name, each.first_on, each.last_on)
                for each in self.ranges
            ),
            tuple(Override(each.on, each.is_open, each.name) for each in self.overrides),
        )


@dataclass(frozen=True, slots=True)
class CalendarImport:
    """What an import did to a calendar."""

    calendar: CalendarRecord
    added: int
    """Ranges and marked dates that the source gave, those it had given before included."""
    kept: int
    """Dates left as a person, or another import, marked them."""
    left_out: int = 0
    """Events that mean no date, or repeat in a way that is not understood."""
    unannounced_years: tuple[int, ...] = ()
    """Years whose make-up workdays are not known yet: to be imported again."""


@dataclass(frozen=True, slots=True)
class CreateCalendar:
    """A new calendar; without a school it is shared."""

    name: str
    school_id: int | None = None
    open_weekdays: Sequence[int] = tuple(sorted(WORK_WEEK))


@dataclass(frozen=True, slots=True)
class EditCalendar:
    """A change to calendar `id`."""

    id: int
    name: Maybe[str] = UNSET
    open_weekdays: Maybe[Sequence[int]] = UNSET


@dataclass(frozen=True, slots=True)
class AddRange:
    """A new range of a calendar."""

    calendar_id: int
    kind: RangeKind
    name: str
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class MarkDate:
    """One date to be open or closed, in place of what marked it before."""

    calendar_id: int
    on: date
    is_open: bool
    name: str = ""


class CalendarBackend(Protocol):
    """Everything a person can see and do with calendars; a part of the backend.

    A change that would leave a task without any future run is refused, naming the tasks
    (`calendar.leaves_no_run`), unless it is made `even_without_runs`.
    """

    def list_calendars(self) -> tuple[CalendarRecord, ...]:
        """Shared calendars and those of schools the person sees, by name."""
        ...

    def get_calendar(self, calendar_id: int) -> CalendarRecord:
        """One calendar. Raises `NotFoundError`."""
        ...

    def explain_date(self, calendar_id: int, on: date) -> DayVerdict:
        """Whether a date is open, and why."""
        ...

    def create_calendar(self, command: CreateCalendar) -> CalendarRecord:
        """A new calendar; its name is unique in its school, or among the shared ones."""
        ...

    def edit_calendar(
        self, command: EditCalendar, *, even_without_runs: bool = False
    ) -> CalendarRecord:
        """Change the name or the weekly pattern."""
        ...

    def delete_calendar(self, calendar_id: int) -> None:
        """Delete a calendar. Raises `RefusedError` while a task uses it."""
        ...

    def add_range(self, command: AddRange, *, even_without_runs: bool = False) -> CalendarRecord:
        """Add a term, holiday, exam time or closure."""
        ...

    def remove_range(
        self, calendar_id: int, range_id: int, *, even_without_runs: bool = False
    ) -> CalendarRecord:
        """Remove a range."""
        ...

    def mark_date(self, command: MarkDate, *, even_without_runs: bool = False) -> CalendarRecord:
        """Mark a date as open or closed."""
        ...

    def unmark_date(
        self, calendar_id: int, on: date, *, even_without_runs: bool = False
    ) -> CalendarRecord:
        """Leave a date to ranges and weekly pattern again."""
        ...

    def import_holidays(
        self,
        calendar_id: int,
        country: str,
        years: Sequence[int],
        *,
        even_without_runs: bool = False,
    ) -> CalendarImport:
        """Take in national holidays and make-up workdays; again changes nothing."""
        ...

    def import_ics(
        self,
        calendar_id: int,
        file: Path,
        kind: RangeKind = RangeKind.HOLIDAY,
        *,
        even_without_runs: bool = False,
    ) -> CalendarImport:
        """Take in the events of an iCalendar file as ranges of one kind."""
        ...
