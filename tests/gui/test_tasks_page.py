"""The page of tasks as a person uses it: mouse, keys, dialogs, and changes from elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from core.contracts.records import TaskRecord
from core.domain.execution import ExecutionStatus
from core.domain.task import TaskStatus, TrainingMode
from core.errors import UnavailableError
from core.language import _, set_language
from gui.bridge import Bridge
from gui.dialogs.task_dialog import TaskDialog
from gui.models.task_model import TaskColumn
from gui.operations import Operations
from gui.views.tasks_page import TasksPage
from gui.widgets.empty_state import EmptyState
from tests.builders import a_school, a_task
from tests.fakes import FakeBackend
from tests.gui.dialog_driver import named
from tests.gui.tasks_desk import LEFT_BUTTON, Desk


class FakeDesk(Desk):
    """A page over the fake backend, which the test steers."""

    backend: FakeBackend


Open = Callable[..., FakeDesk]


@pytest.fixture
def new_desk(
    operations: Operations, bridge: Bridge, fake_backend: FakeBackend, qtbot: QtBot
) -> Iterator[Callable[[], FakeDesk]]:
    made: list[FakeDesk] = []

    def new() -> FakeDesk:
        desk = FakeDesk(TasksPage(operations, bridge, clock=fake_backend.clock), qtbot)
        desk.backend = fake_backend
        made.append(desk)
        return desk

    yield new
    for desk in made:
        desk.clear()


@pytest.fixture
def open_desk(new_desk: Callable[[], FakeDesk], fake_backend: FakeBackend) -> Open:
    def opened(*tasks: TaskRecord) -> FakeDesk:
        fake_backend.schools[1] = a_school(id=1, name="Riverside")
        fake_backend.tasks.update((task.id, task) for task in tasks)
        desk = new_desk()
        desk.wait(lambda: len(desk.names()) == len(tasks))
        desk.wait(lambda: "–" not in desk.cards()[0])
        return desk

    return opened


ALPHA = a_task(id=1, name="Alpha")
BETA = a_task(
    id=2,
    name="Beta",
    status=TaskStatus.PAUSED,
    next_run_at=None,
    training_mode=TrainingMode.INCREMENTAL,
    school_id=1,
    school_name="Riverside",
)


def test_that_an_empty_page_offers_to_create_the_first_task(open_desk: Open) -> None:
    desk = open_desk()
    assert isinstance(desk.state(), EmptyState)
    assert "No task yet" in desk.state_texts()
    desk.qtbot.mouseClick(desk.state().findChild(QPushButton), LEFT_BUTTON)
    assert desk.dialog().isVisible()


def test_that_the_first_task_is_chosen_when_the_page_opens(open_desk: Open) -> None:
    assert open_desk(ALPHA, BETA).chosen() == "Alpha"


def test_that_the_cards_count_tasks_and_runs(open_desk: Open) -> None:
    assert open_desk(ALPHA, BETA).cards() == [
        "Active tasks: 1",
        "Paused tasks: 1",
        "Total runs: 24",
        "Successful runs: 22",
    ]


def test_that_search_and_filters_narrow_the_list(open_desk: Open) -> None:
    desk = open_desk(ALPHA, BETA)
    desk.qtbot.keyClicks(desk.search, "river")
    assert desk.names() == ["Beta"]
    desk.search.clear()
    desk.pick(0, TaskStatus.ACTIVE)
    assert desk.names() == ["Alpha"]
    desk.pick(0, None)
    desk.pick(1, TrainingMode.INCREMENTAL)
    assert desk.names() == ["Beta"]
    desk.pick(1, None)
    desk.pick(2, None)
    assert desk.names() == ["Alpha"]


def test_that_a_search_without_a_match_offers_to_show_all_again(open_desk: Open) -> None:
    desk = open_desk(ALPHA, BETA)
    desk.choose("Beta")
    desk.qtbot.keyClicks(desk.search, "nothing")
    assert "No task matches" in desk.state_texts()
    desk.qtbot.mouseClick(desk.state().findChild(QPushButton), LEFT_BUTTON)
    assert desk.names() == ["Alpha", "Beta"]
    assert desk.chosen() == "Beta"


def test_that_the_find_key_goes_to_the_search_box(open_desk: Open) -> None:
    desk = open_desk(ALPHA)
    desk.table.setFocus()
    desk.press("Ctrl+F")
    assert desk.search.hasFocus()


def test_that_a_task_is_paused_and_resumed_by_one_button(open_desk: Open) -> None:
    desk = open_desk(ALPHA)
    desk.click("Pause")
    desk.wait(lambda: desk.cell("Alpha", TaskColumn.STATUS) == "Paused")
    desk.click("Resume")
    desk.wait(lambda: desk.cell("Alpha", TaskColumn.STATUS) == "Active")
    desk.wait(lambda: desk.cards()[:2] == ["Active tasks: 1", "Paused tasks: 0"])


def test_that_a_button_that_is_off_says_why(open_desk: Open) -> None:
    desk = open_desk(ALPHA)
    assert not desk.action("Cancel run").isEnabled()
    assert desk.action("Cancel run").toolTip() == "Nothing of this task is waiting or running."
    assert desk.action("Run now").toolTip() == "Run now (Ctrl+R)"


def test_that_run_now_asked_twice_in_a_hurry_runs_once(open_desk: Open) -> None:
    desk = open_desk(ALPHA)
    with desk.backend.holding("run_now"):
        desk.click("Run now")
        desk.click("Run now")
        assert not desk.action("Run now").isEnabled()
    desk.wait(lambda: desk.cell("Alpha", TaskColumn.LAST_RUN) == "Queued")
    assert desk.backend.calls.count("run_now") == 1
    assert not desk.action("Run now").isEnabled()


def test_that_progress_patches_the_row_and_keeps_the_choice(open_desk: Open) -> None:
    desk = open_desk(ALPHA, BETA)
    desk.choose("Beta")
    desk.click("Run now")
    desk.wait(lambda: desk.backend.executions)
    desk.backend.start_run(1)
    desk.backend.change_run(1, stage="stage.fitting", progress=0.5)
    desk.wait(lambda: desk.cell("Beta", TaskColumn.LAST_RUN) == "Fitting the model · 50%")
    assert desk.chosen() == "Beta"
    assert desk.action("Cancel run").isEnabled()
    desk.backend.finish_run(1)
    desk.wait(lambda: desk.cell("Beta", TaskColumn.LAST_RUN) == "Completed")
    desk.wait(lambda: desk.cards()[2] == "Total runs: 25")


def test_that_a_running_task_can_be_cancelled(open_desk: Open) -> None:
    desk = open_desk(ALPHA)
    desk.click("Run now")
    desk.wait(lambda: desk.action("Cancel run").isEnabled())
    desk.backend.start_run(1)
    desk.wait(lambda: "Starting" in desk.cell("Alpha", TaskColumn.LAST_RUN))
    desk.click("Cancel run")
    desk.wait(lambda: desk.backend.executions[1].is_cancel_requested)
    desk.wait(lambda: desk.cell("Alpha", TaskColumn.LAST_RUN) == "Cancelling")
    desk.backend.finish_run(1, ExecutionStatus.CANCELLED)
    desk.wait(lambda: desk.cell("Alpha", TaskColumn.LAST_RUN) == "Cancelled")


def test_that_a_new_task_is_created_by_keyboard_and_chosen(open_desk: Open) -> None:
    desk = open_desk(ALPHA)
    desk.press("Ctrl+N")
    dialog = desk.dialog()
    desk.qtbot.keyClicks(named(dialog, QLineEdit, "Name"), "Zulu")
    desk.press("Ctrl+Return", dialog)
    desk.wait(lambda: desk.names() == ["Alpha", "Zulu"])
    desk.wait(lambda: desk.page.findChild(TaskDialog) is None)
    assert desk.chosen() == "Zulu"


def test_that_a_refused_name_leaves_the_dialog_open_with_the_sentence(open_desk: Open) -> None:
    desk = open_desk(ALPHA)
    desk.qtbot.mouseClick(
        next(b for b in desk.page.findChildren(QPushButton) if b.text() == "New task"), LEFT_BUTTON
    )
    dialog = desk.dialog()
    desk.qtbot.keyClicks(named(dialog, QLineEdit, "Name"), "Alpha")
    desk.press("Ctrl+Return", dialog)
    desk.wait(
        lambda: any("already exists" in label.text() for label in dialog.findChildren(QLabel))
    )
    assert dialog.isVisible()
    assert desk.names() == ["Alpha"]


@pytest.mark.parametrize("way", ["double click", "Enter"])
def test_that_a_task_is_edited_by_double_click_or_enter(open_desk: Open, way: str) -> None:
    desk = open_desk(ALPHA, BETA)
    desk.choose("Beta")
    if way == "Enter":
        desk.press("Return")
    else:
        desk.qtbot.mouseDClick(desk.table.viewport(), LEFT_BUTTON, pos=desk.place("Beta"))
    assert named(desk.dialog(), QLineEdit, "Name").text() == "Beta"


def test_that_a_task_is_deleted_only_after_a_yes(open_desk: Open) -> None:
    desk = open_desk(ALPHA, BETA)
    desk.choose("Alpha")
    desk.press("Del")
    assert "Alpha" in desk.question().text()
    desk.answer("Keep")
    desk.wait(lambda: desk.page.findChild(QMessageBox) is None)
    assert desk.backend.calls.count("delete_task") == 0
    desk.press("Del")
    desk.answer("Delete")
    desk.wait(lambda: desk.names() == ["Beta"])
    assert desk.chosen() == "Beta"


def test_that_the_question_says_what_becomes_of_a_run(open_desk: Open) -> None:
    desk = open_desk(ALPHA)
    desk.click("Run now")
    desk.wait(lambda: desk.action("Cancel run").isEnabled())
    desk.click("Delete")
    assert "is cancelled" in desk.question().informativeText()
    desk.answer("Keep")


def test_that_the_delete_key_in_the_search_box_deletes_no_task(open_desk: Open) -> None:
    desk = open_desk(ALPHA)
    desk.page.focus_search()
    desk.press("Del")
    assert desk.page.findChild(QMessageBox) is None


@pytest.mark.qt_log_ignore("This plugin does not support")  # offscreen Qt cannot raise a menu
def test_that_the_context_menu_acts_on_the_task_below_it(open_desk: Open) -> None:
    desk = open_desk(ALPHA, BETA)
    desk.choose("Beta")
    desk.table.customContextMenuRequested.emit(desk.place("Beta"))
    menu = desk.page.findChild(QMenu)
    entries = [action.text() for action in menu.actions() if action.text()]
    assert entries == [
        "Run now",
        "Resume",
        "Cancel run",
        "Edit",
        "History",
        "Why did it (not) run at…",
        "Backfill…",
        "Delete",
    ]
    menu.close()


def test_that_the_history_of_a_task_is_asked_for(open_desk: Open) -> None:
    desk = open_desk(ALPHA, BETA)
    desk.choose("Beta")
    with desk.qtbot.waitSignal(desk.page.history_requested) as asked:
        desk.click("History")
    assert asked.args == [2]


def test_that_a_failed_command_is_reported_and_the_page_reads_again(
    open_desk: Open, operations: Operations
) -> None:
    desk = open_desk(ALPHA)
    reads = desk.backend.calls.count("list_tasks")
    desk.backend.refuse("pause_task", UnavailableError("database.unavailable", detail="gone"))
    with desk.qtbot.waitSignal(operations.error_occurred):
        desk.click("Pause")
    desk.wait(lambda: desk.backend.calls.count("list_tasks") == reads + 1)
    assert desk.action("Pause").isEnabled()


def test_that_what_changed_while_the_page_was_reading_is_not_lost(open_desk: Open) -> None:
    desk = open_desk(ALPHA, BETA)
    with desk.backend.holding("list_schools"):
        reads = desk.backend.calls.count("list_schools")
        desk.page.refresh()
        desk.wait(lambda: desk.backend.calls.count("list_schools") == reads + 1)
        desk.backend.put(a_task(id=1, name="Alpha renamed"))
        desk.wait(lambda: "Alpha renamed" in desk.names())
    desk.wait(lambda: desk.backend.calls.count("list_schools") == reads + 1)
    desk.qtbot.waitUntil(lambda: desk.page._changed_while_loading is None)
    assert desk.names() == ["Alpha renamed", "Beta"]


def test_that_a_page_that_cannot_be_read_says_why_and_tries_again(
    new_desk: Callable[[], FakeDesk], fake_backend: FakeBackend
) -> None:
    fake_backend.tasks[1] = ALPHA
    fake_backend.refuse("list_tasks", UnavailableError("database.unavailable", detail="gone"))
    desk = new_desk()
    desk.wait(lambda: isinstance(desk.state(), EmptyState))
    assert any("gone" in text for text in desk.state_texts())
    desk.qtbot.mouseClick(desk.state().findChild(QPushButton), LEFT_BUTTON)
    desk.wait(lambda: desk.names() == ["Alpha"])


def test_that_a_new_language_reaches_every_part_and_keeps_the_choice(open_desk: Open) -> None:
    desk = open_desk(ALPHA, BETA)
    desk.choose("Beta")
    desk.pick(1, TrainingMode.INCREMENTAL)
    set_language("zh_CN")
    desk.page.retranslate()
    assert desk.action(_("Resume"))
    assert desk.cards()[0].startswith(_("Active tasks"))
    assert desk.names() == ["Beta"]
    assert desk.chosen() == "Beta"
