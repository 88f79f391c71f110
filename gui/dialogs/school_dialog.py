"""Asks for the name of a new school; it submits a name and never saves by itself."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from core.errors import AppError
from core.language import _
from core.messages import error_sentence
from gui import theme
from gui.tones import Tone

MIN_WIDTH = 380


class SchoolDialog(QDialog):
    """One field; whoever opened it adds the school and closes it, or shows what is wrong."""

    submitted = Signal(str)
    """The trimmed name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Add school"))
        self.setMinimumWidth(MIN_WIDTH)
        label = QLabel(_("Name of the school"))
        self._name = QLineEdit()
        self._name.setMaxLength(200)
        self._name.setAccessibleName(label.text())
        label.setBuddy(self._name)
        self._error = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        theme.set_tone(self._error, Tone.DANGER)
        self._error.hide()
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._add = self._buttons.addButton(_("Add school"), QDialogButtonBox.ButtonRole.AcceptRole)
        theme.make_primary(self._add)
        self._add.setEnabled(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.GAP)
        layout.setSpacing(theme.UNIT)
        for part in (label, self._name, self._error, self._buttons):
            layout.addWidget(part)
        self._connect()

    def show_error(self, error: AppError) -> None:
        """Say below the field why the name cannot be taken."""
        self._error.setText(error_sentence(error))
        self._error.show()
        self._name.setFocus()
        self._name.selectAll()

    def set_busy(self, busy: bool) -> None:
        """Nothing can be changed while the answer is awaited."""
        self._name.setReadOnly(busy)
        self._add.setEnabled(not busy and bool(self._name.text().strip()))

    def _connect(self) -> None:
        self._name.textChanged.connect(self._on_name_changed)
        self._buttons.accepted.connect(self._on_buttons_accepted)
        self._buttons.rejected.connect(self.reject)

    def _on_name_changed(self, text: str) -> None:
        self._error.hide()
        self._add.setEnabled(bool(text.strip()))

    def _on_buttons_accepted(self) -> None:
        self.submitted.emit(" ".join(self._name.text().split()))
