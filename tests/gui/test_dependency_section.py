"""Dependencies are added and removed in the dialog of a saved task, and stored at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QComboBox, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from core.client.local import LocalBackend
from core.contracts.commands import CreateTask
from core.contracts.planning import AddDependency
from core.domain.dependency import Condition, Mode, Needed
from core.domain.task import TrainingMode
from core.domain.trigger import TriggerType
from gui.bridge import Bridge
from gui.dialogs.dependency_section import DependencySection
from gui.dialogs.task_dialog import TaskDialog
from gui.operations import Operations
from gui.views.tasks_page import TasksPage
from tests.gui.dialog_driver import named
from tests.gui.tasks_desk import LEFT_BUTTON, Desk

NAMES = ("Alpha", "Beta", "Gamma")


@pytest.fixture
def desk(
    real_backend: LocalBackend, real_operations: Operations, real_bridge: Bridge, qtbot: QtBot
) -> Iterator[Desk]:
    for name in NAMES:
        real_backend.create_task(
            CreateTask(name, TriggerType.CRON, TrainingMode.FULL, cron_expression="@daily")
        )
    made = Desk(TasksPage(real_operations, real_bridge), qtbot)
    made.wait(lambda: made.names() == list(NAMES))
    yield made
    made.clear()


def open_dialog(desk: Desk, name: str) -> TaskDialog:
    """The dialog of a task, with its dependencies read and unfolded."""
    desk.choose(name)
    desk.click("Edit")
    dialog = desk.dialog()
    for fold in ("More", "Dependencies"):
        desk.qtbot.mouseClick(named(dialog, QToolButton, fold), LEFT_BUTTON)
    desk.wait(named(dialog, QPushButton, "Add").isVisible)
    return dialog


def add(desk: Desk, dialog: TaskDialog, upstream: str) -> None:
    box = named(dialog, QComboBox, "Task to depend on")
    box.setCurrentIndex(box.findText(upstream))
    desk.qtbot.mouseClick(named(dialog, QPushButton, "Add"), LEFT_BUTTON)


def section(dialog: TaskDialog) -> DependencySection:
    return dialog.findChildren(DependencySection)[0]


def test_that_a_dependency_is_stored_at_once_and_no_longer_offered(
    desk: Desk, real_backend: LocalBackend
) -> None:
    dialog = open_dialog(desk, "Beta")
    named(dialog, QComboBox, "Condition").setCurrentIndex(1)
    named(dialog, QComboBox, "What its end does").setCurrentIndex(1)
    add(desk, dialog, "Alpha")
    desk.wait(lambda: desk.says(dialog, "Alpha"))
    (edge,) = real_backend.list_dependencies(2).upstream
    assert (edge.upstream_id, edge.condition, edge.mode) == (1, Condition.FINISHED, Mode.WAIT)
    assert named(dialog, QComboBox, "Task to depend on").findText("Alpha") < 0
    assert not dialog.is_changed()


def test_that_a_circle_is_refused_in_place_with_its_path(
    desk: Desk, real_backend: LocalBackend
) -> None:
    real_backend.add_dependency(AddDependency(2, 1))
    real_backend.add_dependency(AddDependency(3, 2))
    dialog = open_dialog(desk, "Alpha")
    add(desk, dialog, "Gamma")
    desk.wait(section(dialog).note_text)
    for name in NAMES:
        assert name in section(dialog).note_text()
    assert section(dialog).isEnabled()
    assert real_backend.list_dependencies(1).upstream == ()


def test_that_condition_and_number_needed_are_changed_in_the_list(
    desk: Desk, real_backend: LocalBackend
) -> None:
    real_backend.add_dependency(AddDependency(3, 1))
    real_backend.add_dependency(AddDependency(3, 2))
    dialog = open_dialog(desk, "Gamma")
    desk.wait(lambda: named(dialog, QComboBox, "How many are needed").isVisible())
    named(dialog, QComboBox, "How many are needed").setCurrentIndex(1)
    desk.wait(lambda: real_backend.list_dependencies(3).needed is Needed.ANY)
    desk.wait(section(dialog).isEnabled)
    named(dialog, QComboBox, "Condition of Alpha").setCurrentIndex(2)
    desk.wait(lambda: real_backend.list_dependencies(3).upstream[0].condition is Condition.FAILED)
    desk.wait(section(dialog).isEnabled)


def test_that_a_removed_dependency_is_gone_and_offered_again(
    desk: Desk, real_backend: LocalBackend
) -> None:
    real_backend.add_dependency(AddDependency(3, 1))
    dialog = open_dialog(desk, "Gamma")
    desk.qtbot.mouseClick(named(dialog, QToolButton, "Remove Alpha"), LEFT_BUTTON)
    desk.wait(lambda: named(dialog, QComboBox, "Task to depend on").findText("Alpha") > 0)
    assert real_backend.list_dependencies(3).upstream == ()


def test_that_a_task_says_which_others_depend_on_it(desk: Desk, real_backend: LocalBackend) -> None:
    real_backend.add_dependency(AddDependency(3, 1))
    dialog = open_dialog(desk, "Alpha")
    desk.wait(lambda: desk.says(dialog, "Depend on this task: Gamma"))
