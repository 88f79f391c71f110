"""A message across the top of a page or window that stays until it is read; it never blocks."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.language import _
from gui import theme
from gui.tones import Tone

DETAILS_HEIGHT = 140
_ICONS = {
    Tone.DANGER: "error",
    Tone.WARNING: "warning",
    Tone.SUCCESS: "success",
    Tone.ACCENT: "info",
}


class Banner(QFrame):
    """One sentence with an icon, perhaps an action, perhaps details to unfold and copy."""

    action_clicked = Signal()
    closed = Signal()
    """The reader has closed it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._tone = Tone.DANGER
        self._icon = QLabel()
        # The icon stands beside the first line, at the middle of the buttons.
        self._icon.setContentsMargins(0, 6, 0, 6)
        self._text = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._action = QPushButton()
        self._more = QPushButton()
        self._more.setCheckable(True)
        self._copy = QPushButton()
        self._close = QToolButton()
        self._close.setIcon(theme.icon("close"))
        self._details = QPlainTextEdit(readOnly=True)
        self._details.setFixedHeight(DETAILS_HEIGHT)
        self._arrange()
        self._connect()
        self.retranslate()
        self.hide()

    def show_message(
        self, text: str, *, tone: Tone = Tone.DANGER, details: str = "", action: str = ""
    ) -> None:
        """Show a sentence, replacing the one before; without `action` there is no button."""
        self._tone = tone
        self.setProperty("tone", tone.value)
        theme.repolish(self)
        self._show_icon()
        self._text.setText(text)
        self.setAccessibleName(text)
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self._details.setPlainText(details)
        self._more.setChecked(False)
        for part in (self._more, self._copy):
            part.setVisible(bool(details))
        self.show()

    def dismiss(self) -> None:
        """Hide it without the reader."""
        self.hide()

    def text(self) -> str:
        """The sentence shown now, empty when hidden."""
        return self._text.text() if not self.isHidden() else ""

    def retranslate(self) -> None:
        """Speak the current language."""
        self._more.setText(_("Details"))
        self._copy.setText(_("Copy"))
        self._close.setToolTip(_("Close this message"))
        self._close.setAccessibleName(_("Close this message"))
        self._details.setAccessibleName(_("Details"))

    def _arrange(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(theme.UNIT)
        line.addWidget(self._icon, alignment=Qt.AlignmentFlag.AlignTop)
        line.addWidget(self._text, stretch=1)
        for button in (self._action, self._more, self._copy, self._close):
            line.addWidget(button, alignment=Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.UNIT + theme.HALF, theme.UNIT, theme.UNIT, theme.UNIT)
        layout.setSpacing(theme.UNIT)
        layout.addLayout(line)
        layout.addWidget(self._details)
        self._details.hide()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def _connect(self) -> None:
        self._action.clicked.connect(self.action_clicked)
        self._more.toggled.connect(self._details.setVisible)
        self._copy.clicked.connect(self._on_copy_clicked)
        self._close.clicked.connect(self._on_close_clicked)

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(f"{self._text.text()}\n\n{self._details.toPlainText()}")

    def _on_close_clicked(self) -> None:
        self.dismiss()
        self.closed.emit()

    def _show_icon(self) -> None:
        name = _ICONS.get(self._tone, "info")
        self._icon.setPixmap(theme.pixmap(name, self._tone, 20, self.devicePixelRatioF()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._show_icon()
