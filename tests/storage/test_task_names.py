"""Task names are unique in a school, among tasks that are not deleted; a term rule is kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import pytest
from sqlalchemy.exc import IntegrityError

from core.contracts.commands import CreateTask
from core.contracts.records import TaskRecord
from core.domain.access import Role
from core.domain.calendar import CalendarRange, RangeKind
from core.domain.task import TrainingMode
from core.domain.term import FirstOpenDay, TermTrigger
from core.domain.trigger import TriggerType
from core.errors import RefusedError
from core.scheduling.decider import decide_due
from core.services import tasks as use_cases
from core.services.actor import Actor
from core.storage import calendars, task_plans, tasks
from core.storage.unit_of_work import Store, Unit
from tests.builders import NOW
from tests.databases import add_school, add_task, change_task, outcomes_of
from tests.fakes import FakeClock

TERM = CalendarRange(RangeKind.TERM, "Spring", date(2026, 3, 3), date(2026, 7, 3))
RULE = "first-open-day of term at 07:00"
FIRST_RUN = datetime(2026, 3, 3, 7, tzinfo=UTC)


def add_term_task(store: Store) -> int:
    """A task told from a calendar with one term that begins tomorrow."""

    def add_calendar(unit: Unit) -> int:
        calendar_id = calendars.insert(
            unit, name="Riverside", school_id=None, open_weekdays=set(range(5))
        )
        calendars.add_ranges(unit, calendar_id, [TERM], source=None)
        return calendar_id

    return add_task(
        store,
        trigger_type=TriggerType.TERM,
        interval_seconds=None,
        term_rule=RULE,
        calendar_id=store.write(add_calendar),
        next_run_at=FIRST_RUN,
    )


def test_that_a_term_rule_is_read_as_the_trigger_it_stands_for(store: Store) -> None:
    task_id = add_term_task(store)

    record = store.read(lambda unit: tasks.get(unit, task_id))
    plan = store.read(lambda unit: task_plans.get(unit, task_id)).plan

    assert record.term_rule == RULE
    assert record.schedule == plan.schedule
    trigger = plan.schedule.trigger
    assert isinstance(trigger, TermTrigger)
    assert trigger.rule == FirstOpenDay()


def test_that_a_term_task_is_decided_by_its_calendar(store: Store, clock: FakeClock) -> None:
    task_id = add_term_task(store)
    clock.advance(days=1, hours=1)

    outlook = decide_due(store)

    assert [at for at, _ in outcomes_of(store, task_id)] == [FIRST_RUN]
    assert outlook.earliest_at is None


def test_that_a_rule_nobody_understands_fails_its_task_alone(
    store: Store, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL")
    bad, good = add_term_task(store), add_task(store)
    change_task(store, bad, term_rule="as nobody knows")
    clock.advance(days=2)

    decide_due(store)

    assert outcomes_of(store, bad) == []
    assert outcomes_of(store, good) != []


def test_that_two_tasks_of_a_school_have_two_names(store: Store) -> None:
    first, second = add_school(store, "First"), add_school(store, "Second")
    for school_id in (None, first, second):
        add_task(store, name="Nightly", school_id=school_id)

    for school_id in (None, first):
        with pytest.raises(IntegrityError):
            add_task(store, name="Nightly", school_id=school_id)


def test_that_a_deleted_task_lets_its_name_go(store: Store) -> None:
    for _ in range(2):
        change_task(store, add_task(store, name="Nightly"), deleted_at=NOW)

    assert add_task(store, name="Nightly") == 3


def test_that_of_two_who_take_a_name_at_once_one_is_told_so(store: Store) -> None:
    admin = Actor(None, "admin", Role.SYSTEM_ADMIN)
    command = CreateTask("Nightly", TriggerType.INTERVAL, TrainingMode.FULL, interval_seconds=60)
    together = Barrier(4)

    def create() -> TaskRecord | RefusedError:
        together.wait()
        try:
            return use_cases.create_task(store, admin, command)
        except RefusedError as refusal:
            return refusal

    with ThreadPoolExecutor(4) as people:
        answers = [each.result() for each in [people.submit(create) for _ in range(4)]]

    refusals = [each for each in answers if isinstance(each, RefusedError)]
    assert [each.code for each in refusals] == ["task.name_taken"] * 3
