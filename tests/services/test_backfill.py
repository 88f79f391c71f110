"""Backfill: a dry run tells what a real one then queues, once, in planned order."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.contracts.calendars import CreateCalendar, MarkDate
from core.contracts.planning import BackfillPlan, BackfillRange
from core.domain.backfill import Choice, chosen
from core.domain.calendar import CalendarPolicy
from core.domain.execution import ExecutionKind, ExecutionStatus
from core.domain.trigger import TriggerType
from core.errors import ForbiddenError, InvalidValueError, NotFoundError, RefusedError
from core.scheduling.decider import decide_due
from core.services import calendars, queue, tasks
from core.services.actor import Actor
from core.services.backfill import backfill_task, plan_backfill
from core.storage.outcomes import Outcome, settle
from core.storage.unit_of_work import Store
from tests.builders import NOW
from tests.databases import (
    add_runner,
    add_school,
    add_task,
    change_task,
    history,
    outcomes_of,
    request,
    start,
)
from tests.fakes import FakeClock
from tests.services.conftest import school_admin, teacher

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FRIDAY = datetime(2026, 2, 27, 10, tzinfo=UTC)
SATURDAY, SUNDAY, MONDAY = (FRIDAY + DAY * number for number in (1, 2, 3))


def add_daily(store: Store, **changes: Any) -> int:
    """A task at 10:00 every day, in UTC."""
    values = {
        "name": "Daily",
        "trigger_type": TriggerType.CRON,
        "interval_seconds": None,
        "cron_expression": "0 10 * * *",
    }
    return add_task(store, **(values | changes))


def dry(store: Store, actor: Actor, task_id: int, **changes: Any) -> BackfillPlan:
    """Friday to Sunday, as the dry run shows it."""
    values = {"from_at": FRIDAY, "until_at": SUNDAY} | changes
    return plan_backfill(store, actor, BackfillRange(task_id, **values))


def told(plan: BackfillPlan) -> list[tuple[datetime, str | None]]:
    return [(each.planned_at, each.code) for each in plan.entries]


def end(store: Store, execution_id: int, status: ExecutionStatus) -> None:
    store.write(lambda unit: settle(unit, execution_id, Outcome(status)))


def run(store: Store, execution_id: int, status: ExecutionStatus) -> None:
    start(store, execution_id, add_runner(store, identity=f"runner-{execution_id}"))
    end(store, execution_id, status)


def test_that_a_range_includes_both_of_its_ends(store: Store, admin: Actor) -> None:
    plan = dry(store, admin, add_daily(store))

    assert told(plan) == [(FRIDAY, None), (SATURDAY, None), (SUNDAY, None)]
    assert plan.execution_ids == ()


def test_that_a_dry_run_writes_nothing(store: Store, admin: Actor) -> None:
    task_id = add_daily(store)

    dry(store, admin, task_id)

    assert store.read(lambda unit: history(unit, task_id)) == ()


def test_that_what_is_shown_is_queued_in_planned_order(store: Store, admin: Actor) -> None:
    task_id = add_daily(store)

    plan = backfill_task(store, admin, BackfillRange(task_id, FRIDAY, SUNDAY), "key")

    runs = store.read(lambda unit: history(unit, task_id))[::-1]
    assert [each.id for each in runs] == list(plan.execution_ids)
    assert [each.planned_at for each in runs] == [FRIDAY, SATURDAY, SUNDAY]
    assert {(each.kind, each.status) for each in runs} == {
        (ExecutionKind.BACKFILL, ExecutionStatus.QUEUED)
    }


def test_that_the_same_request_again_is_harmless(store: Store, admin: Actor) -> None:
    task_id = add_daily(store)
    wanted = BackfillRange(task_id, FRIDAY, SUNDAY, Choice.ALL)
    first = backfill_task(store, admin, wanted, "key")
    for execution_id in first.execution_ids:
        run(store, execution_id, ExecutionStatus.COMPLETED)

    assert backfill_task(store, admin, wanted, "key").execution_ids == first.execution_ids
    assert len(store.read(lambda unit: history(unit, task_id))) == 3


def test_that_another_request_leaves_out_what_is_still_queued(store: Store, admin: Actor) -> None:
    task_id = add_daily(store)
    wanted = BackfillRange(task_id, FRIDAY, SUNDAY, Choice.ALL)
    backfill_task(store, admin, wanted, "key")

    again = backfill_task(store, admin, wanted, "key%")

    assert again.execution_ids == ()
    assert {code for _at, code in told(again)} == {"backfill.active"}


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Choice.MISSING, [SUNDAY]),
        (Choice.MISSING_AND_FAILED, [SATURDAY, SUNDAY]),
        (Choice.ALL, [FRIDAY, SATURDAY, SUNDAY]),
    ],
)
def test_that_the_choice_decides_on_what_ran_before(
    store: Store, admin: Actor, choice: Choice, expected: list[datetime]
) -> None:
    task_id = add_daily(store)
    for instant, status in (
        (FRIDAY, ExecutionStatus.COMPLETED),
        (SATURDAY, ExecutionStatus.FAILED),
    ):
        key = instant.isoformat()
        made = backfill_task(store, admin, BackfillRange(task_id, instant, instant), key)
        run(store, made.execution_ids[0], status)

    assert list(chosen(dry(store, admin, task_id, choice=choice).entries)) == expected


def test_that_an_active_run_does_not_keep_a_backfill_from_the_queue(
    store: Store, admin: Actor
) -> None:
    task_id = add_daily(store)
    start(store, request(store, task_id), add_runner(store))

    plan = backfill_task(store, admin, BackfillRange(task_id, FRIDAY, SUNDAY), "key")

    assert len(plan.execution_ids) == 3


def test_that_backfills_run_one_by_one(store: Store, admin: Actor) -> None:
    task_id = add_daily(store)
    plan = backfill_task(store, admin, BackfillRange(task_id, FRIDAY, SUNDAY), "key")
    first, second, _third = plan.execution_ids
    runner_id = add_runner(store)

    def next_one() -> int | None:
        chosen = store.read(queue.choose).next
        return chosen.execution_id if chosen else None

    assert next_one() == first
    start(store, first, runner_id)
    assert next_one() is None
    end(store, first, ExecutionStatus.COMPLETED)
    assert next_one() == second


def test_that_a_paused_task_can_be_backfilled_and_stays_paused(store: Store, admin: Actor) -> None:
    task_id = add_daily(store)
    tasks.pause_task(store, admin, task_id)

    backfill_task(store, admin, BackfillRange(task_id, FRIDAY, SUNDAY), "key")

    assert tasks.get_task(store, admin, task_id).next_run_at is None


def test_that_times_to_come_are_left_to_the_schedule(store: Store, admin: Actor) -> None:
    task_id = add_daily(store)

    plan = dry(store, admin, task_id, from_at=SUNDAY, until_at=MONDAY)

    assert told(plan) == [(SUNDAY, None), (MONDAY, "backfill.future")]


def test_that_closed_days_are_not_planned(store: Store, admin: Actor) -> None:
    calendar = calendars.create_calendar(store, admin, CreateCalendar("Riverside"))
    task_id = add_daily(store, calendar_id=calendar.id)

    assert told(dry(store, admin, task_id)) == [(FRIDAY, None)]


def test_that_an_instant_that_its_calendar_moved_keeps_its_identity(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    calendar = calendars.create_calendar(store, admin, CreateCalendar("Riverside"))
    calendars.mark_date(store, admin, MarkDate(calendar.id, date(2026, 3, 2), is_open=False))
    task_id = add_daily(
        store,
        cron_expression="0 10 * * 5,6",
        calendar_id=calendar.id,
        calendar_policy=CalendarPolicy.NEXT_OPEN_DAY,
    )

    assert told(dry(store, admin, task_id)) == [
        (FRIDAY, None),
        (SATURDAY, "backfill.future"),  # its run is on Tuesday, and will come by itself
    ]
    clock.advance(days=3)
    assert told(dry(store, admin, task_id)) == [(FRIDAY, None), (SATURDAY, None)]


def test_that_a_range_of_missed_times_is_missing_one_by_one(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    task_id = add_task(store, interval_seconds=60, next_run_at=NOW + timedelta(minutes=1))
    clock.advance(days=1)
    decide_due(store)
    assert len(outcomes_of(store, task_id)) < 10

    until_at = NOW + timedelta(minutes=30)
    plan = dry(store, admin, task_id, from_at=NOW, until_at=until_at)

    assert len(chosen(plan.entries)) == 30


@pytest.mark.parametrize("has_calendar", [False, True])
def test_that_more_than_a_person_can_look_over_is_refused_at_once(
    store: Store, admin: Actor, has_calendar: bool
) -> None:
    calendar = calendars.create_calendar(
        store, admin, CreateCalendar("Always", open_weekdays=range(7))
    )
    task_id = add_task(
        store,
        interval_seconds=1,
        anchor_at=NOW - 400 * DAY,
        calendar_id=calendar.id if has_calendar else None,
    )

    with pytest.raises(RefusedError) as refusal:
        dry(store, admin, task_id, from_at=NOW - 365 * DAY, until_at=NOW)

    assert refusal.value.code == "backfill.too_many"
    assert refusal.value.params["count"] == 365 * 86_400 + 1


def test_that_a_range_has_its_beginning_before_its_end(store: Store, admin: Actor) -> None:
    with pytest.raises(InvalidValueError) as refusal:
        dry(store, admin, add_daily(store), from_at=SUNDAY, until_at=FRIDAY)

    assert refusal.value.code == "backfill.reversed"


def test_that_who_may_not_run_a_task_may_only_look(store: Store) -> None:
    own, other = add_school(store, "Own"), add_school(store, "Other")
    task_id = add_daily(store, school_id=own)
    wanted = BackfillRange(task_id, FRIDAY, SUNDAY)

    assert len(plan_backfill(store, teacher(own), wanted).entries) == 3
    with pytest.raises(ForbiddenError):
        backfill_task(store, teacher(own), wanted, "key")
    with pytest.raises(NotFoundError):
        backfill_task(store, school_admin(other), wanted, "key")
    assert len(backfill_task(store, school_admin(own), wanted, "key").execution_ids) == 3


def test_that_a_task_in_the_bin_is_not_backfilled(store: Store, admin: Actor) -> None:
    task_id = add_daily(store)
    change_task(store, task_id, deleted_at=NOW)

    with pytest.raises(NotFoundError):
        dry(store, admin, task_id)
