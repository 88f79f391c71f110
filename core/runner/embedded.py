"""The runner inside the window: only if no other runner is alive on this database."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from datetime import timedelta

from core.client.connect import Connected, connect
from core.client.local import LocalBackend
from core.runner import recovery
from core.runner.runner import Runner
from core.settings import Settings
from core.storage import runners
from core.storage.unit_of_work import Store


class EmbeddedRunner:
    """A runner that the window starts and stops."""

    def __init__(self, connected: Connected, settings: Settings) -> None:
        self._backend = connected.backend
        self._runner = Runner(connected.store, connected.home, settings.runner, connected.changes)

    @property
    def running_count(self) -> int:
        """How many executions run in this process."""
        return self._runner.running_count

    async def start(self) -> None:
        """Begin to decide and execute, on the running loop."""
        await self._runner.start()
        self._backend.own_runner_id = self._runner.id

    async def stop(self, *, cancel_running: bool) -> None:
        """Wait for what runs, or end it, and leave."""
        await self._runner.stop(is_stopping_work=cancel_running)
        self._backend.own_runner_id = None


@dataclass(frozen=True, slots=True)
class Desktop:
    """What a window opens: a backend, and a runner unless another one is at work already."""

    backend: LocalBackend
    runner: EmbeddedRunner | None


def open_desktop(settings: Settings) -> Desktop:
    """Open (make, upgrade) the database; blocking, for a thread of the window.

    Raises:
        AppError: as `core.client.connect.connect`.
    """
    connected = connect(settings, create=True)
    if _has_living_runner(connected.store, settings):
        return Desktop(connected.backend, None)
    return Desktop(connected.backend, EmbeddedRunner(connected, settings))


def _has_living_runner(store: Store, settings: Settings) -> bool:
    """A heartbeat within a lease; a dead process of this host is known to be dead at once."""
    lease = timedelta(seconds=settings.runner.lease_seconds)
    host = socket.gethostname()
    here = dict(store.read(lambda unit: runners.not_stopped_on(unit, host)))
    found = store.read(lambda unit: runners.list_recent(unit, lease))
    return any(
        runner.is_alive and (runner.id not in here or recovery.is_alive(here[runner.id]))
        for runner in found
    )
