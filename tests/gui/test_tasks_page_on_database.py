"""The page of tasks over the real database: clicks are stored, and what is stored is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.client.connect import connect
from core.client.local import LocalBackend
from core.contracts.commands import CreateTask, EditTask
from core.contracts.records import ExecutionFilter
from core.domain.execution import ExecutionKind, ExecutionStatus
from core.domain.task import TrainingMode
from core.domain.trigger import TriggerType
from core.errors import NotFoundError
from core.paths import Home
from core.settings import Settings
from gui.bridge import Bridge
from gui.models.task_model import TaskColumn
from gui.operations import Operations
from gui.views.tasks_page import TasksPage
from tests.gui.tasks_desk import Desk

NIGHTLY = CreateTask(
    "Nightly",
    TriggerType.CRON,
    TrainingMode.FULL,
    cron_expression="0 2 * * *",
    timezone="Asia/Shanghai",
)


@pytest.fixture
def fake_backend(tmp_path: Path) -> Iterator[LocalBackend]:
    """Not the fake: the product over a new SQLite file, without a runner."""
    settings = Settings(Home(tmp_path))
    quick = replace(settings, runner=replace(settings.runner, poll_seconds=0.05))
    connected = connect(quick, create=True)
    yield connected.backend
    connected.backend.close()
    connected.store.close()


@pytest.fixture
def backend(fake_backend: LocalBackend) -> LocalBackend:
    return fake_backend


@pytest.fixture
def desk(
    backend: LocalBackend, operations: Operations, bridge: Bridge, qtbot: QtBot
) -> Iterator[Desk]:
    backend.create_task(NIGHTLY)
    made = Desk(TasksPage(operations, bridge), qtbot)
    made.wait(lambda: made.names() == ["Nightly"])
    yield made
    made.clear()


def test_that_a_stored_task_is_shown_with_its_trigger_in_words(desk: Desk) -> None:
    assert desk.cell("Nightly", TaskColumn.TRIGGER) == "Every day at 02:00"
    assert desk.cell("Nightly", TaskColumn.NEXT_RUN).endswith("02:00")
    desk.wait(lambda: desk.cards()[0] == "Active tasks: 1")


def test_that_pausing_is_stored_and_shown(desk: Desk, backend: LocalBackend) -> None:
    desk.click("Pause")
    desk.wait(lambda: desk.cell("Nightly", TaskColumn.STATUS) == "Paused")
    assert backend.get_task(1).next_run_at is None
    desk.wait(lambda: desk.cards()[1] == "Paused tasks: 1")


def test_that_run_now_queues_a_manual_execution_that_can_be_cancelled(
    desk: Desk, backend: LocalBackend
) -> None:
    desk.click("Run now")
    desk.wait(lambda: desk.cell("Nightly", TaskColumn.LAST_RUN) == "Queued")
    (execution,) = backend.list_executions(ExecutionFilter(task_id=1))
    assert execution.kind is ExecutionKind.MANUAL
    desk.click("Cancel run")
    desk.wait(lambda: backend.get_execution(execution.id).status is ExecutionStatus.CANCELLED)
    desk.wait(lambda: desk.action("Run now").isEnabled())


def test_that_a_task_typed_into_the_dialog_is_stored(desk: Desk, backend: LocalBackend) -> None:
    desk.press("Ctrl+N")
    dialog = desk.dialog()
    desk.type_name(dialog, "每周训练")
    desk.press("Ctrl+Return", dialog)
    desk.wait(lambda: desk.names() == ["Nightly", "每周训练"])
    assert backend.get_task(2).name == "每周训练"
    assert desk.chosen() == "每周训练"


def test_that_a_deleted_task_is_gone_from_list_and_database(
    desk: Desk, backend: LocalBackend
) -> None:
    desk.click("Delete")
    desk.answer("Delete")
    desk.wait(lambda: desk.names() == [])
    with pytest.raises(NotFoundError):
        backend.get_task(1)


def test_that_a_change_from_elsewhere_arrives_and_keeps_the_choice(
    desk: Desk, backend: LocalBackend
) -> None:
    backend.create_task(replace(NIGHTLY, name="Zulu"))
    desk.wait(lambda: desk.names() == ["Nightly", "Zulu"])
    desk.choose("Zulu")
    backend.edit_task(EditTask(2, name="Alpha"))
    desk.wait(lambda: desk.names() == ["Alpha", "Nightly"])
    assert desk.chosen() == "Alpha"


def test_that_a_name_that_is_taken_is_said_in_the_dialog(desk: Desk) -> None:
    desk.press("Ctrl+N")
    dialog = desk.dialog()
    desk.type_name(dialog, "Nightly")
    desk.press("Ctrl+Return", dialog)
    desk.wait(lambda: desk.says(dialog, "already exists"))
    assert dialog.isVisible()
