"""A state as icon, word and colour on a pale ground; it knows looks, not where they come from."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import theme
from gui.formatting import Look

ICON = 14
PADDING = theme.UNIT
HEIGHT_OVER_TEXT = theme.UNIT


def badge_size(metrics: QFontMetrics, look: Look) -> QSize:
    """The room a badge needs in a font."""
    width = PADDING + ICON + theme.HALF + metrics.horizontalAdvance(look.word) + PADDING
    return QSize(width, max(metrics.height(), ICON) + HEIGHT_OVER_TEXT)


def paint_badge(painter: QPainter, place: QRectF, look: Look) -> None:
    """Draw a badge at the left of `place`, vertically centred; delegates share this with widgets.

    Text that does not fit is elided, never cut.
    """
    metrics = QFontMetrics(painter.font())
    wanted = badge_size(metrics, look)
    box = QRectF(
        place.left(),
        place.center().y() - wanted.height() / 2,
        min(wanted.width(), place.width()),
        wanted.height(),
    )
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.soft(look.tone))
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
    icon = QRectF(box.left() + PADDING, box.center().y() - ICON / 2, ICON, ICON)
    theme.icon(look.icon, look.tone).paint(painter, icon.toRect())
    words = box.adjusted(PADDING + ICON + theme.HALF, 0, -PADDING + 1, 0)
    painter.setPen(theme.colour(look.tone))
    painter.drawText(
        words,
        Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
        metrics.elidedText(look.word, Qt.TextElideMode.ElideRight, int(words.width())),
    )
    painter.restore()


class StatusBadge(QWidget):
    """Shows one `Look`."""

    def __init__(self, look: Look | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look: Look | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setBackgroundRole(QPalette.ColorRole.NoRole)
        self.set_look(look)

    def set_look(self, look: Look | None) -> None:
        """Show another state; `None` shows nothing and takes no room."""
        self._look = look
        self.setVisible(look is not None)
        self.setAccessibleName(look.word if look else "")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return badge_size(self.fontMetrics(), self._look) if self._look else QSize(0, 0)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        if self._look is not None:
            painter = QPainter(self)
            painter.setFont(self.font())
            paint_badge(painter, QRectF(self.rect()), self._look)
            painter.end()
