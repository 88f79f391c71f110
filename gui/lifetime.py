"""The coroutines of the window: known by name, none dies unseen, all end before the program."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

log = logging.getLogger(__name__)


class TaskRegistry:
    """Starts coroutines on the running loop and keeps each until it has ended.

    `on_error` hears every exception that no one handled: it is logged here and must be shown there.
    """

    def __init__(self, on_error: Callable[[BaseException], None]) -> None:
        self._on_error = on_error
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None], *, name: str) -> asyncio.Task[None]:
        """Run `work` until it ends or the registry closes."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._on_task_done)
        return task

    async def close(self, deadline_seconds: float) -> None:
        """Wait for what runs; what is not done by the deadline is cancelled and awaited."""
        current = asyncio.current_task()
        waiting = [task for task in self._tasks if task is not current]
        if not waiting:
            return
        _, late = await asyncio.wait(waiting, timeout=deadline_seconds)
        for task in late:
            log.warning("cancelled at closing: %s", task.get_name())
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _on_task_done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if task.cancelled():
            return
        if error := task.exception():
            log.error("error in %s", task.get_name(), exc_info=error)
            self._on_error(error)
