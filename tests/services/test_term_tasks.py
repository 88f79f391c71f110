"""Tasks that run by the terms and exams of a school's calendar, from creation to the next year."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.contracts.calendars import AddRange, CalendarRecord, CreateCalendar
from core.contracts.commands import UNSET, CreateTask
from core.contracts.planning import ChangedSchedule
from core.contracts.records import TaskRecord
from core.domain.calendar import CalendarPolicy, RangeKind
from core.domain.execution import ExecutionStatus
from core.domain.explanation import Rule, Verdict
from core.domain.task import TaskStatus
from core.domain.term_text import parse
from core.domain.trigger import Schedule, TriggerType
from core.errors import InvalidValueError, RefusedError
from core.scheduling.decider import decide_due
from core.services import calendars, consequences, explain, plans, recycle_bin, tasks
from core.services.actor import Actor
from core.storage.outcomes import Outcome, settle
from core.storage.unit_of_work import Store
from tests.builders import NOW
from tests.databases import add_runner, history, outcomes_of, start
from tests.fakes import FakeClock
from tests.services.commands import edit, hourly, nightly, refusal_of

DAY = timedelta(days=1)
TERM_BEGINS = date(2026, 3, 9)
FIRST_RUN = datetime(2026, 3, 9, 7, tzinfo=UTC)
SECOND_TERM_BEGINS = date(2026, 9, 5)  # a Saturday
SECOND_RUN = datetime(2026, 9, 7, 7, tzinfo=UTC)
S = ExecutionStatus


def termly(calendar: CalendarRecord | None, **changes: Any) -> CreateTask:
    values = {
        "trigger_type": TriggerType.TERM,
        "interval_seconds": None,
        "term_rule": "First-open-day of  term at 7:00",
        "calendar_id": calendar.id if calendar else None,
    }
    return hourly(**({"name": "Termly"} | values | changes))


def add_term(store: Store, admin: Actor, calendar: CalendarRecord, first_on: date) -> None:
    added = AddRange(calendar.id, RangeKind.TERM, "Term", first_on, first_on + 100 * DAY)
    calendars.add_range(store, admin, added)


@pytest.fixture
def empty(store: Store, admin: Actor) -> CalendarRecord:
    """A calendar without a range."""
    return calendars.create_calendar(store, admin, CreateCalendar("Riverside"))


@pytest.fixture
def calendar(store: Store, admin: Actor, empty: CalendarRecord) -> CalendarRecord:
    """A calendar with one term, from next Monday on."""
    add_term(store, admin, empty, TERM_BEGINS)
    return empty


@pytest.fixture
def task(store: Store, admin: Actor, calendar: CalendarRecord) -> TaskRecord:
    """A task of the first open day of each term."""
    return tasks.create_task(store, admin, termly(calendar))


def come(clock: FakeClock, at: datetime) -> None:
    """Let the time be `at`."""
    clock.advance(seconds=(at - clock.now()).total_seconds())


def finish(store: Store, task_id: int) -> None:
    """Run the queued execution of a task to a good end."""
    (waiting,) = (
        each for each in store.read(lambda unit: history(unit, task_id)) if each.status is S.QUEUED
    )
    start(store, waiting.id, add_runner(store, f"runner-{waiting.id}"))
    done = Outcome(S.COMPLETED)
    store.write(lambda unit: settle(unit, waiting.id, done))


def test_that_a_task_runs_on_the_first_open_day_of_the_term(task: TaskRecord) -> None:
    assert task.next_run_at == FIRST_RUN
    assert task.term_rule == "first-open-day of term at 07:00"
    assert task.schedule == Schedule(parse("first-open-day of term at 07:00"), "UTC")


def test_that_a_task_without_a_calendar_is_refused(store: Store, admin: Actor) -> None:
    refused = refusal_of(tasks.create_task, store, admin, termly(None))

    assert isinstance(refused, InvalidValueError)
    assert (refused.code, refused.field) == ("term.calendar_needed", "calendar_id")


def test_that_a_calendar_that_gives_no_day_is_refused(
    store: Store, admin: Actor, clock: FakeClock, empty: CalendarRecord
) -> None:
    assert refusal_of(tasks.create_task, store, admin, termly(empty)).code == "term.no_range"

    add_term(store, admin, empty, TERM_BEGINS)
    clock.advance(days=30)

    assert refusal_of(tasks.create_task, store, admin, termly(empty)).code == "term.over"


def test_that_a_day_that_is_always_closed_is_refused(
    store: Store, admin: Actor, calendar: CalendarRecord
) -> None:
    sundays = termly(calendar, term_rule="sun of week 3 of term at 07:00")

    assert refusal_of(tasks.create_task, store, admin, sundays).code == "schedule.never_open"
    moved = replace(sundays, calendar_policy=CalendarPolicy.NEXT_OPEN_DAY)
    assert tasks.create_task(store, admin, moved).next_run_at == FIRST_RUN + 21 * DAY


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"term_rule": None}, "term_rule"),
        ({"term_rule": "first-open-day of autumn at 07:00"}, "term_rule"),
        ({"cron_expression": "0 2 * * *"}, "cron_expression"),
    ],
)
def test_that_a_refusal_names_the_field(
    store: Store, admin: Actor, calendar: CalendarRecord, changes: dict[str, Any], field: str
) -> None:
    refused = refusal_of(tasks.create_task, store, admin, termly(calendar, **changes))

    assert isinstance(refused, InvalidValueError)
    assert refused.field == field


def test_that_the_calendar_cannot_be_taken_away(
    store: Store, admin: Actor, task: TaskRecord
) -> None:
    with pytest.raises(InvalidValueError) as refusal:
        edit(store, admin, task.id, calendar_id=None)
    with pytest.raises(InvalidValueError) as foreseen:
        consequences.preview_change(store, admin, ChangedSchedule(task.id, UNSET, None))

    assert refusal.value.code == foreseen.value.code == "term.calendar_needed"


def test_that_a_task_changes_to_a_term_rule_and_back(
    store: Store, admin: Actor, calendar: CalendarRecord
) -> None:
    before = tasks.create_task(store, admin, nightly(calendar_id=calendar.id))

    termly_now = edit(
        store,
        admin,
        before.id,
        trigger_type=TriggerType.TERM,
        term_rule="tue of week 2 of term at 07:00",
    )
    again = edit(
        store, admin, before.id, trigger_type=TriggerType.CRON, cron_expression="0 2 * * *"
    )

    assert (termly_now.cron_expression, termly_now.next_run_at) == (None, FIRST_RUN + 8 * DAY)
    assert (again.term_rule, again.next_run_at) == (None, before.next_run_at)


def test_that_the_same_rule_in_other_words_is_no_change(
    store: Store, admin: Actor, task: TaskRecord
) -> None:
    assert edit(store, admin, task.id, term_rule="学期首个开放日 7:00") == task


def test_that_a_preview_shows_the_days_of_the_calendar(
    store: Store, admin: Actor, calendar: CalendarRecord
) -> None:
    schedule = Schedule(parse("fri of week 1 of term at 18:00"), "UTC")

    shown = plans.preview(store, admin, schedule, 5, calendar.id, CalendarPolicy.SKIP)

    assert shown.instants == (datetime(2026, 3, 13, 18, tzinfo=UTC),)
    assert shown.words == "at 18:00 on Friday of week 1 of each term"


def test_that_a_term_that_is_put_off_takes_the_run_with_it(
    store: Store, admin: Actor, calendar: CalendarRecord, task: TaskRecord
) -> None:
    (term,) = calendars.get_calendar(store, admin, calendar.id).ranges
    add_term(store, admin, calendar, TERM_BEGINS + DAY)

    calendars.remove_range(store, admin, calendar.id, term.id)

    assert tasks.get_task(store, admin, task.id).next_run_at == FIRST_RUN + DAY


def test_that_a_task_waits_for_the_next_term_to_be_entered(
    store: Store, admin: Actor, clock: FakeClock, calendar: CalendarRecord, task: TaskRecord
) -> None:
    come(clock, FIRST_RUN)
    decide_due(store)
    finish(store, task.id)

    waiting = tasks.get_task(store, admin, task.id)
    assert (waiting.status, waiting.next_run_at) == (TaskStatus.ACTIVE, None)
    assert waiting.success_runs == 1

    add_term(store, admin, calendar, SECOND_TERM_BEGINS)
    assert tasks.get_task(store, admin, task.id).next_run_at == SECOND_RUN
    come(clock, SECOND_RUN)
    decide_due(store)
    assert outcomes_of(store, task.id) == [(FIRST_RUN, S.COMPLETED), (SECOND_RUN, S.QUEUED)]


def test_that_a_missed_day_leaves_the_task_waiting(
    store: Store, admin: Actor, clock: FakeClock, task: TaskRecord
) -> None:
    come(clock, FIRST_RUN + 60 * DAY)
    decide_due(store)

    assert outcomes_of(store, task.id) == [(FIRST_RUN, S.MISSED)]
    assert tasks.get_task(store, admin, task.id).status is TaskStatus.ACTIVE


def test_that_the_last_allowed_run_completes_the_task(
    store: Store, admin: Actor, clock: FakeClock, calendar: CalendarRecord
) -> None:
    task = tasks.create_task(store, admin, termly(calendar, max_runs=1))
    come(clock, FIRST_RUN)
    decide_due(store)
    finish(store, task.id)

    assert tasks.get_task(store, admin, task.id).status is TaskStatus.COMPLETED


def test_that_a_waiting_task_can_be_paused_resumed_deleted_and_restored(
    store: Store, admin: Actor, clock: FakeClock, task: TaskRecord
) -> None:
    come(clock, FIRST_RUN)
    decide_due(store)
    finish(store, task.id)

    tasks.pause_task(store, admin, task.id)
    resumed = tasks.resume_task(store, admin, task.id)
    tasks.delete_task(store, admin, task.id)
    restored = recycle_bin.restore_task(store, admin, task.id)

    assert (resumed.status, resumed.next_run_at) == (TaskStatus.ACTIVE, None)
    assert (restored.status, restored.next_run_at) == (TaskStatus.ACTIVE, None)


def test_that_a_new_rule_without_a_day_to_come_is_refused(
    store: Store, admin: Actor, clock: FakeClock, task: TaskRecord
) -> None:
    come(clock, FIRST_RUN - DAY)

    with pytest.raises(RefusedError, match=r"task\.never_again"):
        edit(store, admin, task.id, term_rule="1 open day before term at 06:00")


def test_that_why_knows_the_days_of_the_rule(store: Store, admin: Actor, task: TaskRecord) -> None:
    def trigger_says(at: datetime) -> Verdict:
        found = explain.explain_instant(store, admin, task.id, at)
        return next(each.verdict for each in found.results if each.rule is Rule.TRIGGER)

    assert trigger_says(FIRST_RUN) is Verdict.PASSED
    assert trigger_says(FIRST_RUN + DAY) is Verdict.STOPPED
    assert NOW < FIRST_RUN
