"""The runner: decides what is due and executes what is queued, on a loop that it is given.

The loop only waits. Database work happens on one lane thread, attempts on their own threads, lease
renewal on another: nothing here is delayed by a dialog, and no dialog by this.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

from core.contracts.events import Event, ExecutionChanged, TaskChanged
from core.errors import UnavailableError
from core.paths import Home
from core.runner import recovery
from core.runner.attempts import Attempts
from core.scheduling.decider import decide_due
from core.scheduling.due_timer import DueTimer
from core.services import recycle_bin
from core.settings import RunnerSettings
from core.storage import executions, runners
from core.storage.changes import ChangeFollower
from core.storage.queue import next_retry_at
from core.storage.unit_of_work import Store
from core.training.launch import Launcher

log = logging.getLogger(__name__)
T = TypeVar("T")
HOUSEKEEPING_SECONDS = 15.0
EMPTYING_SECONDS = 3600.0
FIRST_RETRY_SECONDS = 0.5
HELD_SECONDS = 0.2
"""Until the next look at what is due but held by another runner."""


class Runner:
    """One life of a runner: `start`, work, `stop`. Belongs to the thread of its loop."""

    def __init__(
        self,
        store: Store,
        home: Home,
        settings: RunnerSettings,
        changes: ChangeFollower,
        launcher: Launcher | None = None,
    ) -> None:
        self._store = store
        self._home = home
        self._settings = settings
        self._changes = changes
        self._launcher = launcher or Launcher()
        self._host = socket.gethostname()
        self._lane = ThreadPoolExecutor(1, thread_name_prefix="runner")
        self._idle = asyncio.Event()
        self._is_draining = False
        self._failures = 0
        self._newest_seen = 0
        self._attempts: Attempts | None = None
        self.id: int | None = None

    async def start(self) -> None:
        """Register, clear up after dead runners, and begin. Raises `UnavailableError`."""
        loop = asyncio.get_running_loop()
        self._loop = loop
        self._changes.start()
        self.id = await self._on_lane(self._register)
        self._attempts = Attempts(
            self._store, self._home, self.id, self._settings, self._launcher, self._on_freed
        )
        self._attempts.leases.start()
        self._timer = DueTimer(loop, self._turn, max_sleep_seconds=self._settings.max_sleep_seconds)
        self._timer.add_housekeeping(self._keep_house, HOUSEKEEPING_SECONDS)
        self._timer.add_housekeeping(self._empty_bin, EMPTYING_SECONDS)
        self._timer.start()
        self._unsubscribe = self._changes.subscribe(self._on_change)
        log.info("runner %s started with %s slots", self.id, self._settings.slots)

    @property
    def running_count(self) -> int:
        """How many attempts run here now."""
        return self._attempts.running_count if self._attempts else 0

    async def wait_until_idle(self) -> None:
        """Return when nothing is queued or running and nothing is due."""
        await self._idle.wait()

    async def stop(self, *, is_stopping_work: bool) -> None:
        """Start nothing more, wait for what runs (or end it), and say goodbye."""
        # What is due from now on is left to others, or to the rules on lateness; the looks go on
        # while work is running, so that it can still be cancelled.
        self._is_draining = True
        attempts = self._attempts
        if attempts is None:  # it never came to its start
            self._lane.shutdown(wait=True)
            return
        attempts.refuse_more()
        loop = asyncio.get_running_loop()
        await self._on_lane(lambda: None)  # a look under way may still have started something
        with ThreadPoolExecutor(1) as waiting:
            await loop.run_in_executor(
                waiting, lambda: attempts.close(is_stopping=is_stopping_work)
            )
        self._unsubscribe()
        self._timer.pause()
        try:
            await self._on_lane(self._say_goodbye)  # behind a last look, if one is under way
        except UnavailableError as error:
            log.warning("the runner could not say goodbye: %s", error)
        self._timer.stop()
        self._lane.shutdown(wait=True)
        log.info("runner %s stopped", self.id)

    def _register(self) -> int:
        recovery.close_dead_runners(
            self._store, self._home, self._host, self._settings.stop_grace_seconds
        )
        process = recovery.this_process(self._host)
        return self._store.write(
            lambda unit: runners.register(unit, uuid.uuid4().hex, process, self._settings.slots)
        )

    def _say_goodbye(self) -> None:
        if self.id is not None:
            runner_id = self.id
            self._store.write(lambda unit: runners.stop(unit, runner_id))

    async def _turn(self) -> float | None:
        """One look: decide, cancel, start. Seconds until the next."""
        attempts = self._attempts
        if attempts is None:
            return None
        try:
            delay, is_idle = await self._on_lane(lambda: self._look(attempts))
        except UnavailableError as error:
            log.warning("the database is away: %s", error)
            return self._longer_each_time()
        except Exception:  # whatever it was, the looks go on, and not only at the next alarm
            log.exception("a look failed")
            return self._longer_each_time()
        self._failures = 0
        if is_idle:
            self._idle.set()
        else:
            self._idle.clear()
        return delay

    def _longer_each_time(self) -> float:
        self._failures += 1
        longest = self._settings.max_sleep_seconds
        return min(FIRST_RETRY_SECONDS * 2.0 ** min(self._failures, 10), longest)

    def _look(self, attempts: Attempts) -> tuple[float | None, bool]:
        if self._is_draining:
            attempts.stop_cancelled()
            return None, False
        outlook = decide_due(self._store)
        attempts.stop_cancelled()
        attempts.fill()
        is_idle = not self._store.read(executions.list_active)
        coming = (outlook.earliest_at, self._store.read(next_retry_at))
        soonest = min((each for each in coming if each is not None), default=None)
        if soonest is None:
            return None, is_idle
        # A difference of two database times, so that this machine's own clock does not matter.
        delay = (soonest - outlook.now).total_seconds()
        is_held = delay <= 0
        return (HELD_SECONDS if is_held else delay), is_idle and not is_held

    async def _keep_house(self) -> None:
        try:
            await self._on_lane(self._clear_up)
        except UnavailableError as error:
            log.warning("housekeeping is put off: %s", error)

    async def _empty_bin(self) -> None:
        """What has lain in the recycle bin long enough goes, in small batches."""
        try:
            await self._on_lane(lambda: recycle_bin.purge(self._store))
        except UnavailableError as error:
            log.warning("emptying the recycle bin is put off: %s", error)

    def _clear_up(self) -> None:
        """After other runners that died: those of this host at once, all others by their leases."""
        if self.id is None or self._attempts is None:
            return
        recovery.close_dead_runners(
            self._store, self._home, self._host, self._settings.stop_grace_seconds
        )
        recovery.expire_leases(
            self._store,
            timedelta(seconds=self._settings.lease_seconds),
            but_runner=self.id,
            but_executions=self._attempts.running_ids,
        )

    def _on_change(self, event: Event) -> None:
        """On the follower's thread. Progress repeats an old number and means nothing here."""
        if isinstance(event, TaskChanged | ExecutionChanged) and event.number > self._newest_seen:
            self._newest_seen = event.number
            self._wake()

    def _on_freed(self) -> None:
        """On an attempt's thread."""
        self._wake()

    def _wake(self) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has just been closed
            self._loop.call_soon_threadsafe(self._timer.wake)

    async def _on_lane(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._lane, work)
