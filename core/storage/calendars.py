"""School calendars: rows in, records and domain values out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select

from core.contracts.calendars import CalendarRecord, OverrideRecord, RangeRecord
from core.domain.calendar import CalendarRange, Override, SchoolCalendar
from core.errors import NotFoundError
from core.storage.rows import (
    CalendarOverrideRow,
    CalendarRangeRow,
    CalendarRow,
    ScheduledTaskRow,
    SchoolRow,
)
from core.storage.unit_of_work import Unit


def insert(unit: Unit, *, name: str, school_id: int | None, open_weekdays: Iterable[int]) -> int:
    """Add an empty calendar; its id."""
    row = CalendarRow(
        name=name,
        school_id=school_id,
        open_weekdays=sorted(open_weekdays),
        created_at=unit.now,
        updated_at=unit.now,
    )
    unit.session.add(row)
    unit.session.flush()
    return row.id


def update(unit: Unit, calendar_id: int, **values: Any) -> None:
    """Change columns; without any, note that ranges or dates changed. Raises `NotFoundError`."""
    row = _locked(unit, calendar_id)
    for name, value in values.items():
        setattr(row, name, value)
    row.updated_at = unit.now


def remove(unit: Unit, calendar_id: int) -> None:
    """Delete a calendar that no task uses, with all it holds."""
    for child in (CalendarRangeRow, CalendarOverrideRow):
        unit.session.execute(delete(child).where(child.calendar_id == calendar_id))
    unit.session.execute(delete(CalendarRow).where(CalendarRow.id == calendar_id))


def get(unit: Unit, calendar_id: int) -> CalendarRecord:
    """One calendar. Raises `NotFoundError`."""
    found = _records(unit, CalendarRow.id == calendar_id)
    if not found:
        raise absent(calendar_id)
    return found[0]


def lock(unit: Unit, calendar_id: int) -> CalendarRecord:
    """One calendar, held against other writers until this unit ends. Raises `NotFoundError`."""
    _locked(unit, calendar_id)
    return get(unit, calendar_id)


def list_all(unit: Unit) -> tuple[CalendarRecord, ...]:
    """All calendars, by name."""
    return tuple(_records(unit))


def values(unit: Unit, calendar_ids: Iterable[int]) -> dict[int, SchoolCalendar]:
    """The domain values of these calendars, as far as they exist."""
    found = _records(unit, CalendarRow.id.in_(set(calendar_ids)))
    return {each.id: each.calendar for each in found}


def has_name(unit: Unit, name: str, school_id: int | None, *, but: int | None = None) -> bool:
    """Whether another calendar of the same school (or another shared one) has this name."""
    conditions = [CalendarRow.name == name, CalendarRow.school_id.is_not_distinct_from(school_id)]
    if but is not None:
        conditions.append(CalendarRow.id != but)
    return unit.session.scalar(select(CalendarRow.id).where(*conditions).limit(1)) is not None


def users(unit: Unit, calendar_id: int) -> list[tuple[str, int | None]]:
    """Name and school of each task that uses a calendar, those in the recycle bin included."""
    rows = unit.session.execute(
        select(ScheduledTaskRow.name, ScheduledTaskRow.school_id)
        .where(ScheduledTaskRow.calendar_id == calendar_id)
        .order_by(ScheduledTaskRow.id)
    )
    return [(name, school_id) for name, school_id in rows]


def add_ranges(
    unit: Unit, calendar_id: int, ranges: Iterable[CalendarRange], source: str | None
) -> None:
    """Add ranges that a person or an import gave."""
    unit.session.add_all(
        CalendarRangeRow(
            calendar_id=calendar_id,
            kind=each.kind,
            name=each.name,
            first_on=each.first_on,
            last_on=each.last_on,
            source=source,
        )
        for each in ranges
    )


def remove_range(unit: Unit, calendar_id: int, range_id: int) -> None:
    """Delete one range."""
    unit.session.execute(
        delete(CalendarRangeRow).where(
            CalendarRangeRow.calendar_id == calendar_id, CalendarRangeRow.id == range_id
        )
    )


def mark(unit: Unit, calendar_id: int, overrides: Sequence[Override], source: str | None) -> None:
    """Mark dates, in place of what marked them before."""
    unmark(unit, calendar_id, [each.on for each in overrides])
    unit.session.add_all(
        CalendarOverrideRow(
            calendar_id=calendar_id,
            date_on=each.on,
            is_open=each.is_open,
            name=each.name,
            source=source,
        )
        for each in overrides
    )


def unmark(unit: Unit, calendar_id: int, dates: Sequence[date]) -> None:
    """Delete the marks of dates."""
    unit.session.execute(
        delete(CalendarOverrideRow).where(
            CalendarOverrideRow.calendar_id == calendar_id, CalendarOverrideRow.date_on.in_(dates)
        )
    )


def remove_source(unit: Unit, calendar_id: int, source: str) -> None:
    """Delete all ranges of one import."""
    unit.session.execute(
        delete(CalendarRangeRow).where(
            CalendarRangeRow.calendar_id == calendar_id, CalendarRangeRow.source == source
        )
    )


def absent(calendar_id: int) -> NotFoundError:
    """The refusal for a calendar that is not there, or not to be known of."""
    return NotFoundError("calendar.not_found", calendar=str(calendar_id))


def _locked(unit: Unit, calendar_id: int) -> CalendarRow:
    row = unit.session.scalar(
        select(CalendarRow).where(CalendarRow.id == calendar_id).with_for_update()
    )
    if row is None:
        raise absent(calendar_id)
    return row


def _records(unit: Unit, *conditions: ColumnElement[bool]) -> list[CalendarRecord]:
    unit.session.flush()
    tasks = (
        select(ScheduledTaskRow.calendar_id, func.count().label("count"))
        .where(ScheduledTaskRow.deleted_at.is_(None))
        .group_by(ScheduledTaskRow.calendar_id)
        .subquery()
    )
    rows = unit.session.execute(
        select(CalendarRow, SchoolRow.name, func.coalesce(tasks.c.count, 0))
        .outerjoin(SchoolRow, SchoolRow.id == CalendarRow.school_id)
        .outerjoin(tasks, tasks.c.calendar_id == CalendarRow.id)
        .where(*conditions)
        .order_by(CalendarRow.name, CalendarRow.id)
    ).all()
    ids = [row.id for row, _, _ in rows]
    ranges, overrides = _ranges(unit, ids), _overrides(unit, ids)
    return [
        CalendarRecord(
            id=row.id,
            name=row.name,
            school_id=row.school_id,
            school_name=school_name,
            open_weekdays=tuple(row.open_weekdays),
            ranges=tuple(ranges[row.id]),
            overrides=tuple(overrides[row.id]),
            task_count=task_count,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )
        for row, school_name, task_count in rows
    ]


def _ranges(unit: Unit, calendar_ids: Sequence[int]) -> dict[int, list[RangeRecord]]:
    found: defaultdict[int, list[RangeRecord]] = defaultdict(list)
    for row in unit.session.scalars(
        select(CalendarRangeRow)
        .where(CalendarRangeRow.calendar_id.in_(calendar_ids))
        .order_by(CalendarRangeRow.first_on, CalendarRangeRow.id)
    ):
        found[row.calendar_id].append(
            RangeRecord(row.id, row.kind, row.name, row.first_on, row.last_on, row.source)
        )
    return found


def _overrides(unit: Unit, calendar_ids: Sequence[int]) -> dict[int, list[OverrideRecord]]:
    found: defaultdict[int, list[OverrideRecord]] = defaultdict(list)
    for row in unit.session.scalars(
        select(CalendarOverrideRow)
        .where(CalendarOverrideRow.calendar_id.in_(calendar_ids))
        .order_by(CalendarOverrideRow.date_on)
    ):
        found[row.calendar_id].append(
            OverrideRecord(row.date_on, row.is_open, row.name, row.source)
        )
    return found
