"""What is written about a task whose instants have come due."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.decision import Decision, DueTask, decide, ends_after
from core.domain.execution import ExecutionKind, ExecutionStatus, Reason
from core.domain.lateness import DueInstants
from core.domain.overlap import Active
from core.domain.plan import Plan
from core.domain.task import CatchUpPolicy, Policies, RunSettings, TaskStatus, TrainingMode
from core.domain.trigger import Interval, Once, Schedule
from tests.builders import NOW

LATER = NOW + timedelta(hours=1)
HOURLY = Schedule(Interval(3600, NOW), "UTC")
ONCE = Schedule(Once(NOW), "UTC")
BUSY = Active(7, ExecutionStatus.RUNNING, None)
S = ExecutionStatus


def ago(seconds: int) -> datetime:
    return NOW - timedelta(seconds=seconds)


def decided(
    *late: int,
    schedule: Schedule = HOURLY,
    active: Active | None = None,
    catch_up: CatchUpPolicy = CatchUpPolicy.LATEST,
    next_run_at: datetime | None = LATER,
) -> Decision:
    """The decision about instants that are `late` by so many seconds."""
    instants = tuple(ago(each) for each in sorted(late, reverse=True))
    settings = RunSettings(
        "Task", TrainingMode.FULL, None, False, "UTC", "noop", {}, Policies(catch_up=catch_up)
    )
    task = DueTask(1, Plan(schedule), instants[0], settings, (active,) if active else ())
    return decide(task, DueInstants(instants, 0, instants[0]), next_run_at, NOW)


def written(decision: Decision) -> list[tuple[datetime, ExecutionKind, ExecutionStatus]]:
    return sorted((each.planned_at, each.kind, each.status) for each in decision.executions)


def test_that_an_instant_on_time_is_queued_with_the_settings_of_now() -> None:
    decision = decided(5)
    assert written(decision) == [(ago(5), ExecutionKind.SCHEDULED, S.QUEUED)]
    assert decision.executions[0].settings.task_name == "Task"
    assert (decision.next_run_at, decision.ends_as) == (LATER, None)


def test_that_an_instant_while_the_task_is_at_work_names_what_it_gave_way_to() -> None:
    (execution,) = decided(5, active=BUSY).executions
    assert (execution.status, execution.reason) == (S.SKIPPED, Reason.OVERLAP)
    assert execution.blocking == BUSY


def test_that_of_two_instants_on_time_the_second_gives_way_to_the_first() -> None:
    first, second = decided(200, 5).executions
    assert (first.status, second.status) == (S.QUEUED, S.SKIPPED)
    assert second.blocking is not None
    assert second.blocking.execution_id == first.number, "the first has no id yet"


def test_that_what_is_caught_up_runs_in_order_and_does_not_block_its_own_kind() -> None:
    decision = decided(1000, 2000, 3000, catch_up=CatchUpPolicy.ALL)
    assert [(each.planned_at, each.status) for each in decision.executions] == [
        (ago(3000), S.QUEUED),
        (ago(2000), S.QUEUED),
        (ago(1000), S.QUEUED),
    ]


def test_that_nothing_is_caught_up_beside_a_running_execution() -> None:
    decision = decided(1000, active=BUSY)
    assert written(decision) == [(ago(1000), ExecutionKind.CATCH_UP, S.SKIPPED)]


def test_that_many_missed_instants_are_one_row_with_their_number() -> None:
    decision = decided(*range(1000, 1200), catch_up=CatchUpPolicy.NONE)
    (execution,) = decision.executions
    assert (execution.status, execution.missed_count) == (S.MISSED, 200)
    assert (execution.missed_from, execution.planned_at) == (ago(1199), ago(1000))


def test_that_a_single_run_that_was_missed_fails_its_task() -> None:
    decision = decided(1000, schedule=ONCE, catch_up=CatchUpPolicy.NONE, next_run_at=None)
    assert decision.ends_as is TaskStatus.FAILED


def test_that_a_single_run_that_is_queued_ends_its_task_only_with_its_outcome() -> None:
    assert decided(5, schedule=ONCE, next_run_at=None).ends_as is None


def test_that_a_finished_window_completes_its_task_once_nothing_runs() -> None:
    for active, end in ((None, TaskStatus.COMPLETED), (BUSY, None)):
        decision = decided(1000, active=active, catch_up=CatchUpPolicy.NONE, next_run_at=None)
        assert decision.ends_as is end


@pytest.mark.parametrize(
    ("schedule", "outcome", "end"),
    [
        (ONCE, S.COMPLETED, TaskStatus.COMPLETED),
        (ONCE, S.SKIPPED, TaskStatus.COMPLETED),
        (ONCE, S.FAILED, TaskStatus.FAILED),
        (ONCE, S.CANCELLED, TaskStatus.FAILED),
        (ONCE, S.LOST, TaskStatus.FAILED),
        (HOURLY, S.FAILED, TaskStatus.COMPLETED),
    ],
)
def test_how_a_task_without_a_further_instant_ends(
    schedule: Schedule, outcome: ExecutionStatus, end: TaskStatus
) -> None:
    assert ends_after(schedule, outcome) is end


@given(
    late=st.sets(st.integers(0, 10 * 24 * 3600), min_size=1, max_size=130),
    policy=st.sampled_from(CatchUpPolicy),
    is_busy=st.booleans(),
)
def test_that_each_instant_is_written_once_and_no_two_run_side_by_side(
    late: set[int], policy: CatchUpPolicy, is_busy: bool
) -> None:
    decision = decided(*late, catch_up=policy, active=BUSY if is_busy else None)
    planned = [each.planned_at for each in decision.executions]
    assert len(planned) == len(set(planned))
    assert sum(each.missed_count or 1 for each in decision.executions) == len(late)
    queued = [each for each in decision.executions if each.status is S.QUEUED]
    assert not (is_busy and queued)
    assert sum(each.kind is ExecutionKind.SCHEDULED for each in queued) <= 1


@given(late=st.integers(0, 10 * 24 * 3600), policy=st.sampled_from(CatchUpPolicy))
def test_that_a_single_run_never_stays_active_with_nothing_to_come(
    late: int, policy: CatchUpPolicy
) -> None:
    decision = decided(late, schedule=ONCE, catch_up=policy, next_run_at=None)
    is_queued = any(each.status is S.QUEUED for each in decision.executions)
    assert is_queued is (decision.ends_as is None)
