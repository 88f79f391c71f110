"""The button for what is rarely asked of tasks: a menu that reports a click and does nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from core.language import _
from gui import theme


class MoreButton(QPushButton):
    """What concerns the chosen task first, then what concerns all."""

    bin_asked = Signal()
    quiet_hours_asked = Signal()

    def __init__(self, of_task: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bin, self._quiet_hours = QAction(self), QAction(self)
        self._bin.setIcon(theme.icon("delete"))
        self._quiet_hours.setIcon(theme.icon("paused"))
        menu = QMenu(self)
        menu.addActions(list(of_task))
        menu.addSeparator()
        menu.addActions([self._bin, self._quiet_hours])
        self.setMenu(menu)
        self._bin.triggered.connect(lambda _checked: self.bin_asked.emit())
        self._quiet_hours.triggered.connect(lambda _checked: self.quiet_hours_asked.emit())

    def retranslate(self) -> None:
        """Speak the current language."""
        self.setText(_("More"))
        self.setToolTip(_("More that can be done with tasks"))
        self.setAccessibleName(_("More that can be done with tasks"))
        self._bin.setText(_("Recycle bin…"))
        self._quiet_hours.setText(_("Quiet hours…"))
