"""The check while typing: one question for a burst of keys, and no answer to an older question."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from core.contracts.records import SchedulePreview
from core.domain.trigger import Cron, Schedule
from gui.dialogs.schedule_check import ScheduleCheck
from gui.operations import Operations
from tests.builders import ZONE
from tests.gui.engine import EngineBackend


@pytest.fixture
def fake_backend() -> EngineBackend:
    return EngineBackend()


def nightly(hour: int) -> Schedule:
    return Schedule(Cron(f"0 {hour} * * *"), ZONE)


def test_that_a_burst_of_keys_asks_once(
    qtbot: QtBot, operations: Operations, fake_backend: EngineBackend, root: QObject
) -> None:
    check = ScheduleCheck(operations, root)
    with qtbot.waitSignal(check.passed):
        for hour in (1, 2, 3):
            check.ask(nightly(hour))
    assert fake_backend.calls == ["preview"]
    assert not check.is_pending


def test_that_an_answer_to_an_older_question_is_dropped(
    qtbot: QtBot, operations: Operations, fake_backend: EngineBackend, root: QObject
) -> None:
    heard: list[SchedulePreview] = []
    check = ScheduleCheck(operations, root)
    check.passed.connect(heard.append)
    with fake_backend.holding("preview"):
        check.ask(nightly(1))
        check.hurry()
        check.ask(nightly(2))
    qtbot.waitUntil(lambda: not check.is_pending)
    assert [preview.words for preview in heard] == ["every day at 02:00"]


def test_that_a_question_taken_back_is_not_answered(
    qtbot: QtBot, operations: Operations, fake_backend: EngineBackend, root: QObject
) -> None:
    heard: list[object] = []
    check = ScheduleCheck(operations, root)
    check.passed.connect(heard.append)
    with fake_backend.holding("preview"):
        check.ask(nightly(1))
        check.hurry()
        qtbot.waitUntil(lambda: fake_backend.calls == ["preview"])
        check.drop()
    assert not check.is_pending
    check.ask(nightly(2))
    qtbot.waitUntil(lambda: not check.is_pending)
    assert len(heard) == 1
