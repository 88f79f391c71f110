"""A time of day that is typed or stepped; knows neither a date nor a zone."""

from __future__ import annotations

from datetime import time

from PySide6.QtCore import Qt, QTime, Signal
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QTimeEdit, QWidget

from gui import theme
from gui.widgets.number_box import plain_digits

FORMAT = "HH:mm"


class TimeOfDayEdit(QTimeEdit):
    """Hours and minutes; seconds are shown, and kept, where a time was set with some."""

    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDisplayFormat(FORMAT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.lineEdit().setTextMargins(theme.HALF, 0, 0, 0)
        self.timeChanged.connect(lambda _value: self.changed.emit())

    def at(self) -> time:
        """What is entered."""
        shown = self.time()
        return time(shown.hour(), shown.minute(), shown.second())

    def set_at(self, at: time) -> None:
        """Show `at`."""
        self.setDisplayFormat(f"{FORMAT}:ss" if at.second else FORMAT)
        self.setTime(QTime(at.hour, at.minute, at.second))

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Qt takes the returned text for what was typed."""
        return super().validate(plain_digits(text), position)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A form that is scrolled must not change under the pointer."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
