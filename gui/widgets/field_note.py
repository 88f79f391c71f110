"""The line under a field: a calm hint, or what is wrong with the field; takes no room when empty.

Shows sentences and makes none.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from gui import theme
from gui.tones import Tone

ICON_PIXELS = 14


class FieldNote(QWidget):
    """One sentence with its icon."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = QLabel()
        self._text = QLabel(wordWrap=True)
        self._text.setFont(theme.caption_font(self.font()))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.HALF)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        self.clear()

    def text(self) -> str:
        """The sentence, empty for none."""
        return self._text.text()

    def clear(self) -> None:
        """Say nothing."""
        self._show("", None, Tone.MUTED)
        self.setVisible(False)

    def show_hint(self, sentence: str) -> None:
        """Say something helpful; an empty sentence clears."""
        self._show(sentence, None, Tone.MUTED)

    def show_error(self, sentence: str) -> None:
        """Say what is wrong."""
        self._show(sentence, "error", Tone.DANGER)

    def _show(self, sentence: str, icon: str | None, tone: Tone) -> None:
        self._text.setText(sentence)
        self._text.setAccessibleName(sentence)
        theme.set_tone(self._text, tone)
        self._icon.setVisible(icon is not None)
        if icon is not None:
            self._icon.setPixmap(
                theme.pixmap(icon, tone, ICON_PIXELS, ratio=self.devicePixelRatioF())
            )
        self.setVisible(bool(sentence))
