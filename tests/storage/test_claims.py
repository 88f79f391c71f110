"""The right to run an execution: taken once, dated, numbered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from core.domain.execution import ExecutionStatus
from core.errors import RefusedError
from core.services import executions as use_cases
from core.services.queue import choose
from core.storage import claims, executions, queue, tasks
from core.storage.claims import Claim
from core.storage.outcomes import Outcome, settle
from core.storage.unit_of_work import Store, Unit
from tests.databases import LEASE, add_runner, add_task, request, start
from tests.fakes import FakeClock
from tests.storage.test_units import ADMIN, side_by_side

DONE = Outcome(ExecutionStatus.COMPLETED)


def next_of(store: Store) -> int | None:
    """The execution that the next free slot is for."""
    chosen = store.read(choose).next
    return None if chosen is None else chosen.execution_id


def finish(store: Store, claim: Claim, outcome: Outcome = DONE) -> None:
    def work(unit: Unit) -> None:
        claims.release(unit, claim)
        settle(unit, claim.execution_id, outcome)

    store.write(work)


def test_that_of_many_runners_one_takes_an_execution(store: Store) -> None:
    request(store, add_task(store))
    runners = [add_runner(store, f"runner-{number}") for number in range(5)]
    (waiting,) = store.read(queue.waiting)
    answers = side_by_side(
        5,
        lambda number: store.write(
            lambda unit: claims.start(unit, waiting, runner_id=runners[number], lease=LEASE)
        ),
    )
    assert sum(isinstance(answer, Claim) for answer in answers) == 1
    assert answers.count(None) == 4


def test_that_two_executions_of_one_task_do_not_run_side_by_side(store: Store) -> None:
    task_id = add_task(store)
    ids = [request(store, task_id, key) for key in "ab"]
    runner = add_runner(store)
    both = store.read(queue.waiting)
    assert [each.execution_id for each in both] == ids
    answers = side_by_side(
        2,
        lambda number: store.write(
            lambda unit: claims.start(unit, both[number], runner_id=runner, lease=LEASE)
        ),
    )
    assert sum(isinstance(answer, Claim) for answer in answers) == 1
    assert next_of(store) is None


def test_that_the_next_of_a_task_waits_for_the_first_to_end(store: Store) -> None:
    task_id = add_task(store)
    first, second = (request(store, task_id, key) for key in "ab")
    claim = start(store, first, add_runner(store))
    assert next_of(store) is None
    finish(store, claim)
    assert next_of(store) == second


def test_that_a_task_at_work_does_not_hold_up_the_others(store: Store) -> None:
    busy, free = add_task(store), add_task(store, name="Other")
    start(store, request(store, busy, "a"), add_runner(store))
    request(store, busy, "b")
    wanted = request(store, free, "c")
    assert next_of(store) == wanted


def test_that_a_lease_ends_unless_it_is_renewed(store: Store, clock: FakeClock) -> None:
    claim = start(store, request(store, add_task(store)), add_runner(store))
    clock.advance(seconds=59)
    assert store.write(lambda unit: claims.renew(unit, [claim], LEASE)) == {claim.execution_id}
    clock.advance(seconds=60)
    assert store.read(claims.expired) == [], "a lease holds to its last instant"
    clock.advance(seconds=1)
    (left,) = store.read(claims.expired)
    assert (left.execution_id, left.fence) == (claim.execution_id, claim.fence)


def test_that_the_asker_s_own_are_not_taken_for_dead(store: Store, clock: FakeClock) -> None:
    claim = start(store, request(store, add_task(store)), add_runner(store))
    clock.advance(hours=8)
    assert store.read(lambda unit: claims.expired(unit, but=[claim.execution_id])) == []


def test_that_a_runner_s_executions_are_found_whatever_their_lease(store: Store) -> None:
    mine, other = add_runner(store, "a"), add_runner(store, "b")
    claim = start(store, request(store, add_task(store)), mine)
    assert [each.execution_id for each in store.read(lambda u: claims.of_runner(u, mine))] == [
        claim.execution_id
    ]
    assert store.read(lambda unit: claims.of_runner(unit, other)) == []


def test_that_an_older_right_is_void(store: Store) -> None:
    claim = start(store, request(store, add_task(store)), add_runner(store))
    older = Claim(
        claim.execution_id,
        claim.task_id,
        claim.job_id,
        claim.fence - 1,
        claim.started_at,
        claim.settings,
    )
    with pytest.raises(RefusedError) as refusal:
        finish(store, older)
    assert refusal.value.code == "execution.stale_fence"
    assert store.write(lambda unit: claims.renew(unit, [older], LEASE)) == set()


def test_that_a_result_after_the_end_is_refused(store: Store) -> None:
    claim = start(store, request(store, add_task(store)), add_runner(store))
    finish(store, claim)
    with pytest.raises(RefusedError):
        finish(store, claim, Outcome(ExecutionStatus.FAILED))
    record = store.read(lambda unit: executions.get(unit, claim.execution_id))
    assert record.status is ExecutionStatus.COMPLETED


def test_that_of_two_ends_at_once_one_is_written(store: Store) -> None:
    task_id = add_task(store)
    claim = start(store, request(store, task_id), add_runner(store))
    answers = side_by_side(4, lambda _: finish(store, claim))
    assert sum(isinstance(answer, RefusedError) for answer in answers) == 3
    assert store.read(lambda unit: tasks.get(unit, task_id)).total_runs == 1


def test_that_a_cancel_is_seen_by_who_runs_it(store: Store, clock: FakeClock) -> None:
    claim = start(store, request(store, add_task(store)), add_runner(store))
    ids = [claim.execution_id]
    assert store.read(lambda unit: claims.cancel_requested(unit, ids)) == set()
    for actor in ("first", "second"):
        ask = partial(executions.request_cancel, execution_id=claim.execution_id, actor=actor)
        store.write(ask)
        clock.advance(seconds=1)
    assert store.read(lambda unit: claims.cancel_requested(unit, ids)) == set(ids)
    assert store.read(lambda unit: claims.cancelled_by(unit, claim.execution_id)) == "first"


def test_that_progress_of_an_ended_attempt_changes_nothing(store: Store) -> None:
    claim = start(store, request(store, add_task(store)), add_runner(store), timedelta(seconds=9))
    finish(store, claim)
    store.write(lambda unit: claims.note_progress(unit, claim, progress=0.1, stage="x", log="y"))
    record = store.read(lambda unit: executions.get(unit, claim.execution_id))
    assert record.progress == 1.0


def test_that_a_cancel_never_declares_ended_what_has_just_started(store: Store) -> None:
    """However the two fall: either it never starts, or it runs and is asked to end."""
    runner = add_runner(store)
    for turn in range(12):
        execution_id = request(store, add_task(store, name=f"Task {turn}"), f"key {turn}")
        waiting = store.read(queue.waiting)[-1]

        begin = partial(claims.start, waiting=waiting, runner_id=runner, lease=LEASE)
        cancel = partial(use_cases.cancel, store, ADMIN, execution_id)
        both: list[Callable[[], object]] = [partial(store.write, begin), cancel]
        claim, _ = side_by_side(2, partial(_call, both))
        after = store.read(partial(executions.get, execution_id=execution_id))
        if claim is None:
            assert after.status is ExecutionStatus.CANCELLED
        else:
            assert after.status is ExecutionStatus.RUNNING
            assert after.is_cancel_requested


def _call(calls: list[Callable[[], object]], number: int) -> object:
    return calls[number]()
