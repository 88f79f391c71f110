"""Drives the page of tasks as a person does: by names, with mouse and keyboard."""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QStackedWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gui.dialogs.task_dialog import TaskDialog
from gui.models.task_model import TaskColumn
from gui.views.task_filter_bar import TaskFilterBar
from gui.views.task_table import TaskTable
from gui.views.task_toolbar import TaskToolbar
from gui.views.tasks_page import TasksPage
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.stat_card import StatCard
from tests.gui.dialog_driver import commit_text, named

LEFT_BUTTON = Qt.MouseButton.LeftButton


class Desk:
    """A page in an active window, as a person sees it."""

    def __init__(self, page: TasksPage, qtbot: QtBot) -> None:
        self.page = page
        self.qtbot = qtbot
        qtbot.addWidget(page)
        page.resize(1100, 700)
        page.show()
        page.activateWindow()
        self.table = page.findChild(TaskTable)
        self.search = page.findChild(TaskFilterBar).findChild(QLineEdit)

    def clear(self) -> None:
        """End the page at once: its timers must not outlive the test's event loop."""
        if shiboken6.isValid(self.page):
            shiboken6.delete(self.page)

    def names(self) -> list[str]:
        model = self.table.model()
        return [model.index(row, 0).data() for row in range(model.rowCount())]

    def cell(self, name: str, column: TaskColumn, role: int = Qt.ItemDataRole.DisplayRole) -> str:
        return self.table.model().index(self.names().index(name), column).data(role)

    def choose(self, name: str) -> None:
        self.qtbot.mouseClick(self.table.viewport(), LEFT_BUTTON, pos=self.place(name))

    def place(self, name: str) -> QPoint:
        index = self.table.model().index(self.names().index(name), 0)
        return self.table.visualRect(index).center()

    def chosen(self) -> str | None:
        task = self.table.chosen()
        return task.name if task else None

    def action(self, word: str) -> QAction:
        toolbar = self.page.findChild(TaskToolbar)
        return next(action for action in toolbar.actions() if action.text() == word)

    def click(self, word: str) -> None:
        """Click the toolbar's button of that name."""
        button = self.page.findChild(TaskToolbar).widgetForAction(self.action(word))
        self.qtbot.mouseClick(button, LEFT_BUTTON)

    def pick(self, box: int, choice: object) -> None:
        self.page.findChildren(ChoiceBox)[box].set_value(choice)

    def press(self, keys: str, window: QWidget | None = None) -> None:
        """Press keys where the keyboard is, once the window is the active one."""
        window = window or self.page
        window.activateWindow()
        self.wait(window.isActiveWindow)
        handle = window.windowHandle()
        assert handle is not None
        QTest.keySequence(handle, keys)

    def cards(self) -> list[str]:
        return [card.accessibleName() for card in self.page.findChildren(StatCard)]

    def state(self) -> QWidget:
        return self.page.findChild(QStackedWidget).currentWidget()

    def state_texts(self) -> list[str]:
        return [label.text() for label in self.state().findChildren(QLabel) if label.text()]

    def wait(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()))

    def dialog(self) -> TaskDialog:
        self.wait(lambda: self.page.findChild(TaskDialog))
        return self.page.findChild(TaskDialog)

    def question(self) -> QMessageBox:
        self.wait(lambda: self.page.findChild(QMessageBox))
        return self.page.findChild(QMessageBox)

    def answer(self, word: str) -> None:
        buttons = self.question().findChildren(QPushButton)
        button = next(button for button in buttons if button.text() == word)
        self.qtbot.mouseClick(button, LEFT_BUTTON)

    def type_name(self, dialog: TaskDialog, name: str) -> None:
        field = named(dialog, QLineEdit, "Name")
        field.setFocus()
        if name.isascii():
            self.qtbot.keyClicks(field, name)
        else:
            commit_text(field, name)

    def says(self, window: QWidget, words: str) -> bool:
        return any(words in label.text() for label in window.findChildren(QLabel))
