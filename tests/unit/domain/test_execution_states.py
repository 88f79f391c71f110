"""The states of an execution, and the only ways between them."""

from __future__ import annotations

from itertools import pairwise, product

import pytest

from core.domain.execution import (
    ACTIVE,
    FAILURES,
    RUN_ENDINGS,
    TRANSITIONS,
    ExecutionStatus,
    check_transition,
)
from core.errors import RefusedError

S = ExecutionStatus


def test_that_every_state_is_either_active_or_final() -> None:
    assert set(TRANSITIONS) == set(S)
    assert {state for state in S if not state.is_final} == ACTIVE


@pytest.mark.parametrize(("before", "after"), list(product(S, S)))
def test_that_only_the_table_s_changes_are_taken(
    before: ExecutionStatus, after: ExecutionStatus
) -> None:
    if after in TRANSITIONS[before]:
        check_transition(before, after)
        return
    with pytest.raises(RefusedError) as refusal:
        check_transition(before, after)
    assert refusal.value.code == "execution.illegal_transition"


def test_that_nothing_returns_to_the_queue() -> None:
    assert not any(S.QUEUED in following for following in TRANSITIONS.values())


def test_that_every_final_state_can_be_reached() -> None:
    reachable, news = {S.QUEUED}, {S.QUEUED}
    while news := set().union(*(TRANSITIONS[each] for each in news)) - reachable:
        reachable |= news
    assert reachable == set(S)


def test_that_a_long_life_is_a_path_of_the_table() -> None:
    for before, after in pairwise([S.QUEUED, S.RUNNING, S.RETRYING, S.RUNNING, S.COMPLETED]):
        check_transition(before, after)


def test_that_what_did_not_run_counts_as_no_run() -> None:
    assert {S.SKIPPED, S.MISSED}.isdisjoint(RUN_ENDINGS)
    assert RUN_ENDINGS - {S.COMPLETED, S.CANCELLED} == FAILURES
