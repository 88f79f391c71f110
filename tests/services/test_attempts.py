"""Each attempt of an execution is a training job of its own, with its own end and its own log."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.domain.execution import ExecutionStatus, Reason
from core.domain.task import Policies
from core.errors import NotFoundError
from core.services import executions, tasks
from core.services.actor import Actor
from core.storage import claims
from core.storage.claims import Claim
from core.storage.outcomes import Outcome, conclude
from core.storage.unit_of_work import Store
from tests.builders import NOW
from tests.databases import add_runner, start
from tests.fakes import FakeClock
from tests.services.commands import hourly
from tests.services.conftest import teacher

S = ExecutionStatus
MINUTE = timedelta(minutes=1)
TWICE = Policies(max_attempts=2, retry_base_seconds=60)
FAILED = Outcome(
    S.FAILED,
    Reason.TRAINER_FAILED,
    "reason.trainer_failed",
    {"detail": "no luck"},
    log="first log",
)


@pytest.fixture
def execution_id(store: Store, admin: Actor) -> int:
    """A queued execution that may be tried twice."""
    task = tasks.create_task(store, admin, hourly(policies=TWICE))
    return executions.run_now(store, admin, task.id, "key").id


def end(store: Store, claim: Claim, outcome: Outcome) -> None:
    store.write(lambda unit: conclude(unit, claim.execution_id, outcome, u=1.0))


def fail_once(store: Store, clock: FakeClock, execution_id: int) -> None:
    """A first attempt of a minute, and the wait for the second."""
    claim = start(store, execution_id, add_runner(store))
    clock.advance(minutes=1)
    end(store, claim, FAILED)
    clock.advance(minutes=1)


def test_that_an_execution_that_waits_has_no_attempt(
    store: Store, admin: Actor, execution_id: int
) -> None:
    assert executions.list_attempts(store, admin, execution_id) == ()


def test_that_every_attempt_keeps_its_own_end(
    store: Store, admin: Actor, clock: FakeClock, execution_id: int
) -> None:
    fail_once(store, clock, execution_id)
    claim = start(store, execution_id, add_runner(store, "runner-2"))
    clock.advance(minutes=1)
    end(store, claim, Outcome(S.COMPLETED, metrics={"top1": 0.9}, log="second log"))

    first, second = executions.list_attempts(store, admin, execution_id)

    assert (first.attempt, first.status, first.reason) == (1, S.FAILED, Reason.TRAINER_FAILED)
    assert (first.message_code, first.message_params) == (
        "reason.trainer_failed",
        {"detail": "no luck"},
    )
    assert (first.started_at, first.completed_at) == (NOW, NOW + MINUTE)
    assert (second.attempt, second.status, second.reason) == (2, S.COMPLETED, None)
    assert (second.started_at, second.completed_at) == (NOW + 2 * MINUTE, NOW + 3 * MINUTE)
    assert (second.metrics, second.progress) == ({"top1": 0.9}, 1.0)
    execution = executions.get_execution(store, admin, execution_id)
    assert (execution.training_job_id, execution.attempt) == (second.job_id, 2)
    assert (first.execution_id, second.execution_id) == (execution_id, execution_id)


def test_that_the_history_tells_when_the_next_attempt_begins(
    store: Store, admin: Actor, clock: FakeClock, execution_id: int
) -> None:
    claim = start(store, execution_id, add_runner(store))
    end(store, claim, FAILED)
    waiting = executions.get_execution(store, admin, execution_id)
    clock.advance(minutes=1)
    start(store, execution_id, add_runner(store, "runner-2"))
    running = executions.get_execution(store, admin, execution_id)

    assert (waiting.status, waiting.retry_at) == (S.RETRYING, NOW + MINUTE)
    assert (running.status, running.retry_at) == (S.RUNNING, None)


def test_that_a_cancel_between_two_attempts_leaves_the_end_of_the_first(
    store: Store, admin: Actor, clock: FakeClock, execution_id: int
) -> None:
    fail_once(store, clock, execution_id)

    cancelled = executions.cancel(store, admin, execution_id)

    assert (cancelled.status, cancelled.retry_at) == (S.CANCELLED, None)
    (attempt,) = executions.list_attempts(store, admin, execution_id)
    assert (attempt.status, attempt.completed_at) == (S.FAILED, NOW + MINUTE)
    assert executions.read_log(store, admin, execution_id, 0).text == "first log"


def test_that_each_attempt_has_its_own_log(
    store: Store, admin: Actor, clock: FakeClock, execution_id: int
) -> None:
    fail_once(store, clock, execution_id)
    claim = start(store, execution_id, add_runner(store, "runner-2"))
    store.write(
        lambda unit: claims.note_progress(unit, claim, progress=0.1, stage="x", log="second")
    )

    first = executions.read_log(store, admin, execution_id, 0, 1)
    latest = executions.read_log(store, admin, execution_id, 3)

    assert (first.text, first.next_offset, first.is_complete) == ("first log", 9, True)
    assert (latest.text, latest.next_offset, latest.is_complete) == ("ond", 6, False)
    assert executions.read_log(store, admin, execution_id, 3, 2) == latest


def test_that_the_log_of_an_attempt_that_there_is_not_is_refused(
    store: Store, admin: Actor, execution_id: int
) -> None:
    with pytest.raises(NotFoundError) as refusal:
        executions.read_log(store, admin, execution_id, 0, 1)
    assert refusal.value.code == "execution.attempt_not_found"
    with pytest.raises(NotFoundError) as refusal:
        executions.read_log(store, admin, 999, 0, 1)
    assert refusal.value.code == "execution.not_found"


def test_that_another_school_s_attempts_are_absent(store: Store, execution_id: int) -> None:
    for number in (execution_id, 999):
        with pytest.raises(NotFoundError) as refusal:
            executions.list_attempts(store, teacher(1), number)
        assert refusal.value.code == "execution.not_found"
