"""Calendars as people use them: who may, what is refused, and what the audit keeps."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.contracts.calendars import (
    AddRange,
    CalendarRecord,
    CreateCalendar,
    EditCalendar,
    MarkDate,
)
from core.contracts.commands import CreateTask
from core.domain.calendar import RangeKind
from core.domain.task import TrainingMode
from core.domain.trigger import TriggerType
from core.errors import AppError, ForbiddenError, NotFoundError, RefusedError
from core.messages import error_sentence, sentence
from core.services import calendar_imports, calendars, tasks
from core.services.actor import Actor
from core.storage.rows import EventRow
from core.storage.unit_of_work import Store
from tests.databases import add_school, add_task, change_task
from tests.fakes import FakeClock
from tests.services.conftest import school_admin, teacher

DAY = timedelta(days=1)
SATURDAY = date(2026, 3, 7)


@pytest.fixture
def shared(store: Store, admin: Actor) -> CalendarRecord:
    return calendars.create_calendar(store, admin, CreateCalendar("Riverside"))


def events(store: Store) -> list[EventRow]:
    return store.read(
        lambda unit: list(
            unit.session.scalars(
                select(EventRow).where(EventRow.kind.like("calendar.%")).order_by(EventRow.id)
            )
        )
    )


def test_that_a_new_calendar_is_open_from_monday_to_friday(shared: CalendarRecord) -> None:
    assert shared.open_weekdays == (0, 1, 2, 3, 4)
    assert (shared.school_id, shared.ranges, shared.overrides) == (None, (), ())


def test_that_every_change_is_in_the_audit_with_old_and_new(
    store: Store, admin: Actor, shared: CalendarRecord
) -> None:
    calendars.edit_calendar(store, admin, EditCalendar(shared.id, name="Hillside"))
    calendars.mark_date(store, admin, MarkDate(shared.id, SATURDAY, is_open=True, name="fair"))
    term = AddRange(shared.id, RangeKind.TERM, "Spring", SATURDAY, SATURDAY + 90 * DAY)
    (made,) = calendars.add_range(store, admin, term).ranges
    calendars.remove_range(store, admin, shared.id, made.id)
    calendars.unmark_date(store, admin, shared.id, SATURDAY)
    calendars.delete_calendar(store, admin, shared.id)

    found = events(store)
    assert [each.kind for each in found] == [
        "calendar.created",
        "calendar.edited",
        "calendar.date_marked",
        "calendar.range_added",
        "calendar.range_removed",
        "calendar.date_unmarked",
        "calendar.deleted",
    ]
    assert {each.actor for each in found} == {"admin"}
    details: list[dict[str, Any]] = [each.detail or {} for each in found]
    assert all(each["calendar_id"] == shared.id for each in details)
    assert (details[1]["before"], details[1]["after"]) == (
        {"name": "Riverside"},
        {"name": "Hillside"},
    )
    assert details[2]["before"] is None
    assert details[2]["after"] == {"on": "2026-03-07", "is_open": True, "name": "fair"}
    assert details[4]["before"]["first_on"] == "2026-03-07"


def test_that_an_edit_that_changes_nothing_leaves_no_trace(
    store: Store, admin: Actor, shared: CalendarRecord, clock: FakeClock
) -> None:
    clock.advance(hours=1)
    same = EditCalendar(shared.id, name=" Riverside ", open_weekdays=[4, 3, 2, 1, 0])

    assert calendars.edit_calendar(store, admin, same) == shared
    assert [each.kind for each in events(store)] == ["calendar.created"]


def test_that_a_marked_date_wins_and_says_why(
    store: Store, admin: Actor, shared: CalendarRecord
) -> None:
    calendars.mark_date(store, admin, MarkDate(shared.id, SATURDAY, is_open=True))

    found = calendars.explain_date(store, admin, shared.id, SATURDAY)

    assert found.is_open
    assert sentence(found.code, found.params) == (
        "2026-03-07 is open in “Riverside”: it is marked as a school day."
    )


def test_that_a_calendar_in_use_is_not_deleted_and_the_tasks_are_named(
    store: Store, admin: Actor, shared: CalendarRecord
) -> None:
    nightly = add_task(store, name="Nightly", calendar_id=shared.id)
    binned = add_task(store, name="In the bin", calendar_id=shared.id)
    change_task(store, binned, deleted_at=store.now())

    with pytest.raises(RefusedError) as caught:
        calendars.delete_calendar(store, admin, shared.id)
    assert error_sentence(caught.value) == (
        "The calendar “Riverside” is used by 2 tasks (Nightly, In the bin): give them another"
        " first."
    )
    assert calendars.get_calendar(store, admin, shared.id).task_count == 1
    change_task(store, nightly, calendar_id=None)
    with pytest.raises(RefusedError, match=r"calendar\.in_use"):
        calendars.delete_calendar(store, admin, shared.id)


def test_that_another_schools_task_is_counted_but_not_named(store: Store) -> None:
    own, other = add_school(store), add_school(store, "Second School")
    head = school_admin(own)
    calendar = calendars.create_calendar(store, head, CreateCalendar("Own", school_id=own))
    add_task(store, name="Mine", calendar_id=calendar.id, school_id=own)
    add_task(store, name="Theirs", calendar_id=calendar.id, school_id=other)

    with pytest.raises(RefusedError) as caught:
        calendars.delete_calendar(store, head, calendar.id)
    assert "used by 2 tasks (Mine, …)" in error_sentence(caught.value)


def test_that_a_name_is_taken_only_in_its_own_school(
    store: Store, admin: Actor, shared: CalendarRecord
) -> None:
    school_id = add_school(store)
    own = calendars.create_calendar(store, admin, CreateCalendar("Riverside", school_id))

    assert own.school_name == "First School"
    with pytest.raises(RefusedError, match=r"calendar\.name_taken"):
        calendars.create_calendar(store, admin, CreateCalendar("Riverside"))
    other = calendars.create_calendar(store, admin, CreateCalendar("Other"))
    with pytest.raises(RefusedError, match=r"calendar\.name_taken"):
        calendars.edit_calendar(store, admin, EditCalendar(other.id, name="Riverside"))


def test_that_people_see_shared_calendars_and_their_schools(store: Store, admin: Actor) -> None:
    own, other = add_school(store), add_school(store, "Second School")
    for name, school_id in (("Shared", None), ("Own", own), ("Theirs", other)):
        calendars.create_calendar(store, admin, CreateCalendar(name, school_id))

    def names(actor: Actor) -> list[str]:
        return [each.name for each in calendars.list_calendars(store, actor)]

    assert names(admin) == ["Own", "Shared", "Theirs"]
    assert names(school_admin(own)) == names(teacher(own)) == ["Own", "Shared"]


def test_that_only_those_who_manage_it_change_a_calendar(store: Store, admin: Actor) -> None:
    own, other = add_school(store), add_school(store, "Second School")
    ids = {
        name: calendars.create_calendar(store, admin, CreateCalendar(name, school_id)).id
        for name, school_id in (("shared", None), ("own", own), ("theirs", other))
    }

    def outcome(actor: Actor, name: str) -> type[AppError] | None:
        try:
            calendars.mark_date(store, actor, MarkDate(ids[name], SATURDAY, is_open=True))
        except AppError as error:
            return type(error)
        return None

    head, viewer = school_admin(own), teacher(own)
    assert [outcome(admin, name) for name in ids] == [None, None, None]
    assert [outcome(head, name) for name in ids] == [ForbiddenError, None, NotFoundError]
    assert [outcome(viewer, name) for name in ids] == [
        ForbiddenError,
        ForbiddenError,
        NotFoundError,
    ]
    with pytest.raises(ForbiddenError):
        calendars.create_calendar(store, head, CreateCalendar("For all"))


@pytest.mark.parametrize(
    "action",
    [
        lambda store, actor: calendars.get_calendar(store, actor, 99),
        lambda store, actor: calendars.delete_calendar(store, actor, 99),
        lambda store, actor: calendars.unmark_date(store, actor, 99, SATURDAY),
        lambda store, actor: calendar_imports.import_holidays(store, actor, 99, "CN", [2026]),
    ],
)
def test_that_a_calendar_that_is_not_there_is_said_by_number(
    store: Store, admin: Actor, action: Any
) -> None:
    with pytest.raises(NotFoundError) as caught:
        action(store, admin)
    assert error_sentence(caught.value) == ("There is no calendar “99”: see the list of calendars.")


def test_that_what_is_not_in_a_calendar_cannot_be_removed(
    store: Store, admin: Actor, shared: CalendarRecord
) -> None:
    with pytest.raises(NotFoundError) as range_refused:
        calendars.remove_range(store, admin, shared.id, 5)
    with pytest.raises(NotFoundError) as date_refused:
        calendars.unmark_date(store, admin, shared.id, SATURDAY)

    assert error_sentence(range_refused.value) == "The calendar “Riverside” has no range 5."
    assert error_sentence(date_refused.value) == "2026-03-07 is not marked in “Riverside”."


def test_that_a_change_that_leaves_a_task_without_runs_is_refused_before_it_is_saved(
    store: Store, admin: Actor
) -> None:
    calendar = calendars.create_calendar(store, admin, CreateCalendar("Term"))
    task = tasks.create_task(
        store,
        admin,
        CreateTask(
            "Weekly",
            TriggerType.CRON,
            TrainingMode.FULL,
            cron_expression="0 2 * * MON",
            calendar_id=calendar.id,
        ),
    )
    only_sundays = EditCalendar(calendar.id, open_weekdays=(6,))
    with pytest.raises(RefusedError) as refusal:
        calendars.edit_calendar(store, admin, only_sundays)
    assert refusal.value.code == "calendar.leaves_no_run"
    assert refusal.value.params["tasks"] == ["Weekly"]
    assert calendars.get_calendar(store, admin, calendar.id).open_weekdays == (0, 1, 2, 3, 4)
    calendars.edit_calendar(store, admin, only_sundays, even_without_runs=True)
    assert tasks.get_task(store, admin, task.id).next_run_at is None
