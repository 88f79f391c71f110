"""Paints a table cell as words above a bar while something is under way, else as a badge."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from gui import theme
from gui.models.record_model import Role
from gui.tones import Tone
from gui.widgets.badge_delegate import BadgeDelegate
from gui.widgets.two_line_delegate import draw_text, text_of

Index = QModelIndex | QPersistentModelIndex
BAR_HEIGHT: Final = 6
WIDTH: Final = 200
"""Room for the words of a stage."""


class ProgressDelegate(BadgeDelegate):
    """Follows `Role.PROGRESS`."""

    def paint_content(
        self, painter: QPainter, place: QRect, option: QStyleOptionViewItem, index: Index
    ) -> None:
        share = index.data(Role.PROGRESS)
        if not isinstance(share, float):
            super().paint_content(painter, place, option, index)
            return
        height = option.fontMetrics.height()
        top = place.center().y() - (height + theme.HALF + BAR_HEIGHT) // 2
        line = QRect(place.left(), top, place.width(), height)
        draw_text(painter, line, text_of(index, Qt.ItemDataRole.DisplayRole), Tone.TEXT)
        bar = QRectF(place.left(), line.bottom() + theme.HALF, place.width(), BAR_HEIGHT)
        paint_bar(painter, bar, share, mirrored=option.direction is Qt.LayoutDirection.RightToLeft)

    def content_width(self, option: QStyleOptionViewItem, index: Index) -> int:
        return max(WIDTH, super().content_width(option, index))


def paint_bar(painter: QPainter, place: QRectF, share: float, *, mirrored: bool = False) -> None:
    """A rounded bar, filled from its beginning by `share`."""
    radius = place.height() / 2
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.soft(Tone.TEXT))
    painter.drawRoundedRect(place, radius, radius)
    filled = QRectF(place)
    filled.setWidth(max(place.width() * min(max(share, 0.0), 1.0), place.height()))
    if mirrored:
        filled.moveRight(place.right())
    painter.setBrush(theme.colour(Tone.ACCENT))
    painter.drawRoundedRect(filled, radius, radius)
    painter.restore()
