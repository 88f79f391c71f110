"""Pause on failure: which outcomes count, which reset, which leave the count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.execution import FAILURES, ExecutionKind, ExecutionStatus
from core.domain.pause_on_failure import PAUSED_CODE, Tally, after_outcome
from core.messages import sentence

SCHEDULED = ExecutionKind.SCHEDULED
FINALS = [status for status in ExecutionStatus if status.is_final]


@pytest.mark.parametrize(
    ("status", "count"),
    [
        (ExecutionStatus.FAILED, 3),
        (ExecutionStatus.TIMED_OUT, 3),
        (ExecutionStatus.LOST, 3),
        (ExecutionStatus.COMPLETED, 0),
        (ExecutionStatus.SKIPPED, 2),
        (ExecutionStatus.MISSED, 2),
        (ExecutionStatus.CANCELLED, 2),
    ],
)
def test_that_failures_count_success_resets_and_the_rest_leaves(
    status: ExecutionStatus, count: int
) -> None:
    assert after_outcome(2, SCHEDULED, status, 5) == Tally(count)


@pytest.mark.parametrize("status", FINALS)
@pytest.mark.parametrize("kind", [ExecutionKind.MANUAL, ExecutionKind.BACKFILL])
def test_that_what_a_person_asked_for_leaves_the_count(
    kind: ExecutionKind, status: ExecutionStatus
) -> None:
    assert after_outcome(4, kind, status, 5) == Tally(4)


@pytest.mark.parametrize(
    "kind", [ExecutionKind.SCHEDULED, ExecutionKind.CATCH_UP, ExecutionKind.DEPENDENCY]
)
def test_that_the_fifth_failure_in_a_row_pauses(kind: ExecutionKind) -> None:
    tally = Tally(0)
    pauses = []
    for _number in range(5):
        tally = after_outcome(tally.count, kind, ExecutionStatus.FAILED, 5)
        pauses.append(tally.pauses)
    assert pauses == [False, False, False, False, True]


def test_that_a_limit_of_zero_counts_but_never_pauses() -> None:
    assert after_outcome(99, SCHEDULED, ExecutionStatus.FAILED, 0) == Tally(100)


@given(st.lists(st.sampled_from(FINALS)), st.integers(1, 10))
def test_that_a_task_pauses_exactly_when_the_last_successes_and_failures_end_in_enough_failures(
    outcomes: list[ExecutionStatus], limit: int
) -> None:
    tally, row = Tally(0), 0
    for outcome in outcomes:
        tally = after_outcome(tally.count, SCHEDULED, outcome, limit)
        if outcome is ExecutionStatus.COMPLETED:
            row = 0
        row += outcome in FAILURES
        assert tally == Tally(row, pauses=outcome in FAILURES and row >= limit)


def test_that_the_pause_says_who_why_and_what_next() -> None:
    assert sentence(PAUSED_CODE, {"count": 5}) == (
        "Paused by the system after 5 failures in a row: find the cause, then resume."
    )
