"""When watching a child is over, and how its end is put into words."""

from __future__ import annotations

import pytest

from core.training.attempt import EndKind, StopReason, StopRequest
from core.training.watch import LINGER_SECONDS, Halt, exit_description, next_halt, stopped

CANCEL = StopRequest(StopReason.CANCEL, {"actor": "anna"})


@pytest.mark.parametrize(
    ("result_age", "asked", "is_overdue", "expected"),
    [
        (None, None, False, None),
        (None, None, True, Halt.OVERDUE),
        (None, CANCEL, False, CANCEL),
        (None, CANCEL, True, CANCEL),
        (0.0, None, False, None),
        (0.0, CANCEL, False, Halt.RESULT_IS_IN),
        (0.0, None, True, Halt.RESULT_IS_IN),
        (LINGER_SECONDS, None, False, Halt.RESULT_IS_IN),
    ],
)
def test_that_a_result_which_is_in_beats_what_came_too_late(
    result_age: float | None,
    asked: StopRequest | None,
    is_overdue: bool,
    expected: Halt | StopRequest | None,
) -> None:
    facts = {"result_age": result_age, "asked": asked, "is_overdue": is_overdue}
    assert next_halt(has_exited=False, **facts) == expected
    assert next_halt(has_exited=True, **facts) is Halt.EXITED


@pytest.mark.parametrize(
    ("why", "kind", "reason"),
    [
        (StopReason.CANCEL, EndKind.CANCELLED, "reason.cancelled"),
        (StopReason.SHUTDOWN, EndKind.STOPPED, "reason.runner_stopped"),
        (StopReason.LEASE_LOST, EndKind.LEASE_LOST, "reason.runner_lost"),
    ],
)
def test_that_each_request_has_its_ending(why: StopReason, kind: EndKind, reason: str) -> None:
    outcome = stopped(StopRequest(why, {"actor": "anna"}))
    assert (outcome.kind, outcome.reason, outcome.params) == (kind, reason, {"actor": "anna"})


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (-9, "SIGKILL"),
        (-50, "signal 50"),
        (3, "exit status 3"),
        (0xC0000005, "exit status 0xc0000005"),
    ],
)
def test_that_an_end_is_named_as_people_know_it(status: int, words: str) -> None:
    assert exit_description(status) == words
