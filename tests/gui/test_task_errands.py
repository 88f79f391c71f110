"""Backfill, recycle bin, undo and quiet hours from the page of tasks, over a real database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from core.client.local import LocalBackend
from core.contracts.commands import CreateTask
from core.contracts.events import TaskChanged
from core.contracts.planning import BackfillRange
from core.domain.backfill import Choice
from core.domain.task import TaskStatus, TrainingMode
from core.domain.trigger import TriggerType
from core.errors import NotFoundError, UnavailableError
from gui.bridge import Bridge
from gui.dialogs.backfill_dialog import BackfillDialog
from gui.dialogs.bin_dialog import BinDialog
from gui.dialogs.quiet_hours_dialog import QuietHoursDialog
from gui.dialogs.why_dialog import WhyDialog
from gui.models.record_model import Role
from gui.models.task_model import TaskColumn
from gui.operations import Operations
from gui.views.more_button import MoreButton
from gui.views.task_notice import TaskNotice
from gui.views.tasks_page import TasksPage
from tests.builders import NOW, a_task
from tests.fakes import FakeBackend
from tests.gui.dialog_driver import named
from tests.gui.tasks_desk import LEFT_BUTTON, Desk


@pytest.fixture
def desk(
    real_backend: LocalBackend, real_operations: Operations, real_bridge: Bridge, qtbot: QtBot
) -> Iterator[Desk]:
    real_backend.create_task(
        CreateTask("Nightly", TriggerType.INTERVAL, TrainingMode.FULL, interval_seconds=60)
    )
    made = Desk(TasksPage(real_operations, real_bridge), qtbot)
    made.wait(lambda: made.names() == ["Nightly"])
    yield made
    made.clear()


@pytest.fixture
def fake_desk(
    operations: Operations, bridge: Bridge, fake_backend: FakeBackend, qtbot: QtBot
) -> Iterator[Desk]:
    fake_backend.put(
        a_task(
            name="Nightly",
            status=TaskStatus.PAUSED,
            pause_code="task.paused_after_failures",
            pause_params={"count": 5},
        )
    )
    made = Desk(TasksPage(operations, bridge, clock=fake_backend.clock), qtbot)
    made.wait(lambda: made.names() == ["Nightly"])
    yield made
    made.clear()


def more(desk: Desk, word: str) -> None:
    """Choose an entry of the menu “More”."""
    actions: list[QAction] = desk.page.findChildren(MoreButton)[0].menu().actions()
    next(action for action in actions if action.text() == word).trigger()


def press(desk: Desk, window: QWidget, word: str) -> None:
    desk.qtbot.mouseClick(named(window, QPushButton, word), LEFT_BUTTON)


def delete(desk: Desk) -> None:
    desk.click("Delete")
    desk.answer("Delete")
    desk.wait(lambda: desk.names() == [])


def notice(desk: Desk) -> TaskNotice:
    return desk.page.findChildren(TaskNotice)[0]


# deleting and restoring


def test_that_a_deletion_can_be_undone_from_the_line_above(
    desk: Desk, real_backend: LocalBackend
) -> None:
    delete(desk)
    assert notice(desk).text() == "Deleted “Nightly”"
    press(desk, notice(desk), "Undo")
    desk.wait(lambda: desk.names() == ["Nightly"])
    assert real_backend.get_task(1).status is TaskStatus.ACTIVE
    assert notice(desk).text() == ""


def test_that_an_undo_that_is_refused_says_why_and_can_be_tried_again(
    desk: Desk, real_backend: LocalBackend
) -> None:
    delete(desk)
    taken = real_backend.create_task(
        CreateTask("Nightly", TriggerType.INTERVAL, TrainingMode.FULL, interval_seconds=60)
    )
    press(desk, notice(desk), "Undo")
    desk.wait(lambda: "cannot be restored" in notice(desk).text())
    real_backend.delete_task(taken.id)
    press(desk, notice(desk), "Undo")
    desk.wait(lambda: notice(desk).text() == "")
    assert real_backend.get_task(1).name == "Nightly"


def test_that_a_task_comes_back_from_the_bin_also_where_no_task_is_left(
    desk: Desk, real_backend: LocalBackend
) -> None:
    delete(desk)
    with pytest.raises(NotFoundError):
        real_backend.get_task(1)
    more(desk, "Recycle bin…")
    (dialog,) = desk.page.findChildren(BinDialog)
    desk.wait(lambda: dialog.table.rowCount() == 1)
    assert dialog.table.item(0, 0).text() == "Nightly"
    press(desk, dialog, "Restore")
    desk.wait(lambda: dialog.note_text() == "“Nightly” is back among the tasks.")
    desk.wait(lambda: dialog.table.rowCount() == 0)
    desk.wait(lambda: desk.names() == ["Nightly"])


def test_that_a_deletion_and_its_undo_heard_together_leave_the_task(
    fake_desk: Desk, fake_backend: FakeBackend, bridge: Bridge, qtbot: QtBot
) -> None:
    with qtbot.waitSignals([bridge.task_removed, bridge.task_changed]):
        fake_backend.announce(TaskChanged, task_id=1, is_deleted=True)
        fake_backend.announce(TaskChanged, task_id=1)
    assert fake_desk.names() == ["Nightly"]


def test_that_the_bin_says_that_it_is_empty(desk: Desk) -> None:
    more(desk, "Recycle bin…")
    (dialog,) = desk.page.findChildren(BinDialog)
    desk.wait(lambda: desk.says(dialog, "The recycle bin is empty."))
    assert not named(dialog, QPushButton, "Restore").isEnabled()


# quiet hours


def test_that_quiet_hours_are_said_in_words_stored_and_cleared(
    desk: Desk, real_backend: LocalBackend
) -> None:
    more(desk, "Quiet hours…")
    (dialog,) = desk.page.findChildren(QuietHoursDialog)
    named(dialog, QLineEdit, "Quiet hours").setText("mon-fri 08:00-17:00")
    assert dialog.meaning() == "Monday to Friday, 08:00 to 17:00"
    press(desk, dialog, "Save")
    desk.wait(lambda: real_backend.get_quiet_hours() is not None)
    desk.wait(lambda: not desk.page.findChildren(QuietHoursDialog))
    more(desk, "Quiet hours…")
    (again,) = desk.page.findChildren(QuietHoursDialog)
    clear = named(again, QPushButton, "Clear: let trainings start at any time")
    desk.wait(clear.isVisible)
    desk.qtbot.mouseClick(clear, LEFT_BUTTON)
    desk.wait(lambda: real_backend.get_quiet_hours() is None)
    desk.wait(lambda: not desk.page.findChildren(QuietHoursDialog))


def test_that_unreadable_quiet_hours_are_named_and_cannot_be_saved(desk: Desk) -> None:
    more(desk, "Quiet hours…")
    (dialog,) = desk.page.findChildren(QuietHoursDialog)
    named(dialog, QLineEdit, "Quiet hours").setText("mon 25:00-26:00")
    save = named(dialog, QPushButton, "Save")
    assert "25:00-26:00" in save.toolTip()
    assert not save.isEnabled()


# backfill


def test_that_a_backfill_shows_its_dry_run_and_then_queues_it(
    desk: Desk, real_backend: LocalBackend
) -> None:
    task = real_backend.get_task(1)
    start = task.anchor_at - timedelta(minutes=3)
    more(desk, "Backfill…")
    (dialog,) = desk.page.findChildren(BackfillDialog)
    dialog._until.set_instant(task.anchor_at + timedelta(minutes=3), task.timezone)
    dialog._from.set_instant(start, task.timezone)
    desk.wait(lambda: dialog.table.rowCount() > 0)
    plan = real_backend.plan_backfill(dialog.wanted())
    assert dialog.table.rowCount() == len(plan.entries)
    will_run = [dialog.table.item(row, 1).text() for row in range(len(plan.entries))]
    assert will_run.count("Will run") == sum(entry.is_chosen for entry in plan.entries)


def test_that_a_range_too_long_is_refused_in_the_dialog(desk: Desk) -> None:
    more(desk, "Backfill…")
    (dialog,) = desk.page.findChildren(BackfillDialog)
    task = desk.table.chosen()
    assert task is not None
    dialog._from.set_instant(task.anchor_at - timedelta(days=300), task.timezone)
    dialog._until.set_instant(task.anchor_at - timedelta(days=400), task.timezone)
    run = named(dialog, QPushButton, "Run them")
    desk.wait(lambda: "before the start" in run.toolTip())
    assert not run.isEnabled()


def open_backfill(desk: Desk) -> BackfillDialog:
    more(desk, "Backfill…")
    (dialog,) = desk.page.findChildren(BackfillDialog)
    desk.wait(lambda: dialog.summary() == "8 of 8 planned times will run")
    return dialog


def test_that_what_was_seen_is_queued_and_said(fake_desk: Desk) -> None:
    dialog = open_backfill(fake_desk)
    assert dialog.wanted() == BackfillRange(1, NOW - timedelta(days=7), NOW, Choice.MISSING)
    press(fake_desk, dialog, "Run them")
    fake_desk.wait(lambda: notice(fake_desk).text() == "“Nightly”: 8 runs are queued")


def test_that_a_failed_backfill_stays_open_and_says_why(
    fake_desk: Desk, fake_backend: FakeBackend
) -> None:
    dialog = open_backfill(fake_desk)
    fake_backend.refuse("backfill", UnavailableError("database.unavailable", detail="gone"))
    press(fake_desk, dialog, "Run them")
    fake_desk.wait(lambda: fake_desk.says(dialog, "gone"))
    assert dialog.isVisible()


# what the program paused, and why at all


def test_that_a_task_paused_by_the_program_says_why(fake_desk: Desk) -> None:
    for column in (TaskColumn.NAME, TaskColumn.STATUS):
        tooltip = fake_desk.cell("Nightly", column, Qt.ItemDataRole.ToolTipRole)
        assert "after 5 failures in a row" in tooltip
    assert fake_desk.cell("Nightly", TaskColumn.NAME, Role.SECOND_LINE).startswith("Paused by")


def test_that_more_offers_why_for_the_chosen_task(fake_desk: Desk) -> None:
    more(fake_desk, "Why did it (not) run at…")
    (dialog,) = fake_desk.page.findChildren(WhyDialog)
    fake_desk.wait(dialog.rules)
