"""Leases are kept while the database answers; trust ends before they do when it does not."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TypeVar

import pytest

from core.domain.execution import ExecutionStatus
from core.scheduling.leases import LeaseKeeper
from core.services.recording import record_lost
from core.storage import claims, runners
from core.storage.claims import Claim
from core.storage.rows import ScheduledTaskExecutionRow
from core.storage.unit_of_work import Store
from tests.databases import LOST_IS_LOST, add_runner, request, start
from tests.fakes import FakeClock
from tests.runner.stage import DEADLINE_SECONDS, OutageStore, get, noop_task, until

T = TypeVar("T")


class Lost:
    """Who hears of lost rights."""

    def __init__(self) -> None:
        self.claims: list[Claim] = []
        self.event = threading.Event()

    def __call__(self, claim: Claim) -> None:
        self.claims.append(claim)
        self.event.set()


class HangingStore(OutageStore):
    """A store whose server vanished without a word: calls hang until the test lets them go."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.let_go = threading.Event()

    def _retrying(self, once: Callable[[], T]) -> T:
        if self.is_away:
            self.refused += 1
            assert self.let_go.wait(DEADLINE_SECONDS)
        return super()._retrying(once)


@pytest.fixture
def claim(store: Store) -> Claim:
    task_id = noop_task(store, policies=LOST_IS_LOST)
    return start(store, request(store, task_id), add_runner(store))


@contextmanager
def keeping(store: Store, claim: Claim, lost: Lost, seconds: float) -> Iterator[LeaseKeeper]:
    keeper = LeaseKeeper(store, 1, seconds, lost)
    keeper.start()
    keeper.hold(claim)
    try:
        yield keeper
    finally:
        keeper.close()


def test_that_a_lease_goes_on_as_long_as_the_work(
    store: Store, claim: Claim, clock: FakeClock
) -> None:
    lost = Lost()
    with keeping(store, claim, lost, 3.0):
        for _ in range(2):
            clock.advance(hours=1)
            until(lambda: store.read(claims.expired) == [])
    assert lost.claims == []


def test_that_who_cannot_renew_gives_up_in_time(store: Store, claim: Claim) -> None:
    away, lost = OutageStore(store), Lost()
    with keeping(away, claim, lost, 0.6):
        away.is_away = True
        assert lost.event.wait(DEADLINE_SECONDS)
    assert lost.claims == [claim]
    away.close()


def test_that_a_renewal_that_hangs_does_not_keep_anybody_from_giving_up(
    store: Store, claim: Claim
) -> None:
    hanging, lost = HangingStore(store), Lost()
    hanging.is_away = True
    with keeping(hanging, claim, lost, 0.6):
        until(lambda: hanging.refused)
        assert lost.event.wait(DEADLINE_SECONDS)
        assert not hanging.let_go.is_set(), "the renewal still hangs"
        hanging.is_away = False
        hanging.let_go.set()
    hanging.close()


def test_that_a_short_outage_costs_nothing(store: Store, claim: Claim, clock: FakeClock) -> None:
    away, lost = OutageStore(store), Lost()
    with keeping(away, claim, lost, 6.0):
        away.is_away = True
        until(lambda: away.refused)
        clock.advance(seconds=4)
        away.is_away = False
        expected = clock.now() + timedelta(seconds=6)
        until(lambda: lease_of(store, claim) == expected)
    assert lost.claims == []
    away.close()


def lease_of(store: Store, claim: Claim) -> object:
    return store.read(
        lambda unit: unit.session.get_one(ScheduledTaskExecutionRow, claim.execution_id).lease_until
    )


def test_that_a_right_given_to_another_is_noticed(store: Store, claim: Claim) -> None:
    lost = Lost()
    with keeping(store, claim, lost, 1.5):
        store.write(lambda unit: record_lost(unit, claim))
        assert lost.event.wait(DEADLINE_SECONDS)
    assert get(store, claim.execution_id).status is ExecutionStatus.LOST


def test_that_what_has_ended_is_not_renewed(store: Store, claim: Claim, clock: FakeClock) -> None:
    lost = Lost()
    with keeping(store, claim, lost, 0.3) as keeper:
        keeper.drop(claim)
        store.write(lambda unit: record_lost(unit, claim))
        later = clock.advance(minutes=1)
        until(lambda: heartbeat(store) == later)
    assert lost.claims == []


def heartbeat(store: Store) -> object:
    (runner,) = store.read(lambda unit: runners.list_recent(unit, timedelta(seconds=60)))
    return runner.heartbeat_at
