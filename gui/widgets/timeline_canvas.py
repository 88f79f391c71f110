"""Paints the history timeline: a node on a vertical line for each execution, days set apart.

A list with a delegate, so that keyboard, selection and screen readers work as in any list.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from core.language import _
from gui import theme
from gui.models.execution_model import ENTRY, Entry
from gui.tones import Ground, Tone

NODE: Final = 28
"""Diameter of a node."""
LINE_X: Final = theme.GAP + NODE // 2
TEXT_X: Final = theme.GAP + NODE + theme.GAP
BAR_HEIGHT: Final = 4
BAR_WIDTH: Final = 140
NEAR_END: Final = 400
"""Pixels above the end at which older entries are asked for."""
Index = QModelIndex | QPersistentModelIndex


class TimelineCanvas(QListView):
    """The list itself; its model is an `ExecutionModel`."""

    end_approached = Signal()
    """The reader is near the oldest entry shown."""

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(_EntryDelegate(today, self))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setMinimumWidth(380)
        self.verticalScrollBar().valueChanged.connect(self._on_bar_moved)
        self.verticalScrollBar().rangeChanged.connect(self._on_bar_moved)

    def _on_bar_moved(self) -> None:
        bar = self.verticalScrollBar()
        if self.isVisible() and bar.value() >= bar.maximum() - NEAR_END:
            self.end_approached.emit()


class _EntryDelegate(QStyledItemDelegate):
    """Three lines of text beside a node, below a heading where a day begins."""

    def __init__(self, today: Callable[[], date], parent: QWidget) -> None:
        super().__init__(parent)
        self._today = today

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        fonts = _Fonts(option.font)
        height = fonts.entry_height + (fonts.heading_height if _begins_day(index) else 0)
        return QSize(TEXT_X + 240, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry = index.data(ENTRY)
        fonts = _Fonts(option.font)
        area = QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(area)
        begins_day = _begins_day(index)
        _paint_line(painter, area, fonts, index, begins_day=begins_day)
        if begins_day:
            heading = area.adjusted(theme.GAP, 0, -theme.GAP, 0)
            heading.setHeight(fonts.heading_height)
            _paint_heading(painter, heading, fonts, _day_words(entry.day, self._today()))
            area.setTop(area.top() + fonts.heading_height)
        _paint_ground(painter, area, option)
        _paint_node(painter, area, fonts, entry)
        _paint_texts(painter, area.adjusted(TEXT_X, theme.UNIT, -theme.GAP, 0), fonts, entry)
        painter.restore()


class _Fonts:
    """The fonts of an entry and what they measure."""

    def __init__(self, base: QFont) -> None:
        self.title = QFont(base)
        self.title.setWeight(QFont.Weight.DemiBold)
        self.text = theme.tabular(base)
        self.heading = theme.heading_font(base)
        line = QFontMetrics(base).height() + theme.HALF // 2
        self.line_height = line
        self.entry_height = 3 * line + 2 * theme.UNIT + theme.HALF
        self.heading_height = QFontMetrics(self.heading).height() + 2 * theme.UNIT


def _begins_day(index: Index) -> bool:
    if index.row() == 0:
        return True
    above: Entry = index.sibling(index.row() - 1, 0).data(ENTRY)
    here: Entry = index.data(ENTRY)
    return above.day != here.day


def _day_words(day: date, today: date) -> str:
    written = f"{day:%Y-%m-%d}"
    if day == today:
        return _("Today, {date}").format(date=written)
    if day == today - timedelta(days=1):
        return _("Yesterday, {date}").format(date=written)
    return written


def _paint_line(
    painter: QPainter, area: QRect, fonts: _Fonts, index: Index, *, begins_day: bool
) -> None:
    """The line that joins the nodes of a day."""
    top = area.top()
    if begins_day:
        top += fonts.heading_height + theme.UNIT + NODE // 2
    model: QAbstractItemModel = index.model()
    below = index.sibling(index.row() + 1, 0)
    is_last = index.row() + 1 >= model.rowCount() or _begins_day(below)
    bottom = area.bottom() + 1
    if is_last:
        bottom -= fonts.entry_height - theme.UNIT - NODE // 2
    painter.setPen(QPen(theme.colour(Ground.BORDER), 2))
    painter.drawLine(QPointF(LINE_X, top), QPointF(LINE_X, bottom))


def _paint_heading(painter: QPainter, place: QRect, fonts: _Fonts, words: str) -> None:
    painter.setFont(fonts.heading)
    painter.setPen(theme.colour(Tone.MUTED))
    painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)


def _paint_ground(painter: QPainter, area: QRect, option: QStyleOptionViewItem) -> None:
    state = option.state
    if state & QStyle.StateFlag.State_Selected:
        ground = option.palette.color(QPalette.ColorRole.Highlight)
    elif state & QStyle.StateFlag.State_MouseOver:
        ground = theme.colour(Ground.HOVER)
    else:
        return
    place = QRectF(area.adjusted(TEXT_X - theme.UNIT, 1, -theme.UNIT, -1))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(place, theme.RADIUS, theme.RADIUS)


def _paint_node(painter: QPainter, area: QRect, fonts: _Fonts, entry: Entry) -> None:
    centre = QPointF(LINE_X, area.top() + theme.UNIT + NODE / 2)
    painter.setPen(QPen(theme.colour(Ground.SURFACE), 3))
    painter.setBrush(theme.soft(entry.look.tone))
    painter.drawEllipse(centre, NODE / 2, NODE / 2)
    size = NODE - 12
    icon = QRect(0, 0, size, size)
    icon.moveCenter(centre.toPoint())
    theme.icon(entry.look.icon, entry.look.tone).paint(painter, icon)
    painter.setFont(fonts.text)


def _paint_texts(painter: QPainter, area: QRect, fonts: _Fonts, entry: Entry) -> None:
    line = QRect(area.left(), area.top(), area.width(), fonts.line_height)
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    word_width = QFontMetrics(fonts.text).horizontalAdvance(entry.look.word)
    painter.setFont(fonts.text)
    painter.setPen(theme.colour(entry.look.tone))
    painter.drawText(line, right, entry.look.word)
    painter.setFont(fonts.title)
    painter.setPen(theme.colour(Tone.TEXT))
    _draw_elided(painter, line.adjusted(0, 0, -word_width - theme.GAP, 0), entry.title)
    painter.setFont(fonts.text)
    painter.setPen(theme.colour(Tone.MUTED))
    line.translate(0, fonts.line_height)
    _draw_elided(painter, line, entry.when)
    line.translate(0, fonts.line_height)
    if entry.progress is not None:
        _paint_progress(painter, line, entry.progress)
        line.setRight(line.right() - BAR_WIDTH - theme.GAP)
    painter.setPen(theme.colour(entry.result_tone))
    _draw_elided(painter, line, entry.result)


def _draw_elided(painter: QPainter, place: QRect, text: str) -> None:
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


def _paint_progress(painter: QPainter, line: QRect, share: float) -> None:
    track = QRectF(line.right() - BAR_WIDTH, line.center().y() - 1, BAR_WIDTH, BAR_HEIGHT)
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(Ground.BORDER))
    painter.drawRoundedRect(track, BAR_HEIGHT / 2, BAR_HEIGHT / 2)
    track.setWidth(max(track.width() * min(max(share, 0.0), 1.0), BAR_HEIGHT))
    painter.setBrush(theme.colour(Tone.ACCENT))
    painter.drawRoundedRect(track, BAR_HEIGHT / 2, BAR_HEIGHT / 2)
    painter.restore()
