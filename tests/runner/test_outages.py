"""The database goes away and comes back: nothing that has been done is lost."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from core.contracts.events import ConnectionChanged, Event
from core.domain.execution import ExecutionStatus
from core.paths import Home
from core.services import executions
from core.storage.changes import ChangeFollower
from core.storage.unit_of_work import Store
from tests.builders import NOW
from tests.databases import add_school, execute
from tests.fakes import FakeClock
from tests.postgres import needs_postgres
from tests.runner.stage import (
    ADMIN,
    OutageStore,
    get,
    noop_task,
    running,
    settled,
    strays,
    until,
    until_status,
)

S = ExecutionStatus
pytestmark = pytest.mark.slow


@pytest.fixture
def away(any_store: Store, caplog: pytest.LogCaptureFixture) -> Iterator[OutageStore]:
    caplog.set_level(logging.CRITICAL)
    store = OutageStore(any_store)
    yield store
    store.close()


def run_now(store: Store, task_id: int, key: str = "key") -> int:
    return executions.run_now(store, ADMIN, task_id, key).id


def test_that_a_runner_goes_on_when_the_database_is_back(
    any_store: Store, away: OutageStore, home: Home, clock: FakeClock
) -> None:
    task_id = noop_task(any_store)
    with running(away, home):
        away.is_away = True
        until(lambda: away.refused >= 3)
        clock.advance(hours=1)
        away.is_away = False
        assert settled(any_store, task_id) == [(NOW + timedelta(hours=1), S.COMPLETED)]


def test_that_a_training_that_ends_meanwhile_is_recorded_afterwards(
    any_store: Store, away: OutageStore, home: Home
) -> None:
    execution_id = run_now(any_store, noop_task(any_store, seconds=0.5))
    with running(away, home):
        until_status(any_store, execution_id, S.RUNNING)
        away.is_away = True
        until(lambda: away.refused)
        until(lambda: not strays(home))
        assert get(any_store, execution_id).status is S.RUNNING
        away.is_away = False
        until_status(any_store, execution_id, S.COMPLETED)


def test_that_a_finished_training_outlives_its_lease_while_nobody_can_take_it_over(
    any_store: Store, away: OutageStore, home: Home
) -> None:
    execution_id = run_now(any_store, noop_task(any_store, seconds=0.2))
    with running(away, home, lease_seconds=4.0) as thread:
        until_status(any_store, execution_id, S.RUNNING)
        away.is_away = True
        until(lambda: not strays(home))
        attempts = thread.runner._attempts
        assert attempts is not None
        until(lambda: not attempts.leases._held, "trust ends")
        away.is_away = False
        until_status(any_store, execution_id, S.COMPLETED)


def test_that_listeners_hear_of_an_outage_its_end_and_what_happened_meanwhile(
    any_store: Store, away: OutageStore
) -> None:
    heard: list[Event] = []
    follower = ChangeFollower(away, 0.02)
    follower.subscribe(heard.append)
    follower.start()
    away.is_away = True
    add_school(any_store, "Meanwhile")
    until(lambda: heard)
    away.is_away = False
    until(lambda: len(heard) == 3)
    follower.close()
    assert isinstance(heard[0], ConnectionChanged)
    assert heard[0].sentence
    assert {type(event).__name__ for event in heard[1:]} == {"ConnectionChanged", "SchoolsChanged"}
    assert ConnectionChanged(heard[-1].number, None) in heard


@pytest.mark.parametrize(
    "any_store", [pytest.param("postgresql", marks=needs_postgres)], indirect=True
)
def test_that_cut_connections_cost_nothing(any_store: Store, home: Home) -> None:
    task_id = noop_task(any_store, seconds=0.5)
    cut = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with running(any_store, home):
        for turn in range(3):
            execution_id = run_now(any_store, task_id, f"key {turn}")
            execute(any_store, cut)
            until_status(any_store, execution_id, S.RUNNING, S.COMPLETED)
            execute(any_store, cut)
            until_status(any_store, execution_id, S.COMPLETED)
