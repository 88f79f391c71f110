"""What every GUI test stands on: an event loop that runs while pytest-qt waits, and operations.

The `qasync.QEventLoop` stands during the whole test as the running loop of this thread; its
callbacks are Qt timer events, so they run whenever Qt's events do: inside `qtbot.waitUntil`,
`waitSignal` and mouse clicks. No test is a coroutine, none starts or stops a loop.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import qasync
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.client.connect import open_backend
from core.client.local import LocalBackend
from core.contracts.backend import Backend
from core.paths import Home
from core.settings import RunnerSettings, Settings
from gui import theme
from gui.bridge import Bridge
from gui.lifetime import TaskRegistry
from gui.operations import CLOSE_SECONDS, Operations
from tests.fakes import FakeBackend


class StandingLoop(qasync.QEventLoop):  # type: ignore[misc]  # qasync ships no type hints
    """A loop that runs from construction to `lie_down`, on whatever turns Qt's events."""

    def __init__(self, application: QApplication) -> None:
        self._stands = True
        super().__init__(application, already_running=True)
        # Leaving the application must not touch a loop that has long been closed.
        application.aboutToQuit.disconnect(self._after_run_forever)

    def is_running(self) -> bool:
        return self._stands

    def lie_down(self) -> None:
        """End and close; never `stop`, which would end the next test's waiting as well."""
        self._stands = False
        asyncio.events._set_running_loop(None)
        self.close()


@pytest.fixture(scope="session", autouse=True)
def _styled(qapp: QApplication) -> None:
    """Widgets look as in the product."""
    theme.follow_system(qapp)


@pytest.fixture(autouse=True)
def _nothing_left_over(qapp: QApplication) -> Iterator[None]:
    """What a test gave up is gone before the next begins, freed by this thread and no other.

    A timer of it would fire there; and a QObject in a cycle that Python frees on a lane of
    `Operations` ends the process (the product has `gui.collector` for that).
    """
    gc.disable()
    yield
    _bury()
    gc.collect()
    gc.freeze()  # what outlives its test need not be looked at after every other one
    gc.enable()


@pytest.fixture
def loop(qapp: QApplication, qtbot: QtBot) -> Iterator[StandingLoop]:
    """The running event loop; an exception that nothing handled fails the test."""
    standing = StandingLoop(qapp)
    unhandled: list[dict[str, object]] = []
    standing.set_exception_handler(lambda _loop, context: unhandled.append(context))
    yield standing
    _bury()
    qtbot.waitUntil(lambda: not asyncio.all_tasks(standing))
    standing.lie_down()
    assert not unhandled


@pytest.fixture
def registry(loop: StandingLoop) -> Iterator[TaskRegistry]:
    """Keeps the coroutines; one that died fails the test."""
    errors: list[BaseException] = []
    yield TaskRegistry(errors.append)
    assert not errors


@pytest.fixture
def fake_backend() -> FakeBackend:
    """The product in memory, empty."""
    return FakeBackend()


@pytest.fixture
def root() -> Iterator[QObject]:
    """Parent of what lives as long as the window."""
    parent = QObject()
    yield parent
    parent.deleteLater()


@pytest.fixture
def operations(
    fake_backend: FakeBackend, registry: TaskRegistry, root: QObject, qtbot: QtBot
) -> Iterator[Operations]:
    """Calls to the fake backend; all have been answered when the test ends."""
    with _operations(fake_backend, registry, root, qtbot) as made:
        yield made


@pytest.fixture
def bridge(fake_backend: FakeBackend, operations: Operations, root: QObject) -> Iterator[Bridge]:
    """Announces the fake backend's changes."""
    made = Bridge(fake_backend, operations, root)
    yield made
    made.close()


@pytest.fixture
def real_backend(tmp_path: Path) -> Iterator[LocalBackend]:
    """The product over a database of its own, without a runner."""
    settings = Settings(
        home=Home(tmp_path / "traintable"), runner=RunnerSettings(poll_seconds=0.05)
    )
    backend = open_backend(settings, create=True)
    yield backend
    backend.close()


@pytest.fixture
def real_operations(
    real_backend: LocalBackend, registry: TaskRegistry, root: QObject, qtbot: QtBot
) -> Iterator[Operations]:
    """Calls to the database."""
    with _operations(real_backend, registry, root, qtbot) as made:
        yield made


@pytest.fixture
def real_bridge(
    real_backend: LocalBackend, real_operations: Operations, root: QObject
) -> Iterator[Bridge]:
    """Announces the database's changes."""
    made = Bridge(real_backend, real_operations, root)
    yield made
    made.close()


@contextmanager
def _operations(
    backend: Backend, registry: TaskRegistry, root: QObject, qtbot: QtBot
) -> Iterator[Operations]:
    made = Operations(backend, registry, root)
    yield made
    closing = asyncio.get_running_loop().create_task(registry.close(CLOSE_SECONDS))
    qtbot.waitUntil(closing.done)
    made.close()


def _bury() -> None:
    """Carry out every `deleteLater`; without an outer event loop Qt would keep them waiting."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
