"""“Why?” on a database: what each rule says of past and future instants, and of executions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.contracts.commands import EditTask
from core.contracts.planning import AddDependency, BackfillRange, Explanation
from core.domain.dependency import Mode
from core.domain.execution import ExecutionStatus, Reason
from core.domain.explanation import Rule, Verdict, outcome
from core.domain.task import CatchUpPolicy, OverlapPolicy, Policies, TaskStatus
from core.errors import NotFoundError
from core.scheduling.decider import decide_due
from core.services import executions, tasks
from core.services.actor import Actor
from core.services.backfill import backfill_task
from core.services.dependencies import add_dependency
from core.services.explain import explain_execution, explain_instant
from core.services.quiet_hours import set_quiet_hours
from core.services.recycle_bin import restore_task
from core.storage.outcomes import Outcome, settle
from core.storage.unit_of_work import Store
from tests.builders import NOW
from tests.databases import (
    add_once,
    add_runner,
    add_school,
    add_task,
    change_task,
    request,
    start,
)
from tests.fakes import FakeClock
from tests.services.conftest import school_admin, teacher
from tests.services.explaining import check_is_whole, held, line, said

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
FIRST = NOW + HOUR
"""The first instant of a task that `add_task` makes."""


def decided(store: Store, clock: FakeClock, admin: Actor, task_id: int) -> Explanation:
    """The first instant of the task, decided a second late."""
    clock.advance(hours=1, seconds=1)
    decide_due(store)
    return explain_instant(store, admin, task_id, FIRST)


def test_that_a_future_instant_is_let_through_as_far_as_one_can_know(
    store: Store, admin: Actor
) -> None:
    found = explain_instant(store, admin, add_task(store), FIRST)

    check_is_whole(found)
    assert (found.execution, outcome(found.results)) == (None, None)
    assert line(found, Rule.TRIGGER) == (Verdict.PASSED, "why.trigger_matches")
    assert line(found, Rule.LATENESS) == (Verdict.INFO, "why.grace_ahead")
    assert line(found, Rule.CLAIM) == (Verdict.INFO, "why.later")


def test_that_a_time_between_two_runs_is_none_of_the_trigger(store: Store, admin: Actor) -> None:
    found = explain_instant(store, admin, add_task(store), FIRST + MINUTE)

    check_is_whole(found)
    assert said(found) == "The trigger does not give 2026-03-02 07:01 UTC."


def test_that_a_run_that_waits_says_what_for(store: Store, admin: Actor, clock: FakeClock) -> None:
    task_id = add_task(store)
    request(store, add_task(store, name="other"), "other")

    found = decided(store, clock, admin, task_id)

    check_is_whole(found)
    assert found.execution is not None
    assert held(found).rule is Rule.SLOT
    assert said(found) == "Waits for a slot; before it in the queue: 1."


def test_that_quiet_hours_hold_what_nobody_asked_for(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    set_quiet_hours(store, admin, "daily 06:00-12:00", "UTC")
    task_id = add_task(store)

    assert said(decided(store, clock, admin, task_id)) == (
        "Quiet hours: training waits until 2026-03-02 12:00 UTC."
    )
    asked = executions.run_now(store, admin, add_task(store, name="other"), "key")
    assert held(explain_execution(store, admin, asked.id)).rule is not Rule.CALENDAR
    assert line(explain_execution(store, admin, asked.id), Rule.SLOT)[1] != "why.quiet_hours"


def test_that_a_run_that_completed_passed_every_rule(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    task_id = add_task(store)
    record = decided(store, clock, admin, task_id).execution
    assert record is not None
    start(store, record.id, add_runner(store))
    store.write(lambda unit: settle(unit, record.id, Outcome(ExecutionStatus.COMPLETED)))

    found = explain_instant(store, admin, task_id, FIRST)

    check_is_whole(found)
    assert {each.verdict for each in found.results} == {Verdict.PASSED}
    assert found.execution is not None
    assert found.execution.status is ExecutionStatus.COMPLETED
    assert explain_execution(store, admin, record.id) == found


def test_that_a_missed_instant_says_how_late_it_was_found(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    task_id = add_task(store, policies=Policies(catch_up=CatchUpPolicy.NONE).to_json())
    clock.advance(hours=1, minutes=10)
    decide_due(store)

    found = explain_instant(store, admin, task_id, FIRST)

    check_is_whole(found)
    assert (held(found).rule, held(found).code) == (Rule.LATENESS, "reason.grace")
    assert "found 10 min 0 s late" in said(found)


def test_that_a_caught_up_instant_says_so(store: Store, admin: Actor, clock: FakeClock) -> None:
    task_id = add_task(store)
    clock.advance(hours=1, minutes=10)
    decide_due(store)

    found = explain_instant(store, admin, task_id, FIRST)

    assert line(found, Rule.LATENESS) == (Verdict.PASSED, "why.caught_up")


def test_that_every_instant_of_a_counted_range_is_told_as_missed(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    task_id = add_task(store, interval_seconds=60, next_run_at=NOW + MINUTE)
    clock.advance(days=1)
    decide_due(store)

    found = explain_instant(store, admin, task_id, NOW + 5 * MINUTE)

    check_is_whole(found)
    assert (held(found).rule, held(found).code) == (Rule.LATENESS, "reason.grace_range")
    assert found.execution is not None
    assert found.execution.missed_count is not None


def test_that_an_overlap_names_what_was_in_the_way(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    task_id = add_task(store)
    start(store, request(store, task_id), add_runner(store))

    found = decided(store, clock, admin, task_id)

    check_is_whole(found)
    assert (held(found).rule, held(found).code) == (Rule.OVERLAP, "reason.overlap")


def test_that_a_replaced_execution_says_what_replaced_it(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    task_id = add_task(store, policies=Policies(overlap=OverlapPolicy.QUEUE_ONE).to_json())
    decided(store, clock, admin, task_id)
    clock.advance(hours=1)
    decide_due(store)

    found = explain_instant(store, admin, task_id, FIRST)

    check_is_whole(found)
    assert (held(found).rule, held(found).code) == (Rule.OVERLAP, "reason.replaced")


def test_that_the_data_are_named_when_they_stopped_a_run(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    task_id = add_task(store)
    record = decided(store, clock, admin, task_id).execution
    assert record is not None
    start(store, record.id, add_runner(store))
    few = Outcome(
        ExecutionStatus.FAILED,
        Reason.TOO_FEW_SAMPLES,
        "reason.too_few_samples",
        {"found": 2, "needed": 3},
    )
    store.write(lambda unit: settle(unit, record.id, few))

    found = explain_execution(store, admin, record.id)

    check_is_whole(found)
    assert held(found).rule is Rule.DATA_GUARD
    assert "2 processed" in said(found)


def test_that_a_failure_of_the_trainer_was_stopped_by_no_rule(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    task_id = add_task(store)
    record = decided(store, clock, admin, task_id).execution
    assert record is not None
    start(store, record.id, add_runner(store))
    broken = Outcome(
        ExecutionStatus.FAILED, Reason.TRAINER_FAILED, "reason.trainer_failed", {"detail": "x"}
    )
    store.write(lambda unit: settle(unit, record.id, broken))

    assert outcome(explain_execution(store, admin, record.id).results) is None


def test_that_a_run_waits_for_its_upstream_until_a_named_time(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    above, below = add_task(store, name="a", next_run_at=None), add_task(store, name="b")
    add_dependency(store, admin, AddDependency(below, above, mode=Mode.WAIT))

    found = decided(store, clock, admin, below)

    check_is_whole(found)
    assert said(found) == f"Waits for task {above} until 2026-03-02 09:00 UTC."
    ahead = explain_instant(store, admin, below, FIRST + HOUR)
    assert line(ahead, Rule.DEPENDENCY) == (Verdict.INFO, "why.later")


def test_that_a_run_that_a_person_asked_for_is_bound_by_few_rules(
    store: Store, admin: Actor
) -> None:
    record = executions.run_now(store, admin, add_task(store), "key")

    found = explain_execution(store, admin, record.id)

    check_is_whole(found)
    assert found.planned_at is None
    assert line(found, Rule.TRIGGER) == (Verdict.INFO, "why.asked")
    assert held(found).rule is Rule.CLAIM


def test_that_a_backfill_is_explained_as_what_it_is(store: Store, admin: Actor) -> None:
    task_id = add_task(store, anchor_at=NOW - DAY)
    wanted = BackfillRange(task_id, NOW - HOUR, NOW - HOUR)
    (execution_id,) = backfill_task(store, admin, wanted, "key").execution_ids

    found = explain_execution(store, admin, execution_id)

    check_is_whole(found)
    assert line(found, Rule.LATENESS) == (Verdict.INFO, "why.not_for_request")


def test_that_an_instant_in_a_pause_names_its_beginning(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    task_id = add_task(store)
    tasks.pause_task(store, admin, task_id)
    clock.advance(hours=3, minutes=30)
    tasks.resume_task(store, admin, task_id)

    past = explain_instant(store, admin, task_id, FIRST)
    later = explain_instant(store, admin, task_id, NOW + 4 * HOUR)

    check_is_whole(past)
    assert "paused at 2026-03-02 06:00 UTC" in said(past)
    assert outcome(later.results) is None


def test_that_a_paused_task_will_not_run(store: Store, admin: Actor) -> None:
    task_id = add_task(store, status=TaskStatus.PAUSED, next_run_at=None)

    found = explain_instant(store, admin, task_id, FIRST)

    assert (held(found).rule, held(found).code) == (Rule.PAUSE, "why.paused")


def test_that_an_ended_task_will_not_run(store: Store, admin: Actor) -> None:
    task_id = add_task(store, status=TaskStatus.COMPLETED, next_run_at=None)

    found = explain_instant(store, admin, task_id, FIRST)

    check_is_whole(found)
    assert said(found) == "The task has ended (completed): edit its trigger to use it again."


def test_that_a_due_instant_that_nobody_decides_asks_for_a_runner(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    task_id = add_task(store)
    clock.advance(hours=2)

    found = explain_instant(store, admin, task_id, FIRST)

    assert (held(found).verdict, held(found).code) == (Verdict.WAITING, "why.undecided")


def test_that_a_time_before_the_task_was_made_says_so(store: Store, admin: Actor) -> None:
    task_id = add_task(store, anchor_at=NOW - DAY)

    found = explain_instant(store, admin, task_id, NOW - HOUR)

    check_is_whole(found)
    assert held(found).code == "why.before_creation"


def test_that_a_time_that_only_a_later_trigger_gives_says_so(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    task_id = add_task(store, interval_seconds=86_400, next_run_at=NOW + DAY)
    clock.advance(hours=2)
    tasks.edit_task(store, admin, EditTask(task_id, interval_seconds=3600))

    found = explain_instant(store, admin, task_id, FIRST)

    check_is_whole(found)
    assert said(found).startswith("The trigger was changed later, at 2026-03-02 08:00 UTC")


def test_that_a_time_in_the_recycle_bin_says_so(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    task_id = add_task(store)
    tasks.delete_task(store, admin, task_id)
    clock.advance(hours=2)
    restore_task(store, admin, task_id)

    found = explain_instant(store, admin, task_id, FIRST)

    assert said(found) == "The task lay in the recycle bin from 2026-03-02 06:00 UTC on."


def test_that_a_time_whose_history_is_gone_says_so(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    task_id = add_task(store)
    clock.advance(hours=2)
    change_task(store, task_id, next_run_at=NOW + 3 * HOUR)

    assert held(explain_instant(store, admin, task_id, FIRST)).code == "why.not_recorded"


def test_that_the_window_is_asked_after_the_calendar(store: Store, admin: Actor) -> None:
    task_id = add_task(store, ends_at=NOW + 2 * HOUR)

    found = explain_instant(store, admin, task_id, NOW + 3 * HOUR)

    check_is_whole(found)
    assert (held(found).rule, held(found).code) == (Rule.WINDOW, "why.after_window")


def test_that_a_jitter_is_told_with_its_length(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    task_id = add_task(store, jitter_seconds=600)

    ahead = explain_instant(store, admin, task_id, FIRST)
    clock.advance(hours=2)
    decide_due(store)
    after = explain_instant(store, admin, task_id, FIRST)

    for found in (ahead, after):
        check_is_whole(found)
        assert line(found, Rule.JITTER) == (Verdict.INFO, "why.jitter")


def test_that_a_single_run_is_explained(store: Store, admin: Actor) -> None:
    task_id = add_once(store, FIRST)

    assert outcome(explain_instant(store, admin, task_id, FIRST).results) is None


def test_that_why_is_answered_to_whoever_sees_the_task(store: Store, admin: Actor) -> None:
    own, other = add_school(store, "Own"), add_school(store, "Other")
    task_id = add_task(store, school_id=own)
    record = executions.run_now(store, admin, task_id, "key")

    assert explain_instant(store, teacher(own), task_id, FIRST).task_id == task_id
    for ask in (
        lambda: explain_instant(store, school_admin(other), task_id, FIRST),
        lambda: explain_execution(store, school_admin(other), record.id),
        lambda: explain_execution(store, admin, 99),
    ):
        with pytest.raises(NotFoundError):
            ask()
