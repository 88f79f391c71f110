"""Retry: which attempts are followed by another, when, and how long one may take."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.execution import ExecutionStatus, Reason
from core.domain.retry import SPREAD, delay_before, next_attempt, time_limit
from core.domain.task import Policies

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FAILED, LOST, TIMED_OUT = ExecutionStatus.FAILED, ExecutionStatus.LOST, ExecutionStatus.TIMED_OUT
WORTH_ANOTHER = {
    Reason.TRAINER_FAILED,
    Reason.WORKER_DIED,
    Reason.WORKER_NOT_STARTED,
    Reason.NO_RESULT,
    Reason.SAMPLE_UNREADABLE,
    Reason.TIMEOUT,
    Reason.RUNNER_LOST,
}
PATIENT = Policies(max_attempts=3)


def _wait(
    policies: Policies,
    attempt: int,
    ended: ExecutionStatus = FAILED,
    reason: Reason | None = Reason.TRAINER_FAILED,
    lost: int = 0,
) -> float | None:
    """Seconds to the next attempt of a chain that began an hour ago; `None` for no more."""
    begins_at = next_attempt(
        policies, attempt, ended, reason, lost, NOON - timedelta(hours=1), NOON, 1.0
    )
    return None if begins_at is None else (begins_at - NOON).total_seconds()


def test_that_nothing_is_retried_by_default() -> None:
    assert _wait(Policies(), 1) is None


@pytest.mark.parametrize(("attempt", "wait"), [(1, 60), (2, 120), (3, None)])
def test_that_max_attempts_counts_the_first(attempt: int, wait: int | None) -> None:
    assert _wait(PATIENT, attempt) == wait


@pytest.mark.parametrize(
    ("attempt", "wait"),
    [(2, 60), (3, 120), (4, 240), (5, 480), (6, 960), (7, 1800), (20, 1800)],
)
def test_that_the_delay_grows_by_the_factor_up_to_the_cap(attempt: int, wait: int) -> None:
    assert delay_before(Policies(), attempt, 1.0) == timedelta(seconds=wait)


@pytest.mark.parametrize("reason", Reason)
def test_that_only_what_another_attempt_may_cure_is_retried(reason: Reason) -> None:
    assert (_wait(PATIENT, 1, FAILED, reason) is not None) == (reason in WORTH_ANOTHER)


@pytest.mark.parametrize("status", ExecutionStatus)
def test_that_only_failures_are_retried(status: ExecutionStatus) -> None:
    is_retried = _wait(PATIENT, 1, status, None) is not None
    assert is_retried == (status in (FAILED, TIMED_OUT, LOST))


def test_that_a_lost_runner_has_an_allowance_of_its_own() -> None:
    once = Policies(max_attempts=1, lost_allowance=1)
    assert _wait(once, 1, LOST, Reason.RUNNER_LOST, lost=1) == 60
    assert _wait(once, 2, LOST, Reason.RUNNER_LOST, lost=2) is None
    assert _wait(once, 2, FAILED, lost=1) is None


def test_that_a_lost_attempt_uses_up_none_of_the_others() -> None:
    assert _wait(Policies(max_attempts=2), 2, FAILED, lost=1) == 120
    assert _wait(Policies(max_attempts=2), 3, FAILED, lost=1) is None


def test_that_many_attempts_do_not_make_up_for_a_used_up_allowance() -> None:
    strict = Policies(max_attempts=9, lost_allowance=0)
    assert _wait(strict, 1, LOST, Reason.RUNNER_LOST, lost=1) is None


@pytest.mark.parametrize(("total", "wait"), [(0, 60), (3661, 60), (3660, None), (60, None)])
def test_that_no_attempt_begins_when_the_time_of_the_chain_is_over(
    total: int, wait: int | None
) -> None:
    assert _wait(Policies(max_attempts=2, total_timeout_seconds=total), 1) == wait


@pytest.mark.parametrize(
    ("total", "used_minutes", "left_minutes"),
    [(0, 500, 60), (7200, 0, 60), (7200, 90, 30), (7200, 120, 0), (7200, 300, 0)],
)
def test_that_an_attempt_may_take_its_own_limit_or_what_the_chain_has_left(
    total: int, used_minutes: int, left_minutes: int
) -> None:
    policies = Policies(attempt_timeout_seconds=3600, total_timeout_seconds=total)
    started_at = NOON - timedelta(minutes=used_minutes)
    assert time_limit(policies, started_at, NOON) == timedelta(minutes=left_minutes)


@given(
    base=st.integers(1, 86_400),
    factor=st.floats(1, 10),
    cap=st.integers(1, 7 * 86_400),
    attempt=st.integers(2, 21),
    u=st.floats(*SPREAD),
)
def test_that_every_delay_is_within_the_spread_of_the_rule(
    base: int, factor: float, cap: int, attempt: int, u: float
) -> None:
    policies = Policies(retry_base_seconds=base, retry_factor=factor, retry_cap_seconds=cap)
    plain = min(cap, base * factor ** (attempt - 2))
    waited = delay_before(policies, attempt, u).total_seconds()
    assert 0.8 * plain - 1e-6 <= waited <= 1.2 * plain + 1e-6


@given(
    st.integers(1, 10),
    st.integers(0, 10),
    st.lists(st.sampled_from([FAILED, TIMED_OUT, LOST]), min_size=25, max_size=25),
)
def test_that_no_chain_has_more_attempts_than_both_allowances(
    max_attempts: int, lost_allowance: int, ends: list[ExecutionStatus]
) -> None:
    policies = Policies(max_attempts=max_attempts, lost_allowance=lost_allowance)
    lost = failed = 0
    for attempt, ended in enumerate(ends, 1):
        lost += ended is LOST
        failed += ended is not LOST
        if _wait(policies, attempt, ended, None, lost) is None:
            break
    assert (failed, lost) in {
        (failed, lost_allowance + 1),
        (max_attempts, lost),
    }
    assert failed <= max_attempts
    assert lost <= lost_allowance + 1
