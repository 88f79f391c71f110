"""A drop-down list of values with their words; knows neither where they come from nor their use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QWidget

T = TypeVar("T")


class ChoiceBox(QComboBox, Generic[T]):
    """One of some values.

    The values stay in Python: Qt would turn an enum of strings into a plain string.
    """

    chosen = Signal()
    """A person chose, or the value was set."""

    def __init__(self, options: Sequence[tuple[T, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: list[T] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.set_options(options)
        self.currentIndexChanged.connect(lambda _index: self.chosen.emit())

    def set_options(self, options: Sequence[tuple[T, str]]) -> None:
        """Offer these; the value stays if it is among them, else the first is taken."""
        before = self._values[self.currentIndex()] if self._values else None
        with QSignalBlocker(self):
            self.clear()
            self._values = [value for value, _word in options]
            self.addItems([word for _value, word in options])
            self.setCurrentIndex(self._values.index(before) if before in self._values else 0)

    def value(self) -> T:
        """The chosen value."""
        return self._values[self.currentIndex()]

    def set_value(self, value: T) -> None:
        """Choose `value`, which must be among the options."""
        self.setCurrentIndex(self._values.index(value))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A form that is scrolled must not change under the pointer."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
