"""The task dialog over the real database: what it shows before saving is what is then planned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from core.client.connect import open_backend
from core.client.local import LocalBackend
from core.clock import SystemClock
from core.contracts.commands import CreateTask, EditTask
from core.contracts.records import TaskRecord
from core.domain.task import TrainingMode
from core.domain.trigger import TriggerType
from core.errors import RefusedError
from core.settings import read_settings
from gui.formatting import instant
from gui.operations import Operations
from tests.gui.dialog_driver import DialogDriver

CLOCK = SystemClock()


@pytest.fixture
def fake_backend(tmp_path: Path) -> Iterator[LocalBackend]:
    """Nothing fake: the name under which `operations` asks for its backend."""
    backend = open_backend(read_settings(home=str(tmp_path / "home")), create=True)
    yield backend
    backend.close()


def create(backend: LocalBackend, driver: DialogDriver) -> TaskRecord:
    driver.press("Ctrl+Return")
    (command,) = driver.submitted
    assert isinstance(command, CreateTask)
    return backend.create_task(command)


def edit(backend: LocalBackend, driver: DialogDriver) -> TaskRecord:
    driver.press("Ctrl+Return")
    (command,) = driver.submitted
    assert isinstance(command, EditTask)
    return backend.edit_task(command)


def test_that_the_first_run_shown_is_the_one_planned(
    qtbot: QtBot, operations: Operations, fake_backend: LocalBackend
) -> None:
    driver = DialogDriver(qtbot, operations, CLOCK, None)
    driver.type_into(driver.name, "每天凌晨全量训练")
    driver.type_into(driver.cron, "１７ ３ * * *")
    driver.settle()
    task = create(fake_backend, driver)
    assert task.cron_expression == "17 3 * * *"
    assert instant(task.next_run_at, task.timezone) in driver.preview.lines()[0]


def test_that_an_edit_to_an_interval_counts_from_the_edit(
    qtbot: QtBot, operations: Operations, fake_backend: LocalBackend
) -> None:
    first = DialogDriver(qtbot, operations, CLOCK, None)
    first.type_into(first.name, "Nightly")
    before = create(fake_backend, first)
    driver = DialogDriver(qtbot, operations, CLOCK, before)
    driver.click(QAbstractButton, "When: Interval")
    driver.settle()
    after = edit(fake_backend, driver)
    assert after.trigger_type is TriggerType.INTERVAL
    assert after.next_run_at == after.anchor_at + timedelta(hours=1)


def test_that_a_saved_task_opens_without_a_change(
    qtbot: QtBot, operations: Operations, fake_backend: LocalBackend
) -> None:
    first = DialogDriver(qtbot, operations, CLOCK, None)
    first.type_into(first.name, "Nightly")
    first.click(QAbstractButton, "When: Once")
    first.settle()
    driver = DialogDriver(qtbot, operations, CLOCK, create(fake_backend, first))
    assert driver.save.toolTip() == "Nothing has been changed."


def test_that_a_name_that_is_taken_leads_back_to_the_name(
    qtbot: QtBot, operations: Operations, fake_backend: LocalBackend
) -> None:
    fake_backend.create_task(
        CreateTask("Nightly", TriggerType.CRON, TrainingMode.FULL, cron_expression="@daily")
    )
    driver = DialogDriver(qtbot, operations, CLOCK, None)
    driver.type_into(driver.name, "Nightly")
    driver.cron.setFocus()
    with pytest.raises(RefusedError) as refusal:
        create(fake_backend, driver)
    driver.dialog.show_error(refusal.value)
    assert "already exists" in driver.dialog._form.note_text("name")
    assert driver.dialog.focusWidget() is driver.name
