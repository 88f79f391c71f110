"""From an open window to an open instance, and back: opening, retrying, and the close protocol.

It holds the order of these steps and nothing of what the pages do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol, TypeVar

from PySide6.QtCore import QObject

from core.contracts.backend import Backend
from core.contracts.records import ExecutionFilter, ExecutionRecord
from core.domain.execution import ExecutionStatus
from core.errors import AppError
from core.language import _
from core.messages import error_sentence
from gui.bridge import Bridge
from gui.dialogs.close_dialog import CloseAnswer, CloseDialog
from gui.lifetime import TaskRegistry
from gui.main_window import MainWindow, PageEntry
from gui.operations import CLOSE_SECONDS, Operations
from gui.views.navigation import PageName

T = TypeVar("T")
AT_WORK = ExecutionFilter(statuses=frozenset({ExecutionStatus.RUNNING, ExecutionStatus.RETRYING}))


class Runner(Protocol):
    """The runner inside this process: `core.runner.embedded.EmbeddedRunner`, or a test's."""

    @property
    def running_count(self) -> int:
        """How many executions run here."""

    async def start(self) -> None:
        """Begin to decide and execute."""

    async def stop(self, *, cancel_running: bool) -> None:
        """Start nothing more, and return when nothing runs."""


class Desktop(Protocol):
    """An opened instance: `core.runner.embedded.Desktop`, or a test's."""

    @property
    def backend(self) -> Backend:
        """The product's calls."""

    @property
    def runner(self) -> Runner | None:
        """Its runner, if this process is to be one."""


BuildPages = Callable[[Operations, Bridge], Mapping[PageName, PageEntry]]


class _Phase(Enum):
    OPENING = auto()
    FAILED = auto()
    OPEN = auto()
    ASKING = auto()
    WAITING = auto()
    CLOSING = auto()


@dataclass(frozen=True, slots=True)
class _Opened:
    """What there is between opening and closing."""

    desktop: Desktop
    operations: Operations
    bridge: Bridge


class Session(QObject):
    """One window's life with one instance. `ended` is set when the program may end."""

    def __init__(
        self,
        window: MainWindow,
        registry: TaskRegistry,
        open_desktop: Callable[[], Desktop],
        build_pages: BuildPages,
    ) -> None:
        super().__init__(window)
        self.ended = asyncio.Event()
        self._window = window
        self._registry = registry
        self._open_desktop = open_desktop
        self._build_pages = build_pages
        self._lane = ThreadPoolExecutor(1, thread_name_prefix="open")
        self._phase = _Phase.OPENING
        self._opened: _Opened | None = None
        self._opening: asyncio.Task[None] | None = None
        self._question: CloseDialog | None = None
        self._connect()

    def open(self) -> None:
        """Open the instance; the window shows that it does."""
        self._phase = _Phase.OPENING
        self._window.show_opening()
        self._opening = self._registry.start(self._open(), name="open")

    def request_close(self, *, must_stop: bool = False) -> None:
        """End the program: after a question if this window trains, unless it `must_stop`."""
        match self._phase:
            case _Phase.CLOSING:
                return
            case _Phase.OPEN if self._opened and not must_stop and _is_training(self._opened):
                self._look_for_work(self._opened)
            case _Phase.WAITING | _Phase.ASKING if not must_stop:
                self._window.activateWindow()
            case _Phase.WAITING:
                self._stop_work()
            case _Phase.OPENING | _Phase.FAILED | _Phase.OPEN | _Phase.ASKING:
                self._close_now()

    def _connect(self) -> None:
        self._window.close_requested.connect(self._on_close_requested)
        self._window.retry_requested.connect(self.open)
        self._window.notice_action_clicked.connect(self._stop_work)

    def _on_close_requested(self) -> None:
        self.request_close()

    def _on_question_answered(self, answer: CloseAnswer) -> None:
        self._question = None
        if self._phase is not _Phase.ASKING:
            return
        match answer:
            case CloseAnswer.STAY:
                self._phase = _Phase.OPEN
            case CloseAnswer.STOP:
                self._close_now()
            case CloseAnswer.WAIT:
                self._phase = _Phase.WAITING
                self._window.show_notice(
                    _("Traintable closes when the running training has finished."),
                    _("Stop it now"),
                )
                self._registry.start(self._close(cancel_running=False), name="wait and close")

    async def _open(self) -> None:
        desktop: Desktop | None = None
        try:
            desktop = await self._off_loop(self._open_desktop)
            if desktop.runner is not None:
                await desktop.runner.start()
        except AppError as error:
            await self._fail(desktop, error_sentence(error))
        except BaseException:
            await self._fail(desktop, _("An unexpected error occurred: see the details above."))
            raise
        else:
            # Whoever closed the window meanwhile waits for this and then lets go of it.
            self._opened = self._take(desktop)
            if self._phase is _Phase.OPENING:
                self._show(self._opened)

    async def _fail(self, desktop: Desktop | None, sentence: str) -> None:
        if desktop is not None:
            await self._off_loop(desktop.backend.close)
        if self._phase is _Phase.OPENING:
            self._phase = _Phase.FAILED
            self._window.show_failure(sentence)

    def _take(self, desktop: Desktop) -> _Opened:
        operations = Operations(desktop.backend, self._registry, self)
        operations.error_occurred.connect(self._on_error_occurred)
        return _Opened(desktop, operations, Bridge(desktop.backend, operations, self))

    def _show(self, opened: _Opened) -> None:
        self._phase = _Phase.OPEN
        self._window.follow(opened.operations, opened.bridge)
        self._window.show_pages(self._build_pages(opened.operations, opened.bridge))

    def _on_error_occurred(self, error: AppError) -> None:
        self._window.show_error(error_sentence(error))

    def _look_for_work(self, opened: _Opened) -> None:
        """The question names what runs; without a database it is asked all the same."""
        self._phase = _Phase.ASKING
        opened.operations.query(
            self, _work_here, self._ask_about, failed=lambda _error: self._ask([])
        )

    def _ask_about(self, at_work: list[ExecutionRecord]) -> None:
        if at_work:
            self._ask([one.task_name for one in at_work])
        elif self._phase is _Phase.ASKING:
            self._close_now()  # it has ended meanwhile

    def _ask(self, task_names: list[str]) -> None:
        if self._phase is _Phase.ASKING:
            self._question = CloseDialog(task_names, self._window)
            self._question.answered.connect(self._on_question_answered)
            self._question.open()

    def _stop_work(self) -> None:
        """Ask what runs to end; the waiting close then goes on by itself."""
        if self._opened is not None:
            self._opened.operations.command(self, _cancel_work)

    def _close_now(self) -> None:
        self._enter_closing()
        self._registry.start(self._close(cancel_running=True), name="close")

    async def _close(self, *, cancel_running: bool) -> None:
        """The way out; whatever fails on it is reported, but never keeps the program alive."""
        try:
            if self._opening is not None:
                await asyncio.wait([self._opening])
            if self._opened is not None:
                if self._opened.desktop.runner is not None:
                    await self._opened.desktop.runner.stop(cancel_running=cancel_running)
                self._enter_closing()
                await self._let_go(self._opened)
        finally:
            self._window.allow_close()
            self.ended.set()

    def _enter_closing(self) -> None:
        self._phase = _Phase.CLOSING
        if self._question is not None:
            self._question.reject()
        self._window.show_closing()

    async def _let_go(self, opened: _Opened) -> None:
        # What no longer exists asks no more: an answer on its way cannot begin another query.
        opened.bridge.close()
        opened.bridge.deleteLater()
        self._window.drop_pages()
        await self._registry.close(CLOSE_SECONDS)
        await self._off_loop(opened.desktop.backend.close)
        opened.operations.close()
        self._lane.shutdown(wait=False)

    async def _off_loop(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._lane, call)


def _is_training(opened: _Opened) -> bool:
    return opened.desktop.runner is not None and opened.desktop.runner.running_count > 0


def _work_here(backend: Backend) -> list[ExecutionRecord]:
    """What runs on this machine: other runners of the same database are not ours to end."""
    host = backend.describe_connection().runner_host
    return [one for one in backend.list_executions(AT_WORK) if one.runner_host == host]


def _cancel_work(backend: Backend) -> None:
    for one in _work_here(backend):
        try:
            backend.cancel_execution(one.id)
        except AppError:
            continue  # it has just ended by itself
