"""Drives a task dialog as a person does: by the names of its controls, with mouse and keyboard."""

from __future__ import annotations

from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QDateTimeEdit,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from core.clock import Clock
from core.contracts.records import TaskRecord
from gui.dialogs.task_dialog import TaskDialog
from gui.operations import Operations
from gui.widgets.fire_preview import FirePreview

W = TypeVar("W", bound=QWidget)


def named(root: QWidget, kind: type[W], name: str) -> W:
    """The control of this kind and accessible name (or text) under `root`."""
    for child in root.findChildren(kind):
        text = child.text() if isinstance(child, QAbstractButton) else ""
        if name in {child.accessibleName(), text}:
            return child
    raise AssertionError(f"there is no {kind.__name__} named {name}")


def commit_text(field: QWidget, text: str) -> None:
    """What a Chinese keyboard does: the text arrives whole, by no key."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QCoreApplication.sendEvent(field, event)


class DialogDriver:
    """An open task dialog, and what it submitted."""

    def __init__(
        self, qtbot: QtBot, operations: Operations, clock: Clock, record: TaskRecord | None
    ) -> None:
        self._qtbot = qtbot
        self.dialog = TaskDialog(operations, record, clock=clock)
        self.submitted: list[Any] = []
        self.dialog.submitted.connect(self.submitted.append)
        qtbot.addWidget(self.dialog)
        self.dialog.open()
        self.settle()

    @property
    def save(self) -> QPushButton:
        return next(b for b in self.dialog.findChildren(QPushButton) if b.isDefault())

    @property
    def preview(self) -> FirePreview:
        return self.dialog.findChildren(FirePreview)[0]

    @property
    def name(self) -> QLineEdit:
        return named(self.dialog, QLineEdit, "Name")

    @property
    def cron(self) -> QLineEdit:
        return named(self.dialog, QLineEdit, "Cron line")

    @property
    def once(self) -> QDateTimeEdit:
        return named(self.dialog, QDateTimeEdit, "Date and time")

    @property
    def question(self) -> QMessageBox:
        return self.dialog.findChildren(QMessageBox)[0]

    def settle(self) -> None:
        """Wait until the schedule as it stands has been judged."""
        self._qtbot.waitUntil(lambda: not self.dialog._check.is_pending)

    def click(self, kind: type[QAbstractButton], name: str) -> None:
        QTest.mouseClick(named(self.dialog, kind, name), Qt.MouseButton.LeftButton)

    def type_into(self, field: QWidget, text: str) -> None:
        """Replace what the field holds by typing."""
        field.setFocus()
        QTest.keySequence(field, "Ctrl+A")
        QTest.keyClick(field, Qt.Key.Key_Delete)
        if text.isascii():
            QTest.keyClicks(field, text)
        else:
            commit_text(field, text)

    def press(self, sequence: str) -> None:
        """Press keys where the keyboard is."""
        QTest.keySequence(self._window(), sequence)

    def _window(self) -> QWindow:
        window = self.dialog.windowHandle()
        assert window is not None
        return window
