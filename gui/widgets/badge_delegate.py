"""Paints a table cell as a status badge with a quiet text beside it, as the roles say."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from gui import theme
from gui.formatting import Look
from gui.models.record_model import Role
from gui.tones import Tone
from gui.widgets.status_badge import badge_size, paint_badge
from gui.widgets.two_line_delegate import TwoLineDelegate, draw_text, text_of

Index = QModelIndex | QPersistentModelIndex


class BadgeDelegate(TwoLineDelegate):
    """A cell without a look shows its text quietly."""

    def paint_content(
        self, painter: QPainter, place: QRect, option: QStyleOptionViewItem, index: Index
    ) -> None:
        look = index.data(Role.LOOK)
        if not isinstance(look, Look):
            draw_text(painter, place, text_of(index, Qt.ItemDataRole.DisplayRole), Tone.MUTED)
            return
        paint_badge(painter, QRectF(place), look)
        beside = place.adjusted(badge_size(option.fontMetrics, look).width() + theme.UNIT, 0, 0, 0)
        if beside.width() > 0:
            painter.setFont(theme.caption_font(option.font))
            draw_text(painter, beside, text_of(index, Role.SECOND_LINE), Tone.MUTED)

    def content_width(self, option: QStyleOptionViewItem, index: Index) -> int:
        look, beside = index.data(Role.LOOK), text_of(index, Role.SECOND_LINE)
        if not isinstance(look, Look):
            return super().content_width(option, index)
        width = badge_size(option.fontMetrics, look).width()
        if not beside:
            return width
        quiet = QFontMetrics(theme.caption_font(option.font))
        return width + theme.UNIT + quiet.horizontalAdvance(beside)
