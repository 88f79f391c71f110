"""How a task dialog ends: with an error to mend, by saving, or by asking before it discards."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QPlainTextEdit,
    QSpinBox,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from core.contracts.records import TaskRecord
from core.errors import InvalidValueError, RefusedError, UnavailableError
from gui.operations import Operations
from tests.builders import a_task
from tests.gui.dialog_driver import DialogDriver, named
from tests.gui.engine import EngineBackend

Open = Callable[..., DialogDriver]
# The list that completes a zone is a window that offscreen Qt cannot raise or give the keyboard.
completes = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def fake_backend() -> EngineBackend:
    return EngineBackend()


@pytest.fixture
def opened(qtbot: QtBot, operations: Operations, fake_backend: EngineBackend) -> Open:
    def open_dialog(record: TaskRecord | None = None) -> DialogDriver:
        return DialogDriver(qtbot, operations, fake_backend.clock, record)

    return open_dialog


# errors of the command


def test_that_an_error_stands_beside_its_field_until_that_is_edited(opened: Open) -> None:
    driver = opened()
    driver.type_into(driver.name, "Nightly")
    driver.cron.setFocus()
    driver.dialog.show_error(InvalidValueError("task.name_empty", field="name"))
    form = driver.dialog._form
    assert "needs a name" in form.note_text("name")
    assert driver.dialog.focusWidget() is driver.name
    driver.type_into(driver.name, "Other")
    assert form.note_text("name") == ""


def test_that_an_error_in_a_folded_field_unfolds_it(opened: Open) -> None:
    driver = opened()
    driver.dialog.show_error(
        InvalidValueError("text.too_long", field="description", length=5000, high=4000)
    )
    assert named(driver.dialog, QPlainTextEdit, "Description").isVisible()


def test_that_an_error_without_a_field_stands_at_the_top(opened: Open) -> None:
    driver = opened()
    driver.dialog.show_error(RefusedError("task.already_ended", task_id=4, status="completed"))
    assert "Task 4 has ended" in driver.dialog._top.text()


def test_that_nothing_can_be_edited_or_closed_while_saving(opened: Open) -> None:
    driver = opened()
    driver.type_into(driver.name, "Nightly")
    driver.dialog.set_busy(True)
    assert not driver.name.isEnabled()
    assert not driver.save.isEnabled()
    driver.dialog.reject()
    assert driver.dialog.isVisible()
    driver.dialog.set_busy(False)
    assert driver.save.isEnabled()
    assert driver.dialog.focusWidget() is driver.name


def test_that_a_name_that_is_taken_is_said_beside_the_name(opened: Open) -> None:
    driver = opened()
    driver.dialog.show_error(RefusedError("task.name_taken", name="Nightly"))
    assert "already exists" in driver.dialog._form.note_text("name")


def test_that_a_second_error_takes_the_place_of_the_first(opened: Open) -> None:
    driver = opened()
    driver.dialog.show_error(RefusedError("task.name_taken", name="Nightly"))
    driver.dialog.show_error(UnavailableError("database.unavailable", detail="gone"))
    assert driver.dialog._form.note_text("name") == ""
    assert "gone" in driver.dialog._top.text()


# closing


def test_that_escape_closes_an_untouched_dialog(opened: Open) -> None:
    driver = opened()
    driver.press("Escape")
    assert not driver.dialog.isVisible()


def test_that_escape_asks_before_it_discards(opened: Open) -> None:
    driver = opened()
    driver.type_into(driver.name, "Nightly")
    driver.press("Escape")
    assert driver.dialog.isVisible()
    QTest.keyClick(driver.question, Qt.Key.Key_Escape)
    assert driver.dialog.isVisible()
    assert driver.name.text() == "Nightly"


def test_that_discarding_closes(opened: Open) -> None:
    driver = opened()
    driver.type_into(driver.name, "Nightly")
    driver.dialog.close()
    assert driver.dialog.isVisible()
    discard = named(driver.question, QAbstractButton, "Discard")
    QTest.mouseClick(discard, Qt.MouseButton.LeftButton)
    assert not driver.dialog.isVisible()


def test_that_a_change_that_was_taken_back_is_not_asked_about(opened: Open) -> None:
    driver = opened(a_task(name="Nightly"))
    driver.type_into(driver.name, "Other")
    driver.type_into(driver.name, "Nightly")
    driver.press("Escape")
    assert not driver.dialog.isVisible()


def test_that_ctrl_return_saves_from_the_description(opened: Open) -> None:
    driver = opened()
    driver.type_into(driver.name, "Nightly")
    driver.click(QToolButton, "More")
    driver.type_into(named(driver.dialog, QPlainTextEdit, "Description"), "Two lines")
    driver.press("Ctrl+Return")
    assert driver.submitted[0].description == "Two lines"


def test_that_every_control_has_a_name_for_who_listens(opened: Open) -> None:
    driver = opened()
    kinds = (QAbstractButton, QComboBox, QSpinBox, QPlainTextEdit, type(driver.once))
    controls = [child for kind in kinds for child in driver.dialog.findChildren(kind)]
    assert controls
    for control in controls:
        if not control.objectName().startswith("qt_"):
            text = control.text() if isinstance(control, QAbstractButton) else ""
            assert control.accessibleName() or text, control
