"""Scrolls the body of a dialog on a small screen, and asks for all of its height on a large one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class BodyScroll(QScrollArea):
    """A frameless scroll area whose size hint is its body's, lines wrapped."""

    body_grown = Signal()
    """The body needs more room than it has."""

    def __init__(self, body: QWidget, width: int) -> None:
        super().__init__()
        self._body = body
        self._width = width
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(body)
        body.installEventFilter(self)

    def sizeHint(self) -> QSize:
        """The whole body at the width the dialog has."""
        width = self.width() if self.isVisible() else self._width
        least, hint = self._body.minimumSizeHint(), self._body.sizeHint()
        width = max(width, least.width())
        return QSize(width, max(self._body.heightForWidth(width), least.height(), hint.height()))

    def keep_height(self) -> None:
        """Let it scroll: Qt would squeeze a body with wrapped lines down to one line each."""
        needed = self._body.heightForWidth(self.viewport().width())
        needed = max(needed, self._body.minimumSizeHint().height())
        if needed != self._body.minimumHeight():
            self._body.setMinimumHeight(needed)

    def _has_room(self) -> bool:
        wanted, given = self.sizeHint(), self.viewport().size()
        return wanted.width() <= given.width() and wanted.height() <= given.height()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hear when the body's layout changes."""
        if watched is self._body and event.type() is QEvent.Type.LayoutRequest:
            self.keep_height()
            if not self._has_room():
                self.body_grown.emit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """At another width lines wrap elsewhere."""
        super().resizeEvent(event)
        self.keep_height()
