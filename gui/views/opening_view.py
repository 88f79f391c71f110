"""What the window shows before there is a database: that it opens, or why it does not."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QStackedLayout, QVBoxLayout, QWidget

from core.language import _
from gui import theme
from gui.tones import Tone
from gui.widgets.empty_state import EmptyState

BAR_WIDTH = 240


class OpeningView(QWidget):
    """A quiet bar while it opens, else the sentence and a button to try again."""

    retry_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._waiting = QWidget()
        self._text = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        theme.set_tone(self._text, Tone.MUTED)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(BAR_WIDTH)
        self._failure = EmptyState("error", tone=Tone.DANGER)
        self._failure.set_action_icon("refresh")
        self._sentence = ""
        self._is_closing = False
        self._arrange()
        self._failure.action_clicked.connect(self.retry_requested)
        self.retranslate()

    def show_opening(self) -> None:
        """Say that the database is being opened."""
        self._is_closing = False
        self._show_waiting()

    def show_closing(self) -> None:
        """Say that the program is ending."""
        self._is_closing = True
        self._show_waiting()

    def show_failure(self, sentence: str) -> None:
        """Say why it could not be opened."""
        self._sentence = sentence
        self._bar.setRange(0, 1)  # a hidden endless bar would go on waking the machine
        self.retranslate()
        self._stack.setCurrentWidget(self._failure)

    def retranslate(self) -> None:
        """Speak the current language."""
        self._text.setText(_("Closing …") if self._is_closing else _("Opening the database …"))
        self._bar.setAccessibleName(self._text.text())
        self._failure.set_texts(
            _("The database could not be opened"), self._sentence, _("Try again")
        )

    def _show_waiting(self) -> None:
        self._bar.setRange(0, 0)
        self.retranslate()
        self._stack.setCurrentWidget(self._waiting)

    def _arrange(self) -> None:
        column = QVBoxLayout(self._waiting)
        column.setSpacing(theme.UNIT)
        column.addStretch(2)
        column.addWidget(self._text)
        column.addWidget(self._bar, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._waiting)
        self._stack.addWidget(self._failure)
