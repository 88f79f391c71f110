"""A number that is typed or stepped; full-width digits count, and scrolling past it does not.

Knows nothing of what the number means.
"""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import Qt
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox, QWidget


def plain_digits(text: str) -> str:
    """`text` with the full-width forms of a Chinese keyboard as plain ones."""
    return unicodedata.normalize("NFKC", text)


class NumberBox(QSpinBox):
    """A spin box for a form that scrolls and is typed in with a Chinese keyboard."""

    def __init__(self, low: int, high: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(low, high)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Qt takes the returned text for what was typed."""
        return super().validate(plain_digits(text), position)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A form that is scrolled must not change under the pointer."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class FactorBox(QDoubleSpinBox):
    """As `NumberBox`, for a number with one decimal; a value set with more keeps them."""

    def __init__(self, low: float, high: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loaded: tuple[float, float] | None = None
        self.setDecimals(1)
        self.setSingleStep(0.5)
        self.setRange(low, high)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def factor(self) -> float:
        """What is entered, or what was set if nobody edited it."""
        if self._loaded is not None and self._loaded[0] == self.value():
            return self._loaded[1]
        return self.value()

    def set_factor(self, factor: float) -> None:
        """Show `factor`, rounded."""
        self.setValue(factor)
        self._loaded = (self.value(), factor)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Qt takes the returned text for what was typed."""
        return super().validate(plain_digits(text), position)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A form that is scrolled must not change under the pointer."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
