"""Nothing dies unseen: every unhandled error is logged, and told to the window in its thread."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QTimer, qCritical, qWarning
from pytestqt.qtbot import QtBot

from core.errors import UnavailableError
from gui.faults import FaultReporter, describe


class Listener(QObject):
    """Like the window: lives in the GUI thread."""

    def __init__(self, faults: FaultReporter) -> None:
        super().__init__()
        self.heard: list[tuple[str, str]] = []
        self.threads: set[int] = set()
        faults.reported.connect(self._on_reported)

    def _on_reported(self, sentence: str, details: str) -> None:
        self.heard.append((sentence, details))
        self.threads.add(threading.get_ident())


@pytest.fixture
def listener(qtbot: QtBot, loop: asyncio.AbstractEventLoop) -> Iterator[Listener]:
    faults = FaultReporter()
    heard = Listener(faults)
    with qtbot.captureExceptions():
        faults.install(loop)
        yield heard
        faults.uninstall()


def test_that_a_foreseen_error_is_one_sentence() -> None:
    sentence, details = describe(UnavailableError("database.unavailable", detail="timeout"))
    assert sentence == "The database cannot be reached (timeout): check that it is running."
    assert details == ""


def test_that_a_bug_is_named_and_its_trace_is_in_the_details() -> None:
    sentence, details = describe(ZeroDivisionError("division by zero"))
    assert "ZeroDivisionError" in sentence
    assert "division by zero" in details


def test_that_an_error_in_a_slot_is_logged_and_reported(
    qtbot: QtBot, listener: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise ZeroDivisionError("in a slot")

    QTimer.singleShot(0, fail)
    qtbot.waitUntil(lambda: bool(listener.heard))
    assert "in a slot" in listener.heard[0][1]
    assert "in a slot" in caplog.text


def test_that_an_error_on_a_thread_arrives_in_the_gui_thread(
    qtbot: QtBot, listener: Listener
) -> None:
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(listener.heard))
    assert listener.threads == {threading.get_ident()}


def test_that_an_error_in_a_callback_of_the_loop_is_reported(
    qtbot: QtBot, listener: Listener, loop: asyncio.AbstractEventLoop
) -> None:
    loop.call_soon(lambda: 1 / 0)
    qtbot.waitUntil(lambda: bool(listener.heard))
    assert "ZeroDivisionError" in listener.heard[0][0]


def test_that_qt_s_critical_messages_are_shown_and_its_warnings_only_logged(
    qtbot: QtBot, listener: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    qWarning("a warning")
    qCritical("a critical message")
    qtbot.waitUntil(lambda: bool(listener.heard))
    assert [details for _, details in listener.heard] == ["a critical message"]
    assert "a warning" in caplog.text


def test_that_ctrl_c_is_no_error(qtbot: QtBot, listener: Listener) -> None:
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert listener.heard == []


def test_that_the_process_gets_its_own_handlers_back(
    qtbot: QtBot, loop: asyncio.AbstractEventLoop
) -> None:
    before = sys.excepthook
    faults = FaultReporter()
    faults.install(loop)
    faults.uninstall()
    assert sys.excepthook is sys.__excepthook__
    assert threading.excepthook is threading.__excepthook__
    sys.excepthook = before
    loop.set_exception_handler(None)
