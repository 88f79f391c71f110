"""Paints a sample's picture beside its file name, and below that why it was refused."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from core.contracts.records import SampleRecord
from gui import theme
from gui.models.record_model import Role
from gui.tones import Ground, Tone
from gui.widgets.thumbnails import Thumbnails
from gui.widgets.two_line_delegate import TwoLineDelegate

PICTURE: Final = QSize(160, 40)
ICON: Final = 20
Index = QModelIndex | QPersistentModelIndex


class SampleDelegate(TwoLineDelegate):
    """Asks for a picture when it is to be seen; until it is here the place stays empty."""

    def __init__(self, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails

    def paint_content(
        self, painter: QPainter, place: QRect, option: QStyleOptionViewItem, index: Index
    ) -> None:
        frame = QRect(place.topLeft(), PICTURE)
        frame.moveTop(place.center().y() - PICTURE.height() // 2)
        sample = index.data(Role.RECORD)
        file = sample.stored_file if isinstance(sample, SampleRecord) else None
        self._paint_picture(painter, frame, file)
        beside = place.adjusted(PICTURE.width() + theme.UNIT + theme.HALF, 0, 0, 0)
        super().paint_content(painter, beside, option, index)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        hint = super().sizeHint(option, index)
        return QSize(
            hint.width() + PICTURE.width(), max(hint.height(), PICTURE.height() + theme.UNIT)
        )

    def _paint_picture(self, painter: QPainter, frame: QRect, file: str | None) -> None:
        picture = self._thumbnails.find(file) if file else None
        has_paper = picture is not None and not picture.isNull()
        painter.setPen(theme.colour(Ground.BORDER))
        # Prepared images are ink on white: with white around them they have no edges.
        painter.setBrush(Qt.GlobalColor.white if has_paper else theme.colour(Ground.CANVAS))
        painter.drawRoundedRect(frame.adjusted(0, 0, -1, -1), theme.HALF, theme.HALF)
        if picture is not None and has_paper:
            shown = QRect(0, 0, *_scaled(picture.size(), frame.size() - QSize(2, 2)).toTuple())
            shown.moveCenter(frame.center())
            painter.drawPixmap(shown, picture)
        elif file is None or picture is not None:
            icon = QRect(0, 0, ICON, ICON)
            icon.moveCenter(frame.center())
            theme.icon("image", Tone.MUTED).paint(painter, icon)


def _scaled(size: QSize, room: QSize) -> QSize:
    """`size` made small enough for `room`, never enlarged."""
    if size.width() <= room.width() and size.height() <= room.height():
        return size
    return size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
