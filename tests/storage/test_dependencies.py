"""Edges as rows, and what their upstreams came to, on SQLite and PostgreSQL."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from sqlalchemy.exc import IntegrityError

from core.contracts.planning import AddDependency
from core.domain.access import Role
from core.domain.dependency import Condition, Edge, Ended, Mode, Needed
from core.domain.execution import ExecutionStatus
from core.errors import RefusedError
from core.services.actor import Actor
from core.services.dependencies import add_dependency
from core.storage import dependencies, instance_settings, tasks
from core.storage.outcomes import Outcome, settle
from core.storage.rows import (
    ScheduledTaskExecutionRow,
    ScheduledTaskRow,
    TaskDependencyRow,
)
from core.storage.unit_of_work import Store, Unit
from tests.databases import add_runner, add_task, change_task, request, start
from tests.fakes import FakeClock

ADMIN = Actor(None, "admin", Role.SYSTEM_ADMIN)


def put(store: Store, *edges: Edge) -> None:
    for edge in edges:
        store.write(partial(dependencies.put, edge=edge))


def end(store: Store, task_id: int, key: str, status: ExecutionStatus) -> None:
    """A run of the task that starts now and ends now."""
    execution_id = request(store, task_id, key)
    start(store, execution_id, add_runner(store, identity=key))
    store.write(lambda unit: settle(unit, execution_id, Outcome(status)))


def test_that_edges_are_kept_in_the_order_in_which_they_were_said(store: Store) -> None:
    first, second, below = (add_task(store, name=name) for name in "abc")
    edges = [
        Edge(second, below, Condition.FAILED, Mode.WAIT),
        Edge(first, below, Condition.NO_FAILURE),
    ]
    put(store, *edges)

    assert store.read(lambda unit: dependencies.upstream_of(unit, below)) == edges
    assert store.read(lambda unit: dependencies.downstream_of(unit, first)) == edges[1:]
    assert store.read(dependencies.all_edges) == edges


def test_that_an_edge_said_again_is_changed_and_not_doubled(store: Store) -> None:
    above, below = add_task(store, name="a"), add_task(store, name="b")
    changed = Edge(above, below, Condition.FINISHED, Mode.WAIT)
    put(store, Edge(above, below), changed)

    assert store.read(dependencies.all_edges) == [changed]


def test_that_the_database_itself_keeps_a_pair_single(store: Store) -> None:
    above, below = add_task(store, name="a"), add_task(store, name="b")
    put(store, Edge(above, below))

    def twice(unit: Unit) -> None:
        row = TaskDependencyRow(
            upstream_id=above, downstream_id=below, condition=Condition.SUCCESS, mode=Mode.AFTER
        )
        unit.session.add(row)

    with pytest.raises(IntegrityError):
        store.write(twice)


def test_that_a_removed_edge_is_gone_and_others_stay(store: Store) -> None:
    first, second, below = (add_task(store, name=name) for name in "abc")
    put(store, Edge(first, below), Edge(second, below))

    store.write(lambda unit: dependencies.remove(unit, below, first))

    assert store.read(dependencies.all_edges) == [Edge(second, below)]


def test_that_a_downstream_in_the_recycle_bin_is_not_started(store: Store) -> None:
    above, below = add_task(store, name="a"), add_task(store, name="b")
    put(store, Edge(above, below))
    change_task(store, below, deleted_at=store.now())

    assert store.read(lambda unit: dependencies.downstream_of(unit, above)) == []
    assert store.read(dependencies.all_edges) == [Edge(above, below)]


def test_that_all_edges_are_needed_until_somebody_says_otherwise(store: Store) -> None:
    task_id = add_task(store)
    assert store.read(lambda unit: dependencies.needed_of(unit, task_id)) is Needed.ALL

    store.write(lambda unit: dependencies.set_needed(unit, task_id, Needed.ANY))

    assert store.read(lambda unit: dependencies.needed_of(unit, task_id)) is Needed.ANY


def test_that_the_outcome_of_an_upstream_is_the_one_that_ended_last(
    store: Store, clock: FakeClock
) -> None:
    above, other, below = (add_task(store, name=name) for name in "abc")
    put(store, Edge(above, below), Edge(other, below))
    slow = request(store, above, "slow")
    start(store, slow, add_runner(store))
    clock.advance(minutes=1)
    request(store, other, "queued")
    store.write(lambda unit: settle(unit, slow, Outcome(ExecutionStatus.FAILED)))
    clock.advance(minutes=1)
    end(store, above, "second", ExecutionStatus.COMPLETED)

    found = store.read(lambda unit: dependencies.upstream_outcomes(unit, below))

    assert found == {above: Ended(ExecutionStatus.COMPLETED, clock.now())}


def test_that_a_task_without_edges_has_no_outcomes(store: Store) -> None:
    task_id = add_task(store)
    end(store, task_id, "own", ExecutionStatus.COMPLETED)

    assert store.read(lambda unit: dependencies.upstream_outcomes(unit, task_id)) == {}


def test_that_two_who_close_a_circle_together_are_not_both_let_through(store: Store) -> None:
    ring = [add_task(store, name=name) for name in "abcd"]
    put(store, Edge(ring[1], ring[2]), Edge(ring[3], ring[0]))
    refused: list[str] = []
    both = threading.Barrier(2)

    def close(above: int, below: int) -> None:
        both.wait(10)
        try:
            add_dependency(store, ADMIN, AddDependency(below, above))
        except RefusedError as error:
            refused.append(error.code)

    threads = [threading.Thread(target=close, args=(ring[n], ring[n + 1])) for n in (0, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert refused == ["dependency.cycle"]
    assert len(store.read(dependencies.all_edges)) == 3


def test_that_names_are_found_in_the_recycle_bin_too(store: Store) -> None:
    kept, gone = add_task(store, name="a"), add_task(store, name="b")
    change_task(store, gone, deleted_at=store.now())

    found = store.read(lambda unit: dependencies.tasks_named(unit, [kept, gone, 99]))

    assert found == {kept: ("a", None), gone: ("b", None)}
    assert store.read(lambda unit: tasks.has_name(unit, "b", None)) is False


def test_that_a_setting_of_the_instance_is_put_changed_and_removed(
    store: Store, clock: FakeClock
) -> None:
    def value() -> object:
        return store.read(lambda unit: instance_settings.find(unit, "key"))

    assert value() is None
    for each in ({"a": 1}, {"b": [2, "三"]}):
        clock.advance(seconds=1)
        store.write(partial(instance_settings.put, key="key", value=each))
        assert value() == each
    for _again in range(2):
        store.write(lambda unit: instance_settings.remove(unit, "key"))
        assert value() is None


def test_that_the_columns_of_retries_and_pauses_have_their_defaults(store: Store) -> None:
    task_id = add_task(store)
    execution_id = request(store, task_id)

    def look(unit: Unit) -> tuple[object, ...]:
        task = unit.session.get_one(ScheduledTaskRow, task_id)
        run = unit.session.get_one(ScheduledTaskExecutionRow, execution_id)
        return (
            *(task.consecutive_failures, task.pause_code, task.pause_params),
            *(run.not_before, run.attempts, run.lost_count),
        )

    assert store.read(look) == (0, None, None, None, 0, 0)
