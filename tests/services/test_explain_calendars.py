"""“Why?” under a calendar: closed days, moved runs, and calendars that were changed since."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from core.contracts.calendars import CreateCalendar, MarkDate
from core.domain.calendar import CalendarPolicy
from core.domain.explanation import Rule, Verdict
from core.domain.trigger import TriggerType
from core.scheduling.decider import decide_due
from core.services import calendars
from core.services.actor import Actor
from core.services.explain import explain_instant
from core.storage.unit_of_work import Store
from tests.databases import add_task, change_task
from tests.fakes import FakeClock
from tests.services.explaining import check_is_whole, held, line, said

DAY = timedelta(days=1)
SATURDAY = datetime(2026, 3, 7, 10, tzinfo=UTC)
MONDAY = SATURDAY + 2 * DAY


def add_saturdays(store: Store, admin: Actor, policy: CalendarPolicy) -> tuple[int, int]:
    """A task on Saturdays at 10:00, and its calendar, which is closed at weekends."""
    calendar = calendars.create_calendar(store, admin, CreateCalendar("Riverside"))
    task_id = add_task(
        store,
        trigger_type=TriggerType.CRON,
        interval_seconds=None,
        cron_expression="0 10 * * 6",
        next_run_at=SATURDAY,
        calendar_id=calendar.id,
        calendar_policy=policy,
    )
    return task_id, calendar.id


def test_that_a_closed_day_names_the_calendar(store: Store, admin: Actor) -> None:
    task_id, _calendar = add_saturdays(store, admin, CalendarPolicy.SKIP)

    found = explain_instant(store, admin, task_id, SATURDAY)

    check_is_whole(found)
    assert held(found).rule is Rule.CALENDAR
    assert said(found) == "2026-03-07 is closed in “Riverside”: it is a Saturday."


def test_that_a_skipped_day_says_the_same_when_it_has_passed(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    task_id, calendar_id = add_saturdays(store, admin, CalendarPolicy.SKIP)
    clock.advance(days=6)
    decide_due(store)
    calendars.mark_date(store, admin, MarkDate(calendar_id, SATURDAY.date(), is_open=True))

    found = explain_instant(store, admin, task_id, SATURDAY)

    check_is_whole(found)
    assert said(found) == "2026-03-07 is closed in “Riverside”: it is a Saturday."


def test_that_a_moved_run_is_explained_from_both_of_its_times(store: Store, admin: Actor) -> None:
    task_id, _calendar = add_saturdays(store, admin, CalendarPolicy.NEXT_OPEN_DAY)

    planned = explain_instant(store, admin, task_id, SATURDAY)
    moved = explain_instant(store, admin, task_id, MONDAY)

    for found in (planned, moved):
        check_is_whole(found)
    assert said(planned).endswith("moved to the next open day, 2026-03-09.")
    assert line(moved, Rule.CALENDAR) == (Verdict.PASSED, "why.calendar_moved")


def test_that_a_run_that_was_moved_and_decided_is_found_at_both_times(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    task_id, _calendar = add_saturdays(store, admin, CalendarPolicy.NEXT_OPEN_DAY)
    change_task(store, task_id, next_run_at=MONDAY)
    clock.advance(days=7, hours=4, seconds=1)
    decide_due(store)

    planned, moved = (explain_instant(store, admin, task_id, at) for at in (SATURDAY, MONDAY))

    check_is_whole(planned)
    assert planned.execution == moved.execution
    assert planned.execution is not None
    assert planned.execution.planned_at == SATURDAY
    assert line(moved, Rule.LATENESS) == (Verdict.PASSED, "why.on_time")


def test_that_a_later_closure_does_not_contradict_a_run(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    task_id, calendar_id = add_saturdays(store, admin, CalendarPolicy.SKIP)
    change_task(store, task_id, cron_expression="0 10 * * 5,6")
    calendars.mark_date(store, admin, MarkDate(calendar_id, date(2026, 3, 7), is_open=True))
    clock.advance(days=5, hours=4, seconds=1)
    decide_due(store)
    calendars.unmark_date(store, admin, calendar_id, date(2026, 3, 7), even_without_runs=True)

    found = explain_instant(store, admin, task_id, SATURDAY)

    check_is_whole(found)
    assert line(found, Rule.CALENDAR) == (Verdict.PASSED, "why.calendar_changed")
