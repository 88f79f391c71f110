"""What an edit would do to the coming runs is said before it is saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QComboBox, QPushButton
from pytestqt.qtbot import QtBot

from core.client.local import LocalBackend
from core.clock import SystemClock
from core.contracts.calendars import CreateCalendar
from core.contracts.commands import CreateTask
from core.contracts.planning import ChangedSchedule, ChangeKind, RunChange, TaskConsequences
from core.contracts.records import TaskRecord
from core.domain.task import TrainingMode
from core.domain.trigger import TriggerType
from gui.dialogs.consequences_dialog import ConsequencesDialog
from gui.operations import Operations
from gui.widgets.consequence_line import ConsequenceLine, consequence_words
from tests.builders import NOW, a_task
from tests.fake_stage import a_call
from tests.gui.dialog_driver import DialogDriver, named
from tests.gui.engine import EngineBackend

Open = Callable[[TaskRecord], DialogDriver]


class ForeseeingBackend(EngineBackend):
    """Says of every change what the test says."""

    foreseen: TaskConsequences

    @a_call
    def preview_change(self, command: ChangedSchedule) -> TaskConsequences:
        return self.foreseen


def consequences(**changes: object) -> TaskConsequences:
    """Twelve come, three go, four move."""
    plain = EngineBackend()._unchanged(a_task())
    values: dict[str, object] = {"added": 12, "removed": 3, "moved": 4}
    values["changes"] = (RunChange(ChangeKind.ADDED, None, NOW + timedelta(hours=1)),)
    return replace(plain, **(values | changes))  # type: ignore[arg-type]  # named by the test


@pytest.fixture
def fake_backend() -> ForeseeingBackend:
    backend = ForeseeingBackend()
    backend.foreseen = consequences()
    return backend


@pytest.fixture
def opened(qtbot: QtBot, operations: Operations, fake_backend: ForeseeingBackend) -> Open:
    def open_dialog(record: TaskRecord) -> DialogDriver:
        fake_backend.put(record)
        return DialogDriver(qtbot, operations, fake_backend.clock, record)

    return open_dialog


def line(driver: DialogDriver) -> ConsequenceLine:
    return driver.dialog.findChildren(ConsequenceLine)[0]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "60 days: +12 runs, -3 runs, 4 moved"),
        ({"added": 0, "removed": 1, "moved": 0}, "60 days: -1 run"),
        ({"added": 0, "removed": 0, "moved": 0}, "60 days: no run changes"),
        ({"has_no_run": True}, "If this is saved, the task never runs again."),
    ],
)
def test_that_consequences_are_one_line(changes: dict[str, object], words: str) -> None:
    assert consequence_words(consequences(**changes)) == words


def test_that_an_edit_says_what_changes_and_an_edit_back_takes_it_back(
    opened: Open, qtbot: QtBot
) -> None:
    driver = opened(a_task())
    assert line(driver).text() == ""
    driver.type_into(driver.cron, "0 3 * * *")
    qtbot.waitUntil(lambda: line(driver).text() == "60 days: +12 runs, -3 runs, 4 moved")
    driver.type_into(driver.cron, "0 2 * * *")
    assert line(driver).text() == ""


def test_that_another_name_changes_no_run(opened: Open, fake_backend: ForeseeingBackend) -> None:
    driver = opened(a_task())
    driver.type_into(driver.name, "Renamed")
    driver.settle()
    assert "preview_change" not in fake_backend.calls


def test_that_an_answer_that_came_too_late_is_not_shown(
    opened: Open, fake_backend: ForeseeingBackend, qtbot: QtBot
) -> None:
    driver = opened(a_task())
    with fake_backend.holding("preview_change"):
        driver.type_into(driver.cron, "0 3 * * *")
        qtbot.waitUntil(lambda: "preview_change" in fake_backend.calls)
        driver.type_into(driver.cron, "0 2 * * *")
    driver.settle()
    assert line(driver).text() == ""


def test_that_the_line_opens_the_list(opened: Open, qtbot: QtBot) -> None:
    driver = opened(a_task())
    driver.type_into(driver.cron, "0 3 * * *")
    qtbot.waitUntil(lambda: bool(line(driver).text()))
    driver.click(QPushButton, "Show what changes")
    table = driver.dialog.findChildren(ConsequencesDialog)[0].table
    texts = [table.item(0, column).text() for column in range(3)]
    assert texts == ["Added", "–", "2026-03-02 15:00"]


def test_that_the_list_names_real_runs(
    real_backend: LocalBackend, real_operations: Operations, qtbot: QtBot
) -> None:
    task = real_backend.create_task(
        CreateTask("Nightly", TriggerType.CRON, TrainingMode.FULL, cron_expression="0 2 * * *")
    )
    driver = DialogDriver(qtbot, real_operations, SystemClock(), task)
    driver.type_into(driver.cron, "0 2 * * 1-5")
    qtbot.waitUntil(lambda: line(driver).text().startswith("60 days: -"))


def test_that_a_calendar_without_an_open_day_cannot_be_saved(
    real_backend: LocalBackend, real_operations: Operations, qtbot: QtBot
) -> None:
    weekend = real_backend.create_calendar(CreateCalendar("Weekend", open_weekdays=(5, 6)))
    task = real_backend.create_task(
        CreateTask("Mondays", TriggerType.CRON, TrainingMode.FULL, cron_expression="0 2 * * 1")
    )
    driver = DialogDriver(qtbot, real_operations, SystemClock(), task)
    calendar = named(driver.dialog, QComboBox, "Calendar")
    qtbot.waitUntil(lambda: calendar.findText(weekend.name) > 0)
    calendar.setCurrentIndex(calendar.findText(weekend.name))
    driver.settle()
    assert driver.preview.headline().startswith("With this calendar")
    assert not driver.save.isEnabled()
    qtbot.waitUntil(lambda: "never runs again" in line(driver).text())
