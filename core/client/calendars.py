"""The calendar part of the backend over a database: each call is one use case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from core.contracts.calendars import (
    AddRange,
    CalendarImport,
    CalendarRecord,
    CreateCalendar,
    EditCalendar,
    MarkDate,
)
from core.domain.calendar import DayVerdict, RangeKind
from core.services import calendar_imports, calendars
from core.services.actor import Actor
from core.storage.unit_of_work import Store


class LocalCalendars:
    """The calls on calendars of `core.client.local.LocalBackend`, which gives store and actor."""

    _store: Store
    _actor: Actor

    def list_calendars(self) -> tuple[CalendarRecord, ...]:
        return calendars.list_calendars(self._store, self._actor)

    def get_calendar(self, calendar_id: int) -> CalendarRecord:
        return calendars.get_calendar(self._store, self._actor, calendar_id)

    def explain_date(self, calendar_id: int, on: date) -> DayVerdict:
        return calendars.explain_date(self._store, self._actor, calendar_id, on)

    def create_calendar(self, command: CreateCalendar) -> CalendarRecord:
        return calendars.create_calendar(self._store, self._actor, command)

    def edit_calendar(
        self, command: EditCalendar, *, even_without_runs: bool = False
    ) -> CalendarRecord:
        return calendars.edit_calendar(
            self._store, self._actor, command, even_without_runs=even_without_runs
        )

    def delete_calendar(self, calendar_id: int) -> None:
        calendars.delete_calendar(self._store, self._actor, calendar_id)

    def add_range(self, command: AddRange, *, even_without_runs: bool = False) -> CalendarRecord:
        return calendars.add_range(
            self._store, self._actor, command, even_without_runs=even_without_runs
        )

    def remove_range(
        self, calendar_id: int, range_id: int, *, even_without_runs: bool = False
    ) -> CalendarRecord:
        return calendars.remove_range(
            self._store, self._actor, calendar_id, range_id, even_without_runs=even_without_runs
        )

    def mark_date(self, command: MarkDate, *, even_without_runs: bool = False) -> CalendarRecord:
        return calendars.mark_date(
            self._store, self._actor, command, even_without_runs=even_without_runs
        )

    def unmark_date(
        self, calendar_id: int, on: date, *, even_without_runs: bool = False
    ) -> CalendarRecord:
        return calendars.unmark_date(
            self._store, self._actor, calendar_id, on, even_without_runs=even_without_runs
        )

    def import_holidays(
        self,
        calendar_id: int,
        country: str,
        years: Sequence[int],
        *,
        even_without_runs: bool = False,
    ) -> CalendarImport:
        return calendar_imports.import_holidays(
            self._store,
            self._actor,
            calendar_id,
            country,
            years,
            even_without_runs=even_without_runs,
        )

    def import_ics(
        self,
        calendar_id: int,
        file: Path,
        kind: RangeKind = RangeKind.HOLIDAY,
        *,
        even_without_runs: bool = False,
    ) -> CalendarImport:
        return calendar_imports.import_ics(
            self._store,
            self._actor,
            calendar_id,
            file,
            kind,
            even_without_runs=even_without_runs,
        )
