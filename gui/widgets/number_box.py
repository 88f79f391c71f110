"""A whole number that is typed or stepped; full-width digits count, and scrolling past it does not.

Knows nothing of what the number means.
"""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import Qt
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QSpinBox, QWidget


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
