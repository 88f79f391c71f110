"""A heading that folds what stands under it away, in short beside it; knows nothing of both."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gui import theme
from gui.tones import Tone
from gui.widgets.elided_label import ElidedLabel


class Collapsible(QWidget):
    """Folded at first; the heading is a button for mouse and keyboard."""

    toggled = Signal(bool)
    """Whether the content is shown now."""

    def __init__(self, title: str, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = content
        self._heading = QToolButton()
        self._heading.setText(title)
        self._heading.setCheckable(True)
        self._heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._heading.setIconSize(theme.ICON_SIZE * 0.8)
        # No ground of its own while open: the turned arrow says it.
        self._heading.setStyleSheet(
            "QToolButton:checked, QToolButton:pressed { background: transparent; }"
            "QToolButton { padding-left: 0; margin-left: -6px; font-weight: 600; }"
        )
        self._heading.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._summary = ElidedLabel()
        theme.set_tone(self._summary, Tone.MUTED)
        head = QHBoxLayout()
        head.setSpacing(theme.UNIT)
        head.addWidget(self._heading)
        head.addWidget(self._summary, 1)
        head.addStretch()  # the heading stays at the left while there is no summary
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addLayout(head)
        column.addWidget(content)
        self._on_heading_toggled(is_open=False)
        self._heading.toggled.connect(lambda checked: self._on_heading_toggled(is_open=checked))

    def is_open(self) -> bool:
        """Whether the content is shown."""
        return self._heading.isChecked()

    def set_open(self, *, is_open: bool) -> None:
        """Show the content, or fold it away."""
        self._heading.setChecked(is_open)

    def set_summary(self, text: str) -> None:
        """What the content amounts to, shown while it is folded away."""
        self._summary.setText(text)
        self._summary.setToolTip(text)
        self._heading.setAccessibleDescription(text)

    def summary(self) -> str:
        """What was set last."""
        return self._summary.text()

    def _on_heading_toggled(self, *, is_open: bool) -> None:
        self._content.setVisible(is_open)
        self._summary.setVisible(not is_open)
        self._heading.setIcon(
            theme.icon("chevron-down" if is_open else "chevron-right", Tone.MUTED)
        )
        self.toggled.emit(is_open)
