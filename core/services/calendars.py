"""School calendars: list, create, edit, delete, and what they hold.

Shared calendars are seen by everybody and changed by system admins; a school's own are its admin's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Any

from core.contracts.calendars import (
    AddRange,
    CalendarRecord,
    CreateCalendar,
    EditCalendar,
    MarkDate,
)
from core.contracts.commands import UNSET
from core.domain.access import Verb, reaches
from core.domain.calendar import (
    CalendarRange,
    DayVerdict,
    Override,
    check_date,
    check_name,
    check_range,
    check_weekdays,
    verdict,
)
from core.errors import NotFoundError, RefusedError
from core.services.actor import Actor, require
from core.services.task_timing import decide_by_calendar, follow_calendar
from core.storage import calendars, schools
from core.storage.calendars import absent
from core.storage.unit_of_work import Store, Subject, Unit

MOST_ENTRIES = 2000
"""Ranges, and marked dates, of one calendar."""
_SHOWN_TASKS = 5


def list_calendars(store: Store, actor: Actor) -> tuple[CalendarRecord, ...]:
    """Calendars the actor may see, by name."""
    return tuple(each for each in store.read(calendars.list_all) if _sees(actor, each))


def get_calendar(store: Store, actor: Actor, calendar_id: int) -> CalendarRecord:
    """One calendar. Raises `NotFoundError`, also for another school's."""
    return _seen(actor, store.read(lambda unit: calendars.get(unit, calendar_id)))


def explain_date(store: Store, actor: Actor, calendar_id: int, on: date) -> DayVerdict:
    """Whether a date is open, and why."""
    return verdict(get_calendar(store, actor, calendar_id).calendar, on)


def create_calendar(store: Store, actor: Actor, command: CreateCalendar) -> CalendarRecord:
    """A new calendar.

    Raises:
        InvalidValueError: a field cannot be taken.
        RefusedError: `calendar.name_taken`.
    """
    require(actor, Verb.MANAGE_TASKS, command.school_id)
    name, weekdays = check_name(command.name), check_weekdays(command.open_weekdays)

    def work(unit: Unit) -> CalendarRecord:
        if command.school_id is not None:
            schools.name_of(unit, command.school_id)
        _check_name_is_free(unit, name, command.school_id)
        calendar_id = calendars.insert(
            unit, name=name, school_id=command.school_id, open_weekdays=weekdays
        )
        record = calendars.get(unit, calendar_id)
        _note(unit, actor, record, "created", {"after": {"open_weekdays": sorted(weekdays)}})
        return record

    return store.write(work)


def edit_calendar(
    store: Store, actor: Actor, command: EditCalendar, *, even_without_runs: bool = False
) -> CalendarRecord:
    """Change the name or the weekly pattern; errors as `create_calendar`."""

    def work(unit: Unit, before: CalendarRecord) -> dict[str, Any]:
        changes: dict[str, Any] = {}
        if command.name is not UNSET and (name := check_name(command.name)) != before.name:
            _check_name_is_free(unit, name, before.school_id, but=before.id)
            changes["name"] = name
        if command.open_weekdays is not UNSET:
            weekdays = sorted(check_weekdays(command.open_weekdays))
            if tuple(weekdays) != before.open_weekdays:
                changes["open_weekdays"] = weekdays
        if not changes:
            return {}
        calendars.update(unit, before.id, **changes)
        return {"before": {name: getattr(before, name) for name in changes}, "after": changes}

    return change(store, actor, command.id, "edited", work, even_without_runs=even_without_runs)


def delete_calendar(store: Store, actor: Actor, calendar_id: int) -> None:
    """Delete a calendar.

    Raises:
        RefusedError: `calendar.in_use`, naming the tasks; one in the recycle bin counts, since it
            may come back.
    """

    def work(unit: Unit) -> None:
        before = _managed(unit, actor, calendar_id)
        if users := calendars.users(unit, calendar_id):
            seen = [name for name, school in users if reaches(actor.role, actor.school_id, school)]
            rest = ["…"] if len(users) > len(seen[:_SHOWN_TASKS]) else []
            raise RefusedError(
                "calendar.in_use",
                name=before.name,
                count=len(users),
                tasks=seen[:_SHOWN_TASKS] + rest,
            )
        calendars.remove(unit, calendar_id)
        _note(unit, actor, before, "deleted", {})

    store.write(work)


def add_range(
    store: Store, actor: Actor, command: AddRange, *, even_without_runs: bool = False
) -> CalendarRecord:
    """Add a range. Raises `InvalidValueError` for a name or dates that cannot be taken."""
    given = check_range(
        CalendarRange(command.kind, command.name, command.first_on, command.last_on)
    )

    def work(unit: Unit, before: CalendarRecord) -> dict[str, Any]:
        check_room(len(before.ranges) + 1)
        calendars.add_ranges(unit, before.id, [given], source=None)
        return {"after": _plain(given)}

    return change(
        store, actor, command.calendar_id, "range_added", work, even_without_runs=even_without_runs
    )


def remove_range(
    store: Store, actor: Actor, calendar_id: int, range_id: int, *, even_without_runs: bool = False
) -> CalendarRecord:
    """Remove a range. Raises `NotFoundError`."""

    def work(unit: Unit, before: CalendarRecord) -> dict[str, Any]:
        found = next((each for each in before.ranges if each.id == range_id), None)
        if found is None:
            raise NotFoundError("calendar.range_not_found", calendar=before.name, range_id=range_id)
        calendars.remove_range(unit, before.id, range_id)
        return {"before": _plain(found)}

    return change(
        store, actor, calendar_id, "range_removed", work, even_without_runs=even_without_runs
    )


def mark_date(
    store: Store, actor: Actor, command: MarkDate, *, even_without_runs: bool = False
) -> CalendarRecord:
    """Mark a date as open or closed, whatever marked it before."""
    check_date(command.on, "date")
    name = check_name(command.name) if command.name.strip() else ""
    given = Override(command.on, command.is_open, name)

    def work(unit: Unit, before: CalendarRecord) -> dict[str, Any]:
        earlier = before.calendar.override_on(command.on)
        check_room(len(before.overrides) + (earlier is None))
        calendars.mark(unit, before.id, [given], source=None)
        return {"before": _plain(earlier), "after": _plain(given)}

    return change(
        store, actor, command.calendar_id, "date_marked", work, even_without_runs=even_without_runs
    )


def unmark_date(
    store: Store, actor: Actor, calendar_id: int, on: date, *, even_without_runs: bool = False
) -> CalendarRecord:
    """Leave a date to ranges and weekly pattern again. Raises `NotFoundError`."""

    def work(unit: Unit, before: CalendarRecord) -> dict[str, Any]:
        earlier = before.calendar.override_on(on)
        if earlier is None:
            raise NotFoundError(
                "calendar.override_not_found", calendar=before.name, on=on.isoformat()
            )
        calendars.unmark(unit, before.id, [on])
        return {"before": _plain(earlier)}

    return change(
        store, actor, calendar_id, "date_unmarked", work, even_without_runs=even_without_runs
    )


def change(
    store: Store,
    actor: Actor,
    calendar_id: int,
    verb: str,
    work: Callable[[Unit, CalendarRecord], dict[str, Any]],
    *,
    even_without_runs: bool,
) -> CalendarRecord:
    """Change a calendar the actor manages; `work` answers what the audit keeps, or nothing done.

    Raises:
        RefusedError: `calendar.leaves_no_run`, naming tasks that could never run again, unless
            that is wanted (`even_without_runs`).
    """

    def whole(unit: Unit) -> CalendarRecord:
        before = _managed(unit, actor, calendar_id)
        decide_by_calendar(unit, calendar_id)
        detail = work(unit, before)
        if not detail:
            return before
        calendars.update(unit, calendar_id)
        left = follow_calendar(unit, calendar_id)
        if left and not even_without_runs:
            shown = left[:_SHOWN_TASKS] + (["…"] if len(left) > _SHOWN_TASKS else [])
            raise RefusedError("calendar.leaves_no_run", name=before.name, tasks=shown)
        _note(unit, actor, before, verb, detail)
        return calendars.get(unit, calendar_id)

    return store.write(whole)


def check_room(count: int) -> None:
    """Refuse a calendar that would hold more than it may."""
    if count > MOST_ENTRIES:
        raise RefusedError("calendar.full", high=MOST_ENTRIES)


def _managed(unit: Unit, actor: Actor, calendar_id: int) -> CalendarRecord:
    """A calendar the actor may change.

    Raises:
        NotFoundError: it is not there, or another school's.
        ForbiddenError: the actor may see it, but their role lacks the verb.
    """
    record = _seen(actor, calendars.lock(unit, calendar_id))
    require(actor, Verb.MANAGE_TASKS, record.school_id)
    return record


def _seen(actor: Actor, record: CalendarRecord) -> CalendarRecord:
    if not _sees(actor, record):
        raise absent(record.id)
    return record


def _sees(actor: Actor, record: CalendarRecord) -> bool:
    return record.school_id is None or reaches(actor.role, actor.school_id, record.school_id)


def _check_name_is_free(
    unit: Unit, name: str, school_id: int | None, *, but: int | None = None
) -> None:
    if calendars.has_name(unit, name, school_id, but=but):
        raise RefusedError("calendar.name_taken", name=name)


def _note(
    unit: Unit, actor: Actor, record: CalendarRecord, verb: str, detail: dict[str, Any]
) -> None:
    about = {"calendar_id": record.id, "name": record.name}
    unit.note(
        f"calendar.{verb}",
        Subject(school_id=record.school_id),
        actor=actor.name,
        detail=about | detail,
    )


def _plain(value: Any) -> dict[str, Any] | None:
    if value is None:
        return None
    return {
        name: each.isoformat() if isinstance(each, date) else each
        for name, each in asdict(value).items()
    }
