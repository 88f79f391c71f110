"""The list of pages at the left of the window; it knows their names, not what they show."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.language import N_, _
from gui import theme
from gui.tones import Tone

WIDTH: Final = 184
LOGO: Final = 24


class PageName(StrEnum):
    """The pages, in the order of the list and of Ctrl+1, Ctrl+2, ..."""

    TASKS = "tasks"
    TIMELINE = "timeline"
    MODELS = "models"
    SAMPLES = "samples"


_TITLES: Final[dict[PageName, str]] = {
    PageName.TASKS: N_("Tasks"),
    PageName.TIMELINE: N_("Timeline"),
    PageName.MODELS: N_("Models"),
    PageName.SAMPLES: N_("Samples"),
}


class Navigation(QFrame):
    """One button a page, of which one is down."""

    page_chosen = Signal(object)
    """A `PageName`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("navigation")
        self.setFixedWidth(WIDTH)
        self._logo = QLabel()
        self._name = QLabel()
        self._name.setFont(theme.heading_font(self.font()))
        self._group = QButtonGroup(self)
        self._buttons = {name: self._button(place, name) for place, name in enumerate(PageName)}
        self._arrange()
        self.retranslate()

    def set_usable(self, *, usable: bool) -> None:
        """Whether there are pages to choose from."""
        for button in self._buttons.values():
            button.setEnabled(usable)

    def choose(self, name: PageName) -> None:
        """Press the button of a page."""
        self._buttons[name].setChecked(True)

    def retranslate(self) -> None:
        """Speak the current language."""
        self._name.setText(_("Traintable"))
        self._logo.setPixmap(theme.pixmap("traintable", Tone.ACCENT, LOGO, self._ratio()))
        self.setAccessibleName(_("Pages"))
        for place, (name, button) in enumerate(self._buttons.items()):
            title = _(_TITLES[name])
            keys = QKeySequence(f"Ctrl+{place + 1}")
            button.setText(title)
            button.setAccessibleName(title)
            button.setToolTip(f"{title} ({keys.toString(QKeySequence.SequenceFormat.NativeText)})")
            # Set after the text: setText drops the shortcut of an old mnemonic.
            button.setShortcut(keys)

    def _button(self, place: int, name: PageName) -> QToolButton:
        button = QToolButton()
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIcon(theme.icon(name.value, Tone.MUTED))
        # Wider than the drawing, which stands in its middle: the gap to the word.
        button.setIconSize(QSize(32, 20))
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._group.addButton(button, place)

        def show_state(is_down: bool) -> None:
            button.setIcon(theme.icon(name.value, Tone.ACCENT if is_down else Tone.MUTED))
            if is_down:
                self.page_chosen.emit(name)

        button.toggled.connect(show_state)
        return button

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(theme.UNIT, theme.HALF, 0, theme.GAP)
        head.setSpacing(theme.UNIT)
        head.addWidget(self._logo)
        head.addWidget(self._name, stretch=1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.UNIT, theme.GAP, theme.UNIT, theme.UNIT)
        layout.setSpacing(theme.HALF)
        layout.addLayout(head)
        for button in self._buttons.values():
            layout.addWidget(button)
        layout.addStretch()

    def _ratio(self) -> float:
        return self.devicePixelRatioF()
