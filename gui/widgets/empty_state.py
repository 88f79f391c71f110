"""What a page shows where there is nothing to list: what that means, and what to do next."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from gui import theme
from gui.tones import Tone

ICON = 48
TEXT_WIDTH = 480


class EmptyState(QWidget):
    """An icon, one sentence, a hint, and perhaps the button that ends the emptiness."""

    action_clicked = Signal()

    def __init__(
        self, icon: str, parent: QWidget | None = None, *, tone: Tone = Tone.MUTED
    ) -> None:
        super().__init__(parent)
        self._tone = tone
        self._icon_name = icon
        self._icon = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._title = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._title.setFont(theme.heading_font(self.font()))
        self._hint = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        theme.set_tone(self._hint, Tone.MUTED)
        self._button = QPushButton()
        theme.make_primary(self._button, "add")
        for label in (self._title, self._hint):
            label.setFixedWidth(TEXT_WIDTH)
        self._arrange()
        self._button.clicked.connect(self.action_clicked)
        self._show_icon()

    def set_action_icon(self, name: str) -> None:
        """Show another icon than “add” on the button."""
        theme.make_primary(self._button, name)

    def set_texts(self, title: str, hint: str = "", action: str = "", shortcut: str = "") -> None:
        """Say what is (not) there; an empty text hides its part."""
        self._title.setText(title)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self._button.setText(action)
        self._button.setToolTip(shortcut)
        self._button.setAccessibleName(action)
        self._button.setVisible(bool(action))
        self._give_room()

    def _arrange(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        layout.setSpacing(theme.UNIT)
        layout.addStretch(2)
        for part in (self._icon, self._title, self._hint):
            layout.addWidget(part, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(theme.UNIT)
        layout.addWidget(self._button, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)

    def _give_room(self) -> None:
        """A label that wraps guesses its height for a width of its own choice, not for this one."""
        for label in (self._title, self._hint):
            label.setFixedHeight(max(0, label.heightForWidth(TEXT_WIDTH)))  # -1 without text

    def _show_icon(self) -> None:
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(theme.pixmap(self._icon_name, self._tone, ICON, ratio))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        match event.type():
            case QEvent.Type.PaletteChange:
                self._show_icon()
            case QEvent.Type.FontChange | QEvent.Type.StyleChange:
                self._give_room()
