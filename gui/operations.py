"""Every call from the window to the backend: off the event loop, its answer back on it.

A `query` reads (several at once), a `command` changes (one after the other, in the order asked).
Pages never await and never see a thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from typing import TypeVar

import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.contracts.backend import Backend
from core.errors import AppError
from gui.lifetime import TaskRegistry

T = TypeVar("T")
READ_LANES = 4
CLOSE_SECONDS = 5.0


class Operations(QObject):
    """Runs backend calls on its lanes and hands each answer to the widget that asked.

    `owner` is who asked: once it is destroyed, its late answers are dropped. An error goes to
    `failed`, or else to the signal `error_occurred`, which the window shows.
    """

    error_occurred = Signal(object)
    """An `AppError` that the asker did not handle itself."""
    is_writing_changed = Signal(bool)

    def __init__(self, backend: Backend, registry: TaskRegistry, parent: QObject) -> None:
        super().__init__(parent)
        self._backend = backend
        self._registry = registry
        self._reads = ThreadPoolExecutor(READ_LANES, thread_name_prefix="read")
        self._writes = ThreadPoolExecutor(1, thread_name_prefix="write")
        self._latest: dict[tuple[int, str], int] = {}
        self._commands_under_way = 0
        self._is_closed = False

    def query(
        self,
        owner: QObject,
        call: Callable[[Backend], T],
        done: Callable[[T], None],
        *,
        failed: Callable[[AppError], None] | None = None,
        key: str | None = None,
    ) -> None:
        """Read something. Of several queries with one `key` only the latest is answered."""
        if self._is_closed:
            return
        turn = self._take_turn(owner, key)

        def is_wanted() -> bool:
            return shiboken6.isValid(owner) and self._is_latest(owner, key, turn)

        self._registry.start(
            self._run(self._reads, call, done, failed, is_wanted), name=f"query {key or ''}"
        )

    def command(
        self,
        owner: QObject,
        call: Callable[[Backend], T],
        done: Callable[[T], None] | None = None,
        *,
        failed: Callable[[AppError], None] | None = None,
        busy: QWidget | None = None,
    ) -> None:
        """Change something; `busy` is disabled until the answer is here."""
        if self._is_closed:
            return
        if busy is not None:
            busy.setEnabled(False)
        self._count_commands(+1)

        def is_wanted() -> bool:
            return shiboken6.isValid(owner)

        def clear() -> None:
            self._count_commands(-1)
            if busy is not None and shiboken6.isValid(busy):
                busy.setEnabled(True)

        self._registry.start(
            self._run(self._writes, call, done, failed, is_wanted, clear), name="command"
        )

    def close(self) -> None:
        """End the lanes; calls that have not begun, and those asked for later, are dropped."""
        self._is_closed = True
        self._reads.shutdown(wait=False, cancel_futures=True)
        self._writes.shutdown(wait=False, cancel_futures=True)

    async def _run(
        self,
        lane: Executor,
        call: Callable[[Backend], T],
        done: Callable[[T], None] | None,
        failed: Callable[[AppError], None] | None,
        is_wanted: Callable[[], bool],
        clear: Callable[[], None] = lambda: None,
    ) -> None:
        loop = asyncio.get_running_loop()
        try:
            answer = await loop.run_in_executor(lane, partial(call, self._backend))
        except AppError as error:
            clear()
            if is_wanted():
                (failed or self.error_occurred.emit)(error)
            return
        except BaseException:
            clear()
            raise
        clear()
        if done is not None and is_wanted():
            done(answer)

    def _take_turn(self, owner: QObject, key: str | None) -> int:
        if key is None:
            return 0
        place = (id(owner), key)
        self._latest[place] = self._latest.get(place, 0) + 1
        return self._latest[place]

    def _is_latest(self, owner: QObject, key: str | None, turn: int) -> bool:
        return key is None or self._latest.get((id(owner), key)) == turn

    def _count_commands(self, step: int) -> None:
        self._commands_under_way += step
        self.is_writing_changed.emit(self._commands_under_way > 0)
