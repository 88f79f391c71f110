"""Calendars filled from elsewhere: national holidays, an iCalendar file.

Everything carries its source: an import replaces what the same source gave before, and leaves what
a person or another import marked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from core.contracts.calendars import CalendarImport, CalendarRecord
from core.domain.calendar import DAY, CalendarRange, Override, RangeKind
from core.errors import InvalidValueError
from core.services.actor import Actor
from core.services.calendars import change, check_room, get_calendar
from core.services.icalendar_file import IcsCalendar, Stretch, read_ics
from core.services.national_holidays import FIRST_YEAR, LAST_YEAR, national_days
from core.storage import calendars
from core.storage.unit_of_work import Store, Unit

MOST_BYTES = 1_000_000


def import_holidays(
    store: Store,
    actor: Actor,
    calendar_id: int,
    country: str,
    years: Sequence[int],
    *,
    even_without_runs: bool = False,
) -> CalendarImport:
    """Take in the holidays and make-up workdays of a country.

    Raises:
        InvalidValueError: the country or a year is not known.
    """
    for year in years:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise InvalidValueError(
                "field.out_of_range", field="year", value=year, low=FIRST_YEAR, high=LAST_YEAR
            )
    get_calendar(store, actor, calendar_id)
    found = national_days(country, sorted(set(years)))
    source = f"holidays:{country.strip().upper()}"
    counts: dict[str, int] = {}

    def work(unit: Unit, before: CalendarRecord) -> dict[str, Any]:
        stale = [
            each.on
            for each in before.overrides
            if each.source == source and each.on.year in set(years)
        ]
        counts["kept"] = _mark(unit, before, found.overrides, stale, source)
        return {"source": source, "years": sorted(set(years))}

    record = change(
        store, actor, calendar_id, "holidays_imported", work, even_without_runs=even_without_runs
    )
    kept = counts["kept"]
    return CalendarImport(
        record, len(found.overrides) - kept, kept, unannounced_years=found.unannounced_years
    )


def import_ics(
    store: Store,
    actor: Actor,
    calendar_id: int,
    file: Path,
    kind: RangeKind,
    *,
    even_without_runs: bool = False,
) -> CalendarImport:
    """Take in the events of an iCalendar file as ranges of one kind, workdays as open dates.

    Raises:
        InvalidValueError: the file cannot be read, or holds nothing.
    """
    get_calendar(store, actor, calendar_id)
    found = _read(file, store)
    source = f"ics:{found.name or file.name}"
    ranges = [_range(each, kind) for each in found.stretches if not each.is_workday]
    workdays = list(_workdays(found.stretches))
    counts: dict[str, int] = {}

    def work(unit: Unit, before: CalendarRecord) -> dict[str, Any]:
        check_room(sum(each.source != source for each in before.ranges) + len(ranges))
        calendars.remove_source(unit, before.id, source)
        calendars.add_ranges(unit, before.id, ranges, source)
        stale = [each.on for each in before.overrides if each.source == source]
        counts["kept"] = _mark(unit, before, workdays, stale, source)
        return {"source": source, "kind": kind.value, "ranges": len(ranges)}

    record = change(
        store, actor, calendar_id, "file_imported", work, even_without_runs=even_without_runs
    )
    kept = counts["kept"]
    return CalendarImport(record, len(ranges) + len(workdays) - kept, kept, found.left_out)


def _mark(
    unit: Unit,
    before: CalendarRecord,
    overrides: Sequence[Override],
    stale: Sequence[Any],
    source: str,
) -> int:
    """Mark dates in place of the stale ones; how many a person or another import had marked."""
    others = {each.on for each in before.overrides if each.source != source}
    new = [each for each in overrides if each.on not in others]
    check_room(len(before.overrides) - len(stale) + len(new))
    calendars.unmark(unit, before.id, stale)
    calendars.mark(unit, before.id, new, source)
    return len(overrides) - len(new)


def _read(file: Path, store: Store) -> IcsCalendar:
    try:
        size = file.stat().st_size
        content = file.read_bytes() if size <= MOST_BYTES else b""
    except OSError as error:
        raise InvalidValueError(
            "calendar.file_unreadable", field="file", value=file.name, detail=error.strerror
        ) from None
    if size > MOST_BYTES:
        raise InvalidValueError(
            "calendar.file_too_big",
            field="file",
            value=file.name,
            size=size // 1000,
            limit=MOST_BYTES // 1000,
        )
    try:
        found = read_ics(content, store.now().date())
    except ValueError:
        raise InvalidValueError("calendar.not_icalendar", field="file", value=file.name) from None
    if not found.stretches:
        raise InvalidValueError("calendar.no_events", field="file", value=file.name)
    return found


def _range(stretch: Stretch, kind: RangeKind) -> CalendarRange:
    return CalendarRange(kind, stretch.name, stretch.first_on, stretch.last_on)


def _workdays(stretches: Iterable[Stretch]) -> Iterable[Override]:
    named = {
        stretch.first_on + number * DAY: stretch.name
        for stretch in stretches
        if stretch.is_workday
        for number in range((stretch.last_on - stretch.first_on).days + 1)
    }
    return (Override(on, is_open=True, name=name) for on, name in sorted(named.items()))
