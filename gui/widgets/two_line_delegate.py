"""Paints a table cell as a line of text above a quieter one; the roles say what they are."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui import theme
from gui.models.record_model import Role
from gui.tones import Ground, Tone

Index = QModelIndex | QPersistentModelIndex
SIDE: Final = theme.UNIT
_STATE = QStyle.StateFlag


def row_height(font: QFont) -> int:
    """The height of a row with two lines."""
    second = QFontMetrics(theme.caption_font(font)).height()
    return QFontMetrics(font).height() + second + 2 * theme.UNIT


def text_of(index: Index, role: int) -> str:
    """What a role says, empty if nothing."""
    value = index.data(role)
    return value if isinstance(value, str) else ""


class TwoLineDelegate(QStyledItemDelegate):
    """Elides both lines where the cell is too narrow; a lone line stands in the middle."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        shown = QStyleOptionViewItem(option)
        self.initStyleOption(shown, index)
        painter.save()
        self._paint_ground(painter, shown)
        painter.setFont(shown.font)
        self.paint_content(painter, shown.rect.adjusted(SIDE, 0, -SIDE, 0), shown, index)
        painter.restore()

    def paint_content(
        self, painter: QPainter, place: QRect, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Paint what stands on the ground of the cell."""
        first, second = (
            text_of(index, Qt.ItemDataRole.DisplayRole),
            text_of(index, Role.SECOND_LINE),
        )
        across = option.displayAlignment & Qt.AlignmentFlag.AlignHorizontal_Mask
        if not second:
            draw_text(painter, place, first, Tone.TEXT, across)
            return
        quiet = theme.caption_font(option.font)
        first_height = option.fontMetrics.height()
        second_height = QFontMetrics(quiet).height()
        top = place.center().y() - (first_height + second_height) // 2
        upper = QRect(place.left(), top, place.width(), first_height)
        lower = QRect(place.left(), top + first_height, place.width(), second_height)
        draw_text(painter, upper, first, Tone.TEXT, across)
        painter.setFont(quiet)
        draw_text(painter, lower, second, Tone.MUTED, across)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        shown = QStyleOptionViewItem(option)
        self.initStyleOption(shown, index)
        return QSize(self.content_width(shown, index) + 2 * SIDE + 2, row_height(shown.font))

    def content_width(self, option: QStyleOptionViewItem, index: Index) -> int:
        """The room the content would like to have."""
        quiet = QFontMetrics(theme.caption_font(option.font))
        return max(
            option.fontMetrics.horizontalAdvance(text_of(index, Qt.ItemDataRole.DisplayRole)),
            quiet.horizontalAdvance(text_of(index, Role.SECOND_LINE)),
        )

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        """The cell as the style paints it when empty, and a hairline below the row."""
        option.text = ""
        option.state &= ~_STATE.State_HasFocus
        option.widget.style().drawControl(
            QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget
        )
        painter.setPen(theme.colour(Ground.HOVER))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())


def draw_text(
    painter: QPainter,
    place: QRect,
    text: str,
    tone: Tone,
    across: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """One line of plain text, elided, vertically centred."""
    metrics = painter.fontMetrics()
    elided = metrics.elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    painter.setPen(theme.colour(tone))
    painter.drawText(place, across | Qt.AlignmentFlag.AlignVCenter, elided)
