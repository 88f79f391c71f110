"""Tasks that run by the terms of a calendar, in the task dialog: no calendar, no term."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QSpinBox
from pytestqt.qtbot import QtBot

from core.client.connect import open_backend
from core.client.local import LocalBackend
from core.clock import SystemClock
from core.contracts.calendars import AddRange, CalendarRecord, CreateCalendar, RangeRecord
from core.contracts.commands import CreateTask, EditTask
from core.contracts.records import TaskRecord
from core.domain.calendar import RangeKind
from core.domain.trigger import TriggerType
from core.settings import read_settings
from gui.formatting import instant
from gui.operations import Operations
from tests.builders import NOW, a_task
from tests.gui.dialog_driver import DialogDriver, named
from tests.gui.engine import EngineBackend

Open = Callable[..., DialogDriver]
TERM = RangeRecord(1, RangeKind.TERM, "Spring", date(2026, 3, 9), date(2026, 7, 3), None)
SCHOOL_DAYS = CalendarRecord(7, "Riverside", None, None, (0, 1, 2, 3, 4), (TERM,), (), 0, NOW, NOW)


@pytest.fixture
def fake_backend() -> EngineBackend:
    backend = EngineBackend()
    backend.calendars[SCHOOL_DAYS.id] = SCHOOL_DAYS
    return backend


@pytest.fixture
def opened(qtbot: QtBot, operations: Operations, fake_backend: EngineBackend) -> Open:
    def open_dialog(record: TaskRecord | None = None) -> DialogDriver:
        driver = DialogDriver(qtbot, operations, fake_backend.clock, record)
        qtbot.waitUntil(lambda: named(driver.dialog, QComboBox, "Calendar").count() == 2)
        return driver

    return open_dialog


def termly(**changes: object) -> TaskRecord:
    """A task of the first open day of each term of Riverside."""
    values = {
        "id": 4,
        "trigger_type": TriggerType.TERM,
        "cron_expression": None,
        "term_rule": "mon of week 2 of term at 07:00",
        "calendar_id": SCHOOL_DAYS.id,
        "calendar_name": SCHOOL_DAYS.name,
    }
    return a_task(**(values | changes))


def choose(driver: DialogDriver, name: str, words: str) -> None:
    box = named(driver.dialog, QComboBox, name)
    assert box.findText(words) >= 0
    box.setCurrentText(words)


def test_that_choosing_term_asks_for_a_calendar_and_brings_it_into_sight(opened: Open) -> None:
    driver = opened()
    driver.type_into(driver.name, "Termly")
    calendar = named(driver.dialog, QComboBox, "Calendar")
    assert not calendar.isVisible()
    driver.click(QAbstractButton, "When: Term")
    assert calendar.isVisible()
    assert driver.preview.headline() == "Choose a calendar under More: its dates say when."
    assert driver.save.toolTip() == "Choose a calendar: its dates say when."


def test_that_saving_without_a_calendar_leads_to_the_calendar(opened: Open) -> None:
    driver = opened()
    driver.type_into(driver.name, "Termly")
    driver.click(QAbstractButton, "When: Term")
    driver.press("Ctrl+Return")
    assert driver.dialog.focusWidget() is named(driver.dialog, QComboBox, "Calendar")
    assert driver.submitted == []


def test_that_a_calendar_gives_the_words_and_the_days(opened: Open) -> None:
    driver = opened()
    driver.type_into(driver.name, "Termly")
    driver.click(QAbstractButton, "When: Term")
    choose(driver, "Calendar", "Riverside")
    driver.settle()
    assert driver.preview.headline() == "At 07:00 on the first open day of each term"
    assert [line[:20] for line in driver.preview.lines()] == ["Mon 2026-03-09 07:00"]
    driver.press("Ctrl+Return")
    (command,) = driver.submitted
    assert (command.trigger_type, command.term_rule, command.calendar_id) == (
        TriggerType.TERM,
        "first-open-day of term at 07:00",
        SCHOOL_DAYS.id,
    )
    assert command.cron_expression is None


def test_that_a_calendar_without_such_a_range_is_named(opened: Open) -> None:
    driver = opened()
    driver.type_into(driver.name, "Before exams")
    driver.click(QAbstractButton, "When: Term")
    choose(driver, "Calendar", "Riverside")
    choose(driver, "Kind of range", "exam time")
    driver.settle()
    assert "“Riverside” gives this trigger no day" in driver.preview.headline()
    assert not driver.save.isEnabled()


def test_that_taking_the_calendar_away_asks_for_one_again(opened: Open) -> None:
    driver = opened(termly())
    named(driver.dialog, QComboBox, "Calendar").setCurrentIndex(0)
    assert driver.preview.headline() == "Choose a calendar under More: its dates say when."
    assert not driver.save.isEnabled()


def test_that_a_term_task_opens_with_its_values_and_without_a_change(opened: Open) -> None:
    driver = opened(termly())
    assert named(driver.dialog, QAbstractButton, "When: Term").isChecked()
    assert named(driver.dialog, QComboBox, "Weekday").currentText() == "Monday"
    assert named(driver.dialog, QSpinBox, "Week").value() == 2
    assert driver.save.toolTip() == "Nothing has been changed."


def test_that_only_the_rule_is_sent_when_only_the_rule_was_changed(opened: Open) -> None:
    driver = opened(termly())
    driver.type_into(named(driver.dialog, QSpinBox, "Week"), "3")
    driver.settle()
    driver.press("Ctrl+Return")
    assert driver.submitted == [EditTask(4, term_rule="mon of week 3 of term at 07:00")]


def test_that_a_renamed_term_task_keeps_its_rule(opened: Open) -> None:
    driver = opened(termly())
    driver.type_into(driver.name, "Renamed")
    driver.press("Ctrl+Return")
    assert driver.submitted == [EditTask(4, name="Renamed")]


def test_that_a_term_task_becomes_a_cron_task(opened: Open) -> None:
    driver = opened(termly())
    driver.click(QAbstractButton, "When: Cron")
    driver.settle()
    driver.press("Ctrl+Return")
    assert driver.submitted == [
        EditTask(4, trigger_type=TriggerType.CRON, cron_expression="0 2 * * *")
    ]


# on a database


class TestOnADatabase:
    """What the dialog shows before saving is what is then planned."""

    @pytest.fixture
    def fake_backend(self, tmp_path: Path) -> Iterator[LocalBackend]:
        """Nothing fake: the name under which `operations` asks for its backend."""
        backend = open_backend(read_settings(home=str(tmp_path / "home")), create=True)
        yield backend
        backend.close()

    def test_that_the_first_day_of_the_term_shown_is_the_one_planned(
        self, qtbot: QtBot, operations: Operations, fake_backend: LocalBackend
    ) -> None:
        calendar = fake_backend.create_calendar(CreateCalendar("Riverside"))
        first_on = SystemClock().now().date() + timedelta(days=30)
        last_on = first_on + timedelta(days=100)
        fake_backend.add_range(
            AddRange(calendar.id, RangeKind.TERM, "Spring", first_on, last_on),
        )
        driver = DialogDriver(qtbot, operations, SystemClock(), None)
        qtbot.waitUntil(lambda: named(driver.dialog, QComboBox, "Calendar").count() == 2)
        driver.type_into(driver.name, "Termly")
        driver.click(QAbstractButton, "When: Term")
        choose(driver, "Calendar", "Riverside")
        driver.settle()
        driver.press("Ctrl+Return")
        (command,) = driver.submitted
        assert isinstance(command, CreateTask)
        task = fake_backend.create_task(command)
        assert task.term_rule == "first-open-day of term at 07:00"
        assert instant(task.next_run_at, task.timezone) in driver.preview.lines()[0]
        again = DialogDriver(qtbot, operations, SystemClock(), task)
        assert again.save.toolTip() == "Nothing has been changed."
