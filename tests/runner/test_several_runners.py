"""Several runners on one database: everything runs once, and who dies is cleared up after."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

import core
from core.clock import SystemClock
from core.contracts.records import RunnerRecord, TaskRecord
from core.domain.execution import ExecutionStatus, Reason
from core.paths import Home
from core.runner import recovery
from core.runner.embedded import open_desktop
from core.services import executions
from core.settings import RunnerSettings, Settings
from core.storage import runners
from core.storage import tasks as task_rows
from core.storage.rows import TrainingJobRow
from core.storage.runners import Process
from core.storage.unit_of_work import Store
from tests.builders import NOW
from tests.databases import LOST_IS_LOST, add_runner, outcomes_of, request, start
from tests.fakes import FakeClock
from tests.runner.stage import (
    ADMIN,
    DEADLINE_SECONDS,
    another_process,
    get,
    noop_task,
    running,
    settled,
    strays,
    until,
    until_status,
)

S = ExecutionStatus
HOUR = timedelta(hours=1)
LEASE = timedelta(seconds=60)
CHECKOUT = Path(core.__file__).parent.parent
HEADLESS = """
import sys
from pathlib import Path
from core.paths import Home
from core.runner.host import run_headless
from core.settings import RunnerSettings, Settings
runner = RunnerSettings(slots=1, max_sleep_seconds=0.2, poll_seconds=0.1, stop_grace_seconds=5.0)
settings = Settings(home=Home(Path(sys.argv[1])), runner=runner)
sys.exit(run_headless(settings, until_idle="--until-idle" in sys.argv))
"""
pytestmark = pytest.mark.slow


@pytest.fixture
def clock() -> SystemClock:
    """Several processes share only the machine's clock."""
    return SystemClock()


@contextmanager
def headless(home: Home, *flags: str) -> Iterator[subprocess.Popen[bytes]]:
    """A runner process of its own; killed at the end, should it still live."""
    process = subprocess.Popen(
        [sys.executable, "-c", HEADLESS, str(home.root), *flags],
        cwd=CHECKOUT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def run_now(store: Store, task_id: int, key: str = "key") -> int:
    return executions.run_now(store, ADMIN, task_id, key).id


def all_runners(store: Store) -> tuple[RunnerRecord, ...]:
    return store.read(lambda unit: runners.list_recent(unit, LEASE))


def test_that_two_runners_run_nothing_twice_and_forget_nothing(
    any_store: Store, home: Home
) -> None:
    due_at = SystemClock().now().replace(microsecond=0)
    ids = [
        noop_task(any_store, f"Task {number}", anchor_at=due_at - HOUR, next_run_at=due_at)
        for number in range(12)
    ]
    elsewhere = another_process(any_store)
    with running(any_store, home), running(elsewhere, home):
        for task_id in ids:
            until(partial(has_run, any_store, task_id))
    jobs = any_store.read(
        lambda unit: unit.session.execute(
            select(TrainingJobRow.execution_id, func.count()).group_by(TrainingJobRow.execution_id)
        ).all()
    )
    assert [count for _, count in jobs] == [1] * len(ids)
    for task_id in ids:
        task = task_rows_of(any_store, task_id)
        assert (task.total_runs, task.success_runs) == (1, 1)
    elsewhere.close()


def has_run(store: Store, task_id: int) -> bool:
    return task_rows_of(store, task_id).total_runs > 0


def task_rows_of(store: Store, task_id: int) -> TaskRecord:
    return store.read(lambda unit: task_rows.get(unit, task_id))


def test_that_a_killed_runner_leaves_lost_executions_and_no_process(
    store: Store, home: Home
) -> None:
    victim = run_now(store, noop_task(store, seconds=300, policies=LOST_IS_LOST))
    waiting = run_now(store, noop_task(store, "Waiting"), "later")
    with headless(home) as process:
        until_status(store, victim, S.RUNNING)
        until(lambda: strays(home))
        os.kill(process.pid, signal.SIGKILL)
        process.wait(DEADLINE_SECONDS)
    assert strays(home), "a worker outlives its runner, until somebody comes"
    with running(store, home, slots=1):
        assert get(store, victim).status is S.LOST
        until_status(store, waiting, S.COMPLETED)
        assert strays(home) == []
    record = get(store, victim)
    assert record.reason is Reason.RUNNER_LOST
    assert record.runner_host
    assert record.runner_host in (record.error_message or "")
    assert task_rows_of(store, record.scheduled_task_id).failed_runs == 1
    assert [runner.is_alive for runner in all_runners(store)] == [False, False]
    assert not list(home.runs.iterdir())


def test_that_a_headless_runner_ends_when_there_is_nothing_left(store: Store, home: Home) -> None:
    ids = [run_now(store, noop_task(store, f"Task {n}"), f"key {n}") for n in range(3)]
    with headless(home, "--until-idle") as process:
        _, errors = process.communicate(timeout=DEADLINE_SECONDS)
    assert process.returncode == 0, errors.decode()
    assert [get(store, execution_id).status for execution_id in ids] == [S.COMPLETED] * 3


@pytest.mark.skipif(os.name == "nt", reason="there are no signals")
def test_that_a_headless_runner_that_is_told_to_end_leaves_nothing_behind(
    store: Store, home: Home
) -> None:
    execution_id = run_now(store, noop_task(store, seconds=300))
    with headless(home) as process:
        until_status(store, execution_id, S.RUNNING)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=DEADLINE_SECONDS)
    assert process.returncode == 0, errors.decode()
    assert b"Traceback" not in errors
    assert get(store, execution_id).reason is Reason.RUNNER_STOPPED
    assert strays(home) == []
    assert [runner.is_alive for runner in all_runners(store)] == [False]


def test_that_a_window_starts_no_second_runner_beside_a_living_one(
    store: Store, home: Home
) -> None:
    settings = Settings(home=home, runner=RunnerSettings())
    with headless(home) as process:
        until(lambda: [runner.is_alive for runner in all_runners(store)] == [True])
        desktop = open_desktop(settings)
        assert desktop.runner is None
        desktop.backend.close()
        process.kill()
        process.wait(DEADLINE_SECONDS)
    desktop = open_desktop(settings)
    assert desktop.runner is not None, "a dead process of this host is known to be dead at once"
    desktop.backend.close()


def test_that_only_the_dead_of_this_host_are_cleared_up_at_once(store: Store, home: Home) -> None:
    task_ids = [
        noop_task(store, name, policies=LOST_IS_LOST) for name in ("dead", "alive", "elsewhere")
    ]
    own = recovery.this_process("here")
    never = Process("here", own.pid, own.started_at - timedelta(hours=1))
    far = Process("there", 1, own.started_at)
    claims = []
    for task_id, process in zip(task_ids, (never, own, far), strict=True):
        identity = f"{process.host} {process.started_at}"
        register = partial(runners.register, identity=identity, process=process, slots=1)
        runner_id = store.write(register)
        claims.append(start(store, request(store, task_id, str(task_id)), runner_id))
    recovery.close_dead_runners(store, home, "here", grace_seconds=0)
    statuses = [get(store, claim.execution_id).status for claim in claims]
    assert statuses == [S.LOST, S.RUNNING, S.RUNNING]


class TestAfterALease:
    """A runner elsewhere that gives no sign: its lease is the only thing to go by."""

    @pytest.fixture
    def clock(self) -> FakeClock:
        return FakeClock()

    def test_that_an_execution_without_a_sign_is_lost_after_its_lease(
        self, store: Store, clock: FakeClock
    ) -> None:
        task_id = noop_task(store, policies=LOST_IS_LOST)
        claim = start(store, request(store, task_id), add_runner(store))
        me = add_runner(store, "me")
        clock.advance(seconds=60)
        recovery.expire_leases(store, LEASE, but_runner=me, but_executions=())
        assert get(store, claim.execution_id).status is S.RUNNING
        clock.advance(seconds=1)
        recovery.expire_leases(store, LEASE, but_runner=me, but_executions=())
        assert get(store, claim.execution_id).status is S.LOST
        assert not all_runners(store)[-1].is_alive

    def test_that_a_machine_that_was_suspended_does_not_declare_itself_dead(
        self, store: Store, clock: FakeClock
    ) -> None:
        me = add_runner(store, "me")
        claim = start(store, request(store, noop_task(store)), me)
        clock.advance(hours=9)
        recovery.expire_leases(store, LEASE, but_runner=me, but_executions=[claim.execution_id])
        assert get(store, claim.execution_id).status is S.RUNNING
        store.write(lambda unit: runners.beat(unit, me))
        assert all_runners(store)[0].is_alive

    def test_that_a_task_goes_on_after_a_lost_execution(
        self, store: Store, home: Home, clock: FakeClock
    ) -> None:
        task_id = noop_task(store, policies=LOST_IS_LOST)
        start(store, request(store, task_id), add_runner(store))
        clock.advance(hours=1)
        recovery.expire_leases(store, LEASE, but_runner=0, but_executions=())
        with running(store, home):
            assert settled(store, task_id) == [(NOW + HOUR, S.COMPLETED)]
        assert outcomes_of(store, task_id) == [(NOW + HOUR, S.COMPLETED)]
