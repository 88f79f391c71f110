"""A runner on a thread of its own, over a real database and with real child processes."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from core.clock import Clock
from core.contracts.records import ExecutionRecord
from core.domain.access import Role
from core.domain.execution import ExecutionStatus
from core.domain.task import Policies
from core.errors import UnavailableError
from core.paths import Home
from core.runner.runner import Runner
from core.services.actor import Actor
from core.settings import RunnerSettings
from core.storage import executions
from core.storage.changes import ChangeFollower
from core.storage.engine import make_engine
from core.storage.unit_of_work import Store
from core.training.launch import run_id_of
from core.training.process_tree import find_strays
from tests.databases import add_task, history, outcomes_of

T = TypeVar("T")
ADMIN = Actor(None, "admin", Role.SYSTEM_ADMIN)
DEADLINE_SECONDS = 40.0
QUICK = RunnerSettings(
    slots=2,
    processors=2,
    stop_grace_seconds=5.0,
    max_sleep_seconds=0.1,
    poll_seconds=0.05,
)
"""Looks often, so that a clock moved by a test is noticed; leases are long, nothing is lost."""


def until(condition: Callable[[], object], what: str = "") -> None:
    """Wait for a condition, at most until the deadline."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, what or "it did not happen"
        pause.wait(0.02)


class RunnerThread:
    """One life of a runner."""

    def __init__(self, store: Store, home: Home, settings: RunnerSettings = QUICK) -> None:
        self._changes = ChangeFollower(store, settings.poll_seconds)
        self.runner = Runner(store, home, settings, self._changes)
        self._started = threading.Event()
        self._failure: BaseException | None = None
        self._is_stopping_work = True
        self._thread = threading.Thread(target=self._run, name="test-runner")

    def start(self) -> None:
        self._thread.start()
        assert self._started.wait(DEADLINE_SECONDS)
        if self._failure is not None:
            raise self._failure

    def ask_to_stop(self, *, is_stopping_work: bool = True) -> None:
        self._is_stopping_work = is_stopping_work
        self._loop.call_soon_threadsafe(self._asked.set)

    def join(self) -> None:
        self._thread.join(DEADLINE_SECONDS)
        assert not self._thread.is_alive()
        if self._failure is not None:
            raise self._failure

    def stop(self, *, is_stopping_work: bool = True) -> None:
        if self._thread.is_alive():
            self.ask_to_stop(is_stopping_work=is_stopping_work)
        self.join()

    def wait_until_idle(self) -> None:
        waiting = asyncio.run_coroutine_threadsafe(self.runner.wait_until_idle(), self._loop)
        waiting.result(DEADLINE_SECONDS)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self._failure = error
        finally:
            self._changes.close()
            self._started.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._asked = asyncio.Event()
        await self.runner.start()
        self._started.set()
        await self._asked.wait()
        await self.runner.stop(is_stopping_work=self._is_stopping_work)


@contextmanager
def running(
    store: Store, home: Home, settings: RunnerSettings = QUICK, **changes: Any
) -> Iterator[RunnerThread]:
    """A runner that is stopped, with its work, at the end of the block."""
    thread = RunnerThread(store, home, replace(settings, **changes))
    thread.start()
    try:
        yield thread
    finally:
        thread.stop()


class OutageStore(Store):
    """A store whose database can go away and come back."""

    def __init__(self, store: Store) -> None:
        super().__init__(make_engine(store.engine.url), store._clock)
        self.is_away = False
        self.refused = 0

    def _retrying(self, once: Callable[[], T]) -> T:
        if self.is_away:
            self.refused += 1
            raise UnavailableError("database.unavailable", detail="the test took it away")
        return super()._retrying(once)


def another_process(store: Store, clock: Clock | None = None) -> Store:
    """The same database as another process sees it: its commits wake nobody here."""
    return Store(make_engine(store.engine.url), clock or store._clock)


def noop_task(store: Store, name: str = "Hourly", **changes: Any) -> int:
    """A task of the trainer that only takes time; `seconds` and `fail` go to it."""
    params = {key: changes.pop(key) for key in ("seconds", "fail") if key in changes}
    policies = Policies(**changes.pop("policies", {}))
    return add_task(store, name=name, trainer_params=params, policies=policies.to_json(), **changes)


def settled(store: Store, task_id: int) -> list[tuple[datetime | None, ExecutionStatus]]:
    """What became of each planned instant of a task, once there is one and all have ended."""

    def has_ended() -> bool:
        found = outcomes_of(store, task_id)
        return bool(found) and all(status.is_final for _, status in found)

    until(has_ended)
    return outcomes_of(store, task_id)


def get(store: Store, execution_id: int) -> ExecutionRecord:
    return store.read(lambda unit: executions.get(unit, execution_id))


def newest(store: Store, task_id: int) -> ExecutionRecord | None:
    found = store.read(lambda unit: history(unit, task_id))
    return found[0] if found else None


def until_status(store: Store, execution_id: int, *statuses: ExecutionStatus) -> ExecutionRecord:
    """Wait until an execution is in one of these states, or has ended otherwise."""

    def has_come() -> bool:
        status = get(store, execution_id).status
        return status in statuses or status.is_final

    until(has_come, f"execution {execution_id} is {get(store, execution_id).status}")
    record = get(store, execution_id)
    assert record.status in statuses, (record.status, record.error_message)
    return record


def strays(home: Home) -> list[int]:
    """Living processes of any attempt of this home."""
    return [stray.pid for stray in find_strays(run_id_of(home.runs))]
