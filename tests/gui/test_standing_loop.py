"""The event loop of GUI tests: calls leave the thread and come back while pytest-qt waits."""

from __future__ import annotations

import asyncio
import threading

from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from core.contracts.backend import Backend
from core.contracts.records import TaskRecord
from core.errors import AppError, NotFoundError
from gui.bridge import Bridge
from gui.operations import Operations
from tests.builders import a_task
from tests.fakes import FakeBackend


def test_that_a_slot_finds_the_running_loop_while_the_test_waits(
    qtbot: QtBot, loop: asyncio.AbstractEventLoop
) -> None:
    seen: list[object] = []
    QTimer.singleShot(0, lambda: seen.append(asyncio.get_running_loop()))
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [loop]


def test_that_a_query_runs_on_another_thread_and_answers_on_this_one(
    qtbot: QtBot, operations: Operations, root: QObject
) -> None:
    threads: list[int] = []

    def ask(backend: Backend) -> int:
        threads.append(threading.get_ident())
        return backend.list_tasks().total

    answers: list[int] = []

    def take(total: int) -> None:
        threads.append(threading.get_ident())
        answers.append(total)

    operations.query(root, ask, take)
    qtbot.waitUntil(lambda: answers == [0])
    assert threads[0] != threading.get_ident() == threads[1]


def test_that_an_error_nobody_handles_reaches_the_window(
    qtbot: QtBot, operations: Operations, root: QObject
) -> None:
    errors: list[AppError] = []
    operations.error_occurred.connect(errors.append)
    operations.command(root, lambda backend: backend.pause_task(7))
    qtbot.waitUntil(lambda: bool(errors))
    assert isinstance(errors[0], NotFoundError)


def test_that_a_change_arrives_as_a_fresh_record(
    qtbot: QtBot, fake_backend: FakeBackend, bridge: Bridge
) -> None:
    changed: list[TaskRecord] = []
    bridge.task_changed.connect(changed.append)
    fake_backend.put(a_task(id=5, name="Weekly"))
    qtbot.waitUntil(lambda: bool(changed))
    assert changed == [a_task(id=5, name="Weekly")]


def test_that_the_answer_to_a_destroyed_asker_is_dropped(
    qtbot: QtBot, fake_backend: FakeBackend, operations: Operations, root: QObject
) -> None:
    asker = QObject(root)
    answers: list[int] = []
    with fake_backend.holding("list_tasks") as gate:
        operations.query(asker, lambda backend: backend.list_tasks().total, answers.append)
        qtbot.waitUntil(lambda: "list_tasks" in fake_backend.calls)
        with qtbot.waitSignal(asker.destroyed):
            asker.deleteLater()
        gate.set()
    seen: list[int] = []
    operations.query(root, lambda backend: backend.list_tasks().total, seen.append)
    qtbot.waitUntil(lambda: seen == [0])
    assert answers == []
