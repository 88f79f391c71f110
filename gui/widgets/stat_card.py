"""One figure with its name and icon: a statistic card that knows nothing of what it counts."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gui import theme
from gui.tones import Tone

ICON = 24


class StatCard(QFrame):
    """A big figure above a quiet caption, with an icon in the card's tone."""

    def __init__(self, icon: str, tone: Tone = Tone.ACCENT, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name = icon
        self._tone = tone
        self.setProperty("card", True)  # noqa: FBT003 - Qt's property call
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._icon = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._value = QLabel("–")
        self._value.setFont(theme.tabular(theme.title_font(self.font())))
        self._caption = QLabel()
        theme.set_tone(self._caption, Tone.MUTED)
        self._arrange()
        self._show_icon()

    def set_caption(self, text: str) -> None:
        """Name the figure."""
        self._caption.setText(text)
        self._name_for_readers()

    def set_value(self, text: str, tooltip: str = "") -> None:
        """Show the figure."""
        self._value.setText(text)
        self.setToolTip(tooltip)
        self._name_for_readers()

    def _arrange(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._value)
        words.addWidget(self._caption)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.GAP, theme.UNIT + theme.HALF, theme.GAP, theme.UNIT)
        layout.setSpacing(theme.GAP)
        layout.addWidget(self._icon)
        layout.addLayout(words, stretch=1)

    def _name_for_readers(self) -> None:
        self.setAccessibleName(f"{self._caption.text()}: {self._value.text()}")

    def _show_icon(self) -> None:
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(theme.pixmap(self._icon_name, self._tone, ICON, ratio))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._show_icon()
