"""Backfill: which instants of a closed range run again, and what the dry run says of the others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.backfill import LIMIT, Choice, Entry, Existing, check_range, chosen, plan
from core.domain.execution import ACTIVE, FAILURES, ExecutionStatus
from core.errors import InvalidValueError, RefusedError
from core.messages import error_sentence, sentence

START = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)
STATUSES = st.sampled_from(ExecutionStatus)


def _day(number: int) -> datetime:
    return START + number * DAY


def _plan(
    *existing: Existing, choice: Choice = Choice.MISSING, days: int = 1, now: int = 99
) -> tuple[Entry, ...]:
    """The dry run over the first `days` days, with an instant at the start of each."""
    planned = [_day(number) for number in range(-3, days + 3)]
    return plan(planned, existing, choice, from_at=START, until_at=_day(days - 1), now=_day(now))


def test_that_both_ends_of_the_range_belong_to_it() -> None:
    assert chosen(_plan(days=3)) == (_day(0), _day(1), _day(2))


def test_that_a_range_of_one_instant_is_good_and_a_reversed_one_refused() -> None:
    check_range(START, START)
    with pytest.raises(InvalidValueError) as caught:
        check_range(START, START - timedelta(seconds=1))
    assert (caught.value.code, caught.value.field) == ("backfill.reversed", "until_at")


WANTED = {
    Choice.MISSING: {ExecutionStatus.MISSED},
    Choice.MISSING_AND_FAILED: {ExecutionStatus.MISSED, *FAILURES},
    Choice.ALL: {each for each in ExecutionStatus if each.is_final},
}


@pytest.mark.parametrize("choice", Choice)
@pytest.mark.parametrize("status", ExecutionStatus)
def test_that_the_choice_wants_these_outcomes_again(
    choice: Choice, status: ExecutionStatus
) -> None:
    existing = Existing(START, 7, status)
    (entry,) = _plan(existing, choice=choice)
    assert entry.existing is existing
    assert entry.is_chosen == (status in WANTED[choice])


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (ExecutionStatus.RUNNING, "Left out: execution 7 is running."),
        (ExecutionStatus.COMPLETED, "Left out: execution 7 has ended (completed)."),
        (ExecutionStatus.SKIPPED, "Left out: execution 7 has ended (skipped)."),
    ],
)
def test_that_the_dry_run_says_why_one_is_left_out(status: ExecutionStatus, text: str) -> None:
    (entry,) = _plan(Existing(START, 7, status))
    assert entry.code is not None
    assert sentence(entry.code, entry.params) == text


def test_that_a_time_to_come_is_left_out_under_every_choice() -> None:
    for choice in Choice:
        entries = _plan(days=3, now=1, choice=choice)
        assert [entry.code for entry in entries] == [None, None, "backfill.future"]


@pytest.mark.parametrize(
    ("statuses", "runs"),
    [
        ("completed failed", False),
        ("failed completed", False),
        ("failed running", False),
        ("running failed", False),
        ("failed missed", True),
    ],
)
def test_that_of_several_executions_an_active_one_then_a_success_counts(
    statuses: str, runs: bool
) -> None:
    existing = [
        Existing(START, number, ExecutionStatus(status))
        for number, status in enumerate(statuses.split())
    ]
    (entry,) = _plan(*existing, choice=Choice.MISSING_AND_FAILED)
    assert entry.is_chosen == runs


def test_that_a_thousand_are_shown_and_one_more_is_refused_naming_the_count() -> None:
    assert len(_plan(days=LIMIT, now=9999)) == LIMIT
    with pytest.raises(RefusedError) as caught:
        _plan(days=LIMIT + 1, now=9999)
    assert "has 1001 planned times: at most 1000" in error_sentence(caught.value)


def test_that_instants_outside_do_not_count_towards_the_limit() -> None:
    planned = [_day(number) for number in range(2 * LIMIT)]
    entries = plan(planned, [], Choice.ALL, from_at=_day(5), until_at=_day(6), now=_day(9999))
    assert chosen(entries) == (_day(5), _day(6))


@given(
    st.lists(st.integers(0, 20), max_size=30),
    st.lists(st.builds(Existing, st.integers(0, 20).map(_day), st.integers(1, 99), STATUSES)),
    st.integers(0, 20),
)
def test_that_every_instant_is_listed_once_in_order_and_a_wider_choice_wants_more(
    days: list[int], existing: list[Existing], now: int
) -> None:
    planned = [_day(number) for number in days]

    def entries(choice: Choice) -> tuple[Entry, ...]:
        return plan(planned, existing, choice, from_at=START, until_at=_day(20), now=_day(now))

    by_choice = [set(chosen(entries(choice))) for choice in Choice]
    assert by_choice[0] <= by_choice[1] <= by_choice[2]
    assert [entry.planned_at for entry in entries(Choice.ALL)] == sorted(set(planned))
    at_work = {each.planned_at for each in existing if each.status in ACTIVE}
    assert not by_choice[2] & at_work
