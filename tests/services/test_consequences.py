"""Consequences: which runs would come, go or move, before a trigger or a calendar is saved."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.contracts.calendars import CreateCalendar
from core.contracts.planning import ChangedSchedule, ChangeKind, RunChange, TaskConsequences
from core.domain.calendar import CalendarPolicy, CalendarRange, Override, RangeKind, SchoolCalendar
from core.domain.plan import Plan
from core.domain.trigger import Cron, Interval, Once, Schedule, TriggerType
from core.errors import InvalidValueError, NotFoundError
from core.scheduling.comparison import MOST_COMPARED, compare
from core.scheduling.planned import iter_firing
from core.services import calendars
from core.services.actor import Actor
from core.services.consequences import HORIZON, preview_calendar, preview_change
from core.storage.unit_of_work import Store
from tests.builders import NOW, ZONE
from tests.databases import add_school, add_task, history
from tests.services.conftest import school_admin, teacher

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
UNTIL = NOW + HORIZON
AT_TWO = Schedule(Cron("0 2 * * *"), ZONE)
AT_THREE = Schedule(Cron("0 3 * * *"), ZONE)
WEEKDAYS = SchoolCalendar("Riverside")
SATURDAY = date(2026, 3, 7)


def add_nightly(store: Store, **changes: Any) -> int:
    """A task at two in the morning in Shanghai."""
    values = {
        "name": "Nightly",
        "trigger_type": TriggerType.CRON,
        "interval_seconds": None,
        "cron_expression": "0 2 * * *",
        "timezone": ZONE,
    }
    return add_task(store, **(values | changes))


def add_under_calendar(store: Store, admin: Actor, **changes: Any) -> tuple[int, int]:
    """A nightly task and its calendar, which is open from Monday to Friday."""
    calendar = calendars.create_calendar(store, admin, CreateCalendar("Riverside"))
    return add_nightly(store, calendar_id=calendar.id, **changes), calendar.id


def counts(found: TaskConsequences) -> tuple[int, int, int]:
    return found.added, found.removed, found.moved


def at_two(on: date) -> datetime:
    """02:00 in Shanghai."""
    return datetime(on.year, on.month, on.day, tzinfo=UTC) - 6 * HOUR


def test_that_nothing_changes_when_nothing_is_changed(store: Store, admin: Actor) -> None:
    task_id = add_nightly(store)

    for command in (ChangedSchedule(task_id), ChangedSchedule(task_id, AT_TWO)):
        found = preview_change(store, admin, command)
        assert (counts(found), found.changes) == ((0, 0, 0), ())
        assert (found.before_count, found.after_count) == (60, 60)
        assert (found.from_at, found.until_at, found.compared_until) == (NOW, UNTIL, UNTIL)
        assert not found.has_no_run


def test_that_another_time_of_the_day_moves_every_run(store: Store, admin: Actor) -> None:
    found = preview_change(store, admin, ChangedSchedule(add_nightly(store), AT_THREE))

    assert counts(found) == (0, 0, 60)
    first = at_two(date(2026, 3, 3))
    assert found.changes[0] == RunChange(ChangeKind.MOVED, first, first + HOUR)


def test_that_a_longer_interval_takes_runs_away(store: Store, admin: Actor) -> None:
    schedule = Schedule(Interval(7200, NOW), "UTC")

    found = preview_change(store, admin, ChangedSchedule(add_task(store), schedule))

    assert counts(found) == (0, 720, 0)
    assert found.changes[0] == RunChange(ChangeKind.REMOVED, NOW + HOUR, None)


def test_that_more_runs_a_day_are_added(store: Store, admin: Actor) -> None:
    schedule = Schedule(Cron("0 2,14 * * *"), ZONE)

    found = preview_change(store, admin, ChangedSchedule(add_nightly(store), schedule))

    assert counts(found) == (60, 0, 0)
    assert (found.before_count, found.after_count) == (60, 120)


def test_that_all_changes_are_counted_and_the_first_are_told(store: Store, admin: Actor) -> None:
    task_id = add_task(store, interval_seconds=600)
    schedule = Schedule(Interval(1200, NOW), "UTC")

    found = preview_change(store, admin, ChangedSchedule(task_id, schedule))

    assert (found.removed, len(found.changes)) == (4320, 2000)


def test_that_too_many_runs_to_compare_are_counted_all_the_same(store: Store, admin: Actor) -> None:
    task_id = add_task(store, interval_seconds=1)
    schedule = Schedule(Interval(2, NOW), "UTC")

    found = preview_change(store, admin, ChangedSchedule(task_id, schedule))

    assert found.before_count == HORIZON // timedelta(seconds=1)
    assert found.after_count * 2 == found.before_count
    assert found.compared_until == NOW + timedelta(seconds=MOST_COMPARED)
    assert counts(found) == (0, MOST_COMPARED // 2, 0)


def test_that_a_schedule_that_cannot_be_saved_is_refused_alike(store: Store, admin: Actor) -> None:
    task_id = add_nightly(store)

    for trigger, code in (
        (Once(NOW - HOUR), "once.in_the_past"),
        (Cron("0 0 30 2 *"), "cron.never_fires"),
    ):
        with pytest.raises(InvalidValueError) as refusal:
            preview_change(store, admin, ChangedSchedule(task_id, Schedule(trigger, ZONE)))
        assert refusal.value.code == code


def test_that_a_calendar_that_a_task_is_given_takes_its_weekends(
    store: Store, admin: Actor
) -> None:
    calendar = calendars.create_calendar(store, admin, CreateCalendar("Riverside"))
    task_id = add_nightly(store)

    skipped = preview_change(store, admin, ChangedSchedule(task_id, calendar_id=calendar.id))
    moved = preview_change(
        store,
        admin,
        ChangedSchedule(
            task_id, calendar_id=calendar.id, calendar_policy=CalendarPolicy.NEXT_OPEN_DAY
        ),
    )

    assert counts(skipped) == (0, 16, 0)
    assert skipped.changes[0].before_at == at_two(SATURDAY)
    # Of a weekend one run is left over on Monday, which has its own.
    assert (moved.after_count, counts(moved)) == (44, (0, 16, 0))


def test_that_a_calendar_taken_away_gives_the_weekends_back(store: Store, admin: Actor) -> None:
    task_id, _calendar = add_under_calendar(store, admin)

    found = preview_change(store, admin, ChangedSchedule(task_id, calendar_id=None))

    assert counts(found) == (16, 0, 0)


def test_that_an_open_saturday_adds_a_run_to_each_task_of_the_calendar(
    store: Store, admin: Actor
) -> None:
    first, calendar_id = add_under_calendar(store, admin)
    second = add_nightly(store, name="Other", calendar_id=calendar_id)
    add_nightly(store, name="Without")
    fair = replace(WEEKDAYS, overrides=(Override(SATURDAY, is_open=True),))

    found = preview_calendar(store, admin, calendar_id, fair)

    assert [each.task_id for each in found] == [first, second]
    for each in found:
        assert each.changes == (RunChange(ChangeKind.ADDED, None, at_two(SATURDAY)),)
        assert (each.before_count, each.after_count) == (44, 45)


def test_that_a_run_moves_when_the_day_it_was_moved_to_closes(store: Store, admin: Actor) -> None:
    _task, calendar_id = add_under_calendar(
        store,
        admin,
        cron_expression="0 2 * * 6",
        calendar_policy=CalendarPolicy.NEXT_OPEN_DAY,
    )
    monday = SATURDAY + 2 * DAY
    closed = replace(WEEKDAYS, overrides=(Override(monday, is_open=False),))

    (found,) = preview_calendar(store, admin, calendar_id, closed)

    assert found.changes == (RunChange(ChangeKind.MOVED, at_two(monday), at_two(monday + DAY)),)


def test_that_a_far_closure_of_a_busy_task_is_seen(store: Store, admin: Actor) -> None:
    """More runs lie before it than are compared one by one: what cannot differ is passed over."""
    _task, calendar_id = add_under_calendar(
        store,
        admin,
        trigger_type=TriggerType.INTERVAL,
        cron_expression=None,
        interval_seconds=60,
    )
    on = date(2026, 4, 22)
    closed = replace(WEEKDAYS, overrides=(Override(on, is_open=False),))

    (found,) = preview_calendar(store, admin, calendar_id, closed)

    assert (found.removed, found.compared_until) == (1440, UNTIL)
    assert found.changes[0].before_at == at_two(on) - 2 * HOUR


def test_that_a_calendar_without_an_open_day_leaves_a_task_without_any_run(
    store: Store, admin: Actor
) -> None:
    _task, calendar_id = add_under_calendar(store, admin)

    (found,) = preview_calendar(store, admin, calendar_id, SchoolCalendar("Shut", frozenset()))

    assert found.has_no_run
    assert (found.after_count, found.removed) == (0, 44)


def test_that_a_preview_saves_nothing(store: Store, admin: Actor) -> None:
    task_id, calendar_id = add_under_calendar(store, admin)
    before = calendars.get_calendar(store, admin, calendar_id)

    preview_change(store, admin, ChangedSchedule(task_id, AT_THREE))
    preview_calendar(store, admin, calendar_id, SchoolCalendar("Shut", frozenset()))

    assert calendars.get_calendar(store, admin, calendar_id) == before
    assert store.read(lambda unit: history(unit, task_id)) == ()


def test_that_only_what_the_actor_sees_is_previewed(store: Store, admin: Actor) -> None:
    own, other = add_school(store, "Own"), add_school(store, "Other")
    _shared, calendar_id = add_under_calendar(store, admin)
    mine = add_nightly(store, calendar_id=calendar_id, school_id=own)
    theirs = add_nightly(store, calendar_id=calendar_id, school_id=other)

    found = preview_calendar(store, teacher(own), calendar_id, WEEKDAYS)

    assert [each.task_id for each in found] == [mine]
    for ask in (
        lambda: preview_change(store, school_admin(own), ChangedSchedule(theirs, AT_TWO)),
        lambda: preview_change(store, admin, ChangedSchedule(mine, calendar_id=99)),
        lambda: preview_calendar(store, admin, 99, WEEKDAYS),
    ):
        with pytest.raises(NotFoundError):
            ask()


HOLIDAYS = CalendarRange(RangeKind.HOLIDAY, "Spring", date(2026, 3, 10), date(2026, 3, 24))
PLANS = [
    Plan(schedule, calendar, policy)
    for schedule in (AT_TWO, Schedule(Cron("30 1,14 * * 1,6"), "Europe/Berlin"))
    for calendar in (None, WEEKDAYS, replace(WEEKDAYS, ranges=(HOLIDAYS,)))
    for policy in CalendarPolicy
]


@pytest.mark.parametrize("before", PLANS)
@pytest.mark.parametrize("changed", PLANS)
def test_that_the_changes_turn_one_list_of_runs_into_the_other(before: Plan, changed: Plan) -> None:
    found = compare(before, changed, NOW, UNTIL)

    had, gets = (_runs(plan) for plan in (before, changed))
    assert (found.before_count, found.after_count) == (len(had), len(gets))
    gone = [each.before_at for each in found.changes if each.before_at]
    new = [each.after_at for each in found.changes if each.after_at]
    assert sorted((set(had) - set(gone)) | set(new)) == gets
    assert set(gone) <= set(had)
    assert set(new) <= set(gets)


def _runs(plan: Plan) -> list[datetime]:
    found: list[datetime] = []
    for at in iter_firing(plan, NOW):
        if at > UNTIL:
            break
        found.append(at)
    return found
