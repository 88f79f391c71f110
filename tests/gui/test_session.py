"""Opening, retrying and closing: the window never waits unseen and never closes on running work."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from core.domain.execution import ACTIVE, ExecutionStatus
from core.errors import UnavailableError
from gui.dialogs.close_dialog import CloseDialog
from gui.faults import describe
from gui.lifetime import TaskRegistry
from gui.main_window import MainWindow
from gui.session import Session
from gui.ui_state import UiState
from gui.views.navigation import PageName
from gui.views.opening_view import OpeningView
from gui.widgets.banner import Banner
from tests.builders import a_task
from tests.fakes import FakeBackend
from tests.gui.shell_pages import BlankPage, blank_pages, entries


@dataclass
class FakeRunner:
    """Runs what the fake backend says; ends what it is asked to end."""

    backend: FakeBackend
    log: list[str] = field(default_factory=list)

    @property
    def running_count(self) -> int:
        runs = self.backend.executions.values()
        return sum(one.status is ExecutionStatus.RUNNING for one in runs)

    async def start(self) -> None:
        self.log.append("start")

    async def stop(self, *, cancel_running: bool) -> None:
        self.log.append("stop" if cancel_running else "wait")
        while running := [one for one in self.backend.executions.values() if one.status in ACTIVE]:
            for one in running:
                if cancel_running or one.is_cancel_requested:
                    self.backend.finish_run(one.id, ExecutionStatus.CANCELLED)
            await asyncio.sleep(0.01)


@dataclass
class FakeDesktop:
    backend: FakeBackend
    runner: FakeRunner | None


class Opener:
    """`open_desktop` as a test steers it."""

    def __init__(self, desktop: FakeDesktop) -> None:
        self.desktop = desktop
        self.errors: list[Exception] = []
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self) -> FakeDesktop:
        assert self.gate.wait(10)
        if self.errors:
            raise self.errors.pop(0)
        return self.desktop


@pytest.fixture
def opener(fake_backend: FakeBackend) -> Opener:
    return Opener(FakeDesktop(fake_backend, FakeRunner(fake_backend)))


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    # Not given to qtbot, which would delete it before the session has ended.
    made = MainWindow(UiState(tmp_path / "window.ini"))
    made.show()
    yield made
    made.deleteLater()


@pytest.fixture
def pages() -> dict[PageName, BlankPage]:
    return blank_pages()


@pytest.fixture
def session(
    qtbot: QtBot,
    window: MainWindow,
    registry: TaskRegistry,
    opener: Opener,
    pages: dict[PageName, BlankPage],
) -> Iterator[Session]:
    made = Session(window, registry, opener, lambda _operations, _bridge: entries(pages))
    yield made
    opener.gate.set()
    made.request_close(must_stop=True)
    qtbot.waitUntil(made.ended.is_set)


@pytest.fixture
def opened(qtbot: QtBot, session: Session, pages: dict[PageName, BlankPage]) -> Session:
    session.open()
    qtbot.waitUntil(pages[PageName.TASKS].isVisible)
    return session


@pytest.fixture
def training(qtbot: QtBot, opened: Session, fake_backend: FakeBackend) -> int:
    """The id of an execution that runs in this window."""
    fake_backend.put(a_task(id=1, name="Nightly"))
    run = fake_backend.run_now(1, "key").id
    fake_backend.start_run(run)
    fake_backend.change_run(run, runner_host=fake_backend.connection.runner_host)
    return run


def test_that_the_window_is_there_before_the_database(
    qtbot: QtBot, window: MainWindow, session: Session, opener: Opener
) -> None:
    opener.gate.clear()
    session.open()
    assert window.findChild(OpeningView).isVisible()
    assert window.isVisible()


def test_that_the_runner_starts_before_the_pages_are_shown(opened: Session, opener: Opener) -> None:
    assert opener.desktop.runner is not None
    assert opener.desktop.runner.log == ["start"]


def test_that_a_failure_to_open_is_said_and_can_be_tried_again(
    qtbot: QtBot,
    window: MainWindow,
    session: Session,
    opener: Opener,
    pages: dict[PageName, BlankPage],
) -> None:
    opener.errors = [UnavailableError("database.unavailable", detail="timeout")]
    session.open()
    qtbot.waitUntil(lambda: _button(window, "Try again").isVisible())
    qtbot.mouseClick(_button(window, "Try again"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(pages[PageName.TASKS].isVisible)


def test_that_a_window_that_could_not_open_closes_at_once(
    qtbot: QtBot, window: MainWindow, session: Session, opener: Opener
) -> None:
    opener.errors = [UnavailableError("database.unavailable", detail="timeout")]
    session.open()
    qtbot.waitUntil(lambda: _button(window, "Try again").isVisible())
    window.close()
    qtbot.waitUntil(session.ended.is_set)
    assert not window.isVisible()


def test_that_closing_while_opening_waits_and_lets_go_of_the_database(
    qtbot: QtBot,
    window: MainWindow,
    session: Session,
    opener: Opener,
    fake_backend: FakeBackend,
    pages: dict[PageName, BlankPage],
) -> None:
    opener.gate.clear()
    session.open()
    window.close()
    assert window.isVisible()
    opener.gate.set()
    qtbot.waitUntil(session.ended.is_set)
    assert fake_backend.is_closed
    assert pages[PageName.TASKS].parent() is None


def test_that_an_idle_window_closes_without_a_question(
    qtbot: QtBot, window: MainWindow, opened: Session, fake_backend: FakeBackend
) -> None:
    window.close()
    qtbot.waitUntil(opened.ended.is_set)
    assert fake_backend.is_closed
    assert not window.isVisible()


def test_that_a_viewer_closes_while_others_train(
    qtbot: QtBot, window: MainWindow, opener: Opener, training: int, opened: Session
) -> None:
    opener.desktop.runner = None
    window.close()
    qtbot.waitUntil(opened.ended.is_set)


def test_that_a_window_that_trains_asks_and_stays_if_told_so(
    qtbot: QtBot, window: MainWindow, training: int, opened: Session
) -> None:
    window.close()
    dialog = _question(qtbot, window)
    assert "Nightly" in dialog.informativeText()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    assert window.isVisible()
    assert not opened.ended.is_set()


def test_that_it_asks_even_if_the_database_does_not_answer(
    qtbot: QtBot, window: MainWindow, training: int, opened: Session, fake_backend: FakeBackend
) -> None:
    fake_backend.refuse("list_executions", UnavailableError("database.unavailable", detail="away"))
    window.close()
    assert "A training is running" in _question(qtbot, window).text()


def test_that_stopping_cancels_what_runs_and_then_closes(
    qtbot: QtBot, window: MainWindow, training: int, opened: Session, fake_backend: FakeBackend
) -> None:
    window.close()
    _press(qtbot, _question(qtbot, window), "Stop and close")
    qtbot.waitUntil(opened.ended.is_set)
    assert fake_backend.executions[training].status is ExecutionStatus.CANCELLED
    assert fake_backend.is_closed


def test_that_waiting_closes_when_the_training_has_finished(
    qtbot: QtBot, window: MainWindow, training: int, opened: Session, fake_backend: FakeBackend
) -> None:
    window.close()
    _press(qtbot, _question(qtbot, window), "Wait, then close")
    qtbot.waitUntil(lambda: "finished" in _notice(window))
    assert not opened.ended.is_set()
    fake_backend.finish_run(training)
    qtbot.waitUntil(opened.ended.is_set)
    assert fake_backend.executions[training].status is ExecutionStatus.COMPLETED


def test_that_a_wait_can_be_cut_short(
    qtbot: QtBot, window: MainWindow, training: int, opened: Session, fake_backend: FakeBackend
) -> None:
    window.close()
    _press(qtbot, _question(qtbot, window), "Wait, then close")
    qtbot.waitUntil(lambda: "finished" in _notice(window))
    _press(qtbot, window, "Stop it now")
    qtbot.waitUntil(opened.ended.is_set)
    assert fake_backend.executions[training].status is ExecutionStatus.CANCELLED


def test_that_a_second_ctrl_c_stops_without_an_answer(
    qtbot: QtBot, window: MainWindow, training: int, opened: Session, fake_backend: FakeBackend
) -> None:
    opened.request_close()
    _question(qtbot, window)
    opened.request_close(must_stop=True)
    qtbot.waitUntil(opened.ended.is_set)
    assert fake_backend.executions[training].status is ExecutionStatus.CANCELLED
    assert QApplication.activeModalWidget() is None


def test_that_nothing_asks_any_more_after_the_end(
    qtbot: QtBot,
    window: MainWindow,
    opened: Session,
    pages: dict[PageName, BlankPage],
) -> None:
    assert opened._opened is not None
    window.close()
    qtbot.waitUntil(opened.ended.is_set)
    assert not shiboken6.isValid(opened._opened.bridge)
    assert not any(shiboken6.isValid(page) for page in pages.values())


def test_that_a_bug_while_opening_is_shown_with_its_details(
    qtbot: QtBot, loop: asyncio.AbstractEventLoop, window: MainWindow, opener: Opener
) -> None:
    opener.errors = [ZeroDivisionError("a bug")]
    registry = TaskRegistry(lambda error: window.show_error(*describe(error)))
    session = Session(window, registry, opener, lambda _operations, _bridge: {})
    session.open()
    qtbot.waitUntil(lambda: "ZeroDivisionError" in _notice(window))
    assert _button(window, "Try again").isVisible()
    window.close()
    qtbot.waitUntil(session.ended.is_set)


def test_that_a_change_under_way_is_finished_before_the_window_closes(
    qtbot: QtBot, window: MainWindow, opened: Session, fake_backend: FakeBackend
) -> None:
    fake_backend.put(a_task(id=1))
    assert opened._opened is not None
    with fake_backend.holding("pause_task") as gate:
        opened._opened.operations.command(window, lambda backend: backend.pause_task(1))
        qtbot.waitUntil(lambda: "pause_task" in fake_backend.calls)
        window.close()
        qtbot.waitUntil(lambda: window.findChild(OpeningView).isVisible())
        assert not opened.ended.is_set()
        gate.set()
        qtbot.waitUntil(opened.ended.is_set)
    assert fake_backend.tasks[1].status.value == "paused"


def _question(qtbot: QtBot, window: MainWindow) -> CloseDialog:
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), CloseDialog))
    return window.findChild(CloseDialog)


def _notice(window: MainWindow) -> str:
    return " ".join(banner.text() for banner in window.findChildren(Banner))


def _button(parent: QWidget, words: str) -> QPushButton:
    return next(one for one in parent.findChildren(QPushButton) if one.text() == words)


def _press(qtbot: QtBot, parent: QWidget, words: str) -> None:
    qtbot.mouseClick(_button(parent, words), Qt.MouseButton.LeftButton)
